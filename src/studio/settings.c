#include "studio/studio.h"

#include <math.h>
#include <string.h>

void studio_settings_default(struct studio_settings *settings)
{
    *settings = (struct studio_settings){
        .sample_rate_hz = 44100,
        .bitrate_kbps = 64,
        .loudness_lufs = -19,
        .true_peak_dbtp = -1.5,
        .rate_factor = 1,
    };
}

/* ISO/IEC 11172-3 and 13818-3, layer III, bit_rate_index 1..14; MPEG-2.5 shares MPEG-2's rates up to 64 kbit/s. */
static const int mpeg1_kbps[] = {32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
static const int mpeg2_kbps[] = {8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
#define N_BITRATES 14

static int mpeg_version(int rate_hz)
{
    switch (rate_hz) {
    case 32000:
    case 44100:
    case 48000: return 1;
    case 16000:
    case 22050:
    case 24000: return 2;
    case 8000:
    case 11025:
    case 12000: return 3; /* MPEG-2.5 */
    default: return 0;
    }
}

int studio_samples_per_frame(const struct studio_settings *settings)
{
    return settings->sample_rate_hz < 32000 ? 576 : 1152;
}

/* The Info tag lies in the first frame's main data: header 4, side information of one channel, 156 bytes from "Info" to the
 * tag's CRC. */
static bool info_tag_fits(int rate_hz, int kbps)
{
    bool mpeg1 = mpeg_version(rate_hz) == 1;
    int mp3_frame_bytes = (mpeg1 ? 144 : 72) * kbps * 1000 / rate_hz;
    return mp3_frame_bytes >= 4 + (mpeg1 ? 17 : 9) + 156;
}

enum status studio_settings_check(const struct studio_settings *settings, struct problem *problem)
{
    int version = mpeg_version(settings->sample_rate_hz);
    if (!version)
        return problem_set(
            problem, STATUS_USAGE, NULL, 0,
            "sample rate %d Hz is none of MP3's: use 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100 or 48000",
            settings->sample_rate_hz);
    const int *table = version == 1 ? mpeg1_kbps : mpeg2_kbps;
    int n = version == 3 ? 8 : N_BITRATES;
    int smallest = 0;
    bool known = false;
    for (int i = 0; i < n; i++) {
        known |= table[i] == settings->bitrate_kbps;
        if (!smallest && info_tag_fits(settings->sample_rate_hz, table[i]))
            smallest = table[i];
    }
    if (!known)
        return problem_set(problem, STATUS_USAGE, NULL, 0, "bitrate %d kbit/s is none of MP3's at %d Hz: use one of %d to %d",
                           settings->bitrate_kbps, settings->sample_rate_hz, smallest, table[n - 1]);
    if (settings->bitrate_kbps < smallest)
        return problem_set(problem, STATUS_USAGE, NULL, 0,
                           "bitrate %d kbit/s at %d Hz leaves no room for the tag that makes playback gapless: use %d or more",
                           settings->bitrate_kbps, settings->sample_rate_hz, smallest);
    if (!(settings->loudness_lufs >= -40 && settings->loudness_lufs <= -14)) /* louder speech does not fit under the true peak */
        return problem_set(problem, STATUS_USAGE, NULL, 0, "loudness %g LUFS is out of range: use -40 to -14",
                           settings->loudness_lufs);
    if (!(settings->true_peak_dbtp >= -20 && settings->true_peak_dbtp <= 0))
        return problem_set(problem, STATUS_USAGE, NULL, 0, "true peak %g dBTP is out of range: use -20 to 0",
                           settings->true_peak_dbtp);
    if (!(settings->rate_factor >= 0.4 && settings->rate_factor <= 3))
        return problem_set(problem, STATUS_USAGE, NULL, 0, "speaking rate factor %g is out of range: use 0.4 to 3",
                           settings->rate_factor);
    if (settings->jobs < 0 || settings->jobs > 256)
        return problem_set(problem, STATUS_USAGE, NULL, 0, "%d jobs are out of range: use 1 to 256", settings->jobs);
    if (settings->stall_s < 0)
        return problem_set(problem, STATUS_USAGE, NULL, 0, "a stall limit of %d s makes no sense", settings->stall_s);
    return STATUS_OK;
}
