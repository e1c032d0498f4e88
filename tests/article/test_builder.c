#include "test.h"

#include <stdlib.h>

#include "article/builder.h"
#include "check.h"

static void begin(struct article_builder *builder, struct article *article, const char *source)
{
    *article = (struct article){.source = "test"};
    builder_init(builder, article, source ? str_from(source) : (struct str){0});
}

static void end(struct article_builder *builder)
{
    struct problem problem = {0};
    assert_int_equal(builder_finish(builder, &problem), STATUS_OK);
    assert_null(broken_promise(builder->article));
    builder_release(builder);
}

static void white_space_is_one_space_and_runs_hold_the_source(void **state)
{
    (void)state;
    struct article article;
    struct article_builder b;
    const char *source = "  One\ttwo \r\n three\xC2\xA0“four” co\xC2\xADop\x01 five  ";
    begin(&b, &article, source);
    builder_open(&b, BLOCK_PARAGRAPH);
    builder_source(&b, 0, strlen(source));
    end(&b);
    assert_int_equal(article.n_blocks, 1);
    const struct block *block = &article.blocks[0];
    assert_str_equal(block->text, "One two three “four” coop five");
    assert_int_equal(block_source_offset(block, 0, false), 2);
    assert_int_equal(block_source_offset(block, 3, true), 5);
    assert_int_equal(block_source_offset(block, 4, false), 6);  /* "two" */
    assert_int_equal(block_source_offset(block, 8, false), 13); /* "three" */
    assert_int_equal(block_source_offset(block, block->text.len, true), strlen(source) - 2);
    assert_int_equal(block_source_offset(block, block->text.len, false), strlen(source) - 2);
    article_release(&article);
}

static void plain_words_are_one_run(void **state)
{
    (void)state;
    struct article article;
    struct article_builder b;
    begin(&b, &article, "It was “good” — so était it.");
    builder_open(&b, BLOCK_PARAGRAPH);
    builder_source(&b, 0, b.source.len);
    end(&b);
    assert_int_equal(article.blocks[0].n_runs, 1);
    article_release(&article);
}

static void omissions_are_sorted_cut_and_trimmed(void **state)
{
    (void)state;
    struct article article;
    struct article_builder b;
    begin(&b, &article, "aaa bbb ccc ddd eee");
    builder_open(&b, BLOCK_PARAGRAPH);
    builder_source(&b, 4, 7);
    builder_omit(&b, 15, 19, "last");
    builder_omit(&b, 0, 12, "around");
    builder_omit(&b, 8, 15, "after");
    end(&b);
    assert_int_equal(article.n_omissions, 4);
    static const struct omission want[] = {{0, 3, "around"}, {8, 11, "around"}, {12, 15, "after"}, {16, 19, "last"}};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(article.omissions[i].start, want[i].start);
        assert_int_equal(article.omissions[i].end, want[i].end);
        assert_string_equal(article.omissions[i].reason, want[i].reason);
    }
    article_release(&article);
}

static void the_rest_is_omitted_where_there_are_words(void **state)
{
    (void)state;
    struct article article;
    struct article_builder b;
    begin(&b, &article, "1. Words --- here [x]");
    builder_omit_rest(&b, "markup");
    builder_open(&b, BLOCK_ITEM)->level = 1;
    builder_source(&b, 3, 8);
    builder_space(&b);
    builder_source(&b, 13, 17);
    end(&b);
    assert_str_equal(article.blocks[0].text, "Words here");
    assert_int_equal(article.n_omissions, 2);
    assert_int_equal(article.omissions[0].end, 2);
    assert_string_equal(article.omissions[1].reason, "markup");
    article_release(&article);
}

static void uncovered_words_are_found(void **state)
{
    (void)state;
    struct block_run run = {0, 0, 3};
    struct block block = {.kind = BLOCK_PARAGRAPH, .text = STR("aaa"), .runs = &run, .n_runs = 1};
    struct omission omission = {4, 7, "noise"};
    struct article article = {
        .text = STR("aaa bbb 7"), .blocks = &block, .n_blocks = 1, .omissions = &omission, .n_omissions = 1};
    assert_int_equal(article_uncovered(&article), 8);
    article.text.len = 8;
    assert_true(article_uncovered(&article) == SIZE_MAX);
    omission.start = 2; /* twice */
    assert_int_equal(article_uncovered(&article), 2);
    article.n_omissions = 0;
    assert_int_equal(article_uncovered(&article), 4);
}

static void spans_nest_and_end_with_their_block(void **state)
{
    (void)state;
    struct article article;
    struct article_builder b;
    begin(&b, &article, "one two three");
    builder_open(&b, BLOCK_PARAGRAPH);
    builder_source(&b, 0, 3);
    builder_span_open(&b, SPAN_STRONG);
    builder_span_open(&b, SPAN_LINK);
    builder_source(&b, 3, 7);
    builder_span_close(&b, SPAN_LINK);
    builder_span_open(&b, SPAN_STRONG);
    builder_source(&b, 7, 13);
    builder_span_close(&b, SPAN_STRONG);
    builder_span_close(&b, SPAN_EMPHASIS); /* was never open */
    end(&b);
    const struct block *block = &article.blocks[0];
    assert_int_equal(block->n_spans, 2);
    assert_int_equal(block->spans[0].kind, SPAN_STRONG);
    assert_int_equal(block->spans[0].end, 13);
    assert_int_equal(block->spans[1].kind, SPAN_LINK);
    assert_int_equal(block->spans[1].end, 7);
    article_release(&article);
}

static void a_growing_article_is_made_of_blocks_and_omissions(void **state)
{
    (void)state;
    struct article article;
    struct article_builder b;
    begin(&b, &article, NULL);
    builder_omit_text(&b, STR("  Home \n News "), "navigation");
    builder_open(&b, BLOCK_PARAGRAPH);
    builder_write(&b, STR("  It works"));
    builder_omit_text(&b, STR("[1]"), "footnote mark");
    builder_write(&b, STR(" well\xFF.\n"));
    builder_open(&b, BLOCK_PARAGRAPH);
    assert_false(builder_close(&b));
    builder_open(&b, BLOCK_PARAGRAPH)->quoted = true;
    builder_write(&b, STR("Café"));
    builder_close(&b);
    builder_omit_text(&b, STR("Buy"), "advert");
    end(&b);
    assert_str_equal(article.text, "Home News\nIt works [1]  well.\nCafé\nBuy\n");
    assert_int_equal(article.n_blocks, 2);
    assert_str_equal(article.blocks[0].text, "It works well.");
    assert_true(article.blocks[1].quoted);
    assert_int_equal(article.n_omissions, 3);
    article_release(&article);
}

static void nothing_to_speak_is_bad_data(void **state)
{
    (void)state;
    struct article article;
    struct article_builder b;
    begin(&b, &article, "--- \"\" ---");
    builder_open(&b, BLOCK_PARAGRAPH);
    builder_source(&b, 0, 10);
    struct problem problem = {0};
    assert_int_equal(builder_finish(&b, &problem), STATUS_BAD_DATA);
    builder_release(&b);
    builder_release(&b);
    builder_release(NULL);
    article_release(&article);
    article_release(&article);
    article_release(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(white_space_is_one_space_and_runs_hold_the_source),
        cmocka_unit_test(plain_words_are_one_run),
        cmocka_unit_test(omissions_are_sorted_cut_and_trimmed),
        cmocka_unit_test(the_rest_is_omitted_where_there_are_words),
        cmocka_unit_test(uncovered_words_are_found),
        cmocka_unit_test(spans_nest_and_end_with_their_block),
        cmocka_unit_test(a_growing_article_is_made_of_blocks_and_omissions),
        cmocka_unit_test(nothing_to_speak_is_bad_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
