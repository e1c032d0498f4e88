/* Which lines of a page are the article. */
#ifndef CRIER_ARTICLE_HTML_BODY_H
#define CRIER_ARTICLE_HTML_BODY_H

#include "article/html_lines.h"
#include "article/html_meta.h"

enum { HTML_NO_LINE = UINT32_MAX };

struct html_body {
    const char **reasons; /* of each line: NULL: it is spoken; else why not, as in struct omission */
    uint32_t title_line;  /* the line that is the headline, or HTML_NO_LINE */
    uint32_t container;   /* node that holds the article */
    bool stub;            /* only the start of the article seems to be here */
    uint32_t width;       /* of the spoken lines together, the headline aside */
};

/* In tree->arena. `trust_names`: what elements are called (class, id, role) counts; false is the second try on a page where
 * next to nothing was found. Changes the kind of lines that turn out to be captions. False when memory ran out. */
bool html_body_find(struct html_body *body, struct html_tree *tree, const struct html_lines *lines, const struct html_meta *meta,
                    bool trust_names);

/* All lines are the article's. */
bool html_body_all(struct html_body *body, struct html_tree *tree, const struct html_lines *lines);

#endif
