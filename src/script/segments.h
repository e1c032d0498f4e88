/* Inside the script stage: blocks become segments and sentences. */
#ifndef CRIER_SCRIPT_SEGMENTS_H
#define CRIER_SCRIPT_SEGMENTS_H

#include "script/quotation.h"
#include "script/script.h"

/* What the script is made of while it grows. All arrays live in `arena`. */
struct builder {
    struct arena *arena;
    struct arena *scratch; /* for what is not part of the script */
    const struct article *article;
    struct spoken_context spoken;
    const struct quotation *quotations;
    size_t n_quotations;
    size_t next_quotation;
    struct segment *segments;
    size_t n_segments, segment_capacity;
    struct section *sections;
    size_t n_sections, section_capacity;
    struct omission *omissions;
    size_t n_omissions, omission_capacity;
    struct str labels[64]; /* of transcript turns, as they were read out; more than 64 are read out every time */
    size_t n_labels;
};

/* Appends the segments of one block, and the omissions in it. Blocks come in order. */
void builder_add_block(struct builder *builder, size_t block);

#endif
