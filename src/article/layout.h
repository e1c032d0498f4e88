/* layout: where the paragraphs of a plain text are.
 *
 * Paragraphs are set apart by blank lines, or each is one line, or lines are broken at a column by hand; many files mix these.
 * Whether a line break between two words is a hand-made one is decided by evidence of the whole file: breaks made at a column
 * come where the next word would not have fitted. */
#ifndef CRIER_ARTICLE_LAYOUT_H
#define CRIER_ARTICLE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

/* One line that is not blank; blank ones are counted in `blank_before`. */
struct layout_line {
    size_t start, end; /* source offsets of its words: no white space, no "> " in front */
    size_t width;      /* code points from the left margin to `end` */
    unsigned indent;   /* columns before `start`, tabs to multiples of 8; "> " not counted */
    unsigned quoted;   /* depth of "> " */
    bool blank_before; /* a blank line, or the file's start, lies above */
};

/* Lines [first, last] are one paragraph. */
struct layout_paragraph {
    size_t first, last;
    size_t start, end; /* source offsets */
};

struct layout {
    struct layout_line *lines;
    size_t n_lines;
    struct layout_paragraph *paragraphs;
    size_t n_paragraphs;
    size_t column; /* lines are broken by hand at this column; 0: they are not */
};

/* All of it lies in `arena`; a failed allocation shows there. Linear. */
void layout_find(struct layout *layout, struct arena *arena, struct str source);

/* Bullet or number in front of a line's words. */
struct layout_mark {
    size_t len;      /* bytes up to the words, 0: none */
    unsigned bullet; /* its code point; 0 for numbers */
    int ordinal;     /* 1..999; 0 for bullets */
};
struct layout_mark layout_mark_of(struct str line);

/* A line of one repeated sign and white space ("---", "* * *", "====="): its sign, else 0. `count` signs of it. */
unsigned layout_rule_of(struct str line, size_t *count);

/* The last character that counts: closing quotation marks and brackets after it are passed over. 0 if there is none. */
unsigned layout_last_char(struct str text);
/* Full stops, question marks and the like, of all scripts; with `weak` colons, semicolons and commas too. */
bool layout_is_stop(unsigned c, bool weak);

#endif
