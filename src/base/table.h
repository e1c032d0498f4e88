/* Tables of data inside the program.
 *
 * Puts a data file into the program: EMBED(verbs, CRIER_SOURCE_DIR "/script/data/verbs.tsv") gives struct str verbs(void).
 * The bytes are mapped with the program and cost nothing until they are read. */
#ifndef CRIER_BASE_TABLE_H
#define CRIER_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define EMBED(name, path)                                                                                                        \
    __asm__(".pushsection .rodata\n.balign 16\nembed_" #name "_data:\n.incbin \"" path "\"\nembed_" #name                        \
            "_end:\n.byte 0\n.balign 8\nembed_" #name "_size:\n.quad embed_" #name "_end - embed_" #name                         \
            "_data\n.popsection\n");                                                                                             \
    extern const char embed_##name##_data[];                                                                                     \
    extern const uint64_t embed_##name##_size;                                                                                   \
    static struct str name(void)                                                                                                 \
    {                                                                                                                            \
        return (struct str){embed_##name##_data, (size_t)embed_##name##_size};                                                   \
    }

/* Finds the line of a table (lines sorted by byte order, tab-separated) whose first column is `key`; sets *rest to
 * what follows the tab (empty where the line has one column). Binary search. */
bool table_find(struct str table, struct str key, struct str *rest);

#endif
