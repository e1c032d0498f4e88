/* Web pages: bytes -> UTF-8 -> less of it (html_clean) -> tree -> lines -> which of them are the article (html_body) -> blocks.
 */
#include <string.h>

#include "article/charset.h"
#include "article/formats.h"
#include "article/html_blocks.h"
#include "article/html_body.h"
#include "article/html_charset.h"
#include "article/html_clean.h"
#include "article/html_lines.h"
#include "article/html_meta.h"
#include "article/html_tree.h"
#include "article/language.h"
#include "base/utf8.h"

enum { BODY_WIDTH_MIN = 250 }; /* less than this is hardly an article: look elsewhere too */

struct page {
    struct arena arena; /* the page as UTF-8 */
    struct html_clean clean, json_clean;
    struct html_tree tree, json_tree; /* of the page; of the text in its JSON-LD, where that is all there is */
    struct html_meta meta;
    struct html_lines lines; /* of the tree that holds the article */
    struct html_body body;
    bool from_json;
};

static void page_release(struct page *page)
{
    html_tree_release(&page->tree);
    html_tree_release(&page->json_tree);
    html_clean_release(&page->clean);
    html_clean_release(&page->json_clean);
    arena_release(&page->arena);
}

/* NUL bytes in a page that is not UTF-16 mean nothing, but would look like binary data. */
static struct str without_nul(struct arena *arena, struct str bytes)
{
    struct str head = str_sub(bytes, 0, 4096);
    size_t nul = 0;
    for (size_t i = 0; i < head.len; i++)
        nul += head.data[i] == '\0';
    if (nul * 4 > head.len || str_starts(head, STR("\xFF\xFE")) || str_starts(head, STR("\xFE\xFF")) ||
        !memchr(bytes.data ? bytes.data : "", '\0', bytes.len))
        return bytes;
    char *out = arena_alloc(arena, bytes.len);
    size_t n = 0;
    for (size_t i = 0; out && i < bytes.len; i++)
        if (bytes.data[i] != '\0')
            out[n++] = bytes.data[i];
    return (struct str){out, n};
}

static enum status decode(struct page *page, struct article_builder *builder, struct str bytes, struct str *text,
                          struct problem *problem)
{
    bytes = without_nul(&page->arena, bytes);
    struct charset_result decoded = {0};
    enum status status =
        charset_decode(&page->arena, bytes, html_declared_charset(bytes), builder->article->source, &decoded, problem);
    if (status == STATUS_OK && decoded.warning.len > 0)
        builder_warn(builder, "%.*s", STR_ARG(decoded.warning));
    *text = decoded.text;
    return status;
}

/* One way to look at the page; taken if it finds far more than the best so far. */
static bool try_body(struct page *page, bool hidden, bool trust_names)
{
    struct html_lines lines;
    struct html_body body;
    if (!html_lines_make(&lines, &page->tree, hidden) || !html_body_find(&body, &page->tree, &lines, &page->meta, trust_names))
        return false;
    if (!page->body.reasons || body.width >= 2 * page->body.width + BODY_WIDTH_MIN) {
        page->lines = lines;
        page->body = body;
    }
    return true;
}

/* What is out of sight until a script shows it, and what goes by a bad name, counts only where there is next to nothing else. */
static bool find_body(struct page *page)
{
    return try_body(page, false, true) && (page->body.width >= BODY_WIDTH_MIN || try_body(page, true, true)) &&
           (page->body.width >= BODY_WIDTH_MIN || try_body(page, false, false)) &&
           (page->body.width >= BODY_WIDTH_MIN || try_body(page, true, false));
}

/* Pages that scripts fill in have the text in their JSON-LD alone. */
static bool find_body_in_json(struct page *page)
{
    struct str text = page->meta.body;
    if (text.len < BODY_WIDTH_MIN || page->body.width * (size_t)2 >= utf8_count(text))
        return true;
    if (!html_clean(&page->json_clean, text) || !html_tree_build(&page->json_tree, buffer_view(&page->json_clean.out)) ||
        !html_lines_make(&page->lines, &page->json_tree, true) || !html_body_all(&page->body, &page->json_tree, &page->lines))
        return false;
    page->from_json = true;
    return true;
}

static void write_metadata(struct article *article, const struct page *page)
{
    const struct html_meta *meta = &page->meta;
    struct str title = meta->title;
    if (page->body.title_line != HTML_NO_LINE)
        title = page->lines.items[page->body.title_line].text;
    article->title = arena_copy(&article->arena, title);
    article->byline = arena_copy(&article->arena, meta->byline);
    article->published = arena_copy(&article->arena, meta->published);
    article->language = arena_copy(&article->arena, meta->language);
    article->site = arena_copy(&article->arena, meta->site);
    article->cover = arena_copy(&article->arena, meta->cover);
    article->url = arena_copy(&article->arena, meta->url);
}

/* For pages that do not say: what language the article's first lines are in. */
static void guess_language(struct article *article, const struct page *page)
{
    enum { ENOUGH = 8192 };
    struct buffer text = {0};
    for (size_t i = 0; i < page->lines.count && text.len < ENOUGH; i++) {
        if (page->body.reasons[i] || i == page->body.title_line)
            continue;
        buffer_str(&text, page->lines.items[i].text);
        buffer_byte(&text, '\n');
    }
    article->language = language_guess(buffer_view(&text));
    article->arena.failed |= text.failed;
    buffer_release(&text);
}

static void warn(struct article_builder *builder, const struct page *page)
{
    if (page->clean.cut_depth || page->clean.cut_tags)
        builder_warn(builder, "the page's mark-up is too %s: some of it was not looked at",
                     page->clean.cut_tags ? "long" : "deep");
    if (page->body.stub)
        builder_warn(builder, "looks like a paywall stub: only the start of the article seems to be in the page");
}

static enum status understand(struct page *page, struct article_builder *builder, struct str bytes, struct problem *problem)
{
    struct str text;
    enum status status = decode(page, builder, bytes, &text, problem);
    if (status != STATUS_OK)
        return status;
    if (!html_clean(&page->clean, text) || !html_tree_build(&page->tree, buffer_view(&page->clean.out)) ||
        !html_meta_read(&page->meta, &page->tree, &page->clean) || !find_body(page) || !find_body_in_json(page))
        return problem_no_memory(problem);
    if (page->body.width == 0)
        return problem_set(problem, STATUS_BAD_DATA, builder->article->source, 0,
                           "no article found in this web page; was it saved before its scripts ran?");
    write_metadata(builder->article, page);
    if (builder->article->language.len == 0)
        guess_language(builder->article, page);
    warn(builder, page);
    html_blocks_write(builder, page->from_json ? &page->json_tree : &page->tree, &page->lines, &page->body, page->meta.title);
    return STATUS_OK;
}

enum status html_parse(struct article_builder *builder, struct str bytes, struct problem *problem)
{
    struct page page = {0};
    enum status status = understand(&page, builder, bytes, problem);
    page_release(&page);
    return status;
}
