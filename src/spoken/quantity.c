#include "spoken/quantity_scan.h"

#include <string.h>

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
        number_ordinal(out, number_whole(&q->under), r->british);
        if (over != 1)
            words_plural(out);
    }
}

static void speak_decade(struct reader *r, const struct number *n)
{
    struct str digits = number_whole(n);
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
    long small = number_value((struct str){cents, 2}),
         whole = q->number.n_digits > 0 ? number_value(number_whole(&q->number)) : 0;
    if (whole != 0 || small == 0) {
        number_cardinal(&r->out, q->number.n_digits > 0 ? number_whole(&q->number) : STR("0"), r->british);
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
    struct str digits = number_whole(&q->number);
    switch (q->kind) {
    case QUANTITY_ORDINAL: number_ordinal(&r->out, digits, r->british); break;
    case QUANTITY_DECADE: speak_decade(r, &q->number); break;
    case QUANTITY_YEAR: number_year(&r->out, digits, r->british); break;
    case QUANTITY_RATIO: speak_ratio(r, q); break;
    case QUANTITY_PLAIN: number_speak(r, &q->number); break;
    }
    if (q->scale)
        words_add_c(&r->out, q->scale);
}

/* The unit takes the singular after exactly one, after a proper fraction, and as an adjective. */
static bool takes_singular(const struct quantity *q)
{
    if (q->singular)
        return true;
    if (q->kind == QUANTITY_RATIO)
        return !q->whole_and_ratio;
    return !q->scale && number_is_one(&q->number);
}

static void speak_quantity(struct reader *r, const struct quantity *q)
{
    if (q->sign)
        words_add_c(&r->out, q->sign);
    bool cents = q->currency.one.len > 0 && q->kind == QUANTITY_PLAIN && !q->singular && speak_cents(r, q);
    if (!cents) {
        speak_figure(r, q);
        const struct unit_name *name = q->currency.one.len > 0 ? &q->currency : &q->unit;
        if (name->one.len > 0) {
            if (q->kind == QUANTITY_RATIO && !q->whole_and_ratio && !q->unit.one.len)
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
    if (!quantity_is_bare(a) || !quantity_is_bare(b) || a->number.fraction.len > 0 || b->number.fraction.len > 0)
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
    if (a->kind != QUANTITY_YEAR)
        return false;
    if (b->kind == QUANTITY_YEAR)
        return true;
    long first = number_whole_value(&a->number), second = number_whole_value(&b->number);
    return quantity_is_bare(b) && b->number.n_digits == 2 && second > first % 100;
}

static bool same_name(const struct unit_name *a, const struct unit_name *b)
{
    return a->one.len > 0 && str_eq(a->one, b->one);
}

static void share_parts(struct quantity *a, struct quantity *b)
{
    if (a->prefixed && b->currency.one.len == 0) { /* "$5-6 million": the currency is said once, at the end */
        b->currency = a->currency;
        b->prefixed = true;
        a->currency = (struct unit_name){0};
    }
}

static bool joins(const struct reader *r, struct quantity *a, struct quantity *b, size_t dash)
{
    bool spaced = dash > a->end;
    if (b->sign || (a->sign && quantity_is_bare(b)))
        return false;
    if (is_year_span(a, b) || (a->kind == QUANTITY_DECADE && b->kind == QUANTITY_DECADE))
        return true;
    if (spaced)
        return (a->currency.one.len > 0 && b->currency.one.len > 0) || same_name(&a->unit, &b->unit) ||
               (quantity_is_bare(a) && b->unit.one.len > 0);
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
    if ((second > dash + length) != (dash > a->end) || !quantity_scan(r, second, &b) || !joins(r, a, &b, dash) ||
        (word_at(r, b.end) && byte_at(r, b.end - 1) != '%'))
        return 0;
    bool years = is_year_span(a, &b);
    if (!years && a->kind == QUANTITY_YEAR)
        a->kind = QUANTITY_PLAIN;
    if (!years && b.kind == QUANTITY_YEAR)
        b.kind = QUANTITY_PLAIN;
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
    if (!quantity_is_bare(q) || value < 1 || value > 199 || q->number.grouped)
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
    return quantity_is_bare(q) && !q->number.grouped && q->number.n_digits >= 3 && q->number.n_digits <= 4 &&
           q->number.fraction.len == 0 && word_among(previous_word(r, q->start), "boeing airbus flight route highway interstate");
}

static bool is_era(const struct reader *r, const struct quantity *q)
{
    static const char *const ERAS[] = {"AD", "A.D", "BC", "B.C", "CE", "BCE", "B.C.E", "C.E"};
    size_t at = spaces_end(r, q->end);
    for (size_t i = 0; i < sizeof ERAS / sizeof *ERAS; i++) {
        struct str era = str_from(ERAS[i]);
        if (str_starts(str_sub(r->text, at, r->text.len), era) && !word_at(r, at + era.len))
            return quantity_is_bare(q);
    }
    return quantity_is_bare(q) && str_eq_c(previous_word(r, q->start), "AD");
}

static size_t read_one(struct reader *r, struct quantity *q)
{
    /* Letters hang on the digits and no rule knew them: read as a serial. */
    bool plural = byte_at(r, q->end) == 's' && !word_at(r, q->end + 1) && q->number.n_digits > 1;
    if (plural && quantity_is_bare(q) && q->number.fraction.len > 0) { /* "10.49s" */
        q->unit.one = STR("second");
        q->unit.many = STR("seconds");
        q->end++;
        plural = false;
    }
    if (quantity_is_bare(q) && word_at(r, q->end) && !plural && q->number.fraction.len == 0 && !q->number.grouped)
        return serial_read(r, q->start);
    if (q->currency.one.len + q->unit.one.len > 0 && is_adjective(r, q) && !str_eq_c(q->unit.one, "percent"))
        q->singular = true;
    say_open(r);
    if (is_pairs_context(r, q) || (plural && q->number.n_digits == 3) || (is_era(r, q) && q->number.n_digits <= 4))
        number_pairs(&r->out, number_whole(&q->number), r->british);
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
    if (!quantity_scan(r, at, &q))
        return 0;
    if ((end = read_range(r, &q)) > 0 || (end = read_strokes(r, &q)) > 0)
        return end;
    return read_one(r, &q);
}
