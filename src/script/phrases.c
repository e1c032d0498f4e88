#include "script/phrases.h"

#include "base/utf8.h"

enum { PHRASE_LIMIT = 14 }; /* tokens of one noun phrase at most */

static const struct token *tokens_of(const struct reading *r)
{
    return r->outer.tokens;
}

size_t sentence_start(const struct reading *r, size_t at)
{
    const struct token *t = tokens_of(r);
    while (at > 0 && t[at - 1].kind != TOKEN_STOP && t[at - 1].kind != TOKEN_BREAK && t[at - 1].kind != TOKEN_QUOTE)
        at--;
    return at;
}

/* Does this verb of saying stand as a noun here ("the report", "Trump's claims")? `first` is where the phrase starts. */
static bool stands_as_noun(const struct token *t, size_t i, size_t first)
{
    if (!(t[i].word->verb & VERB_NOUN) || i == first)
        return false;
    const struct token *before = &t[i - 1];
    if (before->flags & TOKEN_POSSESSIVE)
        return true;
    if (token_is(before, WORD_DETERMINER | WORD_POSSESSIVE | WORD_NUMBER | WORD_NATIONALITY))
        return true;
    /* "a new report", "the ad's claims": a verb would follow a noun that ends the subject; what comes next decides. */
    const struct token *after = &t[i + 1];
    return token_is(after, WORD_AUXILIARY) || token_is_saying(after) || (token_is_adverb(after) && token_is_saying(after + 1));
}

static void set_name(const struct reading *r, struct phrase *p, size_t i)
{
    const struct name *name = &r->naming.names[tokens_of(r)[i].name - 1];
    p->kind = PHRASE_NAME;
    p->entity = entity_root(&r->naming, name->entity);
    p->head = name->core_end - 1;
}

static bool ends_ing_or_ed(const struct token *t)
{
    struct str s = t->word->text;
    return s.len > 4 && (str_ends(s, STR("ing")) || str_ends(s, STR("ed")));
}

/* Do the words after a name make it part of a longer phrase: "Trump campaign manager", "White House press secretary Josh
 * Earnest"? */
static bool leads_to_noun(const struct reading *r, size_t i)
{
    const struct token *t = tokens_of(r);
    const struct name *before = &r->naming.names[t[i - 1].name - 1];
    bool thing = before->entity != NO_ENTITY && !entity_is_person(&r->naming, before->entity);
    /* "two Democratic speechwriters", "a Washington Post database": no name on its own */
    bool adjective = before->end == before->first + 1 && token_is(&t[before->first], WORD_NATIONALITY);
    bool article = before->first > 0 && (token_is_text(&t[before->first - 1], "a") || token_is_text(&t[before->first - 1], "an"));
    if ((adjective || (thing && article)) && t[i].kind == TOKEN_WORD && !(t[i].flags & (TOKEN_CAPITAL | TOKEN_DIGITS)) &&
        !token_is(&t[i], WORD_FUNCTION | WORD_TIME) && !token_is_adverb(&t[i]) && !token_is_saying(&t[i]) &&
        !ends_ing_or_ed(&t[i]))
        return true;
    for (size_t k = i; k < i + 4 && t[k].kind == TOKEN_WORD && !token_is(&t[k], WORD_FUNCTION); k++) {
        if (k == i && ends_ing_or_ed(&t[k])) /* "Cruz exhorted supporters" */
            return false;
        if (token_is(&t[k], WORD_PERSON | WORD_GROUP | WORD_DOCUMENT | WORD_ORGANISATION) && (k > i || !token_is_saying(&t[k])))
            return true;
        /* "Sharks winger Mikhail Voronin", but "Trump met Marco Rubio" */
        if (thing && k > i && t[k].name && !token_is_saying(&t[k - 1]))
            return true;
        /* "the Yankees reliever said" */
        if (thing && k > i && token_is_saying(&t[k]) && !(t[k - 1].flags & TOKEN_CAPITAL) && !token_is_adverb(&t[k - 1]))
            return true;
    }
    return false;
}

/* Is token i the last of a run of noun phrase words that a name may not pass? */
static bool ends_phrase(const struct reading *r, size_t i, size_t first, bool has_noun)
{
    const struct token *t = tokens_of(r);
    if (t[i].kind != TOKEN_WORD || !t[i].word)
        return true;
    uint32_t c = t[i].word->classes;
    if (t[i].name)
        return false;
    /* "Clinton restricted comments": a person's name at the start goes on only to a noun ("Clinton aides"). */
    if (i > first && t[i - 1].name && !(t[i - 1].flags & TOKEN_POSSESSIVE) && !leads_to_noun(r, i))
        return true;
    if (i == first && (c & WORD_NUMBER))
        return false;
    /* "activist and lawyer Sana Malik" */
    if (i > first && token_is_text(&t[i], "and") && token_is(&t[i - 1], WORD_PERSON) && token_is(&t[i + 1], WORD_PERSON) &&
        !token_is_saying(&t[i + 1]) && (t[i + 2].name || (t[i + 2].kind == TOKEN_WORD && t[i + 3].name)))
        return false;
    if ((c & WORD_FUNCTION) && !((c & (WORD_DETERMINER | WORD_POSSESSIVE)) && !(c & WORD_RELATIVE) &&
                                 (i == first || token_is(&t[i - 1], WORD_DETERMINER))))
        return true;
    if ((c & WORD_TIME) && has_noun)
        return true;
    if (token_is_adverb(&t[i]) && has_noun)
        return true;
    if (token_is_saying(&t[i]) && !stands_as_noun(t, i, first))
        return true;
    if (has_noun && ends_ing_or_ed(&t[i]) && !(t[i - 1].flags & TOKEN_POSSESSIVE) &&
        (t[i + 1].kind != TOKEN_WORD || token_is(&t[i + 1], WORD_FUNCTION | WORD_TIME) || token_is_adverb(&t[i + 1])) &&
        !(c & (WORD_PERSON | WORD_DOCUMENT)))
        return true;
    return false;
}

static struct phrase he_she_or_pronoun(const struct token *t, size_t at)
{
    struct phrase p = {.kind = PHRASE_NONE, .first = at, .end = at + 1, .head = at, .entity = NO_ENTITY};
    /* "one Democratic source", "this finding" */
    bool of_noun = token_is(&t[at], WORD_NUMBER | WORD_DETERMINER) && t[at + 1].kind == TOKEN_WORD &&
                   !token_is(&t[at + 1], WORD_FUNCTION | WORD_TIME) && !token_is_adverb(&t[at + 1]) &&
                   !token_is_saying(&t[at + 1]);
    if (token_is(&t[at], WORD_HE | WORD_SHE))
        p.kind = PHRASE_HE_SHE;
    else if (of_noun)
        p.kind = PHRASE_NONE;
    else if (token_is(&t[at], WORD_PRONOUN))
        p.kind = PHRASE_PRONOUN;
    return p;
}

/* "Trump's campaign manager, Kellyanne Conway", "His partner at Lenox, Lawrence Cummings": the name that an apposition gives to
 * a description. */
static void take_apposition(const struct reading *r, struct phrase *p, size_t limit, bool any_noun)
{
    const struct token *t = tokens_of(r);
    if (p->kind != PHRASE_DESCRIBED || p->plural || (!any_noun && !token_is(&t[p->head], WORD_PERSON | WORD_TITLE)))
        return;
    size_t i = p->end;
    if (i < limit && token_is(&t[i], WORD_PREPOSITION))
        while (i < limit && i < p->end + 8 && t[i].kind == TOKEN_WORD && !token_is_saying(&t[i]) &&
               !token_is(&t[i], WORD_RELATIVE))
            i++;
    if (i + 1 >= limit || t[i].kind != TOKEN_COMMA)
        return;
    size_t k = i + 1;
    while (k < limit && k < i + 5 && t[k].kind == TOKEN_WORD && !t[k].name && !token_is_saying(&t[k]) &&
           (!token_is(&t[k], WORD_FUNCTION) || token_is_text(&t[k], "and")))
        k++;
    if (k >= limit || !t[k].name)
        return;
    const struct name *name = &r->naming.names[t[k].name - 1];
    if (name->entity == NO_ENTITY || !entity_is_person(&r->naming, name->entity) || name->first != k ||
        (t[name->end - 1].flags & TOKEN_POSSESSIVE))
        return;
    enum token_kind after = t[name->end].kind;
    if (after == TOKEN_WORD && !token_is_saying(&t[name->end]))
        return;
    set_name(r, p, k);
    p->first = name->first;
    p->end = name->end;
}

/* "said the sexton, Gunnar Haug": behind the verb even an unknown noun is somebody. */
struct phrase phrase_inverted(const struct reading *r, size_t at, size_t limit)
{
    struct phrase p = phrase_at(r, at, limit);
    if (p.kind == PHRASE_DESCRIBED && p.definite &&
        !token_is(&tokens_of(r)[p.head], WORD_DOCUMENT | WORD_ORGANISATION | WORD_EVENT))
        take_apposition(r, &p, limit, true);
    return p;
}

/* "Mr. King and Mr. Schultz": two people who speak as one. */
static bool takes_second(const struct reading *r, struct phrase *p, size_t limit)
{
    const struct token *t = tokens_of(r);
    size_t second = p->end + 1;
    if (!t[second].name || !entity_is_person(&r->naming, p->entity))
        return false;
    const struct name *name = &r->naming.names[t[second].name - 1];
    if (name->first != second || name->end > limit || name->entity == NO_ENTITY || !entity_is_person(&r->naming, name->entity) ||
        entity_root(&r->naming, name->entity) == p->entity || (t[name->end - 1].flags & TOKEN_POSSESSIVE))
        return false;
    size_t v = skip_to_verb(t, name->end, name->end + 3);
    if (t[name->end].kind == TOKEN_WORD && name->end < limit && !token_is_saying(&t[v]) &&
        !token_is(&t[name->end], WORD_FUNCTION | WORD_TIME))
        return false; /* "said Smith and Jones laughed" */
    p->kind = PHRASE_DESCRIBED;
    p->entity = NO_ENTITY;
    p->plural = true;
    p->definite = false;
    p->head = name->end - 1;
    p->end = name->end;
    return true;
}

/* "Beaufort and colleagues", "Beaufort and her team": a group. */
static void take_company(const struct reading *r, struct phrase *p, size_t limit)
{
    static const char *const others[] = {"colleagues", "others", "friends", "co-authors", "coauthors", "allies"};
    const struct token *t = tokens_of(r);
    size_t i = p->end;
    if (p->kind != PHRASE_NAME || i + 1 >= limit || !token_is_text(&t[i], "and"))
        return;
    if (takes_second(r, p, limit))
        return;
    i += token_is(&t[i + 1], WORD_POSSESSIVE) && i + 2 < limit ? 2 : 1;
    bool group = token_is(&t[i], WORD_GROUP) && !t[i].name && token_is(&t[i - 1], WORD_POSSESSIVE);
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        group |= token_is_text(&t[i], others[k]);
    if (!group)
        return;
    p->kind = PHRASE_DESCRIBED;
    p->entity = NO_ENTITY;
    p->plural = true;
    p->definite = false;
    p->head = i;
    p->end = i + 1;
}

/* Past "nearly", "more than", "at least" in front of a number. */
static size_t past_about(const struct token *t, size_t at, size_t limit)
{
    size_t i = at;
    if (token_is_adverb(&t[i]) || token_is_text(&t[i], "almost") || token_is_text(&t[i], "about") || token_is_text(&t[i], "some"))
        i++;
    else if ((token_is_text(&t[i], "more") && token_is_text(&t[i + 1], "than")) ||
             (token_is_text(&t[i], "at") && token_is_text(&t[i + 1], "least")))
        i += 2;
    size_t number = i + (token_is_text(&t[i], "a") ? 1 : 0);
    bool counted = i > at && number < limit && (token_is(&t[number], WORD_NUMBER) || (t[number].flags & TOKEN_DIGITS));
    return counted ? i : at;
}

/* "one of the drivers" */
static struct phrase one_of(const struct reading *r, size_t at, size_t limit)
{
    const struct token *t = tokens_of(r);
    struct phrase p = {.kind = PHRASE_NONE, .first = at, .end = at, .head = at, .entity = NO_ENTITY};
    if (at + 2 >= limit || !token_is(&t[at], WORD_NUMBER | WORD_DETERMINER) || !token_is_text(&t[at + 1], "of"))
        return p;
    struct phrase of = phrase_at(r, at + 2, limit);
    if (of.kind == PHRASE_NONE || of.kind == PHRASE_HE_SHE)
        return p;
    p.kind = PHRASE_DESCRIBED;
    p.end = of.end;
    p.head = of.head;
    p.plural = !token_is_text(&t[at], "one");
    if (!p.plural && of.kind == PHRASE_DESCRIBED)
        take_apposition(r, &p, limit, token_is(&t[p.head], WORD_GROUP));
    return p;
}

struct phrase phrase_at(const struct reading *r, size_t at, size_t limit)
{
    const struct token *t = tokens_of(r);
    struct phrase p = {.kind = PHRASE_NONE, .first = at, .end = at, .head = at, .entity = NO_ENTITY};
    if (at >= limit || t[at].kind != TOKEN_WORD)
        return p;
    struct phrase part = one_of(r, at, limit);
    if (part.kind != PHRASE_NONE)
        return part;
    struct phrase pronoun = he_she_or_pronoun(t, at);
    if (pronoun.kind == PHRASE_HE_SHE || (pronoun.kind == PHRASE_PRONOUN && !t[at].name))
        return pronoun;
    bool has_noun = false;
    size_t start = past_about(t, at, limit), i = start, head = at;
    while (i < limit && i < at + PHRASE_LIMIT && !ends_phrase(r, i, start, has_noun)) {
        bool counts = t[i].name || !token_is(&t[i], WORD_DETERMINER | WORD_POSSESSIVE | WORD_NUMBER);
        if (counts || token_is(&t[i], WORD_NUMBER)) {
            has_noun = !(t[i].flags & TOKEN_POSSESSIVE);
            head = i;
        }
        /* A name ends the phrase: "the singer Mary Blige", but not "the Clinton campaign", "Trump aides". */
        if (t[i].name) {
            const struct name *name = &r->naming.names[t[i].name - 1];
            i = name->end > i ? name->end : i + 1;
            head = i - 1;
            has_noun = !(t[head].flags & TOKEN_POSSESSIVE);
        } else {
            i++;
        }
    }
    /* "Another said", "Many reportedly think" */
    if (!has_noun && i == at + 1 && token_is(&t[at], WORD_DETERMINER | WORD_NUMBER) &&
        !token_is(&t[at], WORD_POSSESSIVE | WORD_PREPOSITION) && !token_is_text(&t[at], "the") && !token_is_text(&t[at], "a") &&
        !token_is_text(&t[at], "an")) {
        p.kind = PHRASE_PRONOUN;
        p.end = i;
        return p;
    }
    if (!has_noun)
        return p;
    p.end = i;
    p.head = head;
    p.kind = PHRASE_DESCRIBED;
    p.definite = token_is_text(&t[at], "the") || token_is(&t[at], WORD_POSSESSIVE) || (t[at].flags & TOKEN_POSSESSIVE);
    if (t[head].name && !(t[head].flags & TOKEN_POSSESSIVE)) {
        const struct name *name = &r->naming.names[t[head].name - 1];
        if (name->entity != NO_ENTITY)
            set_name(r, &p, head);
    } else if (t[head].word->text.len > 3 && !token_is(&t[at], WORD_NUMBER)) {
        struct str s = t[head].word->text;
        p.plural =
            (s.data[s.len - 1] == 's' && s.data[s.len - 2] != 's' && s.data[s.len - 2] != 'u') || token_is(&t[head], WORD_GROUP);
    }
    if (p.kind == PHRASE_DESCRIBED && token_is_text(&t[at], "a") && !token_is(&t[at + 1], WORD_NUMBER))
        p.plural = false;
    take_apposition(r, &p, limit, false);
    take_company(r, &p, limit);
    return p;
}

/* ---------------------------------------------------------------- subjects */

/* Words between a subject and its verb: "has", "often", "this month", "all". */
static bool skips_to_verb(const struct token *t)
{
    if (token_is(t, WORD_DETERMINER) && (token_is(t + 1, WORD_TIME) || token_is_text(t, "all") || token_is_text(t, "both")))
        return !token_is_text(t, "the");
    return (token_is(t, WORD_AUXILIARY | WORD_TIME) || token_is_adverb(t)) && !token_is(t, WORD_PREPOSITION);
}

size_t skip_to_verb(const struct token *t, size_t at, size_t limit)
{
    while (at < limit && !t[at].name && skips_to_verb(&t[at]))
        at++;
    return at;
}

struct phrase phrase_opening(const struct reading *r, size_t from, size_t limit)
{
    const struct token *t = tokens_of(r);
    struct phrase none = {.kind = PHRASE_NONE, .entity = NO_ENTITY};
    size_t i = from;
    for (int tries = 0; tries < 4 && i < limit; tries++) {
        while (i < limit && (token_is(&t[i], WORD_CONJUNCTION | WORD_OTHER) || token_is_adverb(&t[i]) ||
                             t[i].kind == TOKEN_COMMA || t[i].kind == TOKEN_DASH || (token_is(&t[i], WORD_TIME) && !t[i].name)))
            i++;
        if (i >= limit)
            return none;
        bool leads_in = !t[i].name && token_is(&t[i], WORD_PREPOSITION | WORD_SUBORDINATOR);
        if (!leads_in && !t[i].name && t[i].kind == TOKEN_WORD && ends_ing_or_ed(&t[i]) && !token_is(&t[i], WORD_PERSON))
            leads_in = true; /* "Lamenting their luck, ..." */
        if (!leads_in) {
            struct phrase p = phrase_at(r, i, limit);
            if (p.kind != PHRASE_NONE)
                return p;
        }
        while (i < limit && t[i].kind != TOKEN_COMMA)
            i++;
    }
    return none;
}

/* The phrase that ends just before `end`: tries starts from the farthest that still reaches `end`. */
struct phrase phrase_ending(const struct reading *r, size_t end, size_t from)
{
    const struct token *t = tokens_of(r);
    struct phrase best = {.kind = PHRASE_NONE, .entity = NO_ENTITY};
    if (end <= from)
        return best;
    size_t low = end;
    while (low > from && end - low < PHRASE_LIMIT && t[low - 1].kind == TOKEN_WORD)
        low--;
    for (size_t i = low; i < end; i++) {
        if (i > low && t[i].name && t[i - 1].name == t[i].name)
            continue;
        if (token_is(&t[i], WORD_FUNCTION & ~(uint32_t)(WORD_DETERMINER | WORD_POSSESSIVE | WORD_HE | WORD_SHE | WORD_PRONOUN)) &&
            !t[i].name)
            continue;
        struct phrase p = phrase_at(r, i, end);
        if (p.kind != PHRASE_NONE && p.end == end && !(p.kind == PHRASE_DESCRIBED && token_is(&t[p.head], WORD_TIME)))
            return p;
    }
    return best;
}

/* The chunk of the clause before `end` that starts after a comma, bracket, dash or at `from`. */
static size_t chunk_start(const struct token *t, size_t end, size_t from)
{
    while (end > from && t[end - 1].kind == TOKEN_WORD)
        end--;
    return end;
}

static bool starts_apposition(const struct token *t, size_t first)
{
    return token_is(&t[first], WORD_RELATIVE | WORD_DETERMINER | WORD_NUMBER) || (t[first].flags & TOKEN_DIGITS) ||
           token_is(&t[first], WORD_PREPOSITION) || (!(t[first].flags & TOKEN_CAPITAL) && !token_is(&t[first], WORD_FUNCTION));
}

/* "The door was opened by a woman ... who ... and said": behind a thing that cannot speak, the person told of after it. */
static struct phrase person_rather(const struct reading *r, struct phrase p, size_t end)
{
    const struct token *t = tokens_of(r);
    if (p.kind != PHRASE_DESCRIBED || token_is(&t[p.head], WORD_PERSON | WORD_GROUP | WORD_DOCUMENT | WORD_ORGANISATION))
        return p;
    for (size_t i = p.end; i < end && i < p.end + PHRASE_LIMIT; i++) {
        struct phrase q = phrase_at(r, i, end);
        if ((q.kind == PHRASE_NAME && entity_is_person(&r->naming, q.entity)) ||
            (q.kind == PHRASE_DESCRIBED && token_is(&t[q.head], WORD_PERSON) && !(t[q.head].flags & TOKEN_POSSESSIVE)))
            return q;
    }
    return p;
}

/* "... since Clinton, at Monday's debate, said": the name that a clause opens with just before the comma. */
static struct phrase clause_subject(const struct reading *r, size_t end, size_t first)
{
    const struct token *t = tokens_of(r);
    struct phrase none = {.kind = PHRASE_NONE, .entity = NO_ENTITY}, p = phrase_ending(r, end, first);
    if (p.kind != PHRASE_NAME || p.first <= first || !entity_is_person(&r->naming, p.entity))
        return none;
    return token_is(&t[p.first - 1], WORD_SUBORDINATOR) ? p : none;
}

/* The subject in front of a comma: "Smith, a lawyer, said", "Smith, who lives in Ohio, a swing state, said". */
static struct phrase before_apposition(const struct reading *r, size_t comma, size_t from)
{
    const struct token *t = tokens_of(r);
    struct phrase fallback = {.kind = PHRASE_NONE, .entity = NO_ENTITY};
    size_t end = comma;
    for (int chunks = 0; chunks < 6 && end > from; chunks++) {
        size_t first = chunk_start(t, end, from);
        if (first == end) { /* brackets and the like */
            end--;
            continue;
        }
        struct phrase clause = clause_subject(r, end, first);
        if (clause.kind != PHRASE_NONE)
            return clause;
        struct phrase p = person_rather(r, phrase_opening(r, first, end), end);
        bool leads = token_is(&t[first], WORD_PREPOSITION | WORD_RELATIVE | WORD_SUBORDINATOR);
        if (p.kind == PHRASE_NAME && p.end == end && !leads && entity_is_person(&r->naming, p.entity))
            return p;
        /* "China, Pyongyang's only ally, said", but not "McConnell, R-Ky., the leader, said" */
        bool abbreviated = p.kind == PHRASE_NAME && t[p.head].word->text.data[t[p.head].word->text.len - 1] == '.';
        if (p.kind == PHRASE_NAME && p.end == end && !leads && !abbreviated && fallback.kind == PHRASE_DESCRIBED)
            return p;
        if (p.kind != PHRASE_NONE && !leads)
            fallback = p;
        bool describes = starts_apposition(t, first) || (p.kind == PHRASE_DESCRIBED && (t[p.first].flags & TOKEN_POSSESSIVE)) ||
                         (p.kind == PHRASE_NAME && !entity_is_person(&r->naming, p.entity)); /* "R-Ky." */
        if (first <= from || (!describes && fallback.kind != PHRASE_NONE))
            break;
        end = first - 1;
    }
    return fallback;
}

/* "Smith -- a lawyer, by trade -- said": the subject in front of the first of two dashes; `end` is past the second. */
static struct phrase before_dashes(const struct reading *r, size_t end, size_t from)
{
    const struct token *t = tokens_of(r);
    for (size_t i = end - 1; i-- > from + 1;)
        if (t[i].kind == TOKEN_DASH)
            return before_apposition(r, i, from);
    return (struct phrase){.kind = PHRASE_NONE, .entity = NO_ENTITY};
}

struct phrase phrase_subject(const struct reading *r, size_t verb, size_t from)
{
    const struct token *t = tokens_of(r);
    size_t end = verb;
    while (end > from && skips_to_verb(&t[end - 1]) && !t[end - 1].name)
        end--;
    if (end == from)
        return (struct phrase){.kind = PHRASE_NONE, .entity = NO_ENTITY};
    if (t[end - 1].kind == TOKEN_DASH) {
        struct phrase p = before_dashes(r, end, from);
        if (p.kind == PHRASE_NAME || (p.kind == PHRASE_DESCRIBED && token_is(&t[p.head], WORD_PERSON)))
            return p;
    }
    if (t[end - 1].kind != TOKEN_WORD)
        return before_apposition(r, end - 1, from);
    size_t first = chunk_start(t, end, from);
    /* "Smith, who ... and said"; "who said" points to what stands before it */
    if (token_is(&t[end - 1], WORD_RELATIVE)) {
        size_t stop = end - 1;
        if (stop > from && t[stop - 1].kind == TOKEN_COMMA)
            stop--;
        struct phrase p = phrase_ending(r, stop, from);
        if (p.kind != PHRASE_NONE)
            return p;
    }
    struct phrase near = phrase_ending(r, end, first);
    if (near.kind != PHRASE_NONE) {
        size_t before = near.first;
        /* "shortly after Trump said" opens a clause, "an aide to Trump said" does not */
        bool inside = before > first && token_is(&t[before - 1], WORD_PREPOSITION) &&
                      !token_is(&t[before - 1], WORD_SUBORDINATOR) && !t[before - 1].name;
        if (!inside)
            return near;
    }
    /* "Protesters marching through the streets chanted", "Trump took the stage and said" */
    struct phrase p = phrase_opening(r, first, end);
    if (p.kind != PHRASE_NONE && !(token_is(&t[first], WORD_RELATIVE)))
        return p;
    if (first > from)
        return before_apposition(r, first - 1, from);
    return near;
}

size_t phrase_full_end(const struct reading *r, const struct phrase *p)
{
    static const char *const links[] = {"of", "for", "at", "from", "with", "in", "close", "near", "on", "to"};
    const struct token *t = tokens_of(r);
    size_t end = p->end;
    for (int more = 0; more < 3; more++) {
        bool link = false;
        for (size_t i = 0; i < sizeof links / sizeof *links; i++)
            link |= token_is_text(&t[end], links[i]);
        if (!link)
            return end;
        size_t at = end + 1;
        bool close = token_is_text(&t[end], "close");
        at += close && token_is_text(&t[at], "to");
        size_t limit = at;
        while (limit < at + PHRASE_LIMIT && t[limit].kind == TOKEN_WORD)
            limit++;
        struct phrase q = phrase_at(r, at, limit);
        /* "in a statement", "on Monday", "at a rally": about the saying, not the speaker */
        bool loose = token_is_text(&t[end], "in") || token_is_text(&t[end], "on") || token_is_text(&t[end], "at") ||
                     token_is_text(&t[end], "to") || token_is_text(&t[end], "with") || token_is_text(&t[end], "from");
        if (q.kind == PHRASE_NONE || q.kind == PHRASE_HE_SHE || token_is(&t[at], WORD_TIME) || token_is(&t[q.head], WORD_TIME))
            return end;
        if (loose && token_is(&t[q.head], WORD_DOCUMENT | WORD_EVENT | WORD_PERSON))
            return end;
        end = q.end;
    }
    return end;
}
