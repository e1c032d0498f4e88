/* SIGINT, SIGTERM and SIGHUP: the first asks the run to stop and clean up, a second one ends it at once. */
#ifndef CRIER_CLI_SIGNALS_H
#define CRIER_CLI_SIGNALS_H

#include <signal.h>

extern volatile sig_atomic_t signals_caught; /* the signal's number, 0: none yet */

void signals_catch(void);
/* After the clean-up: dies by the caught signal, so that the shell sees it. Returns where none was caught. */
void signals_die(void);

#endif
