/* attribute_quotations: reads the article's tokens in order, gives each quotation the speaker its cue names, or else the one that
 * its place tells, and builds the speakers. */
#include <string.h>

#include "base/utf8.h"
#include "script/foreign.h"
#include "script/listener.h"

/* One attribution before it is written into the quotation. */
struct attribution {
    size_t voice; /* SCRIPT_NOBODY: none */
    struct str mention;
    const char *rule;
    double confidence;
};

static const struct attribution nobody = {.voice = SCRIPT_NOBODY};

/* ---------------------------------------------------------------- rules */

static struct attribution of_cue(struct listener *l, const struct cue *cue)
{
    struct attribution a = {SCRIPT_NOBODY, phrase_text(l, &cue->speaker), cue->rule, cue->confidence};
    const struct phrase *p = &cue->speaker;
    const struct token *t = l->reading.outer.tokens;
    double sure = 1;
    uint32_t e;
    switch (p->kind) {
    case PHRASE_NAME: a.voice = voice_of_entity(l, p->entity); break;
    case PHRASE_HE_SHE:
        e = resolve_pronoun(l, p->first, &sure);
        if (e == NO_ENTITY) {
            e = person_ahead(l, p->first, pronoun_gender(&t[p->first]));
            sure = 0.8;
        }
        if (e != NO_ENTITY && entity_gender(&l->reading.naming, e) == GENDER_UNKNOWN) {
            l->reading.naming.entities[e].female += pronoun_gender(&t[p->first]) == GENDER_FEMALE;
            l->reading.naming.entities[e].male += pronoun_gender(&t[p->first]) == GENDER_MALE;
        }
        a.voice = e == NO_ENTITY ? voice_of_nameless(l, pronoun_gender(&t[p->first])) : voice_of_entity(l, e);
        a.confidence *= e == NO_ENTITY ? 0.6 : sure;
        break;
    case PHRASE_DESCRIBED:
        a.voice = voice_of_description(l, p);
        a.confidence *= 0.95;
        if (!strcmp(cue->rule, "cue-before-participle") &&
            !token_is(&t[p->head], WORD_PERSON | WORD_GROUP | WORD_DOCUMENT | WORD_ORGANISATION))
            a.confidence *= 0.5; /* "The move ..., adding": what is no known speaker, far from its verb */
        break;
    case PHRASE_PRONOUN:
        a.voice = voice_of_pronoun(l, &t[p->first], a.mention);
        a.confidence *= 0.7;
        break;
    case PHRASE_NONE: break;
    }
    return a;
}

/* The person whose words a verb of answering answers: who spoke in the paragraph just before. */
static uint32_t answered_by(const struct listener *l, const struct cue *cue, const struct quotation *q,
                            const struct quotation *previous)
{
    static const char *const verbs[] = {"replied",  "replies", "answered", "answers",   "responded", "responds",
                                        "retorted", "retorts", "rejoined", "countered", "counters",  "shot"};
    if (!previous || cue->verb == SIZE_MAX || previous->block + 1 != q->block || previous->speaker == SCRIPT_NOBODY)
        return NO_ENTITY;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (token_is_text(&l->reading.outer.tokens[cue->verb], verbs[i]))
            return l->voices[previous->speaker].entity;
    return NO_ENTITY;
}

static struct attribution same_as(const struct quotation *q, const char *rule, double confidence)
{
    if (q->speaker == SCRIPT_NOBODY)
        return nobody;
    return (struct attribution){q->speaker, q->mention, rule, confidence < q->confidence ? confidence : q->confidence};
}

static bool only_quotations(const struct listener *l, size_t token)
{
    const struct token *t = l->reading.outer.tokens;
    while (token > 0 && t[token - 1].kind != TOKEN_BREAK)
        token--;
    for (; t[token].kind != TOKEN_BREAK; token++)
        if (t[token].kind == TOKEN_WORD)
            return false;
    return true;
}

static bool ends_asking(const struct listener *l, const struct quotation *q)
{
    return q->inner_end > q->inner_start && l->reading.article->blocks[q->block].text.data[q->inner_end - 1] == '?';
}

/* Who spoke last but did not speak the last one, in the paragraphs just before: the other side of a conversation. */
static const struct quotation *other_side(const struct listener *l, const struct quotation *previous, bool *alternating)
{
    const struct quotation *quotations = l->reading.quotations, *found = NULL;
    size_t last = (size_t)(previous - quotations), block = previous->block;
    *alternating = false;
    for (size_t i = last, steps = 0; i-- > 0 && steps < 8; steps++) {
        const struct quotation *q = &quotations[i];
        if (!q->speech)
            continue;
        if (block - q->block > 1 || q->speaker == SCRIPT_NOBODY)
            break;
        if (q->speaker != previous->speaker && q->block != previous->block && !found) {
            found = q;
            *alternating = ends_asking(l, q) && q->block + 1 == previous->block;
        }
        if (found && q->speaker == previous->speaker && q->block != found->block) {
            *alternating = true;
            break;
        }
        block = q->block;
    }
    return found;
}

/* No cue beside it: the place tells. */
static struct attribution of_place(struct listener *l, size_t quote, const struct quotation *previous)
{
    const struct token *t = l->reading.outer.tokens;
    const struct reading *r = &l->reading;
    size_t block = t[quote].block;
    bool first_of_block = quote == 0 || t[quote - 1].kind == TOKEN_BREAK;
    bool earlier = previous && previous->block == block;
    if (!first_of_block && t[quote - 1].kind == TOKEN_STOP) {
        size_t from = sentence_start(r, quote - 1);
        bool is_cue_of_earlier = earlier && from > 0 && t[from - 1].kind == TOKEN_QUOTE;
        if (!is_cue_of_earlier) {
            struct cue cue = cue_of_sentence(r, from, quote - 1);
            if (cue.rule)
                return of_cue(l, &cue);
        }
    }
    if (earlier)
        return same_as(previous, "same-paragraph", 0.95);
    if (first_of_block && block > 0 && quote > 1) {
        /* The last sentence of the paragraph before. */
        size_t end = quote - 1;
        bool colon = t[end - 1].kind == TOKEN_COLON;
        size_t stop = end > 0 && (t[end - 1].kind == TOKEN_STOP || colon) ? end - 1 : end;
        size_t from = sentence_start(r, stop);
        if (from < stop && t[from].block + 1 == block) {
            bool cue_of_quote = from > 0 && t[from - 1].kind == TOKEN_QUOTE && previous && previous->block + 1 == block &&
                                !(t[from].flags & TOKEN_SENTENCE_START);
            if (!cue_of_quote) {
                struct cue cue = cue_of_sentence(r, from, stop);
                if (cue.rule && (colon || only_quotations(l, quote) || cue.verb != SIZE_MAX)) {
                    struct attribution a = of_cue(l, &cue);
                    a.rule = colon ? "colon-above" : "paragraph-above";
                    return a;
                }
            }
        }
    }
    if (previous && first_of_block && block == previous->block + 1 && !previous->opens_only && only_quotations(l, quote)) {
        bool alternating;
        const struct quotation *other = other_side(l, previous, &alternating);
        bool asked = ends_asking(l, previous);
        if (other && (asked || alternating))
            return same_as(other, asked ? "answer" : "alternation", 0.65);
    }
    /* A paragraph that is only a quotation goes on with who spoke last; anything else would be a guess. */
    if (previous && block - previous->block <= 1 && only_quotations(l, quote))
        return same_as(previous, "previous-speaker", 0.7);
    return nobody;
}

static struct attribution of_label(struct listener *l, size_t block, size_t start, size_t end)
{
    struct str label = str_trim(str_sub(l->reading.article->blocks[block].text, start, end));
    while (label.len &&
           (label.data[label.len - 1] == ':' || label.data[label.len - 1] == '.' || label.data[label.len - 1] == '*'))
        label.len--;
    uint32_t e = entity_of_label(&l->reading.naming, label);
    if (e == NO_ENTITY)
        return nobody;
    struct entity *entity = &l->reading.naming.entities[entity_root(&l->reading.naming, e)];
    if (entity->n_core == 1 && entity->person <= 0 && !(entity->core[0]->classes & (WORD_ORGANISATION | WORD_DOCUMENT)))
        entity->person = 1; /* whoever takes turns is somebody, capitals or not */
    return (struct attribution){voice_of_entity(l, e), label, "label", 0.97};
}

/* A transcript quoted whole keeps its labels inside the marks: "WALLACE: Let's start." Length of the label, 0: none. */
static size_t inner_label(const struct listener *l, const struct quotation *q)
{
    struct str text = l->reading.article->blocks[q->block].text;
    size_t words = 0, capitals = 0;
    for (size_t i = q->inner_start, next; i < q->inner_end && i < q->inner_start + 40; i = next) {
        unsigned c = utf8_decode(text, i, &next);
        if (c == ':')
            return capitals > 1 ? i - q->inner_start : 0;
        if (c == ' ' && ++words > 3)
            return 0;
        if (c != ' ' && c != '.' && c != '-' && c != '\'' && !uni_is_upper(c))
            return 0;
        capitals += uni_is_upper(c);
    }
    return 0;
}

#define LOOK_BACK 2000 /* bytes, for whom "dit-il" means */

/* The last full name of a person (a given name and more) of that gender in the block before offset `end`, or "". */
static struct str name_before(struct listener *l, size_t block, size_t end, enum gender gender)
{
    struct str text = l->reading.article->blocks[block].text, found = {"", 0};
    size_t at = end > LOOK_BACK ? end - LOOK_BACK : 0, given = SIZE_MAX;
    while (at < end && ((unsigned char)text.data[at] & 0xC0) == 0x80)
        at++;
    while (at < end) {
        size_t start = at, next = at;
        while (at < end && (uni_is_word(utf8_decode(text, at, &next)) || text.data[at] == '-'))
            at = next;
        if (at == start) {
            given = text.data[at] == ' ' ? given : SIZE_MAX;
            utf8_decode(text, at, &at);
            continue;
        }
        if (!uni_is_upper(utf8_decode(text, start, &next))) {
            given = SIZE_MAX;
            continue;
        }
        if (given != SIZE_MAX) {
            found = str_sub(text, given, at);
            continue;
        }
        struct word *word = vocabulary_word(&l->reading.vocabulary, str_sub(text, start, at));
        if (word && word_is_given_name(&l->reading.vocabulary, word) && (word->given == gender || word->given == GENDER_UNKNOWN))
            given = start;
    }
    return found;
}

/* In languages other than English: a verb of saying and a name right beside the quotation, else nobody. */
static struct attribution of_foreign(struct listener *l, const struct quotation *q, const struct quotation *previous)
{
    const struct quotation *next = q + 1 < l->reading.quotations + l->reading.n_quotations ? q + 1 : NULL;
    const struct quotation *before = q > l->reading.quotations ? q - 1 : NULL;
    struct foreign_cue cue;
    struct naming *naming = &l->reading.naming;
    if (!foreign_cue(l->reading.article, before, q, next, l->reading.arena, &cue))
        return previous && previous->block == q->block ? same_as(previous, "same-paragraph", 0.7) : nobody;
    if (cue.pronoun) {
        struct str name = name_before(l, q->block, q->start, cue.gender);
        uint32_t e = name.len ? entity_of_label(naming, name) : NO_ENTITY;
        if (e != NO_ENTITY)
            return (struct attribution){voice_of_entity(l, e), name, "foreign-pronoun", 0.7};
        return previous && previous->block == q->block ? same_as(previous, "same-paragraph", 0.7) : nobody;
    }
    uint32_t e = entity_of_label(naming, cue.name);
    if (e == NO_ENTITY || (cue.single && naming->entities[e].n_core < 2))
        return nobody;
    e = entity_root(naming, e);
    naming->entities[e].person += 2; /* somebody who speaks; the evidence for English says nothing here */
    if (entity_gender(naming, e) == GENDER_UNKNOWN) {
        naming->entities[e].female += cue.gender == GENDER_FEMALE;
        naming->entities[e].male += cue.gender == GENDER_MALE;
    }
    return (struct attribution){voice_of_entity(l, e), cue.name, "foreign-cue", 0.85};
}

static struct attribution attribute(struct listener *l, size_t token, const struct quotation *q, const struct quotation *previous)
{
    if (q->label_end > q->label_start)
        return of_label(l, q->block, q->label_start, q->label_end);
    size_t inside = inner_label(l, q);
    if (inside)
        return of_label(l, q->block, q->inner_start, q->inner_start + inside);
    if (q->continues != SIZE_MAX && q->continues < l->reading.n_quotations)
        return same_as(&l->reading.quotations[q->continues], "continued", 1);
    if (!l->english)
        return of_foreign(l, q, previous);
    struct cue after = cue_after(&l->reading, token), before = cue_before(&l->reading, token);
    unsigned final = l->reading.outer.tokens[token].final;
    l->answered = answered_by(l, &after, q, previous);
    if (after.rule && (final == ',' || after.confidence > before.confidence) && after.confidence >= SCRIPT_CONFIDENT)
        return of_cue(l, &after);
    if (before.rule)
        return of_cue(l, &before);
    struct attribution a = of_place(l, token, previous);
    if (a.voice == SCRIPT_NOBODY && after.rule) {
        after.confidence = 0.55;
        return of_cue(l, &after);
    }
    return a;
}

/* ---------------------------------------------------------------- result */

/* An article that opens with a quotation and names its speaker right below: "“I never slept.” / Those are the words of ...". */
static void name_the_opening(struct listener *l)
{
    const struct token *t = l->reading.outer.tokens;
    size_t quote = 0, n = l->reading.outer.n_tokens;
    while (quote < n && t[quote].kind != TOKEN_QUOTE && t[quote].kind != TOKEN_WORD)
        quote++;
    if (quote + 2 >= n || t[quote].kind != TOKEN_QUOTE)
        return;
    struct quotation *q = &l->reading.quotations[t[quote].quotation];
    if (q->speaker != SCRIPT_NOBODY || !only_quotations(l, quote))
        return;
    size_t from = quote;
    while (from < n && t[from].kind != TOKEN_BREAK)
        from++;
    size_t end = ++from;
    while (end < n && t[end].kind == TOKEN_WORD)
        end++;
    if (end >= n || end == from || t[from].block != t[quote].block + 1)
        return;
    struct phrase p = phrase_at(&l->reading, from, end);
    bool these = token_is_text(&t[from], "those") || token_is_text(&t[from], "these") || token_is_text(&t[from], "that") ||
                 token_is_text(&t[from], "so") || token_is_text(&t[from], "thus");
    for (size_t i = from; these && i < end && p.kind != PHRASE_NAME; i++)
        if (t[i].name && token_is(&t[i - 1], WORD_PREPOSITION | WORD_AUXILIARY | WORD_PERSON | WORD_TITLE))
            p = phrase_at(&l->reading, i, end);
    if (p.kind != PHRASE_NAME || !entity_is_person(&l->reading.naming, p.entity))
        return;
    for (size_t i = quote; t[i].kind != TOKEN_BREAK; i++) {
        struct quotation *own = t[i].kind == TOKEN_QUOTE ? &l->reading.quotations[t[i].quotation] : NULL;
        if (own && own->speaker == SCRIPT_NOBODY) {
            own->speaker = voice_of_entity(l, p.entity);
            own->mention = phrase_text(l, &p);
            own->rule = "named-below";
            own->confidence = 0.68;
        }
    }
}

static void listen(struct listener *l)
{
    const struct token *t = l->reading.outer.tokens;
    struct quotation *quotations = l->reading.quotations;
    struct quotation *previous = NULL;
    for (size_t i = 0; i < l->reading.outer.n_tokens; i++) {
        if (t[i].kind != TOKEN_QUOTE)
            continue;
        read_up_to(l, i + 1);
        struct quotation *q = &quotations[t[i].quotation];
        struct attribution a = attribute(l, i, q, previous);
        l->answered = NO_ENTITY;
        if (a.voice != SCRIPT_NOBODY) {
            q->speaker = a.voice;
            q->mention = a.mention;
            q->rule = a.rule;
            q->confidence = a.confidence;
            l->voices[a.voice].block = q->block;
            l->voices[a.voice].sentence = l->memory.sentence;
            uint32_t e = l->voices[a.voice].entity;
            if (e != NO_ENTITY)
                memory_add(&l->memory, e, ROLE_SPEAKER | ROLE_SUBJECT, q->block);
        }
        previous = q;
    }
}

/* Numbers the voices that really speak in order of their first quotation. */
static struct speaker *settle(struct listener *l, size_t *n_speakers)
{
    size_t *numbers = arena_array(l->reading.arena, l->n_voices + 1, sizeof *numbers);
    struct speaker *speakers = arena_array(l->reading.arena, l->n_voices + 1, sizeof *speakers);
    *n_speakers = 0;
    if (!numbers || !speakers)
        return NULL;
    for (size_t i = 0; i < l->n_voices; i++)
        numbers[i] = SCRIPT_NOBODY;
    for (size_t i = 0; i < l->reading.n_quotations; i++) {
        struct quotation *q = &l->reading.quotations[i];
        if (!q->speech || q->speaker == SCRIPT_NOBODY)
            continue;
        if (q->confidence < SCRIPT_CONFIDENT) {
            q->speaker = SCRIPT_NOBODY;
            continue;
        }
        struct voice *v = &l->voices[q->speaker];
        if (numbers[q->speaker] == SCRIPT_NOBODY) {
            numbers[q->speaker] = *n_speakers;
            struct speaker *s = &speakers[(*n_speakers)++];
            *s = v->speaker;
            if (v->entity != NO_ENTITY && (s->kind == SPEAKER_PERSON || s->kind == SPEAKER_DESCRIBED))
                s->gender = entity_gender(&l->reading.naming, v->entity);
        }
        q->speaker = numbers[q->speaker];
        speakers[q->speaker].n_quotes += q->continues == SIZE_MAX;
    }
    return speakers;
}

/* The speakers that settle() made, out of the working memory. */
static struct speaker *keep_speakers(struct arena *arena, const struct speaker *speakers, size_t n)
{
    struct speaker *kept = arena_array(arena, n, sizeof *kept);
    for (size_t i = 0; kept && i < n; i++) {
        kept[i] = speakers[i];
        kept[i].name = arena_copy(arena, speakers[i].name);
    }
    return arena_failed(arena) ? NULL : kept;
}

static struct speaker *listen_to_article(struct arena *scratch, const struct article *article, struct quotation *quotations,
                                         size_t n_quotations, size_t *n_speakers)
{
    struct listener *l = arena_alloc(scratch, sizeof *l);
    if (!l)
        return NULL;
    struct reading *r = &l->reading;
    r->arena = scratch;
    r->article = article;
    r->quotations = quotations;
    r->n_quotations = n_quotations;
    l->pronoun = SCRIPT_NOBODY;
    l->answered = NO_ENTITY;
    l->english = !article->language.len || str_starts(article->language, STR("en"));
    for (int g = 0; g < 3; g++)
        l->nameless[g] = SCRIPT_NOBODY;
    if (!vocabulary_init(&r->vocabulary, scratch) ||
        !tokenise(scratch, &r->vocabulary, article, quotations, n_quotations, &r->outer, &r->inner))
        return NULL;
    r->naming.arena = scratch;
    r->naming.vocabulary = &r->vocabulary;
    r->naming.article = article;
    if (!find_names(&r->naming, &r->outer, &r->inner))
        return NULL;
    for (uint32_t i = 0; i < r->naming.n_entities; i++)
        if (entity_is_person(&r->naming, i))
            l->named[entity_gender(&r->naming, i)] = true;
    l->antecedents = arena_array(scratch, r->outer.n_tokens, sizeof *l->antecedents);
    if (!l->antecedents)
        return NULL;
    listen(l);
    if (l->english)
        name_the_opening(l);
    struct speaker *speakers = settle(l, n_speakers);
    return arena_failed(scratch) ? NULL : speakers;
}

struct speaker *attribute_quotations(struct arena *arena, const struct article *article, struct quotation *quotations,
                                     size_t n_quotations, size_t *n_speakers)
{
    *n_speakers = 0;
    for (size_t i = 0; i < n_quotations; i++) {
        quotations[i].speaker = SCRIPT_NOBODY;
        quotations[i].mention = (struct str){"", 0};
        quotations[i].rule = NULL;
        quotations[i].confidence = 0;
    }
    if (!n_quotations)
        return arena_alloc(arena, sizeof(struct speaker));
    struct arena scratch = {0};
    struct speaker *speakers = listen_to_article(&scratch, article, quotations, n_quotations, n_speakers);
    if (speakers)
        speakers = keep_speakers(arena, speakers, *n_speakers);
    if (!speakers)
        arena->failed = true;
    arena_release(&scratch);
    return speakers;
}
