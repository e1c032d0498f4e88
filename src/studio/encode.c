#include "studio/encode.h"

#include <lame/lame.h>
#include <string.h>

#include "base/lazy.h"

/* clang-format off */
#define LAME_FUNCTIONS(X) \
    X(get_lame_version) X(lame_init) X(lame_close) X(lame_init_params) \
    X(lame_encode_buffer_ieee_float) X(lame_get_framesize) X(lame_get_lowpassfreq) \
    X(lame_get_out_samplerate) X(lame_set_VBR) X(lame_set_bWriteVbrTag) X(lame_set_brate) \
    X(lame_set_debugf) X(lame_set_disable_reservoir) X(lame_set_errorf) X(lame_set_in_samplerate) \
    X(lame_set_lowpassfreq) X(lame_set_mode) X(lame_set_msgf) X(lame_set_num_channels) \
    X(lame_set_out_samplerate) X(lame_set_quality) X(lame_set_scale) \
    X(lame_set_write_id3tag_automatic)
/* clang-format on */
#define FIELD(function) __typeof__(function) *function;
#define SYMBOL(function) LAZY(&api, function),
static struct {
    LAME_FUNCTIONS(FIELD)
} api;

static enum status load_library(struct problem *problem)
{
    const struct lazy_symbol symbols[] = {LAME_FUNCTIONS(SYMBOL)};
    return api.lame_init ? STATUS_OK
                         : lazy_load("libmp3lame.so.0", "libmp3lame0", symbols, sizeof symbols / sizeof *symbols, problem);
}

const char *encoder_version(void)
{
    return load_library(NULL) == STATUS_OK ? api.get_lame_version() : "";
}

/* LAME would print; stages never do. */
static void say_nothing(const char *format, va_list list)
{
    (void)format;
    (void)list;
}

#define OUT_BYTES ((size_t)48 * 1024)

/* The first of LAME's 32 bands that lies wholly above what a narrow sound has, and one to spare. */
#define NARROW_LOWPASS_HZ 11700

static enum status lame_make(lame_t *out, const struct studio_settings *settings, int lowpass_hz)
{
    lame_t lame = *out = api.lame_init();
    if (!lame)
        return STATUS_NO_MEMORY;
    api.lame_set_errorf(lame, say_nothing);
    api.lame_set_debugf(lame, say_nothing);
    api.lame_set_msgf(lame, say_nothing);
    int bad = 0;
    bad |= api.lame_set_num_channels(lame, 1);
    bad |= api.lame_set_mode(lame, MONO);
    bad |= api.lame_set_in_samplerate(lame, settings->sample_rate_hz);
    bad |= api.lame_set_out_samplerate(lame, settings->sample_rate_hz); /* else LAME resamples at low bitrates */
    bad |= api.lame_set_VBR(lame, vbr_off);
    bad |= api.lame_set_brate(lame, settings->bitrate_kbps);
    bad |= api.lame_set_quality(lame, 7);
    bad |= api.lame_set_disable_reservoir(lame, 1);
    bad |= api.lame_set_bWriteVbrTag(lame, 0);
    api.lame_set_write_id3tag_automatic(lame, 0);
    bad |= api.lame_set_scale(lame, 1 / 0.95f); /* lame_init_params multiplies by 0.95 at CBR */
    if (lowpass_hz)
        bad |= api.lame_set_lowpassfreq(lame, lowpass_hz);
    bad |= api.lame_init_params(lame);
    return bad || api.lame_get_out_samplerate(lame) != settings->sample_rate_hz ||
                   api.lame_get_framesize(lame) != studio_samples_per_frame(settings)
               ? STATUS_USAGE
               : STATUS_OK;
}

/* LAME's own choice (0), where that is lower, stands. It is asked once: making an instance takes milliseconds. */
static enum status narrow_lowpass(const struct studio_settings *settings, int *lowpass_hz)
{
    static int asked_hz, asked_kbps, own_hz;
    if (asked_hz != settings->sample_rate_hz || asked_kbps != settings->bitrate_kbps) {
        lame_t lame;
        enum status status = lame_make(&lame, settings, 0);
        own_hz = status == STATUS_OK ? api.lame_get_lowpassfreq(lame) : 0;
        if (lame)
            api.lame_close(lame);
        if (status != STATUS_OK)
            return status;
        asked_hz = settings->sample_rate_hz;
        asked_kbps = settings->bitrate_kbps;
    }
    *lowpass_hz = own_hz > NARROW_LOWPASS_HZ ? NARROW_LOWPASS_HZ : 0;
    return STATUS_OK;
}

enum status encoder_open(struct encoder *encoder, const struct studio_settings *settings, bool narrow, struct problem *problem)
{
    encoder_close(encoder);
    enum status status = load_library(problem);
    if (status != STATUS_OK)
        return status;
    int lowpass_hz = 0;
    lame_t lame = NULL;
    if (narrow)
        status = narrow_lowpass(settings, &lowpass_hz);
    if (status == STATUS_OK)
        status = lame_make(&lame, settings, lowpass_hz);
    *encoder = (struct encoder){.lame = lame,
                                .samples_per_frame = studio_samples_per_frame(settings),
                                .kbps = settings->bitrate_kbps,
                                .rate_hz = settings->sample_rate_hz,
                                .narrow = narrow};
    if (status == STATUS_NO_MEMORY)
        return problem_no_memory(problem);
    /* At once, for it not to move and grow: untouched, it costs nothing. */
    if (status == STATUS_OK && !buffer_reserve(&encoder->out, OUT_BYTES))
        return problem_no_memory(problem);
    if (status != STATUS_OK)
        return problem_set(problem, STATUS_USAGE, NULL, 0, "LAME refuses %d Hz at %d kbit/s", settings->sample_rate_hz,
                           settings->bitrate_kbps);
    return STATUS_OK;
}

size_t mp3_frame_bytes(const uint8_t *data)
{
    static const int kbps[2][16] = {{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0},
                                    {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0}};
    static const int rates[4][3] = {{11025, 12000, 8000}, {0, 0, 0}, {22050, 24000, 16000}, {44100, 48000, 32000}};
    if (data[0] != 0xFF || (data[1] & 0xE6) != 0xE2 || (data[2] & 0x0C) == 0x0C)
        return 0;
    int version = data[1] >> 3 & 3;
    int rate = rates[version][data[2] >> 2 & 3];
    int bits = kbps[version == 3 ? 0 : 1][data[2] >> 4] * 1000;
    if (!rate || !bits)
        return 0;
    return (size_t)((version == 3 ? 144 : 72) * bits / rate + (data[2] >> 1 & 1));
}

static enum status encoder_scan(struct encoder *encoder)
{
    const struct buffer *out = &encoder->out;
    while (out->len >= encoder->scanned + 4) {
        size_t bytes = mp3_frame_bytes((const uint8_t *)out->data + encoder->scanned);
        if (!bytes)
            return STATUS_FAILED;
        if (out->len < encoder->scanned + bytes)
            break;
        encoder->scanned += bytes;
        encoder->n_mp3_frames++;
    }
    return STATUS_OK;
}

#define PUSH_SAMPLES 4608

static enum status encoder_feed(struct encoder *encoder, const float *samples, size_t n)
{
    while (n) {
        size_t take = n < PUSH_SAMPLES ? n : PUSH_SAMPLES;
        size_t room = take * 5 / 4 + 7200; /* LAME's own bound */
        if (!buffer_reserve(&encoder->out, room))
            return STATUS_NO_MEMORY;
        int made = api.lame_encode_buffer_ieee_float(encoder->lame, samples, samples, (int)take,
                                                     (unsigned char *)encoder->out.data + encoder->out.len, (int)room);
        if (made < 0)
            return STATUS_FAILED;
        encoder->out.len += (size_t)made;
        samples += take;
        n -= take;
    }
    return encoder_scan(encoder);
}

enum status encoder_push(struct encoder *encoder, const float *samples, size_t n)
{
    encoder->n_samples += n;
    return encoder_feed(encoder, samples, n);
}

enum status encoder_finish(struct encoder *encoder)
{
    static const float zeros[1152];
    size_t frame = (size_t)encoder->samples_per_frame;
    uint64_t n_mp3_frames = (encoder->n_samples + ENCODE_TAIL_SAMPLES + frame - 1) / frame;
    encoder->n_samples = n_mp3_frames * frame;
    /* The encoder looks ahead: what is still wanted comes out after some more zeros. */
    for (uint64_t fed = 0; encoder->n_mp3_frames < n_mp3_frames; fed++) {
        enum status status = fed < n_mp3_frames + 8 ? encoder_feed(encoder, zeros, frame) : STATUS_FAILED;
        if (status != STATUS_OK)
            return status;
    }
    if (encoder->n_mp3_frames > n_mp3_frames) /* for a frame of samples LAME makes one frame, never two */
        return STATUS_FAILED;
    encoder->out.len = encoder->scanned;
    return STATUS_OK;
}

struct str encoder_ready(const struct encoder *encoder)
{
    return (struct str){encoder->out.data, encoder->scanned};
}

void encoder_drop_ready(struct encoder *encoder)
{
    struct buffer *out = &encoder->out;
    if (!encoder->scanned)
        return;
    memmove(out->data, out->data + encoder->scanned, out->len - encoder->scanned);
    out->len -= encoder->scanned;
    encoder->scanned = 0;
}

void encoder_close(struct encoder *encoder)
{
    if (!encoder)
        return;
    if (encoder->lame)
        api.lame_close(encoder->lame);
    buffer_release(&encoder->out);
    *encoder = (struct encoder){0};
}

enum status encode_silent_frame(const struct studio_settings *settings, struct buffer *out, struct problem *problem)
{
    struct encoder encoder = {0};
    enum status status = encoder_open(&encoder, settings, true, problem);
    if (status == STATUS_OK)
        status = encoder_finish(&encoder);
    if (status == STATUS_OK && encoder.n_mp3_frames) {
        buffer_append(out, encoder.out.data, mp3_frame_bytes((const uint8_t *)encoder.out.data));
        if (buffer_failed(out))
            status = problem_no_memory(problem);
    }
    encoder_close(&encoder);
    if (status != STATUS_OK)
        return problem_set(problem, status, NULL, 0, "LAME cannot encode silence");
    /* Side information of a silent granule has no data bits, so a padding byte is one more byte of stuffing. */
    long bits = (settings->sample_rate_hz < 32000 ? 72L : 144L) * settings->bitrate_kbps * 1000;
    bool padded = bits % settings->sample_rate_hz * 2 >= settings->sample_rate_hz;
    bool is_padded = (out->data[2] & 2) != 0;
    if (padded && !is_padded)
        buffer_byte(out, 0);
    if (!padded && is_padded)
        out->data[--out->len] = '\0';
    out->data[2] = (char)((out->data[2] & ~2) | (padded ? 2 : 0));
    return buffer_failed(out) ? problem_no_memory(problem) : STATUS_OK;
}
