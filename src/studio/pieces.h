/* Inside the studio: a sentence in one voice -> pieces that no engine chokes on. */
#ifndef CRIER_STUDIO_PIECES_H
#define CRIER_STUDIO_PIECES_H

#include "base/arena.h"
#include "studio/programme.h"

/* Characters (code points) of a passage, and so of a piece, at most; one word that is longer is cut like any other text. */
#define PASSAGE_LIMIT 1200

/* What is left of a sentence while it is cut. */
struct piece_cursor {
    struct piece whole;
    size_t words_at, text_at, part_at; /* where the next piece starts */
};

/* The next at most PASSAGE_LIMIT characters, cut at the end of a clause or word where there is one, with their share of text and
 * parts. False when there are no more words. Linear over all calls. */
bool piece_next(struct arena *arena, struct piece_cursor *cursor, struct piece *piece);

size_t words_count(struct str words);
/* True where `text` ends with a full stop or the like, quotation marks and brackets after it aside. */
bool text_ends_sentence(struct str text);
/* At most `limit` characters of `text`, cut between words with an ellipsis; white space made single. */
struct str text_shorten(struct arena *arena, struct str text, size_t limit);

#endif
