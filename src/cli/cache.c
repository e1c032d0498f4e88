#include <limits.h>
#include <stdio.h>

#include "cli/commands.h"
#include "cli/message.h"
#include "studio/studio.h"

static const struct option_spec specs[] = {
    OPTION("cache", 0, "DIR", OPTION_STRING, cache, "the folder (default ~/.cache/crier)"),
    OPTION("size", 0, NULL, OPTION_FLAG, size, "only the bytes, as a number"),
    OPTION("prune", 0, NULL, OPTION_FLAG, prune, "remove the least recently used recordings, all of them unless --keep is given"),
    OPTION_NUMBER("keep", 0, "MIB", OPTION_INTEGER, size_mib, 0, 1e9, "with --prune: keep so many MiB"),
};

static int run(const struct options *options)
{
    char folder[PATH_MAX];
    const char *path = options->cache;
    struct problem problem = {0};
    struct cache_report report = {0};
    enum status status = STATUS_OK;
    if (!path) {
        status = cache_default_folder(folder, sizeof folder, &problem);
        path = folder;
    }
    if (status == STATUS_OK && options->prune)
        status = cache_prune(path, (uint64_t)options->size_mib << 20, &report, &problem);
    else if (status == STATUS_OK)
        status = cache_measure(path, &report, &problem);
    if (status != STATUS_OK)
        return command_fail(&problem);
    if (options->size) {
        printf("%llu\n", (unsigned long long)report.bytes);
    } else {
        message_safe(stdout, str_from(path));
        printf(": %zu recordings, %.1f MB\n", report.n_recordings, (double)report.bytes / 1e6);
    }
    return 0;
}

const struct command command_cache = {
    .name = "cache",
    .arguments = "",
    .summary = "the recording cache: how large it is; prune it",
    .options = specs,
    .n_options = COUNT(specs),
    .least_inputs = 0,
    .most_inputs = 0,
    .run = run,
};
