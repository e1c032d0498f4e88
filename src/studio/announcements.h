/* Inside the studio: the few words of crier's own that a programme speaks, by language. */
#ifndef CRIER_STUDIO_ANNOUNCEMENTS_H
#define CRIER_STUDIO_ANNOUNCEMENTS_H

#include "base/str.h"

/* In a language not in the table all but `by` and `article` are "": what needs words is then not announced. */
struct announcements {
    const char *language; /* primary subtag */
    const char *by;       /* put before the names, with its space: "By "; "" where names stand alone */
    const char *contents; /* "In this edition." */
    const char *end;      /* "End of article." */
    const char *opening;  /* title of a first chapter without a headline */
    const char *article;  /* title of an article without any, before its number */
};
const struct announcements *announcements_for(struct str language);

#endif
