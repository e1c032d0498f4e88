#include "article/html_tree.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

/* The parser cannot bear a failed allocation, so its memory comes from an arena that jumps out of it on failure; the parser
 * holds nothing else that would leak. Nothing is freed before the end: no destructor has to walk the tree. */
struct parse_memory {
    struct arena *arena;
    jmp_buf *out;
};

static void *parse_alloc(void *userdata, size_t size)
{
    struct parse_memory *memory = userdata;
    void *p = arena_alloc(memory->arena, size);
    if (!p)
        longjmp(*memory->out, 1);
    return p;
}

static void parse_free(void *userdata, void *p)
{
    (void)userdata;
    (void)p;
}

static const GumboOutput *parse(struct arena *arena, struct str page)
{
    jmp_buf out;
    struct parse_memory memory = {arena, &out};
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = parse_alloc;
    options.deallocator = parse_free;
    options.userdata = &memory;
    options.max_errors = 0;
    if (setjmp(out) != 0)
        return NULL;
    return gumbo_parse_with_options(&options, page.data ? page.data : "", page.len);
}

static bool is_inline(GumboTag tag)
{
    switch (tag) {
    case GUMBO_TAG_A:
    case GUMBO_TAG_ABBR:
    case GUMBO_TAG_ACRONYM:
    case GUMBO_TAG_B:
    case GUMBO_TAG_BDI:
    case GUMBO_TAG_BDO:
    case GUMBO_TAG_BIG:
    case GUMBO_TAG_BR: /* lines look at it themselves */
    case GUMBO_TAG_CITE:
    case GUMBO_TAG_CODE:
    case GUMBO_TAG_DATA:
    case GUMBO_TAG_DEL:
    case GUMBO_TAG_DFN:
    case GUMBO_TAG_EM:
    case GUMBO_TAG_FONT:
    case GUMBO_TAG_I:
    case GUMBO_TAG_IMG:
    case GUMBO_TAG_INS:
    case GUMBO_TAG_KBD:
    case GUMBO_TAG_LABEL:
    case GUMBO_TAG_LINK:
    case GUMBO_TAG_MARK:
    case GUMBO_TAG_META:
    case GUMBO_TAG_Q:
    case GUMBO_TAG_RB:
    case GUMBO_TAG_RP:
    case GUMBO_TAG_RT:
    case GUMBO_TAG_RTC:
    case GUMBO_TAG_RUBY:
    case GUMBO_TAG_S:
    case GUMBO_TAG_SAMP:
    case GUMBO_TAG_SMALL:
    case GUMBO_TAG_SPAN:
    case GUMBO_TAG_STRIKE:
    case GUMBO_TAG_STRONG:
    case GUMBO_TAG_SUB:
    case GUMBO_TAG_SUP:
    case GUMBO_TAG_TIME:
    case GUMBO_TAG_TT:
    case GUMBO_TAG_U:
    case GUMBO_TAG_VAR:
    case GUMBO_TAG_WBR: return true;
    default: return false;
    }
}

struct str html_attribute(const struct html_node *node, const char *name)
{
    if (!node->element)
        return (struct str){0};
    const GumboVector *all = &node->element->attributes;
    for (unsigned i = 0; i < all->length; i++) {
        const GumboAttribute *attribute = all->data[i];
        if (strcmp(attribute->name, name) == 0)
            return str_from(attribute->value);
    }
    return (struct str){0};
}

static bool hides(const struct html_node *node)
{
    return html_attribute(node, "hidden").data || str_eq_c(html_attribute(node, "aria-hidden"), "true");
}

static hint_set hints_of_role(struct str role)
{
    static const struct {
        const char *role;
        hint_set hints;
    } ROLES[] = {{"navigation", HINT_NAV},  {"complementary", HINT_SIDEBAR}, {"contentinfo", HINT_FOOTER},
                 {"banner", HINT_HEADER},   {"search", HINT_TOOL},           {"dialog", HINT_POPUP},
                 {"alert", HINT_POPUP},     {"alertdialog", HINT_POPUP},     {"menu", HINT_NAV},
                 {"menubar", HINT_NAV},     {"toolbar", HINT_TOOL},          {"main", HINT_CONTENT},
                 {"article", HINT_CONTENT}, {"doc-footnote", HINT_FOOTNOTE}, {"tablist", HINT_NAV}};
    for (size_t i = 0; i < sizeof ROLES / sizeof *ROLES; i++)
        if (str_eq_c(role, ROLES[i].role))
            return ROLES[i].hints;
    return 0;
}

static hint_set hints_of_element(const struct html_node *node)
{
    hint_set hints = 0;
    const GumboVector *all = &node->element->attributes;
    for (unsigned i = 0; i < all->length; i++) {
        const GumboAttribute *attribute = all->data[i];
        struct str value = str_from(attribute->value);
        const char *name = attribute->name;
        if (strcmp(name, "class") == 0 || strcmp(name, "id") == 0 || strcmp(name, "aria-label") == 0 ||
            (strncmp(name, "data-", 5) == 0 && strcmp(name, "data-src") != 0))
            hints |= hints_of_names(value);
        else if (strcmp(name, "role") == 0)
            hints |= hints_of_role(value);
        else if (strcmp(name, "itemprop") == 0)
            hints |= str_eq_nocase(value, STR("articleBody")) || str_eq_nocase(value, STR("reviewBody")) ? HINT_BODY
                     : str_eq_nocase(value, STR("author"))                                               ? HINT_AUTHOR
                                                                                                         : 0;
    }
    return hints;
}

static void fill_node(struct html_node *node, const GumboNode *from)
{
    if (from->type == GUMBO_NODE_TEXT || from->type == GUMBO_NODE_WHITESPACE || from->type == GUMBO_NODE_CDATA) {
        node->flags = NODE_TEXT;
        node->tag = GUMBO_TAG_LAST;
        node->text = str_from(from->v.text.text);
        return;
    }
    node->element = &from->v.element;
    node->tag = (uint16_t)from->v.element.tag;
    bool custom =
        node->tag == GUMBO_TAG_UNKNOWN && memchr(from->v.element.original_tag.data, '-', from->v.element.original_tag.length);
    if (!is_inline((GumboTag)node->tag) && (node->tag != GUMBO_TAG_UNKNOWN || custom))
        node->flags |= NODE_BLOCK;
    node->hints = hints_of_element(node);
    if (hides(node) || (!(node->flags & NODE_BLOCK) && node->hints & HINT_HIDDEN))
        node->flags |= NODE_HIDDEN;
}

/* The number of a list's first item. */
static int32_t first_item_of(const struct html_node *node)
{
    struct str start = node->tag == GUMBO_TAG_OL ? html_attribute(node, "start") : (struct str){0};
    int32_t number = 0;
    for (size_t i = 0; i < start.len && i < 6 && start.data[i] >= '0' && start.data[i] <= '9'; i++)
        number = number * 10 + (start.data[i] - '0');
    return number > 0 ? number : 1;
}

/* The nodes in document order, with a stack of our own. */
static bool flatten(struct html_tree *tree, const GumboNode *root)
{
    struct step {
        const GumboNode *node;
        uint32_t index, child;
        int32_t items; /* list items among the children so far */
    } *stack = NULL;
    size_t depth = 0, stack_capacity = 0, count = 0, capacity = 0;
    struct html_node *nodes = NULL;
    const GumboNode *next = root;
    while (next || depth > 0) {
        if (next) {
            struct html_node *node = arena_push(&tree->arena, (void **)&nodes, &count, &capacity, sizeof *nodes);
            struct step *step = arena_push(&tree->arena, (void **)&stack, &depth, &stack_capacity, sizeof *stack);
            if (!node || !step || count >= HTML_NO_NODE)
                return false;
            fill_node(node, next);
            node->parent = depth > 1 ? stack[depth - 2].index : HTML_NO_NODE;
            if (node->tag == GUMBO_TAG_LI && depth > 1)
                node->ordinal = ++stack[depth - 2].items;
            *step = (struct step){next, (uint32_t)(count - 1), 0, first_item_of(node) - 1};
            if (node->tag == GUMBO_TAG_BODY && tree->body == HTML_NO_NODE)
                tree->body = (uint32_t)(count - 1);
        }
        struct step *top = &stack[depth - 1];
        next = NULL;
        if (top->node->type == GUMBO_NODE_ELEMENT || top->node->type == GUMBO_NODE_TEMPLATE) {
            const GumboVector *children = &top->node->v.element.children;
            while (!next && top->child < children->length) {
                next = children->data[top->child++];
                if (next->type == GUMBO_NODE_COMMENT)
                    next = NULL;
            }
        }
        if (!next) {
            nodes[top->index].end = (uint32_t)count;
            depth--;
        }
    }
    tree->nodes = nodes;
    tree->n_nodes = (uint32_t)count;
    return true;
}

bool html_tree_build(struct html_tree *tree, struct str page)
{
    *tree = (struct html_tree){.body = HTML_NO_NODE};
    const GumboOutput *output = parse(&tree->arena, page);
    return output && flatten(tree, output->root);
}

void html_tree_release(struct html_tree *tree)
{
    if (tree)
        arena_release(&tree->arena);
}

struct str html_text(struct html_tree *tree, uint32_t at, size_t limit)
{
    size_t room = 0;
    for (uint32_t i = at; i < tree->nodes[at].end && room < limit; i++)
        room += tree->nodes[i].text.len + 1;
    char *out = arena_alloc(&tree->arena, room + 1);
    if (!out)
        return (struct str){"", 0};
    size_t n = 0;
    for (uint32_t i = at; i < tree->nodes[at].end && n < limit; i++) {
        const struct html_node *node = &tree->nodes[i];
        if ((node->flags & NODE_BLOCK || node->tag == GUMBO_TAG_BR) && n > 0 && out[n - 1] != ' ' && n < room)
            out[n++] = ' ';
        for (size_t k = 0; k < node->text.len && n < room; k++) {
            char c = node->text.data[k];
            bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
            if (!space)
                out[n++] = c;
            else if (n > 0 && out[n - 1] != ' ')
                out[n++] = ' ';
        }
    }
    while (n > 0 && out[n - 1] == ' ')
        n--;
    return (struct str){out, n};
}
