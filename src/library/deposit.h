/* deposit: puts an article into LIBRARY/inbox, whole or not at all, and never over another one. */
#ifndef CRIER_LIBRARY_DEPOSIT_H
#define CRIER_LIBRARY_DEPOSIT_H

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"
#include "library/state.h"

enum deposit_result {
    DEPOSIT_NEW,
    DEPOSIT_CHANGED, /* the article of this address was there, and has been replaced */
    DEPOSIT_SAME,    /* it is there as it is */
    DEPOSIT_EDITED,  /* it is there and somebody has edited it: left alone */
};
struct deposit {
    struct str url;     /* what the state knows it by: an address, or the absolute path of a file */
    struct str slug;    /* of the file name; a number is added where that is taken */
    const char *ending; /* ".html" */
    struct str bytes;
    struct str etag, modified;
    int64_t now_s;
};
/* *file is its name in inbox/, in `arena`. LIBRARY/inbox is made where it is missing. Waits while another process puts something
 * into the same inbox. STATUS_NO_OUTPUT, STATUS_IO, those of the state. */
enum status deposit(const struct deposit *what, struct state *state, const char *library, enum deposit_result *result,
                    struct str *file, struct arena *arena, struct problem *problem);

/* Is the article of `page` still in the inbox? */
bool deposit_is_there(const struct state_page *page, const char *library, struct arena *arena);

#endif
