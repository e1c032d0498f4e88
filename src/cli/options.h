/* The command line: one table of commands and their options, from which parsing, --help and the man page all come. */
#ifndef CRIER_CLI_OPTIONS_H
#define CRIER_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/status.h"

#define MAX_LEXICONS 16

/* What all commands' options are read into; each command uses its own part. Strings point into argv. */
struct options {
    const char *output, *title, *byline, *language, *cast, *cover, *intro, *outro, *chime, *album, *date, *cache, *trace, *format,
        *audition, *announce, *log, *marks;
    const char *lexicons[MAX_LEXICONS];
    size_t n_lexicons;
    long rate_wpm, bitrate_kbps, sample_rate_hz, jobs, track, stall_s, preview_ms;
    long nice, port;
    double loudness_lufs, max_minutes;
    long size_mib;
    bool no_cache, sidecars, dry_run, json, quiet, verbose, keep_going, verify, prune, size, idle_io, fast, remove, measure,
        models;
    char **inputs; /* what is left: arguments that are no options */
    size_t n_inputs;
};

enum option_kind { OPTION_FLAG, OPTION_STRING, OPTION_LEXICON, OPTION_INTEGER, OPTION_REAL, OPTION_DURATION };

struct option_spec {
    const char *name;     /* without -- */
    char letter;          /* 0: none */
    const char *argument; /* what --help calls it; NULL for flags */
    const char *help;
    enum option_kind kind;
    size_t offset; /* into struct options */
    double least, most;
};

struct command {
    const char *name;
    const char *arguments;   /* "INPUT..." */
    const char *summary;     /* one line */
    const char *description; /* paragraphs for the man page, or NULL */
    const struct option_spec *options;
    size_t n_options;
    size_t least_inputs, most_inputs;
    int (*run)(const struct options *options); /* exit code */
};

/* Reads argv[1..] of a command (argv[0] is its name). STATUS_USAGE with words for the user. */
enum status options_read(const struct command *command, int argc, char **argv, struct options *options, bool *help,
                         struct problem *problem);
void options_print_help(const struct command *command, FILE *out);

#endif
