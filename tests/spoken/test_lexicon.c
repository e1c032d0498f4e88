#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "spoken/spoken.h"

static char folder[] = "/tmp/crier-lexicon-XXXXXX";
static char path[128];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/user.txt", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static enum status load(struct lexicon **lexicon, const char *content, const char *language, struct problem *problem)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
    const char *const files[] = {path};
    return lexicon_load(lexicon, NULL, language, files, 1, problem);
}

static const char *said(const struct lexicon *lexicon, const char *text, bool phonemes)
{
    static char copy[1024];
    struct arena arena = {0};
    struct spoken_context context = {.language = STR("en"), .lexicon = lexicon, .phonemes = phonemes};
    struct spoken spoken = spoken_form(&arena, str_from(text), &context);
    snprintf(copy, sizeof copy, "%.*s", STR_ARG(spoken.words));
    arena_release(&arena);
    return copy;
}

static void entries(void **state)
{
    (void)state;
    struct lexicon *lexicon = NULL;
    struct problem problem = {0};
    assert_int_equal(load(&lexicon,
                          "# names\nKyiv = Keeve # the city\nXi = she\nXi Jinping = she jin ping\nMace = [[meIs]]\n"
                          "O'Brien = oh bryan\nlive-in = liv in\nqatar = catter\n[fr]\nParis = paree\n[en]\nApprox. = roughly\n",
                          "en-US", &problem),
                     STATUS_OK);
    assert_string_equal(said(lexicon, "Kyiv’s KYIV, kyiv", true), "Keeve's Keeve, kyiv");
    assert_string_equal(said(lexicon, "Xi met Xi Jinping and Xian.", true), "she met she jin ping and Xian.");
    assert_null(strstr(said(lexicon, "XI", true), "she")); /* the numeral */
    assert_string_equal(said(lexicon, "Mace's mace", true), "[[meIsI#z]] mace");
    assert_string_equal(said(lexicon, "Mace", false), "Mace");
    assert_string_equal(said(lexicon, "O’Brien, live-in Qatar, Paris", true), "oh bryan, liv in catter, Paris");
    assert_string_equal(said(lexicon, "Approx. five", true), "roughly five");
    lexicon_free(lexicon);
    lexicon_free(NULL);
}

static void later_entries_win(void **state)
{
    (void)state;
    struct lexicon *lexicon = NULL;
    assert_int_equal(load(&lexicon, "Ray = one\nRay = two\n", "en", NULL), STATUS_OK);
    assert_string_equal(said(lexicon, "Ray", true), "two");
    lexicon_free(lexicon);
}

/* A lexicon that somebody has kept for years, and that begins with the mark some editors write. */
static void thousands_of_entries(void **state)
{
    (void)state;
    struct lexicon *lexicon = NULL;
    struct problem problem = {0};
    struct buffer file = {0};
    buffer_c_string(&file, "\xEF\xBB\xBF");
    for (int i = 0; i < 3000; i++)
        buffer_format(&file, "Kw%cx%cz%c = way %d\n", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676, i);
    assert_int_equal(load(&lexicon, file.data, "en", &problem), STATUS_OK);
    assert_string_equal(said(lexicon, "Kwaxaza, Kwzxdza and Kwjxkze", false), "way 0, way 103 and way 2973");
    lexicon_free(lexicon);
    buffer_release(&file);
}

static void mistakes_name_their_line(void **state)
{
    (void)state;
    static const char *const BAD[] = {"a = b\nno equals\n", "a = b\nc = [[x\n",          "a = b\nc =\n",
                                      "a = b\n?? = c\n",    "a = b\nc = x]]\n",          "a = b\nc = \xff\n",
                                      "a = b\nc\xff = d\n", "a = b\nc = [[m\xC9\x99]]\n"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct lexicon *lexicon = NULL;
        struct problem problem = {0};
        assert_int_equal(load(&lexicon, BAD[i], "en", &problem), STATUS_BAD_DATA);
        assert_null(lexicon);
        assert_int_equal(problem.line, 2);
        assert_string_equal(problem.path, path);
    }
    struct lexicon *lexicon = NULL;
    const char *const missing[] = {"/nonexistent/lexicon.txt"};
    assert_int_equal(lexicon_load(&lexicon, NULL, "en", missing, 1, NULL), STATUS_NO_INPUT);
}

static void pls_files(void **state)
{
    (void)state;
    struct lexicon *lexicon = NULL;
    struct problem problem = {0};
    static const char HEAD[] = "<?xml version=\"1.0\"?><lexicon version=\"1.0\" alphabet=\"ipa\" xml:lang=\"en-US\" "
                               "xmlns=\"http://www.w3.org/2005/01/pronunciation-lexicon\">";
    char file[2048];
    snprintf(file, sizeof file,
             "%s<lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme>"
             "<lexeme><grapheme>Judson</grapheme><phoneme>ˈdʒʌdsən</phoneme></lexeme>"
             "<lexeme><grapheme>Mace</grapheme><phoneme alphabet=\"x-espeak\">m'eIs</phoneme></lexeme></lexicon>",
             HEAD);
    assert_int_equal(load(&lexicon, file, "en", &problem), STATUS_OK);
    assert_string_equal(said(lexicon, "W3C, Judson and Mace", true), "World Wide Web Consortium, [['dZVds@n]] and [[m'eIs]]");
    lexicon_free(lexicon);
    snprintf(file, sizeof file, "%s<lexeme><grapheme>x</grapheme><phoneme>ʘ</phoneme></lexeme></lexicon>", HEAD);
    assert_int_equal(load(&lexicon, file, "en", &problem), STATUS_BAD_DATA);
    problem = (struct problem){0};
    assert_int_equal(load(&lexicon, "<lexicon><lexeme>", "en", &problem), STATUS_BAD_DATA);
    static const char *const BAD[][2] = {
        {"<lexicon><lexeme><alias>x</alias></lexeme></lexicon>", "without a grapheme"},
        {"<lexicon alphabet=\"x-sampa\"><lexeme><grapheme>x</grapheme><phoneme>y</phoneme></lexeme></lexicon>",
         "unknown alphabet 'x-sampa'"}};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        problem = (struct problem){0};
        assert_int_equal(load(&lexicon, BAD[i][0], "en", &problem), STATUS_BAD_DATA);
        assert_non_null(strstr(problem.text, BAD[i][1]));
    }
    /* An entity is neither expanded nor fetched. */
    problem = (struct problem){0};
    assert_int_equal(load(&lexicon,
                          "<!DOCTYPE lexicon [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><lexicon alphabet=\"ipa\"><lexeme>"
                          "<grapheme>x</grapheme><alias>&e;</alias></lexeme></lexicon>",
                          "en", &problem),
                     STATUS_BAD_DATA);
}

static void the_shipped_lexicon_loads(void **state)
{
    (void)state;
    struct lexicon *lexicon = NULL;
    struct problem problem = {0};
    assert_int_equal(lexicon_load(&lexicon, CRIER_TESTS_DIR "/../voices/lexicon", "en-GB", NULL, 0, &problem), STATUS_OK);
    assert_string_equal(said(lexicon, "Xi Jinping", true), "[[S'i: dZInp'IN]]");
    assert_string_equal(said(lexicon, "AT&T", true), "A.T and T");
    lexicon_free(lexicon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries),
        cmocka_unit_test(later_entries_win),
        cmocka_unit_test(thousands_of_entries),
        cmocka_unit_test(mistakes_name_their_line),
        cmocka_unit_test(pls_files),
        cmocka_unit_test(the_shipped_lexicon_loads),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
