/* Settings files: values with their lines, continued lines, comments, and everything that is refused. */
#include "test.h"

#include <string.h>

#include "base/ini_file.h"

static void test_values(void **state)
{
    (void)state;
    struct ini_file file;
    struct problem problem = {0};
    assert_int_equal(
        ini_file_parse(&file, STR("top = 1\r\n# note\n[one]\nkey = a b ; note\n\t c\n  d\nempty =\nother: x\n\n[two]\nkey = y"),
                       "f.ini", &problem),
        STATUS_OK);
    assert_int_equal(file.n_entries, 7);
    assert_str_equal(file.entries[0].section, "");
    assert_str_equal(file.entries[0].value, "1");
    assert_str_equal(file.entries[1].key, "");
    assert_int_equal(file.entries[1].line, 3);
    assert_str_equal(ini_file_find(&file, "one", "key")->value, "a b c d");
    assert_int_equal(ini_file_find(&file, "one", "key")->line, 4);
    assert_str_equal(ini_file_find(&file, "one", "empty")->value, "");
    assert_str_equal(ini_file_find(&file, "one", "other")->value, "x");
    assert_str_equal(ini_file_find(&file, "two", "key")->value, "y");
    assert_int_equal(ini_file_find(&file, "two", "key")->line, 11);
    assert_null(ini_file_find(&file, "two", "other"));
    ini_file_release(&file);
    assert_int_equal(ini_file_parse(&file, STR(""), "f.ini", &problem), STATUS_OK);
    assert_int_equal(file.n_entries, 0);
    ini_file_release(&file);
    ini_file_release(&file);
    ini_file_release(NULL);
}

static void test_refused(void **state)
{
    (void)state;
    char wide[400];
    memset(wide, 'x', sizeof wide);
    memcpy(wide, "\n\nkey = ", 8);
    const struct {
        struct str text;
        size_t line;
        const char *words;
    } cases[] = {
        {STR("a = 1\nb = 2\na = 3\nb = 4\n"), 3, "'a' comes twice, first in line 1"},
        {STR("[s]\na = 1\n[t]\n[s]\nb = 1\n"), 4, "[s] comes twice, first in line 1"},
        {STR("a = 1\nnonsense\n"), 2, "neither"},
        {STR("a = 1\n[s\n"), 2, "neither"},
        {STR("a = 1\n  [s]\n"), 2, "start of its line"},
        {STR("[]\n"), 1, "without a name"},
        {STR("= 1\n"), 1, "without a key"},
        {STR("a = \0b\n"), 1, "UTF-8"},
        {STR("\n\na = \xC3\n"), 3, "UTF-8"},
        {STR("[0123456789012345678901234567890123456789012345678]\n"), 0, ""},
        {STR("[01234567890123456789012345678901234567890123456789]\n"), 1, "longer than 49"},
        {{wide, sizeof wide}, 3, "longer than 198"},
        {{wide, 2 + 198}, 0, ""},
        {{wide, 2 + 199}, 3, "longer than 198"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ini_file file;
        struct problem problem = {0};
        enum status status = ini_file_parse(&file, cases[i].text, "f.ini", &problem);
        if (status != (cases[i].line ? STATUS_BAD_DATA : STATUS_OK) || problem.line != cases[i].line ||
            !strstr(problem.text, cases[i].words))
            fail_msg("case %zu: status %d line %zu: %s", i, (int)status, problem.line, problem.text);
        if (status == STATUS_OK)
            assert_true(file.n_entries == 1);
        ini_file_release(&file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_values), cmocka_unit_test(test_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
