#include "studio_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>

#include "base/file.h"

static const char story[] = "a: The council met on Tuesday, and everyone spoke at once.\n"
                            "b: We cannot go on like this.\n"
                            "a: Nobody answered.\n"
                            "\n"
                            "a: Later the rain came.\n"
                            "\n"
                            "b: It was the longest night of the year, he said, and the river rose until morning.\n"
                            "a: Then it fell.\n";

static float loudest(const float *samples, size_t from, size_t to)
{
    float peak = 0;
    for (size_t i = from; i < to; i++)
        peak = fabsf(samples[i]) > peak ? fabsf(samples[i]) : peak;
    return peak;
}

static void recordings_laid_end_to_end_decode_in_place(void **state)
{
    (void)state;
    struct programme programme = fixture_programme(story);
    struct studio_settings settings = fixture_settings(2);
    struct problem problem = {0};
    struct tape *tape = tape_new();
    assert_int_equal(tape_record(tape, &settings, &programme, &problem), STATUS_OK);
    assert_int_equal(tape->n_delivered, 3);
    assert_int_equal(tape->n_samples % 1152, 0);
    size_t n;
    float *samples = tape_decode(tape, &n);
    assert_true(n >= tape->n_samples - 1152);
    for (size_t i = 0; i < tape->n_pieces; i++) {
        /* sound where the marks say, silence around it */
        size_t start = tape->pieces[i].start_sample, end = tape->pieces[i].end_sample;
        assert_true(end > start + 4410 && end <= tape->n_samples);
        assert_true(loudest(samples, start, start + 2205) > 0.01f);
        assert_true(loudest(samples, end - 2205, end) > 0.003f);
    }
    for (size_t i = 1; i < 3; i++) {
        size_t seam = tape->starts[i];
        assert_true(loudest(samples, seam - 1105, seam) < 1e-4f);
    }
    free(samples);
    tape_free(tape);
    programme_release(&programme);
}

/* Each recording decoded alone gives what it gives in its place: no frame needs its neighbours. */
static void recordings_stand_alone(void **state)
{
    (void)state;
    struct programme programme = fixture_programme(story);
    struct studio_settings settings = fixture_settings(2);
    struct tape *whole = tape_new();
    assert_int_equal(tape_record(whole, &settings, &programme, NULL), STATUS_OK);
    size_t n;
    float *together = tape_decode(whole, &n);
    for (size_t p = 0; p < programme.n_passages; p++) {
        struct programme one = {.passages = &programme.passages[p], .n_passages = 1};
        struct tape *alone = tape_new();
        assert_int_equal(tape_record(alone, &settings, &one, NULL), STATUS_OK);
        size_t n_alone;
        float *samples = tape_decode(alone, &n_alone);
        for (size_t i = 0; i < n_alone && i + 1152 < alone->n_samples; i++)
            assert_true(fabsf(samples[i] - together[whole->starts[p] + i]) < 1e-5f);
        free(samples);
        tape_free(alone);
    }
    free(together);
    tape_free(whole);
    programme_release(&programme);
}

static void bytes_do_not_depend_on_jobs(void **state)
{
    (void)state;
    struct programme programme = fixture_programme(story);
    struct problem problem = {0};
    struct tape *first = tape_new();
    struct studio_settings settings = fixture_settings(1);
    assert_int_equal(tape_record(first, &settings, &programme, &problem), STATUS_OK);
    for (int jobs = 2; jobs <= 8; jobs *= 2) {
        struct tape *again = tape_new();
        settings.jobs = jobs;
        assert_int_equal(tape_record(again, &settings, &programme, &problem), STATUS_OK);
        assert_int_equal(again->mp3.len, first->mp3.len);
        assert_memory_equal(again->mp3.data, first->mp3.data, first->mp3.len);
        tape_free(again);
    }
    tape_free(first);
    programme_release(&programme);
}

static void pauses_are_as_long_as_asked(void **state)
{
    (void)state;
    struct programme programme = fixture_programme(story);
    struct studio_settings settings = fixture_settings(2);
    struct problem problem = {0};
    struct tape *tape = tape_new();
    assert_int_equal(tape_record(tape, &settings, &programme, &problem), STATUS_OK);
    double gap_ms = (double)(tape->pieces[1].start_sample - tape->pieces[0].end_sample) / 44.1;
    assert_true(fabs(gap_ms - 300) < 1);
    size_t n;
    float *samples = tape_decode(tape, &n);
    size_t end = tape->pieces[1].start_sample, start = tape->pieces[0].end_sample;
    while (start && fabsf(samples[start]) < 0.002f)
        start--;
    while (fabsf(samples[end]) < 0.002f)
        end++;
    assert_true(fabs((double)(end - start) / 44.1 - 300) < 30);
    free(samples);
    tape_free(tape);
    programme_release(&programme);
}

static void every_part_has_a_mark_in_order(void **state)
{
    (void)state;
    struct programme programme = fixture_programme(story);
    struct studio_settings settings = fixture_settings(2);
    struct problem problem = {0};
    struct tape *tape = tape_new();
    assert_int_equal(tape_record(tape, &settings, &programme, &problem), STATUS_OK);
    size_t n_parts = 0;
    for (size_t p = 0; p < programme.n_passages; p++)
        for (size_t i = 0; i < programme.passages[p].n_pieces; i++)
            n_parts += programme.passages[p].pieces[i].n_parts;
    assert_int_equal(tape->n_words, n_parts);
    for (size_t i = 1; i < tape->n_words; i++)
        assert_true(tape->words[i].start_sample >= tape->words[i - 1].start_sample);
    /* "council" is heard well after "The" and before "met": espeak says so, no guess by length would be exact */
    assert_true(tape->words[1].start_sample > tape->pieces[0].start_sample);
    assert_true(tape->words[9].start_sample < tape->pieces[0].end_sample);
    tape_free(tape);
    programme_release(&programme);
}

/* ---- an engine that crashes or hangs: the worker is hit while it speaks ---- */

static struct {
    int with, times;
    pid_t last;
} hit;

static void hit_the_worker(int number)
{
    (void)number;
    char path[64], line[64] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return;
    pid_t child = read(fd, line, sizeof line - 1) > 0 ? (pid_t)strtol(line, NULL, 10) : 0;
    if (child > 1 && child != hit.last && hit.times > 0) {
        kill(child, hit.with);
        hit.last = child;
        hit.times--;
    }
    close(fd);
}

static struct tape *record_under_fire(const struct programme *programme, int with, int times)
{
    struct studio_settings settings = fixture_settings(1);
    settings.stall_s = 4; /* so long that a busy machine does not make a second one hang */
    struct problem problem = {0};
    struct tape *tape = tape_new();
    hit.with = with;
    hit.times = times;
    hit.last = 0;
    signal(SIGALRM, hit_the_worker);
    const struct itimerval every = {.it_value = {.tv_usec = 60000}, .it_interval = {.tv_usec = 60000}}, never = {0};
    assert_int_equal(setitimer(ITIMER_REAL, &every, NULL), 0);
    assert_int_equal(tape_record(tape, &settings, programme, &problem), STATUS_OK);
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    assert_int_equal(hit.times, 0);
    assert_int_equal(tape->n_notes, times);
    assert_int_equal(tape->n_pieces, 60);
    assert_int_equal(tape->n_failed, 0);
    return tape;
}

static void hit_and_recover(int with, const char *said)
{
    struct buffer text = {0};
    for (int i = 0; i < 60; i++)
        buffer_format(&text, "a: This is sentence number %d of a paragraph that is long enough to be hit.\n", i);
    struct programme programme = fixture_programme(text.data);
    struct tape *calm = record_under_fire(&programme, with, 0), *once = record_under_fire(&programme, with, 1);
    assert_non_null(strstr(once->notes.data, said));
    assert_null(strstr(once->notes.data, "sentence by sentence"));
    assert_int_equal(once->mp3.len, calm->mp3.len);
    assert_memory_equal(once->mp3.data, calm->mp3.data, calm->mp3.len);
    struct tape *twice = record_under_fire(&programme, with, 2);
    assert_non_null(strstr(twice->notes.data, said));
    assert_non_null(strstr(twice->notes.data, "trying again sentence by sentence"));
    /* pauses keep their length within one MP3 frame */
    for (size_t i = 1; i < twice->n_pieces; i++) {
        double gap_ms = (double)(twice->pieces[i].start_sample - twice->pieces[i - 1].end_sample) / 44.1;
        assert_true(fabs(gap_ms - 300) < 20);
    }
    tape_free(calm);
    tape_free(once);
    tape_free(twice);
    buffer_release(&text);
    programme_release(&programme);
}

static void a_crash_is_got_over(void **state)
{
    (void)state;
    hit_and_recover(SIGKILL, "the engine crashed"); /* nothing that cmocka catches: it may come before the worker has settled */
}

static void a_hang_is_got_over(void **state)
{
    (void)state;
    hit_and_recover(SIGSTOP, "no progress for 4 seconds");
}

/* One passage for each digit of `lengths` (I: 25, T: 36), of so many sentences; the order in which one worker began them. */
static void assert_order(const char *lengths, const char *order)
{
    struct buffer story_of = {0}, trace = {0}, begun = {0};
    for (const char *length = lengths; *length; length++) {
        for (int i = *length - '0'; i > 0; i--)
            buffer_c_string(&story_of, "a: Then the rain came down.\n");
        buffer_byte(&story_of, '\n');
    }
    char path[] = "/tmp/crier-order-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    struct programme programme = fixture_programme(story_of.data);
    struct studio_settings settings = fixture_settings(1);
    settings.trace_path = path;
    struct tape *tape = tape_new();
    assert_int_equal(tape_record(tape, &settings, &programme, NULL), STATUS_OK);
    assert_int_equal(tape->n_delivered, strlen(lengths));
    assert_int_equal(file_read(path, 1 << 20, &trace, NULL), STATUS_OK);
    for (const char *at = trace.data; (at = strstr(at, "\"passage ")) != NULL; at++)
        buffer_byte(&begun, at[9]);
    assert_string_equal(begun.data, order);
    unlink(path);
    tape_free(tape);
    programme_release(&programme);
    buffer_release(&story_of);
    buffer_release(&trace);
    buffer_release(&begun);
}

/* One worker takes up five passages at a time. */
static void passages_begin_so_that_no_core_waits(void **state)
{
    (void)state;
    assert_order("1112", "4123");                 /* the last one is taken up: the longest first */
    assert_order("121213124", "123459687");       /* in order until then */
    assert_order("11T111111", "312456789");       /* one that takes longer than all others together cannot begin too early */
    assert_order("11111111T", "123459678");       /* but not before it is taken up */
    assert_order("99991I111111", "123465789111"); /* what has begun no longer counts */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recordings_laid_end_to_end_decode_in_place),
        cmocka_unit_test(recordings_stand_alone),
        cmocka_unit_test(a_crash_is_got_over),
        cmocka_unit_test(a_hang_is_got_over),
        cmocka_unit_test(bytes_do_not_depend_on_jobs),
        cmocka_unit_test(passages_begin_so_that_no_core_waits),
        cmocka_unit_test(pauses_are_as_long_as_asked),
        cmocka_unit_test(every_part_has_a_mark_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
