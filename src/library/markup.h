/* markup: how text gets into pages and feed: escaped, whatever it holds. */
#ifndef CRIER_LIBRARY_MARKUP_H
#define CRIER_LIBRARY_MARKUP_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/str.h"

/* A copy that may stand in XML 1.0 and HTML: valid UTF-8 without control characters (tab and line feed stay). */
struct str markup_clean(struct arena *arena, struct str s);

/* For HTML text and quoted attributes. */
void markup_text(struct buffer *out, struct str s);
/* A JSON string with its quotation marks, safe within <script>: no <, >, & nor line separators are written as they are. */
void markup_json(struct buffer *out, struct str s);
/* Percent-encodes what may not stand in a URL as it is; text that is no http(s) URL gives nothing. */
void markup_url(struct buffer *out, struct str url);

/* "2:03", "1:02:03"; whole seconds, rounded down. */
void markup_clock(struct buffer *out, uint64_t ms);
/* "00:02:03". */
void markup_clock_full(struct buffer *out, uint64_t ms);
/* "less than a minute", "12 min", "1 h 5 min". */
void markup_length(struct buffer *out, uint64_t ms);
/* "17 October 2025" and "2025-10-17", UTC. */
void markup_date(struct buffer *out, int64_t seconds);
void markup_iso_date(struct buffer *out, int64_t seconds);

/* Writes `form` with every {{name}} replaced by the slot of that name, as it is. A name without slot gives nothing. */
struct markup_slot {
    const char *name;
    struct str value;
};
void markup_fill(struct buffer *out, struct str form, const struct markup_slot *slots, size_t n_slots);

#endif
