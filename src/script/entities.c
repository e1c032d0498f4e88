/* Entities: making them, telling two forms of one name from two people, and whom a surname alone means. */
#include "script/names.h"

enum { CHAIN_LIMIT = 16 }; /* entities of one surname that are looked at: bounds the time on hostile text */

uint32_t entity_root(const struct naming *n, uint32_t e)
{
    while (n->entities[e].alias_of != e)
        e = n->entities[e].alias_of;
    return e;
}

bool entity_is_person(const struct naming *n, uint32_t e)
{
    return n->entities[entity_root(n, e)].person > 0;
}

bool entity_has_role(const struct naming *n, uint32_t e, const struct word *role)
{
    const struct entity *entity = &n->entities[entity_root(n, e)];
    const struct word *full = role->same ? role->same : role;
    for (size_t i = 0; i < entity->n_roles; i++)
        if ((entity->roles[i]->same ? entity->roles[i]->same : entity->roles[i]) == full)
            return true;
    return false;
}

void entity_add_role(struct naming *n, uint32_t e, struct word *role)
{
    struct entity *entity = &n->entities[entity_root(n, e)];
    if (entity->n_roles < MAX_ROLES && !entity_has_role(n, e, role))
        entity->roles[entity->n_roles++] = role;
}

enum gender entity_gender(const struct naming *n, uint32_t e)
{
    const struct entity *entity = &n->entities[entity_root(n, e)];
    return entity->female > entity->male ? GENDER_FEMALE : entity->male > entity->female ? GENDER_MALE : GENDER_UNKNOWN;
}

static bool initials_fit(const struct word *a, const struct word *b)
{
    bool short_a = a->text.len == 1 || (a->text.len > 1 && a->text.data[1] == '.');
    bool short_b = b->text.len == 1 || (b->text.len > 1 && b->text.data[1] == '.');
    return a == b || ((short_a || short_b) && a->text.len && b->text.len && a->text.data[0] == b->text.data[0]);
}

static struct word *surname(const struct entity *e)
{
    return e->core[e->n_core - 1 - (e->has_suffix && e->n_core > 1 ? 1 : 0)];
}

/* An older entity that this many-word name is another form of: "Donald J. Trump" / "Donald Trump", "Suu Kyi". */
static uint32_t same_person(struct naming *n, const struct entity *e)
{
    uint32_t at = surname(e)->last_entity;
    for (int i = 0; at && i < CHAIN_LIMIT; i++) {
        const struct entity *o = &n->entities[at - 1];
        if (o->n_core > 1 && o->has_suffix == e->has_suffix) {
            bool ends_alike = true;
            size_t common = o->n_core < e->n_core ? o->n_core : e->n_core;
            for (size_t k = 1; k <= common; k++)
                if (o->core[o->n_core - k] != e->core[e->n_core - k])
                    ends_alike = false;
            if (ends_alike || (initials_fit(o->core[0], e->core[0]) && (o->person > 0 || e->person > 0)))
                return entity_root(n, at - 1);
        }
        at = o->next_last;
    }
    return NO_ENTITY;
}

void entity_chain(struct naming *n, uint32_t index)
{
    struct entity *e = &n->entities[index];
    e->next_last = surname(e)->last_entity;
    surname(e)->last_entity = index + 1;
    if (e->n_core > 1) {
        e->next_first = e->core[0]->first_entity;
        e->core[0]->first_entity = index + 1;
    }
}

/* "International Monetary Fund": later "the IMF". */
static void learn_initials(struct naming *n, const struct entity *e, uint32_t index)
{
    char letters[MAX_CORE];
    size_t count = 0;
    for (size_t i = 0; i < e->n_core; i++)
        if (!(e->core[i]->classes & WORD_FUNCTION) && e->core[i]->text.len)
            letters[count++] = e->core[i]->text.data[0];
    struct word *key = count > 2 ? vocabulary_word(&n->cores, (struct str){letters, count}) : NULL;
    if (key && !key->last_entity)
        key->last_entity = index + 1;
}

uint32_t entity_add(struct naming *n, const struct token *tokens, const struct name *name, struct word *key)
{
    struct entity *e = arena_push(n->arena, (void **)&n->entities, &n->n_entities, &n->entity_capacity, sizeof *n->entities);
    if (!e)
        return NO_ENTITY;
    uint32_t index = (uint32_t)(n->n_entities - 1);
    key->last_entity = index + 1;
    e->alias_of = index;
    e->speaker = SCRIPT_NOBODY;
    e->last_block = SIZE_MAX;
    for (size_t i = name->core_first; i < name->core_end && e->n_core < MAX_CORE; i++)
        e->core[e->n_core++] = tokens[i].word;
    e->has_suffix = e->n_core > 1 && (e->core[e->n_core - 1]->classes & WORD_SUFFIX);
    e->display = tokens_text(n->article, tokens, name->core_first, name->core_end);
    bool thing = false;
    for (size_t i = 0; i < e->n_core; i++)
        thing |= (e->core[i]->classes & WORD_ORGANISATION) && (i > 0 || e->n_core == 1 || str_eq_c(e->core[1]->text, "of")) &&
                 !((e->core[i]->classes & WORD_SURNAME) && i + 1 == e->n_core && word_is_given_name(n->vocabulary, e->core[0]));
    bool place = (surname(e)->classes & WORD_PLACE) || (e->core[0]->classes & (WORD_PLACE | WORD_NATIONALITY));
    bool given = word_is_given_name(n->vocabulary, e->core[0]);
    given &= !thing;
    e->person = (thing ? -3 : 0) + (place && e->n_core == 1 ? -4 : place ? -1 : 0) + (given ? (e->n_core > 1 ? 3 : 2) : 0);
    if (e->n_core == 1 && (tokens[name->core_first].flags & TOKEN_UPPER))
        e->person -= 3;
    given &= !(place && e->n_core == 1);
    if (given && e->core[0]->given == GENDER_FEMALE)
        e->female += 3;
    if (given && e->core[0]->given == GENDER_MALE)
        e->male += 3;
    if (e->n_core > 2 && e->person <= 0)
        learn_initials(n, e, index);
    if (e->n_core > 1) {
        uint32_t older = same_person(n, e);
        if (older != NO_ENTITY && older != index) {
            struct entity *o = &n->entities[older];
            e->alias_of = older;
            /* An initial says nothing about gender, a later full name does. */
            if (o->female == o->male) {
                o->female += e->female;
                o->male += e->male;
            }
            if (o->person < e->person)
                o->person = e->person;
            if (e->n_core > o->n_core || e->display.len > o->display.len)
                o->display = e->display;
        }
        entity_chain(n, index);
    }
    return index;
}

uint32_t entity_pick(struct naming *n, uint32_t chain, bool by_first, enum gender gender, size_t block)
{
    uint32_t best = NO_ENTITY;
    double best_score = 0;
    for (int i = 0; chain && i < CHAIN_LIMIT; i++) {
        uint32_t root = entity_root(n, chain - 1);
        const struct entity *e = &n->entities[root];
        enum gender its = entity_gender(n, root);
        if (e->person > 0 && (gender == GENDER_UNKNOWN || its == GENDER_UNKNOWN || its == gender)) {
            double score = 1.0 + (double)e->n_names;
            if (e->last_block != SIZE_MAX && block - e->last_block <= 1)
                score *= e->last_block == block ? 3 : 1.5;
            if (e->last_block == SIZE_MAX)
                score /= 3; /* introduced only later */
            if (n->entities[chain - 1].has_suffix)
                score /= 4;
            /* of those named only later, whoever comes first */
            if (best == NO_ENTITY || score > best_score || (score >= best_score && e->last_block == SIZE_MAX)) {
                best = root;
                best_score = score;
            }
        }
        chain = by_first ? n->entities[chain - 1].next_first : n->entities[chain - 1].next_last;
    }
    return best;
}
