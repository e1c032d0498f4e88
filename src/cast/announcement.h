/* What a programme says about itself, and the templates for it: [announcements] of a cast or of a library's crier.ini.
 *
 * A template is text with placeholders: {show} {date} {title} {byline} in any, {titles} in `contents`. One that names something
 * unknown to the edition (the byline of an article that has none) is not spoken; an empty one is switched off. */
#ifndef CRIER_CAST_ANNOUNCEMENT_H
#define CRIER_CAST_ANNOUNCEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "base/str.h"

enum announcement {
    ANNOUNCEMENT_SHOW,     /* "{show}", before everything */
    ANNOUNCEMENT_DATE,     /* "{date}", in words */
    ANNOUNCEMENT_CONTENTS, /* "In this edition. {titles}", of several articles */
    ANNOUNCEMENT_TITLE,    /* "{title}", the headline */
    ANNOUNCEMENT_BYLINE,   /* "By {byline}", where the article's text has none of its own */
    ANNOUNCEMENT_END,      /* "End of article." */
    ANNOUNCEMENT_COUNT
};
const char *announcement_name(enum announcement kind);   /* "show", "date", "contents", "title", "byline", "end" */
enum announcement announcement_by_name(struct str name); /* ANNOUNCEMENT_COUNT where there is none of that name */
#define ANNOUNCEMENT_NAMES "show, date, contents, title, byline and end"

/* data NULL: not set, the next one's word counts; empty: switched off. */
struct announcement_templates {
    struct str texts[ANNOUNCEMENT_COUNT];
};

/* STATUS_BAD_DATA where `text` has a placeholder that it may not have, or lacks the one that it is for. */
enum status announcement_check(enum announcement kind, struct str text, const char *path, size_t line, struct problem *problem);

/* The next piece of a template: the words before a placeholder, and its name (data NULL at the end). False where nothing is left.
 */
bool announcement_next(struct str *rest, struct str *words, struct str *placeholder);

#endif
