/* add: one web page or file into the inbox, for `crier add` and for the links of followed feeds. */
#ifndef CRIER_LIBRARY_ADD_H
#define CRIER_LIBRARY_ADD_H

#include "library/deposit.h"
#include "library/fetch.h"
#include "library/library.h"

/* The library as those work with it who put something into its inbox. */
struct intake {
    const struct library_run *run;
    struct library_settings settings;
    struct fetch_limits limits;
    struct state *state;
    struct arena arena; /* settings */
    int64_t now_s;
    int64_t until_ms; /* clock_ms(): begin no further request of a feed after it; 0: no such time */
};
/* Reads settings, opens the state. STATUS_NO_INPUT where there is no such library. Close it also after a failure. */
enum status intake_open(struct intake *intake, const struct library_run *run, struct problem *problem);
void intake_close(struct intake *intake);
/* What fetches ask for, from the settings; its strings live as long as these and `arena`. */
struct fetch_limits intake_limits(const struct library_settings *settings, const struct library_run *run, struct arena *arena);
void intake_say(const struct intake *intake, char level, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Fetches the page at `url` (as fetch_address made it) and deposits it. `passing` (or NULL): as in struct fetch_reply.
 * STATUS_BAD_DATA where it is none of web page, plain text and Markdown. */
enum status add_page(struct intake *intake, struct str url, bool public_only, enum deposit_result *result, struct str *file,
                     bool *passing, struct arena *arena, struct problem *problem);

#endif
