/* Inside the script stage: signs that stand around words, and small scanning helpers over UTF-8 text. */
#ifndef CRIER_SCRIPT_MARKS_H
#define CRIER_SCRIPT_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* Brackets and quotation marks that end what they stand around; straight marks count as both. */
bool mark_closes(unsigned c);
/* Brackets, quotation marks and the Spanish inverted marks that open what follows. */
bool mark_opens(unsigned c);
/* . ! ? and their likes in other scripts; the ellipsis too. */
bool mark_stops(unsigned c);
/* A full stop of a script that is written without spaces: it ends a sentence whatever follows. */
bool mark_stops_wide(unsigned c);
bool mark_is_dash(unsigned c); /* hyphen-minus, en, em, horizontal bar */
bool mark_is_apostrophe(unsigned c);

/* The code point before `at` (0 where at == from), and at `at` (0 where at == end). */
unsigned text_before(struct str text, size_t from, size_t at);
unsigned text_at(struct str text, size_t at, size_t end);
size_t text_skip_space(struct str text, size_t at, size_t end);
size_t text_back_space(struct str text, size_t from, size_t at);
/* True where [start, end) holds a letter or digit. */
bool text_has_word(struct str text, size_t start, size_t end);
/* The word of letters, digits and apostrophes that starts at `at`, at most `end`. */
struct str text_word_at(struct str text, size_t at, size_t end);
/* The word that ends just before `at`, not before `from`; "" where something else stands there. */
struct str text_word_before(struct str text, size_t from, size_t at);
/* Looks up the lower-case form of `word` in a sorted table of lower-case words; long words are not found. */
bool word_listed(struct str table, struct str word, struct str *rest);

#endif
