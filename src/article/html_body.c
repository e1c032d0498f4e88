/* How the article is found.
 *
 * 1. The headline's line is the one most like the title in the metadata.
 * 2. Every element gets a context: the bad hints (advert, comments, related links ...) of itself and of what it lies in. A hint
 *    is not believed of an element that holds the headline or most of the page's text.
 * 3. Lines get weights: words outside of links, in sentences, in no bad context. The container is found by going down from
 *    <body> as long as one child holds nearly all the weight, or is plainly the article.
 * 4. What is no article in the container is pruned (html_prune.c).
 * Each step is a loop over nodes or lines; sums over subtrees are differences of prefix sums. */
#include "article/html_body.h"

#include <string.h>

#include "article/html_finder.h"
#include "article/html_phrases.h"
#include "base/utf8.h"

enum {
    IMAGE_WIDTH_MAX = 400,
    CAPTION_WIDTH_MAX = 900,
    CAPTION_LINES_MAX = 6,
    NAMED_WEIGHT_MIN = 600, /* less is no proof that an <article> is the article */
    NEAR_WEIGHT_MIN = 300,
    CARD_WIDTH_MAX = 400, /* text of one teaser */
    CARDS_MIN = 3,        /* that many alike side by side are teasers */
};

struct sums finder_sums(const struct finder *f, uint32_t node)
{
    const struct sums *a = &f->before[f->line_at[node]], *b = &f->before[f->line_at[f->tree->nodes[node].end]];
    return (struct sums){b->width - a->width, b->link_width - a->link_width, b->weight - a->weight, b->raw - a->raw,
                         b->lines - a->lines};
}

const char *finder_reason(hint_set hints)
{
    static const struct {
        hint_set hint;
        const char *reason;
    } REASONS[] = {
        {HINT_COMMENT, "comments"},        {HINT_AD, "advert"},
        {HINT_COOKIE, "cookie notice"},    {HINT_LETTER, "newsletter"},
        {HINT_RELATED, "related links"},   {HINT_SHARE, "share buttons"},
        {HINT_PAYWALL, "paywall notice"},  {HINT_NAV, "navigation"},
        {HINT_HEADER, "navigation"},       {HINT_FOOTER, "page footer"},
        {HINT_AUTHOR, "about the author"}, {HINT_TAGS, "topics"},
        {HINT_META, "page details"},       {HINT_SIDEBAR, "sidebar"},
        {HINT_POPUP, "page controls"},     {HINT_TOOL, "page controls"},
        {HINT_GALLERY, "gallery"},         {HINT_PRODUCT, "advert"},
        {HINT_FOOTNOTE, "footnotes"},      {HINT_HIDDEN, "hidden"},
        {HINT_SUMMARY, "summary"},
    };
    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++)
        if (hints & REASONS[i].hint)
            return REASONS[i].reason;
    return "noise";
}

/* ---- the headline ------------------------------------------------------------------------------------------------- */

static uint32_t title_likeness(const struct finder *f, const struct html_line *line, struct str key, const struct word_set *words)
{
    if (line->text.len > 4 * f->meta->title.len + 40 || line->link_width * 4 > line->width * 3)
        if (line->kind != LINE_HEADING)
            return 0;
    uint32_t worth = 0;
    if (phrase_same_letters(line->text, key))
        worth = 100;
    else if (line->kind == LINE_HEADING && line->level <= 2)
        worth = (uint32_t)(60 * word_set_likeness(words, line->text));
    if (worth < 30)
        worth = 0;
    if (line->kind == LINE_HEADING)
        worth += line->level == 1 ? 20 : line->level == 2 ? 8 : worth ? 2 : 0;
    if (line->link_width * 2 > line->width) /* a link to itself, or to another page */
        worth /= 2;
    return worth;
}

static void find_title(struct finder *f)
{
    struct word_set words;
    word_set_make(&words, f->meta->title);
    uint32_t best = 0;
    f->body->title_line = HTML_NO_LINE;
    f->title_node = HTML_NO_NODE;
    for (uint32_t i = 0; i < f->n_lines; i++) {
        uint32_t worth = title_likeness(f, &f->lines[i], f->meta->title, &words);
        if (worth > best && worth >= 20) {
            best = worth;
            f->body->title_line = i;
            f->title_node = f->lines[i].first;
        }
    }
}

/* ---- contexts ----------------------------------------------------------------------------------------------------- */

static hint_set hints_of_tag(unsigned tag)
{
    switch (tag) {
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_MENU: return HINT_NAV;
    case GUMBO_TAG_FOOTER: return HINT_FOOTER;
    case GUMBO_TAG_ASIDE: return HINT_SIDEBAR;
    case GUMBO_TAG_FORM:
    case GUMBO_TAG_FIELDSET:
    case GUMBO_TAG_BUTTON: return HINT_TOOL;
    case GUMBO_TAG_ADDRESS: return HINT_AUTHOR;
    case GUMBO_TAG_FIGCAPTION:
    case GUMBO_TAG_FIGURE: return HINT_CAPTION;
    default: return 0;
    }
}

static bool holds_image(const struct html_tree *tree, uint32_t at)
{
    for (uint32_t i = at; i < tree->nodes[at].end; i++)
        if (tree->nodes[i].tag == GUMBO_TAG_IMG)
            return true;
    return false;
}

/* Text in frames of pictures is a caption, if there is not too much of it. */
static hint_set picture_hints(const struct finder *f, uint32_t at, hint_set hints, const struct sums *own)
{
    hint_set found = 0;
    if (own->lines == 0 || own->lines > CAPTION_LINES_MAX)
        return 0;
    if (hints & HINT_CAPTION && own->width < CAPTION_WIDTH_MAX)
        found |= HINT_CAPTION;
    if (hints & HINT_IMAGE && own->width < IMAGE_WIDTH_MAX && f->tree->nodes[at].end - at < 60 && holds_image(f->tree, at))
        found |= HINT_IMAGE;
    return found;
}

/* The hints of this element that are to be believed. */
static hint_set believed(const struct finder *f, uint32_t at, const struct sums *page)
{
    const struct html_node *node = &f->tree->nodes[at];
    hint_set hints = node->hints | hints_of_tag(node->tag);
    hint_set bad = hints & HINTS_BAD;
    if ((bad | (hints & HINTS_PICTURE)) == 0 || at <= f->tree->body)
        return 0;
    if (f->title_node != HTML_NO_NODE && html_within(f->tree, at, f->title_node))
        return 0;
    struct sums own = finder_sums(f, at);
    bool text_by_name = hints & (HINT_BODY | HINT_CONTENT) || node->tag == GUMBO_TAG_ARTICLE || node->tag == GUMBO_TAG_MAIN;
    if (own.raw * 2 > page->raw && (!(bad & HINT_COMMENT) || text_by_name))
        return 0;
    if (hints & HINT_BODY)
        bad &= HINT_COMMENT;
    if (own.raw * 10 > page->raw) /* some layouts call their main column so */
        bad &= ~(hint_set)(HINT_META | HINT_TAGS | HINT_HEADER | HINT_PAYWALL | HINT_GALLERY | HINT_TOOL | HINT_SHARE |
                           HINT_HIDDEN | HINT_SUMMARY | HINT_PRODUCT | HINT_AUTHOR);
    return bad | picture_hints(f, at, hints, &own);
}

bool finder_is_group(unsigned tag)
{
    return tag == GUMBO_TAG_DIV || tag == GUMBO_TAG_UL || tag == GUMBO_TAG_OL || tag == GUMBO_TAG_SECTION ||
           tag == GUMBO_TAG_DL || tag == GUMBO_TAG_ARTICLE;
}

/* A teaser of another article: a linked headline and hardly more. */
static bool is_card(const struct finder *f, uint32_t at)
{
    const struct html_node *node = &f->tree->nodes[at];
    if (!finder_is_group(node->tag) && node->tag != GUMBO_TAG_LI && node->tag != GUMBO_TAG_A)
        return false;
    struct sums own = finder_sums(f, at);
    if (own.lines == 0 || own.lines > 6 || own.width > CARD_WIDTH_MAX || own.link_width == 0)
        return false;
    if (f->title_node != HTML_NO_NODE && html_within(f->tree, at, f->title_node))
        return false;
    for (uint32_t i = f->line_at[at]; i < f->line_at[node->end]; i++)
        if (f->lines[i].words >= 3 && f->lines[i].link_width * 10 >= f->lines[i].width * 8)
            return true;
    return false;
}

/* Gives the hint of related links to rows of teasers: several children of one element. Each element is looked at once as a
 * child, so all in all this is linear. */
static void mark_cards(struct finder *f, uint32_t parent)
{
    const struct html_node *nodes = f->tree->nodes;
    unsigned cards = 0;
    for (uint32_t child = parent + 1; child < nodes[parent].end; child = nodes[child].end)
        cards += nodes[child].element && is_card(f, child);
    if (cards < CARDS_MIN)
        return;
    for (uint32_t child = parent + 1; child < nodes[parent].end; child = nodes[child].end)
        if (nodes[child].element && is_card(f, child))
            f->context[child] |= HINT_RELATED;
}

static void set_contexts(struct finder *f)
{
    const struct sums page = f->before[f->n_lines];
    for (uint32_t i = f->tree->body == HTML_NO_NODE ? 0 : f->tree->body; i < f->tree->n_nodes; i++) {
        const struct html_node *node = &f->tree->nodes[i];
        hint_set above = node->parent == HTML_NO_NODE ? 0 : f->context[node->parent];
        f->context[i] |= above | (node->element && f->trust_names ? believed(f, i, &page) : 0);
        if (node->flags & NODE_BLOCK)
            mark_cards(f, i);
    }
    for (uint32_t i = 0; i < f->n_lines; i++)
        if (f->context[f->lines[i].block] & HINTS_PICTURE)
            f->lines[i].kind = LINE_CAPTION;
}

/* ---- weights ------------------------------------------------------------------------------------------------------ */

uint64_t finder_line_weight(const struct html_line *line)
{
    if (line->kind == LINE_HEADING || line->kind == LINE_CAPTION || line->link_width * 2 > line->width)
        return 0;
    uint64_t plain = line->width - line->link_width;
    bool sentence = line->sentence_end && line->words >= 4;
    if (!sentence && line->words < 10 && line->width < 60)
        return plain / 10;
    if (line->kind == LINE_CODE)
        return plain / 4;
    return plain;
}

static void sum_up(struct finder *f)
{
    struct sums total = {0};
    for (uint32_t i = 0; i < f->n_lines; i++) {
        const struct html_line *line = &f->lines[i];
        f->before[i] = total;
        uint64_t raw = finder_line_weight(line);
        total.raw += raw;
        total.weight += f->context[line->block] & HINTS_BAD ? 0 : raw;
        total.width += line->width;
        total.link_width += line->link_width;
        total.lines++;
    }
    f->before[f->n_lines] = total;
}

/* ---- the container ------------------------------------------------------------------------------------------------ */

static bool may_contain(const struct html_node *node)
{
    switch (node->tag) {
    case GUMBO_TAG_P:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3: return false;
    default: return node->element != NULL;
    }
}

/* Is this element, by its name or by the headline in it, likely to be the article as a whole? */
static bool looks_like_article(const struct finder *f, uint32_t at)
{
    const struct html_node *node = &f->tree->nodes[at];
    return node->tag == GUMBO_TAG_ARTICLE || node->hints & HINT_BODY ||
           (f->title_node != HTML_NO_NODE && html_within(f->tree, at, f->title_node));
}

static bool same_names(const struct html_node *a, const struct html_node *b)
{
    struct str x = html_attribute(a, "class"), y = html_attribute(b, "class");
    return a->tag == b->tag && x.len > 0 && str_eq(x, y);
}

/* An article laid out as several elements of one class, wherever they are below `parent`, is not one of them. */
static bool has_equals(const struct finder *f, uint32_t parent, uint32_t best, uint64_t all)
{
    const struct html_node *nodes = f->tree->nodes;
    if (nodes[best].tag == GUMBO_TAG_ARTICLE)
        return false;
    for (uint32_t i = parent + 1; i < nodes[parent].end; i = i == best ? nodes[i].end : i + 1)
        if (i != best && nodes[i].element && same_names(&nodes[i], &nodes[best]) && finder_sums(f, i).weight * 20 > all)
            return true;
    return false;
}

/* Goes down from `at` while one child holds nearly all. */
static uint32_t descend(const struct finder *f, uint32_t at)
{
    const struct html_node *nodes = f->tree->nodes;
    for (;;) {
        uint64_t all = finder_sums(f, at).weight, best_weight = 0;
        uint32_t best = HTML_NO_NODE;
        for (uint32_t child = at + 1; child < nodes[at].end; child = nodes[child].end) {
            uint64_t weight = may_contain(&nodes[child]) ? finder_sums(f, child).weight : 0;
            if (weight > best_weight) {
                best_weight = weight;
                best = child;
            }
        }
        uint64_t percent = best == HTML_NO_NODE ? 101 : looks_like_article(f, best) ? 75 : 90;
        if (best == HTML_NO_NODE || best_weight * 100 < all * percent || has_equals(f, at, best, all))
            return at;
        at = best;
    }
}

/* The element below `at` that is plainly the article: it has a telling name and the headline, or far more text than any
 * other of its kind. */
static uint32_t find_named(const struct finder *f, uint32_t at)
{
    const struct html_node *nodes = f->tree->nodes;
    uint64_t all = finder_sums(f, at).weight, best_weight = 0, others = 0;
    uint32_t best = HTML_NO_NODE;
    for (uint32_t i = at + 1; i < nodes[at].end;) {
        bool named =
            nodes[i].element && (nodes[i].tag == GUMBO_TAG_ARTICLE || nodes[i].hints & HINT_BODY) && may_contain(&nodes[i]);
        if (!named) {
            i++;
            continue;
        }
        uint64_t weight = finder_sums(f, i).weight;
        if (f->title_node != HTML_NO_NODE && html_within(f->tree, i, f->title_node) && weight > NAMED_WEIGHT_MIN &&
            weight * 5 > all)
            return i;
        others += weight > best_weight ? best_weight : weight;
        best = weight > best_weight ? i : best;
        best_weight = weight > best_weight ? weight : best_weight;
        i = nodes[i].end;
    }
    return best_weight * 10 >= all * 4 && best_weight > NAMED_WEIGHT_MIN && others * 2 < best_weight ? best : HTML_NO_NODE;
}

/* The lowest element that holds `at` and all below `above` that are like it and have text: pages cut by adverts have their
 * text in several elements of one name. */
static uint32_t with_equals(const struct finder *f, uint32_t above, uint32_t at)
{
    const struct html_node *nodes = f->tree->nodes;
    uint64_t all = finder_sums(f, above).weight;
    uint32_t common = at;
    if (nodes[at].tag == GUMBO_TAG_ARTICLE)
        return at;
    for (uint32_t i = above + 1; i < nodes[above].end; i++)
        if (nodes[i].element && i != at && same_names(&nodes[i], &nodes[at]) && finder_sums(f, i).weight * 20 > all)
            while (common != above && !html_within(f->tree, common, i))
                common = nodes[common].parent;
    return common;
}

/* Short articles: where the heaviest element is far from the headline and not much heavier than the text next to it, that
 * text is the article. */
static uint32_t near_title(const struct finder *f, uint32_t at)
{
    const struct html_node *nodes = f->tree->nodes;
    if (f->title_node == HTML_NO_NODE)
        return at;
    uint32_t near = f->title_node;
    while (nodes[near].parent != HTML_NO_NODE && finder_sums(f, near).weight < NEAR_WEIGHT_MIN)
        near = nodes[near].parent;
    bool apart = !html_within(f->tree, near, at) && !html_within(f->tree, at, near);
    return apart && finder_sums(f, near).weight * 3 > finder_sums(f, at).weight ? near : at;
}

static uint32_t find_container(const struct finder *f)
{
    uint32_t at = descend(f, f->tree->body == HTML_NO_NODE ? 0 : f->tree->body);
    uint32_t named = find_named(f, at);
    if (named == HTML_NO_NODE)
        return near_title(f, at);
    uint32_t whole = with_equals(f, at, named);
    return whole == named ? descend(f, named) : whole;
}

static bool finder_init(struct finder *f)
{
    struct arena *arena = &f->tree->arena;
    uint32_t n_nodes = f->tree->n_nodes;
    f->line_at = arena_array(arena, (size_t)n_nodes + 1, sizeof *f->line_at);
    f->before = arena_array(arena, (size_t)f->n_lines + 1, sizeof *f->before);
    f->body->reasons = arena_array(arena, f->n_lines + (size_t)1, sizeof *f->body->reasons);
    f->context = arena_array(arena, (size_t)n_nodes + 1, sizeof *f->context);
    if (!f->line_at || !f->before || !f->body->reasons || !f->context)
        return false;
    for (uint32_t node = 0, line = 0; node <= n_nodes; node++) {
        while (line < f->n_lines && f->lines[line].first < node)
            line++;
        f->line_at[node] = line;
    }
    return true;
}

bool html_body_find(struct html_body *body, struct html_tree *tree, const struct html_lines *lines, const struct html_meta *meta,
                    bool trust_names)
{
    struct finder f = {.tree = tree,
                       .lines = lines->items,
                       .n_lines = (uint32_t)lines->count,
                       .meta = meta,
                       .body = body,
                       .trust_names = trust_names};
    *body = (struct html_body){.title_line = HTML_NO_LINE};
    if (!finder_init(&f))
        return false;
    find_title(&f);
    sum_up(&f);
    set_contexts(&f);
    sum_up(&f);
    body->container = find_container(&f);
    finder_prune(&f);
    for (uint32_t i = 0; i < f.n_lines; i++)
        body->width += body->reasons[i] || i == body->title_line ? 0 : lines->items[i].width;
    return !tree->arena.failed;
}

bool html_body_all(struct html_body *body, struct html_tree *tree, const struct html_lines *lines)
{
    *body = (struct html_body){.title_line = HTML_NO_LINE, .container = tree->body == HTML_NO_NODE ? 0 : tree->body};
    body->reasons = arena_array(&tree->arena, lines->count + 1, sizeof *body->reasons);
    for (size_t i = 0; i < lines->count; i++)
        body->width += lines->items[i].width;
    return body->reasons != NULL;
}
