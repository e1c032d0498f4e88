#include "library/inbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"

struct names {
    const char **items;
    size_t n, capacity;
};

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names in `folder` that are not hidden, sorted. */
static enum status list_folder(const char *folder, struct names *names, struct arena *arena, struct problem *problem)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return problem_errno(problem, STATUS_NO_INPUT, folder, errno, "cannot read");
    struct dirent *found;
    while ((found = readdir(dir))) {
        if (found->d_name[0] == '.')
            continue;
        const char **name = arena_push(arena, (void **)&names->items, &names->n, &names->capacity, sizeof *name);
        if (name)
            *name = arena_c_string(arena, str_from(found->d_name));
    }
    closedir(dir);
    if (arena_failed(arena))
        return problem_no_memory(problem);
    if (names->n)
        qsort(names->items, names->n, sizeof *names->items, by_bytes);
    return STATUS_OK;
}

static bool is_article(const char *name)
{
    static const char *const endings[] = {".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".script"};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
        if (str_eq_nocase(str_from(dot), str_from(endings[i])))
            return true;
    return false;
}

struct reader {
    struct inbox *inbox;
    struct arena *arena;
    struct inbox_entry *entries;
    struct str *refused;
    size_t entry_capacity, refused_capacity;
};

static void refuse(struct reader *reader, const char *path, const char *why)
{
    struct str *words =
        arena_push(reader->arena, (void **)&reader->refused, &reader->inbox->n_refused, &reader->refused_capacity, sizeof *words);
    if (words)
        *words = arena_format(reader->arena, "'%s' %s and is passed over", path, why);
}

/* Adds the files of `names` in `folder` to an entry; the stamp is made of their names, sizes and times. */
static enum status add_entry(struct reader *reader, const char *folder, struct str source, const struct names *names,
                             struct problem *problem)
{
    const char **files = arena_array(reader->arena, names->n, sizeof *files);
    struct hash hash;
    if (!files || hash_init(&hash) != STATUS_OK)
        return problem_no_memory(problem);
    size_t n = 0;
    for (size_t i = 0; i < names->n; i++) {
        const char *path = arena_format(reader->arena, "%s/%s", folder, names->items[i]).data;
        struct stat about;
        if (!is_article(names->items[i]) || lstat(path, &about) != 0)
            continue;
        if (!S_ISREG(about.st_mode)) {
            refuse(reader, path, S_ISLNK(about.st_mode) ? "is a symbolic link" : "is not a regular file");
            continue;
        }
        hash_field(&hash, str_from(names->items[i]));
        hash_number(&hash, about.st_size);
        hash_number(&hash, about.st_mtim.tv_sec);
        hash_number(&hash, about.st_mtim.tv_nsec);
        files[n++] = path;
    }
    char hex[HASH_HEX_SIZE];
    hash_hex(&hash, hex);
    hash_release(&hash);
    if (n) {
        struct inbox_entry *entry = arena_push(reader->arena, (void **)&reader->entries, &reader->inbox->n_entries,
                                               &reader->entry_capacity, sizeof *entry);
        if (entry)
            *entry = (struct inbox_entry){source, files, n, arena_copy(reader->arena, str_from(hex))};
    }
    return arena_failed(reader->arena) ? problem_no_memory(problem) : STATUS_OK;
}

enum status inbox_read(struct inbox *inbox, const char *library, struct arena *arena, struct problem *problem)
{
    *inbox = (struct inbox){0};
    struct reader reader = {.inbox = inbox, .arena = arena};
    struct names names = {0};
    const char *folder = arena_format(arena, "%s/inbox", library).data;
    enum status status = list_folder(folder, &names, arena, problem);
    for (size_t i = 0; status == STATUS_OK && i < names.n; i++) {
        const char *path = arena_format(arena, "%s/%s", folder, names.items[i]).data;
        struct stat about;
        if (lstat(path, &about) != 0)
            continue;
        struct names inner = {0};
        if (S_ISDIR(about.st_mode)) {
            status = list_folder(path, &inner, arena, problem);
            if (status == STATUS_OK)
                status = add_entry(&reader, path, str_from(names.items[i]), &inner, problem);
        } else {
            status = add_entry(&reader, folder, str_from(names.items[i]), &(struct names){&names.items[i], 1, 1}, problem);
        }
    }
    inbox->entries = reader.entries;
    inbox->refused = reader.refused;
    return status;
}

enum status inbox_hash(const struct inbox_entry *entry, struct str *result, struct arena *arena, struct problem *problem)
{
    struct hash hash;
    if (hash_init(&hash) != STATUS_OK)
        return problem_no_memory(problem);
    enum status status = STATUS_OK;
    static char block[64 * 1024];
    for (size_t i = 0; status == STATUS_OK && i < entry->n_files; i++) {
        int fd = open(entry->files[i], O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        ssize_t got = -1;
        hash_field(&hash, str_from(strrchr(entry->files[i], '/') + 1));
        while (fd >= 0 && ((got = read(fd, block, sizeof block)) > 0 || (got < 0 && errno == EINTR)))
            if (got > 0)
                hash_field(&hash, (struct str){block, (size_t)got});
        if (got < 0)
            status = problem_errno(problem, STATUS_NO_INPUT, entry->files[i], errno, "cannot read");
        if (fd >= 0)
            close(fd);
    }
    char hex[HASH_HEX_SIZE];
    hash_hex(&hash, hex);
    hash_release(&hash);
    *result = arena_copy(arena, str_from(hex));
    return status == STATUS_OK && arena_failed(arena) ? problem_no_memory(problem) : status;
}
