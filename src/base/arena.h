/* Memory that is given back all at once: a stage's result lives in one arena.
 *
 * Nothing here aborts: a failed allocation gives NULL and is remembered in `failed`, so that rule code may
 * go on over what it got and the stage asks arena_failed() once at its end. Not safe for several threads. */
#ifndef CRIER_BASE_ARENA_H
#define CRIER_BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena_chunk;
struct arena {
    struct arena_chunk *chunks;
    size_t total; /* bytes handed out */
    bool failed;  /* an allocation failed since the arena was made */
};

/* A zeroed struct arena is ready to use. Accepts NULL and zeroed. Leaves the arena zeroed. */
void arena_release(struct arena *arena);

/* `size` zeroed bytes, aligned for any type; NULL on failure. size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);
/* An array of `count` zeroed items; NULL on failure or overflow. */
void *arena_array(struct arena *arena, size_t count, size_t item_size);
/* A NUL-terminated copy; the empty string on failure (failed is then set). */
struct str arena_copy(struct arena *arena, struct str s);
const char *arena_c_string(struct arena *arena, struct str s);
/* printf into the arena, NUL-terminated; the empty string on failure. */
struct str arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline bool arena_failed(const struct arena *arena)
{
    return arena->failed;
}

/* Makes room for one more item in an arena-backed array that doubles as it grows, and may move then: pointers into it are good
 * until the next push only. Returns the new item, zeroed, or NULL. `items`, `count`, `capacity` are the owner's; what lies past
 * `count` holds anything.
 *     struct word *w = arena_push(arena, (void **)&list, &count, &capacity, sizeof *list); */
void *arena_push(struct arena *arena, void **items, size_t *count, size_t *capacity, size_t item_size);

#endif
