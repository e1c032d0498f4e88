/* What goes into pages and feed is escaped, short enough and well-formed whatever an article holds. */
#include "test.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "base/buffer.h"
#include "library/episode.h"
#include "library/markup.h"
#include "show.h"

#define assert_written(call, words)                                                                                              \
    do {                                                                                                                         \
        struct buffer out = {0};                                                                                                 \
        call;                                                                                                                    \
        assert_str_equal(buffer_view(&out), words);                                                                              \
        buffer_release(&out);                                                                                                    \
    } while (0)

static void test_times(void **state)
{
    (void)state;
    assert_written(markup_clock(&out, 0), "0:00");
    assert_written(markup_clock(&out, 123999), "2:03");
    assert_written(markup_clock(&out, 3600000), "1:00:00");
    assert_written(markup_clock(&out, 3723000), "1:02:03");
    assert_written(markup_clock_full(&out, 123999), "00:02:03");
    assert_written(markup_clock_full(&out, 360000000), "100:00:00");
    assert_written(markup_length(&out, 29999), "less than a minute");
    assert_written(markup_length(&out, 30000), "1 min");
    assert_written(markup_length(&out, 3569999), "59 min");
    assert_written(markup_length(&out, 3900000), "1 h 5 min");
    assert_written(markup_date(&out, 1760659200), "17 October 2025");
    assert_written(markup_iso_date(&out, 1760659200), "2025-10-17");
}

static void test_escapes(void **state)
{
    (void)state;
    assert_written(markup_url(&out, STR("https://x.example/a?b=c&d=%20")), "https://x.example/a?b=c&d=%20");
    assert_written(markup_url(&out, STR("http://x.example/\"><é")), "http://x.example/%22%3E%3C%C3%A9");
    assert_written(markup_url(&out, STR("javascript:alert(1)")), "");
    assert_written(markup_text(&out, STR("<a href=\"x\">Tom & 'Jo'</a>")),
                   "&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;Jo&#39;&lt;/a&gt;");
    const struct markup_slot slots[] = {{"a", STR("{{b}}")}, {"b", STR("2")}};
    assert_written(markup_fill(&out, STR("{{b}}{{a}}{{c}}|{{b"), slots, 2), "2{{b}}|{{b");
}

static void check_xpath(xmlDocPtr doc, const char *path, const char *value)
{
    xmlXPathContextPtr context = xmlXPathNewContext(doc);
    xmlXPathRegisterNs(context, BAD_CAST "itunes", BAD_CAST "http://www.itunes.com/dtds/podcast-1.0.dtd");
    xmlXPathObjectPtr found = xmlXPathEvalExpression(BAD_CAST path, context);
    xmlChar *text = xmlXPathCastToString(found);
    assert_string_equal((const char *)text, value);
    xmlFree(text);
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
}

/* A summary of 5000 letters of two bytes and 300 chapters: what the description holds is cut between letters and lines. */
static void test_long_texts_in_the_feed(void **state)
{
    (void)state;
    struct buffer summary = {0}, out = {0};
    struct episode_chapter chapters[300];
    struct problem problem = {0};
    buffer_c_string(&summary, "x");
    for (int i = 0; i < 5000; i++)
        buffer_c_string(&summary, "é");
    for (size_t i = 0; i < 300; i++)
        chapters[i] = (struct episode_chapter){STR("A chapter & what it is about"), i * 1000000, (i + 1) * 1000000};
    show.category = "Society & Culture > Documentary";
    const struct episode episode = {.guid = STR("g"),
                                    .slug = STR("a"),
                                    .title = STR("A title"),
                                    .byline = STR("Ann"),
                                    .language = STR("en"),
                                    .site = STR(""),
                                    .url = STR("https://www.example.org/"),
                                    .summary = buffer_view(&summary),
                                    .duration_ms = 300000000,
                                    .chapters = chapters,
                                    .n_chapters = 300};
    const struct feed_item item = {&episode, 5000, true, true, true};
    struct feed *feed;
    assert_int_equal(feed_new(&feed, &show_channel, &problem), STATUS_OK);
    feed_add(feed, &item);
    assert_int_equal(feed_finish(feed, &out, &problem), STATUS_OK);
    xmlDocPtr doc = xmlReadMemory(out.data, (int)out.len, NULL, NULL, XML_PARSE_NONET);
    assert_non_null(doc);
    check_xpath(doc, "/rss/channel/itunes:category/@text", "Society & Culture");
    check_xpath(doc, "/rss/channel/itunes:category/itunes:category/@text", "Documentary");
    check_xpath(doc, "contains(//item/description, '\xEF\xBF\xBD')", "false");
    check_xpath(doc, "string-length(//item/description) > 2000", "true");
    check_xpath(doc, "string-length(//item/description) < 4000", "true");
    check_xpath(doc, "contains(//item/description, '\n00:16:40 A chapter & what it is about')", "true");
    check_xpath(doc, "contains(//item/description, '83:03:20')", "false");
    check_xpath(doc, "substring(//item/description, string-length(//item/description) - 9)", "t is about");
    xmlFreeDoc(doc);
    feed_free(feed);
    buffer_release(&summary);
    buffer_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_long_texts_in_the_feed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
