/* crier.ini of a library. */
#ifndef CRIER_LIBRARY_SETTINGS_H
#define CRIER_LIBRARY_SETTINGS_H

#include "base/arena.h"
#include "library/library.h"

/* Reads LIBRARY/crier.ini; strings live in `arena`. A missing file gives the defaults. STATUS_BAD_DATA names the line of an
 * unknown key or a value that cannot be. */
enum status library_settings_read(struct library_settings *settings, const char *library, struct arena *arena,
                                  struct problem *problem);

#endif
