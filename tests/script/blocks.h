/* Articles made by hand for the script stage's tests: one paragraph a line, kinds by a prefix. */
#ifndef CRIER_TESTS_SCRIPT_BLOCKS_H
#define CRIER_TESTS_SCRIPT_BLOCKS_H

#include <string.h>

#include "article/article.h"

/* Lines of `text` become blocks: "# " a title, "## " a heading, "> " a block quotation, "- " an item, "^ " a caption, "** " a
 * paragraph whose words up to the first colon are strong, else a paragraph. The source is the text itself. */
static inline void make_blocks(struct article *article, const char *text, const char *language)
{
    *article = (struct article){.source = "test.txt", .language = str_from(language)};
    struct arena *arena = &article->arena;
    article->text = arena_copy(arena, str_from(text));
    struct block *blocks = NULL;
    struct omission *omissions = NULL;
    size_t n = 0, capacity = 0;
    for (size_t start = 0, end; start < article->text.len; start = end + 1) {
        const char *stop = memchr(article->text.data + start, '\n', article->text.len - start);
        end = stop ? (size_t)(stop - article->text.data) : article->text.len;
        if (start == end)
            continue;
        struct block block = {.kind = BLOCK_PARAGRAPH};
        struct str line = str_sub(article->text, start, end);
        size_t skip = 0;
        bool strong = false;
        if (str_starts(line, STR("## "))) {
            block.kind = BLOCK_HEADING;
            block.level = 2;
            skip = 3;
        } else if (str_starts(line, STR("# "))) {
            block.kind = BLOCK_TITLE;
            skip = 2;
        } else if (str_starts(line, STR("> "))) {
            block.quoted = true;
            skip = 2;
        } else if (str_starts(line, STR("- "))) {
            block.kind = BLOCK_ITEM;
            block.level = 1;
            skip = 2;
        } else if (str_starts(line, STR("^ "))) {
            block.kind = BLOCK_CAPTION;
            skip = 2;
        } else if (str_starts(line, STR("** "))) {
            strong = true;
            skip = 3;
        }
        struct block_run *run = arena_array(arena, 1, sizeof *run);
        *run = (struct block_run){0, start + skip, line.len - skip};
        block.text = arena_copy(arena, str_sub(line, skip, line.len));
        block.runs = run;
        block.n_runs = 1;
        if (strong) {
            struct block_span *span = arena_array(arena, 1, sizeof *span);
            *span = (struct block_span){SPAN_STRONG, 0, str_find(block.text, STR(":"), 0) + 1};
            block.spans = span;
            block.n_spans = 1;
        }
        struct block *slot = arena_push(arena, (void **)&blocks, &n, &capacity, sizeof *slot);
        *slot = block;
        if (block.kind == BLOCK_TITLE)
            article->title = block.text;
    }
    article->blocks = blocks;
    article->n_blocks = n;
    article->omissions = omissions;
}

#endif
