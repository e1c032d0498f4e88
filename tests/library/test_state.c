#include "library/state.h"

#include "library/inbox.h"
#include "scratch.h"

static struct scratch scratch;

static enum status count_each(void *context, const struct item *item, struct str json, struct problem *problem)
{
    (void)problem;
    struct buffer *seen = context;
    buffer_str(seen, item->slug);
    buffer_byte(seen, '=');
    buffer_str(seen, json);
    buffer_byte(seen, ' ');
    return STATUS_OK;
}

static void test_items(void **context)
{
    (void)context;
    struct state *state;
    struct arena arena = {0};
    struct item item, found;
    bool known;
    struct str json = STR("{}");
    scratch_make(&scratch);
    assert_int_equal(state_open(&state, scratch_at(&scratch, "state.sqlite"), NULL), STATUS_OK);
    assert_int_equal(state_find(state, STR("a.txt"), &item, &known, &arena, NULL), STATUS_OK);
    assert_false(known);
    item = (struct item){.source = STR("a.txt"),
                         .stamp = STR("s"),
                         .content = STR("c"),
                         .guid = STR("g"),
                         .slug = STR("a"),
                         .first_seen_s = 10,
                         .last_made_s = 20,
                         .published_s = 5,
                         .status = ITEM_MADE};
    assert_int_equal(state_put(state, &item, &json, NULL), STATUS_OK);
    item.source = item.slug = STR("b'); DROP TABLE item; --");
    item.published_s = 7;
    assert_int_equal(state_put(state, &item, &json, NULL), STATUS_OK);
    /* Without JSON it stays as it was. */
    item.failure = STR("why");
    assert_int_equal(state_put(state, &item, NULL, NULL), STATUS_OK);
    state_close(state);
    assert_int_equal(state_open(&state, scratch_at(&scratch, "state.sqlite"), NULL), STATUS_OK);
    assert_int_equal(state_find(state, STR("a.txt"), &found, &known, &arena, NULL), STATUS_OK);
    assert_true(known);
    assert_str_equal(found.stamp, "s");
    assert_str_equal(found.guid, "g");
    assert_int_equal(found.first_seen_s, 10);
    assert_int_equal(found.last_made_s, 20);
    struct buffer seen = {0};
    assert_int_equal(state_each(state, ITEM_MADE, count_each, &seen, NULL), STATUS_OK);
    assert_string_equal(seen.data, "b'); DROP TABLE item; --={} a={} ");
    buffer_release(&seen);
    size_t n;
    int64_t last;
    assert_int_equal(state_count(state, ITEM_MADE, &n, &last, NULL), STATUS_OK);
    assert_int_equal(n, 2);
    assert_int_equal(last, 20);
    assert_int_equal(state_count(state, ITEM_FAILED, &n, &last, NULL), STATUS_OK);
    assert_int_equal(n, 0);
    assert_int_equal(last, 0);
    assert_true(state_slug_taken(state, STR("a"), STR("z")));
    assert_false(state_slug_taken(state, STR("a"), STR("a.txt")));
    /* What is rolled back has not happened. */
    assert_int_equal(state_begin(state, NULL), STATUS_OK);
    assert_int_equal(state_set_fact(state, "k", STR("v"), NULL), STATUS_OK);
    state_rollback(state);
    struct str fact;
    assert_int_equal(state_get_fact(state, "k", &fact, &arena, NULL), STATUS_OK);
    assert_int_equal(fact.len, 0);
    state_close(state);
    state_close(NULL);
    arena_release(&arena);
    scratch_remove(&scratch);
}

static void test_voices_and_facts(void **context)
{
    (void)context;
    struct state *state;
    struct arena arena = {0};
    struct str *speakers, *voices, fact;
    size_t n;
    scratch_make(&scratch);
    assert_int_equal(state_open(&state, scratch_at(&scratch, "state.sqlite"), NULL), STATUS_OK);
    assert_int_equal(state_remember_voice(state, STR("Ann"), STR("w1"), 1, NULL), STATUS_OK);
    assert_int_equal(state_remember_voice(state, STR("Bob"), STR("m1"), 2, NULL), STATUS_OK);
    assert_int_equal(state_remember_voice(state, STR("Ann"), STR("w2"), 3, NULL), STATUS_OK);
    assert_int_equal(state_known_voices(state, &speakers, &voices, &n, &arena, NULL), STATUS_OK);
    assert_int_equal(n, 2);
    assert_str_equal(speakers[0], "Ann");
    assert_str_equal(voices[0], "w2");
    assert_str_equal(speakers[1], "Bob");
    assert_int_equal(state_set_fact(state, "k", STR("one"), NULL), STATUS_OK);
    assert_int_equal(state_set_fact(state, "k", STR("two"), NULL), STATUS_OK);
    assert_int_equal(state_get_fact(state, "k", &fact, &arena, NULL), STATUS_OK);
    assert_str_equal(fact, "two");
    state_close(state);
    arena_release(&arena);
    scratch_remove(&scratch);
}

static void test_newer_and_foreign(void **context)
{
    (void)context;
    struct state *state;
    struct problem problem = {0};
    scratch_make(&scratch);
    scratch_write(&scratch, "state.sqlite",
                  "no database at all, but with more than a hundred bytes in it, so that SQLite reads a header "
                  "and finds that it is none");
    assert_int_equal(state_open(&state, scratch_at(&scratch, "state.sqlite"), &problem), STATUS_BAD_DATA);
    assert_null(state);
    problem = (struct problem){0};
    assert_int_equal(state_open(&state, scratch_at(&scratch, "missing/state.sqlite"), &problem), STATUS_NO_OUTPUT);
    /* Of a version to come: bytes 60 to 63 of a database are its user version. */
    assert_int_equal(state_open(&state, scratch_at(&scratch, "later.sqlite"), &problem), STATUS_OK);
    state_close(state);
    FILE *file = fopen(scratch_at(&scratch, "later.sqlite"), "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, 60, SEEK_SET), 0);
    assert_int_equal(fwrite("\0\0\3\xE8", 1, 4, file), 4);
    assert_int_equal(fclose(file), 0);
    problem = (struct problem){0};
    assert_int_equal(state_open(&state, scratch_at(&scratch, "later.sqlite"), &problem), STATUS_BAD_DATA);
    assert_non_null(strstr(problem.text, "newer crier"));
    assert_null(state);
    scratch_remove(&scratch);
}

static void test_inbox(void **context)
{
    (void)context;
    struct inbox inbox;
    struct arena arena = {0};
    struct problem problem = {0};
    struct str before, after;
    scratch_make(&scratch);
    assert_int_equal(inbox_read(&inbox, scratch.path, &arena, &problem), STATUS_NO_INPUT);
    scratch_write(&scratch, "inbox/b.TXT", "b");
    scratch_write(&scratch, "inbox/a.md", "a");
    scratch_write(&scratch, "inbox/.hidden.txt", "h");
    scratch_write(&scratch, "inbox/picture.jpg", "p");
    scratch_write(&scratch, "inbox/day/2.html", "2");
    scratch_write(&scratch, "inbox/day/1.html", "1");
    scratch_write(&scratch, "inbox/empty/note.pdf", "-");
    assert_int_equal(symlink("/etc/passwd", scratch_at(&scratch, "inbox/link.txt")), 0);
    assert_int_equal(mkfifo(scratch_at(&scratch, "inbox/pipe.txt"), 0600), 0);
    assert_int_equal(inbox_read(&inbox, scratch.path, &arena, NULL), STATUS_OK);
    assert_int_equal(inbox.n_entries, 3);
    assert_str_equal(inbox.entries[0].source, "a.md");
    assert_str_equal(inbox.entries[1].source, "b.TXT");
    assert_str_equal(inbox.entries[2].source, "day");
    assert_int_equal(inbox.entries[2].n_files, 2);
    assert_non_null(strstr(inbox.entries[2].files[0], "day/1.html"));
    assert_int_equal(inbox.n_refused, 2);
    assert_int_equal(inbox_hash(&inbox.entries[2], &before, &arena, NULL), STATUS_OK);
    scratch_write(&scratch, "inbox/day/2.html", "3");
    assert_int_equal(inbox_hash(&inbox.entries[2], &after, &arena, NULL), STATUS_OK);
    assert_false(str_eq(before, after));
    arena_release(&arena);
    scratch_remove(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_items), cmocka_unit_test(test_voices_and_facts),
                                       cmocka_unit_test(test_newer_and_foreign), cmocka_unit_test(test_inbox)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
