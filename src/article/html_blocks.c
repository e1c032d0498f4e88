#include "article/html_blocks.h"

#include <string.h>

enum { SPANS_MAX = 64, ITEM_LINES_MAX = 4, HEADING_LEVEL_TOP = 2, HEADING_LEVEL_MAX = 6 };

struct writer {
    struct article_builder *builder;
    const struct html_tree *tree;
    const struct html_lines *lines;
    const struct html_body *body;
    int heading_shift;   /* added to h1..h6 so that the article's highest is level 2 */
    int disguised_level; /* of paragraphs that are headings by their looks */
};

static int span_of(const struct html_node *node)
{
    switch (node->tag) {
    case GUMBO_TAG_A: return html_attribute(node, "href").data ? SPAN_LINK : -1;
    case GUMBO_TAG_EM:
    case GUMBO_TAG_I: return SPAN_EMPHASIS;
    case GUMBO_TAG_STRONG:
    case GUMBO_TAG_B: return SPAN_STRONG;
    case GUMBO_TAG_CODE:
    case GUMBO_TAG_KBD:
    case GUMBO_TAG_SAMP: return SPAN_CODE;
    default: return -1;
    }
}

/* "1", "[12]", "*" raised and linked to a place on the page. */
static bool is_footnote_mark(const struct html_tree *tree, uint32_t at)
{
    const struct html_node *node = &tree->nodes[at];
    if (node->tag != GUMBO_TAG_SUP || node->end - at > 12)
        return false;
    size_t len = 0;
    bool link = false;
    for (uint32_t i = at; i < node->end; i++) {
        len += tree->nodes[i].text.len;
        struct str href = html_attribute(&tree->nodes[i], "href");
        link |= str_find(href, STR("#"), 0) != SIZE_MAX;
    }
    return link && len <= 8;
}

/* Why the inline element at `at` is no part of the sentence it stands in; NULL: it is. */
static const char *inline_reason(const struct html_tree *tree, uint32_t at)
{
    const struct html_node *node = &tree->nodes[at];
    if (is_footnote_mark(tree, at))
        return "footnote mark";
    if (node->tag != GUMBO_TAG_SPAN || !(node->hints & HINT_TOOL) || node->end - at > 12)
        return NULL;
    size_t len = 0;
    for (uint32_t i = at; i < node->end; i++)
        len += tree->nodes[i].text.len;
    return len <= 16 ? "page controls" : NULL; /* "[edit]" */
}

struct open_span {
    uint32_t end;
    enum span_kind kind;
};

/* The words of a line with their spans. */
static void write_words(struct writer *w, const struct html_line *line)
{
    const struct html_node *nodes = w->tree->nodes;
    struct open_span open[SPANS_MAX];
    size_t depth = 0;
    for (uint32_t i = nodes[line->first].parent; i != HTML_NO_NODE && i != line->block && depth < SPANS_MAX; i = nodes[i].parent)
        if (span_of(&nodes[i]) >= 0)
            open[depth++] = (struct open_span){nodes[i].end, (enum span_kind)span_of(&nodes[i])};
    for (size_t i = 0; i < depth / 2; i++) { /* outermost first, as they must close */
        struct open_span swap = open[i];
        open[i] = open[depth - 1 - i];
        open[depth - 1 - i] = swap;
    }
    for (size_t i = 0; i < depth; i++)
        builder_span_open(w->builder, open[i].kind);
    for (uint32_t i = line->first; i < line->end; i++) {
        while (depth > 0 && i >= open[depth - 1].end)
            builder_span_close(w->builder, open[--depth].kind);
        const struct html_node *node = &nodes[i];
        if (node->flags & NODE_TEXT) {
            builder_write(w->builder, node->text);
            continue;
        }
        if (node->flags & NODE_HIDDEN && !w->lines->hidden) {
            i = node->end - 1;
            continue;
        }
        if (node->tag == GUMBO_TAG_BR)
            builder_space(w->builder);
        const char *reason = inline_reason(w->tree, i);
        if (reason) {
            for (uint32_t k = i; k < node->end; k++)
                if (nodes[k].text.len > 0)
                    builder_omit_text(w->builder, nodes[k].text, reason);
            i = node->end - 1;
            continue;
        }
        if (span_of(node) >= 0 && depth < SPANS_MAX) {
            open[depth++] = (struct open_span){node->end, (enum span_kind)span_of(node)};
            builder_span_open(w->builder, open[depth - 1].kind);
        }
    }
    while (depth > 0)
        builder_span_close(w->builder, open[--depth].kind);
}

/* A line all in bold, short and without a full stop, is a heading to the eye. */
static bool is_disguised_heading(const struct writer *w, size_t index)
{
    const struct html_line *line = &w->lines->items[index];
    if (line->kind != LINE_TEXT || line->words > 12 || line->width > 90 || line->link_width > 0 || line->width < 3)
        return false;
    char last = line->text.data[line->text.len - 1];
    if (line->sentence_end && last != '?')
        return false;
    if (index + 1 >= w->lines->count || w->body->reasons[index + 1] || w->lines->items[index + 1].kind != LINE_TEXT ||
        w->lines->items[index + 1].width < 2 * line->width)
        return false;
    for (uint32_t i = line->first; i < line->end; i++) {
        const struct html_node *node = &w->tree->nodes[i];
        if (!(node->flags & NODE_TEXT) || str_trim(node->text).len == 0)
            continue;
        bool strong = false;
        for (uint32_t k = node->parent; k != line->block && k != HTML_NO_NODE && !strong; k = w->tree->nodes[k].parent)
            strong = span_of(&w->tree->nodes[k]) == SPAN_STRONG;
        if (!strong)
            return false;
    }
    return true;
}

static int ordinal_of(const struct html_tree *tree, uint32_t item)
{
    uint32_t list = tree->nodes[item].parent;
    if (list == HTML_NO_NODE || tree->nodes[list].tag != GUMBO_TAG_OL)
        return 0;
    return (int)tree->nodes[item].ordinal;
}

/* Fills in the block what the elements around the line say. Returns whether it is a list item's first line. */
static void describe(const struct writer *w, size_t index, struct block *block)
{
    const struct html_line *line = &w->lines->items[index];
    uint32_t item = HTML_NO_NODE;
    int lists = 0;
    for (uint32_t i = line->block; i != HTML_NO_NODE && i != w->body->container; i = w->tree->nodes[i].parent) {
        const struct html_node *node = &w->tree->nodes[i];
        if (item == HTML_NO_NODE && (node->tag == GUMBO_TAG_LI || node->tag == GUMBO_TAG_DD || node->tag == GUMBO_TAG_DT))
            item = i;
        lists += node->tag == GUMBO_TAG_UL || node->tag == GUMBO_TAG_OL || node->tag == GUMBO_TAG_DL;
        block->quoted |= node->tag == GUMBO_TAG_BLOCKQUOTE;
        block->post |= (node->hints & HINT_POST) != 0;
    }
    if (block->kind != BLOCK_ITEM)
        return;
    block->level = lists > 0 ? lists : 1;
    if (item == HTML_NO_NODE || index == 0 || !html_within(w->tree, item, w->lines->items[index - 1].first))
        block->ordinal = item == HTML_NO_NODE ? 0 : ordinal_of(w->tree, item);
    else
        *block = (struct block){.kind = BLOCK_PARAGRAPH, .quoted = block->quoted, .post = block->post};
}

/* The line that says who wrote an embedded post: "— Jane Doe (@jane) November 18, 2019". */
static bool is_post_signature(struct str text)
{
    return (str_starts(text, STR("— ")) || str_starts(text, STR("– ")) || str_starts(text, STR("A post shared by"))) &&
           text.len < 200;
}

static void write_line(struct writer *w, size_t index)
{
    const struct html_line *line = &w->lines->items[index];
    enum block_kind kind = BLOCK_PARAGRAPH;
    int level = 0;
    if (index == w->body->title_line) {
        kind = BLOCK_TITLE;
    } else if (line->kind == LINE_HEADING || is_disguised_heading(w, index)) {
        kind = BLOCK_HEADING;
        level = line->kind == LINE_HEADING ? line->level + w->heading_shift : w->disguised_level;
        level = level < HEADING_LEVEL_TOP ? HEADING_LEVEL_TOP : level > HEADING_LEVEL_MAX ? HEADING_LEVEL_MAX : level;
    } else if (line->kind == LINE_CAPTION) {
        kind = BLOCK_CAPTION;
    } else if (line->kind == LINE_ITEM) {
        kind = BLOCK_ITEM;
    }
    struct block *block = builder_open(w->builder, kind);
    block->level = level;
    if (kind == BLOCK_PARAGRAPH || kind == BLOCK_ITEM)
        describe(w, index, block);
    if (block->post && is_post_signature(line->text)) {
        *block = (struct block){.kind = BLOCK_CAPTION};
    }
    write_words(w, line);
    builder_close(w->builder);
}

static void choose_levels(struct writer *w)
{
    int top = HEADING_LEVEL_MAX + 1, lowest = 0;
    for (size_t i = 0; i < w->lines->count; i++) {
        const struct html_line *line = &w->lines->items[i];
        if (w->body->reasons[i] || line->kind != LINE_HEADING || i == w->body->title_line)
            continue;
        top = line->level < top ? line->level : top;
        lowest = line->level > lowest ? line->level : lowest;
    }
    w->heading_shift = lowest > 0 ? HEADING_LEVEL_TOP - top : 0;
    w->disguised_level = lowest > 0 ? lowest + w->heading_shift + 1 : HEADING_LEVEL_TOP;
}

/* One omission for the lines from `start` on that have the same reason. Returns the line after them. */
static size_t omit_lines(struct writer *w, size_t start)
{
    struct buffer text = {0};
    size_t i = start;
    const char *reason = w->body->reasons[start];
    for (; i < w->lines->count && w->body->reasons[i] && i != w->body->title_line; i++) {
        if (w->body->reasons[i] != reason && strcmp(w->body->reasons[i], reason) != 0)
            break;
        if (i > start)
            buffer_byte(&text, ' ');
        buffer_str(&text, w->lines->items[i].text);
    }
    builder_omit_text(w->builder, buffer_view(&text), reason);
    w->builder->article->arena.failed |= text.failed;
    buffer_release(&text);
    return i;
}

void html_blocks_write(struct article_builder *builder, const struct html_tree *tree, const struct html_lines *lines,
                       const struct html_body *body, struct str title)
{
    struct writer w = {.builder = builder, .tree = tree, .lines = lines, .body = body};
    choose_levels(&w);
    if (body->title_line != HTML_NO_LINE) {
        write_line(&w, body->title_line);
    } else if (title.len > 0) {
        builder_open(builder, BLOCK_TITLE);
        builder_write(builder, title);
        builder_close(builder);
    }
    for (size_t i = 0; i < lines->count;) {
        if (i == body->title_line) {
            i++;
        } else if (body->reasons[i]) {
            i = omit_lines(&w, i);
        } else {
            write_line(&w, i);
            i++;
        }
    }
}
