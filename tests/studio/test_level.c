#include "studio_fixture.h"

#include <ebur128.h>

#include "studio/level.h"
#include "studio/take.h"

#define PI 3.14159265358979323846

static void sine(float *out, size_t n, int rate, double hz, double level, double phase)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (float)(level * sin(2 * PI * hz * (double)i / rate + phase));
}

/* ITU-R BS.1770-4: a 997 Hz sine of full scale in one channel measures -3.01 LUFS. */
static void loudness_of_a_sine(void **state)
{
    (void)state;
    static float tone[48000 * 20];
    static const int rates[] = {16000, 22050, 44100, 48000};
    for (size_t i = 0; i < 4; i++) {
        struct loudness_meter meter = {0};
        sine(tone, (size_t)rates[i] * 20, rates[i], 997, 0.1, 0);
        loudness_meter_start(&meter, rates[i]);
        loudness_meter_add(&meter, tone, (size_t)rates[i] * 20);
        loudness_meter_finish(&meter);
        assert_true(fabs(loudness_integrated(&meter.histogram) + 23.01) < 0.15);
    }
}

/* Noise that swells, at many rates: what libebur128 says of it. */
static void loudness_agrees_with_libebur128(void **state)
{
    (void)state;
    static const int rates[] = {8000, 16000, 22050, 24000, 44100, 48000, 96000};
    static float noise[96000 * 12];
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        size_t n = (size_t)rates[i] * 12;
        uint32_t random = 1;
        for (size_t k = 0; k < n; k++) {
            random = random * 1664525 + 1013904223;
            double swell = 0.5 + 0.5 * sin(2 * PI * 0.4 * (double)k / rates[i]);
            noise[k] = (float)(swell * ((double)(random >> 8) / (1 << 24) - 0.5) * 0.4 + 0.1 * sin((double)k * 0.01));
        }
        struct loudness_meter meter = {0};
        loudness_meter_start(&meter, rates[i]);
        for (size_t at = 0; at < n; at += 1000)
            loudness_meter_add(&meter, noise + at, n - at < 1000 ? n - at : 1000);
        ebur128_state *reference = ebur128_init(1, (unsigned long)rates[i], EBUR128_MODE_M);
        assert_non_null(reference);
        struct loudness_histogram expected = {0};
        for (size_t at = 0; at < n; at += (size_t)rates[i] / 10) {
            double loudness;
            ebur128_add_frames_float(reference, noise + at, (size_t)rates[i] / 10);
            assert_int_equal(ebur128_loudness_momentary(reference, &loudness), EBUR128_SUCCESS);
            expected.blocks[(int)((loudness + 70) * 10)]++;
        }
        ebur128_destroy(&reference);
        assert_true(fabs(loudness_integrated(&meter.histogram) - loudness_integrated(&expected)) < 0.01);
    }
}

static void loudness_gates_silence_and_adds_up(void **state)
{
    (void)state;
    static float tone[44100 * 20];
    struct loudness_histogram sum = {0};
    assert_true(loudness_integrated(&sum) < -1000);
    for (int part = 0; part < 2; part++) {
        struct loudness_meter meter = {0};
        loudness_meter_start(&meter, 44100);
        memset(tone, 0, sizeof tone);
        if (part == 1)
            sine(tone, 44100 * 20, 44100, 997, 0.1, 0);
        loudness_meter_add(&meter, tone, 44100 * 20);
        loudness_add(&sum, &meter.histogram);
    }
    assert_true(fabs(loudness_integrated(&sum) + 23.01) < 0.15);
    /* a short sound has a block too */
    struct loudness_meter meter = {0};
    loudness_meter_start(&meter, 44100);
    loudness_meter_add(&meter, tone, 4410);
    loudness_meter_finish(&meter);
    assert_true(loudness_integrated(&meter.histogram) > -40);
    /* and the end of a sound is in as many blocks as in a programme where silence follows */
    struct loudness_meter alone = {0}, followed = {0};
    loudness_meter_start(&alone, 44100);
    loudness_meter_start(&followed, 44100);
    loudness_meter_add(&alone, tone, 50000);
    loudness_meter_finish(&alone);
    memset(tone + 50000, 0, 50000 * sizeof *tone);
    loudness_meter_add(&followed, tone, 100000);
    assert_memory_equal(alone.histogram.blocks, followed.histogram.blocks, sizeof alone.histogram.blocks);
}

/* A sine at a quarter of the rate, sampled 45 degrees off its peaks, has samples 3 dB below its true peak. */
static void true_peak_lies_between_samples(void **state)
{
    (void)state;
    static float tone[4096];
    sine(tone, 4096, 48000, 12000, 0.5, PI / 4);
    for (size_t i = 0; i < 200; i++) { /* no step at the ends */
        tone[i] *= (float)i / 200;
        tone[4095 - i] *= (float)i / 200;
    }
    struct true_peak meter;
    true_peak_start(&meter, false);
    for (size_t at = 0; at < 4096; at += 64)
        true_peak_add(&meter, tone + at, 64);
    assert_true(fabs(level_to_db((double)meter.peak / 0.5)) < 0.1);
    true_peak_start(&meter, true);
    true_peak_add(&meter, tone, 4096);
    assert_true(fabs(level_to_db((double)meter.peak / 0.5) + 3.01) < 0.1);
}

/* Bursts far over the ceiling, in stretches of odd lengths. */
static void limit(bool bandlimited, double hz, double ceiling_db)
{
    enum { N = 48000 };
    static float sound[N], quiet[N];
    struct limiter *limiter = limiter_new(48000, level_from_db(ceiling_db), bandlimited);
    assert_non_null(limiter);
    size_t delay = limiter_delay(limiter);
    sine(sound, N, 48000, hz, 0.2, 0.3);
    for (size_t i = 20000; i < 20300; i++)
        sound[i] *= 9;
    for (size_t i = 30000; i < 30004; i++)
        sound[i] *= 7;
    memcpy(quiet, sound, sizeof sound);
    for (size_t at = 0, step = 1; at < N; at += step, step = step * 3 % 1999 + 1)
        limiter_process(limiter, sound + at, step < N - at ? step : N - at);
    struct true_peak meter;
    true_peak_start(&meter, bandlimited);
    true_peak_add(&meter, sound, N);
    assert_true(level_to_db((double)meter.peak) <= ceiling_db + 0.1);
    assert_true(level_to_db((double)meter.peak) > ceiling_db - 1);
    /* far from the bursts the sound passes unchanged, late by the delay */
    for (size_t i = 1000; i < 15000; i++)
        assert_true(sound[i + delay] == quiet[i]);
    assert_true(fabsf(sound[47000] - quiet[47000 - delay]) < 0.002f);
    limiter_free(limiter);
}

static void limiter_holds_the_ceiling(void **state)
{
    (void)state;
    limit(true, 300, -1.5);
    limit(false, 300, -1.5);
    limit(false, 5000, -3);
    limiter_free(NULL);
}

struct collected {
    float samples[44100];
    size_t n;
};

static enum status collect(void *context, float *samples, size_t n)
{
    struct collected *to = context;
    assert_true(to->n + n <= 44100);
    memcpy(to->samples + to->n, samples, n * sizeof *samples);
    to->n += n;
    return STATUS_OK;
}

static void takes_lose_the_silence_at_their_ends(void **state)
{
    (void)state;
    static struct collected whole, piecemeal;
    static float sound[22050];
    memset(sound, 0, sizeof sound);
    sine(sound + 3000, 6000, 22050, 200, 0.3, 1.5);
    sine(sound + 12000, 3000, 22050, 200, 0.3, 1.5); /* with a pause inside */
    struct take take = {0};
    take_start(&take, 22050, 1 / 2048.0f, collect, &whole);
    assert_int_equal(take_add(&take, sound, 22050), STATUS_OK);
    assert_int_equal(take_finish(&take), STATUS_OK);
    assert_int_equal(take.kept_at, 3000 - 88); /* 4 ms before */
    assert_int_equal(whole.n, 12000 + 88 + 220);
    assert_true(fabsf(whole.samples[90]) < 0.3f);
    assert_true(whole.samples[whole.n - 1] == 0);
    take_start(&take, 22050, 1 / 2048.0f, collect, &piecemeal);
    for (size_t at = 0, step = 1; at < 22050; at += step, step = step * 5 % 997 + 1)
        assert_int_equal(take_add(&take, sound + at, step < 22050 - at ? step : 22050 - at), STATUS_OK);
    assert_int_equal(take_finish(&take), STATUS_OK);
    assert_int_equal(piecemeal.n, whole.n);
    assert_memory_equal(piecemeal.samples, whole.samples, whole.n * sizeof(float));
    take_release(&take);
}

static void takes_of_silence_are_empty_and_sound_cut_off_is_faded(void **state)
{
    (void)state;
    static struct collected out;
    static float sound[4410];
    struct take take = {0};
    take_start(&take, 44100, 1 / 2048.0f, collect, &out);
    assert_int_equal(take_add(&take, sound, 4410), STATUS_OK);
    assert_int_equal(take_finish(&take), STATUS_OK);
    assert_int_equal(out.n, 0);
    for (size_t i = 0; i < 4410; i++)
        sound[i] = 0.5f;
    take_start(&take, 44100, 1 / 2048.0f, collect, &out);
    assert_int_equal(take_add(&take, sound, 4410), STATUS_OK);
    assert_int_equal(take_finish(&take), STATUS_OK);
    assert_int_equal(out.n, 4410);
    assert_true(out.samples[0] < 0.01f && out.samples[4409] < 0.01f && out.samples[2000] > 0.49f);
    for (size_t i = 1; i < out.n; i++)
        assert_true(fabsf(out.samples[i] - out.samples[i - 1]) < 0.01f);
    /* an engine that falls silent for good */
    static float second[44100];
    out.n = 0;
    take_start(&take, 44100, 1 / 2048.0f, collect, &out);
    assert_int_equal(take_add(&take, sound, 4410), STATUS_OK);
    enum status status = STATUS_OK;
    for (int i = 0; i < 20 && status == STATUS_OK; i++)
        status = take_add(&take, second, 44100);
    assert_int_equal(status, STATUS_UNAVAILABLE);
    take_release(&take);
    take_release(&take);
    take_release(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loudness_of_a_sine),
        cmocka_unit_test(loudness_agrees_with_libebur128),
        cmocka_unit_test(loudness_gates_silence_and_adds_up),
        cmocka_unit_test(true_peak_lies_between_samples),
        cmocka_unit_test(limiter_holds_the_ceiling),
        cmocka_unit_test(takes_lose_the_silence_at_their_ends),
        cmocka_unit_test(takes_of_silence_are_empty_and_sound_cut_off_is_faded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
