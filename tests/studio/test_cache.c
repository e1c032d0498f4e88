/* The recording cache, and runs that end too early. */
#include "studio_fixture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "studio/cache.h"

static char folder[64];

static int new_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/crier-cache.XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char line[100];
    snprintf(line, sizeof line, "rm -rf %s", folder);
    return system(line);
}

/* `n` passages of two sentences, the `changed` one with another word. */
static struct programme numbered(size_t n, size_t changed)
{
    struct buffer text = {0};
    for (size_t i = 0; i < n; i++)
        buffer_format(&text, "a: Paragraph number %zu is spoken %s.\nb: And so it is.\n\n", i,
                      i == changed ? "loudly" : "softly");
    struct programme programme = fixture_programme(text.data);
    buffer_release(&text);
    assert_int_equal(programme.n_passages, n);
    return programme;
}

static struct tape *record(const struct programme *programme, int jobs, const char *cache)
{
    struct studio_settings settings = fixture_settings(jobs);
    settings.cache_folder = cache;
    struct problem problem = {0};
    struct tape *tape = tape_new();
    assert_int_equal(tape_record(tape, &settings, programme, &problem), STATUS_OK);
    return tape;
}

static void assert_same(const struct tape *a, const struct tape *b)
{
    assert_int_equal(a->mp3.len, b->mp3.len);
    assert_memory_equal(a->mp3.data, b->mp3.data, a->mp3.len);
    assert_int_equal(a->n_samples, b->n_samples);
    assert_int_equal(a->n_words, b->n_words);
    assert_memory_equal(a->words, b->words, a->n_words * sizeof *a->words);
    assert_memory_equal(a->pieces, b->pieces, a->n_pieces * sizeof *a->pieces);
    assert_memory_equal(&a->loudness, &b->loudness, sizeof a->loudness);
    assert_true(a->true_peak_dbtp == b->true_peak_dbtp);
}

static void warm_is_the_same_as_cold(void **state)
{
    (void)state;
    struct programme programme = numbered(7, 99);
    struct tape *none = record(&programme, 1, NULL), *cold = record(&programme, 2, folder), *warm = record(&programme, 8, folder);
    assert_int_equal(none->n_cached + cold->n_cached, 0);
    assert_int_equal(warm->n_cached, 7);
    assert_same(none, cold);
    assert_same(cold, warm);
    struct programme edited = numbered(7, 3);
    struct tape *half = record(&edited, 2, folder), *fresh = record(&edited, 2, NULL);
    assert_int_equal(half->n_cached, 6);
    assert_same(half, fresh);
    /* and whatever else changes the sound */
    struct studio_settings settings = fixture_settings(2);
    settings.cache_folder = folder;
    settings.loudness_lufs = -20;
    struct tape *quieter = tape_new();
    assert_int_equal(tape_record(quieter, &settings, &programme, NULL), STATUS_OK);
    assert_int_equal(quieter->n_cached, 0);
    tape_free(none);
    tape_free(cold);
    tape_free(warm);
    tape_free(half);
    tape_free(fresh);
    tape_free(quieter);
    programme_release(&programme);
    programme_release(&edited);
}

/* Calls `what` for every file in the cache. */
static size_t each_file(void (*what)(const char *path, size_t index))
{
    size_t n = 0;
    for (int i = 0; i < 256; i++) {
        char shard[128], path[512];
        snprintf(shard, sizeof shard, "%s/%02x", folder, i);
        DIR *dir = opendir(shard);
        for (const struct dirent *e; dir && (e = readdir(dir)) != NULL;) {
            if (e->d_name[0] == '.')
                continue;
            snprintf(path, sizeof path, "%s/%s", shard, e->d_name);
            if (what)
                what(path, n);
            n++;
        }
        if (dir)
            closedir(dir);
    }
    return n;
}

static void damage(const char *path, size_t index)
{
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    if (index % 4 == 0)
        assert_int_equal(ftruncate(fd, about.st_size - 1), 0);
    else if (index % 4 == 1)
        assert_int_equal(ftruncate(fd, 20), 0);
    else if (index % 4 == 2)
        assert_int_equal(ftruncate(fd, about.st_size + 100), 0);
    else {
        char byte;
        off_t at = about.st_size * 2 / 3;
        assert_int_equal(pread(fd, &byte, 1, at), 1);
        byte ^= 1;
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    }
    close(fd);
}

static void damaged_files_are_recorded_again(void **state)
{
    (void)state;
    struct programme programme = numbered(8, 99);
    struct tape *cold = record(&programme, 2, folder);
    assert_int_equal(each_file(damage), 8);
    struct tape *again = record(&programme, 2, folder), *warm = record(&programme, 2, folder);
    assert_int_equal(again->n_cached, 0);
    assert_int_equal(warm->n_cached, 8);
    assert_same(cold, again);
    assert_same(cold, warm);
    tape_free(cold);
    tape_free(again);
    tape_free(warm);
    programme_release(&programme);
}

static void many_processes_share_one_cache(void **state)
{
    (void)state;
    struct programme programme = numbered(6, 99);
    struct tape *alone = record(&programme, 2, NULL);
    pid_t pids[4];
    for (size_t i = 0; i < 4; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            struct studio_settings settings = fixture_settings(1 + (int)i % 2);
            settings.cache_folder = folder;
            settings.cache_limit_bytes = i == 3 ? 1 : 0; /* one that throws everything away all the time */
            struct tape *tape = tape_new();
            bool good = tape_record(tape, &settings, &programme, NULL) == STATUS_OK && tape->mp3.len == alone->mp3.len &&
                        memcmp(tape->mp3.data, alone->mp3.data, alone->mp3.len) == 0;
            _exit(good ? 0 : 1);
        }
    }
    for (size_t i = 0; i < 4; i++) {
        int how;
        assert_int_equal(waitpid(pids[i], &how, 0), pids[i]);
        assert_int_equal(how, 0);
    }
    tape_free(alone);
    programme_release(&programme);
}

static void set_age(const char *path, size_t index)
{
    (void)index;
    const struct timespec old[2] = {{.tv_sec = 1000000}, {.tv_sec = 1000000}};
    assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
}

static void the_least_recently_used_go_first(void **state)
{
    (void)state;
    struct programme all = numbered(8, 99), few = numbered(3, 99);
    tape_free(record(&all, 2, folder));
    assert_int_equal(each_file(set_age), 8);
    tape_free(record(&few, 2, folder)); /* uses the first three again */
    struct cache_report before, after;
    assert_int_equal(cache_measure(folder, &before, NULL), STATUS_OK);
    assert_int_equal(before.n_recordings, 8);
    assert_int_equal(cache_prune(folder, before.bytes / 2, &after, NULL), STATUS_OK);
    assert_true(after.bytes <= before.bytes / 2 && after.n_recordings >= 3);
    struct tape *warm = record(&few, 2, folder);
    assert_int_equal(warm->n_cached, 3);
    tape_free(warm);
    assert_int_equal(cache_prune(folder, 0, &after, NULL), STATUS_OK);
    assert_int_equal(after.n_recordings, 0);
    assert_int_equal(each_file(NULL), 0);
    /* a run over the limit prunes by itself */
    struct studio_settings settings = fixture_settings(2);
    settings.cache_folder = folder;
    settings.cache_limit_bytes = before.bytes / 4;
    struct tape *tape = tape_new();
    assert_int_equal(tape_record(tape, &settings, &all, NULL), STATUS_OK);
    tape_free(tape);
    assert_int_equal(cache_measure(folder, &after, NULL), STATUS_OK);
    assert_true(after.bytes <= before.bytes / 4 && after.n_recordings > 0);
    programme_release(&all);
    programme_release(&few);
}

static void folders_that_are_not_there(void **state)
{
    (void)state;
    struct cache_report report;
    struct problem problem = {0};
    assert_int_equal(cache_measure("/nonexistent/cache", &report, NULL), STATUS_OK);
    assert_int_equal(report.n_recordings, 0);
    struct programme programme = numbered(1, 99);
    struct studio_settings settings = fixture_settings(1);
    settings.cache_folder = "/dev/null/cache";
    struct tape *tape = tape_new();
    assert_int_not_equal(tape_record(tape, &settings, &programme, &problem), STATUS_OK);
    assert_true(problem.path[0] != '\0');
    tape_free(tape);
    programme_release(&programme);
    char path[100];
    setenv("XDG_CACHE_HOME", "/x/y", 1);
    assert_int_equal(cache_default_folder(path, sizeof path, NULL), STATUS_OK);
    assert_string_equal(path, "/x/y/crier");
    unsetenv("XDG_CACHE_HOME");
    setenv("HOME", "/h", 1);
    assert_int_equal(cache_default_folder(path, sizeof path, NULL), STATUS_OK);
    assert_string_equal(path, "/h/.cache/crier");
}

/* ---- runs that end too early ---- */

static _Atomic size_t *delivered; /* shared with the run */

static enum status count_deliveries(void *context, size_t passage, const struct recording *recording, struct problem *problem)
{
    (void)context;
    (void)recording;
    (void)problem;
    *delivered = passage + 1;
    return STATUS_OK;
}

static void no_child_is_left(void)
{
    for (int i = 0; i < 200; i++) {
        int how;
        if (waitpid(-1, &how, WNOHANG) < 0 && errno == ECHILD)
            return;
        usleep(10000);
    }
    fail_msg("a worker is still there");
}

static void a_killed_run_goes_on_where_it_was(void **state)
{
    (void)state;
    enum { N = 40, JOBS = 2 };
    struct programme programme = numbered(N, 99);
    struct tape *cold = record(&programme, JOBS, NULL);
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0); /* its orphans become ours */
    for (size_t kill_at = 1; kill_at < N; kill_at += 13) {
        remove_folder(NULL);
        mkdir(folder, 0755);
        *delivered = 0;
        pid_t pid = fork();
        if (pid == 0) {
            struct studio_settings settings = fixture_settings(JOBS);
            settings.cache_folder = folder;
            struct studio *studio;
            if (studio_open(&studio, &settings, &programme, NULL) == STATUS_OK)
                studio_record(studio, count_deliveries, NULL, NULL, NULL);
            _exit(0);
        }
        while (*delivered < kill_at)
            usleep(500);
        kill(pid, SIGKILL);
        int how;
        assert_int_equal(waitpid(pid, &how, 0), pid);
        size_t done = *delivered;
        no_child_is_left();
        struct tape *resumed = record(&programme, JOBS, folder);
        assert_true(resumed->n_cached >= done);
        assert_same(cold, resumed);
        tape_free(resumed);
    }
    tape_free(cold);
    programme_release(&programme);
}

static volatile sig_atomic_t stop;

static enum status stop_soon(void *context, size_t passage, const struct recording *recording, struct problem *problem)
{
    (void)context;
    (void)recording;
    (void)problem;
    assert_true(passage <= 2);
    stop = passage == 2;
    return STATUS_OK;
}

static void on_alarm(int number)
{
    (void)number;
    stop = 1;
}

static void stopping_leaves_no_worker(void **state)
{
    (void)state;
    struct programme programme = numbered(30, 99);
    struct studio_settings settings = fixture_settings(4);
    settings.stop = &stop;
    struct studio *studio;
    struct problem problem = {0};
    assert_int_equal(studio_open(&studio, &settings, &programme, &problem), STATUS_OK);
    assert_int_equal(studio_record(studio, stop_soon, NULL, NULL, &problem), STATUS_INTERRUPTED);
    no_child_is_left();
    studio_close(studio);
    /* a program that never ends does not hold it up */
    stop = 0;
    struct voice sleeper = {.name = str_from("sleeper"), .engine = str_from("command"), .command = str_from("sleep 1000")};
    struct programme hanging = fixture_programme_with("a: Wait.\n", &sleeper, &fixture_ben);
    signal(SIGALRM, on_alarm);
    assert_int_equal(studio_open(&studio, &settings, &hanging, &problem), STATUS_OK);
    alarm(1);
    assert_int_equal(studio_record(studio, stop_soon, NULL, NULL, &problem), STATUS_INTERRUPTED);
    assert_int_equal(alarm(0), 0);
    no_child_is_left();
    studio_close(studio);
    programme_release(&programme);
    programme_release(&hanging);
}

static enum status refuse(void *context, size_t passage, const struct recording *recording, struct problem *problem)
{
    (void)context;
    (void)passage;
    (void)recording;
    return problem_set(problem, STATUS_IO, NULL, 0, "the disk is full");
}

static void a_failed_delivery_ends_the_run(void **state)
{
    (void)state;
    struct programme programme = numbered(10, 99);
    struct studio_settings settings = fixture_settings(2);
    struct studio *studio;
    struct problem problem = {0};
    assert_int_equal(studio_open(&studio, &settings, &programme, &problem), STATUS_OK);
    assert_int_equal(studio_record(studio, refuse, NULL, NULL, &problem), STATUS_IO);
    assert_string_equal(problem.text, "the disk is full");
    no_child_is_left();
    studio_close(studio);
    programme_release(&programme);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(warm_is_the_same_as_cold, new_folder, remove_folder),
        cmocka_unit_test_setup_teardown(damaged_files_are_recorded_again, new_folder, remove_folder),
        cmocka_unit_test_setup_teardown(many_processes_share_one_cache, new_folder, remove_folder),
        cmocka_unit_test_setup_teardown(the_least_recently_used_go_first, new_folder, remove_folder),
        cmocka_unit_test(folders_that_are_not_there),
        cmocka_unit_test_setup_teardown(a_killed_run_goes_on_where_it_was, new_folder, remove_folder),
        cmocka_unit_test(stopping_leaves_no_worker),
        cmocka_unit_test(a_failed_delivery_ends_the_run),
    };
    delivered = mmap(NULL, sizeof *delivered, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (delivered == MAP_FAILED)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
