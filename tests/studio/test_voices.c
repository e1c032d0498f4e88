/* Voices as loud as each other, music as loud as voices. */
#include "studio_fixture.h"

#include "studio/level.h"

static const char passage_text[] =
    "a: The morning train was late again, and nobody on the platform seemed surprised.\n"
    "a: A woman with a red umbrella asked the guard whether it would come at all.\n"
    "a: He looked at the clock, then at the sky, and said that he had stopped guessing years ago.\n"
    "a: Somebody laughed, the rain began, and far away a whistle blew.\n";

static struct tape *record(const struct programme *programme, const struct studio_settings *settings)
{
    struct problem problem = {0};
    struct tape *tape = tape_new();
    if (tape_record(tape, settings, programme, &problem) != STATUS_OK)
        fail_msg("%s: %s", problem.path, problem.text);
    return tape;
}

static void measured_voices_are_equally_loud(void **state)
{
    (void)state;
    static const struct {
        const char *model, *variant;
        int pitch;
    } some[] = {{"gmw/en-US", "", 50}, {"gmw/en-GB-scotland", "f5", 65}, {"gmw/en-GB-x-rp", "steph", 35},
                {"gmw/en", "m8", 30},  {"gmw/en-US", "f2", 80},          {"gmw/en", "klatt2", 35},

                {"en", "", 99}};
    double low = 0, high = -100;
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        struct voice voice = fixture_anna;
        voice.model = str_from(some[i].model);
        voice.variant = str_from(some[i].variant);
        voice.pitch = some[i].pitch;
        voice.gain_db = NAN;
        struct programme programme = fixture_programme_with(passage_text, &voice, &fixture_ben);
        struct studio_settings settings = fixture_settings(2);
        struct tape *tape = record(&programme, &settings);
        double loudness = loudness_integrated(&tape->loudness);
        low = fmin(low, loudness);
        high = fmax(high, loudness);
        assert_true(tape->true_peak_dbtp <= -1.49);
        assert_true(fabs(loudness + 19) < 1);
        tape_free(tape);
        programme_release(&programme);
    }
    assert_true(high - low <= 1.4); /* each within 0.7 LU of the middle */
}

static void loudness_follows_the_setting(void **state)
{
    (void)state;
    struct programme programme = fixture_programme(passage_text);
    struct studio_settings settings = fixture_settings(2);
    struct tape *loud = record(&programme, &settings);
    settings.loudness_lufs = -24;
    struct tape *quiet = record(&programme, &settings);
    double difference = loudness_integrated(&loud->loudness) - loudness_integrated(&quiet->loudness);
    assert_true(fabs(difference - 5) < 0.2);
    tape_free(loud);
    tape_free(quiet);
    programme_release(&programme);
}

static void the_ceiling_holds_however_loud(void **state)
{
    (void)state;
    struct voice voice = fixture_anna;
    voice.gain_db = 15;
    struct programme programme = fixture_programme_with(passage_text, &voice, &fixture_ben);
    struct studio_settings settings = fixture_settings(2);
    struct tape *tape = record(&programme, &settings);
    assert_true(tape->true_peak_dbtp <= -1.45 && tape->true_peak_dbtp > -2);
    size_t n;
    float *samples = tape_decode(tape, &n);
    for (size_t i = 0; i < n; i++)
        assert_true(fabsf(samples[i]) < 1);
    free(samples);
    tape_free(tape);
    programme_release(&programme);
}

static void rate_factor_speaks_faster(void **state)
{
    (void)state;
    struct programme programme = fixture_programme(passage_text);
    struct studio_settings settings = fixture_settings(2);
    struct tape *usual = record(&programme, &settings);
    settings.rate_factor = 1.5;
    struct tape *fast = record(&programme, &settings);
    double ratio = (double)usual->n_samples / (double)fast->n_samples;
    assert_true(ratio > 1.25 && ratio < 1.6);
    tape_free(usual);
    tape_free(fast);
    programme_release(&programme);
}

/* ---- audio ---- */

static void write_sound(const char *path, int rate, int channels, double seconds, double level)
{
    SF_INFO info = {.samplerate = rate, .channels = channels, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16};
    SNDFILE *file = sf_open(path, SFM_WRITE, &info);
    assert_non_null(file);
    for (int i = 0; i < (int)(rate * seconds); i++) {
        float pcm[2] = {(float)(level * sin(2 * 3.14159265 * 500 * i / rate)),
                        (float)(level * sin(2 * 3.14159265 * 500 * i / rate))};
        sf_writef_float(file, pcm, 1);
    }
    sf_close(file);
}

static struct tape *play(const char *path, int fade_ms, enum status expected)
{
    const struct passage passage = {.kind = PASSAGE_AUDIO, .audio_path = path, .fade_in_ms = fade_ms, .fade_out_ms = fade_ms};
    const struct programme programme = {.passages = &passage, .n_passages = 1};
    const struct studio_settings settings = fixture_settings(1);
    struct problem problem = {0};
    struct tape *tape = tape_new();
    assert_int_equal(tape_record(tape, &settings, &programme, &problem), expected);
    if (expected != STATUS_OK)
        assert_true(problem.text[0] != '\0');
    return tape;
}

static void music_is_levelled_faded_and_as_long_as_it_was(void **state)
{
    (void)state;
    static const struct {
        int rate, channels;
        double level;
    } files[] = {{48000, 2, 0.02}, {8000, 1, 0.9}};
    char path[] = "/tmp/crier-audio.XXXXXX";
    close(mkstemp(path));
    for (size_t i = 0; i < 2; i++) {
        write_sound(path, files[i].rate, files[i].channels, 4, files[i].level);
        struct tape *tape = play(path, 200, STATUS_OK);
        assert_true(fabs(loudness_integrated(&tape->loudness) + 19) < 0.7);
        double seconds = (double)tape->n_samples / 44100;
        assert_true(seconds > 4 && seconds < 4.15);
        size_t n;
        float *samples = tape_decode(tape, &n);
        size_t lead = 576;
        float edge = 0, middle = 0;
        for (size_t k = lead; k < lead + 882; k++)
            edge = fmaxf(edge, fabsf(samples[k]));
        for (size_t k = lead + 4 * 44100 - 882; k < lead + 4 * 44100; k++)
            edge = fmaxf(edge, fabsf(samples[k]));
        for (size_t k = 80000; k < 90000; k++)
            middle = fmaxf(middle, fabsf(samples[k]));
        assert_true(edge < middle / 10 && middle > 0.1f);
        free(samples);
        tape_free(tape);
    }
    unlink(path);
}

static void the_chime_is_short_and_clean(void **state)
{
    (void)state;
    struct tape *tape = play("", 0, STATUS_OK);
    double seconds = (double)tape->n_samples / 44100;
    assert_true(seconds > 1 && seconds < 3);
    assert_true(fabs(loudness_integrated(&tape->loudness) + 19) < 1);
    assert_true(tape->true_peak_dbtp <= -1.45);
    size_t n;
    float *samples = tape_decode(tape, &n);
    float largest_step = 0;
    for (size_t i = 1; i < n; i++)
        largest_step = fmaxf(largest_step, fabsf(samples[i] - samples[i - 1]));
    assert_true(largest_step < 0.2f);
    free(samples);
    tape_free(tape);
}

static void what_is_no_sound_is_refused(void **state)
{
    (void)state;
    char path[] = "/tmp/crier-audio.XXXXXX";
    int fd = mkstemp(path);
    tape_free(play("/nonexistent/intro.wav", 0, STATUS_NO_INPUT));
    assert_int_equal(write(fd, "this is no music at all\n", 24), 24);
    close(fd);
    tape_free(play(path, 0, STATUS_BAD_DATA));
    write_sound(path, 44100, 1, 1, 0);
    tape_free(play(path, 0, STATUS_BAD_DATA));
    unlink(path);
    tape_free(play("/tmp", 0, STATUS_BAD_DATA));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measured_voices_are_equally_loud),
        cmocka_unit_test(loudness_follows_the_setting),
        cmocka_unit_test(the_ceiling_holds_however_loud),
        cmocka_unit_test(rate_factor_speaks_faster),
        cmocka_unit_test(music_is_levelled_faded_and_as_long_as_it_was),
        cmocka_unit_test(the_chime_is_short_and_clean),
        cmocka_unit_test(what_is_no_sound_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
