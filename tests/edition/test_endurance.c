/* A hundred hours of sound laid end to end: memory flat, no descriptor lost, the length exact to the sample. By hand: ctest -L
 * long. */
#include "test.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#include "edition/edition.h"
#include "edition/inspect.h"
#include "frames.h"

enum { RECORDINGS = 10000, CHAPTERS = 255, RATE = 16000, KBPS = 40, HOURS = 100 };

static long resident_kb(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*d %ld", &pages), 1);
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE) / 1024;
}

static size_t descriptors(void)
{
    size_t n = 0;
    DIR *dir = opendir("/proc/self/fd");
    assert_non_null(dir);
    while (readdir(dir))
        n++;
    closedir(dir);
    return n;
}

static void a_hundred_hours(void **state)
{
    (void)state;
    char path[] = "/tmp/crier-endurance-XXXXXX.mp3";
    assert_true(mkstemps(path, 4) >= 0);
    static struct str titles[CHAPTERS];
    for (size_t i = 0; i < CHAPTERS; i++)
        titles[i] = STR("A chapter");
    struct edition_settings settings = {.sample_rate_hz = RATE,
                                        .bitrate_kbps = KBPS,
                                        .title = STR("A hundred hours"),
                                        .language = STR("en"),
                                        .chapter_titles = titles,
                                        .n_chapters = CHAPTERS,
                                        .silent_frame = frames_silent(RATE, KBPS)};
    struct edition *edition = NULL;
    struct problem problem = {0};
    struct frames sound = frames_make(RATE, KBPS, 1000, 0.1f); /* 36 seconds */
    size_t before = descriptors();
    assert_int_equal(edition_open(&edition, path, &settings, &problem), STATUS_OK);
    uint64_t samples = 0;
    long early = 0;
    for (size_t i = 0; i < RECORDINGS; i++) {
        if (i % (RECORDINGS / CHAPTERS) == 0 && i / (RECORDINGS / CHAPTERS) < CHAPTERS)
            assert_int_equal(edition_start_chapter(edition, 1000, &problem), STATUS_OK);
        uint64_t at = edition_position(edition);
        assert_int_equal(edition_append(edition, buffer_view(&sound.mp3), sound.count, &problem), STATUS_OK);
        assert_int_equal(edition_position(edition) - at, sound.count * sound.samples_per_frame);
        if (i == RECORDINGS / 10)
            early = resident_kb();
    }
    samples = edition_position(edition);
    assert_true(samples / RATE >= HOURS * 3600);
    long late = resident_kb();
    struct edition_result result;
    enum status status = edition_finish(edition, &result, &problem);
    if (status != STATUS_OK)
        fail_msg("%s", problem.text);
    struct inspection found;
    assert_int_equal(inspection_read(&found, path, NULL, &problem), STATUS_OK);
    print_message("%.1f hours, %zu MB, %ld kB resident after a tenth, %ld kB at the end\n", (double)samples / RATE / 3600,
                  (size_t)(result.bytes >> 20), early, late);
    assert_int_equal(result.n_samples, samples);
    assert_int_equal(found.n_samples, samples);
    assert_int_equal(found.duration_ms, result.duration_ms);
    assert_int_equal(found.n_chapters, CHAPTERS);
    assert_int_equal(found.n_breaches, 0);
    assert_true(late - early < 1024);
    inspection_release(&found);
    edition_free(edition);
    assert_int_equal(descriptors(), before);
    buffer_release(&sound.mp3);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_hundred_hours)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
