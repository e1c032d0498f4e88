/* charset: what encoding bytes are in, and the same as UTF-8. */
#ifndef CRIER_ARTICLE_CHARSET_H
#define CRIER_ARTICLE_CHARSET_H

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

struct charset_result {
    struct str text;     /* valid UTF-8, NUL-terminated, in the arena; byte order mark as in a UTF-8 file, else none */
    const char *charset; /* static or in the arena: "UTF-8", "UTF-16LE", "WINDOWS-1252" ... what it was read as */
    struct str warning;  /* for the user, or "" */
};

/* Order of evidence: byte order mark, valid UTF-8, `declared` (a page's own word; "" where there is none), UTF-16 by its zero
 * bytes, mostly valid UTF-8, uchardet, Windows-1252. `path` names it in messages. STATUS_BAD_DATA for binary data. */
enum status charset_decode(struct arena *arena, struct str bytes, struct str declared, const char *path,
                           struct charset_result *result, struct problem *problem);

#endif
