/* MP3 frames made in the test with LAME, as the studio makes them: CBR, mono, no reservoir, silent at both ends. */
#ifndef CRIER_TESTS_EDITION_FRAMES_H
#define CRIER_TESTS_EDITION_FRAMES_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <lame/lame.h>

#include "base/buffer.h"

struct frames {
    struct buffer mp3;
    size_t count, samples_per_frame;
};

/* `n` frames of a tone of `level` (0: silence); the sound keeps three frames away from both ends. */
static struct frames frames_make(int rate_hz, int kbps, size_t n, float level)
{
    struct frames frames = {.samples_per_frame = rate_hz >= 32000 ? 1152 : 576};
    lame_global_flags *lame = lame_init();
    lame_set_in_samplerate(lame, rate_hz);
    lame_set_out_samplerate(lame, rate_hz);
    lame_set_num_channels(lame, 1);
    lame_set_mode(lame, MONO);
    lame_set_VBR(lame, vbr_off);
    lame_set_brate(lame, kbps);
    lame_set_quality(lame, 7);
    lame_set_disable_reservoir(lame, 1);
    lame_set_bWriteVbrTag(lame, 0);
    lame_set_write_id3tag_automatic(lame, 0);
    if (lame_init_params(lame) < 0)
        abort();
    size_t edge = 3 * frames.samples_per_frame, len = n * frames.samples_per_frame;
    float *pcm = calloc(len + 3 * frames.samples_per_frame, sizeof *pcm);
    for (size_t i = edge; i + edge < len; i++)
        pcm[i] = level * (float)sin(0.05 * (double)i);
    unsigned char out[16384];
    for (size_t i = 0; frames.count < n; i++) {
        const float *block = pcm + (i < n ? i : n) * frames.samples_per_frame;
        int got = lame_encode_buffer_ieee_float(lame, block, block, (int)frames.samples_per_frame, out, sizeof out);
        for (int at = 0; at < got && frames.count < n; frames.count++) {
            int len_at = (rate_hz >= 32000 ? 144 : 72) * kbps * 1000 / rate_hz + (out[at + 2] >> 1 & 1);
            buffer_append(&frames.mp3, out + at, (size_t)len_at);
            at += len_at;
        }
    }
    lame_close(lame);
    free(pcm);
    return frames;
}

static struct str frames_silent(int rate_hz, int kbps)
{
    static struct frames silence;
    buffer_release(&silence.mp3);
    silence = frames_make(rate_hz, kbps, 1, 0);
    return buffer_view(&silence.mp3);
}

#endif
