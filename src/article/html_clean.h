/* First look at a page's bytes: what no reader sees goes away before the tree is built.
 *
 * The tree builder (gumbo) is quadratic in nesting depth and in attributes of one tag, and spends most of its time on scripts
 * and style sheets. So one linear pass copies the page and leaves out scripts, styles, drawings, comments, NUL bytes and all
 * attributes that no rule of ours reads, keeps nesting and the number of tags within bounds, and sets JSON-LD aside. */
#ifndef CRIER_ARTICLE_HTML_CLEAN_H
#define CRIER_ARTICLE_HTML_CLEAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/str.h"

enum {
    HTML_DEPTH_MAX = 256,      /* open elements at a time; deeper tags become line breaks */
    HTML_TAGS_MAX = 400000,    /* start tags that are kept; later ones become spaces */
    HTML_JSON_MAX = 32,        /* JSON-LD scripts that are kept */
    HTML_JSON_BYTES = 1 << 20, /* size of one of them at most */
};

struct html_clean {
    struct buffer out;              /* the page for the tree builder; UTF-8 if the input was */
    struct str json[HTML_JSON_MAX]; /* contents of <script type="application/ld+json">, views into the input */
    size_t n_json;
    bool cut_depth; /* tags nested deeper than HTML_DEPTH_MAX were dropped */
    bool cut_tags;  /* there were more than HTML_TAGS_MAX tags */
};

/* `page` must outlive the result. False when memory ran out. Linear in page.len. */
bool html_clean(struct html_clean *clean, struct str page);
/* Accepts NULL and zeroed. */
void html_clean_release(struct html_clean *clean);

#endif
