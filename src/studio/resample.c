#include "studio/resample.h"

#include <soxr.h>
#include <string.h>

enum status resampler_open(struct resampler *resampler, int in_hz, int out_hz)
{
    if (resampler->soxr && resampler->in_hz == in_hz && resampler->out_hz == out_hz)
        return soxr_clear(resampler->soxr) ? STATUS_FAILED : STATUS_OK;
    resampler_close(resampler);
    resampler->in_hz = in_hz;
    resampler->out_hz = out_hz;
    if (in_hz == out_hz)
        return STATUS_OK;
    soxr_error_t error = NULL;
    soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
    soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
    soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
    resampler->soxr = soxr_create(in_hz, out_hz, 1, &error, &io, &quality, &runtime);
    return resampler->soxr && !error ? STATUS_OK : STATUS_NO_MEMORY;
}

#define OUT_SAMPLES 16384
#define IN_SAMPLES 4096

enum status resampler_push(struct resampler *resampler, const float *samples, size_t n, resample_output *output, void *context)
{
    float out[OUT_SAMPLES];
    while (n) {
        size_t take = n < IN_SAMPLES ? n : IN_SAMPLES, used = take, made = take;
        if (!resampler->soxr)
            memcpy(out, samples, take * sizeof *out);
        else if (soxr_process(resampler->soxr, samples, take, &used, out, OUT_SAMPLES, &made))
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
    if (!resampler->soxr)
        return STATUS_OK;
    do {
        if (soxr_process(resampler->soxr, NULL, 0, NULL, out, OUT_SAMPLES, &made))
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
        soxr_delete(resampler->soxr);
    *resampler = (struct resampler){0};
}
