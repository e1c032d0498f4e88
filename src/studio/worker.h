/* worker: one forked child that does one thing and tells its parent over a pipe.
 *
 * The child starts from the parent's state, forgets its parent's drafts and signal handlers, stands in a process group of its own
 * (the terminal's Ctrl-C reaches the parent only), dies with its parent, and ends with _exit. The parent reads without ever
 * waiting for one child and may kill it at any moment together with the programs it started. */
#ifndef CRIER_STUDIO_WORKER_H
#define CRIER_STUDIO_WORKER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buffer.h"
#include "base/status.h"

/* ---- in the child ---- */
struct worker_line {
    int fd;
    int64_t alive_ms; /* when it last said so */
};
typedef enum status worker_function(void *context, struct worker_line *line, struct problem *problem);

/* Sends part of the work (the parent appends it to worker.data), the result (replaces worker.result), a sign of life (at most one
 * a second goes out), or the process group of a program that must die with the worker (0: it is gone). */
enum status worker_send_data(struct worker_line *line, struct str bytes);
enum status worker_send_result(struct worker_line *line, struct str bytes);
void worker_send_alive(struct worker_line *line);
void worker_send_group(struct worker_line *line, pid_t pgid);

/* ---- in the parent ---- */
struct worker {
    pid_t pid; /* 0: none */
    pid_t group;
    int fd;
    struct buffer data, result;
    struct worker_message { /* the one that is coming in */
        uint32_t head[2];   /* kind, length */
        size_t head_got, body_left;
        struct buffer body; /* but of data, which goes where it belongs at once */
    } message;
    bool ended; /* the child said how it ended */
    enum status status;
    struct problem problem;
    int64_t progress_ms; /* when it was last heard of, clock_ms() */
};

/* Zeroed is ready for start. STATUS_FAILED where there can be no process now. */
enum status worker_start(struct worker *worker, worker_function *function, void *context, struct problem *problem);
/* Takes what has come. False when the child has closed its end: call worker_finish then. */
bool worker_read(struct worker *worker);
/* Waits for the child that has closed its end; its status, with `problem` filled. A child that crashed gives
 * STATUS_UNAVAILABLE. */
enum status worker_finish(struct worker *worker, struct problem *problem);
void worker_kill(struct worker *worker); /* and what it started; waits for it. Accepts one that does not run */
void worker_release(struct worker *worker);

#endif
