#include "library/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

enum status library_lock(int *fd, const char *library, struct problem *problem)
{
    char path[PATH_MAX], owner[32];
    *fd = -1;
    if (snprintf(path, sizeof path, "%s/.lock", library) >= (int)sizeof path)
        return problem_errno(problem, STATUS_NO_OUTPUT, library, ENAMETOOLONG, "cannot lock the library");
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (lock < 0)
        return problem_errno(problem, errno == ENOENT ? STATUS_NO_INPUT : STATUS_NO_OUTPUT, library, errno,
                             "cannot lock the library");
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        int why = errno;
        ssize_t len = pread(lock, owner, sizeof owner - 1, 0);
        owner[len > 0 ? len : 0] = '\0';
        close(lock);
        if (why != EWOULDBLOCK)
            return problem_errno(problem, STATUS_NO_OUTPUT, library, why, "cannot lock the library");
        return problem_set(problem, STATUS_BUSY, library, 0, "another run is at work here (process %ld); try later",
                           strtol(owner, NULL, 10));
    }
    int len = snprintf(owner, sizeof owner, "%ld\n", (long)getpid());
    /* Only for the message above: the lock holds without it. */
    if (ftruncate(lock, 0) != 0 || pwrite(lock, owner, (size_t)len, 0) != len)
        (void)0;
    *fd = lock;
    return STATUS_OK;
}

enum status library_lock_inbox(int *fd, const char *library, struct problem *problem)
{
    char path[PATH_MAX];
    *fd = -1;
    if (snprintf(path, sizeof path, "%s/.inbox.lock", library) >= (int)sizeof path)
        return problem_errno(problem, STATUS_NO_OUTPUT, library, ENAMETOOLONG, "cannot lock the inbox");
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    int result = lock;
    while (lock >= 0 && (result = flock(lock, LOCK_EX)) != 0 && errno == EINTR)
        continue;
    if (result < 0) {
        int why = errno;
        if (lock >= 0)
            close(lock);
        return problem_errno(problem, STATUS_NO_OUTPUT, library, why, "cannot lock the inbox");
    }
    *fd = lock;
    return STATUS_OK;
}
