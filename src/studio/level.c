#include "studio/level.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

double level_from_db(double db)
{
    return pow(10, db / 20);
}

double level_to_db(double ratio)
{
    return ratio > 0 ? 20 * log10(ratio) : -HUGE_VAL;
}

/* ---- loudness ---- */

void loudness_add(struct loudness_histogram *sum, const struct loudness_histogram *more)
{
    for (int i = 0; i < LOUDNESS_BINS; i++)
        sum->blocks[i] += more->blocks[i];
}

double loudness_integrated(const struct loudness_histogram *histogram)
{
    double energy[LOUDNESS_BINS];
    double sum = 0, count = 0;
    for (int i = 0; i < LOUDNESS_BINS; i++) {
        energy[i] = pow(10, (-70 + (i + 0.5) / 10) / 10);
        sum += energy[i] * histogram->blocks[i];
        count += histogram->blocks[i];
    }
    if (count <= 0)
        return -HUGE_VAL;
    double gate = 10 * log10(sum / count) - 10;
    sum = count = 0;
    for (int i = 0; i < LOUDNESS_BINS; i++) {
        if (-70 + (i + 0.5) / 10 < gate)
            continue;
        sum += energy[i] * histogram->blocks[i];
        count += histogram->blocks[i];
    }
    return count > 0 ? 10 * log10(sum / count) : -HUGE_VAL;
}

/* BS.1770-4 gives the filters at 48 kHz; these are the analogue ones behind them (as libebur128 has them), for any rate. */
static void meter_design(struct loudness_meter *meter, double rate_hz)
{
    const double pi = 3.14159265358979323846;
    double k = tan(pi * 1681.974450955533 / rate_hz), q = 0.7071752369554196;
    double high = pow(10, 3.999843853973347 / 20), band = pow(high, 0.4996667741545416), a0 = 1 + k / q + k * k;
    meter->shelf[0] = (high + band * k / q + k * k) / a0;
    meter->shelf[1] = 2 * (k * k - high) / a0;
    meter->shelf[2] = (high - band * k / q + k * k) / a0;
    meter->shelf[3] = 2 * (k * k - 1) / a0;
    meter->shelf[4] = (1 - k / q + k * k) / a0;
    k = tan(pi * 38.13547087602444 / rate_hz);
    q = 0.5003270373238773;
    a0 = 1 + k / q + k * k;
    meter->pass[0] = 2 * (k * k - 1) / a0;
    meter->pass[1] = (1 - k / q + k * k) / a0;
}

void loudness_meter_start(struct loudness_meter *meter, int rate_hz)
{
    if (meter->rate_hz == rate_hz)
        return;
    meter->rate_hz = rate_hz;
    meter->block = (size_t)(rate_hz + 5) / 10;
    meter->n_in_block = 0;
    meter->n_blocks = 0;
    memset(meter->state, 0, sizeof meter->state);
    memset(meter->energy, 0, sizeof meter->energy);
    meter_design(meter, rate_hz);
}

/* Energy of the samples after both filters. Transposed direct form II, written so that a new state needs the old states and the
 * sample only, never the output first: a processor waits for half as many steps. */
static double meter_energy(struct loudness_meter *meter, const float *samples, size_t n)
{
    const double *b = meter->shelf;
    double a1 = b[3], a2 = b[4], p1 = b[1] - a1 * b[0], p2 = b[2] - a2 * b[0], p0 = b[0];
    double c1 = meter->pass[0], c2 = meter->pass[1], q1 = -2 - c1, q2 = 1 - c2;
    double s1 = meter->state[0], s2 = meter->state[1], t1 = meter->state[2], t2 = meter->state[3], energy = 0;
    for (size_t i = 0; i < n; i++) {
        double x = (double)samples[i];
        double y = p0 * x + s1, z = y + t1;
        double next_s1 = (p1 * x + s2) - a1 * s1;
        s2 = p2 * x - a2 * s1;
        s1 = next_s1;
        double next_t1 = (q1 * y + t2) - c1 * t1;
        t2 = q2 * y - c2 * t1;
        t1 = next_t1;
        energy += z * z;
    }
    double *state = meter->state;
    state[0] = s1, state[1] = s2, state[2] = t1, state[3] = t2;
    for (int i = 0; i < 4; i++) /* long silence: no slow denormal numbers */
        state[i] = fabs(state[i]) < 1e-30 ? 0 : state[i];
    return energy;
}

static void meter_count_block(struct loudness_meter *meter)
{
    double *energy = meter->energy;
    double mean = (energy[0] + energy[1] + energy[2] + energy[3]) / (4.0 * (double)meter->block);
    memmove(energy, energy + 1, 3 * sizeof *energy);
    energy[3] = 0;
    meter->n_blocks++;
    double loudness = mean > 0 ? 10 * log10(mean) - 0.691 : -HUGE_VAL;
    if (!(loudness >= -70))
        return;
    int bin = (int)((loudness + 70) * 10);
    meter->histogram.blocks[bin < LOUDNESS_BINS ? bin : LOUDNESS_BINS - 1]++;
}

void loudness_meter_add(struct loudness_meter *meter, const float *samples, size_t n)
{
    while (n) {
        size_t take = meter->block - meter->n_in_block;
        if (take > n)
            take = n;
        meter->energy[3] += meter_energy(meter, samples, take);
        meter->n_in_block += take;
        samples += take;
        n -= take;
        if (meter->n_in_block == meter->block) {
            meter->n_in_block = 0;
            meter_count_block(meter);
        }
    }
}

/* Silence lies before and after every recording, so blocks that hold some of it count as they do in the whole programme: the
 * first ones because the meter starts full of zeros, the last ones by these. */
void loudness_meter_finish(struct loudness_meter *meter)
{
    static const float zeros[256];
    if (meter->n_blocks == 0 && meter->n_in_block == 0)
        return;
    size_t last = meter->n_blocks + 3 + (meter->n_in_block > 0);
    while (meter->n_blocks < last) {
        size_t left = meter->block - meter->n_in_block;
        loudness_meter_add(meter, zeros, left < 256 ? left : 256);
    }
}

/* ---- true peak ---- */

/* A windowed sinc a quarter, a half and three quarters of a sample after tap TAPS/2 - 1 (BS.1770-4 annex 2 asks for four times
 * oversampling). */
void true_peak_start(struct true_peak *meter, bool bandlimited)
{
    *meter = (struct true_peak){.bandlimited = bandlimited};
    const double pi = 3.14159265358979323846;
    for (int phase = 0; phase < 3; phase++) {
        double sum = 0;
        double taps[TRUE_PEAK_TAPS];
        for (int i = 0; i < TRUE_PEAK_TAPS; i++) {
            double x = i - (TRUE_PEAK_TAPS / 2 - 1) - (phase + 1) / 4.0;
            double window = 0.5 + 0.5 * cos(pi * x / (TRUE_PEAK_TAPS / 2 + 0.5));
            taps[i] = sin(pi * x) / (pi * x) * window;
            sum += taps[i];
        }
        for (int i = 0; i < TRUE_PEAK_TAPS; i++)
            meter->filter[phase][i] = (float)(taps[i] / sum);
    }
}

/* Without their sign, floats stand in the order of their bits, and compilers turn this loop into vector code. */
static float block_peak(const float *samples, size_t n)
{
    int32_t peak = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t bits;
        memcpy(&bits, &samples[i], sizeof bits);
        bits &= 0x7FFFFFFF;
        peak = bits > peak ? bits : peak;
    }
    float value;
    memcpy(&value, &peak, sizeof value);
    return value;
}

/* The largest interpolated value between window[TAPS/2 - 1] and the sample after it. */
static float between_peak(const struct true_peak *meter, const float *window)
{
    float peak = 0;
    for (int phase = 0; phase < 3; phase++) {
        float sum = 0;
        for (int i = 0; i < TRUE_PEAK_TAPS; i++)
            sum += meter->filter[phase][i] * window[i];
        sum = fabsf(sum);
        peak = sum > peak ? sum : peak;
    }
    return peak;
}

#define STRETCH 1024

/* Between two samples no band-limited speech or music rises more than this over the larger of them. */
#define BETWEEN_RISE 2.0f

void true_peak_add(struct true_peak *meter, const float *samples, size_t n)
{
    float stretch[STRETCH + TRUE_PEAK_TAPS - 1];
    while (n) {
        size_t take = n < STRETCH ? n : STRETCH;
        float peak = block_peak(samples, take);
        if (peak > meter->peak)
            meter->peak = peak;
        if (!meter->bandlimited) {
            memcpy(stretch, meter->history, sizeof meter->history);
            memcpy(stretch + TRUE_PEAK_TAPS - 1, samples, take * sizeof *samples);
            if (block_peak(stretch, take + TRUE_PEAK_TAPS - 1) * BETWEEN_RISE > meter->peak)
                for (size_t i = 0; i < take; i++) {
                    float here = fmaxf(fabsf(stretch[i + TRUE_PEAK_TAPS / 2 - 1]), fabsf(stretch[i + TRUE_PEAK_TAPS / 2]));
                    if (here * BETWEEN_RISE > meter->peak)
                        meter->peak = fmaxf(meter->peak, between_peak(meter, stretch + i));
                }
            memcpy(meter->history, stretch + take, sizeof meter->history);
        }
        samples += take;
        n -= take;
    }
}

/* ---- envelope ---- */

void envelope_finish(struct envelope *envelope)
{
    if (!envelope->n_in_block)
        return;
    float level = envelope->peak * 255 + 0.5f;
    buffer_byte(&envelope->levels, (char)(unsigned char)(level < 255 ? level : 255));
    envelope->peak = 0;
    envelope->n_in_block = 0;
}

void envelope_add(struct envelope *envelope, const float *samples, size_t n)
{
    size_t block = (size_t)envelope->rate_hz / 10;
    while (n) {
        size_t take = block - envelope->n_in_block < n ? block - envelope->n_in_block : n;
        envelope->peak = fmaxf(envelope->peak, block_peak(samples, take));
        envelope->n_in_block += take;
        samples += take;
        n -= take;
        if (envelope->n_in_block == block)
            envelope_finish(envelope);
    }
}

/* ---- limiter ---- */

/* Gain needed by each sample -> least of the last `window` -> slow return -> mean of the last `window`: the mean over a window
 * whose every value is at most what the peak needs is at most that too, so the ceiling holds by construction. */
struct limiter {
    struct true_peak between;
    float ceiling;
    size_t window; /* samples of look-ahead */
    size_t reach;  /* samples between a sample's arrival and the knowledge of what its surroundings need */
    float release; /* share of the way back to 1 per sample */
    float *delay;  /* limiter_delay() samples still inside, then room for a stretch */
    float *need;   /* ring of the gains needed, [window] */
    float *slow;   /* ring of gains after the slow return, [window] */
    double slow_sum;
    size_t ring_at;
    float least;      /* of `need` */
    size_t least_age; /* samples ago */
    size_t quiet;     /* samples since a gain below 1 was needed */
    float gain;       /* after the slow return */
    float *stretch;
};

struct limiter *limiter_new(int rate_hz, double ceiling, bool bandlimited)
{
    struct limiter *limiter = calloc(1, sizeof *limiter);
    if (!limiter)
        return NULL;
    true_peak_start(&limiter->between, bandlimited);
    limiter->ceiling = (float)ceiling;
    limiter->window = (size_t)rate_hz / 200;
    limiter->reach = bandlimited ? 0 : TRUE_PEAK_TAPS / 2;
    limiter->release = (float)(1 - exp(-1 / (0.06 * rate_hz)));
    limiter->delay = calloc(limiter_delay(limiter) + STRETCH, sizeof *limiter->delay);
    limiter->need = calloc(limiter->window, sizeof *limiter->need);
    limiter->slow = calloc(limiter->window, sizeof *limiter->slow);
    limiter->stretch = calloc(STRETCH + TRUE_PEAK_TAPS, sizeof *limiter->stretch);
    if (!limiter->delay || !limiter->need || !limiter->slow || !limiter->stretch) {
        limiter_free(limiter);
        return NULL;
    }
    for (size_t i = 0; i < limiter->window; i++)
        limiter->need[i] = limiter->slow[i] = 1;
    limiter->slow_sum = (double)limiter->window;
    limiter->gain = limiter->least = 1;
    limiter->quiet = SIZE_MAX / 2;
    return limiter;
}

void limiter_free(struct limiter *limiter)
{
    if (!limiter)
        return;
    free(limiter->delay);
    free(limiter->need);
    free(limiter->slow);
    free(limiter->stretch);
    free(limiter);
}

size_t limiter_delay(const struct limiter *limiter)
{
    return limiter->window - 1 + limiter->reach;
}

/* The n samples go in, the n that are due come out. */
static void delay_pass(struct limiter *limiter, float *samples, size_t n)
{
    size_t len = limiter_delay(limiter);
    memcpy(limiter->delay + len, samples, n * sizeof *samples);
    memcpy(samples, limiter->delay, n * sizeof *samples);
    memmove(limiter->delay, limiter->delay + n, len * sizeof *samples);
}

/* One sample's need in, the gain for the sample that leaves the delay out. */
static float limiter_step(struct limiter *limiter, float need)
{
    size_t at = limiter->ring_at, window = limiter->window;
    limiter->need[at] = need;
    limiter->quiet = need < 1 ? 0 : limiter->quiet + 1;
    if (need <= limiter->least) {
        limiter->least = need;
        limiter->least_age = 0;
    } else if (++limiter->least_age >= window) {
        /* The least has left the window: look for the next, newest first. */
        limiter->least = need;
        limiter->least_age = 0;
        for (size_t age = 1; age < window; age++) {
            float older = limiter->need[at >= age ? at - age : at + window - age];
            if (older < limiter->least) {
                limiter->least = older;
                limiter->least_age = age;
            }
        }
    }
    float back = limiter->gain + (1 - limiter->gain) * limiter->release;
    limiter->gain = limiter->least < back ? limiter->least : back;
    if (limiter->gain > 0.9999f && limiter->least >= 1)
        limiter->gain = 1;
    limiter->slow_sum += (double)limiter->gain - (double)limiter->slow[at];
    limiter->slow[at] = limiter->gain;
    limiter->ring_at = at + 1 == window ? 0 : at + 1;
    return (float)(limiter->slow_sum / (double)window);
}

/* What sample `reach` before stretch[i + TAPS - 1] needs. */
static float need_of(const struct limiter *limiter, const float *stretch, size_t i)
{
    float peak;
    if (limiter->between.bandlimited) {
        peak = fabsf(stretch[i + TRUE_PEAK_TAPS - 1]);
    } else {
        float left = fabsf(stretch[i + TRUE_PEAK_TAPS / 2 - 1]), right = fabsf(stretch[i + TRUE_PEAK_TAPS / 2]);
        peak = left > right ? left : right;
        if (peak * BETWEEN_RISE > limiter->ceiling)
            peak = fmaxf(peak, between_peak(&limiter->between, stretch + i));
    }
    return peak > limiter->ceiling ? limiter->ceiling / peak : 1;
}

static void limiter_stretch(struct limiter *limiter, float *samples, size_t n)
{
    float *stretch = limiter->stretch;
    memcpy(stretch, limiter->between.history, sizeof limiter->between.history);
    memcpy(stretch + TRUE_PEAK_TAPS - 1, samples, n * sizeof *samples);
    float loudest = block_peak(stretch, n + TRUE_PEAK_TAPS - 1);
    float safe = limiter->between.bandlimited ? limiter->ceiling : limiter->ceiling / BETWEEN_RISE;
    if (loudest <= safe && limiter->gain >= 1 && limiter->quiet >= 2 * limiter->window) {
        limiter->quiet += n;
        delay_pass(limiter, samples, n);
    } else {
        delay_pass(limiter, samples, n);
        for (size_t i = 0; i < n; i++)
            samples[i] *= limiter_step(limiter, need_of(limiter, stretch, i));
        if (limiter->gain >= 1 && limiter->quiet >= 2 * limiter->window) {
            for (size_t i = 0; i < limiter->window; i++)
                limiter->need[i] = limiter->slow[i] = 1;
            limiter->slow_sum = (double)limiter->window;
            limiter->least = 1;
            limiter->least_age = 0;
        }
    }
    memcpy(limiter->between.history, stretch + n, sizeof limiter->between.history);
}

void limiter_process(struct limiter *limiter, float *samples, size_t n)
{
    while (n) {
        size_t take = n < STRETCH ? n : STRETCH;
        limiter_stretch(limiter, samples, take);
        samples += take;
        n -= take;
    }
}
