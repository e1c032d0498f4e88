#include "scratch.h"

#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <utime.h>

#include "library/lock.h"
#include "library/publish.h"
#include "library/state.h"

static struct scratch scratch;
static struct fake fake;
static struct library_report report;
static struct problem problem;

static int setup(void **context)
{
    (void)context;
    scratch_make(&scratch);
    fake = (struct fake){0};
    scratch_write(&scratch, "crier.ini", "[show]\ntitle = A Show\nurl = https://example.org/show/\n");
    scratch_write(&scratch, "inbox/a.txt", "Title A\nText of a.");
    scratch_write(&scratch, "inbox/b.md", "Title B\nText of b.");
    return 0;
}

static int teardown(void **context)
{
    (void)context;
    scratch_remove(&scratch);
    return 0;
}

static enum status batch(void)
{
    return fake_batch(&scratch, &fake, &report, &problem);
}

/* The value of <guid> of the item whose link ends in `slug`, for comparing. */
static void guid_of(const char *slug, char guid[64])
{
    struct buffer feed = scratch_read(&scratch, "public/feed.xml");
    char link[128];
    snprintf(link, sizeof link, "/episodes/%s.html</link>", slug);
    const char *at = strstr(feed.data, link);
    assert_non_null(at);
    at = strstr(at, "<guid isPermaLink=\"false\">");
    assert_non_null(at);
    snprintf(guid, 64, "%.36s", at + strlen("<guid isPermaLink=\"false\">"));
    buffer_release(&feed);
}

static void test_new_then_nothing(void **context)
{
    (void)context;
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(report.made, 2);
    assert_int_equal(fake.n_errors, 0);
    static const char *const files[] = {"feed.xml",
                                        "index.html",
                                        "cover.png",
                                        "sw.js",
                                        "assets/crier.css",
                                        "assets/player.js",
                                        "manifest.webmanifest",
                                        "assets/episodes.js",
                                        "icons/icon-192.png",
                                        "icons/icon-512.png",
                                        "episodes/a.html",
                                        "episodes/b.html"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char name[128];
        snprintf(name, sizeof name, "public/%s", files[i]);
        if (!scratch_has(&scratch, name))
            fail_msg("%s is missing", name);
    }
    struct stat before, after;
    assert_int_equal(stat(scratch_at(&scratch, "public/feed.xml"), &before), 0);
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(report.made, 0);
    assert_int_equal(report.unchanged, 2);
    assert_int_equal(fake.calls, 2);
    assert_string_equal(fake.said, "");
    assert_int_equal(stat(scratch_at(&scratch, "public/feed.xml"), &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
}

static void test_changed_keeps_its_guid(void **context)
{
    (void)context;
    char before[64], after[64];
    assert_int_equal(batch(), STATUS_OK);
    guid_of("a", before);
    scratch_write(&scratch, "inbox/a.txt", "Title A\nText of a, mended.");
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(report.made, 1);
    assert_int_equal(report.unchanged, 1);
    guid_of("a", after);
    assert_string_equal(before, after);
    assert_true(scratch_contains(&scratch, "public/feed.xml", "Text of a, mended."));
    /* The article goes; its episode stays. */
    assert_int_equal(unlink(scratch_at(&scratch, "inbox/a.txt")), 0);
    assert_int_equal(batch(), STATUS_OK);
    assert_true(scratch_contains(&scratch, "public/feed.xml", before));
}

static void test_touched_is_not_changed(void **context)
{
    (void)context;
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(utime(scratch_at(&scratch, "inbox/a.txt"), &(struct utimbuf){1000000000, 1000000000}), 0);
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(fake.calls, 2);
    assert_int_equal(report.unchanged, 2);
}

static void test_settings_change_the_sound(void **context)
{
    (void)context;
    assert_int_equal(batch(), STATUS_OK);
    scratch_write(&scratch, "crier.ini", "[show]\ntitle = A Show\nurl = https://example.org/show/\n[edition]\nloudness = -16\n");
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(report.made, 2);
}

static void test_lost_sound_is_made_again(void **context)
{
    (void)context;
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(unlink(scratch_at(&scratch, "public/episodes/a.mp3")), 0);
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(report.made, 1);
    assert_true(scratch_has(&scratch, "public/episodes/a.mp3"));
}

static void test_bad_article_is_told_once(void **context)
{
    (void)context;
    scratch_write(&scratch, "inbox/0.txt", "BAD\n");
    assert_int_equal(batch(), STATUS_BAD_DATA);
    assert_int_equal(report.made, 2);
    assert_int_equal(report.failed, 1);
    assert_int_equal(fake.n_errors, 1);
    assert_non_null(strstr(fake.said, "no article in it"));
    int calls = fake.calls;
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(fake.n_errors, 0);
    assert_int_equal(fake.calls, calls);
    scratch_write(&scratch, "inbox/0.txt", "Title\nGood at last.");
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(report.made, 1);
}

static void test_missing_engine_is_tried_again(void **context)
{
    (void)context;
    scratch_write(&scratch, "inbox/0.txt", "ENGINE\n");
    assert_int_equal(batch(), STATUS_UNAVAILABLE);
    assert_int_equal(fake.n_errors, 1);
    int calls = fake.calls;
    assert_int_equal(batch(), STATUS_UNAVAILABLE);
    assert_int_equal(fake.n_errors, 0); /* told once */
    assert_int_equal(fake.calls, calls + 1);
}

static void test_edited_into_a_bad_one_stays_published(void **context)
{
    (void)context;
    assert_int_equal(batch(), STATUS_OK);
    scratch_write(&scratch, "inbox/a.txt", "BAD\n");
    assert_int_equal(batch(), STATUS_BAD_DATA);
    assert_true(scratch_contains(&scratch, "public/feed.xml", "/episodes/a.mp3"));
    assert_true(scratch_has(&scratch, "public/episodes/a.mp3"));
    assert_int_equal(batch(), STATUS_OK);
}

static void test_folder_is_one_edition(void **context)
{
    (void)context;
    scratch_write(&scratch, "inbox/2025-10-17/2.txt", "Two\nB.");
    scratch_write(&scratch, "inbox/2025-10-17/1.txt", "One\nA.");
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(report.made, 3);
    struct buffer sound = scratch_read(&scratch, "public/episodes/2025-10-17.mp3");
    assert_string_equal(sound.data, "One\nA.Two\nB.");
    buffer_release(&sound);
    assert_true(scratch_contains(&scratch, "public/feed.xml", "<title>2025-10-17</title>"));
}

static void test_equal_names_get_slugs_of_their_own(void **context)
{
    (void)context;
    scratch_write(&scratch, "inbox/a.md", "Another A\nText.");
    scratch_write(&scratch, "inbox/A.html", "A third\nText.");
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(report.made, 4);
    assert_true(scratch_has(&scratch, "public/episodes/a.mp3"));
    assert_true(scratch_has(&scratch, "public/episodes/a-2.mp3"));
    assert_true(scratch_has(&scratch, "public/episodes/a-3.mp3"));
}

static void test_lock(void **context)
{
    (void)context;
    int lock;
    assert_int_equal(library_lock(&lock, scratch.path, NULL), STATUS_OK);
    assert_int_equal(batch(), STATUS_BUSY);
    assert_int_equal(fake.calls, 0);
    close(lock);
    /* A lock file whose process is gone holds nothing. */
    assert_int_equal(batch(), STATUS_OK);
}

static void test_keep_episodes_and_days(void **context)
{
    (void)context;
    fake.published_s = 1000;
    assert_int_equal(batch(), STATUS_OK);
    scratch_write(&scratch, "inbox/c.txt", "Title C\nText.");
    scratch_write(&scratch, "crier.ini", "[show]\ntitle = A Show\nurl = https://example.org/show/\n[keep]\nepisodes = 2\n");
    fake.published_s = 2000;
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(report.removed, 1);
    assert_false(scratch_contains(&scratch, "public/feed.xml", "/episodes/b."));
    assert_false(scratch_has(&scratch, "public/episodes/b.mp3"));
    assert_false(scratch_has(&scratch, "public/episodes/b.html"));
    assert_true(scratch_contains(&scratch, "public/feed.xml", "/episodes/c.mp3"));
    assert_true(scratch_has(&scratch, "inbox/b.md"));
    /* It is not made again the night after. */
    int calls = fake.calls;
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(fake.calls, calls);
}

/* Asked for, an episode goes with its article, and comes back with it under the same guid; an empty inbox takes nothing along. */
static void test_removed_articles_may_go(void **context)
{
    (void)context;
    char before[64], after[64];
    assert_int_equal(batch(), STATUS_OK);
    guid_of("b", before);
    scratch_write(&scratch, "crier.ini", "[show]\ntitle = A Show\nurl = https://example.org/show/\n[keep]\nremoved = no\n");
    assert_int_equal(unlink(scratch_at(&scratch, "inbox/b.md")), 0);
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(report.removed, 1);
    assert_false(scratch_contains(&scratch, "public/feed.xml", "/episodes/b."));
    assert_false(scratch_has(&scratch, "public/episodes/b.mp3"));
    assert_true(scratch_has(&scratch, "public/episodes/a.mp3"));
    scratch_write(&scratch, "inbox/b.md", "Title B\nText of b.");
    assert_int_equal(batch(), STATUS_OK);
    guid_of("b", after);
    assert_string_equal(before, after);
    assert_int_equal(unlink(scratch_at(&scratch, "inbox/a.txt")), 0);
    assert_int_equal(unlink(scratch_at(&scratch, "inbox/b.md")), 0);
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(report.removed, 0);
    assert_true(scratch_has(&scratch, "public/episodes/a.mp3"));
}

/* The limit is one between articles: what was begun is finished, what is left is told and made by the next run. */
static void test_max_minutes(void **context)
{
    (void)context;
    struct library_run run = {.path = scratch.path,
                              .record = fake_record,
                              .record_context = &fake,
                              .say = fake_say,
                              .say_context = &fake,
                              .sound_id = "one"};
    run.max_minutes = 0.5 / 60;
    fake.slow = true;
    assert_int_equal(library_batch(&run, &report, &problem), STATUS_OK);
    assert_true(report.left >= 1);
    assert_int_equal(report.made + report.left, 2);
    fake.slow = false;
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(report.left, 0);
    assert_true(scratch_contains(&scratch, "public/feed.xml", "/episodes/b.mp3"));
}

static void test_stop_is_finished_by_the_next_run(void **context)
{
    (void)context;
    volatile sig_atomic_t stop = 0;
    fake.stop_after = &stop;
    fake.stop_at = 1;
    assert_int_equal(batch(), STATUS_INTERRUPTED);
    assert_int_equal(report.made, 1);
    assert_int_equal(report.left, 1);
    assert_true(scratch_contains(&scratch, "public/feed.xml", "/episodes/a.mp3"));
    stop = 0;
    fake.stop_at = 100;
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(report.made, 1);
    assert_true(scratch_contains(&scratch, "public/feed.xml", "/episodes/b.mp3"));
}

static void test_voices_are_remembered(void **context)
{
    (void)context;
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(fake.last_known, 1); /* when b was made, Ann Lee had been heard in a */
    scratch_write(&scratch, "inbox/c.txt", "Title C\nText.");
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(fake.last_known, 1);
}

static void test_stale_drafts_go(void **context)
{
    (void)context;
    scratch_write(&scratch, "public/episodes/.a.mp3.4711-0.tmp", "half");
    scratch_write(&scratch, "public/.feed.xml.4711-1.tmp", "half");
    scratch_write(&scratch, "public/assets/.episodes.js.4711-2.tmp", "half");
    scratch_write(&scratch, "public/icons/.icon-192.png.4711-3.tmp", "half");
    scratch_write(&scratch, "elsewhere/.other.4711-4.tmp", "not ours");
    assert_int_equal(symlink("../elsewhere", scratch_at(&scratch, "public/linked")), 0);
    assert_int_equal(batch(), STATUS_OK);
    assert_false(scratch_has(&scratch, "public/episodes/.a.mp3.4711-0.tmp"));
    assert_false(scratch_has(&scratch, "public/.feed.xml.4711-1.tmp"));
    assert_false(scratch_has(&scratch, "public/assets/.episodes.js.4711-2.tmp"));
    assert_false(scratch_has(&scratch, "public/icons/.icon-192.png.4711-3.tmp"));
    assert_true(scratch_has(&scratch, "elsewhere/.other.4711-4.tmp"));
}

static void test_corrupt_state_is_left_and_told(void **context)
{
    (void)context;
    char before[64], after[64];
    assert_int_equal(batch(), STATUS_OK);
    guid_of("a", before);
    unlink(scratch_at(&scratch, "state.sqlite-wal"));
    scratch_write(&scratch, "state.sqlite",
                  "this is no database, and it is long enough to be taken for one by its size alone....");
    assert_int_equal(batch(), STATUS_BAD_DATA);
    assert_non_null(strstr(problem.text, "move it away"));
    assert_true(scratch_contains(&scratch, "public/feed.xml", before));
    assert_true(scratch_contains(&scratch, "state.sqlite", "this is no database"));
    /* As told: moved away, all is made again under the same guids. */
    assert_int_equal(unlink(scratch_at(&scratch, "state.sqlite")), 0);
    assert_int_equal(batch(), STATUS_OK);
    guid_of("a", after);
    assert_string_equal(before, after);
}

static void test_bad_settings_are_told_with_their_line(void **context)
{
    (void)context;
    scratch_write(&scratch, "crier.ini", "[show]\ntitle = A Show\n\n[keep]\ndays = many\n");
    assert_int_equal(batch(), STATUS_BAD_DATA);
    assert_int_equal(problem.line, 5);
    assert_int_equal(fake.calls, 0);
}

/* A cover that cannot be used is told, and never in the way of publishing. */
static void test_own_cover(void **context)
{
    (void)context;
    scratch_write(&scratch, "crier.ini", "[show]\ncover = mine.png\n");
    scratch_write(&scratch, "mine.png", "no picture");
    assert_int_equal(batch(), STATUS_OK);
    assert_non_null(strstr(fake.said, "mine.png' cannot be the cover: "));
    struct buffer drawn = scratch_read(&scratch, "public/cover.png");
    assert_true(str_starts(buffer_view(&drawn), STR("\x89PNG")));
    /* Of one that fits a header is all that is looked at: 1500 x 1500. */
    static const unsigned char png[] = {0x89, 'P', 'N',  'G', 13, 10, 26,   10, 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0,
                                        0,    5,   0xDC, 0,   0,  5,  0xDC, 8,  2, 0, 0, 0,  0,   0,   0,   0};
    FILE *file = fopen(scratch_at(&scratch, "mine.png"), "wb");
    assert_non_null(file);
    fwrite(png, 1, sizeof png, file);
    fclose(file);
    scratch_write(&scratch, "inbox/a.txt", "Title A\nChanged.");
    assert_int_equal(batch(), STATUS_OK);
    assert_null(strstr(fake.said, "cover"));
    struct buffer copy = scratch_read(&scratch, "public/cover.png");
    assert_int_equal(copy.len, sizeof png);
    assert_memory_equal(copy.data, png, sizeof png);
    buffer_release(&copy);
    /* Spoiled again: what was there stays. */
    scratch_write(&scratch, "mine.png", "no picture");
    scratch_write(&scratch, "inbox/a.txt", "Title A\nChanged again.");
    assert_int_equal(batch(), STATUS_OK);
    assert_non_null(strstr(fake.said, "cannot be the cover: "));
    copy = scratch_read(&scratch, "public/cover.png");
    assert_int_equal(copy.len, sizeof png);
    buffer_release(&copy);
    buffer_release(&drawn);
}

/* Killed at many points, by a child that dies between two system calls of its own choosing; then one run finishes. */
static void test_killed_anywhere(void **context)
{
    (void)context;
    unsigned random = 12345;
    for (int i = 0; i < 25; i++) {
        if (i % 5 == 4)
            scratch_write(&scratch, i % 2 ? "inbox/a.txt" : "inbox/d.txt", i % 2 ? "Title A\nOdd." : "Title D\nEven.");
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            batch();
            _exit(0);
        }
        random = random * 1103515245 + 12345;
        nanosleep(&(struct timespec){.tv_nsec = (long)(random >> 8) % 60000000}, NULL);
        kill(child, SIGKILL);
        int how;
        assert_int_equal(waitpid(child, &how, 0), child);
        /* Whatever the feed names is there. */
        if (!scratch_has(&scratch, "public/feed.xml"))
            continue;
        struct buffer feed = scratch_read(&scratch, "public/feed.xml");
        assert_non_null(strstr(feed.data, "</rss>"));
        for (const char *at = feed.data; (at = strstr(at, "https://example.org/show/episodes/"));) {
            char name[256];
            at += strlen("https://example.org/show/");
            snprintf(name, sizeof name, "public/%.*s", (int)strcspn(at, "\"<&"), at);
            if (!scratch_has(&scratch, name))
                fail_msg("the feed names %s, which is not there", name);
        }
        buffer_release(&feed);
    }
    assert_int_equal(batch(), STATUS_OK);
    assert_true(scratch_contains(&scratch, "public/feed.xml", "/episodes/a.mp3"));
    assert_true(scratch_contains(&scratch, "public/feed.xml", "/episodes/b.mp3"));
    assert_true(scratch_contains(&scratch, "public/feed.xml", "/episodes/d.mp3"));
    DIR *dir = opendir(scratch_at(&scratch, "public/episodes"));
    struct dirent *found;
    size_t n = 0;
    while ((found = readdir(dir))) {
        assert_null(strstr(found->d_name, ".tmp"));
        n += found->d_name[0] != '.';
    }
    closedir(dir);
    assert_int_equal(n, 3 * 5);
}

static void test_many_pages(void **context)
{
    (void)context;
    assert_int_equal(batch(), STATUS_OK);
    struct state *state;
    assert_int_equal(state_open(&state, scratch_at(&scratch, "state.sqlite"), NULL), STATUS_OK);
    assert_int_equal(state_begin(state, NULL), STATUS_OK);
    for (int i = 0; i < 310; i++) {
        struct episode episode = {.published_s = 1000000 + i, .duration_ms = 1000, .title = STR("One of many")};
        char source[64], slug[64], mp3[64];
        snprintf(source, sizeof source, "n%03d.txt", i);
        snprintf(slug, sizeof slug, "n%03d", i);
        snprintf(mp3, sizeof mp3, "public/episodes/n%03d.mp3", i);
        scratch_write(&scratch, mp3, "sound");
        episode.slug = str_from(slug);
        episode.guid = str_from(slug);
        struct item item = {.source = str_from(source),
                            .guid = episode.guid,
                            .slug = episode.slug,
                            .status = ITEM_MADE,
                            .published_s = episode.published_s,
                            .first_seen_s = 2000000000 + i};
        struct buffer json = {0};
        assert_int_equal(episode_write_json(&episode, &json), STATUS_OK);
        struct str view = buffer_view(&json);
        assert_int_equal(state_put(state, &item, &view, NULL), STATUS_OK);
        buffer_release(&json);
    }
    assert_int_equal(state_set_fact(state, "published", STR(""), NULL), STATUS_OK);
    assert_int_equal(state_commit(state, NULL), STATUS_OK);
    state_close(state);
    assert_int_equal(batch(), STATUS_OK);
    assert_true(scratch_has(&scratch, "public/page-7.html"));
    assert_false(scratch_has(&scratch, "public/page-8.html"));
    assert_true(scratch_contains(&scratch, "public/feed.xml", "feed-2.xml\" rel=\"next\""));
    assert_true(scratch_contains(&scratch, "public/feed-2.xml", "rel=\"previous\""));
    assert_false(scratch_has(&scratch, "public/feed-3.xml"));
    scratch_write(&scratch, "crier.ini", "[show]\ntitle = A Show\nurl = https://example.org/show/\n[keep]\nepisodes = 20\n");
    assert_int_equal(batch(), STATUS_OK);
    assert_int_equal(report.removed, 292);
    assert_false(scratch_has(&scratch, "public/page-2.html"));
    assert_false(scratch_has(&scratch, "public/feed-2.xml"));
    assert_false(scratch_contains(&scratch, "public/feed.xml", "rel=\"next\""));
    assert_false(scratch_has(&scratch, "public/episodes/n000.mp3"));
    assert_true(scratch_has(&scratch, "public/episodes/n309.html"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_new_then_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_changed_keeps_its_guid, setup, teardown),
        cmocka_unit_test_setup_teardown(test_touched_is_not_changed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_settings_change_the_sound, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lost_sound_is_made_again, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bad_article_is_told_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_missing_engine_is_tried_again, setup, teardown),
        cmocka_unit_test_setup_teardown(test_edited_into_a_bad_one_stays_published, setup, teardown),
        cmocka_unit_test_setup_teardown(test_folder_is_one_edition, setup, teardown),
        cmocka_unit_test_setup_teardown(test_equal_names_get_slugs_of_their_own, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lock, setup, teardown),
        cmocka_unit_test_setup_teardown(test_keep_episodes_and_days, setup, teardown),
        cmocka_unit_test_setup_teardown(test_removed_articles_may_go, setup, teardown),
        cmocka_unit_test_setup_teardown(test_max_minutes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_stop_is_finished_by_the_next_run, setup, teardown),
        cmocka_unit_test_setup_teardown(test_voices_are_remembered, setup, teardown),
        cmocka_unit_test_setup_teardown(test_stale_drafts_go, setup, teardown),
        cmocka_unit_test_setup_teardown(test_corrupt_state_is_left_and_told, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bad_settings_are_told_with_their_line, setup, teardown),
        cmocka_unit_test_setup_teardown(test_own_cover, setup, teardown),
        cmocka_unit_test_setup_teardown(test_killed_anywhere, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many_pages, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
