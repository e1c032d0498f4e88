/* The audio frames of an MPEG-1, 2 or 2.5 layer III stream (ISO/IEC 11172-3 2.4.1.3, 13818-3), the Xing/Info frame with LAME's
 * figures and Fraunhofer's VBRI, read header by header. */
#include "edition/inspect_internal.h"
#include "edition/mp3_frame.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* A byte a second may be missing where recordings were joined: nobody hears where he lands. */
#define SEEK_TOLERANCE_S 0.1
#define SEEK_TOLERANCE_SHARE 0.0002

struct header {
    int version; /* 1, 2, 25 */
    int rate_hz, kbps, channels, samples;
    size_t len; /* bytes of the frame, header included */
    size_t side_len;
};

static uint32_t get_u32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static unsigned get_u16(const uint8_t *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

static bool read_header(const uint8_t *h, struct header *header)
{
    static const unsigned short low[16] = {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0};
    static const unsigned short high[16] = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0};
    static const unsigned short rates[4] = {44100, 48000, 32000, 0};
    if (!h || h[0] != 0xFF || (h[1] & 0xE0) != 0xE0)
        return false;
    unsigned version = h[1] >> 3 & 3, layer = h[1] >> 1 & 3, rate = rates[h[2] >> 2 & 3];
    bool first = version == 3;
    unsigned kbps = (first ? high : low)[h[2] >> 4];
    if (version == 1 || layer != 1 || !rate || !kbps || (h[3] & 3) == 2)
        return false;
    header->version = first ? 1 : version == 2 ? 2 : 25;
    rate = first ? rate : version == 2 ? rate / 2 : rate / 4;
    header->rate_hz = (int)rate;
    header->kbps = (int)kbps;
    header->channels = h[3] >> 6 == 3 ? 1 : 2;
    header->samples = first ? 1152 : 576;
    header->len = (first ? 144000u : 72000u) * kbps / rate + (h[2] >> 1 & 1);
    header->side_len = first ? (header->channels == 1 ? 17 : 32) : (header->channels == 1 ? 9 : 17);
    if (!(h[1] & 1))
        header->side_len += 2; /* the frame's own CRC */
    return header->len > 4 + header->side_len;
}

static bool same_stream(const struct header *a, const struct header *b)
{
    return a->version == b->version && a->rate_hz == b->rate_hz;
}

struct walk {
    struct header first; /* the stream's format is that of its first frame */
    bool info_is_xing;
    uint64_t info_frames, info_bytes; /* as claimed; UINT64_MAX: not */
    bool has_lame;
    uint32_t lame_music_len;
    unsigned lame_music_crc, lame_tag_crc, tag_crc;
    size_t info_len;
    uint64_t bytes, junk, kbps_sum;
    unsigned music_crc;
    bool bitrate_changes, channels_change, info_inside;
};

static bool is_info(const uint8_t *frame, const struct header *header)
{
    size_t at = 4 + header->side_len;
    return at + 8 <= header->len && (memcmp(frame + at, "Xing", 4) == 0 || memcmp(frame + at, "Info", 4) == 0);
}

static bool is_vbri(const uint8_t *frame, const struct header *header)
{
    return header->len >= 36 + 26 && memcmp(frame + 36, "VBRI", 4) == 0;
}

/* What the first frame tells about the others. True where it is such a frame and holds no sound. */
static bool read_info(struct inspection *found, struct walk *walk, const uint8_t *frame, const struct header *header)
{
    walk->info_frames = walk->info_bytes = UINT64_MAX;
    if (is_vbri(frame, header)) {
        walk->info_bytes = get_u32(frame + 36 + 10);
        walk->info_frames = get_u32(frame + 36 + 14);
        walk->info_len = header->len;
        return true;
    }
    if (!is_info(frame, header))
        return false;
    found->has_info = true;
    walk->info_len = header->len;
    const uint8_t *tag = frame + 4 + header->side_len, *end = frame + header->len, *at = tag + 8;
    walk->info_is_xing = tag[0] == 'X';
    uint32_t flags = get_u32(tag + 4);
    if (flags & 1 && end - at >= 4) {
        walk->info_frames = get_u32(at);
        at += 4;
    }
    if (flags & 2 && end - at >= 4) {
        walk->info_bytes = get_u32(at);
        at += 4;
    }
    size_t skip = (flags & 4 ? 100u : 0u) + (flags & 8 ? 4u : 0u);
    if ((size_t)(end - at) < skip + 36)
        return true;
    at += skip;
    if (memcmp(at, "LAME", 4) != 0 && memcmp(at, "Lavf", 4) != 0 && memcmp(at, "Lavc", 4) != 0)
        return true;
    walk->has_lame = true;
    found->delay = at[21] << 4 | at[22] >> 4;
    found->padding = (at[22] & 15) << 8 | at[23];
    walk->lame_music_len = get_u32(at + 28);
    walk->lame_music_crc = get_u16(at + 32);
    walk->lame_tag_crc = get_u16(at + 34);
    walk->tag_crc = mp3_crc16(0, frame, (size_t)(at + 34 - frame));
    return true;
}

/* The next place at or after `at` where a frame begins that another one (or the end) follows; audio_end where there is none. */
static uint64_t find_frame(struct inspector *inspector, uint64_t at, const struct header *like)
{
    for (; at + 4 <= inspector->audio_end; at++) {
        struct header header, next;
        if (!read_header(window_get(&inspector->window, at, 4), &header) || (like && !same_stream(&header, like)))
            continue;
        uint64_t after = at + header.len;
        if (after > inspector->audio_end)
            continue;
        if (after + 4 > inspector->audio_end ||
            (read_header(window_get(&inspector->window, after, 4), &next) && same_stream(&header, &next)))
            return at;
    }
    return inspector->audio_end;
}

static void take_frame(struct inspector *inspector, struct walk *walk, const uint8_t *frame, const struct header *header)
{
    struct inspection *found = inspector->found;
    if (found->n_mp3_frames == 0 && !walk->info_len) {
        walk->first = *header;
        if (read_info(found, walk, frame, header))
            return;
    } else if (is_info(frame, header)) {
        walk->info_inside = true;
    }
    found->n_mp3_frames++;
    walk->bytes += header->len;
    walk->kbps_sum += (uint64_t)header->kbps;
    walk->music_crc = mp3_crc16((uint16_t)walk->music_crc, frame, header->len);
    walk->bitrate_changes |= header->kbps != walk->first.kbps;
    walk->channels_change |= header->channels != walk->first.channels;
}

static void check_info(struct inspector *inspector, const struct walk *walk)
{
    const struct inspection *found = inspector->found;
    uint64_t bytes = walk->bytes + walk->info_len;
    if (!found->has_info) {
        inspect_breach(inspector, "There is no Info frame: players cannot tell the exact length.");
        return;
    }
    if (walk->info_is_xing && !walk->bitrate_changes)
        inspect_breach(inspector, "The Info frame is marked \"Xing\" though the bitrate is constant.");
    if (walk->info_frames != found->n_mp3_frames)
        inspect_breach(inspector, "The Info frame counts %" PRIu64 " frames but there are %" PRIu64 ".",
                       walk->info_frames == UINT64_MAX ? 0 : walk->info_frames, found->n_mp3_frames);
    if (walk->info_bytes != bytes)
        inspect_breach(inspector, "The Info frame counts %" PRIu64 " bytes but there are %" PRIu64 ".",
                       walk->info_bytes == UINT64_MAX ? 0 : walk->info_bytes, bytes);
    if (!walk->has_lame) {
        inspect_breach(inspector, "The Info frame has no encoder delay and padding: playback is not gapless.");
        return;
    }
    if (found->delay + found->padding < 1105)
        inspect_breach(inspector, "Delay %d and padding %d are less than the 1105 samples that decoding costs.", found->delay,
                       found->padding);
    if (walk->lame_music_len != bytes)
        inspect_breach(inspector, "The LAME tag says %" PRIu32 " bytes of music but there are %" PRIu64 ".", walk->lame_music_len,
                       bytes);
    if (walk->lame_music_crc != walk->music_crc)
        inspect_breach(inspector, "The checksum of the music is %04X but should be %04X.", walk->lame_music_crc, walk->music_crc);
    if (walk->lame_tag_crc != walk->tag_crc)
        inspect_breach(inspector, "The checksum of the Info frame is %04X but should be %04X.", walk->lame_tag_crc,
                       walk->tag_crc);
}

static void check_stream(struct inspector *inspector, const struct walk *walk)
{
    const struct inspection *found = inspector->found;
    check_info(inspector, walk);
    if (walk->first.channels != 1)
        inspect_breach(inspector, "The sound has %d channels, not one.", walk->first.channels);
    if (walk->bitrate_changes)
        inspect_breach(inspector, "The bitrate changes: phones seek wrong in it.");
    if (walk->channels_change)
        inspect_breach(inspector, "The number of channels changes within the file.");
    if (walk->info_inside)
        inspect_breach(inspector, "There is an Info frame inside the stream: files were joined without care.");
    double promised = (double)found->n_mp3_frames * walk->first.samples / walk->first.rate_hz;
    double by_bytes = (double)walk->bytes / (walk->first.kbps * 125.0);
    if (!walk->bitrate_changes && fabs(promised - by_bytes) > SEEK_TOLERANCE_S + SEEK_TOLERANCE_SHARE * promised)
        inspect_breach(inspector, "Seeking by the bitrate ends up %.1f s wrong: frames lack their padding bytes.",
                       fabs(promised - by_bytes));
    if (walk->junk)
        inspect_breach(inspector, "There are %" PRIu64 " bytes between the frames that are no sound.", walk->junk);
}

bool inspect_frames(struct inspector *inspector)
{
    struct inspection *found = inspector->found;
    struct walk walk = {0};
    uint64_t at = find_frame(inspector, inspector->audio_start, NULL);
    if (at > inspector->audio_start && at < inspector->audio_end)
        inspect_breach(inspector, "There are %" PRIu64 " bytes before the first frame that are no tag.",
                       at - inspector->audio_start);
    while (at + 4 <= inspector->audio_end) {
        struct header header;
        bool good =
            read_header(window_get(&inspector->window, at, 4), &header) && (!walk.first.len || same_stream(&header, &walk.first));
        const uint8_t *frame =
            good && at + header.len <= inspector->audio_end ? window_get(&inspector->window, at, header.len) : NULL;
        if (frame) {
            take_frame(inspector, &walk, frame, &header);
            at += header.len;
            continue;
        }
        uint64_t next = find_frame(inspector, at + 1, walk.first.len ? &walk.first : NULL);
        walk.junk += next - at;
        at = next;
    }
    if (!found->n_mp3_frames)
        return false;
    walk.junk += inspector->audio_end - at;
    found->sample_rate_hz = walk.first.rate_hz;
    found->channels = walk.first.channels;
    found->bitrate_kbps = (int)((walk.kbps_sum + found->n_mp3_frames / 2) / found->n_mp3_frames);
    uint64_t n_samples = found->n_mp3_frames * (uint64_t)walk.first.samples;
    uint64_t cut = (uint64_t)(found->delay + found->padding), rate = (uint64_t)walk.first.rate_hz;
    found->n_samples = n_samples > cut ? n_samples - cut : 0;
    found->duration_ms = (found->n_samples * 1000 + rate / 2) / rate;
    check_stream(inspector, &walk);
    return true;
}
