#include "base/utf8.h"

#include <string.h>
#include <utf8proc.h>

static bool is_tail(unsigned char b)
{
    return (b & 0xC0) == 0x80;
}

unsigned utf8_decode(struct str s, size_t at, size_t *next)
{
    const unsigned char *p = (const unsigned char *)s.data + at;
    size_t left = s.len - at;
    *next = at + 1;
    if (p[0] < 0x80)
        return p[0];
    if (p[0] >= 0xC2 && p[0] <= 0xDF && left >= 2 && is_tail(p[1])) {
        *next = at + 2;
        return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
    }
    if (p[0] >= 0xE0 && p[0] <= 0xEF && left >= 3 && is_tail(p[1]) && is_tail(p[2])) {
        unsigned c = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
        if (c >= 0x800 && (c < 0xD800 || c > 0xDFFF)) {
            *next = at + 3;
            return c;
        }
    }
    if (p[0] >= 0xF0 && p[0] <= 0xF4 && left >= 4 && is_tail(p[1]) && is_tail(p[2]) && is_tail(p[3])) {
        unsigned c = (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
        if (c >= 0x10000 && c <= 0x10FFFF) {
            *next = at + 4;
            return c;
        }
    }
    return UTF8_REPLACEMENT;
}

unsigned utf8_decode_before(struct str s, size_t at, size_t *start)
{
    for (size_t back = 1; back <= 4 && back <= at; back++) {
        size_t next;
        unsigned c = utf8_decode(s, at - back, &next);
        if (next == at && (c != UTF8_REPLACEMENT || back == 3)) {
            *start = at - back;
            return c;
        }
        if (!is_tail((unsigned char)s.data[at - back]))
            break;
    }
    *start = at - 1;
    return UTF8_REPLACEMENT;
}

size_t utf8_valid_length(struct str s)
{
    size_t at = 0, next;
    while (at < s.len) {
        if ((unsigned char)s.data[at] < 0x80) {
            at++;
            continue;
        }
        if (utf8_decode(s, at, &next) == UTF8_REPLACEMENT && next - at == 1)
            return at;
        at = next;
    }
    return at;
}

size_t utf8_encode(unsigned c, char out[4])
{
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = UTF8_REPLACEMENT;
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

size_t utf8_count(struct str s)
{
    size_t count = 0;
    for (size_t at = 0; at < s.len; count++)
        utf8_decode(s, at, &at);
    return count;
}

static utf8proc_category_t category(unsigned c)
{
    return utf8proc_category((utf8proc_int32_t)c);
}

bool uni_is_letter(unsigned c)
{
    if (c < 0x80)
        return (c | 32) >= 'a' && (c | 32) <= 'z';
    utf8proc_category_t k = category(c);
    return k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_ME && !uni_is_emoji(c);
}

bool uni_is_upper(unsigned c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z';
    utf8proc_category_t k = category(c);
    return k == UTF8PROC_CATEGORY_LU || k == UTF8PROC_CATEGORY_LT;
}

bool uni_is_lower(unsigned c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z';
    return category(c) == UTF8PROC_CATEGORY_LL;
}

bool uni_is_digit(unsigned c)
{
    if (c < 0x80)
        return c >= '0' && c <= '9';
    return category(c) == UTF8PROC_CATEGORY_ND;
}

bool uni_is_number(unsigned c)
{
    if (c < 0x80)
        return c >= '0' && c <= '9';
    utf8proc_category_t k = category(c);
    return k >= UTF8PROC_CATEGORY_ND && k <= UTF8PROC_CATEGORY_NO;
}

bool uni_is_space(unsigned c)
{
    if (c < 0x80)
        return c == ' ' || (c >= '\t' && c <= '\r');
    if (c == 0xFEFF || c == 0x200B || c == 0x85)
        return true;
    utf8proc_category_t k = category(c);
    return k >= UTF8PROC_CATEGORY_ZS && k <= UTF8PROC_CATEGORY_ZP;
}

bool uni_is_punctuation(unsigned c)
{
    utf8proc_category_t k = category(c);
    return k >= UTF8PROC_CATEGORY_PC && k <= UTF8PROC_CATEGORY_PO;
}

bool uni_is_symbol(unsigned c)
{
    utf8proc_category_t k = category(c);
    return k >= UTF8PROC_CATEGORY_SM && k <= UTF8PROC_CATEGORY_SO;
}

bool uni_is_emoji(unsigned c)
{
    if (c < 0x200D)
        return false;
    if (c == 0x200D || c == 0x20E3 || (c >= 0xFE00 && c <= 0xFE0F))
        return true;
    if (c >= 0x2600 && c <= 0x27BF)
        return category(c) == UTF8PROC_CATEGORY_SO;
    return (c >= 0x1F000 && c <= 0x1FAFF) || (c >= 0xE0020 && c <= 0xE007F);
}

unsigned uni_to_lower(unsigned c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    return (unsigned)utf8proc_tolower((utf8proc_int32_t)c);
}

unsigned uni_to_upper(unsigned c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    return (unsigned)utf8proc_toupper((utf8proc_int32_t)c);
}

/* Lower case can be longer in UTF-8 (U+023A: 2 -> 3 bytes), a decomposition up to 4 code points. */
static struct str map_lower(struct arena *arena, struct str s, bool plain)
{
    char *out = arena_array(arena, s.len + 1, plain ? 4 : 2);
    if (!out)
        return (struct str){"", 0};
    size_t len = 0;
    for (size_t at = 0; at < s.len;) {
        unsigned c = utf8_decode(s, at, &at);
        if (c < 0x80 || !plain) {
            len += utf8_encode(uni_to_lower(c), out + len);
            continue;
        }
        utf8proc_int32_t parts[8];
        int boundary = 0;
        utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)c, parts, 8, UTF8PROC_DECOMPOSE, &boundary);
        if (n < 1 || n > 4) {
            parts[0] = (utf8proc_int32_t)c;
            n = 1;
        }
        for (utf8proc_ssize_t i = 0; i < n; i++) {
            utf8proc_category_t k = utf8proc_category(parts[i]);
            if (k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_ME)
                continue;
            char bytes[4];
            size_t size = utf8_encode(uni_to_lower((unsigned)parts[i]), bytes);
            if (len + size <= s.len * 4) {
                memcpy(out + len, bytes, size);
                len += size;
            }
        }
    }
    out[len] = '\0';
    return (struct str){out, len};
}

struct str utf8_lower(struct arena *arena, struct str s)
{
    return map_lower(arena, s, false);
}

struct str utf8_plain(struct arena *arena, struct str s)
{
    return map_lower(arena, s, true);
}

struct str utf8_trim(struct str s)
{
    size_t start = 0, end = s.len, next;
    while (start < end && uni_is_space(utf8_decode(s, start, &next)))
        start = next;
    while (end > start && uni_is_space(utf8_decode_before(s, end, &next)))
        end = next;
    return str_sub(s, start, end);
}
