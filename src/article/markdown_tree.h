/* Markdown as cmark's tree. */
#ifndef CRIER_ARTICLE_MARKDOWN_TREE_H
#define CRIER_ARTICLE_MARKDOWN_TREE_H

#include <cmark.h>
#include <stdbool.h>

#include "base/str.h"

struct markdown_block_of_memory;
struct markdown_tree {
    cmark_node *document;
    cmark_iter *iter;                        /* over all of it; one is enough */
    struct markdown_block_of_memory *blocks; /* all memory of the tree */
};

/* False, and a zeroed tree, where memory ran out. */
bool markdown_tree_parse(struct markdown_tree *tree, struct str text);
void markdown_tree_free(struct markdown_tree *tree); /* accepts zeroed */

#endif
