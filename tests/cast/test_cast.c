/* Cast files: what is read, what is refused and with which line, which cast a language gets, and that the shipped ones are sound.
 */
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cast/cast.h"

#define ROLES "[roles]\nnarrator=a\nheadline=b\nwoman=w\nman=m\nneutral=n\nunknown=u\n"
#define VOICE(name) "[voice " name "]\nmodel = gmw/en\n"
#define VOICES VOICE("a") VOICE("b") VOICE("w") VOICE("m") VOICE("n") VOICE("u")

struct sandbox {
    char folder[64];
};

static int make_sandbox(void **state)
{
    static struct sandbox sandbox;
    strcpy(sandbox.folder, "/tmp/crier-cast-XXXXXX");
    if (!mkdtemp(sandbox.folder))
        return -1;
    char path[128];
    snprintf(path, sizeof path, "%s/casts", sandbox.folder);
    *state = &sandbox;
    return mkdir(path, 0777);
}

static void write_cast(const struct sandbox *sandbox, const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/casts/%s.ini", sandbox->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void remove_cast(const struct sandbox *sandbox, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/casts/%s.ini", sandbox->folder, name);
    assert_int_equal(remove(path), 0);
}

static int remove_sandbox(void **state)
{
    struct sandbox *sandbox = *state;
    char path[128];
    snprintf(path, sizeof path, "%s/casts", sandbox->folder);
    return rmdir(path) || rmdir(sandbox->folder);
}

static void test_reading(void **state)
{
    write_cast(
        *state, "mine",
        "\xEF\xBB\xBF; comment\n[cast]\r\nname = My cast\ndescription = two\n  lines ; and a comment\nlanguage = en-GB en-IE\n"
        "[roles]\nnarrator = a\nheadline = b\nwoman = w,\n    w2\nman = m\nneutral = n\nunknown = u\n" VOICES
        "[voice w2]\nmodel=roa/fr\nvariant=f5\npitch=61\nrange=40\nrate=165\namplitude=77\ngain=-2.25\ngender=female\n"
        "description = Bright\nfallback = w\n"
        "[voice p]\nengine = command\nmodel = amy\ncommand = piper --model {voice} --output_file {wav}\ntimeout = 20\n"
        "[pins]\nAna Pe\xC3\xB1"
        "a = w2\n[announcements]\nend = That was {title}.\nbyline =\n");
    struct cast cast;
    struct problem problem = {0};
    if (cast_load(&cast, ((struct sandbox *)*state)->folder, "mine", STR("fr"), &problem) != STATUS_OK)
        fail_msg("%zu: %s", problem.line, problem.text);
    assert_str_equal(cast.name, "mine");
    assert_str_equal(cast.title, "My cast");
    assert_str_equal(cast.description, "two lines");
    assert_str_equal(cast.language, "en-GB");
    assert_str_equal(cast.languages, "en-GB en-IE");
    assert_int_equal(cast.n_voices, 8);
    assert_int_equal(cast.n_role_voices[ROLE_WOMAN], 2);
    const struct voice *voice = &cast.voices[cast.role_voices[ROLE_WOMAN][1]];
    assert_str_equal(voice->name, "w2");
    assert_str_equal(voice->engine, "espeak");
    assert_str_equal(voice->model, "roa/fr");
    assert_str_equal(voice->variant, "f5");
    assert_str_equal(voice->description, "Bright");
    assert_str_equal(voice->fallback, "w");
    assert_int_equal(voice->pitch, 61);
    assert_int_equal(voice->range, 40);
    assert_int_equal(voice->rate_wpm, 165);
    assert_int_equal(voice->amplitude, 77);
    assert_int_equal(voice->gender, GENDER_FEMALE);
    assert_true(fabs(voice->gain_db + 2.25) < 1e-9);
    assert_true(isnan(cast.voices[0].gain_db));
    assert_str_equal(cast.voices[7].command, "piper --model {voice} --output_file {wav}");
    assert_int_equal(cast.voices[7].timeout_s, 20);
    assert_int_equal(cast.n_pins, 1);
    assert_str_equal(cast.pins[0].voice, "w2");
    assert_str_equal(cast.announcements.texts[ANNOUNCEMENT_END], "That was {title}.");
    assert_true(cast.announcements.texts[ANNOUNCEMENT_BYLINE].data && !cast.announcements.texts[ANNOUNCEMENT_BYLINE].len);
    assert_null(cast.announcements.texts[ANNOUNCEMENT_SHOW].data);
    cast_release(&cast);
    remove_cast(*state, "mine");
}

static void test_errors(void **state)
{
    static const struct {
        const char *text;
        size_t line;
        const char *words;
    } cases[] = {
        {"[cast]\nname = x\ncolour = red\n" ROLES VOICES, 3, "'colour'"},
        {"[cast]\nlanguage =\n" ROLES VOICES, 2, "needs a tag"},
        {"[cast]\n[cats]\n" ROLES VOICES, 2, "[cats]"},
        {"name = x\n" ROLES VOICES, 1, "before the first"},
        {ROLES VOICES "[voice w]\nmodel = gmw/en\n", 20, "twice, first in line 12"},
        {ROLES VOICES "[voice  w]\nmodel = gmw/en\n", 20, "twice, first in line 12"},
        {ROLES VOICES "model = gmw/de\n", 20, "twice, first in line 19"},
        {ROLES VOICES "[voice]\nmodel = gmw/en\n", 20, "without a name"},
        {ROLES VOICES "[voice two words]\nmodel = gmw/en\n", 20, "'two words'"},
        {ROLES VOICES "[voice c]\npitch = 3\n", 20, "needs a model"},
        {ROLES VOICES "pitch = 100\n", 20, "from 0 to 99"},
        {ROLES VOICES "pitch = 50.5\n", 20, "whole number"},
        {ROLES VOICES "pitch = high\n", 20, "'high'"},
        {ROLES VOICES "rate =\n", 20, "rate is ''"},
        {ROLES VOICES "gain = nan\n", 20, "-40 to 40"},
        {ROLES VOICES "amplitude = 101\n", 20, "1 to 100"},
        {ROLES VOICES "gender = woman\n", 20, "female, male or unknown"},
        {ROLES VOICES "engine = mbrola\n", 18, "'mbrola'"},
        {ROLES VOICES "engine = command\n", 18, "needs a command"},
        {ROLES VOICES "command = flite\n", 18, "engine = command"},
        {ROLES VOICES "fallback = z\n", 20, "[voice z]"},
        {ROLES VOICES "fallback = u\n", 20, "circle"},
        {ROLES VOICES "fallback = q\n[voice q]\nmodel = gmw/en\nfallback = u\n", 20, "circle"},
        {ROLES "villain = w\n" VOICES, 8, "'villain'"},
        {VOICES "[roles]\nnarrator=a\nheadline=b\nwoman=w\nman=m\nneutral=n\n", 13, "role unknown"},
        {VOICES, 0, "role narrator"},
        {VOICES "[roles]\nnarrator=a\nheadline=b\nwoman=w x\nman=m\nneutral=n\nunknown=u\n", 16, "[voice x]"},
        {VOICES "[roles]\nnarrator=a\nheadline=b\nwoman=w w\nman=m\nneutral=n\nunknown=u\n", 16, "twice"},
        {VOICES "[roles]\nnarrator=a\nheadline=b\nwoman=w a\nman=m\nneutral=n\nunknown=u\n", 16, "narrator's voice 'a'"},
        {VOICES "[roles]\nnarrator=a\nheadline=b\nwoman=w\nman=m b\nneutral=n\nunknown=u\n", 17, "headline's voice 'b'"},
        {ROLES VOICES "[pins]\nJohn = y\n", 21, "[voice y]"},
        {ROLES VOICES "[announcements]\nshow = It is {time}\n", 21, "{time}"},
        {ROLES VOICES "[announcements]\nend = {titles}\n", 21, "{titles}"},
        {ROLES VOICES "[announcements]\nend = {}\n", 21, "{}"},
        {ROLES VOICES "[announcements]\ntitle = Next\n", 21, "{title}"},
        {ROLES VOICES "[announcements]\nbegin = Hello\n", 21, "'begin'"},
        {ROLES VOICES "what is this\n", 20, "neither"},
        {"; caf\xE9\n" ROLES VOICES, 1, "UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_cast(*state, "bad", cases[i].text);
        struct cast cast;
        struct problem problem = {0};
        enum status status = cast_load(&cast, ((struct sandbox *)*state)->folder, "bad", STR("en"), &problem);
        if (status != STATUS_BAD_DATA || problem.line != cases[i].line || !strstr(problem.text, cases[i].words) ||
            !strstr(problem.path, "/casts/bad.ini"))
            fail_msg("case %zu: status %d, %s:%zu: %s", i, (int)status, problem.path, problem.line, problem.text);
        assert_int_equal(cast.n_voices, 0); /* left zeroed */
    }
    remove_cast(*state, "bad");
}

static void expect_choice(const char *folder, const char *language, const char *expected)
{
    struct cast cast;
    struct problem problem = {0};
    if (cast_load(&cast, folder, NULL, str_from(language), &problem) != STATUS_OK)
        fail_msg("%s: %s %s", language, problem.path, problem.text);
    assert_str_equal(cast.name, expected);
    cast_release(&cast);
}

static void test_choice(void **state)
{
    const char *folder = ((struct sandbox *)*state)->folder;
    struct cast cast;
    struct problem problem = {0};
    write_cast(*state, "uk", "[cast]\nlanguage = en-GB en-IE\n" ROLES VOICES);
    assert_int_equal(cast_load(&cast, folder, NULL, STR("de"), &problem), STATUS_UNAVAILABLE);
    write_cast(*state, "us", "[cast]\nlanguage = en\n" ROLES VOICES);
    write_cast(*state, "all", "[cast]\nlanguage = *\n" ROLES VOICES);
    write_cast(*state, "broken", "[cast\nlanguage = en-GB\n");
    expect_choice(folder, "en-gb", "uk");
    expect_choice(folder, "en-IE", "uk");
    expect_choice(folder, "en", "us");
    expect_choice(folder, "en-AU", "us");
    expect_choice(folder, "eno", "all");
    expect_choice(folder, "de-AT", "all");
    problem = (struct problem){0};
    assert_int_equal(cast_load(&cast, folder, "nosuch", STR("en"), &problem), STATUS_UNAVAILABLE);
    assert_string_equal(problem.text, "no such cast; there are: all, broken, uk, us");
    problem = (struct problem){0};
    assert_int_equal(cast_load(&cast, folder, "./nosuch.ini", STR("en"), &problem), STATUS_UNAVAILABLE);
    problem = (struct problem){0};
    assert_int_equal(cast_load(&cast, "/nonexistent", NULL, STR("en"), &problem), STATUS_UNAVAILABLE);
    static const char *const names[] = {"uk", "us", "all", "broken"};
    for (size_t i = 0; i < 4; i++)
        remove_cast(*state, names[i]);
}

static void test_folder(void **state)
{
    const char *sandbox = ((struct sandbox *)*state)->folder;
    struct arena arena = {0};
    struct str folder;
    struct problem problem = {0};
    setenv("CRIER_VOICES", sandbox, 1);
    assert_int_equal(cast_data_folder(&arena, &folder, &problem), STATUS_OK);
    assert_str_equal(folder, sandbox);
    setenv("CRIER_VOICES", "/nonexistent", 1); /* a wish that cannot be met is not passed over */
    assert_int_equal(cast_data_folder(&arena, &folder, &problem), STATUS_UNAVAILABLE);
    assert_string_equal(problem.path, "/nonexistent");
    unsetenv("CRIER_VOICES");
    assert_int_equal(cast_data_folder(&arena, &folder, NULL), STATUS_OK);
    arena_release(&arena);
}

static void test_languages(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"de-AT", "gmw/de"},    {"pt-BR", "roa/pt-BR"},  {"pt_pt", "roa/pt"},
        {"pt", "roa/pt"},       {"zh", "sit/cmn"},       {"zh-Hant-TW", "sit/cmn"},
        {"zh-HK", "sit/yue"},   {"fr", "roa/fr"},        {"fr-CA", "roa/fr"},
        {"fr-CH", "roa/fr-CH"}, {"es-MX", "roa/es-419"}, {"es-ES", "roa/es"},
        {"en", "gmw/en"},       {"en-US", "gmw/en-US"},  {"en-GB-oxendict", "gmw/en"},
        {"nn", "gmq/nb"},       {"ru", "zle/ru"},        {"hi-IN", "inc/hi"},
        {"sr-Latn", "zls/sr"},  {"uk-UA", "zle/uk"},     {"xx-YY", "xx-yy"},
        {"eu", "eu"},           {"ja-JP", "jpx/ja"},     {"", ""},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_str_equal(cast_espeak_language(&arena, str_from(cases[i][0])), cases[i][1]);
    arena_release(&arena);
}

/* What the shipped casts promise: enough voices, all gains known where the language is, levels below clipping, quoted people
 * never with the same settings as somebody else. */
static void test_shipped(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct str folder, *names;
    size_t n_names;
    assert_int_equal(cast_data_folder(&arena, &folder, NULL), STATUS_OK);
    assert_int_equal(cast_list(&arena, folder.data, &names, &n_names, NULL), STATUS_OK);
    assert_true(n_names >= 3);
    for (size_t c = 0; c < n_names; c++) {
        struct cast cast;
        struct problem problem = {0};
        if (cast_load(&cast, folder.data, names[c].data, STR("en"), &problem) != STATUS_OK)
            fail_msg("%s:%zu: %s", problem.path, problem.line, problem.text);
        bool generic = str_eq_c(cast.language, "*");
        assert_true(cast.n_role_voices[ROLE_WOMAN] >= (generic ? 4 : 10));
        assert_true(cast.n_role_voices[ROLE_MAN] >= (generic ? 4 : 10));
        assert_true(cast.n_role_voices[ROLE_NEUTRAL] >= (generic ? 2 : 4));
        for (size_t i = 0; i < cast.n_voices; i++) {
            const struct voice *voice = &cast.voices[i];
            assert_true(voice->description.len > 0);
            assert_int_equal(isnan(voice->gain_db) != 0, generic);
            assert_true(voice->rate_wpm >= 150 && voice->rate_wpm <= 180);
            for (size_t k = 0; k < i; k++)
                assert_false(str_eq(voice->model, cast.voices[k].model) && str_eq(voice->variant, cast.voices[k].variant) &&
                             abs(voice->pitch - cast.voices[k].pitch) < 8);
        }
        cast_release(&cast);
    }
    expect_choice(folder.data, "en", "english");
    expect_choice(folder.data, "en-US", "english");
    expect_choice(folder.data, "en-GB", "british");
    expect_choice(folder.data, "en-AU", "british");
    expect_choice(folder.data, "fr", "generic");
    arena_release(&arena);
}

static void test_release(void **state)
{
    (void)state;
    struct cast cast = {0};
    cast_release(NULL);
    cast_release(&cast);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reading, make_sandbox, remove_sandbox),
        cmocka_unit_test_setup_teardown(test_errors, make_sandbox, remove_sandbox),
        cmocka_unit_test_setup_teardown(test_choice, make_sandbox, remove_sandbox),
        cmocka_unit_test_setup_teardown(test_folder, make_sandbox, remove_sandbox),
        cmocka_unit_test(test_languages),
        cmocka_unit_test(test_shipped),
        cmocka_unit_test(test_release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
