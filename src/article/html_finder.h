/* What the steps of finding the article share (html_body.c, html_prune.c). */
#ifndef CRIER_ARTICLE_HTML_FINDER_H
#define CRIER_ARTICLE_HTML_FINDER_H

#include "article/html_body.h"

enum {
    HINTS_BAD = HINT_NAV | HINT_AD | HINT_COMMENT | HINT_RELATED | HINT_SHARE | HINT_LETTER | HINT_COOKIE | HINT_AUTHOR |
                HINT_TAGS | HINT_META | HINT_FOOTER | HINT_SIDEBAR | HINT_POPUP | HINT_PAYWALL | HINT_HIDDEN | HINT_GALLERY |
                HINT_PRODUCT | HINT_TOOL | HINT_FOOTNOTE | HINT_HEADER | HINT_SUMMARY,
    HINTS_PICTURE = HINT_CAPTION | HINT_IMAGE,
};

struct sums { /* of all lines before one */
    uint64_t width, link_width, weight, raw;
    uint32_t lines;
};

struct finder {
    struct html_tree *tree;
    struct html_line *lines;
    uint32_t n_lines;
    const struct html_meta *meta;
    struct html_body *body;
    uint32_t *line_at;   /* node -> first line that starts at or after it; n_nodes + 1 of them */
    struct sums *before; /* n_lines + 1 */
    hint_set *context;   /* of each node: bad and picture hints of it and of what it lies in */
    bool trust_names;    /* see html_body_find() */
    uint32_t title_node; /* a node inside the headline, or HTML_NO_NODE */
};

/* Of the lines below `node`. */
struct sums finder_sums(const struct finder *f, uint32_t node);
/* What a line says outside of links; 0 for headings, captions and lines of links. */
uint64_t finder_line_weight(const struct html_line *line);
const char *finder_reason(hint_set hints);
bool finder_is_group(unsigned tag); /* div, lists, section, article */

/* Gives a reason to all lines that are not the article's, in the container and outside of it. */
void finder_prune(struct finder *f);

#endif
