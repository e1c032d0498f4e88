#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "article/article.h"
#include "base/utf8.h"
#include "scarce.h"
#include "studio/pauses.h"
#include "studio/pieces.h"
#include "studio/programme.h"

/* ---- articles to their castings, with a small cast ---- */

static const struct voice voices[] = {
    {.name = {"narrator", 8}, .engine = {"espeak", 6}, .rate_wpm = 175},
    {.name = {"headline", 8}, .engine = {"espeak", 6}, .rate_wpm = 175},
    {.name = {"woman", 5}, .engine = {"espeak", 6}, .rate_wpm = 175, .gender = GENDER_FEMALE},
    {.name = {"man", 3}, .engine = {"espeak", 6}, .rate_wpm = 175, .gender = GENDER_MALE},
    {.name = {"neutral", 7}, .engine = {"espeak", 6}, .rate_wpm = 175},
    {.name = {"unknown", 7}, .engine = {"espeak", 6}, .rate_wpm = 175},
};
static const size_t in_role[ROLE_COUNT][1] = {{0}, {1}, {2}, {3}, {4}, {5}};

static const size_t speaker_voices[] = {2, 3};

struct fixture {
    struct arena arena;
    struct cast cast;
    struct article article;
    struct casting castings[300];
    struct programme_source sources[300];
    size_t n;
    struct programme programme;
};

static struct fixture *fixture_new(void)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    fixture->cast = (struct cast){.voices = voices, .n_voices = sizeof voices / sizeof *voices};
    for (size_t i = 0; i < ROLE_COUNT; i++) {
        fixture->cast.role_voices[i] = in_role[i];
        fixture->cast.n_role_voices[i] = 1;
    }
    return fixture;
}

/* A sentence whose every word is said as it is written, in capitals. "=" says nothing; "word^900" asks for a pause. */
static struct sentence sentence_of(struct arena *arena, struct str text)
{
    struct sentence sentence = {.text = text, .pause_ms = -1};
    size_t mark = str_find(text, STR("^"), 0);
    if (mark < text.len) {
        sentence.pause_ms = (int)strtol(text.data + mark + 1, NULL, 10);
        sentence.text.len = mark;
    }
    text = sentence.text;
    char *words = arena_alloc(arena, text.len + 1);
    struct spoken_part *parts = arena_array(arena, text.len, sizeof *parts);
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        words[i] = text.data[i] >= 'a' && text.data[i] <= 'z' ? (char)(text.data[i] - 32) : text.data[i];
        if (text.data[i] != ' ' && (i == 0 || text.data[i - 1] == ' '))
            parts[n++] = (struct spoken_part){(uint32_t)i, (uint32_t)i + 1, (uint32_t)i, (uint32_t)i + 1};
        if (text.data[i] != ' ')
            parts[n - 1].spoken_end = parts[n - 1].text_end = (uint32_t)i + 1;
    }
    if (!str_eq(text, STR("=")))
        sentence.spoken = (struct spoken){{words, text.len}, parts, n};
    return sentence;
}

/* A script from lines: T title, B byline, H heading, P narration, I item, 0 and 1 quotations by a woman and a man, ? by nobody;
 * then
 * "+" where it goes on in the same block, else a space; then sentences between bars. "0~" continues a quotation. */
static void add(struct fixture *fixture, const char *title, const char *byline, const char *lines)
{
    struct arena *arena = &fixture->arena;
    struct script *script = arena_alloc(arena, sizeof *script);
    struct segment *segments = NULL;
    struct section *sections = NULL;
    size_t segment_capacity = 0, section_capacity = 0, block = 0;
    *script = (struct script){.n_speakers = 2, .title = str_from(title), .byline = str_from(byline), .language = STR("en")};
    struct str rest = str_from(lines), line;
    while (str_next(&rest, '\n', &line) && line.len) {
        static const enum segment_kind kinds[128] = {
            ['T'] = SEGMENT_TITLE, ['B'] = SEGMENT_BYLINE, ['H'] = SEGMENT_HEADING, ['P'] = SEGMENT_NARRATION,
            ['I'] = SEGMENT_ITEM,  ['0'] = SEGMENT_QUOTE,  ['1'] = SEGMENT_QUOTE,   ['?'] = SEGMENT_QUOTE};
        struct str words = str_sub(line, 2, line.len), part;
        if (line.data[0] == 'H' || !script->n_sections) {
            struct section *section =
                arena_push(arena, (void **)&sections, &script->n_sections, &section_capacity, sizeof *section);
            *section = (struct section){line.data[0] == 'H' || line.data[0] == 'T' ? words : STR(""), 1, script->n_segments, 0};
        }
        block += line.data[1] != '+';
        struct segment *segment = arena_push(arena, (void **)&segments, &script->n_segments, &segment_capacity, sizeof *segment);
        struct sentence *sentences = NULL;
        size_t sentence_capacity = 0;
        while (str_next(&words, '|', &part)) {
            struct sentence *sentence =
                arena_push(arena, (void **)&sentences, &segment->n_sentences, &sentence_capacity, sizeof *sentence);
            *sentence = sentence_of(arena, part);
        }
        char who = line.data[0];
        segment->kind = kinds[(unsigned char)who];
        segment->block = block;
        segment->speaker = who == '0' ? 0 : who == '1' ? 1 : SCRIPT_NOBODY;
        segment->continues = line.data[1] == '~';
        segment->sentences = sentences;
        sections[script->n_sections - 1].n_segments++;
    }
    script->segments = segments;
    script->sections = sections;
    script->article = &fixture->article;
    fixture->castings[fixture->n] = (struct casting){.cast = &fixture->cast,
                                                     .voices = voices,
                                                     .script = script,
                                                     .narrator = 0,
                                                     .headline = 1,
                                                     .unknown = 5,
                                                     .speaker_voice = speaker_voices};
    fixture->sources[fixture->n] = (struct programme_source){script, &fixture->castings[fixture->n], NULL};
    fixture->n++;
}

static const struct programme *make(struct fixture *fixture, const struct programme_options *options)
{
    struct problem problem = {0};
    enum status status = programme_make(&fixture->programme, fixture->sources, fixture->n, options, &problem);
    if (status != STATUS_OK)
        fail_msg("%s", problem.text);
    return &fixture->programme;
}

static void fixture_free(struct fixture *fixture)
{
    programme_release(&fixture->programme);
    arena_release(&fixture->arena);
    free(fixture);
}

/* The plan as lines: "voice: words" a piece, "-- 700" a pause between passages, "- 200" one inside, "== title" a chapter. */
static struct buffer render(const struct programme *programme)
{
    struct buffer out = {0};
    size_t chapter = 0;
    for (size_t i = 0; i < programme->n_passages; i++) {
        const struct passage *passage = &programme->passages[i];
        if (passage->starts_chapter) {
            const struct chapter_plan *plan = &programme->chapters[chapter++];
            buffer_format(&out, "== %.*s\n", STR_ARG(plan->title));
        }
        if (passage->kind == PASSAGE_AUDIO)
            buffer_format(&out, "[%s]\n", passage->audio_path);
        for (size_t j = 0; j < passage->n_pieces; j++) {
            const struct piece *piece = &passage->pieces[j];
            buffer_format(&out, "%.*s: %.*s\n", STR_ARG(piece->voice->name), STR_ARG(piece->text));
            if (j + 1 < passage->n_pieces)
                buffer_format(&out, "- %d\n", piece->pause_after_ms);
        }
        if (i + 1 < programme->n_passages)
            buffer_format(&out, "-- %d\n", passage->pause_after_ms);
    }
    assert_int_equal(chapter, programme->n_chapters);
    return out;
}

static void assert_plan(const struct programme *programme, const char *expected)
{
    struct buffer out = render(programme);
    assert_string_equal(out.data, expected);
    buffer_release(&out);
}

static const struct programme_options plain = {
    .rate_factor = 1, .announce_chosen = true, .announce = {[ANNOUNCEMENT_TITLE] = true, [ANNOUNCEMENT_BYLINE] = true}};

static void choose(struct programme_options *options, const char *kinds)
{
    struct str rest = str_from(kinds), word;
    options->announce_chosen = true;
    while (str_next(&rest, ',', &word))
        options->announce[announcement_by_name(word)] = true;
}

static const char article[] = "T A headline\n"
                              "P Opening words.|More of them.\n"
                              "H First part\n"
                              "0 That is right,\n"
                              "P+said Anna Morozov, a professor.|She smiled.\n"
                              "I one thing\n"
                              "I another\n"
                              "H Last part:\n"
                              "P The end.\n";

static void test_one_article(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    add(fixture, "A headline", "", article);
    assert_plan(make(fixture, &plain), "== A headline\n"
                                       "headline: A headline\n"
                                       "-- 700\n"
                                       "narrator: Opening words.\n"
                                       "- 400\n"
                                       "narrator: More of them.\n"
                                       "-- 1600\n"
                                       "== First part\n"
                                       "headline: First part\n"
                                       "-- 700\n"
                                       "woman: That is right,\n"
                                       "- 200\n"
                                       "narrator: said Anna Morozov, a professor.\n"
                                       "- 400\n"
                                       "narrator: She smiled.\n"
                                       "-- 500\n"
                                       "narrator: one thing\n"
                                       "-- 500\n"
                                       "narrator: another\n"
                                       "-- 1600\n"
                                       "== Last part\n"
                                       "headline: Last part:\n"
                                       "-- 700\n"
                                       "narrator: The end.\n");
    assert_int_equal(fixture->programme.n_words, 26);
    const struct piece *quote = &fixture->programme.passages[3].pieces[0];
    assert_str_equal(quote->words, "THAT IS RIGHT,");
    assert_int_equal(quote->n_parts, 3);
    assert_ptr_equal(quote->segment, &fixture->sources[0].script->segments[3]);
    fixture_free(fixture);
}

/* The frame of a programme around several articles. */
static void test_several_articles(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    add(fixture, "One", "Jane Doe", "T One\nP First.\nH Part\nP Second.\n");
    add(fixture, "Two?", "", "P Third.\n");
    add(fixture, "", "", "P Fourth.\n");
    struct programme_options options = plain;
    choose(&options, "show,date,contents,title,byline,end");
    options.show_title = "The Show";
    options.date = "2025-10-17";
    options.intro = "intro.wav";
    options.outro = "outro.wav";
    options.chime = "";
    const struct programme *programme = make(fixture, &options);
    struct buffer out = render(programme);
    static const char before[] = "== The Show\n[intro.wav]\n-- 700\nheadline: The Show.\n- 400\nnarrator: ";
    assert_memory_equal(out.data, before, sizeof before - 1);
    assert_non_null(strstr(out.data, "October"));
    assert_non_null(strstr(out.data, "\n-- 700\nnarrator: In this edition.\n- 400\nnarrator: One.\n- 400\nnarrator: Two?\n"
                                     "-- 1800\n"
                                     "== One\n"
                                     "[]\n"
                                     "-- 700\n"
                                     "headline: One\n"
                                     "-- 700\n"
                                     "narrator: By Jane Doe.\n"
                                     "-- 700\n"
                                     "narrator: First.\n"
                                     "-- 1600\n"
                                     "== One: Part\n"
                                     "headline: Part\n"
                                     "-- 700\n"
                                     "narrator: Second.\n"
                                     "-- 1600\n"
                                     "narrator: End of article.\n"
                                     "-- 1800\n"
                                     "== Two?\n"
                                     "[]\n"
                                     "-- 700\n"
                                     "headline: Two?\n"
                                     "-- 700\n"
                                     "narrator: Third.\n"
                                     "-- 1600\n"
                                     "narrator: End of article.\n"
                                     "-- 1800\n"
                                     "== Article 3\n"
                                     "[]\n"
                                     "-- 700\n"
                                     "narrator: Fourth.\n"
                                     "-- 1600\n"
                                     "narrator: End of article.\n"
                                     "-- 1600\n"
                                     "[outro.wav]\n"));
    buffer_release(&out);
    fixture_free(fixture);
}

/* Templates of the options go before those of the cast, an empty one is silence, and a list of kinds is the last word. */
static void test_templates(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    add(fixture, "One", "Jane Doe", "T One\nP First.\n");
    add(fixture, "", "", "T Two\nB By John Roe\nP Second.\n");
    struct announcement_templates templates = {.texts = {[ANNOUNCEMENT_SHOW] = STR("This is {show}"),
                                                         [ANNOUNCEMENT_CONTENTS] = STR("Today: {titles} And more."),
                                                         [ANNOUNCEMENT_DATE] = STR("On {date}, from {show}."),
                                                         [ANNOUNCEMENT_TITLE] = STR("Next, {title}"),
                                                         [ANNOUNCEMENT_END] = STR("That was {byline}")}};
    struct programme_options options = {.rate_factor = 1};
    options.templates = &templates;
    options.show_title = "The {show";
    fixture->cast.announcements.texts[ANNOUNCEMENT_BYLINE] = STR("Written by {byline}");
    fixture->cast.announcements.texts[ANNOUNCEMENT_TITLE] = STR("not used {title}");
    assert_plan(
        make(fixture, &options),
        "== This is The {show\nheadline: This is The {show.\n-- 700\nnarrator: Today:\n- 400\nnarrator: One.\n"
        "- 400\nnarrator: Two.\n- 400\nnarrator: And more.\n-- 1800\n"
        "== One\nheadline: Next,\n- 400\nheadline: One\n-- 700\nnarrator: Written by Jane Doe.\n-- 700\n"
        "narrator: First.\n-- 1600\nnarrator: That was Jane Doe.\n-- 1800\n"
        "== Article 2\nheadline: Next,\n- 400\nheadline: Two\n-- 700\nnarrator: By John Roe\n-- 700\nnarrator: Second.\n");
    programme_release(&fixture->programme);
    templates = (struct announcement_templates){.texts = {[ANNOUNCEMENT_TITLE] = STR(""), [ANNOUNCEMENT_BYLINE] = STR("")}};
    assert_plan(make(fixture, &options),
                "== In this edition\nnarrator: In this edition.\n- 400\nnarrator: One.\n- 400\nnarrator: Two.\n-- 1800\n"
                "== One\nnarrator: First.\n-- 1800\n== Article 2\nnarrator: Second.\n");
    programme_release(&fixture->programme);
    choose(&options, "title");
    assert_plan(make(fixture, &options), "== One\nheadline: One\n-- 700\nnarrator: First.\n-- 1800\n"
                                         "== Article 2\nheadline: Two\n-- 700\nnarrator: Second.\n");
    fixture_free(fixture);
}

/* No English words in editions of other languages; where crier does not know the months there is no date. */
static void test_dates(void **state)
{
    (void)state;
    static const struct {
        const char *language, *date, *said;
    } cases[] = {
        {"en", "2025-03-02", "Sunday, March second, twenty twenty-five."},
        {"fr", "2025-03-02", "2 mars 2025."},
        {"fr-CA", "2025-01-01", "1er janvier 2025."},
        {"de", "2025-12-31", "einunddreißigster Dezember 2025."},
        {"es", "2025-03-02", "2 de marzo de 2025."},
        {"ru", "2025-05-22", "двадцать второе мая."},
        {"hi", "2025-12-02", "2 दिसंबर 2025."},
    };
    struct programme_options options = plain;
    choose(&options, "date");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture *fixture = fixture_new();
        add(fixture, "", "", "P One.\n");
        struct script script = *fixture->sources[0].script;
        script.language = str_from(cases[i].language);
        fixture->sources[0].script = &script;
        options.date = cases[i].date;
        char want[256];
        snprintf(want, sizeof want, "== One.\nnarrator: %s\n-- 1800\nnarrator: One.\n", cases[i].said);
        assert_plan(make(fixture, &options), want);
        programme_release(&fixture->programme);
        script.language = STR("pl");
        assert_plan(make(fixture, &options), "== One.\nnarrator: One.\n");
        programme_release(&fixture->programme);
        fixture_free(fixture);
    }
}

static void test_intro_of_one_article(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    add(fixture, "", "", "P A text without any headline.\nH Part\nP More.\n");
    struct programme_options options = plain;
    options.intro = "intro.wav";
    options.chime = "chime.wav";
    assert_plan(make(fixture, &options), "== Introduction\n[intro.wav]\n-- 1800\nnarrator: A text without any headline.\n"
                                         "-- 1600\n== Part\n[chime.wav]\n-- 700\nheadline: Part\n-- 700\nnarrator: More.\n");
    fixture_free(fixture);
}

/* A quotation over several paragraphs is one voice, whoever is asked; unknown speakers have theirs. */
static void test_voices(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    add(fixture, "T", "", "1 He began.\n?~And went on.\n?~And on.\nP So he said.\n? Who knows?\n");
    assert_plan(make(fixture, &plain),
                "== T\nheadline: T.\n-- 700\nman: He began.\n-- 700\nman: And went on.\n-- 700\nman: And on.\n"
                "-- 700\nnarrator: So he said.\n-- 700\nunknown: Who knows?\n");
    fixture_free(fixture);
}

static void test_nothing_to_say(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    add(fixture, "", "", "P =|One.|=\nP =\nH =\nP Two.\n0 =\nP+=\nH Last\n");
    assert_plan(make(fixture, &plain),
                "== Introduction\nnarrator: One.\n-- 1600\n== =\nnarrator: Two.\n-- 1600\n== Last\nheadline: Last\n");
    programme_release(&fixture->programme);
    fixture->n = 0;
    add(fixture, "", "", "P =\n");
    struct problem problem = {0};
    assert_int_equal(programme_make(&fixture->programme, fixture->sources, 1, &plain, &problem), STATUS_BAD_DATA);
    fixture_free(fixture);
    programme_release(NULL);
}

static void test_asked_pauses(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    add(fixture, "", "", "P One.^900|Two.^0|Three.|=^123|Four.^1500\nP Five.^99999\nP Six.^7\n");
    assert_plan(make(fixture, &plain),
                "== One.\nnarrator: One.\n- 900\nnarrator: Two.\n- 0\nnarrator: Three.\n- 123\nnarrator: Four.\n"
                "-- 1500\nnarrator: Five.\n-- 10000\nnarrator: Six.\n");
    fixture_free(fixture);
}

static void test_pauses_scale(void **state)
{
    (void)state;
    for (int i = 0; i < BOUNDARY_COUNT; i++) {
        int normal = pause_ms((enum boundary)i, 1);
        assert_in_range(normal, 40, 2000);
        assert_in_range(pause_ms((enum boundary)i, 2), normal / 2, (normal + 1) / 2);
        assert_int_equal(pause_ms((enum boundary)i, 100), 40);
        assert_int_equal(pause_ms((enum boundary)i, 0.01), 2000);
        assert_int_equal(pause_ms((enum boundary)i, 0), normal);
    }
    assert_true(pause_ms(BOUNDARY_VOICE, 1) < pause_ms(BOUNDARY_SENTENCE, 1));
    assert_true(pause_ms(BOUNDARY_SENTENCE, 1) < pause_ms(BOUNDARY_PARAGRAPH, 1));
    assert_true(pause_ms(BOUNDARY_PARAGRAPH, 1) < pause_ms(BOUNDARY_SECTION, 1));
}

/* ---- sizes ---- */

/* One paragraph of `n` sentences of `words` words. */
static char *long_paragraph(size_t n, size_t words, size_t changed)
{
    struct buffer out = {0};
    buffer_c_string(&out, "P ");
    for (size_t i = 0; i < n; i++) {
        for (size_t w = 0; w < words; w++)
            buffer_format(&out, "%sw%zux%zu", w ? " " : "", i, w);
        buffer_format(&out, "%s.%s", i == changed ? " changed" : "", i + 1 < n ? "|" : "\n");
    }
    return out.data;
}

static void test_long_paragraph(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    char *one = long_paragraph(400, 12, SIZE_MAX), *two = long_paragraph(400, 12, 20);
    add(fixture, "", "", one);
    const struct programme *programme = make(fixture, &plain);
    size_t n_pieces = 0, n_passages = programme->n_passages;
    for (size_t i = 0; i < n_passages; i++) {
        size_t characters = 0;
        for (size_t j = 0; j < programme->passages[i].n_pieces; j++)
            characters += utf8_count(programme->passages[i].pieces[j].words);
        assert_in_range(characters, 1, PASSAGE_LIMIT);
        n_pieces += programme->passages[i].n_pieces;
    }
    assert_int_equal(n_pieces, 400);
    assert_true(n_passages > 20 && n_passages < 80);
    /* An edit near the beginning leaves the passages at the end what they were. */
    struct fixture *edited = fixture_new();
    add(edited, "", "", two);
    const struct programme *other = make(edited, &plain);
    for (size_t i = 1; i <= n_passages / 2; i++) {
        const struct passage *a = &programme->passages[n_passages - i], *b = &other->passages[other->n_passages - i];
        assert_int_equal(a->n_pieces, b->n_pieces);
        assert_true(str_eq(a->pieces[0].words, b->pieces[0].words));
    }
    free(one);
    free(two);
    fixture_free(fixture);
    fixture_free(edited);
}

static void test_long_sentence(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    char *text = long_paragraph(1, 3000, SIZE_MAX);
    add(fixture, "", "", text);
    const struct programme *programme = make(fixture, &plain);
    struct buffer words = {0}, written = {0};
    for (size_t i = 0; i < programme->n_passages; i++)
        for (size_t j = 0; j < programme->passages[i].n_pieces; j++) {
            const struct piece *piece = &programme->passages[i].pieces[j];
            assert_in_range(utf8_count(piece->words), 1, PASSAGE_LIMIT);
            buffer_format(&words, "%s%.*s", words.len ? " " : "", STR_ARG(piece->words));
            buffer_format(&written, "%s%.*s", written.len ? " " : "", STR_ARG(piece->text));
            for (size_t k = 0; k < piece->n_parts; k++) {
                const struct spoken_part *part = &piece->parts[k];
                struct str said = str_sub(piece->words, part->spoken_start, part->spoken_end);
                assert_true(str_eq_nocase(said, str_sub(piece->text, part->text_start, part->text_end)));
                assert_true(said.len > 3);
            }
        }
    const struct sentence *sentence = &fixture->sources[0].script->segments[0].sentences[0];
    assert_true(str_eq(buffer_view(&words), sentence->spoken.words));
    assert_true(str_eq(buffer_view(&written), sentence->text));
    buffer_release(&words);
    buffer_release(&written);
    free(text);
    fixture_free(fixture);
}

/* Without a space anywhere; and phonemes stay whole. */
static void test_cuts(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct buffer words = {0};
    for (int i = 0; i < 2000; i++)
        buffer_c_string(&words, "\xE6\x98\xAF");
    struct piece_cursor cursor = {.whole = {.words = buffer_view(&words), .text = buffer_view(&words)}};
    struct piece piece;
    assert_true(piece_next(&arena, &cursor, &piece));
    assert_int_equal(piece.words.len, 3 * PASSAGE_LIMIT);
    assert_true(piece_next(&arena, &cursor, &piece));
    assert_int_equal(piece.words.len, 3 * (2000 - PASSAGE_LIMIT));
    assert_false(piece_next(&arena, &cursor, &piece));
    buffer_clear(&words);
    for (int i = 0; i < 1150; i++)
        buffer_byte(&words, i % 10 == 9 ? ' ' : 'a');
    buffer_c_string(&words, "[[one two three four five six seven eight nine ten eleven twelve]] end");
    cursor = (struct piece_cursor){.whole = {.words = buffer_view(&words), .text = STR("")}};
    assert_true(piece_next(&arena, &cursor, &piece));
    assert_true(str_find(piece.words, STR("["), 0) == SIZE_MAX);
    assert_true(piece_next(&arena, &cursor, &piece));
    assert_true(str_starts(piece.words, STR("[[one")));
    buffer_release(&words);
    arena_release(&arena);
}

static void test_preview(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    char *text = long_paragraph(400, 12, SIZE_MAX);
    add(fixture, "", "", text);
    struct programme_options options = plain;
    options.preview_ms = 30000;
    size_t words = make(fixture, &options)->n_words;
    assert_in_range(words, 70, 100); /* 175 a minute, less the pauses */
    free(text);
    fixture_free(fixture);
}

/* ---- chapters ---- */

static void test_many_sections(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    struct buffer lines = {0};
    for (int i = 0; i < 600; i++)
        buffer_format(&lines, "H Part %d\nP Text.\n", i);
    add(fixture, "", "", lines.data);
    const struct programme *programme = make(fixture, &plain);
    assert_int_equal(programme->n_chapters, 200);
    assert_str_equal(programme->chapters[1].title, "Part 3 \xE2\x80\x93 Part 5");
    size_t starts = 0;
    for (size_t i = 0; i < programme->n_passages; i++)
        starts += programme->passages[i].starts_chapter;
    assert_int_equal(starts, 200);
    buffer_release(&lines);
    fixture_free(fixture);
}

/* Chapters of two articles are not merged into one while that can be avoided. */
static void test_many_articles(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    add(fixture, "Zero", "", "T Zero\nP A.\n");
    for (int i = 1; i < 150; i++)
        add(fixture, "One", "", "T One\nP A.\nH Two\nP B.\n");
    const struct programme *programme = make(fixture, &plain);
    assert_int_equal(programme->n_chapters, 150);
    assert_str_equal(programme->chapters[0].title, "Zero");
    assert_str_equal(programme->chapters[149].title, "One \xE2\x80\x93 One: Two");
    assert_int_equal(programme->passages[programme->chapters[149].first_passage].pieces[0].article, 149);
    for (int i = 0; i < 150; i++)
        add(fixture, "One", "", "T One\nP A.\n");
    programme_release(&fixture->programme);
    programme = make(fixture, &plain);
    assert_in_range(programme->n_chapters, 200, 255);
    fixture_free(fixture);
}

static void test_long_titles(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    static const char title[] = "A very long headline that says everything there is to say about what happened in the "
                                "capital last night and why it matters";
    add(fixture, title, "",
        "T T\nP A.\nH Another quite long heading of a section that nobody would ever want to read on a phone\nP B.\n");
    add(fixture, "Short", "", "P C.\n");
    const struct programme *programme = make(fixture, &plain);
    for (size_t i = 0; i < programme->n_chapters; i++)
        assert_in_range(utf8_count(programme->chapters[i].title), 1, 100);
    assert_str_equal(
        programme->chapters[0].title,
        "A very long headline that says everything there is to say about what happened in the capital last\xE2\x80\xA6");
    assert_str_equal(
        programme->chapters[1].title,
        "A very long headline that says\xE2\x80\xA6: Another quite long heading of a section that nobody would\xE2\x80\xA6");
    fixture_free(fixture);
}

static void test_memory_runs_out(void **state)
{
    (void)state;
    if (!scarce_works)
        skip();
    struct fixture *fixture = fixture_new();
    char *text = long_paragraph(300, 12, SIZE_MAX);
    add(fixture, "One", "Jane Doe", article);
    add(fixture, "Two", "", text);
    struct buffer lines = {0};
    for (int i = 0; i < 600; i++)
        buffer_format(&lines, "H Part %d\nP Text.\n", i);
    add(fixture, "", "", lines.data);
    struct programme_options options = plain;
    choose(&options, "show,date,contents,title,byline,end");
    options.show_title = "Show";
    bool came = true;
    long n = 0;
    for (; came; n++) {
        struct problem problem = {0};
        scarce_start(n);
        enum status status = programme_make(&fixture->programme, fixture->sources, fixture->n, &options, &problem);
        came = scarce_stop();
        assert_int_equal(status, came ? STATUS_NO_MEMORY : STATUS_OK);
        programme_release(&fixture->programme);
    }
    assert_true(n > 10);
    free(text);
    buffer_release(&lines);
    fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_article),    cmocka_unit_test(test_several_articles),
        cmocka_unit_test(test_templates),      cmocka_unit_test(test_intro_of_one_article),
        cmocka_unit_test(test_voices),         cmocka_unit_test(test_nothing_to_say),
        cmocka_unit_test(test_asked_pauses),   cmocka_unit_test(test_pauses_scale),
        cmocka_unit_test(test_long_paragraph), cmocka_unit_test(test_long_sentence),
        cmocka_unit_test(test_cuts),           cmocka_unit_test(test_preview),
        cmocka_unit_test(test_many_sections),  cmocka_unit_test(test_many_articles),
        cmocka_unit_test(test_long_titles),    cmocka_unit_test(test_memory_runs_out),
        cmocka_unit_test(test_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
