/* pool: see pool.c. */
#ifndef CRIER_STUDIO_POOL_H
#define CRIER_STUDIO_POOL_H

#include "studio/recorder.h"
#include "studio/studio.h"

struct cache;
struct trace;

struct studio {
    struct studio_settings settings; /* jobs and limits resolved; strings are the caller's */
    const struct programme *programme;
    struct arena arena;
    struct studio_voice *voices;
    size_t n_voices;
    struct recorder_tools tools;
    struct buffer silent_frame;
    struct cache *cache; /* NULL: none */
    struct trace *trace; /* NULL: none */
    char *folder;        /* private to this run, for engines that need files; NULL: none */
    const char **notes;  /* of studio_open, told at studio_record */
    size_t n_notes, notes_capacity;
};

/* The studio voice of a piece. */
const struct studio_voice *studio_voice_of(const struct studio *studio, const struct piece *piece);

enum status pool_record(struct studio *studio, studio_deliver_function *deliver, studio_note_function *note, void *context,
                        struct problem *problem);

#endif
