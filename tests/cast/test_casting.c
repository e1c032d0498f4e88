/* casting_make: who gets which voice. Scripts are made by hand: a row of speakers and the order they are quoted in. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cast/cast.h"

static const char cast_text[] =
    "[cast]\nlanguage = *\n"
    "[roles]\nnarrator = teller\nheadline = crier\nwoman = w1 w2 w3\nman = m1 m2 m3\n"
    "neutral = n1 n2\nunknown = someone\n"
    "[pins]\nMary Poppins = w3\n"
    "[voice teller]\nmodel = {language}\n[voice crier]\nmodel = gmw/en\n"
    "[voice w1]\nmodel = {language}\nvariant = f1\n[voice w2]\nmodel = gmw/en\n[voice w3]\nmodel = gmw/en\n"
    "[voice m1]\nmodel = gmw/en\n[voice m2]\nmodel = gmw/en\n[voice m3]\nmodel = gmw/en\n"
    "[voice n1]\nmodel = gmw/en\n[voice n2]\nmodel = gmw/en\n[voice someone]\nmodel = gmw/en\n";

struct stage {
    struct cast cast;
    struct article article;
    struct script script;
    struct casting casting;
    struct speaker *speakers;
    struct segment *segments;
    char path[64];
};

/* `people`: one letter each, w woman, m man, p person of unknown gender, o organisation. `order`: indices of who is quoted, "0"
 * first; "." the narrator, "?" nobody known. Names are "Person 0" ... */
static void set_stage(struct stage *stage, const char *people, const char *order)
{
    *stage = (struct stage){0};
    struct arena *arena = &stage->script.arena;
    strcpy(stage->path, "/tmp/crier-casting-XXXXXX.ini");
    int fd = mkstemps(stage->path, 4);
    FILE *file = fdopen(fd, "w");
    fputs(cast_text, file);
    assert_int_equal(fclose(file), 0);
    struct problem problem = {0};
    enum status status = cast_load(&stage->cast, ".", stage->path, STR("en"), &problem);
    remove(stage->path);
    if (status != STATUS_OK)
        fail_msg("line %zu: %s", problem.line, problem.text);
    size_t n = strlen(people), m = strlen(order);
    stage->speakers = arena_array(arena, n, sizeof *stage->speakers);
    stage->segments = arena_array(arena, m, sizeof *stage->segments);
    for (size_t i = 0; i < n; i++)
        stage->speakers[i] = (struct speaker){.name = arena_format(arena, "Person %zu", i),
                                              .kind = people[i] == 'o' ? SPEAKER_ORGANISATION : SPEAKER_PERSON,
                                              .gender = people[i] == 'w'   ? GENDER_FEMALE
                                                        : people[i] == 'm' ? GENDER_MALE
                                                                           : GENDER_UNKNOWN};
    for (size_t i = 0; i < m; i++)
        stage->segments[i] =
            (struct segment){.kind = order[i] == '.' ? SEGMENT_NARRATION : SEGMENT_QUOTE,
                             .speaker = order[i] == '.' || order[i] == '?' ? SCRIPT_NOBODY : (size_t)(order[i] - '0')};
    stage->article.source = "article.txt";
    stage->script.article = &stage->article;
    stage->script.language = STR("pt-BR");
    stage->script.speakers = stage->speakers;
    stage->script.n_speakers = n;
    stage->script.segments = stage->segments;
    stage->script.n_segments = m;
}

static void clear_stage(struct stage *stage)
{
    casting_release(&stage->casting);
    cast_release(&stage->cast);
    arena_release(&stage->script.arena);
}

static void make(struct stage *stage, const struct cast_memory *memory)
{
    struct problem problem = {0};
    casting_release(&stage->casting);
    if (casting_make(&stage->casting, &stage->cast, &stage->script, memory, &problem) != STATUS_OK)
        fail_msg("%s: %s", problem.path, problem.text);
}

/* Voice names of all speakers, joined by spaces. */
static const char *voices(struct stage *stage)
{
    static char out[4096];
    size_t len = 0;
    for (size_t i = 0; i < stage->script.n_speakers; i++) {
        struct str name = stage->casting.voices[stage->casting.speaker_voice[i]].name;
        len += (size_t)snprintf(out + len, sizeof out - len, "%s%.*s", i ? " " : "", STR_ARG(name));
    }
    return out;
}

static void expect(const char *people, const char *order, const char *expected)
{
    struct stage stage;
    set_stage(&stage, people, order);
    make(&stage, NULL);
    assert_string_equal(voices(&stage), expected);
    clear_stage(&stage);
}

static void test_roles(void **state)
{
    (void)state;
    expect("", ".?.", "");
    expect("wmpo", "0123", "w1 m1 n1 n2");
    expect("wwmm", "0.1.2.3", "w1 w2 m1 m2");
}

static void test_borrowing(void **state)
{
    (void)state;
    expect("wwww", "0123", "w1 w2 w3 n1"); /* a fourth woman sounds neutral rather than like the first */
    expect("wwwwp", "01234", "w1 w2 w3 n1 n2");
    expect("wwwwpp", "012345", "w1 w2 w3 w1 n1 n2"); /* the neutral voices are needed: shared, but not with a neighbour */
    expect("ppp", "012", "n1 n2 m1");
    expect("pppwww", "012345", "n1 n2 m1 w1 w2 w3");
}

static void test_sharing(void **state)
{
    (void)state;
    /* 3 + 2 voices for six women: the sixth shares with somebody she never meets. */
    expect("wwwwww", "0123450", "w1 w2 w3 n1 n2 w2");
    expect("wwwwww", "012345.0.1.5", "w1 w2 w3 n1 n2 w3");
    expect("wwwwww", "01234505", "w1 w2 w3 n1 n2 w2");
    expect("wwwwww", "0123405152535", "w1 w2 w3 n1 n2 n2"); /* she meets all but 4 */
}

static void test_pins(void **state)
{
    (void)state;
    struct stage stage;
    set_stage(&stage, "wwm", "0121");
    stage.speakers[0].name = STR("Ana Peña");
    stage.speakers[1].name = STR("Mary Poppins");
    struct voice_pin pins[] = {{STR("PENA"), STR("m2")}, {STR("mary poppins"), STR("w2")}};
    make(&stage, NULL);
    assert_string_equal(voices(&stage), "w1 w3 m1"); /* the cast's own pin */
    stage.article.pins = pins;
    stage.article.n_pins = 2;
    make(&stage, NULL);
    assert_string_equal(voices(&stage), "m2 w2 m1"); /* the article's before the cast's, last name, case and accents apart */
    stage.segments[1].voice = STR("n2");
    make(&stage, NULL);
    assert_string_equal(voices(&stage), "m2 n2 m1"); /* the editable script's before all */
    stage.speakers[2].name = STR("Juan Peña");
    make(&stage, NULL);
    assert_string_equal(voices(&stage), "w1 n2 m1"); /* two people of that name: the pin says neither */
    pins[0].voice = STR("nosuch");
    struct problem problem = {0};
    casting_release(&stage.casting);
    assert_int_equal(casting_make(&stage.casting, &stage.cast, &stage.script, NULL, &problem), STATUS_BAD_DATA);
    assert_string_equal(problem.path, "article.txt");
    assert_non_null(strstr(problem.text, "'nosuch'"));
    stage.article.n_pins = 0;
    stage.segments[2].voice = STR("absent");
    problem = (struct problem){0};
    assert_int_equal(casting_make(&stage.casting, &stage.cast, &stage.script, NULL, &problem), STATUS_BAD_DATA);
    assert_non_null(strstr(problem.text, "'absent'"));
    clear_stage(&stage);
}

static void test_memory(void **state)
{
    (void)state;
    struct stage stage;
    set_stage(&stage, "wwm", "012");
    struct voice_pin pins[] = {{STR("Person 1"), STR("w1")},
                               {STR("person 0"), STR("gone")},
                               {STR("Person 2"), STR("teller")},
                               {STR("Somebody else"), STR("w2")},
                               {STR("Another"), STR("m1")}};
    struct cast_memory memory = {pins, 5};
    make(&stage, &memory);
    assert_string_equal(voices(&stage), "w3 w1 m2");
    pins[1].voice = STR("w1"); /* two people remembered with one voice meet: the first keeps it */
    make(&stage, &memory);
    assert_string_equal(voices(&stage), "w1 w3 m2");
    clear_stage(&stage);
}

static void test_voice_of_segments(void **state)
{
    (void)state;
    struct stage stage;
    set_stage(&stage, "w", ".0?...");
    stage.segments[3].kind = SEGMENT_HEADING;
    stage.segments[4].kind = SEGMENT_TITLE;
    stage.segments[5].voice = STR("m3");
    make(&stage, NULL);
    const char *expected[] = {"teller", "w1", "someone", "crier", "crier", "m3"};
    for (size_t i = 0; i < 6; i++)
        assert_str_equal(casting_voice_name(&stage.casting, &stage.segments[i]), expected[i]);
    assert_str_equal(casting_voice(&stage.casting, &stage.segments[0])->model, "roa/pt-BR");
    assert_str_equal(casting_voice(&stage.casting, &stage.segments[1])->model, "roa/pt-BR");
    assert_str_equal(casting_voice(&stage.casting, &stage.segments[2])->model, "gmw/en");
    assert_str_equal(stage.cast.voices[0].model, "{language}");
    clear_stage(&stage);
}

/* 10,000 speakers, each quoted five times among the others: nobody has the narrator's, the headline's or the unknown voice,
 * neighbours differ, twice the same, and quick. */
static void test_many(void **state)
{
    (void)state;
    enum { N = 10000, M = 50000 };
    struct stage stage;
    set_stage(&stage, "w", "0");
    struct arena *arena = &stage.script.arena;
    stage.script.speakers = stage.speakers = arena_array(arena, N, sizeof *stage.speakers);
    stage.script.segments = stage.segments = arena_array(arena, M, sizeof *stage.segments);
    stage.script.n_speakers = N;
    stage.script.n_segments = M;
    for (size_t i = 0; i < N; i++)
        stage.speakers[i] = (struct speaker){.name = arena_format(arena, "Person %zu", i), .gender = (enum gender)(i % 3)};
    unsigned random = 1;
    for (size_t i = 0; i < M; i++) {
        random = random * 1103515245u + 12345u;
        size_t now = i < 2 * N ? i / 2 : random / 65536 % N;
        stage.segments[i] = (struct segment){.kind = SEGMENT_QUOTE, .speaker = now};
    }
    struct voice_pin *pins = arena_array(arena, N, sizeof *pins);
    for (size_t i = 0; i < N; i++)
        pins[i] = (struct voice_pin){arena_format(arena, "Person %zu", i * 3), i % 2 ? STR("w1") : STR("m1")};
    struct cast_memory memory = {pins, N};
    clock_t start = clock();
    make(&stage, &memory);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    assert_true(seconds < 1);
    size_t *first = arena_array(arena, N, sizeof *first);
    memcpy(first, stage.casting.speaker_voice, N * sizeof *first);
    for (size_t i = 0; i < N; i++)
        assert_true(first[i] != stage.casting.narrator && first[i] != stage.casting.headline &&
                    first[i] != stage.casting.unknown);
    make(&stage, &memory);
    assert_memory_equal(first, stage.casting.speaker_voice, N * sizeof *first);
    /* In the first part everybody meets two others only, and five voices are enough to keep them apart. */
    for (size_t i = 2; i < N; i += 2)
        assert_true(first[i / 2] != first[i / 2 - 1]);
    clear_stage(&stage);
}

static void test_release(void **state)
{
    (void)state;
    struct casting casting = {0};
    casting_release(NULL);
    casting_release(&casting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_roles), cmocka_unit_test(test_borrowing), cmocka_unit_test(test_sharing),
        cmocka_unit_test(test_pins),  cmocka_unit_test(test_memory),    cmocka_unit_test(test_voice_of_segments),
        cmocka_unit_test(test_many),  cmocka_unit_test(test_release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
