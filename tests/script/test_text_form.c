#include "test.h"

#include <stdlib.h>

#include "blocks.h"
#include "check_script.h"
#include "mutate.h"
#include "script/script.h"

static void read_ok(struct script *script, struct article *article, const char *text)
{
    struct problem problem = {0};
    enum status status = script_read_text(script, article, str_from(text), "test.script", NULL, &problem);
    if (status != STATUS_OK)
        print_error("line %zu: %s\n", problem.line, problem.text);
    assert_int_equal(status, STATUS_OK);
    check_script(script);
}

static void drop(struct script *script, struct article *article)
{
    script_release(script);
    article_release(article);
}

static const char form[] = "crier script 1\n"                                         /* 1 */
                           "; a remark\n"                                             /* 2 */
                           "title: Night: a ferry\n"                                  /* 3 */
                           "byline: Ann Lee\n"                                        /* 4 */
                           "published: 2025-11-03\n"                                  /* 5 */
                           "language: en-GB\n"                                        /* 6 */
                           "voice of narration: narrator\n"                           /* 7 */
                           "speaker: Ines Alder | female | person | voice: woman-2\n" /* 8 */
                           "\n"                                                       /* 9 */
                           "# Night: a ferry\n"                                       /* 10 */
                           "\n"                                                       /* 11 */
                           "[title]\n"                                                /* 12 */
                           "Night: a ferry\n"                                         /* 13 */
                           "\n"                                                       /* 14 */
                           "[quote: Ines Alder]\n"                                    /* 15 */
                           "“We waited,”\n"                                           /* 16 */
                           "= We really waited,\n"                                    /* 17 */
                           "[narration]\n"                                            /* 18 */
                           "said the captain.\n"                                      /* 19 */
                           "(pause 700)\n"                                            /* 20 */
                           "\n"                                                       /* 21 */
                           "## Later\n"                                               /* 22 */
                           "[quote: Tom | male | voice: man-9]\n"                     /* 23 */
                           "\\[Laughs.] Yes.\n"                                       /* 24 */
                           "\\= No.\n"                                                /* 25 */
                           "=\n"                                                      /* 26 */
                           "\n"                                                       /* 27 */
                           "A paragraph of the same voice.\n";                        /* 28 */

static void all_fields_are_obeyed(void **state)
{
    (void)state;
    struct script script;
    struct article article;
    read_ok(&script, &article, form);
    assert_str_equal(script.title, "Night: a ferry");
    assert_str_equal(script.byline, "Ann Lee");
    assert_str_equal(script.published, "2025-11-03");
    assert_str_equal(script.language, "en-GB");
    assert_int_equal(script.n_sections, 2);
    assert_str_equal(script.sections[1].title, "Later");
    assert_int_equal(script.sections[1].level, 2);
    assert_int_equal(script.n_segments, 5);
    assert_int_equal(script.n_speakers, 2);
    assert_str_equal(script.speakers[0].name, "Ines Alder");
    assert_int_equal(script.speakers[0].gender, GENDER_FEMALE);
    assert_int_equal(script.speakers[0].n_quotes, 1);
    assert_int_equal(script.speakers[1].gender, GENDER_MALE);
    const struct segment *segments = script.segments;
    assert_str_equal(segments[1].voice, "woman-2");
    assert_str_equal(segments[1].sentences[0].spoken.words, "We really waited,");
    assert_int_equal(segments[1].block, segments[2].block);
    assert_str_equal(segments[2].voice, "narrator");
    assert_int_equal(segments[2].sentences[0].pause_ms, 700);
    assert_int_equal(segments[1].sentences[0].pause_ms, -1);
    assert_str_equal(segments[3].voice, "man-9");
    assert_str_equal(segments[3].sentences[0].text, "[Laughs.] Yes.");
    assert_str_equal(segments[3].sentences[1].text, "= No.");
    assert_str_equal(segments[3].sentences[1].spoken.words, "");
    assert_int_equal(segments[4].speaker, segments[3].speaker);
    assert_true(segments[4].block > segments[3].block);
    assert_int_equal(article.n_pins, 1);
    assert_str_equal(article.pins[0].voice, "woman-2");
    drop(&script, &article);
}

static struct str pinned_voice(const void *context, const struct segment *segment)
{
    (void)context;
    return segment->voice;
}

/* What a person changed is still there when the script is written again: pauses, spoken forms, voices. */
static void a_read_script_is_written_back(void **state)
{
    (void)state;
    struct script script, again;
    struct article article, other;
    struct buffer out = {0};
    read_ok(&script, &article, form);
    assert_int_equal(script_write_text(&script, NULL, NULL, &out), STATUS_OK);
    assert_int_equal(script_read_text(&again, &other, buffer_view(&out), "x", NULL, NULL), STATUS_OK);
    assert_same_passages(&script, pinned_voice, &again);
    assert_int_equal(again.segments[2].sentences[0].pause_ms, 700);
    assert_str_equal(again.published, "2025-11-03");
    buffer_release(&out);
    drop(&again, &other);
    drop(&script, &article);
}

/* Whatever an editor leaves behind: an error with a line, or a script that holds together. */
static void mutated_forms(void **state)
{
    (void)state;
    enum { ROUNDS = 5000, SIZE = 2048 };
    static char text[SIZE];
    unsigned seed = 42;
    size_t len = 0, good = 0, bad = 0;
    for (size_t round = 0; round < ROUNDS; round++) {
        if (round % 8 == 0) {
            len = sizeof form - 1;
            memcpy(text, form, len);
        }
        len = mutate(text, len, SIZE, &seed);
        struct script script;
        struct article article;
        struct problem problem = {0};
        if (script_read_text(&script, &article, (struct str){text, len}, "x", NULL, &problem) == STATUS_OK) {
            check_script(&script);
            drop(&script, &article);
            good++;
        } else {
            assert_int_equal(problem.status, STATUS_BAD_DATA);
            bad++;
        }
    }
    assert_true(good > ROUNDS / 10 && bad > ROUNDS / 10);
}

/* Word marks under changed words: kept where nothing changed, in order and in bounds everywhere. */
static void parts_of_changed_words(void **state)
{
    (void)state;
    struct script script;
    struct article article;
    read_ok(&script, &article,
            "crier script 1\n[narration]\nIt cost $5 in Rome.\n= It cost five coins in Rome.\nIt rained.\n= Never mind.\n");
    for (size_t i = 0; i < 2; i++) {
        const struct sentence *sentence = &script.segments[0].sentences[i];
        size_t spoken = 0, text = 0;
        for (size_t p = 0; p < sentence->spoken.n_parts; p++) {
            const struct spoken_part *part = &sentence->spoken.parts[p];
            assert_true(part->spoken_start >= spoken && part->spoken_end > part->spoken_start);
            assert_true(part->text_start >= text && part->text_end > part->text_start);
            spoken = part->spoken_end;
            text = part->text_end;
        }
        assert_true(spoken <= sentence->spoken.words.len && text <= sentence->text.len && spoken > 0);
    }
    const struct sentence *first = &script.segments[0].sentences[0];
    assert_true(first->spoken.n_parts >= 4);
    const struct spoken_part *rome = &first->spoken.parts[first->spoken.n_parts - 1];
    assert_str_equal(str_sub(first->text, rome->text_start, rome->text_start + 4), "Rome");
    assert_str_equal(str_sub(first->spoken.words, rome->spoken_start, rome->spoken_start + 4), "Rome");
    drop(&script, &article);
}

static void the_users_word_counts(void **state)
{
    (void)state;
    struct script script;
    struct article article;
    struct script_options options = {.title = "Ships", .language = "en-US"};
    assert_int_equal(script_read_text(&script, &article, str_from(form), "test.script", &options, NULL), STATUS_OK);
    assert_str_equal(script.title, "Ships");
    assert_str_equal(script.language, "en-US");
    drop(&script, &article);
}

static void line_ends_and_marks_of_editors(void **state)
{
    (void)state;
    struct script script;
    struct article article;
    read_ok(&script, &article,
            "\xEF\xBB\xBF"
            "crier script 1\r\nlanguage: en\r\n\r\n[narration]\r\n  It rained.  \r\n\r\n");
    assert_int_equal(script.n_segments, 1);
    assert_str_equal(script.segments[0].sentences[0].text, "It rained.");
    drop(&script, &article);
    assert_true(script_is_text_form(STR("crier script 1\n")));
    assert_true(script_is_text_form(STR("\xEF\xBB\xBF"
                                        "crier script 2\r\n")));
    assert_false(script_is_text_form(STR("crier scripts are fun\n")));
    assert_false(script_is_text_form(STR("")));
}

static void deleted_words_are_gone(void **state)
{
    (void)state;
    struct script script;
    struct article article;
    read_ok(&script, &article, "crier script 1\n# One\n[narration]\n\n## Two\n[quote: Ann]\n[narration]\nIt rained.\n");
    assert_int_equal(script.n_sections, 1);
    assert_str_equal(script.sections[0].title, "Two");
    assert_int_equal(script.n_segments, 1);
    drop(&script, &article);
}

static void errors_name_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t line;
    } cases[] = {
        {"crier script 9\n[narration]\nYes.\n", 1},
        {"crier script 1\nIt rained.\n", 2},
        {"crier script 1\ntitel: X\n", 2},
        {"crier script 1\nspeaker: \n", 2},
        {"crier script 1\nspeaker: Ann | femal\n", 2},
        {"crier script 1\n\n[naration]\nYes.\n", 3},
        {"crier script 1\n\n[narration\nYes.\n", 3},
        {"crier script 1\n\n[quote: Ann | voices: x]\nYes.\n", 3},
        {"crier script 1\n[narration]\n= Yes.\n", 3},
        {"crier script 1\n[narration]\n(pause 3)\n", 3},
        {"crier script 1\n[narration]\nYes.\n(pause long)\n", 4},
        {"crier script 1\n[narration]\nYes.\n(pause 99999999999999999999)\n", 4},
        {"crier script 1\n[narration]\nYes.\n(pause 70000)\n", 4},
        {"crier script 1\n[narration]\nYes.\n#Later\nNo.\n", 4},
        {"crier script 1\n[narration]\nYes.\n# Later\nNo.\n", 5},
        {"crier script 1\n[narration]\nYes \xff.\n", 3},
        {"crier script 1\n", 0},
        {"", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct script script;
        struct article article;
        struct problem problem = {0};
        assert_int_equal(script_read_text(&script, &article, str_from(cases[i].text), "x.script", NULL, &problem),
                         STATUS_BAD_DATA);
        assert_int_equal(problem.line, cases[i].line);
        assert_string_equal(problem.path, "x.script");
        assert_true(problem.text[0]);
        assert_null(script.arena.chunks);
        assert_null(article.arena.chunks);
    }
}

/* As many speakers as a debate has, each found again by name; the user's byline wins over the file's. */
static void many_speakers(void **state)
{
    (void)state;
    struct buffer text = {0};
    struct script script;
    struct article article;
    struct problem problem = {0};
    buffer_c_string(&text, "crier script 1\nbyline: Ann Lee\n");
    for (int turn = 0; turn < 2; turn++)
        for (int i = 0; i < 300; i++)
            buffer_format(&text, "\n[quote: Member %d]\nYes, says member %d.\n", i, i);
    const struct script_options options = {.byline = "Bo Re"};
    assert_int_equal(script_read_text(&script, &article, buffer_view(&text), "x", &options, &problem), STATUS_OK);
    assert_str_equal(script.byline, "Bo Re");
    assert_int_equal(script.n_speakers, 300);
    assert_int_equal(script.n_segments, 600);
    for (size_t i = 0; i < 300; i++)
        assert_int_equal(script.segments[i].speaker, script.segments[300 + i].speaker);
    drop(&script, &article);
    buffer_release(&text);
}

/* Names are all that tells speakers apart in the form: odd ones, equal ones and voices that differ within one speaker. */
static struct str voices_by_offset(const void *context, const struct segment *segment)
{
    (void)context;
    static const char *const voices[] = {"a", "b|]\\", "c"};
    return str_from(voices[segment->source_start % 3]);
}

static void odd_names(void **state)
{
    (void)state;
    struct article article, again;
    struct script script, reread;
    make_blocks(&article, "# T\n“We won,” he said.\n“We lost,” she said.\n“We drew,” they said. “And left.”", "en");
    assert_int_equal(script_make(&script, &article, NULL, NULL), STATUS_OK);
    struct speaker speakers[] = {{.name = STR("Ann | [Bo]: \\ Day"), .gender = GENDER_FEMALE, .kind = SPEAKER_PERSON},
                                 {.name = STR("officials"), .kind = SPEAKER_GROUP},
                                 {.name = STR("officials"), .kind = SPEAKER_GROUP}};
    script.speakers = speakers;
    script.n_speakers = 3;
    for (size_t i = 0, n = 0; i < script.n_segments; i++)
        if (script.segments[i].kind == SEGMENT_QUOTE)
            ((struct segment *)&script.segments[i])->speaker = n++ % 3;
    struct buffer out = {0};
    assert_int_equal(script_write_text(&script, voices_by_offset, NULL, &out), STATUS_OK);
    struct problem problem = {0};
    assert_int_equal(script_read_text(&reread, &again, buffer_view(&out), "x", NULL, &problem), STATUS_OK);
    assert_same_passages(&script, voices_by_offset, &reread);
    assert_int_equal(reread.n_speakers, 3);
    assert_str_equal(reread.speakers[0].name, "Ann | [Bo]: \\ Day");
    assert_str_equal(reread.speakers[2].name, "officials (2)");
    buffer_release(&out);
    script_release(&reread);
    article_release(&again);
    script_release(&script);
    arena_release(&article.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_fields_are_obeyed),
        cmocka_unit_test(parts_of_changed_words),
        cmocka_unit_test(the_users_word_counts),
        cmocka_unit_test(line_ends_and_marks_of_editors),
        cmocka_unit_test(deleted_words_are_gone),
        cmocka_unit_test(errors_name_their_line),
        cmocka_unit_test(odd_names),
        cmocka_unit_test(many_speakers),
        cmocka_unit_test(a_read_script_is_written_back),
        cmocka_unit_test(mutated_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
