/* What a person reads after `crier make`. */
#ifndef CRIER_CLI_SUMMARY_H
#define CRIER_CLI_SUMMARY_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/produce.h"

/* `all`: every text left out, not only the first few of each reason. */
void summary_print(const struct produce_result *result, bool all, FILE *out);

#endif
