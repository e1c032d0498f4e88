#include "base/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* Names that the signal handler may have to unlink. A slot's pointer is set last and cleared first, so that the handler sees a
 * whole name or none. */
#define SLOTS 16
static char slot_names[SLOTS][PATH_MAX];
static _Atomic int slot_used[SLOTS];

static int slot_take(const char *name)
{
    if (strlen(name) >= PATH_MAX)
        return -1;
    for (int i = 0; i < SLOTS; i++) {
        if (slot_used[i])
            continue;
        memcpy(slot_names[i], name, strlen(name) + 1);
        slot_used[i] = 1;
        return i;
    }
    return -1;
}

void draft_drop_all_from_signal(void)
{
    for (int i = 0; i < SLOTS; i++)
        if (slot_used[i])
            unlink(slot_names[i]);
}

void draft_forget_all(void)
{
    for (int i = 0; i < SLOTS; i++)
        slot_used[i] = 0;
}

static void draft_reset(struct draft *draft)
{
    if (draft->fd >= 0)
        close(draft->fd);
    if (draft->slot >= 0)
        slot_used[draft->slot] = 0;
    free(draft->path);
    free(draft->temporary);
    *draft = (struct draft)DRAFT_CLOSED;
}

enum status draft_open(struct draft *draft, const char *path, struct problem *problem)
{
    static unsigned counter;
    *draft = (struct draft)DRAFT_CLOSED;
    struct stat about;
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode))
        return problem_set(problem, STATUS_NO_OUTPUT, path, 0, S_ISDIR(about.st_mode) ? "is a folder" : "is not a regular file");
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    if (!*name)
        return problem_set(problem, STATUS_NO_OUTPUT, path, 0, "is not a file name");
    draft->path = strdup(path);
    if (!draft->path ||
        asprintf(&draft->temporary, "%.*s.%.200s.%ld-%u.tmp", (int)(name - path), path, name, (long)getpid(), counter++) < 0) {
        draft->temporary = NULL;
        draft_reset(draft);
        return problem_no_memory(problem);
    }
    draft->slot = slot_take(draft->temporary);
    draft->fd = open(draft->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (draft->fd < 0) {
        enum status status = problem_errno(problem, STATUS_NO_OUTPUT, path, errno, "cannot create");
        draft_reset(draft);
        return status;
    }
    return STATUS_OK;
}

/* The disk writes while the rest is still being made, so that fsync has little left to wait for. */
#define SEND_BYTES ((size_t)1024 * 1024)

enum status draft_write(struct draft *draft, const void *data, size_t len, struct problem *problem)
{
    if (file_write_all(draft->fd, data, len) != 0)
        return problem_errno(problem, STATUS_IO, draft->path, errno, "cannot write");
    draft->unsent += len;
    if (draft->unsent >= SEND_BYTES) {
        (void)sync_file_range(draft->fd, 0, 0, SYNC_FILE_RANGE_WRITE); /* a hint */
        draft->unsent = 0;
    }
    return STATUS_OK;
}

enum status draft_write_at(struct draft *draft, uint64_t offset, const void *data, size_t len, struct problem *problem)
{
    const char *at = data;
    while (len) {
        ssize_t put = pwrite(draft->fd, at, len, (off_t)offset);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return problem_errno(problem, STATUS_IO, draft->path, errno, "cannot write");
        at += put;
        len -= (size_t)put;
        offset += (uint64_t)put;
    }
    return STATUS_OK;
}

static void sync_folder(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) + 1 : 1;
    if (len >= sizeof folder)
        return;
    memcpy(folder, slash ? path : ".", len);
    folder[len] = '\0';
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    /* Some file systems cannot sync a folder; the rename itself has happened and is atomic all the same. */
    (void)fsync(fd);
    close(fd);
}

enum status draft_finish(struct draft *draft, struct problem *problem)
{
    enum status status = STATUS_OK;
    if (fsync(draft->fd) != 0 && errno != EINVAL && errno != EROFS)
        status = problem_errno(problem, STATUS_IO, draft->path, errno, "cannot write");
    int fd = draft->fd;
    draft->fd = -1;
    if (close(fd) != 0 && status == STATUS_OK)
        status = problem_errno(problem, STATUS_IO, draft->path, errno, "cannot write");
    if (status == STATUS_OK && rename(draft->temporary, draft->path) != 0)
        status = problem_errno(problem, STATUS_NO_OUTPUT, draft->path, errno, "cannot create");
    if (status != STATUS_OK) {
        draft_drop(draft);
        return status;
    }
    sync_folder(draft->path);
    draft_reset(draft);
    return STATUS_OK;
}

void draft_drop(struct draft *draft)
{
    if (!draft)
        return;
    if (draft->temporary)
        unlink(draft->temporary);
    draft_reset(draft);
}
