/* A file that appears whole or not at all: written beside its place under a temporary name, synced, renamed.
 * A reader sees the old file or the new one, never half. */
#ifndef CRIER_BASE_DRAFT_H
#define CRIER_BASE_DRAFT_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct draft {
    int fd;        /* -1 when closed; read and write */
    int slot;      /* place in the clean-up list, -1 when none */
    size_t unsent; /* bytes since the system was last asked to begin writing them to the disk */
    char *path;
    char *temporary; /* PATH's folder / .NAME.PID-N.tmp */
};
#define DRAFT_CLOSED                                                                                                             \
    {                                                                                                                            \
        .fd = -1, .slot = -1                                                                                                     \
    }

/* Creates the temporary file beside `path`. STATUS_NO_OUTPUT where the folder is missing, not writable, or `path`
 * is a folder or a device. The draft must be finished or dropped. */
enum status draft_open(struct draft *draft, const char *path, struct problem *problem);
enum status draft_write(struct draft *draft, const void *data, size_t len, struct problem *problem);
enum status draft_write_at(struct draft *draft, uint64_t offset, const void *data, size_t len, struct problem *problem);
/* fsync, close, rename to path, fsync of the folder. On failure the old file at path is untouched, the temporary gone. */
enum status draft_finish(struct draft *draft, struct problem *problem);
/* Removes the temporary file. Accepts a finished, dropped or DRAFT_CLOSED draft. Cannot fail. */
void draft_drop(struct draft *draft);

/* Unlinks all temporary files of this process. Async-signal-safe: for the signal handler that ends the run. */
void draft_drop_all_from_signal(void);
/* A forked child calls this so that it never removes its parent's drafts. */
void draft_forget_all(void);

#endif
