#include "studio/recorder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "studio/audio.h"
#include "studio/level.h"
#include "studio/marks.h"
#include "studio/take.h"

#define USUAL_ENGINE_RATE_HZ 22050

/* Voices are calibrated over running speech; in a programme the pauses between sentences lie in the same 400 ms blocks as the
 * speech around them and pull its integrated loudness down by so much (mean over the samples, which differ by 0.15 LU). */
#define PAUSES_ALLOWANCE_DB 0.37

/* The more the limiter holds, the further the decoded MP3 goes beyond it: 0.2 dB at -19 and -16 LUFS, 0.9 dB at -14, 1.5 dB at
 * -12 (64 kbit/s). So the ceiling of a loud programme is lower. */
static double lowered_ceiling(double usual_dbtp, double loudness_lufs)
{
    return usual_dbtp - 0.35 * fmax(loudness_lufs + 17, 0);
}

/* Quieter than this in the programme is silence to a listener (35 dB below speech), and cut off where an engine begins and ends.
 */
#define SILENCE_DB (-54 + 19) /* of the programme's loudness */

enum status recorder_tools_open(struct recorder_tools *tools, const struct studio_settings *settings, struct problem *problem)
{
    enum status status = encoder_open(&tools->encoder, settings, true, problem);
    if (status == STATUS_OK)
        status = resampler_open(&tools->resampler, USUAL_ENGINE_RATE_HZ, settings->sample_rate_hz, problem);
    return status;
}

void recorder_tools_close(struct recorder_tools *tools)
{
    if (!tools)
        return;
    encoder_close(&tools->encoder);
    resampler_close(&tools->resampler);
}

int recorder_lead_samples(const struct studio_settings *settings)
{
    return studio_samples_per_frame(settings) / 2;
}

/* The way of the sound: engine -> take (trim, fades) -> gain -> resampler -> limiter -> true peak, loudness -> encoder. */
struct desk {
    const struct studio_settings *settings;
    struct recorder_tools *tools;
    const struct recorder_sink *sink;
    struct take take;
    struct loudness_meter loudness;
    struct limiter *limiter;
    struct true_peak true_peak;
    struct envelope envelope;
    size_t limiter_drop; /* samples of the limiter's delay still to drop */
    int in_hz;           /* of the track now running; 0: none */
    uint64_t track_in;   /* samples put into the track */
    uint64_t track_base; /* output sample at which the track began */
    uint64_t n_out;      /* samples that left the resampler, leading silence included */
    float gain;          /* of the piece */
    float quiet;         /* in the engine's sound: silence */
    struct word_hints hints;
    double time[3], time_mark; /* seconds of the clock: speak, resample, encode */
};
enum { TIME_SPEAK, TIME_RESAMPLE, TIME_ENCODE };

static double clock_s(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Time since the last call was spent on `what`. */
static void time_book(struct desk *desk, int what)
{
    double now = clock_s(CLOCK_MONOTONIC);
    desk->time[what] += now - desk->time_mark;
    desk->time_mark = now;
}

/* The CPU time of the process, by the share that each had of the time that passed: asking for it at every step would be dear. */
static void time_report(const struct desk *desk, double cpu_s, struct recording *recording)
{
    double sum = desk->time[TIME_SPEAK] + desk->time[TIME_RESAMPLE] + desk->time[TIME_ENCODE];
    double share = sum > 0 ? cpu_s / sum : 0;
    recording->speak_cpu_s = desk->time[TIME_SPEAK] * share;
    recording->resample_cpu_s = desk->time[TIME_RESAMPLE] * share;
    recording->encode_cpu_s = desk->time[TIME_ENCODE] * share;
}

/* Half of what a pipe holds: the recorder need not wait, nor wake the parent often. */
#define SEND_BYTES ((size_t)32 * 1024)

static enum status desk_send(struct desk *desk)
{
    struct encoder *encoder = &desk->tools->encoder;
    struct str ready = encoder_ready(encoder);
    enum status status = ready.len ? desk->sink->mp3(desk->sink->context, ready) : STATUS_OK;
    encoder_drop_ready(encoder);
    return status;
}

static enum status desk_limited(struct desk *desk, float *samples, size_t n)
{
    limiter_process(desk->limiter, samples, n);
    size_t drop = desk->limiter_drop < n ? desk->limiter_drop : n;
    desk->limiter_drop -= drop;
    samples += drop;
    n -= drop;
    true_peak_add(&desk->true_peak, samples, n);
    loudness_meter_add(&desk->loudness, samples, n);
    envelope_add(&desk->envelope, samples, n);
    time_book(desk, TIME_RESAMPLE);
    enum status status = encoder_push(&desk->tools->encoder, samples, n);
    if (status == STATUS_OK && encoder_ready(&desk->tools->encoder).len >= SEND_BYTES)
        status = desk_send(desk);
    time_book(desk, TIME_ENCODE);
    return status;
}

/* Samples at the output rate, from the resampler. */
static enum status desk_resampled(void *context, float *samples, size_t n)
{
    struct desk *desk = context;
    desk->n_out += n;
    return desk_limited(desk, samples, n);
}

static enum status desk_silence_out(struct desk *desk, size_t n)
{
    enum status status = STATUS_OK;
    float zeros[1152];
    while (n && status == STATUS_OK) {
        size_t take = n < 1152 ? n : 1152;
        memset(zeros, 0, sizeof zeros);
        status = desk_resampled(desk, zeros, take);
        n -= take;
    }
    return status;
}

static enum status track_end(struct desk *desk)
{
    if (!desk->in_hz)
        return STATUS_OK;
    enum status status = resampler_finish(&desk->tools->resampler, desk_resampled, desk);
    desk->in_hz = 0;
    return status;
}

/* Everything from here on has this rate. A change of rate ends the track: the resampler is emptied and made anew. */
static enum status track_start(struct desk *desk, int in_hz)
{
    if (desk->in_hz == in_hz)
        return STATUS_OK;
    enum status status = track_end(desk);
    if (status == STATUS_OK)
        status = resampler_open(&desk->tools->resampler, in_hz, desk->settings->sample_rate_hz, NULL);
    desk->in_hz = in_hz;
    desk->track_in = 0;
    desk->track_base = desk->n_out;
    return status;
}

static uint64_t track_to_output(const struct desk *desk, uint64_t in_sample)
{
    uint64_t rate = (uint64_t)desk->settings->sample_rate_hz, in_hz = (uint64_t)desk->in_hz;
    return desk->track_base + (in_sample * rate + in_hz / 2) / in_hz;
}

/* Samples at the engine's rate, gain applied. */
static enum status track_add(struct desk *desk, const float *samples, size_t n)
{
    desk->track_in += n;
    return resampler_push(&desk->tools->resampler, samples, n, desk_resampled, desk);
}

static enum status track_silence(struct desk *desk, int ms)
{
    static const float zeros[1024];
    size_t n = (size_t)((int64_t)ms * desk->in_hz / 1000);
    enum status status = STATUS_OK;
    while (n && status == STATUS_OK) {
        size_t take = n < 1024 ? n : 1024;
        status = track_add(desk, zeros, take);
        n -= take;
    }
    return status;
}

static enum status desk_trimmed(void *context, float *samples, size_t n)
{
    struct desk *desk = context;
    for (size_t i = 0; i < n; i++)
        samples[i] *= desk->gain;
    return track_add(desk, samples, n);
}

/* ---- the engine's side ---- */

static enum status on_start(void *context, int rate_hz)
{
    struct desk *desk = context;
    if (rate_hz < 4000 || rate_hz > 192000)
        return STATUS_UNAVAILABLE;
    enum status status = track_start(desk, rate_hz);
    take_start(&desk->take, rate_hz, desk->quiet, desk_trimmed, desk);
    return status;
}

static enum status on_samples(void *context, const float *samples, size_t n)
{
    struct desk *desk = context;
    time_book(desk, TIME_SPEAK);
    enum status status = take_add(&desk->take, samples, n);
    time_book(desk, TIME_RESAMPLE);
    return status;
}

static void on_word(void *context, size_t offset, uint64_t sample)
{
    struct desk *desk = context;
    word_hints_add(&desk->hints, offset, sample);
}

static void on_alive(void *context)
{
    struct desk *desk = context;
    desk->sink->alive(desk->sink->context);
}

static void on_group(void *context, pid_t pgid)
{
    struct desk *desk = context;
    desk->sink->group(desk->sink->context, pgid);
}

static enum status record_piece(struct desk *desk, const struct piece *piece, size_t index, const struct studio_voice *voice,
                                struct arena *arena, struct piece_mark *mark, struct mark_list *marks, struct problem *problem)
{
    const struct engine_sink engine_sink = {
        .context = desk, .start = on_start, .samples = on_samples, .word = on_word, .alive = on_alive, .group = on_group};
    desk->gain = (float)level_from_db(voice->gain_db + desk->settings->loudness_lufs + 19 + PAUSES_ALLOWANCE_DB);
    desk->quiet = (float)level_from_db(desk->settings->loudness_lufs + SILENCE_DB) / desk->gain;
    take_start(&desk->take, USUAL_ENGINE_RATE_HZ, desk->quiet, desk_trimmed, desk);
    word_hints_clear(&desk->hints);
    /* Where the piece begins is known when its first sample is given on; before that the track may change its rate. */
    uint64_t in_before = desk->track_in;
    int hz_before = desk->in_hz;
    desk->time_mark = clock_s(CLOCK_MONOTONIC);
    enum status status = voice->engine->speak(voice->used, desk->settings->rate_factor, piece->words, &engine_sink, problem);
    time_book(desk, TIME_SPEAK);
    if (status == STATUS_OK)
        status = take_finish(&desk->take);
    if (status != STATUS_OK)
        return problem_set(problem, status, NULL, 0, "the sound could not be processed");
    if (!desk->take.n_out)
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "the engine made no sound");
    uint64_t in_start = hz_before == desk->in_hz ? in_before : 0;
    mark->start_sample = track_to_output(desk, in_start);
    mark->end_sample = track_to_output(desk, desk->track_in);
    enum status marked = mark_list_add_piece(marks, arena, piece, index, &desk->hints, &desk->take, mark);
    if (marked == STATUS_OK && piece->pause_after_ms > 0)
        marked = track_silence(desk, piece->pause_after_ms);
    return marked == STATUS_OK ? STATUS_OK : problem_set(problem, marked, NULL, 0, "the sound could not be processed");
}

static enum status record_speech(struct desk *desk, const struct passage *passage, size_t first, size_t end,
                                 const struct studio_voice *const *voices, struct arena *arena, struct recording *recording,
                                 struct problem *problem)
{
    struct piece_mark *pieces = arena_array(arena, end - first, sizeof *pieces);
    struct mark_list marks = {0};
    if (!pieces)
        return problem_no_memory(problem);
    for (size_t i = first; i < end; i++) {
        struct piece piece = passage->pieces[i];
        if (i + 1 == end)
            piece.pause_after_ms = 0;
        enum status status = record_piece(desk, &piece, i - first, voices[i - first], arena, &pieces[i - first], &marks, problem);
        if (status != STATUS_OK)
            return status;
    }
    recording->pieces = pieces;
    recording->words = marks.items;
    recording->n_words = marks.n;
    return STATUS_OK;
}

/* ---- intro, outro, chime ---- */

static enum status audio_start(void *context, int rate_hz)
{
    return track_start(context, rate_hz);
}

static enum status audio_samples(void *context, const float *samples, size_t n)
{
    struct desk *desk = context;
    enum status status = track_add(desk, samples, n);
    on_alive(desk);
    return status;
}

static enum status desk_finish(struct desk *desk)
{
    enum status status = track_end(desk);
    if (status == STATUS_OK)
        status = desk_silence_out(desk, limiter_delay(desk->limiter));
    if (status == STATUS_OK)
        status = encoder_finish(&desk->tools->encoder);
    if (status == STATUS_OK)
        status = desk_send(desk);
    loudness_meter_finish(&desk->loudness);
    time_book(desk, TIME_ENCODE);
    return status;
}

enum status recorder_record(struct recorder_tools *tools, const struct studio_settings *settings, const struct passage *passage,
                            size_t first, size_t end, const struct studio_voice *const *voices, const struct recorder_sink *sink,
                            struct arena *arena, struct recording *recording, struct problem *problem)
{
    struct desk desk = {.settings = settings, .tools = tools, .sink = sink, .time_mark = clock_s(CLOCK_MONOTONIC)};
    double cpu_before_s = clock_s(CLOCK_PROCESS_CPUTIME_ID);
    /* eSpeak NG's sound ends at 11 kHz. */
    bool narrow = passage->kind == PASSAGE_SPEECH;
    for (size_t i = first; i < end && narrow; i++)
        narrow = voices[i - first]->engine == &engine_espeak;
    /* At 44.1 kHz the samples of such a sound are its true peak. */
    bool bandlimited = narrow && settings->sample_rate_hz >= 44100;
    *recording = (struct recording){0};
    if (tools->encoder.narrow != narrow) {
        enum status opened = encoder_open(&tools->encoder, settings, narrow, problem);
        if (opened != STATUS_OK)
            return opened;
    }
    desk.limiter = limiter_new(settings->sample_rate_hz,
                               level_from_db(lowered_ceiling(settings->true_peak_dbtp, settings->loudness_lufs)), bandlimited);
    if (!desk.limiter)
        return problem_no_memory(problem);
    desk.limiter_drop = limiter_delay(desk.limiter);
    true_peak_start(&desk.true_peak, bandlimited);
    desk.envelope.rate_hz = settings->sample_rate_hz;
    loudness_meter_start(&desk.loudness, settings->sample_rate_hz);
    enum status status = desk_silence_out(&desk, (size_t)recorder_lead_samples(settings));
    if (status == STATUS_OK && passage->kind == PASSAGE_SPEECH) {
        status = record_speech(&desk, passage, first, end, voices, arena, recording, problem);
    } else if (status == STATUS_OK) {
        const struct audio_sink audio_sink = {.context = &desk, .start = audio_start, .samples = audio_samples};
        status = audio_play(passage->audio_path, settings->loudness_lufs, passage->fade_in_ms, passage->fade_out_ms, &audio_sink,
                            problem);
    }
    if (status == STATUS_OK)
        status = desk_finish(&desk);
    envelope_finish(&desk.envelope);
    recording->envelope = (const uint8_t *)arena_copy(arena, buffer_view(&desk.envelope.levels)).data;
    recording->n_envelope = desk.envelope.levels.len;
    if (status == STATUS_OK && (arena_failed(arena) || buffer_failed(&desk.envelope.levels)))
        status = problem_no_memory(problem);
    if (status != STATUS_OK)
        problem_set(problem, status, NULL, 0, "the sound could not be encoded");
    recording->n_mp3_frames = tools->encoder.n_mp3_frames;
    recording->n_samples = tools->encoder.n_samples;
    recording->loudness = desk.loudness.histogram;
    recording->true_peak_dbtp = level_to_db((double)desk.true_peak.peak);
    time_report(&desk, clock_s(CLOCK_PROCESS_CPUTIME_ID) - cpu_before_s, recording);
    limiter_free(desk.limiter);
    take_release(&desk.take);
    word_hints_release(&desk.hints);
    buffer_release(&desk.envelope.levels);
    return status;
}

/* ---- measuring a voice ---- */

#define MEASURE_LIMIT_S 300
#define MEASURE_PAUSE_MS 60 /* of the engine's own pauses, whose length differs between languages, so much counts as speech */
#define MEASURE_QUIET (1 / 512.0f)

/* The whole speech: it goes through the limiter at several gains. */
struct measure {
    float *samples;
    size_t n, capacity;
    size_t n_quiet; /* at the end */
    int rate_hz;
    const struct recorder_sink *sink;
};

static enum status measure_start(void *context, int rate_hz)
{
    struct measure *measure = context;
    measure->rate_hz = rate_hz;
    return rate_hz < 4000 || rate_hz > 192000 ? STATUS_UNAVAILABLE : STATUS_OK;
}

static enum status measure_samples(void *context, const float *samples, size_t n)
{
    struct measure *measure = context;
    size_t most = (size_t)measure->rate_hz * MEASURE_LIMIT_S;
    if (n > most - measure->n)
        n = most - measure->n;
    if (measure->n + n > measure->capacity) {
        size_t capacity = (measure->n + n) * 2 + 65536;
        float *grown = realloc(measure->samples, capacity * sizeof *grown);
        if (!grown)
            return STATUS_NO_MEMORY;
        measure->samples = grown;
        measure->capacity = capacity;
    }
    size_t pause = (size_t)measure->rate_hz * MEASURE_PAUSE_MS / 1000;
    for (size_t i = 0; i < n; i++) {
        measure->n_quiet = fabsf(samples[i]) < MEASURE_QUIET ? measure->n_quiet + 1 : 0;
        if (measure->n_quiet <= pause)
            measure->samples[measure->n++] = samples[i];
    }
    return STATUS_OK;
}

static void measure_word(void *context, size_t offset, uint64_t sample)
{
    (void)context;
    (void)offset;
    (void)sample;
}

static void measure_alive(void *context)
{
    const struct measure *measure = context;
    measure->sink->alive(measure->sink->context);
}

static void measure_group(void *context, pid_t pgid)
{
    const struct measure *measure = context;
    measure->sink->group(measure->sink->context, pgid);
}

/* Loudness of the speech with that gain, behind a limiter. */
static enum status measure_limited(const struct measure *measure, double ceiling_dbtp, double gain_db, double *loudness_lufs)
{
    struct limiter *limiter = limiter_new(measure->rate_hz, level_from_db(ceiling_dbtp), false);
    struct loudness_meter meter = {0};
    float block[4096], gain = (float)level_from_db(gain_db);
    if (!limiter)
        return STATUS_NO_MEMORY;
    loudness_meter_start(&meter, measure->rate_hz);
    for (size_t at = 0; at < measure->n;) {
        size_t n = measure->n - at < 4096 ? measure->n - at : 4096;
        for (size_t i = 0; i < n; i++)
            block[i] = measure->samples[at + i] * gain;
        limiter_process(limiter, block, n);
        loudness_meter_add(&meter, block, n);
        at += n;
        measure_alive((void *)measure);
    }
    limiter_free(limiter);
    loudness_meter_finish(&meter);
    *loudness_lufs = loudness_integrated(&meter.histogram);
    return STATUS_OK;
}

/* The limiter takes more from voices of high peaks, so the gain is found behind it, step by step. */
static enum status find_gain(const struct measure *measure, double ceiling_dbtp, double *gain_db)
{
    enum status status = STATUS_OK;
    *gain_db = 0;
    for (int step = 0; step < 16 && status == STATUS_OK; step++) {
        double loudness = 0;
        status = measure_limited(measure, ceiling_dbtp, *gain_db, &loudness);
        if (status == STATUS_OK && !(loudness > -60))
            status = STATUS_UNAVAILABLE;
        double off = REFERENCE_LUFS - loudness;
        if (status == STATUS_OK)
            *gain_db += off;
        if (fabs(off) < 0.02)
            break;
    }
    return status;
}

enum status recorder_measure_voice(const struct voice *voice, const struct engine *engine, double rate_factor,
                                   double loudness_lufs, struct str words, const struct recorder_sink *sink,
                                   struct voice_gain *gain, struct problem *problem)
{
    struct measure measure = {.sink = sink};
    const struct engine_sink engine_sink = {.context = &measure,
                                            .start = measure_start,
                                            .samples = measure_samples,
                                            .word = measure_word,
                                            .alive = measure_alive,
                                            .group = measure_group};
    enum status status = engine->speak(voice, rate_factor, words, &engine_sink, problem);
    if (status == STATUS_OK) {
        double louder = fmax(loudness_lufs - REFERENCE_LUFS, 0), limited_db = 0;
        status = find_gain(&measure, MEASURE_CEILING_DBTP, &gain->reference_db);
        /* Louder under a ceiling is as loud as before under a lower one. */
        if (status == STATUS_OK && louder > 0)
            status = find_gain(&measure, lowered_ceiling(MEASURE_CEILING_DBTP, loudness_lufs) - louder, &limited_db);
        gain->louder_db = louder > 0 ? limited_db - gain->reference_db : 0;
        if (status == STATUS_UNAVAILABLE)
            problem_set(problem, status, NULL, 0, "it is silent");
        else if (status != STATUS_OK)
            problem_set(problem, status, NULL, 0, "it could not be measured");
    }
    free(measure.samples);
    return status;
}
