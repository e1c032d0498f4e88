#include "library/markup.h"

#include <stdint.h>
#include <time.h>

#include "base/utf8.h"

static bool may_stand(unsigned c)
{
    return c == '\t' || c == '\n' || (c >= 0x20 && c != 0x7F && !(c >= 0x80 && c < 0xA0) && c != 0xFFFE && c != 0xFFFF);
}

struct str markup_clean(struct arena *arena, struct str s)
{
    /* An invalid byte becomes the three bytes of U+FFFD. */
    char *out = arena_alloc(arena, 3 * s.len + 1);
    size_t len = 0;
    if (!out)
        return (struct str){"", 0};
    for (size_t at = 0, next; at < s.len; at = next) {
        unsigned c = utf8_decode(s, at, &next);
        if (may_stand(c))
            len += utf8_encode(c, out + len);
    }
    out[len] = '\0';
    return (struct str){out, len};
}

void markup_text(struct buffer *out, struct str s)
{
    for (size_t at = 0, next; at < s.len; at = next) {
        unsigned c = utf8_decode(s, at, &next);
        switch (c) {
        case '&': buffer_c_string(out, "&amp;"); break;
        case '<': buffer_c_string(out, "&lt;"); break;
        case '>': buffer_c_string(out, "&gt;"); break;
        case '"': buffer_c_string(out, "&quot;"); break;
        case '\'': buffer_c_string(out, "&#39;"); break;
        default:
            if (may_stand(c))
                buffer_code_point(out, c);
        }
    }
}

void markup_json(struct buffer *out, struct str s)
{
    buffer_byte(out, '"');
    for (size_t at = 0, next; at < s.len; at = next) {
        unsigned c = utf8_decode(s, at, &next);
        if (c < 0x20 || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' || c == 0x7F || c == 0x2028 || c == 0x2029)
            buffer_format(out, "\\u%04x", c);
        else
            buffer_code_point(out, c);
    }
    buffer_byte(out, '"');
}

void markup_url(struct buffer *out, struct str url)
{
    if (!str_starts(url, STR("https://")) && !str_starts(url, STR("http://")))
        return;
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$&()*+,;=%";
    for (size_t i = 0; i < url.len; i++) {
        if (str_find((struct str){plain, sizeof plain - 1}, (struct str){url.data + i, 1}, 0) != SIZE_MAX)
            buffer_byte(out, url.data[i]);
        else
            buffer_format(out, "%%%02X", (unsigned)(unsigned char)url.data[i]);
    }
}

void markup_clock(struct buffer *out, uint64_t ms)
{
    unsigned long long s = ms / 1000;
    if (s >= 3600)
        buffer_format(out, "%llu:%02llu:%02llu", s / 3600, s / 60 % 60, s % 60);
    else
        buffer_format(out, "%llu:%02llu", s / 60, s % 60);
}

void markup_clock_full(struct buffer *out, uint64_t ms)
{
    unsigned long long s = ms / 1000;
    buffer_format(out, "%02llu:%02llu:%02llu", s / 3600, s / 60 % 60, s % 60);
}

void markup_length(struct buffer *out, uint64_t ms)
{
    unsigned long long minutes = (ms + 30000) / 60000;
    if (minutes == 0)
        buffer_c_string(out, "less than a minute");
    else if (minutes < 60)
        buffer_format(out, "%llu min", minutes);
    else
        buffer_format(out, "%llu h %llu min", minutes / 60, minutes % 60);
}

void markup_date(struct buffer *out, int64_t seconds)
{
    static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    struct tm utc;
    time_t when = (time_t)seconds;
    if (gmtime_r(&when, &utc))
        buffer_format(out, "%d %s %d", utc.tm_mday, months[utc.tm_mon], utc.tm_year + 1900);
}

void markup_iso_date(struct buffer *out, int64_t seconds)
{
    struct tm utc;
    time_t when = (time_t)seconds;
    if (gmtime_r(&when, &utc))
        buffer_format(out, "%04d-%02d-%02d", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday);
}

void markup_fill(struct buffer *out, struct str form, const struct markup_slot *slots, size_t n_slots)
{
    size_t at = 0;
    for (size_t open; (open = str_find(form, STR("{{"), at)) != SIZE_MAX;) {
        size_t close = str_find(form, STR("}}"), open);
        if (close == SIZE_MAX)
            break;
        buffer_str(out, str_sub(form, at, open));
        for (size_t i = 0; i < n_slots; i++)
            if (str_eq_c(str_sub(form, open + 2, close), slots[i].name))
                buffer_str(out, slots[i].value);
        at = close + 2;
    }
    buffer_str(out, str_sub(form, at, form.len));
}
