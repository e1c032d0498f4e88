/* Inside the script stage: words, each kept once, with what data/words.txt and data/verbs.txt know about them. */
#ifndef CRIER_SCRIPT_VOCABULARY_H
#define CRIER_SCRIPT_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "script/script.h"

/* Classes of words: bits; the names are those of data/words.txt. */
enum {
    WORD_DETERMINER = 1 << 0,
    WORD_POSSESSIVE = 1 << 1,
    WORD_NUMBER = 1 << 2,
    WORD_PREPOSITION = 1 << 3,
    WORD_CONJUNCTION = 1 << 4,
    WORD_SUBORDINATOR = 1 << 5,
    WORD_RELATIVE = 1 << 6,
    WORD_AUXILIARY = 1 << 7,
    WORD_ADVERB = 1 << 8,
    WORD_TIME = 1 << 9,
    WORD_PRONOUN = 1 << 10,
    WORD_HE = 1 << 11,
    WORD_SHE = 1 << 12,
    WORD_OPENER = 1 << 13,     /* begins sentences with a capital and is no part of a name */
    WORD_TITLE = 1 << 14,      /* with WORD_FEMALE or WORD_MALE where it tells the gender */
    WORD_EVENT = 1 << 15,      /* where something is said: "interview", "rally" */
    WORD_EITHER = 1 << 16,     /* a given name that tells no gender, or another one from country to country: "Alex", "Ola" */
    WORD_TITLE_ROLE = 1 << 17, /* part of a title only before one: "former", "vice" */
    WORD_SUFFIX = 1 << 18,
    WORD_PARTICLE = 1 << 19,
    WORD_FEMALE = 1 << 20,
    WORD_MALE = 1 << 21,
    WORD_RELATION = 1 << 22,
    WORD_PERSON = 1 << 23,
    WORD_DOCUMENT = 1 << 24,
    WORD_ORGANISATION = 1 << 25,
    WORD_GROUP = 1 << 26,
    WORD_NATIONALITY = 1 << 27,
    WORD_PLACE = 1 << 28,
    WORD_SURNAME = 1 << 30, /* means something else, but is a surname behind a given name: "Hall" */
    WORD_OTHER = 1 << 29,   /* question words and the like: begin no noun phrase */

    WORD_ANY_PRONOUN = WORD_PRONOUN | WORD_HE | WORD_SHE,
    /* No noun phrase goes on past these. */
    WORD_FUNCTION = WORD_DETERMINER | WORD_POSSESSIVE | WORD_PREPOSITION | WORD_CONJUNCTION | WORD_SUBORDINATOR | WORD_RELATIVE |
                    WORD_AUXILIARY | WORD_PRONOUN | WORD_HE | WORD_SHE | WORD_OTHER,
};

/* Forms of a verb of saying: bits. */
enum {
    VERB_BASE = 1 << 0,
    VERB_THIRD = 1 << 1,
    VERB_PAST = 1 << 2,
    VERB_PARTICIPLE = 1 << 3,
    VERB_ING = 1 << 4,
    VERB_WEAK = 1 << 5, /* says something only right beside the quotation: "smiled" */
    VERB_NOUN = 1 << 6, /* this form is as often a noun: "report" */
    VERB_FINITE = VERB_BASE | VERB_THIRD | VERB_PAST,
};

struct word {
    struct str text; /* lower case; typographic apostrophes made straight */
    uint32_t classes;
    uint32_t verb;
    uint32_t n_lower;      /* times the article has it in lower case */
    uint32_t n_capital;    /* times with a capital within a sentence */
    enum gender given;     /* as a given name */
    bool is_given;         /* is a given name */
    bool given_known;      /* the two above have been looked up */
    struct word *same;     /* the word that it is short for: "governor" of "gov.", else NULL */
    uint32_t last_entity;  /* 1 + newest entity with this last word, chained by entity.next_last; 0: none */
    uint32_t first_entity; /* the same for first words */
};

struct vocabulary {
    struct arena *arena;
    struct word **slots;
    size_t n_slots, n_words;
};

/* With the data loaded; false where memory ran out. {.arena = arena} is an empty one. */
bool vocabulary_init(struct vocabulary *vocabulary, struct arena *arena);
/* The one word of this text (lowered and evened out here); added where it is new. NULL where memory ran out. */
struct word *vocabulary_word(struct vocabulary *vocabulary, struct str text);
/* Looks the word up among the given names. */
bool word_is_given_name(struct vocabulary *vocabulary, struct word *word);

#endif
