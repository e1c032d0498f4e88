/* Inside the script stage: who "he" and "she" are. The article is read in order; each person named is remembered for a while, and
 * a pronoun means the one who stands out most: by nearness, grammatical role, having spoken last, and gender. */
#ifndef CRIER_SCRIPT_PRONOUNS_H
#define CRIER_SCRIPT_PRONOUNS_H

#include "script/phrases.h"

enum { MEMORY_SIZE = 48 };

enum {
    ROLE_SUBJECT = 1 << 0,
    ROLE_SPEAKER = 1 << 1,    /* of a quotation, or of reported speech */
    ROLE_POSSESSIVE = 1 << 2, /* "Trump's" */
    ROLE_INSIDE = 1 << 3,     /* behind a preposition */
    ROLE_INTRODUCED = 1 << 5, /* named for the first time, with who that is: often the next to speak */
    ROLE_RELATED = 1 << 4,    /* "his father": told of somebody else */
};

struct remembered {
    uint32_t entity;
    unsigned roles;
    size_t sentence, block;
};

struct memory {
    struct remembered items[MEMORY_SIZE]; /* a ring */
    size_t n;                             /* ever remembered */
    size_t sentence;                      /* running number */
};

void memory_add(struct memory *memory, uint32_t entity, unsigned roles, size_t block);
/* The entity that a pronoun of this gender means here, or NO_ENTITY; *confidence in 0..1. `subject`: it is the subject of
 * its clause; `others` are named in the same clause and so are somebody else ("he told Smith"). */
uint32_t memory_find(const struct memory *memory, const struct naming *naming, enum gender gender, bool subject, size_t block,
                     const uint32_t *others, size_t n_others, double *confidence);
/* The role in which the name or pronoun of tokens [first, end) stands. */
unsigned role_of(const struct reading *reading, size_t first, size_t end);

#endif
