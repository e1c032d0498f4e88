#include "library/settings.h"

#include <math.h>

#include "scratch.h"

static struct scratch scratch;

static enum status read_settings(struct library_settings *settings, struct arena *arena, struct problem *problem,
                                 const char *text)
{
    scratch_make(&scratch);
    if (text)
        scratch_write(&scratch, "crier.ini", text);
    *problem = (struct problem){0};
    return library_settings_read(settings, scratch.path, arena, problem);
}

static void test_defaults(void **context)
{
    (void)context;
    struct library_settings settings;
    struct arena arena = {0};
    struct problem problem;
    assert_int_equal(read_settings(&settings, &arena, &problem, NULL), STATUS_OK);
    assert_string_equal(settings.title, "crier editions");
    assert_string_equal(settings.url, "");
    assert_string_equal(settings.cover, "auto");
    assert_true(isnan(settings.loudness_lufs));
    assert_int_equal(settings.keep_days, 0);
    assert_true(settings.keep_removed);
    arena_release(&arena);
    scratch_remove(&scratch);
}

static void test_values(void **context)
{
    (void)context;
    struct library_settings settings;
    struct arena arena = {0};
    struct problem problem;
    assert_int_equal(
        read_settings(&settings, &arena, &problem,
                      "[show]\ntitle = A; B\nexplicit = yes\ncover = art/c.png\n[edition]\nloudness = -16\n"
                      "bitrate = 96\ncast = documentary\nintro = /abs/in.wav\n[keep]\ndays = 60\nepisodes = 100\nremoved = no\n"
                      "[announcements]\nshow = This is {show}.\ntitle =\n"),
        STATUS_OK);
    assert_string_equal(settings.title, "A; B");
    assert_true(settings.explicit_content);
    assert_true(settings.loudness_lufs == -16);
    assert_int_equal(settings.bitrate_kbps, 96);
    assert_int_equal(settings.keep_days, 60);
    assert_int_equal(settings.keep_episodes, 100);
    assert_false(settings.keep_removed);
    assert_string_equal(settings.cover, scratch_at(&scratch, "art/c.png"));
    assert_string_equal(settings.cast, "documentary");
    assert_str_equal(settings.announcements.texts[ANNOUNCEMENT_SHOW], "This is {show}.");
    assert_true(settings.announcements.texts[ANNOUNCEMENT_TITLE].data && !settings.announcements.texts[ANNOUNCEMENT_TITLE].len);
    assert_null(settings.announcements.texts[ANNOUNCEMENT_END].data);
    assert_string_equal(settings.intro, "/abs/in.wav");
    arena_release(&arena);
    scratch_remove(&scratch);
}

static void test_mistakes(void **context)
{
    (void)context;
    static const struct {
        const char *text;
        size_t line;
    } mistakes[] = {
        {"[show]\ntitel = x\n", 2},        {"[shows]\ntitle = x\n", 0},         {"[keep]\ndays = -1\n", 2},
        {"[keep]\ndays = 6x\n", 2},        {"[show]\nurl = ftp://x/\n", 0},     {"[edition]\nloudness = loud\n", 2},
        {"[show]\nexplicit = maybe\n", 2}, {"[announcements]\nstart = x\n", 2}, {"[announcements]\ntitle = x\n", 2},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct library_settings settings;
        struct arena arena = {0};
        struct problem problem;
        assert_int_equal(read_settings(&settings, &arena, &problem, mistakes[i].text), STATUS_BAD_DATA);
        if (mistakes[i].line)
            assert_int_equal(problem.line, mistakes[i].line);
        assert_true(problem.text[0] && problem.path[0]);
        arena_release(&arena);
        scratch_remove(&scratch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_defaults), cmocka_unit_test(test_values),
                                       cmocka_unit_test(test_mistakes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
