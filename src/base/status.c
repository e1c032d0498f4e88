#include "base/status.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void copy_cut(char *out, size_t size, const char *from)
{
    size_t len = strlen(from);
    if (len < size) {
        memcpy(out, from, len + 1);
        return;
    }
    memcpy(out, from, size - 4);
    memcpy(out + size - 4, "...", 4);
}

static bool begin(struct problem *problem, enum status status, const char *path, size_t line)
{
    if (!problem || problem->status != STATUS_OK)
        return false;
    problem->status = status;
    problem->line = line;
    copy_cut(problem->path, sizeof problem->path, path ? path : "");
    return true;
}

enum status problem_set(struct problem *problem, enum status status, const char *path, size_t line, const char *format, ...)
{
    if (begin(problem, status, path, line)) {
        va_list args;
        va_start(args, format);
        vsnprintf(problem->text, sizeof problem->text, format, args);
        va_end(args);
    }
    return status;
}

enum status problem_no_memory(struct problem *problem)
{
    return problem_set(problem, STATUS_NO_MEMORY, NULL, 0, "out of memory");
}

enum status problem_errno(struct problem *problem, enum status status, const char *path, int errnum, const char *format, ...)
{
    if (errnum == ENOMEM) /* whatever it was that could not be done */
        status = STATUS_NO_MEMORY;
    if (begin(problem, status, path, 0)) {
        va_list args;
        va_start(args, format);
        int used = vsnprintf(problem->text, sizeof problem->text, format, args);
        va_end(args);
        size_t at = used < 0 ? 0 : (size_t)used;
        /* Lower-case first letter: errno texts are sentences of their own, ours go on after a colon. */
        const char *words = strerrordesc_np(errnum);
        if (at < sizeof problem->text - 3) {
            snprintf(problem->text + at, sizeof problem->text - at, ": %s", words ? words : "unknown error");
            char *first = problem->text + at + 2;
            if (first[0] >= 'A' && first[0] <= 'Z' && !(first[1] >= 'A' && first[1] <= 'Z'))
                first[0] = (char)(first[0] - 'A' + 'a');
        }
    }
    return status;
}

int status_exit_code(enum status status)
{
    switch (status) {
    case STATUS_OK: return 0;
    case STATUS_FAILED: return 1;
    case STATUS_USAGE: return 2;
    case STATUS_BAD_DATA: return 65;
    case STATUS_NO_INPUT: return 66;
    case STATUS_UNAVAILABLE: return 69;
    case STATUS_NO_OUTPUT: return 73;
    case STATUS_IO: return 74;
    case STATUS_BUSY: return 75;
    case STATUS_NO_MEMORY: return 74;
    case STATUS_INTERRUPTED: return 1;
    }
    return 1;
}
