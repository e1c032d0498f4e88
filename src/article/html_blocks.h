/* From the lines of a page to the blocks and omissions of an article. */
#ifndef CRIER_ARTICLE_HTML_BLOCKS_H
#define CRIER_ARTICLE_HTML_BLOCKS_H

#include "article/builder.h"
#include "article/html_body.h"

/* Writes the headline, then all lines in the page's order: what body->reasons keeps into blocks, the rest as omissions, one for
 * each stretch with one reason. `title`: the headline where no line is it; "" for none. */
void html_blocks_write(struct article_builder *builder, const struct html_tree *tree, const struct html_lines *lines,
                       const struct html_body *body, struct str title);

#endif
