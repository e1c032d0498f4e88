#include "article/markdown_tree.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* cmark ends the program where memory runs out. So its memory is counted out here, in a list, and a failed allocation jumps out
 * of the parser, which holds nothing else that would leak. cmark hands no context to its allocator; the tree being made is
 * static. */
struct markdown_block_of_memory {
    struct markdown_block_of_memory *next, *previous;
    alignas(max_align_t) char data[];
};

static struct markdown_tree *making;
static jmp_buf out;

static void *link_block(struct markdown_block_of_memory *block)
{
    block->previous = NULL;
    block->next = making->blocks;
    if (block->next)
        block->next->previous = block;
    making->blocks = block;
    return block->data;
}

static struct markdown_block_of_memory *unlink_block(void *data)
{
    if (!data)
        return NULL;
    struct markdown_block_of_memory *block = (void *)((char *)data - offsetof(struct markdown_block_of_memory, data));
    if (block->previous)
        block->previous->next = block->next;
    else
        making->blocks = block->next;
    if (block->next)
        block->next->previous = block->previous;
    return block;
}

static void *tree_calloc(size_t count, size_t size)
{
    struct markdown_block_of_memory *block = NULL;
    if (!size || count <= (SIZE_MAX - sizeof *block) / size)
        block = calloc(1, sizeof *block + count * size);
    if (!block)
        longjmp(out, 1);
    return link_block(block);
}

static void *tree_realloc(void *data, size_t size)
{
    struct markdown_block_of_memory *old = unlink_block(data);
    struct markdown_block_of_memory *block = size > SIZE_MAX - sizeof *block ? NULL : realloc(old, sizeof *block + size);
    if (!block) {
        if (old)
            link_block(old);
        longjmp(out, 1);
    }
    return link_block(block);
}

static void tree_free(void *data)
{
    free(unlink_block(data));
}

bool markdown_tree_parse(struct markdown_tree *tree, struct str text)
{
    static cmark_mem memory = {tree_calloc, tree_realloc, tree_free};
    *tree = (struct markdown_tree){0};
    making = tree;
    if (setjmp(out) != 0) {
        markdown_tree_free(tree);
        return false;
    }
    cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_SOURCEPOS, &memory);
    cmark_parser_feed(parser, text.data, text.len);
    tree->document = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    tree->iter = cmark_iter_new(tree->document);
    return true;
}

void markdown_tree_free(struct markdown_tree *tree)
{
    for (struct markdown_block_of_memory *block = tree->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    *tree = (struct markdown_tree){0};
}
