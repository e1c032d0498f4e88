/* What is not the article inside the container: regions by context, density of links and kind; single lines by their words;
 * what follows a heading such as "Related stories"; what was said before; headings with nothing left below them. */
#include <string.h>

#include "article/html_finder.h"
#include "article/html_phrases.h"
#include "base/utf8.h"

enum {
    PHRASE_WORDS_MAX = 45,  /* a longer line is not judged by how it starts */
    HEADING_WORDS_MAX = 10, /* "More from the Example Times" */
    PROSE_WIDTH_MIN = 70,   /* a line of prose; white space does not count */
    TAIL_LINES = 6,         /* the article's last lines, where the house speaks of itself */
    LEAD_INS_MAX = 8,
    LEAD_IN_WORDS_MAX = 12,
    REPEAT_WORDS_MIN = 8,  /* shorter lines may well come twice */
    REPEAT_NEAR = 3,       /* lines */
    REPEAT_WORDS_FAR = 80, /* a line this long is not written twice */
    QUOTES_MAX = 64,       /* pull quotes that are looked for in the body */
};

static bool kept(const struct finder *f, uint32_t line)
{
    return !f->body->reasons[line] && line != f->body->title_line;
}

static bool mostly_link(const struct html_line *line)
{
    return line->link_width * 2 > line->width;
}

static bool is_prose(const struct html_line *line)
{
    return line->kind != LINE_HEADING && line->kind != LINE_CAPTION && line->width >= PROSE_WIDTH_MIN && line->sentence_end &&
           line->link_width * 3 < line->width;
}

/* ---- regions ------------------------------------------------------------------------------------------------------ */

static void drop_region(struct finder *f, uint32_t node, const char *reason)
{
    for (uint32_t i = f->line_at[node]; i < f->line_at[f->tree->nodes[node].end]; i++)
        if (kept(f, i))
            f->body->reasons[i] = reason;
}

/* Is hardly any text of the container above this element? */
static bool before_text(const struct finder *f, uint32_t at, uint64_t container_weight)
{
    uint64_t above = f->before[f->line_at[at]].weight - f->before[f->line_at[f->body->container]].weight;
    return above * 20 < container_weight;
}

/* Why the region below `at` is not part of the article; NULL: it is, or look closer. */
static const char *region_reason(const struct finder *f, uint32_t at, uint64_t container_weight)
{
    const struct html_node *node = &f->tree->nodes[at];
    struct sums own = finder_sums(f, at);
    if (own.lines == 0)
        return NULL;
    hint_set parent = node->parent == HTML_NO_NODE ? 0 : f->context[node->parent];
    hint_set bad = f->context[at] & ~parent & HINTS_BAD;
    if (bad == HINT_SUMMARY && !before_text(f, at, container_weight))
        bad = 0; /* such names are given to subheadings as well */
    if (bad)
        return finder_reason(bad);
    if (node->tag == GUMBO_TAG_TABLE && own.raw * 3 < container_weight)
        return "table";
    if (finder_is_group(node->tag) && own.link_width * 2 > own.width && own.raw * 10 < container_weight)
        return "related links";
    return NULL;
}

static void drop_regions(struct finder *f)
{
    const struct html_node *nodes = f->tree->nodes;
    uint64_t weight = finder_sums(f, f->body->container).weight;
    uint32_t end = nodes[f->body->container].end;
    for (uint32_t i = f->body->container + 1; i < end;) {
        const char *reason = nodes[i].element ? region_reason(f, i, weight) : NULL;
        if (reason)
            drop_region(f, i, reason);
        i = reason ? nodes[i].end : i + 1;
    }
}

/* ---- lines -------------------------------------------------------------------------------------------------------- */

/* What lies around the container: above it the page's navigation; below it other articles, and from the first sign of it on
 * the page's foot. Comments and notices keep their own names. */
static void drop_outside(struct finder *f)
{
    uint32_t first = f->line_at[f->body->container], end = f->line_at[f->tree->nodes[f->body->container].end];
    const char *below = "related links";
    for (uint32_t i = 0; i < f->n_lines; i++) {
        if (i >= first && i < end)
            continue;
        hint_set bad = f->context[f->lines[i].block] & HINTS_BAD;
        if (i >= end && bad & (HINT_FOOTER | HINT_NAV))
            below = "page footer";
        bool own = bad & (HINT_COMMENT | HINT_COOKIE | HINT_PAYWALL);
        f->body->reasons[i] = own ? finder_reason(bad) : i < first ? "navigation" : below;
    }
    uint32_t title = f->body->title_line;
    if (title == HTML_NO_LINE)
        return;
    if (title > first && f->before[title].weight - f->before[first].weight < 400)
        for (uint32_t i = first; i < title && i < end; i++)
            f->body->reasons[i] = "navigation";
    f->body->reasons[title] = NULL;
}

/* "Read more: Another story": a start that a sentence of the article might have too counts only where this is no sentence. */
static const char *reason_by_words(const struct html_line *line)
{
    const char *reason = phrase_reason(line->text, PHRASE_WHOLE);
    if (!reason && line->words <= PHRASE_WORDS_MAX && line->kind != LINE_HEADING)
        reason = phrase_reason(line->text, PHRASE_SURE);
    bool sentence = line->sentence_end && line->words > 6 && !mostly_link(line);
    if (!reason && line->words <= PHRASE_WORDS_MAX && line->kind != LINE_HEADING && !sentence)
        reason = phrase_reason(line->text, PHRASE_START);
    return reason;
}

/* A paragraph that is one link leads away. */
static bool is_link_alone(const struct html_line *line)
{
    return line->kind == LINE_TEXT && line->words >= 4 && line->link_width * 100 >= line->width * 95 && line->width < 250;
}

static void drop_by_words(struct finder *f)
{
    for (uint32_t i = 0; i < f->n_lines; i++) {
        const struct html_line *line = &f->lines[i];
        if (!kept(f, i))
            continue;
        const char *reason = reason_by_words(line);
        if (!reason && is_link_alone(line))
            reason = "related links";
        if (!reason && line->kind == LINE_HEADING && phrase_same_letters(line->text, f->meta->title))
            reason = "duplicate headline";
        if (!reason && line->kind == LINE_CODE)
            reason = "code";
        f->body->reasons[i] = reason;
    }
}

static const char *heading_reason(const struct html_line *line)
{
    if (line->words > HEADING_WORDS_MAX || (line->kind != LINE_HEADING && line->sentence_end && line->words > 3))
        return NULL;
    const char *reason = phrase_reason(line->text, PHRASE_TITLE);
    return reason ? reason : phrase_reason(line->text, PHRASE_HEADING);
}

/* Lines of prose from `from` on: many of them are not a list of teasers. */
static bool prose_follows(const struct finder *f, uint32_t from, unsigned many)
{
    for (uint32_t i = from; i < f->n_lines && many > 0; i++)
        many -= kept(f, i) && is_prose(&f->lines[i]);
    return many == 0;
}

/* What follows "Related stories": all of it near the end of the article, else all up to the next line of prose. Of boxes that
 * ask for something only the heading is sure. */
static void drop_after_headings(struct finder *f)
{
    uint64_t total = 0, before = 0;
    for (uint32_t i = 0; i < f->n_lines; i++)
        total += kept(f, i) ? finder_line_weight(&f->lines[i]) : 0;
    const char *until_prose = NULL, *to_end = NULL;
    for (uint32_t i = 0; i < f->n_lines && !to_end; i++) {
        const struct html_line *line = &f->lines[i];
        if (!kept(f, i))
            continue;
        const char *reason = heading_reason(line);
        bool comments = reason && strcmp(reason, "comments") == 0;
        bool list = comments || (reason && strcmp(reason, "related links") == 0);
        if (list && before > 0 && (total - before) * 3 <= before && (comments || !prose_follows(f, i + 1, 3)))
            to_end = reason;
        if (list)
            until_prose = reason;
        else if (is_prose(line))
            until_prose = NULL;
        before += finder_line_weight(line);
        f->body->reasons[i] = reason ? reason : until_prose;
        for (uint32_t k = i; to_end && k < f->n_lines; k++)
            if (kept(f, k))
                f->body->reasons[k] = to_end;
    }
}

/* "18 Nov 2019", "09:30", "1/2/2019": a month's name or digits joined by a colon, stroke or full stop. */
static bool has_date(struct str s)
{
    static const char MONTHS[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    bool digit = false, month = false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.data[i];
        bool between = i > 0 && i + 1 < s.len && s.data[i - 1] >= '0' && s.data[i - 1] <= '9' && s.data[i + 1] >= '0' &&
                       s.data[i + 1] <= '9';
        if (between && (c == ':' || c == '/' || c == '.'))
            return true;
        digit |= c >= '0' && c <= '9';
        bool starts =
            (c | 0x20) >= 'a' && (c | 0x20) <= 'z' && (i == 0 || (s.data[i - 1] | 0x20) < 'a' || (s.data[i - 1] | 0x20) > 'z');
        for (size_t m = 0; starts && !month && m < 12; m++)
            month = str_eq_nocase(str_sub(s, i, i + 3), (struct str){MONTHS + 3 * m, 3});
    }
    return digit && month;
}

/* Between the headline and the first line of prose: names, dates, sections. */
static bool is_lead_in(const struct finder *f, const struct html_line *line)
{
    if (line->kind == LINE_HEADING || line->kind == LINE_CAPTION || line->words > LEAD_IN_WORDS_MAX)
        return false;
    struct str byline = f->meta->byline;
    bool names = byline.len > 3 && str_find(line->text, byline, 0) != SIZE_MAX;
    bool by = line->text.len > 3 && str_eq_nocase(str_sub(line->text, 0, 3), STR("by "));
    return names || ((by || mostly_link(line) || has_date(line->text)) && !line->sentence_end);
}

static void drop_lead_ins(struct finder *f)
{
    uint32_t prose = 0;
    while (prose < f->n_lines && !(kept(f, prose) && is_prose(&f->lines[prose])))
        prose++;
    for (uint32_t i = 0, seen = 0; prose < f->n_lines && i < prose && seen < LEAD_INS_MAX; i++) {
        seen += kept(f, i);
        if (kept(f, i) && is_lead_in(f, &f->lines[i]))
            f->body->reasons[i] = "page details";
    }
}

/* The house's own notes below an article: "Follow us on ...", "Got a tip?". */
static void drop_tail_notes(struct finder *f)
{
    uint32_t seen = 0;
    for (uint32_t i = f->n_lines; i > 0 && seen < TAIL_LINES; i--) {
        if (!kept(f, i - 1) || f->lines[i - 1].kind == LINE_CAPTION)
            continue;
        seen++;
        f->body->reasons[i - 1] = phrase_reason(f->lines[i - 1].text, PHRASE_INSIDE);
    }
}

/* ---- repetitions -------------------------------------------------------------------------------------------------- */

static uint64_t letters_hash(struct str s)
{
    uint64_t hash = 1469598103934665603u;
    for (size_t i = 0, next; i < s.len; i = next) {
        unsigned c = utf8_decode(s, i, &next);
        if (uni_is_word(c))
            hash = (hash ^ uni_to_lower(c)) * 1099511628211u;
    }
    return hash;
}

/* Lines that were there before, word for word: layouts for wide and narrow screens, captions below every picture. Recipes and
 * tables of results do repeat short lines, so these count only close by. */
static void drop_repeats(struct finder *f)
{
    size_t slots = 64;
    while (slots < (size_t)f->n_lines * 2)
        slots *= 2;
    struct {
        uint64_t hash;
        uint32_t place; /* among the kept lines */
    } *seen = arena_array(&f->tree->arena, slots, sizeof *seen);
    uint32_t place = 0;
    for (uint32_t i = 0; seen && i < f->n_lines; i++) {
        const struct html_line *line = &f->lines[i];
        if (!kept(f, i) || (line->words < REPEAT_WORDS_MIN && line->kind != LINE_CAPTION))
            continue;
        uint64_t hash = letters_hash(line->text) | 1;
        size_t slot = (size_t)(hash >> 7) & (slots - 1);
        while (seen[slot].hash != 0 && seen[slot].hash != hash)
            slot = (slot + 1) & (slots - 1);
        bool near = ++place - seen[slot].place <= REPEAT_NEAR || line->words >= REPEAT_WORDS_FAR || line->kind == LINE_CAPTION;
        if (seen[slot].hash == hash && near)
            f->body->reasons[i] = "duplicate";
        seen[slot].hash = hash;
        seen[slot].place = place;
    }
}

static void add_letters(struct buffer *out, struct str s)
{
    for (size_t i = 0, next; i < s.len; i = next) {
        unsigned c = utf8_decode(s, i, &next);
        if (uni_is_word(c))
            buffer_code_point(out, uni_to_lower(c));
    }
}

/* May this line be a pull quote: set apart from the running text, as a quotation or by its name? */
static bool is_set_apart(const struct finder *f, const struct html_line *line)
{
    for (uint32_t i = line->block; i != HTML_NO_NODE && i != f->body->container; i = f->tree->nodes[i].parent)
        if (f->tree->nodes[i].tag == GUMBO_TAG_BLOCKQUOTE || f->tree->nodes[i].hints & HINT_PULL)
            return true;
    return false;
}

/* Pull quotes: quotations set apart that the running text has as well. */
static void drop_pull_quotes(struct finder *f)
{
    uint32_t quotes[QUOTES_MAX];
    size_t n = 0;
    struct buffer running = {0}, quote = {0};
    for (uint32_t i = 0; i < f->n_lines; i++) {
        if (!kept(f, i))
            continue;
        if (f->lines[i].words >= 4 && n < QUOTES_MAX && is_set_apart(f, &f->lines[i]))
            quotes[n++] = i;
        else
            add_letters(&running, f->lines[i].text);
    }
    for (size_t k = 0; k < n && !running.failed && !quote.failed; k++) {
        buffer_clear(&quote);
        add_letters(&quote, f->lines[quotes[k]].text);
        if (quote.len > 0 && running.len > 0 && memmem(running.data, running.len, quote.data, quote.len))
            f->body->reasons[quotes[k]] = "duplicate";
    }
    f->tree->arena.failed |= running.failed || quote.failed;
    buffer_release(&running);
    buffer_release(&quote);
}

/* ---- headings ----------------------------------------------------------------------------------------------------- */

/* Bottom up: a heading stays where text, or a lower heading with text, follows. */
static void drop_empty_headings(struct finder *f)
{
    uint32_t level_below = 0; /* of the kept heading that follows; 0: none */
    bool text = false;
    for (uint32_t i = f->n_lines; i > 0; i--) {
        const struct html_line *line = &f->lines[i - 1];
        if (!kept(f, i - 1) || line->kind == LINE_CAPTION)
            continue;
        if (line->kind != LINE_HEADING) {
            text = true;
            continue;
        }
        if (!text && (level_below == 0 || level_below <= line->level))
            f->body->reasons[i - 1] = "empty heading";
        else
            level_below = line->level;
        text = false;
    }
}

static void find_stub(struct finder *f)
{
    enum { STUB_WIDTH_MAX = 2000 };
    uint64_t width = 0;
    bool gate = f->meta->not_free;
    for (uint32_t i = 0; i < f->n_lines; i++) {
        width += kept(f, i) ? f->lines[i].width : 0;
        gate |= f->body->reasons[i] && strcmp(f->body->reasons[i], "paywall notice") == 0 && f->lines[i].words > 3;
    }
    f->body->stub = gate && width < STUB_WIDTH_MAX;
}

void finder_prune(struct finder *f)
{
    drop_outside(f);
    drop_regions(f);
    drop_after_headings(f);
    drop_by_words(f);
    drop_lead_ins(f);
    drop_tail_notes(f);
    drop_repeats(f);
    drop_pull_quotes(f);
    drop_empty_headings(f);
    find_stub(f);
}
