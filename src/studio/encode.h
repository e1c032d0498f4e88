/* MP3 encoding of one recording (LAME): CBR, one channel, quality 7, no bit reservoir, so that every frame stands alone and
 * recordings can be laid end to end. */
#ifndef CRIER_STUDIO_ENCODE_H
#define CRIER_STUDIO_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/status.h"
#include "studio/studio.h"

/* The encoder's last MDCT window must see nothing but zeros, so that the next recording may follow: 576 (encoder delay) + 529
 * (decoder delay) + 1152 (the window), rounded up. */
#define ENCODE_TAIL_SAMPLES 2304

struct encoder {
    void *lame;
    int samples_per_frame;
    int kbps, rate_hz;
    bool narrow;
    struct buffer out;  /* MP3 bytes not yet dropped */
    size_t scanned;     /* bytes of `out` known to be whole frames */
    uint64_t n_samples; /* PCM so far */
    size_t n_mp3_frames;
};

/* A zeroed encoder is closed. An encoder makes one recording; opened before a fork, the child's copy is as good as new. `narrow`:
 * nothing in the sound lies above ENCODE_NARROW_HZ, so the encoder need not look there, which saves it a third of its time. */
#define ENCODE_NARROW_HZ 11025
enum status encoder_open(struct encoder *encoder, const struct studio_settings *settings, bool narrow, struct problem *problem);
enum status encoder_push(struct encoder *encoder, const float *samples, size_t n);
/* Lays zeros: at least ENCODE_TAIL_SAMPLES and up to a whole MP3 frame. Then n_samples = n_mp3_frames * samples_per_frame. */
enum status encoder_finish(struct encoder *encoder);
/* The whole MP3 frames that are ready: valid until the encoder is used again. */
struct str encoder_ready(const struct encoder *encoder);
void encoder_drop_ready(struct encoder *encoder);
void encoder_close(struct encoder *encoder); /* accepts NULL and zeroed */

/* Bytes of the MPEG layer III frame whose header is at `data` (4 bytes), 0 where there is none. */
size_t mp3_frame_bytes(const uint8_t *data);

/* One frame of digital silence in `out`, its padding bit such that many of them come nearest to the bitrate. */
enum status encode_silent_frame(const struct studio_settings *settings, struct buffer *out, struct problem *problem);

/* Name and version of the encoder, for cache keys. */
const char *encoder_version(void);

#endif
