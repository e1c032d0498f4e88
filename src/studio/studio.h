/* studio: passages -> recordings. Speech, resampling, levels and MP3 encoding of a passage are one pure function that runs in a
 * worker process; the pool (pool.c, the only place with concurrency) keeps the cores busy and delivers in order; the
 * cache (cache.c) remembers recordings by the hash of everything that can change them. */
#ifndef CRIER_STUDIO_STUDIO_H
#define CRIER_STUDIO_STUDIO_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "studio/programme.h"

struct studio_settings {
    int sample_rate_hz;                /* of the MP3: 8000..48000, an MPEG rate; default 44100 */
    int bitrate_kbps;                  /* CBR; default 64 */
    double loudness_lufs;              /* default -19, one-channel meter */
    double true_peak_dbtp;             /* ceiling before encoding; default -1.5 */
    double rate_factor;                /* speaking rate; default 1 */
    int jobs;                          /* worker processes at once; 0: one a core */
    const char *cache_folder;          /* NULL: no cache */
    uint64_t cache_limit_bytes;        /* 0: default 2 GiB */
    bool keep_going;                   /* a passage that cannot be recorded becomes silence and is reported, the run goes on */
    int stall_s;                       /* a worker without progress for so long is killed; 0: default 30 */
    const char *trace_path;            /* trace-event JSON of who worked when, or NULL */
    const volatile sig_atomic_t *stop; /* not 0: stop as soon as possible with STATUS_INTERRUPTED; or NULL */
};
void studio_settings_default(struct studio_settings *settings);
/* STATUS_USAGE where rate and bitrate do not go together (Info tag must fit a frame, formats of MPEG-1/2 layer III). */
enum status studio_settings_check(const struct studio_settings *settings, struct problem *problem);

/* When a word or piece sounds; samples from the start of the recording, at sample_rate_hz. */
struct word_mark {
    uint32_t piece; /* index into passage.pieces */
    uint32_t part;  /* index into piece.parts */
    uint64_t start_sample;
};
struct piece_mark {
    uint64_t start_sample, end_sample; /* first and past the last sample of sound */
};

/* Loudness of a recording as EBU R 128 gating blocks (400 ms, every 100 ms), so that any number of recordings can be
 * combined exactly. Bin i counts blocks with loudness in [-70 + i/10, -70 + (i+1)/10) LUFS. */
#define LOUDNESS_BINS 750
struct loudness_histogram {
    uint32_t blocks[LOUDNESS_BINS];
};
void loudness_add(struct loudness_histogram *sum, const struct loudness_histogram *more);
/* Integrated loudness with the absolute and relative gates of ITU-R BS.1770; -HUGE_VAL where there is no block. */
double loudness_integrated(const struct loudness_histogram *histogram);

/* A passage recorded: whole CBR MP3 frames that decode (with the usual 1105 samples of delay) to n_samples, beginning and ending
 * in digital silence, the bit reservoir unused, so that recordings can be laid end to end. */
struct recording {
    const uint8_t *mp3;
    size_t mp3_len;
    size_t n_mp3_frames;
    uint64_t n_samples;              /* n_mp3_frames * samples per frame */
    const struct piece_mark *pieces; /* [passage.n_pieces] */
    const struct word_mark *words;
    size_t n_words;
    struct loudness_histogram loudness;
    const uint8_t *envelope; /* loudest sample of each tenth of a second, 0..255 of full scale, for drawings */
    size_t n_envelope;
    double true_peak_dbtp;                            /* after the limiter, before encoding */
    double speak_cpu_s, resample_cpu_s, encode_cpu_s; /* 0 when cached */
    bool cached;
    bool failed; /* keep_going: replaced by silence */
};

struct studio;

/* Initialises the engines that `programme`'s voices need (eSpeak NG once, before any thread), measures what voices lack a gain
 * (kept in the cache), opens the cache. STATUS_UNAVAILABLE names what is missing and the package that has it. */
enum status studio_open(struct studio **studio, const struct studio_settings *settings, const struct programme *programme,
                        struct problem *problem);
void studio_close(struct studio *studio); /* accepts NULL */
/* The gain that `voice` of the programme is recorded with, its own or the measured one; NAN where nobody speaks with it. */
double studio_gain_db(const struct studio *studio, const struct voice *voice);

/* Called in the parent, in order of passages. `recording` is valid during the call only. Not STATUS_OK: stop. */
typedef enum status studio_deliver_function(void *context, size_t passage, const struct recording *recording,
                                            struct problem *problem);
/* Called whenever something that went wrong was got over (a passage tried again, a fallback voice). */
typedef void studio_note_function(void *context, const char *words);

/* Records passages [0, n) of the programme. Nothing of the sound is kept after delivery. */
enum status studio_record(struct studio *studio, studio_deliver_function *deliver, studio_note_function *note, void *context,
                          struct problem *problem);

/* `n_mp3_frames` frames of digital silence in the format of the settings, to lay between recordings; valid until studio_close.
 * All frames are the same, so one frame is given. */
struct str studio_silent_frame(const struct studio *studio);
int studio_samples_per_frame(const struct studio_settings *settings); /* 1152, or 576 for rates below 32000 */

/* ---- the recording cache (crier cache) ---- */
struct cache_report {
    uint64_t bytes, limit_bytes;
    size_t n_recordings;
};
/* $XDG_CACHE_HOME/crier, else $HOME/.cache/crier, in `out` (size bytes); STATUS_UNAVAILABLE where neither is set. */
enum status cache_default_folder(char *out, size_t size, struct problem *problem);
enum status cache_measure(const char *folder, struct cache_report *report, struct problem *problem);
/* Removes least recently used recordings until at most `keep_bytes` are left (0: all). */
enum status cache_prune(const char *folder, uint64_t keep_bytes, struct cache_report *report, struct problem *problem);

#endif
