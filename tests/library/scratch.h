/* A library in a scratch folder, and a record function that makes files like those of an edition without any sound. */
#ifndef CRIER_TESTS_LIBRARY_SCRATCH_H
#define CRIER_TESTS_LIBRARY_SCRATCH_H

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/draft.h"
#include "base/file.h"
#include "library/library.h"
#include "test.h"

/* What fontconfig keeps for the life of a process is no leak of ours. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libpango\nleak:libglib\n";
}

struct scratch {
    char path[64];
};

static inline void scratch_make(struct scratch *scratch)
{
    strncpy(scratch->path, "/tmp/crier-library-XXXXXX", sizeof scratch->path);
    assert_non_null(mkdtemp(scratch->path));
}

static inline int scratch_remove_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about;
    (void)kind;
    (void)at;
    return remove(path);
}

static inline void scratch_remove(struct scratch *scratch)
{
    assert_int_equal(nftw(scratch->path, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* LIBRARY/name; the answer is good until the next four calls. */
static inline const char *scratch_at(const struct scratch *scratch, const char *name)
{
    static char paths[4][PATH_MAX];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, PATH_MAX, "%s/%s", scratch->path, name);
    return path;
}

static inline void scratch_write(const struct scratch *scratch, const char *name, const char *text)
{
    const char *path = scratch_at(scratch, name);
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    assert_int_equal(file_make_folders(folder, NULL), STATUS_OK);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static inline bool scratch_has(const struct scratch *scratch, const char *name)
{
    return access(scratch_at(scratch, name), F_OK) == 0;
}

/* Free the buffer with buffer_release. */
static inline struct buffer scratch_read(const struct scratch *scratch, const char *name)
{
    struct buffer text = {0};
    struct problem problem = {0};
    if (file_read(scratch_at(scratch, name), 64 << 20, &text, &problem) != STATUS_OK)
        fail_msg("%s: %s", name, problem.text);
    return text;
}

static inline bool scratch_contains(const struct scratch *scratch, const char *name, const char *words)
{
    struct buffer text = scratch_read(scratch, name);
    bool found = text.data && strstr(text.data, words);
    buffer_release(&text);
    return found;
}

/* ---- recording without sound ------------------------------------------------------------------------------------------ */

struct fake {
    int calls;
    const char *last_input;
    char last_title[256];
    size_t last_known;
    volatile sig_atomic_t *stop_after; /* set when stop_at calls were made */
    int stop_at;
    int64_t published_s; /* given to every episode; 0: none */
    char said[8192];
    int n_errors;
    bool slow; /* a second for each article */
};

static inline void fake_say(void *context, char level, const char *words)
{
    struct fake *fake = context;
    size_t len = strlen(fake->said);
    snprintf(fake->said + len, sizeof fake->said - len, "%c %s\n", level, words);
    fake->n_errors += level == 'E';
}

static inline void fake_file(const char *mp3, const char *ending, struct str content)
{
    char path[PATH_MAX];
    struct draft draft;
    snprintf(path, sizeof path, "%.*s%s", (int)(strlen(mp3) - 4), mp3, ending);
    assert_int_equal(draft_open(&draft, path, NULL), STATUS_OK);
    assert_int_equal(draft_write(&draft, content.data, content.len, NULL), STATUS_OK);
    assert_int_equal(draft_finish(&draft, NULL), STATUS_OK);
}

/* The first line is the title, all of it the sound. "BAD" in it: not usable; "ENGINE": the engine is missing. */
static inline enum status fake_record(void *context, const struct library_order *order, struct episode *episode,
                                      struct arena *arena, struct problem *problem)
{
    struct fake *fake = context;
    struct buffer text = {0};
    fake->calls++;
    fake->last_known = order->n_known;
    if (fake->slow)
        nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 10000000}, NULL);
    for (size_t i = 0; i < order->n_inputs; i++) {
        struct buffer one = {0};
        assert_int_equal(file_read(order->inputs[i], 1 << 20, &one, NULL), STATUS_OK);
        buffer_str(&text, buffer_view(&one));
        buffer_release(&one);
    }
    if (fake->stop_after && fake->calls >= fake->stop_at)
        *fake->stop_after = SIGTERM;
    enum status status = STATUS_OK;
    if (strstr(text.data, "BAD"))
        status = problem_set(problem, STATUS_BAD_DATA, order->inputs[0], 0, "no article in it");
    else if (strstr(text.data, "ENGINE"))
        status = problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "no engine");
    if (status != STATUS_OK) {
        buffer_release(&text);
        return status;
    }
    struct str all = arena_copy(arena, buffer_view(&text)), rest = all, title = {"", 0};
    buffer_release(&text);
    str_next(&rest, '\n', &title);
    episode->title = order->title ? arena_copy(arena, str_from(order->title)) : title;
    snprintf(fake->last_title, sizeof fake->last_title, "%.*s", STR_ARG(episode->title));
    episode->language = STR("en");
    episode->summary = str_trim(rest);
    episode->published_s = fake->published_s;
    episode->duration_ms = 61499;
    episode->bytes = all.len;
    memcpy(episode->sha256, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", 65);
    struct episode_chapter *chapters = arena_array(arena, 2, sizeof *chapters);
    chapters[0] = (struct episode_chapter){episode->title, 0, 30000};
    chapters[1] = (struct episode_chapter){STR("Second & <last>"), 30000, 61499};
    episode->chapters = chapters;
    episode->n_chapters = 2;
    struct episode_speaker *speakers = arena_array(arena, 1, sizeof *speakers);
    speakers[0] = (struct episode_speaker){STR("Ann Lee"), STR("woman-1"), "female"};
    episode->speakers = speakers;
    episode->n_speakers = 1;
    struct episode_line *lines = arena_array(arena, 2, sizeof *lines);
    struct episode_word *words = arena_array(arena, 2, sizeof *words);
    words[0] = (struct episode_word){0, 2, 1000};
    words[1] = (struct episode_word){3, 5, 1400};
    lines[0] = (struct episode_line){LINE_HEADING, true, -1, episode->title, 0, 900, NULL, 0};
    lines[1] = (struct episode_line){LINE_QUOTE, true, 0, STR("\xC3\xA9 ok <now>"), 1000, 2000, words, 2};
    episode->lines = lines;
    episode->n_lines = 2;
    order->remember(order->library, STR("Ann Lee"), STR("woman-1"));
    fake_file(order->output, ".mp3", all);
    fake_file(order->output, ".chapters.json", STR("{}"));
    fake_file(order->output, ".vtt", STR("WEBVTT\n"));
    fake_file(order->output, ".srt", STR("1\n"));
    return STATUS_OK;
}

static inline enum status fake_batch(const struct scratch *scratch, struct fake *fake, struct library_report *report,
                                     struct problem *problem)
{
    struct library_run run = {.path = scratch->path,
                              .record = fake_record,
                              .record_context = fake,
                              .say = fake_say,
                              .say_context = fake,
                              .stop = fake->stop_after,
                              .sound_id = "one"};
    fake->said[0] = '\0';
    fake->n_errors = 0;
    *problem = (struct problem){0};
    return library_batch(&run, report, problem);
}

#endif
