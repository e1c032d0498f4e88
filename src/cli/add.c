#include <stdio.h>
#include <time.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "cli/signals.h"
#include "library/library.h"

static const struct option_spec add_specs[] = {
    OPTION("verbose", 'v', NULL, OPTION_FLAG, verbose, "tell what is new, changed or there already"),
};
static const struct option_spec follow_specs[] = {
    OPTION("remove", 0, NULL, OPTION_FLAG, remove, "follow FEEDURL no longer; articles that it brought stay"),
    OPTION("verbose", 'v', NULL, OPTION_FLAG, verbose, "tell what is done"),
};

static void say(void *context, char level, const char *words)
{
    const struct options *options = context;
    if (level == 'I' && !options->verbose)
        return;
    fputs("crier: ", stderr);
    message_safe(stderr, str_from(words));
    putc('\n', stderr);
}

static void added(void *context, struct str file, const char *what)
{
    (void)what;
    const struct options *options = context;
    struct str library = str_from(options->inputs[0]);
    while (library.len > 1 && library.data[library.len - 1] == '/')
        library.len--;
    message_write_stdout(library.data, library.len);
    message_write_stdout("/inbox/", 7);
    message_write_stdout(file.data, file.len);
    message_write_stdout("\n", 1);
}

static struct library_run run_of(const struct options *options)
{
    return (struct library_run){.path = options->inputs[0],
                                .say = say,
                                .say_context = (void *)(uintptr_t)options,
                                .stop = &signals_caught,
                                .sound_id = ""};
}

static int finish(enum status status, const struct problem *problem)
{
    if (problem->status != STATUS_OK && status != STATUS_INTERRUPTED)
        message_problem(problem);
    return status_exit_code(status);
}

static int run_add(const struct options *options)
{
    struct library_run run = run_of(options);
    struct problem problem = {0};
    enum status status = library_add(&run, (const char *const *)(options->inputs + 1), options->n_inputs - 1, added,
                                     (void *)(uintptr_t)options, &problem);
    return finish(status, &problem);
}

const struct command command_add = {
    .name = "add",
    .arguments = "LIBRARY URL|FILE...",
    .summary = "put web pages and files into LIBRARY/inbox",
    .description =
        "Fetches the web page, plain text or Markdown at URL (http or https), or copies FILE, and prints where it lies. What was "
        "added before is replaced where it has changed, unless it has been edited in the inbox. Nothing but URL itself is asked "
        "for. The next batch makes an episode of it.",
    .options = add_specs,
    .n_options = COUNT(add_specs),
    .least_inputs = 2,
    .most_inputs = 100000,
    .run = run_add,
};

static int list_feeds(const struct library_run *run)
{
    struct arena arena = {0};
    struct buffer out = {0};
    struct problem problem = {0};
    struct library_feed *feeds;
    size_t n;
    enum status status = library_feeds(run, &feeds, &n, &arena, &problem);
    for (size_t i = 0; status == STATUS_OK && i < n; i++) {
        char read[32] = "not read yet";
        time_t when = (time_t)feeds[i].read_s;
        struct tm utc;
        if (when && gmtime_r(&when, &utc))
            strftime(read, sizeof read, "%Y-%m-%dT%H:%M:%SZ", &utc);
        buffer_format(&out, "%.*s\t%s\t%.*s\t%.*s\n", STR_ARG(feeds[i].url), read, STR_ARG(feeds[i].title),
                      STR_ARG(feeds[i].failure));
    }
    message_write_stdout(out.data, out.len);
    buffer_release(&out);
    arena_release(&arena);
    return finish(status, &problem);
}

static int run_follow(const struct options *options)
{
    struct library_run run = run_of(options);
    struct problem problem = {0};
    struct arena arena = {0};
    struct str title = {"", 0};
    if (options->n_inputs == 1 && !options->remove)
        return list_feeds(&run);
    if (options->n_inputs == 1) {
        problem_set(&problem, STATUS_USAGE, NULL, 0, "--remove wants LIBRARY FEEDURL; see crier follow --help");
        return command_fail(&problem);
    }
    enum status status = options->remove ? library_unfollow(&run, options->inputs[1], &problem)
                                         : library_follow(&run, options->inputs[1], &title, &arena, &problem);
    if (status == STATUS_OK && options->verbose) {
        struct str words = arena_format(&arena, options->remove ? "followed no longer" : "following '%.*s'", STR_ARG(title));
        say((void *)(uintptr_t)options, 'I', words.data);
    }
    arena_release(&arena);
    return finish(status, &problem);
}

const struct command command_follow = {
    .name = "follow",
    .arguments = "LIBRARY [FEEDURL]",
    .summary = "take the articles of an RSS or Atom feed into LIBRARY with each batch",
    .description =
        "Each batch puts what is new in the feed into LIBRARY/inbox: items that hold the whole text as they are, others fetched "
        "from their link. crier.ini says how many at most ([follow] max_items, 10 of a feed in a batch; first_items, 3 when it "
        "is "
        "read for the first time). Without FEEDURL the feeds are listed: address, when it was read last, title, what was wrong.",
    .options = follow_specs,
    .n_options = COUNT(follow_specs),
    .least_inputs = 1,
    .most_inputs = 2,
    .run = run_follow,
};
