#include "cli/commands.h"

#include "cli/message.h"

int command_fail(const struct problem *problem)
{
    message_problem(problem);
    return status_exit_code(problem->status);
}
