/* Preloaded before the C library: the k-th call of one system function fails, in the program itself or in its workers.
 *
 *     FAULT_CALL   write writev pwrite fsync rename fork pipe open mkdir close; none
 *     FAULT_AT     which call, from 1
 *     FAULT_HOW    a number: errno; "short": half of it is written; "interrupted": EINTR once; in workers also
 *                  "kill", "stop", "abort" and "starve" (no more memory)
 *     FAULT_IN     "parent" (default) or "worker"
 *     FAULT_TOLD   a file that is made at the program's end if the fault has come (a confined worker cannot make one) */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static pid_t first_process;
static const char *call_wanted = "none", *how = "5";
static long calls_left;
static bool in_worker;
static char told[4096];
static atomic_bool *come; /* shared by all processes of the run */

__attribute__((constructor)) static void shim_begin(void)
{
    if (getenv("FAULT_STARTED"))
        return; /* a program that the program started */
    setenv("FAULT_STARTED", "1", 1);
    first_process = getpid();
    const char *value = getenv("FAULT_CALL");
    call_wanted = value ? value : "none";
    value = getenv("FAULT_AT");
    calls_left = value ? strtol(value, NULL, 10) : 0;
    value = getenv("FAULT_HOW");
    how = value ? value : "5";
    value = getenv("FAULT_IN");
    in_worker = value && strcmp(value, "worker") == 0;
    value = getenv("FAULT_TOLD");
    snprintf(told, sizeof told, "%s", value ? value : "");
    come = mmap(NULL, sizeof *come, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (come == MAP_FAILED)
        abort();
}

__attribute__((destructor)) static void shim_end(void)
{
    if (getpid() != first_process || !atomic_load(come))
        return;
    long fd = syscall(SYS_openat, AT_FDCWD, told, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (fd >= 0)
        syscall(SYS_close, fd);
}

/* True where this very call shall fail. A worker counts its own calls. */
static bool due(const char *call)
{
    if (!first_process || strcmp(call, call_wanted) != 0 || (getpid() != first_process) != in_worker || calls_left <= 0)
        return false;
    if (in_worker && atomic_load(come))
        return false; /* only one worker */
    if (--calls_left > 0)
        return false;
    atomic_store(come, true);
    if (strcmp(how, "kill") == 0)
        raise(SIGKILL);
    if (strcmp(how, "stop") == 0)
        raise(SIGSTOP);
    if (strcmp(how, "abort") == 0)
        abort();
    if (strcmp(how, "starve") == 0) {
        const struct rlimit none = {1 << 20, 1 << 20};
        setrlimit(RLIMIT_AS, &none);
        return false;
    }
    errno = strcmp(how, "interrupted") == 0 ? EINTR : (int)strtol(how, NULL, 10);
    return true;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *data, size_t len)
{
    if (fd > 2 && due("write")) {
        if (strcmp(how, "short") != 0)
            return -1;
        len = len > 1 ? len / 2 : len;
    }
    return syscall(SYS_write, fd, data, len);
}

ssize_t writev(int fd, const struct iovec *parts, int n_parts)
{
    struct iovec half[8];
    if (fd > 2 && due("writev")) {
        if (strcmp(how, "short") != 0 || n_parts > 8)
            return -1;
        size_t left = 0;
        for (int i = 0; i < n_parts; i++)
            left += parts[i].iov_len;
        left = left > 1 ? left / 2 : left;
        for (int i = 0; i < n_parts; i++) {
            half[i] = parts[i];
            half[i].iov_len = left < parts[i].iov_len ? left : parts[i].iov_len;
            left -= half[i].iov_len;
        }
        parts = half;
    }
    return syscall(SYS_writev, fd, parts, n_parts);
}

ssize_t pwrite64(int fd, const void *data, size_t len, off64_t offset)
{
    if (due("pwrite")) {
        if (strcmp(how, "short") != 0)
            return -1;
        len = len > 1 ? len / 2 : len;
    }
    return syscall(SYS_pwrite64, fd, data, len, offset);
}

int fsync(int fd)
{
    return due("fsync") ? -1 : REAL(fsync)(fd);
}

/* Of files only: pipes and memory do not fail so, and libraries rightly take it for the end of the world. */
int close(int fd)
{
    struct stat about;
    if (strcmp(call_wanted, "close") != 0 || fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || !about.st_nlink ||
        !due("close"))
        return (int)syscall(SYS_close, fd);
    int failed = errno;
    syscall(SYS_close, fd); /* as Linux does: the descriptor is gone, whatever close says */
    errno = failed;
    return -1;
}

int rename(const char *from, const char *to)
{
    return due("rename") ? -1 : REAL(rename)(from, to);
}

pid_t fork(void)
{
    return due("fork") ? -1 : REAL(fork)();
}

int pipe2(int ends[2], int flags)
{
    return due("pipe") ? -1 : REAL(pipe2)(ends, flags);
}

int mkdir(const char *path, mode_t mode)
{
    return due("mkdir") ? -1 : REAL(mkdir)(path, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    unsigned mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, unsigned) : 0;
    va_end(args);
    return due("open") ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
