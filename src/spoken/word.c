/* Words of letters: abbreviations, initials, acronyms, Roman numerals, capitals for emphasis. */
#include <stdio.h>
#include <string.h>

#include "base/table.h"
#include "spoken/quantity.h"

EMBED(abbreviation_table, CRIER_SOURCE_DIR "/spoken/data/abbreviations.tsv")
EMBED(acronym_table, CRIER_SOURCE_DIR "/spoken/data/acronyms.tsv")
EMBED(common_table, CRIER_SOURCE_DIR "/spoken/data/words.tsv")
EMBED(regnal_table, CRIER_SOURCE_DIR "/spoken/data/regnal.tsv")

struct key {
    char data[16];
};

/* `word` in lower case in `key`; empty where it is longer than any key. */
static struct str lower_key(struct str word, struct key *key)
{
    if (word.len > sizeof key->data)
        return STR("");
    for (size_t i = 0; i < word.len; i++)
        key->data[i] = is_upper(word.data[i]) ? (char)(word.data[i] + 32) : word.data[i];
    return (struct str){key->data, word.len};
}

static bool in_table(struct str table, struct str key)
{
    struct str rest;
    return key.len > 0 && table_find(table, key, &rest);
}

static bool is_common(struct str word)
{
    struct key key;
    return in_table(common_table(), lower_key(word, &key));
}

static bool all_upper(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_upper(s.data[i]))
            return false;
    return s.len > 0;
}

/* 's or ’s behind `at`: its length, else 0. */
static size_t possessive_at(const struct reader *r, size_t at)
{
    size_t mark = apostrophe_at(r, at);
    char s = byte_at(r, at + mark);
    return mark > 0 && (s == 's' || s == 'S') && !word_at(r, at + mark + 1) ? mark + 1 : 0;
}

/* A full stop that belonged to an abbreviation ends the sentence as well. */
static void stop_at_end(struct reader *r, size_t end)
{
    if (byte_at(r, end - 1) == '.' && end >= r->sentence_end && byte_at(r, end) != '?' && byte_at(r, end) != '!')
        say_mark(r, '.');
}

/* ---- abbreviations --------------------------------------------------------------------------------------------------- */

static bool name_follows(const struct reader *r, size_t end)
{
    size_t next = spaces_end(r, end), after;
    return next < r->text.len && next > end - 1 && uni_is_upper(utf8_decode(r->text, next, &after));
}

/* ", Fla.", "(R-Fla.)", "(D-": does a place stand before? */
static bool place_before(const struct reader *r, size_t at)
{
    if (at >= 2 && r->text.data[at - 1] == '-' && is_upper(r->text.data[at - 2]))
        return true;
    return at >= 2 && r->text.data[at - 1] == ' ' && r->text.data[at - 2] == ',';
}

static bool flags_hold(const struct reader *r, size_t at, size_t end, struct str flags)
{
    bool dotted = byte_at(r, end) == '.';
    size_t behind = end + dotted;
    for (size_t i = 0; i < flags.len; i++) {
        bool holds = true;
        switch (flags.data[i]) {
        case '.': holds = dotted; break;
        case 'C': holds = is_upper(byte_at(r, at)); break;
        case 'L': holds = is_lower(byte_at(r, at)); break;
        case 'T': holds = name_follows(r, behind); break;
        case 'N': holds = is_digit(byte_at(r, spaces_end(r, behind))); break;
        case 'P': holds = place_before(r, at); break;
        case 'D': holds = behind < r->sentence_end; break; /* "he sat." is a sentence's end, "Sat." before something is not */
        default: break;
        }
        if (!holds)
            return false;
    }
    return true;
}

/* "St." is a street behind a name ("Elm St."), a saint before one. */
static const char *saint_or_street(const struct reader *r, size_t at, size_t behind)
{
    struct str before = previous_word(r, at);
    bool named =
        before.len > 1 && is_upper(before.data[0]) && at >= 2 && r->text.data[at - 1] == ' ' && is_alpha(r->text.data[at - 2]);
    bool ordinal = word_among(before, "st nd rd th") && !is_upper(before.data[0]);
    if (ordinal)
        return "Street";
    if (named &&
        !word_among(before, "east west north south port mount sault bury mont fort the in at of san old new sir dame lord saint "
                            "bishop pope from and to lake near"))
        return "Street";
    return name_follows(r, behind) ? "Saint" : named ? "Street" : NULL;
}

static size_t read_abbreviation(struct reader *r, size_t at, size_t end)
{
    struct key key;
    struct str columns, spoken, flags = {0};
    bool dotted = byte_at(r, end) == '.';
    if (end - at > 6 && !dotted)
        return 0;
    struct str word = lower_key(str_sub(r->text, at, end), &key);
    if (str_eq_c(word, "st") && is_upper(byte_at(r, at))) {
        const char *name = saint_or_street(r, at, end + dotted);
        if (!name)
            return 0;
        say_c(r, at, end + dotted, name);
        stop_at_end(r, end + dotted);
        return end + dotted;
    }
    struct str before = previous_word(r, at);
    if (str_eq_c(word, "dr") && dotted && before.len > 2 && is_upper(before.data[0]) && at > before.len + 1 &&
        !name_follows(r, end + 1)) { /* "on Elm Dr." */
        say_c(r, at, end + 1, "Drive");
        stop_at_end(r, end + 1);
        return end + 1;
    }
    /* "e.g.", "Ph.D.", "N.Y." */
    while (byte_at(r, end) == '.' && is_alpha(byte_at(r, end + 1)) && end - at < 6) {
        size_t more = end + 1;
        while (is_alpha(byte_at(r, more)))
            more++;
        struct str longer = lower_key(str_sub(r->text, at, more), &key);
        if (longer.len == 0 || word_at(r, more))
            break;
        end = more;
        word = longer;
    }
    if (word.len == 0 || !table_find(abbreviation_table(), word, &columns) || word_at(r, end))
        return 0;
    str_next(&columns, '\t', &spoken);
    str_next(&columns, '\t', &flags);
    if (!flags_hold(r, at, end, flags))
        return 0;
    dotted = byte_at(r, end) == '.';
    size_t behind = end + dotted, possessive = possessive_at(r, behind);
    say_open(r);
    words_add(&r->out, spoken);
    if (possessive)
        buffer_c_string(&r->out, "'s");
    say_close(r, at, behind + possessive);
    if (!possessive)
        stop_at_end(r, behind);
    return behind + possessive;
}

/* ---- initials -------------------------------------------------------------------------------------------------------- */

static void speak_letters(struct reader *r, const char *letters, size_t n, bool ending_s)
{
    /* A lone A is the article to an engine. */
    if (n == 1 && letters[0] == 'A' && r->context->phonemes && !ending_s)
        buffer_c_string(&r->out, "[['eI]]");
    else
        letters_speak(r, (struct str){letters, n}, ending_s);
}

/* "U.S.", "J.K.", "p.m.": letters with a full stop between each; and "J. K. Rowling", "George W. Bush". */
static size_t read_initials(struct reader *r, size_t at)
{
    char letters[12];
    size_t n = 0, end = at;
    while (n < sizeof letters && is_alpha(byte_at(r, end)) && !word_at(r, end + 1)) {
        if (n > 0 && is_upper(letters[0]) != is_upper(byte_at(r, end)))
            break;
        letters[n++] = r->text.data[end++];
        if (byte_at(r, end) != '.')
            break;
        end++;
        /* Initials of a name may stand apart; what follows must look like the name. */
        size_t next = spaces_end(r, end);
        if (next > end && is_upper(byte_at(r, next)) && byte_at(r, next + 1) == '.' && is_upper(letters[0]) &&
            end < r->sentence_end && n < 4 && (n > 1 ? byte_at(r, end - 3) != '.' : true))
            end = next;
    }
    bool dotted = end > at && byte_at(r, end - 1) == '.';
    if (n == 0 || (n == 1 && (!dotted || !is_upper(letters[0]))))
        return 0;
    if (n == 1 && !(name_follows(r, end) && end < r->sentence_end))
        return 0;
    if (end < r->text.len && word_at(r, end) && byte_at(r, end) != 's')
        return 0;
    size_t possessive = possessive_at(r, end);
    bool plural = dotted && byte_at(r, end) == 's' && !word_at(r, end + 1);
    say_open(r);
    speak_letters(r, letters, n, possessive > 0 || plural);
    end += plural ? 1 : possessive;
    say_close(r, at, end);
    stop_at_end(r, end);
    return end;
}

/* ---- Roman numerals ----------------------------------------------------------------------------------------------------- */

/* The value of a well-formed numeral below 4000, 0 for none. */
static long roman_value(struct str s)
{
    static const struct {
        const char *sign;
        long value;
        int most;
    } SIGNS[] = {{"M", 1000, 3}, {"CM", 900, 1}, {"D", 500, 1}, {"CD", 400, 1}, {"C", 100, 3}, {"XC", 90, 1}, {"L", 50, 1},
                 {"XL", 40, 1},  {"X", 10, 3},   {"IX", 9, 1},  {"V", 5, 1},    {"IV", 4, 1},  {"I", 1, 3}};
    long value = 0;
    size_t at = 0;
    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++) {
        struct str sign = str_from(SIGNS[i].sign);
        for (int n = 0; n < SIGNS[i].most && str_starts(str_sub(s, at, s.len), sign); n++) {
            value += SIGNS[i].value;
            at += sign.len;
        }
        if (sign.len == 2 && at >= 2 && str_eq(str_sub(s, at - 2, at), sign))
            while (i + 1 < sizeof SIGNS / sizeof *SIGNS && SIGNS[i + 1].value > SIGNS[i].value / 10)
                i++; /* after IX no V, IV or I */
    }
    return at == s.len ? value : 0;
}

static bool roman_letters(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!strchr("IVXLCDM", s.data[i]))
            return false;
    return s.len > 0 && s.len <= 9;
}

static bool is_reign(const struct reader *r, struct str name, size_t at, size_t end)
{
    if (!in_table(regnal_table(), name))
        return false;
    if (end - at > 1 || byte_at(r, at) != 'I')
        return true;
    /* "Charles I" and not "Charles, I think": the pronoun goes on with a verb. */
    struct str next = next_word(r, end);
    size_t start = at - 1 - name.len;
    return next.len == 0 ||
           word_among(previous_word(r, start), "king queen emperor empress tsar czar pope kaiser sultan prince") ||
           word_among(next, "of and of the who in to reigned ruled was died");
}

static size_t read_roman(struct reader *r, size_t at, size_t end)
{
    static const char *const NOUNS =
        "war wars chapter part act title bowl phase type volume vol section article class level grade stage "
        "apollo gemini schedule division tier book scene appendix annex table figure mark model category "
        "group region protocol series psalm canto factor episode vatican unit rocky saturn camp basel";
    struct str word = str_sub(r->text, at, end);
    long value = roman_letters(word) ? roman_value(word) : 0;
    if (value == 0 || (word_at(r, end)))
        return 0;
    struct str before = previous_word(r, at), after = next_word(r, end);
    bool name = before.len > 1 && is_upper(before.data[0]) && at >= 1 && r->text.data[at - 1] == ' ';
    bool noun = word_among(before, NOUNS) && (name || word.len > 1);
    bool reign = name && !noun && is_reign(r, before, at, end);
    bool small = str_eq(word, STR("II")) || str_eq(word, STR("III")) || str_eq(word, STR("IV"));
    bool century = word_among(after, "century centuries");
    bool only_ivx = strspn(word.data, "IVX") >= word.len;
    bool person = name && !noun && !reign && small && !all_upper(before);
    bool title = name && only_ivx && word.len > 1 && !all_upper(before);
    if (!noun && !reign && !century && !person && !title)
        return 0;
    if (str_eq(word, STR("I")) && !reign && !(noun && (name && (str_eq_nocase(before, STR("war")) || !is_lower(after.data[0])))))
        return 0;
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%ld", value);
    struct str number = {digits, (size_t)n};
    size_t possessive = possessive_at(r, end);
    say_open(r);
    if (reign || person || century) {
        if (!century)
            words_add_c(&r->out, "the");
        number_ordinal(&r->out, number, r->british);
    } else {
        number_cardinal(&r->out, number, r->british);
    }
    if (possessive)
        buffer_c_string(&r->out, "'s");
    say_close(r, at, end + possessive);
    return end + possessive;
}

/* ---- words in capitals ---------------------------------------------------------------------------------------------------- */

/* Can it be said: no run of three consonants, a vowel in every part? */
static bool is_sayable(struct str word)
{
    size_t consonants = 0, vowels = 0;
    for (size_t i = 0; i < word.len; i++) {
        if (strchr("AEIOUY", word.data[i])) {
            consonants = 0;
            vowels++;
        } else if (++consonants > (i < 2 || i + 2 >= word.len ? 2 : 3)) {
            return false;
        }
    }
    return vowels > 0 && vowels * 4 >= word.len && consonants < 3;
}

/* Common words in capitals next to it: "WHO ARE YOU" is no health organization. */
static bool capitals_around(const struct reader *r, size_t at, size_t end)
{
    struct str before = previous_word(r, at), after = next_word(r, end);
    return (before.len > 1 && all_upper(before) && is_common(before)) || (after.len > 1 && all_upper(after) && is_common(after));
}

enum { AS_LETTERS, AS_WORD, AS_GIVEN };

static int acronym_kind(const struct reader *r, size_t at, size_t end, struct str word, struct str *given)
{
    bool ambiguous = word_among(word, "it who us am pm id ice aids ram pin sim who or may all mit at me pa co is as in");
    bool emphasis = is_common(word) && (r->shouting || capitals_around(r, at, end));
    if (!(ambiguous && emphasis && !(str_eq_c(word, "US") && r->shouting)) && table_find(acronym_table(), word, given)) {
        if (given->len == 0)
            return AS_WORD;
        return str_eq_c(*given, "-") ? AS_LETTERS : AS_GIVEN;
    }
    if (is_common(word))
        return AS_WORD;
    if (r->shouting)
        return word.len < 3 || is_sayable(word) || word.len > 5 ? AS_WORD : AS_LETTERS;
    if (word.len >= 6)
        return is_sayable(word) || word.len > 7 ? AS_WORD : AS_LETTERS;
    return word.len == 5 && is_sayable(word) ? AS_WORD : AS_LETTERS;
}

static void speak_lower(struct reader *r, struct str word)
{
    size_t capitals = is_common(word) && r->n_parts > 0 ? 0 : 1;
    say_open(r);
    for (size_t i = 0; i < word.len; i++)
        buffer_byte(&r->out, i >= capitals && is_upper(word.data[i]) ? (char)(word.data[i] + 32) : word.data[i]);
}

/* Two capitals or more, maybe with 's, s or s'. */
static size_t read_capitals(struct reader *r, size_t at)
{
    size_t end = at;
    while (is_upper(byte_at(r, end)))
        end++;
    size_t possessive = possessive_at(r, end);
    bool plural = byte_at(r, end) == 's' && !word_at(r, end + 1);
    if (end - at < 2 || (word_at(r, end) && !plural) ||
        (possessive == 0 && apostrophe_at(r, end) && is_alpha(byte_at(r, end + apostrophe_at(r, end)))))
        return 0;
    struct str word = str_sub(r->text, at, end), given = {0};
    int kind = acronym_kind(r, at, end, word, &given);
    bool ending = possessive > 0 || plural;
    if (kind == AS_LETTERS) {
        say_open(r);
        letters_speak(r, word, ending);
    } else {
        if (kind == AS_WORD) {
            speak_lower(r, word);
        } else {
            say_open(r);
            words_add(&r->out, given);
        }
        if (ending)
            buffer_c_string(&r->out, plural ? "s" : "'s");
    }
    end += plural ? 1 : possessive;
    say_close(r, at, end);
    return end;
}

/* ---- plain words ------------------------------------------------------------------------------------------------------------
 */

static size_t read_plain(struct reader *r, size_t at)
{
    size_t end = letters_end(r, at, true), from = at;
    if (end == at)
        return 0;
    say_open(r);
    for (size_t i = at; i < end; i++) {
        if ((unsigned char)r->text.data[i] == 0xE2 && apostrophe_at(r, i) == 3) {
            buffer_append(&r->out, r->text.data + from, i - from);
            buffer_byte(&r->out, '\'');
            i += 2;
            from = i + 1;
        }
    }
    buffer_append(&r->out, r->text.data + from, end - from);
    say_close(r, at, end);
    return end;
}

/* "and/or" and the like: the slash is a word or nothing. Digits right behind letters: a serial. */
static bool figures_behind(const struct reader *r, size_t end)
{
    size_t next;
    return end < r->text.len && (is_digit(byte_at(r, end)) ||
                                 ((unsigned char)byte_at(r, end) >= 0xC2 && uni_is_number(utf8_decode(r->text, end, &next))));
}

static bool date_may_follow(const struct reader *r, size_t end)
{
    if (byte_at(r, end) == '.')
        end++;
    if (byte_at(r, end) == ',')
        end++;
    if (byte_at(r, end) == '-' || byte_at(r, end) == '/')
        end++;
    return is_digit(byte_at(r, spaces_end(r, end)));
}

size_t word_read(struct reader *r, size_t at)
{
    size_t ascii = at, end;
    while (is_alpha(byte_at(r, ascii)))
        ascii++;
    if (ascii == at || word_before(r, at))
        return read_plain(r, at);
    if ((unsigned char)byte_at(r, ascii) >= 0x80 && letters_end(r, ascii, false) > ascii)
        return read_plain(r, at);
    if (ascii - at <= 9 && date_may_follow(r, ascii) && (end = month_read(r, at)) > 0)
        return end;
    if (figures_behind(r, ascii)) {
        size_t next;
        unsigned c = utf8_decode(r->text, ascii, &next);
        if ((c == 0xB9 || c == 0xB2 || c == 0xB3 || (c >= 0x2070 && c <= 0x2079)) && ascii - at > 2 &&
            is_lower(byte_at(r, ascii - 1)))
            return read_plain(r, at); /* a foot mark: symbol.c leaves it out */
        return serial_read(r, at);
    }
    if ((end = street_word_read(r, at, ascii)) > 0 || (end = state_read(r, at, ascii)) > 0)
        return end;
    if (ascii - at <= 10 && (end = read_abbreviation(r, at, ascii)) > 0)
        return end;
    if (ascii - at == 1 && (end = read_initials(r, at)) > 0)
        return end;
    if (is_upper(byte_at(r, at))) {
        if ((end = read_roman(r, at, ascii)) > 0 || (end = read_capitals(r, at)) > 0)
            return end;
    }
    return read_plain(r, at);
}
