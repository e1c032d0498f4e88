#include "script/marks.h"

#include "base/table.h"
#include "base/utf8.h"

bool mark_closes(unsigned c)
{
    switch (c) {
    case '"':
    case '\'':
    case ')':
    case ']':
    case '}':
    case 0x2019:
    case 0x201D:
    case 0xBB:
    case 0x203A:
    case 0x300D:
    case 0x300F:
    case 0xFF09:
    case 0x300B:
    case 0x3009:
    case 0x3011:
    case 0xFF02: return true;
    default: return false;
    }
}

bool mark_opens(unsigned c)
{
    switch (c) {
    case '"':
    case '\'':
    case '(':
    case '[':
    case '{':
    case '`':
    case 0x2018:
    case 0x201C:
    case 0x201A:
    case 0x201E:
    case 0xAB:
    case 0x2039:
    case 0x300C:
    case 0x300E:
    case 0xFF08:
    case 0x300A:
    case 0x3008:
    case 0x3010:
    case 0xBF:
    case 0xA1:
    case 0xFF02: return true;
    default: return false;
    }
}

bool mark_stops(unsigned c)
{
    switch (c) {
    case '.':
    case '!':
    case '?':
    case 0x2026:
    case 0x203C:
    case 0x2047:
    case 0x2048:
    case 0x2049: /* doubled ! and ? */
    case 0x0964:
    case 0x0965: /* danda, double danda */
    case 0x061F:
    case 0x06D4: /* Arabic question mark, Urdu full stop */
    case 0x1362:
    case 0x0589:
    case 0x104B:
    case 0x17D4: /* Ethiopic, Armenian, Myanmar, Khmer */ return true;
    default: return mark_stops_wide(c);
    }
}

bool mark_stops_wide(unsigned c)
{
    return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF61 || c == 0xFF0E;
}

bool mark_is_dash(unsigned c)
{
    return c == '-' || (c >= 0x2012 && c <= 0x2015);
}

bool mark_is_apostrophe(unsigned c)
{
    return c == '\'' || c == 0x2019 || c == 0x02BC;
}

unsigned text_before(struct str text, size_t from, size_t at)
{
    size_t start;
    return at > from ? utf8_decode_before(text, at, &start) : 0;
}

unsigned text_at(struct str text, size_t at, size_t end)
{
    size_t next;
    return at < end ? utf8_decode(text, at, &next) : 0;
}

size_t text_skip_space(struct str text, size_t at, size_t end)
{
    size_t next;
    while (at < end && uni_is_space(utf8_decode(text, at, &next)))
        at = next;
    return at;
}

size_t text_back_space(struct str text, size_t from, size_t at)
{
    size_t start;
    while (at > from && uni_is_space(utf8_decode_before(text, at, &start)))
        at = start;
    return at;
}

bool text_has_word(struct str text, size_t start, size_t end)
{
    while (start < end)
        if (uni_is_word(utf8_decode(text, start, &start)))
            return true;
    return false;
}

struct str text_word_at(struct str text, size_t at, size_t end)
{
    size_t stop = at, next;
    while (stop < end) {
        unsigned c = utf8_decode(text, stop, &next);
        if (!uni_is_word(c) && !(mark_is_apostrophe(c) && next < end && uni_is_letter(text_at(text, next, end))))
            break;
        stop = next;
    }
    return str_sub(text, at, stop);
}

struct str text_word_before(struct str text, size_t from, size_t at)
{
    size_t begin = at, start;
    while (begin > from) {
        unsigned c = utf8_decode_before(text, begin, &start);
        if (!uni_is_word(c) && !(mark_is_apostrophe(c) && begin < at && uni_is_letter(text_before(text, from, start))))
            break;
        begin = start;
    }
    return str_sub(text, begin, at);
}

bool word_listed(struct str table, struct str word, struct str *rest)
{
    char lower[64];
    size_t len = 0;
    for (size_t at = 0; at < word.len;) {
        unsigned c = utf8_decode(word, at, &at);
        if (len + 4 > sizeof lower)
            return false;
        len += utf8_encode(c == 0x2019 ? '\'' : uni_to_lower(c), lower + len);
    }
    struct str ignored;
    return len && table_find(table, (struct str){lower, len}, rest ? rest : &ignored);
}
