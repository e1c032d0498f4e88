/* Inside the edition stage: the ID3v2.3 tag, exactly as phone players want it.
 * ID3v2.3.0 (id3.org, 1999), ID3v2 Chapter Frame Addendum 1.0 (2005). */
#ifndef CRIER_EDITION_ID3_WRITE_H
#define CRIER_EDITION_ID3_WRITE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "edition/edition.h"

#define ID3_LIMIT_BYTES ((size_t)300 * 1000)

struct id3_content {
    struct str title, artist, album, date;
    const char *language; /* ISO 639-2, three letters, or NULL */
    int track;
    uint64_t duration_ms;
    const struct edition_chapter *chapters;
    size_t n_chapters;
    struct str cover;
    const char *cover_type;
    bool no_comment; /* leave the list in COMM out */
};

/* Appends the tag of `room` bytes in all, the rest of it padding; room 0: as many as it takes whatever the times are.
 * False where it does not fit `room` or memory ran out. */
bool id3_write(const struct id3_content *content, size_t room, struct buffer *out);

#define TAG_TEXT_LIMIT 250 /* characters */

/* Text fit for a tag: no control characters, no direction overrides, no byte order marks, white space made single, cut with an
 * ellipsis where it is longer than TAG_TEXT_LIMIT. */
struct str tag_text(struct arena *arena, struct str text);

/* ISO 639-2/T code of a BCP 47 tag ("en-GB" is "eng"); NULL where it has none here. */
const char *language_iso639_2(struct str tag);

#endif
