/* recorder: the pure function passage -> recording. It runs in a worker process, in the state its parent prepared; what it
 * makes depends on its arguments and the engine's identity alone. */
#ifndef CRIER_STUDIO_RECORDER_H
#define CRIER_STUDIO_RECORDER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "studio/encode.h"
#include "studio/engine.h"
#include "studio/resample.h"
#include "studio/studio.h"

/* Part of every cache key: raise it whenever the same inputs would make other bytes than before. */
#define RECORDING_VERSION 6

/* A voice as this run uses it: itself or its fallback, and its gain. */
struct studio_voice {
    const struct voice *asked, *used;
    const struct engine *engine;
    double gain_db;    /* to -19 LUFS; more where the programme is louder and the limiter would take that away */
    uint64_t identity; /* hash of the voice, its gain and everything outside that can change its sound; 0 without a cache */
    size_t n_first;    /* passages that begin with it */
};

/* What the recorder tells while it works. */
struct recorder_sink {
    void *context;
    enum status (*mp3)(void *context, struct str whole_frames);
    void (*alive)(void *context);
    void (*group)(void *context, pid_t pgid);
};

/* Tools made once in the parent; a forked worker uses its own copy of them, as good as new. */
struct recorder_tools {
    struct encoder encoder;     /* for eSpeak NG's sound */
    struct resampler resampler; /* from eSpeak NG's usual rate */
};
enum status recorder_tools_open(struct recorder_tools *tools, const struct studio_settings *settings, struct problem *problem);
void recorder_tools_close(struct recorder_tools *tools);

/* Silence before the first sound of a recording, in samples of the output. */
int recorder_lead_samples(const struct studio_settings *settings);

/* Records pieces [first, end) of a speech passage, or the audio of the passage. MP3 goes to the sink; `recording` gets everything
 * else, its arrays owned by `arena` (recording.pieces has end - first entries and word marks count pieces from `first`). `voices`
 * has the studio voice of every piece from `first` on. */
enum status recorder_record(struct recorder_tools *tools, const struct studio_settings *settings, const struct passage *passage,
                            size_t first, size_t end, const struct studio_voice *const *voices, const struct recorder_sink *sink,
                            struct arena *arena, struct recording *recording, struct problem *problem);

/* In dB. reference_db: what brings `words` in `voice` to REFERENCE_LUFS behind a limiter with the usual ceiling. louder_db: what
 * it then needs above the difference to be `loudness_lufs` loud, because the limiter takes more from louder speech; 0 up to
 * REFERENCE_LUFS. */
#define REFERENCE_LUFS (-19.0)
#define MEASURE_CEILING_DBTP (-1.5)
struct voice_gain {
    double reference_db, louder_db;
};
/* STATUS_UNAVAILABLE where it is silent. sink.mp3 is not used. */
enum status recorder_measure_voice(const struct voice *voice, const struct engine *engine, double rate_factor,
                                   double loudness_lufs, struct str words, const struct recorder_sink *sink,
                                   struct voice_gain *gain, struct problem *problem);

#endif
