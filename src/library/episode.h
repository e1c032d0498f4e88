/* An episode as the library keeps it and as feed and pages show it: one published edition with everything known about it.
 * Written to and read from the state as JSON (episode_write_json, episode_read_json), so that feed and pages can be made again
 * without recording anything. */
#ifndef CRIER_LIBRARY_EPISODE_H
#define CRIER_LIBRARY_EPISODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/status.h"
#include "base/str.h"

struct episode_chapter {
    struct str title;
    uint64_t start_ms, end_ms;
};

/* When a word sounds: text[start, end) of its sentence. */
struct episode_word {
    uint32_t start, end;
    uint64_t start_ms;
};

enum episode_line_kind { LINE_NARRATION, LINE_HEADING, LINE_QUOTE, LINE_ITEM, LINE_CAPTION, LINE_ANNOUNCEMENT };

/* One sentence of the transcript. */
struct episode_line {
    enum episode_line_kind kind;
    bool starts_block; /* first sentence of a paragraph, heading, item */
    int speaker;       /* index into speakers; -1: the narrator; -2: an unknown speaker */
    struct str text;
    uint64_t start_ms, end_ms;
    const struct episode_word *words;
    size_t n_words;
};

struct episode_speaker {
    struct str name, voice; /* voice name of the cast */
    const char *gender;     /* "female", "male", "unknown" */
};

#define EPISODE_PEAKS 600
struct episode {
    struct str guid; /* made once, kept for ever */
    struct str slug; /* ASCII file name without extension */
    struct str title, byline, language, site, url;
    struct str summary;  /* the first sentences, plain text, at most about 400 characters */
    int64_t published_s; /* seconds since 1970, UTC: the article's date, else when it was first seen */
    int64_t first_seen_s, last_made_s;
    uint64_t duration_ms, bytes;
    char sha256[65];
    const struct episode_chapter *chapters;
    size_t n_chapters;
    const struct episode_speaker *speakers;
    size_t n_speakers;
    const struct episode_line *lines;
    size_t n_lines;
    uint8_t peaks[EPISODE_PEAKS]; /* waveform overview: loudest sample of each of 600 equal parts, 0..255 of full scale */
};

enum status episode_write_json(const struct episode *episode, struct buffer *out);
/* Strings and arrays live in `arena`. STATUS_BAD_DATA where it is not what episode_write_json writes. */
enum status episode_read_json(struct episode *episode, struct str json, struct arena *arena);

#endif
