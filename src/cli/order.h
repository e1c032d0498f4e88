/* order: what the library asks for (one edition, and all that feed and pages tell of it), made by produce. */
#ifndef CRIER_CLI_ORDER_H
#define CRIER_CLI_ORDER_H

#include "cli/options.h"
#include "library/library.h"

struct order_context {
    const struct options *options; /* jobs, cache, stall */
    library_say_function *say;
    void *say_context;
};

/* A library_record_function over a struct order_context. */
enum status order_record(void *context, const struct library_order *order, struct episode *episode, struct arena *arena,
                         struct problem *problem);

#endif
