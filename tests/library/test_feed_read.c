/* feed_read: feeds as they are found, and as they should not be. */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "library/feed_read.h"
#include "test.h"

static struct arena arena;
static struct feed_document feed;
static struct problem problem;

static enum status read_bytes(struct str bytes)
{
    arena_release(&arena);
    problem = (struct problem){0};
    return feed_read(&feed, bytes, STR("https://example.org/news/feed.xml"), false, &arena, &problem);
}

static enum status read_text(const char *text)
{
    return read_bytes(str_from(text));
}

#define RSS(items)                                                                                                               \
    "<?xml version='1.0'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'"                           \
    " xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:media='http://search.yahoo.com/mrss/'><channel>"                         \
    "<title>Tides &amp;amp; Trains</title><language>en-GB</language>" items "</channel></rss>"

static void rss_2(void **state)
{
    (void)state;
    assert_int_equal(
        read_text(RSS("<item><title>Old</title><link>/old</link><guid isPermaLink='false'>g1</guid>"
                      "<pubDate>Thu, 16 Oct 2025 10:00:00 GMT</pubDate></item>"
                      "<item><media:title>no</media:title><title>New &lt;b&gt;one&lt;/b&gt; &amp;amp; two</title>"
                      "<guid>https://example.org/new</guid><dc:creator>Jane Doe</dc:creator>"
                      "<author>x@example.org (Not Her)</author><description>Short &lt;i&gt;text&lt;/i&gt;</description>"
                      "<pubDate>Fri, 17 Oct 2025 10:00:00 +0200</pubDate></item>")),
        STATUS_OK);
    assert_str_equal(feed.title, "Tides & Trains");
    assert_str_equal(feed.language, "en-GB");
    assert_int_equal(feed.n_items, 2);
    assert_str_equal(feed.items[0].title, "New one & two");
    assert_str_equal(feed.items[0].link, "https://example.org/new");
    assert_str_equal(feed.items[0].author, "Jane Doe");
    assert_str_equal(feed.items[0].text, "Short <i>text</i>");
    assert_false(feed.items[0].whole);
    assert_int_equal(feed.items[0].date_s, 1760688000);
    assert_str_equal(feed.items[1].id, "g1");
    assert_str_equal(feed.items[1].link, "/old");
    assert_str_equal(feed.items[1].base, "https://example.org/news/feed.xml");
}

static void atom(void **state)
{
    (void)state;
    assert_int_equal(
        read_text("<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='de' xml:base='/blog/'><title type='text'>A &lt; B</title>"
                  "<entry xml:base='x/'><id>tag:1</id><title type='html'>Caf&amp;eacute; &amp;amp; Bar</title>"
                  "<link rel='self' href='self'/><link href='one.html'/><author><name>Ana Lima</name></author>"
                  "<updated>2025-10-18T00:00:00Z</updated><published>2025-10-17T10:00:00.5+02:00</published>"
                  "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One &amp; <b>two</b></p></div></content>"
                  "</entry></feed>"),
        STATUS_OK);
    assert_str_equal(feed.title, "A < B");
    assert_str_equal(feed.language, "de");
    assert_int_equal(feed.n_items, 1);
    assert_str_equal(feed.items[0].id, "tag:1");
    assert_str_equal(feed.items[0].link, "one.html");
    assert_str_equal(feed.items[0].base, "https://example.org/blog/x/");
    assert_str_equal(feed.items[0].author, "Ana Lima");
    assert_str_equal(feed.items[0].text, "<div><p>One &amp; <b>two</b></p></div>");
    assert_int_equal(feed.items[0].date_s, 1760688000);
}

static void rdf(void **state)
{
    (void)state;
    assert_int_equal(read_text("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'"
                               " xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='x'><title>R</title></channel>"
                               "<item rdf:about='https://example.org/1'><title>One</title><link>https://example.org/1</link>"
                               "<dc:date>2025-10-17</dc:date></item></rdf:RDF>"),
                     STATUS_OK);
    assert_str_equal(feed.title, "R");
    assert_int_equal(feed.n_items, 1);
    assert_str_equal(feed.items[0].id, "https://example.org/1");
    assert_int_equal(feed.items[0].date_s, 1760659200);
}

static void whole_texts(void **state)
{
    (void)state;
    struct buffer text = {0}, page = {0};
    static const struct {
        const char *before, *after;
        size_t words;
        bool whole;
    } cases[] = {
        {"<content:encoded><![CDATA[<p>", "</p>]]></content:encoded>", 200, true},
        {"<content:encoded><![CDATA[<p>", "</p>]]></content:encoded>", 50, false},
        {"<content:encoded><![CDATA[<p>", "&hellip;</p>]]></content:encoded>", 200, false},
        {"<content:encoded><![CDATA[<p>", "... <a href='x'>Continue reading</a></p>]]></content:encoded>", 200, false},
        {"<description>", "</description>", 200, false},
        {"<description>", "</description>", 600, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer_clear(&text);
        buffer_clear(&page);
        buffer_c_string(&text, cases[i].before);
        for (size_t k = 0; k < cases[i].words; k++)
            buffer_c_string(&text, "word ");
        buffer_c_string(&text, cases[i].after);
        buffer_format(&page, RSS("<item><link>/x</link>%s</item>"), text.data);
        assert_int_equal(read_bytes(buffer_view(&page)), STATUS_OK);
        if (feed.items[0].whole != cases[i].whole)
            fail_msg("case %zu", i);
    }
    buffer_release(&text);
    buffer_release(&page);
}

static void ids_where_there_is_no_guid(void **state)
{
    (void)state;
    const char *items = RSS("<item><title>a</title></item><item><title>b</title></item><item><link>/c</link></item>"
                            "<item><guid>  </guid><title>a</title></item>");
    assert_int_equal(read_text(items), STATUS_OK);
    assert_int_equal(feed.n_items, 4);
    assert_true(feed.items[0].id.len > 0);
    assert_false(str_eq(feed.items[0].id, feed.items[1].id));
    assert_str_equal(feed.items[2].id, "/c");
    assert_true(str_eq(feed.items[0].id, feed.items[3].id));
    char first[64];
    snprintf(first, sizeof first, "%.*s", STR_ARG(feed.items[0].id));
    assert_int_equal(read_text(items), STATUS_OK);
    assert_str_equal(feed.items[0].id, first);
}

static void common_faults_are_mended(void **state)
{
    (void)state;
    assert_int_equal(read_text("\n " RSS("<item><title>Fish & chips & caf&eacute;&nbsp;\x01</title><link>/x?a=1&b=2</link>"
                                         "<description><![CDATA[<a href='?a&b'>AT&T</a>\x02]]></description></item>")),
                     STATUS_OK);
    assert_str_equal(feed.items[0].title, "Fish & chips & café");
    assert_str_equal(feed.items[0].link, "/x?a=1&b=2");
    assert_str_equal(feed.items[0].text, "<a href='?a&b'>AT&T</a>");
    assert_int_equal(read_text(RSS("<item><title>caf&eacute; &unheard; &amp; bar</title></item>")), STATUS_BAD_DATA);
}

static void what_is_no_feed(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "words",
                                        "<html><body>x</body></html>",
                                        "<rss>",
                                        "<rss/>",
                                        "<feed><entry></feed>",
                                        "<opml><channel/></opml>",
                                        "\xFF\xFE",
                                        "<rss><channel>"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (read_text(texts[i]) != STATUS_BAD_DATA)
            fail_msg("'%s' is taken for a feed", texts[i]);
        assert_string_equal(problem.path, "https://example.org/news/feed.xml");
    }
}

/* Nothing that the document names is opened, nothing that it declares grows. */
static void entities_of_the_document_are_unknown(void **state)
{
    (void)state;
    char secret[] = "/tmp/crier-secret-XXXXXX";
    int fd = mkstemp(secret);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "SECRET", 6), 6);
    close(fd);
    struct buffer page = {0};
    static const char *const forms[][2] = {
        {"<!DOCTYPE rss [<!ENTITY x SYSTEM 'file://", "'>]><rss><channel><title>a&x;b</title></channel></rss>"},
        {"<!DOCTYPE rss [<!ENTITY % p SYSTEM 'file://", "'>%p;]><rss><channel><title>ab</title></channel></rss>"},
        {"<!DOCTYPE rss SYSTEM 'file://", "'><rss><channel><title>ab</title></channel></rss>"},
        {"<rss xmlns:xi='http://www.w3.org/2001/XInclude'><channel><title>a<xi:include href='file://",
         "' parse='text'/>b</title></channel></rss>"},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        buffer_clear(&page);
        buffer_c_string(&page, forms[i][0]);
        buffer_c_string(&page, secret);
        buffer_c_string(&page, forms[i][1]);
        enum status status = read_bytes(buffer_view(&page));
        assert_true(status == STATUS_OK || status == STATUS_BAD_DATA);
        if (status == STATUS_OK)
            assert_int_equal(str_find(feed.title, STR("SECRET"), 0), SIZE_MAX);
    }
    /* A document type of old RSS is no reason to refuse. */
    assert_int_equal(
        read_text("<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN'"
                  " 'http://my.netscape.com/publish/formats/rss-0.91.dtd'><rss version='0.91'><channel><title>old</title>"
                  "</channel></rss>"),
        STATUS_OK);
    unlink(secret);
    buffer_clear(&page);
    buffer_c_string(&page, "<!DOCTYPE rss [<!ENTITY a0 'lol'>");
    for (int i = 1; i < 30; i++)
        buffer_format(&page, "<!ENTITY a%d '&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;'>", i, i - 1, i - 1, i - 1, i - 1, i - 1,
                      i - 1, i - 1, i - 1);
    buffer_c_string(&page, "]><rss><channel><title>&a29;</title><item><link href='&a29;'/></item></channel></rss>");
    clock_t begin = clock();
    enum status status = read_bytes(buffer_view(&page));
    assert_true(status == STATUS_OK || status == STATUS_BAD_DATA);
    assert_true(clock() - begin < CLOCKS_PER_SEC);
    assert_true(arena.total < 1 << 20);
    buffer_release(&page);
}

static void deep_and_large(void **state)
{
    (void)state;
    struct buffer page = {0};
    buffer_c_string(&page, "<rss><channel><title>");
    for (int i = 0; i < 200000; i++)
        buffer_c_string(&page, "<a>");
    for (int i = 0; i < 200000; i++)
        buffer_c_string(&page, "</a>");
    buffer_c_string(&page, "</title></channel></rss>");
    assert_int_equal(read_bytes(buffer_view(&page)), STATUS_BAD_DATA);
    buffer_clear(&page);
    buffer_c_string(&page, "<rss><channel><title>many</title>");
    for (int i = 0; i < 1000; i++)
        buffer_format(&page, "<item><title>Item %d</title><link>/%d</link><pubDate>%d Jan 2025 00:00:00 GMT</pubDate></item>", i,
                      i, 1 + i % 28);
    buffer_c_string(&page, "</channel></rss>");
    assert_int_equal(read_bytes(buffer_view(&page)), STATUS_OK);
    assert_int_equal(feed.n_items, 1000);
    assert_str_equal(feed.items[0].title, "Item 27");
    assert_str_equal(feed.items[1].title, "Item 55"); /* the same date: as in the document */
    buffer_release(&page);
}

static void dates(void **state)
{
    (void)state;
    static const struct {
        const char *written;
        int64_t date_s;
    } cases[] = {
        {"Fri, 17 Oct 2025 10:00:00 GMT", 1760695200},
        {"17 Oct 2025 10:00 +0000", 1760695200},
        {"Fri, 17 Oct 25 10:00:00 Z", 1760695200},
        {"Fri, 17 October 2025 05:00:00 -0500", 1760695200},
        {"Fri, 17 Oct 2025 06:00:00 EDT", 1760695200},
        {"2025-10-17T10:00:00Z", 1760695200},
        {"2025-10-17T12:00:00.123+02:00", 1760695200},
        {"2025-10-17 10:00:00", 1760695200},
        {"2025-10-17", 1760659200},
        {"yesterday", INT64_MIN},
        {"", INT64_MIN},
        {"2025-13-01", INT64_MIN},
        {"32 Oct 2025", INT64_MIN},
        {"Fri, 17", INT64_MIN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (feed_date(str_from(cases[i].written)) != cases[i].date_s)
            fail_msg("%s gives %lld", cases[i].written, (long long)feed_date(str_from(cases[i].written)));
}

static int end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rss_2),
        cmocka_unit_test(atom),
        cmocka_unit_test(rdf),
        cmocka_unit_test(whole_texts),
        cmocka_unit_test(ids_where_there_is_no_guid),
        cmocka_unit_test(common_faults_are_mended),
        cmocka_unit_test(what_is_no_feed),
        cmocka_unit_test(entities_of_the_document_are_unknown),
        cmocka_unit_test(deep_and_large),
        cmocka_unit_test(dates),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}
