/* follow: what a batch takes from feeds, and what it says about those that fail. */
#include "intake_test.h"

static struct buffer xml;

static void begin_feed(void)
{
    buffer_clear(&xml);
    buffer_c_string(&xml, "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
                          "<title>Tides &amp;amp; Trains</title>");
}

/* An item with the whole text in it; older ones have smaller numbers. */
static void whole_item(int n)
{
    buffer_format(
        &xml,
        "<item><title>Item number %d</title><link>/story/item-number-%d</link><guid>guid-%d</guid>"
        "<pubDate>%d Jan %d 10:00:00 GMT</pubDate><author>jane@example.org (Jane Doe)</author><content:encoded><![CDATA[",
        n, n, n, 1 + n % 28, 1980 + n / 28);
    for (int i = 0; i < 150; i++)
        buffer_c_string(&xml, "word ");
    buffer_c_string(&xml, "]]></content:encoded></item>");
}

static void end_feed(const char *name)
{
    buffer_c_string(&xml, "</channel></rss>");
    web_server_file(name, xml.data, xml.len);
}

static enum status follow(const char *path)
{
    char url[256];
    struct arena arena = {0};
    struct str title;
    struct problem problem = {0};
    buffer_clear(&library.said);
    enum status status = library_follow(&library.run, web_server_url(path, url), &title, &arena, &problem);
    hear(NULL, 'P', problem.text);
    hear(NULL, 'T', title.data);
    arena_release(&arena);
    return status;
}

/* What a batch does with the feeds. */
static void read_feeds(void)
{
    struct intake intake;
    struct problem problem = {0};
    buffer_clear(&library.said);
    assert_int_equal(intake_open(&intake, &library.run, &problem), STATUS_OK);
    assert_int_equal(follow_read_all(&intake, &problem), STATUS_OK);
    intake_close(&intake);
}

static size_t requests(void)
{
    char path[256];
    struct buffer log = {0};
    size_t n = 0;
    snprintf(path, sizeof path, "%s/log", web_server.root);
    assert_int_equal(file_read(path, 1 << 24, &log, NULL), STATUS_OK);
    for (size_t i = 0; i < log.len; i++)
        n += log.data[i] == '\n';
    buffer_release(&log);
    return n;
}

static void a_thousand_items(void **state)
{
    (void)state;
    library_new("");
    begin_feed();
    for (int i = 0; i < 1000; i++)
        whole_item(i);
    end_feed("many.xml");
    assert_int_equal(follow("/files/many.xml"), STATUS_OK);
    assert_true(library_said("T Tides & Trains"));
    assert_int_equal(inbox_count(), 0);
    size_t before = requests();
    read_feeds();
    assert_int_equal(requests(), before + 1);
    assert_int_equal(inbox_count(), 3);
    assert_true(in_inbox("item-number-999.html"));
    assert_true(in_inbox("item-number-997.html"));
    assert_true(inbox_file_has("item-number-999.html", "<meta name=\"author\" content=\"Jane Doe\">"));
    assert_true(inbox_file_has("item-number-999.html", "article:published_time"));
    assert_true(inbox_file_has("item-number-999.html", "og:site_name\" content=\"Tides &amp; Trains\""));
    read_feeds();
    assert_true(web_server_answered("/files/many.xml 304"));
    assert_int_equal(inbox_count(), 3);
    /* Fifteen more, with the old ones: ten now, five then, none after. */
    begin_feed();
    for (int i = 900; i < 1015; i++)
        whole_item(i);
    end_feed("many.xml");
    read_feeds();
    assert_int_equal(inbox_count(), 13);
    assert_true(in_inbox("item-number-1014.html"));
    assert_false(in_inbox("item-number-1004.html"));
    read_feeds();
    assert_int_equal(inbox_count(), 18);
    read_feeds();
    assert_int_equal(inbox_count(), 18);
    assert_false(library_said("W "));
    library_forget();
}

static void settings_say_how_many(void **state)
{
    (void)state;
    library_new("[follow]\nfirst_items = 1\nmax_items = 2\n");
    begin_feed();
    for (int i = 0; i < 5; i++)
        whole_item(i);
    end_feed("few.xml");
    assert_int_equal(follow("/files/few.xml"), STATUS_OK);
    read_feeds();
    assert_int_equal(inbox_count(), 1);
    begin_feed();
    for (int i = 0; i < 10; i++)
        whole_item(i);
    end_feed("few.xml");
    read_feeds();
    assert_int_equal(inbox_count(), 3);
    library_forget();
}

static void all_kinds_of_items(void **state)
{
    (void)state;
    library_new("[follow]\nfirst_items = 20\n");
    web_server_file("linked-story.html", "<html><title>Linked</title>x</html>", 35);
    begin_feed();
    whole_item(1);
    buffer_c_string(&xml,
                    "<item><title>Relative</title><link>linked-story.html</link><description>Short</description></item>"
                    "<item><title>../../../tmp/evil</title><description>Text without a link, and short.</description></item>"
                    "<item><title>'; DROP TABLE feed; --</title><guid>'; DROP TABLE feed; --</guid>"
                    "<description>Hostile &lt;/article&gt;.</description></item>"
                    "<item><title>Nothing at all</title></item>"
                    "<item><title>A file</title><link>file:///etc/passwd</link></item>"
                    "<item><title>Gone</title><link>/status/404</link></item>"
                    "<item><title>A paper</title><link>/some.pdf</link></item>");
    end_feed("kinds.xml");
    assert_int_equal(follow("/files/kinds.xml"), STATUS_OK);
    read_feeds();
    assert_true(in_inbox("item-number-1.html"));
    assert_true(inbox_file_has("linked-story.html", "Linked"));
    assert_true(inbox_file_has("tmp-evil.html", "Text without a link"));
    assert_true(in_inbox("drop-table-feed.html"));
    assert_int_equal(inbox_count(), 4);
    assert_true(library_said("has neither a text nor a link; the article 'Nothing at all'"));
    assert_true(library_said("only http and https addresses are fetched; the article 'A file'"));
    assert_true(library_said("404 (not found); the article 'Gone'"));
    assert_true(library_said("application/pdf"));
    size_t before = requests();
    read_feeds();
    assert_int_equal(library.said.len, 0);
    assert_int_equal(requests(), before + 1);
    library_forget();
}

static void an_article_that_cannot_be_had_yet(void **state)
{
    (void)state;
    library_new("");
    begin_feed();
    buffer_c_string(&xml, "<item><title>Ill</title><link>/status/503</link></item><item><title>Back soon</title>"
                          "<link>later-story.html</link></item>");
    end_feed("later.xml");
    web_server_file("later-story.html.status", "500", 3);
    web_server_file("later-story.html", "<html>here</html>", 17);
    assert_int_equal(follow("/files/later.xml"), STATUS_OK);
    read_feeds();
    assert_int_equal(inbox_count(), 0);
    assert_int_equal(library.said.len, 0);
    char path[256];
    snprintf(path, sizeof path, "%s/later-story.html.status", web_server.root);
    unlink(path);
    for (int i = 2; i <= 6; i++) {
        read_feeds();
        assert_true(in_inbox("later-story.html"));
        assert_int_equal(library_said("the article 'Ill'"), i == 5);
    }
    library_forget();
}

static void what_fails_is_said_once(void **state)
{
    (void)state;
    library_new("");
    begin_feed();
    whole_item(1);
    end_feed("a.xml");
    web_server_file("b.xml", xml.data, xml.len);
    assert_int_equal(follow("/files/a.xml"), STATUS_OK);
    assert_int_equal(follow("/files/b.xml"), STATUS_OK);
    web_server_file("a.xml.status", "500", 3);
    begin_feed();
    whole_item(2);
    end_feed("b.xml");
    read_feeds();
    assert_true(library_said("W the feed '"));
    assert_true(library_said("/a.xml' cannot be read: the server answers 500"));
    assert_true(in_inbox("item-number-2.html"));
    read_feeds();
    assert_int_equal(library.said.len, 0);
    web_server_file("a.xml.status", "404", 3);
    read_feeds();
    assert_true(library_said("404"));
    char path[256];
    snprintf(path, sizeof path, "%s/a.xml.status", web_server.root);
    unlink(path);
    web_server_file("a.xml", "<rss><channel>", 14);
    read_feeds();
    assert_true(library_said("is no feed"));
    begin_feed();
    whole_item(1);
    end_feed("a.xml");
    read_feeds();
    assert_true(library_said("I the feed"));
    assert_true(library_said("can be read again"));
    assert_true(in_inbox("item-number-1.html"));
    library_forget();
}

static void follow_wants_a_feed(void **state)
{
    (void)state;
    library_new("");
    const char page[] = "<html><link rel=alternate type=application/rss+xml href='/files/real.xml'></html>";
    web_server_file("page.html", page, sizeof page - 1);
    assert_int_equal(follow("/files/page.html"), STATUS_BAD_DATA);
    assert_true(library_said("the feed that it names is http://127.0.0.1"));
    assert_true(library_said("/files/real.xml"));
    assert_int_equal(follow("/status/404"), STATUS_NO_INPUT);
    assert_int_equal(follow("/to/file"), STATUS_BAD_DATA);
    struct library_feed *feeds;
    size_t n;
    struct arena arena = {0};
    assert_int_equal(library_feeds(&library.run, &feeds, &n, &arena, NULL), STATUS_OK);
    assert_int_equal(n, 0);
    begin_feed();
    whole_item(1);
    end_feed("real.xml");
    assert_int_equal(follow("/files/real.xml"), STATUS_OK);
    assert_int_equal(follow("/files/real.xml"), STATUS_OK);
    assert_int_equal(library_feeds(&library.run, &feeds, &n, &arena, NULL), STATUS_OK);
    assert_int_equal(n, 1);
    assert_str_equal(feeds[0].title, "Tides & Trains");
    assert_int_equal(feeds[0].read_s, 0);
    read_feeds();
    char url[256];
    web_server_url("/files/real.xml", url);
    assert_int_equal(library_unfollow(&library.run, url, NULL), STATUS_OK);
    assert_int_equal(library_unfollow(&library.run, url, NULL), STATUS_NO_INPUT);
    size_t before = requests();
    read_feeds();
    assert_int_equal(requests(), before);
    assert_int_equal(inbox_count(), 1);
    /* Followed anew, it is read as for the first time. */
    char path[256];
    assert_int_equal(unlink(inbox_file("item-number-1.html", path)), 0);
    assert_int_equal(follow("/files/real.xml"), STATUS_OK);
    read_feeds();
    assert_int_equal(inbox_count(), 1);
    arena_release(&arena);
    library_forget();
}

static int start(void **state)
{
    (void)state;
    return web_server_start() ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    buffer_release(&xml);
    web_server_stop();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_items),        cmocka_unit_test(settings_say_how_many),
        cmocka_unit_test(all_kinds_of_items),      cmocka_unit_test(an_article_that_cannot_be_had_yet),
        cmocka_unit_test(what_fails_is_said_once), cmocka_unit_test(follow_wants_a_feed),
    };
    return cmocka_run_group_tests(tests, start, end);
}
