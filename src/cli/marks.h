/* marks: what sounds when, as tab-separated lines, one for each piece of speech and each piece of music in an edition. For
 * people who cut the sound afterwards, and for the tests that measure levels and pauses in it. */
#ifndef CRIER_CLI_MARKS_H
#define CRIER_CLI_MARKS_H

#include <stdio.h>

#include "cli/produce.h"

struct marks {
    FILE *file;
    const char *path;
    int sample_rate_hz;
};

/* Begins the file with a line that names the columns: start and end in seconds of the decoded edition, the pause after it in
 * milliseconds as the pause table has it, voice, kind of segment ("announcement", "audio"), speaker, text. */
enum status marks_open(struct marks *marks, const char *path, int sample_rate_hz, struct problem *problem);
/* The lines of one passage. */
void marks_add(struct marks *marks, const struct produce_result *result, size_t passage, uint64_t start_sample,
               const struct recording *recording);
/* Tells of everything that could not be written. Accepts zeroed. */
enum status marks_close(struct marks *marks, struct problem *problem);

#endif
