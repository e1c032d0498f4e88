#include "article/markdown_map.h"

#include <stdint.h>

void markdown_map_init(struct markdown_map *map, struct arena *arena, size_t from)
{
    size_t capacity = 0;
    for (size_t at = from;; at++) {
        size_t *line = arena_push(arena, (void **)&map->lines, &map->n_lines, &capacity, sizeof *line);
        if (!line)
            return;
        *line = at;
        while (at < map->source.len && map->source.data[at] != '\n' && map->source.data[at] != '\r')
            at++;
        if (at >= map->source.len)
            break;
        at += map->source.data[at] == '\r' && at + 1 < map->source.len && map->source.data[at + 1] == '\n';
    }
}

/* Source offset of line `line` (from 1), the end where there is none. */
size_t markdown_line(const struct markdown_map *map, size_t line)
{
    return line >= 1 && line <= map->n_lines ? map->lines[line - 1] : map->source.len;
}

/* Where a paragraph's words begin in one of its later lines: behind quotation signs and indents. */
size_t markdown_content(const struct markdown_map *map, size_t at)
{
    size_t quotes = map->quotes;
    while (at < map->source.len) {
        char c = map->source.data[at];
        if (c == '>' && quotes)
            quotes--;
        else if (c != ' ' && c != '\t')
            break;
        at++;
    }
    return at;
}

bool markdown_is_punctuation(char c)
{
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

/* Bytes of "&name;" or "&#123;" at `at`, 0: none. */
static size_t entity_length(struct str source, size_t at)
{
    for (size_t i = at + 1; i < source.len && i < at + 40; i++) {
        char c = source.data[i];
        if (c == ';')
            return i + 1 - at;
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (c != '#' && !letter && !(c >= '0' && c <= '9'))
            break;
    }
    return 0;
}

static bool step_entity(const struct markdown_map *map, struct str literal, struct markdown_overlay *o,
                        struct markdown_step *step)
{
    size_t len = entity_length(map->source, o->at);
    if (!len)
        return false;
    size_t after = o->at + len, most = literal.len - o->in < 8 ? literal.len - o->in : 8;
    for (size_t n = 1; n <= most; n++) { /* the shortest text after which the source goes on as the literal does */
        size_t rest = literal.len - o->in - n;
        if (rest && (after >= map->source.len || ((unsigned char)literal.data[o->in + n] >> 6 == 2) ||
                     (map->source.data[after] != literal.data[o->in + n] && map->source.data[after] != '&' &&
                      map->source.data[after] != '\\')))
            continue;
        *step = (struct markdown_step){o->at, 0, n};
        o->at = after;
        o->in += n;
        return true;
    }
    return false;
}

bool markdown_step(const struct markdown_map *map, struct str literal, bool code, struct markdown_overlay *o,
                   struct markdown_step *step)
{
    if (o->at >= map->source.len)
        return false;
    char c = map->source.data[o->at], want = literal.data[o->in];
    char next = o->at + 1 < map->source.len ? map->source.data[o->at + 1] : '\0';
    if (code && want == ' ' && (c == '\n' || c == '\r')) {
        o->at += c == '\r' && next == '\n' ? 2 : 1;
        o->at = markdown_content(map, o->at);
        o->in++;
        *step = (struct markdown_step){o->at, 0, 0};
        return true;
    }
    if (!code && c == '\\' && markdown_is_punctuation(next) && next == want) {
        o->at++;
        c = next;
    }
    if (!code && c == '&') {
        size_t len = entity_length(map->source, o->at);
        bool as_written = str_eq(str_sub(map->source, o->at, o->at + len), str_sub(literal, o->in, o->in + len));
        if (len && !as_written)
            return step_entity(map, literal, o, step);
    }
    struct str zero = STR("\xEF\xBF\xBD"); /* what cmark puts in the place of a zero byte */
    if (c == '\0' && str_starts(str_sub(literal, o->in, literal.len), zero)) {
        o->in += zero.len;
        *step = (struct markdown_step){++o->at, 0, 0};
        return true;
    }
    if (c != want)
        return false;
    *step = (struct markdown_step){o->at++, 1, 0};
    o->in++;
    return true;
}

/* Does the literal, or its beginning, fit at `at`? */
static bool fits(const struct markdown_map *map, struct str literal, bool code, size_t at)
{
    struct markdown_overlay o = {.at = at};
    struct markdown_step step;
    for (size_t steps = 0; o.in < literal.len && steps < 24; steps++)
        if (!markdown_step(map, literal, code, &o, &step))
            return false;
    return true;
}

/* Where the literal of `node` begins in the source, SIZE_MAX: not found. */
size_t markdown_locate(const struct markdown_map *map, cmark_node *node, struct str literal, bool code)
{
    size_t line = (size_t)cmark_node_get_start_line(node), column = (size_t)cmark_node_get_start_column(node);
    size_t at = markdown_line(map, line);
    if (column > 0)
        at = line == map->block_line ? at + column - 1
                                     : markdown_content(map, at) + (column > map->block_column ? column - map->block_column : 0);
    if (at >= map->cursor && fits(map, literal, code, at))
        return at;
    for (at = map->cursor; at < map->source.len && at < map->cursor + MARKDOWN_LOOK_AHEAD; at++)
        if (fits(map, literal, code, at))
            return at;
    return SIZE_MAX;
}

/* Bytes of "[^mark]" at `at` of the literal, 0: none. */
size_t markdown_footnote_mark(struct str literal, size_t at)
{
    if (at + 3 >= literal.len + 1 || literal.data[at] != '[' || literal.data[at + 1] != '^')
        return 0;
    for (size_t i = at + 2; i < literal.len && i < at + MARKDOWN_LONGEST_MARK; i++) {
        if (literal.data[i] == ']')
            return i > at + 2 ? i + 1 - at : 0;
        if (literal.data[i] == ' ' || literal.data[i] == '[')
            break;
    }
    return 0;
}
