/* What the rules of the normaliser share: the text they read, the words they say. Private to src/spoken.
 *
 * A rule looks at the text from `at` on. Where it applies it says what it reads with say_open ... say_close and returns the end
 * of what it consumed; where it does not, it says nothing and returns 0. Look-ahead is bounded by what the rule consumes plus a
 * few words, so that reading is linear. */
#ifndef CRIER_SPOKEN_READER_H
#define CRIER_SPOKEN_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/str.h"
#include "base/utf8.h"
#include "spoken/numbers.h"
#include "spoken/spoken.h"

struct reader {
    struct arena *arena;
    const struct spoken_context *context;
    struct str text;
    bool english, british;
    struct buffer out;
    struct spoken_part *parts; /* of the heap; they go into the arena when their number is known */
    size_t n_parts, capacity;
    size_t open;          /* where the words of the part being said begin in `out` */
    size_t quotes;        /* straight double quotation marks passed so far */
    size_t street_end;    /* up to here the text is the street of an address */
    bool place_seen;      /* an address began: two capitals after a comma are a state */
    size_t address_tried; /* up to here no address begins */
    bool shouting;        /* all in capitals: they say nothing about acronyms */
    size_t sentence_end;  /* offset in text behind which only closing marks and spaces follow */
};

/* Begins the words of one written token: a space if one is due. Append to &r->out, then say_close. */
void say_open(struct reader *r);
/* The words since say_open say text[start, end). Nothing said: no part. */
void say_close(struct reader *r, size_t start, size_t end);
/* say_open, words, say_close. */
void say(struct reader *r, size_t start, size_t end, struct str words);
void say_c(struct reader *r, size_t start, size_t end, const char *words);
/* A mark of punctuation for the engine, attached to the word before it; marks do not pile up. */
void say_mark(struct reader *r, char mark);

/* Bytes of the text; 0 outside of it. */
static inline char byte_at(const struct reader *r, size_t at)
{
    return at < r->text.len ? r->text.data[at] : '\0';
}
static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static inline bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}
static inline bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}
static inline bool is_alpha(char c)
{
    return is_upper(c) || is_lower(c);
}

/* Is there a letter or digit (of any script) right at / right before `at`? */
bool word_at(const struct reader *r, size_t at);
bool word_before(const struct reader *r, size_t at);
/* Past the letters and marks at `at`, apostrophes between letters included where `apostrophes`. */
size_t letters_end(const struct reader *r, size_t at, bool apostrophes);
size_t digits_end(const struct reader *r, size_t at);
size_t spaces_end(const struct reader *r, size_t at);
/* Length of an apostrophe (' or ’) at `at`, else 0; likewise a hyphen or dash between numbers (- ‐ ‑ ‒ – — −). */
size_t apostrophe_at(const struct reader *r, size_t at);
size_t dash_at(const struct reader *r, size_t at);

/* ---- the rules, by file ---- */

size_t figure_read(struct reader *r, size_t at);  /* figure.c: whatever begins with a digit, a currency or a sign before one */
size_t word_read(struct reader *r, size_t at);    /* word.c: abbreviations, acronyms, Roman numerals, plain words */
size_t address_read(struct reader *r, size_t at); /* address.c: e-mail, web, handles, hashtags; at the start of a chunk */
size_t symbol_read(struct reader *r, size_t at);  /* symbol.c: everything that is neither letter nor digit; never 0 */

/* lexicon.c: says the longest entry that begins at `at`; 0 where there is none. */
size_t lexicon_read(struct reader *r, size_t at);

#endif
