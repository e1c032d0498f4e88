/* Completion for bash, written from the table of commands, so that it cannot drift from the program. */
#ifndef CRIER_CLI_COMPLETION_H
#define CRIER_CLI_COMPLETION_H

#include <stdio.h>

#include "cli/options.h"

void completion_print(const struct command *const *commands, size_t n_commands, FILE *out);

#endif
