#include "library/web_text.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "library/names.h"

static bool starts_nocase(struct str s, struct str prefix)
{
    return s.len >= prefix.len && strncasecmp(s.data, prefix.data, prefix.len) == 0;
}

static bool ends_nocase(struct str s, struct str end)
{
    return s.len >= end.len && strncasecmp(s.data + s.len - end.len, end.data, end.len) == 0;
}

static size_t find_nocase(struct str s, struct str word, size_t from)
{
    for (size_t i = from; i + word.len <= s.len; i++)
        if (strncasecmp(s.data + i, word.data, word.len) == 0)
            return i;
    return SIZE_MAX;
}

static struct str without_query(struct str url)
{
    for (size_t i = 0; i < url.len; i++)
        if (url.data[i] == '?' || url.data[i] == '#')
            return str_sub(url, 0, i);
    return url;
}

/* ---- kinds --------------------------------------------------------------------------------------------------------- */

static enum web_kind kind_of_address(struct str url)
{
    static const struct {
        const char *ending;
        enum web_kind kind;
    } endings[] = {{".md", WEB_MARKDOWN}, {".markdown", WEB_MARKDOWN}, {".txt", WEB_PLAIN}, {".text", WEB_PLAIN}};
    url = without_query(url);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (ends_nocase(url, str_from(endings[i].ending)))
            return endings[i].kind;
    return WEB_UNKNOWN;
}

/* Behind white space, comments and an XML declaration, the first element tells. */
static enum web_kind kind_of_bytes(struct str body)
{
    struct str rest = str_sub(body, 0, 4096);
    if (str_starts(rest, STR("\xEF\xBB\xBF")))
        rest = str_sub(rest, 3, rest.len);
    for (;;) {
        rest = str_trim(rest);
        bool comment = str_starts(rest, STR("<!--"));
        if (!comment && !str_starts(rest, STR("<?")))
            break;
        struct str end = comment ? STR("-->") : STR("?>");
        size_t at = str_find(rest, end, 2);
        if (at == SIZE_MAX)
            return WEB_UNKNOWN;
        rest = str_sub(rest, at + end.len, rest.len);
    }
    if (starts_nocase(rest, STR("<rss")) || starts_nocase(rest, STR("<feed")) || starts_nocase(rest, STR("<rdf:RDF")) ||
        starts_nocase(rest, STR("<!doctype rss")))
        return WEB_FEED;
    static const char *const starts[] = {"<!doctype html", "<html", "<head", "<body", "<meta", "<title", "<article"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (starts_nocase(rest, str_from(starts[i])))
            return WEB_HTML;
    return WEB_UNKNOWN;
}

static bool is_text(struct str body)
{
    return body.len && !memchr(body.data, '\0', body.len) && utf8_valid_length(body) == body.len;
}

enum web_kind web_kind(struct str type, struct str url, struct str body)
{
    static const struct {
        const char *type;
        enum web_kind kind;
    } types[] = {
        {"text/html", WEB_HTML},           {"application/xhtml+xml", WEB_HTML}, {"text/markdown", WEB_MARKDOWN},
        {"text/x-markdown", WEB_MARKDOWN}, {"application/rss+xml", WEB_FEED},   {"application/atom+xml", WEB_FEED},
        {"application/rdf+xml", WEB_FEED},
    };
    enum web_kind seen = kind_of_bytes(body), named = kind_of_address(url);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq_c(type, types[i].type))
            return seen == WEB_FEED ? WEB_FEED : types[i].kind;
    if (str_eq_c(type, "text/plain"))
        return seen == WEB_FEED ? WEB_FEED : named == WEB_UNKNOWN ? WEB_PLAIN : named;
    if (str_eq_c(type, "application/xml") || str_eq_c(type, "text/xml"))
        return seen;
    if (type.len && !str_eq_c(type, "application/octet-stream"))
        return WEB_UNKNOWN;
    if (seen != WEB_UNKNOWN)
        return seen;
    return !is_text(body) ? WEB_UNKNOWN : named != WEB_UNKNOWN ? named : type.len ? WEB_UNKNOWN : WEB_PLAIN;
}

/* ---- charsets ------------------------------------------------------------------------------------------------------ */

/* The WHATWG Encoding Standard's reading of labels that iconv would read to the letter. */
static const char *charset_for_iconv(struct str label, char name[64])
{
    static const char *const meant[][2] = {
        {"iso-8859-1", "CP1252"},
        {"latin1", "CP1252"},
        {"us-ascii", "CP1252"},
        {"ascii", "CP1252"},
        {"iso-8859-9", "CP1254"},
        {"gb2312", "GB18030"},
        {"gbk", "GB18030"},
        {"x-gbk", "GB18030"},
        {"shift_jis", "CP932"},
        {"x-sjis", "CP932"},
        {"euc-kr", "CP949"},
        {"ks_c_5601-1987", "CP949"},
        {"utf-16", "UTF-16"},
        {"utf8", "UTF-8"},
        {"x-euc-jp", "EUC-JP"},
        {"tis-620", "CP874"},
        {"x-cp1251", "CP1251"},
        {"x-cp1252", "CP1252"},
        {"iso-8859-8-i", "ISO-8859-8"},
    };
    for (size_t i = 0; i < sizeof meant / sizeof *meant; i++)
        if (str_eq_nocase(label, str_from(meant[i][0])))
            return meant[i][1];
    if (!label.len || label.len >= 64)
        return "";
    for (size_t i = 0; i < label.len; i++) {
        char c = label.data[i];
        if (!((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-' || c == '_' || c == ':'))
            return "";
        name[i] = c;
    }
    name[label.len] = '\0';
    return name;
}

/* False where iconv does not know the charset or more than one byte in a hundred does not fit. */
static bool convert(struct str bytes, const char *from, struct buffer *out)
{
    iconv_t state = iconv_open("UTF-8", from);
    if (state == (iconv_t)-1)
        return false;
    char *in = (char *)(uintptr_t)bytes.data;
    size_t left = bytes.len, bad = 0;
    while (left && !buffer_failed(out) && bad * 100 <= bytes.len) {
        char piece[8192], *to = piece;
        size_t room = sizeof piece;
        size_t done = iconv(state, &in, &left, &to, &room);
        int why = errno;
        buffer_append(out, piece, sizeof piece - room);
        if (done != (size_t)-1 || why == E2BIG)
            continue;
        buffer_code_point(out, UTF8_REPLACEMENT);
        bad++;
        in++;
        left--;
    }
    iconv_close(state);
    return bad * 100 <= bytes.len && utf8_valid_length(buffer_view(out)) == out->len;
}

enum status web_to_utf8(struct buffer *body, struct str charset, enum web_kind kind, struct problem *problem)
{
    char name[64];
    struct str bytes = buffer_view(body), mark = STR("\xEF\xBB\xBF");
    if (!charset.len || str_starts(bytes, mark) || str_starts(bytes, STR("\xFF\xFE")) || str_starts(bytes, STR("\xFE\xFF")))
        return STATUS_OK;
    const char *from = charset_for_iconv(charset, name);
    bool ascii = true;
    for (size_t i = 0; i < bytes.len && ascii; i++)
        ascii = (unsigned char)bytes.data[i] < 0x80 && bytes.data[i] != 0x1B && bytes.data[i] != 0;
    if (!*from || ascii)
        return STATUS_OK;
    struct buffer out = {0};
    if (kind == WEB_HTML)
        buffer_str(&out, mark);
    bool utf8 =
        utf8_valid_length(bytes) == bytes.len && !memchr(bytes.data, 0x1B, bytes.len) && !memchr(bytes.data, 0, bytes.len);
    bool done = true;
    if (utf8)
        buffer_str(&out, bytes);
    else
        done = convert(bytes, from, &out);
    if (buffer_failed(&out)) {
        buffer_release(&out);
        return problem_no_memory(problem);
    }
    if (done) {
        buffer_release(body);
        *body = out;
    } else {
        buffer_release(&out);
    }
    return STATUS_OK;
}

/* ---- words of mark-up ---------------------------------------------------------------------------------------------- */

/* Decodes the entity at s.data[*at] ('&') into `out` and moves *at past it; what is none stays as it is. */
static void decode_entity(struct str s, size_t *at, struct buffer *out)
{
    static const struct {
        const char *name;
        unsigned c;
    } names[] = {{"amp", '&'},      {"lt", '<'},        {"gt", '>'},       {"quot", '"'},     {"apos", '\''},
                 {"nbsp", ' '},     {"hellip", 0x2026}, {"ndash", 0x2013}, {"mdash", 0x2014}, {"lsquo", 0x2018},
                 {"rsquo", 0x2019}, {"ldquo", 0x201C},  {"rdquo", 0x201D}};
    size_t end = *at + 1;
    while (end < s.len && end - *at < 12 && s.data[end] != ';' && s.data[end] != '&' && s.data[end] != ' ')
        end++;
    if (end < s.len && s.data[end] == ';') {
        struct str name = str_sub(s, *at + 1, end);
        unsigned c = 0;
        bool hex = name.len > 2 && name.data[0] == '#' && (name.data[1] | 32) == 'x';
        for (size_t i = hex ? 2 : 1; name.len > 1 && name.data[0] == '#' && i < name.len && c <= 0x10FFFF; i++) {
            char d = name.data[i], low = (char)(d | 32);
            unsigned digit = d >= '0' && d <= '9'              ? (unsigned)(d - '0')
                             : hex && low >= 'a' && low <= 'f' ? (unsigned)(low - 'a' + 10)
                                                               : 99;
            c = digit == 99 ? 0x110000 : c * (hex ? 16 : 10) + digit;
        }
        for (size_t i = 0; i < sizeof names / sizeof *names && !c; i++)
            if (str_eq_c(name, names[i].name))
                c = names[i].c;
        if (c && c <= 0x10FFFF) {
            buffer_code_point(out, c < ' ' ? ' ' : c);
            *at = end + 1;
            return;
        }
    }
    buffer_byte(out, '&');
    ++*at;
}

/* End of the tag, comment, script or style that begins at `at`; s.len where it has none. */
static size_t markup_end(struct str s, size_t at)
{
    static const char *const whole[][2] = {{"<!--", "-->"}, {"<script", "</script>"}, {"<style", "</style>"}};
    struct str rest = str_sub(s, at, s.len);
    struct str end = STR(">");
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (starts_nocase(rest, str_from(whole[i][0])))
            end = str_from(whole[i][1]);
    size_t found = find_nocase(s, end, at);
    return found == SIZE_MAX ? s.len : found + end.len;
}

struct str web_plain(struct arena *arena, struct str s)
{
    struct buffer decoded = {0}, out = {0};
    for (size_t at = 0; at < s.len;) {
        char next = at + 1 < s.len ? s.data[at + 1] : ' ';
        bool tag = s.data[at] == '<' && (next == '/' || next == '!' || next == '?' || ((next | 32) >= 'a' && (next | 32) <= 'z'));
        if (tag) {
            at = markup_end(s, at);
            buffer_byte(&decoded, ' ');
        } else if (s.data[at] == '&') {
            decode_entity(s, &at, &decoded);
        } else {
            buffer_byte(&decoded, s.data[at++]);
        }
    }
    struct str text = buffer_view(&decoded);
    for (size_t at = 0, next; at < text.len; at = next) {
        unsigned c = utf8_decode(text, at, &next);
        if (!uni_is_space(c) && c >= ' ' && c != 0x7F)
            buffer_code_point(&out, c);
        else if (out.len && out.data[out.len - 1] != ' ')
            buffer_byte(&out, ' ');
    }
    arena->failed |= decoded.failed || out.failed;
    struct str words = arena_copy(arena, str_trim(buffer_view(&out)));
    buffer_release(&decoded);
    buffer_release(&out);
    return words;
}

struct str web_title(struct arena *arena, struct str page)
{
    page = str_sub(page, 0, 512 << 10);
    size_t at = find_nocase(page, STR("<title"), 0);
    size_t start = at == SIZE_MAX ? SIZE_MAX : str_find(page, STR(">"), at);
    size_t end = start == SIZE_MAX ? SIZE_MAX : find_nocase(page, STR("</title"), start);
    return end == SIZE_MAX ? (struct str){"", 0} : web_plain(arena, str_sub(page, start + 1, end));
}

/* Value of attribute `name` in the inside of a tag, as written. */
static struct str attribute(struct str tag, struct str name)
{
    for (size_t at = find_nocase(tag, name, 0); at != SIZE_MAX; at = find_nocase(tag, name, at + 1)) {
        size_t i = at + name.len;
        bool begins = at > 0 && (strchr(" \t\r\n\f", tag.data[at - 1]) != NULL);
        while (i < tag.len && strchr(" \t\r\n", tag.data[i]))
            i++;
        if (!begins || i >= tag.len || tag.data[i] != '=')
            continue;
        i++;
        while (i < tag.len && strchr(" \t\r\n", tag.data[i]))
            i++;
        char quote = i < tag.len && (tag.data[i] == '"' || tag.data[i] == '\'') ? tag.data[i++] : '\0';
        size_t end = i;
        while (end < tag.len && (quote ? tag.data[end] != quote : !strchr(" \t\r\n>", tag.data[end])))
            end++;
        return str_sub(tag, i, end);
    }
    return (struct str){"", 0};
}

struct str web_feed_link(struct arena *arena, struct str page)
{
    page = str_sub(page, 0, 512 << 10);
    for (size_t at = find_nocase(page, STR("<link"), 0); at != SIZE_MAX; at = find_nocase(page, STR("<link"), at + 5)) {
        size_t end = str_find(page, STR(">"), at);
        struct str tag = str_sub(page, at, end);
        struct str type = attribute(tag, STR("type"));
        if (str_eq_nocase(type, STR("application/rss+xml")) || str_eq_nocase(type, STR("application/atom+xml")))
            return web_plain(arena, attribute(tag, STR("href")));
        if (end == SIZE_MAX)
            break;
    }
    return (struct str){"", 0};
}

/* "/news/my%20story_of-2025.html" -> "my story of-2025". */
static struct str last_segment(struct arena *arena, struct str url)
{
    size_t host = str_find(url, STR("://"), 0);
    url = without_query(host == SIZE_MAX ? url : str_sub(url, host + 3, url.len));
    while (url.len && url.data[url.len - 1] == '/')
        url.len--;
    size_t slash = url.len;
    while (slash && url.data[slash - 1] != '/')
        slash--;
    if (!slash)
        return (struct str){"", 0};
    struct str segment = str_sub(url, slash, url.len);
    for (size_t i = segment.len; i-- > 1 && segment.len - i <= 9;)
        if (segment.data[i] == '.') {
            segment.len = i;
            break;
        }
    struct buffer out = {0};
    for (size_t i = 0; i < segment.len; i++) {
        static const char digits[] = "0123456789abcdef";
        const char *high = NULL, *low = NULL;
        if (segment.data[i] == '%' && i + 2 < segment.len) {
            high = memchr(digits, segment.data[i + 1] | 32, 16);
            low = memchr(digits, segment.data[i + 2] | 32, 16);
        }
        char c = segment.data[i] == '_' ? ' ' : segment.data[i];
        if (high && low)
            c = (char)(unsigned char)((high - digits) << 4 | (low - digits));
        buffer_byte(&out, c);
        i += high && low ? 2 : 0;
    }
    arena->failed |= out.failed;
    struct str decoded = arena_copy(arena, buffer_view(&out));
    buffer_release(&out);
    return utf8_valid_length(decoded) == decoded.len ? decoded : (struct str){"", 0};
}

struct str web_slug(struct arena *arena, struct str url, struct str title)
{
    struct str slug = slug_from_title(arena, last_segment(arena, url));
    size_t words = 0, letters = 0, run = 0;
    for (size_t i = 0; i <= slug.len; i++) {
        bool letter = i < slug.len && slug.data[i] >= 'a';
        letters += letter;
        run = letter ? run + 1 : 0;
        words += run == 3;
    }
    bool telling = words >= 2 && letters * 2 > slug.len;
    if (telling || !title.len)
        return slug;
    struct str of_title = slug_from_title(arena, title);
    return str_eq_c(of_title, "episode") ? slug : of_title;
}

void web_escape(struct buffer *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        switch (s.data[i]) {
        case '&': buffer_c_string(out, "&amp;"); break;
        case '<': buffer_c_string(out, "&lt;"); break;
        case '>': buffer_c_string(out, "&gt;"); break;
        case '"': buffer_c_string(out, "&quot;"); break;
        default: buffer_byte(out, s.data[i]);
        }
}
