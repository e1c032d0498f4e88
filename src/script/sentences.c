/* Where sentences end.
 *
 * A stop sign ends a sentence unless something says otherwise: what follows begins in lower case, or the stop belongs to an
 * abbreviation, an initial, a list number. What an abbreviation does at a sentence's end is data (abbreviations.tsv, by class),
 * with a list of words that begin sentences and hardly ever stand after an abbreviation in capitals (starters.txt). */
#include "script/quotation.h"

#include <stdint.h>

#include "base/table.h"
#include "base/utf8.h"
#include "script/marks.h"

EMBED(abbreviations, CRIER_SOURCE_DIR "/script/data/abbreviations.tsv")
EMBED(starters, CRIER_SOURCE_DIR "/script/data/starters.txt")

/* A sentence longer than this is cut in pieces, so that no call of an engine is without bounds (code points). */
enum { SENTENCE_LIMIT = 500, PIECE_MIN = 150, PIECE_MAX = 400, MARKS_LIMIT = 16 };
/* Signs without words are joined to a sentence up to this length (bytes). */
enum { JOIN_LIMIT = 1600 };
/* No abbreviation is longer (bytes). */
enum { TOKEN_LIMIT = 24 };

struct cutter {
    struct arena *arena;
    struct str text;
    size_t start, end;
    bool dotted_ordinals; /* "3. Oktober" */
    bool no_capitals;     /* written without capitals: they say nothing about sentence ends */
    struct stretch *list;
    size_t count, capacity;
};

static void add(struct cutter *cutter, size_t start, size_t end)
{
    end = text_back_space(cutter->text, start, end);
    if (start == end)
        return;
    /* signs without a word go with the sentence before them, or before the sentence that follows */
    bool words = text_has_word(cutter->text, start, end);
    struct stretch *last = cutter->count ? &cutter->list[cutter->count - 1] : NULL;
    if (last && (!words || !text_has_word(cutter->text, last->start, last->end))) {
        if (end - last->start <= JOIN_LIMIT) {
            last->end = end;
            return;
        }
        if (!words)
            return;
    }
    struct stretch *fresh =
        arena_push(cutter->arena, (void **)&cutter->list, &cutter->count, &cutter->capacity, sizeof *cutter->list);
    if (fresh)
        *fresh = (struct stretch){start, end};
}

/* How good it is to cut before `at`, where `c` is the sign before it: 0 not at all. */
static int cut_rank(struct str text, unsigned c, size_t at, size_t end)
{
    if (!uni_is_space(text_at(text, at, end)))
        return uni_is_space(c) ? 1 : c >= 0x3001 && c <= 0xFF0C && !uni_is_word(c) ? 2 : 0;
    if (c == ';' || c == ':' || c == 0x61B)
        return 4;
    if (mark_is_dash(c) || mark_stops(c))
        return 3;
    return c == ',' || c == 0x60C ? 2 : 1;
}

/* Adds [start, end), in pieces where it is too long for one. */
static void add_bounded(struct cutter *cutter, size_t start, size_t end)
{
    struct str text = cutter->text;
    for (;;) {
        size_t at = start, best = 0, hard = 0, count = 0;
        int best_rank = 0;
        while (at < end && count < SENTENCE_LIMIT) {
            unsigned c = utf8_decode(text, at, &at);
            count++;
            if (count == PIECE_MAX)
                hard = at;
            if (count < PIECE_MIN || count > PIECE_MAX)
                continue;
            int rank = cut_rank(text, c, at, end);
            if (rank && rank >= best_rank) {
                best_rank = rank;
                best = at;
            }
        }
        if (at >= end) {
            add(cutter, start, end);
            return;
        }
        /* never between a letter and its marks */
        size_t next = hard;
        for (int i = 0; i < MARKS_LIMIT && !best && hard < end && uni_is_letter(text_at(text, hard, end)); i++) {
            unsigned c = utf8_decode(text, hard, &next);
            if (uni_is_upper(c) || uni_is_lower(c) || uni_to_lower(c) != c)
                break;
            hard = next;
        }
        size_t cut = best ? best : hard;
        add(cutter, start, cut);
        start = text_skip_space(text, cut, end);
        if (start >= end)
            return;
    }
}

static bool listed_as(struct str word, const char *class)
{
    struct str found;
    return word_listed(abbreviations(), word, &found) && str_eq_c(found, class);
}

static bool is_time_word(struct str word)
{
    static const char *const words[] = {
        "ET",       "EST",      "EDT",     "CT",        "CST",      "CDT",    "MT",       "MST",       "PT",
        "PST",      "PDT",      "GMT",     "UTC",       "BST",      "CET",    "Eastern",  "Pacific",   "Central",
        "Mountain", "Monday",   "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",    "January",
        "February", "March",    "April",   "May",       "June",     "July",   "August",   "September", "October",
        "November", "December", "Jan",     "Feb",       "Aug",      "Sept",   "Oct",      "Nov",       "Dec"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_c(word, words[i]))
            return true;
    return false;
}

static bool is_digits(struct str s)
{
    for (size_t at = 0; at < s.len;)
        if (!uni_is_digit(utf8_decode(s, at, &at)))
            return false;
    return s.len > 0;
}

static bool is_roman(struct str s)
{
    for (size_t at = 0; at < s.len; at++)
        if (s.data[at] != 'I' && s.data[at] != 'V' && s.data[at] != 'X')
            return false;
    return s.len > 0;
}

/* What stands before the full stop at `stop`, back to a space or an opening sign; too long ones come as "". */
static struct str token_before(const struct cutter *cutter, size_t begin, size_t stop)
{
    size_t at = stop, start;
    while (at > begin) {
        unsigned c = utf8_decode_before(cutter->text, at, &start);
        if (uni_is_space(c) || (mark_opens(c) && !mark_is_apostrophe(c)) || c == 0x201D || c == 0xBB || c == 0x2014 ||
            c == 0x2013 || c == '/')
            break;
        at = start;
        if (stop - at > TOKEN_LIMIT)
            return (struct str){"", 0};
    }
    return str_sub(cutter->text, at, stop);
}

/* What follows a stop: after spaces and opening signs. */
struct follow {
    unsigned c;       /* its first sign that is no opening sign; 0 at the end */
    struct str word;  /* that word, or "" */
    bool quoted;      /* a quotation opens before it */
    bool dashed;      /* a dash stands before it */
    bool abbreviated; /* it is one letter with a full stop: E.T. */
    bool capital, small, digit;
};

static struct follow look_after(const struct cutter *cutter, size_t at)
{
    struct follow follow = {0};
    size_t next = at;
    for (int i = 0; i < 8 && at < cutter->end; i++, at = next) {
        unsigned c = utf8_decode(cutter->text, at, &next);
        if (!uni_is_space(c) && !mark_opens(c) && !mark_is_dash(c))
            break;
        follow.dashed |= mark_is_dash(c);
        follow.quoted |= mark_opens(c) && c != '(' && c != '[';
    }
    follow.c = text_at(cutter->text, at, cutter->end);
    follow.word = text_word_at(cutter->text, at, cutter->end < at + 64 ? cutter->end : at + 64);
    follow.digit = uni_is_number(follow.c);
    follow.abbreviated = follow.word.len == 1 && text_at(cutter->text, at + 1, cutter->end) == '.';
    follow.small = uni_is_lower(follow.c);
    if (follow.small && follow.word.len > 1 && uni_is_upper(text_at(follow.word, 1, follow.word.len)))
        follow.small = false; /* iPhone, eBay */
    follow.capital = uni_is_upper(follow.c);
    return follow;
}

/* A full stop after `token`: does it end the sentence? */
static bool full_stop_ends(const struct cutter *cutter, size_t begin, struct str token, const struct follow *follow)
{
    bool starter = word_listed(starters(), follow->word, NULL);
    bool first = token.data == cutter->text.data + begin;
    if (!token.len)
        return true;
    if (is_digits(token)) {
        if (first && token.len <= 3)
            return false; /* the number of a list or heading */
        return !(cutter->dotted_ordinals && token.len <= 2 && !starter);
    }
    if (first && is_roman(token))
        return false;
    size_t next;
    unsigned c = utf8_decode(token, 0, &next);
    if (next == token.len && uni_is_letter(c)) { /* one letter */
        if (first)
            return false;
        return uni_is_upper(c) ? starter : !follow->digit && follow->capital && c < 0x80;
    }
    if (str_find(token, STR("."), 0) != SIZE_MAX) { /* U.S, a.m, Ph.D, e.g */
        if (str_eq_nocase(token, STR("e.g")) || str_eq_nocase(token, STR("i.e")))
            return false;
        if (str_eq_nocase(token, STR("a.m")) || str_eq_nocase(token, STR("p.m")))
            return !is_time_word(follow->word) && !follow->abbreviated;
        bool acronym = true; /* letters and dots alternate, near enough */
        for (size_t dot = str_find(token, STR("."), 0), last = 0; dot != SIZE_MAX;
             last = dot + 1, dot = str_find(token, STR("."), dot + 1))
            acronym &= dot - last <= 3;
        return !acronym || (starter && !follow->dashed) || follow->digit || (follow->quoted && follow->capital);
    }
    struct str class;
    if (!word_listed(abbreviations(), token, &class))
        return true;
    if (follow->dashed) /* datelines: SELMA, Ala. — The march */
        return false;
    if (str_eq_c(class, "title"))
        return !uni_is_upper(c) && starter; /* "Gen. The", never; "she is a dr. The": rather not */
    if (str_eq_c(class, "number"))
        return !follow->digit && (starter || uni_is_lower(c) || token.len == 2);
    if (str_eq_c(class, "company"))
        return starter || (!follow->capital && !follow->digit) || (uni_is_lower(c) && follow->capital);
    if (str_eq_c(class, "state"))
        return !listed_as(follow->word, "title");
    return true;
}

/* "?" or "!" inside quotation marks that stand in the middle of a sentence: In “Who’s Afraid?” Taylor plays. */
static bool title_goes_on(const struct cutter *cutter, size_t begin, size_t run_end, const struct follow *follow)
{
    unsigned close = text_before(cutter->text, begin, run_end);
    if ((close != '"' && close != 0x201D) || word_listed(starters(), follow->word, NULL) || follow->quoted)
        return false;
    size_t at = run_end - 1, start, limit = run_end > begin + 100 ? run_end - 100 : begin;
    if (close == 0x201D)
        at = run_end - 3;
    while (at > limit) {
        unsigned c = utf8_decode_before(cutter->text, at, &start);
        if (c == 0x201C || (c == '"' && close == '"')) {
            size_t back = text_back_space(cutter->text, begin, start);
            return back < start && uni_is_word(text_before(cutter->text, begin, back));
        }
        at = start;
    }
    return false;
}

/* Nothing but a sign between the stop and the next word: mostly no end, sometimes a lost space ("the end.The next"). */
static bool lost_space(const struct cutter *cutter, struct str token, size_t run_end, unsigned stop)
{
    unsigned c = text_at(cutter->text, run_end, cutter->end);
    if (uni_is_emoji(c))
        return true;
    if ((c == 0x201C || c == 0xAB) && uni_is_upper(look_after(cutter, run_end).c))
        return true;
    if (stop != '.' && stop != '?' && stop != '!')
        return false;
    struct str word = text_word_at(cutter->text, run_end, cutter->end < run_end + 64 ? cutter->end : run_end + 64);
    if (token.len < 3 || !uni_is_upper(c) || str_find(token, STR("."), 0) != SIZE_MAX || str_find(token, STR("@"), 0) != SIZE_MAX)
        return false;
    return uni_is_lower(text_before(token, 0, token.len)) && word_listed(starters(), word, NULL) &&
           uni_is_space(text_at(cutter->text, run_end + word.len, cutter->end));
}

/* The stop signs and closing marks at [stop, run_end): do they end the sentence that began at `begin`? */
static bool ends_sentence(const struct cutter *cutter, size_t begin, size_t stop, size_t run_end)
{
    struct str text = cutter->text;
    unsigned sign = text_at(text, stop, cutter->end);
    if (run_end >= cutter->end || mark_stops_wide(sign))
        return true;
    struct str token = token_before(cutter, begin, stop);
    if (!uni_is_space(text_at(text, run_end, cutter->end)))
        return sign > 0x3000 || lost_space(cutter, token, run_end, sign);
    struct follow follow = look_after(cutter, run_end);
    if (!follow.c)
        return true;
    if (follow.small && !cutter->no_capitals)
        return false;
    bool lone = sign == '.' && !mark_stops(text_at(text, stop + 1, cutter->end));
    if (lone)
        return full_stop_ends(cutter, begin, token, &follow);
    if ((sign == '!' || sign == '?') && title_goes_on(cutter, begin, run_end, &follow))
        return false;
    if (sign == '!' && str_eq_c(token, "Yahoo"))
        return word_listed(starters(), follow.word, NULL);
    return true;
}

/* Past stop signs, closing marks and a footnote mark in brackets. */
static size_t stop_run(const struct cutter *cutter, size_t at)
{
    struct str text = cutter->text;
    size_t next;
    while (at < cutter->end) {
        unsigned c = utf8_decode(text, at, &next);
        if (c == '[') {
            size_t digits = next;
            while (digits < cutter->end && text.data[digits] >= '0' && text.data[digits] <= '9')
                digits++;
            if (digits == next || digits - next > 3 || text_at(text, digits, cutter->end) != ']')
                break;
            next = digits + 1;
        } else if (uni_is_space(c)) { /* ". . ." and "Oui. »" */
            size_t mark_end = next;
            unsigned mark = next < cutter->end ? utf8_decode(text, next, &mark_end) : 0;
            unsigned after = text_at(text, mark_end, cutter->end);
            bool loose_dot = mark == '.' && (!after || uni_is_space(after) || mark_stops(after));
            bool french = mark == 0xBB && !uni_is_word(after);
            if (!loose_dot && !french)
                break;
            next = mark_end;
        } else if (c == 0x201C) { /* closes in German and its neighbours */
            unsigned after = text_at(text, next, cutter->end);
            if (after && !uni_is_space(after) && !mark_stops(after))
                break;
        } else if (c == '"' || c == '\'') {
            unsigned after = text_at(text, next, cutter->end);
            if (uni_is_word(after))
                break;
        } else if (!mark_stops(c) && !mark_closes(c)) {
            break;
        }
        at = next;
    }
    return at;
}

static bool language_is(struct str language, const char *const *list)
{
    struct str base = language;
    for (size_t i = 0; i < language.len; i++)
        if (language.data[i] == '-' || language.data[i] == '_') {
            base.len = i;
            break;
        }
    for (; *list; list++)
        if (str_eq_nocase(base, str_from(*list)))
            return true;
    return false;
}

struct stretch *find_sentences(struct arena *arena, struct str text, size_t start, size_t end, struct str language,
                               size_t *n_sentences)
{
    static const char *const ordinals[] = {"de", "da", "no", "nb", "nn", "fi", "cs", "sk", "pl",
                                           "hu", "sl", "hr", "sr", "et", "lv", "tr", "is", NULL};
    struct cutter cutter = {.arena = arena, .text = text, .start = start, .end = text_back_space(text, start, end)};
    cutter.dotted_ordinals = language_is(language, ordinals);
    size_t at = text_skip_space(text, start, cutter.end), begin = at, next;
    cutter.no_capitals = true;
    for (size_t i = at; i < cutter.end && cutter.no_capitals;)
        cutter.no_capitals = !uni_is_upper(utf8_decode(text, i, &i));
    while (at < cutter.end) {
        if (!mark_stops(utf8_decode(text, at, &next))) {
            at = next;
            continue;
        }
        size_t run_end = stop_run(&cutter, next);
        if (ends_sentence(&cutter, begin, at, run_end)) {
            add_bounded(&cutter, begin, run_end);
            begin = text_skip_space(text, run_end, cutter.end);
        }
        at = run_end;
    }
    if (begin < cutter.end)
        add_bounded(&cutter, begin, cutter.end);
    *n_sentences = cutter.count;
    return cutter.list;
}
