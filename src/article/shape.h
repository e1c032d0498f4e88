/* shape: what kind of thing a short piece of text is, from its looks alone. Used where no markup tells. */
#ifndef CRIER_ARTICLE_SHAPE_H
#define CRIER_ARTICLE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

#define SHAPE_LONG 400 /* bytes: what is longer is running text and not looked into */

struct shape {
    bool is_long;
    size_t words;    /* with a letter or digit in them */
    size_t capitals; /* words that start with a capital or a digit */
    size_t lowers;   /* words of four letters and more that start with a small letter */
    size_t letters, uppers, digits;
    size_t sentences;     /* full stops and the like that a space and a capital follow, and the one at the end */
    unsigned first, last; /* characters; `last` passes over closing quotation marks and brackets */
    bool opens_quote;     /* starts with a quotation mark */
    bool has_link;        /* a web address or a @handle in it */
    size_t label;         /* bytes of "NAME" in "NAME: text" and in "NAME:", 0 where it is no such line */
};
struct shape shape_of(struct str text);

/* Headline or section heading by its words: short, no stop at the end, no quotation, no turn of an interview. */
bool shape_is_heading(const struct shape *shape, struct str text);
bool shape_is_all_caps(const struct shape *shape);
/* "By Jane Doe", "Words by Jane Doe, Staff Writer". Sets *names to "Jane Doe". */
bool shape_is_byline(const struct shape *shape, struct str text, struct str *names);
/* A line that is a date and nothing else ("Published: 17 October 2025, 10:30 BST"). Sets iso and *plain: no clock time, no
 * "updated". */
bool shape_is_date_line(const struct shape *shape, struct str text, char iso[11], bool *plain);
/* "Photo: ...", "(AP Photo/...)", "Getty Images". *credit: only names whom the picture is from, after a word that says so. */
bool shape_is_caption(const struct shape *shape, struct str text, bool *credit);
/* Buttons, share counters and notices of web pages: the whole text is one of a list of phrases. NOISE_WEAK: it may be a
 * heading as well ("Home", "32"), so that its place must decide. */
enum noise { NOISE_NONE, NOISE_WEAK, NOISE_SURE };
enum noise shape_is_noise(const struct shape *shape, struct str text);
/* "Read more: ...", "RELATED: ...". */
bool shape_is_related(const struct shape *shape, struct str text);
/* The words of two headlines are mostly the same. */
bool shape_is_same_headline(struct str a, struct str b);

/* The first date in `text`, of all usual orders with a month's name or ISO 8601. Sets iso to "2025-10-17". */
int date_month(struct str word); /* 1..12, 0: no name of a month */
bool date_find(struct str text, char iso[11], size_t *start, size_t *end);

#endif
