#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "article/article.h"
#include "outline.h"

static struct article parsed(const char *text)
{
    struct article article;
    assert_int_equal(article_parse(&article, str_from(text), "a.md", NULL, NULL), STATUS_OK);
    assert_null(broken_promise(&article));
    return article;
}

static void headings_of_all_levels(void **state)
{
    (void)state;
    assert_outline("a.md", "# The *Title* #\n\nText.\n\n## Two\n\n### Three\n\nSetext\nheading\n---\n\n###### Six\n\nEnd.\n",
                   "T The Title\nP Text.\nH2 Two\nH3 Three\nH2 Setext heading\nH6 Six\nP End.\n");
    assert_outline("a.md", "# One\n\na\n\n# Two\n\nb\n\n## Deep\n\nc\n",
                   "T One\nP a\nH2 Two\nP b\nH3 Deep\nP c\n"); /* several of level one */
    assert_outline("a.md", "Text first.\n\n# Later\n\nb\n", "P Text first.\nH2 Later\nP b\n");
    assert_outline("a.md", "## Only the title\n\na\n\n### Part\n\nb\n", "T Only the title\nP a\nH3 Part\nP b\n");
}

static void lists_and_quotations(void **state)
{
    (void)state;
    assert_outline("a.md",
                   "1. One\n2. Two\n   and on\n\n   Again\n   - [x] deep\n3. Three\n\n> Quote one\nlazy\n>\n> Quote two\n>\n> - "
                   "item\n\nEnd\n",
                   "I1.1 One\nI1.2 Two and on\nP Again\nI2 deep\nI1.3 Three\nQ Quote one lazy\nQ Quote two\nI1 item\nP End\n- "
                   "list number: 1.\n"
                   "- list number: 2.\n- list mark: [x]\n- list number: 3.\n");
    struct article article = parsed("7) Seven\n8) Eight\n");
    assert_int_equal(article.blocks[1].ordinal, 8);
    article_release(&article);
}

static void what_is_not_spoken(void **state)
{
    (void)state;
    assert_outline("a.md",
                   "Text\n\n```c\nint x;\n```\n\n    code\n\n| a | b |\n|---|:-:|\n| c | d |\n\n<div>html</div>\n\n<!-- note "
                   "-->\n\n***\n\nEnd\n",
                   "P Text\nP End\n- code: ```c\nint x;\n```\n- code: code\n- table: | a | b |\n|---|:-:|\n| c | d |\n- html: "
                   "<div>html</div>\n"
                   "- html: <!-- note -->\n");
    assert_outline(
        "a.md",
        "See [the site](http://x.y/(z) \"t\") and [it][r], <http://a.b> or http://c.d here.[^1]\n\n[r]: http://r.s\n\n[^1]: The "
        "note.\n",
        "P See the site and it, http://a.b or http://c.d here.\n- url: http://x.y/(z) \"t\"\n- url: r\n- footnote mark: [^1]\n"
        "- url: [r]: http://r.s\n- footnote: [^1]: The note.\n");
    assert_outline("a.md", "![A dog](d.png)\n\nA ![small](s.png) one.\n\nA table\na | b\n--|--\n1 | 2\n",
                   "C A dog\nP A one.\nP A table\n- url: d.png\n- image: ![small](s.png)\n- table: a | b\n--|--\n1 | 2\n");
}

static void spans_and_runs(void **state)
{
    (void)state;
    static const char text[] = "**Anna:** We \\*all\\* saw [the *gate*](u) &amp; `co``de`\n   twice.\n";
    struct article article = parsed(text);
    const struct block *block = &article.blocks[0];
    assert_str_equal(block->text, "Anna: We *all* saw the gate & co``de twice.");
    article_release(&article);
    article = parsed("**Anna:** We saw [the *gate*](u) &amp; `code`\n   twice.\n");
    block = &article.blocks[0];
    assert_str_equal(block->text, "Anna: We saw the gate & code twice.");
    static const struct block_span want[] = {
        {SPAN_STRONG, 0, 5}, {SPAN_LINK, 13, 21}, {SPAN_EMPHASIS, 17, 21}, {SPAN_CODE, 24, 28}};
    assert_int_equal(block->n_spans, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(block->spans[i].kind, want[i].kind);
        assert_int_equal(block->spans[i].start, want[i].start);
        assert_int_equal(block->spans[i].end, want[i].end);
    }
    assert_int_equal(block_source_offset(block, 29, false), 49); /* "twice" on the second line */
    assert_int_equal(block_source_offset(block, 17, false), 23); /* "gate" */
    article_release(&article);
}

/* The same word in markup before it must not be taken for the text. */
static void words_are_found_where_they_stand(void **state)
{
    (void)state;
    static const char text[] = "[x](http://gate.org/gate) gate <b title=\"end\">end</b>\n> gate\n";
    struct article article = parsed(text);
    const struct block *block = &article.blocks[0];
    assert_str_equal(block->text, "x gate end");
    assert_int_equal(block_source_offset(block, 2, false), 26);
    article_release(&article);
}

static void front_matter(void **state)
{
    (void)state;
    struct article article = parsed("---\ntitle: \"The Field: A Story\"\nauthor: [Ann Reed]\ndate: 2024-05-01T10:00:00Z\nlang: "
                                    "en-GB # British\ncover: img/a.jpg\n"
                                    "voices:\n  Ann Reed: woman-2\n  \"Tom: X\": man-1\ntags: [a, b]\n---\n\nThe text of it.\n");
    assert_str_equal(article.title, "The Field: A Story");
    assert_int_equal(article.blocks[0].kind, BLOCK_TITLE);
    assert_str_equal(article.byline, "Ann Reed");
    assert_str_equal(article.published, "2024-05-01");
    assert_str_equal(article.language, "en-GB");
    assert_str_equal(article.cover, "img/a.jpg");
    assert_int_equal(article.n_pins, 2);
    assert_str_equal(article.pins[1].speaker, "Tom: X");
    assert_str_equal(article.pins[1].voice, "man-1");
    assert_int_equal(article.n_blocks, 2);
    assert_string_equal(article.omissions[0].reason, "front matter");
    article_release(&article);
    /* the same title again as the first heading */
    assert_outline("a.md", "---\ntitle: The Field\n---\n# The Field\n\nText.\n",
                   "T The Field\nP Text.\n- front matter: ---\ntitle: The Field\n---\n");
    /* rules are not front matter */
    assert_outline("a.md", "---\n\nText.\n\n---\n\nEnd.\n", "P Text.\nP End.\n");
}

static void bylines_and_noise(void **state)
{
    (void)state;
    assert_outline("a.md", "# T one two\n\n*By Ann Reed*\n\n3 March 2024\n\nText of it.\n\nAdvertisement\n\nEnd.\n",
                   "T T one two\nB By Ann Reed\nB 3 March 2024\nP Text of it.\nP End.\n- noise: Advertisement\n");
}

static void format_by_content(void **state)
{
    (void)state;
    assert_outline("-", "# One\n\nText **bold**.\n\n## Two\n\nEnd.\n", "T One\nP Text bold.\nH2 Two\nP End.\n");
    assert_outline("a.txt", "Costs * 2 and # 1 of _all_ [sic].\n", "P Costs * 2 and # 1 of _all_ [sic].\n");
    struct article article;
    struct article_options options = {.format = ARTICLE_PLAIN, .language = "fr"};
    assert_int_equal(article_parse(&article, STR("**x** y"), "a.md", &options, NULL), STATUS_OK);
    assert_str_equal(article.blocks[0].text, "**x** y");
    assert_str_equal(article.language, "fr");
    article_release(&article);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headings_of_all_levels),
        cmocka_unit_test(lists_and_quotations),
        cmocka_unit_test(what_is_not_spoken),
        cmocka_unit_test(spans_and_runs),
        cmocka_unit_test(front_matter),
        cmocka_unit_test(bylines_and_noise),
        cmocka_unit_test(words_are_found_where_they_stand),
        cmocka_unit_test(format_by_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
