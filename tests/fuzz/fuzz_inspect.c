/* The reader of MP3 files and their tags. */
#include "fuzz.h"

#include <jansson.h>

#include "edition/inspect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_file file = fuzz_file_make(data, size);
    struct inspection inspection;
    struct problem problem = {0};
    enum status status = inspection_read(&inspection, file.path, false, &problem);
    fuzz_check_problem(status, &problem);
    if (status == STATUS_OK) {
        fuzz_require(inspection.bytes == size && inspection.id3_bytes <= size && inspection.cover_bytes <= size, "sizes");
        for (size_t i = 0; i < inspection.n_tags; i++)
            fuzz_require(utf8_valid_length(inspection.tags[i].value) == inspection.tags[i].value.len, "a tag is no UTF-8");
        for (size_t i = 0; i < inspection.n_chapters; i++)
            fuzz_require(utf8_valid_length(inspection.chapters[i].title) == inspection.chapters[i].title.len &&
                             utf8_valid_length(inspection.chapters[i].id) == inspection.chapters[i].id.len,
                         "a chapter's title is no UTF-8");
        for (size_t i = 0; i < inspection.n_breaches; i++)
            fuzz_require(inspection.breaches[i].len, "a breach without words");
        fuzz_require(inspection.arena.total <= ((size_t)1 << 20) + 100 * size, "%zu bytes of memory for %zu of input",
                     inspection.arena.total, size);
        struct buffer out = {0};
        fuzz_require(inspection_write_json(&inspection, &out) == STATUS_OK, "no JSON");
        json_t *json = json_loadb(out.data, out.len, 0, NULL);
        fuzz_require(json, "JSON that nobody reads");
        json_decref(json);
        buffer_release(&out);
        inspection_release(&inspection);
    } else {
        fuzz_require(status == STATUS_BAD_DATA, "status %d: %s", (int)status, problem.text);
    }
    close(file.fd);
    return 0;
}
