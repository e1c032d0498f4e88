/* What every fuzz target includes. A target is one function over bytes; it either returns or aborts with the name of the promise
 * that is broken. clang's libFuzzer calls it (scripts/fuzz), or replay.c with the files that the ordinary tests keep. */
#ifndef CRIER_TESTS_FUZZ_H
#define CRIER_TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define fuzz_require(condition, ...)                                                                                             \
    do {                                                                                                                         \
        if (!(condition)) {                                                                                                      \
            fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);                                                                      \
            fprintf(stderr, __VA_ARGS__);                                                                                        \
            fprintf(stderr, " (%s)\n", #condition);                                                                              \
            abort();                                                                                                             \
        }                                                                                                                        \
    } while (0)

/* The checks that are shared with the unit tests speak cmocka. */
#define assert_true(condition) fuzz_require(condition, "broken")
#define assert_int_equal(a, b) fuzz_require((a) == (b), "not equal")
#define assert_memory_equal(a, b, size) fuzz_require(memcmp(a, b, size) == 0, "not the same bytes")
#define print_error(...) fprintf(stderr, __VA_ARGS__)

static inline struct str fuzz_str(const uint8_t *data, size_t size)
{
    return (struct str){(const char *)data, size};
}

/* A refusal has a reason that a terminal can show. */
static inline void fuzz_check_problem(enum status status, const struct problem *problem)
{
    if (status == STATUS_OK)
        return;
    fuzz_require(problem->status == status, "the problem has another status than the call");
    fuzz_require(problem->text[0], "a failure without words");
    fuzz_require(memchr(problem->text, '\0', sizeof problem->text) && memchr(problem->path, '\0', sizeof problem->path),
                 "a problem without end");
}

/* A file that holds the bytes and lies in memory alone, for functions that take a path. */
struct fuzz_file {
    int fd;
    char path[64];
};

static inline struct fuzz_file fuzz_file_make(const uint8_t *data, size_t size)
{
    struct fuzz_file file = {.fd = memfd_create("fuzz", MFD_CLOEXEC)};
    if (file.fd < 0 || file_write_all(file.fd, data, size) != 0) {
        perror("fuzz: memfd");
        exit(1);
    }
    snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.fd);
    return file;
}

#endif
