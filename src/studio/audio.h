/* audio: intro, outro and chime of a programme, from any file that libsndfile reads or made by code; one channel, levelled to the
 * speech, faded. Streamed: read once to measure, once to play. */
#ifndef CRIER_STUDIO_AUDIO_H
#define CRIER_STUDIO_AUDIO_H

#include <stddef.h>

#include "base/hash.h"
#include "base/status.h"

struct audio_sink {
    void *context;
    enum status (*start)(void *context, int rate_hz);
    enum status (*samples)(void *context, const float *samples, size_t n);
};

/* `path` "" is the built-in chime. STATUS_NO_INPUT, STATUS_BAD_DATA (no sound in it, or longer than 30 minutes). */
enum status audio_play(const char *path, double loudness_lufs, int fade_in_ms, int fade_out_ms, const struct audio_sink *sink,
                       struct problem *problem);
/* Whether `path` can be played, without reading it whole. */
enum status audio_check(const char *path, struct problem *problem);
/* Hashes the content of `path`. */
enum status audio_identify(const char *path, struct hash *hash, struct problem *problem);

#endif
