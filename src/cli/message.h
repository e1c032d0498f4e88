/* Words for the user: everything that goes to stderr goes through here. */
#ifndef CRIER_CLI_MESSAGE_H
#define CRIER_CLI_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/status.h"
#include "base/str.h"

/* "crier: 'PATH' line N: TEXT". Clears the progress line first. Terminal control characters of file names and texts come out as
 * '?'. */
void message_problem(const struct problem *problem);
void message_note(const char *words); /* "crier: note: WORDS" */
/* `s` to `out` with control characters (C0, C1, DEL, bidi overrides) as '?'. */
void message_safe(FILE *out, struct str s);

/* A line that is drawn over itself, on a terminal only; message_progress_end wipes it. */
void message_progress(size_t done, size_t total);
void message_progress_end(void);

/* To stdout; what goes wrong is kept for message_close_stdout. */
void message_write_stdout(const void *data, size_t len);

/* Flushes stdout and tells where that failed: the exit code to use instead of `code`. */
int message_close_stdout(int code);

#endif
