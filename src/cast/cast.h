/* cast: script + voices/ -> who speaks with which voice.
 *
 * A voice file (voices/casts/NAME.ini) defines voices and names the roles they may play, in order of preference. Assignment is
 * deterministic: speakers in order of their first quotation get the first free voice of their gender's role that no
 * neighbour has; nobody ever gets the narrator's voice. Pins (front matter, [pins] of the cast file, the editable
 * script) come first. */
#ifndef CRIER_CAST_CAST_H
#define CRIER_CAST_CAST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"
#include "cast/announcement.h"
#include "script/script.h"

enum role {
    ROLE_NARRATOR,
    ROLE_HEADLINE,
    ROLE_WOMAN,   /* quoted women */
    ROLE_MAN,     /* quoted men */
    ROLE_NEUTRAL, /* speakers of unknown gender, organisations, documents */
    ROLE_UNKNOWN, /* quotations nobody could be found for */
    ROLE_COUNT
};
const char *role_name(enum role role); /* "narrator", "headline", "woman", "man", "neutral", "unknown" */

#define VOICE_REFERENCE_LUFS (-19.0) /* EBU R 128, one-channel meter */

/* One way of speaking. Everything that can change its sound is in here and goes into the cache key. */
struct voice {
    struct str name;        /* unique in its cast: "woman-2" */
    struct str description; /* for people: "Scottish, bright" */
    enum gender gender;
    struct str engine; /* "espeak" or "command" */
    struct str
        model; /* espeak: voice identifier ("gmw/en-US"), or "{language}": the article's; command: {voice} of the template */
    struct str variant;  /* espeak: variant file ("f5"), or "" */
    int pitch, range;    /* espeak units 0..99 */
    int rate_wpm;        /* words per minute, before --rate's factor */
    int amplitude;       /* espeak volume 0..100, below clipping */
    double gain_db;      /* brings its speech (over src/studio/data/reference.tsv, behind the limiter) to VOICE_REFERENCE_LUFS;
                            NAN: not measured yet, the studio measures it */
    struct str command;  /* engine "command": the template, else "" */
    int timeout_s;       /* engine "command": longest silence of the program; 0: default */
    struct str fallback; /* voice name to use where this engine is missing, or "" */
};

struct cast {
    struct arena arena;
    struct str name; /* of its file, without .ini: what --cast takes */
    struct str path, title, description;
    struct str language;  /* the first of: */
    struct str languages; /* tags that it is the default for, with spaces between: "en-GB en-IE"; "*" for any */
    const struct voice *voices;
    size_t n_voices;
    const size_t *role_voices[ROLE_COUNT]; /* indices into voices, in order of preference; at least 1 a role */
    size_t n_role_voices[ROLE_COUNT];
    const struct voice_pin *pins; /* speaker -> voice */
    size_t n_pins;
    struct announcement_templates announcements;
};

/* Folder of the data files (casts/, lexicon/): $CRIER_VOICES, else beside the sources when run from the build folder, else
 * the install prefix. STATUS_UNAVAILABLE names the places looked at. The string lives in `arena`. */
enum status cast_data_folder(struct arena *arena, struct str *folder, struct problem *problem);

/* Loads a cast by name (in `folder`/casts) or, where `name` has a slash or ends in .ini, by path. NULL: by `language`, "en-GB"
 * before "en" before "*". STATUS_UNAVAILABLE (no such cast), STATUS_BAD_DATA with line, STATUS_NO_MEMORY. */
enum status cast_load(struct cast *cast, const char *folder, const char *name, struct str language, struct problem *problem);
void cast_release(struct cast *cast);                             /* accepts NULL and zeroed */
size_t cast_find_voice(const struct cast *cast, struct str name); /* index, or SIZE_MAX */

/* eSpeak NG's identifier ("roa/pt-BR") for a BCP 47 tag ("pt-BR"), dropping subtags from the right until one is known; what is
 * not known at all comes back in lower case. NUL-terminated in `arena`. */
struct str cast_espeak_language(struct arena *arena, struct str tag);

/* The cast's voices, in its order, {language} in their models replaced by eSpeak NG's identifier for `language`. They live in
 * `arena`; NULL where memory ran out. */
const struct voice *cast_voices_for(const struct cast *cast, struct str language, struct arena *arena);

/* Names of all casts in `folder`, sorted. */
enum status cast_list(struct arena *arena, const char *folder, struct str **names, size_t *n_names, struct problem *problem);

/* The result: who speaks with what. Indices into voices. The cast and the script must outlive it. */
struct casting {
    struct arena arena;
    const struct cast *cast;
    const struct script *script;
    const struct voice *voices; /* the cast's, {language} in their models replaced by the script's */
    size_t narrator, headline, unknown;
    const size_t *speaker_voice; /* [script->n_speakers] */
};

/* Memory of earlier editions, so that a person keeps a voice from January to March: pairs tried after the pins, for people and
 * organisations with a name. A voice that the cast no longer has, or that somebody before them in the article speaks with while
 * others are free, is passed over. New people get voices that few others are remembered with. */
struct cast_memory {
    const struct voice_pin *pins;
    size_t n_pins;
};

/* `memory` may be NULL. STATUS_BAD_DATA where a pin (the editable script's, the article's, the cast's) names a voice that the
 * cast does not have. A pin's speaker is the whole name, or its last words where only one speaker has them. Time and memory are
 * linear in segments, speakers and pins. */
enum status casting_make(struct casting *casting, const struct cast *cast, const struct script *script,
                         const struct cast_memory *memory, struct problem *problem);
void casting_release(struct casting *casting);

/* The voice of one segment: pinned in the segment, by its speaker, or by its kind. Never NULL. */
const struct voice *casting_voice(const struct casting *casting, const struct segment *segment);
/* A script_voice_function over a struct casting. */
struct str casting_voice_name(const void *casting, const struct segment *segment);

#endif
