/* marks: when each written word sounds, from the engine's hints, or without any from where the sound is. */
#ifndef CRIER_STUDIO_MARKS_H
#define CRIER_STUDIO_MARKS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "studio/studio.h"
#include "studio/take.h"

struct word_hint {
    size_t offset;   /* byte in the spoken words */
    uint64_t sample; /* of the engine's sound */
};
struct word_hints {
    struct word_hint *items;
    size_t n, capacity;
};
void word_hints_add(struct word_hints *hints, size_t offset, uint64_t sample); /* a hint that finds no memory is forgotten */
void word_hints_clear(struct word_hints *hints);
void word_hints_release(struct word_hints *hints);

struct mark_list {
    struct word_mark *items;
    size_t n, capacity;
};
/* One mark for every part of the piece, in order, inside `mark`: at the first hint that lies in the part and after the hints
 * before it; parts without one are spread between their neighbours by the length of what is said. */
enum status mark_list_add_piece(struct mark_list *marks, struct arena *arena, const struct piece *piece, size_t index,
                                const struct word_hints *hints, const struct take *take, const struct piece_mark *mark);

#endif
