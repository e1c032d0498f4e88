#include "script/names.h"

enum { RUN_LIMIT = 16 }; /* words of one name: no slogan in capitals is longer */

/* May this capitalised word be part of a name? `inside`: a name has begun before it. */
static bool is_name_word(struct naming *n, const struct token *tokens, size_t i, bool inside)
{
    const struct token *t = &tokens[i];
    if (t->kind != TOKEN_WORD || !(t->flags & TOKEN_CAPITAL) || !t->word)
        return false;
    uint32_t c = t->word->classes;
    bool more = tokens[i + 1].kind == TOKEN_WORD && (tokens[i + 1].flags & TOKEN_CAPITAL);
    if (c & (WORD_FUNCTION | WORD_TIME | WORD_NUMBER)) {
        /* Theresa May, a Mr. Will; "US" is a place, "us" is not; particles and titles pass. */
        if ((t->flags & TOKEN_UPPER) && t->end - t->start > 1 && !(t->flags & TOKEN_SENTENCE_START))
            return true;
        if (c & WORD_PARTICLE)
            return true;
        return inside && (c & (WORD_AUXILIARY | WORD_TIME | WORD_NUMBER)) && tokens[i - 1].word &&
               ((tokens[i - 1].word->classes & WORD_TITLE) || word_is_given_name(n->vocabulary, tokens[i - 1].word)) && !more;
    }
    if (!(t->flags & TOKEN_SENTENCE_START))
        return true;
    if (c & (WORD_TITLE | WORD_NATIONALITY | WORD_PLACE | WORD_PARTICLE))
        return true;
    if ((c & WORD_OPENER) || token_is_adverb(t))
        return false;
    /* "Officials", "Neighbours" */
    if ((c & (WORD_GROUP | WORD_DOCUMENT | WORD_EVENT | WORD_PERSON | WORD_RELATION)) && !t->word->n_capital && !more &&
        !word_is_given_name(n->vocabulary, t->word))
        return false;
    /* "Said Smith", "Asked", but Mark and Pat are names too. */
    if (t->word->verb && (!t->word->n_capital || (i > 0 && tokens[i - 1].kind == TOKEN_QUOTE)) &&
        ((t->word->verb & VERB_PAST) || !word_is_given_name(n->vocabulary, t->word)))
        return false;
    if (word_is_given_name(n->vocabulary, t->word) && (more || t->word->n_lower == 0))
        return true;
    /* "Leafing through it, I found", but "Manning said" */
    if (t->word->text.len > 5 && (str_ends(t->word->text, STR("ing")) || str_ends(t->word->text, STR("ed"))) &&
        !t->word->n_capital && !more && !(t->flags & TOKEN_POSSESSIVE) && !token_is_saying(&tokens[i + 1]) &&
        !token_is(&tokens[i + 1], WORD_AUXILIARY))
        return false;
    return t->word->n_lower <= t->word->n_capital / 2;
}

/* "Clinton SLAMS the press": a verb in capitals behind a name that has none. */
static bool is_shouted(const struct token *tokens, size_t i)
{
    const struct token *t = &tokens[i];
    if (t->kind != TOKEN_WORD || !t->word || !(t->flags & TOKEN_UPPER) || (tokens[i - 1].flags & TOKEN_UPPER))
        return false;
    struct str s = t->word->text;
    return t->word->verb || (s.len > 4 && (str_ends(s, STR("ed")) || str_ends(s, STR("ing")) || str_ends(s, STR("s"))));
}

/* End of the run of name words that starts at `first`. */
static size_t run_end(struct naming *n, const struct token *tokens, size_t first)
{
    size_t i = first;
    for (;;) {
        bool possessive = tokens[i].flags & TOKEN_POSSESSIVE;
        i++;
        if (possessive || i >= first + RUN_LIMIT || is_shouted(tokens, i))
            return i;
        if (is_name_word(n, tokens, i, true))
            continue;
        /* de, van, bin, of: only between capitals, "of" only within organisations */
        size_t k = i;
        while (k < i + 2 && token_is(&tokens[k], WORD_PARTICLE) && !(tokens[k].flags & TOKEN_CAPITAL))
            k++;
        if (k > i && is_name_word(n, tokens, k, true)) {
            i = k;
            continue;
        }
        bool acronym = (tokens[i - 1].flags & TOKEN_UPPER) && token_is(&tokens[i + 1], WORD_PLACE); /* "ACLU of Texas" */
        if (token_is_text(&tokens[i], "of") && (acronym || token_is(&tokens[i - 1], WORD_ORGANISATION | WORD_TITLE))) {
            k = i + 1 + (token_is_text(&tokens[i + 1], "the") ? 1 : 0);
            if (is_name_word(n, tokens, k, true)) {
                i = k;
                continue;
            }
        }
        return i;
    }
}

/* Cuts titles and other words in front off the run: sets the core. */
static void set_core(struct naming *n, const struct token *tokens, struct name *name)
{
    size_t first = name->first, end = name->end;
    bool given_first = word_is_given_name(n->vocabulary, tokens[first].word) &&
                       !(tokens[first].word->classes & (WORD_TITLE | WORD_TITLE_ROLE | WORD_PLACE | WORD_NATIONALITY));
    size_t core = first;
    for (size_t i = first; i + 1 < end; i++) {
        uint32_t c = tokens[i].word->classes;
        bool abbreviated = tokens[i].end > tokens[i].start && tokens[i].word->text.data[tokens[i].word->text.len - 1] == '.';
        if (!(c & WORD_TITLE) || (tokens[i + 1].word->classes & WORD_SUFFIX))
            continue;
        if (i > first && given_first && !abbreviated)
            continue; /* Martin Luther King Smith */
        core = i + 1;
        if (c & WORD_MALE)
            name->title_gender = GENDER_MALE;
        if (c & WORD_FEMALE)
            name->title_gender = GENDER_FEMALE;
    }
    /* "Physicist Lin Zhao" at the start of a sentence */
    if (core == first && first + 2 < end && (tokens[first].flags & TOKEN_SENTENCE_START) &&
        token_is(&tokens[first], WORD_PERSON) && word_is_given_name(n->vocabulary, tokens[first + 1].word))
        core = first + 1;
    /* "Secretary of State Hillary Clinton": on to the given name, else past one word ("of Defense Mattis") */
    if (core > first && core + 1 < end && token_is_text(&tokens[core], "of")) {
        size_t k = core + 1;
        while (k + 1 < end && !word_is_given_name(n->vocabulary, tokens[k].word))
            k++;
        core = k + 1 < end ? k : end - core > 2 ? core + 2 : first;
    }
    while (core + 1 < end && (tokens[core].word->classes & WORD_TITLE_ROLE))
        core++;
    /* "Republican Donald Trump", "Russian Vladimir Putin" */
    while (core + 1 < end && (tokens[core].word->classes & (WORD_NATIONALITY | WORD_TITLE_ROLE)) &&
           !word_is_given_name(n->vocabulary, tokens[core].word) && word_is_given_name(n->vocabulary, tokens[core + 1].word))
        core++;
    while (end > core + 1 && token_is(&tokens[end - 1], WORD_TIME) && !word_is_given_name(n->vocabulary, tokens[core].word))
        end--;
    name->core_first = core;
    name->core_end = end;
}

static struct str join_core(struct naming *n, const struct token *tokens, const struct name *name)
{
    struct str joined = tokens[name->core_first].word->text;
    for (size_t i = name->core_first + 1; i < name->core_end; i++)
        joined = arena_format(n->arena, "%.*s %.*s", STR_ARG(joined), STR_ARG(tokens[i].word->text));
    return joined;
}

static bool said_near(const struct token *tokens, const struct name *name)
{
    size_t i = name->end;
    while (token_is(&tokens[i], WORD_ADVERB | WORD_AUXILIARY))
        i++;
    if (tokens[i].kind == TOKEN_WORD && tokens[i].word && (tokens[i].word->verb & VERB_FINITE) &&
        !(tokens[i].word->verb & VERB_WEAK) && !(tokens[name->end - 1].flags & TOKEN_POSSESSIVE))
        return true;
    return name->first > 1 && tokens[name->first - 1].kind == TOKEN_WORD && tokens[name->first - 1].word &&
           (tokens[name->first - 1].word->verb & VERB_PAST) && tokens[name->first - 2].kind == TOKEN_QUOTE;
}

/* Does a noun follow that the name only describes? */
static bool is_attributive(const struct token *tokens, size_t end)
{
    const struct token *next = &tokens[end];
    return next->kind == TOKEN_WORD && !(next->flags & TOKEN_CAPITAL) && !token_is(next, WORD_FUNCTION | WORD_TIME) &&
           !token_is_adverb(next) && !token_is_saying(next);
}

/* "World Health Organization (WHO)": the initials in brackets are another name of it. */
static void learn_acronym(struct naming *n, const struct token *tokens, const struct name *name)
{
    const struct token *t = &tokens[name->end];
    if (t->kind != TOKEN_OPEN || t[1].kind != TOKEN_WORD || !(t[1].flags & TOKEN_UPPER) || t[2].kind != TOKEN_CLOSE)
        return;
    struct str acronym = t[1].word->text;
    size_t fits = 0;
    for (size_t i = name->first; i < name->end && fits < acronym.len; i++)
        fits += tokens[i].word->text.len && tokens[i].word->text.data[0] == acronym.data[fits];
    struct word *key = vocabulary_word(&n->cores, acronym);
    if (fits == acronym.len && key && !key->last_entity)
        key->last_entity = entity_root(n, name->entity) + 1;
}

/* "a Miss Universe", "a former Miss Universe" */
static bool is_predicate(const struct token *tokens, size_t first)
{
    size_t i = first;
    while (i > 0 && first - i < 2 && token_is(&tokens[i - 1], WORD_TITLE_ROLE))
        i--;
    return i > 0 && (token_is_text(&tokens[i - 1], "a") || token_is_text(&tokens[i - 1], "an"));
}

/* Somebody known by one word keeps the title: "Pope Leo", "Mr. Abernathy". */
static void keep_title(struct naming *n, const struct token *tokens, const struct name *name)
{
    struct entity *e = &n->entities[entity_root(n, name->entity)];
    size_t first = name->first;
    while (first < name->core_first && !(tokens[first].word->classes & (WORD_TITLE | WORD_TITLE_ROLE)))
        first++;
    if (e->n_core == 1 && first < name->core_first && name->core_end - name->core_first == 1 &&
        str_eq_nocase(e->display, e->core[0]->text))
        e->display = tokens_text(n->article, tokens, first, name->core_end);
}

/* What stands around a name tells of its kind, gender and roles. */
static void weigh_context(struct naming *n, const struct token *tokens, const struct name *name)
{
    struct entity *e = &n->entities[entity_root(n, name->entity)];
    e->n_names++;
    learn_acronym(n, tokens, name);
    keep_title(n, tokens, name);
    for (size_t i = name->first; i < name->core_first; i++)
        if (tokens[i].word->classes & (WORD_TITLE | WORD_PERSON | WORD_TITLE_ROLE)) {
            e->person += tokens[i].word->classes & (WORD_TITLE | WORD_PERSON) ? 3 : 0;
            entity_add_role(n, name->entity, tokens[i].word);
        }
    if (name->title_gender == GENDER_FEMALE)
        e->female += 20;
    if (name->title_gender == GENDER_MALE)
        e->male += 20;
    bool titled = name->core_first > name->first;
    if (name->first > 2 && (token_is_text(&tokens[name->first - 1], "was") || token_is_text(&tokens[name->first - 1], "is")) &&
        token_is_text(&tokens[name->first - 2], "name")) { /* "Her name was Perle" */
        e->person += 3;
        e->female += token_is_text(&tokens[name->first - 3], "her") ? 8 : 0;
        e->male += token_is_text(&tokens[name->first - 3], "his") ? 8 : 0;
    }
    if (name->first > 0) {
        const struct token *before = &tokens[name->first - 1];
        bool comma = before->kind == TOKEN_COMMA;
        if (comma && name->first > 1)
            before = &tokens[name->first - 2];
        uint32_t c =
            before->kind == TOKEN_WORD && before->word && !(before->flags & TOKEN_POSSESSIVE) ? before->word->classes : 0;
        bool lower = !(before->flags & TOKEN_CAPITAL) || (before->flags & TOKEN_SENTENCE_START);
        if ((c & (WORD_PERSON | WORD_TITLE)) && lower && (!comma || (c & WORD_RELATION))) {
            e->person += 3;
            e->female += c & WORD_FEMALE ? 8 : 0;
            e->male += c & WORD_MALE ? 8 : 0;
            entity_add_role(n, name->entity, before->word);
        } else if (!comma && titled && is_predicate(tokens, name->first)) {
            e->person -= 5; /* "a former Miss Universe" */
        } else if ((c & WORD_TITLE_ROLE) && lower && !comma) {
            entity_add_role(n, name->entity, before->word); /* "former President Carter" */
        } else if (!comma && !titled && before->word && str_eq_c(before->word->text, "the") &&
                   !(tokens[name->end - 1].flags & TOKEN_POSSESSIVE) && !is_attributive(tokens, name->end)) {
            /* "the Times", but "the Clinton campaign" says nothing of Clinton */
            e->person -= 2;
        }
    }
    if (said_near(tokens, name))
        e->person += 1;
    const struct token *after = &tokens[name->end];
    if (tokens[name->end - 1].flags & TOKEN_POSSESSIVE)
        return;
    if (token_is_text(after, "who"))
        e->person += 2;
    if (after->kind != TOKEN_COMMA)
        return;
    /* "Hallett, asked about it, ..." */
    if (token_is_text(after + 1, "asked") || token_is_text(after + 1, "pressed") || token_is_text(after + 1, "reached") ||
        token_is_text(after + 1, "speaking"))
        e->person += 1;
    if (token_is_text(after + 1, "who"))
        e->person += 2;
    if (after[1].flags & TOKEN_DIGITS && after[2].kind == TOKEN_COMMA)
        e->person += 2;
    /* ", a retired nurse from Ohio": the noun before the preposition or the end of the apposition */
    if (!token_is(after + 1, WORD_DETERMINER | WORD_TITLE_ROLE) || token_is(after + 1, WORD_RELATIVE))
        return;
    for (int i = 2; i < 9 && after[i].kind == TOKEN_WORD && !token_is(after + i, WORD_FUNCTION & ~(uint32_t)WORD_POSSESSIVE);
         i++) {
        bool last = after[i + 1].kind != TOKEN_WORD || token_is(after + i + 1, WORD_FUNCTION);
        if (last && (after[i].word->classes & WORD_PERSON) && !(after[i].flags & TOKEN_POSSESSIVE)) {
            e->person += 2;
            e->female += after[i].word->classes & WORD_FEMALE ? 8 : 0;
            e->male += after[i].word->classes & WORD_MALE ? 8 : 0;
            entity_add_role(n, name->entity, after[i].word);
        }
    }
}

static struct word *core_key(struct naming *n, const struct token *tokens, const struct name *name)
{
    return vocabulary_word(&n->cores, join_core(n, tokens, name));
}

static void link_name(struct naming *n, const struct token *tokens, struct name *name, bool many)
{
    size_t words = name->core_end - name->core_first;
    if (many != (words > 1))
        return;
    struct word *key = core_key(n, tokens, name);
    if (!key)
        return;
    if (many) {
        name->entity = key->last_entity ? key->last_entity - 1 : entity_add(n, tokens, name, key);
        return;
    }
    struct word *word = tokens[name->core_first].word;
    size_t block = tokens[name->core_first].block;
    uint32_t found = NO_ENTITY;
    if (word->last_entity)
        found = entity_pick(n, word->last_entity, false, name->title_gender, block);
    if (found == NO_ENTITY && word->first_entity && !(name->core_first > name->first && !(word->is_given)))
        found = entity_pick(n, word->first_entity, true, name->title_gender, block);
    /* A word that is no name by itself ("May", "Will") stays one only where somebody is called so. */
    if (found == NO_ENTITY && (word->classes & (WORD_FUNCTION | WORD_TIME | WORD_NUMBER)) &&
        !(tokens[name->core_first].flags & TOKEN_UPPER))
        return;
    /* A sentence's first word that never has a capital elsewhere: a name only where a verb or comma follows it. */
    const struct token *next = &tokens[name->end];
    if (found == NO_ENTITY && !key->last_entity && name->end - name->first == 1 &&
        (tokens[name->first].flags & TOKEN_SENTENCE_START) && !word->n_capital && !word_is_given_name(n->vocabulary, word) &&
        !(tokens[name->first].flags & (TOKEN_POSSESSIVE | TOKEN_UPPER)) && next->kind == TOKEN_WORD && !token_is_saying(next) &&
        !token_is(next, WORD_AUXILIARY | WORD_PREPOSITION | WORD_CONJUNCTION) &&
        !(next->word && next->word->text.len > 4 && str_ends(next->word->text, STR("ed"))))
        return;
    if (found == NO_ENTITY)
        found = key->last_entity ? key->last_entity - 1 : entity_add(n, tokens, name, key);
    name->entity = found;
}

struct name_list {
    struct name *names;
    size_t n, capacity;
};

static bool is_title_case(enum block_kind kind)
{
    return kind == BLOCK_TITLE || kind == BLOCK_HEADING;
}

static void collect(struct naming *n, const struct stream *stream, struct name_list *list)
{
    const struct token *tokens = stream->tokens;
    for (size_t i = 0; i < stream->n_tokens; i++) {
        if (tokens[i].kind == TOKEN_BREAK || is_title_case(n->article->blocks[tokens[i].block].kind) ||
            !is_name_word(n, tokens, i, false))
            continue;
        size_t end = run_end(n, tokens, i);
        struct name name = {.first = i, .end = end, .entity = NO_ENTITY};
        set_core(n, tokens, &name);
        bool only_title = name.core_end - name.core_first == 1 && name.first == name.core_first &&
                          (tokens[name.core_first].word->classes & (WORD_TITLE | WORD_TITLE_ROLE | WORD_PERSON)) &&
                          !word_is_given_name(n->vocabulary, tokens[name.core_first].word);
        i = end - 1;
        if (only_title && !tokens[name.core_first].word->last_entity)
            continue;
        struct name *kept = arena_push(n->arena, (void **)&list->names, &list->n, &list->capacity, sizeof *kept);
        if (!kept)
            return;
        *kept = name;
    }
}

static void link_all(struct naming *n, const struct stream *stream, struct name_list *list, bool many)
{
    for (size_t i = 0; i < list->n; i++) {
        struct name *name = &list->names[i];
        link_name(n, stream->tokens, name, many);
        if (name->entity != NO_ENTITY && !many)
            n->entities[entity_root(n, name->entity)].last_block = stream->tokens[name->first].block;
    }
}

/* A headline may be the only place that has the given name: "Tim Cook ..." where the text says "Cook". */
static void learn_from_titles(struct naming *n, const struct stream *stream)
{
    const struct token *t = stream->tokens;
    for (size_t i = 1; i < stream->n_tokens; i++) {
        if (t[i].kind != TOKEN_WORD || t[i - 1].kind != TOKEN_WORD || !is_title_case(n->article->blocks[t[i].block].kind) ||
            !(t[i].flags & TOKEN_CAPITAL) || (t[i - 1].flags & TOKEN_POSSESSIVE) ||
            !word_is_given_name(n->vocabulary, t[i - 1].word) ||
            (t[i - 1].word->classes & (WORD_FUNCTION | WORD_TITLE | WORD_PLACE)))
            continue;
        const struct word *key = vocabulary_word(&n->cores, t[i].word->text);
        if (!key || !key->last_entity)
            continue;
        struct entity *e = &n->entities[entity_root(n, key->last_entity - 1)];
        if (e->n_core != 1 || e->core[0] != t[i].word || e->from_title || e->person < 0)
            continue;
        e->display = tokens_text(n->article, t, i - 1, i + 1);
        e->from_title = true;
        e->person += 3;
        e->female += t[i - 1].word->given == GENDER_FEMALE ? 3 : 0;
        e->male += t[i - 1].word->given == GENDER_MALE ? 3 : 0;
    }
}

bool find_names(struct naming *n, struct stream *outer, struct stream *inner)
{
    struct name_list out = {0}, in = {0};
    n->cores = (struct vocabulary){.arena = n->arena};
    collect(n, outer, &out);
    collect(n, inner, &in);
    link_all(n, outer, &out, true);
    link_all(n, inner, &in, true);
    for (size_t i = 0; i < out.n; i++)
        if (out.names[i].entity != NO_ENTITY)
            weigh_context(n, outer->tokens, &out.names[i]);
    for (size_t i = 0; i < n->n_entities; i++)
        n->entities[i].last_block = SIZE_MAX;
    /* "Mr. Obama" beside only Michelle Obama is somebody else, and then so is "President Obama": titles that tell first. */
    size_t n_many = n->n_entities;
    for (size_t i = 0; i < out.n; i++)
        if (out.names[i].entity == NO_ENTITY && out.names[i].title_gender != GENDER_UNKNOWN) {
            size_t known = n->n_entities;
            link_name(n, outer->tokens, &out.names[i], false);
            if (out.names[i].entity == NO_ENTITY)
                continue;
            if (n->n_entities > known)
                entity_chain(n, (uint32_t)known);
            weigh_context(n, outer->tokens, &out.names[i]);
        }
    for (size_t i = 0; i < out.n; i++) {
        struct name *name = &out.names[i];
        uint32_t before = name->entity;
        if (before == NO_ENTITY)
            link_name(n, outer->tokens, name, false);
        if (name->entity == NO_ENTITY)
            continue;
        uint32_t root = entity_root(n, name->entity);
        if (root >= n_many && n->entities[root].n_names == 0)
            n->entities[root].last_block = SIZE_MAX;
        if (before == NO_ENTITY)
            weigh_context(n, outer->tokens, name);
        else
            n->entities[root].last_block = outer->tokens[name->first].block;
        for (size_t k = name->first; k < name->end; k++)
            outer->tokens[k].name = (uint32_t)i + 1;
    }
    link_all(n, inner, &in, false);
    learn_from_titles(n, outer);
    n->names = out.names;
    n->n_names = out.n;
    return !arena_failed(n->arena);
}

uint32_t entity_of_label(struct naming *n, struct str label)
{
    struct token tokens[MAX_CORE];
    struct name name = {.entity = NO_ENTITY};
    struct str rest = str_trim(label), word;
    size_t count = 0;
    while (count < MAX_CORE && str_next(&rest, ' ', &word)) {
        size_t len = word.len;
        if (!len)
            continue;
        tokens[count] = (struct token){.kind = TOKEN_WORD, .flags = TOKEN_CAPITAL, .end = (uint32_t)len};
        tokens[count].word = vocabulary_word(n->vocabulary, word);
        if (!tokens[count].word)
            return NO_ENTITY;
        count++;
    }
    if (!count)
        return NO_ENTITY;
    name.end = count;
    set_core(n, tokens, &name);
    struct word *last = tokens[name.core_end - 1].word;
    struct word *key = core_key(n, tokens, &name);
    if (!key)
        return NO_ENTITY;
    if (name.core_end - name.core_first > 1 && key->last_entity)
        return entity_root(n, key->last_entity - 1);
    if (name.core_end - name.core_first == 1) {
        uint32_t found = entity_pick(n, last->last_entity, false, name.title_gender, 0);
        if (found == NO_ENTITY && last->first_entity)
            found = entity_pick(n, last->first_entity, true, name.title_gender, 0);
        if (found != NO_ENTITY)
            return found;
    }
    if (key->last_entity)
        return entity_root(n, key->last_entity - 1);
    /* The label's own text is its name; add_entity must not look into a block for it. */
    struct entity *e = arena_push(n->arena, (void **)&n->entities, &n->n_entities, &n->entity_capacity, sizeof *e);
    if (!e)
        return NO_ENTITY;
    uint32_t index = (uint32_t)(n->n_entities - 1);
    key->last_entity = index + 1;
    e->alias_of = index;
    e->speaker = SCRIPT_NOBODY;
    e->core[0] = last;
    e->n_core = 1;
    e->display = str_trim(label);
    e->person = 1;
    if (word_is_given_name(n->vocabulary, tokens[name.core_first].word)) {
        e->female += tokens[name.core_first].word->given == GENDER_FEMALE;
        e->male += tokens[name.core_first].word->given == GENDER_MALE;
    }
    return index;
}
