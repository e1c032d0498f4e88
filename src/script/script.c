#include "script/script.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "script/quotation.h"
#include "script/segments.h"

static struct str user_or(struct arena *arena, const char *user, struct str ours)
{
    return user && *user ? arena_copy(arena, str_from(user)) : ours;
}

static int compare_omissions(const void *a, const void *b)
{
    const struct omission *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

static void add_article_omissions(struct builder *builder)
{
    const struct article *article = builder->article;
    for (size_t i = 0; i < article->n_omissions; i++) {
        struct omission *omission = arena_push(builder->arena, (void **)&builder->omissions, &builder->n_omissions,
                                               &builder->omission_capacity, sizeof *omission);
        if (!omission)
            return;
        *omission = article->omissions[i];
    }
    if (builder->n_omissions)
        qsort(builder->omissions, builder->n_omissions, sizeof *builder->omissions, compare_omissions);
}

/* A section starts with each heading that is spoken, and one before the first of them where something stands there. */
static void open_section(struct builder *builder, struct str title, int level, size_t first_segment)
{
    if (builder->n_sections) {
        struct section *last = &builder->sections[builder->n_sections - 1];
        last->n_segments = first_segment - last->first_segment;
    }
    struct section *section = arena_push(builder->arena, (void **)&builder->sections, &builder->n_sections,
                                         &builder->section_capacity, sizeof *section);
    if (section)
        *section = (struct section){title, level, first_segment, builder->n_segments - first_segment};
}

static void add_blocks(struct builder *builder, struct str title)
{
    const struct article *article = builder->article;
    for (size_t i = 0; i < article->n_blocks && !arena_failed(builder->arena); i++) {
        const struct block *block = &article->blocks[i];
        size_t first = builder->n_segments;
        builder_add_block(builder, i);
        if (builder->n_segments == first)
            continue;
        if (block->kind == BLOCK_HEADING)
            open_section(builder, block->text, block->level, first);
        else if (!builder->n_sections)
            open_section(builder, title, 1, first);
    }
    if (builder->n_sections) {
        struct section *last = &builder->sections[builder->n_sections - 1];
        last->n_segments = builder->n_segments - last->first_segment;
    }
}

enum status script_make(struct script *script, const struct article *article, const struct script_options *options,
                        struct problem *problem)
{
    static const struct script_options no_options;
    if (!options)
        options = &no_options;
    *script = (struct script){.article = article};
    struct arena *arena = &script->arena;
    script->title = user_or(arena, options->title, article->title);
    script->byline = user_or(arena, options->byline, article->byline);
    script->published = article->published;
    script->language = user_or(arena, options->language, article->language.len ? article->language : STR("en"));

    struct arena scratch = {0}; /* of what nobody needs when the segments are made */
    struct builder builder = {.arena = arena, .scratch = &scratch, .article = article};
    builder.spoken = (struct spoken_context){.language = script->language, .lexicon = options->lexicon, .phonemes = true};
    struct quotation *quotations = find_quotations(&scratch, article, &builder.n_quotations);
    builder.quotations = quotations;
    if (quotations) {
        script->speakers = attribute_quotations(arena, article, quotations, builder.n_quotations, &script->n_speakers);
        add_blocks(&builder, script->title);
        add_article_omissions(&builder);
    }
    bool failed = arena_failed(arena) || arena_failed(&scratch);
    arena_release(&scratch);
    if (failed) {
        script_release(script);
        return problem_no_memory(problem);
    }
    if (!builder.n_segments) {
        script_release(script);
        return problem_set(problem, STATUS_BAD_DATA, article->source, 0, "there is nothing in it that can be spoken");
    }
    script->sections = builder.sections;
    script->n_sections = builder.n_sections;
    script->segments = builder.segments;
    script->n_segments = builder.n_segments;
    script->omissions = builder.omissions;
    script->n_omissions = builder.n_omissions;
    return STATUS_OK;
}

void script_release(struct script *script)
{
    if (!script)
        return;
    arena_release(&script->arena);
    *script = (struct script){0};
}

/* ---- coverage --------------------------------------------------------------------------------------------------- */

/* Counts a stretch of the source in `seen`, one byte a byte, saturating at 2. */
static void count_stretch(unsigned char *seen, size_t len, size_t start, size_t end)
{
    for (size_t at = start; at < end && at < len; at++)
        seen[at] = (unsigned char)(seen[at] ? 2 : 1);
}

/* The runs of [start, end) of a block, found by bisection. */
static void count_sentence(unsigned char *seen, size_t len, const struct block *block, size_t start, size_t end)
{
    size_t low = 0, high = block->n_runs;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (block->runs[middle].block_start + block->runs[middle].len <= start)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < block->n_runs && block->runs[low].block_start < end; low++) {
        const struct block_run *run = &block->runs[low];
        size_t from = start > run->block_start ? start - run->block_start : 0;
        size_t to = end - run->block_start < run->len ? end - run->block_start : run->len;
        count_stretch(seen, len, run->source_start + from, run->source_start + to);
    }
}

size_t script_uncovered(const struct script *script)
{
    const struct article *article = script->article;
    struct str text = article->text;
    unsigned char *seen = calloc(text.len + 1, 1);
    if (!seen)
        return 0; /* nothing is proved */
    for (size_t i = 0; i < script->n_segments; i++) {
        const struct segment *segment = &script->segments[i];
        for (size_t k = 0; k < segment->n_sentences; k++)
            count_sentence(seen, text.len, &article->blocks[segment->block], segment->sentences[k].start,
                           segment->sentences[k].end);
    }
    for (size_t i = 0; i < script->n_omissions; i++)
        count_stretch(seen, text.len, script->omissions[i].start, script->omissions[i].end);
    size_t bad = SIZE_MAX, next;
    for (size_t at = 0; at < text.len && bad == SIZE_MAX; at = next) {
        bool word = uni_is_word(utf8_decode(text, at, &next));
        for (size_t byte = at; word && byte < next; byte++)
            if (seen[byte] != 1)
                bad = at;
    }
    free(seen);
    return bad;
}

/* ---- names ------------------------------------------------------------------------------------------------------ */

const char *segment_kind_name(enum segment_kind kind)
{
    static const char *const names[] = {"title", "byline", "heading", "narration", "quote", "item", "caption"};
    return (size_t)kind < sizeof names / sizeof *names ? names[kind] : "narration";
}

const char *gender_name(enum gender gender)
{
    return gender == GENDER_FEMALE ? "female" : gender == GENDER_MALE ? "male" : "unknown";
}
