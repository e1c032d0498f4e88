#include "studio/audio.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sound_file.h"
#include "studio/level.h"

#define BLOCK 4096
#define LIMIT_S (30 * 60)

/* A place that pcm_frames of one channel come from, twice. */
struct source {
    struct sound_file file; /* not open: the chime */
    float *many;            /* BLOCK pcm_frames of all channels */
    int rate_hz;
    uint64_t at;
};

/* ---- the chime: two soft bells, a fourth apart ---- */

#define CHIME_HZ 44100
#define CHIME_SAMPLES ((uint64_t)(CHIME_HZ * 18 / 10))

static double bell(double t, double hz)
{
    static const struct {
        double ratio, level, decay_s;
    } partials[] = {{0.5, 0.25, 0.60}, {1, 1, 0.42}, {2, 0.42, 0.26}, {3.01, 0.18, 0.15}, {4.17, 0.09, 0.09}};
    double sum = 0;
    if (t < 0)
        return 0;
    for (size_t i = 0; i < sizeof partials / sizeof *partials; i++)
        sum += partials[i].level * exp(-t / partials[i].decay_s) * sin(2 * 3.14159265358979323846 * hz * partials[i].ratio * t);
    return sum * (1 - exp(-t / 0.004)); /* the hammer is soft */
}

static size_t chime_read(struct source *source, float *out)
{
    size_t n = 0;
    for (; n < BLOCK && source->at < CHIME_SAMPLES; n++, source->at++) {
        double t = (double)source->at / CHIME_HZ;
        out[n] = (float)(0.3 * bell(t, 587.33) + 0.3 * bell(t - 0.32, 783.99));
    }
    return n;
}

/* ---- files ---- */

static enum status source_open(struct source *source, const char *path, struct problem *problem)
{
    *source = (struct source){.rate_hz = CHIME_HZ};
    if (!*path)
        return STATUS_OK;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return problem_errno(problem, STATUS_NO_INPUT, path, errno, "cannot read");
    close(fd);
    enum status status = sound_file_open(&source->file, path, problem);
    if (status != STATUS_OK)
        return status;
    int n_channels = source->file.n_channels, rate_hz = source->file.rate_hz;
    if (n_channels < 1 || n_channels > 64 || rate_hz < 4000 || rate_hz > 192000) {
        sound_file_close(&source->file);
        return problem_set(problem, STATUS_BAD_DATA, path, 0, "has %d channels at %d Hz: use 1 to 64 at 4000 to 192000 Hz",
                           n_channels, rate_hz);
    }
    source->rate_hz = rate_hz;
    return STATUS_OK;
}

static void source_close(struct source *source)
{
    sound_file_close(&source->file);
    free(source->many);
    *source = (struct source){0};
}

/* The next up to BLOCK samples; 0 at the end. Channels are averaged. */
static size_t source_read(struct source *source, float *out)
{
    if (!source->file.handle)
        return chime_read(source, out);
    if (source->at >= (uint64_t)LIMIT_S * (uint64_t)source->rate_hz)
        return 0;
    size_t channels = (size_t)source->file.n_channels;
    size_t n = sound_file_read(&source->file, source->many, BLOCK);
    for (size_t i = 0; i < n; i++) {
        float sum = 0;
        for (size_t c = 0; c < channels; c++) {
            float sample = source->many[i * channels + c];
            sum += isfinite(sample) ? sample : 0;
        }
        out[i] = sum / (float)channels;
    }
    source->at += n;
    return n;
}

static void source_rewind(struct source *source)
{
    if (source->file.handle)
        sound_file_rewind(&source->file);
    source->at = 0;
}

struct measured {
    uint64_t n_samples;
    double loudness_lufs;
};

static void source_measure(struct source *source, struct measured *measured)
{
    struct loudness_meter meter = {0};
    float block[BLOCK];
    loudness_meter_start(&meter, source->rate_hz);
    size_t n;
    *measured = (struct measured){0};
    while ((n = source_read(source, block)) > 0) {
        loudness_meter_add(&meter, block, n);
        measured->n_samples += n;
    }
    loudness_meter_finish(&meter);
    measured->loudness_lufs = loudness_integrated(&meter.histogram);
    source_rewind(source);
}

/* A raised cosine: 0 at `at` = 0, 1 from `len` on. */
static float fade_gain(uint64_t at, uint64_t len)
{
    return at >= len ? 1 : (float)(0.5 - 0.5 * cos(3.14159265358979323846 * ((double)at + 0.5) / (double)len));
}

static enum status source_play(struct source *source, const struct measured *measured, double loudness_lufs, int fade_in_ms,
                               int fade_out_ms, const struct audio_sink *sink)
{
    float block[BLOCK];
    float gain = (float)level_from_db(loudness_lufs - measured->loudness_lufs);
    uint64_t per_ms = (uint64_t)source->rate_hz, total = measured->n_samples, at = 0;
    uint64_t fade_in = (uint64_t)(fade_in_ms > 3 ? fade_in_ms : 3) * per_ms / 1000;
    uint64_t fade_out = (uint64_t)(fade_out_ms > 10 ? fade_out_ms : 10) * per_ms / 1000;
    enum status status = sink->start(sink->context, source->rate_hz);
    size_t n;
    while (status == STATUS_OK && at < total && (n = source_read(source, block)) > 0) {
        if (n > total - at)
            n = (size_t)(total - at);
        for (size_t i = 0; i < n; i++)
            block[i] *= gain * fade_gain(at + i, fade_in) * fade_gain(total - 1 - at - i, fade_out);
        status = sink->samples(sink->context, block, n);
        at += n;
    }
    return status;
}

enum status audio_play(const char *path, double loudness_lufs, int fade_in_ms, int fade_out_ms, const struct audio_sink *sink,
                       struct problem *problem)
{
    struct source source;
    struct measured measured;
    enum status status = source_open(&source, path, problem);
    if (status != STATUS_OK)
        return status;
    if (source.file.handle && !(source.many = calloc(BLOCK * (size_t)source.file.n_channels, sizeof *source.many)))
        status = problem_no_memory(problem);
    if (status == STATUS_OK)
        source_measure(&source, &measured);
    if (status == STATUS_OK && !(measured.loudness_lufs > -60))
        status = problem_set(problem, STATUS_BAD_DATA, path, 0, "is silent");
    if (status == STATUS_OK)
        status = source_play(&source, &measured, loudness_lufs, fade_in_ms, fade_out_ms, sink);
    source_close(&source);
    return status;
}

enum status audio_check(const char *path, struct problem *problem)
{
    struct source source;
    enum status status = source_open(&source, path, problem);
    if (status == STATUS_OK && source.file.n_pcm_frames > (uint64_t)LIMIT_S * (uint64_t)source.rate_hz)
        status = problem_set(problem, STATUS_BAD_DATA, path, 0, "is longer than %d minutes", LIMIT_S / 60);
    source_close(&source);
    return status;
}

enum status audio_identify(const char *path, struct hash *hash, struct problem *problem)
{
    if (!*path) {
        hash_field(hash, STR("chime"));
        return STATUS_OK;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return problem_errno(problem, STATUS_NO_INPUT, path, errno, "cannot read");
    char block[64 * 1024];
    ssize_t got;
    while ((got = read(fd, block, sizeof block)) > 0 || (got < 0 && errno == EINTR))
        if (got > 0)
            hash_field(hash, (struct str){block, (size_t)got});
    int failed = got < 0 ? errno : 0;
    close(fd);
    return failed ? problem_errno(problem, STATUS_IO, path, failed, "cannot read") : STATUS_OK;
}
