/* Who speaks with which voice.
 *
 * In this order: voices pinned by the editable script, by the article, by the cast file; voices remembered from earlier editions;
 * then speakers in order of their first quotation take the first voice of their role that nobody has. A speaker for whom none is
 * left borrows from a role that has more than its own speakers will need, and only then shares: the least recently given
 * voice that no neighbour has, a neighbour being somebody whose quotation comes right before or after one of the speaker's. */
#include "cast/cast.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define NO_VOICE SIZE_MAX
#define SUFFIX_WORDS 4 /* a pin names at most so many last words of a speaker's name */

struct plan {
    struct casting *casting;
    struct arena scratch;
    struct problem *problem;
    size_t *voice_of;                   /* [n_speakers] the result */
    size_t *remembered_of;              /* [n_speakers] */
    size_t *neighbours, *neighbours_at; /* of speaker i: neighbours[neighbours_at[i] .. neighbours_at[i + 1]) */
    size_t demand[ROLE_COUNT];          /* speakers of the role still without a voice */
    bool *reserved;                     /* [n_voices] narrator, headline, unknown */
    size_t *n_users;                    /* [n_voices] speakers of this article */
    size_t *n_remembered;               /* [n_voices] people of earlier editions */
    size_t *given;                      /* [n_voices] when it was last given, counting from 1 */
    size_t *beside;                     /* [n_voices] speaker + 1 whose neighbour has it */
    size_t n_given;
};

static enum role role_of(const struct speaker *speaker)
{
    if (speaker->kind == SPEAKER_ORGANISATION || speaker->kind == SPEAKER_DOCUMENT || speaker->gender == GENDER_UNKNOWN)
        return ROLE_NEUTRAL;
    return speaker->gender == GENDER_FEMALE ? ROLE_WOMAN : ROLE_MAN;
}

static void give(struct plan *plan, size_t speaker, size_t voice)
{
    plan->voice_of[speaker] = voice;
    plan->n_users[voice]++;
    plan->given[voice] = ++plan->n_given;
    plan->demand[role_of(&plan->casting->script->speakers[speaker])]--;
}

/* ---- neighbours ---- */

/* Calls for each pair of speakers whose quotations follow each other: counts (fill false) or stores. */
static void each_pair(struct plan *plan, size_t *at, bool fill)
{
    const struct script *script = plan->casting->script;
    size_t before = SCRIPT_NOBODY;
    for (size_t i = 0; i < script->n_segments; i++) {
        const struct segment *segment = &script->segments[i];
        size_t now = segment->speaker;
        if (now >= script->n_speakers) {
            if (segment->kind == SEGMENT_QUOTE)
                before = SCRIPT_NOBODY; /* somebody unknown speaks between them, with a voice nobody else has */
            continue;
        }
        if (before != SCRIPT_NOBODY && before != now) {
            if (fill) {
                plan->neighbours[at[before]] = now;
                plan->neighbours[at[now]] = before;
            }
            at[before]++;
            at[now]++;
        }
        before = now;
    }
}

static bool find_neighbours(struct plan *plan)
{
    size_t n = plan->casting->script->n_speakers;
    plan->neighbours_at = arena_array(&plan->scratch, n + 1, sizeof(size_t));
    size_t *at = arena_array(&plan->scratch, n + 1, sizeof *at);
    if (!plan->neighbours_at || !at)
        return false;
    each_pair(plan, at, false);
    size_t total = 0;
    for (size_t i = 0; i < n; i++) {
        plan->neighbours_at[i] = total;
        total += at[i];
        at[i] = plan->neighbours_at[i];
    }
    plan->neighbours_at[n] = total;
    plan->neighbours = arena_array(&plan->scratch, total, sizeof(size_t));
    if (!plan->neighbours)
        return false;
    each_pair(plan, at, true);
    return true;
}

/* ---- pins ---- */

struct key {
    struct str name; /* without case and accents */
    size_t rank, voice;
    size_t n_endings; /* speakers whose names end with it */
};

static int compare_keys(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    int order = str_compare(x->name, y->name);
    return order ? order : (x->rank > y->rank) - (x->rank < y->rank);
}

/* The first key of that name, or NULL. */
static struct key *find_key(struct key *keys, size_t n, struct str name)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(keys[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && str_eq(keys[low].name, name) ? &keys[low] : NULL;
}

static struct str folded(struct plan *plan, struct str name)
{
    return utf8_trim(utf8_plain(&plan->scratch, name));
}

/* Keys of `pins`, those of voices the cast does not have left out; `unknown` is the first such pin, or NULL. */
static size_t add_keys(struct plan *plan, struct key *keys, size_t n, const struct voice_pin *pins, size_t n_pins,
                       const struct voice_pin **unknown)
{
    for (size_t i = 0; i < n_pins; i++) {
        size_t voice = cast_find_voice(plan->casting->cast, pins[i].voice);
        if (voice != SIZE_MAX) {
            keys[n] = (struct key){.name = folded(plan, pins[i].speaker), .rank = n, .voice = voice};
            n++;
        } else if (unknown && !*unknown) {
            *unknown = &pins[i];
        }
    }
    return n;
}

/* Moves *start to the word before it in `name`; false at the front. */
static bool previous_word(struct str name, size_t *start)
{
    size_t at = *start;
    while (at && name.data[at - 1] == ' ')
        at--;
    while (at && name.data[at - 1] != ' ')
        at--;
    bool moved = at < *start;
    *start = at;
    return moved;
}

static void apply_pins(struct plan *plan, struct key *keys, size_t n_keys)
{
    const struct script *script = plan->casting->script;
    struct str *names = arena_array(&plan->scratch, script->n_speakers, sizeof *names);
    for (size_t i = 0; names && i < script->n_speakers; i++) {
        names[i] = folded(plan, script->speakers[i].name);
        size_t start = names[i].len;
        for (int words = 0; words < SUFFIX_WORDS && previous_word(names[i], &start); words++) {
            struct key *key = find_key(keys, n_keys, str_sub(names[i], start, names[i].len));
            if (key)
                key->n_endings++;
        }
    }
    for (size_t i = 0; names && i < script->n_speakers; i++) {
        if (plan->voice_of[i] != NO_VOICE)
            continue;
        struct key *key = find_key(keys, n_keys, names[i]);
        size_t start = names[i].len;
        for (int words = 0; !key && words < SUFFIX_WORDS && previous_word(names[i], &start); words++) {
            key = find_key(keys, n_keys, str_sub(names[i], start, names[i].len));
            if (key && key->n_endings > 1)
                key = NULL;
        }
        if (key)
            give(plan, i, key->voice);
    }
}

/* A voice the user gave to a speaker's first quotation by hand is the speaker's. */
static enum status apply_segment_pins(struct plan *plan)
{
    const struct casting *casting = plan->casting;
    const struct script *script = casting->script;
    for (size_t i = 0; i < script->n_segments; i++) {
        const struct segment *segment = &script->segments[i];
        if (!segment->voice.len)
            continue;
        size_t voice = cast_find_voice(casting->cast, segment->voice);
        if (voice == SIZE_MAX)
            return problem_set(plan->problem, STATUS_BAD_DATA, script->article->source, 0,
                               "the script asks for the voice '%.*s', which the cast '%.*s' does not have; see crier voices",
                               STR_ARG(segment->voice), STR_ARG(casting->cast->name));
        if (segment->speaker < script->n_speakers && plan->voice_of[segment->speaker] == NO_VOICE)
            give(plan, segment->speaker, voice);
    }
    return STATUS_OK;
}

static enum status apply_user_pins(struct plan *plan)
{
    const struct cast *cast = plan->casting->cast;
    const struct article *article = plan->casting->script->article;
    size_t n_pins = article ? article->n_pins : 0;
    if (!n_pins && !cast->n_pins)
        return STATUS_OK;
    struct key *keys = arena_array(&plan->scratch, n_pins + cast->n_pins, sizeof *keys);
    if (!keys)
        return problem_no_memory(plan->problem);
    const struct voice_pin *unknown = NULL;
    size_t n = n_pins ? add_keys(plan, keys, 0, article->pins, n_pins, &unknown) : 0;
    if (unknown)
        return problem_set(plan->problem, STATUS_BAD_DATA, article->source, 0,
                           "'%.*s' is to have the voice '%.*s', which the cast '%.*s' does not have; see crier voices",
                           STR_ARG(unknown->speaker), STR_ARG(unknown->voice), STR_ARG(cast->name));
    n = add_keys(plan, keys, n, cast->pins, cast->n_pins, NULL);
    qsort(keys, n, sizeof *keys, compare_keys);
    apply_pins(plan, keys, n);
    return STATUS_OK;
}

static enum status apply_memory(struct plan *plan, const struct cast_memory *memory)
{
    const struct script *script = plan->casting->script;
    if (!memory || !memory->n_pins)
        return STATUS_OK;
    struct key *keys = arena_array(&plan->scratch, memory->n_pins, sizeof *keys);
    if (!keys)
        return problem_no_memory(plan->problem);
    size_t n = add_keys(plan, keys, 0, memory->pins, memory->n_pins, NULL);
    qsort(keys, n, sizeof *keys, compare_keys);
    for (size_t i = 0; i < n; i++)
        plan->n_remembered[keys[i].voice]++;
    for (size_t i = 0; i < script->n_speakers; i++) {
        const struct speaker *speaker = &script->speakers[i];
        if (speaker->kind != SPEAKER_PERSON && speaker->kind != SPEAKER_ORGANISATION)
            continue;
        const struct key *key = find_key(keys, n, folded(plan, speaker->name));
        if (!key || plan->reserved[key->voice])
            continue;
        plan->remembered_of[i] = key->voice;
        if (plan->voice_of[i] == NO_VOICE && !plan->n_users[key->voice])
            give(plan, i, key->voice);
    }
    return STATUS_OK;
}

/* ---- the rest ---- */

enum ask { UNUSED, APART, ANY };

/* Of the role's voices: UNUSED: that nobody has, first by how few are remembered with it, then by preference; APART: least
 * recently given of those no neighbour has; ANY: least recently given. */
static size_t ask_role(const struct plan *plan, enum role role, enum ask ask, size_t speaker)
{
    const struct cast *cast = plan->casting->cast;
    size_t best = NO_VOICE;
    for (size_t i = 0; i < cast->n_role_voices[role]; i++) {
        size_t voice = cast->role_voices[role][i];
        if (plan->reserved[voice] || (ask == UNUSED && plan->n_users[voice]) ||
            (ask == APART && plan->beside[voice] == speaker + 1))
            continue;
        const size_t *order = ask == UNUSED ? plan->n_remembered : plan->given;
        if (best == NO_VOICE || order[voice] < order[best])
            best = voice;
    }
    return best;
}

/* Voices of the role that will be left when all its own speakers have one. */
static size_t spare_of(const struct plan *plan, enum role role)
{
    const struct cast *cast = plan->casting->cast;
    size_t unused = 0;
    for (size_t i = 0; i < cast->n_role_voices[role]; i++) {
        size_t voice = cast->role_voices[role][i];
        unused += !plan->reserved[voice] && !plan->n_users[voice];
    }
    return unused > plan->demand[role] ? unused - plan->demand[role] : 0;
}

static size_t pick(struct plan *plan, size_t speaker)
{
    enum role own = role_of(&plan->casting->script->speakers[speaker]);
    for (size_t i = plan->neighbours_at[speaker]; i < plan->neighbours_at[speaker + 1]; i++) {
        size_t voice = plan->voice_of[plan->neighbours[i]];
        if (voice != NO_VOICE)
            plan->beside[voice] = speaker + 1;
    }
    size_t voice = ask_role(plan, own, UNUSED, speaker);
    if (voice != NO_VOICE)
        return voice;
    /* A woman or man may sound neutral; somebody of unknown gender may sound like either, never a woman like a man. */
    enum role other = own != ROLE_NEUTRAL                                     ? ROLE_NEUTRAL
                      : spare_of(plan, ROLE_WOMAN) > spare_of(plan, ROLE_MAN) ? ROLE_WOMAN
                                                                              : ROLE_MAN;
    if (spare_of(plan, other))
        return ask_role(plan, other, UNUSED, speaker);
    size_t remembered = plan->remembered_of[speaker];
    if (remembered != NO_VOICE && plan->beside[remembered] != speaker + 1)
        return remembered;
    const struct {
        enum role role;
        enum ask ask;
    } asks[] = {{own, APART}, {other, APART}, {own, ANY}, {other, ANY}};
    for (size_t i = 0; i < sizeof asks / sizeof *asks && voice == NO_VOICE; i++)
        voice = ask_role(plan, asks[i].role, asks[i].ask, speaker);
    return voice != NO_VOICE ? voice : plan->casting->unknown;
}

const struct voice *cast_voices_for(const struct cast *cast, struct str language, struct arena *arena)
{
    const struct str place = STR("{language}");
    struct voice *voices = arena_array(arena, cast->n_voices, sizeof *voices);
    if (!voices)
        return NULL;
    memcpy(voices, cast->voices, cast->n_voices * sizeof *voices);
    struct str identifier = cast_espeak_language(arena, language);
    for (size_t i = 0; i < cast->n_voices; i++) {
        struct str model = voices[i].model;
        size_t at = str_find(model, place, 0);
        if (at == SIZE_MAX)
            continue;
        struct str after = str_sub(model, at + place.len, model.len);
        voices[i].model = arena_format(arena, "%.*s%.*s%.*s", (int)at, model.data, STR_ARG(identifier), STR_ARG(after));
    }
    return arena_failed(arena) ? NULL : voices;
}

static bool plan_init(struct plan *plan)
{
    struct casting *casting = plan->casting;
    const struct cast *cast = casting->cast;
    size_t n = casting->script->n_speakers;
    plan->voice_of = arena_array(&casting->arena, n, sizeof(size_t));
    plan->remembered_of = arena_array(&plan->scratch, n, sizeof(size_t));
    plan->reserved = arena_array(&plan->scratch, cast->n_voices, sizeof(bool));
    plan->n_users = arena_array(&plan->scratch, cast->n_voices, sizeof(size_t));
    plan->n_remembered = arena_array(&plan->scratch, cast->n_voices, sizeof(size_t));
    plan->given = arena_array(&plan->scratch, cast->n_voices, sizeof(size_t));
    plan->beside = arena_array(&plan->scratch, cast->n_voices, sizeof(size_t));
    if (arena_failed(&plan->scratch) || arena_failed(&casting->arena))
        return false;
    for (size_t i = 0; i < n; i++) {
        plan->voice_of[i] = plan->remembered_of[i] = NO_VOICE;
        plan->demand[role_of(&casting->script->speakers[i])]++;
    }
    plan->reserved[casting->narrator] = plan->reserved[casting->headline] = plan->reserved[casting->unknown] = true;
    return find_neighbours(plan);
}

static enum status assign(struct plan *plan, const struct cast_memory *memory)
{
    struct casting *made = plan->casting;
    made->voices = cast_voices_for(made->cast, made->script->language, &made->arena);
    if (!made->voices || !plan_init(plan))
        return problem_no_memory(plan->problem);
    enum status status = apply_segment_pins(plan);
    if (status == STATUS_OK)
        status = apply_user_pins(plan);
    if (status == STATUS_OK)
        status = apply_memory(plan, memory);
    for (size_t i = 0; status == STATUS_OK && i < plan->casting->script->n_speakers; i++)
        if (plan->voice_of[i] == NO_VOICE)
            give(plan, i, pick(plan, i));
    if (status == STATUS_OK && (arena_failed(&plan->scratch) || arena_failed(&plan->casting->arena)))
        status = problem_no_memory(plan->problem);
    return status;
}

enum status casting_make(struct casting *casting, const struct cast *cast, const struct script *script,
                         const struct cast_memory *memory, struct problem *problem)
{
    *casting = (struct casting){.cast = cast, .script = script};
    casting->narrator = cast->role_voices[ROLE_NARRATOR][0];
    casting->headline = cast->role_voices[ROLE_HEADLINE][0];
    casting->unknown = cast->role_voices[ROLE_UNKNOWN][0];
    struct plan plan = {.casting = casting, .problem = problem};
    enum status status = assign(&plan, memory);
    arena_release(&plan.scratch);
    casting->speaker_voice = plan.voice_of;
    if (status != STATUS_OK)
        casting_release(casting);
    return status;
}

void casting_release(struct casting *casting)
{
    if (!casting)
        return;
    arena_release(&casting->arena);
    *casting = (struct casting){0};
}

const struct voice *casting_voice(const struct casting *casting, const struct segment *segment)
{
    if (segment->voice.len) {
        size_t pinned = cast_find_voice(casting->cast, segment->voice);
        if (pinned != SIZE_MAX)
            return &casting->voices[pinned];
    }
    if (segment->speaker < casting->script->n_speakers)
        return &casting->voices[casting->speaker_voice[segment->speaker]];
    if (segment->kind == SEGMENT_QUOTE)
        return &casting->voices[casting->unknown];
    if (segment->kind == SEGMENT_TITLE || segment->kind == SEGMENT_HEADING)
        return &casting->voices[casting->headline];
    return &casting->voices[casting->narrator];
}

struct str casting_voice_name(const void *casting, const struct segment *segment)
{
    return casting_voice(casting, segment)->name;
}
