#include "edition/inspect_internal.h"

#include <math.h>

#include <ebur128.h>

#include "base/lazy.h"
#include "base/sound_file.h"

static struct {
    __typeof__(ebur128_init) *ebur128_init;
    __typeof__(ebur128_destroy) *ebur128_destroy;
    __typeof__(ebur128_add_frames_float) *ebur128_add_frames_float;
    __typeof__(ebur128_true_peak) *ebur128_true_peak;
    __typeof__(ebur128_loudness_global) *ebur128_loudness_global;
} api;

static enum status load_library(struct problem *problem)
{
    const struct lazy_symbol symbols[] = {
        LAZY(&api, ebur128_init),      LAZY(&api, ebur128_destroy),         LAZY(&api, ebur128_add_frames_float),
        LAZY(&api, ebur128_true_peak), LAZY(&api, ebur128_loudness_global),
    };
    return lazy_load("libebur128.so.1", "libebur128-1", symbols, sizeof symbols / sizeof *symbols, problem);
}

#define BLOCK_FRAMES 8192

enum status inspect_measure(struct inspection *inspection, struct problem *problem)
{
    struct sound_file file = {0};
    enum status status = load_library(problem);
    if (status == STATUS_OK)
        status = sound_file_open(&file, inspection->path, problem);
    if (status != STATUS_OK)
        return status;
    ebur128_state *meter = file.n_channels >= 1 && file.n_channels <= 2
                               ? api.ebur128_init((unsigned)file.n_channels, (unsigned long)file.rate_hz,
                                                  EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK | EBUR128_MODE_HISTOGRAM)
                               : NULL;
    static _Thread_local float block[BLOCK_FRAMES * 2];
    size_t got;
    int failed = !meter;
    while (!failed && (got = sound_file_read(&file, block, BLOCK_FRAMES)) > 0) {
        failed = api.ebur128_add_frames_float(meter, block, got);
        inspection->decoded_samples += got;
    }
    double peak = 0;
    for (int i = 0; !failed && i < file.n_channels; i++) {
        double channel;
        failed = api.ebur128_true_peak(meter, (unsigned)i, &channel);
        if (!failed && channel > peak)
            peak = channel;
    }
    if (!failed)
        failed = api.ebur128_loudness_global(meter, &inspection->loudness_lufs);
    inspection->true_peak_dbtp = peak > 0 ? 20 * log10(peak) : -HUGE_VAL;
    inspection->measured = !failed;
    if (meter)
        api.ebur128_destroy(&meter);
    sound_file_close(&file);
    return failed ? problem_no_memory(problem) : STATUS_OK;
}
