/* Levels: loudness after ITU-R BS.1770-4, true peak, and the look-ahead limiter. Samples are floats, full scale 1.
 *
 * The loudness of one channel is measured here and not by libebur128 because it is measured of every sample that is recorded, in
 * less than half the time; a test holds the result against libebur128's, which `crier inspect` measures finished files with. */
#ifndef CRIER_STUDIO_LEVEL_H
#define CRIER_STUDIO_LEVEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/status.h"
#include "studio/studio.h"

double level_from_db(double db); /* 10^(db/20) */
double level_to_db(double ratio);

/* ---- loudness of one channel, as gating blocks ---- */
struct loudness_meter {
    int rate_hz;      /* 0: not started */
    double shelf[5];  /* the K-weighting's two filters: b0 b1 b2 a1 a2 */
    double pass[2];   /* a1 a2; b is 1 -2 1 */
    double state[4];  /* of both */
    double energy[4]; /* of the last 100 ms blocks; [3] is the one being filled */
    size_t block;     /* samples in 100 ms */
    size_t n_in_block;
    size_t n_blocks; /* 100 ms blocks so far */
    struct loudness_histogram histogram;
};
/* What follows has this rate. A zeroed meter begins with silence; a running one goes on in the same histogram, but its blocks do
 * not reach over a change of rate. */
void loudness_meter_start(struct loudness_meter *meter, int rate_hz);
void loudness_meter_add(struct loudness_meter *meter, const float *samples, size_t n);
/* Lays zeros up to the first whole block where the sound was too short to have one. */
void loudness_meter_finish(struct loudness_meter *meter);

/* ---- true peak: the largest sample of the 4x oversampled signal ---- */
#define TRUE_PEAK_TAPS 24 /* a phase */
struct true_peak {
    float filter[3][TRUE_PEAK_TAPS]; /* the three phases between two samples */
    float history[TRUE_PEAK_TAPS - 1];
    bool bandlimited; /* the signal has nothing above half the Nyquist frequency: sample peaks are within 0.01 dB */
    float peak;       /* linear */
};
void true_peak_start(struct true_peak *meter, bool bandlimited);
void true_peak_add(struct true_peak *meter, const float *samples, size_t n);

/* ---- limiter ---- */
struct limiter;
/* Holds the true peak at or below `ceiling` (linear): gain falls within the 5 ms of look-ahead, returns over about 60 ms. Where
 * the sound stays below the ceiling it passes unchanged. NULL on failure. */
struct limiter *limiter_new(int rate_hz, double ceiling, bool bandlimited);
void limiter_free(struct limiter *limiter);
/* Takes n samples, gives as many: what comes out is limiter_delay() samples late. `samples` is changed in place. */
void limiter_process(struct limiter *limiter, float *samples, size_t n);
size_t limiter_delay(const struct limiter *limiter);

/* The loudest sample of each tenth of a second. A zeroed one with rate_hz set is ready; the caller releases `levels`. */
struct envelope {
    int rate_hz;
    size_t n_in_block;
    float peak;
    struct buffer levels; /* a byte a block, 0..255 of full scale */
};
void envelope_add(struct envelope *envelope, const float *samples, size_t n);
void envelope_finish(struct envelope *envelope); /* the last block may be short */

#endif
