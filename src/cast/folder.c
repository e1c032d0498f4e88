/* Where the data files lie, and which casts are there. */
#include "cast/cast.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool has_casts(struct arena *arena, struct str folder)
{
    struct stat info;
    struct str casts = arena_format(arena, "%s/casts", folder.data);
    return casts.len && stat(casts.data, &info) == 0 && S_ISDIR(info.st_mode);
}

/* The folder that holds the running program, or "". */
static struct str program_folder(struct arena *arena)
{
    char path[4096];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path);
    if (len <= 0 || (size_t)len == sizeof path)
        return (struct str){0};
    while (len > 0 && path[len - 1] != '/')
        len--;
    return arena_copy(arena, (struct str){path, len > 1 ? (size_t)len - 1 : (size_t)len});
}

enum status cast_data_folder(struct arena *arena, struct str *folder, struct problem *problem)
{
    const char *wish = getenv("CRIER_VOICES");
    if (wish && *wish) {
        *folder = arena_copy(arena, str_from(wish));
        if (has_casts(arena, *folder))
            return STATUS_OK;
        return problem_set(problem, STATUS_UNAVAILABLE, wish, 0, "$CRIER_VOICES names a folder without casts/ in it");
    }
    /* An installed program finds what was installed with it, wherever the prefix was moved to; one in the build folder (or
     * in tests/ there) its sources. */
    static const char *const beside[] = {"../share/crier/voices", "voices", "../voices", "../../voices"};
    struct str program = program_folder(arena);
    for (size_t i = 0; program.len && i < sizeof beside / sizeof *beside; i++) {
        *folder = arena_format(arena, "%s/%s", program.data, beside[i]);
        if (has_casts(arena, *folder))
            return STATUS_OK;
    }
    static const char *const installed[] = {CRIER_INSTALL_VOICES, "/usr/share/crier/voices"}; /* without /proc */
    for (size_t i = 0; i < sizeof installed / sizeof *installed; i++) {
        *folder = arena_copy(arena, str_from(installed[i]));
        if (has_casts(arena, *folder))
            return STATUS_OK;
    }
    if (arena_failed(arena))
        return problem_no_memory(problem);
    return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0,
                       "crier's voice files are not in %s/%s or %s; set CRIER_VOICES to the folder that holds casts/",
                       program.len ? program.data : ".", beside[0], CRIER_INSTALL_VOICES);
}

static int compare_names(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

enum status cast_list(struct arena *arena, const char *folder, struct str **names, size_t *n_names, struct problem *problem)
{
    *names = NULL;
    *n_names = 0;
    struct str path = arena_format(arena, "%s/casts", folder);
    if (arena_failed(arena))
        return problem_no_memory(problem);
    DIR *dir = opendir(path.data);
    if (!dir)
        return problem_errno(problem, STATUS_UNAVAILABLE, path.data, errno, "cannot list the casts");
    size_t capacity = 0;
    struct dirent *entry;
    while ((entry = readdir(dir))) {
        struct str file = str_from(entry->d_name);
        if (file.data[0] == '.' || file.len <= 4 || !str_ends(file, STR(".ini")))
            continue;
        struct str *name = arena_push(arena, (void **)names, n_names, &capacity, sizeof *name);
        if (name)
            *name = arena_copy(arena, str_sub(file, 0, file.len - 4));
    }
    closedir(dir);
    if (arena_failed(arena))
        return problem_no_memory(problem);
    if (*n_names)
        qsort(*names, *n_names, sizeof **names, compare_names);
    return STATUS_OK;
}
