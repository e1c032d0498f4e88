/* An article as one line a block, for comparing with what is wanted: "T title", "B byline", "H2 heading", "P paragraph", "Q
 * quoted", "I1 item", "I1.3 third item", "C caption", "- reason: words". */
#ifndef CRIER_TESTS_ARTICLE_OUTLINE_H
#define CRIER_TESTS_ARTICLE_OUTLINE_H

#include "article/article.h"
#include "base/buffer.h"
#include "check.h"

static inline void outline_block(struct buffer *out, const struct block *block)
{
    static const char letters[] = {[BLOCK_TITLE] = 'T',     [BLOCK_BYLINE] = 'B', [BLOCK_HEADING] = 'H',
                                   [BLOCK_PARAGRAPH] = 'P', [BLOCK_ITEM] = 'I',   [BLOCK_CAPTION] = 'C'};
    bool quoted = block->quoted && block->kind == BLOCK_PARAGRAPH;
    buffer_byte(out, quoted ? 'Q' : letters[block->kind]);
    if (block->level)
        buffer_format(out, "%d", block->level);
    if (block->ordinal)
        buffer_format(out, ".%d", block->ordinal);
    buffer_format(out, " %.*s\n", STR_ARG(block->text));
}

/* Reads `text` as the file `path`; the outline, or "status N" where it is refused. Fails the test on a broken promise. */
static inline struct str outline(struct buffer *out, struct str text, const char *path)
{
    struct article article;
    enum status status = article_parse(&article, text, path, NULL, NULL);
    buffer_clear(out);
    if (status != STATUS_OK) {
        buffer_format(out, "status %d\n", (int)status);
        return buffer_view(out);
    }
    const char *broken = broken_promise(&article);
    if (broken)
        fail_msg("%s", broken);
    for (size_t i = 0; i < article.n_blocks; i++)
        outline_block(out, &article.blocks[i]);
    for (size_t i = 0; i < article.n_omissions; i++) {
        const struct omission *o = &article.omissions[i];
        buffer_format(out, "- %s: %.*s\n", o->reason, (int)(o->end - o->start), article.text.data + o->start);
    }
    article_release(&article);
    return buffer_view(out);
}

#define assert_outline(path, text, wanted)                                                                                       \
    do {                                                                                                                         \
        struct buffer out_ = {0};                                                                                                \
        assert_str_equal(outline(&out_, str_from(text), path), wanted);                                                          \
        buffer_release(&out_);                                                                                                   \
    } while (0)

#endif
