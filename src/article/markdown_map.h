/* markdown_map: where the text of cmark's nodes stands in the source. */
#ifndef CRIER_ARTICLE_MARKDOWN_MAP_H
#define CRIER_ARTICLE_MARKDOWN_MAP_H

#include <cmark.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

#define MARKDOWN_LOOK_AHEAD 4096 /* bytes in which a literal is searched */
#define MARKDOWN_LONGEST_MARK 40 /* of a footnote */

struct markdown_map {
    struct str source;
    size_t *lines; /* source offset of each line of the document */
    size_t n_lines;
    size_t cursor;       /* all before it is used up */
    size_t quotes;       /* depth of block quotations here */
    size_t block_line;   /* of the block whose text is read */
    size_t block_column; /* both from 1 */
};

/* Finds the lines of map->source from `from` on; they lie in `arena`. */
void markdown_map_init(struct markdown_map *map, struct arena *arena, size_t from);
/* Source offset of line `line` (from 1), the end where there is none. */
size_t markdown_line(const struct markdown_map *map, size_t line);
/* Where a paragraph's words begin in one of its later lines: behind quotation signs and indents. */
size_t markdown_content(const struct markdown_map *map, size_t at);

/* Where `literal`, the text of `node`, begins at or after the cursor; SIZE_MAX: not found. `code`: a code span. */
size_t markdown_locate(const struct markdown_map *map, cmark_node *node, struct str literal, bool code);

/* A literal is laid over the source in steps: equal bytes, or an entity of the source for some of the literal's. */
struct markdown_overlay {
    size_t at, in; /* places in the source and in the literal */
};
struct markdown_step {
    size_t start, len; /* of the source, equal bytes */
    size_t glued;      /* bytes of the literal that stand for an entity */
};
/* One step; moves both places on. False: the two do not fit. */
bool markdown_step(const struct markdown_map *map, struct str literal, bool code, struct markdown_overlay *o,
                   struct markdown_step *step);

/* ASCII punctuation, which a backslash may stand in front of. */
bool markdown_is_punctuation(char c);

/* Bytes of "[^mark]" at `at` of the literal, 0: none. */
size_t markdown_footnote_mark(struct str literal, size_t at);

#endif
