/* Street addresses: "1428 Elm St.", "708 N 1st St, San Jose, CA 95112". */
#include "base/table.h"
#include "spoken/quantity.h"

EMBED(street_table, CRIER_SOURCE_DIR "/spoken/data/streets.tsv")
EMBED(state_table, CRIER_SOURCE_DIR "/spoken/data/states.tsv")

/* The end of a street's name and suffix behind a house number, 0 for none: up to four words with capitals, then "St". */
static size_t scan_street(const struct reader *r, size_t at)
{
    for (size_t words = 0; words < 5; words++) {
        size_t start = spaces_end(r, at), end = start;
        struct str ignored;
        if (start == at)
            return 0;
        while (is_alpha(byte_at(r, end)) || is_digit(byte_at(r, end)) || apostrophe_at(r, end) > 0)
            end += apostrophe_at(r, end) ? apostrophe_at(r, end) : 1;
        struct str word = str_sub(r->text, start, end);
        if (word.len == 0 || (is_lower(word.data[0]) && words == 0))
            return 0;
        if (words > 0 && table_find(street_table(), word, &ignored))
            return byte_at(r, end) == '.' ? end + 1 : end;
        if (is_lower(word.data[0]))
            return 0;
        if (byte_at(r, end) == '.' && word.len == 1)
            end++;
        at = end;
    }
    return 0;
}

/* ZIP code behind a state: digit by digit, "95051-1234" too. */
static size_t read_zip(struct reader *r, size_t at)
{
    size_t end = digits_end(r, at), more = 0;
    if (end - at != 5 || at < 3 || r->text.data[at - 1] != ' ' || word_at(r, end))
        return 0;
    struct str state, word = previous_word(r, at);
    bool full = (r->place_seen && word.len > 3) || word_among(word, "zip code");
    if (!full && (word.len != 2 || !table_find(state_table(), word, &state)))
        return 0;
    say_open(r);
    number_digits(&r->out, str_sub(r->text, at, end));
    if (byte_at(r, end) == '-' && (more = digits_end(r, end + 1)) == end + 5) {
        number_digits(&r->out, str_sub(r->text, end + 1, more));
        end = more;
    }
    say_close(r, at, end);
    return end;
}

size_t place_read(struct reader *r, size_t at)
{
    size_t end = digits_end(r, at), street;
    if (end - at == 5 && (street = read_zip(r, at)) > 0)
        return street;
    if (end == at || end - at > 5 || (street = scan_street(r, end)) == 0)
        return 0;
    struct str number = str_sub(r->text, at, end);
    say_open(r);
    if (number.len == 3 && number.data[1] == '0' && number.data[2] != '0')
        number_digits(&r->out, number);
    else if (number.len == 5)
        number_digits(&r->out, number);
    else
        number_pairs(&r->out, number, r->british);
    say_close(r, at, end);
    r->street_end = street;
    r->place_seen = true;
    return end;
}

static bool ends_sentence(const struct reader *r, size_t end)
{
    size_t next = spaces_end(r, end);
    return next >= r->sentence_end || (next > end && is_upper(byte_at(r, next)) && end >= r->street_end);
}

size_t street_word_read(struct reader *r, size_t at, size_t end)
{
    static const struct {
        char letter;
        const char *spoken;
    } POINTS[] = {{'N', "North"}, {'S', "South"}, {'E', "East"}, {'W', "West"}};
    if (at >= r->street_end)
        return 0;
    struct str spoken, word = str_sub(r->text, at, end);
    bool dotted = byte_at(r, end) == '.';
    for (size_t i = 0; word.len == 1 && i < sizeof POINTS / sizeof *POINTS; i++) {
        if (word.data[0] == POINTS[i].letter) {
            say_c(r, at, end, POINTS[i].spoken);
            return end + dotted;
        }
    }
    if (end + 2 < r->street_end || !table_find(street_table(), word, &spoken))
        return 0;
    say(r, at, end, spoken);
    if (dotted && ends_sentence(r, end + 1))
        say_mark(r, '.');
    return end + dotted;
}

/* ", CA 95051", ", NY" in an address. */
size_t state_read(struct reader *r, size_t at, size_t end)
{
    struct str spoken;
    if (end - at != 2 || at < 4 || r->text.data[at - 1] != ' ' || r->text.data[at - 2] != ',' ||
        !table_find(state_table(), str_sub(r->text, at, end), &spoken))
        return 0;
    size_t zip = spaces_end(r, end);
    bool five = digits_end(r, zip) == zip + 5;
    if (!five && !r->place_seen && !(byte_at(r, end) == ',' || end >= r->sentence_end))
        return 0;
    say(r, at, end, spoken);
    return end;
}
