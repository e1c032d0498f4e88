/* feed_read: RSS 2.0 (and 0.9x), RSS 1.0 (RDF) and Atom, by libxml2, loaded when first used. Nothing outside the document is ever
 * read, and entities that a document declares are not known. */
#ifndef CRIER_LIBRARY_FEED_READ_H
#define CRIER_LIBRARY_FEED_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

struct feed_item {
    struct str id;     /* guid, Atom id, rdf:about, else the link, else a hash of title and text; never "" */
    struct str title;  /* plain words */
    struct str link;   /* as written; "" where there is none */
    struct str base;   /* what a relative link is relative to */
    struct str author; /* plain words */
    struct str date;   /* as written */
    int64_t date_s;    /* seconds since 1970; INT64_MIN where there is none that can be read */
    struct str text;   /* mark-up of the longest of its texts */
    bool whole;        /* the text looks like the whole article, not like its beginning */
};
/* Everything lives in the arena given to feed_read(). */
struct feed_document {
    struct str title, language;
    struct feed_item *items; /* newest first where all have dates, else as in the document */
    size_t n_items;
};

/* `url` is where `bytes` came from; `utf8`: they are UTF-8 whatever their XML declaration says. STATUS_BAD_DATA with the line
 * where it is no feed; STATUS_UNAVAILABLE without libxml2. */
enum status feed_read(struct feed_document *feed, struct str bytes, struct str url, bool utf8, struct arena *arena,
                      struct problem *problem);

/* Seconds since 1970 of "Fri, 17 Oct 2025 10:00:00 +0200" (RFC 822) or "2025-10-17T10:00:00Z" (RFC 3339); INT64_MIN where it is
 * neither. */
int64_t feed_date(struct str written);

#endif
