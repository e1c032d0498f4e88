#include "library/feed.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libxml/xmlwriter.h>

#include "base/arena.h"
#include "base/lazy.h"
#include "base/utf8.h"
#include "base/watch.h"
#include "library/markup.h"

#define DESCRIPTION_LIMIT 4000 /* bytes; Apple cuts what is longer */

static struct {
    __typeof__(xmlBufferCreate) *xmlBufferCreate;
    __typeof__(xmlBufferFree) *xmlBufferFree;
    __typeof__(xmlBufferContent) *xmlBufferContent;
    __typeof__(xmlBufferLength) *xmlBufferLength;
    __typeof__(xmlMemSetup) *xmlMemSetup;
    __typeof__(xmlSetGenericErrorFunc) *xmlSetGenericErrorFunc;
    __typeof__(xmlNewTextWriterMemory) *xmlNewTextWriterMemory;
    __typeof__(xmlFreeTextWriter) *xmlFreeTextWriter;
    __typeof__(xmlTextWriterSetIndent) *xmlTextWriterSetIndent;
    __typeof__(xmlTextWriterStartDocument) *xmlTextWriterStartDocument;
    __typeof__(xmlTextWriterEndDocument) *xmlTextWriterEndDocument;
    __typeof__(xmlTextWriterStartElement) *xmlTextWriterStartElement;
    __typeof__(xmlTextWriterEndElement) *xmlTextWriterEndElement;
    __typeof__(xmlTextWriterWriteElement) *xmlTextWriterWriteElement;
    __typeof__(xmlTextWriterWriteAttribute) *xmlTextWriterWriteAttribute;
    __typeof__(xmlTextWriterWriteString) *xmlTextWriterWriteString;
} xml;

static enum status load(struct problem *problem)
{
    static const struct lazy_symbol symbols[] = {
        LAZY(&xml, xmlBufferCreate),
        LAZY(&xml, xmlBufferFree),
        LAZY(&xml, xmlBufferContent),
        LAZY(&xml, xmlBufferLength),
        LAZY(&xml, xmlMemSetup),
        LAZY(&xml, xmlSetGenericErrorFunc),
        LAZY(&xml, xmlNewTextWriterMemory),
        LAZY(&xml, xmlFreeTextWriter),
        LAZY(&xml, xmlTextWriterSetIndent),
        LAZY(&xml, xmlTextWriterStartDocument),
        LAZY(&xml, xmlTextWriterEndDocument),
        LAZY(&xml, xmlTextWriterStartElement),
        LAZY(&xml, xmlTextWriterEndElement),
        LAZY(&xml, xmlTextWriterWriteElement),
        LAZY(&xml, xmlTextWriterWriteAttribute),
        LAZY(&xml, xmlTextWriterWriteString),
    };
    return xml.xmlBufferCreate ? STATUS_OK
                               : lazy_load("libxml2.so.2", "libxml2", symbols, sizeof symbols / sizeof *symbols, problem);
}

/* libxml2 would print it where memory runs out. */
static void say_nothing(void *context, const char *format, ...)
{
    (void)context, (void)format;
}

struct feed {
    struct feed_channel channel;
    xmlBuffer *memory;
    xmlTextWriter *writer;
    struct arena arena; /* of the item being written */
    bool failed;
};

/* ---- one line each --------------------------------------------------------------------------------------------- */

static void check(struct feed *feed, int result)
{
    feed->failed |= result < 0;
}

static const xmlChar *clean(struct feed *feed, struct str s)
{
    struct str text = markup_clean(&feed->arena, s);
    return (const xmlChar *)text.data;
}

static void begin(struct feed *feed, const char *name)
{
    check(feed, xml.xmlTextWriterStartElement(feed->writer, (const xmlChar *)name));
}

static void end(struct feed *feed)
{
    check(feed, xml.xmlTextWriterEndElement(feed->writer));
}

static void attribute(struct feed *feed, const char *name, struct str value)
{
    check(feed, xml.xmlTextWriterWriteAttribute(feed->writer, (const xmlChar *)name, clean(feed, value)));
}

static void element(struct feed *feed, const char *name, struct str value)
{
    check(feed, xml.xmlTextWriterWriteElement(feed->writer, (const xmlChar *)name, clean(feed, value)));
}

static void element_c(struct feed *feed, const char *name, const char *value)
{
    element(feed, name, str_from(value));
}

static struct str in_public(struct feed *feed, const char *name)
{
    return arena_format(&feed->arena, "%s/%s", feed->channel.base, name);
}

static struct str episode_url(struct feed *feed, const struct episode *episode, const char *ending)
{
    return arena_format(&feed->arena, "%s/episodes/%.*s%s", feed->channel.base, STR_ARG(episode->slug), ending);
}

/* RFC 2822, in UTC and English whatever the locale. */
static void date(struct feed *feed, const char *name, int64_t seconds)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm utc = {0};
    time_t when = (time_t)seconds;
    gmtime_r(&when, &utc);
    element(feed, name,
            arena_format(&feed->arena, "%s, %02d %s %04d %02d:%02d:%02d +0000", days[utc.tm_wday], utc.tm_mday,
                         months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec));
}

static void atom_link(struct feed *feed, const char *rel, int page)
{
    begin(feed, "atom:link");
    attribute(feed, "href",
              page == 1 ? in_public(feed, "feed.xml") : arena_format(&feed->arena, "%s/feed-%d.xml", feed->channel.base, page));
    attribute(feed, "rel", str_from(rel));
    attribute(feed, "type", STR("application/rss+xml"));
    end(feed);
}

/* At most `limit` bytes, cut between characters. */
static struct str cut(struct str s, size_t limit)
{
    if (s.len <= limit)
        return s;
    while (limit && ((unsigned char)s.data[limit] & 0xC0) == 0x80)
        limit--;
    return str_sub(s, 0, limit);
}

/* ---- channel ------------------------------------------------------------------------------------------------------ */

/* "Society & Culture > Documentary" is a category within a category. */
static void write_category(struct feed *feed, struct str category)
{
    size_t split = str_find(category, STR(">"), 0);
    begin(feed, "itunes:category");
    attribute(feed, "text", str_trim(str_sub(category, 0, split == SIZE_MAX ? category.len : split)));
    if (split != SIZE_MAX) {
        begin(feed, "itunes:category");
        attribute(feed, "text", str_trim(str_sub(category, split + 1, category.len)));
        end(feed);
    }
    end(feed);
}

static void write_channel(struct feed *feed)
{
    const struct feed_channel *channel = &feed->channel;
    const struct library_settings *show = channel->settings;
    element_c(feed, "title", show->title);
    element(feed, "link", in_public(feed, ""));
    atom_link(feed, "self", channel->page);
    if (channel->page > 1 || !channel->last)
        atom_link(feed, "first", 1);
    if (channel->page > 1)
        atom_link(feed, "previous", channel->page - 1);
    if (!channel->last)
        atom_link(feed, "next", channel->page + 1);
    element(feed, "description", cut(str_from(*show->description ? show->description : show->title), DESCRIPTION_LIMIT));
    element_c(feed, "language", show->language);
    element_c(feed, "generator", "crier " CRIER_VERSION);
    if (channel->last_made_s)
        date(feed, "lastBuildDate", channel->last_made_s);
    begin(feed, "image");
    element(feed, "url", in_public(feed, channel->cover));
    element_c(feed, "title", show->title);
    element(feed, "link", in_public(feed, ""));
    end(feed);
    element_c(feed, "itunes:author", show->author);
    element_c(feed, "itunes:type", "episodic");
    element_c(feed, "itunes:explicit", show->explicit_content ? "true" : "false");
    begin(feed, "itunes:image");
    attribute(feed, "href", in_public(feed, channel->cover));
    end(feed);
    write_category(feed, str_from(show->category));
    if (*show->email) {
        begin(feed, "itunes:owner");
        element_c(feed, "itunes:name", show->author);
        element_c(feed, "itunes:email", show->email);
        end(feed);
    }
    element_c(feed, "podcast:guid", channel->guid);
    element_c(feed, "podcast:medium", "podcast");
    begin(feed, "podcast:locked");
    if (*show->email)
        attribute(feed, "owner", str_from(show->email));
    check(feed, xml.xmlTextWriterWriteString(feed->writer, (const xmlChar *)"yes"));
    end(feed);
}

enum status feed_new(struct feed **result, const struct feed_channel *channel, struct problem *problem)
{
    static const char *const spaces[][2] = {
        {"xmlns:itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"},
        {"xmlns:atom", "http://www.w3.org/2005/Atom"},
        {"xmlns:content", "http://purl.org/rss/1.0/modules/content/"},
        {"xmlns:podcast", "https://podcastindex.org/namespace/1.0"},
        {"xmlns:psc", "http://podlove.org/simple-chapters"},
    };
    *result = NULL;
    enum status status = load(problem);
    if (status != STATUS_OK)
        return status;
    struct feed *feed = calloc(1, sizeof *feed);
    if (!feed)
        return problem_no_memory(problem);
    feed->channel = *channel;
    watch_begin();
    xml.xmlMemSetup(free, watch_malloc, watch_realloc, watch_strdup);
    xml.xmlSetGenericErrorFunc(NULL, say_nothing);
    feed->memory = xml.xmlBufferCreate();
    feed->writer = feed->memory ? xml.xmlNewTextWriterMemory(feed->memory, 0) : NULL;
    if (!feed->writer) {
        feed_free(feed);
        return problem_no_memory(problem);
    }
    check(feed, xml.xmlTextWriterSetIndent(feed->writer, 1));
    check(feed, xml.xmlTextWriterStartDocument(feed->writer, NULL, "UTF-8", NULL));
    begin(feed, "rss");
    attribute(feed, "version", STR("2.0"));
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        attribute(feed, spaces[i][0], str_from(spaces[i][1]));
    begin(feed, "channel");
    write_channel(feed);
    feed->failed |= watch_failed() || arena_failed(&feed->arena);
    *result = feed;
    return STATUS_OK;
}

/* ---- items ---------------------------------------------------------------------------------------------------------- */

static struct str origin(const struct episode *episode)
{
    return str_starts(episode->url, STR("http://")) || str_starts(episode->url, STR("https://")) ? episode->url
                                                                                                 : (struct str){"", 0};
}

/* Plain text: summary, where it comes from, and a line a chapter, which Apple's and other players turn into chapters. */
static void write_description(struct feed *feed, const struct episode *episode)
{
    struct buffer text = {0};
    buffer_str(&text, cut(episode->summary.len ? episode->summary : episode->title, DESCRIPTION_LIMIT / 2));
    if (origin(episode).len && origin(episode).len < 500)
        buffer_format(&text, "\n\nArticle: %.*s", STR_ARG(origin(episode)));
    if (episode->n_chapters > 1)
        buffer_byte(&text, '\n');
    for (size_t i = 0; episode->n_chapters > 1 && i < episode->n_chapters; i++) {
        struct str title = cut(episode->chapters[i].title, 200);
        if (text.len + title.len + 12 > DESCRIPTION_LIMIT)
            break;
        buffer_byte(&text, '\n');
        markup_clock_full(&text, episode->chapters[i].start_ms);
        buffer_format(&text, " %.*s", STR_ARG(title));
    }
    element(feed, "description", buffer_view(&text));
    feed->failed |= buffer_failed(&text);
    buffer_release(&text);
}

/* The same as HTML, with all chapters, for players that show it. */
static void write_content(struct feed *feed, const struct episode *episode)
{
    struct buffer html = {0};
    buffer_c_string(&html, "<p>");
    markup_text(&html, episode->summary.len ? episode->summary : episode->title);
    buffer_c_string(&html, "</p>");
    if (origin(episode).len) {
        buffer_c_string(&html, "\n<p><a href=\"");
        struct buffer url = {0};
        markup_url(&url, origin(episode));
        html.failed |= buffer_failed(&url);
        markup_text(&html, buffer_view(&url));
        buffer_release(&url);
        buffer_c_string(&html, "\">The article</a></p>");
    }
    buffer_format(&html, "\n<p><a href=\"%s/episodes/%.*s.html\">Listen and read along</a></p>", feed->channel.base,
                  STR_ARG(episode->slug));
    for (size_t i = 0; episode->n_chapters > 1 && i < episode->n_chapters; i++) {
        buffer_c_string(&html, i ? "<br>\n" : "\n<p>");
        markup_clock_full(&html, episode->chapters[i].start_ms);
        buffer_byte(&html, ' ');
        markup_text(&html, episode->chapters[i].title);
    }
    if (episode->n_chapters > 1)
        buffer_c_string(&html, "</p>");
    element(feed, "content:encoded", buffer_view(&html));
    feed->failed |= buffer_failed(&html);
    buffer_release(&html);
}

static void write_file(struct feed *feed, const char *name, const struct episode *episode, const char *ending, const char *type)
{
    begin(feed, name);
    attribute(feed, "url", episode_url(feed, episode, ending));
    attribute(feed, "type", str_from(type));
    if (strcmp(name, "podcast:transcript") == 0 && episode->language.len)
        attribute(feed, "language", episode->language);
    end(feed);
}

static void write_psc(struct feed *feed, const struct episode *episode)
{
    begin(feed, "psc:chapters");
    attribute(feed, "version", STR("1.2"));
    for (size_t i = 0; i < episode->n_chapters; i++) {
        unsigned long long ms = episode->chapters[i].start_ms;
        begin(feed, "psc:chapter");
        attribute(
            feed, "start",
            arena_format(&feed->arena, "%02llu:%02llu:%02llu.%03llu", ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, ms % 1000));
        attribute(feed, "title", episode->chapters[i].title);
        end(feed);
    }
    end(feed);
}

void feed_add(struct feed *feed, const struct feed_item *item)
{
    const struct episode *episode = item->episode;
    arena_release(&feed->arena);
    watch_begin();
    begin(feed, "item");
    element(feed, "title", episode->title);
    element(feed, "link", episode_url(feed, episode, ".html"));
    begin(feed, "enclosure");
    attribute(feed, "url", episode_url(feed, episode, ".mp3"));
    attribute(feed, "length", arena_format(&feed->arena, "%llu", (unsigned long long)item->bytes));
    attribute(feed, "type", STR("audio/mpeg"));
    end(feed);
    begin(feed, "guid");
    attribute(feed, "isPermaLink", STR("false"));
    check(feed, xml.xmlTextWriterWriteString(feed->writer, clean(feed, episode->guid)));
    end(feed);
    date(feed, "pubDate", episode->published_s);
    write_description(feed, episode);
    write_content(feed, episode);
    element(feed, "itunes:duration", arena_format(&feed->arena, "%llu", (unsigned long long)(episode->duration_ms + 500) / 1000));
    element_c(feed, "itunes:explicit", feed->channel.settings->explicit_content ? "true" : "false");
    element_c(feed, "itunes:episodeType", "full");
    if (episode->byline.len)
        element(feed, "itunes:author", episode->byline);
    if (item->has_chapters)
        write_file(feed, "podcast:chapters", episode, ".chapters.json", "application/json+chapters");
    if (item->has_vtt)
        write_file(feed, "podcast:transcript", episode, ".vtt", "text/vtt");
    if (item->has_srt)
        write_file(feed, "podcast:transcript", episode, ".srt", "application/x-subrip");
    if (episode->n_chapters)
        write_psc(feed, episode);
    end(feed);
    feed->failed |= watch_failed() || arena_failed(&feed->arena);
}

enum status feed_finish(struct feed *feed, struct buffer *out, struct problem *problem)
{
    watch_begin();
    check(feed, xml.xmlTextWriterEndDocument(feed->writer));
    xml.xmlFreeTextWriter(feed->writer); /* flushes */
    feed->writer = NULL;
    buffer_append(out, xml.xmlBufferContent(feed->memory), (size_t)xml.xmlBufferLength(feed->memory));
    return feed->failed || watch_failed() || arena_failed(&feed->arena) || buffer_failed(out) ? problem_no_memory(problem)
                                                                                              : STATUS_OK;
}

void feed_free(struct feed *feed)
{
    if (!feed)
        return;
    if (feed->writer)
        xml.xmlFreeTextWriter(feed->writer);
    if (feed->memory)
        xml.xmlBufferFree(feed->memory);
    arena_release(&feed->arena);
    free(feed);
}
