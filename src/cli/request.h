/* Options of the command line -> a request to produce an edition, with all defaults. */
#ifndef CRIER_CLI_REQUEST_H
#define CRIER_CLI_REQUEST_H

#include <limits.h>

#include "cli/options.h"
#include "cli/produce.h"

/* `output` and `cache` (PATH_MAX each) hold paths that the request points to. STATUS_USAGE where options do not go together. */
enum status request_from_options(const struct options *options, struct produce_request *request, char output[PATH_MAX],
                                 char cache[PATH_MAX], struct problem *problem);

#endif
