#include "edition/id3_write.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

#define ID3_HEADER_LEN 10
#define ID3_PADDING 64 /* at least: TLEN's digits, and hours over 99, are not known when the room is reserved */

static void put_u32(struct buffer *out, uint32_t value)
{
    const unsigned char bytes[4] = {(unsigned char)(value >> 24), (unsigned char)(value >> 16), (unsigned char)(value >> 8),
                                    (unsigned char)value};
    buffer_append(out, bytes, sizeof bytes);
}

static void put_u16_le(struct buffer *out, unsigned unit)
{
    buffer_byte(out, (char)(unit & 0xFF));
    buffer_byte(out, (char)(unit >> 8));
}

static void put_utf16(struct buffer *out, struct str text)
{
    put_u16_le(out, 0xFEFF);
    for (size_t at = 0; at < text.len;) {
        unsigned c = utf8_decode(text, at, &at);
        if (c >= 0x10000) {
            put_u16_le(out, 0xD800 + ((c - 0x10000) >> 10));
            put_u16_le(out, 0xDC00 + ((c - 0x10000) & 0x3FF));
        } else {
            put_u16_le(out, c);
        }
    }
    put_u16_le(out, 0);
}

/* Opens a frame and returns where it starts; close_frame fills in its size. */
static size_t open_frame(struct buffer *out, const char *id)
{
    size_t start = out->len;
    buffer_append(out, id, 4);
    put_u32(out, 0);
    buffer_append(out, "\0\0", 2);
    return start;
}

static void close_frame(struct buffer *out, size_t start)
{
    if (buffer_failed(out))
        return;
    size_t size = out->len - start - 10;
    for (int i = 0; i < 4; i++)
        out->data[start + 4 + (size_t)i] = (char)(size >> (24 - 8 * i) & 0xFF);
}

static void put_text(struct buffer *out, const char *id, struct str text)
{
    size_t start = open_frame(out, id);
    buffer_byte(out, 1);
    put_utf16(out, text);
    close_frame(out, start);
}

static void put_number(struct buffer *out, const char *id, uint64_t number)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%" PRIu64, number);
    put_text(out, id, (struct str){digits, (size_t)len});
}

/* The chapter list once more for players that show only comments. */
static void put_comment(struct buffer *out, const struct id3_content *content)
{
    struct buffer text = {0};
    for (size_t i = 0; i < content->n_chapters; i++) {
        unsigned long s = (unsigned long)(content->chapters[i].start_ms / 1000);
        buffer_format(&text, "%s%02lu:%02lu:%02lu %s", i ? "\n" : "", s / 3600, s / 60 % 60, s % 60, content->chapters[i].title);
    }
    size_t start = open_frame(out, "COMM");
    buffer_append(out, "\1eng", 4);
    put_utf16(out, (struct str){"", 0});
    put_utf16(out, buffer_view(&text));
    close_frame(out, start);
    if (buffer_failed(&text))
        out->failed = true;
    buffer_release(&text);
}

static void put_element_id(struct buffer *out, size_t chapter)
{
    char id[16];
    int len = snprintf(id, sizeof id, "chp%03zu", chapter);
    buffer_append(out, id, (size_t)len + 1);
}

static void put_chapters(struct buffer *out, const struct id3_content *content)
{
    size_t toc = open_frame(out, "CTOC");
    buffer_append(out, "toc", 4);
    buffer_byte(out, 3); /* top level, ordered */
    buffer_byte(out, (char)content->n_chapters);
    for (size_t i = 0; i < content->n_chapters; i++)
        put_element_id(out, i);
    put_text(out, "TIT2", content->title);
    close_frame(out, toc);
    for (size_t i = 0; i < content->n_chapters; i++) {
        const struct edition_chapter *chapter = &content->chapters[i];
        size_t start = open_frame(out, "CHAP");
        put_element_id(out, i);
        put_u32(out, (uint32_t)chapter->start_ms);
        put_u32(out, (uint32_t)chapter->end_ms);
        put_u32(out, UINT32_MAX); /* no byte offsets: players would trust them over the times */
        put_u32(out, UINT32_MAX);
        put_text(out, "TIT2", str_from(chapter->title));
        close_frame(out, start);
    }
}

static void put_cover(struct buffer *out, const struct id3_content *content)
{
    size_t start = open_frame(out, "APIC");
    buffer_byte(out, 0);
    buffer_append(out, content->cover_type, strlen(content->cover_type) + 1);
    buffer_append(out, "\3\0", 2); /* front cover, no description */
    buffer_str(out, content->cover);
    close_frame(out, start);
}

static bool is_date(struct str date)
{
    if (date.len != 10 || date.data[4] != '-' || date.data[7] != '-')
        return false;
    for (size_t i = 0; i < 10; i++)
        if (i != 4 && i != 7 && (date.data[i] < '0' || date.data[i] > '9'))
            return false;
    return true;
}

bool id3_write(const struct id3_content *content, size_t room, struct buffer *out)
{
    size_t tag = out->len;
    buffer_append(out, "ID3\3\0\0\0\0\0\0", ID3_HEADER_LEN);
    put_text(out, "TIT2", content->title);
    put_text(out, "TPE1", content->artist);
    put_text(out, "TALB", content->album);
    if (is_date(content->date)) {
        const char *d = content->date.data;
        put_text(out, "TYER", (struct str){d, 4});
        put_text(out, "TDAT", (struct str){(char[]){d[8], d[9], d[5], d[6]}, 4});
    }
    put_text(out, "TCON", STR("Podcast"));
    if (content->language)
        put_text(out, "TLAN", str_from(content->language));
    put_number(out, "TLEN", content->duration_ms);
    if (content->track > 0)
        put_number(out, "TRCK", (uint64_t)content->track);
    if (!content->no_comment)
        put_comment(out, content);
    put_chapters(out, content);
    if (content->cover.len)
        put_cover(out, content);
    size_t len = out->len - tag;
    if (!room)
        room = (len + ID3_PADDING + 2 * content->n_chapters + 255) / 256 * 256;
    if (buffer_failed(out) || len + ID3_HEADER_LEN > room || !buffer_reserve(out, room - len))
        return false;
    memset(out->data + out->len, 0, room - len + 1);
    out->len = tag + room;
    size_t size = room - ID3_HEADER_LEN;
    for (int i = 0; i < 4; i++)
        out->data[tag + 6 + (size_t)i] = (char)(size >> (21 - 7 * i) & 0x7F);
    return true;
}

static bool is_shunned(unsigned c)
{
    return c == 0xFEFF || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || (c & 0xFFFE) == 0xFFFE || c < 0x20 ||
           (c >= 0x7F && c < 0xA0);
}

struct str tag_text(struct arena *arena, struct str text)
{
    struct buffer out = {0};
    bool gap = false;
    size_t count = 0;
    for (size_t at = 0; at < text.len;) {
        unsigned c = utf8_decode(text, at, &at);
        if (uni_is_space(c) && c != 0xFEFF) {
            gap = true;
            continue;
        }
        if (is_shunned(c))
            continue;
        if (count + gap >= TAG_TEXT_LIMIT) {
            buffer_code_point(&out, 0x2026);
            break;
        }
        if (gap && out.len)
            buffer_byte(&out, ' ');
        count += gap ? 2 : 1;
        gap = false;
        buffer_code_point(&out, c);
    }
    struct str copy = arena_copy(arena, buffer_view(&out));
    if (buffer_failed(&out))
        arena->failed = true;
    buffer_release(&out);
    return copy;
}

const char *language_iso639_2(struct str tag)
{
    static const char pairs[][2][4] = {
        {"af", "afr"}, {"am", "amh"}, {"ar", "ara"}, {"as", "asm"}, {"az", "aze"}, {"be", "bel"}, {"bg", "bul"}, {"bn", "ben"},
        {"bs", "bos"}, {"ca", "cat"}, {"cs", "ces"}, {"cy", "cym"}, {"da", "dan"}, {"de", "deu"}, {"el", "ell"}, {"en", "eng"},
        {"eo", "epo"}, {"es", "spa"}, {"et", "est"}, {"eu", "eus"}, {"fa", "fas"}, {"fi", "fin"}, {"fr", "fra"}, {"ga", "gle"},
        {"gd", "gla"}, {"gu", "guj"}, {"ha", "hau"}, {"he", "heb"}, {"hi", "hin"}, {"hr", "hrv"}, {"hu", "hun"}, {"hy", "hye"},
        {"id", "ind"}, {"is", "isl"}, {"it", "ita"}, {"ja", "jpn"}, {"ka", "kat"}, {"kk", "kaz"}, {"kn", "kan"}, {"ko", "kor"},
        {"ku", "kur"}, {"ky", "kir"}, {"la", "lat"}, {"lb", "ltz"}, {"lt", "lit"}, {"lv", "lav"}, {"mi", "mri"}, {"mk", "mkd"},
        {"ml", "mal"}, {"mr", "mar"}, {"ms", "msa"}, {"mt", "mlt"}, {"my", "mya"}, {"nb", "nob"}, {"ne", "nep"}, {"nl", "nld"},
        {"nn", "nno"}, {"no", "nor"}, {"or", "ori"}, {"pa", "pan"}, {"pl", "pol"}, {"pt", "por"}, {"ro", "ron"}, {"ru", "rus"},
        {"sd", "snd"}, {"si", "sin"}, {"sk", "slk"}, {"sl", "slv"}, {"sq", "sqi"}, {"sr", "srp"}, {"sv", "swe"}, {"sw", "swa"},
        {"ta", "tam"}, {"te", "tel"}, {"th", "tha"}, {"tr", "tur"}, {"tt", "tat"}, {"ug", "uig"}, {"uk", "ukr"}, {"ur", "urd"},
        {"uz", "uzb"}, {"vi", "vie"}, {"zh", "zho"},
    };
    size_t len = 0;
    while (len < tag.len && tag.data[len] != '-' && tag.data[len] != '_')
        len++;
    struct str primary = str_sub(tag, 0, len);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (str_eq_nocase(primary, str_from(pairs[i][0])) || str_eq_nocase(primary, str_from(pairs[i][1])))
            return pairs[i][1];
    return NULL;
}
