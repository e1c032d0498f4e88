#include "library/names.h"

#include <string.h>

#include "test.h"

static void test_uuid(void **context)
{
    (void)context;
    char uuid[UUID_SIZE];
    /* The examples of RFC 9562, A.4, and of the podcast namespace's podcast:guid. */
    uuid_v5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", STR("www.example.com"), uuid);
    assert_string_equal(uuid, "2ed6657d-e927-568b-95e1-2665a8aea6a2");
    feed_guid(STR("https://podnews.net/rss"), uuid);
    assert_string_equal(uuid, "9b024349-ccf0-5f69-a609-6b82873eab3c");
    feed_guid(STR("http://podnews.net/rss//"), uuid);
    assert_string_equal(uuid, "9b024349-ccf0-5f69-a609-6b82873eab3c");
}

static void test_slugs(void **context)
{
    (void)context;
    struct arena arena = {0};
    assert_str_equal(slug_from_title(&arena, STR("Trump, Putin Set to Meet")), "trump-putin-set-to-meet");
    assert_str_equal(slug_from_title(&arena, STR("  Caf\xC3\xA9 \xC3\x85ngstr\xC3\xB6m's 2nd -- day ")),
                     "cafe-angstroms-2nd-day");
    assert_str_equal(slug_from_title(&arena, STR("../../etc/passwd")), "etc-passwd");
    assert_str_equal(slug_from_title(&arena, STR(".hidden")), "hidden");
    assert_str_equal(slug_from_title(&arena, STR("\xE0\xA4\xA8\xE0\xA4\xA6\xE0\xA5\x80")), "episode");
    assert_str_equal(slug_from_title(&arena, STR("")), "episode");
    struct str slug = slug_from_title(&arena, STR("word word word word word word word word word word word word word word word"));
    assert_true(slug.len <= 60 && str_ends(slug, STR("word")));
    char many[2000];
    memset(many, 'x', sizeof many);
    assert_int_equal(slug_from_title(&arena, (struct str){many, sizeof many}).len, 60);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_uuid), cmocka_unit_test(test_slugs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
