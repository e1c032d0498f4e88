/* Dates in the orders of the world. */
#include <stdio.h>
#include <string.h>

#include "spoken/quantity.h"

static const char *const MONTHS[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
static const char *const DAYS[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

static long days_in(long year, long month)
{
    static const long LENGTH[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : LENGTH[month - 1];
}

/* 0 is Sunday (Sakamoto's method, Gregorian calendar). */
static long weekday(long year, long month, long day)
{
    static const long SHIFT[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
    if (month < 3)
        year--;
    return (year + year / 4 - year / 100 + year / 400 + SHIFT[month - 1] + day) % 7;
}

/* ---- parts of dates ------------------------------------------------------------------------------------------------ */

/* Month 1..12 named by the letters at `at`, 0 for none; *end past it and its full stop. */
static long scan_month(const struct reader *r, size_t at, size_t *end)
{
    size_t stop = at;
    while (is_alpha(byte_at(r, stop)) && stop - at < 10)
        stop++;
    struct str word = str_sub(r->text, at, stop);
    if (word.len < 3 || word_at(r, stop))
        return 0;
    for (long month = 1; month <= 12; month++) {
        struct str name = str_from(MONTHS[month - 1]);
        bool full = str_eq_nocase(word, name), sept = month == 9 && str_eq_nocase(word, STR("sept"));
        if (!full && !sept && !(word.len == 3 && str_eq_nocase(word, str_sub(name, 0, 3))))
            continue;
        if ((month == 3 || month == 5) && full && is_lower(word.data[0]) &&
            word_among(previous_word(r, at), "may march i we you they to will"))
            return 0;
        *end = !full && byte_at(r, stop) == '.' ? stop + 1 : stop;
        return month;
    }
    return 0;
}

/* Day 1..31 at `at`, with or without "th"; its end, 0 for none. */
static size_t scan_day(const struct reader *r, size_t at, long *day)
{
    size_t end = digits_end(r, at);
    *day = number_value(str_sub(r->text, at, end));
    if (end - at > 2 || *day < 1 || *day > 31)
        return 0;
    struct str ending = next_word(r, end);
    if (byte_at(r, end) != ' ' && word_among(ending, "st nd rd th"))
        end += 2;
    char next = byte_at(r, end);
    bool more = (next == '.' || next == ',' || next == ':' || next == '/') && is_digit(byte_at(r, end + 1));
    return word_at(r, end) || more || next == '%' ? 0 : end;
}

/* Four digits of a year (1000..2199) at `at`; their end, 0 for none. */
static size_t scan_year(const struct reader *r, size_t at)
{
    size_t end = digits_end(r, at);
    long year = number_value(str_sub(r->text, at, end));
    char next = byte_at(r, end);
    bool more = (next == '.' || next == ',' || next == ':') && is_digit(byte_at(r, end + 1));
    return end - at != 4 || year < 1000 || year > 2199 || word_at(r, end) || more || next == '%' ? 0 : end;
}

static void speak_year(struct reader *r, struct str digits)
{
    if (digits.len == 2 && digits.data[0] == '0') { /* 11/17/05 */
        number_digits(&r->out, digits);
    } else {
        number_year(&r->out, digits, r->british);
    }
}

static void speak_day(struct reader *r, long day)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%ld", day);
    number_ordinal(&r->out, (struct str){digits, (size_t)n}, r->british);
}

/* Is "the" already there before `at`? */
static bool after_the(const struct reader *r, size_t at)
{
    return word_among(previous_word(r, at), "the");
}

static void say_month(struct reader *r, long month, size_t start, size_t end)
{
    say_c(r, start, end, MONTHS[month - 1]);
}

static void say_day(struct reader *r, long day, size_t start, size_t end, const char *before, const char *after)
{
    say_open(r);
    if (*before)
        words_add_c(&r->out, before);
    speak_day(r, day);
    if (*after)
        words_add_c(&r->out, after);
    say_close(r, start, end);
}

static void say_year(struct reader *r, size_t start, size_t end)
{
    say_open(r);
    speak_year(r, str_sub(r->text, start, end));
    say_close(r, start, end);
}

/* ---- dates with the name of the month -------------------------------------------------------------------------------- */

/* What separates the parts of a date: spaces, a comma and spaces, one hyphen. */
static size_t scan_gap(const struct reader *r, size_t at, bool comma)
{
    size_t end = at;
    if (byte_at(r, end) == '-' || byte_at(r, end) == '/')
        return end + 1;
    if (comma && byte_at(r, end) == ',')
        end++;
    size_t stop = spaces_end(r, end);
    return stop > end ? stop : at;
}

/* A year behind a date, if one stands there: said; the new end. */
static size_t read_year_behind(struct reader *r, size_t at)
{
    size_t start = scan_gap(r, at, true), end = start > at ? scan_year(r, start) : 0;
    if (end == 0)
        return at;
    if (byte_at(r, at) == ',')
        say_mark(r, ',');
    say_year(r, start, end);
    return end;
}

/* "-5" behind a day: the second day of "June 3-5"; its end, 0 for none. */
static size_t scan_second_day(const struct reader *r, size_t at, long first, size_t *start, long *day)
{
    size_t dash = spaces_end(r, at), length = dash_at(r, dash);
    if (length == 0)
        return 0;
    *start = spaces_end(r, dash + length);
    size_t end = scan_day(r, *start, day);
    return end > 0 && *day > first ? end : 0;
}

/* MONTH day[, year], MONTH day-day[, year], MONTH year */
size_t month_read(struct reader *r, size_t at)
{
    size_t month_end, start, day_end, second;
    long month = scan_month(r, at, &month_end), day, other;
    if (month == 0 || (start = scan_gap(r, month_end, true)) == month_end)
        return 0;
    if ((day_end = scan_year(r, start)) > 0) {
        say_month(r, month, at, month_end);
        if (byte_at(r, month_end) == ',')
            say_mark(r, ',');
        say_year(r, start, day_end);
        return day_end;
    }
    if (byte_at(r, month_end) == ',' || (day_end = scan_day(r, start, &day)) == 0)
        return 0;
    if (is_lower(byte_at(r, at)) && (month == 3 || month == 5) && is_alpha(byte_at(r, spaces_end(r, day_end))))
        return 0;
    say_month(r, month, at, month_end);
    say_day(r, day, start, day_end, r->british ? "the" : "", "");
    if ((month_end = scan_second_day(r, day_end, day, &second, &other)) > 0) {
        say_day(r, other, second, month_end, r->british ? "to the" : "to", "");
        day_end = month_end;
    }
    return read_year_behind(r, day_end);
}

/* day MONTH [year], day-day MONTH [year] */
static size_t read_day_month(struct reader *r, size_t at)
{
    long day, other = 0, month;
    size_t second = 0, second_end = 0, day_end = scan_day(r, at, &day), end;
    if (day_end == 0)
        return 0;
    if ((second_end = scan_second_day(r, day_end, day, &second, &other)) == 0)
        other = 0;
    size_t stop = other ? second_end : day_end, start = scan_gap(r, stop, false);
    if (start > stop && str_starts(str_sub(r->text, start, start + 3), STR("of ")))
        start += 3;
    if (start == stop || (month = scan_month(r, start, &end)) == 0 || (is_lower(byte_at(r, start)) && (month == 5 || month == 3)))
        return 0;
    const char *the = after_the(r, at) ? "" : "the";
    say_day(r, day, at, day_end, the, other ? "" : "of");
    if (other)
        say_day(r, other, second, second_end, "to the", "of");
    if (byte_at(r, end - 1) == '.' && end >= r->sentence_end) { /* "on 25 Sept." */
        say_month(r, month, start, end);
        say_mark(r, '.');
        return end;
    }
    say_month(r, month, start, end);
    return read_year_behind(r, end);
}

/* ---- dates in figures ------------------------------------------------------------------------------------------------- */

/* Says a date of figures; `day_first` as it was written. */
static void say_figures(struct reader *r, size_t start, size_t end, long day, long month, struct str year, bool day_first)
{
    say_open(r);
    if (day_first) {
        if (!after_the(r, start))
            words_add_c(&r->out, "the");
        speak_day(r, day);
        words_add_c(&r->out, "of");
        words_add_c(&r->out, MONTHS[month - 1]);
    } else {
        words_add_c(&r->out, MONTHS[month - 1]);
        speak_day(r, day);
    }
    if (year.len > 0)
        speak_year(r, year);
    say_close(r, start, end);
}

static bool is_date(long day, long month)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= days_in(2000, month);
}

/* 17.10.2025, 10/17/2025, 2025-10-17, 11/17/05, 2/22 after a day of the week or where it is no usual fraction. */
static size_t read_figures(struct reader *r, size_t at)
{
    struct str part[3];
    size_t end = at, parts = 0;
    char mark = '\0';
    for (; parts < 3; parts++) {
        size_t stop = digits_end(r, end);
        if (stop == end || stop - end > 4)
            break;
        part[parts] = str_sub(r->text, end, stop);
        end = stop;
        char next = byte_at(r, end);
        if (parts == 2 || (next != '/' && next != '.' && next != '-') || !is_digit(byte_at(r, end + 1)) || (mark && next != mark))
            continue;
        mark = next;
        end++;
    }
    if (parts < 2 || !mark || word_at(r, end) || (byte_at(r, end) == mark && word_at(r, end + 1)) || byte_at(r, end) == '%')
        return 0;
    long first = number_value(part[0]), second = number_value(part[1]);
    if (parts == 2) {
        static const char *const FRACTIONS = "2 3 4 5 6 7 8 9 10 12 16 20 25 30";
        struct str before = previous_word(r, at);
        bool cue = word_among(
            before,
            "monday tuesday wednesday thursday friday saturday sunday mon tue tu tues wed thu th thurs fri sat sun dated");
        bool usual = false;
        struct str rest = str_from(FRACTIONS), one;
        while (str_next(&rest, ' ', &one))
            usual = usual || str_eq(one, part[1]);
        size_t bracket = at > 0 && r->text.data[at - 1] == '(' ? at - 1 : at;
        cue = cue || (bracket < at &&
                      word_among(previous_word(r, bracket),
                                 "monday tuesday wednesday thursday friday saturday sunday tu mon tue wed thu fri sat sun"));
        long month = r->british ? second : first, day = r->british ? first : second;
        if (mark != '/' || part[0].len > 2 || part[1].len > 2 || (usual && !cue) || !is_date(day, month) || first > second * 3)
            return 0;
        say_figures(r, at, end, day, month, STR(""), r->british);
        return end;
    }
    long third = number_value(part[2]);
    if (part[0].len == 4 && part[1].len <= 2 && part[2].len <= 2 && first >= 1000 && is_date(third, second)) {
        say_figures(r, at, end, third, second, part[0], r->british);
        return end;
    }
    bool year = (part[2].len == 4 && third >= 1000 && third < 2200) || (part[2].len == 2 && mark == '/');
    if (!year || part[0].len > 2 || part[1].len > 2)
        return 0;
    bool day_first = r->british || !is_date(second, first);
    long day = day_first ? first : second, month = day_first ? second : first;
    if (!is_date(day, month)) {
        if (!is_date(month, day))
            return 0;
        long swap = day;
        day = month;
        month = swap;
        day_first = !day_first;
    }
    say_figures(r, at, end, day, month, part[2], day_first);
    return end;
}

/* "2Q22": the second quarter of twenty-two. */
static size_t read_quarter(struct reader *r, size_t at)
{
    char quarter = byte_at(r, at);
    size_t year = at + 2, end = digits_end(r, year);
    if (quarter < '1' || quarter > '4' || byte_at(r, at + 1) != 'Q' || word_at(r, end) ||
        (end != year && end != year + 2 && end != year + 4))
        return 0;
    say_open(r);
    if (!after_the(r, at))
        words_add_c(&r->out, "the");
    speak_day(r, quarter - '0');
    words_add_c(&r->out, "quarter");
    if (end > year) {
        words_add_c(&r->out, "of");
        speak_year(r, str_sub(r->text, year, end));
    }
    say_close(r, at, end);
    return end;
}

size_t date_read(struct reader *r, size_t at)
{
    size_t end;
    if ((end = read_figures(r, at)) > 0 || (end = read_day_month(r, at)) > 0)
        return end;
    return read_quarter(r, at);
}

struct str spoken_date(struct arena *arena, struct str iso_date, struct str language)
{
    if (iso_date.len < 10 || iso_date.data[4] != '-' || iso_date.data[7] != '-' ||
        (iso_date.len > 10 && is_digit(iso_date.data[10])))
        return STR("");
    struct str year_text = str_sub(iso_date, 0, 4), day_text = str_sub(iso_date, 8, 10);
    long year = number_value(year_text), month = number_value(str_sub(iso_date, 5, 7)), day = number_value(day_text);
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in(year, month))
        return STR("");
    bool american = language.len <= 2 || str_eq_nocase(language, STR("en-US")) || str_eq_nocase(language, STR("en-CA"));
    struct buffer out = {0};
    buffer_format(&out, "%s, ", DAYS[weekday(year, month, day)]);
    if (american) {
        buffer_c_string(&out, MONTHS[month - 1]);
        number_ordinal(&out, day_text, false);
        buffer_c_string(&out, ",");
    } else {
        buffer_c_string(&out, "the ");
        number_ordinal(&out, day_text, true);
        buffer_format(&out, " of %s,", MONTHS[month - 1]);
    }
    number_year(&out, year_text, !american);
    struct str date = arena_copy(arena, buffer_view(&out));
    if (out.failed)
        arena->failed = true;
    buffer_release(&out);
    return date;
}
