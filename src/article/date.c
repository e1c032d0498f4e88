#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "article/shape.h"
#include "base/utf8.h"

struct token {
    size_t start, end;
    unsigned number; /* UINT32_MAX: no number */
    int month;       /* 1..12, 0: none */
    size_t digits;
};

/* English, German, French, Spanish, Italian, Dutch, Portuguese; compared by the first letters. */
int date_month(struct str word)
{
    static const char *const names[12][8] = {
        {"january", "januar", "janvier", "enero", "gennaio", "januari", "janeiro", "jan"},
        {"february", "februar", "février", "febrero", "febbraio", "februari", "fevereiro", "feb"},
        {"march", "märz", "mars", "marzo", "maart", "março", "mar", NULL},
        {"april", "avril", "abril", "aprile", "apr", NULL, NULL, NULL},
        {"may", "mai", "mayo", "maggio", "mei", "maio", NULL, NULL},
        {"june", "juni", "juin", "junio", "giugno", "junho", "jun", NULL},
        {"july", "juli", "juillet", "julio", "luglio", "julho", "jul", NULL},
        {"august", "août", "agosto", "augustus", "aug", NULL, NULL, NULL},
        {"september", "septembre", "septiembre", "settembre", "setembro", "sept", "sep", NULL},
        {"october", "oktober", "octobre", "octubre", "ottobre", "outubro", "oct", "okt"},
        {"november", "novembre", "noviembre", "novembro", "nov", NULL, NULL, NULL},
        {"december", "dezember", "décembre", "diciembre", "dicembre", "dezembro", "dec", "dez"},
    };
    for (int month = 0; month < 12; month++)
        for (size_t i = 0; i < 8 && names[month][i]; i++)
            if (str_eq_nocase(word, str_from(names[month][i])))
                return month + 1;
    return 0;
}

/* The next word or number at or after *at. */
static bool next_token(struct str text, size_t *at, struct token *token)
{
    size_t here = *at, next = here;
    unsigned c = 0;
    while (here < text.len && !uni_is_word(c = utf8_decode(text, here, &next)))
        here = next;
    if (here >= text.len)
        return false;
    *token = (struct token){.start = here, .number = UINT32_MAX};
    bool digits = c >= '0' && c <= '9';
    unsigned long value = 0;
    while (here < text.len) {
        c = utf8_decode(text, here, &next);
        if (!uni_is_word(c) || (c >= '0' && c <= '9') != digits)
            break;
        if (digits && token->digits++ < 8)
            value = value * 10 + (c - '0');
        here = next;
    }
    token->end = *at = here;
    if (digits && token->digits <= 4)
        token->number = (unsigned)value;
    if (!digits)
        token->month = date_month(str_sub(text, token->start, token->end));
    return true;
}

static bool write_date(unsigned year, int month, unsigned day, char iso[11])
{
    static const unsigned lengths[12] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1000 || year > 2999 || month < 1 || month > 12 || day < 1 || day > lengths[month - 1])
        return false;
    char text[40];
    snprintf(text, sizeof text, "%04u-%02d-%02u", year, month, day);
    memcpy(iso, text, 10);
    iso[10] = '\0';
    return true;
}

static bool is_ordinal_ending(struct str word)
{
    return str_eq_nocase(word, STR("st")) || str_eq_nocase(word, STR("nd")) || str_eq_nocase(word, STR("rd")) ||
           str_eq_nocase(word, STR("th")) || str_eq_nocase(word, STR("de")) || str_eq_nocase(word, STR("of"));
}

bool date_find(struct str text, char iso[11], size_t *start, size_t *end)
{
    struct token t[3] = {{.number = UINT32_MAX}, {.number = UINT32_MAX}, {.number = UINT32_MAX}}; /* the last three */
    struct token token;
    for (size_t at = 0; next_token(text, &at, &token);) {
        if (token.number == UINT32_MAX && !token.month && is_ordinal_ending(str_sub(text, token.start, token.end)))
            continue; /* "17th", "17 de octubre de 2025" */
        t[0] = t[1];
        t[1] = t[2];
        t[2] = token;
        bool found = false;
        if (t[2].digits == 4 && t[1].month && t[0].number != UINT32_MAX) /* 17 October 2025 */
            found = write_date(t[2].number, t[1].month, t[0].number, iso);
        else if (t[2].digits == 4 && t[0].month && t[1].number != UINT32_MAX) /* October 17, 2025 */
            found = write_date(t[2].number, t[0].month, t[1].number, iso);
        else if (t[0].digits == 4 && t[1].digits == 2 && t[2].digits == 2 && text.data[t[0].end] == '-' &&
                 text.data[t[1].end] == '-')
            found = write_date(t[0].number, (int)t[1].number, t[2].number, iso);
        if (found) {
            *start = t[0].start;
            *end = t[2].end;
            return true;
        }
    }
    return false;
}
