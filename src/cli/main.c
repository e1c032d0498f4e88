#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/man.h"
#include "cli/message.h"
#include "cli/signals.h"

static const struct command *const commands[] = {&command_make,  &command_script, &command_voices, &command_inspect,
                                                 &command_add,   &command_follow, &command_batch,  &command_publish,
                                                 &command_serve, &command_cache};

static void print_help(FILE *out)
{
    fputs("usage: crier COMMAND [OPTION]... [ARGUMENT]...\n"
          "Turns written articles into spoken audio editions: one chaptered MP3, quoted people in voices of their own.\n\n"
          "commands:\n",
          out);
    for (size_t i = 0; i < COUNT(commands); i++)
        fprintf(out, "  %-9s %-22s %s\n", commands[i]->name, commands[i]->arguments, commands[i]->summary);
    fputs("\noptions:\n  -h, --help       this text; crier COMMAND --help tells a command's options\n"
          "      --version    the version\n",
          out);
}

int main(int argc, char **argv)
{
    const char *first = argc > 1 ? argv[1] : "";
    if (strcmp(first, "--version") == 0) {
        puts("crier " CRIER_VERSION);
        return message_close_stdout(0);
    }
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0) {
        print_help(stdout);
        return message_close_stdout(0);
    }
    if (strcmp(first, "--man") == 0) {
        man_print(commands, COUNT(commands), stdout);
        return message_close_stdout(0);
    }
    if (strcmp(first, "--completion") == 0) {
        completion_print(commands, COUNT(commands), stdout);
        return message_close_stdout(0);
    }
    struct problem problem = {0};
    for (size_t i = 0; i < COUNT(commands); i++) {
        if (strcmp(first, commands[i]->name) != 0)
            continue;
        struct options options = {0};
        bool help = false;
        if (options_read(commands[i], argc - 1, argv + 1, &options, &help, &problem) != STATUS_OK)
            return command_fail(&problem);
        if (help) {
            options_print_help(commands[i], stdout);
            return message_close_stdout(0);
        }
        signals_catch();
        int code = commands[i]->run(&options);
        code = message_close_stdout(code);
        signals_die();
        return code;
    }
    if (argc < 2)
        print_help(stderr);
    else
        problem_set(&problem, STATUS_USAGE, NULL, 0, "unknown command '%s'; see crier --help", first);
    return argc < 2 ? status_exit_code(STATUS_USAGE) : command_fail(&problem);
}
