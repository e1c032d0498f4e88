/* Memory that runs out: the n-th allocation of the program fails, once. Include in one file of a test only.
 * Under the address sanitizer, which has its own malloc, nothing fails and scarce_works is false. */
#ifndef CRIER_TESTS_SCARCE_H
#define CRIER_TESTS_SCARCE_H

#include <stdbool.h>
#include <stddef.h>

static long scarce_left = -1; /* allocations until the one that fails; -1: none does */

#ifdef __has_feature /* clang */
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
static const bool scarce_works = false;
#else
static const bool scarce_works = true;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *old, size_t size);

static bool scarce_fails(void)
{
    return scarce_left >= 0 && scarce_left-- == 0;
}

void *malloc(size_t size)
{
    return scarce_fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return scarce_fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return scarce_fails() ? NULL : __libc_realloc(old, size);
}
#endif

/* Arms the n-th allocation from now; scarce_stop() says whether it came. */
static void scarce_start(long n)
{
    scarce_left = n;
}

static bool scarce_stop(void)
{
    bool came = scarce_left < 0;
    scarce_left = -1;
    return came;
}

#endif
