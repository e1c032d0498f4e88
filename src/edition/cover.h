/* Cover pictures as phones and cars show them: PNG or baseline JPEG, square, small enough for the tag. */
#ifndef CRIER_EDITION_COVER_H
#define CRIER_EDITION_COVER_H

#include "base/status.h"
#include "base/str.h"

#define COVER_LIMIT_BYTES ((size_t)200 * 1000)
#define COVER_LIMIT_PX 800

struct cover_facts {
    const char *mime_type; /* "image/png" or "image/jpeg", static */
    unsigned width, height;
    bool progressive;
};
/* Reads the header only. STATUS_BAD_DATA where it is neither PNG nor JPEG or is cut off. */
enum status cover_read(struct cover_facts *facts, struct str image, struct problem *problem);
/* As cover_read; STATUS_USAGE where the picture may not go into a tag: too many bytes or pixels, not square, progressive. */
enum status cover_check(struct cover_facts *facts, struct str image, struct problem *problem);

#endif
