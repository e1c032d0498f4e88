#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "library/follow.h"
#include "library/inbox.h"
#include "library/library.h"
#include "library/lock.h"
#include "library/names.h"
#include "library/publish.h"
#include "library/settings.h"
#include "library/state.h"

/* What a run works with; the order of work is: read the feeds, read the inbox, record what is new or changed (each one's files
 * first, then its row in the state), retire what [keep] lets go, publish, remove the files of the retired. A run that is killed
 * anywhere leaves a state from which the next one goes on. */
struct batch {
    const struct library_run *run;
    struct library_report *report;
    struct library_settings settings;
    struct arena arena;
    struct state *state;
    int lock;
    int64_t now_s;
    int64_t until_ms; /* clock_ms(); 0: no limit */
    char settings_hash[HASH_HEX_SIZE];
    enum status first_failure;
    bool publish;     /* something changed */
    bool inbox_known; /* it was read, and there is something in it */
};

static void say(const struct batch *batch, char level, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void say(const struct batch *batch, char level, const char *format, ...)
{
    char words[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    batch->run->say(batch->run->say_context, level, words);
}

/* Everything outside the articles that changes an edition's sound or tags. */
static enum status hash_settings(struct batch *batch, struct problem *problem)
{
    const struct library_settings *settings = &batch->settings;
    const char *const texts[] = {settings->title, settings->author, settings->cast,  settings->lexicon,  settings->intro,
                                 settings->outro, settings->chime,  settings->cover, settings->announce, batch->run->sound_id};
    struct hash hash;
    if (hash_init(&hash) != STATUS_OK)
        return problem_no_memory(problem);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        hash_field(&hash, str_from(texts[i]));
    for (int kind = 0; kind < ANNOUNCEMENT_COUNT; kind++) {
        struct str text = settings->announcements.texts[kind];
        hash_number(&hash, text.data != NULL);
        hash_field(&hash, text);
    }
    hash_real(&hash, settings->loudness_lufs);
    hash_number(&hash, settings->bitrate_kbps);
    hash_hex(&hash, batch->settings_hash);
    hash_release(&hash);
    return STATUS_OK;
}

/* ---- files in public/ ------------------------------------------------------------------------------------------------ */

static const char *const episode_endings[] = {".mp3", ".html", ".chapters.json", ".vtt", ".srt"};

static void remove_episode_files(const struct batch *batch, struct str slug, struct arena *arena)
{
    for (size_t i = 0; i < sizeof episode_endings / sizeof *episode_endings; i++) {
        const char *path =
            arena_format(arena, "%s/public/episodes/%.*s%s", batch->run->path, STR_ARG(slug), episode_endings[i]).data;
        if (*path && unlink(path) != 0 && errno != ENOENT)
            say(batch, 'W', "'%s' cannot be removed: %s", path, strerrordesc_np(errno));
    }
}

/* ".NAME.PID-N.tmp", as draft.h names them; hidden files of other programs that bring articles are none. */
static bool is_draft(struct str name)
{
    static const char digits[] = "0123456789";
    if (!str_starts(name, STR(".")) || !str_ends(name, STR(".tmp")))
        return false;
    size_t at = name.len - 4, end = at;
    while (at > 1 && memchr(digits, name.data[at - 1], 10))
        at--;
    if (at == end || name.data[at - 1] != '-')
        return false;
    end = --at;
    while (at > 1 && memchr(digits, name.data[at - 1], 10))
        at--;
    return at < end && name.data[at - 1] == '.';
}

/* Drafts of a run that was killed, in the folder and in those in it. No other run can be at work on them, for we hold the lock.
 */
static void remove_stale_drafts(const struct batch *batch, const char *folder, struct arena *arena)
{
    DIR *dir = opendir(folder);
    struct dirent *found;
    while (dir && (found = readdir(dir))) {
        bool draft = is_draft(str_from(found->d_name));
        if (!draft && (*found->d_name == '.' || (found->d_type != DT_DIR && found->d_type != DT_UNKNOWN)))
            continue;
        const char *path = arena_format(arena, "%s/%s", folder, found->d_name).data;
        struct stat known;
        if (draft && *path && unlink(path) == 0)
            say(batch, 'I', "'%s', left by a run that was cut off, is removed", path);
        else if (!draft && *path && lstat(path, &known) == 0 && S_ISDIR(known.st_mode)) /* never through a link */
            remove_stale_drafts(batch, path, arena);
    }
    if (dir)
        closedir(dir);
}

/* ---- one article --------------------------------------------------------------------------------------------------- */

/* Voices heard in the edition that is being made; they go into the state together with it. */
struct heard {
    struct arena *arena;
    struct str *pairs; /* speaker, voice, speaker, voice ... */
    size_t n, capacity;
};

static void remember(void *context, struct str speaker, struct str voice)
{
    struct heard *heard = context;
    const struct str pair[] = {speaker, voice};
    for (size_t i = 0; i < 2; i++) {
        struct str *kept = arena_push(heard->arena, (void **)&heard->pairs, &heard->n, &heard->capacity, sizeof *kept);
        if (!kept)
            return;
        *kept = arena_copy(heard->arena, pair[i]);
    }
}

/* The slug that an item keeps for ever: from its title, with a number where others have it. */
static struct str choose_slug(struct batch *batch, struct str title, struct str source, struct arena *arena)
{
    struct str base = slug_from_title(arena, title), slug = base;
    for (int i = 2; state_slug_taken(batch->state, slug, source) && !arena_failed(arena); i++)
        slug = arena_format(arena, "%.*s-%d", STR_ARG(base), i);
    return slug;
}

/* Outlives a run that is cut off before it publishes. */
static enum status mark_unpublished(struct batch *batch, struct problem *problem)
{
    if (batch->publish)
        return STATUS_OK;
    batch->publish = true;
    return state_set_fact(batch->state, "published", (struct str){"", 0}, problem);
}

/* One transaction: a run that is cut off leaves all of it or nothing. */
static enum status save_all(struct batch *batch, const struct item *item, struct str json, const struct heard *heard,
                            struct problem *problem)
{
    enum status status = state_begin(batch->state, problem);
    if (status == STATUS_OK)
        status = mark_unpublished(batch, problem);
    if (status == STATUS_OK)
        status = state_put(batch->state, item, &json, problem);
    for (size_t i = 0; status == STATUS_OK && i + 1 < heard->n; i += 2)
        status = state_remember_voice(batch->state, heard->pairs[i], heard->pairs[i + 1], batch->now_s, problem);
    if (status == STATUS_OK)
        status = state_commit(batch->state, problem);
    if (status != STATUS_OK)
        state_rollback(batch->state);
    return status;
}

static enum status save_episode(struct batch *batch, struct item *item, struct episode *episode, const struct heard *heard,
                                struct problem *problem)
{
    struct buffer json = {0};
    const struct item before = *item;
    episode->guid = item->guid;
    episode->slug = item->slug;
    episode->first_seen_s = item->first_seen_s;
    episode->last_made_s = item->last_made_s = batch->now_s;
    if (!episode->published_s)
        episode->published_s = item->first_seen_s;
    item->published_s = episode->published_s;
    item->status = ITEM_MADE;
    item->failure = (struct str){"", 0};
    enum status status = episode_write_json(episode, &json);
    if (status != STATUS_OK)
        problem_set(problem, status, item->source.data, 0, "the transcript cannot be kept");
    else
        status = save_all(batch, item, buffer_view(&json), heard, problem);
    if (status != STATUS_OK)
        *item = before;
    buffer_release(&json);
    return status;
}

/* Records under a name of its own first: the slug comes from the title, which is known only afterwards. */
static enum status record_entry(struct batch *batch, const struct inbox_entry *entry, struct item *item, struct str content,
                                struct arena *arena, struct problem *problem)
{
    struct str *speakers, *voices;
    struct heard heard = {.arena = arena};
    struct library_order order = {.settings = &batch->settings,
                                  .inputs = entry->files,
                                  .n_inputs = entry->n_files,
                                  .remember = remember,
                                  .library = &heard};
    enum status passed_over = STATUS_OK;
    order.passed_over = &passed_over;
    bool alone = !strchr(entry->files[0] + strlen(batch->run->path) + strlen("/inbox/"), '/');
    order.title = alone ? NULL : entry->source.data;
    enum status status = state_known_voices(batch->state, &speakers, &voices, &order.n_known, arena, problem);
    order.known_speakers = speakers;
    order.known_voices = voices;
    struct str guess = item->slug;
    if (!guess.len) {
        struct str stem = entry->source;
        for (size_t i = stem.len; order.title == NULL && i-- > 1;)
            if (stem.data[i] == '.') {
                stem.len = i;
                break;
            }
        guess = choose_slug(batch, stem, entry->source, arena);
    }
    order.output = arena_format(arena, "%s/public/episodes/%.*s.mp3", batch->run->path, STR_ARG(guess)).data;
    item->slug = guess;
    if (status == STATUS_OK && arena_failed(arena))
        status = problem_no_memory(problem);
    struct episode episode = {0};
    if (status == STATUS_OK)
        status = batch->run->record(batch->run->record_context, &order, &episode, arena, problem);
    if (status != STATUS_OK)
        return status;
    if (batch->first_failure == STATUS_OK)
        batch->first_failure = passed_over;
    item->content = content;
    return save_episode(batch, item, &episode, &heard, problem);
}

static enum status note_failure(struct batch *batch, struct item *item, const struct problem *why, struct problem *problem)
{
    bool told = item->status == ITEM_FAILED && str_eq_c(item->failure, why->text);
    batch->report->failed++;
    if (batch->first_failure == STATUS_OK)
        batch->first_failure = why->status;
    if (!told) {
        if (why->line)
            say(batch, 'E', "'%s' line %zu: %s", why->path[0] ? why->path : item->source.data, why->line, why->text);
        else
            say(batch, 'E', "'%s': %s", why->path[0] ? why->path : item->source.data, why->text);
    }
    /* An edition that was made before stays published; only an article that never was becomes a failed one. */
    if (item->status != ITEM_MADE)
        item->status = ITEM_FAILED;
    item->failure = str_from(why->text);
    return state_put(batch->state, item, NULL, problem);
}

/* A failure that lies in the article (not in the machine) is not tried again until the article changes. */
static bool lasting(enum status status)
{
    return status == STATUS_BAD_DATA || status == STATUS_USAGE;
}

/* Whether what was made is still there; somebody may have taken it away. */
static bool still_there(const struct batch *batch, const struct item *item, struct arena *arena)
{
    return item->status != ITEM_MADE ||
           access(arena_format(arena, "%s/public/episodes/%.*s.mp3", batch->run->path, STR_ARG(item->slug)).data, F_OK) == 0;
}

static enum status do_entry(struct batch *batch, const struct inbox_entry *entry, struct problem *problem)
{
    struct arena arena = {0};
    struct item item = {0};
    bool known = false;
    struct str content = {"", 0};
    enum status status = state_find(batch->state, entry->source, &item, &known, &arena, problem);
    struct str stamp = arena_format(&arena, "%.*s-%s", STR_ARG(entry->stamp), batch->settings_hash);
    bool there = !known || still_there(batch, &item, &arena);
    if (status != STATUS_OK || (known && there && str_eq(stamp, item.stamp))) {
        batch->report->unchanged++;
        arena_release(&arena);
        return status;
    }
    struct problem why = {0};
    status = inbox_hash(entry, &content, &arena, &why);
    if (!known) {
        /* From the article alone: where the state was lost, an unchanged article keeps its guid and no app plays it twice. */
        char guid[UUID_SIZE];
        uuid_v5("6ba7b811-9dad-11d1-80b4-00c04fd430c8",
                arena_format(&arena, "crier:%.*s:%.*s", STR_ARG(entry->source), STR_ARG(content)), guid);
        item = (struct item){.source = entry->source,
                             .guid = arena_copy(&arena, str_from(guid)),
                             .first_seen_s = batch->now_s,
                             .published_s = batch->now_s};
    }
    content = arena_format(&arena, "%.*s-%s", STR_ARG(content), batch->settings_hash);
    bool same = known && there && str_eq(content, item.content);
    item.stamp = stamp;
    if (status == STATUS_OK && same) {
        batch->report->unchanged++;
        status = state_put(batch->state, &item, NULL, problem);
        arena_release(&arena);
        return status;
    }
    if (status == STATUS_OK)
        status = record_entry(batch, entry, &item, content, &arena, &why);
    if (status == STATUS_OK) {
        batch->report->made++;
        say(batch, 'I', "'%.*s' is episode %.*s", STR_ARG(entry->source), STR_ARG(item.slug));
    } else if (status != STATUS_INTERRUPTED && status != STATUS_NO_MEMORY) {
        item.content = lasting(status) ? content : (struct str){"", 0};
        if (!lasting(status))
            item.stamp = (struct str){"", 0};
        status = note_failure(batch, &item, &why, problem);
    } else if (problem) {
        *problem = why;
    }
    arena_release(&arena);
    return status;
}

static bool time_is_up(const struct batch *batch)
{
    return batch->until_ms && clock_ms() >= batch->until_ms;
}

static enum status do_inbox(struct batch *batch, struct problem *problem)
{
    struct inbox inbox;
    enum status status = inbox_read(&inbox, batch->run->path, &batch->arena, problem);
    if (status != STATUS_OK)
        return status;
    batch->inbox_known = inbox.n_entries > 0;
    for (size_t i = 0; i < inbox.n_refused; i++)
        say(batch, 'W', "%.*s", STR_ARG(inbox.refused[i]));
    for (size_t i = 0; status == STATUS_OK && i < inbox.n_entries; i++) {
        bool stopped = batch->run->stop && *batch->run->stop;
        if (stopped || time_is_up(batch)) {
            batch->report->left = inbox.n_entries - i;
            return stopped ? STATUS_INTERRUPTED : STATUS_OK;
        }
        status = do_entry(batch, &inbox.entries[i], problem);
    }
    return status;
}

/* What the followed feeds have that is new comes into the inbox. */
static enum status do_feeds(struct batch *batch, struct problem *problem)
{
    int inbox;
    if (library_lock_inbox(&inbox, batch->run->path, NULL) == STATUS_OK) {
        remove_stale_drafts(batch, arena_format(&batch->arena, "%s/inbox", batch->run->path).data, &batch->arena);
        close(inbox);
    }
    struct intake intake = {.run = batch->run,
                            .settings = batch->settings,
                            .limits = intake_limits(&batch->settings, batch->run, &batch->arena),
                            .state = batch->state,
                            .now_s = batch->now_s,
                            .until_ms = batch->until_ms};
    return arena_failed(&batch->arena) ? problem_no_memory(problem) : follow_read_all(&intake, problem);
}

/* ---- [keep] ---------------------------------------------------------------------------------------------------------- */

struct retiring {
    struct batch *batch;
    size_t seen;
    struct item *items;
    size_t n, capacity;
};

/* Taken out of the inbox by somebody who asked for its episode to go then. An empty inbox is rather a disk that is not there. */
static bool is_taken_away(const struct batch *batch, struct str source)
{
    struct arena arena = {0};
    const char *path = arena_format(&arena, "%s/inbox/%.*s", batch->run->path, STR_ARG(source)).data;
    bool away = !batch->settings.keep_removed && batch->inbox_known && *path && access(path, F_OK) != 0 && errno == ENOENT;
    arena_release(&arena);
    return away;
}

static enum status consider(void *context, const struct item *item, struct str json, struct problem *problem)
{
    (void)json;
    struct retiring *retiring = context;
    struct batch *batch = retiring->batch;
    const struct library_settings *settings = &batch->settings;
    retiring->seen++;
    bool too_many = settings->keep_episodes && retiring->seen > (size_t)settings->keep_episodes;
    bool too_old = settings->keep_days && item->first_seen_s < batch->now_s - (int64_t)settings->keep_days * 86400;
    bool away = is_taken_away(batch, item->source);
    if (!too_many && !too_old && !away)
        return STATUS_OK;
    struct item *kept = arena_push(&batch->arena, (void **)&retiring->items, &retiring->n, &retiring->capacity, sizeof *kept);
    if (!kept)
        return problem_no_memory(problem);
    *kept = *item;
    kept->source = arena_copy(&batch->arena, item->source);
    /* One that was taken away and comes back is made again. */
    kept->stamp = away ? (struct str){"", 0} : arena_copy(&batch->arena, item->stamp);
    kept->content = away ? (struct str){"", 0} : arena_copy(&batch->arena, item->content);
    kept->guid = arena_copy(&batch->arena, item->guid);
    kept->slug = arena_copy(&batch->arena, item->slug);
    kept->failure = arena_copy(&batch->arena, item->failure);
    return STATUS_OK;
}

static enum status retire(struct batch *batch, struct retiring *retiring, struct problem *problem)
{
    enum status status = state_each(batch->state, ITEM_MADE, consider, retiring, problem);
    if (status != STATUS_OK || !retiring->n)
        return status;
    status = state_begin(batch->state, problem);
    if (status == STATUS_OK)
        status = mark_unpublished(batch, problem);
    for (size_t i = 0; status == STATUS_OK && i < retiring->n; i++) {
        retiring->items[i].status = ITEM_RETIRED;
        status = state_put(batch->state, &retiring->items[i], NULL, problem);
        say(batch, 'I', "episode %.*s is let go by [keep]", STR_ARG(retiring->items[i].slug));
    }
    if (status == STATUS_OK)
        status = state_commit(batch->state, problem);
    if (status != STATUS_OK)
        state_rollback(batch->state);
    else
        batch->report->removed = retiring->n;
    return status;
}

/* ---- the run ------------------------------------------------------------------------------------------------------------ */

static enum status batch_open(struct batch *batch, struct problem *problem)
{
    const char *library = batch->run->path;
    enum status status = library_lock(&batch->lock, library, problem);
    if (status == STATUS_OK)
        status = library_settings_read(&batch->settings, library, &batch->arena, problem);
    if (status == STATUS_OK)
        status = hash_settings(batch, problem);
    const char *state = arena_format(&batch->arena, "%s/state.sqlite", library).data;
    if (status == STATUS_OK)
        status = state_open(&batch->state, state, problem);
    if (status == STATUS_OK)
        status = file_make_folders(arena_format(&batch->arena, "%s/public/episodes", library).data, problem);
    batch->now_s = (int64_t)time(NULL);
    if (batch->run->max_minutes > 0)
        batch->until_ms = clock_ms() + (int64_t)(batch->run->max_minutes * 60000);
    return status;
}

static void batch_close(struct batch *batch)
{
    state_close(batch->state);
    if (batch->lock >= 0)
        close(batch->lock);
    arena_release(&batch->arena);
}

static enum status remove_retired(void *context, const struct item *item, struct str json, struct problem *problem)
{
    (void)json;
    (void)problem;
    const struct batch *batch = context;
    struct arena arena = {0};
    remove_episode_files(batch, item->slug, &arena);
    arena_release(&arena);
    return STATUS_OK;
}

static enum status publish_all(struct batch *batch, struct problem *problem)
{
    struct problem cover = {0};
    enum status status = publish_library(batch->state, &batch->settings, batch->run->path, &cover, problem);
    if (status == STATUS_OK && cover.status != STATUS_OK)
        say(batch, 'W', "'%s' cannot be the cover: %s; the one before or a drawn one stands in for it", batch->settings.cover,
            cover.text);
    return status;
}

/* Feed and pages first, then the files that they no longer name. */
static enum status publish_if_needed(struct batch *batch, struct problem *problem)
{
    struct str published;
    enum status status = state_get_fact(batch->state, "published", &published, &batch->arena, problem);
    if (status != STATUS_OK || (!batch->publish && str_eq_c(published, batch->settings_hash)))
        return status;
    status = publish_all(batch, problem);
    if (status == STATUS_OK)
        status = state_each(batch->state, ITEM_RETIRED, remove_retired, batch, problem);
    if (status == STATUS_OK)
        status = state_set_fact(batch->state, "published", str_from(batch->settings_hash), problem);
    return status;
}

enum status library_batch(const struct library_run *run, struct library_report *report, struct problem *problem)
{
    struct batch batch = {.run = run, .report = report, .lock = -1};
    *report = (struct library_report){0};
    struct retiring retiring = {.batch = &batch};
    enum status status = batch_open(&batch, problem);
    if (status == STATUS_OK) {
        remove_stale_drafts(&batch, arena_format(&batch.arena, "%s/public", run->path).data, &batch.arena);
        status = do_feeds(&batch, problem);
        if (status == STATUS_OK)
            status = do_inbox(&batch, problem);
    }
    /* What was made before an interruption is published all the same. */
    bool interrupted = status == STATUS_INTERRUPTED;
    if (status == STATUS_OK || interrupted)
        status = retire(&batch, &retiring, problem);
    if (status == STATUS_OK)
        status = publish_if_needed(&batch, problem);
    if (status == STATUS_OK)
        status = interrupted ? STATUS_INTERRUPTED : batch.first_failure;
    batch_close(&batch);
    return status;
}

enum status library_publish(const struct library_run *run, struct problem *problem)
{
    struct library_report report = {0};
    struct batch batch = {.run = run, .report = &report, .lock = -1};
    enum status status = batch_open(&batch, problem);
    if (status == STATUS_OK)
        status = publish_all(&batch, problem);
    batch_close(&batch);
    return status;
}
