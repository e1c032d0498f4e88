/* Voice files -> struct cast. The format is described in voices/casts/english.ini. */
#include "cast/cast.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ini_file.h"

#define FILE_LIMIT ((size_t)1 << 20)
#define VOICES_MAX 500

const char *role_name(enum role role)
{
    static const char *const names[] = {"narrator", "headline", "woman", "man", "neutral", "unknown"};
    return (unsigned)role < ROLE_COUNT ? names[role] : "";
}

struct loading {
    struct cast *cast;
    const struct ini_file *file;
    struct voice *voices;
    size_t *voice_lines;    /* of the voices' [voice NAME] lines */
    size_t *fallback_lines; /* of their `fallback` lines */
    size_t n_voices, voices_capacity, lines_capacity, n_lines, fallbacks_capacity, n_fallbacks;
    struct problem *problem;
};

#define BAD(loading, line, ...) problem_set((loading)->problem, STATUS_BAD_DATA, (loading)->cast->path.data, line, __VA_ARGS__)

/* ---- values ---- */

static enum status unknown_key(struct loading *loading, const struct ini_entry *entry)
{
    if (entry->section.len)
        return BAD(loading, entry->line, "[%.*s] has no setting '%.*s'", STR_ARG(entry->section), STR_ARG(entry->key));
    return BAD(loading, entry->line, "'%.*s' stands before the first [section]", STR_ARG(entry->key));
}

static enum status number(struct loading *loading, const struct ini_entry *entry, double low, double high, bool whole,
                          double *value)
{
    char *end = NULL;
    errno = 0;
    *value = strtod(entry->value.data, &end);
    bool plain = entry->value.len && strspn(entry->value.data, "+-0123456789.") == entry->value.len;
    if (!plain || *end || errno || (whole && *value != floor(*value)) || !(*value >= low && *value <= high))
        return BAD(loading, entry->line, "%.*s is '%.*s', it must be a %snumber from %g to %g", STR_ARG(entry->key),
                   STR_ARG(entry->value), whole ? "whole " : "", low, high);
    return STATUS_OK;
}

static enum status whole_number(struct loading *loading, const struct ini_entry *entry, int low, int high, int *value)
{
    double real = 0;
    enum status status = number(loading, entry, low, high, true, &real);
    if (status == STATUS_OK)
        *value = (int)real;
    return status;
}

static enum status gender_value(struct loading *loading, const struct ini_entry *entry, enum gender *gender)
{
    if (str_eq_c(entry->value, "female"))
        *gender = GENDER_FEMALE;
    else if (str_eq_c(entry->value, "male"))
        *gender = GENDER_MALE;
    else if (str_eq_c(entry->value, "unknown"))
        *gender = GENDER_UNKNOWN;
    else
        return BAD(loading, entry->line, "gender is '%.*s', it must be female, male or unknown", STR_ARG(entry->value));
    return STATUS_OK;
}

/* Splits off the first word; false where none is left. */
static bool next_word(struct str *rest, struct str *word)
{
    size_t start = 0, end;
    while (start < rest->len && strchr(" \t,", rest->data[start]))
        start++;
    for (end = start; end < rest->len && !strchr(" \t,", rest->data[end]);)
        end++;
    *word = str_sub(*rest, start, end);
    *rest = str_sub(*rest, end, rest->len);
    return word->len > 0;
}

/* ---- sections ---- */

static enum status read_about(struct loading *loading, const struct ini_entry *entry)
{
    struct cast *cast = loading->cast;
    if (str_eq_c(entry->key, "description")) {
        cast->description = entry->value;
    } else if (str_eq_c(entry->key, "name")) {
        cast->title = entry->value;
    } else if (str_eq_c(entry->key, "language")) {
        struct str rest = entry->value;
        if (!next_word(&rest, &cast->language))
            return BAD(loading, entry->line, "language needs a tag like en-GB, or * for any");
        cast->languages = entry->value;
    } else {
        return unknown_key(loading, entry);
    }
    return STATUS_OK;
}

static enum status begin_voice(struct loading *loading, const struct ini_entry *entry)
{
    struct arena *arena = &loading->cast->arena;
    struct str name = str_trim(str_sub(entry->section, strlen("voice"), entry->section.len));
    if (!name.len)
        return BAD(loading, entry->line, "a voice without a name, write [voice NAME]");
    for (size_t i = 0; i < name.len; i++)
        if (strchr(" \t,=", name.data[i]))
            return BAD(loading, entry->line, "the voice name '%.*s' has a space, comma or = in it", STR_ARG(name));
    for (size_t i = 0; i < loading->n_voices; i++)
        if (str_eq(loading->voices[i].name, name))
            return BAD(loading, entry->line, "voice '%.*s' comes twice, first in line %zu", STR_ARG(name),
                       loading->voice_lines[i]);
    if (loading->n_voices == VOICES_MAX)
        return BAD(loading, entry->line, "more than %d voices", VOICES_MAX);
    struct voice *voice =
        arena_push(arena, (void **)&loading->voices, &loading->n_voices, &loading->voices_capacity, sizeof *voice);
    size_t *line = arena_push(arena, (void **)&loading->voice_lines, &loading->n_lines, &loading->lines_capacity, sizeof *line);
    size_t *fallback_line = arena_push(arena, (void **)&loading->fallback_lines, &loading->n_fallbacks,
                                       &loading->fallbacks_capacity, sizeof *fallback_line);
    if (!voice || !line || !fallback_line)
        return problem_no_memory(loading->problem);
    *line = entry->line;
    *voice = (struct voice){
        .name = name, .engine = STR("espeak"), .pitch = 50, .range = 50, .rate_wpm = 170, .amplitude = 90, .gain_db = NAN};
    return STATUS_OK;
}

static enum status read_voice(struct loading *loading, const struct ini_entry *entry)
{
    struct voice *voice = &loading->voices[loading->n_voices - 1];
    const struct {
        const char *key;
        struct str *text;
    } texts[] = {{"description", &voice->description}, {"model", &voice->model},       {"variant", &voice->variant},
                 {"command", &voice->command},         {"fallback", &voice->fallback}, {"engine", &voice->engine}};
    const struct {
        const char *key;
        int *value, low, high;
    } numbers[] = {{"pitch", &voice->pitch, 0, 99},
                   {"range", &voice->range, 0, 99},
                   {"rate", &voice->rate_wpm, 80, 450},
                   {"amplitude", &voice->amplitude, 1, 100},
                   {"timeout", &voice->timeout_s, 1, 3600}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (str_eq_c(entry->key, texts[i].key)) {
            *texts[i].text = entry->value;
            if (texts[i].text == &voice->fallback)
                loading->fallback_lines[loading->n_voices - 1] = entry->line;
            return STATUS_OK;
        }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (str_eq_c(entry->key, numbers[i].key))
            return whole_number(loading, entry, numbers[i].low, numbers[i].high, numbers[i].value);
    if (str_eq_c(entry->key, "gain"))
        return number(loading, entry, -40, 40, false, &voice->gain_db);
    if (str_eq_c(entry->key, "gender"))
        return gender_value(loading, entry, &voice->gender);
    return unknown_key(loading, entry);
}

static enum status read_role(struct loading *loading, const struct ini_entry *entry)
{
    struct cast *cast = loading->cast;
    int role = 0;
    while (role < ROLE_COUNT && !str_eq_c(entry->key, role_name((enum role)role)))
        role++;
    if (role == ROLE_COUNT)
        return unknown_key(loading, entry);
    size_t *indices = NULL, capacity = 0;
    struct str rest = entry->value, word;
    while (next_word(&rest, &word)) {
        size_t index = cast_find_voice(cast, word);
        if (index == SIZE_MAX)
            return BAD(loading, entry->line, "role %.*s names the voice '%.*s', but there is no [voice %.*s]",
                       STR_ARG(entry->key), STR_ARG(word), STR_ARG(word));
        for (size_t i = 0; i < cast->n_role_voices[role]; i++)
            if (indices[i] == index)
                return BAD(loading, entry->line, "role %.*s names the voice '%.*s' twice", STR_ARG(entry->key), STR_ARG(word));
        size_t *item = arena_push(&cast->arena, (void **)&indices, &cast->n_role_voices[role], &capacity, sizeof *item);
        if (!item)
            return problem_no_memory(loading->problem);
        *item = index;
    }
    cast->role_voices[role] = indices;
    return STATUS_OK;
}

static enum status read_announcement(struct loading *loading, const struct ini_entry *entry)
{
    enum announcement kind = announcement_by_name(entry->key);
    if (kind == ANNOUNCEMENT_COUNT)
        return BAD(loading, entry->line, "[announcements] has no '%.*s'; there are " ANNOUNCEMENT_NAMES, STR_ARG(entry->key));
    loading->cast->announcements.texts[kind] = entry->value;
    return announcement_check(kind, entry->value, loading->cast->path.data, entry->line, loading->problem);
}

static enum status read_pin(struct loading *loading, const struct ini_entry *entry, struct voice_pin **pins, size_t *capacity)
{
    struct cast *cast = loading->cast;
    if (cast_find_voice(cast, entry->value) == SIZE_MAX)
        return BAD(loading, entry->line, "'%.*s' is pinned to the voice '%.*s', but there is no [voice %.*s]",
                   STR_ARG(entry->key), STR_ARG(entry->value), STR_ARG(entry->value));
    struct voice_pin *pin = arena_push(&cast->arena, (void **)pins, &cast->n_pins, capacity, sizeof *pin);
    if (!pin)
        return problem_no_memory(loading->problem);
    *pin = (struct voice_pin){.speaker = entry->key, .voice = entry->value};
    return STATUS_OK;
}

/* ---- what must hold over the whole file ---- */

static enum status check_voices(struct loading *loading)
{
    for (size_t i = 0; i < loading->n_voices; i++) {
        const struct voice *voice = &loading->voices[i];
        size_t line = loading->voice_lines[i];
        bool espeak = str_eq_c(voice->engine, "espeak"), command = str_eq_c(voice->engine, "command");
        if (!espeak && !command)
            return BAD(loading, line, "voice '%.*s' has the engine '%.*s', it must be espeak or command", STR_ARG(voice->name),
                       STR_ARG(voice->engine));
        if (espeak && !voice->model.len)
            return BAD(loading, line, "voice '%.*s' needs a model, like gmw/en-US", STR_ARG(voice->name));
        if (command != (voice->command.len > 0))
            return BAD(loading, line, "voice '%.*s' %s", STR_ARG(voice->name),
                       command ? "needs a command" : "has a command; say engine = command as well");
        if (!voice->fallback.len)
            continue;
        line = loading->fallback_lines[i];
        size_t next = cast_find_voice(loading->cast, voice->fallback);
        for (size_t steps = 0; next != SIZE_MAX && next != i && loading->voices[next].fallback.len && steps < i; steps++)
            next = cast_find_voice(loading->cast, loading->voices[next].fallback);
        if (cast_find_voice(loading->cast, voice->fallback) == SIZE_MAX)
            return BAD(loading, line, "voice '%.*s' falls back to '%.*s', but there is no [voice %.*s]", STR_ARG(voice->name),
                       STR_ARG(voice->fallback), STR_ARG(voice->fallback));
        if (next == i)
            return BAD(loading, line, "the fallbacks of voice '%.*s' run in a circle", STR_ARG(voice->name));
    }
    return STATUS_OK;
}

static enum status check_roles(struct loading *loading)
{
    struct cast *cast = loading->cast;
    const struct ini_entry *roles = ini_file_find(loading->file, "roles", "");
    for (int role = 0; role < ROLE_COUNT; role++)
        if (!cast->n_role_voices[role])
            return BAD(loading, roles ? roles->line : 0, "[roles] must name a voice for the role %s", role_name((enum role)role));
    for (int frame = ROLE_NARRATOR; frame <= ROLE_HEADLINE; frame++)
        for (int role = ROLE_WOMAN; role < ROLE_COUNT; role++)
            for (size_t i = 0; i < cast->n_role_voices[role]; i++)
                if (cast->role_voices[role][i] == cast->role_voices[frame][0]) {
                    const struct ini_entry *entry = ini_file_find(loading->file, "roles", role_name((enum role)role));
                    return BAD(loading, entry->line, "role %s names the %s's voice '%.*s', which nobody else may have",
                               role_name((enum role)role), role_name((enum role)frame),
                               STR_ARG(cast->voices[cast->role_voices[role][i]].name));
                }
    return STATUS_OK;
}

static bool is_voice_section(struct str section)
{
    return str_eq_c(section, "voice") || str_starts(section, STR("voice ")) || str_starts(section, STR("voice\t"));
}

/* Voices first, so that roles and pins may stand above them. */
static enum status read_entries(struct loading *loading)
{
    const struct ini_file *file = loading->file;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < file->n_entries && status == STATUS_OK; i++) {
        const struct ini_entry *entry = &file->entries[i];
        bool known = str_eq_c(entry->section, "cast") || str_eq_c(entry->section, "roles") || str_eq_c(entry->section, "pins") ||
                     str_eq_c(entry->section, "announcements");
        if (is_voice_section(entry->section))
            status = entry->key.len ? read_voice(loading, entry) : begin_voice(loading, entry);
        else if (entry->key.len && str_eq_c(entry->section, "cast"))
            status = read_about(loading, entry);
        else if (!known && entry->key.len)
            status = unknown_key(loading, entry);
        else if (!known)
            status =
                BAD(loading, entry->line, "there is no section [%.*s]; known are cast, roles, voice NAME, pins and announcements",
                    STR_ARG(entry->section));
    }
    loading->cast->voices = loading->voices;
    loading->cast->n_voices = loading->n_voices;
    struct voice_pin *pins = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < file->n_entries && status == STATUS_OK; i++) {
        const struct ini_entry *entry = &file->entries[i];
        if (entry->key.len && str_eq_c(entry->section, "roles"))
            status = read_role(loading, entry);
        else if (entry->key.len && str_eq_c(entry->section, "pins"))
            status = read_pin(loading, entry, &pins, &capacity);
        else if (entry->key.len && str_eq_c(entry->section, "announcements"))
            status = read_announcement(loading, entry);
    }
    loading->cast->pins = pins;
    return status;
}

/* "…/casts/english.ini" -> "english". */
static struct str name_of_path(struct str path)
{
    size_t start = path.len;
    while (start && path.data[start - 1] != '/')
        start--;
    size_t end = str_ends(path, STR(".ini")) ? path.len - 4 : path.len;
    return str_sub(path, start, end);
}

static enum status load_file(struct cast *cast, const char *path, struct problem *problem)
{
    struct ini_file file = {0};
    *cast = (struct cast){0};
    enum status status = ini_file_read(&file, path, FILE_LIMIT, problem);
    if (status != STATUS_OK)
        return status;
    cast->arena = file.arena; /* the entries' strings are the cast's */
    file.arena = (struct arena){0};
    cast->path = arena_copy(&cast->arena, str_from(path));
    cast->name = arena_copy(&cast->arena, name_of_path(cast->path));
    cast->title = cast->name;
    cast->language = cast->languages = STR("*");
    struct loading loading = {.cast = cast, .file = &file, .problem = problem};
    status = read_entries(&loading);
    if (status == STATUS_OK)
        status = check_voices(&loading);
    if (status == STATUS_OK)
        status = check_roles(&loading);
    if (status == STATUS_OK && arena_failed(&cast->arena))
        status = problem_no_memory(problem);
    if (status != STATUS_OK)
        cast_release(cast);
    return status;
}

/* ---- which cast ---- */

/* How well a cast's languages suit: 3 the very tag, 2 the same language without a region, 1 any, 0 not at all. */
static int suits(struct str languages, struct str wanted)
{
    size_t dash = str_find(wanted, STR("-"), 0);
    struct str primary = str_sub(wanted, 0, dash), tag;
    int best = 0;
    while (next_word(&languages, &tag)) {
        int score = str_eq_nocase(tag, wanted) ? 3 : str_eq_nocase(tag, primary) ? 2 : str_eq_c(tag, "*") ? 1 : 0;
        best = score > best ? score : best;
    }
    return best;
}

/* The name of the cast that suits best, of several the first by name. A cast that is wrong is passed over; where one cannot be
 * read nobody knows whether it is the one. */
static enum status choose(struct arena *arena, const char *folder, struct str language, struct str *name, struct problem *problem)
{
    struct str *names;
    size_t n_names;
    enum status status = cast_list(arena, folder, &names, &n_names, problem);
    if (status != STATUS_OK)
        return status;
    int best = 0;
    for (size_t i = 0; i < n_names; i++) {
        struct ini_file file;
        struct str path = arena_format(arena, "%s/casts/%s.ini", folder, names[i].data);
        struct problem found = {0};
        status = ini_file_read(&file, path.data, FILE_LIMIT, &found);
        if (status == STATUS_BAD_DATA)
            continue;
        if (status != STATUS_OK)
            return problem_set(problem, status, found.path, found.line, "%s", found.text);
        const struct ini_entry *entry = ini_file_find(&file, "cast", "language");
        int score = suits(entry ? entry->value : STR("*"), language);
        if (score > best) {
            best = score;
            *name = names[i];
        }
        ini_file_release(&file);
    }
    if (best)
        return STATUS_OK;
    return problem_set(problem, STATUS_UNAVAILABLE, folder, 0,
                       "no cast in casts/ speaks the language '%.*s'; choose one with --cast", STR_ARG(language));
}

static enum status no_such_cast(struct arena *arena, const char *folder, const char *name, struct problem *problem)
{
    struct str *names, known = STR("");
    size_t n_names;
    enum status status = cast_list(arena, folder, &names, &n_names, problem);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < n_names; i++)
        known = arena_format(arena, "%s%s%s", known.data, i ? ", " : "", names[i].data);
    return problem_set(problem, STATUS_UNAVAILABLE, name, 0, "no such cast; there are: %s", known.data);
}

enum status cast_load(struct cast *cast, const char *folder, const char *name, struct str language, struct problem *problem)
{
    *cast = (struct cast){0};
    struct arena arena = {0};
    enum status status = STATUS_OK;
    struct str path = {0}, chosen = str_from(name);
    if (name && (strchr(name, '/') || str_ends(chosen, STR(".ini")))) {
        path = chosen;
    } else {
        if (!name)
            status = choose(&arena, folder, language, &chosen, problem);
        if (status == STATUS_OK)
            path = arena_format(&arena, "%s/casts/%s.ini", folder, chosen.data);
    }
    if (status == STATUS_OK && arena_failed(&arena))
        status = problem_no_memory(problem);
    if (status == STATUS_OK && access(path.data, F_OK) != 0)
        status = path.data == name ? problem_set(problem, STATUS_UNAVAILABLE, name, 0, "no such cast file")
                                   : no_such_cast(&arena, folder, chosen.data, problem);
    if (status == STATUS_OK)
        status = load_file(cast, path.data, problem);
    arena_release(&arena);
    return status;
}

void cast_release(struct cast *cast)
{
    if (!cast)
        return;
    arena_release(&cast->arena);
    *cast = (struct cast){0};
}

size_t cast_find_voice(const struct cast *cast, struct str name)
{
    for (size_t i = 0; i < cast->n_voices; i++)
        if (str_eq(cast->voices[i].name, name))
            return i;
    return SIZE_MAX;
}
