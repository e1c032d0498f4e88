/* The lexicon from inside: how files fill it and how the reader walks it. Private to src/spoken. */
#ifndef CRIER_SPOKEN_LEXICON_H
#define CRIER_SPOKEN_LEXICON_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"
#include "spoken/spoken.h"

struct lexicon_entry {
    struct str written;         /* as in the file, for the rule of case */
    struct str value;           /* words, maybe with [[phonemes]] */
    bool cased;                 /* `written` has a capital: only matches text written so, or all in capitals */
    bool phonemes;              /* `value` has [[ ]] */
    bool dotted;                /* ends in a full stop, which belongs to the match */
    struct lexicon_entry *next; /* same folded words, other case */
};

/* One per folded run of words that an entry is or begins with. */
struct lexicon_node {
    struct str key;
    uint64_t hash;
    struct lexicon_entry *entries; /* NULL: only a beginning */
};

struct lexicon {
    struct arena arena;
    struct lexicon_node *slots; /* open addressing, power of two */
    size_t n_slots, n_nodes;
};

enum { LEXICON_KEY_MAX = 160 }; /* bytes of a folded key; longer text matches nothing */

/* Adds or replaces. `written` and `value` are copied. Complains (STATUS_BAD_DATA) about what cannot be an entry. */
enum status lexicon_add(struct lexicon *lexicon, struct str written, struct str value, const char *path, size_t line,
                        struct problem *problem);
/* The node of a folded key, or NULL. */
const struct lexicon_node *lexicon_node(const struct lexicon *lexicon, struct str key);

/* pls.c: W3C Pronunciation Lexicon Specification 1.0. `data` is the file's content. */
enum status pls_load(struct lexicon *lexicon, struct str data, const char *path, const char *language, struct problem *problem);
/* Does language tag `tag` hold for `language`: "en" does for "en-GB", "en-GB" not for "en" or "en-US". Case does not matter. */
bool lexicon_language_holds(struct str tag, struct str language);

#endif
