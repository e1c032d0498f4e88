#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pages.h"

/* Doubled with each chunk: many arenas hold little, and memory that is touched costs time. */
#define FIRST_CHUNK_SIZE ((size_t)4 * 1024)
#define CHUNK_SIZE ((size_t)64 * 1024)
#define OWN_SIZE (CHUNK_SIZE / 4)    /* what is bigger has a chunk of its own, which can grow */
#define LARGE_TOTAL (PAGES_UNIT / 2) /* from here on the chunks of an arena are huge pages */

struct arena_chunk {
    struct arena_chunk *next, *previous;
    size_t used, size; /* of data */
    alignas(max_align_t) char data[];
};

/* A chunk of PAGES_UNIT or more lies in pages, whole units of them. */
static bool in_pages(size_t size)
{
    return size + sizeof(struct arena_chunk) >= PAGES_UNIT;
}

static size_t chunk_bytes(size_t size)
{
    size_t bytes = size + sizeof(struct arena_chunk);
    return in_pages(size) ? (bytes + PAGES_UNIT - 1) / PAGES_UNIT * PAGES_UNIT : bytes;
}

static void chunk_free(struct arena_chunk *chunk)
{
    if (in_pages(chunk->size))
        pages_free(chunk, chunk_bytes(chunk->size));
    else
        free(chunk);
}

void arena_release(struct arena *arena)
{
    if (!arena)
        return;
    for (struct arena_chunk *chunk = arena->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        chunk_free(chunk);
    }
    *arena = (struct arena){0};
}

/* SIZE_MAX where that is too big. */
static size_t rounded(size_t size)
{
    const size_t align = alignof(max_align_t);
    return size > SIZE_MAX / 2 ? SIZE_MAX : (size + align - 1) / align * align;
}

static size_t next_chunk_size(const struct arena *arena, size_t at_least)
{
    if (arena->total >= LARGE_TOTAL)
        return PAGES_UNIT - sizeof(struct arena_chunk);
    size_t size = arena->chunks ? arena->total : FIRST_CHUNK_SIZE;
    size = size < FIRST_CHUNK_SIZE ? FIRST_CHUNK_SIZE : size > CHUNK_SIZE ? CHUNK_SIZE : size;
    return size < at_least ? at_least : size;
}

/* The chunk in use stands first, those of big things behind it. */
static void link_chunk(struct arena *arena, struct arena_chunk *chunk, bool first)
{
    struct arena_chunk *before = first ? NULL : arena->chunks;
    chunk->previous = before;
    chunk->next = before ? before->next : arena->chunks;
    if (before)
        before->next = chunk;
    else
        arena->chunks = chunk;
    if (chunk->next)
        chunk->next->previous = chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size = rounded(size);
    struct arena_chunk *chunk = arena->chunks;
    bool own = size > OWN_SIZE;
    if (own || !chunk || chunk->size - chunk->used < size) {
        size_t want = own ? size : next_chunk_size(arena, size);
        chunk = size == SIZE_MAX ? NULL : in_pages(want) ? pages_new(chunk_bytes(want)) : calloc(1, chunk_bytes(want));
        if (!chunk) {
            arena->failed = true;
            return NULL;
        }
        chunk->size = want;
        link_chunk(arena, chunk, !own);
    }
    void *result = chunk->data + chunk->used;
    chunk->used += size;
    arena->total += size;
    return result;
}

static struct arena_chunk *chunk_grow(struct arena_chunk *chunk, size_t size)
{
    if (!in_pages(size))
        return realloc(chunk, chunk_bytes(size));
    if (in_pages(chunk->size))
        return pages_grow(chunk, chunk_bytes(chunk->size), chunk_bytes(size));
    struct arena_chunk *grown = pages_new(chunk_bytes(size));
    if (grown) {
        memcpy(grown, chunk, chunk_bytes(chunk->size));
        free(chunk);
    }
    return grown;
}

/* A big thing made bigger. What is new is not zeroed: it costs no memory before it is used. */
static void *grow_own(struct arena *arena, void *thing, size_t size)
{
    struct arena_chunk *chunk = (struct arena_chunk *)((char *)thing - offsetof(struct arena_chunk, data));
    struct arena_chunk *grown = size == SIZE_MAX ? NULL : chunk_grow(chunk, size);
    if (!grown) {
        arena->failed = true;
        return NULL;
    }
    if (grown->previous)
        grown->previous->next = grown;
    else
        arena->chunks = grown;
    if (grown->next)
        grown->next->previous = grown;
    arena->total += size - grown->size;
    grown->used = grown->size = size;
    return grown->data;
}

void *arena_array(struct arena *arena, size_t count, size_t item_size)
{
    if (item_size && count > SIZE_MAX / 2 / item_size) {
        arena->failed = true;
        return NULL;
    }
    return arena_alloc(arena, count * item_size);
}

struct str arena_copy(struct arena *arena, struct str s)
{
    char *copy = arena_alloc(arena, s.len + 1);
    if (!copy)
        return (struct str){"", 0};
    if (s.len)
        memcpy(copy, s.data, s.len);
    return (struct str){copy, s.len};
}

const char *arena_c_string(struct arena *arena, struct str s)
{
    return arena_copy(arena, s).data;
}

struct str arena_format(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    struct str result = {"", 0};
    char *out = len < 0 ? NULL : arena_alloc(arena, (size_t)len + 1);
    if (out) {
        vsnprintf(out, (size_t)len + 1, format, again);
        result = (struct str){out, (size_t)len};
    }
    va_end(again);
    return result;
}

void *arena_push(struct arena *arena, void **items, size_t *count, size_t *capacity, size_t item_size)
{
    if (*count == *capacity) {
        size_t more = *capacity ? *capacity * 2 : 8;
        if (item_size && more > SIZE_MAX / 2 / item_size) {
            arena->failed = true;
            return NULL;
        }
        bool own = rounded(*capacity * item_size) > OWN_SIZE;
        void *fresh = own ? grow_own(arena, *items, rounded(more * item_size)) : arena_array(arena, more, item_size);
        if (!fresh)
            return NULL;
        if (*count && !own)
            memcpy(fresh, *items, *count * item_size);
        *items = fresh;
        *capacity = more;
    }
    return memset((char *)*items + (*count)++ * item_size, 0, item_size);
}
