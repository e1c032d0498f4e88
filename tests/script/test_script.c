#include "test.h"

#include <jansson.h>
#include <stdlib.h>

#include "blocks.h"
#include "check_script.h"
#include "mutate.h"
#include "script/script.h"
#include "texts.h"

static void make(struct script *script, struct article *article, const char *text)
{
    make_blocks(article, text, "en");
    assert_int_equal(script_make(script, article, NULL, NULL), STATUS_OK);
    check_script(script);
}

static void drop(struct script *script, struct article *article)
{
    script_release(script);
    arena_release(&article->arena);
}

static void sections_follow_headings(void **state)
{
    (void)state;
    struct article article;
    struct script script;
    make(&script, &article, "# Boats\nIt rained.\n## Later\nIt stopped. We left.\n## 🙂\nThe end.");
    assert_int_equal(script.n_sections, 2);
    assert_str_equal(script.sections[0].title, "Boats");
    assert_int_equal(script.sections[0].level, 1);
    assert_int_equal(script.sections[0].n_segments, 2);
    assert_int_equal(script.segments[0].kind, SEGMENT_TITLE);
    assert_str_equal(script.sections[1].title, "Later");
    assert_int_equal(script.sections[1].level, 2);
    assert_int_equal(script.sections[1].n_segments, 3);
    assert_int_equal(script.segments[3].n_sentences, 2);
    assert_int_equal(script.n_omissions, 1);
    assert_string_equal(script.omissions[0].reason, "emoji");
    drop(&script, &article);

    make(&script, &article, "It rained.\n## Later\nIt stopped.");
    assert_int_equal(script.n_sections, 2);
    assert_str_equal(script.sections[0].title, "");
    drop(&script, &article);

    make(&script, &article, "## Later\nIt stopped.");
    assert_int_equal(script.n_sections, 1);
    assert_str_equal(script.sections[0].title, "Later");
    drop(&script, &article);
}

static void quotations_become_segments(void **state)
{
    (void)state;
    struct article article;
    struct script script;
    make(&script, &article,
         "# Boats\n“We waited,” said Ann Lee. “Then it rained 🙂.” — She left.\n“One.\n“Two,” said Ann Lee of "
         "the "
         "“so-called” "
         "wait.");
    static const struct {
        enum segment_kind kind;
        const char *text;
    } want[] = {
        {SEGMENT_TITLE, "Boats"},
        {SEGMENT_QUOTE, "“We waited,”"},
        {SEGMENT_NARRATION, "said Ann Lee."},
        {SEGMENT_QUOTE, "“Then it rained 🙂.”"},
        {SEGMENT_NARRATION, "She left."},
        {SEGMENT_QUOTE, "“One."},
        {SEGMENT_QUOTE, "“Two,”"},
        {SEGMENT_NARRATION, "said Ann Lee of the “so-called” wait."},
    };
    assert_int_equal(script.n_segments, sizeof want / sizeof *want);
    for (size_t i = 0; i < script.n_segments; i++) {
        assert_int_equal(script.segments[i].kind, want[i].kind);
        assert_str_equal(script.segments[i].sentences[0].text, want[i].text);
    }
    assert_false(script.segments[5].continues);
    assert_true(script.segments[6].continues);
    drop(&script, &article);
}

static void labels_are_read_once(void **state)
{
    (void)state;
    struct article article;
    struct script script;
    make(&script, &article, "# Talk\nWALLIS: What?\nPENNY: That.\nWALLIS: Really?\nPENNY: Really.");
    assert_int_equal(script.n_segments, 7);
    assert_str_equal(script.segments[1].sentences[0].text, "WALLIS:");
    assert_int_equal(script.segments[2].kind, SEGMENT_QUOTE);
    assert_str_equal(script.segments[2].sentences[0].text, "What?");
    assert_int_equal(script.n_omissions, 2);
    assert_string_equal(script.omissions[0].reason, "speaker label");
    drop(&script, &article);
}

static void the_users_word_counts(void **state)
{
    (void)state;
    struct article article;
    struct script script;
    struct script_options options = {.title = "Ships", .byline = "Ann Lee", .language = "en-GB"};
    make_blocks(&article, "# Boats\nIt rained.", "");
    assert_int_equal(script_make(&script, &article, &options, NULL), STATUS_OK);
    assert_str_equal(script.title, "Ships");
    assert_str_equal(script.sections[0].title, "Ships");
    assert_str_equal(script.byline, "Ann Lee");
    assert_str_equal(script.language, "en-GB");
    script_release(&script);
    assert_int_equal(script_make(&script, &article, NULL, NULL), STATUS_OK);
    assert_str_equal(script.language, "en");
    drop(&script, &article);
}

static void nothing_to_say(void **state)
{
    (void)state;
    struct article article;
    struct script script;
    struct problem problem = {0};
    make_blocks(&article, "“”\n— … 🙂", "en");
    assert_int_equal(script_make(&script, &article, NULL, &problem), STATUS_BAD_DATA);
    assert_int_equal(problem.status, STATUS_BAD_DATA);
    assert_null(script.arena.chunks);
    drop(&script, &article);
    script_release(NULL);
}

/* ---- JSON ------------------------------------------------------------------------------------------------------- */

static void check_sentence_json(const json_t *sentence, struct str source)
{
    json_int_t start = json_integer_value(json_object_get(sentence, "start"));
    json_int_t end = json_integer_value(json_object_get(sentence, "end"));
    const char *text = json_string_value(json_object_get(sentence, "text"));
    assert_non_null(text);
    assert_non_null(json_string_value(json_object_get(sentence, "spoken")));
    assert_true(start < end && (size_t)end <= source.len);
    assert_str_equal(str_sub(source, (size_t)start, (size_t)end), text);
}

static void json_follows_the_contract(void **state)
{
    (void)state;
    struct article article;
    struct script script;
    make(&script, &article,
         "# Boats \\ \"ships\" \x01 é\n“We waited,” said Dr. Ann Lee. “Then it rained 🙂.”\n- An item.\n^ A "
         "caption.\n## "
         "Later\nYes.");
    struct buffer out = {0};
    assert_int_equal(script_write_json(&script, NULL, NULL, &out), STATUS_OK);
    json_error_t error;
    json_t *root = json_loadb(out.data, out.len, 0, &error);
    if (!root)
        print_error("%s at %d\n", error.text, error.position);
    assert_non_null(root);
    assert_int_equal(out.data[out.len - 1], '\n');
    assert_int_equal(json_integer_value(json_object_get(root, "crier")), 1);
    assert_string_equal(json_string_value(json_object_get(root, "title")), "Boats \\ \"ships\" \x01 é");
    assert_true(json_is_null(json_object_get(root, "byline")) && json_is_null(json_object_get(root, "published")));
    assert_string_equal(json_string_value(json_object_get(root, "language")), "en");
    assert_string_equal(json_string_value(json_object_get(root, "source")), "test.txt");
    size_t i, k, m, quotes = 0;
    json_t *section, *segment, *sentence;
    assert_int_equal(json_array_size(json_object_get(root, "sections")), 2);
    json_array_foreach(json_object_get(root, "sections"), i, section)
    {
        assert_non_null(json_string_value(json_object_get(section, "title")));
        assert_int_equal(json_integer_value(json_object_get(section, "level")), i + 1);
        json_array_foreach(json_object_get(section, "segments"), k, segment)
        {
            const char *kind = json_string_value(json_object_get(segment, "kind"));
            static const char *const keys[] = {"start", "end", "speaker", "mention", "gender", "attribution", "voice"};
            for (m = 0; m < sizeof keys / sizeof *keys; m++)
                assert_non_null(json_object_get(segment, keys[m]));
            json_array_foreach(json_object_get(segment, "sentences"), m, sentence) check_sentence_json(sentence, article.text);
            if (strcmp(kind, "quote") == 0) {
                quotes++;
                assert_string_equal(json_string_value(json_object_get(segment, "speaker")), "Ann Lee");
                json_t *attribution = json_object_get(segment, "attribution");
                assert_true(json_number_value(json_object_get(attribution, "confidence")) >= SCRIPT_CONFIDENT);
            }
        }
    }
    assert_int_equal(quotes, 2);
    json_t *skipped = json_array_get(json_object_get(root, "skipped"), 0);
    assert_string_equal(json_string_value(json_object_get(skipped, "reason")), "emoji");
    assert_string_equal(json_string_value(json_object_get(skipped, "text")), "🙂");
    json_decref(root);
    buffer_release(&out);
    drop(&script, &article);
}

/* ---- whatever comes in ------------------------------------------------------------------------------------------ */

static struct str one_voice(const void *context, const struct segment *segment)
{
    (void)context;
    static const char *const voices[] = {"a", "b", "c", "d"};
    if (segment->speaker != SCRIPT_NOBODY)
        return str_from(voices[segment->speaker % 4]);
    return segment->kind == SEGMENT_QUOTE ? STR("unknown") : segment->kind == SEGMENT_TITLE ? STR("headline") : STR("narrator");
}

/* Through the whole front end, into both forms, and back from the text form. False where the article stage finds no text. */
static bool check_text(struct str text, const char *path)
{
    struct article article, again;
    struct script script, reread;
    if (article_parse(&article, text, path, NULL, NULL) != STATUS_OK)
        return false;
    bool sound = article_uncovered(&article) == SIZE_MAX; /* what the article stage loses is its own tests' business */
    if (script_make(&script, &article, NULL, NULL) != STATUS_OK) {
        article_release(&article);
        return false;
    }
    if (sound)
        check_script(&script);
    struct buffer out = {0};
    assert_int_equal(script_write_json(&script, one_voice, NULL, &out), STATUS_OK);
    json_t *root = json_loadb(out.data, out.len, 0, NULL);
    assert_non_null(root);
    json_decref(root);
    buffer_clear(&out);
    assert_int_equal(script_write_text(&script, one_voice, NULL, &out), STATUS_OK);
    assert_true(script_is_text_form(buffer_view(&out)));
    struct problem problem = {0};
    if (script_read_text(&reread, &again, buffer_view(&out), "test.script", NULL, &problem) != STATUS_OK)
        print_error("line %zu: %s\n%.*s\n", problem.line, problem.text, STR_ARG(buffer_view(&out)));
    assert_int_equal(problem.status, STATUS_OK);
    check_script(&reread);
    assert_same_passages(&script, one_voice, &reread);
    buffer_release(&out);
    script_release(&reread);
    article_release(&again);
    script_release(&script);
    article_release(&article);
    return true;
}

static void whole_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof test_texts / sizeof *test_texts; i++) {
        assert_true(check_text(str_from(test_texts[i]), "test.txt"));
        assert_true(check_text(str_from(test_texts[i]), "test.md"));
    }
}

static void mutated_texts(void **state)
{
    (void)state;
    enum { ROUNDS = TEST_ROUNDS(10000), SIZE = 4096 };
    static char text[SIZE];
    unsigned seed = 20261123;
    size_t len = 0, made = 0;
    for (size_t round = 0; round < ROUNDS; round++) {
        size_t which = round / 20 % (sizeof test_texts / sizeof *test_texts);
        if (round % 20 == 0) {
            len = strlen(test_texts[which]);
            memcpy(text, test_texts[which], len);
        }
        for (unsigned n = next_random(&seed) % 4 + 1; n; n--)
            len = mutate(text, len, SIZE, &seed);
        made += check_text((struct str){text, len}, round % 2 ? "test.md" : "test.txt");
    }
    assert_true(made > ROUNDS * 9 / 10);
}

/* Signs without number and without end: time and memory stay bound to the length. */
static void hostile_texts(void **state)
{
    (void)state;
    static const char *const units[] = {"“",   "\"", "‘s’ ", "«", "「", "“a ‘b «c \"d ", "A: b\n\n", "— a, dit-il, ",
                                        "a. ", ". ", "🙂", "aé"};
    enum { SIZE = 200000 };
    char *text = malloc(SIZE);
    assert_non_null(text);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t len = 0, unit = strlen(units[i]);
        for (; len + unit <= SIZE; len += unit)
            memcpy(text + len, units[i], unit);
        check_text((struct str){text, len}, "test.txt");
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_follow_headings),
        cmocka_unit_test(quotations_become_segments),
        cmocka_unit_test(labels_are_read_once),
        cmocka_unit_test(the_users_word_counts),
        cmocka_unit_test(nothing_to_say),
        cmocka_unit_test(json_follows_the_contract),
        cmocka_unit_test(whole_texts),
        cmocka_unit_test(mutated_texts),
        cmocka_unit_test(hostile_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
