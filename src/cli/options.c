#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_OPTIONS 48

static void *place(struct options *options, const struct option_spec *spec)
{
    return (char *)options + spec->offset;
}

/* "30s", "2m", "1500ms", "90" (seconds) in milliseconds; negative where it is none. */
static double duration_ms(const char *words)
{
    char *end;
    double value = strtod(words, &end);
    if (end == words || !isfinite(value))
        return -1;
    if (*end == '\0' || strcmp(end, "s") == 0)
        return value * 1000;
    if (strcmp(end, "ms") == 0)
        return value;
    if (strcmp(end, "m") == 0 || strcmp(end, "min") == 0)
        return value * 60000;
    return -1;
}

static enum status read_value(const struct option_spec *spec, const char *words, struct options *options, struct problem *problem)
{
    char *end = NULL;
    double value = 0;
    switch (spec->kind) {
    case OPTION_FLAG: *(bool *)place(options, spec) = true; return STATUS_OK;
    case OPTION_STRING: *(const char **)place(options, spec) = words; return STATUS_OK;
    case OPTION_LEXICON:
        if (options->n_lexicons == MAX_LEXICONS)
            return problem_set(problem, STATUS_USAGE, NULL, 0, "at most %d lexicons can be given", MAX_LEXICONS);
        options->lexicons[options->n_lexicons++] = words;
        return STATUS_OK;
    case OPTION_INTEGER: value = (double)strtol(words, &end, 10); break;
    case OPTION_REAL: value = strtod(words, &end); break;
    case OPTION_DURATION: value = duration_ms(words); break;
    }
    if ((end && (end == words || *end)) || !isfinite(value) || value < spec->least || value > spec->most) {
        if (spec->kind == OPTION_DURATION)
            return problem_set(problem, STATUS_USAGE, NULL, 0,
                               "--%s wants a time from %g to %g seconds, such as 30s or 2m, not '%s'", spec->name,
                               spec->least / 1000, spec->most / 1000, words);
        return problem_set(problem, STATUS_USAGE, NULL, 0, "--%s wants a number from %g to %g, not '%s'", spec->name, spec->least,
                           spec->most, words);
    }
    if (spec->kind == OPTION_REAL)
        *(double *)place(options, spec) = value;
    else
        *(long *)place(options, spec) = (long)value;
    return STATUS_OK;
}

enum status options_read(const struct command *command, int argc, char **argv, struct options *options, bool *help,
                         struct problem *problem)
{
    struct option longs[MAX_OPTIONS + 2] = {{0}};
    char shorts[2 * MAX_OPTIONS + 4] = ":h";
    size_t n_shorts = 2;
    for (size_t i = 0; i < command->n_options && i < MAX_OPTIONS; i++) {
        const struct option_spec *spec = &command->options[i];
        longs[i] = (struct option){spec->name, spec->argument ? required_argument : no_argument, NULL, 256 + (int)i};
        if (spec->letter) {
            shorts[n_shorts++] = spec->letter;
            if (spec->argument)
                shorts[n_shorts++] = ':';
        }
    }
    longs[command->n_options] = (struct option){"help", no_argument, NULL, 'h'};
    shorts[n_shorts] = '\0';
    opterr = 0;
    optind = 1;
    for (int code; (code = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        const struct option_spec *spec = NULL;
        if (code == 'h') {
            *help = true;
            return STATUS_OK;
        }
        if (code == '?' || code == ':') {
            const char *given = argv[optind - 1];
            return problem_set(problem, STATUS_USAGE, NULL, 0,
                               code == '?' ? "unknown option '%s'; see crier %s --help"
                                           : "option '%s' wants a value; see crier %s --help",
                               given, command->name);
        }
        for (size_t i = 0; i < command->n_options; i++)
            if (code == 256 + (int)i || code == command->options[i].letter)
                spec = &command->options[i];
        enum status status = spec ? read_value(spec, optarg, options, problem) : STATUS_USAGE;
        if (status != STATUS_OK)
            return status;
    }
    options->inputs = argv + optind;
    options->n_inputs = (size_t)(argc - optind);
    if (options->n_inputs < command->least_inputs)
        return problem_set(problem, STATUS_USAGE, NULL, 0, "%s wants %s; see crier %s --help", command->name, command->arguments,
                           command->name);
    if (options->n_inputs > command->most_inputs)
        return problem_set(problem, STATUS_USAGE, NULL, 0, "'%s' is one argument too many; see crier %s --help",
                           options->inputs[command->most_inputs], command->name);
    return STATUS_OK;
}

void options_print_help(const struct command *command, FILE *out)
{
    fprintf(out, "usage: crier %s [OPTION]... %s\n%s\n", command->name, command->arguments, command->summary);
    if (command->n_options)
        fputs("\noptions:\n", out);
    for (size_t i = 0; i < command->n_options; i++) {
        const struct option_spec *spec = &command->options[i];
        char left[64];
        int len = snprintf(left, sizeof left, "  %c%c%s --%s%s%s", spec->letter ? '-' : ' ', spec->letter ? spec->letter : ' ',
                           spec->letter ? "," : " ", spec->name, spec->argument ? " " : "", spec->argument ? spec->argument : "");
        fprintf(out, "%-28s%s%s\n", left, len >= 28 ? "\n                            " : "", spec->help);
    }
    fputs("  -h, --help                this text\n", out);
}
