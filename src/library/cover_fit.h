/* cover_fit: a user's picture as a cover that fits: cropped to its middle square, scaled, saved as JPEG (cairo and libjpeg,
 * loaded when first used). */
#ifndef CRIER_LIBRARY_COVER_FIT_H
#define CRIER_LIBRARY_COVER_FIT_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/status.h"
#include "base/str.h"

struct cover_bounds {
    unsigned least_px, most_px;
    size_t most_bytes;
};
extern const struct cover_bounds cover_bounds_tag;  /* up to 800 pixels: for the MP3's tag */
extern const struct cover_bounds cover_bounds_feed; /* 1400 to 3000 pixels: for a podcast's feed */

/* Pictures of more pixels are refused before anything of them is decoded. */
#define COVER_DECODE_LIMIT_PX 30000000

/* Appends to `out` a square picture within the bounds: `image` as it is where it fits (a PNG or a baseline JPEG), else a new
 * baseline JPEG. The same picture and libraries give the same bytes. STATUS_BAD_DATA where `image` is no sound PNG or JPEG or
 * too large, STATUS_UNAVAILABLE where a library is missing. */
enum status cover_fit(struct buffer *out, struct str image, const struct cover_bounds *bounds, struct problem *problem);

#endif
