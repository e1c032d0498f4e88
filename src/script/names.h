/* Inside the script stage: the names of an article and whom they mean. One entity per person or organisation: "Professor Anna
 * Morozov", "Anna Morozov" and "Morozov" are three names of one. */
#ifndef CRIER_SCRIPT_NAMES_H
#define CRIER_SCRIPT_NAMES_H

#include "script/tokens.h"

#define NO_ENTITY UINT32_MAX
#define MAX_CORE 8  /* words of a name that count */
#define MAX_ROLES 8 /* nouns that are remembered with an entity: "president", "adviser" */

struct entity {
    struct word *core[MAX_CORE]; /* without titles: {anna, morozov} */
    size_t n_core;
    bool has_suffix;    /* the last of core is Jr., III ... */
    uint32_t alias_of;  /* another entity that this is a shorter or longer name of, or itself */
    uint32_t next_last; /* chains of word.last_entity and word.first_entity */
    uint32_t next_first;
    struct str display; /* as written, without title where there is more than one word */
    bool from_title;    /* its given name was found in a headline only */
    int person;         /* evidence that it is somebody, not something */
    int female, male;   /* evidence of gender */
    struct word *roles[MAX_ROLES];
    size_t n_roles;
    size_t n_names;
    bool introduced;   /* its first name has been read */
    size_t last_block; /* block of its newest name so far (while names are linked in order) */
    size_t speaker;    /* index into the speakers, or SCRIPT_NOBODY */
};

/* One name where it stands. Tokens of one stream. */
struct name {
    size_t first, end;           /* with titles */
    size_t core_first, core_end; /* without */
    uint32_t entity;
    enum gender title_gender;
};

struct naming {
    struct arena *arena;
    struct vocabulary *vocabulary;
    const struct article *article;
    struct vocabulary cores; /* joined cores; word.last_entity is 1 + the entity's index */
    struct entity *entities;
    size_t n_entities, entity_capacity;
    struct name *names; /* of the outer stream, in order */
    size_t n_names, name_capacity;
};

/* Finds the names of both streams, links them to entities and marks the outer tokens with them. False: no memory. */
bool find_names(struct naming *naming, struct stream *outer, struct stream *inner);

/* The entity that stands for this one and all its aliases. */
uint32_t entity_root(const struct naming *naming, uint32_t entity);
bool entity_is_person(const struct naming *naming, uint32_t entity);
bool entity_has_role(const struct naming *naming, uint32_t entity, const struct word *role);
void entity_add_role(struct naming *naming, uint32_t entity, struct word *role);
/* What its evidence says so far. */
enum gender entity_gender(const struct naming *naming, uint32_t entity);
/* The entity that a transcript's label names ("WALLACE"), made where there is none. */
uint32_t entity_of_label(struct naming *naming, struct str label);

/* Used while names are linked. Adds the entity of a name that is new; `key` is its joined core. NO_ENTITY: no memory. */
uint32_t entity_add(struct naming *naming, const struct token *tokens, const struct name *name, struct word *key);
/* Makes it one of those that its surname or its given name may mean. */
void entity_chain(struct naming *naming, uint32_t entity);
/* Whom a surname or a given name alone means in `block`: the nearest full name of late, else the one named most. `chain` is
 * word.last_entity, or word.first_entity with `by_first`. */
uint32_t entity_pick(struct naming *naming, uint32_t chain, bool by_first, enum gender gender, size_t block);

#endif
