#include "base/pages.h"

#include <stdint.h>
#include <sys/mman.h>

void *pages_new(size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    /* The system aligns to its small pages: take one unit more and give back both ends. */
    char *all = mmap(NULL, size + PAGES_UNIT, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED)
        return NULL;
    size_t before = (PAGES_UNIT - (uintptr_t)all % PAGES_UNIT) % PAGES_UNIT, after = PAGES_UNIT - before;
    if (before)
        munmap(all, before);
    if (after)
        munmap(all + before + size, after);
    (void)madvise(all + before, size, MADV_HUGEPAGE); /* small ones do as well */
    return all + before;
}

void *pages_grow(void *block, size_t old_size, size_t new_size)
{
    void *place = pages_new(new_size);
    if (!place)
        return NULL;
    /* The pages move as they are: nothing is copied, and never is there both the old and the new. */
    void *moved = mremap(block, old_size, new_size, MREMAP_MAYMOVE | MREMAP_FIXED, place);
    if (moved != MAP_FAILED)
        return moved;
    pages_free(place, new_size);
    return NULL;
}

void pages_free(void *block, size_t size)
{
    if (block)
        munmap(block, size);
}
