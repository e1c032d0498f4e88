#include "studio/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum status folder_make(char **folder, struct problem *problem)
{
    const char *place = getenv("TMPDIR");
    char *name = NULL;
    if (asprintf(&name, "%s/crier.XXXXXX", place && *place == '/' ? place : "/tmp") < 0)
        return problem_no_memory(problem);
    if (!mkdtemp(name)) {
        enum status status = problem_errno(problem, STATUS_NO_OUTPUT, name, errno, "cannot create a folder for sound files");
        free(name);
        return status;
    }
    *folder = name;
    return STATUS_OK;
}

void folder_remove(char *folder)
{
    if (!folder)
        return;
    DIR *dir = opendir(folder);
    for (const struct dirent *e; dir && (e = readdir(dir)) != NULL;)
        (void)unlinkat(dirfd(dir), e->d_name, 0);
    if (dir)
        closedir(dir);
    (void)rmdir(folder);
    free(folder);
}
