#include <string.h>

#include "spoken/quantity.h"

/* ---- numbers ------------------------------------------------------------------------------------------------------ */

/* A separator of thousands at `at` with three digits behind it: comma or a no-break or thin space. Its length, else 0. */
static size_t group_at(const struct reader *r, size_t at)
{
    size_t length = byte_at(r, at) == ',' ? 1 : 0;
    if (length == 0 && (unsigned char)byte_at(r, at) >= 0xC2) {
        size_t next;
        unsigned c = utf8_decode(r->text, at, &next);
        length = c == 0xA0 || c == 0x202F || c == 0x2009 ? next - at : 0;
    }
    return length > 0 && digits_end(r, at + length) == at + length + 3 ? length : 0;
}

bool number_add_digits(struct number *n, struct str digits)
{
    if (n->n_digits + digits.len > NUMBER_MAX_DIGITS)
        return false;
    memcpy(n->digits + n->n_digits, digits.data, digits.len);
    n->n_digits += digits.len;
    return true;
}

bool number_scan(const struct reader *r, size_t at, struct number *number)
{
    *number = (struct number){.start = at};
    size_t end = at;
    while (end < at + NUMBER_MAX_DIGITS + 1 && is_digit(byte_at(r, end)))
        end++;
    if (!number_add_digits(number, str_sub(r->text, at, end)))
        return false;
    size_t group;
    if (number->n_digits > 0 && number->n_digits <= 3 && number->digits[0] != '0') {
        while ((group = group_at(r, end)) > 0) {
            if (!number_add_digits(number, str_sub(r->text, end + group, end + group + 3)))
                return false;
            end += group + 3;
            number->grouped = true;
        }
    }
    if (byte_at(r, end) == '.' && is_digit(byte_at(r, end + 1))) {
        size_t last = digits_end(r, end + 1);
        number->fraction = str_sub(r->text, end + 1, last);
        end = last;
    }
    number->end = end;
    return end > at;
}

struct str number_whole(const struct number *n)
{
    return (struct str){n->digits, n->n_digits};
}

long number_whole_value(const struct number *n)
{
    return n->fraction.len > 0 ? -1 : number_value(number_whole(n));
}

void number_speak(struct reader *r, const struct number *n)
{
    if (n->n_digits > 0 && n->digits[0] == '0' && n->n_digits > 1 && n->fraction.len == 0)
        number_digits(&r->out, number_whole(n));
    else if (n->n_digits > 0)
        number_cardinal(&r->out, number_whole(n), r->british);
    if (n->fraction.len > 0) {
        words_add_c(&r->out, "point");
        number_digits(&r->out, n->fraction);
    }
}

bool number_is_one(const struct number *n)
{
    return number_whole_value(n) == 1;
}

/* ---- words around -------------------------------------------------------------------------------------------------- */

struct str previous_word(const struct reader *r, size_t at)
{
    size_t end = at;
    while (end > 0 && (r->text.data[end - 1] == ' ' || r->text.data[end - 1] == '\n'))
        end--;
    size_t start = end;
    while (start > 0 && end - start < 24 && (is_alpha(r->text.data[start - 1]) || (unsigned char)r->text.data[start - 1] >= 0xC3))
        start--;
    return str_sub(r->text, start, end);
}

struct str next_word(const struct reader *r, size_t at)
{
    size_t start = spaces_end(r, at), end = start;
    while (end - start < 24 && is_alpha(byte_at(r, end)))
        end++;
    return str_sub(r->text, start, end);
}

bool word_among(struct str word, const char *words)
{
    struct str rest = str_from(words), one;
    if (word.len == 0)
        return false;
    while (str_next(&rest, ' ', &one))
        if (str_eq_nocase(one, word))
            return true;
    return false;
}
