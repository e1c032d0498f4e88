#include "spoken/quantity_scan.h"

#include <string.h>

#include "base/table.h"

EMBED(unit_table, CRIER_SOURCE_DIR "/spoken/data/units.tsv")
EMBED(currency_table, CRIER_SOURCE_DIR "/spoken/data/currencies.tsv")

/* A noun that is counted: "people", "homes". A rough ear: it decides between "fifteen fifty" and "one thousand ...". */
static bool is_counted(struct str word)
{
    if (word_among(word, "people men women children troops police deaths jobs homes"))
        return true;
    return word.len >= 4 && is_lower(word.data[0]) && word.data[word.len - 1] == 's' && word.data[word.len - 2] != 's' &&
           !word_among(word, "elections olympics attacks games always was has does this less across thus perhaps sales");
}

static struct unit_name name_from(struct str columns)
{
    struct unit_name name = {0};
    str_next(&columns, '\t', &name.one);
    str_next(&columns, '\t', &name.many);
    str_next(&columns, '\t', &name.small_one);
    str_next(&columns, '\t', &name.small_many);
    return name;
}

/* Currency that begins at `at` and has a number behind it. Returns where the number begins, 0 for none. */
static size_t scan_currency(const struct reader *r, size_t at, struct unit_name *name)
{
    size_t end = at, next;
    while (end < r->text.len && end - at < 6) {
        unsigned c = utf8_decode(r->text, end, &next);
        if (!is_alpha((char)(c < 0x80 ? c : 0)) && c != '.' && !uni_is_symbol(c) && c != 0x010D && c != 0x0142)
            break;
        end = next;
        if (uni_is_symbol(c))
            break;
    }
    while (end > at && byte_at(r, end - 1) == '.' && is_digit(byte_at(r, end)))
        end--; /* "$.50" */
    struct str columns;
    if (end == at || !table_find(currency_table(), str_sub(r->text, at, end), &columns))
        return 0;
    size_t number = end;
    if (is_alpha(byte_at(r, end - 1)) || byte_at(r, end - 1) == '.' || byte_at(r, end) == ' ')
        number = spaces_end(r, end);
    bool found = is_digit(byte_at(r, number)) || (byte_at(r, number) == '.' && is_digit(byte_at(r, number + 1)));
    if (!found || (word_among(str_sub(r->text, at, end), "try php sh ft rm kr nis") && number > end + 1))
        return 0;
    *name = name_from(columns);
    return number;
}

static const struct {
    const char *written, *spoken;
    bool money_only; /* a single letter that means something else without a currency */
} SCALES[] = {
    {"billion", "billion", false},
    {"million", "million", false},
    {"trillion", "trillion", false},
    {"thousand", "thousand", false},
    {"bln", "billion", false},
    {"mln", "million", false},
    {"trn", "trillion", false},
    {"bn", "billion", false},
    {"mn", "million", false},
    {"tn", "trillion", false},
    {"BN", "billion", false},
    {"Bn", "billion", false},
    {"b", "billion", true},
    {"B", "billion", true},
    {"m", "million", true},
    {"M", "million", true},
    {"k", "thousand", true},
    {"K", "thousand", true},
    {"T", "trillion", true},
    {"crore", "crore", false},
    {"lakh", "lakh", false},
    {"hundred", "hundred", false},
    {"quadrillion", "quadrillion", false},
};

/* "5m people" are millions, "a 5m wall" is metres. */
static bool letter_is_scale(const struct reader *r, char c, size_t end, const struct quantity *q)
{
    if (q->currency.one.len > 0)
        return true;
    struct str next = next_word(r, end);
    if (byte_at(r, end) != ' ' || !is_counted(next) || word_among(next, "hurdles freestyle relays races"))
        return false;
    return c == 'm' || c == 'M' || (c == 'k' && number_whole_value(&q->number) >= 20);
}

static size_t scan_scale(const struct reader *r, size_t at, struct quantity *q)
{
    size_t start = at;
    bool apart = false;
    if (byte_at(r, at) == '-')
        start++;
    else if ((start = spaces_end(r, at)) > at)
        apart = true;
    size_t end = start;
    while (is_alpha(byte_at(r, end)) && end - start < 12)
        end++;
    if (end == start || word_at(r, end))
        return at;
    struct str word = str_sub(r->text, start, end);
    for (size_t i = 0; i < sizeof SCALES / sizeof *SCALES; i++) {
        if (!str_eq_c(word, SCALES[i].written))
            continue;
        if (SCALES[i].money_only && (apart || start > at || !letter_is_scale(r, word.data[0], end, q)))
            continue;
        q->scale = SCALES[i].spoken;
        return end;
    }
    return at;
}

/* The unit whose sign stands at `at`; its end, or `at`. */
static size_t scan_unit_sign(const struct reader *r, size_t at, struct unit_name *name, struct str *flags)
{
    size_t end = at, next;
    while (end < r->text.len && end - at < 10) {
        unsigned c = utf8_decode(r->text, end, &next);
        if (!uni_is_word(c) && c != 0xB0 && c != '%' && c != 0xFF05 && c != 0x2030 && c != 0x2103 && c != 0x2109)
            break;
        end = next;
        if (c == '%')
            break;
    }
    struct str columns;
    if (end == at || (word_at(r, end) && byte_at(r, end - 1) != '%') ||
        !table_find(unit_table(), str_sub(r->text, at, end), &columns))
        return at;
    *name = name_from(columns);
    *flags = name->small_one;
    name->small_one = (struct str){0};
    char behind = byte_at(r, spaces_end(r, end + 1));
    if (byte_at(r, end) == '.' && is_alpha(byte_at(r, end - 1)) && end + 1 < r->sentence_end &&
        (is_lower(behind) || is_digit(behind)))
        end++; /* "5 ft. tall" */
    return end;
}

static bool has_flag(struct str flags, char flag)
{
    return flags.len > 0 && memchr(flags.data, flag, flags.len) != NULL;
}

/* "/kg", "/month": what a quantity is per. */
static size_t scan_per(const struct reader *r, size_t at, struct quantity *q)
{
    struct str flags;
    struct unit_name name;
    if (byte_at(r, at) != '/')
        return at;
    size_t end = scan_unit_sign(r, at + 1, &name, &flags);
    if (end > at + 1) {
        q->per = name;
        return end;
    }
    static const char *const WORDS =
        "second minute hour day night week month year quarter person share barrel head ton tonne gallon "
        "litre liter mile acre unit bottle piece capita";
    struct str word = next_word(r, at + 1);
    if (word.len == 0 || byte_at(r, at + 1) == ' ' || !word_among(word, WORDS))
        return at;
    q->per.one = word;
    return at + 1 + word.len;
}

static size_t scan_unit(const struct reader *r, size_t at, struct quantity *q)
{
    size_t start = at, square_end;
    bool hyphen = byte_at(r, at) == '-';
    start = hyphen ? at + 1 : spaces_end(r, at);
    struct str word = next_word(r, start), flags = {0};
    bool square = word_among(word, "sq square"), cubic = word_among(word, "cu cubic");
    if (square || cubic) {
        square_end = start + word.len;
        square_end = spaces_end(r, byte_at(r, square_end) == '.' ? square_end + 1 : square_end);
        size_t end = scan_unit_sign(r, square_end, &q->unit, &flags);
        if (end == square_end)
            return at;
        q->unit.one = arena_format(r->arena, "%s %.*s", square ? "square" : "cubic", STR_ARG(q->unit.one));
        q->unit.many = arena_format(r->arena, "%s %.*s", square ? "square" : "cubic", STR_ARG(q->unit.many));
        return end;
    }
    size_t end = scan_unit_sign(r, start, &q->unit, &flags);
    bool per_only = has_flag(flags, 'p') && !has_flag(flags, 'g');
    /* "10 in. tall", but "10 in the morning" */
    bool inches = word_among(word, "in") && byte_at(r, end - 1) == '.' &&
                  word_among(next_word(r, end), "tall long wide high deep thick across of");
    if (end == start || per_only || (has_flag(flags, 'g') && start > at && !hyphen && !inches)) {
        q->unit = (struct unit_name){0};
        return at;
    }
    q->singular = q->singular || hyphen;
    return end;
}

/* A currency behind the number: "20 €", "5 USD", "30 ¢". */
static size_t scan_currency_behind(const struct reader *r, size_t at, struct quantity *q)
{
    size_t start = spaces_end(r, at), end = start, next;
    while (end < r->text.len && end - start < 6) {
        unsigned c = utf8_decode(r->text, end, &next);
        if (!uni_is_letter(c) && !uni_is_symbol(c))
            break;
        end = next;
    }
    struct str columns, sign = str_sub(r->text, start, end);
    if (end == start || word_at(r, end) || !table_find(currency_table(), sign, &columns) || is_digit(byte_at(r, end)) ||
        (sign.len <= 2 && is_upper(sign.data[0])) || word_among(sign, "try php"))
        return at;
    q->currency = name_from(columns);
    return end;
}

static const struct {
    unsigned sign;
    const char *over, *under;
} VULGAR[] = {{0xBD, "1", "2"},   {0xBC, "1", "4"},   {0xBE, "3", "4"},   {0x2153, "1", "3"}, {0x2154, "2", "3"},
              {0x2155, "1", "5"}, {0x2156, "2", "5"}, {0x2157, "3", "5"}, {0x2158, "4", "5"}, {0x2159, "1", "6"},
              {0x215A, "5", "6"}, {0x2150, "1", "7"}, {0x215B, "1", "8"}, {0x215C, "3", "8"}, {0x215D, "5", "8"},
              {0x215E, "7", "8"}, {0x2151, "1", "9"}, {0x2152, "1", "10"}};

static size_t scan_vulgar(const struct reader *r, size_t at, struct quantity *q)
{
    if ((unsigned char)byte_at(r, at) < 0xC2)
        return at;
    size_t next;
    unsigned c = utf8_decode(r->text, at, &next);
    for (size_t i = 0; i < sizeof VULGAR / sizeof *VULGAR; i++) {
        if (c != VULGAR[i].sign)
            continue;
        q->over = q->under = (struct number){0};
        number_add_digits(&q->over, str_from(VULGAR[i].over));
        number_add_digits(&q->under, str_from(VULGAR[i].under));
        return next;
    }
    return at;
}

/* "3/4", "3 / 4", "3⁄4": numerator at `at`. Its end, or `at`. */
static size_t scan_ratio(const struct reader *r, size_t at, struct quantity *q)
{
    struct number over, under;
    if (!number_scan(r, at, &over) || over.n_digits == 0 || over.n_digits > 4 || over.fraction.len > 0)
        return at;
    if (at > 1 && r->text.data[at - 1] == '/' && is_digit(r->text.data[at - 2]))
        return at; /* the middle of 31/31/100 */
    size_t slash = spaces_end(r, over.end), length = byte_at(r, slash) == '/' ? 1 : 0;
    if (str_starts(str_sub(r->text, slash, slash + 3), STR("\xE2\x81\x84")))
        length = 3;
    size_t below = length > 0 ? spaces_end(r, slash + length) : 0;
    bool even = (slash > over.end) == (below > slash + length);
    if (length == 0 || !even || !number_scan(r, below, &under) || under.n_digits == 0 || under.n_digits > 4 ||
        under.fraction.len > 0 || number_whole_value(&under) < 2)
        return at;
    size_t end = under.end;
    if (word_among(next_word(r, end), "st nd rd th ths") && byte_at(r, end) != ' ')
        end += next_word(r, end).len;
    if (word_at(r, end) || (byte_at(r, end) == '/' && is_digit(byte_at(r, end + 1))))
        return at;
    q->over = over;
    q->under = under;
    return end;
}

static bool is_year_like(const struct reader *r, const struct quantity *q)
{
    long value = number_whole_value(&q->number);
    if (q->number.n_digits != 4 || q->number.grouped || value < 1100 || value > 2099)
        return false;
    struct str before = previous_word(r, q->start), after = next_word(r, q->end);
    if (word_among(before, "in since by until till from of the late early mid during before after year circa his her their this "
                           "and between summer winter autumn spring fall through election"))
        return !word_among(after, "people men women children meters metres miles kilometers kilometres");
    return !(byte_at(r, q->end) == ' ' &&
             (is_counted(after) || word_among(after, "kilometers miles meters metres dollars euros")));
}

/* Ordinals, decades and what else may hang on the digits. */
static size_t scan_ending(const struct reader *r, struct quantity *q)
{
    size_t at = q->number.end, mark = apostrophe_at(r, at);
    struct str word = next_word(r, at);
    if (byte_at(r, at) == ' ' || q->number.fraction.len > 0 || q->number.n_digits == 0)
        return at;
    if (word.len == 2 && word_among(word, "st nd rd th") && !word_at(r, at + 2)) {
        q->kind = QUANTITY_ORDINAL;
        return at + 2;
    }
    bool round = q->number.digits[q->number.n_digits - 1] == '0';
    long value = number_whole_value(&q->number);
    if (round && byte_at(r, at + mark) == 's' && !word_at(r, at + mark + 1) &&
        ((q->number.n_digits == 2 && value >= 20) || (q->number.n_digits == 4 && value >= 1100 && value <= 2090)) &&
        q->currency.one.len == 0) {
        q->kind = QUANTITY_DECADE;
        return at + mark + 1;
    }
    return at;
}

static size_t scan_sign(const struct reader *r, size_t at, const char **sign)
{
    if (str_starts(str_sub(r->text, at, at + 3), STR("+/-"))) {
        *sign = "plus or minus";
        return spaces_end(r, at + 3);
    }
    size_t dash = dash_at(r, at);
    bool minus = dash > 0 && !str_starts(str_sub(r->text, at, at + 3), STR("\xE2\x80\x94"));
    if (byte_at(r, at + (dash ? dash : 1)) == '-')
        return at;
    bool free = !word_before(r, at) && (at == 0 || !strchr(")]%'\"", r->text.data[at - 1]));
    if (minus && free)
        *sign = "minus";
    else if (byte_at(r, at) == '+' && free)
        *sign = "plus";
    else
        return at;
    return at + (minus ? dash : 1);
}

bool quantity_is_bare(const struct quantity *q)
{
    return q->kind == QUANTITY_PLAIN && !q->sign && !q->scale && q->currency.one.len == 0 && q->unit.one.len == 0 &&
           q->per.one.len == 0;
}

bool quantity_scan(const struct reader *r, size_t at, struct quantity *q)
{
    *q = (struct quantity){.start = at};
    at = scan_sign(r, at, &q->sign);
    size_t number = scan_currency(r, at, &q->currency);
    q->prefixed = number > 0;
    if (number > 0)
        at = number;
    size_t end = scan_vulgar(r, at, q);
    if (end > at) {
        q->kind = QUANTITY_RATIO;
    } else if (!number_scan(r, at, &q->number)) {
        return false;
    } else {
        end = q->number.end;
        size_t more = scan_vulgar(r, end, q);
        size_t ratio = q->prefixed ? at : scan_ratio(r, at, q);
        size_t spaced = byte_at(r, end) == '-' ? end + 1 : spaces_end(r, end), /* "2 1/2", "2-1/2" */
            second = spaced > end && q->number.fraction.len == 0 ? scan_ratio(r, spaced, q) : spaced;
        if (ratio > at) {
            q->kind = QUANTITY_RATIO;
            end = ratio;
        } else if (more > end || second > spaced) {
            q->kind = QUANTITY_RATIO;
            q->whole_and_ratio = true;
            end = more > end ? more : second;
            if (second > spaced && more <= q->number.end && number_whole_value(&q->over) >= number_whole_value(&q->under)) {
                q->kind = QUANTITY_PLAIN; /* "in 2016 24/7 news": no mixed number */
                q->whole_and_ratio = false;
                end = q->number.end;
            }
        } else {
            end = scan_ending(r, q);
        }
    }
    q->end = end;
    if (q->kind == QUANTITY_ORDINAL || q->kind == QUANTITY_DECADE)
        return true;
    end = scan_scale(r, end, q);
    size_t unit = q->prefixed ? end : scan_unit(r, end, q);
    if (unit == end && !q->prefixed)
        unit = scan_currency_behind(r, end, q);
    q->end = scan_per(r, unit, q);
    if (quantity_is_bare(q) && is_year_like(r, q))
        q->kind = QUANTITY_YEAR;
    return true;
}
