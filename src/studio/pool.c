/* The pool: who works when.
 *
 * The parent never makes sound. It keeps up to `jobs` workers running, each a child forked for one passage (worker.c), reads what
 * they send as it comes, and delivers finished passages in order. At most 2 * jobs + 3 passages are taken up and not yet
 * delivered: that bounds the memory. The oldest goes first, so that the others need not wait for it, unless there is one so long
 * that it alone would take as long as everything else that is left; and where the last passage is taken up, the longest goes
 * first. So no core waits for a long one at the end.
 *
 * A passage whose worker fails - crashes, hangs (says nothing for stall_s), or reports a failure - is tried once more as it is,
 * for the machine may have been at fault, and a second try gives the same bytes. If it fails again it is recorded piece by piece,
 * each in a worker of its own, and the piece that fails has failed for good. Then the run ends when it is that passage's turn,
 * or, with keep_going, the piece becomes a second of silence.
 *
 * What is delivered depends on the passages alone, never on the number of jobs or who was first. */
#include "studio/pool.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "studio/cache.h"
#include "studio/pack.h"
#include "studio/sandbox.h"
#include "studio/trace.h"
#include "studio/worker.h"

enum job_state { JOB_EMPTY, JOB_WAITING, JOB_RUNNING, JOB_DONE };

struct job {
    enum job_state state;
    size_t passage;
    size_t weight;     /* passage_weight() */
    bool begun;        /* or there already: no longer part of pool.weight_left */
    size_t first, end; /* pieces that the worker records */
    bool failed_once, by_piece;
    int slot; /* of the workers, for the trace */
    int64_t start_us;
    struct worker worker;
    struct arena arena;
    struct buffer mp3;
    struct recording recording;
    struct piece_mark *pieces;
    struct word_mark *words;
    size_t n_words, words_capacity;
    char key[HASH_HEX_SIZE]; /* in the cache; "" without one */
    enum status status;      /* JOB_DONE: STATUS_OK, or why it failed for good */
    struct problem problem;
};

struct pool {
    struct studio *studio;
    studio_deliver_function *deliver;
    studio_note_function *note;
    void *context;
    struct job *jobs; /* ring: passage p is in jobs[p % window] */
    size_t window;
    size_t next_taken, next_delivered;
    size_t weight_left; /* of all passages not begun */
    int n_running;
    bool *slot_used; /* [settings.jobs] */
    struct pollfd *polls;
    struct job **polled;
};

static const struct passage *job_passage(const struct pool *pool, const struct job *job)
{
    return &pool->studio->programme->passages[job->passage];
}

static size_t job_n_pieces(const struct pool *pool, const struct job *job)
{
    const struct passage *passage = job_passage(pool, job);
    return passage->kind == PASSAGE_SPEECH ? passage->n_pieces : 0;
}

/* ---- the worker's part ---- */

struct assignment {
    struct pool *pool;
    struct job *job;
    struct worker_line *line;
};

static enum status send_mp3(void *context, struct str whole_frames)
{
    const struct assignment *assignment = context;
    return worker_send_data(assignment->line, whole_frames);
}

static void send_alive(void *context)
{
    const struct assignment *assignment = context;
    worker_send_alive(assignment->line);
}

static void send_group(void *context, pid_t pgid)
{
    const struct assignment *assignment = context;
    worker_send_group(assignment->line, pgid);
}

static enum status work(void *context, struct worker_line *line, struct problem *problem)
{
    struct assignment *assignment = context;
    assignment->line = line;
    struct studio *studio = assignment->pool->studio;
    struct job *job = assignment->job;
    const struct passage *passage = job_passage(assignment->pool, job);
    struct arena arena = {0};
    struct recording recording;
    struct buffer result = {0};
    size_t n = job->end - job->first;
    const struct studio_voice **voices = arena_array(&arena, n, sizeof *voices);
    if (!voices)
        return problem_no_memory(problem);
    bool alone = true;
    for (size_t i = 0; i < n; i++) {
        voices[i] = studio_voice_of(studio, &passage->pieces[job->first + i]);
        alone = alone && voices[i]->engine->is_alone(voices[i]->used);
    }
#ifdef CRIER_COVERAGE
    alone = false; /* the counts are files that the worker writes */
#endif
    if (alone)
        (void)sandbox_enter(); /* studio_open has told where there is none */
    const struct recorder_sink sink = {.context = assignment, .mp3 = send_mp3, .alive = send_alive, .group = send_group};
    srand(1); /* eSpeak NG's noise */
    enum status status = recorder_record(&studio->tools, &studio->settings, passage, job->first, job->end, voices, &sink, &arena,
                                         &recording, problem);
    if (status != STATUS_OK)
        return status;
    recording_pack(&recording, n, &result);
    return buffer_failed(&result) ? problem_no_memory(problem) : worker_send_result(line, buffer_view(&result));
}

/* ---- jobs ---- */

static void job_reset_sound(struct pool *pool, struct job *job)
{
    arena_release(&job->arena);
    buffer_clear(&job->mp3);
    job->recording = (struct recording){.true_peak_dbtp = -1000};
    job->pieces = arena_array(&job->arena, job_n_pieces(pool, job), sizeof *job->pieces);
    job->words = NULL;
    job->n_words = job->words_capacity = 0;
}

static void job_finish_recording(struct job *job)
{
    job->recording.mp3 = (const uint8_t *)job->mp3.data;
    job->recording.mp3_len = job->mp3.len;
    job->recording.pieces = job->pieces;
    job->recording.words = job->words;
    job->recording.n_words = job->n_words;
}

/* How long it may take to record: bytes of words. */
static size_t passage_weight(const struct passage *passage)
{
    if (passage->kind == PASSAGE_AUDIO)
        return 1000;
    size_t weight = 0;
    for (size_t i = 0; i < passage->n_pieces; i++)
        weight += passage->pieces[i].words.len;
    return weight;
}

static void job_begin(struct pool *pool, struct job *job)
{
    if (!job->begun)
        pool->weight_left -= job->weight;
    job->begun = true;
}

/* Takes up the next passage: from the cache, or to be recorded. */
static void job_take(struct pool *pool, struct job *job, size_t passage)
{
    struct studio *studio = pool->studio;
    job->passage = passage;
    job->state = JOB_WAITING;
    job->failed_once = job->by_piece = job->begun = false;
    job->status = STATUS_OK;
    job->problem = (struct problem){0};
    job->first = 0;
    job->end = job_n_pieces(pool, job);
    const struct passage *p = job_passage(pool, job);
    job->weight = passage_weight(p);
    job_reset_sound(pool, job);
    if (!studio->cache || cache_key(studio, p, job->key) != STATUS_OK) {
        job->key[0] = '\0'; /* not that of the passage that was here before */
        return;
    }
    if (cache_load(studio->cache, job->key, job->end, &job->arena, &job->mp3, &job->recording)) {
        job->recording.cached = true;
        job->recording.speak_cpu_s = job->recording.resample_cpu_s = job->recording.encode_cpu_s = 0;
        job->state = JOB_DONE;
        job_begin(pool, job);
    }
}

/* Adds silence of `n` MP3 frames to the recording. */
static void job_append_silence(struct pool *pool, struct job *job, uint64_t n)
{
    struct str silent = buffer_view(&pool->studio->silent_frame);
    for (uint64_t i = 0; i < n; i++)
        buffer_append(&job->mp3, silent.data, silent.len);
    job->recording.n_mp3_frames += (size_t)n;
    job->recording.n_samples += n * (uint64_t)studio_samples_per_frame(&pool->studio->settings);
}

/* The pause after a piece that was recorded apart: whole MP3 frames, less the silence that recordings have at their ends. */
static void job_append_pause(struct pool *pool, struct job *job)
{
    const struct piece *piece = &job_passage(pool, job)->pieces[job->end - 1];
    const struct studio_settings *settings = &pool->studio->settings;
    int64_t frame = studio_samples_per_frame(settings);
    int64_t wanted = (int64_t)piece->pause_after_ms * settings->sample_rate_hz / 1000;
    int64_t there = (int64_t)(job->recording.n_samples - job->pieces[job->end - 1].end_sample) + recorder_lead_samples(settings);
    if (wanted > there)
        job_append_silence(pool, job, (uint64_t)((wanted - there + frame / 2) / frame));
}

static enum status job_add_envelope(struct job *job, const struct recording *part)
{
    struct recording *whole = &job->recording;
    uint8_t *both = arena_alloc(&job->arena, whole->n_envelope + part->n_envelope);
    if (!both)
        return STATUS_NO_MEMORY;
    if (whole->n_envelope)
        memcpy(both, whole->envelope, whole->n_envelope);
    if (part->n_envelope)
        memcpy(both + whole->n_envelope, part->envelope, part->n_envelope);
    whole->envelope = both;
    whole->n_envelope += part->n_envelope;
    return STATUS_OK;
}

/* Adds what the worker made to the job's recording. */
static enum status job_absorb(struct job *job)
{
    struct recording part;
    enum status status = recording_unpack(buffer_view(&job->worker.result), job->end - job->first, &job->arena, &part);
    if (status != STATUS_OK || !job->pieces)
        return status != STATUS_OK ? status : STATUS_NO_MEMORY;
    uint64_t base = job->recording.n_samples;
    for (size_t i = job->first; i < job->end; i++) {
        job->pieces[i].start_sample = base + part.pieces[i - job->first].start_sample;
        job->pieces[i].end_sample = base + part.pieces[i - job->first].end_sample;
    }
    for (size_t i = 0; i < part.n_words; i++) {
        struct word_mark *word = arena_push(&job->arena, (void **)&job->words, &job->n_words, &job->words_capacity, sizeof *word);
        if (!word)
            return STATUS_NO_MEMORY;
        *word = part.words[i];
        word->piece += (uint32_t)job->first;
        word->start_sample += base;
    }
    struct recording *whole = &job->recording;
    whole->n_samples += part.n_samples;
    whole->n_mp3_frames += part.n_mp3_frames;
    if (part.true_peak_dbtp > whole->true_peak_dbtp)
        whole->true_peak_dbtp = part.true_peak_dbtp;
    whole->speak_cpu_s += part.speak_cpu_s;
    whole->resample_cpu_s += part.resample_cpu_s;
    whole->encode_cpu_s += part.encode_cpu_s;
    loudness_add(&whole->loudness, &part.loudness);
    status = job_add_envelope(job, &part);
    if (status != STATUS_OK)
        return status;
    if (!job->mp3.len) { /* most often: nothing to copy */
        struct buffer empty = job->mp3;
        job->mp3 = job->worker.data;
        job->worker.data = empty;
        return STATUS_OK;
    }
    buffer_append(&job->mp3, job->worker.data.data, job->worker.data.len);
    return buffer_failed(&job->mp3) ? STATUS_NO_MEMORY : STATUS_OK;
}

/* A second of silence in place of pieces [first, end), whose words all stand at its start. */
static void job_give_silence(struct pool *pool, struct job *job)
{
    const struct studio_settings *settings = &pool->studio->settings;
    uint64_t at = job->recording.n_samples + (uint64_t)recorder_lead_samples(settings);
    job_append_silence(pool, job, (uint64_t)settings->sample_rate_hz / (uint64_t)studio_samples_per_frame(settings));
    for (size_t i = job->first; i < job->end && job->pieces; i++) {
        job->pieces[i] = (struct piece_mark){at, at};
        for (size_t part = 0; part < job_passage(pool, job)->pieces[i].n_parts; part++) {
            struct word_mark *word =
                arena_push(&job->arena, (void **)&job->words, &job->n_words, &job->words_capacity, sizeof *word);
            if (word)
                *word = (struct word_mark){(uint32_t)i, (uint32_t)part, at};
        }
    }
    job->recording.failed = true;
}

static void job_done(struct pool *pool, struct job *job)
{
    if (job->status == STATUS_OK && (arena_failed(&job->arena) || buffer_failed(&job->mp3)))
        job->status = problem_no_memory(&job->problem);
    job_finish_recording(job);
    job->state = JOB_DONE;
    /* A recording made piece by piece is not what the passage always gives. */
    if (job->status == STATUS_OK && job->key[0] && !job->by_piece && !job->recording.failed)
        cache_store(pool->studio->cache, job->key, job_n_pieces(pool, job), &job->recording);
}

/* After pieces [first, end): the next ones, or the end. */
static void job_advance(struct pool *pool, struct job *job)
{
    if (job->end >= job_n_pieces(pool, job)) {
        job_done(pool, job);
        return;
    }
    job_append_pause(pool, job);
    job->first = job->end++;
    job->state = JOB_WAITING;
}

/* ---- failures ---- */

static void tell(const struct pool *pool, const char *words)
{
    if (pool->note)
        pool->note(pool->context, words);
}

/* "cannot speak 'The first words ...' with voice 'woman-1': why" */
static void describe(const struct pool *pool, const struct job *job, const struct problem *why, char *out, size_t size)
{
    const struct passage *passage = job_passage(pool, job);
    if (passage->kind == PASSAGE_AUDIO) {
        snprintf(out, size, "cannot play '%s': %s", *passage->audio_path ? passage->audio_path : "the chime", why->text);
        return;
    }
    const struct piece *piece = &passage->pieces[job->first];
    size_t len = piece->words.len;
    if (len > 60) {
        len = 60;
        while (len > 0 && ((unsigned char)piece->words.data[len] & 0xC0) == 0x80)
            len--;
    }
    snprintf(out, size, "cannot speak '%.*s%s' with voice '%.*s': %s", (int)len, piece->words.data,
             len < piece->words.len ? " ..." : "", STR_ARG(piece->voice->name), why->text);
}

static void job_failed(struct pool *pool, struct job *job, enum status status, const struct problem *why)
{
    char words[1024], line[1200];
    describe(pool, job, why, words, sizeof words);
    bool again = !job->by_piece && !job->failed_once && status != STATUS_BAD_DATA && status != STATUS_NO_INPUT;
    bool apart = !job->by_piece && !again && job->end > 1;
    if (again || apart) {
        if (apart) {
            job->first = 0;
            job->end = 1;
        }
        job->failed_once = again;
        job->by_piece = apart;
        job_reset_sound(pool, job);
        snprintf(line, sizeof line, "%s; trying again%s", words, apart ? " sentence by sentence" : "");
        tell(pool, line);
        job->state = JOB_WAITING;
        return;
    }
    if (pool->studio->settings.keep_going && status != STATUS_NO_MEMORY) {
        snprintf(line, sizeof line, "%s; left silent", words);
        tell(pool, line);
        job_give_silence(pool, job);
        job_advance(pool, job);
        return;
    }
    job->status = problem_set(&job->problem, status, NULL, 0, "%.500s", words);
    job->state = JOB_DONE;
}

/* ---- the run ---- */

static void pool_take_up(struct pool *pool)
{
    while (pool->next_taken < pool->studio->programme->n_passages && pool->next_taken < pool->next_delivered + pool->window) {
        struct job *job = &pool->jobs[pool->next_taken % pool->window];
        job_take(pool, job, pool->next_taken++);
    }
}

static struct job *pool_choose(struct pool *pool)
{
    struct job *oldest = NULL, *longest = NULL;
    for (size_t p = pool->next_delivered; p < pool->next_taken; p++) {
        struct job *job = &pool->jobs[p % pool->window];
        if (job->state != JOB_WAITING)
            continue;
        if (!oldest)
            oldest = job;
        if (!longest || job->weight > longest->weight)
            longest = job;
    }
    if (!longest || pool->next_taken == pool->studio->programme->n_passages)
        return longest;
    /* A third more than its share of what is left: weights are a guess. */
    size_t n_workers = (size_t)pool->studio->settings.jobs;
    return longest->weight * n_workers / 3 * 4 >= pool->weight_left ? longest : oldest;
}

/* Room for what will come, about, so that it need not grow step by step: at 15 letters a second. */
static void job_expect_sound(const struct pool *pool, struct job *job)
{
    enum { LETTERS_PER_S = 15, MOST = 1 << 20 };
    size_t bytes_per_s = (size_t)pool->studio->settings.bitrate_kbps * 1000 / 8;
    size_t expected = job->weight < MOST ? job->weight * bytes_per_s / LETTERS_PER_S : MOST;
    buffer_clear(&job->worker.data);
    (void)buffer_reserve(&job->worker.data, expected < MOST ? expected : MOST);
}

static enum status pool_start_workers(struct pool *pool, struct problem *problem)
{
    struct job *job;
    while (pool->n_running < pool->studio->settings.jobs && (job = pool_choose(pool)) != NULL) {
        struct assignment assignment = {.pool = pool, .job = job};
        job_expect_sound(pool, job);
        enum status status = worker_start(&job->worker, work, &assignment, problem);
        if (status != STATUS_OK)
            return status;
        job->start_us = clock_us();
        job->slot = 0;
        while (pool->slot_used[job->slot])
            job->slot++;
        pool->slot_used[job->slot] = true;
        job->state = JOB_RUNNING;
        job_begin(pool, job);
        pool->n_running++;
    }
    return STATUS_OK;
}

static void pool_worker_over(struct pool *pool, struct job *job)
{
    pool->slot_used[job->slot] = false;
    pool->n_running--;
    if (pool->studio->trace)
        trace_passage(pool->studio->trace, job->slot, job->passage, job->start_us, clock_us());
}

static void pool_collect(struct pool *pool, struct job *job)
{
    struct problem why = {0};
    enum status status = worker_finish(&job->worker, &why);
    pool_worker_over(pool, job);
    if (status == STATUS_OK)
        status = job_absorb(job);
    if (status == STATUS_OK) {
        job_advance(pool, job);
        return;
    }
    problem_set(&why, status, NULL, 0, "its result could not be used");
    job_failed(pool, job, status, &why);
}

/* Waits for news of the workers and takes them in. */
static void pool_wait(struct pool *pool)
{
    size_t n = 0;
    for (size_t p = pool->next_delivered; p < pool->next_taken; p++) {
        struct job *job = &pool->jobs[p % pool->window];
        if (job->state != JOB_RUNNING)
            continue;
        pool->polls[n] = (struct pollfd){.fd = job->worker.fd, .events = POLLIN};
        pool->polled[n++] = job;
    }
    int ready = n ? poll(pool->polls, n, 250) : 0;
    int64_t now = clock_ms(), stall_ms = (int64_t)pool->studio->settings.stall_s * 1000;
    for (size_t i = 0; i < n; i++) {
        struct job *job = pool->polled[i];
        if (ready > 0 && pool->polls[i].revents) {
            if (!worker_read(&job->worker))
                pool_collect(pool, job);
        } else if (now - job->worker.progress_ms > stall_ms) {
            struct problem why = {0};
            worker_kill(&job->worker);
            pool_worker_over(pool, job);
            problem_set(&why, STATUS_UNAVAILABLE, NULL, 0, "no progress for %d seconds", pool->studio->settings.stall_s);
            job_failed(pool, job, STATUS_UNAVAILABLE, &why);
        }
    }
}

static bool stopped(const struct studio *studio)
{
    return studio->settings.stop && *studio->settings.stop;
}

static enum status pool_deliver(struct pool *pool, struct problem *problem)
{
    while (pool->next_delivered < pool->next_taken) {
        struct job *job = &pool->jobs[pool->next_delivered % pool->window];
        if (job->state != JOB_DONE)
            break;
        if (stopped(pool->studio))
            return problem_set(problem, STATUS_INTERRUPTED, NULL, 0, "interrupted");
        if (job->status != STATUS_OK) {
            if (problem)
                *problem = job->problem;
            return job->status;
        }
        enum status status = pool->deliver(pool->context, job->passage, &job->recording, problem);
        if (status != STATUS_OK)
            return status;
        job->state = JOB_EMPTY;
        arena_release(&job->arena);
        pool->next_delivered++;
    }
    return STATUS_OK;
}

static enum status pool_run(struct pool *pool, struct problem *problem)
{
    const struct studio *studio = pool->studio;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && pool->next_delivered < studio->programme->n_passages) {
        if (stopped(studio))
            return problem_set(problem, STATUS_INTERRUPTED, NULL, 0, "interrupted");
        pool_take_up(pool);
        status = pool_start_workers(pool, problem);
        if (status == STATUS_OK)
            pool_wait(pool);
        /* The cores first: what a finished worker leaves behind is delivered while the next one works. */
        if (status == STATUS_OK)
            status = pool_start_workers(pool, problem);
        if (status == STATUS_OK)
            status = pool_deliver(pool, problem);
    }
    return status;
}

enum status pool_record(struct studio *studio, studio_deliver_function *deliver, studio_note_function *note, void *context,
                        struct problem *problem)
{
    struct pool pool = {.studio = studio, .deliver = deliver, .note = note, .context = context};
    size_t n_workers = (size_t)studio->settings.jobs;
    pool.window = 2 * n_workers + 3;
    pool.jobs = calloc(pool.window, sizeof *pool.jobs);
    pool.slot_used = calloc(n_workers, sizeof *pool.slot_used);
    pool.polls = calloc(pool.window, sizeof *pool.polls);
    pool.polled = calloc(pool.window, sizeof(struct job *));
    for (size_t p = 0; p < studio->programme->n_passages; p++)
        pool.weight_left += passage_weight(&studio->programme->passages[p]);
    enum status status = STATUS_OK;
    if (!pool.jobs || !pool.slot_used || !pool.polls || !pool.polled)
        status = problem_no_memory(problem);
    for (size_t i = 0; i < studio->n_notes; i++)
        tell(&pool, studio->notes[i]);
    if (status == STATUS_OK)
        status = pool_run(&pool, problem);
    for (size_t i = 0; pool.jobs && i < pool.window; i++) {
        worker_release(&pool.jobs[i].worker);
        arena_release(&pool.jobs[i].arena);
        buffer_release(&pool.jobs[i].mp3);
    }
    free(pool.jobs);
    free(pool.slot_used);
    free(pool.polls);
    free(pool.polled);
    return status;
}
