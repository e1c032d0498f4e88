/* Inside inspect: the parts that read, each with nothing but bytes to go by. Every size in a file is a claim to be checked. */
#ifndef CRIER_EDITION_INSPECT_INTERNAL_H
#define CRIER_EDITION_INSPECT_INTERNAL_H

#include "edition/inspect.h"

/* A file of any size through a window: reading forwards costs one read() each WINDOW_LEN bytes. */
#define WINDOW_LEN ((size_t)256 * 1024)
struct window {
    int fd;
    uint64_t file_len;
    uint64_t start; /* of what is in `bytes` */
    size_t len;
    uint8_t *bytes; /* [WINDOW_LEN] */
    int error;      /* errno of a failed read; 0: none */
};
/* `len` bytes (at most WINDOW_LEN / 2) at `offset`; NULL past the end or on error. Valid until the next call. */
const uint8_t *window_get(struct window *window, uint64_t offset, size_t len);

/* What is built up on the way. */
struct inspector {
    struct inspection *found;
    struct window window;
    struct inspected_tag *tags;
    size_t tag_capacity;
    struct inspected_chapter *chapters;
    size_t chapter_capacity;
    struct str *breaches;
    size_t breach_capacity;
    uint64_t audio_start, audio_end; /* between the tags */
    /* chapters' frames, in tag order, to be held against each other */
    size_t n_tocs;
    bool toc_after_chapter;
    const struct str *toc_children;
    size_t n_toc_children;
};
/* Notes one breach, a whole sentence. */
void inspect_breach(struct inspector *inspector, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ID3v2 at the file's start: sets audio_start, tags, chapters, cover. */
void inspect_id3(struct inspector *inspector);
/* Other tags at the end: sets audio_end. */
void inspect_trailers(struct inspector *inspector);
/* Walks all frames. False where there is none. */
bool inspect_frames(struct inspector *inspector);
/* Decodes and measures. */
enum status inspect_measure(struct inspection *inspection, struct problem *problem);

#endif
