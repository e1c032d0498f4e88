/* inspect: reads any MP3 back with code of its own (none of the writer's) and lists every breach of the format contract. */
#ifndef CRIER_EDITION_INSPECT_H
#define CRIER_EDITION_INSPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/status.h"
#include "base/str.h"

struct inspected_chapter {
    struct str id, title;
    uint64_t start_ms, end_ms;
};
struct inspected_tag {
    char id[5];       /* "TIT2" */
    struct str value; /* UTF-8 */
};
struct inspection {
    struct arena arena;
    const char *path;
    uint64_t bytes;
    int id3_version; /* 3, 4, ...; 0: no tag */
    size_t id3_bytes;
    const struct inspected_tag *tags;
    size_t n_tags;
    const struct inspected_chapter *chapters;
    size_t n_chapters;
    struct str cover_type; /* MIME type, or "" */
    size_t cover_bytes;
    int sample_rate_hz, bitrate_kbps, channels;
    uint64_t n_mp3_frames; /* without the Info frame */
    bool has_info;         /* Info or Xing frame */
    int delay, padding;    /* samples, from the LAME tag */
    uint64_t n_samples;    /* frames x samples a frame - delay - padding */
    uint64_t duration_ms;
    bool measured; /* decoded: the three below are set */
    uint64_t decoded_samples;
    double loudness_lufs, true_peak_dbtp;
    const struct str *breaches; /* each one sentence, in file order; none: the file keeps the contract */
    size_t n_breaches;
};

struct inspect_options {
    bool measure;         /* decode the audio (libsndfile) and measure loudness and true peak (libebur128): takes time */
    double loudness_lufs; /* what the loudness is to be, within 0.5 LU; 0: -19, the contract's */
};

/* `options` may be NULL. STATUS_NO_INPUT; STATUS_BAD_DATA where it is no MP3 at all; a breach of the contract is no failure. */
enum status inspection_read(struct inspection *inspection, const char *path, const struct inspect_options *options,
                            struct problem *problem);
void inspection_release(struct inspection *inspection); /* accepts NULL and zeroed */
enum status inspection_write_json(const struct inspection *inspection, struct buffer *out);

#endif
