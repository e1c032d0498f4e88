/* studio_open to studio_close: what a run needs, made ready in the parent before anything is forked. */
#include "studio/studio.h"

#include <limits.h>
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "studio/audio.h"
#include "studio/cache.h"
#include "studio/calibrate.h"
#include "studio/engine.h"
#include "studio/folder.h"
#include "studio/pool.h"
#include "studio/sandbox.h"
#include "studio/trace.h"

#define DEFAULT_STALL_S 30

const struct engine *engine_find(struct str name)
{
    static const struct engine *const engines[] = {&engine_espeak, &engine_command};
    for (size_t i = 0; i < sizeof engines / sizeof *engines; i++)
        if (str_eq_c(name, engines[i]->name))
            return engines[i];
    return NULL;
}

static int cores(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return n < 1 ? 1 : n > 256 ? 256 : n;
}

static void note(struct studio *studio, const char *words)
{
    const char **slot =
        arena_push(&studio->arena, (void **)&studio->notes, &studio->n_notes, &studio->notes_capacity, sizeof *studio->notes);
    if (slot)
        *slot = words;
}

/* ---- voices ---- */

static const struct voice *voice_by_name(const struct programme *programme, struct str name)
{
    for (size_t i = 0; i < programme->n_sources; i++) {
        const struct casting *casting = programme->sources[i].casting;
        for (size_t k = 0; casting && casting->cast && k < casting->cast->n_voices; k++)
            if (str_eq(casting->voices[k].name, name))
                return &casting->voices[k];
    }
    return NULL;
}

/* The voice after this one in its role's list, or NULL. */
static const struct voice *next_of_role(const struct programme *programme, const struct voice *voice)
{
    for (size_t i = 0; i < programme->n_sources; i++) {
        const struct casting *casting = programme->sources[i].casting;
        const struct cast *cast = casting ? casting->cast : NULL;
        for (int role = 0; cast && role < ROLE_COUNT; role++)
            for (size_t k = 0; k + 1 < cast->n_role_voices[role]; k++)
                if (str_eq(cast->voices[cast->role_voices[role][k]].name, voice->name))
                    return &casting->voices[cast->role_voices[role][k + 1]];
    }
    return NULL;
}

static enum status voice_usable(struct studio *studio, const struct voice *voice, const struct engine **engine,
                                struct problem *problem)
{
    *engine = engine_find(voice->engine);
    if (!*engine)
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "there is no engine '%.*s': use espeak or command",
                           STR_ARG(voice->engine));
    enum status status = (*engine)->open(studio->folder, problem);
    return status == STATUS_OK ? (*engine)->check(voice, problem) : status;
}

/* The voice itself, or its fallback, or the next of its role, and so on: as many steps as there may be voices, so that a ring
 * ends. */
static enum status choose_voice(struct studio *studio, struct studio_voice *voice, struct problem *problem)
{
    struct problem first = {0};
    const struct voice *candidate = voice->asked;
    for (int step = 0; candidate && step < 64; step++) {
        struct problem why = {0};
        enum status status = voice_usable(studio, candidate, &voice->engine, &why);
        if (status == STATUS_OK) {
            voice->used = candidate;
            if (step)
                note(studio, arena_format(&studio->arena, "voice '%.*s' is not available (%s); '%.*s' speaks instead",
                                          STR_ARG(voice->asked->name), first.text, STR_ARG(candidate->name))
                                 .data);
            return STATUS_OK;
        }
        if (status != STATUS_UNAVAILABLE) {
            if (problem)
                *problem = why;
            return status;
        }
        if (!step)
            first = why;
        candidate = candidate->fallback.len ? voice_by_name(studio->programme, candidate->fallback)
                                            : next_of_role(studio->programme, candidate);
    }
    return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "voice '%.*s': %s", STR_ARG(voice->asked->name), first.text);
}

static struct studio_voice *find_studio_voice(const struct studio *studio, const struct voice *asked)
{
    for (size_t i = 0; i < studio->n_voices; i++)
        if (studio->voices[i].asked == asked)
            return &studio->voices[i];
    return NULL;
}

const struct studio_voice *studio_voice_of(const struct studio *studio, const struct piece *piece)
{
    return find_studio_voice(studio, piece->voice);
}

static enum status gather_voices(struct studio *studio, struct problem *problem)
{
    const struct programme *programme = studio->programme;
    size_t capacity = 0;
    for (size_t p = 0; p < programme->n_passages; p++) {
        const struct passage *passage = &programme->passages[p];
        for (size_t i = 0; passage->kind == PASSAGE_SPEECH && i < passage->n_pieces; i++) {
            const struct voice *asked = passage->pieces[i].voice;
            struct studio_voice *voice = find_studio_voice(studio, asked);
            if (!voice)
                voice = arena_push(&studio->arena, (void **)&studio->voices, &studio->n_voices, &capacity, sizeof *voice);
            if (!voice)
                return problem_no_memory(problem);
            voice->asked = asked;
            voice->n_first += i == 0;
        }
        if (passage->kind == PASSAGE_AUDIO) {
            enum status status = audio_check(passage->audio_path, problem);
            if (status != STATUS_OK)
                return status;
        }
    }
    return STATUS_OK;
}

/* Everything that can change the sound of a voice but the words. */
static enum status identify(const struct studio *studio, struct studio_voice *voice, struct problem *problem)
{
    const struct voice *used = voice->used;
    struct hash hash;
    if (hash_init(&hash) != STATUS_OK)
        return problem_no_memory(problem);
    hash_field(&hash, used->engine);
    hash_field(&hash, used->model);
    hash_field(&hash, used->variant);
    hash_number(&hash, used->pitch);
    hash_number(&hash, used->range);
    hash_number(&hash, used->rate_wpm);
    hash_number(&hash, used->amplitude);
    hash_field(&hash, used->command);
    hash_real(&hash, studio->settings.rate_factor);
    enum status status = voice->engine->identify(used, &hash, problem);
    char hex[HASH_HEX_SIZE];
    hash_hex(&hash, hex);
    hash_release(&hash);
    voice->identity = hash_bytes_64(str_from(hex));
    return status;
}

static void identify_gain(struct studio_voice *voice)
{
    struct {
        uint64_t identity;
        double gain_db;
    } both = {voice->identity, voice->gain_db};
    voice->identity = hash_bytes_64((struct str){(const char *)&both, sizeof both});
}

static enum status open_voices(struct studio *studio, struct problem *problem)
{
    enum status status = gather_voices(studio, problem);
    bool commands = false;
    for (size_t i = 0; i < studio->n_voices; i++)
        commands |= str_eq_c(studio->voices[i].asked->engine, engine_command.name);
    if (status == STATUS_OK && commands)
        status = folder_make(&studio->folder, problem);
    for (size_t i = 0; status == STATUS_OK && i < studio->n_voices; i++) {
        struct studio_voice *voice = &studio->voices[i];
        status = choose_voice(studio, voice, problem);
        if (status == STATUS_OK && studio->cache) /* it reads all the engine's data; only the cache wants to know */
            status = identify(studio, voice, problem);
        if (status == STATUS_OK)
            voice->gain_db = voice->used->gain_db;
    }
    if (status == STATUS_OK)
        status = calibrate_voices(studio, problem);
    for (size_t i = 0; i < studio->n_voices; i++)
        identify_gain(&studio->voices[i]);
    return status;
}

/* Most passages begin with the narrator: that voice is loaded once, before the first fork. */
static void preload_usual_voice(const struct studio *studio)
{
    const struct studio_voice *usual = NULL;
    for (size_t i = 0; i < studio->n_voices; i++)
        if (!usual || studio->voices[i].n_first > usual->n_first)
            usual = &studio->voices[i];
    if (usual && usual->engine->preload)
        usual->engine->preload(usual->used);
}

/* ---- open, record, close ---- */

enum status studio_open(struct studio **out, const struct studio_settings *settings, const struct programme *programme,
                        struct problem *problem)
{
    *out = NULL;
    enum status status = studio_settings_check(settings, problem);
    if (status != STATUS_OK)
        return status;
    struct studio *studio = calloc(1, sizeof *studio);
    if (!studio)
        return problem_no_memory(problem);
    studio->settings = *settings;
    studio->programme = programme;
    if (!studio->settings.jobs)
        studio->settings.jobs = cores();
    if (!studio->settings.stall_s)
        studio->settings.stall_s = DEFAULT_STALL_S;
    if (settings->cache_folder)
        status = cache_open(&studio->cache, settings->cache_folder, settings->cache_limit_bytes, problem);
    if (status == STATUS_OK && settings->trace_path)
        status = trace_open(&studio->trace, settings->trace_path, problem);
    if (status == STATUS_OK)
        status = encode_silent_frame(&studio->settings, &studio->silent_frame, problem);
    if (status == STATUS_OK)
        status = recorder_tools_open(&studio->tools, &studio->settings, problem);
    if (status == STATUS_OK)
        status = open_voices(studio, problem);
    if (status == STATUS_OK)
        preload_usual_voice(studio);
    if (!sandbox_is_there())
        note(studio, "this system does not let recording processes give up rights they do not need");
    if (status == STATUS_OK && arena_failed(&studio->arena))
        status = problem_no_memory(problem);
    if (status != STATUS_OK) {
        studio_close(studio);
        return status;
    }
    *out = studio;
    return STATUS_OK;
}

enum status studio_record(struct studio *studio, studio_deliver_function *deliver, studio_note_function *note_function,
                          void *context, struct problem *problem)
{
    enum status status = pool_record(studio, deliver, note_function, context, problem);
    enum status traced = trace_close(studio->trace, status == STATUS_OK ? problem : NULL);
    studio->trace = NULL;
    return status == STATUS_OK ? traced : status;
}

void studio_close(struct studio *studio)
{
    if (!studio)
        return;
    (void)trace_close(studio->trace, NULL);
    cache_close(studio->cache);
    recorder_tools_close(&studio->tools);
    folder_remove(studio->folder);
    buffer_release(&studio->silent_frame);
    arena_release(&studio->arena);
    free(studio);
}

double studio_gain_db(const struct studio *studio, const struct voice *voice)
{
    for (size_t i = 0; i < studio->n_voices; i++)
        if (studio->voices[i].asked == voice)
            return studio->voices[i].gain_db;
    return NAN;
}

struct str studio_silent_frame(const struct studio *studio)
{
    return buffer_view(&studio->silent_frame);
}
