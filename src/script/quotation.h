/* Inside the script stage: quotations as they are found (quotations.c) and as they get their speakers (speakers.c).
 * script.c calls find_quotations, then attribute_quotations, then cuts the blocks into segments and sentences. */
#ifndef CRIER_SCRIPT_QUOTATION_H
#define CRIER_SCRIPT_QUOTATION_H

#include "script/script.h"

/* One stretch between quotation marks (or one turn of a transcript, or one paragraph of a block quotation). */
struct quotation {
    size_t block;                  /* index into article.blocks */
    size_t start, end;             /* block offsets, quotation marks included */
    size_t inner_start, inner_end; /* without the marks and without white space at the ends */
    bool speech;                   /* gets a voice of its own; false: fragment, title, scare quote: stays with the narrator */
    bool whole_block;              /* a block quotation, post or turn without marks */
    bool opens_only;               /* no closing mark in its block: the next block's quotation may continue it */
    size_t continues;              /* index of the quotation that it continues over a paragraph's end, or SIZE_MAX */
    /* Of a transcript turn: the label that names the speaker ("WALLACE", "Q."), block offsets; else both 0. */
    size_t label_start, label_end;
    /* Filled by attribute_quotations, which may also clear or set `speech`. */
    size_t speaker;     /* index into the speakers, or SCRIPT_NOBODY */
    struct str mention; /* into the block's text */
    const char *rule;   /* static */
    double confidence;
};

/* All quoted stretches of the article, in order. Arrays live in `arena`. NULL with arena_failed() where memory ran out. */
struct quotation *find_quotations(struct arena *arena, const struct article *article, size_t *n_quotations);

/* Gives each speech its speaker and builds the identities: one struct speaker per person, organisation or description,
 * in order of first quotation, only those who speak. n_quotes is counted here. */
struct speaker *attribute_quotations(struct arena *arena, const struct article *article, struct quotation *quotations,
                                     size_t n_quotations, size_t *n_speakers);

/* A sentence is a stretch of a block. Cuts block.text[start, end) into sentences (abbreviations, initials, decimals, ellipses,
 * quotation marks that end sentences). */
struct stretch {
    size_t start, end;
};
struct stretch *find_sentences(struct arena *arena, struct str text, size_t start, size_t end, struct str language,
                               size_t *n_sentences);

#endif
