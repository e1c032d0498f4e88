#include "article/layout.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

#define WIDEST_COLUMN 130 /* nobody breaks lines by hand beyond it */
#define NARROWEST_COLUMN 30

static bool is_closer(unsigned c)
{
    return c == '"' || c == '\'' || c == ')' || c == ']' || c == '*' || c == '_' || c == 0x2019 || c == 0x201D || c == 0xBB ||
           c == 0x203A || c == 0x300D || c == 0x300F || c == 0x201C;
}

unsigned layout_last_char(struct str text)
{
    size_t at = text.len;
    while (at > 0) {
        unsigned c = utf8_decode_before(text, at, &at);
        if (!is_closer(c) && !uni_is_space(c))
            return c;
    }
    return 0;
}

bool layout_is_stop(unsigned c, bool weak)
{
    switch (c) {
    case '.':
    case '!':
    case '?':
    case 0x2026:
    case 0x3002:
    case 0xFF01:
    case 0xFF1F:
    case 0x0964:
    case 0x061F:
    case 0x06D4: return true;
    case ':':
    case ';':
    case ',':
    case 0x3001:
    case 0xFF0C:
    case 0xFF1A:
    case 0xFF1B:
    case 0x060C: return weak;
    default: return false;
    }
}

unsigned layout_rule_of(struct str line, size_t *count)
{
    unsigned sign = 0;
    *count = 0;
    for (size_t at = 0; at < line.len;) {
        unsigned c = utf8_decode(line, at, &at);
        if (uni_is_space(c))
            continue;
        if (uni_is_word(c) || c < ' ' || (sign && c != sign))
            return 0;
        sign = c;
        ++*count;
    }
    return sign;
}

static bool is_bullet(unsigned c)
{
    static const unsigned bullets[] = {'-',    '*',    '+',    0xB7,   0x2022, 0x2023, 0x2043, 0x2013, 0x204C,
                                       0x204D, 0x2219, 0x25A0, 0x25A1, 0x25AA, 0x25AB, 0x25B6, 0x25B8, 0x25BA,
                                       0x25C6, 0x25C7, 0x25CB, 0x25CF, 0x25E6, 0x2605, 0x2606, 0x2713, 0x2714,
                                       0x2726, 0x2727, 0x2794, 0x27A2, 0x27A4, 0x2192, 0xF0B7, 0xF0A7};
    for (size_t i = 0; i < sizeof bullets / sizeof *bullets; i++)
        if (bullets[i] == c)
            return true;
    return false;
}

static size_t skip_space(struct str line, size_t at)
{
    for (size_t next; at < line.len; at = next)
        if (!uni_is_space(utf8_decode(line, at, &next)))
            break;
    return at;
}

struct layout_mark layout_mark_of(struct str line)
{
    struct layout_mark none = {0}, mark = {0};
    if (!line.len)
        return none;
    size_t at, after;
    unsigned c = utf8_decode(line, 0, &at);
    if (is_bullet(c)) {
        after = skip_space(line, at);
        bool sure = c > 0x7F && c != 0x2013; /* a dash needs its space, a bullet does not */
        if (after == line.len || (after == at && !sure))
            return none;
        mark = (struct layout_mark){.len = after, .bullet = c};
        return mark;
    }
    bool round = c == '(';
    at = round ? 1 : 0;
    size_t digits = at;
    while (at < line.len && at - digits < 4 && line.data[at] >= '0' && line.data[at] <= '9')
        mark.ordinal = mark.ordinal * 10 + (line.data[at++] - '0');
    if (at == digits || at - digits > 3 || at >= line.len || mark.ordinal == 0)
        return none;
    if (line.data[at] != ')' && (round || line.data[at] != '.'))
        return none;
    after = skip_space(line, at + 1);
    if (after == at + 1 || after == line.len)
        return none;
    mark.len = after;
    return mark;
}

/* Fills *line from source[start, end). False: it is blank. */
static bool read_line(struct layout_line *line, struct str source, size_t start, size_t end)
{
    *line = (struct layout_line){.start = start, .end = end};
    size_t at = start;
    while (at < end) {
        size_t next;
        unsigned c = utf8_decode(source, at, &next);
        if (c == '>' && line->quoted < 100 && next < end) {
            line->quoted++;
            line->indent = 0;
        } else if (!uni_is_space(c)) {
            break;
        } else {
            line->indent = c == '\t' ? (line->indent + 8) / 8 * 8 : line->indent + (c != 0xFEFF);
        }
        at = next;
    }
    if (at >= end)
        return false;
    struct str words = utf8_trim(str_sub(source, at, end));
    line->start = (size_t)(words.data - source.data);
    line->end = line->start + words.len;
    line->width = line->indent + utf8_count(words);
    return words.len > 0;
}

static void read_lines(struct layout *layout, struct arena *arena, struct str source)
{
    size_t capacity = 0;
    bool blank = true;
    for (size_t at = 0; at < source.len;) {
        size_t end = at;
        while (end < source.len && source.data[end] != '\n' && source.data[end] != '\r' && source.data[end] != '\f')
            end++;
        struct layout_line line;
        bool crlf = end + 1 < source.len && source.data[end] == '\r' && source.data[end + 1] == '\n';
        if (read_line(&line, source, at, end)) {
            struct layout_line *kept = arena_push(arena, (void **)&layout->lines, &layout->n_lines, &capacity, sizeof *kept);
            if (!kept)
                return;
            *kept = line;
            kept->blank_before = blank;
            blank = false;
        } else {
            blank = true;
        }
        at = end + 1 + crlf;
    }
}

static struct str line_text(struct str source, const struct layout_line *line)
{
    return str_sub(source, line->start, line->end);
}

static size_t first_word_width(struct str text)
{
    size_t width = 0;
    for (size_t at = 0; at < text.len; width++)
        if (uni_is_space(utf8_decode(text, at, &at)))
            break;
    return width;
}

static bool starts_lower(struct str text)
{
    for (size_t at = 0; at < text.len;) {
        unsigned c = utf8_decode(text, at, &at);
        if (uni_is_word(c))
            return uni_is_lower(c);
    }
    return false;
}

/* Would the next line's first word have gone beyond the column? */
static bool is_full(const struct layout_line *line, struct str next, size_t column)
{
    return line->width <= column + 2 && line->width + 1 + first_word_width(next) > column;
}

/* The column at which lines are broken by hand, from all pairs of lines with no blank one between. */
static size_t find_column(const struct layout *layout, struct str source)
{
    size_t histogram[WIDEST_COLUMN + 1] = {0}, pairs = 0;
    for (size_t i = 0; i + 1 < layout->n_lines; i++) {
        if (!layout->lines[i + 1].blank_before && layout->lines[i].width <= WIDEST_COLUMN) {
            histogram[layout->lines[i].width]++;
            pairs++;
        }
    }
    size_t column = WIDEST_COLUMN, above = 0;
    while (column > 0 && (above += histogram[column]) * 50 <= pairs) /* one in fifty may stick out */
        column--;
    if (!pairs || column < NARROWEST_COLUMN)
        return 0;
    size_t full = 0, open = 0, lower = 0;
    for (size_t i = 0; i + 1 < layout->n_lines; i++) {
        const struct layout_line *line = &layout->lines[i];
        if (layout->lines[i + 1].blank_before || line->width > WIDEST_COLUMN)
            continue;
        struct str next = line_text(source, line + 1);
        if (!is_full(line, next, column))
            continue;
        full++;
        open += !layout_is_stop(layout_last_char(line_text(source, line)), false);
        lower += starts_lower(next);
    }
    bool enough = full * 10 >= pairs * 6 && open * 2 >= full;
    if (pairs < 4) /* a line is always as long as the longest of one or two */
        enough = enough && lower * 2 >= full && full == pairs && column >= 40;
    return enough ? column : 0;
}

/* Whether line i + 1 goes on with the paragraph of line i. No blank line lies between. */
static bool joins(const struct layout *layout, struct str source, size_t i, const struct layout_line *first)
{
    const struct layout_line *line = &layout->lines[i], *next = line + 1;
    struct str words = line_text(source, line), after = line_text(source, next);
    size_t count;
    if (line->quoted != next->quoted || layout_rule_of(words, &count) || layout_rule_of(after, &count))
        return false;
    struct layout_mark mark = layout_mark_of(after);
    bool lower = starts_lower(after);
    bool dash = (mark.bullet == '-' || mark.bullet == 0x2013) && layout->column && is_full(line, after, layout->column) &&
                !layout_mark_of(line_text(source, first)).len &&
                !layout_is_stop(layout_last_char(words), true); /* a dash of the sentence that came first on its line */
    if ((mark.bullet && !dash) || (mark.ordinal && !lower && layout_mark_of(line_text(source, first)).ordinal))
        return false;
    bool stopped = layout_is_stop(layout_last_char(words), false);
    bool goes_on = lower && !stopped && layout_last_char(words) != ':';
    if (!layout->column)
        return goes_on && !mark.ordinal;
    bool hangs = line == first && layout_mark_of(words).len;
    if (next->indent > line->indent + 1 && !hangs && (stopped || !lower))
        return false; /* an indented first line */
    unsigned last = layout_last_char(words);
    bool open = !stopped && last != ':' && line->width * 10 >= layout->column * 6; /* some programs count bytes, not characters */
    return is_full(line, after, layout->column) || goes_on || open;
}

void layout_find(struct layout *layout, struct arena *arena, struct str source)
{
    *layout = (struct layout){0};
    read_lines(layout, arena, source);
    layout->column = find_column(layout, source);
    size_t capacity = 0;
    for (size_t i = 0; i < layout->n_lines;) {
        size_t last = i;
        while (last + 1 < layout->n_lines && !layout->lines[last + 1].blank_before &&
               joins(layout, source, last, &layout->lines[i]))
            last++;
        struct layout_paragraph *paragraph =
            arena_push(arena, (void **)&layout->paragraphs, &layout->n_paragraphs, &capacity, sizeof *paragraph);
        if (!paragraph)
            return;
        *paragraph = (struct layout_paragraph){i, last, layout->lines[i].start, layout->lines[last].end};
        i = last + 1;
    }
}
