/* audition: every voice of a cast says its own name and description, a chapter each, so that a user can choose by ear. */
#ifndef CRIER_CLI_AUDITION_H
#define CRIER_CLI_AUDITION_H

#include "cast/cast.h"

/* Writes the MP3 `path`; a generic cast speaks with the voices of `language`. Fails as produce_edition does. */
enum status audition_make(const struct cast *cast, struct str language, const char *path, int jobs, struct problem *problem);

/* Measures every voice of the cast anew, whatever gain its file has: gains_db[cast->n_voices] in dB. Fails as studio_open does.
 */
enum status audition_measure(const struct cast *cast, int jobs, double *gains_db, struct problem *problem);

#endif
