/* Inside the edition stage, for the writer: the header of the frames laid, and the Info frame put before them.
 * ISO/IEC 11172-3 2.4.1.3, 13818-3; "Mp3 Info Tag rev 1" of LAME. */
#ifndef CRIER_EDITION_MP3_FRAME_H
#define CRIER_EDITION_MP3_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define ENCODER_DELAY 576 /* LAME's */
#define DECODER_DELAY 529 /* of every layer III decoder */

struct mp3_format {
    int sample_rate_hz, bitrate_kbps, channels;
    int samples_per_frame;
    size_t frame_len; /* bytes without the padding byte */
    bool mpeg1;
};

/* False where `frame` does not start with a CBR layer III header or is not as long as that says. */
bool mp3_format_read(struct mp3_format *format, struct str frame);
/* True where `frame` begins with a header that differs from `like` in nothing but padding and the bits of joint stereo. */
bool mp3_header_like(struct str frame, struct str like);

/* CRC-16, polynomial 0x8005 reflected, start 0, as LAME's tag uses it. Goes on from `crc`. */
uint16_t mp3_crc16(uint16_t crc, const void *data, size_t len);

struct info_frame {
    uint32_t n_mp3_frames; /* without this one */
    uint32_t bytes;        /* of the audio frames, without this one */
    int delay, padding;
    uint16_t music_crc; /* over the audio frames */
};
/* Bytes of an Info frame: 0 where the tag does not fit a frame of this format. */
size_t info_frame_len(const struct mp3_format *format);
/* Writes info_frame_len() bytes; the header is that of `like`. */
void info_frame_write(const struct info_frame *info, const struct mp3_format *format, struct str like, uint8_t *out);

#endif
