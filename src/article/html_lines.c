#include "article/html_lines.h"

#include "base/buffer.h"
#include "base/utf8.h"

struct maker {
    struct html_tree *tree;
    struct html_line *items;
    size_t count, capacity;
    struct buffer text;
    struct html_line line; /* being made */
    uint32_t link_end;     /* nodes below this index are inside a link */
    bool open, space, in_word;
    unsigned breaks; /* <br> since the last word */
};

static bool is_wide(unsigned c)
{
    return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3FFFF);
}

static bool ends_sentence(struct str text)
{
    while (text.len > 0) {
        size_t start;
        unsigned c = utf8_decode_before(text, text.len, &start);
        switch (c) {
        case '.':
        case '!':
        case '?':
        case ':':
        case ';':
        case 0x2026: /* … */
        case 0x3002: /* 。 */
        case 0xFF01:
        case 0xFF1F:
        case 0x0964: /* danda */
        case 0x061F:
        case 0x06D4: return true;
        case '"':
        case '\'':
        case ')':
        case ']':
        case '*':
        case 0x201C:
        case 0x201D:
        case 0x2019:
        case 0xBB: text.len = start; continue;
        default: return false;
        }
    }
    return false;
}

static void set_kind(const struct html_tree *tree, struct html_line *line)
{
    line->kind = LINE_TEXT;
    for (uint32_t i = line->block; i != HTML_NO_NODE; i = tree->nodes[i].parent) {
        unsigned tag = tree->nodes[i].tag;
        if (tag >= GUMBO_TAG_H1 && tag <= GUMBO_TAG_H6) {
            line->kind = LINE_HEADING;
            line->level = (uint8_t)(tag - GUMBO_TAG_H1 + 1);
            return;
        }
        if (tag == GUMBO_TAG_FIGCAPTION || tag == GUMBO_TAG_FIGURE || tag == GUMBO_TAG_CAPTION) {
            line->kind = LINE_CAPTION;
            return;
        }
        if (tag == GUMBO_TAG_PRE || tag == GUMBO_TAG_LISTING) {
            line->kind = LINE_CODE;
            return;
        }
        if (tag == GUMBO_TAG_LI || tag == GUMBO_TAG_DD || tag == GUMBO_TAG_DT)
            line->kind = LINE_ITEM;
        else if (line->kind == LINE_TEXT && (tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH))
            line->kind = LINE_CELL;
    }
}

static void close_line(struct maker *m, uint32_t end)
{
    bool spoken = false;
    for (size_t at = 0; m->open && !spoken && at < m->text.len;)
        spoken = uni_is_word(utf8_decode(buffer_view(&m->text), at, &at));
    if (spoken) {
        struct html_line *line = arena_push(&m->tree->arena, (void **)&m->items, &m->count, &m->capacity, sizeof *line);
        if (line) {
            *line = m->line;
            line->end = end;
            line->text = arena_copy(&m->tree->arena, buffer_view(&m->text));
            line->sentence_end = ends_sentence(line->text);
            set_kind(m->tree, line);
        }
    }
    m->tree->arena.failed |= m->text.failed;
    buffer_clear(&m->text);
    m->open = m->space = m->in_word = false;
    m->breaks = 0;
}

static void add_text(struct maker *m, uint32_t at, uint32_t block, bool link)
{
    struct str s = m->tree->nodes[at].text;
    for (size_t i = 0, next; i < s.len; i = next) {
        unsigned c = (unsigned char)s.data[i];
        next = i + 1;
        if (c >= 0x80)
            c = utf8_decode(s, i, &next);
        if (c <= ' ' || c == 0xA0 || c == 0x200B || c == 0xFEFF || (c >= 0x80 && uni_is_space(c))) {
            m->space = true;
            m->in_word = false;
            continue;
        }
        if (m->breaks > 0 && m->open && (m->breaks > 1 || ends_sentence(buffer_view(&m->text)))) {
            close_line(m, at);
            m->line.after_break = true;
        }
        m->breaks = 0;
        if (!m->open) {
            bool after_break = m->line.after_break && m->line.block == block;
            m->line = (struct html_line){.first = at, .block = block, .after_break = after_break};
            m->open = true;
            m->space = false;
        }
        if (m->space)
            buffer_byte(&m->text, ' ');
        m->space = false;
        bool wide = c >= 0x2E80 && is_wide(c);
        bool single = wide && !(c >= 0xAC00 && c <= 0xD7A3);
        uint32_t width = wide ? 3 : 1;
        m->line.width += width;
        m->line.link_width += link ? width : 0;
        m->line.words += !m->in_word;
        m->in_word = single ? !m->in_word : true;
        m->line.commas = (uint16_t)(m->line.commas + (c == ',' || c == 0x3001 || c == 0xFF0C || c == 0x60C));
        buffer_append(&m->text, s.data + i, next - i);
    }
}

bool html_lines_make(struct html_lines *lines, struct html_tree *tree, bool hidden)
{
    struct maker m = {.tree = tree, .line = {.block = HTML_NO_NODE}};
    *lines = (struct html_lines){.hidden = hidden};
    uint32_t root = tree->body == HTML_NO_NODE ? 0 : tree->body;
    uint32_t end = tree->n_nodes > 0 ? tree->nodes[root].end : 0;
    uint32_t block = root;
    for (uint32_t i = root; i < end; i++) {
        const struct html_node *node = &tree->nodes[i];
        for (; block != root && i >= tree->nodes[block].end; block = tree->nodes[block].parent)
            if (tree->nodes[block].flags & NODE_BLOCK) {
                close_line(&m, i);
                m.line.after_break = false;
            }
        if (!hidden && node->flags & NODE_HIDDEN && i != root) {
            if (node->flags & NODE_BLOCK)
                close_line(&m, i);
            i = node->end - 1;
            continue;
        }
        if (node->flags & NODE_BLOCK) {
            close_line(&m, i);
            m.line.after_break = false;
            block = i;
        } else if (node->tag == GUMBO_TAG_BR) {
            m.breaks++;
            m.space = true;
        } else if (node->tag == GUMBO_TAG_A && node->end > m.link_end) {
            m.link_end = node->end;
        } else if (node->flags & NODE_TEXT) {
            uint32_t around = block;
            while (around != root && !(tree->nodes[around].flags & NODE_BLOCK))
                around = tree->nodes[around].parent;
            add_text(&m, i, around, i < m.link_end);
        }
    }
    close_line(&m, end);
    bool failed = m.text.failed || tree->arena.failed;
    buffer_release(&m.text);
    lines->items = m.items;
    lines->count = m.count;
    return !failed;
}
