/* Covers of all shapes become square pictures within the bounds; what is no picture is refused before it costs anything. */
#include "test.h"

#include <stdint.h>
#include <string.h>

#include "base/buffer.h"
#include "edition/cover.h"
#include "library/cover_art.h"
#include "library/cover_fit.h"

static struct buffer drawn(unsigned size_px)
{
    struct buffer png = {0};
    struct problem problem = {0};
    assert_int_equal(cover_art_draw(&png, STR("A Show"), STR("by somebody"), size_px, &problem), STATUS_OK);
    return png;
}

static struct cover_facts facts_of(struct str image)
{
    struct cover_facts facts;
    struct problem problem = {0};
    assert_int_equal(cover_read(&facts, image, &problem), STATUS_OK);
    return facts;
}

static enum status fit(struct buffer *out, struct str image, const struct cover_bounds *bounds)
{
    struct problem problem = {0};
    enum status status = cover_fit(out, image, bounds, &problem);
    assert_true((status == STATUS_OK) == !problem.text[0]);
    return status;
}

static void test_sizes(void **state)
{
    (void)state;
    static const struct {
        unsigned from, to;
        const struct cover_bounds *bounds;
        const char *type;
    } cases[] = {{600, 600, &cover_bounds_tag, "image/png"},    {1000, 800, &cover_bounds_tag, "image/jpeg"},
                 {3000, 800, &cover_bounds_tag, "image/jpeg"},  {700, 1400, &cover_bounds_feed, "image/jpeg"},
                 {1400, 1400, &cover_bounds_feed, "image/png"}, {3200, 3000, &cover_bounds_feed, "image/jpeg"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer image = drawn(cases[i].from), out = {0}, again = {0};
        assert_int_equal(fit(&out, buffer_view(&image), cases[i].bounds), STATUS_OK);
        struct cover_facts facts = facts_of(buffer_view(&out));
        assert_int_equal(facts.width, cases[i].to);
        assert_int_equal(facts.height, cases[i].to);
        assert_string_equal(facts.mime_type, cases[i].type);
        assert_false(facts.progressive);
        assert_true(out.len <= cases[i].bounds->most_bytes);
        assert_int_equal(fit(&again, buffer_view(&image), cases[i].bounds), STATUS_OK);
        assert_true(str_eq(buffer_view(&out), buffer_view(&again)));
        /* A JPEG made here can be read here. */
        struct buffer jpeg = {0};
        const struct cover_bounds small = {1, 100, 200000};
        assert_int_equal(fit(&jpeg, buffer_view(&out), &small), STATUS_OK);
        assert_int_equal(facts_of(buffer_view(&jpeg)).width, 100);
        buffer_release(&jpeg);
        buffer_release(&again);
        buffer_release(&out);
        buffer_release(&image);
    }
}

/* Noise does not compress: the quality goes down until it fits. */
static void test_few_bytes(void **state)
{
    (void)state;
    struct buffer image = drawn(1000), out = {0};
    const struct cover_bounds tight = {1, 800, 12000}, hopeless = {1, 800, 100};
    assert_int_equal(fit(&out, buffer_view(&image), &tight), STATUS_OK);
    assert_true(out.len <= 12000);
    buffer_clear(&out);
    assert_int_equal(fit(&out, buffer_view(&image), &hopeless), STATUS_BAD_DATA);
    buffer_release(&out);
    buffer_release(&image);
}

static void test_hostile(void **state)
{
    (void)state;
    struct buffer out = {0}, png = drawn(900), jpeg = {0};
    const struct cover_bounds small = {1, 700, 200000}, smaller = {1, 300, 200000};
    assert_int_equal(fit(&jpeg, buffer_view(&png), &small), STATUS_OK);
    struct buffer *const images[] = {&png, &jpeg};
    for (size_t i = 0; i < 2; i++) {
        struct str whole = buffer_view(images[i]);
        for (size_t len = 0; len < whole.len; len += whole.len / 23 + 1)
            assert_int_equal(fit(&out, str_sub(whole, 0, len), &smaller), STATUS_BAD_DATA);
        /* Damage anywhere is refused or drawn, and never more than that. */
        for (size_t at = 2; at < whole.len; at += at < 700 ? 9 : whole.len / 97 + 1) { /* the tables of a JPEG are in front */
            char kept = images[i]->data[at];
            images[i]->data[at] = (char)(kept ^ 0x55);
            enum status status = fit(&out, whole, &smaller);
            assert_true(status == STATUS_OK || status == STATUS_BAD_DATA);
            images[i]->data[at] = kept;
            buffer_clear(&out);
        }
    }
    /* A header that promises 60000 x 60000 or 20000 x 20000 pixels, in a file of 1 kB. */
    static const unsigned char sizes[][8] = {
        {0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60}, {0, 0, 0x4E, 0x20, 0, 0, 0x4E, 0x20}, {0, 0, 0, 1, 0x7F, 0xFF, 0xFF, 0xFF}};
    for (size_t i = 0; i < 3; i++) {
        memcpy(png.data + 16, sizes[i], 8);
        assert_int_equal(fit(&out, str_sub(buffer_view(&png), 0, 1000), &smaller), STATUS_BAD_DATA);
    }
    assert_int_equal(out.len, 0);
    buffer_release(&out);
    buffer_release(&png);
    buffer_release(&jpeg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sizes), cmocka_unit_test(test_few_bytes),
                                       cmocka_unit_test(test_hostile)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
