/* Quotations: pairs of marks first, then which of them are speech.
 *
 * Only outermost quotations count; what is nested lies inside its voice. Marks come in families (double, guillemets, single,
 * corner) that do not close each other. A mark that is never closed ends with its paragraph at the latest; where the next
 * paragraph opens with a mark again the quotation runs on (the printers' custom), else the mark is dropped or, where what
 * follows is clearly a sentence that somebody said, taken to the paragraph's end. Pairs are found in one pass over the marks. */
#include <stdint.h>

#include "base/utf8.h"
#include "script/marks.h"
#include "script/quotation.h"
#include "script/speech.h"
#include "script/turns.h"

enum family { DOUBLE, GUILLEMET, SINGLE, CORNER, WHITE_CORNER, FAMILY_COUNT };

struct mark {
    size_t at, end;
    enum family family;
    unsigned c;        /* '"' stands for '' too, 0x201C for `` */
    bool free_before;  /* nothing, space or an opening sign stands before it */
    bool free_after;   /* nothing, space or punctuation stands after it */
    bool space_after;  /* nothing or space */
    size_t next_curly; /* index of the next “ or ”, of the next " (itself included): DOUBLE only */
    size_t next_straight;
};

struct finder {
    struct arena *arena;
    const struct article *article;
    struct mark *marks;
    size_t n_marks, mark_capacity;
    struct quotation *list;
    size_t count, capacity;
    size_t running; /* quotation of the block before that has no closing mark, or SIZE_MAX */
};

/* ---- marks ------------------------------------------------------------------------------------------------------ */

static bool is_elision(struct str text, size_t at)
{
    static const char *const words[] = {"em",    "til",  "till", "tis", "twas", "cause", "n",
                                        "round", "bout", "cos",  "cuz", "nuff", "s"};
    if (at < text.len && text.data[at] >= '0' && text.data[at] <= '9') { /* ’90s */
        size_t digits = at;
        while (digits < text.len && text.data[digits] >= '0' && text.data[digits] <= '9')
            digits++;
        return digits - at == 2;
    }
    struct str word = text_word_at(text, at, text.len < at + 16 ? text.len : at + 16);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(word, str_from(words[i])))
            return true;
    return false;
}

static bool classify_mark(struct str text, size_t at, size_t *end, unsigned *sign, enum family *family)
{
    unsigned c = utf8_decode(text, at, end);
    *sign = c;
    switch (c) {
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x201F:
    case 0x2033: *family = DOUBLE; return c != 0x2033;
    case '"':
    case 0xFF02:
        *sign = '"';
        *family = DOUBLE;
        return true;
    case '`':
        if (text_at(text, *end, text.len) != '`')
            return false;
        ++*end;
        *sign = 0x201C;
        *family = DOUBLE;
        return true;
    case '\'':
        if (text_at(text, *end, text.len) == '\'') {
            ++*end;
            *sign = '"';
            *family = DOUBLE;
            return true;
        }
        *family = SINGLE;
        return true;
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x201B: *family = SINGLE; return true;
    case 0xAB:
    case 0xBB: *family = GUILLEMET; return true;
    case 0x300C:
    case 0x300D: *family = CORNER; return true;
    case 0x300E:
    case 0x300F: *family = WHITE_CORNER; return true;
    default: return false;
    }
}

static void collect_marks(struct finder *finder, struct str text)
{
    finder->n_marks = 0;
    size_t end;
    unsigned before = 0;
    for (size_t at = 0; at < text.len; at = end) {
        struct mark mark = {.at = at};
        unsigned c = utf8_decode(text, at, &end);
        bool found = (c == '"' || c == '\'' || c == '`' || c == 0xAB || c == 0xBB || c >= 0x2018) &&
                     classify_mark(text, at, &end, &mark.c, &mark.family);
        if (found) {
            mark.end = end;
            unsigned after = text_at(text, end, text.len);
            mark.free_before = !before || uni_is_space(before) || before == '(' || before == '[' || before == '/' ||
                               (mark_is_dash(before)) || (mark_opens(before) && before != '"' && before != '\'');
            mark.space_after = !after || uni_is_space(after);
            mark.free_after = mark.space_after || (!uni_is_word(after) && !mark_opens(after) && !uni_is_symbol(after)) ||
                              after == ')' || after == ']';
            struct mark *fresh =
                arena_push(finder->arena, (void **)&finder->marks, &finder->n_marks, &finder->mark_capacity, sizeof *fresh);
            if (!fresh)
                return;
            *fresh = mark;
        }
        before = c;
    }
    size_t curly = SIZE_MAX, straight = SIZE_MAX;
    for (size_t i = finder->n_marks; i-- > 0;) {
        struct mark *mark = &finder->marks[i];
        if (mark->family == DOUBLE)
            *(mark->c == '"' ? &straight : &curly) = i;
        mark->next_curly = curly;
        mark->next_straight = straight;
    }
}

/* ---- pairs ------------------------------------------------------------------------------------------------------ */

static bool may_open(const struct mark *mark, struct str text)
{
    switch (mark->c) {
    case 0x201C:
    case 0x201E:
    case 0x201F:
    case 0xAB:
    case 0x300C:
    case 0x300E: return true;
    case 0x201D:
    case 0xBB: /* ”so in Swedish”, »so in Danish« */ return mark->free_before && !mark->space_after;
    case '"': return mark->free_before || !mark->free_after;
    case 0x2018:
    case 0x201A:
    case 0x201B:
    case '\'': return mark->free_before && !mark->space_after && !is_elision(text, mark->end);
    default: return false;
    }
}

static bool straight_closes(const struct mark *mark)
{
    return !mark->free_before || mark->space_after;
}

/* Index of the mark that closes the double mark `open`; SIZE_MAX where none does. *reopened: index of an opening mark that
 * comes first, SIZE_MAX where none. */
static size_t close_double(const struct finder *finder, size_t open, size_t *reopened)
{
    const struct mark *marks = finder->marks;
    unsigned c = marks[open].c;
    *reopened = SIZE_MAX;
    if (open + 1 >= finder->n_marks)
        return SIZE_MAX;
    if (c != '"') {
        size_t k = marks[open + 1].next_curly;
        if (k != SIZE_MAX && (marks[k].c == 0x201D || (marks[k].c == 0x201C && c == 0x201E && !marks[k].free_before)))
            return k;
        if (k != SIZE_MAX && marks[k].c == 0x201C && c == 0x201D)
            return SIZE_MAX;
        size_t s = marks[open + 1].next_straight; /* “wrongly closed" */
        while (s != SIZE_MAX && (k == SIZE_MAX || s < k)) {
            if (straight_closes(&marks[s]))
                return s;
            s = s + 1 < finder->n_marks ? marks[s + 1].next_straight : SIZE_MAX;
        }
        *reopened = k;
        return SIZE_MAX;
    }
    size_t s = marks[open + 1].next_straight, k = marks[open + 1].next_curly;
    if (s != SIZE_MAX && straight_closes(&marks[s]))
        return s;
    if (k != SIZE_MAX && marks[k].c == 0x201D && (s == SIZE_MAX || k < s))
        return k; /* "wrongly closed” */
    *reopened = s;
    return SIZE_MAX;
}

static bool single_closes(const struct mark *mark)
{
    return (mark->c == 0x2019 || mark->c == '\'' || mark->c == 0x2018) && !mark->free_before && mark->free_after;
}

/* As close_double for single marks, where a closing mark may be an apostrophe. */
static size_t close_single(const struct finder *finder, struct str text, size_t open, size_t *reopened)
{
    const struct mark *marks = finder->marks;
    size_t weak = SIZE_MAX, doubles = 0;
    *reopened = SIZE_MAX;
    for (size_t k = open + 1; k < finder->n_marks; k++) {
        if (marks[k].family == DOUBLE)
            doubles++;
        if (marks[k].family != SINGLE)
            continue;
        if (single_closes(&marks[k])) {
            unsigned before = text_before(text, marks[open].end, marks[k].at);
            bool possessive =
                uni_is_word(before) && (before == 's' || before == 'S' || before == 'n' || before == 'z') && marks[k].space_after;
            if (possessive && weak == SIZE_MAX && doubles % 2 == 0)
                weak = k;
            if (!possessive && doubles % 2 == 0)
                return k;
            if (!possessive && weak == SIZE_MAX) { /* it would tear a double pair apart */
                *reopened = k;
                return SIZE_MAX;
            }
            if (!possessive)
                return weak;
        } else if (may_open(&marks[k], text)) {
            *reopened = k;
            return weak;
        }
    }
    return weak;
}

static size_t close_simple(const struct finder *finder, size_t open)
{
    const struct mark *marks = finder->marks;
    unsigned c = marks[open].c, want = c == 0xBB ? 0xAB : c == 0xAB ? 0xBB : c + 1;
    for (size_t k = open + 1; k < finder->n_marks; k++)
        if (marks[k].c == want)
            return k;
    return SIZE_MAX;
}

/* ---- regions ---------------------------------------------------------------------------------------------------- */

static struct quotation *append(struct finder *finder, size_t block, size_t start, size_t end, size_t inner_start,
                                size_t inner_end)
{
    struct str text = finder->article->blocks[block].text;
    inner_start = text_skip_space(text, inner_start, inner_end);
    inner_end = text_back_space(text, inner_start, inner_end);
    if (!text_has_word(text, inner_start, inner_end))
        return NULL;
    struct quotation *q = arena_push(finder->arena, (void **)&finder->list, &finder->count, &finder->capacity, sizeof *q);
    if (q)
        *q = (struct quotation){.block = block,
                                .start = start,
                                .end = end,
                                .inner_start = inner_start,
                                .inner_end = inner_end,
                                .continues = SIZE_MAX,
                                .speaker = SCRIPT_NOBODY,
                                .mention = {"", 0}};
    return q;
}

static bool opens_with(const struct article *article, size_t block, enum family family)
{
    if (block >= article->n_blocks || article->blocks[block].kind != BLOCK_PARAGRAPH)
        return false;
    size_t end;
    unsigned sign;
    enum family found;
    struct str text = article->blocks[block].text;
    if (!classify_mark(text, 0, &end, &sign, &found) || found != family)
        return false;
    struct mark mark = {.end = end, .c = sign, .family = found, .free_before = true};
    mark.space_after = end >= text.len || uni_is_space(text_at(text, end, text.len));
    return may_open(&mark, text) || sign == 0xBB;
}

/* A mark without its partner: does the quotation run on in the next paragraph, or to the end of this one? */
static void take_open_end(struct finder *finder, size_t block, size_t i)
{
    struct str text = finder->article->blocks[block].text;
    const struct mark *mark = &finder->marks[i];
    bool runs_on = finder->article->blocks[block].kind == BLOCK_PARAGRAPH && opens_with(finder->article, block + 1, mark->family);
    if (!runs_on && (mark->family != DOUBLE || !speech_left_open(text, mark->at, mark->end)))
        return;
    size_t end = runs_on ? text.len : speech_open_end(text, mark->end);
    struct quotation *q = append(finder, block, mark->at, end, mark->end, end);
    if (!q)
        return;
    q->opens_only = true;
    if (mark->at == 0 && finder->running != SIZE_MAX)
        q->continues = finder->running;
    finder->running = runs_on ? finder->count - 1 : SIZE_MAX;
}

static void find_pairs(struct finder *finder, size_t block)
{
    struct str text = finder->article->blocks[block].text;
    bool given_up[FAMILY_COUNT + 1] = {false}; /* the last: straight double marks */
    size_t running = finder->running, next;
    finder->running = SIZE_MAX;
    collect_marks(finder, text);
    for (size_t i = 0; i < finder->n_marks; i = next) {
        const struct mark *mark = &finder->marks[i];
        size_t style = mark->c == '"' ? FAMILY_COUNT : mark->family;
        next = i + 1;
        if (given_up[style] || !may_open(mark, text)) {
            if (!(i == 0 && mark->c == 0xBB && running != SIZE_MAX)) /* French paragraphs go on after » */
                continue;
        }
        size_t reopened = SIZE_MAX, close = mark->family == DOUBLE   ? close_double(finder, i, &reopened)
                                            : mark->family == SINGLE ? close_single(finder, text, i, &reopened)
                                                                     : close_simple(finder, i);
        if (close == SIZE_MAX && reopened != SIZE_MAX)
            continue; /* never closed: the next opening mark starts anew */
        if (close == SIZE_MAX) {
            finder->running = mark->at == 0 ? running : SIZE_MAX;
            take_open_end(finder, block, i);
            if (finder->count && finder->list[finder->count - 1].block == block &&
                finder->list[finder->count - 1].start == mark->at)
                return;
            finder->running = SIZE_MAX;
            given_up[style] = true;
            continue;
        }
        struct quotation *q = append(finder, block, mark->at, finder->marks[close].end, mark->end, finder->marks[close].at);
        if (q && mark->at == 0)
            q->continues = running;
        next = close + 1;
    }
}

/* A paragraph that is somebody's words as a whole. */
static void add_whole(struct finder *finder, size_t block, const struct turn *turn)
{
    struct str text = finder->article->blocks[block].text;
    size_t before = finder->count;
    struct quotation *q = append(finder, block, turn->start, text.len, turn->start, text.len);
    if (!q)
        return;
    q->whole_block = true;
    q->label_start = turn->label_start;
    q->label_end = turn->label_end;
    if (turn->kind == TURN_CONTINUED && before && finder->list[before - 1].whole_block)
        q->continues = before - 1;
}

static void add_dashed(struct finder *finder, size_t block, const struct turn *turn)
{
    struct str text = finder->article->blocks[block].text;
    size_t at = turn->start, start, end;
    while (next_dashed_speech(text, &at, &start, &end)) {
        struct quotation *q = append(finder, block, start, end, start, end);
        if (!q)
            continue;
        q->whole_block = true;
        q->end = q->inner_end;
    }
}

static void find_in_block(struct finder *finder, size_t block, const struct turn *turn)
{
    enum block_kind kind = finder->article->blocks[block].kind;
    if (turn->kind == TURN_NONE && (kind == BLOCK_PARAGRAPH || kind == BLOCK_ITEM || kind == BLOCK_CAPTION)) {
        find_pairs(finder, block);
        return;
    }
    finder->running = SIZE_MAX;
    if (turn->kind == TURN_LABELLED || turn->kind == TURN_CONTINUED || turn->kind == TURN_QUOTED)
        add_whole(finder, block, turn);
    else if (turn->kind == TURN_DASHED)
        add_dashed(finder, block, turn);
}

struct quotation *find_quotations(struct arena *arena, const struct article *article, size_t *n_quotations)
{
    struct finder finder = {.arena = arena, .article = article, .running = SIZE_MAX};
    struct turn *turns = find_turns(arena, article);
    for (size_t i = 0; turns && i < article->n_blocks; i++)
        find_in_block(&finder, i, &turns[i]);
    for (size_t i = 0; i < finder.count; i++)
        finder.list[i].speech = is_speech(article, finder.list, i);
    *n_quotations = finder.count;
    if (!finder.list)
        finder.list = arena_array(arena, 1, sizeof *finder.list);
    return arena_failed(arena) ? NULL : finder.list;
}
