/* Inside the script stage: the listener, who reads the article in order, remembers who was named or described, and keeps a voice
 * for everybody who may speak. */
#ifndef CRIER_SCRIPT_LISTENER_H
#define CRIER_SCRIPT_LISTENER_H

#include "script/phrases.h"
#include "script/pronouns.h"

/* A speaker under construction: of an entity, or of a description. */
struct voice {
    struct speaker speaker;
    uint32_t entity;         /* or NO_ENTITY */
    const struct word *head; /* of a description */
    size_t block;            /* where it spoke or was described last */
    size_t sentence;         /* the same, as a running number */
};

struct listener {
    struct reading reading;
    struct memory memory;
    bool english;          /* or not said: the verbs and nouns of the data are English */
    uint32_t *antecedents; /* of outer tokens that are he or she: 1 + entity, 0: not known */
    size_t next_token;     /* all before it are in the memory */
    struct voice *voices;
    size_t n_voices, voice_capacity;
    size_t pronoun;     /* the voice of "they", "we" ... whom nothing names, or SCRIPT_NOBODY */
    uint32_t answered;  /* "he replied": not whom he replies to, who spoke just before; NO_ENTITY: says nothing */
    bool named[3];      /* somebody of this gender has a name in the article */
    size_t nameless[3]; /* voices of "he" and "she" whom nothing names */
};

/* What "he", "her" ... says of gender. */
enum gender pronoun_gender(const struct token *token);
/* Whom the pronoun at outer token `token` means, or NO_ENTITY. */
uint32_t resolve_pronoun(struct listener *listener, size_t token, double *confidence);
/* "“We won,” he said. Christopher Vance then left": the first person named as a subject behind token `from`, where nobody was
 * before. GENDER_UNKNOWN: of any gender. NO_ENTITY: none soon enough. */
uint32_t person_ahead(const struct listener *listener, size_t from, enum gender gender);
/* Brings the memory up to outer token `end`. */
void read_up_to(struct listener *listener, size_t end);

/* The voice that speaks for each kind of mention, made where there is none. SCRIPT_NOBODY: nobody may be named. */
size_t voice_of_entity(struct listener *listener, uint32_t entity);
size_t voice_of_description(struct listener *listener, const struct phrase *phrase);
size_t voice_of_nameless(struct listener *listener, enum gender gender);
size_t voice_of_pronoun(struct listener *listener, const struct token *token, struct str mention);

struct str phrase_text(const struct listener *listener, const struct phrase *phrase);

#endif
