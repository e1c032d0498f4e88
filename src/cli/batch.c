#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "cast/cast.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "cli/order.h"
#include "cli/signals.h"
#include "library/library.h"

static const struct option_spec batch_specs[] = {
    OPTION("verbose", 'v', NULL, OPTION_FLAG, verbose, "tell what is done, and a summary; without it only what went wrong"),
    OPTION_NUMBER("max-minutes", 0, "N", OPTION_REAL, max_minutes, 0, 100000, "begin no further article after so many minutes"),
    OPTION("log", 0, "FILE", OPTION_STRING, log, "append lines with time and level to FILE"),
    OPTION_NUMBER("nice", 0, "N", OPTION_INTEGER, nice, 0, 19, "run with less priority (nice; 19 is the least)"),
    OPTION("idle-io", 0, NULL, OPTION_FLAG, idle_io, "read and write only when nobody else does (ionice class idle)"),
    OPTION_NUMBER("jobs", 'j', "N", OPTION_INTEGER, jobs, 1, 256, "passages recorded at a time (default: one a core)"),
    OPTION("cache", 0, "DIR", OPTION_STRING, cache, "folder of the recording cache (default ~/.cache/crier)"),
    OPTION("no-cache", 0, NULL, OPTION_FLAG, no_cache, "neither read nor write the recording cache"),
    OPTION_NUMBER("stall", 0, "SECONDS", OPTION_INTEGER, stall_s, 1, 3600,
                  "give a passage up after so long without progress (default 30)"),
};
static const struct option_spec publish_specs[] = {
    OPTION("verbose", 'v', NULL, OPTION_FLAG, verbose, "tell what is done"),
};

/* Where the library's words go: stderr (all with -v, else only what went wrong) and the log. */
struct telling {
    const struct options *options;
    FILE *log;
};

static void say(void *context, char level, const char *words)
{
    const struct telling *telling = context;
    static const char *const names[] = {"error", "warning", "info"};
    const char *name = names[level == 'E' ? 0 : level == 'W' ? 1 : 2];
    if (level != 'I' || telling->options->verbose) {
        fputs("crier: ", stderr);
        message_safe(stderr, str_from(words));
        putc('\n', stderr);
    }
    if (telling->log) {
        char stamp[32];
        time_t now = time(NULL);
        struct tm utc;
        gmtime_r(&now, &utc);
        strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &utc);
        fprintf(telling->log, "%s %s ", stamp, name);
        message_safe(telling->log, str_from(words));
        putc('\n', telling->log);
        fflush(telling->log);
    }
}

static enum status open_log(struct telling *telling, struct problem *problem)
{
    if (!telling->options->log)
        return STATUS_OK;
    telling->log = fopen(telling->options->log, "ae");
    if (!telling->log)
        return problem_set(problem, STATUS_NO_OUTPUT, telling->options->log, 0, "the log cannot be written");
    return STATUS_OK;
}

static void be_modest(const struct options *options)
{
    /* Priorities are a courtesy: where the system refuses, the work is done all the same. */
    if (options->nice)
        (void)setpriority(PRIO_PROCESS, 0, (int)options->nice);
    if (options->idle_io)
        (void)syscall(SYS_ioprio_set, 1 /* this process */, 0, 3 << 13 /* class idle */);
}

/* Version and shipped voices and lexicons: when they change, so do the editions. */
static enum status make_sound_id(char id[HASH_HEX_SIZE], struct problem *problem)
{
    struct arena arena = {0};
    struct str folder, *names = NULL;
    size_t n = 0;
    struct hash hash;
    enum status status = cast_data_folder(&arena, &folder, problem);
    if (status == STATUS_OK)
        status = cast_list(&arena, folder.data, &names, &n, problem);
    if (status == STATUS_OK && hash_init(&hash) != STATUS_OK)
        status = problem_no_memory(problem);
    if (status != STATUS_OK) {
        arena_release(&arena);
        return status;
    }
    hash_field(&hash, STR(CRIER_VERSION));
    for (size_t i = 0; i <= n; i++) {
        struct buffer text = {0};
        const char *path = i < n ? arena_format(&arena, "%s/casts/%.*s.ini", folder.data, STR_ARG(names[i])).data
                                 : arena_format(&arena, "%s/lexicon/en.txt", folder.data).data;
        if (file_read(path, 16 << 20, &text, NULL) == STATUS_OK)
            hash_field(&hash, buffer_view(&text));
        buffer_release(&text);
    }
    hash_hex(&hash, id);
    hash_release(&hash);
    arena_release(&arena);
    return STATUS_OK;
}

static int run_batch(const struct options *options)
{
    struct telling telling = {.options = options};
    struct order_context order = {options, say, &telling};
    struct library_report report = {0};
    struct problem problem = {0};
    char sound_id[HASH_HEX_SIZE];
    struct library_run run = {.path = options->inputs[0],
                              .record = order_record,
                              .record_context = &order,
                              .say = say,
                              .say_context = &telling,
                              .stop = &signals_caught,
                              .max_minutes = options->max_minutes,
                              .sound_id = sound_id};
    be_modest(options);
    enum status status = open_log(&telling, &problem);
    if (status == STATUS_OK)
        status = make_sound_id(sound_id, &problem);
    if (status == STATUS_OK)
        status = library_batch(&run, &report, &problem);
    if (problem.status != STATUS_OK && status != STATUS_INTERRUPTED)
        message_problem(&problem);
    if (options->verbose || (telling.log && (report.made || report.failed || report.removed))) {
        char words[256];
        snprintf(words, sizeof words, "%zu made, %zu unchanged, %zu failed, %zu let go, %zu left for the next run", report.made,
                 report.unchanged, report.failed, report.removed, report.left);
        say(&telling, 'I', words);
    }
    if (telling.log)
        fclose(telling.log);
    return status_exit_code(status);
}

static int run_publish(const struct options *options)
{
    struct telling telling = {.options = options};
    struct problem problem = {0};
    struct library_run run = {
        .path = options->inputs[0], .say = say, .say_context = &telling, .stop = &signals_caught, .sound_id = ""};
    if (library_publish(&run, &problem) != STATUS_OK)
        return command_fail(&problem);
    return 0;
}

const struct command command_batch = {
    .name = "batch",
    .arguments = "LIBRARY",
    .summary = "for cron: record what is new or changed in LIBRARY/inbox, and publish",
    .description =
        "Silent unless something is wrong. A second run while one is at work ends at once with exit status 75. A run that was "
        "cut off is finished by the next one.",
    .options = batch_specs,
    .n_options = COUNT(batch_specs),
    .least_inputs = 1,
    .most_inputs = 1,
    .run = run_batch,
};

const struct command command_publish = {
    .name = "publish",
    .arguments = "LIBRARY",
    .summary = "feed and pages of LIBRARY from what is there, without recording",
    .options = publish_specs,
    .n_options = COUNT(publish_specs),
    .least_inputs = 1,
    .most_inputs = 1,
    .run = run_publish,
};
