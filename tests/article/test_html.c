#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "article/article.h"
#include "article/html_charset.h"
#include "article/html_clean.h"
#include "article/html_hints.h"
#include "article/html_phrases.h"
#include "base/buffer.h"

#define P1 "<p>The harbour at Veltmoor was quiet on Monday morning, and the boats stayed where they were, tied to the quay.</p>"
#define P2 "<p>Fishermen said that they would not go out before the weather changed, which nobody expected to happen soon.</p>"
#define P3 "<p>The mayor, Ines Calder, asked for patience and promised that the council would look at the old sea wall again.</p>"
#define P4 "<p>For the third winter in a row the pumps in the lower town have run day and night without any rest.</p>"
#define BODY P1 P2 P3 P4
#define BODY_MORE                                                                                                                \
    "<p>The winter before, one of the pumps had stopped for a night, and the lower town had woken up in the water of the "       \
    "sea.</p>"                                                                                                                   \
    "<p>Nobody was hurt, but the school stayed closed for a month, and the library lost all that stood on its lowest "           \
    "shelves.</p>"                                                                                                               \
    "<p>The old wall was raised by a hand afterwards, and the sea has not been seen in the streets of Veltmoor since that "      \
    "spring.</p>"
#define PAGE(inside) "<!doctype html><title>Quiet harbour</title><body><main><h1>Quiet harbour</h1>" inside "</main></body>"

static enum status parse(struct article *article, struct str page)
{
    struct problem problem = {0};
    enum status status = article_parse(article, page, "page.html", NULL, &problem);
    if (status == STATUS_OK)
        assert_int_equal(article_uncovered(article), SIZE_MAX);
    else
        assert_true(problem.text[0] != '\0');
    return status;
}

static struct article parsed(const char *page)
{
    struct article article;
    assert_int_equal(parse(&article, str_from(page)), STATUS_OK);
    return article;
}

static const struct block *find_block(const struct article *article, const char *start)
{
    for (size_t i = 0; i < article->n_blocks; i++)
        if (str_starts(article->blocks[i].text, str_from(start)))
            return &article->blocks[i];
    return NULL;
}

/* The reason why `words` are not spoken; NULL: no omission holds them. */
static const char *omitted(const struct article *article, const char *words)
{
    for (size_t i = 0; i < article->n_omissions; i++) {
        struct str text = str_sub(article->text, article->omissions[i].start, article->omissions[i].end);
        if (str_find(text, str_from(words), 0) != SIZE_MAX)
            return article->omissions[i].reason;
    }
    return NULL;
}

static bool warned(const struct article *article, const char *words)
{
    for (size_t i = 0; i < article->n_warnings; i++)
        if (str_find(article->warnings[i], str_from(words), 0) != SIZE_MAX)
            return true;
    return false;
}

#define assert_omitted(page, words, reason)                                                                                      \
    do {                                                                                                                         \
        struct article article_ = parsed(page);                                                                                  \
        const char *found_ = omitted(&article_, words);                                                                          \
        assert_non_null(found_);                                                                                                 \
        assert_string_equal(found_, reason);                                                                                     \
        assert_non_null(find_block(&article_, "For the third winter"));                                                          \
        article_release(&article_);                                                                                              \
    } while (0)

#define assert_spoken(page, words)                                                                                               \
    do {                                                                                                                         \
        struct article article_ = parsed(page);                                                                                  \
        assert_non_null(find_block(&article_, words));                                                                           \
        article_release(&article_);                                                                                              \
    } while (0)

/* ---- the body among the rest -------------------------------------------------------------------------------------- */

static void simple_page(void **state)
{
    (void)state;
    struct article article = parsed("<title>Quiet harbour | The Veltmoor Echo</title><nav><a href=/>Home</a></nav>"
                                    "<h1>Quiet harbour</h1>" P1 P2 "<footer>Written with care</footer>");
    assert_str_equal(article.title, "Quiet harbour");
    assert_int_equal(article.format, ARTICLE_HTML);
    assert_int_equal(article.n_blocks, 3);
    assert_int_equal(article.blocks[0].kind, BLOCK_TITLE);
    assert_int_equal(article.blocks[1].kind, BLOCK_PARAGRAPH);
    assert_int_equal(article.n_omissions, 2);
    assert_string_equal(article.omissions[0].reason, "navigation");
    assert_string_equal(article.omissions[1].reason, "page footer");
    article_release(&article);
}

static void regions_by_name(void **state)
{
    (void)state;
    assert_omitted(PAGE(P1 P2 "<div class='share-bar'>Pass it on</div>" P3 P4), "Pass it on", "share buttons");
    assert_omitted(PAGE(BODY "<div id=comments><p>I was there too, and it was not quiet at all!</p></div>"), "I was there",
                   "comments");
    assert_omitted(PAGE(P1 "<div class=newsletterBox><p>Our letter comes every week.</p></div>" P2 P3 P4), "Our letter",
                   "newsletter");
    assert_omitted(PAGE(P1 "<aside><p>Veltmoor has 4,000 people.</p></aside>" P2 P3 P4), "4,000", "sidebar");
    assert_omitted(PAGE(P1 "<div class=ad-slot>Buy boats</div>" P2 P3 P4), "Buy boats", "advert");
    assert_omitted(PAGE(P1 P2 P3 P4 "<div class=author-bio>Jo Penn writes about the sea.</div>"), "Jo Penn", "about the author");
    assert_omitted(PAGE(P1 P2 P3 P4 "<div class='post__tags'>Harbours Winter</div>"), "Harbours", "topics");
    assert_omitted(PAGE(P1 "<div class='related-stories'><p>The sea wall that nobody wants to pay for.</p></div>" P2 P3 P4),
                   "sea wall that", "related links");
    assert_omitted(
        "<title>Quiet harbour</title><div id=cookie-notice><p>We put cookies on your machine, as everybody does.</p></div>"
        "<h1>Quiet harbour</h1><div>" BODY "</div>",
        "cookies", "cookie notice");
    assert_omitted(PAGE(P1 P2 P3 P4 "<nav>Next page</nav>"), "Next page", "navigation");
}

static void regions_by_role(void **state)
{
    (void)state;
    assert_omitted(PAGE(P1 P2 "<div role=complementary><p>Our weather desk is open all day for you.</p></div>" P3 P4),
                   "Our weather", "sidebar");
    assert_omitted(PAGE(P1 P2 "<div role=navigation><p>To the next harbour of the coast, please.</p></div>" P3 P4), "To the next",
                   "navigation");
    assert_omitted(PAGE(P1 P2 P3 P4 "<address><p>Cy Do writes about the coast.</p></address>"), "Cy Do", "about the author");
    assert_spoken(PAGE(P1 P2 "<div role=presentation><p>Our weather desk is open all day for you.</p></div>" P3 P4),
                  "Our weather");
}

/* What such names are given to is left out above the text only: further down they mark subheadings. */
static void a_summary_above_the_text(void **state)
{
    (void)state;
    assert_omitted(PAGE("<p class=standfirst>A quiet winter at the coast.</p>" BODY), "A quiet winter", "summary");
    assert_spoken(PAGE(P1 P2 P3 "<p class=standfirst>A quiet winter at the coast.</p>" P4), "A quiet winter");
}

static void names_that_mislead(void **state)
{
    (void)state;
    assert_spoken("<title>Quiet harbour</title><div class='has-sidebar no-comments'><h1>Quiet harbour</h1>" BODY "</div>",
                  "The harbour");
    assert_spoken("<title>Quiet harbour</title><div class='related share comments'><h1>Quiet harbour</h1>" BODY "</div>",
                  "The harbour");
    assert_spoken("<title>Quiet harbour</title><h1>Quiet harbour</h1><div class='widget sidebar'>" BODY "</div>", "The harbour");
    assert_spoken("<title>Quiet harbour</title><form id=aspnetForm><h1>Quiet harbour</h1>" BODY "</form>", "The harbour");
    assert_true(hints_of_names(STR("post__related-articles")) & HINT_RELATED);
    assert_true(hints_of_names(STR("articleBody")) & HINT_BODY);
    assert_true(hints_of_names(STR("read-more")) & HINT_RELATED);
    assert_true(hints_of_names(STR("hst-resgallery")) & HINT_GALLERY);
    assert_false(hints_of_names(STR("has-sidebar non-ad-column pull-right alignnone")) &
                 (HINT_SIDEBAR | HINT_AD | HINT_PULL | HINT_HIDDEN));
    assert_int_equal(hints_of_names(STR("")), 0);
    assert_true(hints_of_names(STR("photo")) & HINT_IMAGE); /* the table's last line: all were read */
}

static void links_and_teasers(void **state)
{
    (void)state;
    assert_omitted(PAGE(P1 P2 "<ul><li><a href=a>Sea wall</a><li><a href=b>Pumps</a></ul>" P3 P4), "Sea wall", "related links");
    assert_omitted(PAGE(P1 P2 "<p><a href=a>Sea wall falls in again</a></p>" P3 P4), "falls in", "related links");
    assert_spoken(
        PAGE(P1 P2 "<p>It is <a href=a>all about the wall, they say in the lower town</a>, and about the pumps.</p>" P3 P4),
        "It is all about");
#define CARD(text)                                                                                                               \
    "<div class=card><a href=x><h3>" text " in the lower town</h3></a><p>A short text that says what it is about.</p></div>"
    assert_omitted(PAGE(BODY "<div>" CARD("Floods") CARD("Wind") CARD("Rain") "</div>"), "Floods", "related links");
    assert_spoken(PAGE(BODY "<div>" CARD("Floods") "</div>"), "Floods"); /* one alone may be a section */
}

static void phrases(void **state)
{
    (void)state;
    assert_string_equal(phrase_reason(STR("  ADVERTISEMENT: "), PHRASE_WHOLE), "advert");
    assert_null(phrase_reason(STR("Advertisement for himself"), PHRASE_WHOLE));
    assert_string_equal(phrase_reason(STR("READ MORE: The wall"), PHRASE_SURE), "related links");
    assert_string_equal(phrase_reason(STR("DON\xE2\x80\x99T MISS The wall"), PHRASE_START), "related links");
    assert_null(phrase_reason(STR("Readmore"), PHRASE_SURE));
    assert_null(phrase_reason(STR(""), PHRASE_WHOLE));
    assert_non_null(phrase_reason(STR("Lea tambi\xC3\xA9n: El muro"), PHRASE_SURE));
    assert_omitted(PAGE(P1 "<p>Read more: The wall</p>" P2 P3 P4), "The wall", "related links");
    assert_spoken(PAGE(P1 "<p>Related to this is the question who is to pay for the new sea wall.</p>" P2 P3 P4),
                  "Related to this");
    assert_omitted(PAGE(P1 "<p>Related: who pays</p>" P2 P3 P4), "who pays", "related links");
    assert_true(phrase_same_letters(STR("Quiet, harbour!"), STR("QUIET HARBOUR")));
    assert_false(phrase_same_letters(STR("Quiet harbour"), STR("Quiet harbours")));
    assert_false(phrase_same_letters(STR("--"), STR("")));
}

static void headings_that_end_the_article(void **state)
{
    (void)state;
    assert_omitted(
        PAGE(BODY "<h2>Related stories</h2><p>The sea wall that nobody wants to pay for, though they all need it.</p>"),
        "nobody wants", "related links");
    assert_omitted(PAGE(BODY "<h3>Comments</h3><p>Anna: I was there too, and it was not quiet at all, not for a minute!</p>"),
                   "Anna", "comments");
    assert_spoken(PAGE(P1 "<h2>More from the mayor</h2>" P2 P3 P4), "Fishermen"); /* most of the article follows */
    struct article article = parsed(PAGE(P1 "<h2>A heading</h2>" P2 P3 P4 "<h2>Empty one</h2>"));
    assert_non_null(find_block(&article, "A heading"));
    assert_string_equal(omitted(&article, "Empty one"), "empty heading");
    article_release(&article);
}

static void repetitions(void **state)
{
    (void)state;
    assert_omitted(PAGE(P1 P1 P2 P3 P4), "The harbour at Veltmoor", "duplicate");
    assert_omitted(PAGE(P1 P2 "<blockquote><p>the council would look at the old sea wall</p></blockquote>" P3 P4),
                   "the council would look", "duplicate");
    assert_omitted(PAGE(P1 P2 "<div class=pull-quote>“they would not go out before the weather changed”</div>" P3 P4),
                   "“they would", "duplicate");
    assert_spoken(PAGE(P1 P2 "<blockquote><p>We have been here for three hundred years.</p></blockquote>" P3 P4), "We have been");
    assert_omitted(PAGE(P1 P2 "<h2>Quiet harbour</h2>" P3 P4), "Quiet harbour", "duplicate headline");
}

#define OTHERS                                                                                                                   \
    "<p>Those who live there have always said so, and they will say so again when the council meets in the spring of next "      \
    "year.</p>"                                                                                                                  \
    "<p>There is a plan, there is no money, and there are as many opinions about both as there are people in the place.</p>"     \
    "<p>The papers for it lie in a drawer of the town hall, where they have been since the last election but one, "              \
    "untouched.</p>"

static void body_in_several_elements(void **state)
{
    (void)state;
    struct article article = parsed(PAGE("<div class=chunk>" P1 P2 "</div><div class=ad>Buy boats</div><div class=chunk>" P3
                                         "</div><div class=chunk>" P4 "</div>"));
    assert_non_null(find_block(&article, "The harbour"));
    assert_non_null(find_block(&article, "The mayor"));
    assert_non_null(find_block(&article, "For the third"));
    article_release(&article);
    /* a page cut by adverts has its text in several elements of one telling name */
    article =
        parsed("<title>Quiet harbour</title><body><h1>Quiet harbour</h1><div><div class=article-body>" BODY BODY_MORE
               "</div><div class=ad>Buy boats</div><div><div class=article-body>"
               "<p>The last word was the mayor's, who had not been asked for it, and gave it freely, to everyone who was still "
               "there to hear it.</p><p>Then the council went home, in boats.</p><p>It meets again in a fortnight, in the hall "
               "of the upper "
               "town, which is dry in every weather.</p></div></div></div>");
    assert_non_null(find_block(&article, "The winter before"));
    assert_non_null(find_block(&article, "The last word"));
    assert_null(find_block(&article, "Buy boats"));
    article_release(&article);
    /* several articles in one page: the one under the headline */
    article =
        parsed("<title>Quiet harbour</title><article><h1>Quiet harbour</h1>" BODY BODY "</article><article><h1>Another day</h1>"
               "<p>Something else went on in another town, and many people came to see it for themselves.</p>"
               "<p>They said that it was well worth the way, and that they would come again next year.</p></article>");
    assert_non_null(find_block(&article, "The harbour"));
    assert_null(find_block(&article, "Something else"));
    article_release(&article);
    /* though others on the page are as long */
    article =
        parsed("<title>Quiet harbour</title><body><article><p>Another town has lost its only bridge in the storm, and nobody "
               "knows when there will be another one.</p>" OTHERS "</article><article><h1>Quiet harbour</h1>" BODY BODY_MORE
               "</article><article><p>A third town wants to be a city, and has asked for it.</p>" OTHERS "</article>");
    assert_non_null(find_block(&article, "The harbour"));
    assert_null(find_block(&article, "Another town"));
    assert_null(find_block(&article, "A third town"));
    article_release(&article);
}

static void line_breaks_as_paragraphs(void **state)
{
    (void)state;
    struct article article =
        parsed("<title>Quiet harbour</title><h1>Quiet harbour</h1><div>The harbour was quiet on Monday, and the boats "
               "stayed in.<br><br>Fishermen said that they would not go out, not<br>before the weather changed.</div>");
    assert_int_equal(article.n_blocks, 3);
    assert_str_equal(article.blocks[2].text, "Fishermen said that they would not go out, not before the weather changed.");
    article_release(&article);
}

static void out_of_sight(void **state)
{
    (void)state;
    struct article article =
        parsed(PAGE(P1 "<p hidden>Nobody sees this.</p><p style='color:red; Display : none'>Nor this.</p>"
                       "<div aria-hidden=true>Nor that.</div><script>var x = 'secret words';</script><style>p{}</style>"
                       "<p>Stay <span class=sr-only>unheard</span> here, said the old man at the quay to his dog.</p>" P2 P3));
    assert_int_equal(str_find(article.text, STR("Nobody"), 0), SIZE_MAX);
    assert_int_equal(str_find(article.text, STR("Nor t"), 0), SIZE_MAX);
    assert_int_equal(str_find(article.text, STR("secret"), 0), SIZE_MAX);
    assert_non_null(find_block(&article, "Stay here, said"));
    article_release(&article);
    /* unless there is nothing else: pages that a script shows */
    assert_spoken("<title>Quiet harbour</title><div style='display:none'><h1>Quiet harbour</h1>" BODY "</div>", "The harbour");
}

static void body_only_in_json(void **state)
{
    (void)state;
    struct article article = parsed(
        "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Quiet harbour\",\"articleBody\":\""
        "The harbour at Veltmoor was quiet on Monday morning &amp; the boats stayed where they were, tied to the quay.\\n\\n"
        "Fishermen said that they would not go out before the weather changed, which nobody expected to happen soon. "
        "The mayor asked for patience and promised that the council would look at the old sea wall again.\"}</script>"
        "<div id=root></div>");
    assert_str_equal(article.title, "Quiet harbour");
    assert_int_equal(article.n_blocks, 3);
    assert_non_null(find_block(&article, "The harbour at Veltmoor was quiet on Monday morning & the boats"));
    article_release(&article);
}

static void paywall_stub(void **state)
{
    (void)state;
    struct article article = parsed(PAGE(P1 "<p>To continue reading, subscribe now.</p>"));
    assert_true(warned(&article, "paywall"));
    assert_string_equal(omitted(&article, "To continue"), "paywall notice");
    article_release(&article);
    article = parsed(
        "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":\"False\"}</script>" PAGE(P1 P2));
    assert_true(warned(&article, "paywall"));
    article_release(&article);
    article = parsed(PAGE(BODY));
    assert_int_equal(article.n_warnings, 0);
    article_release(&article);
}

static void pages_by_their_first_words(void **state)
{
    (void)state;
    static const char *const STARTS[] = {"<!doctype html>", " <HTML>", "<?xml version='1.0'?>\n<html>", "<!-- saved -->\n<head>"};
    for (size_t i = 0; i < sizeof STARTS / sizeof *STARTS; i++) {
        struct buffer page = {0};
        buffer_c_string(&page, STARTS[i]);
        buffer_c_string(&page, "<title>Quiet harbour</title>" BODY);
        struct article article;
        assert_int_equal(article_parse(&article, buffer_view(&page), "-", NULL, NULL), STATUS_OK);
        assert_int_equal(article.format, ARTICLE_HTML);
        article_release(&article);
        buffer_release(&page);
    }
}

static void no_article(void **state)
{
    (void)state;
    struct article article;
    assert_int_equal(parse(&article, STR("<html><body></body></html>")), STATUS_BAD_DATA);
    assert_int_equal(parse(&article, STR("<html><script>1</script><title>Only a title</title>")), STATUS_BAD_DATA);
    assert_int_equal(parse(&article, STR("<")), STATUS_BAD_DATA);
    assert_int_equal(parse(&article, STR("")), STATUS_BAD_DATA);
}

/* ---- blocks ------------------------------------------------------------------------------------------------------- */

static void heading_levels(void **state)
{
    (void)state;
    struct article article =
        parsed(PAGE(P1 "<h3>Pumps</h3>" P2 "<h5>Old pumps</h5>" P3 "<p><b>A heading by its looks</b></p>" P4));
    assert_int_equal(find_block(&article, "Pumps")->kind, BLOCK_HEADING);
    assert_int_equal(find_block(&article, "Pumps")->level, 2);
    assert_int_equal(find_block(&article, "Old pumps")->level, 4);
    assert_int_equal(find_block(&article, "A heading by")->kind, BLOCK_HEADING);
    article_release(&article);
    article = parsed(PAGE(P1 "<p><b>WALLACE:</b> When does it start?</p><p><strong>It is over.</strong></p>" P2 P3 P4));
    assert_int_equal(find_block(&article, "WALLACE")->kind, BLOCK_PARAGRAPH);
    assert_int_equal(find_block(&article, "It is over")->kind, BLOCK_PARAGRAPH);
    article_release(&article);
}

static void lists(void **state)
{
    (void)state;
    struct article article = parsed(
        PAGE(P1 P2 "<ol start=3><li>Mend the wall.<li><p>Buy pumps.</p><p>New ones.</p><ul><li>Big ones.</ul></ol>" P3 P4));
    const struct block *first = find_block(&article, "Mend"), *second = find_block(&article, "Buy"),
                       *deep = find_block(&article, "Big");
    assert_int_equal(first->kind, BLOCK_ITEM);
    assert_int_equal(first->ordinal, 3);
    assert_int_equal(first->level, 1);
    assert_int_equal(second->ordinal, 4);
    assert_int_equal(find_block(&article, "New ones")->kind, BLOCK_PARAGRAPH);
    assert_int_equal(deep->kind, BLOCK_ITEM);
    assert_int_equal(deep->level, 2);
    assert_int_equal(deep->ordinal, 0);
    article_release(&article);
}

static void quotes_and_posts(void **state)
{
    (void)state;
    struct article article =
        parsed(PAGE(P1 P2 "<blockquote><p>We have been here for three hundred years.</p></blockquote>"
                          "<blockquote class=twitter-tweet><p>No boats today. Stay safe.</p>&mdash; Veltmoor Port (@veltport) "
                          "<a href=x>November 18, 2019</a></blockquote>" P3 P4));
    assert_true(find_block(&article, "We have been")->quoted);
    assert_false(find_block(&article, "We have been")->post);
    assert_true(find_block(&article, "No boats today")->post);
    assert_int_equal(find_block(&article, "— Veltmoor")->kind, BLOCK_CAPTION);
    assert_false(find_block(&article, "The mayor")->quoted);
    article_release(&article);
}

static void captions(void **state)
{
    (void)state;
    struct article article =
        parsed(PAGE(P1 "<figure><img src=a><figcaption>The quay in winter.</figcaption></figure>" P2
                       "<div class=wp-caption><img src=b><p class=wp-caption-text>The wall.</p></div>" P3 P4));
    assert_int_equal(find_block(&article, "The quay")->kind, BLOCK_CAPTION);
    assert_int_equal(find_block(&article, "The wall")->kind, BLOCK_CAPTION);
    article_release(&article);
    article = parsed(PAGE(P1 P2 "<div class=photo><img src=c><p>Two boats at the quay.</p></div>" P3
                                "<div class=photo><p>Nothing to see here but the text.</p></div>" P4));
    assert_int_equal(find_block(&article, "Two boats")->kind, BLOCK_CAPTION);
    assert_int_equal(find_block(&article, "Nothing to see")->kind, BLOCK_PARAGRAPH);
    article_release(&article);
}

static void tables_and_code(void **state)
{
    (void)state;
    assert_omitted(PAGE(P1 P2 "<table><tr><td>Tide<td>3.4 m</table>" P3 P4), "3.4 m", "table");
    assert_omitted(PAGE(P1 P2 "<pre>pump --start all</pre>" P3 P4), "pump --start", "code");
    assert_spoken("<title>Quiet harbour</title><table><tr><td>Menu<td><h1>Quiet harbour</h1>" BODY "</table>", "The harbour");
}

static void spans_and_marks(void **state)
{
    (void)state;
    struct article article = parsed(PAGE(
        "<p>It is <em>very <b>cold</b></em> at <a href=x>the quay</a>, they say<sup><a href='#n1'>1</a></sup>, in winter.</p>" P1
            P2 P3 P4));
    const struct block *block = find_block(&article, "It is very");
    assert_str_equal(block->text, "It is very cold at the quay, they say, in winter.");
    assert_int_equal(block->n_spans, 3);
    assert_int_equal(block->spans[0].kind, SPAN_EMPHASIS);
    assert_str_equal(str_sub(block->text, block->spans[0].start, block->spans[0].end), "very cold");
    assert_int_equal(block->spans[1].kind, SPAN_STRONG);
    assert_int_equal(block->spans[2].kind, SPAN_LINK);
    assert_str_equal(str_sub(block->text, block->spans[2].start, block->spans[2].end), "the quay");
    assert_string_equal(omitted(&article, "1"), "footnote mark");
    article_release(&article);
    article = parsed(PAGE(P1 "<h2>The wall<span class=mw-editsection>[<a href=x>edit</a>]</span></h2>" P2 P3 P4));
    assert_str_equal(find_block(&article, "The wall")->text, "The wall");
    assert_string_equal(omitted(&article, "edit"), "page controls");
    article_release(&article);
    article = parsed(PAGE(P1 "<p>They type <code>pump</code> or press <kbd>P</kbd>, and it says <samp>on</samp>.</p>" P2 P3 P4));
    block = find_block(&article, "They type pump or press P, and it says on.");
    assert_int_equal(block->n_spans, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(block->spans[i].kind, SPAN_CODE);
    article_release(&article);
}

/* ---- metadata ----------------------------------------------------------------------------------------------------- */

#define WITH_HEAD(head) "<html lang=en><head>" head "</head><body><main>" BODY "</main></body></html>"

static void check_meta(const char *page, const char *title, const char *byline, const char *published)
{
    struct article article = parsed(page);
    assert_str_equal(article.title, title);
    assert_str_equal(article.byline, byline);
    assert_str_equal(article.published, published);
    article_release(&article);
}

static void metadata_precedence(void **state)
{
    (void)state;
#define LD(json) "<script type=application/ld+json>" json "</script>"
    check_meta(
        WITH_HEAD(LD(
            "{\"@type\":\"NewsArticle\",\"headline\":\"In JSON\",\"author\":[{\"name\":\"Ana Lu\"},{\"name\":\"Bo Re\"},"
            "{\"name\":\"Ana Lu\"}],\"datePublished\":\"2024-02-03T23:59:00-05:00\"}") "<meta property=og:title content='In "
                                                                                       "graph'><meta name=author content='Cy Do'>"
                                                                                       "<meta property=article:published_time "
                                                                                       "content=2020-01-01><title>In "
                                                                                       "title</title>"),
        "In JSON", "Ana Lu and Bo Re", "2024-02-03");
    check_meta(
        WITH_HEAD(
            "<title>In title</title><meta property=og:title content='In graph &amp; more'><meta name=author content='By Cy Do'>"
            "<meta name=date content='Mon, 18 Nov 2019 10:00:00 GMT'>"),
        "In graph & more", "Cy Do", "2019-11-18");
    check_meta(WITH_HEAD("<title>In title</title><time datetime=20191118></time>"), "In title", "", "2019-11-18");
    check_meta(WITH_HEAD("<title>In title</title><link rel=canonical href=https://x.example/2018/07/09/harbour>"
                         "<meta name=author content=https://facebook.example/cy>"),
               "In title", "", "2018-07-09");
    check_meta(WITH_HEAD("<title>T</title>" LD(
                   "{\"@graph\":[{\"@type\":\"Person\",\"@id\":\"#a\",\"name\":\"Di Ed\"},{\"@type\":\"WebPage\","
                   "\"name\":\"Page\"},{\"@type\":[\"Article\"],\"headline\":\"Graph\",\"author\":{\"@id\":\"#a\"}}]}")),
               "Graph", "Di Ed", "");
    check_meta(WITH_HEAD("<title>Real</title>" LD("{\"@type\":\"NewsArticle\",\"headline\":") LD("[[[")
                             LD("//<![CDATA[\n{\"@type\":"
                                "\"BlogPosting\",\"headline\":\"A\nB\"};\n//]]>")),
               "A B", "", "");
    check_meta(WITH_HEAD("<meta name=date content='99/99/9999'><meta name=author content='  '>"), "", "", "");
}

static void metadata_in_the_text(void **state)
{
    (void)state;
    check_meta("<html lang=en><body><article itemscope><h2 itemprop=headline>Quiet harbour</h2><p itemprop=author>By <span "
               "itemprop=name>Cy Do</span>, our reporter</p><time itemprop=datePublished datetime=2021-04-05>yesterday</time>"
               "<div itemprop=articleBody>" BODY "</div></article>",
               "Quiet harbour", "Cy Do", "2021-04-05");
    check_meta("<html lang=en><body><meta itemprop=headline content='In a word'><meta itemprop=author content='Ana Lu'><meta "
               "itemprop=datePublished content=2021-04-06><main>" BODY "</main>",
               "In a word", "Ana Lu", "2021-04-06");
    check_meta("<html lang=en><title>T</title><body><p>From <a rel='nofollow author' href=x>Di Ed</a></p><main>" BODY "</main>",
               "T", "Di Ed", "");
    check_meta(WITH_HEAD("<title>T</title><meta name=author content='By: Cy Do | The Echo'>"), "T", "Cy Do", "");
    check_meta(WITH_HEAD("<title>The Echo - Quiet harbour</title><meta property=og:site_name content='@The Echo'>"),
               "Quiet harbour", "", "");
    struct article article =
        parsed("<body><meta itemprop=inLanguage content=en-ZA><link rel=image_src href=https://x.example/b.jpg><meta "
               "property=og:site_name content=https://x.example/>" PAGE(BODY));
    assert_str_equal(article.language, "en-ZA");
    assert_str_equal(article.cover, "https://x.example/b.jpg");
    assert_str_equal(article.site, "");
    article_release(&article);
    article = parsed(WITH_HEAD(LD("{\"@type\":\"Report\",\"headline\":\"In JSON\",\"author\":\"Bo Re\",\"image\":["
                                  "\"https://x.example/c.jpg\",\"https://x.example/d.jpg\"]}")));
    assert_str_equal(article.title, "In JSON");
    assert_str_equal(article.byline, "Bo Re");
    assert_str_equal(article.cover, "https://x.example/c.jpg");
    article_release(&article);
}

static void titles_without_site(void **state)
{
    (void)state;
    check_meta(WITH_HEAD("<title>Quiet harbour - The Echo</title><meta property=og:site_name content='The Echo'>"),
               "Quiet harbour", "", "");
    check_meta(
        WITH_HEAD("<title>The Echo: news | Quiet harbour | Sea | The Echo</title><meta property=og:site_name content='The Echo'>"
                  "<meta property=og:title content='Quiet harbour | The Echo'>"),
        "Quiet harbour", "", "");
    check_meta(WITH_HEAD("<title>War - and peace</title>"), "War - and peace", "", "");
    check_meta(WITH_HEAD("<script type='application/ld+json'>{\"@type\":\"Article\",\"headline\":\"Quiet har...\"}</script>"
                         "<meta property=og:title content='Quiet harbour in winter'>"),
               "Quiet harbour in winter", "", "");
}

static void other_metadata(void **state)
{
    (void)state;
    struct article article =
        parsed("<html lang=en><meta property=og:locale content=en_gb><meta property=og:image content=https://x.example/a.jpg>"
               "<link rel='x canonical' href=https://x.example/a><meta property=og:site_name content='The Echo'>" PAGE(BODY));
    assert_str_equal(article.language, "en-GB");
    assert_str_equal(article.cover, "https://x.example/a.jpg");
    assert_str_equal(article.url, "https://x.example/a");
    assert_str_equal(article.site, "The Echo");
    article_release(&article);
    article = parsed("<html lang='zh-hant-tw'>" PAGE(BODY));
    assert_str_equal(article.language, "zh-Hant-TW");
    article_release(&article);
    article = parsed(PAGE(BODY)); /* says nothing: by its words */
    assert_str_equal(article.language, "en");
    article_release(&article);
    check_meta(WITH_HEAD("<title>T</title><meta name=author content='Jo Penn Monday, November 18, 2019'>"), "T", "Jo Penn", "");
    /* the headline that is shown wins over a like one in the metadata */
    article = parsed("<title>Harbour quiet at Veltmoor this week</title><h1>Harbour of Veltmoor quiet this week</h1>" BODY);
    assert_str_equal(article.title, "Harbour of Veltmoor quiet this week");
    article_release(&article);
}

/* ---- charsets ----------------------------------------------------------------------------------------------------- */

static void declared_charsets(void **state)
{
    (void)state;
    assert_str_equal(html_declared_charset(STR("<meta charset=\"Shift_JIS\">")), "cp932");
    assert_str_equal(html_declared_charset(STR("<META HTTP-EQUIV=content-type CONTENT='text/html; charset = iso-8859-1'>")),
                     "windows-1252");
    assert_str_equal(html_declared_charset(STR("<?xml version='1.0' encoding='koi8-r'?><html>")), "koi8-r");
    assert_str_equal(html_declared_charset(STR("<!-- <meta charset=x> --><p charset=y><meta name=z><meta charset=utf-16>")),
                     "utf-8");
    assert_str_equal(html_declared_charset(STR("<meta charset=iso-8859-9>")), "windows-1254");
    assert_str_equal(html_declared_charset(STR("<meta charset=tis-620>")), "windows-874");
    assert_str_equal(html_declared_charset(STR("<meta charset=GB2312>")), "gb18030");
    assert_str_equal(html_declared_charset(STR("<meta charset=euc-kr>")), "cp949");
    assert_str_equal(html_declared_charset(STR("<meta charset")), "");
    assert_str_equal(html_declared_charset(STR("")), "");
}

static void page_charsets(void **state)
{
    (void)state;
    struct article article = parsed("\xEF\xBB\xBF" PAGE(P1 "<p>Caf\xC3\xA9 &eacute;&#8217;s at the quay.</p>" P2 P3));
    assert_non_null(find_block(&article, "Café é’s"));
    article_release(&article);
    article = parsed("<meta charset=windows-1252>" PAGE(P1 "<p>Caf\xE9 \x93quoted\x94 at the quay.</p>" P2 P3));
    assert_non_null(find_block(&article, "Café “quoted”"));
    article_release(&article);
    article = parsed("<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>" PAGE(
        P1 "<p>\xCF\xF0\xE8\xE2\xE5\xF2 \xE8\xE7 "
           "\xE3\xE0\xE2\xE0\xED\xE8.</p>" P2 P3));
    assert_non_null(find_block(&article, "Привет из гавани."));
    article_release(&article);
}

/* ---- broken and hostile pages ------------------------------------------------------------------------------------- */

static struct str cleaned(struct html_clean *clean, const char *page)
{
    assert_true(html_clean(clean, str_from(page)));
    return buffer_view(&clean->out);
}

static void repeat(struct buffer *page, const char *piece, size_t times)
{
    for (size_t i = 0; i < times; i++)
        buffer_c_string(page, piece);
}

static void cleaning(void **state)
{
    (void)state;
    static const char *const CASES[][2] = {
        {"<p class=a onclick='x'>b</p>", "<p class=\"a\">b</p>"},
        {"<P CLASS='a\"b'>c", "<p class='a\"b'>c"},
        {"a<!-- b --!> c -->d", "ad"},
        {"a<!-- b", "a"},
        {"a<!-->b<!--->c", "abc"},
        {"<p hidden style='display:none'>a", "<p hidden=\"\">a"},
        {"<p class='\"a' id=\"b'\">c", "<p class='\"a' id=\"b'\">c"},
        {"<script>if (a<b) '</p>'</SCRIPT >x", " x"},
        {"<style>never closed", " "},
        {"<svg><path/></svg>x", " x"},
        {"1 < 2 <3", "1 &lt; 2 &lt;3"},
        {"<a href=\"x>y</a>", "<a href=\"x\">y</a>"},
        {"<p class=x class=y id>z", "<p class=\"x\" id=\"\">z"},
        {"<p/>a<br/>b", "<p>a<br>b"},
        {"<title>a<b>c</title>d", "<title>a<b>c</title>d"},
        {"x<p", "x"},
        {"<p style='Visibility: hidden'>", "<p hidden>"},
        {"<font color=red>a</font><b class=x>b</b>", "a<b>b</b>"},
        {"</>x</p ><!doctype html>", "x</p><!doctype html>"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct html_clean clean;
        assert_str_equal(cleaned(&clean, CASES[i][0]), CASES[i][1]);
        html_clean_release(&clean);
    }
    /* a value of any length is cut where no letter and no character reference is torn */
    struct buffer page = {0};
    struct html_clean clean;
    buffer_c_string(&page, "<p title=x class='");
    repeat(&page, "é", 1023);
    buffer_c_string(&page, "&amp;more'>");
    assert_true(html_clean(&clean, buffer_view(&page)));
    struct str found = buffer_view(&clean.out);
    assert_true(str_ends(found, STR("éé\">")));
    assert_int_equal(found.len, strlen("<p class=\"\">") + 2 * 1023);
    html_clean_release(&clean);
    buffer_release(&page);
    struct html_clean zero = {0};
    html_clean_release(&zero);
    html_clean_release(NULL);
}

static void missing_end_tags(void **state)
{
    (void)state;
    struct article article = parsed(
        "<title>Quiet harbour<h1>Quiet harbour</h2><div><p>The harbour at Veltmoor was quiet on Monday morning.<p>Fishermen "
        "<b>said <i>that</b> they would not</i> go out before the weather changed.<ul><li>Pumps.<li>Walls.<table><p>The end of "
        "it all, they said");
    assert_non_null(find_block(&article, "The harbour"));
    assert_non_null(find_block(&article, "Fishermen said that they would not go out"));
    article_release(&article);
}

static void hostile_pages(void **state)
{
    (void)state;
    static const char *const PIECES[] = {"<div>",
                                         "<b>",
                                         "<span>x",
                                         "<table><tr><td>",
                                         "<blockquote>",
                                         "<ul><li>",
                                         "<b><div></b>",
                                         "<a href=x>",
                                         "<a href=\"x>",
                                         "<!--",
                                         "<iframe>",
                                         "<svg>",
                                         "<title>",
                                         "<select>",
                                         "<form>",
                                         "<h2>",
                                         "</div>",
                                         "<p>x",
                                         "<p class=x",
                                         "<button>",
                                         "<div><table><td></div>",
                                         "<",
                                         "&",
                                         "<dl><dt>x",
                                         "<h1>Quiet harbour</h1>",
                                         "<script type=application/ld+json>[",
                                         "<object><p>",
                                         "<sup><a href=#x>1</a>"};
    for (size_t i = 0; i < sizeof PIECES / sizeof *PIECES; i++)
        for (int after = 0; after < 2; after++) {
            struct buffer page = {0};
            if (after)
                buffer_c_string(&page, PAGE(BODY));
            repeat(&page, PIECES[i], i == 0 ? 100000 : 20000);
            if (!after)
                buffer_c_string(&page, PAGE(BODY));
            struct article article;
            enum status status = parse(&article, buffer_view(&page));
            assert_true(status == STATUS_OK || status == STATUS_BAD_DATA);
            if (after)
                assert_int_equal(status, STATUS_OK);
            article_release(&article);
            buffer_release(&page);
        }
}

static void deep_nesting_is_said(void **state)
{
    (void)state;
    struct buffer page = {0};
    buffer_c_string(&page, PAGE(BODY));
    repeat(&page, "<div>", 100000);
    buffer_c_string(&page, "deep down");
    repeat(&page, "</div>", 100000);
    struct article article;
    assert_int_equal(parse(&article, buffer_view(&page)), STATUS_OK);
    assert_true(warned(&article, "deep"));
    assert_non_null(omitted(&article, "deep down"));
    article_release(&article);
    buffer_release(&page);
}

static void many_attributes(void **state)
{
    (void)state;
    struct buffer page = {0};
    buffer_c_string(&page, "<p ");
    for (int i = 0; i < 200000; i++)
        buffer_format(&page, "a%d=%d class=c%d ", i, i, i);
    buffer_c_string(&page, ">" PAGE(BODY));
    struct article article;
    assert_int_equal(parse(&article, buffer_view(&page)), STATUS_OK);
    article_release(&article);
    buffer_release(&page);
}

static void nul_bytes(void **state)
{
    (void)state;
    static const char page[] =
        "<html><title>Quiet harbour</title><h1>Quiet\0 harbour</h1><di\0v cla\0ss=ad>" P1 "\0" P2 "</div>" P3;
    struct article article;
    assert_int_equal(parse(&article, (struct str){page, sizeof page - 1}), STATUS_OK);
    assert_str_equal(article.title, "Quiet harbour");
    article_release(&article);
}

/* ---- the coverage property ---------------------------------------------------------------------------------------- */

static const char SEED_PAGE[] =
    "<!doctype html><html lang=en><head><title>Quiet harbour - The Echo</title><meta charset=utf-8>"
    "<meta property='og:title' content='Quiet harbour'><script "
    "type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":"
    "\"Quiet harbour\",\"author\":{\"name\":\"Jo Penn\"}}</script></head><body class='post has-sidebar'><nav><ul><li><a "
    "href=/>Home</a>"
    "<li><a href=/sea>Sea</a></ul></nav><article><h1>Quiet harbour</h1><p class=byline>By Jo Penn</p>" P1
    "<div class=ad>Buy boats &amp; sails</div>" P2 "<h2>The <em>old</em> wall</h2>" P3
    "<blockquote class=twitter-tweet><p>No boats — stay safe 🌊</p>&mdash; Port (@port)</blockquote><ol><li>Mend it.<li>Pay "
    "<b>for</b> it."
    "</ol><figure><img src=a><figcaption>The quay, naïve and "
    "cold.</figcaption></figure><table><tr><th>Tide<td>3.4&nbsp;m</table>" P4
    "<p>They say<sup><a href=#n>2</a></sup> it will pass.<br><br>It never did.</p><pre>x = 1;</pre><h3>Related "
    "stories</h3><ul><li>"
    "<a href=b>Pumps fail again</a></ul></article><div id=comments><p>I was there!</p></div><footer>© The "
    "Echo</footer></body></html>";

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static size_t mutate(char *page, size_t len, size_t capacity, uint32_t *seed)
{
    static const char ODD[] = "<>\"'&/=!-\0 \xFF\xC3x;#";
    size_t at = next_random(seed) % len, span = next_random(seed) % 60;
    span = at + span > len ? len - at : span;
    switch (next_random(seed) % 4) {
    case 0: /* lose a stretch */ memmove(page + at, page + at + span, len - at - span); return len - span > 0 ? len - span : len;
    case 1: /* repeat one elsewhere */
        if (len + span < capacity) {
            size_t to = next_random(seed) % len;
            char piece[64];
            memcpy(piece, page + at, span);
            memmove(page + to + span, page + to, len - to);
            memcpy(page + to, piece, span);
            return len + span;
        }
        return len;
    default: page[at] = ODD[next_random(seed) % (sizeof ODD - 1)]; return len;
    }
}

static void mutated_pages_are_covered(void **state)
{
    (void)state;
    enum { ROUNDS = 2500, CAPACITY = 16384 };
    char *page = malloc(CAPACITY);
    assert_non_null(page);
    uint32_t seed = 7, good = 0;
    for (int round = 0; round < ROUNDS; round++) {
        size_t len = sizeof SEED_PAGE - 1;
        memcpy(page, SEED_PAGE, len);
        for (uint32_t n = next_random(&seed) % 24; n > 0; n--)
            len = mutate(page, len, CAPACITY, &seed);
        struct article article;
        good += parse(&article, (struct str){page, len}) == STATUS_OK;
        article_release(&article);
    }
    assert_true(good > ROUNDS / 2);
    free(page);
}

static void same_page_same_article(void **state)
{
    (void)state;
    struct article a = parsed(SEED_PAGE), b = parsed(SEED_PAGE);
    assert_true(str_eq(a.text, b.text));
    assert_int_equal(a.n_blocks, b.n_blocks);
    assert_str_equal(a.byline, "Jo Penn");
    article_release(&a);
    article_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simple_page),
        cmocka_unit_test(regions_by_name),
        cmocka_unit_test(regions_by_role),
        cmocka_unit_test(a_summary_above_the_text),
        cmocka_unit_test(names_that_mislead),
        cmocka_unit_test(links_and_teasers),
        cmocka_unit_test(phrases),
        cmocka_unit_test(headings_that_end_the_article),
        cmocka_unit_test(repetitions),
        cmocka_unit_test(body_in_several_elements),
        cmocka_unit_test(line_breaks_as_paragraphs),
        cmocka_unit_test(out_of_sight),
        cmocka_unit_test(body_only_in_json),
        cmocka_unit_test(paywall_stub),
        cmocka_unit_test(pages_by_their_first_words),
        cmocka_unit_test(no_article),
        cmocka_unit_test(heading_levels),
        cmocka_unit_test(lists),
        cmocka_unit_test(quotes_and_posts),
        cmocka_unit_test(captions),
        cmocka_unit_test(tables_and_code),
        cmocka_unit_test(spans_and_marks),
        cmocka_unit_test(metadata_precedence),
        cmocka_unit_test(metadata_in_the_text),
        cmocka_unit_test(titles_without_site),
        cmocka_unit_test(other_metadata),
        cmocka_unit_test(declared_charsets),
        cmocka_unit_test(page_charsets),
        cmocka_unit_test(cleaning),
        cmocka_unit_test(missing_end_tags),
        cmocka_unit_test(hostile_pages),
        cmocka_unit_test(deep_nesting_is_said),
        cmocka_unit_test(many_attributes),
        cmocka_unit_test(nul_bytes),
        cmocka_unit_test(mutated_pages_are_covered),
        cmocka_unit_test(same_page_same_article),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
