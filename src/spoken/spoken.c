#include "spoken/spoken.h"

#include <stdlib.h>
#include <string.h>

#include "spoken/reader.h"

void say_open(struct reader *r)
{
    words_space(&r->out);
    r->open = r->out.len;
}

void say_close(struct reader *r, size_t start, size_t end)
{
    if (r->out.failed || r->out.len <= r->open)
        return;
    if (r->n_parts == r->capacity) {
        size_t capacity = r->capacity ? 2 * r->capacity : 64;
        struct spoken_part *grown = realloc(r->parts, capacity * sizeof *grown);
        if (!grown) {
            r->out.failed = true;
            return;
        }
        r->parts = grown;
        r->capacity = capacity;
    }
    r->parts[r->n_parts++] = (struct spoken_part){(uint32_t)r->open, (uint32_t)r->out.len, (uint32_t)start, (uint32_t)end};
    r->open = r->out.len;
}

void say(struct reader *r, size_t start, size_t end, struct str words)
{
    if (words.len == 0)
        return;
    say_open(r);
    buffer_str(&r->out, words);
    say_close(r, start, end);
}

void say_c(struct reader *r, size_t start, size_t end, const char *words)
{
    say(r, start, end, str_from(words));
}

void say_mark(struct reader *r, char mark)
{
    if (r->out.failed || r->n_parts == 0)
        return;
    while (r->out.len > 0 && r->out.data[r->out.len - 1] == ' ')
        r->out.len--;
    char last = r->out.data[r->out.len - 1];
    bool stop = mark == '.' || mark == '!' || mark == '?';
    if (last == '.' || last == '!' || last == '?')
        return;
    if (last == ',' || last == ';' || last == ':') {
        if (!stop)
            return;
        r->out.len--;
    }
    buffer_byte(&r->out, mark);
}

bool word_at(const struct reader *r, size_t at)
{
    size_t next;
    return at < r->text.len && uni_is_word(utf8_decode(r->text, at, &next));
}

bool word_before(const struct reader *r, size_t at)
{
    size_t start;
    return at > 0 && uni_is_word(utf8_decode_before(r->text, at, &start));
}

size_t apostrophe_at(const struct reader *r, size_t at)
{
    if (byte_at(r, at) == '\'')
        return 1;
    return str_starts(str_sub(r->text, at, at + 3), STR("\xE2\x80\x99")) ? 3 : 0;
}

size_t dash_at(const struct reader *r, size_t at)
{
    char c = byte_at(r, at);
    if (c == '-')
        return 1;
    if ((unsigned char)c != 0xE2)
        return 0;
    size_t next;
    unsigned code = utf8_decode(r->text, at, &next);
    return (code >= 0x2010 && code <= 0x2014) || code == 0x2212 ? next - at : 0;
}

size_t letters_end(const struct reader *r, size_t at, bool apostrophes)
{
    while (at < r->text.len) {
        char c = r->text.data[at];
        size_t next = at + 1;
        if (!is_alpha(c) && !((unsigned char)c >= 0x80 && uni_is_letter(utf8_decode(r->text, at, &next)))) {
            size_t mark = apostrophes ? apostrophe_at(r, at) : 0, after;
            if (mark == 0 || at + mark >= r->text.len || !word_before(r, at) ||
                !uni_is_letter(utf8_decode(r->text, at + mark, &after)))
                break;
            next = at + mark;
        }
        at = next;
    }
    return at;
}

size_t digits_end(const struct reader *r, size_t at)
{
    while (is_digit(byte_at(r, at)))
        at++;
    return at;
}

size_t spaces_end(const struct reader *r, size_t at)
{
    size_t next;
    while (at < r->text.len && uni_is_space(utf8_decode(r->text, at, &next)))
        at = next;
    return at;
}

static size_t last_word_end(struct str text)
{
    for (size_t at = text.len, start; at > 0; at = start)
        if (uni_is_word(utf8_decode_before(text, at, &start)))
            return at;
    return 0;
}

/* Text in another language than English: the engine reads its figures, so words and figures are copied. */
static size_t copy_read(struct reader *r, size_t at)
{
    size_t end = at, next;
    while (end < r->text.len) {
        unsigned c = utf8_decode(r->text, end, &next);
        bool joins = c == '\'' || c == 0x2019 || c == '-' || c == '.' || c == ',' || c == ':' || c == '/';
        if (!uni_is_word(c) && !(joins && word_at(r, next) && end > at && word_before(r, end)))
            break;
        end = next;
    }
    if (end == at)
        return 0;
    say(r, at, end, str_sub(r->text, at, end));
    return end;
}

/* Is the sentence set in capitals? A few small letters may stand among them ("McDONALD"). */
static bool is_shouting(struct str text)
{
    size_t upper = 0, lower = 0, words = 0;
    bool inside = false;
    for (size_t i = 0; i < text.len; i++) {
        upper += is_upper(text.data[i]);
        lower += is_lower(text.data[i]);
        words += is_alpha(text.data[i]) && !inside;
        inside = is_alpha(text.data[i]);
    }
    return words >= 3 && upper >= 8 && lower * 8 < upper;
}

static void read_all(struct reader *r)
{
    for (size_t at = 0; at < r->text.len && !r->out.failed;) {
        size_t next, end = 0;
        unsigned c = utf8_decode(r->text, at, &next);
        bool word = uni_is_word(c);
        if (uni_is_space(c)) {
            at = next;
            continue;
        }
        if (r->english && (at == 0 || !word_before(r, at)))
            end = address_read(r, at);
        if (end == 0 && word && !word_before(r, at))
            end = lexicon_read(r, at);
        if (end == 0 && !r->english)
            end = copy_read(r, at);
        if (end == 0 && r->english)
            end = figure_read(r, at);
        if (end == 0 && word && r->english)
            end = word_read(r, at);
        at = end > at ? end : symbol_read(r, at);
    }
}

struct spoken spoken_form(struct arena *arena, struct str text, const struct spoken_context *context)
{
    struct str language = context->language;
    bool english = language.len == 0 || (language.len >= 2 && str_eq_nocase(str_sub(language, 0, 2), STR("en")) &&
                                         (language.len == 2 || language.data[2] == '-'));
    bool american = language.len <= 2 || str_eq_nocase(language, STR("en-US")) || str_eq_nocase(language, STR("en-CA"));
    struct reader r = {.arena = arena, .context = context, .text = text, .english = english, .british = english && !american};
    r.sentence_end = last_word_end(text);
    r.shouting = is_shouting(text);
    read_all(&r);
    if (r.out.failed)
        arena->failed = true;
    struct spoken_part *parts = arena_array(arena, r.n_parts, sizeof *parts);
    if (parts && r.n_parts)
        memcpy(parts, r.parts, r.n_parts * sizeof *parts);
    struct spoken spoken = {.words = arena_copy(arena, buffer_view(&r.out)), .parts = parts, .n_parts = r.n_parts};
    buffer_release(&r.out);
    free(r.parts);
    if (arena_failed(arena))
        spoken = (struct spoken){.words = STR("")};
    return spoken;
}
