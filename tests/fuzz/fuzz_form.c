/* The editable script: refused with a line, or a script that holds together and survives being written and read again. */
#include "pipeline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct script script;
    struct article article;
    struct problem problem = {0};
    struct buffer text = {0};
    if (size && data[0] != 'c') /* most inputs should get past the first line */
        buffer_c_string(&text, "crier script 1\n");
    buffer_append(&text, data, size);
    const struct script_options options = {.lexicon = fuzz_lexicon()};
    enum status status = script_read_text(&script, &article, buffer_view(&text), "fuzz", &options, &problem);
    fuzz_check_problem(status, &problem);
    if (status == STATUS_OK) {
        fuzz_check_script(&script);
        fuzz_check_json(&script, NULL, NULL);
        fuzz_check_round_trip(&script, fuzz_pinned);
        fuzz_check_programme(&script);
        size_t total = article.arena.total + script.arena.total;
        fuzz_require(total <= FUZZ_ARENA_BASE + FUZZ_ARENA_FACTOR * text.len, "%zu bytes of memory for %zu", total, text.len);
        script_release(&script);
        article_release(&article);
    } else {
        fuzz_require(status == STATUS_BAD_DATA, "status %d: %s", (int)status, problem.text);
    }
    buffer_release(&text);
    return 0;
}
