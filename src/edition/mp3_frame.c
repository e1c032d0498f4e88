#include "edition/mp3_frame.h"

#include <string.h>

#define INFO_TAG_LEN 156 /* from "Info" to the end of its own CRC */

bool mp3_format_read(struct mp3_format *format, struct str frame)
{
    static const short kbps[2][15] = {{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
                                      {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}};
    static const int rates[3] = {44100, 48000, 32000};
    *format = (struct mp3_format){0};
    const uint8_t *h = (const uint8_t *)frame.data;
    if (frame.len < 4 || h[0] != 0xFF || (h[1] & 0xE7) != 0xE3) /* layer III without a CRC */
        return false;
    int version = h[1] >> 3 & 3, bitrate = h[2] >> 4, rate = h[2] >> 2 & 3;
    if (version == 1 || bitrate == 0 || bitrate == 15 || rate == 3)
        return false;
    format->mpeg1 = version == 3;
    format->sample_rate_hz = rates[rate] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
    format->bitrate_kbps = kbps[format->mpeg1][bitrate];
    format->channels = h[3] >> 6 == 3 ? 1 : 2;
    format->samples_per_frame = format->mpeg1 ? 1152 : 576;
    format->frame_len = (size_t)(format->samples_per_frame / 8 * format->bitrate_kbps * 1000 / format->sample_rate_hz);
    return frame.len == format->frame_len + (h[2] >> 1 & 1);
}

bool mp3_header_like(struct str frame, struct str like)
{
    if (frame.len < 4)
        return false;
    const uint8_t *a = (const uint8_t *)frame.data, *b = (const uint8_t *)like.data;
    return a[0] == b[0] && a[1] == b[1] && (a[2] & 0xFC) == (b[2] & 0xFC) && (a[3] & 0xC0) == (b[3] & 0xC0);
}

/* Eight bytes at a time: table[k][b] is what byte b does to the checksum when k more bytes follow. */
uint16_t mp3_crc16(uint16_t crc, const void *data, size_t len)
{
    static uint16_t table[8][256];
    if (!table[7][1])
        for (int k = 0; k < 8; k++)
            for (unsigned i = 256; i-- > 0;) { /* table[7][1] last but one: it says that the others are there */
                unsigned value = k ? table[k - 1][i] : i;
                for (int bit = 0; bit < 8; bit++)
                    value = value >> 1 ^ (value & 1 ? 0xA001u : 0);
                table[k][i] = (uint16_t)value;
            }
    const uint8_t *bytes = data;
    for (; len >= 8; len -= 8, bytes += 8)
        crc = table[7][(crc ^ bytes[0]) & 0xFF] ^ table[6][(crc >> 8 ^ bytes[1]) & 0xFF] ^ table[5][bytes[2]] ^
              table[4][bytes[3]] ^ table[3][bytes[4]] ^ table[2][bytes[5]] ^ table[1][bytes[6]] ^ table[0][bytes[7]];
    for (; len; len--, bytes++)
        crc = (uint16_t)(crc >> 8 ^ table[0][(crc ^ *bytes) & 0xFF]);
    return crc;
}

static size_t side_info_len(const struct mp3_format *format)
{
    return format->mpeg1 ? (format->channels == 1 ? 17 : 32) : (format->channels == 1 ? 9 : 17);
}

size_t info_frame_len(const struct mp3_format *format)
{
    return 4 + side_info_len(format) + INFO_TAG_LEN <= format->frame_len ? format->frame_len : 0;
}

static void put_u16(uint8_t *out, unsigned value)
{
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
}

static void put_u32(uint8_t *out, uint32_t value)
{
    put_u16(out, value >> 16);
    put_u16(out + 2, value & 0xFFFF);
}

void info_frame_write(const struct info_frame *info, const struct mp3_format *format, struct str like, uint8_t *out)
{
    size_t len = info_frame_len(format);
    memset(out, 0, len);
    memcpy(out, like.data, 4);
    out[1] |= 1;                         /* no CRC after the header */
    out[2] &= (uint8_t)~2u;              /* no padding byte */
    out[3] = (uint8_t)(out[3] & ~0x30u); /* nothing joined */
    uint8_t *tag = out + 4 + side_info_len(format);
    uint32_t bytes = info->bytes + (uint32_t)len;
    memcpy(tag, "Info", 4);
    put_u32(tag + 4, 15); /* frames, bytes, table of contents and quality are there */
    put_u32(tag + 8, info->n_mp3_frames);
    put_u32(tag + 12, bytes);
    for (unsigned i = 0; i < 100; i++) /* where i % of the time starts, in 256ths of the bytes */
        tag[16 + i] = (uint8_t)((len + (uint64_t)info->bytes * i / 100) * 256 / bytes);
    put_u32(tag + 116, 53);            /* 100 - 10 * V4 - q7, as LAME counts */
    memcpy(tag + 120, "LAME3.100", 9); /* decoders trust delay and padding under this name only */
    tag[129] = 1;                      /* revision 0, CBR */
    tag[140] = (uint8_t)(format->bitrate_kbps > 255 ? 255 : format->bitrate_kbps);
    tag[141] = (uint8_t)(info->delay >> 4);
    tag[142] = (uint8_t)((info->delay & 15) << 4 | info->padding >> 8);
    tag[143] = (uint8_t)info->padding;
    tag[144] = (uint8_t)(format->sample_rate_hz == 44100 ? 0x40 : format->sample_rate_hz > 44100 ? 0x80 : 0); /* source rate */
    put_u32(tag + 148, bytes);
    put_u16(tag + 152, info->music_crc);
    put_u16(tag + 154, mp3_crc16(0, out, (size_t)(tag + 154 - out)));
}
