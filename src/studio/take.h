/* take: one piece's sound as the engine gives it, without the engine's own silence at both ends, with short fades. A stream:
 * only what may yet turn out to be the silence at the end is held back. */
#ifndef CRIER_STUDIO_TAKE_H
#define CRIER_STUDIO_TAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

typedef enum status take_output(void *context, float *samples, size_t n);

struct take {
    int rate_hz;
    float loud; /* what is above it is no silence */
    take_output *output;
    void *context;
    float *held; /* samples not given on yet */
    size_t n_held, capacity;
    size_t loud_end;   /* past the last loud sample in `held` */
    bool begun;        /* a loud sample came */
    size_t fade_left;  /* samples of the fade-in still to do */
    uint64_t n_in;     /* samples that came */
    uint64_t kept_at;  /* sample of the input that is the first one given on */
    uint64_t n_out;    /* samples given on */
    uint8_t *activity; /* for each 10 ms given on: 0 silent, 1 loud somewhere */
    size_t n_activity, activity_capacity;
};

#define TAKE_ACTIVITY_MS 10

/* A zeroed take is ready for start and release; a released one too. A take may be started again for the next piece. */
void take_start(struct take *take, int rate_hz, float loud, take_output *output, void *context);
/* STATUS_UNAVAILABLE where a silence inside the sound grows over 10 s: no engine speaks so. */
enum status take_add(struct take *take, const float *samples, size_t n);
/* The end of the piece. STATUS_OK with n_out == 0 where all was silence. */
enum status take_finish(struct take *take);
void take_release(struct take *take);

#endif
