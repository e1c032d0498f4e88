/* Preloaded before the C library: the n-th allocation of the program, or of its first worker that gets so far, fails.
 *
 *     SCARCE_AT    which allocation, from 1; 0: none, they are counted
 *     SCARCE_WAY   "once" (default) or "on": all after it fail too
 *     SCARCE_IN    "parent" (default) or "worker"
 *     SCARCE_TRACE print at the end where it failed
 *     SCARCE_TOLD  a file that gets, at the program's end, how many there were, or "came" */
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
pid_t __libc_fork(void);

struct shared { /* by all processes of the run */
    atomic_bool came;
    atomic_long most; /* allocations of the process that had the most */
    void *frames[24]; /* where it failed */
    int n_frames;
};

static struct shared *shared;
static bool watching, in_worker, wanted_worker, for_good, failing;
static long at, n;
static char told[4096];

__attribute__((constructor)) static void begin(void)
{
    if (getenv("SCARCE_STARTED"))
        return; /* a program that the program started */
    setenv("SCARCE_STARTED", "1", 1);
    const char *value = getenv("SCARCE_AT");
    at = value ? strtol(value, NULL, 10) : 0;
    value = getenv("SCARCE_WAY");
    for_good = value && strcmp(value, "on") == 0;
    value = getenv("SCARCE_IN");
    wanted_worker = value && strcmp(value, "worker") == 0;
    value = getenv("SCARCE_TOLD");
    snprintf(told, sizeof told, "%s", value ? value : "");
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        abort();
    watching = true;
}

__attribute__((destructor)) static void end(void)
{
    char words[32];
    watching = watching && !in_worker;
    if (watching && getenv("SCARCE_TRACE"))
        backtrace_symbols_fd(shared->frames, shared->n_frames, 2);
    if (!watching)
        return;
    int len = snprintf(words, sizeof words, "%s%ld", atomic_load(&shared->came) ? "came " : "", atomic_load(&shared->most));
    long fd = syscall(SYS_openat, AT_FDCWD, told, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd >= 0) {
        syscall(SYS_write, fd, words, len);
        syscall(SYS_close, fd);
    }
}

static bool fails(void)
{
    if (!watching || in_worker != wanted_worker)
        return false;
    if (++n > atomic_load(&shared->most))
        atomic_store(&shared->most, n);
    if (n == at && !atomic_exchange(&shared->came, true)) {
        watching = false;
        shared->n_frames = backtrace(shared->frames, 24);
        failing = watching = true;
    } else if (!for_good)
        failing = false;
    if (failing)
        errno = ENOMEM;
    return failing;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}

pid_t fork(void)
{
    pid_t child = __libc_fork();
    if (child == 0 && watching && !in_worker) {
        in_worker = true;
        n = 0;
    }
    return child;
}
