/* Programmes made by hand, recorded into memory, decoded again. */
#ifndef CRIER_TESTS_STUDIO_FIXTURE_H
#define CRIER_TESTS_STUDIO_FIXTURE_H

#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sndfile.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "studio/studio.h"

static const struct voice fixture_anna = {
    .name = {"anna", 4},
    .engine = {"espeak", 6},
    .model = {"gmw/en-US", 9},
    .variant = {"f2", 2},
    .pitch = 50,
    .range = 50,
    .rate_wpm = 175,
    .amplitude = 100,
    .gain_db = 1.5,
};
static const struct voice fixture_ben = {
    .name = {"ben", 3},
    .engine = {"espeak", 6},
    .model = {"gmw/en", 6},
    .variant = {"", 0},
    .pitch = 40,
    .range = 50,
    .rate_wpm = 170,
    .amplitude = 100,
    .gain_db = 1.5,
};

/* Everything recorded, end to end. */
struct tape {
    struct buffer mp3;
    uint64_t n_samples;
    size_t n_delivered, n_cached, n_failed, n_notes;
    struct buffer notes;
    struct loudness_histogram loudness;
    double true_peak_dbtp;
    struct piece_mark pieces[4096]; /* of the whole tape */
    size_t n_pieces;
    struct word_mark words[8192];
    size_t n_words;
    uint64_t starts[1024]; /* of each recording */
    const struct programme *programme;
};

static inline enum status tape_deliver(void *context, size_t passage, const struct recording *recording, struct problem *problem)
{
    (void)problem;
    struct tape *tape = context;
    assert_int_equal(passage, tape->n_delivered);
    tape->starts[tape->n_delivered++ % 1024] = tape->n_samples;
    tape->n_cached += recording->cached;
    tape->n_failed += recording->failed;
    buffer_append(&tape->mp3, recording->mp3, recording->mp3_len);
    const struct passage *p = &tape->programme->passages[passage];
    for (size_t i = 0; p->kind == PASSAGE_SPEECH && i < p->n_pieces && tape->n_pieces < 4096; i++) {
        tape->pieces[tape->n_pieces] = recording->pieces[i];
        tape->pieces[tape->n_pieces].start_sample += tape->n_samples;
        tape->pieces[tape->n_pieces++].end_sample += tape->n_samples;
    }
    for (size_t i = 0; i < recording->n_words && tape->n_words < 8192; i++) {
        tape->words[tape->n_words] = recording->words[i];
        tape->words[tape->n_words++].start_sample += tape->n_samples;
    }
    tape->n_samples += recording->n_samples;
    loudness_add(&tape->loudness, &recording->loudness);
    if (recording->true_peak_dbtp > tape->true_peak_dbtp)
        tape->true_peak_dbtp = recording->true_peak_dbtp;
    return STATUS_OK;
}

static inline void tape_note(void *context, const char *words)
{
    struct tape *tape = context;
    tape->n_notes++;
    buffer_c_string(&tape->notes, words);
    buffer_byte(&tape->notes, '\n');
}

static inline struct tape *tape_new(void)
{
    struct tape *tape = calloc(1, sizeof *tape);
    assert_non_null(tape);
    tape->true_peak_dbtp = -1000;
    return tape;
}

static inline void tape_free(struct tape *tape)
{
    buffer_release(&tape->mp3);
    buffer_release(&tape->notes);
    free(tape);
}

static inline enum status tape_record(struct tape *tape, const struct studio_settings *settings,
                                      const struct programme *programme, struct problem *problem)
{
    struct studio *studio = NULL;
    tape->programme = programme;
    enum status status = studio_open(&studio, settings, programme, problem);
    if (status == STATUS_OK)
        status = studio_record(studio, tape_deliver, tape_note, tape, problem);
    studio_close(studio);
    return status;
}

/* The tape as PCM, encoder and decoder delay (1105 samples) taken off. *n is at most tape->n_samples. */
static inline float *tape_decode(const struct tape *tape, size_t *n)
{
    char path[] = "/tmp/crier-test.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, tape->mp3.data, tape->mp3.len), (long)tape->mp3.len);
    close(fd);
    SF_INFO info = {0};
    SNDFILE *file = sf_open(path, SFM_READ, &info);
    assert_non_null(file);
    assert_int_equal(info.channels, 1);
    float *samples = calloc(tape->n_samples + 8192, sizeof *samples);
    assert_non_null(samples);
    size_t total = 0;
    sf_count_t got;
    while ((got = sf_readf_float(file, samples + total, (sf_count_t)(tape->n_samples + 8192 - total))) > 0)
        total += (size_t)got;
    sf_close(file);
    unlink(path);
    assert_true(total > 1105);
    memmove(samples, samples + 1105, (total - 1105) * sizeof *samples);
    *n = total - 1105;
    return samples;
}

/* A programme of speech: lines "a: words" (anna) and "b: words" (ben) are pieces; an empty line begins the next passage. */
static inline struct programme fixture_programme_with(const char *text, const struct voice *a, const struct voice *b)
{
    struct programme programme = {0};
    struct str rest = str_from(text), line;
    struct passage *passages = arena_array(&programme.arena, 256, sizeof *passages);
    struct piece *pieces = arena_array(&programme.arena, 2048, sizeof *pieces);
    size_t n_pieces = 0;
    programme.n_passages = 1;
    while (str_next(&rest, '\n', &line)) {
        struct passage *passage = &passages[programme.n_passages - 1];
        if (!line.len) {
            if (passage->n_pieces)
                programme.n_passages++;
            continue;
        }
        struct piece *piece = &pieces[n_pieces++];
        if (!passage->n_pieces)
            passage->pieces = piece;
        passage->n_pieces++;
        passage->pause_after_ms = 600;
        piece->voice = line.data[0] == 'a' ? a : b;
        piece->words = arena_copy(&programme.arena, str_sub(line, 3, line.len));
        piece->pause_after_ms = 300;
        size_t capacity = 64;
        struct spoken_part *parts = arena_array(&programme.arena, capacity, sizeof *parts);
        struct str words = piece->words, word;
        while (str_next(&words, ' ', &word) && piece->n_parts < capacity) {
            size_t at = (size_t)(word.data - piece->words.data);
            parts[piece->n_parts++] =
                (struct spoken_part){(uint32_t)at, (uint32_t)(at + word.len), (uint32_t)at, (uint32_t)(at + word.len)};
        }
        piece->parts = parts;
    }
    if (!passages[programme.n_passages - 1].n_pieces)
        programme.n_passages--;
    programme.passages = passages;
    return programme;
}

static inline struct programme fixture_programme(const char *text)
{
    return fixture_programme_with(text, &fixture_anna, &fixture_ben);
}

static inline struct studio_settings fixture_settings(int jobs)
{
    struct studio_settings settings;
    studio_settings_default(&settings);
    settings.jobs = jobs;
    return settings;
}

#endif
