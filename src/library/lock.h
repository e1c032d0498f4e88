/* One run at a time: an flock on LIBRARY/.lock, which the kernel lets go however the run ends, so that no lock can be stale. */
#ifndef CRIER_LIBRARY_LOCK_H
#define CRIER_LIBRARY_LOCK_H

#include "base/status.h"

/* *fd is the lock: close it to let go. STATUS_BUSY at once where another run holds it (the words name its process);
 * STATUS_NO_OUTPUT. */
enum status library_lock(int *fd, const char *library, struct problem *problem);

/* The lock on what is put into the inbox (LIBRARY/.inbox.lock), held for moments only, so that an article can be added while a
 * batch is at work. Waits. */
enum status library_lock_inbox(int *fd, const char *library, struct problem *problem);

#endif
