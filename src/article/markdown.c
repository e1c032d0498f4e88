/* markdown: CommonMark by cmark, with what is common beyond it: front matter, pipe tables, footnotes, task lists.
 *
 * cmark tells where blocks are; of inline text it tells a line and a column that are right but for containers and indents of
 * later lines. So each literal is looked up in the source: at the place that cmark names, and from there on where it is not
 * there, and only bytes that are equal become runs. What the source has besides is markup. The tree is walked by cmark's
 * iterator: nothing here recurses, however deep a document nests. */
#include <cmark.h>
#include <stdint.h>
#include <string.h>

#include "article/formats.h"
#include "article/front.h"
#include "article/language.h"
#include "article/markdown_map.h"
#include "article/markdown_tree.h"
#include "article/shape.h"
#include "base/utf8.h"

struct markdown {
    struct article_builder *builder;
    struct markdown_map map;
    size_t lists;  /* depth of lists */
    int ordinal;   /* of the item whose first paragraph comes next */
    bool item;     /* that paragraph comes next */
    bool task;     /* it has just begun: a box may stand in front */
    bool skipping; /* inside something that is not spoken */
    cmark_node *skipped;
    size_t skip_start; /* of an image in the midst of a sentence; SIZE_MAX: of none */
    size_t table_line; /* from here the paragraph is a table; 0: none */
    bool shift;        /* headings go one level down: there are several of level one */
    bool title_made, title_wanted;
};

/* Bytes of the box in front of a task, 0: none. */
static size_t task_box(struct str literal)
{
    bool box = literal.len > 4 && literal.data[0] == '[' && literal.data[2] == ']' && literal.data[3] == ' ';
    return box && strchr(" xX", literal.data[1]) ? 4 : 0;
}

/* What of a literal at `in` is not spoken; sets *reason. */
static size_t unspoken(const struct markdown *md, struct str literal, const struct markdown_overlay *o, const char **reason)
{
    size_t len = o->in == 0 && md->task ? task_box(literal) : 0;
    *reason = len ? "list mark" : "footnote mark";
    if (!len)
        len = markdown_footnote_mark(literal, o->in);
    return str_eq(str_sub(md->map.source, o->at, o->at + len), str_sub(literal, o->in, o->in + len)) ? len : 0;
}

static void take_run(struct markdown *md, struct markdown_step *run)
{
    builder_source(md->builder, run->start, run->start + run->len);
    run->len = 0;
}

/* Puts a literal's words into the open block. */
static void take_literal(struct markdown *md, cmark_node *node, bool code)
{
    struct str literal = str_from(cmark_node_get_literal(node));
    size_t at = literal.len ? markdown_locate(&md->map, node, literal, code) : 0;
    struct markdown_overlay o = {.at = at};
    struct markdown_step step, run = {0};
    if (at == SIZE_MAX)
        builder_glue(md->builder, literal);
    else
        md->builder->place = at > md->builder->place ? at : md->builder->place;
    while (at != SIZE_MAX && o.in < literal.len) {
        const char *reason;
        size_t in = o.in, drop = code ? 0 : unspoken(md, literal, &o, &reason);
        if (drop) {
            take_run(md, &run);
            builder_omit(md->builder, o.at, o.at + drop, reason);
            o.at += drop;
            o.in += drop;
        } else if (!markdown_step(&md->map, literal, code, &o, &step)) {
            take_run(md, &run);
            builder_glue(md->builder, str_sub(literal, in, literal.len));
            break;
        } else if (step.len && run.len && run.start + run.len == step.start) {
            run.len += step.len;
        } else {
            take_run(md, &run);
            run = step;
            if (!step.len)
                builder_glue(md->builder, str_sub(literal, in, o.in));
        }
    }
    take_run(md, &run);
    md->task = false;
    if (at != SIZE_MAX && literal.len)
        md->map.cursor = o.at;
}

/* After a link's text: past "](address "title")", "][reference]" or "]", which is omitted. */
static void skip_target(struct markdown *md)
{
    struct str s = md->map.source;
    size_t at = md->map.cursor, end = at + MARKDOWN_LOOK_AHEAD < s.len ? at + MARKDOWN_LOOK_AHEAD : s.len;
    while (at < end && s.data[at] != ']' && (markdown_is_punctuation(s.data[at]) || s.data[at] == ' ' || s.data[at] == '\n'))
        at++;
    if (at + 1 >= end || s.data[at] != ']')
        return;
    size_t start = ++at;
    char open = s.data[at], close = open == '(' ? ')' : open == '[' ? ']' : '\0';
    if (!close) {
        md->map.cursor = at;
        return;
    }
    size_t depth = 0;
    char quote = '\0';
    for (; at < end; at++) {
        char c = s.data[at];
        if (c == '\\') {
            at++;
        } else if (quote) {
            quote = c == quote ? '\0' : quote;
        } else if (open == '(' && (c == '"' || c == '\'') && at > start && (s.data[at - 1] == ' ' || s.data[at - 1] == '\n')) {
            quote = c;
        } else if (c == open) {
            depth++;
        } else if (c == close && --depth == 0) {
            builder_omit(md->builder, start + 1, at, "url");
            md->map.cursor = at + 1;
            return;
        }
    }
}

/* A row of dashes and bars below a table's head. */
static bool is_table_ruler(struct str line)
{
    size_t dashes = 0, bars = 0;
    for (size_t i = 0; i < line.len; i++) {
        char c = line.data[i];
        dashes += c == '-';
        bars += c == '|';
        if (c != '-' && c != '|' && c != ':' && c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != '>')
            return false;
    }
    return dashes && bars;
}

/* The line from which a paragraph is a pipe table, 0: it is none. */
static size_t find_table(const struct markdown *md, size_t first, size_t last)
{
    for (size_t line = first + 1; line <= last; line++) {
        struct str head = str_sub(md->map.source, markdown_line(&md->map, line - 1), markdown_line(&md->map, line));
        struct str row = str_sub(md->map.source, markdown_line(&md->map, line), markdown_line(&md->map, line + 1));
        if (is_table_ruler(row) && str_find(head, STR("|"), 0) != SIZE_MAX)
            return line - 1;
    }
    return 0;
}

static void omit_lines(struct markdown *md, size_t first, size_t last, const char *reason)
{
    size_t end = markdown_line(&md->map, last + 1);
    builder_omit(md->builder, markdown_line(&md->map, first), end, reason);
    md->map.cursor = end > md->map.cursor ? end : md->map.cursor;
}

/* The words of a paragraph of one line, without signs of emphasis around it; "" where it is longer. */
static struct str one_line(const struct markdown *md, size_t first, size_t last)
{
    if (first != last)
        return (struct str){"", 0};
    size_t start = markdown_content(&md->map, markdown_line(&md->map, first));
    struct str line = utf8_trim(str_sub(md->map.source, start, markdown_line(&md->map, first + 1)));
    while (line.len > 1 && (line.data[0] == '*' || line.data[0] == '_') && line.data[line.len - 1] == line.data[0])
        line = str_sub(line, 1, line.len - 1);
    return line;
}

/* Only pictures, and white space between them. */
static bool is_picture(cmark_node *paragraph)
{
    bool any = false;
    for (cmark_node *node = cmark_node_first_child(paragraph); node; node = cmark_node_next(node)) {
        cmark_node_type type = cmark_node_get_type(node);
        cmark_node *inside = type == CMARK_NODE_LINK ? cmark_node_first_child(node) : NULL;
        if (type == CMARK_NODE_IMAGE || (inside && cmark_node_get_type(inside) == CMARK_NODE_IMAGE && !cmark_node_next(inside)))
            any = true;
        else if (type != CMARK_NODE_SOFTBREAK && type != CMARK_NODE_LINEBREAK)
            return false;
    }
    return any;
}

/* What a paragraph on the top level is. Sets *omitted where it is not spoken. */
static enum block_kind judge_paragraph(struct markdown *md, size_t first, size_t last, const char **omitted)
{
    struct article *article = md->builder->article;
    struct str line = one_line(md, first, last), names;
    struct shape shape = shape_of(line);
    char iso[11];
    bool plain_date;
    if (!line.len || md->map.quotes || md->lists)
        return BLOCK_PARAGRAPH;
    if (shape_is_noise(&shape, line) == NOISE_SURE) {
        *omitted = "noise";
        return BLOCK_PARAGRAPH;
    }
    if (md->builder->n_blocks > 3)
        return BLOCK_PARAGRAPH;
    if (shape_is_byline(&shape, line, &names)) {
        if (!article->byline.len)
            article->byline = arena_copy(&article->arena, names);
        return BLOCK_BYLINE;
    }
    if (shape_is_date_line(&shape, line, iso, &plain_date)) {
        if (!article->published.len)
            article->published = arena_copy(&article->arena, str_from(iso));
        if (!plain_date)
            *omitted = "date line";
        return BLOCK_BYLINE;
    }
    return BLOCK_PARAGRAPH;
}

static void skip(struct markdown *md, cmark_node *node)
{
    md->skipped = node;
    md->skipping = true;
    md->skip_start = SIZE_MAX;
}

static void enter_paragraph(struct markdown *md, cmark_node *node, size_t first, size_t last)
{
    struct str start = str_sub(md->map.source, markdown_content(&md->map, markdown_line(&md->map, first)), md->map.source.len);
    size_t mark = markdown_footnote_mark(str_sub(start, 0, MARKDOWN_LONGEST_MARK + 2), 0);
    if (mark && mark < start.len && start.data[mark] == ':') {
        omit_lines(md, first, last, "footnote");
        skip(md, node);
        return;
    }
    const char *omitted = NULL;
    enum block_kind kind = BLOCK_PARAGRAPH;
    md->table_line = find_table(md, first, last);
    if (md->table_line)
        builder_omit(md->builder, markdown_line(&md->map, md->table_line), markdown_line(&md->map, last + 1), "table");
    if (md->item)
        kind = BLOCK_ITEM;
    else if (is_picture(node))
        kind = BLOCK_CAPTION;
    else
        kind = judge_paragraph(md, first, last, &omitted);
    if (kind == BLOCK_CAPTION && md->title_wanted && !md->title_made)
        omitted = "image";
    if (omitted) {
        omit_lines(md, first, last, omitted);
        skip(md, node);
        return;
    }
    struct block *block = builder_open(md->builder, kind);
    block->quoted = md->map.quotes > 0;
    if (kind == BLOCK_ITEM) {
        block->level = (int)(md->lists < 1000 ? md->lists : 1000);
        block->ordinal = md->ordinal;
        md->task = true;
    }
    md->item = false;
}

static void enter_heading(struct markdown *md, cmark_node *node)
{
    int level = cmark_node_get_heading_level(node) + md->shift;
    if (md->map.quotes || md->lists) {
        struct block *block = builder_open(md->builder, md->item ? BLOCK_ITEM : BLOCK_PARAGRAPH);
        block->quoted = md->map.quotes > 0;
        block->level = md->item ? (int)(md->lists < 1000 ? md->lists : 1000) : 0;
        block->ordinal = md->item ? md->ordinal : 0;
        md->item = false;
    } else if (md->title_wanted && !md->title_made) {
        builder_open(md->builder, BLOCK_TITLE);
        md->title_made = true;
    } else {
        builder_open(md->builder, BLOCK_HEADING)->level = level < 2 ? 2 : level > 6 ? 6 : level;
    }
}

/* Past the number and the box of "[x] done". */
static void enter_item(struct markdown *md, cmark_node *node)
{
    cmark_node *list = cmark_node_parent(node), *child = cmark_node_first_child(node);
    intptr_t before = (intptr_t)cmark_node_get_user_data(list);
    cmark_node_set_user_data(list, (void *)(before + 1));
    bool numbered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST;
    int64_t ordinal = numbered ? (int64_t)cmark_node_get_list_start(list) + before : 0;
    md->ordinal = ordinal > 0 && ordinal < INT32_MAX ? (int)ordinal : 0;
    md->item = true;
    size_t line = (size_t)cmark_node_get_start_line(node);
    size_t start = markdown_line(&md->map, line) + (size_t)cmark_node_get_start_column(node) - 1;
    if (numbered && child && (size_t)cmark_node_get_start_line(child) == line)
        builder_omit(md->builder, start, markdown_line(&md->map, line) + (size_t)cmark_node_get_start_column(child) - 1,
                     "list number");
}

/* Lines of an HTML block: cmark's end of it is wrong where the end is a condition of its own ("-->"). */
static size_t count_lines(const char *literal)
{
    size_t lines = 0;
    for (const char *at = literal; at && *at; lines++) {
        at = strchr(at, '\n');
        at = at ? at + 1 : NULL;
    }
    return lines ? lines : 1;
}

static void enter_block(struct markdown *md, cmark_node *node)
{
    size_t first = (size_t)cmark_node_get_start_line(node), last = (size_t)cmark_node_get_end_line(node);
    md->map.block_line = first;
    md->map.block_column = (size_t)cmark_node_get_start_column(node);
    md->table_line = 0;
    if (markdown_line(&md->map, first) > md->map.cursor)
        md->map.cursor = markdown_line(&md->map, first);
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_BLOCK_QUOTE: md->map.quotes++; break;
    case CMARK_NODE_LIST: md->lists++; break;
    case CMARK_NODE_ITEM: enter_item(md, node); break;
    case CMARK_NODE_PARAGRAPH: enter_paragraph(md, node, first, last); break;
    case CMARK_NODE_HEADING: enter_heading(md, node); break;
    case CMARK_NODE_CODE_BLOCK: omit_lines(md, first, last, "code"); break;
    case CMARK_NODE_HTML_BLOCK: omit_lines(md, first, first + count_lines(cmark_node_get_literal(node)) - 1, "html"); break;
    default: break;
    }
}

static void leave_block(struct markdown *md, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_BLOCK_QUOTE: md->map.quotes--; break;
    case CMARK_NODE_LIST: md->lists--; break;
    case CMARK_NODE_ITEM: md->item = false; break;
    case CMARK_NODE_PARAGRAPH:
    case CMARK_NODE_HEADING: builder_close(md->builder); break;
    default: break;
    }
}

/* A link whose text is "^1": the mark of a footnote that cmark took for a reference. */
static bool is_footnote_link(cmark_node *node)
{
    cmark_node *child = cmark_node_first_child(node);
    const char *text = child && cmark_node_get_type(child) == CMARK_NODE_TEXT ? cmark_node_get_literal(child) : NULL;
    return text && text[0] == '^' && text[1] && !cmark_node_next(child);
}

/* A picture in the midst of a sentence is left out with its text. */
static void skip_image(struct markdown *md, cmark_node *node)
{
    cmark_node *child = cmark_node_first_child(node);
    skip(md, node);
    if (!child || cmark_node_get_type(child) != CMARK_NODE_TEXT)
        return;
    size_t at = markdown_locate(&md->map, child, str_from(cmark_node_get_literal(child)), false);
    if (at == SIZE_MAX || at < md->map.cursor + 2)
        return;
    md->skip_start = at - 2;
    md->map.cursor = at + strlen(cmark_node_get_literal(child));
}

static bool is_inline(cmark_node *node)
{
    return cmark_node_get_type(node) >= CMARK_NODE_FIRST_INLINE && cmark_node_get_type(node) <= CMARK_NODE_LAST_INLINE;
}

static void end_skip(struct markdown *md, cmark_node *node)
{
    md->skipping = false;
    if (!is_inline(node)) {
        builder_close(md->builder);
        return;
    }
    skip_target(md);
    if (md->skip_start != SIZE_MAX)
        builder_omit(md->builder, md->skip_start, md->map.cursor, "image");
}

static void on_inline(struct markdown *md, cmark_node *node, bool enter)
{
    struct article_builder *builder = md->builder;
    size_t line = (size_t)cmark_node_get_start_line(node);
    cmark_node_type type = cmark_node_get_type(node);
    if (md->table_line && line >= md->table_line)
        return;
    switch (type) {
    case CMARK_NODE_EMPH:
    case CMARK_NODE_STRONG: {
        enum span_kind kind = type == CMARK_NODE_EMPH ? SPAN_EMPHASIS : SPAN_STRONG;
        enter ? builder_span_open(builder, kind) : builder_span_close(builder, kind);
        break;
    }
    case CMARK_NODE_LINK:
        if (enter && is_footnote_link(node)) {
            struct str literal = str_from(cmark_node_get_literal(cmark_node_first_child(node)));
            size_t at = markdown_locate(&md->map, cmark_node_first_child(node), literal, false);
            if (at != SIZE_MAX) {
                builder_omit(builder, at, at + literal.len, "footnote mark");
                md->map.cursor = at + literal.len;
            }
            skip(md, node);
        } else if (enter) {
            builder_span_open(builder, SPAN_LINK);
        } else {
            builder_span_close(builder, SPAN_LINK);
            skip_target(md);
        }
        break;
    case CMARK_NODE_IMAGE:
        if (!enter)
            skip_target(md);
        else if (builder->block.kind != BLOCK_CAPTION)
            skip_image(md, node);
        break;
    case CMARK_NODE_TEXT: take_literal(md, node, false); break;
    case CMARK_NODE_CODE:
        builder_span_open(builder, SPAN_CODE);
        take_literal(md, node, true);
        builder_span_close(builder, SPAN_CODE);
        break;
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK: builder_space(builder); break;
    default: break; /* inline HTML */
    }
}

/* Whether the headline is a heading of the text, and whether there are several headings of level one. */
static void plan_headings(struct markdown *md, cmark_node *document, struct str front_title)
{
    cmark_node *first = NULL;
    int highest = 7;
    size_t of_first = 0, ones = 0;
    bool text_before = false;
    for (cmark_node *node = cmark_node_first_child(document); node; node = cmark_node_next(node)) {
        cmark_node_type type = cmark_node_get_type(node);
        if (type != CMARK_NODE_HEADING) {
            bool quiet = type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_THEMATIC_BREAK ||
                         (type == CMARK_NODE_PARAGRAPH && is_picture(node));
            text_before |= !first && !quiet;
            continue;
        }
        int level = cmark_node_get_heading_level(node);
        first = first ? first : node;
        ones += level == 1;
        highest = level < highest ? level : highest;
    }
    if (!first)
        return;
    for (cmark_node *node = cmark_node_first_child(document); node; node = cmark_node_next(node))
        of_first += cmark_node_get_type(node) == CMARK_NODE_HEADING &&
                    cmark_node_get_heading_level(node) == cmark_node_get_heading_level(first);
    size_t line = (size_t)cmark_node_get_start_line(first);
    struct str words = str_sub(md->map.source, markdown_line(&md->map, line), markdown_line(&md->map, line + 1));
    int level = cmark_node_get_heading_level(first);
    if (front_title.len)
        md->title_wanted = !text_before && shape_is_same_headline(front_title, words);
    else
        md->title_wanted = !text_before && level == highest && (level == 1 || of_first == 1);
    md->shift = ones > (md->title_wanted && level == 1 ? 1u : 0u) && highest == 1;
}

/* The lines of "[name]: address" that cmark took out. */
static void omit_references(struct markdown *md)
{
    for (size_t line = 1; line <= md->map.n_lines; line++) {
        size_t start = markdown_line(&md->map, line), at = start;
        while (at < md->map.source.len && md->map.source.data[at] == ' ')
            at++;
        if (at >= md->map.source.len || md->map.source.data[at] != '[')
            continue;
        struct str rest = str_sub(md->map.source, at, markdown_line(&md->map, line + 1));
        size_t end = str_find(rest, STR("]:"), 0);
        if (end != SIZE_MAX)
            builder_omit(md->builder, start, markdown_line(&md->map, line + 1), rest.data[1] == '^' ? "footnote" : "url");
    }
}

static void walk(struct markdown *md, cmark_iter *iter)
{
    cmark_event_type event;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (md->skipping) {
            if (node == md->skipped && event == CMARK_EVENT_EXIT) {
                md->skipping = false;
                end_skip(md, node);
            }
            continue;
        }
        if (is_inline(node))
            on_inline(md, node, event == CMARK_EVENT_ENTER);
        else if (event == CMARK_EVENT_ENTER)
            enter_block(md, node);
        else
            leave_block(md, node);
    }
}

enum status markdown_parse(struct article_builder *builder, struct problem *problem)
{
    struct article *article = builder->article;
    struct markdown md = {.builder = builder, .map = {.source = builder->source}};
    struct arena scratch = {0};
    struct str title;
    size_t start = str_starts(md.map.source, STR("\xEF\xBB\xBF")) ? 3 : 0;
    start = front_read(builder, start, &title);
    markdown_map_init(&md.map, &scratch, start);
    struct markdown_tree tree = {0};
    bool failed = arena_failed(&scratch) || !markdown_tree_parse(&tree, str_sub(md.map.source, start, md.map.source.len));
    if (!failed) {
        builder_omit_rest(builder, "markup");
        plan_headings(&md, tree.document, title);
        if (title.len && !md.title_wanted) {
            builder_open(builder, BLOCK_TITLE);
            size_t at = (size_t)(title.data - md.map.source.data);
            builder_source(builder, at, at + title.len);
            builder_close(builder);
        }
        md.map.cursor = start;
        walk(&md, tree.iter);
        omit_references(&md);
    }
    markdown_tree_free(&tree);
    arena_release(&scratch);
    if (failed)
        return problem_no_memory(problem);
    if (builder->n_blocks && builder->blocks[0].kind == BLOCK_TITLE)
        article->title = builder->blocks[0].text;
    if (!article->language.len)
        article->language = language_guess(str_sub(md.map.source, start, md.map.source.len));
    return STATUS_OK;
}
