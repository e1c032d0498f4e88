/* plain: text without markup. Layout finds the paragraphs, shape says what a short one looks like, and this file decides by
 * their neighbourhood. Where the looks leave doubt a piece stays a paragraph: nothing but clear debris is left out. */
#include "article/formats.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "article/language.h"
#include "article/layout.h"
#include "article/shape.h"
#include "base/hash.h"
#include "base/utf8.h"

#define MOST_COPIES 3 /* of the headline, above the text */

enum piece_kind {
    PIECE_PARAGRAPH,
    PIECE_TITLE,
    PIECE_BYLINE,
    PIECE_HEADING,
    PIECE_ITEM,
    PIECE_CAPTION,
    PIECE_RULE, /* a line of signs: nothing to speak, nothing to tell */
    PIECE_OMITTED,
};

struct piece {
    const struct layout_paragraph *place;
    struct str text;
    struct shape shape;
    enum piece_kind kind;
    struct layout_mark mark;
    const char *reason; /* PIECE_OMITTED */
    int level;
    bool apart;      /* a blank line above */
    bool turn;       /* "NAME: ..." with a NAME that comes several times */
    bool weak_noise; /* noise if its place says so */
    unsigned underline;
};

struct plain {
    struct article_builder *builder;
    struct layout layout;
    struct piece *pieces;
    size_t n_pieces;
    size_t body; /* the first piece of running text; n_pieces where there is none */
    bool airy;   /* paragraphs are set apart by blank lines */
    struct arena scratch;
};

static bool is_spoken(const struct piece *piece)
{
    return piece->kind != PIECE_RULE && piece->kind != PIECE_OMITTED;
}

static bool is_running_text(const struct piece *piece)
{
    const struct shape *shape = &piece->shape;
    return shape->is_long || shape->words >= 25 ||
           (shape->words >= 8 && shape->sentences >= 1 && layout_is_stop(shape->last, false)) || shape->sentences >= 2;
}

static void omit_piece(struct piece *piece, const char *reason)
{
    piece->kind = PIECE_OMITTED;
    piece->reason = reason;
}

static void take_pieces(struct plain *plain)
{
    plain->pieces = arena_array(&plain->scratch, plain->layout.n_paragraphs, sizeof *plain->pieces);
    if (!plain->pieces)
        return;
    plain->n_pieces = plain->layout.n_paragraphs;
    size_t apart = 0;
    for (size_t i = 0; i < plain->n_pieces; i++) {
        struct piece *piece = &plain->pieces[i];
        piece->place = &plain->layout.paragraphs[i];
        piece->text = str_sub(plain->builder->source, piece->place->start, piece->place->end);
        piece->shape = shape_of(piece->text);
        piece->apart = plain->layout.lines[piece->place->first].blank_before;
        piece->mark = layout_mark_of(piece->text);
        apart += piece->apart;
        size_t count;
        unsigned rule = layout_rule_of(str_sub(piece->text, 0, SHAPE_LONG), &count);
        if (!rule || piece->shape.is_long)
            continue;
        piece->kind = PIECE_RULE;
        bool under = i > 0 && !piece->apart && count >= 3 && (rule == '=' || rule == '-' || rule == '~' || rule == '*');
        if (under && !piece[-1].shape.is_long && piece[-1].kind == PIECE_PARAGRAPH)
            piece[-1].underline = rule;
    }
    plain->airy = apart * 2 >= plain->n_pieces;
}

static int compare_hashes(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* A label that comes twice or more is a person of an interview, or something like it. */
static void find_turns(struct plain *plain)
{
    size_t count = 0;
    uint64_t *labels = arena_array(&plain->scratch, plain->n_pieces + 1, sizeof *labels);
    if (!labels)
        return;
    for (size_t i = 0; i < plain->n_pieces; i++)
        if (plain->pieces[i].shape.label)
            labels[count++] = hash_bytes_64(str_sub(plain->pieces[i].text, 0, plain->pieces[i].shape.label));
    qsort(labels, count, sizeof *labels, compare_hashes);
    for (size_t i = 0; i < plain->n_pieces; i++) {
        struct piece *piece = &plain->pieces[i];
        if (!piece->shape.label)
            continue;
        uint64_t hash = hash_bytes_64(str_sub(piece->text, 0, piece->shape.label));
        uint64_t *found = bsearch(&hash, labels, count, sizeof *labels, compare_hashes);
        piece->turn = found && ((found > labels && found[-1] == hash) || (found + 1 < labels + count && found[1] == hash));
    }
}

static void find_items(struct plain *plain)
{
    for (size_t i = 0; i < plain->n_pieces; i++) {
        struct piece *piece = &plain->pieces[i];
        const struct piece *next = i + 1 < plain->n_pieces ? piece + 1 : NULL, *last = i ? piece - 1 : NULL;
        if (!piece->mark.len || piece->kind != PIECE_PARAGRAPH)
            continue;
        bool item;
        if (piece->mark.ordinal)
            item = (next && next->mark.ordinal == piece->mark.ordinal + 1) ||
                   (last && last->kind == PIECE_ITEM && last->mark.ordinal + 1 == piece->mark.ordinal);
        else if (piece->mark.bullet == 0x2013) /* a dash begins many things */
            item = (next && next->mark.bullet == 0x2013) || (last && last->kind == PIECE_ITEM && last->mark.bullet == 0x2013);
        else
            item = true;
        if (item)
            piece->kind = PIECE_ITEM;
    }
}

static bool can_be_title(const struct plain *plain, size_t i)
{
    const struct piece *piece = &plain->pieces[i];
    const struct shape *shape = &piece->shape;
    if (shape->is_long || !shape->words || shape->words > 30 || piece->turn || piece->kind != PIECE_PARAGRAPH || piece->mark.len)
        return false;
    if (piece->underline)
        return true;
    if (shape->sentences > 3 || shape->last == ':' || shape->last == ',' || uni_is_lower(shape->first))
        return false;
    if (layout_is_stop(shape->last, false) && shape->last != '?' && shape->last != '!') {
        /* a headline with a full stop, or the first sentence of a story? */
        bool longer = false;
        for (size_t k = i + 1; k < plain->n_pieces && k < i + 4; k++)
            longer |= plain->pieces[k].shape.is_long || plain->pieces[k].shape.words * 2 > shape->words * 3;
        size_t most = shape->sentences > 1 && shape->lowers * 3 > shape->words ? 16 : 25;
        return longer && shape->words <= most && !(shape->opens_quote && shape->last != '.');
    }
    return i + 1 < plain->n_pieces;
}

/* A label of the site above the headline. */
static bool is_kicker(const struct piece *piece)
{
    static const char *const labels[] = {"opinion",  "news",       "world",   "politics", "business", "technology",
                                         "analysis", "exclusive",  "sport",   "sports",   "culture",  "breaking news",
                                         "feature",  "features",   "science", "health",   "review",   "us news",
                                         "uk news",  "world news", "europe",  "asia",     "africa",   "lifestyle"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (str_eq_nocase(piece->text, str_from(labels[i])))
            return true;
    return false;
}

/* A note of a few short lines is no copied page: there is no furniture to leave out of it, not even a bare number. */
static bool has_running_text(const struct plain *plain)
{
    for (size_t i = 0; i < plain->n_pieces; i++)
        if (is_running_text(&plain->pieces[i]))
            return true;
    return false;
}

/* The words of web pages that stand in pieces of their own. */
static void find_debris(struct plain *plain)
{
    for (size_t i = 0; i < plain->n_pieces; i++) {
        struct piece *piece = &plain->pieces[i];
        bool credit;
        if (piece->kind != PIECE_PARAGRAPH || piece->underline)
            continue;
        enum noise noise = shape_is_noise(&piece->shape, piece->text);
        piece->weak_noise = noise == NOISE_WEAK;
        bool copyright = piece->shape.first == 0xA9 && piece->shape.words <= 15;
        if (noise == NOISE_SURE || copyright)
            omit_piece(piece, copyright ? "copyright notice" : "noise");
        else if (shape_is_related(&piece->shape, piece->text) && !piece->turn && !layout_is_stop(piece->shape.last, false))
            omit_piece(piece, "related links");
        else if (shape_is_caption(&piece->shape, piece->text, &credit)) {
            piece->kind = PIECE_CAPTION;
            if (credit)
                omit_piece(piece, "photo credit");
        }
    }
}

/* Weak noise is noise beside noise, above the running text, and below all of it. */
static void settle_weak_noise(struct plain *plain, size_t first)
{
    size_t last_text = plain->n_pieces;
    while (last_text > 0 && !is_running_text(&plain->pieces[last_text - 1]))
        last_text--;
    for (size_t i = 0; i < plain->n_pieces;) {
        size_t end = i; /* [i, end) are weak or sure noise */
        size_t weak = 0;
        while (end < plain->n_pieces && (plain->pieces[end].weak_noise || (plain->pieces[end].kind == PIECE_OMITTED &&
                                                                           !strcmp(plain->pieces[end].reason, "noise"))))
            weak += plain->pieces[end++].weak_noise;
        bool noise = end - i >= 2 || (i > first && i < plain->body) || (i >= last_text && last_text > 0);
        for (size_t k = i; k < end && noise && weak; k++)
            omit_piece(&plain->pieces[k], "noise");
        i = end + (end == i);
    }
}

/* Section numbers that stand alone: 1, 2, 3 with text below each. */
static void find_section_numbers(struct plain *plain)
{
    size_t last = SIZE_MAX;
    unsigned want = 1;
    for (size_t i = 0; i + 1 < plain->n_pieces; i++) {
        struct piece *piece = &plain->pieces[i];
        if (!piece->weak_noise || piece->text.len > 3 || piece->shape.letters || !is_running_text(piece + 1))
            continue;
        unsigned value = 0;
        for (size_t k = 0; k < piece->text.len; k++)
            value = value * 10 + (unsigned)(piece->text.data[k] - '0');
        if (value != want)
            continue;
        if (want >= 2) {
            piece->kind = PIECE_HEADING;
            plain->pieces[last].kind = PIECE_HEADING;
            piece->weak_noise = plain->pieces[last].weak_noise = false;
        }
        last = i;
        want++;
    }
}

/* Takes names and dates of a line into the article. What the line is, as the reason to leave it out. */
static const char *judge_head_line(struct plain *plain, const struct piece *piece)
{
    struct article *article = plain->builder->article;
    struct str names;
    char iso[11];
    bool plain_date;
    if (piece->weak_noise)
        return "noise";
    if (shape_is_date_line(&piece->shape, piece->text, iso, &plain_date)) {
        if (!article->published.len)
            article->published = arena_copy(&article->arena, str_from(iso));
        return plain_date ? "date" : "date line";
    }
    if (shape_is_byline(&piece->shape, piece->text, &names)) {
        if (!article->byline.len)
            article->byline = arena_copy(&article->arena, names);
        return "byline";
    }
    return "section label";
}

static void find_title(struct plain *plain)
{
    size_t i = 0;
    struct str names;
    char iso[11];
    bool flag;
    while (i < plain->n_pieces && (!is_spoken(&plain->pieces[i]) || plain->pieces[i].weak_noise ||
                                   shape_is_date_line(&plain->pieces[i].shape, plain->pieces[i].text, iso, &flag) ||
                                   shape_is_byline(&plain->pieces[i].shape, plain->pieces[i].text, &names)))
        i++;
    if (i + 2 < plain->n_pieces && is_kicker(&plain->pieces[i]) && can_be_title(plain, i + 1) &&
        plain->pieces[i + 1].shape.words > 2) {
        omit_piece(&plain->pieces[i], "section label");
        i++;
    }
    size_t title = plain->n_pieces;
    if (i < plain->n_pieces && can_be_title(plain, i)) {
        title = i;
        plain->pieces[i].kind = PIECE_TITLE;
        i++;
    }
    while (i < plain->n_pieces && !(is_running_text(&plain->pieces[i]) && plain->pieces[i].kind == PIECE_PARAGRAPH))
        i++;
    plain->body = i;
    if (title == plain->n_pieces)
        return;
    for (size_t k = 0; k < title; k++) /* the title is the first block: what stands above it is left out */
        if (is_spoken(&plain->pieces[k]))
            omit_piece(&plain->pieces[k], judge_head_line(plain, &plain->pieces[k]));
}

/* Two to four words with capitals and nothing else, as names are. */
static bool is_bare_name(const struct piece *piece)
{
    const struct shape *shape = &piece->shape;
    return piece->kind == PIECE_PARAGRAPH && shape->words >= 2 && shape->words <= 4 && shape->capitals == shape->words &&
           !shape->digits && !shape->has_link && !shape->opens_quote && uni_is_letter(layout_last_char(piece->text)) &&
           shape->uppers < shape->letters;
}

/* A name above a date is the author's. */
static void find_bare_byline(struct plain *plain)
{
    struct article *article = plain->builder->article;
    for (size_t i = 0; i < plain->body && !article->byline.len; i++) {
        bool dated = false;
        char iso[11];
        bool flag;
        for (size_t k = i + 1; k < plain->body && k < i + 4; k++)
            dated |= shape_is_date_line(&plain->pieces[k].shape, plain->pieces[k].text, iso, &flag);
        if (!dated || !is_bare_name(&plain->pieces[i]))
            continue;
        plain->pieces[i].kind = PIECE_BYLINE;
        article->byline = arena_copy(&article->arena, plain->pieces[i].text);
    }
}

/* The pieces between headline and running text. */
static void find_head(struct plain *plain)
{
    const struct piece *title = NULL;
    bool below_copy = false;
    size_t copies = 0;
    for (size_t i = 0; i < plain->body; i++) {
        struct piece *piece = &plain->pieces[i];
        if (piece->kind == PIECE_TITLE)
            title = piece;
        if (piece->kind != PIECE_PARAGRAPH || piece->underline)
            continue;
        if (title && plain->body < plain->n_pieces && copies < MOST_COPIES && shape_is_same_headline(title->text, piece->text)) {
            omit_piece(piece, "duplicate headline");
            below_copy = true;
            copies++;
            continue;
        }
        const char *what = judge_head_line(plain, piece);
        if (!strcmp(what, "date line"))
            omit_piece(piece, what);
        else if (!strcmp(what, "date") || !strcmp(what, "byline"))
            piece->kind = PIECE_BYLINE;
        else if (below_copy && !piece->apart && !layout_is_stop(piece->shape.last, false))
            piece->kind = PIECE_CAPTION; /* of the picture that the copied headline belongs to */
    }
}

static size_t next_spoken(const struct plain *plain, size_t i)
{
    while (i < plain->n_pieces && !is_spoken(&plain->pieces[i]))
        i++;
    return i;
}

/* By its words and by the blank lines around it; whether text follows is asked later. */
static bool looks_like_heading(const struct plain *plain, size_t i)
{
    const struct piece *piece = &plain->pieces[i];
    if (piece->underline)
        return piece->shape.words > 0;
    if (piece->kind != PIECE_PARAGRAPH || piece->turn || piece->place->last - piece->place->first > 1 || piece->mark.bullet ||
        plain->layout.lines[piece->place->first].quoted)
        return false;
    if (plain->airy && !piece->apart && !(i > 0 && piece[-1].kind == PIECE_RULE))
        return false;
    return shape_is_heading(&piece->shape, piece->text);
}

static bool is_asking(const struct piece *piece)
{
    return !piece->underline && (piece->shape.last == '?' || piece->shape.last == '!');
}

static void find_headings(struct plain *plain)
{
    size_t found = 0, firm = 0, asking = 0, in_head = SIZE_MAX;
    for (size_t i = 0; i < plain->n_pieces;) {
        size_t end = i; /* [i, end): candidates with nothing but rules and omissions between them */
        size_t count = 0;
        while (end < plain->n_pieces && (!is_spoken(&plain->pieces[end]) || looks_like_heading(plain, end)))
            count += is_spoken(&plain->pieces[end++]);
        if (end == i || !count) {
            i = end + 1;
            continue;
        }
        const struct piece *after = end < plain->n_pieces ? &plain->pieces[end] : NULL;
        bool listed = after && plain->airy && !after->apart && after->kind == PIECE_PARAGRAPH && !is_running_text(after) &&
                      !layout_is_stop(after->shape.last, true); /* the first of several short lines */
        bool announced =
            i > 0 && plain->pieces[i - 1].kind == PIECE_PARAGRAPH && layout_last_char(plain->pieces[i - 1].text) == ':';
        bool text_follows = after && !listed && !announced &&
                            (after->kind == PIECE_PARAGRAPH || after->kind == PIECE_ITEM || after->kind == PIECE_CAPTION) &&
                            (after->shape.is_long || is_running_text(after) || after->shape.words >= 6 || after->turn);
        for (size_t k = i; k < end; k++) {
            struct piece *piece = &plain->pieces[k];
            if (!is_spoken(piece) || !(piece->underline || (text_follows && count <= 3)))
                continue;
            if (k < plain->body && !piece->underline && count > 1 && next_spoken(plain, k + 1) < end)
                continue; /* of several lines above the text the last may be a heading, the others are not */
            piece->kind = PIECE_HEADING;
            if (k < plain->body && !piece->underline)
                in_head = k;
            else
                found++;
            asking += is_asking(piece);
            firm += !is_asking(piece);
        }
        i = end;
    }
    for (size_t i = 0; i < plain->n_pieces && asking > firm * 2; i++)
        if (plain->pieces[i].kind == PIECE_HEADING && is_asking(&plain->pieces[i]))
            plain->pieces[i].kind = PIECE_PARAGRAPH; /* a question of the text itself */
    if (in_head != SIZE_MAX && !found)
        plain->pieces[in_head].kind = PIECE_PARAGRAPH; /* a line under the headline, in an article without sections */
}

/* Styles of headings from the highest down. */
static int heading_style(const struct piece *piece)
{
    struct str text = piece->text;
    if (piece->underline)
        return piece->underline == '=' ? 0 : 3;
    if (str_eq_nocase(str_sub(text, 0, 8), STR("chapter ")) || str_eq_nocase(str_sub(text, 0, 5), STR("part ")))
        return 1;
    if (text.data[0] >= '0' && text.data[0] <= '9') {
        int depth = 0;
        for (size_t i = 0; i + 1 < text.len && (text.data[i] == '.' || (text.data[i] >= '0' && text.data[i] <= '9')); i++)
            depth += text.data[i] == '.' && text.data[i + 1] >= '0' && text.data[i + 1] <= '9';
        return 4 + (depth > 2 ? 2 : depth);
    }
    return shape_is_all_caps(&piece->shape) ? 2 : 7;
}

/* A style is higher than another where it comes first and both are used more than once. */
static void set_levels(struct plain *plain)
{
    enum { STYLES = 8 };
    size_t counts[STYLES] = {0};
    int first = -1;
    for (size_t i = 0; i < plain->n_pieces; i++) {
        if (plain->pieces[i].kind == PIECE_HEADING) {
            int style = heading_style(&plain->pieces[i]);
            counts[style]++;
            first = first < 0 ? style : first;
        }
    }
    for (size_t i = 0; i < plain->n_pieces; i++) {
        struct piece *piece = &plain->pieces[i];
        if (piece->kind != PIECE_HEADING)
            continue;
        int style = heading_style(piece);
        piece->level = 2;
        for (int higher = first; higher >= 0 && higher < style && counts[style] > 1; higher++)
            piece->level += counts[higher] > 1;
        piece->level = piece->level > 6 ? 6 : piece->level;
    }
}

/* Depth of list items by their indents. */
static void set_depths(struct plain *plain)
{
    enum { DEEPEST = 8 };
    unsigned indents[DEEPEST];
    int depth = 0;
    for (size_t i = 0; i < plain->n_pieces; i++) {
        struct piece *piece = &plain->pieces[i];
        if (piece->kind != PIECE_ITEM) {
            depth = 0;
            continue;
        }
        unsigned indent = plain->layout.lines[piece->place->first].indent;
        while (depth > 0 && indents[depth - 1] > indent)
            depth--;
        if (depth == 0 || (depth < DEEPEST && indents[depth - 1] + 1 < indent))
            indents[depth++] = indent;
        piece->level = depth;
    }
}

/* A break inside a paragraph: no space between characters of scripts that use none, nor after a hyphen inside a word. */
static bool needs_space(struct str source, size_t end, size_t start)
{
    size_t at;
    unsigned before = utf8_decode_before(source, end, &at), after = utf8_decode(source, start, &at);
    bool wide_before = before >= 0x2E80 && before < 0xAC00, wide_after = after >= 0x2E80 && after < 0xAC00;
    if (wide_before && wide_after)
        return false;
    return !(before == '-' && end >= 2 && uni_is_lower(after) && uni_is_letter((unsigned char)source.data[end - 2]));
}

static void emit(struct plain *plain, const struct piece *piece)
{
    static const enum block_kind kinds[] = {
        [PIECE_PARAGRAPH] = BLOCK_PARAGRAPH, [PIECE_TITLE] = BLOCK_TITLE, [PIECE_BYLINE] = BLOCK_BYLINE,
        [PIECE_HEADING] = BLOCK_HEADING,     [PIECE_ITEM] = BLOCK_ITEM,   [PIECE_CAPTION] = BLOCK_CAPTION};
    struct article_builder *builder = plain->builder;
    if (piece->kind == PIECE_RULE)
        return;
    if (piece->kind == PIECE_OMITTED) {
        builder_omit(builder, piece->place->start, piece->place->end, piece->reason);
        return;
    }
    struct block *block = builder_open(builder, kinds[piece->kind]);
    size_t skip = 0;
    block->quoted = plain->layout.lines[piece->place->first].quoted > 0;
    block->level = piece->level;
    if (piece->kind == PIECE_ITEM) {
        block->ordinal = piece->mark.ordinal;
        skip = piece->mark.len;
        if (piece->mark.ordinal)
            builder_omit(builder, piece->place->start, piece->place->start + skip, "list number");
    }
    for (size_t i = piece->place->first; i <= piece->place->last; i++) {
        const struct layout_line *line = &plain->layout.lines[i];
        if (i > piece->place->first && needs_space(builder->source, line[-1].end, line->start))
            builder_space(builder);
        builder_source(builder, line->start + skip, line->end);
        skip = 0;
    }
    builder_close(builder);
}

enum status plain_parse(struct article_builder *builder, struct problem *problem)
{
    struct plain plain = {.builder = builder};
    struct article *article = builder->article;
    layout_find(&plain.layout, &plain.scratch, builder->source);
    take_pieces(&plain);
    find_turns(&plain);
    find_items(&plain);
    bool page = has_running_text(&plain);
    if (page)
        find_debris(&plain);
    find_title(&plain);
    find_section_numbers(&plain);
    if (page) {
        settle_weak_noise(&plain, 0);
        find_head(&plain);
        find_bare_byline(&plain);
    }
    find_headings(&plain);
    set_levels(&plain);
    set_depths(&plain);
    bool failed = arena_failed(&plain.scratch);
    for (size_t i = 0; i < plain.n_pieces && !failed; i++)
        emit(&plain, &plain.pieces[i]);
    builder_close(builder);
    if (builder->n_blocks && builder->blocks[0].kind == BLOCK_TITLE)
        article->title = builder->blocks[0].text;
    article->language = language_guess(builder->source);
    arena_release(&plain.scratch);
    return failed ? problem_no_memory(problem) : STATUS_OK;
}
