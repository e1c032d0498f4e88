#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/draft.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/lazy.h"
#include "base/pages.h"
#include "base/status.h"
#include "base/str.h"
#include "base/table.h"
#include "base/utf8.h"
#include "base/watch.h"

static void problem_keeps_the_first(void **state)
{
    (void)state;
    struct problem problem = {0};
    assert_int_equal(problem_set(&problem, STATUS_BAD_DATA, "a.txt", 3, "no %s", "text"), STATUS_BAD_DATA);
    assert_int_equal(problem_set(&problem, STATUS_IO, "b.txt", 0, "later"), STATUS_IO);
    assert_string_equal(problem.text, "no text");
    assert_string_equal(problem.path, "a.txt");
    assert_int_equal(problem.line, 3);
    assert_int_equal(status_exit_code(problem.status), 65);
    problem_set(NULL, STATUS_IO, NULL, 0, "nobody listens");
    struct problem memory = {0};
    assert_int_equal(problem_no_memory(&memory), STATUS_NO_MEMORY);
    assert_int_equal(status_exit_code(memory.status), 74);
}

static void str_pieces(void **state)
{
    (void)state;
    struct str rest = STR("a,,b"), piece;
    assert_true(str_next(&rest, ',', &piece));
    assert_str_equal(piece, "a");
    assert_true(str_next(&rest, ',', &piece));
    assert_str_equal(piece, "");
    assert_true(str_next(&rest, ',', &piece));
    assert_str_equal(piece, "b");
    assert_false(str_next(&rest, ',', &piece));
    assert_str_equal(str_trim(STR(" \t x y\r\n")), "x y");
    assert_int_equal(str_find(STR("banana"), STR("na"), 3), 4);
    assert_true(str_find(STR("banana"), STR("x"), 0) == SIZE_MAX);
    assert_true(str_compare(STR("ab"), STR("abc")) < 0);
    assert_true(str_eq_nocase(STR("SaiD"), STR("said")));
}

static void utf8_decodes_as_the_standard_says(void **state)
{
    (void)state;
    struct str s = STR("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
    static const unsigned want[] = {'a', 0xE9, 0x20AC, 0x1F600};
    size_t at = 0, count = 0;
    while (at < s.len)
        assert_int_equal(utf8_decode(s, at, &at), want[count++]);
    assert_int_equal(count, 4);
    for (at = s.len; at > 0;)
        assert_int_equal(utf8_decode_before(s, at, &at), want[--count]);
    /* overlong, surrogate, cut short, beyond U+10FFFF, stray tail */
    static const char *bad[] = {"\xC0\x80", "\xED\xA0\x80", "\xE2\x82", "\xF4\x90\x80\x80", "\x80"};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(utf8_valid_length(str_from(bad[i])), 0);
    assert_int_equal(utf8_valid_length(STR("ok\xFF")), 2);
    assert_int_equal(utf8_valid_length(STR("\xEF\xBF\xBD")), 3); /* U+FFFD itself is valid */
}

static void utf8_maps(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_str_equal(utf8_lower(&arena, STR("ÉCOLE Ж")), "école ж");
    assert_str_equal(utf8_plain(&arena, STR("Éva Łukasz Ñandú")), "eva łukasz nandu");
    assert_true(uni_is_letter(0x416) && uni_is_upper(0x416) && uni_is_lower(0x436));
    assert_true(uni_is_emoji(0x1F600) && !uni_is_letter(0xFE0F) && !uni_is_emoji(0x2122));
    assert_true(uni_is_space(0xA0) && uni_is_number(0xBD) && uni_is_punctuation(0x201C));
    assert_str_equal(utf8_trim(STR("\xC2\xA0 x \xE2\x80\x89")), "x");
    arena_release(&arena);
}

static void general_categories(void **state)
{
    (void)state;
    static const struct {
        unsigned c;
        const char *classes; /* letter, Upper, lower, digit, Number, space, punctuation, Symbol */
    } cases[] = {{'A', "lU"},
                 {'a', "ll"},
                 {0x00DF, "ll"},
                 {0x01C5, "lU"} /* titlecase */,
                 {0x0301, "l"} /* a mark */,
                 {0x5B57, "l"},
                 {'7', "dN"},
                 {0x0967, "dN"},
                 {0x00BD, "N"},
                 {0x2163, "N"},
                 {' ', "s"},
                 {0x00A0, "s"},
                 {0x200B, "s"},
                 {0xFEFF, "s"},
                 {'\t', "s"},
                 {'!', "p"},
                 {0x201C, "p"},
                 {0x2014, "p"},
                 {'+', "S"},
                 {0x20AC, "S"},
                 {0x00B0, "S"},
                 {0x0000, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned c = cases[i].c;
        char found[16];
        snprintf(found, sizeof found, "%s%s%s%s%s%s%s%s", uni_is_letter(c) ? "l" : "", uni_is_upper(c) ? "U" : "",
                 uni_is_lower(c) ? "l" : "", uni_is_digit(c) ? "d" : "", uni_is_number(c) ? "N" : "", uni_is_space(c) ? "s" : "",
                 uni_is_punctuation(c) ? "p" : "", uni_is_symbol(c) ? "S" : "");
        if (strcmp(found, cases[i].classes) != 0)
            fail_msg("U+%04X is '%s', not '%s'", c, found, cases[i].classes);
    }
}

static void failed_allocations_are_remembered(void **state)
{
    (void)state;
    volatile size_t too_much = SIZE_MAX / 4; /* behind the compiler's back */
    watch_begin();
    char *block = watch_malloc(4);
    assert_non_null(block);
    memcpy(block, "abc", 4);
    block = watch_realloc(block, 8000);
    assert_non_null(block);
    assert_string_equal(block, "abc");
    assert_false(watch_failed());
#ifndef __SANITIZE_ADDRESS__ /* which ends the process */
    assert_null(watch_realloc(block, too_much));
    assert_true(watch_failed());
    watch_begin();
    assert_false(watch_failed());
    assert_null(watch_malloc(too_much));
    assert_true(watch_failed());
#endif
    (void)too_much;
    free(block);
}

static void libraries_are_loaded_late(void **state)
{
    (void)state;
    struct {
        __typeof__(strlen) *strlen;
    } api = {0};
    const struct lazy_symbol symbols[] = {LAZY(&api, strlen)};
    struct problem problem = {0};
    assert_int_equal(lazy_load("libc.so.6", "libc6", symbols, 1, &problem), STATUS_OK);
    assert_int_equal(api.strlen("four"), 4);
    assert_int_equal(lazy_load("libnosuch.so.9", "libnosuch9", symbols, 1, &problem), STATUS_UNAVAILABLE);
    assert_non_null(strstr(problem.text, "install the package libnosuch9"));
    const struct lazy_symbol missing[] = {{"no_such_function", &api.strlen}};
    assert_int_equal(lazy_load("libc.so.6", "libc6", missing, 1, NULL), STATUS_UNAVAILABLE);
}

static void arena_holds_everything(void **state)
{
    (void)state;
    struct arena arena = {0};
    int *items = NULL;
    size_t count = 0, capacity = 0;
    for (int i = 0; i < 100000; i++) {
        int *item = arena_push(&arena, (void **)&items, &count, &capacity, sizeof *items);
        assert_non_null(item);
        *item = i;
    }
    for (int i = 0; i < 100000; i++)
        assert_int_equal(items[i], i);
    assert_null(arena_array(&arena, SIZE_MAX, 8));
    assert_true(arena_failed(&arena));
    arena_release(&arena);
    arena_release(&arena);
    arena_release(NULL);
}

/* From a size on, memory comes in pages: it is zeroed, keeps what it holds when it grows, and goes back. */
static void large_arena_holds_everything(void **state)
{
    (void)state;
    struct arena arena = {0};
    enum { N_THINGS = 40000, N_ITEMS = 700000 };
    unsigned char **things = calloc(N_THINGS, sizeof *things);
    assert_non_null(things);
    for (size_t i = 0; i < N_THINGS; i++) { /* 8 MB in small things */
        size_t size = i % 400 + 1;
        things[i] = arena_alloc(&arena, size);
        assert_non_null(things[i]);
        for (size_t k = 0; k < size; k++)
            assert_int_equal(things[i][k], 0);
        memset(things[i], (int)(i % 255) + 1, size);
    }
    uint64_t *items = NULL;
    size_t count = 0, capacity = 0;
    for (size_t i = 0; i < N_ITEMS; i++) { /* 5.6 MB in one that moves from small memory to pages, and then to more pages */
        uint64_t *item = arena_push(&arena, (void **)&items, &count, &capacity, sizeof *items);
        assert_non_null(item);
        assert_int_equal(*item, 0);
        *item = i * 3 + 1;
    }
    char *one = arena_alloc(&arena, 3 * PAGES_UNIT + 5);
    assert_non_null(one);
    for (size_t k = 0; k < 3 * PAGES_UNIT + 5; k++)
        if (one[k])
            fail_msg("byte %zu is not zero", k);
    for (size_t i = 0; i < N_ITEMS; i++)
        if (items[i] != i * 3 + 1)
            fail_msg("item %zu is lost", i);
    for (size_t i = 0; i < N_THINGS; i++)
        for (size_t k = 0; k < i % 400 + 1; k++)
            if (things[i][k] != i % 255 + 1)
                fail_msg("thing %zu is lost", i);
    free(things);
    arena_release(&arena);
    assert_null(arena.chunks);
}

static void pages_are_aligned_and_grow(void **state)
{
    (void)state;
    unsigned char *block = pages_new(PAGES_UNIT);
    assert_non_null(block);
    assert_int_equal((uintptr_t)block % PAGES_UNIT, 0);
    for (size_t k = 0; k < PAGES_UNIT; k += 4096)
        block[k] = (unsigned char)(k / 4096 + 1);
    unsigned char *larger = pages_grow(block, PAGES_UNIT, 3 * PAGES_UNIT);
    assert_non_null(larger);
    assert_int_equal((uintptr_t)larger % PAGES_UNIT, 0);
    for (size_t k = 0; k < PAGES_UNIT; k += 4096)
        assert_int_equal(larger[k], (unsigned char)(k / 4096 + 1));
    for (size_t k = PAGES_UNIT; k < 3 * PAGES_UNIT; k += 4096)
        assert_int_equal(larger[k], 0);
    assert_null(pages_grow(larger, 3 * PAGES_UNIT, SIZE_MAX - PAGES_UNIT)); /* and the old one stays */
    assert_int_equal(larger[4096], 2);
    pages_free(larger, 3 * PAGES_UNIT);
    pages_free(NULL, 0);
}

static void large_buffer_keeps_its_bytes(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    for (unsigned i = 0; i < 1000000; i++)
        buffer_format(&buffer, "%06u,", i);
    assert_false(buffer_failed(&buffer));
    assert_int_equal(buffer.len, 7000000);
    assert_int_equal(buffer.data[buffer.len], 0);
    for (unsigned i = 0; i < 1000000; i++)
        if (strtoul(buffer.data + 7 * (size_t)i, NULL, 10) != i)
            fail_msg("number %u is lost", i);
    buffer_clear(&buffer);
    assert_true(buffer_reserve(&buffer, 6000000)); /* there is room already */
    char *data = buffer.data;
    buffer_str(&buffer, STR("again"));
    assert_ptr_equal(buffer.data, data);
    buffer_release(&buffer);
    assert_null(buffer.data);
    assert_true(buffer_reserve(&buffer, 3 * PAGES_UNIT)); /* at once */
    buffer_release(&buffer);
}

static void buffer_grows(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    for (int i = 0; i < 1000; i++)
        buffer_format(&buffer, "%d,", i);
    buffer_code_point(&buffer, 0x20AC);
    buffer_str(&buffer, STR("end"));
    assert_false(buffer_failed(&buffer));
    assert_true(str_ends(buffer_view(&buffer), STR("998,999,\xE2\x82\xAC"
                                                   "end")));
    buffer_release(&buffer);
    buffer_release(NULL);
}

static void draft_appears_whole_or_not_at_all(void **state)
{
    (void)state;
    char folder[] = "/tmp/crier-test-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/out.bin", folder);
    struct draft draft;
    struct problem problem = {0};
    assert_int_equal(draft_open(&draft, path, &problem), STATUS_OK);
    assert_int_equal(draft_write(&draft, "hello", 5, &problem), STATUS_OK);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_equal(draft_write_at(&draft, 0, "J", 1, &problem), STATUS_OK);
    assert_int_equal(draft_finish(&draft, &problem), STATUS_OK);
    struct buffer content = {0};
    assert_int_equal(file_read(path, 100, &content, &problem), STATUS_OK);
    assert_str_equal(buffer_view(&content), "Jello");

    assert_int_equal(draft_open(&draft, path, &problem), STATUS_OK);
    assert_int_equal(draft_write(&draft, "new", 3, &problem), STATUS_OK);
    draft_drop(&draft);
    draft_drop(&draft);
    assert_int_equal(file_read(path, 100, &content, &problem), STATUS_OK);
    assert_str_equal(buffer_view(&content), "Jello");

    assert_int_equal(file_read(path, 3, &content, &problem), STATUS_BAD_DATA);
    problem = (struct problem){0};
    assert_int_equal(file_read(folder, 3, &content, &problem), STATUS_NO_INPUT);
    problem = (struct problem){0};
    assert_int_equal(draft_open(&draft, folder, &problem), STATUS_NO_OUTPUT);
    assert_int_equal(draft_open(&draft, "/nonexistent/x/y", NULL), STATUS_NO_OUTPUT);
    unlink(path);
    assert_int_equal(rmdir(folder), 0); /* nothing left behind */
    buffer_release(&content);
}

static void table_finds_every_line(void **state)
{
    (void)state;
    struct str table = STR("alpha\t1\nbeta\ngamma\t3\tx\nomega\t4"), rest;
    assert_true(table_find(table, STR("alpha"), &rest));
    assert_str_equal(rest, "1");
    assert_true(table_find(table, STR("beta"), &rest));
    assert_str_equal(rest, "");
    assert_true(table_find(table, STR("gamma"), &rest));
    assert_str_equal(rest, "3\tx");
    assert_true(table_find(table, STR("omega"), &rest));
    assert_str_equal(rest, "4");
    assert_false(table_find(table, STR("aaa"), &rest));
    assert_false(table_find(table, STR("zzz"), &rest));
    assert_false(table_find(table, STR("bet"), &rest));
    assert_false(table_find(STR(""), STR("bet"), &rest));
}

static void hashes_tell_fields_apart(void **state)
{
    (void)state;
    struct hash one, two;
    char hex_one[HASH_HEX_SIZE], hex_two[HASH_HEX_SIZE];
    assert_int_equal(hash_init(&one), STATUS_OK);
    assert_int_equal(hash_init(&two), STATUS_OK);
    hash_field(&one, STR("ab"));
    hash_field(&one, STR("c"));
    hash_field(&two, STR("a"));
    hash_field(&two, STR("bc"));
    hash_hex(&one, hex_one);
    hash_hex(&two, hex_two);
    assert_string_not_equal(hex_one, hex_two);
    hash_release(&one);
    hash_release(&two);
    hash_release(&two);
    /* XXH3, 128 bits, as xxhsum -H2 prints it */
    hash_bytes_hex(STR(""), hex_one);
    assert_string_equal(hex_one, "99aa06d3014798d86001c324468d497f");
    hash_bytes_hex(STR("crier"), hex_two);
    assert_string_not_equal(hex_one, hex_two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(problem_keeps_the_first),
        cmocka_unit_test(str_pieces),
        cmocka_unit_test(utf8_decodes_as_the_standard_says),
        cmocka_unit_test(utf8_maps),
        cmocka_unit_test(general_categories),
        cmocka_unit_test(failed_allocations_are_remembered),
        cmocka_unit_test(libraries_are_loaded_late),
        cmocka_unit_test(arena_holds_everything),
        cmocka_unit_test(large_arena_holds_everything),
        cmocka_unit_test(pages_are_aligned_and_grow),
        cmocka_unit_test(large_buffer_keeps_its_bytes),
        cmocka_unit_test(buffer_grows),
        cmocka_unit_test(draft_appears_whole_or_not_at_all),
        cmocka_unit_test(table_finds_every_line),
        cmocka_unit_test(hashes_tell_fields_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
