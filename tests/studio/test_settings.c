#include "studio_fixture.h"

#include "studio/encode.h"

static void the_default_is_good(void **state)
{
    (void)state;
    struct studio_settings settings;
    studio_settings_default(&settings);
    assert_int_equal(studio_settings_check(&settings, NULL), STATUS_OK);
    assert_int_equal(studio_samples_per_frame(&settings), 1152);
    settings.sample_rate_hz = 24000;
    assert_int_equal(studio_samples_per_frame(&settings), 576);
}

/* The smallest bitrate whose first frame has room for the Info tag, and the largest there is. */
static const struct {
    int rate_hz, smallest, largest;
} table[] = {
    {8000, 24, 64},   {11025, 32, 64},  {12000, 32, 64},  {16000, 40, 160}, {22050, 56, 160},
    {24000, 64, 160}, {32000, 40, 320}, {44100, 56, 320}, {48000, 64, 320},
};
static const int bitrates[] = {8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 192, 224, 256, 320};

static void rates_and_bitrates_go_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        for (size_t k = 0; k < sizeof bitrates / sizeof *bitrates; k++) {
            struct studio_settings settings;
            struct problem problem = {0};
            studio_settings_default(&settings);
            settings.sample_rate_hz = table[i].rate_hz;
            settings.bitrate_kbps = bitrates[k];
            bool good = bitrates[k] >= table[i].smallest && bitrates[k] <= table[i].largest &&
                        !(table[i].rate_hz >= 32000 && bitrates[k] == 144);
            assert_int_equal(studio_settings_check(&settings, &problem), good ? STATUS_OK : STATUS_USAGE);
            assert_true(good == !problem.text[0]);
        }
}

static void nonsense_is_refused(void **state)
{
    (void)state;
    struct studio_settings settings, good;
    studio_settings_default(&good);
#define REFUSED(field, value)                                                                                                    \
    settings = good;                                                                                                             \
    settings.field = value;                                                                                                      \
    assert_int_equal(studio_settings_check(&settings, NULL), STATUS_USAGE)
    REFUSED(sample_rate_hz, 44000);
    REFUSED(bitrate_kbps, 65);
    REFUSED(loudness_lufs, NAN);
    REFUSED(loudness_lufs, -13);
    REFUSED(true_peak_dbtp, 1);
    REFUSED(rate_factor, 0);
    REFUSED(rate_factor, 30);
    REFUSED(jobs, -1);
    REFUSED(stall_s, -1);
}

/* At every rate: one frame of the right size that decodes to silence, and is the same wherever it stands. */
static void silence_is_one_frame(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct studio_settings settings;
        studio_settings_default(&settings);
        settings.sample_rate_hz = table[i].rate_hz;
        settings.bitrate_kbps = 64;
        struct tape *tape = tape_new();
        struct buffer frame = {0};
        assert_int_equal(encode_silent_frame(&settings, &frame, NULL), STATUS_OK);
        assert_int_equal(frame.len, mp3_frame_bytes((const uint8_t *)frame.data));
        double exact = (settings.sample_rate_hz < 32000 ? 72.0 : 144.0) * 64000 / settings.sample_rate_hz;
        assert_true(fabs((double)frame.len - exact) <= 0.5);
        for (int k = 0; k < 20; k++)
            buffer_append(&tape->mp3, frame.data, frame.len);
        tape->n_samples = 20 * (uint64_t)studio_samples_per_frame(&settings);
        size_t n;
        float *samples = tape_decode(tape, &n);
        for (size_t k = 0; k < n; k++)
            assert_true(samples[k] == 0);
        free(samples);
        buffer_release(&frame);
        tape_free(tape);
    }
}

static void every_rate_records(void **state)
{
    (void)state;
    struct programme programme = fixture_programme("a: One two three.\nb: Four five six.\n");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct studio_settings settings = fixture_settings(1);
        settings.sample_rate_hz = table[i].rate_hz;
        settings.bitrate_kbps = 64;
        struct problem problem = {0};
        struct tape *tape = tape_new();
        assert_int_equal(tape_record(tape, &settings, &programme, &problem), STATUS_OK);
        double seconds = (double)(tape->pieces[1].start_sample - tape->pieces[0].end_sample) / table[i].rate_hz;
        assert_true(fabs(seconds - 0.3) < 0.001);
        assert_true(tape->true_peak_dbtp <= -1.45);
        size_t n;
        float *samples = tape_decode(tape, &n);
        float peak = 0;
        for (size_t k = tape->pieces[1].start_sample; k < tape->pieces[1].end_sample; k++)
            peak = fmaxf(peak, fabsf(samples[k]));
        assert_true(peak > 0.1f && peak < 1);
        free(samples);
        tape_free(tape);
    }
    programme_release(&programme);
}

static void nothing_to_free_is_no_trouble(void **state)
{
    (void)state;
    studio_close(NULL);
    encoder_close(NULL);
    struct encoder encoder = {0};
    encoder_close(&encoder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_is_good), cmocka_unit_test(rates_and_bitrates_go_together),
        cmocka_unit_test(nonsense_is_refused), cmocka_unit_test(silence_is_one_frame),
        cmocka_unit_test(every_rate_records),  cmocka_unit_test(nothing_to_free_is_no_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
