#include "article/front.h"

#include <stdint.h>

#include "article/shape.h"

#define MOST_LINES 1000 /* an unclosed "---" is a rule, not the start of a megabyte of front matter */

/* The line at `at` without its line break; *next is the start of the following one. */
static struct str line_at(struct str text, size_t at, size_t *next)
{
    size_t end = at;
    while (end < text.len && text.data[end] != '\n' && text.data[end] != '\r')
        end++;
    *next = end;
    if (*next < text.len && text.data[*next] == '\r')
        ++*next;
    if (*next < text.len && text.data[*next] == '\n' && (*next == end || text.data[*next - 1] == '\r'))
        ++*next;
    return str_sub(text, at, end);
}

static bool is_fence(struct str line, bool closing)
{
    while (line.len && (line.data[line.len - 1] == ' ' || line.data[line.len - 1] == '\t'))
        line.len--;
    return str_eq_c(line, "---") || (closing && str_eq_c(line, "..."));
}

/* "key: value" or "key:"; a key is one word. */
static bool split_pair(struct str line, struct str *key, struct str *value)
{
    line = str_trim(line);
    size_t from = 0;
    if (line.len && (line.data[0] == '"' || line.data[0] == '\'')) { /* "Anna Morozov": woman-2 */
        from = str_find(line, str_sub(line, 0, 1), 1);
        if (from == SIZE_MAX)
            return false;
    }
    size_t colon = str_find(line, STR(":"), from);
    while (colon != SIZE_MAX && colon + 1 < line.len && line.data[colon + 1] != ' ' && line.data[colon + 1] != '\t')
        colon = str_find(line, STR(":"), colon + 1);
    if (colon == SIZE_MAX || colon == 0)
        return false;
    *key = str_trim(str_sub(line, 0, colon));
    *value = str_trim(str_sub(line, colon + 1, line.len));
    return key->len > 0;
}

static struct str unquote(struct str value)
{
    if (value.len >= 2 && (value.data[0] == '"' || value.data[0] == '\'') && value.data[value.len - 1] == value.data[0])
        return str_sub(value, 1, value.len - 1);
    size_t comment = str_find(value, STR(" #"), 0);
    if (comment != SIZE_MAX)
        value = str_trim(str_sub(value, 0, comment));
    return value;
}

/* [Jane Doe, "John Roe"] or - items: the first bracket's insides. */
static struct str unbracket(struct str value)
{
    if (value.len >= 2 && value.data[0] == '[' && value.data[value.len - 1] == ']')
        value = str_trim(str_sub(value, 1, value.len - 1));
    return unquote(value);
}

static bool is_key(struct str key, const char *const *names)
{
    for (; *names; names++)
        if (str_eq_nocase(key, str_from(*names)))
            return true;
    return false;
}

static void take_pair(struct article_builder *builder, struct str key, struct str value, struct str *title)
{
    struct article *article = builder->article;
    struct arena *arena = &article->arena;
    char iso[11];
    size_t start, end;
    if (is_key(key, (const char *const[]){"title", "headline", NULL}) && !article->title.len) {
        *title = value;
        article->title = arena_copy(arena, value);
    } else if (is_key(key, (const char *const[]){"author", "authors", "byline", "by", NULL}) && !article->byline.len) {
        article->byline = arena_copy(arena, unbracket(value));
    } else if (is_key(key, (const char *const[]){"date", "published", "pubdate", "publish_date", NULL}) &&
               !article->published.len) {
        if (date_find(value, iso, &start, &end))
            article->published = arena_copy(arena, str_from(iso));
    } else if (is_key(key, (const char *const[]){"language", "lang", "locale", NULL})) {
        article->language = arena_copy(arena, value);
    } else if (is_key(key, (const char *const[]){"cover", "image", NULL})) {
        article->cover = arena_copy(arena, value);
    } else if (is_key(key, (const char *const[]){"url", "canonical", "source", "link", NULL})) {
        if (str_find(value, STR("://"), 0) != SIZE_MAX)
            article->url = arena_copy(arena, value);
    } else if (is_key(key, (const char *const[]){"site", "publication", "publisher", NULL})) {
        article->site = arena_copy(arena, value);
    }
}

/* Offset of the line that closes the front matter which opens at `from`, and of what follows it. */
static bool find_end(struct str text, size_t from, size_t *close, size_t *after)
{
    size_t next;
    if (!is_fence(line_at(text, from, &next), false))
        return false;
    size_t pairs = 0;
    for (size_t lines = 0, at = next; at < text.len && lines < MOST_LINES; at = next, lines++) {
        struct str key, value, line = line_at(text, at, &next);
        if (is_fence(line, true)) {
            *close = at;
            *after = next;
            return pairs > 0 || lines == 0;
        }
        pairs += split_pair(line, &key, &value);
    }
    return false;
}

bool front_is_there(struct str text)
{
    size_t close, after;
    return find_end(text, str_starts(text, STR("\xEF\xBB\xBF")) ? 3 : 0, &close, &after);
}

size_t front_read(struct article_builder *builder, size_t from, struct str *title)
{
    struct str text = builder->source, parent = {"", 0};
    size_t close, after, next;
    *title = (struct str){"", 0};
    if (!find_end(text, from, &close, &after))
        return from;
    line_at(text, from, &next);
    for (size_t at = next; at < close; at = next) {
        struct str key, value, line = line_at(text, at, &next);
        bool indented = line.len && (line.data[0] == ' ' || line.data[0] == '\t');
        struct str words = str_trim(line);
        if (words.len && (words.data[0] == '#'))
            continue;
        if (words.len > 2 && words.data[0] == '-' && words.data[1] == ' ' &&
            (str_eq_nocase(parent, STR("author")) || str_eq_nocase(parent, STR("authors")))) {
            struct article *article = builder->article;
            struct str name = unquote(str_trim(str_sub(words, 2, words.len)));
            article->byline = article->byline.len && article->byline.len < 400
                                  ? arena_format(&article->arena, "%.*s, %.*s", STR_ARG(article->byline), STR_ARG(name))
                                  : arena_copy(&article->arena, name);
            continue;
        }
        if (!split_pair(line, &key, &value))
            continue;
        value = unquote(value);
        if (indented && str_eq_nocase(parent, STR("voices")))
            builder_pin(builder, unquote(key), value);
        if (indented)
            continue;
        parent = key;
        if (value.len)
            take_pair(builder, key, value, title);
    }
    builder_omit(builder, from, after, "front matter");
    return after;
}
