/* add: web pages and files into the inbox, never over another article. */
#include <sqlite3.h>

#include "intake_test.h"

static size_t n_added;

static void count_added(void *context, struct str file, const char *what)
{
    (void)context, (void)file, (void)what;
    n_added++;
}

static void write_inbox(const char *name, const char *words)
{
    char path[256];
    FILE *file = fopen(inbox_file(name, path), "w");
    assert_non_null(file);
    fputs(words, file);
    fclose(file);
}

static enum status add(const char *what)
{
    struct problem problem = {0};
    buffer_clear(&library.said);
    return library_add(&library.run, &what, 1, count_added, NULL, &problem);
}

static enum status add_path(const char *path)
{
    char url[256];
    return add(web_server_url(path, url));
}

static void add_several(void **state)
{
    (void)state;
    library_new("");
    char urls[4][256];
    struct problem problem = {0};
    web_server_file("one.html", "<html><title>One</title>1</html>", 32);
    const char *what[] = {web_server_url("/status/404", urls[0]), web_server_url("/files/one.html", urls[1]),
                          web_server_url("/some.pdf", urls[2]), web_server_url("/gzip.html", urls[3])};
    assert_int_equal(library_add(&library.run, what, 4, count_added, NULL, &problem), STATUS_NO_INPUT);
    assert_int_equal(problem.status, STATUS_OK);
    assert_int_equal(n_added, 2);
    assert_true(library_said("404 (not found)"));
    assert_true(library_said("is application/pdf; only web pages"));
    assert_true(in_inbox("one.html"));
    assert_int_equal(inbox_count(), 2);
    library_forget();
}

static void the_same_address_again(void **state)
{
    (void)state;
    library_new("");
    web_server_file("one.html", "<html>first</html>", 18);
    assert_int_equal(add_path("/files/one.html"), STATUS_OK);
    assert_true(library_said("is added as inbox/one.html"));
    assert_true(inbox_file_has("one.html", "og:url\" content=\"http://127.0.0.1"));
    assert_int_equal(add_path("/files/one.html#part"), STATUS_OK);
    assert_true(library_said("is there unchanged"));
    assert_true(web_server_answered("/files/one.html 304"));
    web_server_file("one.html", "<html>second</html>", 19);
    assert_int_equal(add_path("/files/one.html"), STATUS_OK);
    assert_true(library_said("has changed and is replaced"));
    assert_true(inbox_file_has("one.html", "second"));
    write_inbox("one.html", "mine");
    assert_int_equal(add_path("/files/one.html"), STATUS_OK);
    assert_true(web_server_answered("/files/one.html 304"));
    web_server_file("one.html", "<html>third</html>", 18);
    assert_int_equal(add_path("/files/one.html"), STATUS_OK);
    assert_true(library_said("W '"));
    assert_true(library_said("left alone"));
    assert_true(inbox_file_has("one.html", "mine"));
    char path[256];
    assert_int_equal(unlink(inbox_file("one.html", path)), 0);
    assert_int_equal(add_path("/files/one.html"), STATUS_OK);
    assert_true(inbox_file_has("one.html", "third"));
    /* Known and unchanged, but no longer there: it comes whole again. */
    assert_int_equal(unlink(inbox_file("one.html", path)), 0);
    assert_int_equal(add_path("/files/one.html"), STATUS_OK);
    assert_true(inbox_file_has("one.html", "third"));
    assert_int_equal(inbox_count(), 1);
    library_forget();
}

static void names_that_are_taken(void **state)
{
    (void)state;
    library_new("");
    web_server_file("one.html", "<html>web</html>", 16);
    char path[256];
    snprintf(path, sizeof path, "%s/inbox", library.path);
    assert_int_equal(mkdir(path, 0777), 0);
    write_inbox("one.html", "somebody's own");
    assert_int_equal(symlink("/dev/null", inbox_file("one-2.html", path)), 0);
    assert_int_equal(add_path("/files/one.html"), STATUS_OK);
    assert_true(inbox_file_has("one.html", "somebody's own"));
    assert_true(inbox_file_has("one-3.html", "web"));
    assert_int_equal(add_path("/files/one.html"), STATUS_OK);
    assert_int_equal(inbox_count(), 3);
    library_forget();
}

static void hostile_titles(void **state)
{
    (void)state;
    library_new("");
    const char page[] = "<html><title>../../../etc/cron.d/x</title></html>";
    web_server_file("7.html", page, sizeof page - 1);
    assert_int_equal(add_path("/files/7.html"), STATUS_OK);
    assert_true(in_inbox("etc-cron-d-x.html"));
    assert_int_equal(inbox_count(), 1);
    library_forget();
}

static void charsets_outlive_their_header(void **state)
{
    (void)state;
    library_new("");
    static const struct {
        const char *path, *file, *words;
    } cases[] = {
        {"/latin1.html", "harbour-cafe-opens.html", "\xEF\xBB\xBF<!DOCTYPE"},
        {"/wrong-charset.html", "wrong-charset.html", "The café by"},
        {"/koi8.txt", "koi8.txt", "Зимний мост закрыт."},
        {"/utf16.html", "harbour-cafe-opens-2.html", "The café by"},
        {"/latin1-not-told.html", "latin1-not-told.html", "The caf\xE9 by"},
        {"/unknown-charset.html", "unknown-charset.html", "The caf\xE9 by"},
        {"/no-type", "harbour-cafe-opens-3.html", "The café by"},
        {"/no-type-text", "no-type-text.txt", "Only words."},
        {"/headers", "headers.txt", "User-Agent: crier/" CRIER_VERSION " (reads articles aloud; asked by a person)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(add_path(cases[i].path), STATUS_OK);
        if (!inbox_file_has(cases[i].file, cases[i].words))
            fail_msg("%s: %s", cases[i].path, library.said.data);
    }
    library_forget();
}

static void what_is_refused(void **state)
{
    (void)state;
    library_new("");
    static const struct {
        const char *path;
        enum status status;
        const char *words;
    } cases[] = {
        {"/no-type-binary", STATUS_BAD_DATA, "of a type that the server does not tell"},
        {"/empty.html", STATUS_BAD_DATA, "is empty"},
        {"/endless.html", STATUS_BAD_DATA, "is larger than 1 megabytes"},
        {"/to/file", STATUS_BAD_DATA, "none of http or https"},
        {"/cut.html", STATUS_NO_INPUT, "cut off"},
        {"/slow.html", STATUS_NO_INPUT, "takes longer"},
        {"/files/feed.xml", STATUS_BAD_DATA, "is a feed; crier follow"},
    };
    web_server_file("feed.xml", "<rss/>", 6);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(add_path(cases[i].path), cases[i].status);
        assert_true(library_said(cases[i].words));
    }
    assert_int_equal(add("file:///etc/passwd"), STATUS_BAD_DATA);
    assert_int_equal(inbox_count(), 0);
    /* Name and password are for the server alone. */
    char url[256];
    snprintf(url, sizeof url, "http://me:secret@%s/status/401", web_server.base + 7);
    assert_int_equal(add(url), STATUS_NO_INPUT);
    assert_false(library_said("secret"));
    snprintf(url, sizeof url, "http://me:secret@%s/gzip.html", web_server.base + 7);
    assert_int_equal(add(url), STATUS_OK);
    assert_false(inbox_file_has("harbour-cafe-opens.html", "secret"));
    assert_true(inbox_file_has("harbour-cafe-opens.html", "og:url"));
    library_forget();
}

static void files(void **state)
{
    (void)state;
    library_new("");
    char path[256];
    web_server_file("Ein Text (2).TXT", "eins", 4);
    snprintf(path, sizeof path, "%s/Ein Text (2).TXT", web_server.root);
    assert_int_equal(add(path), STATUS_OK);
    assert_true(inbox_file_has("ein-text-2.txt", "eins"));
    assert_int_equal(add(path), STATUS_OK);
    assert_true(library_said("unchanged"));
    web_server_file("Ein Text (2).TXT", "zwei", 4);
    assert_int_equal(add(path), STATUS_OK);
    assert_true(inbox_file_has("ein-text-2.txt", "zwei"));
    assert_int_equal(add(inbox_file("ein-text-2.txt", path)), STATUS_USAGE);
    assert_int_equal(add("/nowhere/x.txt"), STATUS_NO_INPUT);
    assert_int_equal(add("/etc/passwd"), STATUS_BAD_DATA);
    assert_int_equal(add(web_server.root), STATUS_BAD_DATA);
    assert_int_equal(inbox_count(), 1);
    library_forget();
}

static void no_library(void **state)
{
    (void)state;
    library_new("");
    struct problem problem = {0};
    const char *what = "/etc/passwd";
    library.run.path = "/nowhere/at/all";
    assert_int_equal(library_add(&library.run, &what, 1, count_added, NULL, &problem), STATUS_NO_INPUT);
    problem = (struct problem){0};
    library.run.path = "/etc/passwd";
    assert_int_equal(library_add(&library.run, &what, 1, count_added, NULL, &problem), STATUS_NO_INPUT);
    assert_string_equal(problem.text, "is no folder, so no library");
    library_forget();
}

/* A state of version 1 keeps what it has and learns the rest. */
static void an_older_state_is_brought_up(void **state_of_test)
{
    (void)state_of_test;
    library_new("");
    char path[256];
    snprintf(path, sizeof path, "%s/state.sqlite", library.path);
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db,
                     "PRAGMA journal_mode = WAL;"
                     "CREATE TABLE fact (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
                     "CREATE TABLE item (source TEXT PRIMARY KEY, stamp TEXT NOT NULL, content TEXT NOT NULL,"
                     " guid TEXT NOT NULL, slug TEXT NOT NULL, first_seen INTEGER NOT NULL, last_made INTEGER NOT NULL,"
                     " published INTEGER NOT NULL, status INTEGER NOT NULL, failure TEXT NOT NULL, episode TEXT);"
                     "CREATE TABLE voice (speaker TEXT PRIMARY KEY, voice TEXT NOT NULL, heard INTEGER NOT NULL)"
                     " WITHOUT ROWID;"
                     "INSERT INTO fact VALUES ('a', 'kept');"
                     "PRAGMA user_version = 1;",
                     NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(add_path("/gzip.html"), STATUS_OK);
    struct state *state;
    struct arena arena = {0};
    struct str value;
    assert_int_equal(state_open(&state, path, NULL), STATUS_OK);
    assert_int_equal(state_get_fact(state, "a", &value, &arena, NULL), STATUS_OK);
    assert_str_equal(value, "kept");
    state_close(state);
    arena_release(&arena);
    library_forget();
}

static int start(void **state)
{
    (void)state;
    return web_server_start() ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    web_server_stop();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(add_several),
        cmocka_unit_test(the_same_address_again),
        cmocka_unit_test(names_that_are_taken),
        cmocka_unit_test(hostile_titles),
        cmocka_unit_test(charsets_outlive_their_header),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(files),
        cmocka_unit_test(no_library),
        cmocka_unit_test(an_older_state_is_brought_up),
    };
    return cmocka_run_group_tests(tests, start, end);
}
