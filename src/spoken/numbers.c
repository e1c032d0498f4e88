#include "spoken/numbers.h"

#include <string.h>

static const char *const SMALL[] = {"zero",     "one",     "two",     "three",     "four",     "five",    "six",
                                    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",  "thirteen",
                                    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
static const char *const TENS[] = {"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"};
static const char *const SCALES[] = {"", "thousand", "million", "billion", "trillion", "quadrillion"};
enum { MAX_SCALED_DIGITS = 15 }; /* longer runs are identifiers: nobody hears the value of 1234567890123456 */

void words_space(struct buffer *out)
{
    if (out->len > 0 && out->data[out->len - 1] != ' ' && out->data[out->len - 1] != '-')
        buffer_byte(out, ' ');
}

void words_add(struct buffer *out, struct str word)
{
    words_space(out);
    buffer_str(out, word);
}

void words_add_c(struct buffer *out, const char *word)
{
    words_add(out, str_from(word));
}

long number_value(struct str digits)
{
    if (digits.len == 0 || digits.len > 9)
        return -1;
    long value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return -1;
        value = value * 10 + (digits.data[i] - '0');
    }
    return value;
}

static void add_below_hundred(struct buffer *out, long value)
{
    if (value < 20) {
        words_add_c(out, SMALL[value]);
        return;
    }
    words_add_c(out, TENS[value / 10]);
    if (value % 10 != 0) {
        buffer_byte(out, '-');
        buffer_c_string(out, SMALL[value % 10]);
    }
}

static void add_below_thousand(struct buffer *out, long value, bool british)
{
    if (value >= 100) {
        words_add_c(out, SMALL[value / 100]);
        words_add_c(out, "hundred");
        value %= 100;
        if (value == 0)
            return;
        if (british)
            words_add_c(out, "and");
    }
    add_below_hundred(out, value);
}

static struct str without_leading_zeros(struct str digits)
{
    while (digits.len > 1 && digits.data[0] == '0')
        digits = str_sub(digits, 1, digits.len);
    return digits;
}

void number_digits(struct buffer *out, struct str digits)
{
    for (size_t i = 0; i < digits.len; i++)
        if (digits.data[i] >= '0' && digits.data[i] <= '9')
            words_add_c(out, SMALL[digits.data[i] - '0']);
}

void number_cardinal(struct buffer *out, struct str digits, bool british)
{
    struct str all = digits;
    digits = without_leading_zeros(digits);
    if (digits.len > MAX_SCALED_DIGITS) {
        number_digits(out, all);
        return;
    }
    if (digits.len == 0 || str_eq_c(digits, "0")) {
        words_add_c(out, SMALL[0]);
        return;
    }
    size_t groups = (digits.len + 2) / 3;
    bool said = false;
    for (size_t group = groups; group-- > 0;) {
        size_t end = digits.len - group * 3, start = end > 3 ? end - 3 : 0;
        long value = number_value(str_sub(digits, start, end));
        if (value <= 0)
            continue;
        if (british && said && group == 0 && value < 100)
            words_add_c(out, "and");
        add_below_thousand(out, value, british);
        if (group > 0)
            words_add_c(out, SCALES[group]);
        said = true;
    }
}

static void replace_tail(struct buffer *out, size_t drop, const char *with)
{
    if (out->failed || out->len < drop)
        return;
    out->len -= drop;
    buffer_c_string(out, with);
}

static bool tail_is(const struct buffer *out, const char *tail)
{
    return !out->failed && str_ends(buffer_view(out), str_from(tail));
}

void number_ordinal(struct buffer *out, struct str digits, bool british)
{
    static const struct {
        const char *cardinal, *ordinal;
    } ODD[] = {{"one", "first"},    {"two", "second"}, {"three", "third"},   {"five", "fifth"},
               {"eight", "eighth"}, {"nine", "ninth"}, {"twelve", "twelfth"}};
    number_cardinal(out, digits, british);
    for (size_t i = 0; i < sizeof ODD / sizeof *ODD; i++) {
        if (tail_is(out, ODD[i].cardinal)) {
            replace_tail(out, strlen(ODD[i].cardinal), ODD[i].ordinal);
            return;
        }
    }
    if (tail_is(out, "ty"))
        replace_tail(out, 1, "ieth");
    else
        buffer_c_string(out, "th");
}

void words_plural(struct buffer *out)
{
    if (tail_is(out, "ty") || tail_is(out, "ry"))
        replace_tail(out, 1, "ies");
    else if (tail_is(out, "x") || tail_is(out, "ch") || tail_is(out, "s"))
        buffer_c_string(out, "es");
    else
        buffer_c_string(out, "s");
}

void number_pairs(struct buffer *out, struct str digits, bool british)
{
    if (digits.len < 3 || digits.len > 4 || digits.data[0] == '0') {
        number_cardinal(out, digits, british);
        return;
    }
    size_t split = digits.len - 2;
    long high = number_value(str_sub(digits, 0, split)), low = number_value(str_sub(digits, split, digits.len));
    if (low == 0) {
        if (high % 10 == 0) {
            number_cardinal(out, digits, british);
        } else {
            add_below_hundred(out, high);
            words_add_c(out, "hundred");
        }
        return;
    }
    add_below_hundred(out, high);
    if (low < 10)
        words_add_c(out, "oh");
    add_below_hundred(out, low);
}

void number_year(struct buffer *out, struct str digits, bool british)
{
    long year = number_value(digits);
    if (digits.len == 4 && year >= 2000 && year < 2010) {
        words_add_c(out, "two thousand");
        if (year > 2000) {
            if (british)
                words_add_c(out, "and");
            words_add_c(out, SMALL[year - 2000]);
        }
        return;
    }
    number_pairs(out, digits, british);
}
