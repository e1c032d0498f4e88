/* The inbox: what articles there are, and whether they have changed. */
#ifndef CRIER_LIBRARY_INBOX_H
#define CRIER_LIBRARY_INBOX_H

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

/* One article, or one folder whose articles become one edition. */
struct inbox_entry {
    struct str source;        /* path below inbox/: "a.txt", "2025-10-17" */
    const char *const *files; /* full paths, by name in byte order */
    size_t n_files;
    struct str stamp; /* names, sizes and times of the files, hashed */
};

struct inbox {
    const struct inbox_entry *entries; /* by source in byte order */
    size_t n_entries;
    const struct str *refused; /* words about files that are none of ours: symbolic links, devices */
    size_t n_refused;
};

/* Reads LIBRARY/inbox, one level of folders deep. Hidden files and unknown endings are passed over. STATUS_NO_INPUT where the
 * inbox cannot be read. Everything lives in `arena`. */
enum status inbox_read(struct inbox *inbox, const char *library, struct arena *arena, struct problem *problem);

/* Hash of all bytes of the entry's files. STATUS_NO_INPUT. */
enum status inbox_hash(const struct inbox_entry *entry, struct str *hash, struct arena *arena, struct problem *problem);

#endif
