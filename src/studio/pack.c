#include "studio/pack.h"

#include <string.h>

static void put(struct buffer *out, const void *data, size_t len)
{
    buffer_append(out, data, len);
}

static void put_number(struct buffer *out, uint64_t number)
{
    put(out, &number, sizeof number);
}

static void put_real(struct buffer *out, double real)
{
    put(out, &real, sizeof real);
}

void recording_pack(const struct recording *recording, size_t n_pieces, struct buffer *out)
{
    put_number(out, recording->n_mp3_frames);
    put_number(out, recording->n_samples);
    put_real(out, recording->true_peak_dbtp);
    put_real(out, recording->speak_cpu_s);
    put_real(out, recording->resample_cpu_s);
    put_real(out, recording->encode_cpu_s);
    put_number(out, n_pieces);
    for (size_t i = 0; i < n_pieces; i++) {
        put_number(out, recording->pieces[i].start_sample);
        put_number(out, recording->pieces[i].end_sample);
    }
    put_number(out, recording->n_words);
    for (size_t i = 0; i < recording->n_words; i++) {
        put_number(out, (uint64_t)recording->words[i].piece << 32 | recording->words[i].part);
        put_number(out, recording->words[i].start_sample);
    }
    uint64_t n_bins = 0;
    for (int i = 0; i < LOUDNESS_BINS; i++)
        n_bins += recording->loudness.blocks[i] != 0;
    put_number(out, n_bins);
    for (int i = 0; i < LOUDNESS_BINS; i++)
        if (recording->loudness.blocks[i])
            put_number(out, (uint64_t)i << 32 | recording->loudness.blocks[i]);
    put_number(out, recording->n_envelope);
    put(out, recording->envelope, recording->n_envelope);
}

static uint64_t take_number(struct str *rest, bool *bad)
{
    uint64_t number = 0;
    if (rest->len < sizeof number) {
        *bad = true;
        return 0;
    }
    memcpy(&number, rest->data, sizeof number);
    *rest = str_sub(*rest, sizeof number, rest->len);
    return number;
}

static double take_real(struct str *rest, bool *bad)
{
    uint64_t bits = take_number(rest, bad);
    double real;
    memcpy(&real, &bits, sizeof real);
    return real;
}

enum status recording_unpack(struct str bytes, size_t n_pieces, struct arena *arena, struct recording *recording)
{
    bool bad = false;
    *recording = (struct recording){0};
    recording->n_mp3_frames = (size_t)take_number(&bytes, &bad);
    recording->n_samples = take_number(&bytes, &bad);
    recording->true_peak_dbtp = take_real(&bytes, &bad);
    recording->speak_cpu_s = take_real(&bytes, &bad);
    recording->resample_cpu_s = take_real(&bytes, &bad);
    recording->encode_cpu_s = take_real(&bytes, &bad);
    if (take_number(&bytes, &bad) != n_pieces || bad || n_pieces > bytes.len / 16)
        return STATUS_BAD_DATA;
    struct piece_mark *pieces = arena_array(arena, n_pieces, sizeof *pieces);
    for (size_t i = 0; pieces && i < n_pieces; i++) {
        pieces[i].start_sample = take_number(&bytes, &bad);
        pieces[i].end_sample = take_number(&bytes, &bad);
    }
    recording->pieces = pieces;
    recording->n_words = (size_t)take_number(&bytes, &bad);
    if (bad || recording->n_words > bytes.len / 16)
        return STATUS_BAD_DATA;
    struct word_mark *words = arena_array(arena, recording->n_words, sizeof *words);
    for (size_t i = 0; words && i < recording->n_words; i++) {
        uint64_t place = take_number(&bytes, &bad);
        words[i] = (struct word_mark){(uint32_t)(place >> 32), (uint32_t)place, take_number(&bytes, &bad)};
    }
    recording->words = words;
    uint64_t n_bins = take_number(&bytes, &bad);
    for (uint64_t i = 0; !bad && i < n_bins; i++) {
        uint64_t bin = take_number(&bytes, &bad);
        if (bin >> 32 >= LOUDNESS_BINS)
            return STATUS_BAD_DATA;
        recording->loudness.blocks[bin >> 32] = (uint32_t)bin;
    }
    recording->n_envelope = (size_t)take_number(&bytes, &bad);
    if (bad || bytes.len != recording->n_envelope)
        return STATUS_BAD_DATA;
    recording->envelope = (const uint8_t *)arena_copy(arena, bytes).data;
    return arena_failed(arena) ? STATUS_NO_MEMORY : STATUS_OK;
}
