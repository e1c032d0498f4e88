/* replay FILE-OR-FOLDER...: calls the fuzz target once for each file, in the order of their names: the seeds, and the inputs that
 * once found a bug. Fails where there is none. */
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "fuzz.h"

static int n_done;

static void replay_file(const char *path)
{
    struct buffer bytes = {0};
    struct problem problem = {0};
    if (file_read(path, (size_t)1 << 30, &bytes, &problem) != STATUS_OK) {
        fprintf(stderr, "replay: %s: %s\n", path, problem.text);
        exit(1);
    }
    /* a copy of just that size, so that the address sanitizer sees a read past the end */
    uint8_t *exact = malloc(bytes.len ? bytes.len : 1);
    if (!exact)
        exit(1);
    if (bytes.len)
        memcpy(exact, bytes.data, bytes.len);
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(exact, bytes.len);
    free(exact);
    buffer_release(&bytes);
    n_done++;
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++) {
        struct stat about;
        if (stat(argv[i], &about) != 0)
            continue; /* a target may have no regressions yet */
        if (!S_ISDIR(about.st_mode)) {
            replay_file(argv[i]);
            continue;
        }
        struct dirent **entries = NULL;
        int n = scandir(argv[i], &entries, visible, alphasort);
        for (int k = 0; k < n; k++) {
            char path[4096];
            if (snprintf(path, sizeof path, "%s/%s", argv[i], entries[k]->d_name) < (int)sizeof path)
                replay_file(path);
            free(entries[k]);
        }
        free(entries);
    }
    printf("%d inputs\n", n_done);
    return n_done ? 0 : 1;
}
