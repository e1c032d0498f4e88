#include "test.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "article/article.h"
#include "article/charset.h"
#include "article/language.h"
#include "base/buffer.h"

static const char english[] = "The headline of it\n\n“We can’t wait,” said José — the café’s owner, who was naïve.\n";
static const char polish[] = "Rząd ogłosił w środę, że nowe przepisy wejdą w życie już w przyszłym roku. Według źródeł będzie to "
                             "duża zmiana dla większości "
                             "mieszkańców, którzy żyją w małych miejscowościach i nie mają jeszcze łączności.\n";
static const char russian[] =
    "Президент заявил в среду, что новые правила вступят в силу уже в следующем году. Это большая перемена для всех, кто был "
    "здесь вчера и кто ещё не знает о ней.\n";
static const char japanese[] =
    "政府は水曜日、新しい規則が来年から施行されると発表した。これは多くの人々にとって大きな変化となる。\n";

/* `text` written in `charset`, read back. */
static void comes_back(const char *text, const char *charset, const char *read_as)
{
    char bytes[4096], *in = (char *)(uintptr_t)text, *out = bytes;
    size_t left = strlen(text), room = sizeof bytes;
    iconv_t state = iconv_open(charset, "UTF-8");
    assert_true(state != (iconv_t)-1);
    assert_true(iconv(state, &in, &left, &out, &room) != (size_t)-1);
    assert_true(iconv(state, NULL, NULL, &out, &room) != (size_t)-1);
    iconv_close(state);
    struct arena arena = {0};
    struct charset_result result;
    assert_int_equal(
        charset_decode(&arena, (struct str){bytes, sizeof bytes - room}, (struct str){"", 0}, "a.txt", &result, NULL), STATUS_OK);
    assert_str_equal(result.text, text);
    assert_string_equal(result.charset, read_as);
    arena_release(&arena);
}

static void charsets_come_back(void **state)
{
    (void)state;
    comes_back(english, "UTF-8", "UTF-8");
    comes_back(english, "WINDOWS-1252", "WINDOWS-1252");
    comes_back(english, "UTF-16", "UTF-16LE"); /* with a byte order mark */
    comes_back(english, "UTF-16LE", "UTF-16LE");
    comes_back(english, "UTF-16BE", "UTF-16BE");
    comes_back(english, "UTF-32", "UTF-32LE");
    comes_back(japanese, "UTF-8", "UTF-8");
    comes_back(japanese, "SHIFT_JIS", "SHIFT_JIS");
    comes_back(japanese, "ISO-2022-JP", "ISO-2022-JP");
    comes_back(polish, "ISO-8859-2", "ISO-8859-2");
    comes_back(russian, "WINDOWS-1251", "WINDOWS-1251");
    comes_back(russian, "KOI8-R", "KOI8-R");
}

static enum status decode(struct arena *arena, struct str bytes, struct charset_result *result)
{
    return charset_decode(arena, bytes, (struct str){"", 0}, "a.txt", result, NULL);
}

static void broken_utf8_is_mended(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct charset_result result;
    assert_int_equal(decode(&arena, STR("Good caf\xC3\xA9, bad caf\xE9, na\xC3\xAFve \x93yes\x94."), &result), STATUS_OK);
    assert_str_equal(result.text, "Good café, bad café, naïve “yes”.");
    assert_str_equal(result.warning, "invalid UTF-8 read as Windows-1252");
    arena_release(&arena);
}

static void binary_is_refused(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct charset_result result;
    assert_int_equal(decode(&arena, STR("abc\0def"), &result), STATUS_BAD_DATA);
    assert_int_equal(decode(&arena, STR("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\1\0"), &result), STATUS_BAD_DATA);
    assert_int_equal(decode(&arena, STR("\x01\x02\x03\x04\x05\x06 abc"), &result), STATUS_BAD_DATA);
    assert_int_equal(decode(&arena, STR("\xFF\xFE\x61"), &result), STATUS_OK); /* cut short */
    arena_release(&arena);
    struct article article;
    struct problem problem = {0};
    assert_int_equal(article_parse(&article, STR("abc\0def"), "a.txt", NULL, &problem), STATUS_BAD_DATA);
    assert_string_equal(problem.path, "a.txt");
}

static void offsets_stay_file_offsets(void **state)
{
    (void)state;
    struct article article;
    assert_int_equal(article_parse(&article, STR("\xEF\xBB\xBFWord\x01 one."), "a.txt", NULL, NULL), STATUS_OK);
    assert_str_equal(article.blocks[0].text, "Word one.");
    assert_int_equal(block_source_offset(&article.blocks[0], 0, false), 3);
    assert_int_equal(block_source_offset(&article.blocks[0], 9, true), 13);
    article_release(&article);
}

static void languages_are_guessed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *tag;
    } cases[] = {
        {english, "en"},
        {polish, "pl"},
        {russian, "ru"},
        {japanese, "ja"},
        {"Die Regierung hat am Mittwoch mitgeteilt, dass die neuen Regeln für alle gelten und nicht nur für ein Jahr.", "de"},
        {"Le gouvernement a annoncé que les nouvelles règles sont pour tous et qu’il ne peut pas attendre dans la rue.", "fr"},
        {"El gobierno dijo que las nuevas reglas son para todos y que no se puede esperar más en la calle.", "es"},
        {"Il governo ha detto che le nuove regole sono per tutti e che non si può aspettare nella strada.", "it"},
        {"De regering heeft gezegd dat de nieuwe regels voor iedereen zijn en dat het niet op straat kan.", "nl"},
        {"O governo disse que as novas regras são para todos e que não se pode mais esperar na rua com isso.", "pt"},
        {"Уряд оголосив у середу, що нові правила набудуть чинності вже наступного року для всіх її мешканців.", "uk"},
        {"政府周三宣布，新规定将于明年生效。这对许多人来说是一个很大的变化。", "zh"},
        {"Η κυβέρνηση ανακοίνωσε την Τετάρτη ότι οι νέοι κανόνες θα ισχύσουν.", "el"},
        {"أعلنت الحكومة يوم الأربعاء أن القواعد الجديدة ستدخل حيز التنفيذ العام المقبل.", "ar"},
        {"सरकार ने बुधवार को घोषणा की कि नए नियम अगले साल से लागू होंगे।", "hi"},
        {"정부는 수요일에 새로운 규칙이 내년부터 시행된다고 발표했다.", "ko"},
        {"הממשלה הודיעה ביום רביעי כי הכללים החדשים ייכנסו לתוקף בשנה הבאה.", "he"},
        {"সরকার বুধবার ঘোষণা করেছে যে নতুন নিয়ম আগামী বছর থেকে কার্যকর হবে।", "bn"},
        {"Lorem ipsum dolor", ""},
        {"12345", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_str_equal(language_guess(str_from(cases[i].text)), cases[i].tag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(charsets_come_back),        cmocka_unit_test(broken_utf8_is_mended), cmocka_unit_test(binary_is_refused),
        cmocka_unit_test(offsets_stay_file_offsets), cmocka_unit_test(languages_are_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
