#include "article/article.h"

#include <stdint.h>
#include <string.h>

#include "article/builder.h"
#include "article/charset.h"
#include "article/formats.h"
#include "article/front.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/utf8.h"

#define DEFAULT_LIMIT ((size_t)256 * 1024 * 1024)

static size_t limit_of(const struct article_options *options)
{
    return options && options->limit ? options->limit : DEFAULT_LIMIT;
}

enum status article_read(struct article *article, const char *path, const struct article_options *options,
                         struct problem *problem)
{
    *article = (struct article){0};
    struct buffer bytes = {0};
    enum status status = file_read(path, limit_of(options), &bytes, problem);
    if (status == STATUS_OK)
        status = article_parse(article, buffer_view(&bytes), path, options, problem);
    buffer_release(&bytes);
    return status;
}

static bool has_suffix(struct str path, const char *suffix)
{
    struct str wanted = str_from(suffix);
    return path.len > wanted.len && str_eq_nocase(str_sub(path, path.len - wanted.len, path.len), wanted);
}

/* The first words of a web page, whatever its file is called. */
static bool looks_like_html(struct str bytes)
{
    static const char *starts[] = {"<!doctype html", "<html", "<head", "<body"};
    if (str_starts(bytes, STR("\xEF\xBB\xBF")))
        bytes = str_sub(bytes, 3, bytes.len);
    bytes = str_trim(bytes);
    size_t end;
    while ((str_starts(bytes, STR("<!--")) || str_starts(bytes, STR("<?xml"))) &&
           (end = str_find(bytes, STR(">"), 0)) != SIZE_MAX && end < 1024)
        bytes = str_trim(str_sub(bytes, end + 1, bytes.len));
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        struct str start = str_from(starts[i]);
        if (str_eq_nocase(str_sub(bytes, 0, start.len), start))
            return true;
    }
    return false;
}

/* Marks that nobody makes in plain text: front matter, several headings, a heading and links or emphasis. */
static bool looks_like_markdown(struct str bytes)
{
    struct str rest = str_sub(bytes, 0, (size_t)64 * 1024), line;
    size_t headings = 0, marks = 0;
    if (front_is_there(bytes))
        return true;
    while (str_next(&rest, '\n', &line)) {
        size_t level = 0;
        while (level < line.len && line.data[level] == '#')
            level++;
        headings += level >= 1 && level <= 6 && level + 1 < line.len && line.data[level] == ' ';
        marks += str_find(line, STR("](http"), 0) != SIZE_MAX || str_find(line, STR("**"), 0) != SIZE_MAX ||
                 str_starts(line, STR("```"));
    }
    return headings >= 2 || (headings && marks) || marks >= 5;
}

static enum article_format find_format(struct str path, struct str bytes)
{
    static const struct {
        const char *suffix;
        enum article_format format;
    } suffixes[] = {
        {".md", ARTICLE_MARKDOWN}, {".markdown", ARTICLE_MARKDOWN}, {".mkd", ARTICLE_MARKDOWN}, {".mdown", ARTICLE_MARKDOWN},
        {".html", ARTICLE_HTML},   {".htm", ARTICLE_HTML},          {".xhtml", ARTICLE_HTML},
    };
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (has_suffix(path, suffixes[i].suffix))
            return suffixes[i].format;
    if (looks_like_html(bytes))
        return ARTICLE_HTML;
    return looks_like_markdown(bytes) ? ARTICLE_MARKDOWN : ARTICLE_PLAIN;
}

static enum status parse_text(struct article_builder *builder, struct str bytes, struct problem *problem)
{
    struct article *article = builder->article;
    struct charset_result decoded = {0};
    enum status status = charset_decode(&article->arena, bytes, (struct str){"", 0}, article->source, &decoded, problem);
    if (status != STATUS_OK)
        return status;
    if (!str_trim(decoded.text).len)
        return problem_set(problem, STATUS_BAD_DATA, article->source, 0, "is empty");
    builder_init(builder, article, decoded.text);
    if (decoded.warning.len)
        builder_warn(builder, "%.*s", STR_ARG(decoded.warning));
    return article->format == ARTICLE_MARKDOWN ? markdown_parse(builder, problem) : plain_parse(builder, problem);
}

enum status article_parse(struct article *article, struct str bytes, const char *path, const struct article_options *options,
                          struct problem *problem)
{
    static const struct str none = {"", 0};
    *article = (struct article){
        .title = none, .byline = none, .published = none, .language = none, .site = none, .cover = none, .url = none};
    if (bytes.len > limit_of(options))
        return problem_set(problem, STATUS_BAD_DATA, path, 0, "is too big: at most %zu bytes are read", limit_of(options));
    article->source = arena_c_string(&article->arena, str_from(path));
    article->format = options ? options->format : ARTICLE_AUTO;
    if (article->format == ARTICLE_AUTO)
        article->format = find_format(str_from(path), bytes);
    struct article_builder builder = {.article = article};
    builder_init(&builder, article, (struct str){0});
    enum status status =
        article->format == ARTICLE_HTML ? html_parse(&builder, bytes, problem) : parse_text(&builder, bytes, problem);
    if (status == STATUS_OK)
        status = builder_finish(&builder, problem);
    builder_release(&builder);
    if (status == STATUS_OK && options && options->language)
        article->language = arena_copy(&article->arena, str_from(options->language));
    struct str *const fields[] = {&article->title, &article->byline, &article->published, &article->language,
                                  &article->site,  &article->cover,  &article->url};
    for (size_t i = 0; i < sizeof fields / sizeof *fields && status == STATUS_OK; i++)
        *fields[i] = builder_words(&article->arena, *fields[i]);
    if (status == STATUS_OK && arena_failed(&article->arena))
        status = problem_no_memory(problem);
    if (status != STATUS_OK)
        article_release(article);
    return status;
}

void article_release(struct article *article)
{
    if (!article)
        return;
    arena_release(&article->arena);
    *article = (struct article){0};
}

size_t block_source_offset(const struct block *block, size_t at, bool end)
{
    if (!block->n_runs)
        return 0;
    /* the last run that starts before `at`, or at it where a start is asked for */
    size_t low = 0, high = block->n_runs;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        size_t start = block->runs[middle].block_start;
        if (start < at || (!end && start == at))
            low = middle + 1;
        else
            high = middle;
    }
    if (!low)
        return block->runs[0].source_start;
    const struct block_run *run = &block->runs[low - 1];
    size_t into = at - run->block_start;
    if (into < run->len || (end && into == run->len))
        return run->source_start + into;
    if (!end && low < block->n_runs)
        return block->runs[low].source_start;
    return run->source_start + run->len;
}

/* The next stretch of blocks' runs, in order. */
struct cover {
    const struct article *article;
    size_t block, run, omission;
};

static const struct block_run *next_run(struct cover *cover)
{
    while (cover->block < cover->article->n_blocks && cover->run >= cover->article->blocks[cover->block].n_runs) {
        cover->block++;
        cover->run = 0;
    }
    return cover->block < cover->article->n_blocks ? &cover->article->blocks[cover->block].runs[cover->run] : NULL;
}

/* The first letter or digit of [start, end), or SIZE_MAX. */
static size_t find_word(struct str text, size_t start, size_t end)
{
    for (size_t at = start, next; at < end; at = next)
        if (uni_is_word(utf8_decode(text, at, &next)))
            return at;
    return SIZE_MAX;
}

size_t article_uncovered(const struct article *article)
{
    struct cover cover = {.article = article};
    size_t at = 0; /* all before it is covered once */
    for (;;) {
        const struct block_run *run = next_run(&cover);
        const struct omission *omission = cover.omission < article->n_omissions ? &article->omissions[cover.omission] : NULL;
        bool take_run = run && (!omission || run->source_start < omission->start);
        size_t start = take_run ? run->source_start : omission ? omission->start : article->text.len;
        size_t end = take_run ? run->source_start + run->len : omission ? omission->end : start;
        size_t found = find_word(article->text, at, start);
        if (found == SIZE_MAX && start < at)
            found = find_word(article->text, start, end < at ? end : at);
        if (found != SIZE_MAX)
            return found;
        if (!run && !omission)
            return SIZE_MAX;
        at = end > at ? end : at;
        if (take_run)
            cover.run++;
        else
            cover.omission++;
    }
}
