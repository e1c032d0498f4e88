/* sandbox: a worker gives up what it does not need, before it looks at words and sounds that strangers wrote.
 *
 * A seccomp filter (see seccomp(2)) that no process ever gets rid of again: no network, no file opened for writing, made, renamed
 * or removed, no program started, no other process touched. What is left is reading files, memory, time and the descriptors that
 * are open already. A call that is refused fails with EPERM; the libraries used here take that as any other failure. */
#ifndef CRIER_STUDIO_SANDBOX_H
#define CRIER_STUDIO_SANDBOX_H

#include <stdbool.h>

/* In the parent: does this kernel let a process confine itself, on a machine that the filter is written for? */
bool sandbox_is_there(void);
/* In the child. False where the kernel refuses: the worker then has all the rights of its parent. Takes some 20 microseconds. */
bool sandbox_enter(void);

#endif
