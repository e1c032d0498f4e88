/* trace: who worked when, as trace-event JSON (chrome://tracing, Perfetto). */
#ifndef CRIER_STUDIO_TRACE_H
#define CRIER_STUDIO_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct trace;
enum status trace_open(struct trace **trace, const char *path, struct problem *problem);
/* Times of clock_us(). */
void trace_passage(struct trace *trace, int slot, size_t passage, int64_t start_us, int64_t end_us);
/* Writes the rest and frees. Accepts NULL. */
enum status trace_close(struct trace *trace, struct problem *problem);

#endif
