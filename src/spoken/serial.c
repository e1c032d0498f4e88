/* Names made of letters and digits: B2A23C, 25d08A, A380, CO2, G7. */
#include "spoken/quantity.h"

/* One or two digits as a number, three in pairs ("A three eighty"), more one by one; never lose a zero in front. */
void serial_digits(struct reader *r, struct str digits)
{
    if (digits.len > 3 && str_ends(digits, STR("000")) && digits.len < 7)
        number_cardinal(&r->out, digits, r->british);
    else if (digits.len > 3 || (digits.len > 1 && digits.data[0] == '0'))
        number_digits(&r->out, digits);
    else
        number_pairs(&r->out, digits, r->british);
}

static bool all_upper(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_upper(s.data[i]))
            return false;
    return s.len > 0;
}

void letters_speak(struct reader *r, struct str letters, bool ending_s)
{
    for (size_t i = 0; i < letters.len; i++) {
        char c = letters.data[i];
        bool last = i + 1 == letters.len;
        if (i > 0)
            buffer_byte(&r->out, last && ending_s ? ' ' : '.');
        else
            words_space(&r->out);
        buffer_byte(&r->out, is_lower(c) ? (char)(c - 32) : c);
    }
    if (ending_s)
        buffer_c_string(&r->out, "'s");
}

/* The digits at `at` and, with a point in a serial ("PM2.5", "v2.0"), what follows it. Returns their end. */
static size_t speak_digits(struct reader *r, size_t at, bool point)
{
    size_t end = digits_end(r, at);
    serial_digits(r, str_sub(r->text, at, end));
    if (point && byte_at(r, end) == '.' && is_digit(byte_at(r, end + 1))) {
        size_t last = digits_end(r, end + 1);
        words_add_c(&r->out, "point");
        number_digits(&r->out, str_sub(r->text, end + 1, last));
        end = last;
    }
    return end;
}

size_t serial_read(struct reader *r, size_t at)
{
    size_t end = at;
    say_open(r);
    while (end < r->text.len) {
        size_t stop = digits_end(r, end);
        if (stop > end) {
            stop = speak_digits(r, end, end > at);
        } else if ((stop = letters_end(r, end, false)) > end) {
            struct str letters = str_sub(r->text, end, stop);
            /* A single letter before digits is joined to them: the engine would read "A" as the article. */
            if (letters.len == 1 && is_digit(byte_at(r, stop))) {
                words_add(&r->out, letters);
                buffer_byte(&r->out, '-');
                stop = speak_digits(r, stop, true);
            } else if (letters.len <= 4 && (all_upper(letters) || letters.len == 1)) {
                letters_speak(r, letters, false);
            } else {
                words_add(&r->out, letters);
            }
        } else {
            size_t next;
            unsigned c = utf8_decode(r->text, end, &next);
            if (!uni_is_number(c))
                break;
            /* Subscripts and superscripts of formulas. */
            char digit = c >= 0x2080 && c <= 0x2089 ? (char)('0' + (c - 0x2080)) : '\0';
            if (c == 0xB2 || c == 0xB3 || c == 0xB9)
                digit = c == 0xB2 ? '2' : c == 0xB3 ? '3' : '1';
            if (digit)
                number_digits(&r->out, (struct str){&digit, 1});
            else
                words_add(&r->out, str_sub(r->text, end, next));
            stop = next;
        }
        end = stop;
    }
    say_close(r, at, end);
    return end;
}
