#include "edition/inspect_internal.h"

#include <math.h>

#include <ebur128.h>
#include <sndfile.h>

#define BLOCK_FRAMES 8192

enum status inspect_measure(struct inspection *inspection, struct problem *problem)
{
    SF_INFO info = {0};
    SNDFILE *file = sf_open(inspection->path, SFM_READ, &info);
    if (!file)
        return problem_set(problem, STATUS_BAD_DATA, inspection->path, 0, "cannot be decoded: %s", sf_strerror(NULL));
    /* Clipped peaks are what we look for: nothing may be cut at full scale on the way. */
    sf_command(file, SFC_SET_CLIPPING, NULL, SF_FALSE);
    ebur128_state *meter = info.channels >= 1 && info.channels <= 2
                               ? ebur128_init((unsigned)info.channels, (unsigned long)info.samplerate,
                                              EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK | EBUR128_MODE_HISTOGRAM)
                               : NULL;
    static _Thread_local float block[BLOCK_FRAMES * 2];
    sf_count_t got;
    int failed = !meter;
    while (!failed && (got = sf_readf_float(file, block, BLOCK_FRAMES)) > 0) {
        failed = ebur128_add_frames_float(meter, block, (size_t)got);
        inspection->decoded_samples += (uint64_t)got;
    }
    double peak = 0;
    for (int i = 0; !failed && i < info.channels; i++) {
        double channel;
        failed = ebur128_true_peak(meter, (unsigned)i, &channel);
        if (!failed && channel > peak)
            peak = channel;
    }
    if (!failed)
        failed = ebur128_loudness_global(meter, &inspection->loudness_lufs);
    inspection->true_peak_dbtp = peak > 0 ? 20 * log10(peak) : -HUGE_VAL;
    inspection->measured = !failed;
    if (meter)
        ebur128_destroy(&meter);
    sf_close(file);
    return failed ? problem_no_memory(problem) : STATUS_OK;
}
