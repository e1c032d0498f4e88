#include "studio/calibrate.h"

#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/table.h"
#include "studio/cache.h"
#include "studio/worker.h"

/* LANGUAGE TAB TEXT: the Universal Declaration of Human Rights, articles 1 to 6, and where it is at hand the fable of the north
 * wind and the sun, which phoneticians use; short ones with a few sentences more. */
EMBED(reference_table, CRIER_SOURCE_DIR "/studio/data/reference.tsv")

/* "gmw/en-US", "mb/mb-en1", "en" -> "en": letters after the last '/' or '-' group that names the family. */
static struct str model_language(struct str model)
{
    struct str rest = model, piece, last = {"", 0};
    while (str_next(&rest, '/', &piece))
        last = piece;
    if (str_starts(last, STR("mb-")))
        last = str_sub(last, 3, last.len);
    size_t len = 0;
    while (len < last.len && last.data[len] >= 'a' && last.data[len] <= 'z')
        len++;
    return str_sub(last, 0, len);
}

static struct str reference_text(const struct studio *studio, const struct voice *voice)
{
    struct str language = {"", 0}, text;
    if (str_eq_c(voice->engine, engine_espeak.name)) {
        language = model_language(voice->model);
    } else if (studio->programme->n_sources && studio->programme->sources[0].casting) {
        struct str rest = studio->programme->sources[0].casting->cast->language;
        str_next(&rest, '-', &language);
    }
    if (!table_find(reference_table(), language, &text))
        table_find(reference_table(), STR("en"), &text);
    return text;
}

struct measurement {
    struct studio *studio;
    struct studio_voice *voice;
    struct str text;
    char key[HASH_HEX_SIZE];
    struct worker worker;
};

static void send_nothing(void *context)
{
    worker_send_alive(context);
}

static void send_group(void *context, pid_t pgid)
{
    worker_send_group(context, pgid);
}

static enum status measure(void *context, struct worker_line *line, struct problem *problem)
{
    const struct measurement *m = context;
    struct voice_gain gain = {0};
    const struct recorder_sink sink = {.context = line, .alive = send_nothing, .group = send_group};
    srand(1);
    const struct studio_settings *settings = &m->studio->settings;
    enum status status = recorder_measure_voice(m->voice->used, m->voice->engine, settings->rate_factor, settings->loudness_lufs,
                                                m->text, &sink, &gain, problem);
    if (status != STATUS_OK)
        return status;
    return worker_send_result(line, (struct str){(const char *)&gain, sizeof gain});
}

static enum status measurement_key(struct measurement *m)
{
    struct hash hash;
    if (hash_init(&hash) != STATUS_OK)
        return STATUS_NO_MEMORY;
    hash_field(&hash, STR("gain"));
    hash_number(&hash, RECORDING_VERSION);
    hash_number(&hash, (int64_t)m->voice->identity);
    hash_field(&hash, m->text);
    hash_real(&hash, fmax(m->studio->settings.loudness_lufs, REFERENCE_LUFS));
    hash_hex(&hash, m->key);
    hash_release(&hash);
    return STATUS_OK;
}

static void take_gain(struct studio_voice *voice, struct str bytes)
{
    struct voice_gain gain;
    memcpy(&gain, bytes.data, sizeof gain);
    voice->gain_db = (isnan(voice->gain_db) ? gain.reference_db : voice->gain_db) + gain.louder_db;
}

static bool load_gain(struct measurement *m)
{
    struct cache *cache = m->studio->cache;
    struct buffer bytes = {0};
    bool good = cache && cache_load_bytes(cache, m->key, &bytes) && bytes.len == sizeof(struct voice_gain);
    if (good)
        take_gain(m->voice, buffer_view(&bytes));
    buffer_release(&bytes);
    return good;
}

static enum status measurement_end(struct measurement *m, struct problem *problem)
{
    struct problem why = {0};
    enum status status = worker_finish(&m->worker, &why);
    if (status == STATUS_OK && m->worker.result.len != sizeof(struct voice_gain))
        status = problem_set(&why, STATUS_UNAVAILABLE, NULL, 0, "nothing was measured");
    if (status != STATUS_OK)
        return problem_set(problem, status, NULL, 0, "cannot measure how loud voice '%.*s' is: %.400s",
                           STR_ARG(m->voice->used->name), why.text);
    take_gain(m->voice, buffer_view(&m->worker.result));
    if (m->studio->cache)
        cache_store_bytes(m->studio->cache, m->key, buffer_view(&m->worker.result), (struct str){NULL, 0});
    return STATUS_OK;
}

/* Waits for one of the running measurements and takes it in. */
static enum status wait_for_one(struct studio *studio, struct measurement *all, size_t n, int *n_running, struct problem *problem)
{
    for (;;) {
        struct pollfd polls[256];
        struct measurement *polled[256];
        nfds_t n_polls = 0;
        if (studio->settings.stop && *studio->settings.stop)
            return problem_set(problem, STATUS_INTERRUPTED, NULL, 0, "interrupted");
        for (size_t i = 0; i < n && n_polls < 256; i++)
            if (all[i].worker.pid) {
                polls[n_polls] = (struct pollfd){.fd = all[i].worker.fd, .events = POLLIN};
                polled[n_polls++] = &all[i];
            }
        int ready = poll(polls, n_polls, 250);
        for (nfds_t i = 0; i < n_polls; i++) {
            struct measurement *m = polled[i];
            if (ready > 0 && polls[i].revents && !worker_read(&m->worker)) {
                --*n_running;
                return measurement_end(m, problem);
            }
            if (clock_ms() - m->worker.progress_ms > (int64_t)studio->settings.stall_s * 1000)
                return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0,
                                   "cannot measure how loud voice '%.*s' is: no progress for %d seconds",
                                   STR_ARG(m->voice->used->name), studio->settings.stall_s);
        }
    }
}

enum status calibrate_voices(struct studio *studio, struct problem *problem)
{
    struct measurement *all = calloc(studio->n_voices + 1, sizeof *all);
    if (!all)
        return problem_no_memory(problem);
    enum status status = STATUS_OK;
    size_t n = 0;
    int n_running = 0;
    for (size_t i = 0; status == STATUS_OK && i < studio->n_voices; i++) {
        struct studio_voice *voice = &studio->voices[i];
        if (!isnan(voice->gain_db) && studio->settings.loudness_lufs <= REFERENCE_LUFS)
            continue;
        struct measurement *m = &all[n++];
        m->studio = studio;
        m->voice = voice;
        m->text = reference_text(studio, voice->used);
        status = measurement_key(m);
        if (status != STATUS_OK || load_gain(m))
            continue;
        if (n_running == studio->settings.jobs)
            status = wait_for_one(studio, all, n, &n_running, problem);
        if (status == STATUS_OK)
            status = worker_start(&m->worker, measure, m, problem);
        n_running += status == STATUS_OK;
    }
    while (status == STATUS_OK && n_running)
        status = wait_for_one(studio, all, n, &n_running, problem);
    for (size_t i = 0; i < n; i++)
        worker_release(&all[i].worker);
    free(all);
    return status;
}
