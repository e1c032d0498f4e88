/* Inside the studio: the few words of crier's own that a programme speaks, by language. */
#ifndef CRIER_STUDIO_ANNOUNCEMENTS_H
#define CRIER_STUDIO_ANNOUNCEMENTS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"
#include "cast/cast.h"
#include "studio/programme.h"

/* In a language not in the table `contents`, `end` and `date` are "": what needs words is then not announced. */
struct announcements {
    const char *language; /* primary subtag */
    const char *byline;   /* templates (cast/announcement.h): "By {byline}" */
    const char *contents; /* "In this edition. {titles}" */
    const char *end;      /* "End of article." */
    const char *opening;  /* title of a first chapter without a headline */
    const char *article;  /* title of an article without any, before its number */
    const char *date;     /* "{day} {month} {year}"; "": see announcement_date */
    const char *months;   /* twelve, with spaces between, as they stand in a date */
    const char *days;     /* "": figures do, else 31 with '|' between, where eSpeak NG would say no ordinal */
};
const struct announcements *announcements_for(struct str language);

/* The template that counts: the options', else the cast's, else the language's; "" where it is not to be spoken. */
struct str announcement_template(enum announcement kind, const struct programme_options *options, const struct cast *cast,
                                 const struct announcements *words, bool several);

/* A date (2025-10-17) in words, but for numbers in other languages than English, which are the engine's; "" where it is none or
 * the language's months are not known. */
struct str announcement_date(struct arena *arena, struct str iso_date, struct str language);

struct announcement_values {
    struct str show, date, title, byline; /* "": not known */
};
/* The template's words; "" where a value is not known. */
struct str announcement_text(struct arena *arena, struct str template, const struct announcement_values *values);

#endif
