#include "cast/announcement.h"

#include <stdint.h>

static const char *const names[ANNOUNCEMENT_COUNT] = {"show", "date", "contents", "title", "byline", "end"};

const char *announcement_name(enum announcement kind)
{
    return (unsigned)kind < ANNOUNCEMENT_COUNT ? names[kind] : "";
}

enum announcement announcement_by_name(struct str name)
{
    int kind = 0;
    while (kind < ANNOUNCEMENT_COUNT && !str_eq_c(name, names[kind]))
        kind++;
    return (enum announcement)kind;
}

bool announcement_next(struct str *rest, struct str *words, struct str *placeholder)
{
    if (!rest->len)
        return false;
    size_t open = str_find(*rest, STR("{"), 0);
    size_t close = open == SIZE_MAX ? SIZE_MAX : str_find(*rest, STR("}"), open);
    if (close == SIZE_MAX) {
        *words = *rest;
        *placeholder = (struct str){NULL, 0};
        *rest = STR("");
        return true;
    }
    *words = str_sub(*rest, 0, open);
    *placeholder = str_sub(*rest, open + 1, close);
    *rest = str_sub(*rest, close + 1, rest->len);
    return true;
}

enum status announcement_check(enum announcement kind, struct str text, const char *path, size_t line, struct problem *problem)
{
    static const char *const known[] = {"show", "date", "title", "byline"};
    const char *needed = kind == ANNOUNCEMENT_TITLE ? "title" : kind == ANNOUNCEMENT_BYLINE ? "byline" : NULL;
    struct str rest = text, words, placeholder;
    int n_needed = 0;
    while (announcement_next(&rest, &words, &placeholder)) {
        if (!placeholder.data)
            break;
        bool good = kind == ANNOUNCEMENT_CONTENTS && str_eq_c(placeholder, "titles");
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            good |= str_eq_c(placeholder, known[i]);
        if (!good)
            return problem_set(problem, STATUS_BAD_DATA, path, line, "%s knows {show}, {date}, {title}%s {byline}, not {%.*s}",
                               announcement_name(kind), kind == ANNOUNCEMENT_CONTENTS ? ", {titles} and" : " and",
                               STR_ARG(placeholder));
        n_needed += needed && str_eq_c(placeholder, needed);
    }
    if (text.len && needed && n_needed != 1)
        return problem_set(problem, STATUS_BAD_DATA, path, line, "%s has to name {%s} once", announcement_name(kind), needed);
    return STATUS_OK;
}
