/* Memory that runs out: the n-th allocation of the program fails, once or from then on. Include in one file of a test only.
 * Under the address sanitizer, which has its own malloc, nothing fails and scarce_works is false. */
#ifndef CRIER_TESTS_SCARCE_H
#define CRIER_TESTS_SCARCE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"

static long scarce_left = -1;   /* allocations until the one that fails; -1: none does */
static bool scarce_for_good;    /* all after it fail too */
static bool scarce_came;        /* one has failed */
static long scarce_outstanding; /* blocks that nobody has freed */

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
void __libc_free(void *block);

static void __attribute__((noinline)) scarce_trap(void) /* for a debugger's break point */
{
    __asm__ volatile("");
}

static bool scarce_fails(void)
{
    if (scarce_left < 0 || scarce_left-- > 0)
        return false;
    if (!scarce_came)
        scarce_trap();
    scarce_left = scarce_for_good ? 0 : -1;
    scarce_came = true;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    void *block = scarce_fails() ? NULL : __libc_malloc(size);
    scarce_outstanding += block != NULL;
    return block;
}

void *calloc(size_t count, size_t size)
{
    void *block = scarce_fails() ? NULL : __libc_calloc(count, size);
    scarce_outstanding += block != NULL;
    return block;
}

void *realloc(void *old, size_t size)
{
    void *block = scarce_fails() ? NULL : __libc_realloc(old, size);
    scarce_outstanding += block && !old;
    return block;
}

void free(void *block)
{
    scarce_outstanding -= block != NULL;
    __libc_free(block);
}
#endif

/* Arms the n-th allocation from now; scarce_stop() says whether it came. */
static inline void scarce_start(long n)
{
    scarce_left = n;
    scarce_came = scarce_for_good = false;
}

static inline bool scarce_stop(void)
{
    scarce_left = -1;
    return scarce_came;
}

/* ---- all of them in turn ---- */

static long scarce_leaks; /* blocks that a library may leak where it runs out of memory; 0 */
static bool scarce_all;   /* every allocation, however many there are: --all */

static inline void scarce_arguments(int argc, char **argv)
{
    scarce_all = argc > 1 && strcmp(argv[1], "--all") == 0;
}

/* Does one thing and undoes it, all memory given back. `digest` is of what it made, where it returns STATUS_OK. */
typedef enum status scarce_action(void *context, uint64_t *digest, struct problem *problem);

enum { SCARCE_RUNS = 150 }; /* of each way, unless --all */

/* NULL where this is how to take a failed allocation. */
static inline const char *scarce_judge(enum status status, const struct problem *problem, bool came, bool same, long left)
{
    if (left > 0)
        return "a leak";
    if (status == STATUS_OK)
        return same ? NULL : "another result";
    if (!came)
        return "it failed without a reason";
    if (status != STATUS_NO_MEMORY)
        return "another status";
    return problem->status == STATUS_NO_MEMORY && problem->text[0] ? NULL : "a failure without words";
}

/* Calls `action` with its allocations failing in turn, each once and then with all after it. It must say so (STATUS_NO_MEMORY, in
 * words) or make the same as ever, and leak nothing. Ends the program where it does not, or where more than `most_over` of a
 * hundred were got over, which would mean that nobody asks malloc for its answer. */
static inline void scarce_each(const char *name, scarce_action *action, void *context, long most_over)
{
    const long none = 1L << 40;
    uint64_t right = 0, digest = 0;
    long total = 0, over = 0, runs = 0, bad = 0;
    if (!scarce_works)
        return;
    for (int i = 0; i < 3; i++) { /* what the libraries keep for the next time is no leak */
        struct problem problem = {0};
        scarce_start(none);
        enum status status = action(context, &right, &problem);
        total = none - scarce_left;
        scarce_stop();
        if (status != STATUS_OK) {
            printf("%s: status %d without any failure: %s\n", name, (int)status, problem.text);
            exit(1);
        }
    }
    long step = scarce_all || total <= SCARCE_RUNS ? 1 : total / SCARCE_RUNS;
    const char *only = getenv("SCARCE_ONLY"); /* "a web page:43", for a debugger at scarce_trap() */
    for (int for_good = 0; for_good < 2; for_good++) {
        for (long n = 0; n < total; n += step, runs++) {
            struct problem problem = {0};
            char here[128];
            snprintf(here, sizeof here, "%s:%ld", name, n);
            if (only && strcmp(only, here) != 0)
                continue;
            if (getenv("SCARCE_TELL")) /* before a crash */
                fprintf(stderr, "%s%s\n", here, for_good ? " and all after it" : "");
            long before = scarce_outstanding;
            scarce_start(n);
            scarce_for_good = for_good;
            enum status status = action(context, &digest, &problem);
            bool came = scarce_stop();
            over += came && status == STATUS_OK;
            const char *wrong = scarce_judge(status, &problem, came, digest == right, scarce_outstanding - before - scarce_leaks);
            if (wrong && bad++ < 10)
                printf("%s: allocation %ld of %ld%s: %s (status %d, %s; %ld blocks left)\n", name, n, total,
                       for_good ? " and all after it" : "", wrong, (int)status, problem.text, scarce_outstanding - before);
        }
    }
    printf("%s: %ld allocations, %ld failures, %ld got over\n", name, total, runs, over);
    if (total < 1 || bad || over * 100 > most_over * runs) {
        printf("%s: %ld bad\n", name, bad);
        exit(1);
    }
}

#endif
