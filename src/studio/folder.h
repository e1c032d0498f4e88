/* A folder private to one run, for engines that work on files. */
#ifndef CRIER_STUDIO_FOLDER_H
#define CRIER_STUDIO_FOLDER_H

#include "base/status.h"

/* Makes a new folder under $TMPDIR or /tmp that only this user may enter. Free with folder_remove. */
enum status folder_make(char **folder, struct problem *problem);
/* Removes the files in it and the folder, and frees the name. Accepts NULL. */
void folder_remove(char *folder);

#endif
