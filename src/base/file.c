#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status read_descriptor(int fd, const char *path, size_t limit, struct buffer *out, struct problem *problem)
{
    for (;;) {
        if (!buffer_reserve(out, 64 * 1024))
            return problem_no_memory(problem);
        ssize_t got = read(fd, out->data + out->len, out->capacity - out->len - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return problem_errno(problem, STATUS_IO, path, errno, "cannot read");
        out->len += (size_t)got;
        out->data[out->len] = '\0';
        if (got == 0)
            return STATUS_OK;
        if (out->len > limit)
            return problem_set(problem, STATUS_BAD_DATA, path, 0, "larger than %zu MiB", limit >> 20);
    }
}

enum status file_read(const char *path, size_t limit, struct buffer *out, struct problem *problem)
{
    buffer_clear(out);
    if (strcmp(path, "-") == 0)
        return read_descriptor(STDIN_FILENO, path, limit, out, problem);
    /* O_NONBLOCK: opening a FIFO that nobody writes to must not hang. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return problem_errno(problem, STATUS_NO_INPUT, path, errno, "cannot read");
    struct stat about;
    enum status status = STATUS_OK;
    if (fstat(fd, &about) != 0)
        status = problem_errno(problem, STATUS_NO_INPUT, path, errno, "cannot read");
    else if (S_ISDIR(about.st_mode))
        status = problem_set(problem, STATUS_NO_INPUT, path, 0, "is a folder, not a file");
    else if (!S_ISREG(about.st_mode))
        status = problem_set(problem, STATUS_NO_INPUT, path, 0, "is not a regular file");
    else if ((uintmax_t)about.st_size > limit)
        status = problem_set(problem, STATUS_BAD_DATA, path, 0, "larger than %zu MiB", limit >> 20);
    else if (!buffer_reserve(out, (size_t)about.st_size + 1))
        status = problem_no_memory(problem);
    else
        status = read_descriptor(fd, path, limit, out, problem);
    close(fd);
    return status;
}

int file_write_all(int fd, const void *data, size_t len)
{
    const char *at = data;
    while (len) {
        ssize_t put = write(fd, at, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -1;
        at += put;
        len -= (size_t)put;
    }
    return 0;
}

int file_writev_all(int fd, struct iovec *parts, int n_parts)
{
    while (n_parts) {
        ssize_t put = writev(fd, parts, n_parts);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -1;
        for (; n_parts && (size_t)put >= parts->iov_len; parts++, n_parts--)
            put -= (ssize_t)parts->iov_len;
        if (n_parts) {
            parts->iov_base = (char *)parts->iov_base + put;
            parts->iov_len -= (size_t)put;
        }
    }
    return 0;
}

long file_read_all(int fd, void *data, size_t len)
{
    char *at = data;
    size_t left = len;
    while (left) {
        ssize_t got = read(fd, at, left);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        at += got;
        left -= (size_t)got;
    }
    return (long)(len - left);
}

enum status file_make_folders(const char *path, struct problem *problem)
{
    char part[PATH_MAX];
    size_t len = strlen(path);
    if (len >= sizeof part)
        return problem_errno(problem, STATUS_NO_OUTPUT, path, ENAMETOOLONG, "cannot create folder");
    memcpy(part, path, len + 1);
    for (size_t i = 1; i <= len; i++) {
        if (part[i] != '/' && part[i] != '\0')
            continue;
        char kept = part[i];
        part[i] = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST && (kept == '\0' || errno != EISDIR))
            return problem_errno(problem, STATUS_NO_OUTPUT, part, errno, "cannot create folder");
        part[i] = kept;
    }
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode))
        return problem_set(problem, STATUS_NO_OUTPUT, path, 0, "is not a folder");
    return STATUS_OK;
}
