/* A pronunciation lexicon, lines or PLS: refused with a line, or used on a text made of its own words. */
#include "pipeline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_file file = fuzz_file_make(data, size);
    const char *files[] = {file.path};
    struct lexicon *lexicon = NULL;
    struct problem problem = {0};
    enum status status = lexicon_load(&lexicon, NULL, "en-GB", files, 1, &problem);
    fuzz_check_problem(status, &problem);
    fuzz_require((status == STATUS_OK) == (lexicon != NULL), "status and lexicon disagree");
    if (lexicon) {
        struct arena arena = {0};
        struct buffer words = {0};
        for (size_t i = 0; i < size && words.len < 4096; i++) { /* the file itself, with its signs as spaces, is a sentence */
            bool sign = data[i] < 0x20 || data[i] == 0x7F || strchr("=<>[]#\"", data[i]);
            buffer_byte(&words, sign ? ' ' : (char)data[i]);
        }
        struct str text = buffer_view(&words);
        text.len = utf8_valid_length(text);
        for (int phonemes = 0; phonemes < 2; phonemes++) {
            const struct spoken_context context = {.language = STR("en-GB"), .lexicon = lexicon, .phonemes = phonemes};
            struct str copy = arena_copy(&arena, text);
            struct spoken spoken = spoken_form(&arena, copy, &context);
            fuzz_check_spoken(&spoken, copy);
            if (!phonemes)
                fuzz_require(str_find(spoken.words, STR("[["), 0) == SIZE_MAX, "phonemes for an engine that takes none");
        }
        buffer_release(&words);
        arena_release(&arena);
    }
    lexicon_free(lexicon);
    close(file.fd);
    return 0;
}
