/* Whatever the bytes are, an article is understood or refused, and what is understood keeps article.h's promises. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "article/article.h"
#include "base/buffer.h"
#include "check.h"

static const char plain_sample[] =
    "\xEF\xBB\xBFHarbour Town Votes to Keep Its Last Ferry\n\n0\n32\nHarbour town votes to keep last ferry\nThe ferry Aurora in "
    "2019\n\n"
    "By Maria Lindqvist | 3 March 2024\n\nEASTPORT (Reuters) — Late on Tuesday, after four hours of talk, the council voted to "
    "keep the\n"
    "boat that has crossed the sound since 1951. “We have waited long enough,” said Mayor Edith Cole. “It\nstays.”\n\n"
    "A VOTE AND ITS PRICE\n\nThe crossing costs £1.2m a year — about 4% of the budget — and nobody knows who’ll pay for it in "
    "2026.\n\n"
    "  • First point: the hull is old.\r\n  • Second point: so is the crew.\r\n\r\n1. One\n2. Two\n   wrapped on\n10) ten\n\n"
    "What Comes Next?\n----------------\n\nCOLE: We go on.\nBERG: And then?\nCOLE: We’ll see.\n\n> quoted line\n> and more of "
    "it\n\n"
    "Advertisement\n\nRead more: Ten ferries to see\n\nPhoto: Jan Berg/Getty Images\n\n* * *\n\n"
    "Caf\xC3\xA9 owners, \xF0\x9F\x98\x80 children and \xD0\x9F\xD1\x91\xD1\x82\xD1\x80 waved: "
    "\xE4\xBD\xA0\xE5\xA5\xBD\xE3\x80\x82\n";

static const char markdown_sample[] =
    "---\ntitle: \"The Long Field: A Story\"\nauthor: Ann Reed\ndate: 2024-05-01\nlang: en-GB\nvoices:\n  Ann Reed: "
    "woman-1\n---\n\n"
    "# The Long Field: A Story\n\n*By Ann Reed*\n\nIt was **dark &amp; late** &mdash; and [the *gate*](http://example.org/a_(b) "
    "\"t\") stood\n"
    "   open \\*wide\\*, `co``de` and `more\ncode`.[^1] See <https://example.org> or https://example.org/x.\n\n## Part *one*\n\n"
    "> “Who is there?” asked *Tom*\nand nobody > said &lt;b&gt;\n>\n> - item in quote\n>   more ![pic](a.png) of it\n\n"
    "1. First\n2. Second **bold**\n\n   Second again\n   - nested\n     - deeper [ref][r] and [r]\n3. [x] done\n\n"
    "Setext\nheading\n===\n\nBefore\n| a | b |\n|---|:-:|\n| c | d |\n\n![A *dog* runs](dog.png)\n\n```c\nint x = 1;\n```\n\n    "
    "code by indent\n\n"
    "<div>html\nblock</div>\n\n<!-- a comment -->\n\nText <span class=\"a\">inline</span> html\\\nbreak  \nend\n\n***\n\n[r]: "
    "http://example.org/r \"title\"\n"
    "[^1]: The note of it.\n";

static uint64_t next_random(uint64_t *state)
{
    *state += 0x9E3779B97F4A7C15u; /* splitmix64 */
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static size_t below(uint64_t *state, size_t limit)
{
    return limit ? (size_t)(next_random(state) % limit) : 0;
}

static const char *const marks[] = {"\n",
                                    "\n\n",
                                    "\r\n",
                                    "\r",
                                    "\t",
                                    " ",
                                    "# ",
                                    "## ",
                                    "> ",
                                    "- ",
                                    "* ",
                                    "1. ",
                                    "**",
                                    "*",
                                    "_",
                                    "`",
                                    "```\n",
                                    "~~~",
                                    "[",
                                    "](",
                                    ")",
                                    "]",
                                    "![",
                                    "]: ",
                                    "[^1]",
                                    "<b>",
                                    "<!--",
                                    "-->",
                                    "&amp;",
                                    "&#0;",
                                    "&#x41;",
                                    "&",
                                    "\\",
                                    "|",
                                    "---\n",
                                    "===\n",
                                    "|---|\n",
                                    "\xC2\xA0",
                                    "“",
                                    "”",
                                    "’",
                                    "\"",
                                    "—",
                                    "\xE2\x80\x8B",
                                    "\xC2\xAD",
                                    "\xEF\xBB\xBF",
                                    "\x01",
                                    "\x1B[31m",
                                    "\x7F",
                                    "\xFF",
                                    "\xC3",
                                    "\xF0\x9F",
                                    "0",
                                    "32",
                                    "Share",
                                    "Advertisement",
                                    "By Ann Reed",
                                    "\xC2\x85",
                                    "\xE2\x80\xA8",
                                    "e\xCC\x81",
                                    "½",
                                    "\f",
                                    "    "};

/* One change: a byte, a cut, a doubling or a mark put in. */
static void mutate(struct buffer *bytes, uint64_t *state)
{
    struct buffer out = {0};
    size_t at = below(state, bytes->len + 1), len = below(state, below(state, 4) ? 12 : 400);
    struct str all = buffer_view(bytes), before = str_sub(all, 0, at), after = str_sub(all, at, all.len);
    switch (below(state, 5)) {
    case 0: /* flip */
        buffer_str(&out, all);
        if (out.len)
            out.data[at % out.len] = (char)(out.data[at % out.len] ^ (1 << below(state, 8)));
        break;
    case 1: /* cut */
        buffer_str(&out, before);
        buffer_str(&out, str_sub(after, len, after.len));
        break;
    case 2: /* double */
        buffer_str(&out, before);
        buffer_str(&out, str_sub(after, 0, len));
        buffer_str(&out, after);
        break;
    case 3: /* move from elsewhere */
        buffer_str(&out, before);
        buffer_str(&out, str_sub(all, below(state, all.len + 1), all.len > 60 ? 60 + below(state, all.len - 60) : all.len));
        buffer_str(&out, after);
        break;
    default:
        buffer_str(&out, before);
        buffer_c_string(&out, marks[below(state, sizeof marks / sizeof *marks)]);
        buffer_str(&out, after);
    }
    buffer_release(bytes);
    *bytes = out;
    if (bytes->len > 20000)
        bytes->len = 10000;
}

static void survive(struct str sample, const char *path, size_t rounds, uint64_t seed)
{
    uint64_t state = seed;
    struct buffer bytes = {0};
    size_t parsed = 0;
    for (size_t round = 0; round < rounds; round++) {
        if (round % 16 == 0) {
            buffer_clear(&bytes);
            buffer_str(&bytes, sample);
        }
        for (size_t n = 1 + below(&state, 4); n > 0; n--)
            mutate(&bytes, &state);
        struct article article;
        struct problem problem = {0};
        enum status status = article_parse(&article, buffer_view(&bytes), path, NULL, &problem);
        if (status == STATUS_OK) {
            const char *broken = broken_promise(&article);
            if (broken) {
                FILE *file = fopen("/tmp/crier-mutation.bin", "wb");
                if (file) {
                    fwrite(bytes.data, 1, bytes.len, file);
                    fclose(file);
                }
                fail_msg("%s, round %zu (seed %llu): %s; input in /tmp/crier-mutation.bin", path, round, (unsigned long long)seed,
                         broken);
            }
            parsed++;
        } else {
            assert_int_equal(status, STATUS_BAD_DATA);
            assert_true(problem.text[0] != '\0');
            assert_null(article.blocks);
        }
        article_release(&article);
    }
    buffer_release(&bytes);
    assert_true(parsed * 2 > rounds); /* else nothing was tested */
}

static void plain_text_survives(void **state)
{
    (void)state;
    survive((struct str){plain_sample, sizeof plain_sample - 1}, "a.txt", TEST_ROUNDS(12000), 1);
}

static void markdown_survives(void **state)
{
    (void)state;
    survive((struct str){markdown_sample, sizeof markdown_sample - 1}, "a.md", TEST_ROUNDS(12000), 2);
}

static void samples_lose_nothing(void **state)
{
    (void)state;
    struct article article;
    assert_int_equal(article_parse(&article, (struct str){plain_sample, sizeof plain_sample - 1}, "a.txt", NULL, NULL),
                     STATUS_OK);
    assert_null(broken_promise(&article));
    assert_int_equal(article.text.len, sizeof plain_sample - 1); /* source offsets are file offsets */
    article_release(&article);
    assert_int_equal(article_parse(&article, (struct str){markdown_sample, sizeof markdown_sample - 1}, "a.md", NULL, NULL),
                     STATUS_OK);
    assert_null(broken_promise(&article));
    article_release(&article);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_lose_nothing),
        cmocka_unit_test(plain_text_survives),
        cmocka_unit_test(markdown_survives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
