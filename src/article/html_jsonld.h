/* The schema.org description of an article in a page's JSON-LD. */
#ifndef CRIER_ARTICLE_HTML_JSONLD_H
#define CRIER_ARTICLE_HTML_JSONLD_H

#include <stdbool.h>

#include "article/html_clean.h"
#include "base/arena.h"
#include "base/str.h"

/* Strings as in the page (mark-up and entities still in them), in the arena; "" where missing. */
struct html_jsonld {
    struct str headline, byline, published, language, site, image, url, description, body;
    bool not_free; /* isAccessibleForFree is false */
};

/* Of all objects in the scripts (also in arrays, @graph, mainEntity) the one that describes the article of this page: by type,
 * then by likeness of its headline with `page_title`. Broken JSON counts as none. */
void html_jsonld_read(struct html_jsonld *found, struct arena *arena, const struct html_clean *clean, struct str page_title);

#endif
