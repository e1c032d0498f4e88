#include "base/str.h"

#include <stdint.h>
#include <string.h>

struct str str_from(const char *c_string)
{
    return (struct str){c_string ? c_string : "", c_string ? strlen(c_string) : 0};
}

struct str str_sub(struct str s, size_t start, size_t end)
{
    if (end > s.len)
        end = s.len;
    if (start > end)
        start = end;
    return (struct str){s.data ? s.data + start : "", end - start};
}

bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool str_eq_c(struct str a, const char *c_string)
{
    return str_eq(a, str_from(c_string));
}

static unsigned char ascii_lower(char c)
{
    unsigned char u = (unsigned char)c;
    return u >= 'A' && u <= 'Z' ? (unsigned char)(u + 32) : u;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (ascii_lower(a.data[i]) != ascii_lower(b.data[i]))
            return false;
    return true;
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq(str_sub(s, 0, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq(str_sub(s, s.len - suffix.len, s.len), suffix);
}

int str_compare(struct str a, struct str b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared ? memcmp(a.data, b.data, shared) : 0;
    if (order != 0)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

size_t str_find(struct str s, struct str needle, size_t from)
{
    if (from > s.len || needle.len > s.len - from)
        return SIZE_MAX;
    if (needle.len == 0)
        return from;
    const char *hit = memmem(s.data + from, s.len - from, needle.data, needle.len);
    return hit ? (size_t)(hit - s.data) : SIZE_MAX;
}

static bool ascii_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    size_t start = 0, end = s.len;
    while (start < end && ascii_space(s.data[start]))
        start++;
    while (end > start && ascii_space(s.data[end - 1]))
        end--;
    return str_sub(s, start, end);
}

bool str_next(struct str *rest, char separator, struct str *piece)
{
    if (rest->len == 0)
        return false;
    const char *hit = memchr(rest->data, separator, rest->len);
    size_t end = hit ? (size_t)(hit - rest->data) : rest->len;
    *piece = str_sub(*rest, 0, end);
    *rest = str_sub(*rest, hit ? end + 1 : end, rest->len);
    return true;
}
