/* web_text: kinds, charsets, titles and slugs of what came over the web. */
#include "base/utf8.h"
#include "library/web_text.h"
#include "test.h"

static void kinds(void **state)
{
    (void)state;
    static const struct {
        const char *type, *url, *body;
        enum web_kind kind;
    } cases[] = {
        {"text/html", "http://e.org/", "<p>x", WEB_HTML},
        {"application/xhtml+xml", "http://e.org/", "<?xml version='1.0'?><html>", WEB_HTML},
        {"text/plain", "http://e.org/a.md?raw=1", "# x", WEB_MARKDOWN},
        {"text/plain", "http://e.org/a", "# x", WEB_PLAIN},
        {"text/markdown", "http://e.org/a", "# x", WEB_MARKDOWN},
        {"application/pdf", "http://e.org/a.html", "%PDF", WEB_UNKNOWN},
        {"image/png", "http://e.org/a.html", "<html>", WEB_UNKNOWN},
        {"", "http://e.org/a", "\xEF\xBB\xBF <!-- x --> <!DOCTYPE HTML><html>", WEB_HTML},
        {"", "http://e.org/a", "words", WEB_PLAIN},
        {"", "http://e.org/a", "\xFF\xFE\x01", WEB_UNKNOWN},
        {"application/octet-stream", "http://e.org/a.md", "# x", WEB_MARKDOWN},
        {"application/octet-stream", "http://e.org/a", "words", WEB_UNKNOWN},
        {"application/rss+xml", "http://e.org/", "<rss>", WEB_FEED},
        {"text/xml", "http://e.org/", "<?xml version='1.0'?>\n<!-- by x --><feed>", WEB_FEED},
        {"text/html", "http://e.org/feed", "<?xml version='1.0'?><rss>", WEB_FEED},
        {"text/xml", "http://e.org/", "<sitemap>", WEB_UNKNOWN},
        {"text/xml", "http://e.org/", "<!-- never closed", WEB_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (web_kind(str_from(cases[i].type), str_from(cases[i].url), str_from(cases[i].body)) != cases[i].kind)
            fail_msg("case %zu: %s %s", i, cases[i].type, cases[i].body);
}

static void becomes(const char *bytes, size_t len, const char *charset, enum web_kind kind, const char *want)
{
    struct buffer body = {0};
    struct problem problem = {0};
    buffer_append(&body, bytes, len);
    assert_int_equal(web_to_utf8(&body, str_from(charset), kind, &problem), STATUS_OK);
    assert_str_equal(buffer_view(&body), want);
    buffer_release(&body);
}

static void charsets(void **state)
{
    (void)state;
    becomes("caf\xE9 \x93x\x94", 8, "ISO-8859-1", WEB_PLAIN, "café “x”");
    becomes("caf\xE9", 4, "iso-8859-1", WEB_HTML,
            "\xEF\xBB\xBF"
            "café");
    becomes("café", 5, "iso-8859-1", WEB_HTML,
            "\xEF\xBB\xBF"
            "café");                                     /* a server's wrong default */
    becomes("caf\xE9", 4, "utf-8", WEB_HTML, "caf\xE9"); /* a lie: left to the article stage */
    becomes("caf\xE9", 4, "x-klingon", WEB_HTML, "caf\xE9");
    becomes("caf\xE9", 4, "../../etc", WEB_HTML, "caf\xE9");
    becomes("caf\xE9", 4, "", WEB_HTML, "caf\xE9");
    becomes("cafe", 4, "koi8-r", WEB_HTML, "cafe");
    becomes("\xFA\xC9\xCD\xC1", 4, "KOI8-R", WEB_PLAIN, "Зима");
    becomes("\x82\xA0", 2, "Shift_JIS", WEB_PLAIN, "あ");
    becomes("\x1B$B$\"\x1B(B", 8, "iso-2022-jp", WEB_PLAIN, "あ");
    becomes("h\0i\0", 4, "utf-16le", WEB_PLAIN, "hi");
    becomes("\xEF\xBB\xBF"
            "caf\xC3\xA9",
            8, "iso-8859-1", WEB_HTML,
            "\xEF\xBB\xBF"
            "café");
}

static void plain_words(void **state)
{
    (void)state;
    static const struct {
        const char *markup, *words;
    } cases[] = {
        {"  <p>One&nbsp;<b>two</b></p>\n<p>3 &lt; 4 &amp;amp; 5</p>", "One two 3 < 4 &amp; 5"},
        {"a<script>if (1 < 2) x('</b>')</script>b<!-- c > d -->e<style>p{}</style>", "a b e"},
        {"&#8220;x&#x201D; &#0; &#99999999; &nosuch; & &", "“x” &#0; &#99999999; &nosuch; & &"},
        {"1 < 2 and <b", "1 < 2 and"},
        {"<script>never closed", ""},
        {"x\xE2\x80\xA8y\x01z", "x y z"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        assert_str_equal(web_plain(&arena, str_from(cases[i].markup)), cases[i].words);
        arena_release(&arena);
    }
}

static void titles_and_feed_links(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_str_equal(web_title(&arena, STR("<html><head><TITLE lang=en>A &amp; B\n | Site</Title>")), "A & B | Site");
    assert_str_equal(web_title(&arena, STR("<html><title>never closed")), "");
    assert_str_equal(web_title(&arena, STR("words")), "");
    assert_str_equal(web_feed_link(&arena, STR("<link rel=stylesheet href=x.css><link rel='alternate' type='application/rss+xml'"
                                               " title=\"href=no\" href='/feed?a=1&amp;b=2'>")),
                     "/feed?a=1&b=2");
    assert_str_equal(web_feed_link(&arena, STR("<link type=application/atom+xml href=/atom.xml><p>")), "/atom.xml");
    assert_str_equal(web_feed_link(&arena, STR("<link type=text/css href=x>")), "");
    arena_release(&arena);
}

static void slugs(void **state)
{
    (void)state;
    static const struct {
        const char *url, *title, *slug;
    } cases[] = {
        {"https://e.org/2025/10/17/trump-putin-summit.html?utm=1#x", "Other", "trump-putin-summit"},
        {"https://e.org/news/my%20long_story", "Other", "my-long-story"},
        {"https://e.org/news/articles/c4g8xxk2", "Harbour café opens | News", "harbour-cafe-opens-news"},
        {"https://e.org/2025/10/", "", "10"},
        {"https://e.org/", "The Title", "the-title"},
        {"https://e.org/", "", "episode"},
        {"https://e.org/index.php?id=1", "../../etc/passwd", "etc-passwd"},
        {"https://e.org/..%2F..%2Fetc%2Fpasswd", "x", "etc-passwd"},
        {"https://e.org/%00%01%ff", "Зимний мост", "episode"},
        {"https://e.org/a%", ".hidden", "hidden"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct str slug = web_slug(&arena, str_from(cases[i].url), str_from(cases[i].title));
        assert_str_equal(slug, cases[i].slug);
        arena_release(&arena);
    }
}

static void time_is_linear(void **state)
{
    (void)state;
    /* Megabytes of what could make each step look at all the rest: seconds where it does. */
    static const char *const pieces[] = {"<", "<a", "&", "&#", "<link type=", "<!--", "<script", "<title"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct arena arena = {0};
        struct buffer page = {0};
        while (page.len < 4 << 20)
            buffer_c_string(&page, pieces[i]);
        web_plain(&arena, buffer_view(&page));
        web_title(&arena, buffer_view(&page));
        web_feed_link(&arena, buffer_view(&page));
        assert_int_not_equal(web_kind(STR("text/html"), STR(""), buffer_view(&page)), WEB_FEED);
        buffer_release(&page);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds),       cmocka_unit_test(charsets),
        cmocka_unit_test(plain_words), cmocka_unit_test(titles_and_feed_links),
        cmocka_unit_test(slugs),       cmocka_unit_test(time_is_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
