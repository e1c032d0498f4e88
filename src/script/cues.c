#include "base/utf8.h"
#include "script/phrases.h"

enum { CUE_SPAN = 40 }; /* tokens between a quotation and the verb of saying at most */

static const struct cue no_cue = {.speaker = {.kind = PHRASE_NONE, .entity = NO_ENTITY}, .verb = SIZE_MAX};

static struct cue make_cue(struct phrase speaker, size_t verb, const char *rule, double confidence)
{
    if (speaker.kind == PHRASE_NONE)
        return no_cue;
    return (struct cue){speaker, verb, rule, confidence};
}

static size_t sentence_end(const struct token *t, size_t at)
{
    while (t[at].kind != TOKEN_STOP && t[at].kind != TOKEN_BREAK && t[at].kind != TOKEN_QUOTE)
        at++;
    return at;
}

static size_t skip_brackets(const struct token *t, size_t at, size_t limit)
{
    if (at < limit && t[at].kind == TOKEN_OPEN) {
        while (at < limit && t[at].kind != TOKEN_CLOSE)
            at++;
        return at < limit ? at + 1 : limit;
    }
    return at;
}

/* "Smith reports", "they often claim", against "the reports", "restricted comments". */
static bool follows_subject(const struct token *t, size_t i, size_t from)
{
    size_t k = i;
    while (k > from && (token_is_adverb(&t[k - 1]) || token_is(&t[k - 1], WORD_AUXILIARY)))
        k--;
    if (k == from || t[k - 1].kind == TOKEN_COMMA || t[k - 1].kind == TOKEN_CLOSE)
        return k < i || k > from;
    return !(t[k - 1].flags & TOKEN_POSSESSIVE) &&
           (t[k - 1].name || token_is_text(&t[k - 1], "to") ||
            token_is(&t[k - 1], WORD_ANY_PRONOUN | WORD_PERSON | WORD_GROUP | WORD_DOCUMENT | WORD_ORGANISATION));
}

/* The finite verb of saying that a subject ending at `at` belongs to, past brackets, appositions and relative clauses. */
static size_t verb_of_subject(const struct token *t, size_t at, size_t limit)
{
    size_t i = skip_brackets(t, at, limit);
    size_t v = skip_to_verb(t, i, limit);
    if (v < limit && token_is_saying(&t[v]))
        return v;
    /* "likes to say", "went on to explain" */
    for (size_t k = i; k < i + 2 && k + 2 < limit; k++)
        if (t[k].kind == TOKEN_WORD && !token_is(&t[k], WORD_FUNCTION) && token_is_text(&t[k + 1], "to") &&
            token_is_saying(&t[k + 2]))
            return k + 2;
    if (i < limit && (t[i].kind == TOKEN_COMMA || t[i].kind == TOKEN_DASH)) {
        v = skip_to_verb(t, i + 1, limit); /* the comma that ends an apposition or follows a bracket */
        if (v < limit && token_is_saying(&t[v]))
            return v;
        for (size_t k = i + 1; k < limit && k < i + CUE_SPAN; k++) {
            if (t[k].kind != TOKEN_COMMA && t[k].kind != TOKEN_DASH)
                continue;
            v = skip_to_verb(t, k + 1, limit);
            if (v < limit && token_is_saying(&t[v]))
                return v;
        }
        return SIZE_MAX;
    }
    /* "a spokesman for the ministry told": only past a preposition, a relative or a participle */
    if (i < limit && t[i].kind == TOKEN_WORD && t[i].word &&
        (token_is(&t[i], WORD_PREPOSITION | WORD_RELATIVE) || str_ends(t[i].word->text, STR("ing")) ||
         str_ends(t[i].word->text, STR("ed")))) {
        for (size_t k = i + 1; k < limit && k < i + CUE_SPAN; k++)
            if (token_is_saying(&t[k]) && !((t[k].word->verb & VERB_NOUN) && token_is(&t[k - 1], WORD_DETERMINER)) &&
                !(token_is(&t[k - 1], WORD_RELATIVE) && k < i + 2))
                return k;
    }
    return SIZE_MAX;
}

/* "according to X", "as X put it", "in the words of X". */
static struct cue fixed_words(const struct reading *r, size_t at, size_t limit)
{
    const struct token *t = r->outer.tokens;
    if (at + 2 < limit && token_is_text(&t[at], "according") && token_is_text(&t[at + 1], "to"))
        return make_cue(phrase_at(r, at + 2, limit), at, "according-to", 0.95);
    if (at + 4 < limit && token_is_text(&t[at], "in") && token_is_text(&t[at + 1], "the") && token_is_text(&t[at + 2], "words") &&
        token_is_text(&t[at + 3], "of"))
        return make_cue(phrase_at(r, at + 4, limit), at, "in-the-words-of", 0.9);
    if (at + 2 < limit && token_is_text(&t[at], "as")) {
        struct phrase p = phrase_at(r, at + 1, limit);
        size_t v = p.kind == PHRASE_NONE ? SIZE_MAX : verb_of_subject(t, p.end, limit);
        /* "As Clinton talked about jobs, Trump ..., Q": another clause comes between */
        size_t comma = v == SIZE_MAX ? limit : v + 1;
        while (comma + 1 < limit && t[comma].kind != TOKEN_COMMA)
            comma++;
        bool alone = comma + 1 >= limit || t[limit].kind != TOKEN_QUOTE;
        if (v != SIZE_MAX && alone)
            return make_cue(p, v, "as-put", 0.9);
    }
    return no_cue;
}

/* "― Jane Doe" behind the quotation. */
static struct cue signature(const struct reading *r, size_t at, size_t limit)
{
    const struct token *t = r->outer.tokens;
    struct phrase p = phrase_at(r, at, limit);
    if (p.kind == PHRASE_NAME && (p.end == limit || t[p.end].kind == TOKEN_COMMA || t[p.end].kind == TOKEN_OPEN))
        return make_cue(p, SIZE_MAX, "signature", 0.85);
    return no_cue;
}

struct cue cue_after(const struct reading *r, size_t quote)
{
    const struct token *t = r->outer.tokens;
    unsigned final = t[quote].final;
    size_t at = quote + 1;
    bool comma = t[at].kind == TOKEN_COMMA;
    bool dash = false;
    while (t[at].kind == TOKEN_COMMA || t[at].kind == TOKEN_DASH) {
        dash |= t[at].kind == TOKEN_DASH;
        at++;
    }
    size_t limit = sentence_end(t, at);
    if (at >= limit)
        return no_cue;
    /* A quotation that ends in a full stop is complete: what follows is a new sentence, unless it starts in lower case. */
    bool lower = t[at].kind == TOKEN_WORD && (!(t[at].flags & TOKEN_CAPITAL) || (token_is_text(&t[at], "said") && !t[at].name));
    bool attached = final == ',' || final == 0 || comma || lower || final == '-' || final == 0x2013 || final == 0x2014;
    bool asking = final == '?' || final == '!' || final == 0x2026;
    if (dash) {
        struct cue signed_by = signature(r, at, limit);
        if (signed_by.rule)
            return signed_by;
    }
    struct cue fixed = fixed_words(r, at, limit);
    if (fixed.rule && (attached || asking))
        return fixed;
    size_t v = skip_to_verb(t, at, limit);
    if (v < limit && token_is_saying(&t[v]) && !t[v].name && (attached || asking) && !token_is_text(&t[v], "told")) {
        size_t s = v + 1;
        while (s < limit && token_is_adverb(&t[s]) && !t[s].name)
            s++;
        struct phrase p = phrase_inverted(r, s, limit);
        /* "Q1." Said Ellis: "Q2" */
        bool leads_on = final == '.' && (t[at].flags & TOKEN_CAPITAL) && t[limit - 1].kind == TOKEN_COLON;
        if (p.kind != PHRASE_NONE && !leads_on)
            return make_cue(p, v, "cue-after-inverted", 0.97);
        return no_cue;
    }
    struct phrase p = phrase_at(r, at, limit);
    if (p.kind == PHRASE_NONE)
        return no_cue;
    v = verb_of_subject(t, p.end, limit);
    if (v == SIZE_MAX)
        return no_cue;
    if (attached)
        return make_cue(p, v, "cue-after", 0.97);
    /* "Why?" Trump asked. / "Why?" Trump said the question ...: clear where no object follows the verb. */
    const struct token *next = &t[v + 1];
    bool no_object =
        next->kind != TOKEN_WORD || token_is(next, WORD_PREPOSITION | WORD_TIME | WORD_SUBORDINATOR) || token_is_adverb(next);
    if (asking && (no_object || token_is_text(&t[v], "told") || token_is_text(&t[v], "asked")))
        return make_cue(p, v, "cue-after", 0.95);
    if (no_object && next->kind != TOKEN_COLON && (next->kind != TOKEN_COMMA || next[1].kind != TOKEN_QUOTE))
        return make_cue(p, v, "cue-after-stop", 0.75);
    return make_cue(p, v, "sentence-after", 0.45);
}

/* The verb of saying that leads up to the quotation, or SIZE_MAX. */
static size_t verb_before(const struct token *t, size_t quote, size_t from, bool colon)
{
    for (size_t i = quote; i-- > from && quote - i < CUE_SPAN;) {
        /* "... because, Q", "... that his plan, Q": another clause begins between the verb and the quotation */
        if (t[i].kind == TOKEN_SEMICOLON)
            return SIZE_MAX;
        if (token_is(&t[i], WORD_RELATIVE | WORD_SUBORDINATOR) && i + 1 < quote && t[i + 1].kind == TOKEN_WORD && !colon)
            return SIZE_MAX;
        if (t[i].kind != TOKEN_WORD || !t[i].word || !t[i].word->verb || t[i].name)
            continue;
        uint32_t verb = t[i].word->verb;
        size_t next = i + 1;
        /* "fired back: ", "chimed in: " */
        if (next < quote && (token_is_text(&t[next], "back") || token_is_text(&t[next], "in")))
            next++;
        while (next < quote && (token_is(&t[next], WORD_TIME) || token_is_adverb(&t[next]) || token_is_text(&t[next], "that") ||
                                t[next].kind == TOKEN_COMMA || t[next].kind == TOKEN_COLON))
            next++;
        if ((verb & VERB_WEAK) && next != quote)
            continue;
        if ((verb & VERB_NOUN) && !(verb & VERB_PAST) && !follows_subject(t, i, from))
            continue;
        if (token_is_saying(&t[i]) || (verb & VERB_ING))
            return i;
    }
    return SIZE_MAX;
}

/* Who does what the verb `v` in front of the quotation says. */
static struct cue of_verb_before(const struct reading *r, size_t quote, size_t v, size_t from, double confidence)
{
    const struct token *t = r->outer.tokens;
    /* "Said Smith: ..." */
    if (v == from) {
        struct phrase p = phrase_at(r, v + 1, quote);
        if (p.kind != PHRASE_NONE && p.end + 1 == quote)
            return make_cue(p, v, "cue-before-inverted", confidence);
    }
    bool to = v > from && token_is_text(&t[v - 1], "to");
    /* "Clinton is promising" */
    size_t be = v;
    while (be > from && token_is_adverb(&t[be - 1]))
        be--;
    if ((t[v].word->verb & VERB_ING) && be > from && token_is(&t[be - 1], WORD_AUXILIARY) && !token_is_text(&t[be - 1], "being"))
        return make_cue(phrase_subject(r, be - 1, from), v, "cue-before", confidence);
    if (((t[v].word->verb & VERB_FINITE) || token_is_saying(&t[v])) && !to)
        return make_cue(phrase_subject(r, v, from), v, "cue-before", confidence);
    /* "The hearing forced Stumpf to admit" */
    if (to && v > from + 2 && t[v - 2].name) {
        struct phrase p = phrase_ending(r, v - 1, from);
        if (p.kind == PHRASE_NAME && p.first > from && t[p.first - 1].kind == TOKEN_WORD && !t[p.first - 1].name &&
            str_ends(t[p.first - 1].word->text, STR("ed")))
            return make_cue(p, v, "made-to-say", 0.85);
    }
    /* "State television quoted the minister as saying" */
    if (!to && v > from + 1 && token_is_text(&t[v - 1], "as")) {
        struct phrase p = phrase_ending(r, v - 1, from);
        if (p.kind == PHRASE_NAME || p.kind == PHRASE_HE_SHE || (p.kind == PHRASE_DESCRIBED && token_is(&t[p.head], WORD_PERSON)))
            return make_cue(p, v, "quoted-as-saying", 0.9);
    }
    /* "..., adding: "; "footage of Clinton asking, "; "went on to say, " */
    if (!to && v > from && t[v - 1].kind == TOKEN_WORD && t[v - 1].name && !(t[v - 1].flags & TOKEN_POSSESSIVE)) {
        struct phrase p = phrase_at(r, r->naming.names[t[v - 1].name - 1].first, v);
        if (p.kind == PHRASE_NAME)
            return make_cue(p, v, "cue-before-participle", 0.85);
    }
    /* The sentence may have begun with a quotation: then its own cue tells the subject, or what stands before it. */
    struct phrase p = phrase_opening(r, from, v);
    /* "The plan is sound, McConnell said, citing ..." */
    if (p.kind == PHRASE_DESCRIBED && !token_is(&t[p.head], WORD_PERSON | WORD_GROUP | WORD_ORGANISATION | WORD_DOCUMENT)) {
        struct cue main = cue_of_sentence(r, from, v);
        if (main.rule && main.verb != SIZE_MAX)
            p = main.speaker;
    }
    for (int back = 0; back < 3 && p.kind == PHRASE_NONE && from > 0 && t[from - 1].kind == TOKEN_QUOTE; back++) {
        struct cue first = cue_after(r, from - 1);
        size_t earlier = sentence_start(r, from - 1);
        p = first.rule ? first.speaker : phrase_opening(r, earlier, from - 1);
        from = earlier;
    }
    return make_cue(p, v, "cue-before-participle", 0.85);
}

/* "In Winslow's words, ", "Winslow's response: " */
static struct cue words_of(const struct reading *r, size_t from, size_t quote, bool colon)
{
    static const char *const words[] = {"words",      "response",    "answer",   "reply",      "message", "advice",  "verdict",
                                        "conclusion", "explanation", "reaction", "assessment", "mantra",  "refrain", "comment",
                                        "warning",    "question",    "plea",     "retort",     "view",    "summary"};
    const struct token *t = r->outer.tokens;
    size_t head = quote - 1;
    if (head > from && (t[head].kind == TOKEN_COLON || t[head].kind == TOKEN_COMMA))
        head--;
    if (head <= from || t[head].kind != TOKEN_WORD || (head + 1 == quote && !token_is_text(&t[head], "words")))
        return no_cue;
    bool known = false;
    for (size_t i = colon ? 0 : 1; i < sizeof words / sizeof *words; i++)
        known |= token_is_text(&t[head], words[colon ? i : 0]);
    if (!known)
        return no_cue;
    size_t owner = head - 1;
    while (owner > from && owner + 4 > head && t[owner].kind == TOKEN_WORD && !(t[owner].flags & TOKEN_POSSESSIVE) &&
           !token_is(&t[owner], WORD_FUNCTION))
        owner--;
    if (token_is_text(&t[owner], "his") || token_is_text(&t[owner], "her"))
        return make_cue((struct phrase){PHRASE_HE_SHE, owner, owner + 1, owner, NO_ENTITY, true, false}, head, "words-of", 0.85);
    if (!t[owner].name || !(t[owner].flags & TOKEN_POSSESSIVE))
        return no_cue;
    const struct name *name = &r->naming.names[t[owner].name - 1];
    if (name->entity == NO_ENTITY || !entity_is_person(&r->naming, name->entity))
        return no_cue;
    struct phrase p = {PHRASE_NAME, name->first, name->end, name->core_end - 1, entity_root(&r->naming, name->entity),
                       true,        false};
    return make_cue(p, head, "words-of", 0.85);
}

/* The cue in front: "Trump told reporters on Monday: ...". */
struct cue cue_before(const struct reading *r, size_t quote)
{
    const struct token *t = r->outer.tokens;
    size_t from = sentence_start(r, quote);
    if (from == quote)
        return no_cue;
    bool colon = t[quote - 1].kind == TOKEN_COLON;
    /* "..., he said, while Ms. Boswell was blunt: " */
    for (size_t i = quote; colon && i-- > from + 1 && quote - i < CUE_SPAN;)
        if (t[i - 1].kind == TOKEN_COMMA && (token_is_text(&t[i], "while") || token_is_text(&t[i], "whereas"))) {
            from = i + 1;
            break;
        }
    struct cue owned = words_of(r, from, quote, colon);
    if (owned.rule)
        return owned;
    size_t v = verb_before(t, quote, from, colon);
    if (v != SIZE_MAX)
        return of_verb_before(r, quote, v, from, colon ? 0.95 : 0.93);
    struct cue fixed = fixed_words(r, from, quote);
    if (fixed.rule)
        return fixed;
    /* "There is a line attributed to Mark Twain: ", "A message from Smith: " */
    if (colon && quote > from + 2) {
        struct phrase p = phrase_ending(r, quote - 1, from);
        if (p.kind == PHRASE_NAME && p.first > from + 1 && entity_is_person(&r->naming, p.entity) &&
            (token_is_text(&t[p.first - 1], "by") || token_is_text(&t[p.first - 1], "from") ||
             (token_is_text(&t[p.first - 1], "to") && token_is_text(&t[p.first - 2], "attributed"))))
            return make_cue(p, SIZE_MAX, "words-by", 0.8);
    }
    if (colon)
        return make_cue(phrase_opening(r, from, quote - 1), SIZE_MAX, "colon", 0.7);
    /* "She added that it was a problem because, ..." */
    struct cue reported = cue_of_sentence(r, from, quote);
    if (reported.verb == SIZE_MAX)
        return no_cue;
    reported.rule = "same-sentence";
    return reported;
}

struct cue cue_of_sentence(const struct reading *r, size_t from, size_t end)
{
    const struct token *t = r->outer.tokens;
    for (size_t i = from; i < end && i < from + CUE_SPAN; i++) {
        if (!token_is_saying(&t[i]) || t[i].name || (t[i].word->verb & VERB_WEAK))
            continue;
        /* 'It "works," said Smith.' */
        if (i > from && (t[i - 1].kind == TOKEN_COMMA || (t[i - 1].flags & TOKEN_FRAGMENT)) &&
            (t[i].word->verb & (VERB_PAST | VERB_THIRD))) {
            struct phrase p = phrase_at(r, i + 1, end);
            if (p.kind == PHRASE_NAME || (p.kind == PHRASE_DESCRIBED && token_is(&t[p.head], WORD_PERSON)))
                return make_cue(p, i, "sentence-before", 0.75);
        }
        if ((t[i].word->verb & VERB_NOUN) && !(t[i].word->verb & VERB_PAST) && !follows_subject(t, i, from))
            continue;
        struct phrase p = phrase_subject(r, i, from);
        if (p.kind != PHRASE_NONE)
            return make_cue(p, i, "sentence-before", 0.7);
    }
    struct phrase p = phrase_opening(r, from, end);
    if (p.kind == PHRASE_HE_SHE || (p.kind == PHRASE_NAME && entity_is_person(&r->naming, p.entity)) ||
        (p.kind == PHRASE_DESCRIBED && token_is(&t[p.head], WORD_PERSON) && !p.plural))
        return make_cue(p, SIZE_MAX, "subject-before", 0.68);
    return no_cue;
}
