/* Words that give a line away: "Read more:", "Advertisement", "All rights reserved". */
#ifndef CRIER_ARTICLE_HTML_PHRASES_H
#define CRIER_ARTICLE_HTML_PHRASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* Where in a line a phrase of data/html_phrases.tsv counts. */
enum phrase_place {
    PHRASE_WHOLE = '=',   /* the line is these words */
    PHRASE_START = '^',   /* the line starts with them; so may a sentence of the article */
    PHRASE_SURE = '!',    /* the line starts with them, and no article does so */
    PHRASE_INSIDE = '*',  /* the line holds them: for the end of an article, where notes of the house stand */
    PHRASE_HEADING = '#', /* a heading that starts with them: what follows is not the article either */
    PHRASE_TITLE = '~',   /* the same, but the heading is these words and no more */
};

/* The reason of the first phrase of that place that the line has; NULL: none. Case, punctuation and apostrophes do not count.
 * Only the first 600 bytes of a line are looked at. */
const char *phrase_reason(struct str line, enum phrase_place place);

/* The same letters and digits in the same order, case aside; false for texts without any. */
bool phrase_same_letters(struct str a, struct str b);

/* The words of a headline, to compare others with. */
struct word_set {
    uint32_t hashes[64];
    size_t count;
};
void word_set_make(struct word_set *set, struct str text);
/* Share of words that both have, 0..1 (Dice). */
double word_set_likeness(const struct word_set *set, struct str text);

#endif
