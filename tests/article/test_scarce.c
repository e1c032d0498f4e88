/* Memory runs out while an article is read: plain text, Markdown, a web page, another charset. Not where uchardet has to guess
 * which one it is: that is C++, whose exception nothing here can catch; it ends the process by SIGABRT, and no draft is
 * published. */
#include "scarce.h"

#include "article/article.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/hash.h"

struct reading {
    struct str bytes;
    enum article_format format;
};

static uint64_t mix(uint64_t digest, struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        digest = (digest ^ (unsigned char)s.data[i]) * 0x100000001B3u;
    return (digest ^ s.len) * 0x100000001B3u;
}

static enum status parse(void *context, uint64_t *digest, struct problem *problem)
{
    const struct reading *reading = context;
    const struct article_options options = {.format = reading->format};
    struct article article;
    enum status status = article_parse(&article, reading->bytes, "article", &options, problem);
    if (status == STATUS_OK) {
        *digest = mix(mix(mix(1, article.title), article.byline), article.language);
        for (size_t i = 0; i < article.n_blocks; i++)
            *digest = mix(*digest + (uint64_t)article.blocks[i].kind, article.blocks[i].text);
        for (size_t i = 0; i < article.n_omissions; i++)
            *digest = mix(*digest + article.omissions[i].start, str_from(article.omissions[i].reason));
        *digest += article.n_warnings;
    }
    article_release(&article);
    return status;
}

static void read_each(const char *name, const char *sample, enum article_format format, size_t most)
{
    struct buffer bytes = {0};
    struct problem problem = {0};
    char path[512];
    snprintf(path, sizeof path, "%s/../samples/%s", CRIER_TESTS_DIR, sample);
    if (file_read(path, (size_t)1 << 20, &bytes, &problem) != STATUS_OK) {
        printf("%s: %s\n", path, problem.text);
        exit(1);
    }
    struct reading reading = {str_sub(buffer_view(&bytes), 0, most), format};
    scarce_each(name, parse, &reading, 10);
    buffer_release(&bytes);
}

int main(int argc, char **argv)
{
    scarce_arguments(argc, argv);
    read_each("plain text", "harbour-lights.txt", ARTICLE_PLAIN, SIZE_MAX);
    read_each("Markdown", "night-trains.md", ARTICLE_MARKDOWN, SIZE_MAX);
    read_each("a web page", "page-library.html", ARTICLE_HTML, SIZE_MAX);
    struct reading latin = {STR("Un titre\n\nIl est arriv\xE9 \xE0 l'\xE9t\xE9, dit-on, pr\xE8s du ch\xE2teau.\n"),
                            ARTICLE_PLAIN};
    scarce_each("another charset", parse, &latin, 10);
    struct reading pinned = {STR("---\ntitle: A\nauthor: B C\nvoices:\n  Ann Lee: woman-2\n---\n\n# A\n\nWords.\n"),
                             ARTICLE_MARKDOWN};
    scarce_each("front matter", parse, &pinned, 10);
    return 0;
}
