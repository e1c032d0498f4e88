/* Memory runs out in each part of a library: the state, the settings, a feed that is read, the feed and pages that are written.
 */
#include "scarce.h"

#include "base/buffer.h"
#include "library/deposit.h"
#include "library/episode.h"
#include "library/pages.h"
#include "library/settings.h"
#include "library/state.h"
#include "scratch.h"

static struct scratch scratch;

static uint64_t mix(uint64_t digest, struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        digest = (digest ^ (unsigned char)s.data[i]) * 0x100000001B3u;
    return digest + s.len;
}

static enum status each(void *context, const struct item *item, struct str json, struct problem *problem)
{
    (void)problem;
    uint64_t *digest = context;
    *digest = mix(mix(*digest, item->slug), json);
    return STATUS_OK;
}

static enum status keep_state(void *context, uint64_t *digest, struct problem *problem)
{
    (void)context;
    struct state *state = NULL;
    struct arena arena = {0};
    const struct item item = {.source = STR("a.txt"), .guid = STR("g"), .slug = STR("a"), .status = ITEM_MADE};
    const struct str json = STR("{}");
    struct item found;
    struct str *speakers, *voices, fact;
    size_t n = 0;
    bool known = false;
    const char *path = scratch_at(&scratch, "state.sqlite");
    enum status status = state_open(&state, path, problem);
    if (status == STATUS_OK)
        status = state_put(state, &item, &json, problem);
    if (status == STATUS_OK)
        status = state_find(state, item.source, &found, &known, &arena, problem);
    if (status == STATUS_OK)
        status = state_remember_voice(state, STR("Ann Lee"), STR("woman-1"), 1, problem);
    if (status == STATUS_OK)
        status = state_known_voices(state, &speakers, &voices, &n, &arena, problem);
    if (status == STATUS_OK)
        status = state_set_fact(state, "guid", STR("x"), problem);
    if (status == STATUS_OK)
        status = state_get_fact(state, "guid", &fact, &arena, problem);
    *digest = n + known;
    if (status == STATUS_OK)
        status = state_each(state, ITEM_MADE, each, digest, problem);
    state_close(state);
    arena_release(&arena);
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < 4; i++) {
        char name[64];
        snprintf(name, sizeof name, "state.sqlite%s", endings[i]);
        unlink(scratch_at(&scratch, name));
    }
    return status;
}

static enum status read_settings(void *context, uint64_t *digest, struct problem *problem)
{
    (void)context;
    struct library_settings settings;
    struct arena arena = {0};
    enum status status = library_settings_read(&settings, scratch.path, &arena, problem);
    if (status == STATUS_OK)
        *digest = mix(mix(1, str_from(settings.title)), str_from(settings.cast)) + (uint64_t)settings.keep_days;
    arena_release(&arena);
    return status;
}

static const struct episode_chapter chapters[] = {{STR("One & <two>"), 0, 1000}};
static const struct episode_speaker speakers[] = {{STR("Ann Lee"), STR("woman-1"), "female"}};
static const struct episode_word words[] = {{0, 2, 100}, {3, 5, 200}};
static const struct episode_line lines[] = {{LINE_QUOTE, true, 0, STR("It is so."), 0, 900, words, 2}};
static const struct episode episode = {.guid = STR("g"),
                                       .slug = STR("a"),
                                       .title = STR("A title"),
                                       .byline = STR("Ann"),
                                       .language = STR("en"),
                                       .site = STR(""),
                                       .url = STR("https://www.example.org/"),
                                       .summary = STR("It is so."),
                                       .duration_ms = 1000,
                                       .bytes = 5000,
                                       .chapters = chapters,
                                       .n_chapters = 1,
                                       .speakers = speakers,
                                       .n_speakers = 1,
                                       .lines = lines,
                                       .n_lines = 1};

static enum status keep_episode(void *context, uint64_t *digest, struct problem *problem)
{
    (void)context;
    struct buffer json = {0};
    struct arena arena = {0};
    struct episode again;
    enum status status = episode_write_json(&episode, &json);
    if (status == STATUS_OK)
        status = episode_read_json(&again, buffer_view(&json), &arena);
    if (status == STATUS_OK)
        *digest = mix(mix(again.n_lines + again.n_chapters + again.lines[0].n_words, buffer_view(&json)), again.lines[0].text);
    buffer_release(&json);
    arena_release(&arena);
    return status == STATUS_OK ? status : problem_set(problem, status, NULL, 0, "the episode cannot be kept");
}

static enum status write_page(void *context, uint64_t *digest, struct problem *problem)
{
    const struct library_settings *settings = context;
    struct buffer out = {0};
    enum status status = page_write(&out, settings, &episode, 5000, problem);
    *digest = mix(1, buffer_view(&out));
    buffer_release(&out);
    return status;
}

static enum status put_article(void *context, uint64_t *digest, struct problem *problem)
{
    struct state *state = context;
    const struct deposit what = {.url = STR("https://www.example.org/a"),
                                 .slug = STR("a"),
                                 .ending = ".txt",
                                 .bytes = STR("A title\n\nWords.\n"),
                                 .etag = STR(""),
                                 .modified = STR("")};
    struct arena arena = {0};
    struct str file;
    enum deposit_result result;
    enum status status = deposit(&what, state, scratch.path, &result, &file, &arena, problem);
    if (status == STATUS_OK)
        *digest = mix(1, file);
    arena_release(&arena);
    return status;
}

int main(int argc, char **argv)
{
    scarce_arguments(argc, argv);
    scratch_make(&scratch);
    scratch_write(&scratch, "crier.ini",
                  "[show]\ntitle = A show\nurl = https://www.example.org/\n[edition]\ncast = british\n[keep]\ndays = 30\n");
    scarce_each("settings", read_settings, NULL, 10);
    scarce_each("state", keep_state, NULL, 25); /* SQLite gets over what it only wanted to keep */
    scarce_each("episode", keep_episode, NULL, 10);
    struct library_settings settings;
    struct arena arena = {0};
    if (library_settings_read(&settings, scratch.path, &arena, NULL) != STATUS_OK)
        return 1;
    scarce_each("page", write_page, &settings, 10);
    arena_release(&arena);
    struct state *state = NULL;
    if (state_open(&state, scratch_at(&scratch, "state.sqlite"), NULL) != STATUS_OK)
        return 1;
    scarce_each("an article into the inbox", put_article, state, 25);
    state_close(state);
    scratch_remove(&scratch);
    return 0;
}
