#include "script/pronouns.h"

void memory_add(struct memory *m, uint32_t entity, unsigned roles, size_t block)
{
    m->items[m->n % MEMORY_SIZE] = (struct remembered){entity, roles, m->sentence, block};
    m->n++;
}

enum { UNKNOWN_GENDER = 14 }; /* how much less likely somebody is meant whose gender nothing tells */

static double salience(const struct memory *m, const struct remembered *item, bool subject, size_t block)
{
    size_t sentences = m->sentence - item->sentence, blocks = block - item->block;
    double score = 100 - 15.0 * (double)sentences - 8.0 * (double)blocks;
    if (item->roles & ROLE_SUBJECT)
        score += item->block == block ? 26 : 18; /* whom this paragraph is about */
    if (item->roles & ROLE_SPEAKER)
        score += 16;
    if (item->roles & ROLE_POSSESSIVE)
        score -= 12;
    if (item->roles & ROLE_INSIDE)
        score -= 14;
    if (item->roles & ROLE_INTRODUCED)
        score += 22;
    if (item->roles & ROLE_RELATED)
        score -= 40;
    if (subject && sentences == 0 && !(item->roles & ROLE_SUBJECT))
        score -= 10;
    return score;
}

uint32_t memory_find(const struct memory *m, const struct naming *naming, enum gender gender, bool subject, size_t block,
                     const uint32_t *others, size_t n_others, double *confidence)
{
    struct {
        uint32_t entity;
        double best;
        size_t times;
    } found[MEMORY_SIZE] = {{0}};
    size_t n_found = 0, n = m->n < MEMORY_SIZE ? m->n : MEMORY_SIZE;
    for (size_t i = 0; i < n; i++) {
        const struct remembered *item = &m->items[(m->n - 1 - i) % MEMORY_SIZE];
        if (block - item->block > 8)
            break;
        uint32_t entity = entity_root(naming, item->entity);
        enum gender its = entity_gender(naming, entity);
        if (!entity_is_person(naming, entity) || (its != GENDER_UNKNOWN && its != gender))
            continue;
        bool other = false;
        for (size_t k = 0; k < n_others; k++)
            other |= others[k] == entity;
        if (other)
            continue;
        double score = salience(m, item, subject, block) - (its == GENDER_UNKNOWN ? UNKNOWN_GENDER : 0);
        size_t k = 0;
        while (k < n_found && found[k].entity != entity)
            k++;
        if (k == n_found) {
            found[n_found].entity = entity;
            found[n_found].best = score;
            found[n_found++].times = 1;
        } else {
            found[k].times++;
            if (score > found[k].best)
                found[k].best = score;
        }
    }
    uint32_t best = NO_ENTITY;
    double best_score = -1e9, second = -1e9;
    for (size_t k = 0; k < n_found; k++) {
        double score = found[k].best + 1.0 * (double)(found[k].times > 5 ? 5 : found[k].times);
        if (score > best_score) {
            second = best_score;
            best_score = score;
            best = found[k].entity;
        } else if (score > second) {
            second = score;
        }
    }
    *confidence = best == NO_ENTITY ? 0 : best_score - second > 20 ? 0.95 : best_score - second > 8 ? 0.85 : 0.75;
    return best;
}

unsigned role_of(const struct reading *r, size_t first, size_t end)
{
    const struct token *t = r->outer.tokens;
    unsigned roles = t[end - 1].flags & TOKEN_POSSESSIVE ? ROLE_POSSESSIVE : 0;
    size_t i = first;
    while (i > 0 && t[i - 1].kind == TOKEN_WORD && !t[i - 1].name &&
           (token_is(&t[i - 1], WORD_DETERMINER | WORD_TITLE | WORD_TITLE_ROLE | WORD_PERSON | WORD_NATIONALITY)) &&
           !token_is(&t[i - 1], WORD_RELATIVE))
        i--;
    if (i > 0 && token_is(&t[i - 1], WORD_PREPOSITION) && !token_is(&t[i - 1], WORD_SUBORDINATOR))
        return roles | ROLE_INSIDE;
    if (roles)
        return roles;
    /* "..., noted NBC's Dante Chinni." */
    if (i > 1 && (t[i - 1].flags & TOKEN_POSSESSIVE) && t[i - 1].name)
        i = r->naming.names[t[i - 1].name - 1].first;
    if (i > 1 && token_is_saying(&t[i - 1]) && !(t[i - 1].word->verb & VERB_WEAK) &&
        (t[i - 2].kind == TOKEN_COMMA || t[i - 2].kind == TOKEN_QUOTE || (t[i - 2].flags & TOKEN_FRAGMENT)))
        return roles | ROLE_SUBJECT | ROLE_SPEAKER;
    bool opens =
        t[i].flags & TOKEN_SENTENCE_START || (i > 0 && t[i - 1].kind != TOKEN_WORD) ||
        (i > 0 && (token_is(&t[i - 1], WORD_CONJUNCTION | WORD_SUBORDINATOR | WORD_RELATIVE) || token_is_adverb(&t[i - 1])));
    if (opens)
        roles |= ROLE_SUBJECT;
    size_t v = end;
    while ((token_is(&t[v], WORD_AUXILIARY) || token_is_adverb(&t[v])) && !t[v].name) {
        if (token_is(&t[v], WORD_AUXILIARY))
            roles |= ROLE_SUBJECT;
        v++;
    }
    if (token_is_saying(&t[v]) && !(t[v].word->verb & VERB_NOUN))
        roles |= ROLE_SUBJECT | (t[v].word->verb & VERB_WEAK ? 0 : ROLE_SPEAKER);
    return roles;
}
