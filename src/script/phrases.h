/* Inside the script stage: noun phrases that can be a speaker, and the cues that bind them to quotations. */
#ifndef CRIER_SCRIPT_PHRASES_H
#define CRIER_SCRIPT_PHRASES_H

#include "script/names.h"

enum phrase_kind {
    PHRASE_NONE,
    PHRASE_NAME, /* entity is set */
    PHRASE_HE_SHE,
    PHRASE_PRONOUN,   /* they, it, I, who ... */
    PHRASE_DESCRIBED, /* "a senior Ukrainian military adviser" */
};

/* Outer tokens [first, end); the head names or describes ("adviser"). */
struct phrase {
    enum phrase_kind kind;
    size_t first, end;
    size_t head;
    uint32_t entity; /* of PHRASE_NAME */
    bool definite;   /* "the adviser", "his wife" against "an adviser" */
    bool plural;
};

struct reading {
    struct arena *arena;
    const struct article *article;
    struct quotation *quotations;
    size_t n_quotations;
    struct vocabulary vocabulary;
    struct stream outer, inner;
    struct naming naming;
};

/* The noun phrase that starts at token `at`, not past `limit`. kind PHRASE_NONE where there is none. */
struct phrase phrase_at(const struct reading *reading, size_t at, size_t limit);
/* The same behind a verb of saying: "said the sexton, Gunnar Haug". */
struct phrase phrase_inverted(const struct reading *reading, size_t at, size_t limit);
/* The longest noun phrase that ends just before token `end` and does not start before `from`. */
struct phrase phrase_ending(const struct reading *reading, size_t end, size_t from);
/* The subject of the finite verb at `verb` in the clause that cannot start before `from`. */
struct phrase phrase_subject(const struct reading *reading, size_t verb, size_t from);
/* The subject that a sentence starting at `from` begins with, past what leads in. */
struct phrase phrase_opening(const struct reading *reading, size_t from, size_t limit);

/* Past the words that may stand between a subject and its verb: "has", "often", "this month". */
size_t skip_to_verb(const struct token *tokens, size_t at, size_t limit);
/* Past what belongs to a description: "a spokesman for the ministry", "a man in a red coat". */
size_t phrase_full_end(const struct reading *reading, const struct phrase *phrase);

/* What tells who speaks the quotation of token `quote`. */
struct cue {
    struct phrase speaker; /* PHRASE_NONE: no cue */
    size_t verb;           /* its token, or SIZE_MAX */
    const char *rule;
    double confidence;
};

struct cue cue_after(const struct reading *reading, size_t quote);
struct cue cue_before(const struct reading *reading, size_t quote);
/* Who said something, quoted or not, in the sentence before `quote` of the same block. */
struct cue cue_of_sentence(const struct reading *reading, size_t from, size_t end);

/* Start of the sentence that token `at` lies in: just past the last stop, quotation that ends a sentence, or block. */
size_t sentence_start(const struct reading *reading, size_t at);

#endif
