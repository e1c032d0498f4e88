/* Reading input files whole. */
#ifndef CRIER_BASE_FILE_H
#define CRIER_BASE_FILE_H

#include <stddef.h>
#include <sys/uio.h>

#include "base/buffer.h"
#include "base/status.h"

/* Reads `path` ("-" is stdin) to its end into `out`. Refuses directories and anything that is no regular file
 * (but stdin) with STATUS_NO_INPUT, and more than `limit` bytes with STATUS_BAD_DATA before reading them. */
enum status file_read(const char *path, size_t limit, struct buffer *out, struct problem *problem);

/* Writes all of `len` bytes to descriptor `fd`, going on after short writes and EINTR. 0, or -1 with errno. */
int file_write_all(int fd, const void *data, size_t len);
/* The same for several parts, one after the other; `parts` is used up. */
int file_writev_all(int fd, struct iovec *parts, int n_parts);
/* Reads up to `len` bytes, going on after short reads and EINTR; bytes read (less than len at the end), or -1 with errno. */
long file_read_all(int fd, void *data, size_t len);

/* mkdir -p with mode 0777 less the umask. */
enum status file_make_folders(const char *path, struct problem *problem);

#endif
