#include "library/feed_read.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/buffer.h"
#include "base/hash.h"
#include "base/lazy.h"
#include "base/utf8.h"
#include "base/watch.h"
#include "library/markup.h"
#include "library/web_text.h"

#define MOST_ITEMS 20000
#define LONGEST_ID 500
/* Letters from which on a text counts as the whole article: of an element that is meant for it; of a summary. */
#define WHOLE_CONTENT 600
#define WHOLE_SUMMARY 2000

static struct {
    __typeof__(&xmlNewParserCtxt) xmlNewParserCtxt;
    __typeof__(&xmlFreeParserCtxt) xmlFreeParserCtxt;
    __typeof__(&xmlCtxtReadMemory) xmlCtxtReadMemory;
    __typeof__(&xmlCtxtGetLastError) xmlCtxtGetLastError;
    __typeof__(&xmlFreeDoc) xmlFreeDoc;
    __typeof__(&xmlDocGetRootElement) xmlDocGetRootElement;
    __typeof__(&xmlNodeGetBase) xmlNodeGetBase;
    __typeof__(&xmlMemSetup) xmlMemSetup;
    __typeof__(&xmlSetGenericErrorFunc) xmlSetGenericErrorFunc;
    __typeof__(&xmlGetPredefinedEntity) xmlGetPredefinedEntity;
    __typeof__(&htmlEntityLookup) htmlEntityLookup;
    xmlFreeFunc *xmlFree; /* the variable */
    bool ready;
} xml;

static enum status load(struct problem *problem)
{
    const struct lazy_symbol symbols[] = {
        LAZY(&xml, xmlNewParserCtxt),  LAZY(&xml, xmlFreeParserCtxt),
        LAZY(&xml, xmlCtxtReadMemory), LAZY(&xml, xmlCtxtGetLastError),
        LAZY(&xml, xmlFreeDoc),        LAZY(&xml, xmlDocGetRootElement),
        LAZY(&xml, xmlNodeGetBase),    LAZY(&xml, xmlGetPredefinedEntity),
        LAZY(&xml, xmlMemSetup),       LAZY(&xml, xmlSetGenericErrorFunc),
        LAZY(&xml, htmlEntityLookup),  {"xmlFree", &xml.xmlFree},
    };
    if (xml.ready)
        return STATUS_OK;
    enum status status = lazy_load("libxml2.so.2", "libxml2", symbols, sizeof symbols / sizeof *symbols, problem);
    xml.ready = status == STATUS_OK;
    return status;
}

/* libxml2 would print it where memory runs out. */
static void say_nothing(void *context, const char *format, ...)
{
    (void)context, (void)format;
}

/* ---- entities ------------------------------------------------------------------------------------------------------ */

/* The entities of XML and, because feeds use them without leave, those of HTML; none that the document declares. */
struct entities {
    xmlEntity html;
    char text[8];
};

static xmlEntityPtr find_entity(void *context, const xmlChar *name)
{
    struct entities *entities = ((xmlParserCtxtPtr)context)->_private;
    xmlEntityPtr known = xml.xmlGetPredefinedEntity(name);
    const htmlEntityDesc *html = known ? NULL : xml.htmlEntityLookup(name);
    if (!html)
        return known;
    size_t len = utf8_encode(html->value, entities->text);
    entities->text[len] = '\0';
    entities->html = (xmlEntity){.type = XML_ENTITY_DECL,
                                 .etype = XML_INTERNAL_PREDEFINED_ENTITY,
                                 .name = (const xmlChar *)html->name,
                                 .content = (xmlChar *)entities->text,
                                 .orig = (xmlChar *)entities->text,
                                 .length = (int)len};
    return &entities->html;
}

/* The commonest fault of feeds: "&" that begins no entity is written as "&amp;" (not in CDATA), and control characters go. */
static void mend(struct str bytes, struct buffer *out)
{
    for (size_t at = 0; at < bytes.len; at++) {
        struct str rest = str_sub(bytes, at, bytes.len);
        unsigned char c = (unsigned char)bytes.data[at];
        if (c == '<' && str_starts(rest, STR("<![CDATA["))) {
            size_t end = str_find(rest, STR("]]>"), 0);
            size_t len = end == SIZE_MAX ? rest.len : end;
            for (size_t i = 0; i < len; i++)
                if ((unsigned char)rest.data[i] >= ' ' || strchr("\t\n\r", rest.data[i]))
                    buffer_byte(out, rest.data[i]);
            at += len - 1;
            continue;
        }
        size_t end = 1;
        while (c == '&' && end < rest.len && end < 12 &&
               (rest.data[end] == '#' || ((rest.data[end] | 32) >= 'a' && (rest.data[end] | 32) <= 'z') ||
                (rest.data[end] >= '0' && rest.data[end] <= '9')))
            end++;
        if (c == '&' && (end == 1 || end >= rest.len || rest.data[end] != ';'))
            buffer_c_string(out, "&amp;");
        else if (c >= ' ' || c == '\t' || c == '\n' || c == '\r')
            buffer_byte(out, (char)c);
    }
}

static xmlDocPtr parse(xmlParserCtxtPtr parser, struct str bytes, struct str url, bool utf8)
{
    /* Entity declarations go unheard, so that none can grow or name a file. */
    parser->sax->entityDecl = NULL;
    parser->sax->getEntity = find_entity;
    return bytes.len > INT_MAX ? NULL
                               : xml.xmlCtxtReadMemory(parser, bytes.data, (int)bytes.len, url.data, utf8 ? "UTF-8" : NULL,
                                                       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

/* ---- elements ------------------------------------------------------------------------------------------------------ */

enum space { SPACE_OTHER, SPACE_FEED, SPACE_CONTENT, SPACE_DC, SPACE_RDF };

static enum space space_of(const xmlNode *node)
{
    static const struct {
        const char *href;
        enum space space;
    } spaces[] = {
        {"http://www.w3.org/2005/Atom", SPACE_FEED},
        {"http://purl.org/atom/ns#", SPACE_FEED},
        {"http://purl.org/rss/1.0/", SPACE_FEED},
        {"http://my.netscape.com/rdf/simple/0.9/", SPACE_FEED},
        {"http://channel.netscape.com/rdf/simple/0.9/", SPACE_FEED},
        {"http://backend.userland.com/rss2", SPACE_FEED},
        {"http://purl.org/rss/1.0/modules/content/", SPACE_CONTENT},
        {"http://purl.org/dc/elements/1.1/", SPACE_DC},
        {"http://www.w3.org/1999/02/22-rdf-syntax-ns#", SPACE_RDF},
    };
    if (!node->ns || !node->ns->href)
        return SPACE_FEED;
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        if (strcmp((const char *)node->ns->href, spaces[i].href) == 0)
            return spaces[i].space;
    return SPACE_OTHER;
}

static bool is(const xmlNode *node, enum space space, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0 && space_of(node) == space;
}

static const xmlNode *child(const xmlNode *node, enum space space, const char *name)
{
    for (const xmlNode *at = node ? node->children : NULL; at; at = at->next)
        if (is(at, space, name))
            return at;
    return NULL;
}

/* The next node of the tree under `root` in document order; *closed is called for each element that ends on the way. */
static const xmlNode *next_node(const xmlNode *at, const xmlNode *root, void (*closed)(const xmlNode *, struct buffer *),
                                struct buffer *out)
{
    if (at->type == XML_ELEMENT_NODE && at->children)
        return at->children;
    for (;;) {
        if (at->type == XML_ELEMENT_NODE && closed && at != root)
            closed(at, out);
        if (at == root)
            return NULL;
        if (at->next)
            return at->next;
        at = at->parent;
    }
}

static void close_tag(const xmlNode *node, struct buffer *out)
{
    buffer_format(out, "</%s>", (const char *)node->name);
}

/* libxml2 lets broken UTF-8 through. */
static struct str kept(struct arena *arena, struct str s)
{
    return utf8_valid_length(s) == s.len ? arena_copy(arena, s) : markup_clean(arena, s);
}

/* All text in `node`; with `markup` also the elements in it (Atom's xhtml), without their attributes. */
static struct str content(const xmlNode *node, bool markup, struct arena *arena)
{
    struct buffer out = {0};
    for (const xmlNode *at = node; at; at = next_node(at, node, markup ? close_tag : NULL, &out)) {
        bool text = at->type == XML_TEXT_NODE || at->type == XML_CDATA_SECTION_NODE;
        if (markup && at->type == XML_ELEMENT_NODE && at != node)
            buffer_format(&out, "<%s>", (const char *)at->name);
        if (text && markup)
            web_escape(&out, str_from((const char *)at->content));
        else if (text)
            buffer_c_string(&out, at->content ? (const char *)at->content : "");
    }
    arena->failed |= out.failed;
    struct str copy = kept(arena, str_trim(buffer_view(&out)));
    buffer_release(&out);
    return copy;
}

static struct str attribute(const xmlNode *node, const char *name, struct arena *arena)
{
    for (const xmlAttr *at = node ? node->properties : NULL; at; at = at->next)
        if (strcmp((const char *)at->name, name) == 0 && at->children && at->children->content)
            return kept(arena, str_trim(str_from((const char *)at->children->content)));
    return (struct str){"", 0};
}

static struct str child_text(const xmlNode *node, enum space space, const char *name, struct arena *arena)
{
    const xmlNode *found = child(node, space, name);
    return found ? content(found, false, arena) : (struct str){"", 0};
}

static struct str first_of(struct str a, struct str b, struct str c)
{
    return a.len ? a : b.len ? b : c;
}

/* Mark-up of a text element: Atom tells by `type` what it holds; RSS always means mark-up. */
static struct str markup_of(const xmlNode *node, bool atom, struct arena *arena)
{
    struct str type = attribute(node, "type", arena), mode = attribute(node, "mode", arena);
    if (!node)
        return (struct str){"", 0};
    if (str_eq_c(type, "xhtml") || str_eq_c(mode, "xml"))
        return content(node, true, arena);
    struct str text = content(node, false, arena);
    if (!atom || str_eq_c(type, "html") || str_eq_c(type, "text/html") || str_eq_c(mode, "escaped"))
        return text;
    struct buffer out = {0};
    web_escape(&out, text);
    arena->failed |= out.failed;
    text = arena_copy(arena, buffer_view(&out));
    buffer_release(&out);
    return text;
}

/* ---- items --------------------------------------------------------------------------------------------------------- */

/* Letters of `markup` as they would be read, or 0 where it breaks off. */
static size_t whole_length(struct str markup)
{
    static const char *const ends[] = {"...",
                                       "…",
                                       "[...]",
                                       "[…]",
                                       "(...)",
                                       "continue reading",
                                       "read more",
                                       "continue reading…",
                                       "read more…",
                                       "continue reading...",
                                       "read more...",
                                       "more »",
                                       "continue reading →",
                                       "read more →",
                                       "read more »"};
    struct arena arena = {0};
    struct str words = web_plain(&arena, markup);
    size_t length = utf8_count(words);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct str end = str_from(ends[i]);
        if (words.len >= end.len && strncasecmp(words.data + words.len - end.len, end.data, end.len) == 0)
            length = 0;
    }
    arena_release(&arena);
    return length;
}

static struct str item_link(const xmlNode *node, bool atom, struct arena *arena)
{
    for (const xmlNode *at = node->children; at; at = at->next) {
        if (!is(at, SPACE_FEED, "link"))
            continue;
        struct str href = attribute(at, "href", arena), rel = attribute(at, "rel", arena);
        struct str text = atom ? (struct str){"", 0} : content(at, false, arena);
        if (text.len)
            return text;
        if (href.len && (!rel.len || str_eq_c(rel, "alternate")))
            return href;
    }
    const xmlNode *guid = child(node, SPACE_FEED, "guid");
    struct str id = guid ? content(guid, false, arena) : (struct str){"", 0};
    bool address = str_starts(id, STR("http://")) || str_starts(id, STR("https://"));
    return address && !str_eq_c(attribute(guid, "isPermaLink", arena), "false") ? id : (struct str){"", 0};
}

static struct str item_author(const xmlNode *node, struct arena *arena)
{
    struct str creator = child_text(node, SPACE_DC, "creator", arena);
    const xmlNode *author = child(node, SPACE_FEED, "author");
    struct str name = child_text(author, SPACE_FEED, "name", arena);
    if (!creator.len && !name.len && author) {
        /* RSS: "jane@example.org (Jane Doe)". */
        name = content(author, false, arena);
        size_t open = str_find(name, STR("("), 0);
        if (open != SIZE_MAX && str_ends(name, STR(")")))
            name = str_sub(name, open + 1, name.len - 1);
        if (str_find(name, STR("@"), 0) != SIZE_MAX)
            name = (struct str){"", 0};
    }
    return web_plain(arena, creator.len ? creator : name);
}

static void read_item(struct feed_item *item, const xmlNode *node, bool atom, struct arena *arena)
{
    const xmlNode *full = child(node, SPACE_CONTENT, "encoded");
    full = full ? full : child(node, SPACE_FEED, "content");
    const xmlNode *summary = child(node, SPACE_FEED, atom ? "summary" : "description");
    struct str texts[] = {markup_of(full, atom && full && space_of(full) == SPACE_FEED, arena), markup_of(summary, atom, arena)};
    size_t lengths[] = {whole_length(texts[0]), whole_length(texts[1])};
    struct str id =
        first_of(child_text(node, SPACE_FEED, atom ? "id" : "guid", arena), attribute(node, "about", arena), (struct str){"", 0});
    *item = (struct feed_item){
        .title = web_plain(arena, markup_of(child(node, SPACE_FEED, "title"), atom, arena)),
        .link = item_link(node, atom, arena),
        .author = item_author(node, arena),
        .date = first_of(child_text(node, SPACE_FEED, atom ? "published" : "pubDate", arena),
                         child_text(node, SPACE_DC, "date", arena),
                         first_of(child_text(node, SPACE_FEED, "updated", arena), child_text(node, SPACE_FEED, "issued", arena),
                                  child_text(node, SPACE_FEED, "modified", arena))),
        .text = texts[texts[1].len > texts[0].len],
        .whole = lengths[0] >= WHOLE_CONTENT || lengths[1] >= WHOLE_SUMMARY,
    };
    if (item->whole)
        item->text = texts[lengths[1] > lengths[0]];
    item->date_s = feed_date(item->date);
    xmlChar *base = xml.xmlNodeGetBase(node->doc, node);
    item->base = kept(arena, str_from((const char *)base));
    if (base)
        (*xml.xmlFree)(base);
    id = first_of(id, item->link, (struct str){"", 0});
    if (!id.len || id.len > LONGEST_ID) {
        char hex[HASH_HEX_SIZE];
        hash_bytes_hex(arena_format(arena, "%.*s\n%.*s\n%.*s", STR_ARG(id), STR_ARG(item->title), STR_ARG(item->text)), hex);
        id = arena_copy(arena, str_from(hex));
    }
    item->id = id;
}

struct ranked {
    struct feed_item item;
    size_t at;
};

static int newest_first(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->item.date_s != y->item.date_s)
        return x->item.date_s > y->item.date_s ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static void sort_items(struct feed_document *feed, struct arena *arena)
{
    struct ranked *ranked = arena_array(arena, feed->n_items + 1, sizeof *ranked);
    bool dated = ranked != NULL;
    for (size_t i = 0; dated && i < feed->n_items; i++) {
        ranked[i] = (struct ranked){feed->items[i], i};
        dated = feed->items[i].date_s != INT64_MIN;
    }
    if (!dated || !feed->n_items)
        return;
    qsort(ranked, feed->n_items, sizeof *ranked, newest_first);
    for (size_t i = 0; i < feed->n_items; i++)
        feed->items[i] = ranked[i].item;
}

static enum status read_document(struct feed_document *feed, xmlDocPtr document, struct str url, struct arena *arena,
                                 struct problem *problem)
{
    const xmlNode *root = xml.xmlDocGetRootElement(document);
    bool atom = root && is(root, SPACE_FEED, "feed"), rdf = root && is(root, SPACE_RDF, "RDF");
    const xmlNode *channel = atom ? root : child(root, SPACE_FEED, "channel");
    bool rss = root && strcasecmp((const char *)root->name, "rss") == 0;
    if (!channel || !(atom || rdf || rss))
        return problem_set(problem, STATUS_BAD_DATA, url.data, 0, "is XML, but no RSS or Atom feed");
    feed->title = web_plain(arena, markup_of(child(channel, SPACE_FEED, "title"), atom, arena));
    feed->language = first_of(child_text(channel, SPACE_FEED, "language", arena), attribute(root, "lang", arena),
                              child_text(channel, SPACE_DC, "language", arena));
    size_t capacity = 0;
    for (const xmlNode *at = rdf ? root->children : channel->children; at && feed->n_items < MOST_ITEMS; at = at->next) {
        if (!is(at, SPACE_FEED, atom ? "entry" : "item"))
            continue;
        struct feed_item *item = arena_push(arena, (void **)&feed->items, &feed->n_items, &capacity, sizeof *item);
        if (!item)
            break;
        read_item(item, at, atom, arena);
    }
    sort_items(feed, arena);
    return arena_failed(arena) ? problem_no_memory(problem) : STATUS_OK;
}

enum status feed_read(struct feed_document *feed, struct str bytes, struct str url, bool utf8, struct arena *arena,
                      struct problem *problem)
{
    *feed = (struct feed_document){.title = {"", 0}, .language = {"", 0}};
    enum status status = load(problem);
    if (status != STATUS_OK)
        return status;
    watch_begin();
    xml.xmlMemSetup(free, watch_malloc, watch_realloc, watch_strdup);
    xml.xmlSetGenericErrorFunc(NULL, say_nothing);
    struct entities entities = {0};
    struct buffer mended = {0};
    xmlDocPtr document = NULL;
    struct str subject = arena_copy(arena, url);
    bytes = str_trim(bytes); /* white space before the declaration is another common fault */
    for (int try = 0; try < 2 && !document && !watch_failed(); try++) {
        xmlParserCtxtPtr parser = xml.xmlNewParserCtxt();
        if (!parser) {
            buffer_release(&mended);
            return problem_no_memory(problem);
        }
        parser->_private = &entities;
        if (try == 1)
            mend(bytes, &mended);
        document = buffer_failed(&mended) ? NULL : parse(parser, try == 1 ? buffer_view(&mended) : bytes, subject, utf8);
        if (!document && try == 1) {
            const xmlError *error = xml.xmlCtxtGetLastError(parser);
            struct str words = str_trim(str_from(error && error->message ? error->message : "not XML"));
            status = buffer_failed(&mended) || watch_failed()
                         ? problem_no_memory(problem)
                         : problem_set(problem, STATUS_BAD_DATA, subject.data, error && error->line > 0 ? (size_t)error->line : 0,
                                       "is no feed: %.*s", STR_ARG(words));
        }
        xml.xmlFreeParserCtxt(parser);
    }
    if (document && !watch_failed())
        status = read_document(feed, document, subject, arena, problem);
    if (watch_failed())
        status = problem_no_memory(problem);
    if (document)
        xml.xmlFreeDoc(document);
    buffer_release(&mended);
    return status;
}

/* ---- dates --------------------------------------------------------------------------------------------------------- */

/* Reads up to `most` digits at *at; -1 where there is none. */
static int number(struct str s, size_t *at, int most)
{
    int value = -1;
    for (; most-- > 0 && *at < s.len && s.data[*at] >= '0' && s.data[*at] <= '9'; ++*at)
        value = (value < 0 ? 0 : value) * 10 + (s.data[*at] - '0');
    return value;
}

/* ":05"; 0 where nothing follows. */
static int colon_number(struct str s, size_t *at)
{
    if (*at >= s.len || s.data[*at] != ':')
        return 0;
    ++*at;
    return number(s, at, 2);
}

/* "+02:00", "-0500", "EST", "Z" in seconds east of Greenwich. */
static int zone(struct str s)
{
    static const struct {
        const char *name;
        int hours;
    } names[] = {{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}};
    s = str_trim(s);
    if (s.len && (s.data[0] == '+' || s.data[0] == '-')) {
        size_t at = 1;
        int hours = number(s, &at, 2);
        at += at < s.len && s.data[at] == ':';
        int minutes = number(s, &at, 2);
        int seconds = (hours < 0 ? 0 : hours) * 3600 + (minutes < 0 ? 0 : minutes) * 60;
        return s.data[0] == '-' ? -seconds : seconds;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq_nocase(s, str_from(names[i].name)))
            return names[i].hours * 3600;
    return 0;
}

int64_t feed_date(struct str s)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    struct tm tm = {0};
    size_t at = 0;
    int year, month = 0, day;
    s = str_trim(s);
    if (s.len >= 10 && s.data[4] == '-') {
        year = number(s, &at, 4);
        at++;
        month = number(s, &at, 2);
        at++;
        day = number(s, &at, 2);
        at += at < s.len && (s.data[at] | 32) == 't';
    } else {
        size_t comma = str_find(s, STR(","), 0);
        s = str_trim(str_sub(s, comma == SIZE_MAX ? 0 : comma + 1, s.len));
        day = number(s, &at, 2);
        while (at < s.len && (s.data[at] == ' ' || s.data[at] == '-'))
            at++;
        for (int m = 0; m < 12 && at + 3 <= s.len; m++)
            if (strncasecmp(s.data + at, months + 3 * m, 3) == 0)
                month = m + 1;
        while (at < s.len && (s.data[at] < '0' || s.data[at] > '9'))
            at++;
        year = number(s, &at, 4);
        year += year >= 0 && year < 70 ? 2000 : year >= 70 && year < 100 ? 1900 : 0;
    }
    while (at < s.len && s.data[at] == ' ')
        at++;
    if (year < 1900 || month < 1 || month > 12 || day < 1 || day > 31)
        return INT64_MIN;
    tm.tm_year = year - 1900;
    tm.tm_mon = month - 1;
    tm.tm_mday = day;
    int hour = number(s, &at, 2);
    tm.tm_hour = hour < 0 ? 0 : hour;
    tm.tm_min = hour < 0 ? 0 : colon_number(s, &at);
    tm.tm_sec = hour < 0 ? 0 : colon_number(s, &at);
    if (at < s.len && s.data[at] == '.')
        for (at++; at < s.len && s.data[at] >= '0' && s.data[at] <= '9';)
            at++;
    return (int64_t)timegm(&tm) - zone(str_sub(s, at, s.len));
}
