#include "script/turns.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/table.h"
#include "base/utf8.h"
#include "script/marks.h"

EMBED(french_cues, CRIER_SOURCE_DIR "/script/data/french_cues.txt")

enum {
    LABEL_LIMIT = 48, /* bytes */
    LABEL_WORDS = 5,
    TURNS_MIN = 4,        /* fewer labelled paragraphs are no transcript */
    TURN_GAP = 8,         /* paragraphs of one turn at most */
    SIGNATURE_LIMIT = 80, /* "— Abraham Lincoln" (bytes) */
    DASHED_MIN = 2,       /* paragraphs that begin with a short dash */
};

/* ---- labels ----------------------------------------------------------------------------------------------------- */

static bool is_strong(const struct block *block, size_t start, size_t end)
{
    for (size_t i = 0; i < block->n_spans && block->spans[i].start <= start; i++)
        if (block->spans[i].kind == SPAN_STRONG && block->spans[i].end >= end)
            return true;
    return false;
}

static bool is_question_letter(struct str word)
{
    return str_eq_c(word, "Q") || str_eq_c(word, "A");
}

/* A label at the start of the block: one to five words with capitals, then a colon ("Q." needs none). */
static bool read_label(const struct block *block, struct turn *turn)
{
    struct str text = block->text;
    size_t at = 0, next, words = 0, limit = text.len < LABEL_LIMIT ? text.len : LABEL_LIMIT;
    unsigned c = utf8_decode(text, 0, &next);
    if (c == '"' || c == 0x201C)
        at = next;
    turn->label_start = at;
    while (at < limit) {
        struct str word = text_word_at(text, at, text.len);
        if (word.len) {
            if (++words > LABEL_WORDS || at + word.len > limit)
                return false;
            if (words == 1 && !uni_is_upper(text_at(word, 0, word.len)))
                return false;
            if (uni_is_lower(text_at(word, 0, word.len)) && word.len > 3 && !is_strong(block, turn->label_start, at + 1))
                return false;
            at += word.len;
            if (words == 1 && is_question_letter(word) && text_at(text, at, text.len) == '.')
                break;
            continue;
        }
        c = utf8_decode(text, at, &next);
        if (c == ':' || c == 0xFF1A)
            break;
        if (c != ' ' && c != '.' && c != '-' && c != '(' && c != ')' && c != '&' && c != 0xA0)
            return false;
        at = next;
    }
    if (!words || at >= limit)
        return false;
    turn->label_end = at;
    utf8_decode(text, at, &next);
    turn->start = text_skip_space(text, next, text.len);
    return (turn->start > next || text_at(text, at, text.len) == 0xFF1A) && text_has_word(text, turn->start, text.len);
}

struct label {
    size_t block;
    struct str name;
    bool capitals;
};

static int compare_labels(const void *a, const void *b)
{
    const struct label *x = a, *y = b;
    int order = str_compare(x->name, y->name);
    return order ? order : x->block < y->block ? -1 : x->block > y->block;
}

static bool all_capitals(struct str s)
{
    bool any = false;
    for (size_t at = 0; at < s.len;) {
        unsigned c = utf8_decode(s, at, &at);
        if (uni_is_lower(c))
            return false;
        any |= uni_is_upper(c);
    }
    return any;
}

/* In a conversation at least every third paragraph from the first turn to the last has a label; in an article with "Pro tip: ..."
 * here and there, few have. */
static bool labels_are_dense(const struct article *article, size_t first, size_t last, size_t n)
{
    size_t paragraphs = 0;
    for (size_t i = first; i <= last; i++)
        paragraphs += article->blocks[i].kind == BLOCK_PARAGRAPH || article->blocks[i].kind == BLOCK_ITEM;
    return n * 3 >= paragraphs;
}

/* Keeps the labels only where they make a conversation: enough turns, close enough, at least two labels that come back. */
static void accept_labels(const struct article *article, struct turn *turns, struct label *labels, size_t n)
{
    bool dense = labels_are_dense(article, labels[0].block, labels[n - 1].block, n);
    qsort(labels, n, sizeof *labels, compare_labels);
    size_t repeated = 0, in_turns = 0;
    for (size_t i = 0, k; i < n; i = k) {
        for (k = i + 1; k < n && str_eq(labels[k].name, labels[i].name);)
            k++;
        if (k - i >= 2) {
            repeated++;
            in_turns += k - i;
        }
    }
    bool transcript = dense && repeated >= 2 && in_turns >= TURNS_MIN;
    for (size_t i = 0, k; i < n; i = k) {
        for (k = i + 1; k < n && str_eq(labels[k].name, labels[i].name);)
            k++;
        bool keep = transcript && (k - i >= 2 || labels[i].capitals);
        for (size_t m = i; m < k; m++)
            turns[labels[m].block].kind = keep ? TURN_LABELLED : TURN_NONE;
    }
}

static bool in_brackets(struct str text)
{
    size_t next, start;
    unsigned first = utf8_decode(text, 0, &next), last = utf8_decode_before(text, text.len, &start);
    if (first == '"' || first == 0x201C)
        first = text_at(text, next, text.len);
    return (first == '(' || first == '[') && (last == ')' || last == ']' || last == '.' || last == '"') && text.len < 200;
}

/* Paragraphs between two turns belong to the first of them. */
static void continue_turns(const struct article *article, struct turn *turns)
{
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < article->n_blocks; i++) {
        if (article->blocks[i].kind != BLOCK_PARAGRAPH && article->blocks[i].kind != BLOCK_ITEM) {
            last = SIZE_MAX;
            continue;
        }
        if (turns[i].kind != TURN_LABELLED)
            continue;
        for (size_t k = last + 1; last != SIZE_MAX && i - last <= TURN_GAP && k < i; k++)
            turns[k].kind = in_brackets(article->blocks[k].text) ? TURN_NARRATED : TURN_CONTINUED;
        last = i;
    }
}

static void find_labels(struct arena *arena, const struct article *article, struct turn *turns)
{
    struct label *labels = NULL;
    size_t n = 0, capacity = 0;
    for (size_t i = 0; i < article->n_blocks; i++) {
        const struct block *block = &article->blocks[i];
        if (block->kind != BLOCK_PARAGRAPH || !read_label(block, &turns[i]))
            continue;
        struct label *label = arena_push(arena, (void **)&labels, &n, &capacity, sizeof *label);
        if (!label)
            return;
        label->block = i;
        label->name = str_sub(block->text, turns[i].label_start, turns[i].label_end);
        label->capitals = all_capitals(label->name);
    }
    if (n) {
        accept_labels(article, turns, labels, n);
        continue_turns(article, turns);
    }
}

/* ---- block quotations ------------------------------------------------------------------------------------------- */

static bool opens_double(struct str text)
{
    unsigned c = text_at(text, 0, text.len);
    return c == '"' || c == 0x201C || c == 0x201E || c == 0xAB;
}

static bool is_signature(const struct block *block)
{
    return block->kind == BLOCK_CAPTION ||
           (block->text.len <= SIGNATURE_LIMIT && mark_is_dash(text_at(block->text, 0, block->text.len)));
}

static void find_block_quotations(const struct article *article, struct turn *turns)
{
    size_t quoted = 0, all = 0;
    for (size_t i = 0; i < article->n_blocks; i++) {
        const struct block *block = &article->blocks[i];
        all += block->text.len;
        quoted += block->quoted || block->post ? block->text.len : 0;
    }
    if (!quoted || quoted > all / 2)
        return; /* all of it is quoted: then that is the article */
    for (size_t i = 0, end; i < article->n_blocks; i = end) {
        const struct block *first = &article->blocks[i];
        end = i + 1;
        if (!first->quoted && !first->post)
            continue;
        bool marked = opens_double(first->text);
        for (;
             end < article->n_blocks && article->blocks[end].quoted == first->quoted && article->blocks[end].post == first->post;
             end++)
            marked |= opens_double(article->blocks[end].text);
        enum turn_kind kind = TURN_QUOTED;
        for (size_t k = i; k < end && !marked; k++) {
            enum block_kind is = article->blocks[k].kind;
            bool speech = (is == BLOCK_PARAGRAPH || is == BLOCK_ITEM) && !(k > i && is_signature(&article->blocks[k]));
            if (turns[k].kind != TURN_NONE || !speech) {
                kind = TURN_QUOTED;
                continue;
            }
            turns[k] = (struct turn){.kind = kind};
            kind = TURN_CONTINUED;
        }
    }
}

/* ---- dialogue dashes -------------------------------------------------------------------------------------------- */

static bool is_long_dash(unsigned c)
{
    return c == 0x2014 || c == 0x2013 || c == 0x2015;
}

static void find_dashed(const struct article *article, struct turn *turns)
{
    struct str language = article->language;
    if (!language.len || (language.len >= 2 && str_eq_nocase(str_sub(language, 0, 2), STR("en"))))
        return;
    size_t count = 0, next;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < article->n_blocks; i++) {
            const struct block *block = &article->blocks[i];
            if (block->kind != BLOCK_PARAGRAPH || turns[i].kind != TURN_NONE)
                continue;
            unsigned c = utf8_decode(block->text, 0, &next);
            size_t at = text_skip_space(block->text, next, block->text.len);
            bool dashed = is_long_dash(c) && uni_is_letter(text_at(block->text, at, block->text.len));
            if (pass == 0)
                count += dashed;
            else if (dashed && (count >= DASHED_MIN || c == 0x2014))
                turns[i] = (struct turn){.kind = TURN_DASHED, .start = at};
        }
}

/* "dit-il", "répondit-elle", "a-t-il dit": a verb and its pronoun turned round; or ", dit Marie". */
static bool is_french_cue(struct str text, size_t at)
{
    size_t end = at, next;
    while (end < text.len && end - at < 40) {
        unsigned c = utf8_decode(text, end, &next);
        if (!uni_is_letter(c) && c != '-' && !mark_is_apostrophe(c))
            break;
        end = next;
    }
    struct str word = str_sub(text, at, end);
    static const char *const tails[] = {"-il", "-elle", "-ils", "-elles", "-on", "-je"};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
        if (word.len > str_from(tails[i]).len + 1 && str_ends(word, str_from(tails[i])))
            return true;
    return word_listed(french_cues(), word, NULL);
}

/* Where the words between begin at or after `at`: after ", " before an inverted verb, or at a dash before a small letter. */
static size_t find_interruption(struct str text, size_t at, size_t *speech_end)
{
    size_t next;
    unsigned before = 0;
    for (; at < text.len; at = next) {
        unsigned c = utf8_decode(text, at, &next);
        bool stop = before == ',' || mark_stops(before);
        if (is_long_dash(c)) {
            size_t word = text_skip_space(text, next, text.len);
            bool tight = word == next && at && uni_is_space(text_before(text, 0, at));
            if ((stop || tight) && uni_is_lower(text_at(text, word, text.len))) {
                *speech_end = at;
                return word;
            }
        } else if (stop && uni_is_lower(c) && uni_is_space(text_before(text, 0, at)) && is_french_cue(text, at)) {
            *speech_end = at;
            return at;
        }
        if (!uni_is_space(c))
            before = c;
    }
    *speech_end = text.len;
    return text.len;
}

bool next_dashed_speech(struct str text, size_t *at, size_t *start, size_t *end)
{
    size_t next;
    *start = text_skip_space(text, *at, text.len);
    if (*start >= text.len)
        return false;
    size_t between = find_interruption(text, *start, end);
    /* the interruption ends at a dash, or at a full stop or comma where it has none */
    bool by_dash = between < text.len && *end < between && is_long_dash(text_at(text, *end, text.len));
    size_t resume = text.len;
    for (size_t p = between; p < text.len && resume == text.len; p = next) {
        unsigned c = utf8_decode(text, p, &next);
        if (by_dash ? is_long_dash(c) : (c == ',' || c == '.' || mark_stops(c)))
            resume = next;
    }
    while (resume < text.len && !uni_is_word(utf8_decode(text, resume, &next)))
        resume = next;
    *at = resume;
    return true;
}

struct turn *find_turns(struct arena *arena, const struct article *article)
{
    struct turn *turns = arena_array(arena, article->n_blocks + 1, sizeof *turns);
    if (!turns)
        return NULL;
    find_labels(arena, article, turns);
    find_block_quotations(article, turns);
    find_dashed(article, turns);
    return arena_failed(arena) ? NULL : turns;
}
