/* cover_art: a cover drawn where the user has none: the title on a plain ground (pango and cairo, loaded when first used). */
#ifndef CRIER_LIBRARY_COVER_ART_H
#define CRIER_LIBRARY_COVER_ART_H

#include "base/buffer.h"
#include "base/status.h"
#include "base/str.h"

/* A square PNG of `size_px` with the title and a smaller line ("17 October 2025", the author; may be empty) appended to `png`.
 * The ground's colour follows from the title. The same fonts give the same bytes. STATUS_UNAVAILABLE where pango is missing. */
enum status cover_art_draw(struct buffer *png, struct str title, struct str line, unsigned size_px, struct problem *problem);

/* The same motif without words, with room around it for round masks: the icon of an installed page. */
enum status cover_art_icon(struct buffer *png, struct str title, unsigned size_px, struct problem *problem);

#endif
