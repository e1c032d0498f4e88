/* eSpeak NG through its library, synchronously. Its sound depends on everything the process spoke before and no call resets that,
 * so the parent only initialises it and loads the voice list, and every worker starts from that state. */
#include "studio/engine.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <espeak-ng/espeak_ng.h>
#include <espeak-ng/speak_lib.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/lazy.h"
#include "base/utf8.h"

#define BUFFER_MS 200 /* the sound of a sequence depends on it: never change it without RECORDING_VERSION */
#define PIECE_LIMIT_S (30 * 60)

/* Loaded when it is first needed: with its audio libraries it costs three milliseconds. */
static struct {
    __typeof__(espeak_Info) *espeak_Info;
    __typeof__(espeak_Initialize) *espeak_Initialize;
    __typeof__(espeak_ListVoices) *espeak_ListVoices;
    __typeof__(espeak_SetParameter) *espeak_SetParameter;
    __typeof__(espeak_SetSynthCallback) *espeak_SetSynthCallback;
    __typeof__(espeak_SetVoiceByName) *espeak_SetVoiceByName;
    __typeof__(espeak_Synth) *espeak_Synth;
    __typeof__(espeak_ng_GetSampleRate) *espeak_ng_GetSampleRate;
} api;

static enum status load_library(struct problem *problem)
{
    const struct lazy_symbol symbols[] = {
        LAZY(&api, espeak_Info),         LAZY(&api, espeak_Initialize),       LAZY(&api, espeak_ListVoices),
        LAZY(&api, espeak_SetParameter), LAZY(&api, espeak_SetSynthCallback), LAZY(&api, espeak_SetVoiceByName),
        LAZY(&api, espeak_Synth),        LAZY(&api, espeak_ng_GetSampleRate),
    };
    return lazy_load("libespeak-ng.so.1", "libespeak-ng1", symbols, sizeof symbols / sizeof *symbols, problem);
}

static char data_folder[PATH_MAX];      /* the espeak-ng-data folder; "" until opened */
static const espeak_VOICE **voice_list; /* asked for once: every call reads all voice files */

static bool is_data_folder(const char *path)
{
    char file[PATH_MAX];
    return snprintf(file, sizeof file, "%s/phontab", path) < (int)sizeof file && access(file, R_OK) == 0;
}

/* The data are looked for beside the library, never in the user's home or where ESPEAK_DATA_PATH points: the same words must give
 * the same sound for everyone. CRIER_ESPEAK_DATA names another folder on purpose. */
static bool find_data_folder(char *out, size_t size)
{
    const char *chosen = getenv("CRIER_ESPEAK_DATA");
    if (chosen && *chosen)
        return snprintf(out, size, "%s", chosen) < (int)size && is_data_folder(out);
    Dl_info about;
    void *symbol;
    memcpy(&symbol, &api.espeak_Initialize, sizeof symbol);
    if (dladdr(symbol, &about) && about.dli_fname) {
        const char *slash = strrchr(about.dli_fname, '/');
        int len = slash ? (int)(slash - about.dli_fname) : 0;
        if (snprintf(out, size, "%.*s/espeak-ng-data", len, about.dli_fname) < (int)size && is_data_folder(out))
            return true;
    }
    static const char *const places[] = {"/usr/share/espeak-ng-data", "/usr/local/share/espeak-ng-data",
                                         "/usr/lib/espeak-ng-data"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (snprintf(out, size, "%s", places[i]) < (int)size && is_data_folder(out))
            return true;
    return false;
}

static enum status espeak_open(const char *folder, struct problem *problem)
{
    (void)folder;
    if (data_folder[0])
        return STATUS_OK;
    enum status status = load_library(problem);
    if (status != STATUS_OK)
        return status;
    char found[PATH_MAX];
    if (!find_data_folder(found, sizeof found))
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0,
                           "eSpeak NG's data are missing: install the package espeak-ng-data");
    /* espeak_Initialize would talk to PulseAudio even though no sound is played, and leave files in the user's home. */
    char *pulse = getenv("PULSE_SERVER");
    pulse = pulse ? strdup(pulse) : NULL;
    setenv("PULSE_SERVER", "unix:/nonexistent/crier", 1);
    int rate_hz = api.espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, BUFFER_MS, found, espeakINITIALIZE_DONT_EXIT);
    if (pulse)
        setenv("PULSE_SERVER", pulse, 1);
    else
        unsetenv("PULSE_SERVER");
    free(pulse);
    if (rate_hz <= 0)
        return problem_set(problem, STATUS_UNAVAILABLE, found, 0,
                           "eSpeak NG cannot use its data: reinstall the package espeak-ng-data");
    errno = 0;
    voice_list = api.espeak_ListVoices(NULL);
    if (errno == ENOMEM || !voice_list) /* it passes over files that it could not open */
        return problem_no_memory(problem);
    memcpy(data_folder, found, sizeof found);
    return STATUS_OK;
}

/* ---- voices ---- */

static int compare_voices(const void *a, const void *b)
{
    return str_compare(((const struct engine_voice *)a)->model, ((const struct engine_voice *)b)->model);
}

static enum status espeak_list(struct arena *arena, struct engine_voice **voices, size_t *n_voices, struct problem *problem)
{
    enum status status = espeak_open(NULL, problem);
    if (status != STATUS_OK)
        return status;
    const espeak_VOICE **list = voice_list;
    size_t n = 0;
    while (list && list[n])
        n++;
    *voices = arena_array(arena, n, sizeof **voices);
    *n_voices = *voices ? n : 0;
    for (size_t i = 0; i < *n_voices; i++) {
        (*voices)[i].model = arena_copy(arena, str_from(list[i]->identifier));
        /* languages: a priority byte, then the name */
        (*voices)[i].language =
            arena_copy(arena, str_from(list[i]->languages && *list[i]->languages ? list[i]->languages + 1 : ""));
        (*voices)[i].description = arena_copy(arena, str_from(list[i]->name));
    }
    if (arena_failed(arena))
        return problem_no_memory(problem);
    if (*n_voices)
        qsort(*voices, *n_voices, sizeof **voices, compare_voices);
    return STATUS_OK;
}

static bool is_mbrola(struct str model)
{
    return str_starts(model, STR("mb/")) || str_starts(model, STR("mb-"));
}

/* The voice's file in the data folder: "gmw/en-US" -> lang/gmw/en-US, "mb-en1" -> voices/mb/mb-en1. */
static bool voice_file(struct str model, char *out, size_t size)
{
    int len = is_mbrola(model) ? snprintf(out, size, "%s/voices/%s%.*s", data_folder, str_starts(model, STR("mb/")) ? "" : "mb/",
                                          STR_ARG(model))
                               : snprintf(out, size, "%s/lang/%.*s", data_folder, STR_ARG(model));
    return len < (int)size && access(out, R_OK) == 0;
}

/* What the engine calls a voice: "gmw/en-US". A cast may also give a language as a short form ("en", "fr"). */
static const espeak_VOICE *find_voice(struct str model)
{
    const espeak_VOICE *best = NULL;
    int best_rank = 0;
    for (const espeak_VOICE **list = voice_list; list && *list; list++) {
        if (str_eq_c(model, (*list)->identifier))
            return *list;
        for (const char *l = (*list)->languages; l && *l; l += 1 + strlen(l + 1) + 1) {
            if (!str_eq_c(model, l + 1))
                continue;
            /* the list stands in the order of the folder: no order at all */
            if (!best || *l < best_rank || (*l == best_rank && strcmp((*list)->identifier, best->identifier) < 0)) {
                best = *list;
                best_rank = *l;
            }
        }
    }
    return best;
}

static bool mbrola_database(struct str model, char *out, size_t size)
{
    const char *name = memrchr(model.data, '-', model.len);
    if (!name)
        return false;
    struct str database = {name + 1, (size_t)(model.data + model.len - name - 1)};
    static const char *const forms[] = {"/usr/share/mbrola/%.*s/%.*s", "/usr/share/mbrola/%.*s"};
    for (size_t i = 0; i < 2; i++) {
        int len = i == 0 ? snprintf(out, size, forms[0], STR_ARG(database), STR_ARG(database))
                         : snprintf(out, size, "/usr/share/mbrola/%.*s", STR_ARG(database));
        if (len < (int)size && access(out, R_OK) == 0)
            return true;
    }
    return false;
}

static enum status espeak_check(const struct voice *voice, struct problem *problem)
{
    char path[PATH_MAX];
    if (is_mbrola(voice->model)) {
        if (!voice_file(voice->model, path, sizeof path))
            return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "eSpeak NG has no voice '%.*s'", STR_ARG(voice->model));
        if (!mbrola_database(voice->model, path, sizeof path))
            return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0,
                               "MBROLA's voice '%.*s' is not installed: install the packages mbrola and mbrola-%.*s",
                               STR_ARG(voice->model), STR_ARG(str_sub(voice->model, voice->model.len - 3, voice->model.len)));
        return STATUS_OK;
    }
    if (!find_voice(voice->model))
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0,
                           "eSpeak NG has no voice '%.*s': see `espeak-ng --voices`, column File", STR_ARG(voice->model));
    /* "en+nosuch" would be accepted and spoken without the variant. */
    if (voice->variant.len &&
        (snprintf(path, sizeof path, "%s/voices/!v/%.*s", data_folder, STR_ARG(voice->variant)) >= (int)sizeof path ||
         access(path, R_OK) != 0))
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0,
                           "eSpeak NG has no variant '%.*s': see `espeak-ng --voices=variant`", STR_ARG(voice->variant));
    return STATUS_OK;
}

static void hash_file(struct hash *hash, const char *path)
{
    struct buffer bytes = {0};
    if (file_read(path, 64u << 20, &bytes, NULL) == STATUS_OK)
        hash_number(hash, (int64_t)hash_bytes_64(buffer_view(&bytes)));
    else
        hash_number(hash, 0);
    buffer_release(&bytes);
}

static enum status espeak_identify(const struct voice *voice, struct hash *hash, struct problem *problem)
{
    (void)problem;
    static const char *const common[] = {"phontab", "phonindex", "phondata", "intonations"};
    static uint64_t common_hash;
    char path[PATH_MAX];
    if (!common_hash) {
        struct hash files;
        if (hash_init(&files) != STATUS_OK)
            return problem_no_memory(problem);
        for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
            if (snprintf(path, sizeof path, "%s/%s", data_folder, common[i]) < (int)sizeof path)
                hash_file(&files, path);
        }
        char hex[HASH_HEX_SIZE];
        hash_hex(&files, hex);
        hash_release(&files);
        common_hash = hash_bytes_64(str_from(hex));
    }
    hash_field(hash, str_from(api.espeak_Info(NULL)));
    hash_number(hash, (int64_t)common_hash);
    const espeak_VOICE *found = is_mbrola(voice->model) ? NULL : find_voice(voice->model);
    if (voice_file(found ? str_from(found->identifier) : voice->model, path, sizeof path))
        hash_file(hash, path);
    if (is_mbrola(voice->model) && mbrola_database(voice->model, path, sizeof path))
        hash_file(hash, path);
    if (voice->variant.len &&
        snprintf(path, sizeof path, "%s/voices/!v/%.*s", data_folder, STR_ARG(voice->variant)) < (int)sizeof path)
        hash_file(hash, path);
    if (found && found->languages && *found->languages) {
        struct str language = str_from(found->languages + 1), base;
        if (str_next(&language, '-', &base) &&
            snprintf(path, sizeof path, "%s/%.*s_dict", data_folder, STR_ARG(base)) < (int)sizeof path)
            hash_file(hash, path);
    }
    return STATUS_OK;
}

/* ---- speaking ---- */

/* One speech at a time in a process: the callback has no context of its own while samples come. */
static struct {
    const struct engine_sink *sink;
    enum status status;
    const size_t *offsets; /* of code point i in the words */
    size_t n_offsets;
    bool started;
    uint64_t n_samples, limit;
} speech;

static int on_sound(short *wav, int n, espeak_EVENT *events)
{
    if (speech.status != STATUS_OK)
        return 1;
    for (const espeak_EVENT *e = events; e && e->type != espeakEVENT_LIST_TERMINATED; e++)
        if (e->type == espeakEVENT_WORD && e->text_position >= 1 && (size_t)e->text_position <= speech.n_offsets &&
            e->sample >= 0)
            speech.sink->word(speech.sink->context, speech.offsets[e->text_position - 1], (uint64_t)e->sample);
    if (!wav || n <= 0)
        return 0;
    if (!speech.started) {
        speech.started = true;
        speech.status = speech.sink->start(speech.sink->context, api.espeak_ng_GetSampleRate());
    }
    static float samples[8192]; /* a whole buffer of BUFFER_MS at any rate up to 40 kHz */
    for (int at = 0; at < n && speech.status == STATUS_OK;) {
        int take = n - at < 8192 ? n - at : 8192;
        for (int i = 0; i < take; i++)
            samples[i] = (float)wav[at + i] * (1 / 32768.0f);
        speech.status = speech.sink->samples(speech.sink->context, samples, (size_t)take);
        at += take;
    }
    speech.n_samples += (uint64_t)n;
    if (speech.status == STATUS_OK && speech.n_samples > speech.limit)
        speech.status = STATUS_FAILED;
    return speech.status != STATUS_OK;
}

/* The words with what would disturb the engine made blank, code point for code point, and the offset of each code point: control
 * characters are commands to it, and a quotation mark or bracket after the last stop makes it wait. */
static char *prepare_words(struct str words, size_t *offsets, size_t *n_offsets)
{
    char *clean = malloc(words.len + 4); /* its reader looks ahead of the end */
    if (!clean)
        return NULL;
    memset(clean + words.len, 0, 4);
    size_t n = 0, out = 0, next;
    for (size_t at = 0; at < words.len; at = next) {
        unsigned c = utf8_decode(words, at, &next);
        offsets[n++] = at;
        if (c < 0x20 || c == 0x7F || c == UTF8_REPLACEMENT) {
            clean[out++] = ' ';
        } else {
            memcpy(clean + out, words.data + at, next - at);
            out += next - at;
        }
    }
    clean[out] = '\0';
    *n_offsets = n;
    for (size_t start, end = out; end; end = start) {
        unsigned c = utf8_decode_before((struct str){clean, out}, end, &start);
        bool closes = c == '"' || c == '\'' || c == ')' || c == ' ' || c == 0x2019 || c == 0x201D || c == 0xBB || c == 0x201C;
        if (!closes)
            break;
        memset(clean + start, ' ', end - start); /* at the end the count of code points no longer matters */
    }
    return clean;
}

static int clamp(double value, int low, int high)
{
    return value < low ? low : value > high ? high : (int)lround(value);
}

static enum status set_voice(const struct voice *voice, double rate_factor, struct problem *problem)
{
    char name[256];
    const espeak_VOICE *found = is_mbrola(voice->model) ? NULL : find_voice(voice->model);
    struct str model = found ? str_from(found->identifier) : voice->model;
    static char loaded[256]; /* what this process spoke with last: loading takes a millisecond */
    int len = snprintf(name, sizeof name, "%.*s%s%.*s", STR_ARG(model), voice->variant.len ? "+" : "", STR_ARG(voice->variant));
    bool new = len >= (int)sizeof name || strcmp(name, loaded) != 0;
    if (new) {
        loaded[0] = '\0';
        errno = 0;
        if (len >= (int)sizeof name || api.espeak_SetVoiceByName(name) != EE_OK)
            return problem_set(problem, errno == ENOMEM ? STATUS_NO_MEMORY : STATUS_UNAVAILABLE, NULL, 0,
                               "eSpeak NG cannot load its voice '%.*s'", STR_ARG(model));
        if (errno == ENOMEM) /* it passes over a variant that it could not open */
            return problem_no_memory(problem);
    }
    memcpy(loaded, name, (size_t)len + 1);
    /* All of them every time: they outlive a change of voice. */
    api.espeak_SetParameter(espeakRATE, clamp(voice->rate_wpm * rate_factor, espeakRATE_MINIMUM, espeakRATE_MAXIMUM), 0);
    api.espeak_SetParameter(espeakPITCH, clamp(voice->pitch, 0, 99), 0);
    api.espeak_SetParameter(espeakRANGE, clamp(voice->range, 0, 99), 0);
    api.espeak_SetParameter(espeakVOLUME, clamp(voice->amplitude, 0, 100), 0);
    return STATUS_OK;
}

static void espeak_preload(const struct voice *voice)
{
    if (!is_mbrola(voice->model))
        (void)set_voice(voice, 1, NULL); /* reads the dictionary and the voice: nothing is spoken, so nothing is left of it */
}

static enum status espeak_speak(const struct voice *voice, double rate_factor, struct str words, const struct engine_sink *sink,
                                struct problem *problem)
{
    enum status status = set_voice(voice, rate_factor, problem);
    if (status != STATUS_OK)
        return status;
    size_t *offsets = malloc((words.len + 1) * sizeof *offsets), n_offsets = 0;
    char *clean = offsets ? prepare_words(words, offsets, &n_offsets) : NULL;
    if (!clean) {
        free(offsets);
        return problem_no_memory(problem);
    }
    speech.sink = sink;
    speech.status = STATUS_OK;
    speech.offsets = offsets;
    speech.n_offsets = n_offsets;
    speech.started = false;
    speech.n_samples = 0;
    speech.limit = (uint64_t)PIECE_LIMIT_S * (uint64_t)api.espeak_ng_GetSampleRate();
    api.espeak_SetSynthCallback(on_sound);
    unsigned flags = espeakCHARS_UTF8;
    if (str_find(words, STR("[["), 0) != SIZE_MAX)
        flags |= espeakPHONEMES;
    errno = 0;
    espeak_ERROR code = api.espeak_Synth(clean, strlen(clean) + 1, 0, POS_CHARACTER, 0, flags, NULL, NULL);
    bool starved = errno == ENOMEM;
    free(clean);
    free(offsets);
    speech.offsets = NULL;
    speech.n_offsets = 0;
    if (speech.n_samples > speech.limit)
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "eSpeak NG speaks more than %d minutes for one sentence",
                           PIECE_LIMIT_S / 60);
    if (speech.status != STATUS_OK)
        return problem_set(problem, speech.status, NULL, 0, "eSpeak NG's sound could not be used");
    if (starved)
        return problem_no_memory(problem);
    if (code != EE_OK)
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "eSpeak NG gave up (%d)", (int)code);
    return STATUS_OK;
}

static bool espeak_is_alone(const struct voice *voice)
{
    return !is_mbrola(voice->model); /* for which eSpeak NG starts a program */
}

const struct engine engine_espeak = {
    .name = "espeak",
    .open = espeak_open,
    .list = espeak_list,
    .check = espeak_check,
    .identify = espeak_identify,
    .preload = espeak_preload,
    .is_alone = espeak_is_alone,
    .speak = espeak_speak,
};
