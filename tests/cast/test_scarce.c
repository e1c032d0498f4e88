/* Memory runs out while a cast is loaded and everybody gets a voice. */
#include "scarce.h"

#include "cast/cast.h"

#define FOLDER CRIER_SOURCE_DIR "/../voices"

static const char text[] = "Lights\n\n“We left,” said Klara Brandt. “So did we,” said Tom Roe.\n\n“Who knows?”\n\n"
                           "“It is so,” said Ann Lee, his sister. “Never,” said the ministry.\n";

static uint64_t mix(uint64_t digest, struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        digest = (digest ^ (unsigned char)s.data[i]) * 0x100000001B3u;
    return digest + s.len;
}

static enum status load(void *context, uint64_t *digest, struct problem *problem)
{
    const char *language = context;
    struct cast cast = {0};
    struct arena arena = {0};
    enum status status = cast_load(&cast, FOLDER, NULL, str_from(language), problem);
    if (status == STATUS_OK) {
        const struct voice *voices = cast_voices_for(&cast, str_from(language), &arena);
        *digest = mix(cast.n_voices, cast.title);
        for (size_t i = 0; voices && i < cast.n_voices; i++)
            *digest = mix(mix(*digest, voices[i].name), voices[i].model);
        if (!voices || arena_failed(&arena))
            status = problem_no_memory(problem);
    }
    cast_release(&cast);
    arena_release(&arena);
    return status;
}

static enum status list(void *context, uint64_t *digest, struct problem *problem)
{
    (void)context;
    struct arena arena = {0};
    struct str *names = NULL;
    size_t n = 0;
    enum status status = cast_list(&arena, FOLDER, &names, &n, problem);
    for (size_t i = 0; status == STATUS_OK && i < n; i++)
        *digest = mix(i ? *digest : n, names[i]);
    arena_release(&arena);
    return status;
}

static enum status give_voices(void *context, uint64_t *digest, struct problem *problem)
{
    const struct script *script = context;
    const struct voice_pin known[] = {{STR("Ann Lee"), STR("woman-3")}};
    const struct cast_memory memory = {known, 1};
    struct cast cast = {0};
    struct casting casting = {0};
    enum status status = cast_load(&cast, FOLDER, "english", STR("en"), problem);
    if (status == STATUS_OK)
        status = casting_make(&casting, &cast, script, &memory, problem);
    *digest = 1;
    for (size_t i = 0; status == STATUS_OK && i < script->n_segments; i++)
        *digest = mix(*digest, casting_voice(&casting, &script->segments[i])->name);
    casting_release(&casting);
    cast_release(&cast);
    return status;
}

int main(int argc, char **argv)
{
    scarce_arguments(argc, argv);
    scarce_each("a cast by language", load, "fr-CA", 10);
    scarce_each("list of casts", list, NULL, 10);
    struct article article;
    struct script script;
    if (article_parse(&article, str_from(text), "article.txt", NULL, NULL) != STATUS_OK ||
        script_make(&script, &article, NULL, NULL) != STATUS_OK)
        return 1;
    scarce_each("casting", give_voices, &script, 10);
    script_release(&script);
    article_release(&article);
    return 0;
}
