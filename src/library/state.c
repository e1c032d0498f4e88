#include "library/state.h"

#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/lazy.h"

#define SCHEMA_VERSION 2
#define KNOWN_VOICES 5000

struct state {
    sqlite3 *db;
    sqlite3_stmt *find; /* asked for each article of the inbox; NULL before the first */
    char *path;
};

/* Loaded when a library is opened: no other action needs it. */
static struct {
    __typeof__(sqlite3_bind_int) *sqlite3_bind_int;
    __typeof__(sqlite3_bind_int64) *sqlite3_bind_int64;
    __typeof__(sqlite3_bind_text64) *sqlite3_bind_text64;
    __typeof__(sqlite3_busy_timeout) *sqlite3_busy_timeout;
    __typeof__(sqlite3_changes) *sqlite3_changes;
    __typeof__(sqlite3_close) *sqlite3_close;
    __typeof__(sqlite3_column_bytes) *sqlite3_column_bytes;
    __typeof__(sqlite3_column_int) *sqlite3_column_int;
    __typeof__(sqlite3_column_int64) *sqlite3_column_int64;
    __typeof__(sqlite3_column_text) *sqlite3_column_text;
    __typeof__(sqlite3_errcode) *sqlite3_errcode;
    __typeof__(sqlite3_errmsg) *sqlite3_errmsg;
    __typeof__(sqlite3_exec) *sqlite3_exec;
    __typeof__(sqlite3_finalize) *sqlite3_finalize;
    __typeof__(sqlite3_open_v2) *sqlite3_open_v2;
    __typeof__(sqlite3_prepare_v2) *sqlite3_prepare_v2;
    __typeof__(sqlite3_reset) *sqlite3_reset;
    __typeof__(sqlite3_step) *sqlite3_step;
} lite;

static enum status load_library(struct problem *problem)
{
    const struct lazy_symbol symbols[] = {
        LAZY(&lite, sqlite3_bind_int),     LAZY(&lite, sqlite3_bind_int64), LAZY(&lite, sqlite3_bind_text64),
        LAZY(&lite, sqlite3_busy_timeout), LAZY(&lite, sqlite3_changes),    LAZY(&lite, sqlite3_close),
        LAZY(&lite, sqlite3_column_bytes), LAZY(&lite, sqlite3_column_int), LAZY(&lite, sqlite3_column_int64),
        LAZY(&lite, sqlite3_column_text),  LAZY(&lite, sqlite3_errcode),    LAZY(&lite, sqlite3_errmsg),
        LAZY(&lite, sqlite3_exec),         LAZY(&lite, sqlite3_finalize),   LAZY(&lite, sqlite3_open_v2),
        LAZY(&lite, sqlite3_prepare_v2),   LAZY(&lite, sqlite3_reset),      LAZY(&lite, sqlite3_step),
    };
    return lite.sqlite3_step ? STATUS_OK
                             : lazy_load("libsqlite3.so.0", "libsqlite3-0", symbols, sizeof symbols / sizeof *symbols, problem);
}

/* Also brings an older state up: version 2 added page, feed and entry. Whoever opens it at the same time waits, and finds all
 * there. */
static const char schema[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE IF NOT EXISTS fact (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS item (source TEXT PRIMARY KEY, stamp TEXT NOT NULL, content TEXT NOT NULL,"
    " guid TEXT NOT NULL, slug TEXT NOT NULL, first_seen INTEGER NOT NULL, last_made INTEGER NOT NULL,"
    " published INTEGER NOT NULL, status INTEGER NOT NULL, failure TEXT NOT NULL, episode TEXT);"
    "CREATE INDEX IF NOT EXISTS item_order ON item (status, published DESC, slug);"
    "CREATE INDEX IF NOT EXISTS item_slug ON item (slug);"
    "CREATE TABLE IF NOT EXISTS voice (speaker TEXT PRIMARY KEY, voice TEXT NOT NULL, heard INTEGER NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS page (url TEXT PRIMARY KEY, file TEXT NOT NULL, hash TEXT NOT NULL, etag TEXT NOT NULL,"
    " modified TEXT NOT NULL, fetched INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS feed (url TEXT PRIMARY KEY, title TEXT NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL,"
    " failure TEXT NOT NULL, added INTEGER NOT NULL, read INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS entry (feed TEXT NOT NULL, id TEXT NOT NULL, tries INTEGER NOT NULL, seen INTEGER NOT NULL,"
    " PRIMARY KEY (feed, id)) WITHOUT ROWID;"
    "PRAGMA user_version = 2;"
    "COMMIT;";

static enum status broken(struct state *state, struct problem *problem)
{
    int code = lite.sqlite3_errcode(state->db);
    if (code == SQLITE_NOMEM)
        return problem_no_memory(problem);
    enum status status = code == SQLITE_BUSY                                  ? STATUS_BUSY
                         : code == SQLITE_NOTADB || code == SQLITE_CORRUPT    ? STATUS_BAD_DATA
                         : code == SQLITE_CANTOPEN || code == SQLITE_READONLY ? STATUS_NO_OUTPUT
                                                                              : STATUS_IO;
    return problem_set(problem, status, state->path, 0,
                       status == STATUS_BAD_DATA
                           ? "the state of the library is damaged (%s); move it away and run again: nothing in public/ is lost, "
                             "and recordings in the cache are not made again"
                           : "cannot keep the state of the library: %s",
                       lite.sqlite3_errmsg(state->db));
}

static enum status run(struct state *state, const char *sql, struct problem *problem)
{
    return lite.sqlite3_exec(state->db, sql, NULL, NULL, NULL) == SQLITE_OK ? STATUS_OK : broken(state, problem);
}

static int schema_version(struct state *state)
{
    sqlite3_stmt *query = NULL;
    int version = -1;
    if (lite.sqlite3_prepare_v2(state->db, "PRAGMA user_version", -1, &query, NULL) == SQLITE_OK &&
        lite.sqlite3_step(query) == SQLITE_ROW)
        version = lite.sqlite3_column_int(query, 0);
    lite.sqlite3_finalize(query);
    return version;
}

enum status state_open(struct state **result, const char *path, struct problem *problem)
{
    *result = NULL;
    struct state *state = calloc(1, sizeof *state);
    if (!state || !(state->path = strdup(path))) {
        free(state);
        return problem_no_memory(problem);
    }
    enum status status = load_library(problem);
    const int how = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW;
    if (status == STATUS_OK && lite.sqlite3_open_v2(path, &state->db, how, NULL) != SQLITE_OK)
        status = state->db ? broken(state, problem) : problem_no_memory(problem);
    if (status == STATUS_OK) {
        lite.sqlite3_busy_timeout(state->db, 5000);
        int version = schema_version(state);
        if (version > SCHEMA_VERSION)
            status = problem_set(problem, STATUS_BAD_DATA, path, 0, "was written by a newer crier (state version %d)", version);
        else if (version < 0)
            status = broken(state, problem);
        else if (version < SCHEMA_VERSION)
            status = run(state, "PRAGMA journal_mode = WAL;", problem);
        if (status == STATUS_OK && version < SCHEMA_VERSION)
            status = run(state, schema, problem);
        if (status == STATUS_OK)
            status = run(state, "PRAGMA synchronous = FULL;", problem);
    }
    if (status != STATUS_OK) {
        state_close(state);
        return status;
    }
    *result = state;
    return STATUS_OK;
}

void state_close(struct state *state)
{
    if (!state)
        return;
    if (state->find)
        lite.sqlite3_finalize(state->find);
    if (state->db)
        lite.sqlite3_close(state->db);
    free(state->path);
    free(state);
}

enum status state_begin(struct state *state, struct problem *problem)
{
    return run(state, "BEGIN IMMEDIATE", problem);
}

enum status state_commit(struct state *state, struct problem *problem)
{
    return run(state, "COMMIT", problem);
}

void state_rollback(struct state *state)
{
    (void)run(state, "ROLLBACK", NULL);
}

/* ---- statements ---------------------------------------------------------------------------------------------- */

static sqlite3_stmt *prepare(struct state *state, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    lite.sqlite3_prepare_v2(state->db, sql, -1, &statement, NULL);
    return statement;
}

static void bind_text(sqlite3_stmt *statement, int at, struct str s)
{
    lite.sqlite3_bind_text64(statement, at, s.data ? s.data : "", s.len, SQLITE_STATIC, SQLITE_UTF8);
}

static struct str column(sqlite3_stmt *statement, int at, struct arena *arena)
{
    const char *data = (const char *)lite.sqlite3_column_text(statement, at);
    return arena_copy(arena, (struct str){data, data ? (size_t)lite.sqlite3_column_bytes(statement, at) : 0});
}

/* Runs a statement that gives no rows, and ends it. */
static enum status finish(struct state *state, sqlite3_stmt *statement, struct problem *problem)
{
    int code = statement ? lite.sqlite3_step(statement) : SQLITE_ERROR;
    enum status status = code == SQLITE_DONE || code == SQLITE_ROW ? STATUS_OK : broken(state, problem);
    lite.sqlite3_finalize(statement);
    return status;
}

/* ---- items ------------------------------------------------------------------------------------------------------ */

#define ITEM_COLUMNS "source, stamp, content, guid, slug, first_seen, last_made, published, status, failure"

static void read_item(sqlite3_stmt *query, struct item *item, struct arena *arena)
{
    *item = (struct item){
        .source = column(query, 0, arena),
        .stamp = column(query, 1, arena),
        .content = column(query, 2, arena),
        .guid = column(query, 3, arena),
        .slug = column(query, 4, arena),
        .first_seen_s = lite.sqlite3_column_int64(query, 5),
        .last_made_s = lite.sqlite3_column_int64(query, 6),
        .published_s = lite.sqlite3_column_int64(query, 7),
        .status = (enum item_status)lite.sqlite3_column_int(query, 8),
        .failure = column(query, 9, arena),
    };
}

enum status state_find(struct state *state, struct str source, struct item *item, bool *found, struct arena *arena,
                       struct problem *problem)
{
    *found = false;
    if (!state->find)
        state->find = prepare(state, "SELECT " ITEM_COLUMNS " FROM item WHERE source = ?");
    if (!state->find)
        return broken(state, problem);
    bind_text(state->find, 1, source);
    int code = lite.sqlite3_step(state->find);
    if (code == SQLITE_ROW) {
        read_item(state->find, item, arena);
        *found = true;
    }
    enum status status = code == SQLITE_ROW || code == SQLITE_DONE ? STATUS_OK : broken(state, problem);
    lite.sqlite3_reset(state->find);
    bind_text(state->find, 1, STR("")); /* nothing of the caller's is kept */
    return status == STATUS_OK && arena_failed(arena) ? problem_no_memory(problem) : status;
}

enum status state_put(struct state *state, const struct item *item, const struct str *episode_json, struct problem *problem)
{
    sqlite3_stmt *put =
        prepare(state, "INSERT INTO item (" ITEM_COLUMNS ", episode) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)"
                       " ON CONFLICT (source) DO UPDATE SET stamp=?2, content=?3, guid=?4, slug=?5, first_seen=?6,"
                       " last_made=?7, published=?8, status=?9, failure=?10, episode=coalesce(?11, episode)");
    if (!put)
        return broken(state, problem);
    bind_text(put, 1, item->source);
    bind_text(put, 2, item->stamp);
    bind_text(put, 3, item->content);
    bind_text(put, 4, item->guid);
    bind_text(put, 5, item->slug);
    lite.sqlite3_bind_int64(put, 6, item->first_seen_s);
    lite.sqlite3_bind_int64(put, 7, item->last_made_s);
    lite.sqlite3_bind_int64(put, 8, item->published_s);
    lite.sqlite3_bind_int(put, 9, (int)item->status);
    bind_text(put, 10, item->failure);
    if (episode_json)
        bind_text(put, 11, *episode_json);
    return finish(state, put, problem);
}

bool state_slug_taken(struct state *state, struct str slug, struct str by_other_than)
{
    sqlite3_stmt *query = prepare(state, "SELECT 1 FROM item WHERE slug = ? AND source <> ?");
    if (!query)
        return false;
    bind_text(query, 1, slug);
    bind_text(query, 2, by_other_than);
    bool taken = lite.sqlite3_step(query) == SQLITE_ROW;
    lite.sqlite3_finalize(query);
    return taken;
}

enum status state_each(struct state *state, enum item_status wanted, state_each_function *each, void *context,
                       struct problem *problem)
{
    sqlite3_stmt *query =
        prepare(state, "SELECT " ITEM_COLUMNS ", episode FROM item WHERE status = ? ORDER BY published DESC, slug");
    if (!query)
        return broken(state, problem);
    lite.sqlite3_bind_int(query, 1, (int)wanted);
    enum status status = STATUS_OK;
    int code = SQLITE_DONE;
    while (status == STATUS_OK && (code = lite.sqlite3_step(query)) == SQLITE_ROW) {
        struct arena arena = {0};
        struct item item;
        read_item(query, &item, &arena);
        struct str json = column(query, 10, &arena);
        status = arena_failed(&arena) ? problem_no_memory(problem) : each(context, &item, json, problem);
        arena_release(&arena);
    }
    if (status == STATUS_OK && code != SQLITE_DONE)
        status = broken(state, problem);
    lite.sqlite3_finalize(query);
    return status;
}

enum status state_count(struct state *state, enum item_status wanted, size_t *n, int64_t *last_made_s, struct problem *problem)
{
    sqlite3_stmt *query = prepare(state, "SELECT count(*), coalesce(max(last_made), 0) FROM item WHERE status = ?");
    if (!query)
        return broken(state, problem);
    lite.sqlite3_bind_int(query, 1, (int)wanted);
    enum status status = STATUS_OK;
    if (lite.sqlite3_step(query) == SQLITE_ROW) {
        *n = (size_t)lite.sqlite3_column_int64(query, 0);
        *last_made_s = lite.sqlite3_column_int64(query, 1);
    } else {
        status = broken(state, problem);
    }
    lite.sqlite3_finalize(query);
    return status;
}

/* ---- cast memory and facts ---------------------------------------------------------------------------------------- */

enum status state_remember_voice(struct state *state, struct str speaker, struct str voice, int64_t now_s,
                                 struct problem *problem)
{
    sqlite3_stmt *put = prepare(state, "INSERT OR REPLACE INTO voice (speaker, voice, heard) VALUES (?,?,?)");
    if (!put)
        return broken(state, problem);
    bind_text(put, 1, speaker);
    bind_text(put, 2, voice);
    lite.sqlite3_bind_int64(put, 3, now_s);
    return finish(state, put, problem);
}

enum status state_known_voices(struct state *state, struct str **speakers, struct str **voices, size_t *n, struct arena *arena,
                               struct problem *problem)
{
    size_t n_speakers = 0, n_voices = 0, speaker_capacity = 0, voice_capacity = 0;
    *speakers = *voices = NULL;
    *n = 0;
    sqlite3_stmt *query = prepare(state, "SELECT speaker, voice FROM voice ORDER BY heard DESC, speaker LIMIT ?");
    if (!query)
        return broken(state, problem);
    lite.sqlite3_bind_int(query, 1, KNOWN_VOICES);
    int code;
    while ((code = lite.sqlite3_step(query)) == SQLITE_ROW) {
        struct str *speaker = arena_push(arena, (void **)speakers, &n_speakers, &speaker_capacity, sizeof **speakers);
        struct str *voice = arena_push(arena, (void **)voices, &n_voices, &voice_capacity, sizeof **voices);
        if (!speaker || !voice)
            break;
        *speaker = column(query, 0, arena);
        *voice = column(query, 1, arena);
        ++*n;
    }
    lite.sqlite3_finalize(query);
    if (arena_failed(arena))
        return problem_no_memory(problem);
    return code == SQLITE_DONE ? STATUS_OK : broken(state, problem);
}

enum status state_get_fact(struct state *state, const char *key, struct str *value, struct arena *arena, struct problem *problem)
{
    *value = (struct str){"", 0};
    sqlite3_stmt *query = prepare(state, "SELECT value FROM fact WHERE key = ?");
    if (!query)
        return broken(state, problem);
    bind_text(query, 1, str_from(key));
    int code = lite.sqlite3_step(query);
    if (code == SQLITE_ROW)
        *value = column(query, 0, arena);
    lite.sqlite3_finalize(query);
    if (arena_failed(arena))
        return problem_no_memory(problem);
    return code == SQLITE_ROW || code == SQLITE_DONE ? STATUS_OK : broken(state, problem);
}

enum status state_set_fact(struct state *state, const char *key, struct str value, struct problem *problem)
{
    sqlite3_stmt *put = prepare(state, "INSERT OR REPLACE INTO fact (key, value) VALUES (?,?)");
    if (!put)
        return broken(state, problem);
    bind_text(put, 1, str_from(key));
    bind_text(put, 2, value);
    return finish(state, put, problem);
}

/* ---- pages and feeds ------------------------------------------------------------------------------------------------- */

enum status state_page_find(struct state *state, struct str url, struct state_page *page, bool *found, struct arena *arena,
                            struct problem *problem)
{
    *found = false;
    sqlite3_stmt *query = prepare(state, "SELECT url, file, hash, etag, modified, fetched FROM page WHERE url = ?");
    if (!query)
        return broken(state, problem);
    bind_text(query, 1, url);
    int code = lite.sqlite3_step(query);
    if (code == SQLITE_ROW) {
        *page = (struct state_page){.url = column(query, 0, arena),
                                    .file = column(query, 1, arena),
                                    .hash = column(query, 2, arena),
                                    .etag = column(query, 3, arena),
                                    .modified = column(query, 4, arena),
                                    .fetched_s = lite.sqlite3_column_int64(query, 5)};
        *found = true;
    }
    enum status status = code == SQLITE_ROW || code == SQLITE_DONE ? STATUS_OK : broken(state, problem);
    lite.sqlite3_finalize(query);
    return status == STATUS_OK && arena_failed(arena) ? problem_no_memory(problem) : status;
}

enum status state_page_put(struct state *state, const struct state_page *page, struct problem *problem)
{
    sqlite3_stmt *put =
        prepare(state, "INSERT OR REPLACE INTO page (url, file, hash, etag, modified, fetched) VALUES (?,?,?,?,?,?)");
    if (!put)
        return broken(state, problem);
    bind_text(put, 1, page->url);
    bind_text(put, 2, page->file);
    bind_text(put, 3, page->hash);
    bind_text(put, 4, page->etag);
    bind_text(put, 5, page->modified);
    lite.sqlite3_bind_int64(put, 6, page->fetched_s);
    return finish(state, put, problem);
}

static enum status feed_write(struct state *state, const char *sql, const struct state_feed *feed, struct problem *problem)
{
    sqlite3_stmt *put = prepare(state, sql);
    if (!put)
        return broken(state, problem);
    bind_text(put, 1, feed->url);
    bind_text(put, 2, feed->title);
    bind_text(put, 3, feed->etag);
    bind_text(put, 4, feed->modified);
    bind_text(put, 5, feed->failure);
    lite.sqlite3_bind_int64(put, 6, feed->added_s);
    lite.sqlite3_bind_int64(put, 7, feed->read_s);
    return finish(state, put, problem);
}

enum status state_feed_put(struct state *state, const struct state_feed *feed, struct problem *problem)
{
    return feed_write(
        state, "INSERT OR REPLACE INTO feed (url, title, etag, modified, failure, added, read) VALUES (?1,?2,?3,?4,?5,?6,?7)",
        feed, problem);
}

enum status state_feed_update(struct state *state, const struct state_feed *feed, struct problem *problem)
{
    return feed_write(state, "UPDATE feed SET title=?2, etag=?3, modified=?4, failure=?5, added=?6, read=?7 WHERE url = ?1", feed,
                      problem);
}

enum status state_feed_remove(struct state *state, struct str url, bool *found, struct problem *problem)
{
    *found = false;
    sqlite3_stmt *entries = prepare(state, "DELETE FROM entry WHERE feed = ?");
    if (!entries)
        return broken(state, problem);
    bind_text(entries, 1, url);
    enum status status = finish(state, entries, problem);
    sqlite3_stmt *feed = status == STATUS_OK ? prepare(state, "DELETE FROM feed WHERE url = ?") : NULL;
    if (!feed)
        return status == STATUS_OK ? broken(state, problem) : status;
    bind_text(feed, 1, url);
    status = finish(state, feed, problem);
    *found = status == STATUS_OK && lite.sqlite3_changes(state->db) > 0;
    return status;
}

enum status state_feeds(struct state *state, struct state_feed **feeds, size_t *n, struct arena *arena, struct problem *problem)
{
    size_t capacity = 0;
    *feeds = NULL;
    *n = 0;
    sqlite3_stmt *query = prepare(state, "SELECT url, title, etag, modified, failure, added, read FROM feed ORDER BY added, url");
    if (!query)
        return broken(state, problem);
    int code;
    while ((code = lite.sqlite3_step(query)) == SQLITE_ROW) {
        struct state_feed *feed = arena_push(arena, (void **)feeds, n, &capacity, sizeof *feed);
        if (!feed)
            break;
        *feed = (struct state_feed){.url = column(query, 0, arena),
                                    .title = column(query, 1, arena),
                                    .etag = column(query, 2, arena),
                                    .modified = column(query, 3, arena),
                                    .failure = column(query, 4, arena),
                                    .added_s = lite.sqlite3_column_int64(query, 5),
                                    .read_s = lite.sqlite3_column_int64(query, 6)};
    }
    enum status status = arena_failed(arena)   ? problem_no_memory(problem)
                         : code == SQLITE_DONE ? STATUS_OK
                                               : broken(state, problem);
    lite.sqlite3_finalize(query);
    return status;
}

enum status state_entry_find(struct state *state, struct str feed, struct str id, int *tries, struct problem *problem)
{
    *tries = 0;
    sqlite3_stmt *query = prepare(state, "SELECT tries FROM entry WHERE feed = ? AND id = ?");
    if (!query)
        return broken(state, problem);
    bind_text(query, 1, feed);
    bind_text(query, 2, id);
    int code = lite.sqlite3_step(query);
    if (code == SQLITE_ROW)
        *tries = lite.sqlite3_column_int(query, 0);
    enum status status = code == SQLITE_ROW || code == SQLITE_DONE ? STATUS_OK : broken(state, problem);
    lite.sqlite3_finalize(query);
    return status;
}

enum status state_entry_put(struct state *state, struct str feed, struct str id, int tries, int64_t seen_s,
                            struct problem *problem)
{
    sqlite3_stmt *put = prepare(state, "INSERT OR REPLACE INTO entry (feed, id, tries, seen) VALUES (?,?,?,?)");
    if (!put)
        return broken(state, problem);
    bind_text(put, 1, feed);
    bind_text(put, 2, id);
    lite.sqlite3_bind_int(put, 3, tries);
    lite.sqlite3_bind_int64(put, 4, seen_s);
    return finish(state, put, problem);
}

enum status state_entries_forget(struct state *state, struct str feed, int64_t before_s, struct problem *problem)
{
    sqlite3_stmt *forget = prepare(state, "DELETE FROM entry WHERE feed = ? AND seen < ?");
    if (!forget)
        return broken(state, problem);
    bind_text(forget, 1, feed);
    lite.sqlite3_bind_int64(forget, 2, before_s);
    return finish(state, forget, problem);
}
