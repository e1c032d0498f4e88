/* Inside the edition stage: sentence cues -> captions short enough to read.
 *
 * A caption lasts at most 7 s and fits two lines of 42 characters (BBC and Netflix timed-text practice), so that one list
 * serves WebVTT and SubRip. Cut at the end of a clause where there is one, else between words, evenly. */
#ifndef CRIER_EDITION_CAPTIONS_H
#define CRIER_EDITION_CAPTIONS_H

#include "edition/edition.h"

#define CAPTION_LIMIT_MS 7000
#define CAPTION_LINE 42 /* characters */

struct caption {
    uint64_t start_ms, end_ms;
    struct str speaker;
    struct str text; /* words between single spaces */
};
typedef void caption_function(void *context, const struct caption *caption);

/* Calls `take` for each caption of `edition` in order; times ascend, never overlap and never run over a chapter's start.
 * Linear. False where memory ran out. */
bool captions_make(const struct edition *edition, caption_function *take, void *context);

/* Where to break `text` into two lines as even as can be, both at most `limit` characters: offset of the space, or SIZE_MAX
 * where it fits one line or cannot be broken. */
size_t caption_break(struct str text, size_t limit);

#endif
