#include "script/segments.h"

#include <stdint.h>

#include "base/utf8.h"
#include "script/marks.h"

static enum segment_kind kind_of_block(enum block_kind kind)
{
    switch (kind) {
    case BLOCK_TITLE: return SEGMENT_TITLE;
    case BLOCK_BYLINE: return SEGMENT_BYLINE;
    case BLOCK_HEADING: return SEGMENT_HEADING;
    case BLOCK_ITEM: return SEGMENT_ITEM;
    case BLOCK_CAPTION: return SEGMENT_CAPTION;
    case BLOCK_PARAGRAPH: break;
    }
    return SEGMENT_NARRATION;
}

static bool is_pictograph(unsigned c)
{
    return c > 0x20E3 && !(c >= 0xFE00 && c <= 0xFE0F) && uni_is_emoji(c);
}

/* Where block.text[start, end) lies in the source. Words that are not in it as they are ("&#65;") lie between their neighbours.
 */
static struct stretch source_of(const struct block *block, size_t start, size_t end)
{
    struct stretch s = {block_source_offset(block, start, false), block_source_offset(block, end, true)};
    return s.start <= s.end ? s : (struct stretch){s.end, s.start};
}

static void omit(struct builder *builder, const struct block *block, size_t start, size_t end, const char *reason)
{
    size_t from = block_source_offset(block, start, false), to = block_source_offset(block, end, true);
    if (from >= to) /* of an entity, which the article has left out as markup */
        return;
    struct omission *omission = arena_push(builder->arena, (void **)&builder->omissions, &builder->n_omissions,
                                           &builder->omission_capacity, sizeof *omission);
    if (omission)
        *omission = (struct omission){from, to, reason};
}

static void omit_emoji(struct builder *builder, const struct block *block)
{
    struct str text = block->text;
    size_t next, end;
    for (size_t at = 0; at < text.len; at = next) {
        if (!is_pictograph(utf8_decode(text, at, &next)))
            continue;
        for (end = next; next < text.len && uni_is_emoji(utf8_decode(text, next, &end)); next = end)
            ;
        omit(builder, block, at, next, "emoji");
    }
}

/* Without spaces and pictographs at both ends. */
static struct stretch trim_unspeakable(struct str text, struct stretch s)
{
    size_t other;
    for (; s.start < s.end; s.start = other) {
        unsigned c = utf8_decode(text, s.start, &other);
        if (!uni_is_space(c) && !uni_is_emoji(c))
            break;
    }
    for (; s.start < s.end; s.end = other) {
        unsigned c = utf8_decode_before(text, s.end, &other);
        if (!uni_is_space(c) && !uni_is_emoji(c))
            break;
    }
    return s;
}

static struct sentence make_sentence(struct builder *builder, const struct block *block, struct stretch s)
{
    struct sentence sentence = {.start = s.start, .end = s.end, .pause_ms = -1};
    struct stretch source = source_of(block, s.start, s.end);
    sentence.source_start = source.start;
    sentence.source_end = source.end;
    sentence.text = str_sub(block->text, s.start, s.end);
    sentence.spoken = spoken_form(builder->arena, sentence.text, &builder->spoken);
    return sentence;
}

/* Adds [start, end) of the block as one segment; NULL where nothing in it can be spoken. */
static struct segment *add_segment(struct builder *builder, size_t block_index, enum segment_kind kind, size_t start, size_t end)
{
    const struct block *block = &builder->article->blocks[block_index];
    size_t n_found, n = 0;
    struct stretch *found = find_sentences(builder->scratch, block->text, start, end, builder->spoken.language, &n_found);
    for (size_t i = 0; found && i < n_found; i++) {
        struct stretch s = trim_unspeakable(block->text, found[i]);
        if (text_has_word(block->text, s.start, s.end))
            found[n++] = s;
    }
    struct sentence *sentences = n ? arena_array(builder->arena, n, sizeof *sentences) : NULL;
    if (!sentences)
        return NULL;
    struct segment *segment = arena_push(builder->arena, (void **)&builder->segments, &builder->n_segments,
                                         &builder->segment_capacity, sizeof *segment);
    if (!segment)
        return NULL;
    builder->spoken.heading = kind == SEGMENT_TITLE || kind == SEGMENT_HEADING;
    for (size_t i = 0; i < n; i++)
        sentences[i] = make_sentence(builder, block, found[i]);
    *segment = (struct segment){.kind = kind,
                                .block = block_index,
                                .start = found[0].start,
                                .end = found[n - 1].end,
                                .source_start = sentences[0].source_start,
                                .source_end = sentences[n - 1].source_end,
                                .speaker = SCRIPT_NOBODY,
                                .mention = {"", 0},
                                .voice = {"", 0},
                                .sentences = sentences,
                                .n_sentences = n};
    return segment;
}

static void add_quotation(struct builder *builder, const struct quotation *q, size_t end)
{
    struct segment *segment = add_segment(builder, q->block, SEGMENT_QUOTE, q->start, end);
    if (!segment)
        return;
    if (q->speaker != SCRIPT_NOBODY && q->confidence >= SCRIPT_CONFIDENT)
        segment->speaker = q->speaker;
    segment->mention = q->mention;
    segment->rule = q->rule;
    segment->confidence = q->confidence;
    segment->continues = q->continues != SIZE_MAX && builder->quotations[q->continues].speech;
}

/* The narrator's words between quotations begin after the punctuation that belongs to the quotation's end. */
static size_t skip_joint(struct str text, size_t at)
{
    size_t next;
    for (; at < text.len; at = next) {
        unsigned c = utf8_decode(text, at, &next);
        bool joint = uni_is_space(c) || c == ',' || c == '.' || c == ';' || c == ':';
        if (!joint && !(mark_is_dash(c) && (next >= text.len || uni_is_space(text_at(text, next, text.len)))))
            break;
    }
    return at;
}

/* A comma or full stop set after the closing mark is the quotation's own. */
static size_t quotation_end(struct str text, size_t at)
{
    size_t next;
    for (; at < text.len; at = next) {
        unsigned c = utf8_decode(text, at, &next);
        if (c != ',' && c != '.' && c != ';' && c != ':' && !mark_stops(c))
            break;
        if (c == '.' && uni_is_word(text_at(text, next, text.len)))
            break;
    }
    return at;
}

/* The label of a transcript turn is read out where its speaker comes in; later the voice says it. */
static bool label_is_known(struct builder *builder, const struct quotation *q)
{
    struct str name = str_sub(builder->article->blocks[q->block].text, q->label_start, q->label_end);
    for (size_t i = 0; i < builder->n_labels; i++)
        if (str_eq(builder->labels[i], name))
            return true;
    if (builder->n_labels < sizeof builder->labels / sizeof *builder->labels)
        builder->labels[builder->n_labels++] = name;
    return false;
}

void builder_add_block(struct builder *builder, size_t index)
{
    const struct block *block = &builder->article->blocks[index];
    enum segment_kind kind = kind_of_block(block->kind);
    size_t at = 0;
    omit_emoji(builder, block);
    while (builder->next_quotation < builder->n_quotations && builder->quotations[builder->next_quotation].block <= index) {
        const struct quotation *q = &builder->quotations[builder->next_quotation++];
        if (!q->speech || q->block != index || q->start < at)
            continue;
        size_t end = q->end < block->text.len ? quotation_end(block->text, q->end) : q->end;
        if (q->label_end > q->label_start && label_is_known(builder, q))
            omit(builder, block, q->label_start, q->label_end, "speaker label");
        else
            add_segment(builder, index, kind, at, q->start);
        add_quotation(builder, q, end);
        at = skip_joint(block->text, end);
    }
    add_segment(builder, index, kind, at, block->text.len);
}
