/* Inside the edition stage: what edition.c fills and sidecars.c writes out. */
#ifndef CRIER_EDITION_EDITION_INTERNAL_H
#define CRIER_EDITION_EDITION_INTERNAL_H

#include "base/arena.h"
#include "base/draft.h"
#include "edition/edition.h"
#include "edition/id3_write.h"
#include "edition/inspect.h"
#include "edition/mp3_frame.h"

struct edition {
    struct arena arena;
    const char *path;
    struct draft draft;
    struct mp3_format format;
    struct str silent_frame;
    struct inspect_options verify;
    bool digest;
    struct id3_content content;
    struct edition_chapter *chapters; /* [n_chapters], titles set from the start */
    uint64_t *chapter_samples;        /* [n_chapters] */
    size_t n_chapters, n_started;
    size_t id3_room, info_len;
    uint64_t n_mp3_frames, audio_bytes;
    uint16_t music_crc;
    uint64_t n_samples; /* of the finished edition */
    struct cue *cues;
    size_t n_cues, cue_capacity;
    bool finished;
};

#endif
