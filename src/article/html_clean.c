#include "article/html_clean.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum tag_kind {
    TAG_BLOCK,      /* everything that is not one of the others: kept with its attributes */
    TAG_VOID,       /* no content, no end tag */
    TAG_FORMAT,     /* formatting elements, which the parser opens again in every new block: kept without attributes */
    TAG_SILENT,     /* dropped with all it holds, to its end tag */
    TAG_SCRIPT,     /* the same, but JSON-LD is set aside */
    TAG_TEXT_ONLY,  /* title: holds text, no tags */
    TAG_TRANSPARENT /* only the tag itself is dropped */
};

static const struct {
    const char *name;
    enum tag_kind kind;
} TAGS[] = {
    {"area", TAG_VOID},
    {"audio", TAG_SILENT},
    {"b", TAG_FORMAT},
    {"base", TAG_VOID},
    {"big", TAG_TRANSPARENT},
    {"br", TAG_VOID},
    {"canvas", TAG_SILENT},
    {"col", TAG_VOID},
    {"datalist", TAG_SILENT},
    {"em", TAG_FORMAT},
    {"embed", TAG_VOID},
    {"font", TAG_TRANSPARENT},
    {"frameset", TAG_TRANSPARENT},
    {"frame", TAG_VOID},
    {"hr", TAG_VOID},
    {"i", TAG_FORMAT},
    {"iframe", TAG_SILENT},
    {"img", TAG_VOID},
    {"input", TAG_VOID},
    {"link", TAG_VOID},
    {"math", TAG_SILENT},
    {"meta", TAG_VOID},
    {"nobr", TAG_TRANSPARENT},
    {"noembed", TAG_SILENT},
    {"noframes", TAG_TRANSPARENT},
    {"noscript", TAG_SILENT},
    {"object", TAG_TRANSPARENT},
    {"param", TAG_VOID},
    {"plaintext", TAG_TRANSPARENT},
    {"script", TAG_SCRIPT},
    {"select", TAG_SILENT},
    {"small", TAG_TRANSPARENT},
    {"source", TAG_VOID},
    {"strike", TAG_TRANSPARENT},
    {"strong", TAG_FORMAT},
    {"style", TAG_SILENT},
    {"svg", TAG_SILENT},
    {"template", TAG_SILENT},
    {"textarea", TAG_SILENT},
    {"title", TAG_TEXT_ONLY},
    {"track", TAG_VOID},
    {"tt", TAG_TRANSPARENT},
    {"u", TAG_TRANSPARENT},
    {"video", TAG_SILENT},
    {"wbr", TAG_VOID},
    {"xmp", TAG_SILENT},
    {"marquee", TAG_TRANSPARENT},
    {"applet", TAG_TRANSPARENT},
    {"s", TAG_TRANSPARENT},
    {"optgroup", TAG_TRANSPARENT},
    {"option", TAG_TRANSPARENT},
    {"bgsound", TAG_VOID},
    {"keygen", TAG_VOID},
    {"form", TAG_BLOCK},
};

enum { N_TAGS = sizeof TAGS / sizeof *TAGS };

/* Attributes that some rule reads. `style` is kept as `hidden` where it hides. */
static const char *const ATTRIBUTES[] = {
    "class",    "id",      "role",    "itemprop",    "itemtype", "hidden",      "aria-hidden", "aria-label",     "style",
    "href",     "rel",     "lang",    "name",        "content",  "property",    "http-equiv",  "datetime",       "type",
    "start",    "value",   "alt",     "src",         "xml:lang", "data-testid", "data-type",   "data-component", "cite",
    "data-src", "charset", "pubdate", "data-module",
};
enum { N_ATTRIBUTES = sizeof ATTRIBUTES / sizeof *ATTRIBUTES, ATTRIBUTE_HIDDEN = 5, ATTRIBUTE_STYLE = 8 };
enum { VALUE_MAX = 2048, NAME_MAX_LEN = 24, OPEN_LOOK_BACK = HTML_DEPTH_MAX };

struct open_tag {
    char name[NAME_MAX_LEN];
    unsigned char len;
    bool format;
};

struct cleaner {
    struct str page;
    size_t at;
    struct buffer *out;
    struct html_clean *clean;
    struct open_tag open[HTML_DEPTH_MAX];
    size_t n_open;
    size_t n_deep; /* start tags dropped for depth whose end tags are still to come */
    size_t n_tags;
    /* Searched for to the end of the page in vain: do not search again. */
    bool no_comment_end, no_quote[2], no_end[N_TAGS];
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Offset of the next `byte` at or after `from`, or the page's length. */
static size_t find_byte(struct str page, size_t from, char byte)
{
    if (from >= page.len)
        return page.len;
    const char *hit = memchr(page.data + from, byte, page.len - from);
    return hit ? (size_t)(hit - page.data) : page.len;
}

/* Offset of "</name" at or after `from`, or the page's length. */
static size_t find_end_tag(struct str page, size_t from, const char *name, size_t name_len)
{
    for (size_t at = find_byte(page, from, '<'); at < page.len; at = find_byte(page, at + 1, '<')) {
        if (page.len - at < name_len + 2)
            return page.len;
        if (page.data[at + 1] != '/' || strncasecmp(page.data + at + 2, name, name_len) != 0)
            continue;
        size_t after = at + 2 + name_len;
        if (after >= page.len || is_space(page.data[after]) || page.data[after] == '>' || page.data[after] == '/')
            return at;
    }
    return page.len;
}

/* Place in TAGS, or N_TAGS. */
static size_t find_tag(const char *name, size_t len)
{
    for (size_t i = 0; i < N_TAGS; i++)
        if (TAGS[i].name[0] == name[0] && strncmp(TAGS[i].name, name, len) == 0 && TAGS[i].name[len] == '\0')
            return i;
    return N_TAGS;
}

static enum tag_kind kind_of(const char *name, size_t len)
{
    size_t tag = find_tag(name, len);
    return tag < N_TAGS ? TAGS[tag].kind : TAG_BLOCK;
}

static int attribute_index(struct str name)
{
    for (int i = 0; i < N_ATTRIBUTES; i++)
        if (lower(name.data[0]) == ATTRIBUTES[i][0] && str_eq_nocase(name, str_from(ATTRIBUTES[i])))
            return i;
    return -1;
}

static bool contains_nocase(struct str s, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i + len <= s.len; i++)
        if (strncasecmp(s.data + i, word, len) == 0)
            return true;
    return false;
}

/* A style attribute that takes the element out of sight. */
static bool style_hides(struct str style)
{
    char plain[256]; /* without white space */
    size_t n = 0;
    for (size_t i = 0; i < style.len && n + 1 < sizeof plain; i++)
        if (!is_space(style.data[i]))
            plain[n++] = style.data[i];
    struct str s = {plain, n};
    return contains_nocase(s, "display:none") || contains_nocase(s, "visibility:hidden");
}

static void copy_without_nul(struct buffer *out, const char *data, size_t len)
{
    while (len > 0) {
        const char *nul = memchr(data, '\0', len);
        size_t part = nul ? (size_t)(nul - data) : len;
        buffer_append(out, data, part);
        size_t skip = nul ? part + 1 : part;
        data += skip;
        len -= skip;
    }
}

/* One attribute at c->at (not space, not '>', not '/'): its name and raw value. False at the page's end. */
static bool next_attribute(struct cleaner *c, struct str *name, struct str *value)
{
    struct str page = c->page;
    size_t start = c->at;
    size_t i = start + 1; /* a leading '=' belongs to the name */
    while (i < page.len && !is_space(page.data[i]) && page.data[i] != '=' && page.data[i] != '>' && page.data[i] != '/')
        i++;
    *name = str_sub(page, start, i);
    *value = (struct str){"", 0};
    size_t after = i;
    while (after < page.len && is_space(page.data[after]))
        after++;
    if (after >= page.len || page.data[after] != '=') {
        c->at = i;
        return i < page.len;
    }
    after++;
    while (after < page.len && is_space(page.data[after]))
        after++;
    if (after >= page.len)
        return false;
    char quote = page.data[after];
    if (quote == '"' || quote == '\'') {
        bool *none = &c->no_quote[quote == '"'];
        size_t end = *none ? page.len : find_byte(page, after + 1, quote);
        if (end < page.len) {
            *value = str_sub(page, after + 1, end);
            c->at = end + 1;
            return true;
        }
        *none = true; /* never closed: the value ends with the tag */
        after++;
    }
    size_t end = after;
    while (end < page.len && !is_space(page.data[end]) && page.data[end] != '>')
        end++;
    *value = str_sub(page, after, end);
    c->at = end;
    return end < page.len;
}

/* The first bytes of a value, cut where no code point and no character reference is torn. */
static struct str value_head(struct str value)
{
    if (value.len <= VALUE_MAX)
        return value;
    size_t cut = VALUE_MAX;
    while (cut > 0 && ((unsigned char)value.data[cut] & 0xC0) == 0x80)
        cut--;
    for (size_t i = cut; i > 0 && i + 12 > cut; i--)
        if (value.data[i - 1] == '&')
            cut = i - 1;
    return str_sub(value, 0, cut);
}

static void write_attribute(struct cleaner *c, int index, struct str value)
{
    if (index == ATTRIBUTE_STYLE) {
        if (style_hides(value))
            buffer_c_string(c->out, " hidden");
        return;
    }
    value = value_head(value);
    char quote = memchr(value.data, '"', value.len) ? '\'' : '"';
    if (memchr(value.data, quote, value.len))
        return;
    buffer_byte(c->out, ' ');
    buffer_c_string(c->out, ATTRIBUTES[index]);
    buffer_byte(c->out, '=');
    buffer_byte(c->out, quote);
    copy_without_nul(c->out, value.data, value.len);
    buffer_byte(c->out, quote);
}

/* Goes over the attributes up to and past '>'; writes those that are wanted. Sets *json where type says JSON-LD.
 * False where the page ends inside the tag. */
static bool copy_attributes(struct cleaner *c, bool write, bool *json)
{
    struct str page = c->page;
    uint64_t seen = 0;
    while (c->at < page.len) {
        char ch = page.data[c->at];
        if (ch == '>') {
            c->at++;
            return true;
        }
        if (is_space(ch) || ch == '/') {
            c->at++;
            continue;
        }
        struct str name, value;
        if (!next_attribute(c, &name, &value))
            return false;
        int index = attribute_index(name);
        if (index < 0 || (seen & UINT64_C(1) << index) != 0)
            continue;
        seen |= UINT64_C(1) << index;
        if (json && strcmp(ATTRIBUTES[index], "type") == 0)
            *json = contains_nocase(value, "ld+json");
        if (index == ATTRIBUTE_STYLE) {
            if ((seen & UINT64_C(1) << ATTRIBUTE_HIDDEN) != 0)
                continue;
            if (style_hides(value))
                seen |= UINT64_C(1) << ATTRIBUTE_HIDDEN;
        }
        if (write)
            write_attribute(c, index, value);
    }
    return false;
}

static bool name_is(const struct open_tag *tag, const char *name, size_t len)
{
    return tag->len == len && memcmp(tag->name, name, len) == 0;
}

/* Elements that end tags of others do not reach across (the parser's scope, so that our count of open elements is never
 * lower than the parser's). */
static bool is_barrier(const struct open_tag *tag)
{
    static const char *const BARRIERS[] = {"td", "th", "table", "caption", "button"};
    for (size_t i = 0; i < sizeof BARRIERS / sizeof *BARRIERS; i++)
        if (name_is(tag, BARRIERS[i], strlen(BARRIERS[i])))
            return true;
    return false;
}

static bool closes_itself(const char *name, size_t len)
{
    static const char *const NAMES[] = {"p", "li", "dt", "dd", "tr", "td", "th"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (strlen(NAMES[i]) == len && memcmp(NAMES[i], name, len) == 0)
            return true;
    return false;
}

/* Follows which elements are open. False: too deep, the tag is to be dropped. */
static bool open_element(struct cleaner *c, const char *name, size_t len, bool format)
{
    if (c->n_open > 0 && closes_itself(name, len) && name_is(&c->open[c->n_open - 1], name, len))
        c->n_open--;
    if (c->n_open == HTML_DEPTH_MAX || c->n_deep > 0) {
        c->n_deep++;
        c->clean->cut_depth = true;
        return false;
    }
    struct open_tag *tag = &c->open[c->n_open++];
    size_t kept = len < NAME_MAX_LEN ? len : NAME_MAX_LEN;
    memcpy(tag->name, name, kept);
    tag->len = (unsigned char)kept;
    tag->format = format;
    return true;
}

static bool close_element(struct cleaner *c, const char *name, size_t len, bool format)
{
    if (c->n_deep > 0) {
        c->n_deep--;
        return false;
    }
    size_t kept = len < NAME_MAX_LEN ? len : NAME_MAX_LEN;
    bool cell = kept >= 2 && name[0] == 't'; /* table parts end across cells */
    for (size_t i = c->n_open; i > 0; i--) {
        const struct open_tag *tag = &c->open[i - 1];
        if (name_is(tag, name, kept)) {
            c->n_open = i - 1;
            return true;
        }
        if (format ? !tag->format : is_barrier(tag) && !cell)
            break;
    }
    return true; /* the parser knows what to do with a stray end tag */
}

/* Reads a lower-case tag name at c->at into `name`; its length, cut at `size`. */
static size_t read_name(struct cleaner *c, char *name, size_t size)
{
    size_t n = 0;
    while (c->at < c->page.len) {
        char ch = c->page.data[c->at];
        if (is_space(ch) || ch == '>' || ch == '/' || ch == '<')
            break;
        if (n < size && ch != '\0')
            name[n++] = lower(ch);
        c->at++;
    }
    return n;
}

static bool breaks_line(const char *name, size_t len)
{
    return !(len == 1 && name[0] == 'a') && !(len == 4 && memcmp(name, "span", 4) == 0);
}

static void skip_silent(struct cleaner *c, const char *name, size_t len, bool json)
{
    size_t tag = find_tag(name, len);
    size_t end = c->no_end[tag] ? c->page.len : find_end_tag(c->page, c->at, name, len);
    c->no_end[tag] = end == c->page.len;
    if (json && end < c->page.len && end - c->at <= HTML_JSON_BYTES && c->clean->n_json < HTML_JSON_MAX)
        c->clean->json[c->clean->n_json++] = str_sub(c->page, c->at, end);
    if (end == c->page.len && TAGS[tag].kind != TAG_SCRIPT && strcmp(TAGS[tag].name, "style") != 0)
        return; /* never closed: better its text than no text */
    size_t after = find_byte(c->page, end, '>');
    c->at = after < c->page.len ? after + 1 : after;
    buffer_byte(c->out, ' ');
}

static void start_tag(struct cleaner *c)
{
    char name[NAME_MAX_LEN * 2];
    size_t rewind_to = c->at + 1;
    c->at++;
    size_t len = read_name(c, name, sizeof name);
    enum tag_kind kind = kind_of(name, len);
    size_t out_start = c->out->len;
    bool format = kind == TAG_FORMAT;
    bool write = kind == TAG_BLOCK || kind == TAG_VOID || kind == TAG_TEXT_ONLY || format;
    if (write && ++c->n_tags > HTML_TAGS_MAX) {
        c->clean->cut_tags = true;
        write = false;
        buffer_byte(c->out, ' ');
    } else if (write && kind != TAG_VOID && kind != TAG_TEXT_ONLY && !open_element(c, name, len, format)) {
        write = false;
        buffer_c_string(c->out, breaks_line(name, len) ? "<br>" : "");
    }
    if (write) {
        buffer_byte(c->out, '<');
        buffer_append(c->out, name, len);
    }
    bool json = false;
    if (!copy_attributes(c, write && !format, kind == TAG_SCRIPT ? &json : NULL)) {
        c->out->len = out_start < c->out->len ? out_start : c->out->len; /* the page ends in this tag */
        size_t close = find_byte(c->page, rewind_to, '>');
        c->at = close < c->page.len ? close + 1 : c->page.len;
        return;
    }
    if (write)
        buffer_byte(c->out, '>');
    if (kind == TAG_SILENT || kind == TAG_SCRIPT)
        skip_silent(c, name, len, json);
    if (kind == TAG_TEXT_ONLY && write) {
        bool *none = &c->no_end[find_tag(name, len)];
        size_t end = *none ? c->page.len : find_end_tag(c->page, c->at, name, len);
        *none = end == c->page.len;
        if (*none)
            end = find_byte(c->page, c->at, '<');
        copy_without_nul(c->out, c->page.data + c->at, end - c->at);
        buffer_c_string(c->out, "</title>");
        c->at = end;
    }
}

static void end_tag(struct cleaner *c)
{
    char name[NAME_MAX_LEN * 2];
    c->at += 2;
    size_t len = read_name(c, name, sizeof name);
    size_t close = find_byte(c->page, c->at, '>');
    c->at = close < c->page.len ? close + 1 : close;
    enum tag_kind kind = kind_of(name, len);
    if (kind != TAG_BLOCK && kind != TAG_FORMAT)
        return;
    if (c->n_tags > HTML_TAGS_MAX) {
        buffer_byte(c->out, ' ');
        return;
    }
    if (!close_element(c, name, len, kind == TAG_FORMAT)) {
        buffer_c_string(c->out, breaks_line(name, len) && kind == TAG_BLOCK ? "<br>" : "");
        return;
    }
    buffer_c_string(c->out, "</");
    buffer_append(c->out, name, len);
    buffer_byte(c->out, '>');
}

/* "<!" and "<?": comments, doctype, CDATA, processing instructions. */
static void declaration(struct cleaner *c)
{
    struct str rest = str_sub(c->page, c->at, c->page.len);
    if (str_starts(rest, STR("<!--")) && !c->no_comment_end) {
        if (str_starts(rest, STR("<!-->")) || str_starts(rest, STR("<!--->"))) {
            c->at = find_byte(c->page, c->at, '>') + 1;
            return;
        }
        const char *end = memmem(rest.data + 4, rest.len - 4, "-->", 3);
        if (end) {
            c->at = (size_t)(end - c->page.data) + 3;
            return;
        }
        c->no_comment_end = true;
    }
    size_t end = find_byte(c->page, c->at, '>');
    end = end < c->page.len ? end + 1 : end;
    if (c->at + 9 < c->page.len && strncasecmp(rest.data, "<!doctype", 9) == 0 && end - c->at < 256)
        copy_without_nul(c->out, rest.data, end - c->at);
    c->at = end;
}

bool html_clean(struct html_clean *clean, struct str page)
{
    *clean = (struct html_clean){0};
    struct cleaner *c = calloc(1, sizeof *c);
    if (!c || !buffer_reserve(&clean->out, page.len / 2 + 64)) {
        free(c);
        return false;
    }
    c->page = page;
    c->out = &clean->out;
    c->clean = clean;
    while (c->at < page.len && !clean->out.failed) {
        size_t tag = find_byte(page, c->at, '<');
        copy_without_nul(&clean->out, page.data + c->at, tag - c->at);
        c->at = tag;
        char next = tag + 1 < page.len ? page.data[tag + 1] : ' ';
        if (tag == page.len)
            break;
        if (is_letter(next)) {
            start_tag(c);
        } else if (next == '/' && tag + 2 < page.len && is_letter(page.data[tag + 2])) {
            end_tag(c);
        } else if (next == '!' || next == '?' || next == '/') {
            declaration(c);
        } else {
            buffer_c_string(&clean->out, "&lt;");
            c->at++;
        }
    }
    free(c);
    return !clean->out.failed;
}

void html_clean_release(struct html_clean *clean)
{
    if (!clean)
        return;
    buffer_release(&clean->out);
    *clean = (struct html_clean){0};
}
