/* Inside the script stage: names in the editable text form, and the speakers that they stand for. */
#ifndef CRIER_SCRIPT_TEXT_NAMES_H
#define CRIER_SCRIPT_TEXT_NAMES_H

#include "script/script.h"

const char *speaker_kind_name(enum speaker_kind kind); /* "person", "described", ... */

/* The names back to their values; false where there is no such name. */
bool speaker_kind_of_name(struct str word, enum speaker_kind *kind);
bool segment_kind_of_name(struct str word, enum segment_kind *kind);
bool gender_of_name(struct str word, enum gender *gender);

/* The next piece of a line cut at |, trimmed and with its backslashes gone; false at the end. `*rest` moves on. */
bool text_next_piece(struct arena *arena, struct str *rest, struct str *piece);
/* "key: value": true for that key, with what follows the colon, trimmed. */
bool text_keyed(struct str piece, const char *key, struct str *value);

/* Speakers by name, found in constant time. Zeroed is empty; all storage lives in the arena given to each call. */
struct speaker_table {
    struct speaker *speakers;
    size_t n_speakers, speaker_capacity;
    struct voice_pin *wishes; /* beside the speakers; voice "" where their lines name none */
    size_t n_wishes, wish_capacity;
    size_t *slots; /* speaker index + 1 by hash of the name, open addressing */
    size_t n_slots;
};

/* The index of the speaker of that name, made where there is none yet; SCRIPT_NOBODY for "" and where memory ran out. */
size_t speaker_table_find(struct speaker_table *table, struct arena *arena, struct str name);

#endif
