/* Settings files: [section] and `key = value` lines, read through inih, with a line number for every complaint.
 *
 * A comment line begins with ; or #, and " ;" begins one behind a value. An indented line goes on with the value of the
 * line before it (joined by a space). Lines hold up to 198 bytes (inih's limit), section names 49. A section or a key
 * of a section that comes twice is an error, so that no setting is lost in silence. */
#ifndef CRIER_BASE_INI_FILE_H
#define CRIER_BASE_INI_FILE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

struct ini_entry {
    struct str section; /* "" before the first section */
    struct str key;     /* "" for the entry that stands for the section's own line */
    struct str value;   /* valid UTF-8, trimmed; may be empty */
    size_t line;        /* 1-based */
};

struct ini_file {
    struct arena arena; /* owns everything below */
    struct str path;
    const struct ini_entry *entries; /* in file order */
    size_t n_entries;
};

/* Reads `path`, at most `limit` bytes. STATUS_NO_INPUT, STATUS_BAD_DATA with path and line, STATUS_NO_MEMORY; *file is
 * zeroed then. */
enum status ini_file_read(struct ini_file *file, const char *path, size_t limit, struct problem *problem);
/* The same from memory; `path` is for messages. */
enum status ini_file_parse(struct ini_file *file, struct str text, const char *path, struct problem *problem);
void ini_file_release(struct ini_file *file); /* accepts NULL and zeroed */

/* The entry of `key` in `section`, or NULL. Linear: for the few keys of a section. */
const struct ini_entry *ini_file_find(const struct ini_file *file, const char *section, const char *key);

#endif
