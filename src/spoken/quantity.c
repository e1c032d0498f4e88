#include "spoken/quantity.h"

#include <string.h>

#include "base/table.h"

EMBED(unit_table, CRIER_SOURCE_DIR "/spoken/data/units.tsv")
EMBED(currency_table, CRIER_SOURCE_DIR "/spoken/data/currencies.tsv")

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

static bool add_digits(struct number *n, struct str digits)
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
    if (!add_digits(number, str_sub(r->text, at, end)))
        return false;
    size_t group;
    if (number->n_digits > 0 && number->n_digits <= 3 && number->digits[0] != '0') {
        while ((group = group_at(r, end)) > 0) {
            if (!add_digits(number, str_sub(r->text, end + group, end + group + 3)))
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

static struct str whole_of(const struct number *n)
{
    return (struct str){n->digits, n->n_digits};
}

long number_whole_value(const struct number *n)
{
    return n->fraction.len > 0 ? -1 : number_value(whole_of(n));
}

void number_speak(struct reader *r, const struct number *n)
{
    if (n->n_digits > 0 && n->digits[0] == '0' && n->n_digits > 1 && n->fraction.len == 0)
        number_digits(&r->out, whole_of(n));
    else if (n->n_digits > 0)
        number_cardinal(&r->out, whole_of(n), r->british);
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

/* A noun that is counted: "people", "homes". A rough ear: it decides between "fifteen fifty" and "one thousand ...". */
static bool is_counted(struct str word)
{
    if (word_among(word, "people men women children troops police deaths jobs homes"))
        return true;
    return word.len >= 4 && is_lower(word.data[0]) && word.data[word.len - 1] == 's' && word.data[word.len - 2] != 's' &&
           !word_among(word, "elections olympics attacks games always was has does this less across thus perhaps sales");
}

/* ---- quantities ---------------------------------------------------------------------------------------------------- */

struct name {
    struct str one, many, small_one, small_many; /* small: the hundredth of a currency */
};

enum kind { PLAIN, ORDINAL, DECADE, YEAR, RATIO };

/* [sign] [currency] number [ratio] [scale] [unit or currency] ["/" unit] */
struct quantity {
    size_t start, end;
    enum kind kind;
    const char *sign;
    struct number number;
    struct number over, under; /* of a ratio: 3/4 */
    bool whole_and_ratio;
    const char *scale;
    struct name currency, unit, per;
    bool prefixed; /* the currency stands before the number */
    bool singular; /* used as an adjective: "a 10-mile walk", "a $20 bill" */
};

static struct name name_from(struct str columns)
{
    struct name name = {0};
    str_next(&columns, '\t', &name.one);
    str_next(&columns, '\t', &name.many);
    str_next(&columns, '\t', &name.small_one);
    str_next(&columns, '\t', &name.small_many);
    return name;
}

/* Currency that begins at `at` and has a number behind it. Returns where the number begins, 0 for none. */
static size_t scan_currency(const struct reader *r, size_t at, struct name *name)
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
static size_t scan_unit_sign(const struct reader *r, size_t at, struct name *name, struct str *flags)
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
    struct name name;
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
        q->unit = (struct name){0};
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
        add_digits(&q->over, str_from(VULGAR[i].over));
        add_digits(&q->under, str_from(VULGAR[i].under));
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
        q->kind = ORDINAL;
        return at + 2;
    }
    bool round = q->number.digits[q->number.n_digits - 1] == '0';
    long value = number_whole_value(&q->number);
    if (round && byte_at(r, at + mark) == 's' && !word_at(r, at + mark + 1) &&
        ((q->number.n_digits == 2 && value >= 20) || (q->number.n_digits == 4 && value >= 1100 && value <= 2090)) &&
        q->currency.one.len == 0) {
        q->kind = DECADE;
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

/* false where none begins at `at`. */
static bool scan_quantity(const struct reader *r, size_t at, struct quantity *q)
{
    *q = (struct quantity){.start = at};
    at = scan_sign(r, at, &q->sign);
    size_t number = scan_currency(r, at, &q->currency);
    q->prefixed = number > 0;
    if (number > 0) {
        at = number;
    }
    size_t end = scan_vulgar(r, at, q);
    if (end > at) {
        q->kind = RATIO;
    } else if (!number_scan(r, at, &q->number)) {
        return false;
    } else {
        end = q->number.end;
        size_t more = scan_vulgar(r, end, q);
        size_t ratio = q->prefixed ? at : scan_ratio(r, at, q);
        size_t spaced = byte_at(r, end) == '-' ? end + 1 : spaces_end(r, end), /* "2 1/2", "2-1/2" */
            second = spaced > end && q->number.fraction.len == 0 ? scan_ratio(r, spaced, q) : spaced;
        if (ratio > at) {
            q->kind = RATIO;
            end = ratio;
        } else if (more > end || second > spaced) {
            q->kind = RATIO;
            q->whole_and_ratio = true;
            end = more > end ? more : second;
            if (second > spaced && more <= q->number.end && number_whole_value(&q->over) >= number_whole_value(&q->under)) {
                q->kind = PLAIN; /* "in 2016 24/7 news": no mixed number */
                q->whole_and_ratio = false;
                end = q->number.end;
            }
        } else {
            end = scan_ending(r, q);
        }
    }
    q->end = end;
    if (q->kind == ORDINAL || q->kind == DECADE)
        return true;
    end = scan_scale(r, end, q);
    size_t unit = q->prefixed ? end : scan_unit(r, end, q);
    if (unit == end && !q->prefixed)
        unit = scan_currency_behind(r, end, q);
    q->end = scan_per(r, unit, q);
    if (q->kind == PLAIN && !q->sign && !q->scale && q->currency.one.len == 0 && q->unit.one.len == 0 && q->per.one.len == 0 &&
        is_year_like(r, q))
        q->kind = YEAR;
    return true;
}

static bool is_bare(const struct quantity *q)
{
    return q->kind == PLAIN && !q->sign && !q->scale && q->currency.one.len == 0 && q->unit.one.len == 0 && q->per.one.len == 0;
}

/* ---- saying them ---------------------------------------------------------------------------------------------------- */

static void speak_ratio(struct reader *r, const struct quantity *q)
{
    struct buffer *out = &r->out;
    long over = number_whole_value(&q->over), under = number_whole_value(&q->under);
    if (q->whole_and_ratio) {
        number_speak(r, &q->number);
        words_add_c(out, "and");
    }
    if (q->whole_and_ratio && over == 1 && under == 2) {
        words_add_c(out, "a half");
        return;
    }
    number_speak(r, &q->over);
    if (over > under && under >= 40) { /* blood pressure, odds */
        words_add_c(out, "over");
        number_speak(r, &q->under);
        return;
    }
    if (under == 2)
        words_add_c(out, over == 1 ? "half" : "halves");
    else if (under == 4)
        words_add_c(out, over == 1 ? "quarter" : "quarters");
    else {
        number_ordinal(out, whole_of(&q->under), r->british);
        if (over != 1)
            words_plural(out);
    }
}

static void speak_decade(struct reader *r, const struct number *n)
{
    struct str digits = whole_of(n);
    if (number_value(digits) == 2000)
        words_add_c(&r->out, "two thousand");
    else
        number_pairs(&r->out, digits, r->british);
    words_plural(&r->out);
}

/* "twenty dollars and fifty cents"; false where the fraction is no number of cents. */
static bool speak_cents(struct reader *r, const struct quantity *q)
{
    struct str fraction = q->number.fraction;
    while (fraction.len > 0 && fraction.data[fraction.len - 1] == '0')
        fraction.len--;
    if (fraction.len > 2 || q->scale || q->currency.small_one.len == 0)
        return false;
    char cents[2] = {fraction.len > 0 ? fraction.data[0] : '0', fraction.len > 1 ? fraction.data[1] : '0'};
    long small = number_value((struct str){cents, 2}), whole = q->number.n_digits > 0 ? number_value(whole_of(&q->number)) : 0;
    if (whole != 0 || small == 0) {
        number_cardinal(&r->out, q->number.n_digits > 0 ? whole_of(&q->number) : STR("0"), r->british);
        words_add(&r->out, whole == 1 ? q->currency.one : q->currency.many);
    }
    if (small != 0) {
        if (whole != 0 && !r->british)
            words_add_c(&r->out, "and");
        number_cardinal(&r->out, (struct str){cents, 2}, r->british);
        words_add(&r->out, small == 1 ? q->currency.small_one : q->currency.small_many);
    }
    return true;
}

static void speak_figure(struct reader *r, const struct quantity *q)
{
    struct str digits = whole_of(&q->number);
    switch (q->kind) {
    case ORDINAL: number_ordinal(&r->out, digits, r->british); break;
    case DECADE: speak_decade(r, &q->number); break;
    case YEAR: number_year(&r->out, digits, r->british); break;
    case RATIO: speak_ratio(r, q); break;
    case PLAIN: number_speak(r, &q->number); break;
    }
    if (q->scale)
        words_add_c(&r->out, q->scale);
}

/* The unit takes the singular after exactly one, after a proper fraction, and as an adjective. */
static bool takes_singular(const struct quantity *q)
{
    if (q->singular)
        return true;
    if (q->kind == RATIO)
        return !q->whole_and_ratio;
    return !q->scale && number_is_one(&q->number);
}

static void speak_quantity(struct reader *r, const struct quantity *q)
{
    if (q->sign)
        words_add_c(&r->out, q->sign);
    bool cents = q->currency.one.len > 0 && q->kind == PLAIN && !q->singular && speak_cents(r, q);
    if (!cents) {
        speak_figure(r, q);
        const struct name *name = q->currency.one.len > 0 ? &q->currency : &q->unit;
        if (name->one.len > 0) {
            if (q->kind == RATIO && !q->whole_and_ratio && !q->unit.one.len)
                words_add_c(&r->out, "of a");
            words_add(&r->out, takes_singular(q) ? name->one : name->many);
        }
    }
    if (q->per.one.len > 0) {
        words_add_c(&r->out, "per");
        words_add(&r->out, q->per.one);
    }
}

/* ---- two of them: ranges, scores, spans of years ------------------------------------------------------------------- */

static bool is_score_list(const struct reader *r, size_t start, size_t end)
{
    bool before =
        start >= 3 && r->text.data[start - 1] == ' ' && r->text.data[start - 2] == ',' && is_digit(r->text.data[start - 3]);
    bool after = byte_at(r, end) == ',' && byte_at(r, end + 1) == ' ' && is_digit(byte_at(r, end + 2)) &&
                 dash_at(r, digits_end(r, end + 2)) > 0;
    return before || after;
}

/* What stands between the two numbers of "3-1", "5-10": "" for a score said without a word. */
static const char *joint_word(const struct reader *r, const struct quantity *a, const struct quantity *b)
{
    struct str before = previous_word(r, a->start);
    if (word_among(before, "between"))
        return "and";
    if (byte_at(r, spaces_end(r, b->end)) == '=')
        return "minus";
    if (!is_bare(a) || !is_bare(b) || a->number.fraction.len > 0 || b->number.fraction.len > 0)
        return "to";
    long first = number_whole_value(&a->number), second = number_whole_value(&b->number);
    if (first == second && first >= 10 && first < 1000)
        return ""; /* fifty-fifty */
    if (first < 0 || second < 0 || first > 9 || second > 9 || word_among(before, "from aged ages pages chapters verses"))
        return "to";
    bool cue = word_among(
        before, "won win wins lost lose loses beat beaten defeat victory lead led leads trailed down up score drew draw");
    return first >= second || cue || is_score_list(r, a->start, b->end) ? "" : "to";
}

/* The end of "2019-20" or "1914–1918"; the second year may be short. */
static bool is_year_span(struct quantity *a, struct quantity *b)
{
    if (a->kind != YEAR)
        return false;
    if (b->kind == YEAR)
        return true;
    long first = number_whole_value(&a->number), second = number_whole_value(&b->number);
    return is_bare(b) && b->number.n_digits == 2 && second > first % 100;
}

static bool same_name(const struct name *a, const struct name *b)
{
    return a->one.len > 0 && str_eq(a->one, b->one);
}

static void share_parts(struct quantity *a, struct quantity *b)
{
    if (a->prefixed && b->currency.one.len == 0) { /* "$5-6 million": the currency is said once, at the end */
        b->currency = a->currency;
        b->prefixed = true;
        a->currency = (struct name){0};
    }
}

static bool joins(const struct reader *r, struct quantity *a, struct quantity *b, size_t dash)
{
    bool spaced = dash > a->end;
    if (b->sign || (a->sign && is_bare(b)))
        return false;
    if (is_year_span(a, b) || (a->kind == DECADE && b->kind == DECADE))
        return true;
    if (spaced)
        return (a->currency.one.len > 0 && b->currency.one.len > 0) || same_name(&a->unit, &b->unit) ||
               (is_bare(a) && b->unit.one.len > 0);
    bool chain = dash_at(r, b->end) > 0 && is_digit(byte_at(r, b->end + dash_at(r, b->end)));
    return !chain;
}

static size_t read_range(struct reader *r, struct quantity *a)
{
    size_t dash = spaces_end(r, a->end), length = dash_at(r, dash);
    if (length == 0)
        return 0;
    size_t second = spaces_end(r, dash + length);
    struct quantity b;
    if ((second > dash + length) != (dash > a->end) || !scan_quantity(r, second, &b) || !joins(r, a, &b, dash) ||
        (word_at(r, b.end) && byte_at(r, b.end - 1) != '%'))
        return 0;
    bool years = is_year_span(a, &b);
    if (!years && a->kind == YEAR)
        a->kind = PLAIN;
    if (!years && b.kind == YEAR)
        b.kind = PLAIN;
    if (byte_at(r, b.end) == ':')
        return 0;
    const char *word = years ? (word_among(previous_word(r, a->start), "between") ? "and" : "to") : joint_word(r, a, &b);
    share_parts(a, &b);
    say_open(r);
    speak_quantity(r, a);
    say_close(r, a->start, a->end);
    say_open(r);
    if (*word)
        words_add_c(&r->out, word);
    else if (r->british && number_whole_value(&b.number) == 0)
        words_add_c(&r->out, "nil");
    if (*word || !r->british || number_whole_value(&b.number) != 0)
        speak_quantity(r, &b);
    say_close(r, second, b.end);
    return b.end;
}

/* ---- a few readings of their own ------------------------------------------------------------------------------------ */

/* "4x4", "4x100 relay", "0900 GMT"; 0 for neither. */
static size_t read_by_or_hours(struct reader *r, size_t at)
{
    size_t end = digits_end(r, at), second = byte_at(r, end) == 'x' ? digits_end(r, end + 1) : 0;
    bool alike = second > end + 1 && str_eq(str_sub(r->text, at, end), str_sub(r->text, end + 1, second));
    if ((alike || second == end + 4) && second - at < 10 && !word_at(r, second)) {
        say_open(r);
        number_cardinal(&r->out, str_sub(r->text, at, end), r->british);
        words_add_c(&r->out, "by");
        number_cardinal(&r->out, str_sub(r->text, end + 1, second), r->british);
        say_close(r, at, second);
        return second;
    }
    struct str hour = str_sub(r->text, at, at + 2), minute = str_sub(r->text, at + 2, end);
    if (end != at + 4 || !word_among(next_word(r, end), "GMT UTC") || number_value(hour) > 24 || number_value(minute) > 59)
        return 0;
    say_open(r);
    if (hour.data[0] == '0')
        words_add_c(&r->out, "zero");
    number_cardinal(&r->out, hour.data[0] == '0' ? str_sub(hour, 1, 2) : hour, r->british);
    if (number_value(minute) == 0)
        words_add_c(&r->out, "hundred");
    else if (minute.data[0] == '0')
        number_digits(&r->out, minute);
    else
        number_cardinal(&r->out, minute, r->british);
    say_close(r, at, end);
    return end;
}

/* "9/11", "24/7": said as two numbers. */
size_t idiom_read(struct reader *r, size_t at)
{
    if (str_eq_c(str_sub(r->text, at, digits_end(r, at)), "911") && !word_at(r, at + 3) &&
        !((byte_at(r, at + 3) == '.' || byte_at(r, at + 3) == ',') && is_digit(byte_at(r, at + 4)))) {
        say_c(r, at, at + 3, "nine one one");
        return at + 3;
    }
    size_t own = read_by_or_hours(r, at);
    if (own > 0)
        return own;
    if (str_starts(str_sub(r->text, at, r->text.len), STR("501(c)")) && !word_at(r, at + 6)) {
        say_c(r, at, at + 6, "five oh one C");
        return at + 6;
    }
    static const char *const PAIRS[] = {"9/11", "24/7", "7/7", "50/50", "20/20", "60/40", "70/30", "80/20", "90/10"};
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
        struct str pair = str_from(PAIRS[i]);
        if (!str_starts(str_sub(r->text, at, r->text.len), pair) || word_at(r, at + pair.len) || byte_at(r, at + pair.len) == '/')
            continue;
        size_t slash = str_find(pair, STR("/"), 0);
        say_open(r);
        number_cardinal(&r->out, str_sub(pair, 0, slash), false);
        number_cardinal(&r->out, str_sub(pair, slash + 1, pair.len), false);
        say_close(r, at, at + pair.len);
        return at + pair.len;
    }
    return 0;
}

/* A stroke that means feet (') or inches ("); its length, else 0. */
static size_t stroke_at(const struct reader *r, size_t at, bool inches)
{
    static const char *const FEET[] = {"'", "\xE2\x80\x99", "\xE2\x80\xB2"};
    static const char *const INCHES[] = {"\"", "\xE2\x80\x9D", "\xE2\x80\xB3", "''"};
    for (size_t i = 0; i < (inches ? 4 : 3); i++) {
        struct str stroke = str_from(inches ? INCHES[i] : FEET[i]);
        if (str_starts(str_sub(r->text, at, at + stroke.len), stroke))
            return stroke.len;
    }
    return 0;
}

/* 5'10", 12" */
static size_t read_strokes(struct reader *r, const struct quantity *q)
{
    long value = number_whole_value(&q->number);
    if (!is_bare(q) || value < 1 || value > 199 || q->number.grouped)
        return 0;
    size_t end = q->number.end, feet = stroke_at(r, end, false), inches = stroke_at(r, end, true);
    if (feet > 0 && is_digit(byte_at(r, end + feet))) {
        struct number second;
        if (!number_scan(r, end + feet, &second) || number_whole_value(&second) > 11 || number_whole_value(&second) < 0)
            return 0;
        size_t last = stroke_at(r, second.end, true);
        say_open(r);
        number_speak(r, &q->number);
        words_add_c(&r->out, "foot");
        number_speak(r, &second);
        say_close(r, q->start, second.end + last);
        return second.end + last;
    }
    bool open = r->quotes % 2 != 0 || byte_at(r, end) == '\'' || (unsigned char)byte_at(r, end + 2) == 0x9D;
    if (inches == 0 || open)
        return 0;
    say_open(r);
    number_speak(r, &q->number);
    words_add_c(&r->out, value == 1 ? "inch" : "inches");
    say_close(r, q->start, end + inches);
    return end + inches;
}

/* 1.2.3, and anything with more points: a version, a section. */
static size_t read_chain(struct reader *r, size_t at)
{
    size_t end = digits_end(r, at), points = 0;
    while (byte_at(r, end) == '.' && is_digit(byte_at(r, end + 1))) {
        end = digits_end(r, end + 1);
        points++;
    }
    if (points < 2)
        return 0;
    say_open(r);
    for (size_t i = at; i < end;) {
        size_t stop = digits_end(r, i);
        serial_digits(r, str_sub(r->text, i, stop));
        if (stop < end)
            words_add_c(&r->out, "point");
        i = stop + 1;
    }
    say_close(r, at, end);
    return end;
}

static bool is_adjective(const struct reader *r, const struct quantity *q)
{
    struct str before = previous_word(r, q->start), after = next_word(r, q->end);
    if (q->unit.one.len > 0 &&
        word_among(after, "sprint dash final hurdles freestyle butterfly backstroke breaststroke race relay medley"))
        return true;
    /* "a $15-an-hour wage", "the $2.6 trillion plan" */
    if (q->currency.one.len > 0 && byte_at(r, q->end) == '-' && is_lower(byte_at(r, q->end + 1)))
        return true;
    bool definite = q->currency.one.len > 0 && word_among(before, "the this that his her its their our") && after.len > 3 &&
                    !str_ends(after, STR("ly")) && !str_ends(after, STR("ed")) &&
                    !word_among(after, "they spent paid owed lost given said went came would could should will that also needed");
    return (definite || word_among(before, "a an another")) && (byte_at(r, q->end) == ' ' || byte_at(r, q->end) == '-') &&
           after.len > 0 && is_lower(after.data[0]) &&
           !word_among(after,
                       "a an and or in for to of on from by at as with over into was is will are were has had per each more less "
                       "worth that which but than after before if while during under above below out off up down");
}

/* Numbers of aircraft, flights and roads are said in pairs. */
static bool is_pairs_context(const struct reader *r, const struct quantity *q)
{
    return is_bare(q) && !q->number.grouped && q->number.n_digits >= 3 && q->number.n_digits <= 4 &&
           q->number.fraction.len == 0 && word_among(previous_word(r, q->start), "boeing airbus flight route highway interstate");
}

static bool is_era(const struct reader *r, const struct quantity *q)
{
    static const char *const ERAS[] = {"AD", "A.D", "BC", "B.C", "CE", "BCE", "B.C.E", "C.E"};
    size_t at = spaces_end(r, q->end);
    for (size_t i = 0; i < sizeof ERAS / sizeof *ERAS; i++) {
        struct str era = str_from(ERAS[i]);
        if (str_starts(str_sub(r->text, at, r->text.len), era) && !word_at(r, at + era.len))
            return is_bare(q);
    }
    return is_bare(q) && str_eq_c(previous_word(r, q->start), "AD");
}

static size_t read_one(struct reader *r, struct quantity *q)
{
    /* Letters hang on the digits and no rule knew them: read as a serial. */
    bool plural = byte_at(r, q->end) == 's' && !word_at(r, q->end + 1) && q->number.n_digits > 1;
    if (plural && is_bare(q) && q->number.fraction.len > 0) { /* "10.49s" */
        q->unit.one = STR("second");
        q->unit.many = STR("seconds");
        q->end++;
        plural = false;
    }
    if (is_bare(q) && word_at(r, q->end) && !plural && q->number.fraction.len == 0 && !q->number.grouped)
        return serial_read(r, q->start);
    if (q->currency.one.len + q->unit.one.len > 0 && is_adjective(r, q) && !str_eq_c(q->unit.one, "percent"))
        q->singular = true;
    say_open(r);
    if (is_pairs_context(r, q) || (plural && q->number.n_digits == 3) || (is_era(r, q) && q->number.n_digits <= 4))
        number_pairs(&r->out, whole_of(&q->number), r->british);
    else
        speak_quantity(r, q);
    size_t end = q->end;
    if (plural) {
        words_plural(&r->out);
        end++;
    }
    say_close(r, q->start, end);
    return end;
}

/* "’90s", "'98": the century left out. */
static size_t read_short_year(struct reader *r, size_t at)
{
    size_t mark = apostrophe_at(r, at), digits = at + mark;
    if (mark == 0)
        mark = str_starts(str_sub(r->text, at, at + 3), STR("\xE2\x80\x98")) ? 3 : 0, digits = at + mark;
    if (mark == 0 || word_before(r, at) || digits_end(r, digits) != digits + 2)
        return 0;
    size_t end = digits + 2;
    struct str two = str_sub(r->text, digits, end);
    bool decade = byte_at(r, end) == 's' && !word_at(r, end + 1) && two.data[1] == '0';
    if (!decade && (word_at(r, end) || apostrophe_at(r, end) > 0 || byte_at(r, end) == '%'))
        return 0;
    say_open(r);
    if (two.data[0] == '0')
        words_add_c(&r->out, "oh");
    number_cardinal(&r->out, two.data[0] == '0' ? str_sub(two, 1, 2) : two, false);
    if (decade)
        words_plural(&r->out);
    say_close(r, at, end + decade);
    return end + decade;
}

/* ".38-caliber", "hit .300": the digits behind the point as a number of their own. */
static size_t read_bare_fraction(struct reader *r, size_t at)
{
    size_t end = byte_at(r, at) == '.' ? digits_end(r, at + 1) : at;
    if (end < at + 3 || end > at + 4 || word_at(r, end) || byte_at(r, at + 1) == '0')
        return 0;
    struct str behind = next_word(r, end + (byte_at(r, end) == '-')), digits = str_sub(r->text, at + 1, end);
    bool bore = word_among(behind, "caliber calibre cal handgun pistol rifle revolver magnum");
    bool average =
        digits.len == 3 && word_among(previous_word(r, at), "hit hits hitting batting bats batted average averaged averaging");
    if (!bore && !average)
        return 0;
    say_open(r);
    if (bore && digits.len == 3)
        number_pairs(&r->out, digits, r->british);
    else
        number_cardinal(&r->out, digits, r->british);
    say_close(r, at, end);
    return end;
}

size_t quantity_read(struct reader *r, size_t at)
{
    size_t end = read_bare_fraction(r, at);
    if (end > 0)
        return end;
    if ((end = read_short_year(r, at)) > 0 || (end = read_chain(r, at)) > 0)
        return end;
    struct quantity q;
    if (!scan_quantity(r, at, &q))
        return 0;
    if ((end = read_range(r, &q)) > 0 || (end = read_strokes(r, &q)) > 0)
        return end;
    return read_one(r, &q);
}
