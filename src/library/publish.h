/* publish: feed.xml, index.html, pages, cover and service worker in LIBRARY/public, from the state. */
#ifndef CRIER_LIBRARY_PUBLISH_H
#define CRIER_LIBRARY_PUBLISH_H

#include "library/library.h"
#include "library/state.h"

/* Writes what the state says is there. Nothing that would be the same is touched. The order keeps the promise of library.h: first
 * files, then the feed and index that name them; files that the feed no longer names are the caller's to remove afterwards. Where
 * the user's cover cannot be used `*cover` says why, and the one used before or a drawn one takes its place. */
enum status publish_library(struct state *state, const struct library_settings *settings, const char *library,
                            struct problem *cover, struct problem *problem);

#endif
