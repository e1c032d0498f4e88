/* follow: the feeds of a library, read at the beginning of each batch. */
#ifndef CRIER_LIBRARY_FOLLOW_H
#define CRIER_LIBRARY_FOLLOW_H

#include "library/add.h"

/* Reads every feed that is followed and puts what is new into the inbox. What goes wrong with a feed is said once, and again only
 * after it went well or went wrong otherwise; it never is a failure of this function. Returns what ends a batch: broken state, no
 * memory, a full disk, STATUS_INTERRUPTED. Without feeds it does nothing. */
enum status follow_read_all(struct intake *intake, struct problem *problem);

#endif
