/* External programs as engines: well-behaved ones from Debian, and small scripts that fail in every way they can. */
#include "studio_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>

static char folder[] = "/tmp/crier-engines.XXXXXX";

/* A program in the test's folder; its full path lives as long as the test. */
static const char *script(const char *name, const char *body)
{
    static char paths[16][64];
    static int n;
    char *path = paths[n++ % 16];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", body);
    fclose(file);
    assert_int_equal(chmod(path, 0755), 0);
    return path;
}

/* A sound file of `ms` milliseconds: a tone of amplitude `level`. */
static const char *sound(const char *name, int rate, int channels, int ms, double level)
{
    static char path[64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    SF_INFO info = {.samplerate = rate, .channels = channels, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16};
    SNDFILE *file = sf_open(path, SFM_WRITE, &info);
    assert_non_null(file);
    for (int i = 0; i < rate * ms / 1000; i++) {
        float frame[8];
        for (int c = 0; c < channels; c++)
            frame[c] = (float)(level * sin(2 * 3.14159265 * 440 * i / rate));
        sf_writef_float(file, frame, 1);
    }
    sf_close(file);
    return path;
}

static struct voice command_voice(const char *command)
{
    return (struct voice){.name = str_from("outside"),
                          .engine = str_from("command"),
                          .model = str_from("slt"),
                          .command = str_from(command),
                          .rate_wpm = 175,
                          .timeout_s = 1,
                          .gain_db = 0};
}

static const char two_voices[] = "a: Good morning to you all.\nb: And a good evening.\n\na: The end.\n";

static enum status try_with(const char *text, const struct voice *a, bool keep_going, struct tape *tape, struct problem *problem)
{
    struct programme programme = fixture_programme_with(text, a, &fixture_ben);
    struct studio_settings settings = fixture_settings(2);
    settings.keep_going = keep_going;
    *problem = (struct problem){0};
    enum status status = tape_record(tape, &settings, &programme, problem);
    programme_release(&programme);
    tape->programme = NULL;
    return status;
}

/* What a bad engine must end in: exit status "unavailable" and words that name the voice and say what happened. */
static void fails_with(const char *command, const char *why)
{
    struct voice voice = command_voice(command);
    struct problem problem;
    struct tape *tape = tape_new();
    assert_int_equal(try_with(two_voices, &voice, false, tape, &problem), STATUS_UNAVAILABLE);
    if (!strstr(problem.text, why) || !strstr(problem.text, "'outside'"))
        fail_msg("'%s' does not name the voice and '%s'", problem.text, why);
    tape_free(tape);
}

static bool process_runs(const char *argument)
{
    DIR *dir = opendir("/proc");
    bool found = false;
    assert_non_null(dir);
    for (const struct dirent *e; (e = readdir(dir)) != NULL;) {
        char path[300], line[512];
        snprintf(path, sizeof path, "/proc/%s/cmdline", e->d_name);
        int fd = e->d_name[0] >= '0' && e->d_name[0] <= '9' ? open(path, O_RDONLY) : -1;
        if (fd < 0)
            continue;
        ssize_t n = read(fd, line, sizeof line - 1);
        close(fd);
        for (ssize_t i = 0; i < n; i++)
            line[i] = line[i] ? line[i] : ' ';
        line[n > 0 ? n : 0] = '\0';
        found |= strstr(line, argument) != NULL;
    }
    closedir(dir);
    return found;
}

static void soon_gone(const char *argument)
{
    for (int i = 0; i < 100 && process_runs(argument); i++)
        usleep(20000);
    assert_false(process_runs(argument));
}

static bool installed(const char *program)
{
    char line[128];
    snprintf(line, sizeof line, "command -v %s >/dev/null 2>&1", program);
    return system(line) == 0;
}

static void flite_speaks_beside_espeak(void **state)
{
    (void)state;
    if (!installed("flite"))
        skip();
    struct voice voice = command_voice("flite -voice {voice} -f {textfile} -o {wav}");
    voice.timeout_s = 20;
    voice.gain_db = NAN;
    struct problem problem;
    struct tape *tape = tape_new();
    assert_int_equal(try_with(two_voices, &voice, false, tape, &problem), STATUS_OK);
    assert_int_equal(tape->n_notes, 0);
    assert_int_equal(tape->n_pieces, 3);
    for (size_t i = 1; i < tape->n_words; i++)
        assert_true(tape->words[i].start_sample >= tape->words[i - 1].start_sample);
    assert_true(tape->words[4].start_sample < tape->pieces[0].end_sample);
    assert_true(tape->words[4].start_sample > tape->pieces[0].start_sample + 4410);
    /* the gain was measured: at the reference loudness */
    assert_true(fabs(loudness_integrated(&tape->loudness) + 19) < 2);
    tape_free(tape);
}

static void espeaks_own_command_speaks_through_pipes(void **state)
{
    (void)state;
    if (!installed("espeak-ng"))
        skip();
    struct voice voice = command_voice("espeak-ng -v en-us -s {rate} --stdin --stdout");
    voice.timeout_s = 20;
    struct problem problem;
    struct tape *tape = tape_new();
    assert_int_equal(try_with(two_voices, &voice, false, tape, &problem), STATUS_OK);
    double first_s = (double)(tape->pieces[0].end_sample - tape->pieces[0].start_sample) / 44100;
    assert_true(first_s > 0.8 && first_s < 2.5);
    tape_free(tape);
}

static void any_rate_and_channels_will_do(void **state)
{
    (void)state;
    static const struct {
        int rate, channels;
    } forms[] = {{8000, 1}, {48000, 2}, {96000, 1}, {44100, 6}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        char command[200];
        snprintf(command, sizeof command, "cp %s {wav}", sound("tone.wav", forms[i].rate, forms[i].channels, 700, 0.1));
        struct voice voice = command_voice(command);
        struct problem problem;
        struct tape *tape = tape_new();
        assert_int_equal(try_with(two_voices, &voice, false, tape, &problem), STATUS_OK);
        double ms = (double)(tape->pieces[0].end_sample - tape->pieces[0].start_sample) / 44.1;
        assert_true(fabs(ms - 700) < 15);
        tape_free(tape);
    }
}

static void words_reach_the_program_unharmed(void **state)
{
    (void)state;
    char body[300], command[200];
    snprintf(body, sizeof body, "printf '%%s' \"$2\" > %s/heard; cp %s \"$1\"", folder, sound("ok.wav", 16000, 1, 500, 0.1));
    snprintf(command, sizeof command, "%s {wav} {text}", script("listens", body));
    struct voice voice = command_voice(command);
    struct problem problem;
    struct tape *tape = tape_new();
    assert_int_equal(try_with("a: $(touch /tmp/x) `ls` \"quoted\"; it's {wav} & more\n", &voice, false, tape, &problem),
                     STATUS_OK);
    char path[64], heard[200] = "";
    snprintf(path, sizeof path, "%s/heard", folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(heard, sizeof heard, file));
    fclose(file);
    assert_string_equal(heard, "$(touch /tmp/x) `ls` \"quoted\"; it's {wav} & more");
    tape_free(tape);
}

static void bad_engines_are_named(void **state)
{
    (void)state;
    char command[200];
    fails_with(script("crash", "kill -SEGV $$"), "crashed");
    fails_with(script("refuse", "echo loading >&2; echo no such model >&2; exit 3"), "exit code 3: no such model");
    fails_with(script("mute", "exit 0"), "wrote no sound");
    fails_with(script("rubbish", "echo this is not a sound file at all"), "no sound file");
    snprintf(command, sizeof command, "cp %s {wav}", sound("zeros.wav", 22050, 1, 500, 0));
    fails_with(command, "silence");
    snprintf(command, sizeof command, "cp %s {wav}", sound("none.wav", 22050, 1, 0, 0));
    fails_with(command, "empty");
    fails_with("'unclosed {text}", "quotes");
    fails_with("no-such-program-anywhere {wav}", "not installed");
}

static void a_hanging_engine_is_killed_with_its_children(void **state)
{
    (void)state;
    fails_with(script("hang", "sleep 98761 & sleep 98762"), "no progress for 1 seconds");
    soon_gone("sleep 98761");
    soon_gone("sleep 98762");
    /* what a good one leaves running goes too */
    char body[300], command[100];
    snprintf(body, sizeof body, "sleep 98763 & cp %s $1", sound("ok2.wav", 16000, 1, 500, 0.1));
    snprintf(command, sizeof command, "%s {wav}", script("daemon", body));
    struct voice voice = command_voice(command);
    struct problem problem;
    struct tape *tape = tape_new();
    assert_int_equal(try_with(two_voices, &voice, false, tape, &problem), STATUS_OK);
    soon_gone("sleep 98763");
    tape_free(tape);
}

static void keep_going_leaves_silence_and_says_so(void **state)
{
    (void)state;
    struct voice voice = command_voice(script("refuses", "exit 5"));
    struct problem problem;
    struct tape *tape = tape_new();
    assert_int_equal(try_with(two_voices, &voice, true, tape, &problem), STATUS_OK);
    assert_int_equal(tape->n_delivered, 2);
    assert_int_equal(tape->n_failed, 2);
    assert_non_null(strstr(tape->notes.data, "cannot speak 'Good morning to you all.' with voice 'outside'"));
    assert_non_null(strstr(tape->notes.data, "left silent"));
    /* ben's sentence in the same passage is there */
    size_t n;
    float *samples = tape_decode(tape, &n);
    float peak = 0;
    for (size_t i = tape->pieces[1].start_sample; i < tape->pieces[1].end_sample; i++)
        peak = fmaxf(peak, fabsf(samples[i]));
    assert_true(peak > 0.05f);
    free(samples);
    tape_free(tape);
}

static void a_missing_program_gives_way_to_the_fallback(void **state)
{
    (void)state;
    struct voice voices[] = {command_voice("no-such-program-anywhere"), fixture_ben};
    voices[0].fallback = str_from("ben");
    const struct cast cast = {.voices = voices, .n_voices = 2};
    const struct casting casting = {.cast = &cast, .voices = voices};
    const struct programme_source source = {.casting = &casting};
    struct programme programme = fixture_programme_with(two_voices, &voices[0], &fixture_ben);
    programme.sources = &source;
    programme.n_sources = 1;
    struct studio_settings settings = fixture_settings(1);
    struct problem problem = {0};
    struct tape *tape = tape_new();
    assert_int_equal(tape_record(tape, &settings, &programme, &problem), STATUS_OK);
    assert_int_equal(tape->n_notes, 1);
    assert_non_null(strstr(tape->notes.data, "'ben' speaks instead"));
    programme.n_sources = 0;
    struct tape *nothing = tape_new();
    assert_int_equal(tape_record(nothing, &settings, &programme, &problem), STATUS_UNAVAILABLE);
    tape_free(nothing);
    tape_free(tape);
    programme_release(&programme);
}

static void wrong_espeak_voices_are_refused(void **state)
{
    (void)state;
    struct problem problem;
    struct voice voice = fixture_anna;
    struct tape *tape = tape_new();
    voice.model = str_from("gmw/en-XX");
    assert_int_equal(try_with(two_voices, &voice, false, tape, &problem), STATUS_UNAVAILABLE);
    assert_non_null(strstr(problem.text, "gmw/en-XX"));
    voice = fixture_anna;
    voice.variant = str_from("nosuch");
    assert_int_equal(try_with(two_voices, &voice, false, tape, &problem), STATUS_UNAVAILABLE);
    assert_non_null(strstr(problem.text, "nosuch"));
    voice = fixture_anna;
    voice.model = str_from("mb/mb-zz9");
    assert_int_equal(try_with(two_voices, &voice, false, tape, &problem), STATUS_UNAVAILABLE);
    tape_free(tape);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char line[100];
    snprintf(line, sizeof line, "rm -rf %s", folder);
    return system(line);
}

/* No test leaves a private folder behind. (Other programs may leave something there: espeak-ng's has PulseAudio make a folder.)
 */
static void nothing_is_left_in_tmp(void **state)
{
    (void)state;
    char line[200];
    snprintf(line, sizeof line, "test -z \"$(find %s/private -mindepth 1 -name 'crier.*')\"", folder);
    assert_int_equal(system(line), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flite_speaks_beside_espeak),
        cmocka_unit_test(espeaks_own_command_speaks_through_pipes),
        cmocka_unit_test(any_rate_and_channels_will_do),
        cmocka_unit_test(words_reach_the_program_unharmed),
        cmocka_unit_test(bad_engines_are_named),
        cmocka_unit_test(a_hanging_engine_is_killed_with_its_children),
        cmocka_unit_test(keep_going_leaves_silence_and_says_so),
        cmocka_unit_test(a_missing_program_gives_way_to_the_fallback),
        cmocka_unit_test(wrong_espeak_voices_are_refused),
        cmocka_unit_test(nothing_is_left_in_tmp),
    };
    if (make_folder(NULL) != 0)
        return 1;
    char private[64];
    snprintf(private, sizeof private, "%s/private", folder);
    mkdir(private, 0755);
    setenv("TMPDIR", private, 1);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove_folder(NULL);
    return failed;
}
