/* The commands, one file each; main.c has their table. */
#ifndef CRIER_CLI_COMMANDS_H
#define CRIER_CLI_COMMANDS_H

#include "cli/options.h"

extern const struct command command_make, command_script, command_voices, command_inspect, command_batch, command_publish,
    command_serve, command_cache, command_add, command_follow;

#define OPTION(option_name, letter, argument, kind, field, help)                                                                 \
    {                                                                                                                            \
        option_name, letter, argument, help, kind, offsetof(struct options, field), 0, 0                                         \
    }
#define OPTION_NUMBER(option_name, letter, argument, kind, field, least, most, help)                                             \
    {                                                                                                                            \
        option_name, letter, argument, help, kind, offsetof(struct options, field), least, most                                  \
    }
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Tells `problem` and gives the exit code of the contract. */
int command_fail(const struct problem *problem);

#endif
