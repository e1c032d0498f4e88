/* Memory runs out while a lexicon is loaded and a sentence is written out. */
#include "scarce.h"

#include "base/hash.h"
#include "spoken/spoken.h"

static uint64_t mix(uint64_t digest, struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        digest = (digest ^ (unsigned char)s.data[i]) * 0x100000001B3u;
    return digest + s.len;
}

static enum status say(void *context, uint64_t *digest, struct problem *problem)
{
    const char *const *files = context;
    struct lexicon *lexicon = NULL;
    struct arena arena = {0};
    enum status status = lexicon_load(&lexicon, CRIER_SOURCE_DIR "/../voices/lexicon", "en-GB", files, 1, problem);
    if (status == STATUS_OK) {
        const struct spoken_context said = {.language = STR("en-GB"), .lexicon = lexicon, .phonemes = true};
        struct spoken spoken = spoken_form(
            &arena, STR("On 17/10/2025 Dr. Nguyen paid $1.5bn (about 3½ km²) to NATO, Zagreb, +44 20 7946 0958."), &said);
        *digest = mix(spoken.n_parts, spoken.words);
        *digest = mix(*digest, spoken_date(&arena, STR("2025-10-17"), STR("en-GB")));
        if (arena_failed(&arena))
            status = problem_no_memory(problem);
    }
    lexicon_free(lexicon);
    arena_release(&arena);
    return status;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    char lines[] = "/tmp/crier-scarce.XXXXXX", pls[] = "/tmp/crier-scarce.XXXXXX";
    if (mkstemp(lines) < 0 || mkstemp(pls) < 0)
        return 1;
    write_file(lines, "Zagreb = ZAH greb\nnatter jack = [[n'at@dZak]]\n");
    write_file(pls, "<?xml version=\"1.0\"?><lexicon version=\"1.0\" xmlns=\"http://www.w3.org/2005/01/pronunciation-lexicon\" "
                    "alphabet=\"ipa\" xml:lang=\"en\"><lexeme><grapheme>Zagreb</grapheme><phoneme>ˈzɑɡrɛb</phoneme></lexeme>"
                    "<lexeme><grapheme>km</grapheme><alias>kilometres</alias></lexeme></lexicon>");
    scarce_arguments(argc, argv);
    const char *files[] = {lines};
    scarce_each("lexicon of lines", say, files, 10);
    files[0] = pls;
    scarce_leaks = 3; /* libxml2's own */
    scarce_each("lexicon as PLS", say, files, 10);
    remove(lines);
    remove(pls);
    return 0;
}
