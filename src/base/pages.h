/* Large blocks of memory straight from the system, in huge pages (2 MiB) where it has them (madvise(2), MADV_HUGEPAGE): one page
 * fault and one page table entry in place of 512, so that filling them and forking a process that holds them are cheap. */
#ifndef CRIER_BASE_PAGES_H
#define CRIER_BASE_PAGES_H

#include <stddef.h>

#define PAGES_UNIT ((size_t)2 * 1024 * 1024)

/* `size` bytes of zeros, a multiple of PAGES_UNIT and aligned to it; NULL where there is no memory. The caller's, until
 * pages_free with the same size. */
void *pages_new(size_t size);
/* The block made larger, elsewhere; NULL, and the old one stays, where there is no memory. */
void *pages_grow(void *block, size_t old_size, size_t new_size);
void pages_free(void *block, size_t size); /* accepts NULL */

#endif
