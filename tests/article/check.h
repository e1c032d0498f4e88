/* What every article must keep, whatever the input was: the promises of article.h. */
#ifndef CRIER_TESTS_ARTICLE_CHECK_H
#define CRIER_TESTS_ARTICLE_CHECK_H

#include <stdint.h>
#include <string.h>

#include "article/article.h"
#include "base/utf8.h"

/* NULL, or which promise is broken. Linear. */
static inline const char *broken_promise(const struct article *article)
{
    struct str text = article->text;
    if (utf8_valid_length(text) != text.len)
        return "article.text is no UTF-8";
    if (text.data[text.len] != '\0')
        return "article.text is not terminated";
    size_t last = 0; /* runs ascend over the whole article */
    for (size_t i = 0; i < article->n_blocks; i++) {
        const struct block *block = &article->blocks[i];
        struct str words = block->text;
        if (!words.len || words.data[words.len] != '\0')
            return "block empty or not terminated";
        if (utf8_valid_length(words) != words.len)
            return "block is no UTF-8";
        if (block->kind == BLOCK_TITLE && i != 0)
            return "title is not the first block";
        if (block->kind == BLOCK_HEADING ? block->level < 2 || block->level > 6
            : block->kind == BLOCK_ITEM  ? block->level < 1
                                         : block->level)
            return "level out of range";
        unsigned before = ' ';
        for (size_t at = 0; at < words.len;) {
            unsigned c = utf8_decode(words, at, &at);
            if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xFFFD)
                return "control character in block";
            if (uni_is_space(c) && (c != ' ' || before == ' '))
                return "white space in block";
            before = c;
        }
        if (before == ' ')
            return "space at the end of a block";
        if (!block->n_runs)
            return "block without run";
        size_t place = 0;
        for (size_t r = 0; r < block->n_runs; r++) {
            const struct block_run *run = &block->runs[r];
            if (run->block_start < place || run->block_start + run->len > words.len || run->source_start < last ||
                run->source_start + run->len > text.len)
                return "run out of order or range";
            if (memcmp(words.data + run->block_start, text.data + run->source_start, run->len) != 0)
                return "run does not hold the source's bytes";
            place = run->block_start + run->len;
            last = run->source_start + run->len;
        }
        for (size_t at = 0; at <= words.len; at += 1 + words.len / 16) {
            size_t start = block_source_offset(block, at, false), end = block_source_offset(block, at, true);
            if (start > text.len || end > text.len)
                return "source offset out of range";
        }
        for (size_t s = 0; s < block->n_spans; s++) {
            const struct block_span *span = &block->spans[s];
            if (span->start >= span->end || span->end > words.len || (s && span->start < block->spans[s - 1].start))
                return "span out of order or range";
        }
    }
    last = 0;
    for (size_t i = 0; i < article->n_omissions; i++) {
        const struct omission *omission = &article->omissions[i];
        if (omission->start < last || omission->end <= omission->start || omission->end > text.len || !omission->reason)
            return "omission out of order or range";
        last = omission->end;
    }
    return article_uncovered(article) == SIZE_MAX ? NULL : "a letter or digit is uncovered";
}

#endif
