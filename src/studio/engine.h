/* engine: a way to turn words into sound. eSpeak NG is built in (espeak.c); any other program is one by a command template
 * (command.c). An engine is used in worker processes only, but for what its functions say about the parent. */
#ifndef CRIER_STUDIO_ENGINE_H
#define CRIER_STUDIO_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/status.h"
#include "cast/cast.h"

/* Where an engine's sound goes. A function that does not return STATUS_OK ends the speech with that status. */
struct engine_sink {
    void *context;
    enum status (*start)(void *context, int rate_hz); /* once, before the first samples */
    enum status (*samples)(void *context, const float *samples, size_t n);
    /* The word at byte `offset` of the words starts at `sample` of this speech; a hint, may be late, repeated or missing. */
    void (*word)(void *context, size_t offset, uint64_t sample);
    void (*alive)(void *context);             /* the engine is at work though there is no sound yet */
    void (*group)(void *context, pid_t pgid); /* a process group was started that must die with the worker; 0: it is gone */
};

struct engine_voice {
    struct str model, language, description;
};

struct engine {
    const char *name; /* voice.engine */
    /* Gets ready, once, in the parent, before any fork; may be called again. `folder` is private to this run and removed at its
     * end. STATUS_UNAVAILABLE names the package that is missing. */
    enum status (*open)(const char *folder, struct problem *problem);
    /* All voices it knows of, sorted by model. NULL: it cannot know them. Parent. */
    enum status (*list)(struct arena *arena, struct engine_voice **voices, size_t *n_voices, struct problem *problem);
    /* STATUS_UNAVAILABLE where `voice` cannot be spoken with, and why. Parent; leaves no trace in the engine's state. */
    enum status (*check)(const struct voice *voice, struct problem *problem);
    /* Hashes everything outside struct voice that can change the sound: versions, data files. Parent. */
    enum status (*identify)(const struct voice *voice, struct hash *hash, struct problem *problem);
    /* Loads what `voice` needs, so that workers that begin with it need not; changes nothing in what is spoken with any voice.
     * NULL: nothing to load. Parent. */
    void (*preload)(const struct voice *voice);
    /* True where speaking with `voice` reads files and starts no program, so that its worker can be confined (sandbox.h). */
    bool (*is_alone)(const struct voice *voice);
    /* Speaks `words` (UTF-8). Worker. */
    enum status (*speak)(const struct voice *voice, double rate_factor, struct str words, const struct engine_sink *sink,
                         struct problem *problem);
};

extern const struct engine engine_espeak;
extern const struct engine engine_command;

/* The engine of that name, or NULL. */
const struct engine *engine_find(struct str name);

#endif
