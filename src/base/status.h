/* What can go wrong, and how a stage says so.
 *
 * Stages never print and never exit. A function that can fail returns a status and, where the caller
 * gave a struct problem, fills it with what a person needs to mend it. Only src/cli/ writes to stderr. */
#ifndef CRIER_BASE_STATUS_H
#define CRIER_BASE_STATUS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* The values of the command line contract; status_exit_code() maps them to the process' exit code. */
enum status {
    STATUS_OK = 0,      /* done */
    STATUS_FAILED,      /* something failed that has no code of its own: exit 1 */
    STATUS_USAGE,       /* options or settings that make no sense: exit 2 */
    STATUS_BAD_DATA,    /* the input is there but is not what it should be: exit 65 */
    STATUS_NO_INPUT,    /* the input is missing or unreadable: exit 66 */
    STATUS_UNAVAILABLE, /* engine, voice, cast or library is not there: exit 69 */
    STATUS_NO_OUTPUT,   /* the output cannot be created: exit 73 */
    STATUS_IO,          /* a read or write went wrong half way: exit 74 */
    STATUS_BUSY,        /* another run holds the lock: exit 75 */
    STATUS_NO_MEMORY,   /* an allocation failed: exit 74 */
    STATUS_INTERRUPTED, /* the user asked to stop: die by the signal */
};

/* One thing that went wrong. Zeroed is a valid empty problem; owns no memory. */
struct problem {
    enum status status;
    size_t line;     /* 1-based line of `path` that it is about; 0 where there is none */
    char path[1024]; /* the file or subject; "" where there is none; cut with "..." where longer */
    char text[512];  /* lower case, no full stop, says what to do next where there is a next thing */
};

/* Fills `problem` (which may be NULL) and returns `status`, so that a caller can `return problem_set(...)`.
 * `path` may be NULL. The first problem set stays: a later call on a filled one only returns its status. */
enum status problem_set(struct problem *problem, enum status status, const char *path, size_t line, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* As problem_set for STATUS_NO_MEMORY; never allocates. */
enum status problem_no_memory(struct problem *problem);

/* As problem_set with ": " and the text of `errnum` (C locale) after the formatted words. ENOMEM makes it
 * STATUS_NO_MEMORY. */
enum status problem_errno(struct problem *problem, enum status status, const char *path, int errnum, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The process' exit code for `status` (sysexits.h numbers, see the contract in README). */
int status_exit_code(enum status status);

#endif
