#include "script/tokens.h"

#include "base/utf8.h"

struct tokeniser {
    struct arena *arena;
    struct vocabulary *vocabulary;
    struct stream *stream;
    struct str text;
    size_t block;
    bool sentence_start;
    bool fragment;
};

static struct token *add(struct tokeniser *t, enum token_kind kind, size_t start, size_t end)
{
    struct stream *s = t->stream;
    struct token *token = arena_push(t->arena, (void **)&s->tokens, &s->n_tokens, &s->capacity, sizeof *token);
    if (!token)
        return NULL;
    token->kind = kind;
    token->block = (uint32_t)t->block;
    token->start = (uint32_t)start;
    token->end = (uint32_t)end;
    token->flags = (t->sentence_start ? TOKEN_SENTENCE_START : 0) | (t->fragment ? TOKEN_FRAGMENT : 0);
    if (kind == TOKEN_WORD || kind == TOKEN_QUOTE)
        t->sentence_start = false;
    else if (kind == TOKEN_STOP)
        t->sentence_start = true;
    return token;
}

static unsigned decode(const struct tokeniser *t, size_t at, size_t *next)
{
    if (at >= t->text.len) {
        *next = at;
        return 0;
    }
    return utf8_decode(t->text, at, next);
}

static bool is_apostrophe(unsigned c)
{
    return c == '\'' || c == 0x2019 || c == 0x02BC;
}

static bool is_hyphen(unsigned c)
{
    return c == '-' || c == 0x2010 || c == 0x2011;
}

/* End of the word that starts at `at`: letters and digits, with single apostrophes, hyphens and full stops inside. */
static size_t word_end(const struct tokeniser *t, size_t at, size_t limit)
{
    size_t end = at;
    while (end < limit) {
        size_t next, after;
        unsigned c = decode(t, end, &next);
        if (uni_is_word(c)) {
            end = next;
            continue;
        }
        if (!is_apostrophe(c) && !is_hyphen(c) && c != '.' && c != '@' && c != '_')
            break;
        unsigned d = next < limit ? decode(t, next, &after) : 0;
        if (!uni_is_word(d))
            break;
        if (c == '.') {
            /* "U.S", "3.5", but not "end.Next" */
            size_t before;
            unsigned b = utf8_decode_before(t->text, end, &before);
            bool short_part = before == at || !uni_is_letter(utf8_decode_before(t->text, before, &before));
            if (!uni_is_digit(d) && !(uni_is_letter(b) && short_part))
                break;
        }
        end = after;
    }
    return end;
}

/* Length of "'s", "'d", "'ve" ... at the end of [start, end), or 0. */
static size_t clitic_length(const struct tokeniser *t, size_t start, size_t end, bool *is_s)
{
    size_t at = end;
    unsigned c = 0;
    for (int letters = 0; letters < 3 && at > start; letters++) {
        c = utf8_decode_before(t->text, at, &at);
        if (is_apostrophe(c))
            break;
    }
    if (!is_apostrophe(c) || at == start)
        return 0;
    struct str tail = str_sub(t->text, at + (c == '\'' ? 1 : c == 0x2019 ? 3 : 2), end);
    *is_s = str_eq_nocase(tail, STR("s"));
    return *is_s || str_eq_nocase(tail, STR("d")) || str_eq_nocase(tail, STR("ll")) || str_eq_nocase(tail, STR("ve")) ||
                   str_eq_nocase(tail, STR("re")) || str_eq_nocase(tail, STR("m"))
               ? end - at
               : 0;
}

static void set_case(struct token *token, struct str text)
{
    size_t letters = 0, capitals = 0, digits = 0;
    for (size_t i = 0, next; i < text.len; i = next) {
        unsigned c = utf8_decode(text, i, &next);
        if (uni_is_digit(c))
            digits++;
        else if (uni_is_letter(c)) {
            letters++;
            capitals += uni_is_upper(c);
            if (letters == 1 && uni_is_upper(c) && !digits)
                token->flags |= TOKEN_CAPITAL;
        }
    }
    /* al-Masri, el-Sisi, d'Estaing */
    if (!(token->flags & TOKEN_CAPITAL) && capitals) {
        size_t join = 1;
        while (join < text.len && join < 5 && text.data[join] != '-' && text.data[join] != '\'' && text.data[join] != '\xe2')
            join++;
        size_t next = join + (join < text.len && text.data[join] == '\xe2' ? 3 : 1);
        size_t after;
        if (join < 5 && next < text.len && uni_is_upper(utf8_decode(text, next, &after)))
            token->flags |= TOKEN_CAPITAL;
    }
    if (letters > 1 && capitals == letters)
        token->flags |= TOKEN_UPPER;
    if (digits && !letters)
        token->flags |= TOKEN_DIGITS;
}

/* Takes the full stop of an abbreviation or an initial into the word. */
static size_t with_full_stop(const struct tokeniser *t, size_t start, size_t end, size_t limit)
{
    if (end >= limit || t->text.data[end] != '.')
        return end;
    struct str word = str_sub(t->text, start, end);
    size_t next;
    unsigned first = utf8_decode(word, 0, &next);
    bool initial = next == word.len && uni_is_upper(first) && first != 'I';
    bool dotted = str_find(word, STR("."), 0) != SIZE_MAX && !uni_is_digit(first);
    /* "D-Wis.)", "R-Ky.,": a stop before a comma or bracket ends no sentence, nor does one before a small letter. */
    size_t at = end + 1;
    bool inside = at < limit && (t->text.data[at] == ',' || t->text.data[at] == ';' || t->text.data[at] == ')');
    unsigned after = at + 1 < limit && t->text.data[at] == ' ' ? utf8_decode(t->text, at + 1, &next) : 0;
    if (initial || dotted || inside || uni_is_lower(after))
        return end + 1;
    struct word *with = word.len < 8 ? vocabulary_word(t->vocabulary, str_sub(t->text, start, end + 1)) : NULL;
    return with && with->classes ? end + 1 : end;
}

static size_t add_word(struct tokeniser *t, size_t start, size_t limit)
{
    size_t end = word_end(t, start, limit), word_stop = end, next;
    bool is_s = false;
    size_t clitic = clitic_length(t, start, end, &is_s);
    if (is_s) { /* "Moody's" is the whole name */
        struct word *whole = vocabulary_word(t->vocabulary, str_sub(t->text, start, end));
        if (whole && (whole->classes & WORD_ORGANISATION))
            clitic = 0;
    }
    uint32_t flags = 0;
    if (clitic) {
        word_stop = end - clitic;
        struct word *base = vocabulary_word(t->vocabulary, str_sub(t->text, start, word_stop));
        bool pronoun = base && (base->classes & (WORD_ANY_PRONOUN | WORD_RELATIVE | WORD_OTHER));
        if (!pronoun && !is_s)
            word_stop = end;
        else
            flags = pronoun ? TOKEN_CONTRACTED : TOKEN_POSSESSIVE;
    } else if (end < limit && is_apostrophe(decode(t, end, &next)) && end > start &&
               (t->text.data[end - 1] == 's' || t->text.data[end - 1] == 'S') && (next >= limit || t->text.data[next] == ' ')) {
        flags = TOKEN_POSSESSIVE;
        end = next;
    } else {
        end = word_stop = with_full_stop(t, start, end, limit);
    }
    bool begins = t->sentence_start;
    struct token *token = add(t, TOKEN_WORD, start, word_stop);
    if (!token)
        return end;
    struct str text = str_sub(t->text, start, word_stop);
    token->flags |= flags;
    set_case(token, text);
    token->word = vocabulary_word(t->vocabulary, text);
    if (token->word && !(token->flags & TOKEN_CAPITAL))
        token->word->n_lower++;
    else if (token->word && !begins)
        token->word->n_capital++;
    return end;
}

static enum token_kind kind_of_sign(unsigned c)
{
    switch (c) {
    case ',': return TOKEN_COMMA;
    case '.':
    case '!':
    case '?':
    case 0x2026: return TOKEN_STOP;
    case ':': return TOKEN_COLON;
    case ';': return TOKEN_SEMICOLON;
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
    case '-': return TOKEN_DASH;
    case '(':
    case '[': return TOKEN_OPEN;
    case ')':
    case ']': return TOKEN_CLOSE;
    default: return TOKEN_WORD; /* none of these: quotation marks, symbols */
    }
}

static void add_stretch(struct tokeniser *t, size_t start, size_t end)
{
    for (size_t at = start, next; at < end; at = next) {
        unsigned c = decode(t, at, &next);
        if (uni_is_word(c)) {
            next = add_word(t, at, end);
            continue;
        }
        enum token_kind kind = kind_of_sign(c);
        if (kind == TOKEN_WORD)
            continue;
        /* Signs that come in rows ("...", "--") are one. */
        while (next < end && (kind == TOKEN_STOP || kind == TOKEN_DASH)) {
            size_t after;
            unsigned d = decode(t, next, &after);
            if (uni_is_word(d) || kind_of_sign(d) != kind)
                break;
            next = after;
        }
        add(t, kind, at, next);
    }
}

static unsigned final_sign(struct str text, size_t start, size_t end)
{
    while (end > start) {
        size_t before;
        unsigned c = utf8_decode_before(text, end, &before);
        if (uni_is_word(c))
            return 0;
        if (c == '.' || c == ',' || c == '?' || c == '!' || c == 0x2026 || c == ';' || c == ':' || c == '-' || c == 0x2013 ||
            c == 0x2014)
            return c;
        end = before;
    }
    return 0;
}

static void add_block(struct tokeniser *outer, struct tokeniser *inner, const struct quotation *quotations, size_t first,
                      size_t end)
{
    size_t at = 0;
    for (size_t i = first; i < end; i++) {
        const struct quotation *q = &quotations[i];
        if (q->start < at || q->end < q->start)
            continue;
        add_stretch(outer, at, q->start);
        if (q->speech) {
            struct token *token = add(outer, TOKEN_QUOTE, q->start, q->end);
            if (token) {
                token->quotation = (uint32_t)i;
                token->final = final_sign(outer->text, q->inner_start, q->inner_end);
                unsigned f = token->final;
                outer->sentence_start = f == '.' || f == '?' || f == '!' || f == 0x2026 || q->whole_block;
            }
            inner->sentence_start = true;
            add_stretch(inner, q->inner_start, q->inner_end);
        } else {
            outer->fragment = true;
            add_stretch(outer, q->start, q->end);
            outer->fragment = false;
        }
        at = q->end;
    }
    add_stretch(outer, at, outer->text.len);
    add(outer, TOKEN_BREAK, outer->text.len, outer->text.len);
    add(inner, TOKEN_BREAK, inner->text.len, inner->text.len);
}

/* A rule that looks a few words back or ahead meets breaks, not the end of memory. */
static void add_margin(struct arena *arena, struct stream *stream, size_t block)
{
    struct tokeniser margin = {.arena = arena, .stream = stream, .block = block};
    for (int i = 0; i < TOKENS_MARGIN; i++)
        add(&margin, TOKEN_BREAK, 0, 0);
}

bool tokenise(struct arena *arena, struct vocabulary *vocabulary, const struct article *article,
              const struct quotation *quotations, size_t n_quotations, struct stream *outer, struct stream *inner)
{
    size_t q = 0;
    add_margin(arena, outer, 0);
    add_margin(arena, inner, 0);
    for (size_t b = 0; b < article->n_blocks; b++) {
        struct tokeniser out = {arena, vocabulary, outer, article->blocks[b].text, b, true, false};
        struct tokeniser in = out;
        in.stream = inner;
        size_t first = q;
        while (q < n_quotations && quotations[q].block == b)
            q++;
        add_block(&out, &in, quotations, first, q);
    }
    size_t last = article->n_blocks ? article->n_blocks - 1 : 0;
    add_margin(arena, outer, last);
    add_margin(arena, inner, last);
    return !arena_failed(arena);
}

bool token_is_adverb(const struct token *token)
{
    if (token->kind != TOKEN_WORD || !token->word)
        return false;
    if (token->word->classes & WORD_ADVERB)
        return true;
    static const char *const nouns[] = {"family",    "rally",    "assembly", "reply",   "supply",   "ally",     "bully",
                                        "butterfly", "monopoly", "anomaly",  "belly",   "elderly",  "friendly", "likely",
                                        "lonely",    "early",    "weekly",   "daily",   "monthly",  "yearly",   "quarterly",
                                        "deadly",    "costly",   "lovely",   "orderly", "scholarly"};
    if ((token->flags & TOKEN_CAPITAL) || token->word->text.len < 5 || !str_ends(token->word->text, STR("ly")))
        return false;
    for (size_t i = 0; i < sizeof nouns / sizeof *nouns; i++)
        if (str_eq_c(token->word->text, nouns[i]))
            return false;
    return true;
}

static bool is_plural(const struct token *token)
{
    struct str s = token->word->text;
    return s.len > 3 && s.data[s.len - 1] == 's' && s.data[s.len - 2] != 's' && !(token->word->classes & WORD_FUNCTION);
}

/* "King and Schultz say", "observers in Virginia say": some word of the clause before the verb makes its subject plural. */
static bool subject_is_plural(const struct token *verb)
{
    enum { BACK = 12 };
    for (const struct token *t = verb - 1; t > verb - BACK && t->kind == TOKEN_WORD && t->word; t--) {
        if (token_is(t, WORD_GROUP) || token_is_text(t, "and") ||
            (is_plural(t) && !(t->flags & (TOKEN_CAPITAL | TOKEN_POSSESSIVE))))
            return true;
        if (t->flags & TOKEN_SENTENCE_START)
            return false;
    }
    return false;
}

bool token_is_saying(const struct token *token)
{
    if (token->kind != TOKEN_WORD || !token->word)
        return false;
    /* "has written" */
    if ((token->word->verb & VERB_PARTICIPLE) && !(token->word->verb & VERB_FINITE) && !(token->flags & TOKEN_SENTENCE_START)) {
        const struct token *before = token - 1;
        if (token_is_adverb(before) && !(before->flags & TOKEN_SENTENCE_START))
            before--;
        return token_is_text(before, "has") || token_is_text(before, "have") || token_is_text(before, "had");
    }
    if (!(token->word->verb & VERB_FINITE))
        return false;
    if (token->word->verb & (VERB_THIRD | VERB_PAST))
        return true;
    const struct token *subject = token - 1; /* a token before it: a base form never opens a block as a cue */
    if (token->flags & TOKEN_SENTENCE_START)
        return false;
    for (int i = 0; i < 3 && !(subject->flags & TOKEN_SENTENCE_START) && token_is_adverb(subject); i++)
        subject--;
    if (token_is(subject, WORD_AUXILIARY | WORD_GROUP) || token_is_text(subject, "to"))
        return true;
    if (token_is(subject, WORD_PRONOUN | WORD_RELATIVE) || (subject->flags & TOKEN_CONTRACTED))
        return true;
    if (subject->kind != TOKEN_WORD || !subject->word || (subject->flags & TOKEN_POSSESSIVE))
        return false;
    return is_plural(subject) ||
           (!token_is(subject, WORD_DETERMINER) && !(token->word->verb & VERB_NOUN) && subject_is_plural(token));
}

struct str tokens_text(const struct article *article, const struct token *tokens, size_t first, size_t end)
{
    if (end <= first)
        return (struct str){"", 0};
    return str_sub(article->blocks[tokens[first].block].text, tokens[first].start, tokens[end - 1].end);
}
