/* library: a folder that takes articles in and serves a podcast (contract in README, "A library").
 *
 *     LIBRARY/crier.ini      settings        LIBRARY/inbox/   articles in; never modified or deleted
 *     LIBRARY/public/        what a web server serves          LIBRARY/state.sqlite   what was made from what
 *
 * The library never records anything itself: src/cli/ hands it a function that makes an edition, so that this stage needs none of
 * the stages between. Everything in public/ appears whole or not at all (draft.h); files are named by the feed only after they
 * are there, and removed only after the feed has stopped naming them. */
#ifndef CRIER_LIBRARY_LIBRARY_H
#define CRIER_LIBRARY_LIBRARY_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"
#include "cast/announcement.h"
#include "library/episode.h"

/* crier.ini, checked, with defaults filled in. Strings are never NULL. */
struct library_settings {
    const char *title, *author, *description, *language, *url, *category, *email, *cover; /* [show] */
    bool explicit_content;
    const char *cast, *lexicon, *intro, *outro, *chime; /* [edition]; "" where not set; paths are relative to LIBRARY */
    const char *announce;                               /* as --announce; "" where not set */
    struct announcement_templates announcements;        /* [announcements] */
    double loudness_lufs;                               /* NAN where not set */
    int bitrate_kbps;                                   /* 0 where not set */
    int keep_days, keep_episodes;                       /* [keep]; 0: without limit */
    bool keep_removed;                                  /* episodes whose article is no longer in the inbox stay */
    int follow_max_items;                               /* [follow] articles taken from one feed in one batch */
    int follow_first_items; /* of a feed that is read for the first time: the newest so many, the others are never taken */
    const char *user_agent; /* [web]; "": crier's own */
    int web_timeout_s, web_max_megabytes;
};

/* What the library asks for: one edition of `inputs` (a folder of the inbox gives several) as the MP3 `output` with sidecars. */
struct library_order {
    const struct library_settings *settings;
    const char *const *inputs;
    size_t n_inputs;
    const char *title; /* of a folder of the inbox: its name; NULL: the article's own */
    const char *output;
    /* The people heard before and their voices; what the edition adds is to be called into remember(). */
    const struct str *known_speakers, *known_voices;
    size_t n_known;
    void (*remember)(void *library, struct str speaker, struct str voice);
    void *library;
    enum status *passed_over; /* set to the first failure of an input that the edition does without */
};
/* Fills `episode` (in `arena`) but for guid, slug, first_seen_s, last_made_s. On failure nothing is left at output. */
typedef enum status library_record_function(void *context, const struct library_order *order, struct episode *episode,
                                            struct arena *arena, struct problem *problem);
/* A line for the log or the user: level 'E' error, 'W' warning, 'I' information. */
typedef void library_say_function(void *context, char level, const char *words);

struct library_run {
    const char *path;
    library_record_function *record;
    void *record_context;
    library_say_function *say;
    void *say_context;
    const volatile sig_atomic_t *stop;
    double max_minutes;   /* do not begin another article after so long; 0: no limit */
    const char *sound_id; /* hash of everything outside the article that changes the sound (version, casts, lexicons): part of
                             "changed" */
};
struct library_report {
    size_t made, unchanged, failed, removed, left; /* articles; left: not begun because of max_minutes or stop */
};

/* Cron's command. STATUS_BUSY at once where another run holds the lock. The status of the first article that failed, alone or as
 * one of several in an edition, after all others are done; an article that failed the same way before is not tried or told again
 * until it changes. */
enum status library_batch(const struct library_run *run, struct library_report *report, struct problem *problem);
/* An article has been put into the inbox, or was there: its name in inbox/ and what was given. */
typedef void library_added_function(void *context, struct str file, const char *what);
/* Web addresses and files into the inbox: an address or file that was added before is replaced where it has changed. Goes on past
 * what fails; each failure is said ('E'), the first one's status is returned. `problem` is filled only for what ends it all (no
 * library, state that cannot be read). Works beside a batch. Of `run` path, say and stop are used. */
enum status library_add(const struct library_run *run, const char *const *what, size_t n, library_added_function *added,
                        void *added_context, struct problem *problem);

/* From the next batch on, articles of the feed at `url` come into the inbox. It is fetched once to see that it is one; *title
 * (of `arena`) is its name. Following again changes nothing. */
enum status library_follow(const struct library_run *run, const char *url, struct str *title, struct arena *arena,
                           struct problem *problem);
/* Its articles stay. STATUS_NO_INPUT where it is not followed. */
enum status library_unfollow(const struct library_run *run, const char *url, struct problem *problem);
struct library_feed {
    struct str url, title, failure; /* failure: words of the last reading, "" where it went well */
    int64_t read_s;                 /* when it was read last; 0: never */
};
enum status library_feeds(const struct library_run *run, struct library_feed **feeds, size_t *n, struct arena *arena,
                          struct problem *problem);

/* Feed and pages from what is there. */
enum status library_publish(const struct library_run *run, struct problem *problem);

#endif
