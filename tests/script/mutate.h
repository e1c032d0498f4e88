/* Random changes to a text, the same in every run. */
#ifndef CRIER_TESTS_SCRIPT_MUTATE_H
#define CRIER_TESTS_SCRIPT_MUTATE_H

#include <stddef.h>
#include <string.h>

static inline unsigned next_random(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* One of a few changes at a random place: bytes lost, doubled, moved, replaced by what means something here. */
static inline size_t mutate(char *text, size_t len, size_t size, unsigned *seed)
{
    static const char *const signs[] = {
        "“",    "”",   "\"",           "‘",        "’",       "'",  "«",  "»",  "„",         "—",       "\n\n", "\n", ". ",
        "! ",   "Q. ", "🙂",         "WALLIS: ", "# ",      "> ", "- ", "* ", "(pause 3)", "[quote]", "= ",   "; ", "\\",
        "\xff", "́",    "said Ann Lee", "U.S. ",    "1️⃣", "é",  "字", "。", " ",         "\t",      "|",    "]",  "「",
        "``",   "''"};
    size_t at = next_random(seed) % (len + 1), count = next_random(seed) % 12;
    if (count > len - at)
        count = len - at;
    const char *sign = signs[next_random(seed) % (sizeof signs / sizeof *signs)];
    switch (next_random(seed) % 4) {
    case 0: /* lose */ memmove(text + at, text + at + count, len - at - count); return len - count;
    case 1: /* double */
        if (len + count > size)
            return len;
        memmove(text + at + count, text + at, len - at);
        return len + count;
    default: /* put a sign in */
        if (len + strlen(sign) > size)
            return len;
        memmove(text + at + strlen(sign), text + at, len - at);
        memcpy(text + at, sign, strlen(sign));
        return len + strlen(sign);
    }
}

#endif
