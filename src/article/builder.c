#include "article/builder.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

void builder_init(struct article_builder *builder, struct article *article, struct str source)
{
    *builder = (struct article_builder){.article = article, .source = source, .growing = !source.data};
}

void builder_release(struct article_builder *builder)
{
    if (!builder)
        return;
    buffer_release(&builder->grown);
    buffer_release(&builder->text);
    buffer_release(&builder->runs);
    buffer_release(&builder->spans);
    buffer_release(&builder->omissions);
    *builder = (struct article_builder){0};
}

/* Characters that are not to be spoken and split no word: controls, soft hyphens, marks of direction, byte order marks. Joiners
 * stay, for emoji and the scripts of South Asia and Persia need them. */
static bool is_invisible(unsigned c)
{
    if (c < 0x20 || (c >= 0x7F && c <= 0x9F))
        return !uni_is_space(c);
    return c == 0xAD || c == 0x61C || c == 0x200B || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFD) || (c >= 0xFDD0 && c <= 0xFDEF) ||
           (c >= 0xE000 && c <= 0xF8FF) || (c & 0xFFFE) == 0xFFFE;
}

struct block *builder_open(struct article_builder *builder, enum block_kind kind)
{
    builder_close(builder);
    builder->open = true;
    builder->block = (struct block){.kind = kind};
    return &builder->block;
}

/* The place where the next byte of the open block lies: after the space that is due. In a growing article the space is
 * part of the source too. */
static void flush_space(struct article_builder *builder)
{
    if (!builder->space)
        return;
    builder->space = false;
    if (builder->text.len)
        buffer_byte(&builder->text, ' ');
}

static void start_spans(struct article_builder *builder)
{
    for (size_t kind = 0; kind < BUILDER_SPANS; kind++) {
        if (builder->span[kind].depth && !builder->span[kind].started) {
            builder->span[kind].started = true;
            builder->span[kind].start = builder->text.len;
        }
    }
}

/* `len` bytes of the source at `start`, whose text is `bytes`, that need no change. */
static void extend_run(struct article_builder *builder, const char *bytes, size_t start, size_t len)
{
    size_t at = builder->text.len, n = builder->runs.len / sizeof(struct block_run);
    struct block_run *last = n ? (struct block_run *)(void *)builder->runs.data + n - 1 : NULL;
    buffer_append(&builder->text, bytes, len);
    if (last && last->source_start + last->len == start && last->block_start + last->len == at) {
        last->len += len;
        return;
    }
    struct block_run run = {at, start, len};
    buffer_append(&builder->runs, &run, sizeof run);
}

/* The same for words: after the space that is due, and in the spans that wait for words. */
static void add_run(struct article_builder *builder, const char *bytes, size_t start, size_t len)
{
    if (!len)
        return;
    flush_space(builder);
    start_spans(builder);
    extend_run(builder, bytes, start, len);
}

/* A single space between two words of one line stays in the run, so that most blocks are one run. */
static bool space_is_plain(struct str s, size_t at, const struct article_builder *builder)
{
    if (s.data[at] != ' ' || at + 1 >= s.len || !builder->text.len || builder->space)
        return false;
    size_t next;
    unsigned c = utf8_decode(s, at + 1, &next);
    return !is_invisible(c) && !uni_is_space(c);
}

void builder_source(struct article_builder *builder, size_t start, size_t end)
{
    struct str s = str_sub(builder->source, 0, end);
    if (!builder->open || start >= s.len)
        return;
    size_t from = start; /* start of the stretch that is copied as it is */
    for (size_t at = start, next; at < s.len; at = next) {
        unsigned c = (unsigned char)s.data[at];
        next = at + 1;
        if (c > ' ' && c < 0x7F)
            continue;
        c = utf8_decode(s, at, &next);
        bool invisible = is_invisible(c), space = !invisible && uni_is_space(c);
        if (!invisible && !space)
            continue;
        add_run(builder, s.data + from, from, at - from);
        from = at;
        if (space && space_is_plain(s, at, builder))
            continue;
        builder->space |= space;
        from = next;
    }
    if (from < s.len)
        add_run(builder, s.data + from, from, s.len - from);
    builder->place = s.len > builder->place ? s.len : builder->place;
}

void builder_write(struct article_builder *builder, struct str words)
{
    if (!builder->open)
        return;
    for (size_t at = 0, next; at < words.len; at = next) {
        unsigned c = utf8_decode(words, at, &next);
        if (is_invisible(c))
            continue;
        if (uni_is_space(c)) {
            builder->space = true;
            continue;
        }
        if (builder->space && builder->text.len) {
            builder->space = false;
            size_t place = builder->grown.len;
            buffer_byte(&builder->grown, ' ');
            extend_run(builder, " ", place, 1);
        }
        builder->space = false;
        if (!builder->text.len && builder->grown.len && builder->grown.data[builder->grown.len - 1] != '\n')
            buffer_byte(&builder->grown, '\n');
        size_t place = builder->grown.len;
        buffer_append(&builder->grown, words.data + at, next - at);
        add_run(builder, words.data + at, place, next - at);
    }
}

void builder_glue(struct article_builder *builder, struct str words)
{
    if (!builder->open)
        return;
    for (size_t at = 0, next; at < words.len; at = next) {
        unsigned c = utf8_decode(words, at, &next);
        if (is_invisible(c))
            continue;
        if (uni_is_space(c)) {
            builder->space = true;
            continue;
        }
        flush_space(builder);
        start_spans(builder);
        buffer_append(&builder->text, words.data + at, next - at);
    }
}

void builder_space(struct article_builder *builder)
{
    builder->space = true;
}

void builder_span_open(struct article_builder *builder, enum span_kind kind)
{
    if (builder->span[kind].depth++ == 0)
        builder->span[kind].started = false;
}

void builder_span_close(struct article_builder *builder, enum span_kind kind)
{
    if (!builder->span[kind].depth || --builder->span[kind].depth)
        return;
    if (builder->span[kind].started && builder->span[kind].start < builder->text.len) {
        struct block_span span = {kind, builder->span[kind].start, builder->text.len};
        buffer_append(&builder->spans, &span, sizeof span);
    }
    builder->span[kind].started = false;
}

static int compare_spans(const void *a, const void *b)
{
    const struct block_span *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->end != y->end)
        return x->end > y->end ? -1 : 1;
    return (int)x->kind - (int)y->kind;
}

static void *arena_keep(struct arena *arena, const struct buffer *buffer)
{
    void *copy = arena_alloc(arena, buffer->len);
    if (copy && buffer->len)
        memcpy(copy, buffer->data, buffer->len);
    return copy;
}

bool builder_close(struct article_builder *builder)
{
    if (!builder->open)
        return false;
    for (size_t kind = 0; kind < BUILDER_SPANS; kind++) {
        if (builder->span[kind].depth) {
            builder->span[kind].depth = 1;
            builder_span_close(builder, (enum span_kind)kind);
        }
    }
    builder->open = builder->space = false;
    bool any = builder->text.len > 0;
    if (any && !builder->runs.len && !builder->growing) {
        struct block_run anchor = {0, builder->place, 0};
        buffer_append(&builder->runs, &anchor, sizeof anchor);
    }
    struct arena *arena = &builder->article->arena;
    arena->failed |= builder->text.failed || builder->runs.failed || builder->spans.failed;
    struct block *block =
        any ? arena_push(arena, (void **)&builder->blocks, &builder->n_blocks, &builder->blocks_capacity, sizeof *block) : NULL;
    if (block) {
        *block = builder->block;
        block->text = arena_copy(arena, buffer_view(&builder->text));
        block->n_runs = builder->runs.len / sizeof *block->runs;
        block->runs = arena_keep(arena, &builder->runs);
        block->n_spans = builder->spans.len / sizeof *block->spans;
        if (block->n_spans)
            qsort(builder->spans.data, block->n_spans, sizeof *block->spans, compare_spans);
        block->spans = arena_keep(arena, &builder->spans);
    }
    if (builder->growing && any)
        buffer_byte(&builder->grown, '\n');
    buffer_clear(&builder->text);
    buffer_clear(&builder->runs);
    buffer_clear(&builder->spans);
    return any;
}

void builder_omit(struct article_builder *builder, size_t start, size_t end, const char *reason)
{
    struct omission omission = {start, end, reason};
    if (start < end)
        buffer_append(&builder->omissions, &omission, sizeof omission);
}

void builder_omit_rest(struct article_builder *builder, const char *reason)
{
    builder->rest_reason = reason;
}

void builder_omit_text(struct article_builder *builder, struct str words, const char *reason)
{
    bool inside = builder->open && builder->text.len;
    if (builder->grown.len && (unsigned char)builder->grown.data[builder->grown.len - 1] > ' ')
        buffer_byte(&builder->grown, inside ? ' ' : '\n');
    size_t start = builder->grown.len;
    bool space = false;
    for (size_t at = 0, next; at < words.len; at = next) {
        unsigned c = utf8_decode(words, at, &next);
        if (is_invisible(c))
            continue;
        if (uni_is_space(c)) {
            space = builder->grown.len > start;
            continue;
        }
        if (space)
            buffer_byte(&builder->grown, ' ');
        space = false;
        buffer_append(&builder->grown, words.data + at, next - at);
    }
    builder_omit(builder, start, builder->grown.len, reason);
    if (builder->grown.len > start)
        buffer_byte(&builder->grown, inside ? ' ' : '\n');
}

void builder_warn(struct article_builder *builder, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (len < 0)
        return;
    struct str words = str_from(text);
    for (size_t i = 0; i < builder->n_warnings; i++)
        if (str_eq(builder->warnings[i], words))
            return;
    struct str *warning = arena_push(&builder->article->arena, (void **)&builder->warnings, &builder->n_warnings,
                                     &builder->warnings_capacity, sizeof *warning);
    if (warning)
        *warning = arena_copy(&builder->article->arena, words);
}

struct str builder_words(struct arena *arena, struct str words)
{
    bool plain = true, space = true; /* a space is not wanted now */
    for (size_t at = 0; at < words.len && plain;) {
        unsigned c = utf8_decode(words, at, &at);
        plain = !is_invisible(c) && (!uni_is_space(c) || (c == ' ' && !space));
        space = c == ' ';
    }
    if (plain && (!space || !words.len))
        return words;
    char *out = arena_alloc(arena, words.len + 1);
    struct str result = {"", 0};
    if (!out)
        return result;
    size_t len = 0;
    space = false;
    for (size_t at = 0, next; at < words.len; at = next) {
        unsigned c = utf8_decode(words, at, &next);
        if (is_invisible(c))
            continue;
        if (uni_is_space(c)) {
            space = len > 0;
            continue;
        }
        if (space)
            out[len++] = ' ';
        space = false;
        memcpy(out + len, words.data + at, next - at);
        len += next - at;
    }
    out[len] = '\0';
    return (struct str){out, len};
}

void builder_pin(struct article_builder *builder, struct str speaker, struct str voice)
{
    struct article *article = builder->article;
    struct voice_pin *pin =
        arena_push(&article->arena, (void **)&builder->pins, &article->n_pins, &builder->pins_capacity, sizeof *pin);
    article->pins = builder->pins;
    if (pin)
        *pin = (struct voice_pin){builder_words(&article->arena, arena_copy(&article->arena, speaker)),
                                  builder_words(&article->arena, arena_copy(&article->arena, voice))};
}

static int compare_omissions(const void *a, const void *b)
{
    const struct omission *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->end != y->end)
        return x->end > y->end ? -1 : 1;
    return strcmp(x->reason, y->reason);
}

static bool has_word(struct str s)
{
    for (size_t at = 0; at < s.len;)
        if (uni_is_word(utf8_decode(s, at, &at)))
            return true;
    return false;
}

/* Walks the runs of all blocks in order. */
struct run_walk {
    const struct article_builder *builder;
    size_t block, run;
};

static const struct block_run *run_now(struct run_walk *walk)
{
    while (walk->block < walk->builder->n_blocks && walk->run >= walk->builder->blocks[walk->block].n_runs) {
        walk->block++;
        walk->run = 0;
    }
    return walk->block < walk->builder->n_blocks ? &walk->builder->blocks[walk->block].runs[walk->run] : NULL;
}

struct omission_list {
    struct omission *items;
    size_t count, capacity;
};

/* Keeps what there is to tell of [start, end): white space at its ends is not. `cut`: only a rest of what was asked for,
 * which is worth an entry only if there is a word in it. */
static void keep_omission(struct article_builder *builder, struct omission_list *list, struct omission omission, bool cut)
{
    struct str text = str_sub(builder->source, omission.start, omission.end);
    struct str trimmed = utf8_trim(text);
    if (!trimmed.len || (cut && !has_word(trimmed)))
        return;
    struct omission *kept =
        arena_push(&builder->article->arena, (void **)&list->items, &list->count, &list->capacity, sizeof *kept);
    if (!kept)
        return;
    *kept = omission;
    kept->start += (size_t)(trimmed.data - text.data);
    kept->end = kept->start + trimmed.len;
}

/* The part of an omission from `from` on that no run takes. Returns where it ends. */
static void cut_omission(struct article_builder *builder, struct run_walk *walk, struct omission_list *list,
                         struct omission omission, size_t from)
{
    bool cut = from > omission.start;
    const struct block_run *run;
    while ((run = run_now(walk)) && run->source_start < omission.end) {
        if (run->source_start + run->len > from) {
            cut = true;
            if (run->source_start > from)
                keep_omission(builder, list, (struct omission){from, run->source_start, omission.reason}, true);
            from = run->source_start + run->len;
        }
        if (from >= omission.end)
            return; /* the run may cover the start of the next omission as well */
        walk->run++;
    }
    if (from < omission.end)
        keep_omission(builder, list, (struct omission){from, omission.end, omission.reason}, cut);
}

static void settle_omissions(struct article_builder *builder)
{
    struct omission *given = (struct omission *)(void *)builder->omissions.data;
    size_t n = builder->omissions.len / sizeof *given;
    struct omission_list list = {0};
    struct run_walk walk = {.builder = builder};
    if (n)
        qsort(given, n, sizeof *given, compare_omissions);
    size_t last_end = 0;
    for (size_t i = 0; i < n; i++) {
        given[i].end = given[i].end < builder->source.len ? given[i].end : builder->source.len;
        size_t from = given[i].start > last_end ? given[i].start : last_end;
        if (from >= given[i].end)
            continue;
        cut_omission(builder, &walk, &list, given[i], from);
        last_end = given[i].end;
    }
    builder->article->omissions = list.items;
    builder->article->n_omissions = list.count;
}

/* Fills the gaps between runs and omissions, where there is a word in them. */
static void omit_gaps(struct article_builder *builder)
{
    struct omission_list list = {0};
    struct run_walk walk = {.builder = builder};
    const struct article *article = builder->article;
    size_t at = 0, i = 0;
    for (;;) {
        const struct block_run *run = run_now(&walk);
        const struct omission *omission = i < article->n_omissions ? &article->omissions[i] : NULL;
        bool take_run = run && (!omission || run->source_start < omission->start);
        size_t start = take_run ? run->source_start : omission ? omission->start : builder->source.len;
        if (start > at)
            keep_omission(builder, &list, (struct omission){at, start, builder->rest_reason}, true);
        if (!run && !omission)
            break;
        size_t end = take_run ? run->source_start + run->len : omission->end;
        if (take_run)
            walk.run++;
        else {
            keep_omission(builder, &list, *omission, false);
            i++;
        }
        at = end > at ? end : at;
    }
    builder->article->omissions = list.items;
    builder->article->n_omissions = list.count;
}

enum status builder_finish(struct article_builder *builder, struct problem *problem)
{
    struct article *article = builder->article;
    builder_close(builder);
    if (builder->growing) {
        article->arena.failed |= builder->grown.failed;
        builder->source = arena_copy(&article->arena, buffer_view(&builder->grown));
    }
    article->arena.failed |= builder->omissions.failed;
    if (arena_failed(&article->arena))
        return problem_no_memory(problem);
    article->text = builder->source;
    article->blocks = builder->blocks;
    article->n_blocks = builder->n_blocks;
    article->warnings = builder->warnings;
    article->n_warnings = builder->n_warnings;
    settle_omissions(builder);
    if (builder->rest_reason)
        omit_gaps(builder);
    if (arena_failed(&article->arena))
        return problem_no_memory(problem);
    for (size_t i = 0; i < article->n_blocks; i++)
        if (has_word(article->blocks[i].text))
            return STATUS_OK;
    return problem_set(problem, STATUS_BAD_DATA, article->source, 0, "there is no text to speak in it");
}
