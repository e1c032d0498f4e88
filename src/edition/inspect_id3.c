/* ID3v2.2, 2.3 and 2.4 as they are met in the wild (id3.org: id3v2-00, id3v2.3.0, id3v2.4.0-structure, id3v2-chapters-1.0), read
 * once from front to back; frames inside chapters are looked through for a title only. */
#include "edition/inspect_internal.h"

#include <string.h>

#include "base/utf8.h"
#include "edition/cover.h"

#define TAG_READ_LIMIT ((size_t)16 * 1024 * 1024) /* of a larger tag only the beginning is read */
#define TAGS_LIMIT 2000
#define CHAPTERS_LIMIT 10000
#define CONTRACT_LIMIT_BYTES ((size_t)300 * 1000)
#define CONTRACT_PADDING 10

struct bytes {
    const uint8_t *at;
    size_t len;
};

struct id3_frame {
    char id[5];
    struct bytes body;
    bool opaque; /* compressed or encrypted */
};

static uint32_t get_u32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint32_t get_syncsafe(const uint8_t *at)
{
    return (uint32_t)(at[0] & 0x7F) << 21 | (uint32_t)(at[1] & 0x7F) << 14 | (uint32_t)(at[2] & 0x7F) << 7 | (at[3] & 0x7F);
}

static struct bytes skip(struct bytes bytes, size_t n)
{
    if (n > bytes.len)
        n = bytes.len;
    return (struct bytes){bytes.at + n, bytes.len - n};
}

/* FF 00 was FF before the writer broke up false sync words. */
static size_t undo_unsync(uint8_t *bytes, size_t len)
{
    size_t out = 0;
    for (size_t i = 0; i < len; i++) {
        bytes[out++] = bytes[i];
        if (bytes[i] == 0xFF && i + 1 < len && bytes[i + 1] == 0)
            i++;
    }
    return out;
}

/* ---- texts ---- */

/* Length of the text up to its terminator, and past it. */
static size_t text_length(int encoding, struct bytes bytes, size_t *next)
{
    size_t step = encoding == 1 || encoding == 2 ? 2 : 1;
    for (size_t i = 0; i + step <= bytes.len; i += step)
        if (bytes.at[i] == 0 && (step == 1 || bytes.at[i + 1] == 0)) {
            *next = i + step;
            return i;
        }
    *next = bytes.len;
    return bytes.len;
}

static void append_utf16(struct buffer *out, struct bytes bytes, bool big)
{
    unsigned high = 0;
    for (size_t i = 0; i + 2 <= bytes.len; i += 2) {
        unsigned unit = big ? (unsigned)bytes.at[i] << 8 | bytes.at[i + 1] : (unsigned)bytes.at[i + 1] << 8 | bytes.at[i];
        if (high && unit >= 0xDC00 && unit < 0xE000) {
            buffer_code_point(out, 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00));
            high = 0;
            continue;
        }
        if (high)
            buffer_code_point(out, UTF8_REPLACEMENT);
        high = unit >= 0xD800 && unit < 0xDC00 ? unit : 0;
        if (!high)
            buffer_code_point(out, unit);
    }
    if (high)
        buffer_code_point(out, UTF8_REPLACEMENT);
}

static struct str decode_text(struct arena *arena, int encoding, struct bytes bytes)
{
    struct buffer out = {0};
    if (encoding == 1 || encoding == 2) {
        bool big = encoding == 2;
        if (bytes.len >= 2 && ((bytes.at[0] == 0xFF && bytes.at[1] == 0xFE) || (bytes.at[0] == 0xFE && bytes.at[1] == 0xFF))) {
            big = bytes.at[0] == 0xFE;
            bytes = skip(bytes, 2);
        }
        append_utf16(&out, bytes, big);
    } else {
        struct str raw = {(const char *)bytes.at, bytes.len};
        bool latin = encoding == 0;
        for (size_t at = 0; at < raw.len;) {
            unsigned c = latin ? bytes.at[at++] : utf8_decode(raw, at, &at);
            buffer_code_point(&out, c);
        }
    }
    struct str copy = arena_copy(arena, buffer_view(&out));
    if (buffer_failed(&out))
        arena->failed = true;
    buffer_release(&out);
    return copy;
}

/* One terminated text; moves *rest past it. */
static struct str take_text(struct arena *arena, int encoding, struct bytes *rest)
{
    size_t next, len = text_length(encoding, *rest, &next);
    struct str text = decode_text(arena, encoding, (struct bytes){rest->at, len});
    *rest = skip(*rest, next);
    return text;
}

/* The contract wants UTF-16 little-endian with its mark, ended. */
static void check_text(struct inspector *inspector, const char *id, struct bytes body)
{
    if (inspector->found->id3_version != 3)
        return;
    bool good = body.len >= 5 && body.at[0] == 1 && body.at[1] == 0xFF && body.at[2] == 0xFE && body.len % 2 == 1 &&
                body.at[body.len - 1] == 0 && body.at[body.len - 2] == 0;
    if (!good)
        inspect_breach(inspector, "The text of %s is not UTF-16 (FF FE first, 00 00 last).", id);
}

/* ---- frames ---- */

static const char *modern_id(const char *old)
{
    static const char pairs[][2][5] = {{"TT2", "TIT2"}, {"TP1", "TPE1"}, {"TAL", "TALB"}, {"TYE", "TYER"},
                                       {"TDA", "TDAT"}, {"TCO", "TCON"}, {"TLA", "TLAN"}, {"TLE", "TLEN"},
                                       {"TRK", "TRCK"}, {"COM", "COMM"}, {"PIC", "APIC"}, {"TXX", "TXXX"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (strcmp(pairs[i][0], old) == 0)
            return pairs[i][1];
    return old;
}

/* The next frame of `rest`; false at padding, at the end, or where the bytes are no frame. */
static bool next_frame(int version, struct bytes *rest, struct id3_frame *frame)
{
    size_t id_len = version == 2 ? 3 : 4, head = version == 2 ? 6 : 10;
    *frame = (struct id3_frame){0};
    if (rest->len < head)
        return false;
    for (size_t i = 0; i < id_len; i++) {
        uint8_t c = rest->at[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')))
            return false;
        frame->id[i] = (char)c;
    }
    size_t size = version == 2 ? get_u32(rest->at + 2) & 0xFFFFFF : get_u32(rest->at + 4);
    /* Some writers put plain sizes into 2.4. */
    if (version == 4 && !(size & 0x80808080))
        size = get_syncsafe(rest->at + 4);
    if (size > rest->len - head)
        return false;
    frame->body = (struct bytes){rest->at + head, size};
    unsigned flags = version == 2 ? 0 : rest->at[9];
    *rest = skip(*rest, head + size);
    frame->opaque = version == 3 ? flags & 0xC0 : version == 4 ? flags & 0x0C : 0;
    if ((version == 3 && flags & 0x20) || (version == 4 && flags & 0x40))
        frame->body = skip(frame->body, 1);
    if (version == 4 && flags & 0x01)
        frame->body = skip(frame->body, 4);
    if (version == 4 && flags & 0x02 && !frame->opaque) /* the tag's bytes are a copy of our own */
        frame->body.len = undo_unsync((uint8_t *)(uintptr_t)frame->body.at, frame->body.len);
    if (version == 2)
        memcpy(frame->id, modern_id(frame->id), strlen(modern_id(frame->id)) + 1);
    return true;
}

static void add_tag(struct inspector *inspector, const char *id, struct str value)
{
    struct inspection *found = inspector->found;
    if (found->n_tags >= TAGS_LIMIT)
        return;
    struct inspected_tag *tag =
        arena_push(&found->arena, (void **)&inspector->tags, &found->n_tags, &inspector->tag_capacity, sizeof *inspector->tags);
    if (!tag)
        return;
    memcpy(tag->id, id, sizeof tag->id);
    tag->value = value;
    found->tags = inspector->tags;
}

static void read_text_frame(struct inspector *inspector, const struct id3_frame *frame)
{
    struct arena *arena = &inspector->found->arena;
    struct bytes rest = frame->body;
    int encoding = rest.len ? rest.at[0] : 0;
    check_text(inspector, frame->id, frame->body);
    rest = skip(rest, 1);
    struct str value = take_text(arena, encoding, &rest);
    if (strcmp(frame->id, "TXXX") == 0) {
        struct str more = take_text(arena, encoding, &rest);
        value = arena_format(arena, "%.*s=%.*s", STR_ARG(value), STR_ARG(more));
    }
    add_tag(inspector, frame->id, value);
}

static void read_comment(struct inspector *inspector, const struct id3_frame *frame)
{
    struct arena *arena = &inspector->found->arena;
    struct bytes rest = frame->body;
    if (rest.len < 4)
        return;
    int encoding = rest.at[0];
    rest = skip(rest, 4);
    take_text(arena, encoding, &rest);
    add_tag(inspector, frame->id, take_text(arena, encoding, &rest));
}

static void read_picture(struct inspector *inspector, const struct id3_frame *frame)
{
    struct inspection *found = inspector->found;
    struct bytes rest = frame->body;
    if (!rest.len)
        return;
    int encoding = rest.at[0];
    rest = skip(rest, 1);
    struct str type;
    if (found->id3_version == 2) {
        struct str format = {(const char *)rest.at, rest.len < 3 ? rest.len : 3};
        type = str_eq_nocase(format, STR("PNG")) ? STR("image/png") : STR("image/jpeg");
        rest = skip(rest, 3);
    } else {
        type = take_text(&found->arena, 0, &rest);
    }
    int kind = rest.len ? rest.at[0] : 0;
    rest = skip(rest, 1);
    take_text(&found->arena, encoding, &rest);
    if (found->cover_bytes) {
        inspect_breach(inspector, "There is more than one picture.");
        return;
    }
    found->cover_type = type.len ? type : STR("image/");
    found->cover_bytes = rest.len;
    struct cover_facts facts;
    struct problem problem = {0};
    if (kind != 3)
        inspect_breach(inspector, "The picture's type is %d, not 3 (front cover).", kind);
    if (cover_check(&facts, (struct str){(const char *)rest.at, rest.len}, &problem) != STATUS_OK)
        inspect_breach(inspector, "The picture will not do: %s.", problem.text);
    else if (!str_eq_c(type, facts.mime_type))
        inspect_breach(inspector, "The picture is %s but said to be %.40s.", facts.mime_type, type.data);
}

/* The title inside a CHAP or CTOC. `first`: whether it comes before all else. */
static struct str find_title(struct inspector *inspector, struct bytes rest, bool *first)
{
    int version = inspector->found->id3_version;
    struct id3_frame frame;
    for (size_t i = 0; next_frame(version, &rest, &frame); i++)
        if (strcmp(frame.id, "TIT2") == 0 && !frame.opaque && frame.body.len) {
            *first = i == 0;
            check_text(inspector, "a chapter's TIT2", frame.body);
            struct bytes text = skip(frame.body, 1);
            return take_text(&inspector->found->arena, frame.body.at[0], &text);
        }
    *first = false;
    return (struct str){"", 0};
}

static void read_toc(struct inspector *inspector, const struct id3_frame *frame)
{
    struct arena *arena = &inspector->found->arena;
    struct bytes rest = frame->body;
    inspector->toc_after_chapter |= inspector->found->n_chapters > 0;
    if (inspector->n_tocs++)
        return;
    take_text(arena, 0, &rest);
    if (rest.len < 2) {
        inspect_breach(inspector, "The table of contents is cut off.");
        return;
    }
    unsigned flags = rest.at[0];
    size_t count = rest.at[1];
    rest = skip(rest, 2);
    struct str *children = arena_array(arena, count, sizeof *children);
    size_t n = 0;
    while (children && n < count && rest.len)
        children[n++] = take_text(arena, 0, &rest);
    inspector->toc_children = children;
    inspector->n_toc_children = n;
    bool first;
    struct str title = find_title(inspector, rest, &first);
    if (flags != 3)
        inspect_breach(inspector, "The table of contents has flags %#x, not 0x3 (top level, ordered).", flags);
    if (n < count)
        inspect_breach(inspector, "The table of contents is cut off.");
    if (!title.len)
        inspect_breach(inspector, "The table of contents has no title.");
}

static void read_chapter(struct inspector *inspector, const struct id3_frame *frame)
{
    struct inspection *found = inspector->found;
    struct bytes rest = frame->body;
    struct str id = take_text(&found->arena, 0, &rest);
    if (found->n_chapters >= CHAPTERS_LIMIT || rest.len < 16) {
        inspect_breach(inspector, rest.len < 16 ? "A chapter is cut off." : "There are too many chapters to read.");
        return;
    }
    struct inspected_chapter *chapter = arena_push(&found->arena, (void **)&inspector->chapters, &found->n_chapters,
                                                   &inspector->chapter_capacity, sizeof *inspector->chapters);
    if (!chapter)
        return;
    found->chapters = inspector->chapters;
    bool first;
    *chapter = (struct inspected_chapter){.id = id, .start_ms = get_u32(rest.at), .end_ms = get_u32(rest.at + 4)};
    chapter->title = find_title(inspector, skip(rest, 16), &first);
    if (get_u32(rest.at + 8) != UINT32_MAX || get_u32(rest.at + 12) != UINT32_MAX)
        inspect_breach(inspector, "Chapter %zu has byte offsets, which players trust over its times.", found->n_chapters);
    if (!first)
        inspect_breach(inspector, "Chapter %zu does not begin with its title.", found->n_chapters);
}

static void read_frame(struct inspector *inspector, const struct id3_frame *frame)
{
    static const char shunned[][5] = {"TXXX", "TDRC", "PCST", "TCAT", "TDES", "TGID", "TKWD", "WFED", "MVNM", "MVIN", "GRP1"};
    for (size_t i = 0; i < sizeof shunned / sizeof *shunned; i++)
        if (strcmp(frame->id, shunned[i]) == 0)
            inspect_breach(inspector, "There is a %s frame, which some players misread.", frame->id);
    if (frame->opaque)
        inspect_breach(inspector, "%s is compressed or encrypted.", frame->id);
    else if (strcmp(frame->id, "CTOC") == 0)
        read_toc(inspector, frame);
    else if (strcmp(frame->id, "CHAP") == 0)
        read_chapter(inspector, frame);
    else if (strcmp(frame->id, "APIC") == 0)
        read_picture(inspector, frame);
    else if (strcmp(frame->id, "COMM") == 0 || strcmp(frame->id, "USLT") == 0)
        read_comment(inspector, frame);
    else if (frame->id[0] == 'T')
        read_text_frame(inspector, frame);
}

static void read_frames(struct inspector *inspector, struct bytes rest)
{
    struct id3_frame frame;
    int version = inspector->found->id3_version;
    while (next_frame(version, &rest, &frame))
        read_frame(inspector, &frame);
    size_t zeros = 0;
    while (zeros < rest.len && rest.at[zeros] == 0)
        zeros++;
    if (zeros < rest.len)
        inspect_breach(inspector, "The tag has %zu bytes that are no frame.", rest.len - zeros);
    else if (zeros < CONTRACT_PADDING)
        inspect_breach(inspector, "The tag has %zu bytes of padding, not at least %d.", zeros, CONTRACT_PADDING);
}

/* ---- the tag ---- */

static void read_tag(struct inspector *inspector, unsigned flags, size_t len)
{
    struct inspection *found = inspector->found;
    size_t take = len > TAG_READ_LIMIT ? TAG_READ_LIMIT : len, got = 0;
    uint8_t *bytes = arena_alloc(&found->arena, take);
    while (bytes && got < take) {
        size_t n = take - got < WINDOW_LEN / 2 ? take - got : WINDOW_LEN / 2;
        const uint8_t *piece = window_get(&inspector->window, 10 + got, n);
        if (!piece)
            break;
        memcpy(bytes + got, piece, n);
        got += n;
    }
    if (!bytes)
        return;
    if (flags & 0x80 && found->id3_version < 4)
        got = undo_unsync(bytes, got);
    struct bytes rest = {bytes, got};
    if (flags & 0x40 && found->id3_version > 2 && rest.len >= 4)
        rest = skip(rest, found->id3_version == 3 ? (size_t)get_u32(rest.at) + 4 : get_syncsafe(rest.at));
    read_frames(inspector, rest);
}

static void check_tag_header(struct inspector *inspector, unsigned flags)
{
    struct inspection *found = inspector->found;
    if (found->id3_version != 3)
        inspect_breach(inspector, "The tag is ID3v2.%d, not ID3v2.3.", found->id3_version);
    if (flags)
        inspect_breach(inspector, "The tag has flags %#x (unsynchronisation, extended header or footer).", flags);
    if (found->id3_bytes >= CONTRACT_LIMIT_BYTES)
        inspect_breach(inspector, "The tag has %zu bytes, not less than %zu.", found->id3_bytes, CONTRACT_LIMIT_BYTES);
    if (found->id3_bytes > inspector->window.file_len)
        inspect_breach(inspector, "The tag is cut off.");
}

void inspect_id3(struct inspector *inspector)
{
    struct inspection *found = inspector->found;
    uint64_t at = 0;
    for (int n = 0; n < 100; n++) {
        const uint8_t *head = window_get(&inspector->window, at, 10);
        if (!head || memcmp(head, "ID3", 3) != 0 || head[3] < 2 || head[3] > 4)
            break;
        unsigned flags = head[5], version = head[3];
        size_t len = get_syncsafe(head + 6);
        uint64_t left = inspector->window.file_len - at - 10;
        if (n == 0) {
            found->id3_version = (int)version;
            found->id3_bytes = len + 10;
            check_tag_header(inspector, flags);
            read_tag(inspector, flags, len < left ? len : (size_t)left);
        } else {
            inspect_breach(inspector, "There is a second ID3v2 tag at byte %llu.", (unsigned long long)at);
        }
        at += 10 + (len < left ? len : left);
        if (version == 4 && flags & 0x10)
            at += 10;
    }
    if (!found->id3_version)
        inspect_breach(inspector, "There is no ID3v2.3 tag at the beginning.");
    inspector->audio_start = at < inspector->window.file_len ? at : inspector->window.file_len;
}

void inspect_trailers(struct inspector *inspector)
{
    uint64_t start = inspector->audio_start, end = inspector->window.file_len;
    const uint8_t *tail = end - start >= 128 ? window_get(&inspector->window, end - 128, 3) : NULL;
    if (tail && memcmp(tail, "TAG", 3) == 0) {
        end -= 128;
        inspect_breach(inspector, "There is an ID3v1 tag at the end.");
    }
    tail = end - start >= 15 ? window_get(&inspector->window, end - 15, 15) : NULL;
    if (tail && memcmp(tail + 6, "LYRICS200", 9) == 0) {
        uint64_t len = 15;
        for (int i = 0; i < 6; i++)
            len += (uint64_t)(tail[i] >= '0' && tail[i] <= '9' ? tail[i] - '0' : 0) *
                   (uint64_t[]){100000, 10000, 1000, 100, 10, 1}[i];
        end -= len < end - start ? len : end - start;
        inspect_breach(inspector, "There is a Lyrics3 tag at the end.");
    }
    tail = end - start >= 32 ? window_get(&inspector->window, end - 32, 32) : NULL;
    if (tail && memcmp(tail, "APETAGEX", 8) == 0) {
        uint64_t len = (uint64_t)tail[12] | (uint64_t)tail[13] << 8 | (uint64_t)tail[14] << 16 | (uint64_t)tail[15] << 24;
        if (tail[23] & 0x80)
            len += 32; /* its header */
        end -= len < end - start ? len : end - start;
        inspect_breach(inspector, "There is an APE tag at the end.");
    }
    inspector->audio_end = end;
}
