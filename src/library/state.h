/* state: what was made from what, in LIBRARY/state.sqlite (SQLite, WAL), so that a run with nothing new does nothing. */
#ifndef CRIER_LIBRARY_STATE_H
#define CRIER_LIBRARY_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

struct state;

enum item_status {
    ITEM_NEW,     /* seen, nothing made yet */
    ITEM_MADE,    /* its episode is in public/ */
    ITEM_FAILED,  /* could not be made from this content; told once */
    ITEM_RETIRED, /* was published and has been removed by [keep] */
};

/* One article (or folder) of the inbox. Strings live in the arena given to the reader. */
struct item {
    struct str source;  /* path in the inbox */
    struct str stamp;   /* size and time of its files: unchanged means that the content need not be read */
    struct str content; /* hash of content and settings that it was made (or failed) with */
    struct str guid, slug;
    int64_t first_seen_s, last_made_s, published_s;
    enum item_status status;
    struct str failure; /* words told, of a failed one */
};

/* Opens or creates. STATUS_BAD_DATA where the file is there and is no database of ours (it is left as it is); STATUS_NO_OUTPUT.
 */
enum status state_open(struct state **state, const char *path, struct problem *problem);
void state_close(struct state *state); /* accepts NULL */

/* *found false where the source is unknown. */
enum status state_find(struct state *state, struct str source, struct item *item, bool *found, struct arena *arena,
                       struct problem *problem);
/* Inserts or replaces; `episode_json` (or NULL: kept as it was) is what feed and pages are made from. One transaction. */
enum status state_put(struct state *state, const struct item *item, const struct str *episode_json, struct problem *problem);
bool state_slug_taken(struct state *state, struct str slug, struct str by_other_than);

/* Calls `each` for every item with status `status`, newest first by published_s, then by slug; `json` is its episode. A status
 * other than STATUS_OK ends the walk. */
typedef enum status state_each_function(void *context, const struct item *item, struct str json, struct problem *problem);
enum status state_each(struct state *state, enum item_status status, state_each_function *each, void *context,
                       struct problem *problem);

/* How many items have `status`, and when the newest of them was made (0: none). */
enum status state_count(struct state *state, enum item_status status, size_t *n, int64_t *last_made_s, struct problem *problem);

/* Cast memory: who was heard with which voice; the 5,000 heard last. */
enum status state_remember_voice(struct state *state, struct str speaker, struct str voice, int64_t now_s,
                                 struct problem *problem);
enum status state_known_voices(struct state *state, struct str **speakers, struct str **voices, size_t *n, struct arena *arena,
                               struct problem *problem);

/* Small facts: the feed's guid, hash of what was published last. "" where unset. */
enum status state_get_fact(struct state *state, const char *key, struct str *value, struct arena *arena, struct problem *problem);
enum status state_set_fact(struct state *state, const char *key, struct str value, struct problem *problem);

/* What `add` and the followed feeds have put into the inbox, by address (of a page, or an absolute path of a file). */
struct state_page {
    struct str url;
    struct str file;           /* name in inbox/ */
    struct str hash;           /* of the bytes that were put there */
    struct str etag, modified; /* validators of the reply; "" where there were none */
    int64_t fetched_s;
};
enum status state_page_find(struct state *state, struct str url, struct state_page *page, bool *found, struct arena *arena,
                            struct problem *problem);
enum status state_page_put(struct state *state, const struct state_page *page, struct problem *problem);

/* A feed that is followed. */
struct state_feed {
    struct str url, title;
    struct str etag, modified;
    struct str failure;      /* words told when it could not be read the last time; "" where it could */
    int64_t added_s, read_s; /* read_s: 0 before the first time */
};
/* Adds it, or replaces what is known of it. */
enum status state_feed_put(struct state *state, const struct state_feed *feed, struct problem *problem);
/* The same, but a feed that is not followed (any longer) stays so. */
enum status state_feed_update(struct state *state, const struct state_feed *feed, struct problem *problem);
/* With all that is remembered of it. *found false where it was not followed. */
enum status state_feed_remove(struct state *state, struct str url, bool *found, struct problem *problem);
/* In the order in which they were added. */
enum status state_feeds(struct state *state, struct state_feed **feeds, size_t *n, struct arena *arena, struct problem *problem);

/* Items of a feed by their id. `tries`: how often it could not be fetched; ENTRY_DONE: never to be looked at again. */
#define ENTRY_DONE -1
/* *tries is 0 where it was never seen. */
enum status state_entry_find(struct state *state, struct str feed, struct str id, int *tries, struct problem *problem);
enum status state_entry_put(struct state *state, struct str feed, struct str id, int tries, int64_t seen_s,
                            struct problem *problem);
/* Forgets the feed's entries that were last seen before `before_s`. */
enum status state_entries_forget(struct state *state, struct str feed, int64_t before_s, struct problem *problem);

enum status state_begin(struct state *state, struct problem *problem);
enum status state_commit(struct state *state, struct problem *problem);
void state_rollback(struct state *state); /* nothing since state_begin has happened; without one, nothing */

#endif
