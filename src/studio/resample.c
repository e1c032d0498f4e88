#include "studio/resample.h"

#include <soxr.h>
#include <string.h>

#include "base/lazy.h"

/* clang-format off */
#define SOXR_FUNCTIONS(X) \
    X(soxr_clear) X(soxr_create) X(soxr_delete) X(soxr_io_spec) X(soxr_process) X(soxr_quality_spec) \
    X(soxr_runtime_spec) X(soxr_version)
/* clang-format on */
#define FIELD(function) __typeof__(function) *function;
#define SYMBOL(function) LAZY(&api, function),
static struct {
    SOXR_FUNCTIONS(FIELD)
} api;

static enum status load_library(struct problem *problem)
{
    const struct lazy_symbol symbols[] = {SOXR_FUNCTIONS(SYMBOL)};
    return api.soxr_create ? STATUS_OK
                           : lazy_load("libsoxr.so.0", "libsoxr0", symbols, sizeof symbols / sizeof *symbols, problem);
}

const char *resampler_version(void)
{
    return load_library(NULL) == STATUS_OK ? api.soxr_version() : "";
}

enum status resampler_open(struct resampler *resampler, int in_hz, int out_hz, struct problem *problem)
{
    if (resampler->soxr && resampler->in_hz == in_hz && resampler->out_hz == out_hz) {
        if (resampler->used && api.soxr_clear(resampler->soxr))
            return problem_no_memory(problem);
        resampler->used = false;
        return STATUS_OK;
    }
    resampler_close(resampler);
    resampler->in_hz = in_hz;
    resampler->out_hz = out_hz;
    if (in_hz == out_hz)
        return STATUS_OK;
    enum status status = load_library(problem);
    if (status != STATUS_OK)
        return status;
    soxr_error_t error = NULL;
    soxr_io_spec_t io = api.soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
    soxr_quality_spec_t quality = api.soxr_quality_spec(SOXR_HQ, 0);
    soxr_runtime_spec_t runtime = api.soxr_runtime_spec(1);
    resampler->soxr = api.soxr_create(in_hz, out_hz, 1, &error, &io, &quality, &runtime);
    return resampler->soxr && !error ? STATUS_OK : problem_no_memory(problem);
}

#define OUT_SAMPLES 8192
#define IN_SAMPLES 2048

enum status resampler_push(struct resampler *resampler, const float *samples, size_t n, resample_output *output, void *context)
{
    float out[OUT_SAMPLES];
    resampler->used = true;
    while (n) {
        size_t take = n < IN_SAMPLES ? n : IN_SAMPLES, used = take, made = take;
        if (!resampler->soxr)
            memcpy(out, samples, take * sizeof *out);
        else if (api.soxr_process(resampler->soxr, samples, take, &used, out, OUT_SAMPLES, &made))
            return STATUS_FAILED;
        samples += used;
        n -= used;
        if (made) {
            enum status status = output(context, out, made);
            if (status != STATUS_OK)
                return status;
        }
    }
    return STATUS_OK;
}

enum status resampler_finish(struct resampler *resampler, resample_output *output, void *context)
{
    float out[OUT_SAMPLES];
    size_t made = 0;
    resampler->used = true;
    if (!resampler->soxr)
        return STATUS_OK;
    do {
        if (api.soxr_process(resampler->soxr, NULL, 0, NULL, out, OUT_SAMPLES, &made))
            return STATUS_FAILED;
        enum status status = made ? output(context, out, made) : STATUS_OK;
        if (status != STATUS_OK)
            return status;
    } while (made);
    return STATUS_OK;
}

void resampler_close(struct resampler *resampler)
{
    if (!resampler)
        return;
    if (resampler->soxr)
        api.soxr_delete(resampler->soxr);
    *resampler = (struct resampler){0};
}
