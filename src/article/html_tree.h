/* A page as a flat array of nodes in document order: a node's parent comes before it, its subtree is [index, end). So
 * every later pass is a loop, up or down, and no pass can run out of stack. */
#ifndef CRIER_ARTICLE_HTML_TREE_H
#define CRIER_ARTICLE_HTML_TREE_H

#include <gumbo.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "article/html_hints.h"
#include "base/arena.h"
#include "base/str.h"

enum { HTML_NO_NODE = UINT32_MAX };

enum html_node_flag {
    NODE_BLOCK = 1,       /* starts and ends a line of text */
    NODE_HIDDEN = 1 << 1, /* this element is out of sight by its own attributes */
    NODE_TEXT = 1 << 2,   /* a text node: `text` is set, `element` NULL */
};

struct html_node {
    uint32_t parent, end;
    uint16_t tag;    /* GumboTag */
    uint16_t flags;  /* enum html_node_flag */
    int32_t ordinal; /* list items: their number, from 1 or the list's start */
    hint_set hints;  /* of this element's own class, id, role and the like */
    struct str text;
    const GumboElement *element;
};

struct html_tree {
    struct arena arena;
    struct html_node *nodes;
    uint32_t n_nodes;
    uint32_t body; /* index of <body>, or HTML_NO_NODE */
};

/* `page` (from html_clean) must outlive the tree: texts and attribute values may point into it. False when memory ran out. */
bool html_tree_build(struct html_tree *tree, struct str page);
void html_tree_release(struct html_tree *tree);

/* Value of an attribute; data NULL where it is missing. */
struct str html_attribute(const struct html_node *node, const char *name);
/* The text below node `at`, white space collapsed, in the arena; at most about `limit` bytes. */
struct str html_text(struct html_tree *tree, uint32_t at, size_t limit);
/* Is `below` in the subtree of `above` (or the same)? */
static inline bool html_within(const struct html_tree *tree, uint32_t above, uint32_t below)
{
    return below >= above && below < tree->nodes[above].end;
}

#endif
