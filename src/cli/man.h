/* The man page crier(1), written from the table of commands, so that it cannot drift from the program. */
#ifndef CRIER_CLI_MAN_H
#define CRIER_CLI_MAN_H

#include <stdio.h>

#include "cli/options.h"

void man_print(const struct command *const *commands, size_t n_commands, FILE *out);

#endif
