/* Times of day, durations in colons, time zones. */
#include "spoken/quantity.h"

struct moment {
    size_t start, end;
    struct str hour, minute, second; /* digits; minute and second may be empty */
    char half;                       /* 'A', 'P' or 0 */
    struct str zone;                 /* its letters, dots left out */
    size_t figures_end, zone_start;
};

/* "a.m.", "am", "A.M", "p.m": 'A' or 'P' and *end, else 0. */
static char scan_half(const struct reader *r, size_t at, size_t *end)
{
    char c = byte_at(r, at);
    if (c != 'a' && c != 'A' && c != 'p' && c != 'P')
        return '\0';
    size_t next = at + 1;
    bool dotted = byte_at(r, next) == '.';
    next += dotted;
    if (byte_at(r, next) != 'm' && byte_at(r, next) != 'M')
        return '\0';
    next++;
    if (word_at(r, next))
        return '\0';
    if (dotted && byte_at(r, next) == '.')
        next++;
    *end = next;
    return c == 'a' || c == 'A' ? 'A' : 'P';
}

/* "EST", "e.s.t", "GMT"; its letters go to the arena. */
static size_t scan_zone(const struct reader *r, size_t at, struct str *zone)
{
    static const char *const ZONES =
        "est edt cst cdt mst mdt pst pdt akst akdt hst gmt utc bst cet cest eet eest wet west msk ist jst kst "
        "hkt sgt aest aedt acst awst nzst nzdt wat cat eat sast et pt ct mt";
    char letters[5];
    size_t n = 0, end = at;
    bool capitals = true, dotted = false;
    while (n < 5 && is_alpha(byte_at(r, end))) {
        capitals = capitals && is_upper(byte_at(r, end));
        letters[n++] = r->text.data[end++];
        if (byte_at(r, end) == '.' && (is_alpha(byte_at(r, end + 1)) || dotted)) {
            dotted = true;
            end++;
        }
    }
    if (n < 2 || word_at(r, end) || !word_among((struct str){letters, n}, ZONES))
        return at;
    if (!capitals && (n < 3 || (!dotted && word_among((struct str){letters, n}, "west cat eat wet ist mt"))))
        return at;
    *zone = arena_copy(r->arena, (struct str){letters, n});
    return end;
}

static bool scan_moment(const struct reader *r, size_t at, struct moment *m)
{
    *m = (struct moment){.start = at};
    size_t end = digits_end(r, at);
    if (end == at || end - at > 2)
        return false;
    m->hour = str_sub(r->text, at, end);
    char mark = byte_at(r, end);
    if ((mark == ':' || mark == '.') && digits_end(r, end + 1) == end + 3) {
        m->minute = str_sub(r->text, end + 1, end + 3);
        end += 3;
        if (mark == ':' && byte_at(r, end) == ':' && digits_end(r, end + 1) == end + 3) {
            m->second = str_sub(r->text, end + 1, end + 3);
            end += 3;
        }
    }
    m->figures_end = m->end = end;
    size_t spaced = spaces_end(r, end), half_end;
    m->half = scan_half(r, spaced, &half_end);
    if (m->half)
        m->end = half_end;
    spaced = spaces_end(r, m->end);
    if (m->minute.len > 0 || m->half) {
        size_t zone_end = scan_zone(r, spaced, &m->zone);
        if (zone_end > spaced) {
            m->zone_start = spaced;
            m->end = zone_end;
        }
    }
    long hour = number_value(m->hour), minute = m->minute.len > 0 ? number_value(m->minute) : 0;
    if (minute > 59 || hour > (m->half ? 12 : 24) || (m->half && hour == 0 && mark != ':'))
        return false;
    if (m->minute.len == 0)
        return m->half != '\0';
    return mark == ':' || m->half || m->zone.len > 0;
}

static void speak_unit(struct reader *r, struct str digits, const char *unit)
{
    number_cardinal(&r->out, number_value(digits) < 10 ? str_sub(digits, digits.len - 1, digits.len) : digits, r->british);
    words_add_c(&r->out, unit);
    if (number_value(digits) != 1)
        buffer_byte(&r->out, 's');
}

/* `bare`: no half of the day says that these figures are a time. */
static void speak_figures(struct reader *r, const struct moment *m, bool bare)
{
    struct buffer *out = &r->out;
    long hour = number_value(m->hour), minute = m->minute.len > 0 ? number_value(m->minute) : 0;
    if (m->second.len > 0) {
        speak_unit(r, m->hour, "hour");
        speak_unit(r, m->minute, "minute");
        words_add_c(out, "and");
        speak_unit(r, m->second, "second");
        return;
    }
    number_cardinal(out, m->hour, r->british);
    if (m->minute.len == 0 || (minute == 0 && !bare))
        return;
    if (minute == 0) {
        words_add_c(out, hour >= 1 && hour <= 12 ? "o'clock" : "hundred");
        return;
    }
    if (minute < 10)
        words_add_c(out, "oh");
    number_cardinal(out, minute < 10 ? str_sub(m->minute, 1, 2) : m->minute, r->british);
}

static size_t say_moment(struct reader *r, const struct moment *m, bool bare)
{
    say_open(r);
    speak_figures(r, m, bare);
    if (m->half)
        words_add_c(&r->out, m->half == 'A' ? "A.M" : "P.M");
    size_t end = m->zone_start ? m->zone_start : m->end;
    if (end == m->figures_end && byte_at(r, end) == '.' && is_digit(byte_at(r, end + 1))) { /* "a time of 2:05.31" */
        words_add_c(&r->out, "point");
        size_t last = digits_end(r, end + 1);
        number_digits(&r->out, str_sub(r->text, end + 1, last));
        end = last;
    }
    while (m->zone_start && end > m->start && byte_at(r, end - 1) == ' ')
        end--;
    say_close(r, m->start, end);
    if (m->zone_start) {
        say_open(r);
        letters_speak(r, m->zone, false);
        say_close(r, m->zone_start, m->end);
    }
    bool dotted = byte_at(r, m->end - 1) == '.';
    if (dotted && m->end >= r->sentence_end)
        say_mark(r, '.');
    return end > m->end ? end : m->end;
}

size_t time_read(struct reader *r, size_t at)
{
    struct moment first, second;
    if (!scan_moment(r, at, &first)) {
        /* "10-11am", "7.30-9pm": the half of the day comes at the end. */
        size_t hour_end = digits_end(r, at);
        if (hour_end - at > 2 || hour_end == at || number_value(str_sub(r->text, at, hour_end)) > 12)
            return 0;
        first = (struct moment){.start = at, .end = hour_end, .hour = str_sub(r->text, at, hour_end)};
        if (byte_at(r, hour_end) == '.' && digits_end(r, hour_end + 1) == hour_end + 3) {
            first.minute = str_sub(r->text, hour_end + 1, hour_end + 3);
            first.end = hour_end + 3;
        }
        size_t dash = dash_at(r, first.end);
        if (dash == 0 || !scan_moment(r, first.end + dash, &second) || !second.half)
            return 0;
        say_open(r);
        speak_figures(r, &first, false);
        say_close(r, at, first.end);
        say_c(r, first.end, first.end + dash, "to");
        return say_moment(r, &second, false);
    }
    if (word_at(r, first.end))
        return 0;
    size_t dash = spaces_end(r, first.end), length = dash_at(r, dash);
    if (length > 0 && scan_moment(r, spaces_end(r, dash + length), &second)) {
        say_moment(r, &first, !first.half && !second.half);
        say_c(r, dash, dash + length, "to");
        return say_moment(r, &second, !second.half);
    }
    return say_moment(r, &first, !first.half);
}
