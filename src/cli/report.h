/* The report of `crier make --json` (contract in README). */
#ifndef CRIER_CLI_REPORT_H
#define CRIER_CLI_REPORT_H

#include "base/buffer.h"
#include "cli/produce.h"

/* One JSON object and a line break. STATUS_NO_MEMORY. */
enum status report_write(const struct produce_result *result, struct buffer *out, struct problem *problem);

#endif
