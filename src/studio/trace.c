#include "studio/trace.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/draft.h"

struct trace {
    struct draft draft;
    struct buffer text;
    int64_t origin_us;
    enum status status; /* of the first write that failed */
    struct problem problem;
};

enum status trace_open(struct trace **out, const char *path, struct problem *problem)
{
    struct trace *trace = calloc(1, sizeof *trace);
    if (!trace)
        return problem_no_memory(problem);
    enum status status = draft_open(&trace->draft, path, problem);
    if (status != STATUS_OK) {
        free(trace);
        return status;
    }
    buffer_c_string(&trace->text, "{\"traceEvents\": [\n{\"name\": \"process_name\", \"ph\": \"M\", \"pid\": 1, \"tid\": 0, "
                                  "\"args\": {\"name\": \"crier\"}}");
    trace->origin_us = clock_us();
    *out = trace;
    return STATUS_OK;
}

static void trace_flush(struct trace *trace)
{
    if (trace->status == STATUS_OK && buffer_failed(&trace->text))
        trace->status = problem_no_memory(&trace->problem);
    if (trace->status == STATUS_OK && trace->text.len)
        trace->status = draft_write(&trace->draft, trace->text.data, trace->text.len, &trace->problem);
    buffer_clear(&trace->text);
}

void trace_passage(struct trace *trace, int slot, size_t passage, int64_t start_us, int64_t end_us)
{
    buffer_format(&trace->text,
                  ",\n{\"name\": \"passage %zu\", \"ph\": \"X\", \"pid\": 1, \"tid\": %d, \"ts\": %" PRId64 ", \"dur\": %" PRId64
                  "}",
                  passage + 1, slot + 1, start_us - trace->origin_us, end_us - start_us);
    if (trace->text.len > 32768)
        trace_flush(trace);
}

enum status trace_close(struct trace *trace, struct problem *problem)
{
    if (!trace)
        return STATUS_OK;
    buffer_c_string(&trace->text, "\n]}\n");
    trace_flush(trace);
    enum status status = trace->status;
    if (status == STATUS_OK)
        status = draft_finish(&trace->draft, problem);
    else if (problem)
        *problem = trace->problem;
    draft_drop(&trace->draft);
    buffer_release(&trace->text);
    free(trace);
    return status;
}
