/* Sample rate conversion as a stream (soxr). */
#ifndef CRIER_STUDIO_RESAMPLE_H
#define CRIER_STUDIO_RESAMPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

struct resampler {
    void *soxr; /* NULL where both rates are the same */
    int in_hz, out_hz;
    bool used; /* since it was made new */
};

/* What came out of a call goes here, in pieces; `samples` may be changed by the receiver. */
typedef enum status resample_output(void *context, float *samples, size_t n);

/* A zeroed resampler is closed. Opening an open one at other rates closes it first; at the same rates makes it new. */
enum status resampler_open(struct resampler *resampler, int in_hz, int out_hz, struct problem *problem);
enum status resampler_push(struct resampler *resampler, const float *samples, size_t n, resample_output *output, void *context);
/* What is left inside. The resampler must be opened again before the next push. */
enum status resampler_finish(struct resampler *resampler, resample_output *output, void *context);
void resampler_close(struct resampler *resampler); /* accepts NULL and zeroed */

/* Name and version of the library, for cache keys. */
const char *resampler_version(void);

#endif
