/* What begins with a figure or a sign before one: the rules in the order in which they are asked. */
#include "spoken/quantity.h"

/* "#5", "№ 5": number five. */
static size_t read_number_sign(struct reader *r, size_t at)
{
    size_t length = byte_at(r, at) == '#' ? 1 : str_starts(str_sub(r->text, at, at + 3), STR("\xE2\x84\x96")) ? 3 : 0;
    if (length == 0 || !is_digit(byte_at(r, length == 3 ? spaces_end(r, at + length) : at + length)))
        return 0;
    say_c(r, at, at + length, "number");
    return at + length;
}

/* "[1]" right behind a word or mark is a foot mark; "¹" too. */
static size_t skip_foot_mark(const struct reader *r, size_t at)
{
    if (at == 0 || byte_at(r, at - 1) == ' ')
        return 0;
    size_t end = digits_end(r, at + 1);
    return byte_at(r, at) == '[' && end > at + 1 && end <= at + 4 && byte_at(r, end) == ']' ? end + 1 : 0;
}

static bool may_begin(const struct reader *r, size_t at)
{
    unsigned char c = (unsigned char)byte_at(r, at);
    if (is_digit((char)c))
        return true;
    char next = byte_at(r, at + 1);
    switch (c) {
    case '.': return is_digit(next) && !word_before(r, at);
    case '+':
        if (next == '/' && byte_at(r, at + 2) == '-')
            return true;
        return is_digit(next) || next == '$' || next == '.' || (unsigned char)next >= 0x80;
    case '-': return is_digit(next) || next == '$' || next == '.' || (unsigned char)next >= 0x80;
    case '(':
    case '\'': return is_digit(next);
    case '$': return true;
    case '#': return is_digit(next);
    default: break;
    }
    if (c >= 0xC2 && c < 0xF0)
        return true;
    /* "US$5", "EUR 20" */
    return is_upper((char)c) && !word_before(r, at);
}

size_t figure_read(struct reader *r, size_t at)
{
    size_t end = skip_foot_mark(r, at);
    if (end > 0)
        return end;
    if (!may_begin(r, at) || (end = read_number_sign(r, at)) > 0)
        return end;
    char c = byte_at(r, at);
    if ((is_digit(c) || c == '+' || c == '(') && (end = telephone_read(r, at)) > 0)
        return end;
    if (c == '(')
        return 0;
    if (is_digit(c) && !word_before(r, at)) {
        if ((end = idiom_read(r, at)) > 0 || (end = date_read(r, at)) > 0 || (end = time_read(r, at)) > 0 ||
            (end = place_read(r, at)) > 0)
            return end;
    }
    if ((end = quantity_read(r, at)) > 0)
        return end;
    return is_digit(c) ? serial_read(r, at) : 0;
}
