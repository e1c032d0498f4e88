/* Reads the article in order: who was named or described, whom a pronoun means, and the voice of each. */
#include "script/listener.h"

enum gender pronoun_gender(const struct token *t)
{
    return token_is(t, WORD_SHE) || token_is_text(t, "her") || token_is_text(t, "hers") ? GENDER_FEMALE
           : token_is(t, WORD_HE) || token_is_text(t, "his")                            ? GENDER_MALE
                                                                                        : GENDER_UNKNOWN;
}

/* ---------------------------------------------------------------- memory */

enum { OTHERS = 4, CLAUSE = 12 };

/* Those named behind the pronoun in its clause: "he told Smith", "she said of Jones". */
static size_t named_in_clause(const struct listener *l, size_t pronoun, uint32_t others[OTHERS])
{
    const struct token *t = l->reading.outer.tokens;
    size_t n = 0;
    for (size_t i = pronoun + 1; i < pronoun + CLAUSE && t[i].kind == TOKEN_WORD && n < OTHERS; i++) {
        if (token_is(&t[i], WORD_SUBORDINATOR | WORD_RELATIVE))
            break;
        if (t[i].name && !(t[i].flags & TOKEN_POSSESSIVE) && l->reading.naming.names[t[i].name - 1].entity != NO_ENTITY)
            others[n++] = entity_root(&l->reading.naming, l->reading.naming.names[t[i].name - 1].entity);
    }
    return n;
}

/* "With my uncle ... He said": somebody of this gender is told of by a noun just before. */
static bool told_by_noun(const struct listener *l, const struct token *pronoun)
{
    enum { BACK = 120 };
    const struct token *all = l->reading.outer.tokens;
    uint32_t wanted = pronoun_gender(pronoun) == GENDER_FEMALE ? WORD_FEMALE : WORD_MALE;
    for (size_t i = (size_t)(pronoun - all), steps = 0; i-- > 0 && steps < BACK && pronoun->block - all[i].block <= 2; steps++)
        if (token_is(&all[i], wanted) && token_is(&all[i], WORD_PERSON) && !all[i].name)
            return true;
    return false;
}

/* The next person that a sentence soon after token `from` is about. */
static uint32_t subject_ahead(const struct listener *l, size_t from, enum gender gender);

/* Sam who is "she" all along: where nobody of the pronoun's gender is named in the whole article, and only one person is near,
 * whose given name alone speaks against it. */
static uint32_t against_the_name(struct listener *l, const struct token *pronoun, double *confidence)
{
    const struct memory *m = &l->memory;
    struct naming *naming = &l->reading.naming;
    uint32_t only = NO_ENTITY;
    if (told_by_noun(l, pronoun))
        return NO_ENTITY;
    for (size_t i = 0; i < m->n && i < MEMORY_SIZE; i++) {
        const struct remembered *item = &m->items[(m->n - 1 - i) % MEMORY_SIZE];
        if (pronoun->block - item->block > 3)
            break;
        uint32_t e = entity_root(naming, item->entity);
        if (!entity_is_person(naming, e) || e == only)
            continue;
        if (only != NO_ENTITY)
            return NO_ENTITY;
        only = e;
    }
    if (only == NO_ENTITY || !naming->entities[only].n_core)
        return NO_ENTITY;
    struct entity *entity = &naming->entities[only];
    int *own = pronoun_gender(pronoun) == GENDER_FEMALE ? &entity->female : &entity->male;
    int against = pronoun_gender(pronoun) == GENDER_FEMALE ? entity->male : entity->female;
    if (against > 5) /* a title or a relation said so */
        return NO_ENTITY;
    *own = against + 3;
    *confidence = 0.8;
    return only;
}

uint32_t person_ahead(const struct listener *l, size_t from, enum gender gender)
{
    return told_by_noun(l, &l->reading.outer.tokens[from]) ? NO_ENTITY : subject_ahead(l, from, gender);
}

static uint32_t subject_ahead(const struct listener *l, size_t from, enum gender gender)
{
    enum { AHEAD = 200 };
    const struct token *t = l->reading.outer.tokens;
    for (size_t i = from + 1; i < l->reading.outer.n_tokens && i < from + AHEAD && t[i].block <= t[from].block + 2; i++) {
        if (!t[i].name)
            continue;
        const struct name *name = &l->reading.naming.names[t[i].name - 1];
        if (name->first != i || name->entity == NO_ENTITY || !entity_is_person(&l->reading.naming, name->entity) ||
            !(role_of(&l->reading, name->first, name->end) & ROLE_SUBJECT))
            continue;
        uint32_t e = entity_root(&l->reading.naming, name->entity);
        enum gender its = entity_gender(&l->reading.naming, e);
        return gender == GENDER_UNKNOWN || its == GENDER_UNKNOWN || its == gender ? e : NO_ENTITY;
    }
    return NO_ENTITY;
}

/* "Beck embraced the vice president before he spoke": "he" may be the one without a name, and tells nothing about Beck. */
static bool nearer_noun(const struct listener *l, size_t pronoun)
{
    const struct token *t = l->reading.outer.tokens;
    for (size_t i = pronoun; i > 0 && !(t[i].flags & TOKEN_SENTENCE_START) && t[i].kind != TOKEN_BREAK && !t[i - 1].name; i--)
        if (token_is(&t[i - 1], WORD_PERSON | WORD_TITLE) && !(t[i - 1].flags & TOKEN_POSSESSIVE))
            return true;
    return false;
}

uint32_t resolve_pronoun(struct listener *l, size_t token, double *confidence)
{
    const struct token *t = &l->reading.outer.tokens[token];
    if (l->antecedents[token]) {
        *confidence = 0.8;
        return l->antecedents[token] - 1;
    }
    bool subject = role_of(&l->reading, token, token + 1) & ROLE_SUBJECT;
    uint32_t others[OTHERS];
    size_t n_others = subject ? named_in_clause(l, token, others) : 0;
    if (subject && l->answered != NO_ENTITY && n_others < OTHERS)
        others[n_others++] = l->answered;
    uint32_t e = memory_find(&l->memory, &l->reading.naming, pronoun_gender(t), subject, t->block, others, n_others, confidence);
    if (e == NO_ENTITY && !l->named[pronoun_gender(t)])
        e = against_the_name(l, t, confidence);
    if (e == NO_ENTITY)
        return e;
    l->antecedents[token] = e + 1;
    struct entity *entity = &l->reading.naming.entities[e];
    if (*confidence > 0.7 && !(entity_gender(&l->reading.naming, e) == GENDER_UNKNOWN && nearer_noun(l, token))) {
        entity->female += pronoun_gender(t) == GENDER_FEMALE;
        entity->male += pronoun_gender(t) == GENDER_MALE;
    }
    return e;
}

/* ---------------------------------------------------------------- voices */

static size_t add_voice(struct listener *l, struct str name, enum speaker_kind kind, enum gender gender, uint32_t entity)
{
    struct voice *v = arena_push(l->reading.arena, (void **)&l->voices, &l->n_voices, &l->voice_capacity, sizeof *l->voices);
    if (!v)
        return SCRIPT_NOBODY;
    v->speaker = (struct speaker){.name = name, .kind = kind, .gender = gender};
    v->entity = entity;
    return l->n_voices - 1;
}

size_t voice_of_entity(struct listener *l, uint32_t e)
{
    struct entity *entity = &l->reading.naming.entities[e];
    if (entity->speaker == SCRIPT_NOBODY) {
        bool acronym = entity->n_core <= 1 && entity->person <= 0;
        enum speaker_kind kind = entity->person > 0 && !acronym ? SPEAKER_PERSON : SPEAKER_ORGANISATION;
        entity->speaker = add_voice(l, entity->display, kind, GENDER_UNKNOWN, e);
    }
    return entity->speaker;
}

struct str phrase_text(const struct listener *l, const struct phrase *p)
{
    return tokens_text(l->reading.article, l->reading.outer.tokens, p->first, p->end);
}

/* "the president" where somebody is President So-and-so; "the former president" needs a former one. */
static uint32_t entity_of_role(const struct listener *l, const struct phrase *p)
{
    const struct memory *m = &l->memory;
    const struct token *t = l->reading.outer.tokens;
    size_t n = m->n < MEMORY_SIZE ? m->n : MEMORY_SIZE, block = t[p->first].block;
    for (size_t i = 0; i < n; i++) {
        const struct remembered *item = &m->items[(m->n - 1 - i) % MEMORY_SIZE];
        if (block - item->block > 12)
            break;
        bool fits = true;
        for (size_t k = p->first; k <= p->head; k++)
            if (k == p->head || token_is(&t[k], WORD_TITLE_ROLE))
                fits &= entity_has_role(&l->reading.naming, item->entity, t[k].word);
        if (fits)
            return entity_root(&l->reading.naming, item->entity);
    }
    return NO_ENTITY;
}

/* "A spokesman for the ministry" at the start of a sentence is "a spokesman for the ministry". */
static struct str description(struct listener *l, const struct phrase *p)
{
    const struct token *t = l->reading.outer.tokens;
    struct str text = tokens_text(l->reading.article, t, p->first, phrase_full_end(&l->reading, p));
    if (!(t[p->first].flags & TOKEN_SENTENCE_START) || t[p->first].name || !text.len || text.data[0] < 'A' ||
        text.data[0] > 'Z' || (t[p->first].flags & TOKEN_UPPER))
        return text;
    return arena_format(l->reading.arena, "%c%.*s", text.data[0] + 32, (int)text.len - 1, text.data + 1);
}

/* Somebody described is remembered like somebody named, so that "she" can mean "a woman in a red coat". */
static uint32_t add_described(struct listener *l, struct str name, enum gender gender, size_t voice)
{
    struct naming *n = &l->reading.naming;
    struct entity *e = arena_push(n->arena, (void **)&n->entities, &n->n_entities, &n->entity_capacity, sizeof *e);
    if (!e)
        return NO_ENTITY;
    e->alias_of = (uint32_t)(n->n_entities - 1);
    e->display = name;
    e->person = 3;
    e->female = gender == GENDER_FEMALE ? 8 : 0;
    e->male = gender == GENDER_MALE ? 8 : 0;
    e->last_block = SIZE_MAX;
    e->speaker = voice;
    return e->alias_of;
}

/* "The company", "the airline": the organisation that a sentence was about a little before. */
static uint32_t entity_of_company(const struct listener *l, const struct token *head)
{
    enum { NAMED_BACK = 4 }; /* blocks */
    static const char *const heads[] = {"company",      "firm",        "airline",      "bank",     "agency",
                                        "carrier",      "automaker",   "carmaker",     "retailer", "organization",
                                        "organisation", "corporation", "manufacturer", "operator", "maker",
                                        "startup",      "utility",     "charity",      "union",    "regulator"};
    bool company = false;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        company |= token_is_text(head, heads[i]);
    const struct memory *m = &l->memory;
    for (size_t i = 0; company && i < 8 && i < m->n; i++) {
        const struct remembered *item = &m->items[(m->n - 1 - i) % MEMORY_SIZE];
        uint32_t e = entity_root(&l->reading.naming, item->entity);
        const struct entity *entity = &l->reading.naming.entities[e];
        if (head->block - item->block > 1)
            break;
        if ((item->roles & ROLE_SUBJECT) && entity->n_core && entity->person <= (entity->n_core == 1 ? 1 : 0) &&
            !(entity->core[entity->n_core - 1]->classes & (WORD_PLACE | WORD_NATIONALITY | WORD_EVENT | WORD_TIME)))
            return e;
    }
    /* "The department" of the Department of Transport */
    for (size_t i = 0; token_is(head, WORD_ORGANISATION) && i < MEMORY_SIZE && i < m->n; i++) {
        const struct remembered *item = &m->items[(m->n - 1 - i) % MEMORY_SIZE];
        uint32_t e = entity_root(&l->reading.naming, item->entity);
        const struct entity *entity = &l->reading.naming.entities[e];
        if (head->block - item->block > NAMED_BACK)
            break;
        for (size_t k = 0; entity->n_core > 1 && entity->person <= 0 && k < entity->n_core; k++)
            if (entity->core[k] == head->word)
                return e;
    }
    return NO_ENTITY;
}

/* "The 31-year-old": the person whom a sentence was about last. */
static uint32_t last_subject(const struct listener *l, size_t block)
{
    const struct memory *m = &l->memory;
    for (size_t i = 0; i < m->n && i < 8; i++) {
        const struct remembered *item = &m->items[(m->n - 1 - i) % MEMORY_SIZE];
        if (block - item->block > 1)
            break;
        if ((item->roles & ROLE_SUBJECT) && entity_is_person(&l->reading.naming, item->entity))
            return entity_root(&l->reading.naming, item->entity);
    }
    return NO_ENTITY;
}

/* "The Hawks guard", "the billionaire": what somebody is who was just named, not a post from which one speaks for others. A
 * noun that the article has nowhere else can mean nobody but who was named. */
static bool is_epithet(const struct listener *l, const struct phrase *p)
{
    static const char *const heads[] = {"billionaire", "mogul",      "tycoon",   "nominee",  "candidate",    "republican",
                                        "democrat",    "guard",      "forward",  "pitcher",  "quarterback",  "receiver",
                                        "striker",     "defender",   "winger",   "champion", "rookie",       "singer",
                                        "rapper",      "actor",      "actress",  "star",     "front-runner", "businessman",
                                        "incumbent",   "challenger", "lawmaker", "native",   "veteran",      "comedian"};
    static const char *const posts[] = {"narrator",  "host",      "moderator",   "judge",      "prosecutor",  "reporter",
                                        "official",  "source",    "interviewer", "spokesman",  "spokeswoman", "spokesperson",
                                        "announcer", "anchor",    "caller",      "officer",    "lawyer",      "attorney",
                                        "speaker",   "defendant", "officer",     "dispatcher", "operator",    "voice"};
    const struct token *t = l->reading.outer.tokens, *head = &t[p->head];
    if (!p->definite || p->plural || !token_is_text(&t[p->first], "the") || head->name)
        return false;
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++)
        if (token_is_text(head, posts[i]))
            return false;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (token_is_text(head, heads[i]))
            return true;
    bool of_team = p->head == p->first + 2 && t[p->first + 1].name && !(t[p->first + 1].flags & TOKEN_POSSESSIVE);
    bool person = token_is(head, WORD_PERSON | WORD_TITLE) && !token_is(head, WORD_RELATION);
    return head->word->n_lower == 1 && (person || (of_team && !token_is(head, WORD_ORGANISATION | WORD_DOCUMENT | WORD_GROUP)));
}

/* The person whom an epithet means: whom a sentence was about last, where the gender allows it. */
static uint32_t entity_of_epithet(const struct listener *l, const struct phrase *p)
{
    const struct token *head = &l->reading.outer.tokens[p->head];
    uint32_t e = last_subject(l, head->block);
    enum gender its = e == NO_ENTITY ? GENDER_UNKNOWN : entity_gender(&l->reading.naming, e);
    bool against = (token_is(head, WORD_FEMALE) && its == GENDER_MALE) || (token_is(head, WORD_MALE) && its == GENDER_FEMALE);
    return against ? NO_ENTITY : e;
}

size_t voice_of_description(struct listener *l, const struct phrase *p)
{
    const struct token *t = l->reading.outer.tokens;
    const struct word *head = t[p->head].word;
    struct str name = description(l, p);
    size_t plain = p->first + 1;
    while (plain < p->head && token_is(&t[plain], WORD_TITLE_ROLE))
        plain++;
    bool bare = p->definite && plain >= p->head;
    if (p->definite && !p->plural) {
        for (size_t i = l->n_voices; i-- > 0 && l->n_voices - i < 32;)
            if (l->voices[i].head == head && (bare || str_eq_nocase(l->voices[i].speaker.name, phrase_text(l, p))))
                return i;
        uint32_t e = bare ? entity_of_role(l, p) : NO_ENTITY;
        if (bare && str_ends(head->text, STR("-year-old"))) {
            e = last_subject(l, t[p->head].block);
            e = e == NO_ENTITY ? subject_ahead(l, p->head, GENDER_UNKNOWN) : e;
        }
        if (e == NO_ENTITY && is_epithet(l, p))
            e = entity_of_epithet(l, p);
        if (bare && e == NO_ENTITY && (e = entity_of_company(l, &t[p->head])) != NO_ENTITY)
            l->reading.naming.entities[e].person = -1;
        if (e != NO_ENTITY)
            return voice_of_entity(l, e);
    } else if (p->plural) {
        for (size_t i = l->n_voices; i-- > 0 && l->n_voices - i < 32;)
            if (l->voices[i].head == head && str_eq_nocase(l->voices[i].speaker.name, name))
                return i;
    }
    enum gender gender = GENDER_UNKNOWN;
    for (size_t i = p->first; i < p->end; i++)
        if (!(t[i].flags & TOKEN_POSSESSIVE))
            gender = token_is(&t[i], WORD_FEMALE) ? GENDER_FEMALE : token_is(&t[i], WORD_MALE) ? GENDER_MALE : gender;
    enum speaker_kind kind = token_is(&t[p->head], WORD_PERSON) && !p->plural ? SPEAKER_DESCRIBED
                             : token_is(&t[p->head], WORD_DOCUMENT)           ? SPEAKER_DOCUMENT
                             : token_is(&t[p->head], WORD_ORGANISATION)       ? SPEAKER_ORGANISATION
                             : p->plural                                      ? SPEAKER_GROUP
                                                                              : SPEAKER_DESCRIBED;
    size_t v = add_voice(l, name, kind, gender, NO_ENTITY);
    if (v == SCRIPT_NOBODY)
        return v;
    l->voices[v].head = head;
    if (kind == SPEAKER_DESCRIBED)
        l->voices[v].entity = add_described(l, name, gender, v);
    return v;
}

size_t voice_of_nameless(struct listener *l, enum gender gender)
{
    if (l->nameless[gender] == SCRIPT_NOBODY)
        l->nameless[gender] =
            add_voice(l, gender == GENDER_FEMALE ? STR("she") : STR("he"), SPEAKER_DESCRIBED, gender, NO_ENTITY);
    return l->nameless[gender];
}

/* "they" and "it" mean the group, organisation or document that spoke or was named last, not long before. */
size_t voice_of_pronoun(struct listener *l, const struct token *t, struct str mention)
{
    bool they = token_is_text(t, "they"), it = token_is_text(t, "it");
    size_t best = SCRIPT_NOBODY, sentence = 0;
    for (size_t i = l->n_voices; (they || it) && i-- > 0 && l->n_voices - i < 16;) {
        const struct voice *v = &l->voices[i];
        enum speaker_kind kind = v->speaker.kind;
        if (v->block + 3 >= t->block && (best == SCRIPT_NOBODY || v->sentence > sentence) &&
            ((they && kind == SPEAKER_GROUP) || kind == SPEAKER_ORGANISATION || (it && kind == SPEAKER_DOCUMENT))) {
            best = i;
            sentence = v->sentence;
        }
    }
    const struct memory *m = &l->memory;
    for (size_t i = 0; it && i < 8 && i < m->n; i++) {
        const struct remembered *item = &m->items[(m->n - 1 - i) % MEMORY_SIZE];
        if ((item->roles & ROLE_SUBJECT) && item->block + 1 >= t->block && (best == SCRIPT_NOBODY || item->sentence > sentence) &&
            !entity_is_person(&l->reading.naming, item->entity))
            return voice_of_entity(l, entity_root(&l->reading.naming, item->entity));
    }
    if (best != SCRIPT_NOBODY || it)
        return best;
    bool new_one = token_is(t, WORD_DETERMINER | WORD_NUMBER); /* "another", "one", "some" */
    if (new_one || l->pronoun == SCRIPT_NOBODY || !str_eq_nocase(l->voices[l->pronoun].speaker.name, mention))
        l->pronoun = add_voice(l, mention, they ? SPEAKER_GROUP : SPEAKER_DESCRIBED, GENDER_UNKNOWN, NO_ENTITY);
    return l->pronoun;
}

/* ---------------------------------------------------------------- the article in order */

static bool may_be_subject(const struct token *t, size_t i)
{
    if ((t[i].flags & TOKEN_SENTENCE_START) || i == 0 || t[i - 1].kind == TOKEN_COMMA)
        return true;
    /* "In August a postcard came", "When a woman opened" */
    size_t before = i;
    while (before > 0 && !(t[before].flags & TOKEN_SENTENCE_START) && t[before - 1].kind == TOKEN_WORD)
        before--;
    return token_is(&t[i - 1], WORD_TIME | WORD_SUBORDINATOR) && (t[before].flags & TOKEN_SENTENCE_START);
}

/* "A woman in a red coat waved": remembers those who are described at the head of a clause. Returns past the head. */
static void remember_description(struct listener *l, size_t i)
{
    const struct token *t = l->reading.outer.tokens;
    bool opens = (t[i].flags & TOKEN_SENTENCE_START) && t[i].kind == TOKEN_WORD;
    if (t[i].name || !l->english || (!opens && !token_is(&t[i], WORD_DETERMINER)) || !may_be_subject(t, i) ||
        token_is(&t[i], WORD_HE | WORD_SHE | WORD_PRONOUN | WORD_RELATIVE))
        return;
    size_t limit = i;
    while (t[limit].kind == TOKEN_WORD || t[limit].kind == TOKEN_COMMA)
        limit++;
    struct phrase p = phrase_at(&l->reading, i, limit);
    if (p.kind != PHRASE_DESCRIBED || (t[p.head].flags & TOKEN_POSSESSIVE))
        return;
    /* "..., a spokeswoman confirmed", but "Smith, a lawyer, ..." */
    if (i > 0 && t[i - 1].kind == TOKEN_COMMA && (!token_is_saying(&t[p.end]) || t[p.end + 1].kind == TOKEN_WORD))
        return;
    /* "The report spares no one": what follows a known noun may be an unknown verb. */
    const uint32_t nouns = WORD_PERSON | WORD_DOCUMENT | WORD_ORGANISATION | WORD_GROUP;
    size_t known = p.end;
    while (known > p.first && (!token_is(&t[known - 1], nouns) || (t[known - 1].flags & TOKEN_POSSESSIVE)))
        known--;
    if (known > p.first && known < p.end && !t[known].name) {
        p.end = known;
        p.head = known - 1;
        p.plural = token_is(&t[p.head], WORD_GROUP);
    }
    bool person = token_is(&t[p.head], WORD_PERSON) && !p.plural;
    bool the = token_is(&t[i], WORD_DETERMINER) && !token_is(&t[i], WORD_POSSESSIVE) && p.definite;
    if (!(person && !the) && !(opens && token_is(&t[p.head], WORD_DOCUMENT | WORD_ORGANISATION | WORD_GROUP) && !person) &&
        !token_is(&t[p.head], WORD_DOCUMENT))
        return;
    size_t v = voice_of_description(l, &p);
    if (v == SCRIPT_NOBODY)
        return;
    l->voices[v].block = t[i].block;
    l->voices[v].sentence = l->memory.sentence;
    if (l->voices[v].entity != NO_ENTITY && person)
        memory_add(&l->memory, l->voices[v].entity, ROLE_SUBJECT | (token_is(&t[i], WORD_POSSESSIVE) ? ROLE_RELATED : 0),
                   t[i].block);
}

/* The first full name of somebody, with an apposition or "who" behind it. */
static unsigned introduced(struct listener *l, const struct name *name)
{
    const struct token *t = l->reading.outer.tokens;
    struct entity *e = &l->reading.naming.entities[entity_root(&l->reading.naming, name->entity)];
    bool first = !e->introduced;
    e->introduced = true;
    bool told = t[name->end].kind == TOKEN_COMMA && token_is(&t[name->end + 1], WORD_RELATIVE | WORD_DETERMINER);
    return first && e->person > 0 && e->n_core > 1 && told && !(t[name->end - 1].flags & TOKEN_POSSESSIVE) ? ROLE_INTRODUCED : 0;
}

void read_up_to(struct listener *l, size_t end)
{
    const struct token *t = l->reading.outer.tokens;
    for (; l->next_token < end; l->next_token++) {
        size_t i = l->next_token;
        if ((t[i].flags & TOKEN_SENTENCE_START) && (t[i].kind == TOKEN_WORD || t[i].kind == TOKEN_QUOTE))
            l->memory.sentence++;
        remember_description(l, i);
        if (t[i].name) {
            const struct name *name = &l->reading.naming.names[t[i].name - 1];
            if (name->first == i && name->entity != NO_ENTITY)
                memory_add(&l->memory, name->entity, role_of(&l->reading, name->first, name->end) | introduced(l, name),
                           t[i].block);
        } else if (t[i].kind == TOKEN_WORD && pronoun_gender(&t[i]) != GENDER_UNKNOWN) {
            double confidence;
            uint32_t e = resolve_pronoun(l, i, &confidence);
            if (e != NO_ENTITY)
                memory_add(&l->memory, e, role_of(&l->reading, i, i + 1), t[i].block);
        }
    }
}
