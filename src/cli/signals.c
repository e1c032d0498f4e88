#include "cli/signals.h"

#include <stddef.h>
#include <unistd.h>

#include "base/draft.h"

volatile sig_atomic_t signals_caught;

static void on_signal(int number)
{
    if (signals_caught) {
        draft_drop_all_from_signal();
        signal(number, SIG_DFL);
        raise(number);
    }
    signals_caught = number;
}

void signals_catch(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction before;
        /* A signal that was ignored (nohup, a shell's background job) stays ignored. */
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file too large is a failed write, told as any other */
}

void signals_die(void)
{
    if (!signals_caught)
        return;
    signal(signals_caught, SIG_DFL);
    raise(signals_caught);
}
