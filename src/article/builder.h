/* builder: what every format makes its blocks, omissions and warnings with.
 *
 * It keeps the promises of article.h once for all formats: block text has single spaces and no control or invisible
 * characters, runs hold the source's own bytes, omissions come out sorted and free of overlap.
 *
 * Two ways of working. FIXED: article.text is there before (plain text, Markdown); builder_source() takes stretches of it
 * into blocks, in ascending order. GROWING: article.text is made while going (HTML): builder_write() puts the same
 * words into the block and into article.text, builder_omit_text() into article.text alone.
 *
 *     builder_init(&b, article, source);          growing: (struct str){0}
 *     builder_open(&b, BLOCK_PARAGRAPH)->quoted = true;
 *     builder_source(&b, 0, 14);                  growing: builder_write(&b, STR("The words"));
 *     builder_close(&b);
 *     builder_omit(&b, 15, 22, "advert");         growing: builder_omit_text(&b, STR("Buy now"), "advert");
 *     status = builder_finish(&b, problem);       then builder_release(&b) in any case
 *
 * Allocation failures are remembered and reported by builder_finish(); nothing in between needs a check. */
#ifndef CRIER_ARTICLE_BUILDER_H
#define CRIER_ARTICLE_BUILDER_H

#include <stdbool.h>
#include <stddef.h>

#include "article/article.h"
#include "base/buffer.h"

#define BUILDER_SPANS 4 /* values of enum span_kind */

struct article_builder {
    struct article *article; /* its arena holds all that is made */
    struct str source;       /* FIXED: what the runs point into */
    bool growing;
    struct buffer grown;     /* GROWING: article.text so far */
    const char *rest_reason; /* see builder_omit_rest(); NULL: none */

    bool open;          /* a block is being made */
    struct block block; /* that block, but for text, runs and spans */
    struct buffer text, runs, spans;
    bool space;   /* a space comes before the next word of the block */
    size_t place; /* FIXED: the source offset of a block that is nothing but glued words; builder_source() moves it on */
    struct {
        size_t depth, start;
        bool started;
    } span[BUILDER_SPANS];

    struct block *blocks;
    size_t n_blocks, blocks_capacity;
    struct buffer omissions; /* struct omission, as given */
    struct str *warnings;
    size_t n_warnings, warnings_capacity;
    struct voice_pin *pins;
    size_t pins_capacity;
};

/* `source` must be valid UTF-8 and outlive the article (it becomes article.text); data NULL: GROWING. */
void builder_init(struct article_builder *builder, struct article *article, struct str source);
void builder_release(struct article_builder *builder);

/* Opens a block, closing one that is open. The caller may set level, ordinal, quoted and post in what is returned
 * (never NULL, valid until the block is closed). */
struct block *builder_open(struct article_builder *builder, enum block_kind kind);
/* Closes the open block. False where there was none or nothing to speak was in it: then there is no such block. */
bool builder_close(struct article_builder *builder);

/* FIXED: the words of source[start, end) go into the open block. Ascending over the whole article. */
void builder_source(struct article_builder *builder, size_t start, size_t end);
/* GROWING: `words` go into the open block and into article.text. Need not be valid UTF-8, may hold any white space. */
void builder_write(struct article_builder *builder, struct str words);
/* Bytes of ours in the open block that are not in the source ("&" for "&amp;"). */
void builder_glue(struct article_builder *builder, struct str words);
/* White space: one space before the next word, if there is a next word. */
void builder_space(struct article_builder *builder);

/* The markup of spans: opened and closed around builder_source() and the like. May nest, in any number. Spans still open at
 * the block's end end there and go on in no other block. */
void builder_span_open(struct article_builder *builder, enum span_kind kind);
void builder_span_close(struct article_builder *builder, enum span_kind kind);

/* FIXED: source[start, end) is not spoken, but for what blocks took of it. `reason` is static. Any order; of two that
 * overlap the one that starts first wins. */
void builder_omit(struct article_builder *builder, size_t start, size_t end, const char *reason);
/* FIXED: letters and digits that nothing else takes are omitted with this reason (list numbers, markup). */
void builder_omit_rest(struct article_builder *builder, const char *reason);
/* GROWING: appends `words` to article.text as an omission; inside an open block it stands between its words. */
void builder_omit_text(struct article_builder *builder, struct str words, const char *reason);

/* A warning for the user. The same words are kept once. */
void builder_warn(struct article_builder *builder, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Words of metadata as block text is: one line, single spaces, no control or invisible characters. Copied only where they are not
 * so already. */
struct str builder_words(struct arena *arena, struct str words);

/* A pin of the front matter. */
void builder_pin(struct article_builder *builder, struct str speaker, struct str voice);

/* Closes what is open and fills article's text, blocks, omissions and warnings. STATUS_BAD_DATA where no block holds a
 * letter or digit, STATUS_NO_MEMORY; OK else. */
enum status builder_finish(struct article_builder *builder, struct problem *problem);

#endif
