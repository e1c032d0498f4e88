/* Inside the script stage: the article as tokens, in two streams. The outer stream is what the writer says, with each speech
 * quotation as one token; the inner stream is what the speakers say. */
#ifndef CRIER_SCRIPT_TOKENS_H
#define CRIER_SCRIPT_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "article/article.h"
#include "script/quotation.h"
#include "script/vocabulary.h"

enum token_kind {
    TOKEN_WORD, /* letters or digits, with the full stop of an abbreviation */
    TOKEN_COMMA,
    TOKEN_STOP, /* . ! ? and dots */
    TOKEN_COLON,
    TOKEN_SEMICOLON,
    TOKEN_DASH, /* between words, not hyphens */
    TOKEN_OPEN, /* bracket */
    TOKEN_CLOSE,
    TOKEN_QUOTE, /* a speech quotation */
    TOKEN_BREAK, /* end of a block */
};

enum {
    TOKEN_CAPITAL = 1 << 0,
    TOKEN_UPPER = 1 << 1,          /* all capitals, two letters or more */
    TOKEN_SENTENCE_START = 1 << 2, /* first of its sentence */
    TOKEN_POSSESSIVE = 1 << 3,     /* 's or s' behind it, outside [start, end) */
    TOKEN_FRAGMENT = 1 << 4,       /* within marks that are no speech */
    TOKEN_DIGITS = 1 << 5,
    TOKEN_CONTRACTED = 1 << 6, /* 'd, 's, 've ... behind a pronoun */
};

struct token { /* every word of the article has one: kept small */
    enum token_kind kind;
    uint32_t flags;
    uint32_t block;
    uint32_t start, end; /* block offsets */
    uint32_t name;       /* 1 + index of the name it belongs to, 0: none */
    struct word *word;   /* of TOKEN_WORD, else NULL */
    uint32_t quotation;  /* of TOKEN_QUOTE */
    unsigned final;      /* of TOKEN_QUOTE: the last sign before its closing mark where it is punctuation, else 0 */
};

#define TOKENS_MARGIN 4

struct stream {
    struct token
        *tokens; /* TOKENS_MARGIN of TOKEN_BREAK, the blocks' tokens with a TOKEN_BREAK behind each block, the margin again */
    size_t n_tokens, capacity;
};

/* False where memory ran out. `quotations` must be sorted and must not overlap. */
bool tokenise(struct arena *arena, struct vocabulary *vocabulary, const struct article *article,
              const struct quotation *quotations, size_t n_quotations, struct stream *outer, struct stream *inner);

/* The text of tokens [first, end) of one block. */
struct str tokens_text(const struct article *article, const struct token *tokens, size_t first, size_t end);

static inline bool token_is(const struct token *token, uint32_t classes)
{
    return token->kind == TOKEN_WORD && token->word && (token->word->classes & classes);
}
/* "recently", "glumly": of the class, or a small -ly word that is none of the few nouns. */
bool token_is_adverb(const struct token *token);
/* A finite form of a verb of saying: not a base form behind a singular ("White House press secretary"). */
bool token_is_saying(const struct token *token);
static inline bool token_is_text(const struct token *token, const char *text)
{
    return token->kind == TOKEN_WORD && token->word && str_eq_c(token->word->text, text);
}

#endif
