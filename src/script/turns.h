/* Inside the script stage: speech without quotation marks - turns of a transcript or interview, block quotations and posts,
 * dialogue set with dashes. */
#ifndef CRIER_SCRIPT_TURNS_H
#define CRIER_SCRIPT_TURNS_H

#include "article/article.h"
#include "base/arena.h"

enum turn_kind {
    TURN_NONE,      /* ordinary: look for quotation marks */
    TURN_LABELLED,  /* "WALLACE: ...": the words after the label are one speaker's */
    TURN_CONTINUED, /* a paragraph that goes on with the turn or block quotation of the block before */
    TURN_QUOTED,    /* first paragraph of a block quotation or a post */
    TURN_DASHED,    /* "— Je ne sais pas, dit-il." */
    TURN_NARRATED,  /* stage directions and the like: no speech, whatever marks are in it */
};

struct turn {
    enum turn_kind kind;
    size_t label_start, label_end; /* TURN_LABELLED: "WALLACE", block offsets */
    size_t start;                  /* block offset of the first spoken word */
};

/* One for each block; NULL with arena_failed() where memory ran out. */
struct turn *find_turns(struct arena *arena, const struct article *article);

/* Cuts a dashed block, from *at on, into speech and the words between ("dit-il"): the next speech [*start, *end), or false. */
bool next_dashed_speech(struct str text, size_t *at, size_t *start, size_t *end);

#endif
