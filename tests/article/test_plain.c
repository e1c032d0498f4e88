#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "article/article.h"
#include "article/shape.h"
#include "outline.h"

#define LONG_A "The council met on Tuesday for four hours and heard from thirty people before it came to the vote."
#define LONG_B "Nobody in the hall had slept much, and nobody in the hall was willing to go home without an answer."

static void paragraphs_by_blank_lines(void **state)
{
    (void)state;
    assert_outline("a.txt", "A Vote in the Night\n\n" LONG_A "\n\n" LONG_B "\n",
                   "T A Vote in the Night\nP " LONG_A "\nP " LONG_B "\n");
    assert_outline("a.txt", "A Vote in the Night\r\n\r\n" LONG_A "\r\n\r\n" LONG_B,
                   "T A Vote in the Night\nP " LONG_A "\nP " LONG_B "\n");
}

static void paragraphs_one_a_line(void **state)
{
    (void)state;
    assert_outline("a.txt", "A Vote in the Night\n" LONG_A "\n" LONG_B "\n“No,” he said.\n",
                   "T A Vote in the Night\nP " LONG_A "\nP " LONG_B "\nP “No,” he said.\n");
    /* some followed by a blank line, some not */
    assert_outline("a.txt", "A Vote in the Night\n\n" LONG_A "\n" LONG_B "\n\n" LONG_A " " LONG_B "\n" LONG_B "\n",
                   "T A Vote in the Night\nP " LONG_A "\nP " LONG_B "\nP " LONG_A " " LONG_B "\nP " LONG_B "\n");
}

static void paragraphs_broken_at_a_column(void **state)
{
    (void)state;
    assert_outline(
        "a.txt",
        "A Vote in the Night\n\nThe council met on Tuesday for four hours\nand heard from thirty people before it\n"
        "came to the vote. Nobody slept. Then they\nwent home.\nA new paragraph begins here because the\nline above was "
        "short.\n\n"
        "What Was Said\n\nNot much, and not by many of those who had\ncome by boat and would go back by it.\n",
        "T A Vote in the Night\n"
        "P The council met on Tuesday for four hours and heard from thirty people before it came to the vote. Nobody slept. "
        "Then they went home.\nP A new paragraph begins here because the line above was short.\nH2 What Was Said\n"
        "P Not much, and not by many of those who had come by boat and would go back by it.\n");
    /* indented first lines, a hyphen at the line's end */
    assert_outline("a.txt",
                   "   The council met on Tuesday for a well-\nknown reason and heard from thirty people\nbefore it came to the "
                   "vote on the matter.\n"
                   "   Nobody in the hall had slept very much\nand nobody was willing to go home without\nan answer to it.\n",
                   "P The council met on Tuesday for a well-known reason and heard from thirty people before it came to the vote "
                   "on the matter.\n"
                   "P Nobody in the hall had slept very much and nobody was willing to go home without an answer to it.\n");
}

static void headings_by_their_shape(void **state)
{
    (void)state;
    assert_outline(
        "a.txt",
        "A Vote in the Night\n\n" LONG_A "\n\nWhat giving ferries would mean\n\n" LONG_B "\n\nA PRICE TO PAY\n\n" LONG_A
        "\n\nUnder the line\n---\n" LONG_B "\n\n2. The second part\n\n" LONG_A "\n\nWhy Now?\n\n" LONG_B "\n",
        "T A Vote in the Night\nP " LONG_A "\nH2 What giving ferries would mean\nP " LONG_B "\nH2 A PRICE TO PAY\nP " LONG_A
        "\nH2 Under the line\nP " LONG_B "\nH2 2. The second part\nP " LONG_A "\nP Why Now?\nP " LONG_B "\n");
}

static void what_is_no_heading(void **state)
{
    (void)state;
    static const char *const lines[] = {"“We have waited long enough for this”",
                                        "“Enough,” said Cole",
                                        "He said:",
                                        "and so it went on",
                                        "Mail desk@example.org",
                                        "— Edith Cole",
                                        "It was over.",
                                        "One, two,"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct buffer text = {0}, wanted = {0};
        buffer_format(&text, "A Vote in the Night\n\n" LONG_A "\n\n%s\n\n" LONG_B "\n", lines[i]);
        buffer_format(&wanted, "T A Vote in the Night\nP " LONG_A "\nP %s\nP " LONG_B "\n", lines[i]);
        bool quote = i == 1; /* a short quotation may open a heading: not asked here */
        if (!quote)
            assert_outline("a.txt", text.data, wanted.data);
        buffer_release(&text);
        buffer_release(&wanted);
    }
    /* the last line of an article, a list without bullets, an interview */
    assert_outline("a.txt", "A Vote in the Night\n\n" LONG_A "\n\n" LONG_B "\n\nReporting by Jan Berg\n",
                   "T A Vote in the Night\nP " LONG_A "\nP " LONG_B "\nP Reporting by Jan Berg\n");
    assert_outline("a.txt",
                   "A Vote in the Night\n\n" LONG_A "\n\nThe tasks are these:\n\nStop lying\nShow humility\n\n" LONG_B "\n",
                   "T A Vote in the Night\nP " LONG_A "\nP The tasks are these:\nP Stop lying\nP Show humility\nP " LONG_B "\n");
    assert_outline(
        "a.txt",
        "A Talk by the Sea\n\nCOLE: We go on\n\nBERG: Until when\n\nCOLE: " LONG_A "\n\nBERG: Well\n\nCOLE: " LONG_B "\n",
        "T A Talk by the Sea\nP COLE: We go on\nP BERG: Until when\nP COLE: " LONG_A "\nP BERG: Well\nP COLE: " LONG_B "\n");
}

static void levels_by_style(void **state)
{
    (void)state;
    assert_outline("a.txt",
                   "A Vote in the Night\n\nPART ONE\n\n" LONG_A "\n\nIn the Hall\n\n" LONG_B "\n\nPART TWO\n\n" LONG_A
                   "\n\nOn the Sea\n\n" LONG_B "\n",
                   "T A Vote in the Night\nH2 PART ONE\nP " LONG_A "\nH3 In the Hall\nP " LONG_B "\nH2 PART TWO\nP " LONG_A
                   "\nH3 On the Sea\nP " LONG_B "\n");
    assert_outline("a.txt", "A Vote in the Night\n\n1\n\n" LONG_A "\n\n2\n\n" LONG_B "\n",
                   "T A Vote in the Night\nH2 1\nP " LONG_A "\nH2 2\nP " LONG_B "\n");
}

static void lists(void **state)
{
    (void)state;
    assert_outline("a.txt",
                   LONG_A "\n\n  • First: hull\n  • Second: crew\n    ◦ deeper\n\n" LONG_B "\n\n1. One\n2. Two\n3) Three\n",
                   "P " LONG_A "\nI1 First: hull\nI1 Second: crew\nI2 deeper\nP " LONG_B
                   "\nI1.1 One\nI1.2 Two\nI1.3 Three\n- list number: 1.\n- list number: 2.\n- list number: 3)\n");
    assert_outline("a.txt", LONG_A "\n\n" LONG_A "\n\n12. " LONG_B "\n", "P " LONG_A "\nP " LONG_A "\nP 12. " LONG_B "\n");
}

static void debris_of_a_copied_page(void **state)
{
    (void)state;
    assert_outline(
        "a.txt",
        "Town Votes to Keep Its Last Ferry\n\n0\n32\nTown to keep its last ferry after vote\nThe ferry Aurora leaves the harbour "
        "in 'fine style'\n\n"
        "A Promise Kept\n\n" LONG_A "\n\nAdvertisement\n\n" LONG_B "\n\nRead more: Ten ferries to see\n\nThe Price\n\n" LONG_A
        "\n\nShare this article\nFacebook\nTwitter\n",
        "T Town Votes to Keep Its Last Ferry\nC The ferry Aurora leaves the harbour in 'fine style'\nH2 A Promise Kept\nP " LONG_A
        "\nP " LONG_B "\nH2 The Price\nP " LONG_A
        "\n- noise: 0\n- noise: 32\n- duplicate headline: Town to keep its last ferry after vote\n- noise: Advertisement\n"
        "- related links: Read more: Ten ferries to see\n- noise: Share this article\n- noise: Facebook\n- noise: Twitter\n");
    /* the same words where they are text */
    assert_outline("a.txt", "The House of My Mother\n\n" LONG_A "\n\nHome\n\n" LONG_B "\n\nShare.\n\n" LONG_A "\n",
                   "T The House of My Mother\nP " LONG_A "\nH2 Home\nP " LONG_B "\nP Share.\nP " LONG_A "\n");
}

static void captions(void **state)
{
    (void)state;
    assert_outline("a.txt",
                   "A Vote in the Night\n\n" LONG_A
                   "\n\nPhoto: Jan Berg/Getty Images\n\nThe boat at dawn (Jan Berg/AP Photo)\n\n" LONG_B "\n",
                   "T A Vote in the Night\nP " LONG_A "\nC The boat at dawn (Jan Berg/AP Photo)\nP " LONG_B
                   "\n- photo credit: Photo: Jan Berg/Getty Images\n");
}

static void bylines_and_dates(void **state)
{
    (void)state;
    static const char text[] = "A Vote in the Night\n\nBy Maria Lindqvist and Jan Berg, Staff Writers\n\n17 October "
                               "2025\n\nUpdated 10:30 AM EDT, October 18, "
                               "2025\n\n" LONG_A "\n\n" LONG_B "\n";
    assert_outline("a.txt", text,
                   "T A Vote in the Night\nB By Maria Lindqvist and Jan Berg, Staff Writers\nB 17 October 2025\nP " LONG_A
                   "\nP " LONG_B "\n- date line: Updated 10:30 AM EDT, October 18, 2025\n");
    struct article article;
    assert_int_equal(article_parse(&article, str_from(text), "a.txt", NULL, NULL), STATUS_OK);
    assert_str_equal(article.byline, "Maria Lindqvist and Jan Berg");
    assert_str_equal(article.published, "2025-10-17");
    assert_str_equal(article.title, "A Vote in the Night");
    assert_str_equal(article.language, "en");
    article_release(&article);
}

static void a_name_above_a_date_is_the_author(void **state)
{
    (void)state;
    assert_outline("a.txt",
                   "OPINION\n\nA Vote in the Night\n\nJane Doe\nPublished\n12 March 2024\n\n" LONG_A "\n\n" LONG_B
                   "\n\n© 2024 The Daily River\n",
                   "T A Vote in the Night\nB Jane Doe\nB 12 March 2024\nP " LONG_A "\nP " LONG_B
                   "\n- section label: OPINION\n- noise: Published\n- copyright notice: © 2024 The Daily River\n");
}

static void dates_of_all_orders(void **state)
{
    (void)state;
    static const struct {
        const char *text, *iso;
    } cases[] = {{"October 17, 2025", "2025-10-17"},
                 {"Fri 17 Oct 2025 12.00 BST", "2025-10-17"},
                 {"17th of October, 2025", "2025-10-17"},
                 {"2025-10-17T10:00:00Z", "2025-10-17"},
                 {"17. Oktober 2025", "2025-10-17"},
                 {"17 de octubre de 2025", "2025-10-17"},
                 {"le 1er août 2025", ""},
                 {"31 February 2025", ""},
                 {"October 2025", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char iso[11] = "";
        size_t start, end;
        date_find(str_from(cases[i].text), iso, &start, &end);
        assert_string_equal(iso, cases[i].iso);
    }
}

static void same_headline(void **state)
{
    (void)state;
    assert_true(shape_is_same_headline(STR("Town Votes to Keep Its Last Ferry"), STR("Town votes to keep last ferry")));
    assert_false(shape_is_same_headline(STR("Town Votes to Keep Its Last Ferry"), STR("The ferry Aurora leaves the harbour")));
    assert_false(shape_is_same_headline(STR("Why We Vote"), STR("Why We Do Not")));
}

static void refused_input(void **state)
{
    (void)state;
    assert_outline("a.txt", "", "status 3\n");
    assert_outline("a.txt", " \n\t\r\n", "status 3\n");
    assert_outline("a.txt", "“” \" \" — ...", "status 3\n");
    struct problem problem = {0};
    struct article article;
    struct article_options options = {.limit = 10};
    assert_int_equal(article_parse(&article, STR("more than ten bytes"), "a.txt", &options, &problem), STATUS_BAD_DATA);
    assert_int_equal(article_read(&article, "/nonexistent/a.txt", NULL, NULL), STATUS_NO_INPUT);
    assert_int_equal(article_read(&article, "/", NULL, NULL), STATUS_NO_INPUT);
    assert_null(article.blocks);
}

/* Ten times the text in at most a small multiple of ten times the work is tested by hand; here they only have to end soon. */
static void monsters(void **state)
{
    (void)state;
    static const struct {
        const char *path, *piece;
        size_t count;
    } cases[] = {{"a.txt", "The quick brown fox said so. ", 360000},
                 {"a.txt", "Heading Line Here\n\n", 1000000},
                 {"a.md", "# Heading Line\n\n", 1000000},
                 {"a.md", ">", 100000},
                 {"a.md", "- ", 100000},
                 {"a.txt", "> ", 100000},
                 {"a.md", "[", 100000},
                 {"a.md", "*a **a ", 100000},
                 {"a.txt", "\"", 1000000},
                 {"a.md", "![a", 100000},
                 {"a.md", "&lt;a ", 200000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer text = {0};
        for (size_t n = 0; n < TEST_ROUNDS(cases[i].count); n++)
            buffer_c_string(&text, cases[i].piece);
        buffer_c_string(&text, " the end of it\n");
        struct article article;
        assert_int_equal(article_parse(&article, buffer_view(&text), cases[i].path, NULL, NULL), STATUS_OK);
        assert_null(broken_promise(&article));
        article_release(&article);
        buffer_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paragraphs_by_blank_lines),
        cmocka_unit_test(paragraphs_one_a_line),
        cmocka_unit_test(paragraphs_broken_at_a_column),
        cmocka_unit_test(headings_by_their_shape),
        cmocka_unit_test(what_is_no_heading),
        cmocka_unit_test(levels_by_style),
        cmocka_unit_test(lists),
        cmocka_unit_test(debris_of_a_copied_page),
        cmocka_unit_test(captions),
        cmocka_unit_test(bylines_and_dates),
        cmocka_unit_test(a_name_above_a_date_is_the_author),
        cmocka_unit_test(dates_of_all_orders),
        cmocka_unit_test(same_headline),
        cmocka_unit_test(refused_input),
        cmocka_unit_test(monsters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
