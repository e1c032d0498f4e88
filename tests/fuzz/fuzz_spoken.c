/* The normaliser: the first byte chooses the language and the voice's abilities, the rest is one sentence. Block text is valid
 * UTF-8 without control characters; what is not is cut off, as no caller gives it. */
#include "pipeline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const languages[] = {"en", "en-GB", "en-US", "de", "fr-CA", "zh", "", "x"};
    if (!size)
        return 0;
    struct str text = fuzz_str(data + 1, size - 1);
    text.len = utf8_valid_length(text);
    for (size_t at = 0; at < text.len; at++)
        if ((unsigned char)text.data[at] < 0x20 || text.data[at] == 0x7F)
            text.len = at;
    struct arena arena = {0};
    struct str copy = arena_copy(&arena, text);
    const struct spoken_context context = {.language = str_from(languages[data[0] % 8]),
                                           .lexicon = data[0] & 8 ? fuzz_lexicon() : NULL,
                                           .heading = data[0] & 16,
                                           .phonemes = data[0] & 32};
    struct spoken spoken = spoken_form(&arena, copy, &context), again = spoken_form(&arena, copy, &context);
    fuzz_require(!arena_failed(&arena), "out of memory");
    fuzz_check_spoken(&spoken, copy);
    fuzz_require(str_eq(spoken.words, again.words) && spoken.n_parts == again.n_parts, "not the same words twice");
    fuzz_require(arena.total <= FUZZ_ARENA_BASE + FUZZ_ARENA_FACTOR * size, "%zu bytes of memory for %zu", arena.total, size);
    /* a word is never dropped: letters and digits in, letters out */
    bool latin = false;
    for (size_t at = 0; at < copy.len; at++)
        latin |= (copy.data[at] >= 'a' && copy.data[at] <= 'z') || (copy.data[at] >= '0' && copy.data[at] <= '9');
    if (latin)
        fuzz_require(text_has_word(spoken.words, 0, spoken.words.len), "a sentence that says nothing");
    arena_release(&arena);
    return 0;
}
