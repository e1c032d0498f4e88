/* Names that last: slugs for files and URLs, guids for episodes and the feed. */
#ifndef CRIER_LIBRARY_NAMES_H
#define CRIER_LIBRARY_NAMES_H

#include "base/arena.h"
#include "base/str.h"

#define UUID_SIZE 37 /* 36 characters and NUL */

/* "Trump, Putin Set to Meet" -> "trump-putin-set-to-meet": ASCII letters, digits and single hyphens, 1..60 characters, accents
 * dropped; "episode" where nothing is left. Never begins with a dot or hyphen, never holds a slash. */
struct str slug_from_title(struct arena *arena, struct str title);

/* UUID version 5 (RFC 4122) of `name` in the namespace `space` ("ead4c236-..."). */
void uuid_v5(const char *space, struct str name, char out[UUID_SIZE]);

/* podcast:guid of a feed: UUIDv5 of its URL without scheme and trailing slashes. */
void feed_guid(struct str feed_url, char out[UUID_SIZE]);

#endif
