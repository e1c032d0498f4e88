/* What a page says about itself: JSON-LD (schema.org), Open Graph, meta and link elements, <time>, <title>. */
#ifndef CRIER_ARTICLE_HTML_META_H
#define CRIER_ARTICLE_HTML_META_H

#include <stdbool.h>

#include "article/html_clean.h"
#include "article/html_tree.h"

/* All in tree->arena, entities decoded, white space collapsed; "" where the page says nothing. */
struct html_meta {
    struct str title;     /* headline without the site's name */
    struct str raw_title; /* <title> as it stands */
    struct str byline;    /* "Jane Doe and John Roe", without "By" */
    struct str published; /* "2025-10-17" */
    struct str language;  /* BCP 47 tag */
    struct str site;
    struct str cover;       /* URL as written */
    struct str url;         /* canonical */
    struct str description; /* the page's summary of itself */
    struct str body;        /* JSON-LD articleBody, as mark-up */
    bool not_free;          /* JSON-LD isAccessibleForFree false */
};

/* False when memory ran out. Never fails for what the page says: nonsense counts as nothing. */
bool html_meta_read(struct html_meta *meta, struct html_tree *tree, const struct html_clean *clean);

#endif
