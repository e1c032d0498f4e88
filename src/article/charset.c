#include "article/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <uchardet.h>

#include "base/buffer.h"
#include "base/lazy.h"
#include "base/utf8.h"

/* Windows-1252 0x80..0x9F; the rest is Latin-1. 0: no character. */
static const uint16_t windows_1252[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                          0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                          0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

static unsigned from_windows_1252(unsigned char byte)
{
    if (byte < 0x80 || byte >= 0xA0)
        return byte;
    return windows_1252[byte - 0x80] ? windows_1252[byte - 0x80] : UTF8_REPLACEMENT;
}

static unsigned char byte_at(struct str bytes, size_t at)
{
    return (unsigned char)bytes.data[at];
}

/* Length of the printable ASCII at `at`, by eights: most of most articles. */
static size_t plain_run(struct str bytes, size_t at)
{
    const uint64_t each = 0x0101010101010101u, top = each * 0x80;
    size_t from = at;
    for (uint64_t word; bytes.len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, bytes.data + at, sizeof word);
        uint64_t is_delete = (word ^ each * 0x7F) - each; /* their top bits: where a byte is that, once no byte is high */
        uint64_t is_control = word - each * 0x20;
        if ((word | is_delete | is_control) & top)
            break;
    }
    return at - from;
}

/* What can be counted in one pass. */
struct census {
    size_t high, zeros_even, zeros_odd;
    size_t letters;          /* of ASCII; counted where it matters only */
    size_t sequences, stray; /* UTF-8 of two bytes and more; bytes that are none */
    size_t first_high;
    bool escape;
};

static size_t count_letters(struct str bytes)
{
    size_t n = 0;
    for (size_t at = 0; at < bytes.len; at++)
        n += (byte_at(bytes, at) | 32) >= 'a' && (byte_at(bytes, at) | 32) <= 'z';
    return n;
}

static struct census count_bytes(struct str bytes)
{
    struct census n = {.first_high = SIZE_MAX};
    for (size_t at = plain_run(bytes, 0), next; at < bytes.len; at = next + plain_run(bytes, next)) {
        unsigned char c = byte_at(bytes, at);
        next = at + 1;
        if (c >= 0x80) {
            n.first_high = n.first_high == SIZE_MAX ? at : n.first_high;
            utf8_decode(bytes, at, &next);
            n.high += next - at;
            n.sequences += next - at > 1;
            n.stray += next - at == 1;
        } else if (c == 0) {
            n.zeros_even += at % 2 == 0;
            n.zeros_odd += at % 2;
        } else {
            n.escape |= c == 0x1B;
        }
    }
    if (n.stray || n.zeros_even || n.zeros_odd)
        n.letters = count_letters(bytes);
    return n;
}

/* Converts all of `bytes`; what has no meaning in `from` becomes U+FFFD, counted in *bad, `unit` bytes at a time. False: iconv
 * does not know it. */
static bool convert(struct str bytes, const char *from, size_t unit, struct buffer *out, size_t *bad)
{
    iconv_t state = iconv_open("UTF-8", from);
    *bad = 0;
    buffer_clear(out);
    if (state == (iconv_t)-1)
        return false;
    char *in = (char *)(uintptr_t)bytes.data;
    size_t left = bytes.len;
    while (left) {
        char piece[4096], *to = piece;
        size_t room = sizeof piece;
        size_t done = iconv(state, &in, &left, &to, &room);
        int why = errno;
        buffer_append(out, piece, sizeof piece - room);
        if (done != (size_t)-1 || why == E2BIG)
            continue;
        buffer_code_point(out, UTF8_REPLACEMENT);
        ++*bad;
        size_t skip = left < unit ? left : unit;
        in += skip;
        left -= skip;
    }
    iconv_close(state);
    return utf8_valid_length(buffer_view(out)) == out->len;
}

/* UTF-8 with bytes in it that are none: these are read as Windows-1252, whose text most often got there by careless pasting. */
static void repair(struct str bytes, struct buffer *out)
{
    buffer_clear(out);
    for (size_t at = 0, next; at < bytes.len; at = next) {
        if (utf8_decode(bytes, at, &next) == UTF8_REPLACEMENT && next - at == 1)
            buffer_code_point(out, from_windows_1252(byte_at(bytes, at)));
        else
            buffer_append(out, bytes.data + at, next - at);
    }
}

/* Does Windows-1252 make sense of it? Not where it gives signs like ³ and ¹ between letters, or where most letters are high. */
static bool fits_windows_1252(struct str bytes, const struct census *n)
{
    size_t signs = 0;
    for (size_t at = n->first_high; at < bytes.len; at++) {
        unsigned char c = byte_at(bytes, at);
        unsigned u = from_windows_1252(c);
        if (c < 0x80 || (u != UTF8_REPLACEMENT && uni_is_letter(u) && c != 0xAA && c != 0xBA && c != 0xB5))
            continue;
        bool inside = at > 0 && at + 1 < bytes.len && (byte_at(bytes, at - 1) | 32) >= 'a' &&
                      (byte_at(bytes, at - 1) | 32) <= 'z' && (byte_at(bytes, at + 1) | 32) >= 'a' &&
                      (byte_at(bytes, at + 1) | 32) <= 'z';
        bool mark =
            u == 0x2019 || u == 0x2014 || u == 0x2013 || u == 0xA0 || u == 0x2018 || u == 0xAD || u == 0x2026 || u == 0xB7;
        signs += u == UTF8_REPLACEMENT || (inside && !mark);
    }
    return signs * 50 < n->high && n->high * 2 < n->letters + n->high;
}

/* Only quotation marks, dashes and other signs are high: an English text. */
static bool is_only_punctuation(struct str bytes, const struct census *n)
{
    for (size_t at = n->first_high; at < bytes.len; at++) {
        unsigned char c = byte_at(bytes, at);
        if (c >= 0x80 && (c >= 0xC0 || c == 0x8A || c == 0x8C || c == 0x8E || c == 0x9A || c == 0x9C || c == 0x9E || c == 0x9F))
            return false;
    }
    return true;
}

/* Loaded for text that is not UTF-8 only. */
static struct {
    __typeof__(uchardet_new) *uchardet_new;
    __typeof__(uchardet_handle_data) *uchardet_handle_data;
    __typeof__(uchardet_data_end) *uchardet_data_end;
    __typeof__(uchardet_get_charset) *uchardet_get_charset;
    __typeof__(uchardet_delete) *uchardet_delete;
} api;

static bool load_library(void)
{
    const struct lazy_symbol symbols[] = {
        LAZY(&api, uchardet_new),         LAZY(&api, uchardet_handle_data), LAZY(&api, uchardet_data_end),
        LAZY(&api, uchardet_get_charset), LAZY(&api, uchardet_delete),
    };
    return lazy_load("libuchardet.so.0", "libuchardet0", symbols, sizeof symbols / sizeof *symbols, NULL) == STATUS_OK;
}

/* uchardet's word on it, in `name`; "" where it has none or is not there. */
static void detect(struct str bytes, size_t from, char name[64])
{
    enum { CONTEXT = 4096, ENOUGH = 512 * 1024 };
    name[0] = '\0';
    if (!load_library())
        return;
    uchardet_t detector = api.uchardet_new();
    if (!detector)
        return;
    struct str part = str_sub(bytes, from > CONTEXT ? from - CONTEXT : 0, bytes.len);
    if (api.uchardet_handle_data(detector, part.data, part.len > ENOUGH ? ENOUGH : part.len) == 0) {
        api.uchardet_data_end(detector);
        struct str found = str_from(api.uchardet_get_charset(detector));
        if (found.len && found.len < 64)
            memcpy(name, found.data, found.len + 1);
    }
    api.uchardet_delete(detector);
}

/* A name that iconv and the web's old pages agree on. */
static const char *charset_name(struct str declared, char name[64])
{
    declared = str_trim(declared);
    if (!declared.len || declared.len >= 64)
        return "";
    for (size_t i = 0; i < declared.len; i++) {
        char c = declared.data[i];
        name[i] = c;
        if (!((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-' || c == '_' || c == ':'))
            return "";
    }
    name[declared.len] = '\0';
    struct str s = {name, declared.len};
    if (str_eq_nocase(s, STR("ISO-8859-1")) || str_eq_nocase(s, STR("latin1")) || str_eq_nocase(s, STR("ascii")) ||
        str_eq_nocase(s, STR("us-ascii")) || str_eq_nocase(s, STR("cp1252")) || str_eq_nocase(s, STR("windows-1252")))
        return "WINDOWS-1252";
    if (str_eq_nocase(s, STR("gb2312")) || str_eq_nocase(s, STR("gbk")))
        return "GB18030";
    if (str_eq_nocase(s, STR("utf-8")) || str_eq_nocase(s, STR("utf8")) || str_starts(s, STR("UTF-16")) ||
        str_eq_nocase(s, STR("utf-16le")) || str_eq_nocase(s, STR("utf-16be")))
        return ""; /* the bytes themselves tell */
    return name;
}

/* Neither UTF-8 nor UTF-16: tries `declared`, then what the bytes look like. */
static const char *decode_legacy(struct arena *arena, struct str bytes, const struct census *n, struct str declared,
                                 struct buffer *out)
{
    char name[64], detected[64];
    size_t bad;
    const char *from = charset_name(declared, name);
    if (*from && strcmp(from, "WINDOWS-1252") != 0 && convert(bytes, from, 1, out, &bad) && bad * 100 <= n->high)
        return arena_c_string(arena, str_from(from));
    bool western = fits_windows_1252(bytes, n);
    if (!*from && !(western && (n->high < 12 || is_only_punctuation(bytes, n)))) {
        detect(bytes, n->first_high, detected);
        const char *found = charset_name(str_from(detected), name);
        if (*found && strcmp(found, "WINDOWS-1252") != 0 && convert(bytes, found, 1, out, &bad) && bad * 50 <= n->high)
            return arena_c_string(arena, str_from(found));
    }
    repair(bytes, out);
    return "WINDOWS-1252";
}

/* UTF-16 without a mark: the zero bytes of its ASCII characters all lie on one side. In scripts of high code points spaces, line
 * breaks and full stops have to tell; *weak is set then. */
static const char *utf_16_by_zeros(struct str bytes, const struct census *n, bool *weak)
{
    size_t zeros = n->zeros_even + n->zeros_odd, little = 0, big = 0;
    *weak = false;
    if (bytes.len % 2 || zeros < 2)
        return NULL;
    if (n->zeros_even * 20 <= n->zeros_odd)
        return "UTF-16LE";
    if (n->zeros_odd * 20 <= n->zeros_even)
        return "UTF-16BE";
    if (n->letters * 2 >= bytes.len)
        return NULL; /* a text of ASCII letters with a few zeros in it */
    for (size_t at = 0; at + 1 < bytes.len; at += 2) {
        unsigned first = byte_at(bytes, at), second = byte_at(bytes, at + 1);
        unsigned units[2] = {second << 8 | first, first << 8 | second};
        little += units[0] == ' ' || units[0] == '\n' || units[0] == 0x3001 || units[0] == 0x3002 || units[0] == 0xFF0C;
        big += units[1] == ' ' || units[1] == '\n' || units[1] == 0x3001 || units[1] == 0x3002 || units[1] == 0xFF0C;
    }
    *weak = true;
    return little > big * 4 ? "UTF-16LE" : big > little * 4 ? "UTF-16BE" : NULL;
}

/* In text of ASCII letters a sequence of UTF-8 hardly comes about by chance; in the charsets of Chinese it does. */
static bool is_mostly_utf8(const struct census *n)
{
    return n->high < n->letters ? n->sequences * 2 >= n->stray : n->sequences > n->stray * 4;
}

static bool is_binary(struct str text)
{
    size_t odd = 0, count = 0;
    for (size_t at = 0; at < text.len; count++) {
        size_t plain = plain_run(text, at);
        count += plain;
        at += plain;
        if (at == text.len)
            break;
        unsigned c = utf8_decode(text, at, &at);
        odd += (c < ' ' && (c < '\t' || c > '\r') && c != 0x1B) || c == UTF8_REPLACEMENT || (c >= 0x7F && c < 0xA0 && c != 0x85);
    }
    return odd * 20 > count && odd > 3;
}

enum status charset_decode(struct arena *arena, struct str bytes, struct str declared, const char *path,
                           struct charset_result *result, struct problem *problem)
{
    static const struct {
        struct str mark;
        const char *name;
        size_t unit;
    } marks[] = {{{"\xFF\xFE\0\0", 4}, "UTF-32LE", 4},
                 {{"\0\0\xFE\xFF", 4}, "UTF-32BE", 4},
                 {{"\xFF\xFE", 2}, "UTF-16LE", 2},
                 {{"\xFE\xFF", 2}, "UTF-16BE", 2}};
    *result = (struct charset_result){.text = {"", 0}, .charset = "UTF-8", .warning = {"", 0}};
    const char *wide = NULL;
    bool weak = false;
    size_t unit = 2, bad = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks && !wide; i++) {
        if (str_starts(bytes, marks[i].mark)) {
            wide = marks[i].name;
            unit = marks[i].unit;
            bytes = str_sub(bytes, marks[i].mark.len, bytes.len);
        }
    }
    struct census n = count_bytes(bytes);
    if (!wide)
        wide = utf_16_by_zeros(bytes, &n, &weak);
    bool marked = str_starts(bytes, STR("\xEF\xBB\xBF"));
    struct buffer out = {0};
    bool fine = true;
    if (wide) {
        result->charset = wide;
        fine = convert(bytes, wide, unit, &out, &bad) && !(weak && bad);
    } else if (n.zeros_even + n.zeros_odd) {
        fine = false;
    } else if (!n.stray && !n.escape) {
        buffer_str(&out, bytes);
    } else if (!n.stray || marked || is_mostly_utf8(&n)) {
        char detected[64] = "";
        if (n.escape && !n.high)
            detect(bytes, 0, detected);
        if (strncmp(detected, "ISO-2022", 8) == 0 && convert(bytes, detected, 1, &out, &bad) && !bad)
            result->charset = arena_c_string(arena, str_from(detected));
        else
            repair(bytes, &out);
        if (n.stray)
            result->warning = STR("invalid UTF-8 read as Windows-1252");
    } else {
        result->charset = decode_legacy(arena, bytes, &n, declared, &out);
    }
    fine = fine && !is_binary(buffer_view(&out));
    arena->failed |= out.failed;
    if (fine) {
        result->text = arena_copy(arena, buffer_view(&out));
        if (bad)
            result->warning = arena_format(arena, "%zu characters are damaged and were left out", bad);
    }
    buffer_release(&out);
    if (arena_failed(arena))
        return problem_no_memory(problem);
    return fine ? STATUS_OK : problem_set(problem, STATUS_BAD_DATA, path, 0, "is not text: it holds binary data");
}
