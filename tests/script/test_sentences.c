#include "test.h"

#include <string.h>

#include "script/quotation.h"

/* `marked` is a text with | where sentences must be cut, after the space between them if there is one. */
static void check(const char *language, const char *marked)
{
    char text[1024], found[2048];
    size_t len = 0, n, out = 0;
    for (const char *p = marked; *p; p++)
        if (*p != '|')
            text[len++] = *p;
    struct arena arena = {0};
    struct stretch *list = find_sentences(&arena, (struct str){text, len}, 0, len, str_from(language), &n);
    for (size_t i = 0; i < n; i++) {
        size_t from = i ? list[i - 1].end : 0;
        out += (size_t)snprintf(found + out, sizeof found - out, "%.*s%s%.*s", (int)(list[i].start - from), text + from,
                                i ? "|" : "", (int)(list[i].end - list[i].start), text + list[i].start);
    }
    arena_release(&arena);
    assert_string_equal(found, marked);
}

static void plain_sentences(void **state)
{
    (void)state;
    check("en", "It rained. |Nobody minded. |We went in.");
    check("en", "Did it rain? |Yes! |It did.");
    check("en", "no capitals here. |none at all.");
    check("en", "One sentence without an end");
    check("en", "He left. |“Why?” |Nobody knew.");
    check("en", "It grew by 3.5 percent. |That is 0.5 more.");
    check("en", "Version 2.0.1 is out. |Get it.");
    check("en", "It was over by 5. |Twenty people left.");
    check("en", "iPhones sell. |iPads do not.");
}

static void titles_and_initials(void **state)
{
    (void)state;
    check("en", "Mr. Trump met Mrs. May. |Dr. Who did not.");
    check("en", "Sen. Lee and Rep. Day met Gov. Hill on Monday. |They talked.");
    check("en", "Lt. Gen. Ann Fox spoke. |Col. Ray did not.");
    check("en", "J. R. R. Tolkien wrote it. |C. S. Lewis read it.");
    check("en", "George W. Bush left. |Susan B. Anthony stayed.");
    check("en", "It was plan B. |The plan failed.");
    check("en", "Martin Luther King Jr. Day is in January. |It is a Monday.");
    check("en", "He is John Smith Jr. |He lives here.");
    check("en", "Prof. Müller vs. Dr. Meier. |Who won?");
    check("fr", "M. Macron est parti. |Mme. Le Pen reste.");
    check("ru", "А. С. Пушкин родился в Москве. |Он писал.");
}

static void acronyms(void **state)
{
    (void)state;
    check("en", "The U.S. Senate voted. |It passed.");
    check("en", "He moved to the U.S. |He stayed.");
    check("en", "She left the U.S. in May. |They knew.");
    check("en", "In Washington, D.C., it rained. |In the U.K. it did not.");
    check("en", "She has a Ph.D. in physics. |He has none.");
    check("en", "Trade with the U.S.’s neighbours grew. |Prices fell.");
    check("en", "It is illegal in the U.S. |“We know,” he said.");
    check("en", "The F.B.I. Director left. |But why?");
    check("en", "Use fruit, e.g. Apples or pears. |Done.");
    check("en", "One of them, i.e. Tom, left. |So did Ann.");
}

static void times_and_numbers(void **state)
{
    (void)state;
    check("en", "It starts at 5 p.m. Monday. |Come early.");
    check("en", "It starts at 5 p.m. |Come early.");
    check("en", "It starts at 10 a.m. ET. |Come early.");
    check("en", "It starts at 9 p.m. E.T. on Monday. |Come early.");
    check("en", "”Mr. Lee wrote this. |It is odd.");
    check("en", "It ended at 9 a.m. and began again. |Good.");
    check("en", "See No. 5 on p. 12 and Fig. 3. |Then go.");
    check("en", "I said no. |He said yes.");
    check("en", "On Jan. 5 it snowed. |On Feb. 6 it did not.");
    check("en", "1. Choose a seat. |2. Sit down.");
    check("en", "II. The War. |It began.");
    check("de", "Am 3. Oktober war es so. |Am 4. Mai nicht.");
    check("en", "He finished 3. |It was 4.");
}

static void companies_and_places(void **state)
{
    (void)state;
    check("en", "Acme Inc. Chief Ann Lee left. |Shares fell.");
    check("en", "She works for Acme Inc. |It makes anvils.");
    check("en", "Smith & Co. Ltd. is old. |It is small.");
    check("en", "He lives in St. Louis. |She lives on Main St. |They met once.");
    check("en", "They live in Fresno, Calif. |Police know them.");
    check("en", "SELMA, Ala. — The march began. |It was warm.");
    check("en", "CHARLESTON, W.Va. - The coal was gone. |So were we.");
    check("en", "Wilmington, Del. is small. |Del. Ann Lee is not.");
    check("en", "Mt. Rainier is high. |Ft. Worth is not.");
    check("en", "Apples, pears, etc. |All fell.");
    check("en", "Apples, pears, etc. fell. |All of them.");
}

static void ellipses_and_exclamations(void **state)
{
    (void)state;
    check("en", "Well … maybe. |Or not.");
    check("en", "Well... maybe. |Or not.");
    check("en", "It ended… |Then it began.");
    check("en", "What?! |No.");
    check("en", "He works at Yahoo! News today. |Really.");
    check("en", "“Really?” he asked. |She nodded.");
    check("en", "In “Who’s Afraid?” Taylor plays. |It is old.");
    check("en", "Wait. . . what? |Nothing.");
}

static void marks_that_end_sentences(void **state)
{
    (void)state;
    check("en", "He said “no.” |She said “yes.” |All left.");
    check("en", "He said \"no.\" |She said \"yes.\" |All left.");
    check("en", "(It rained.) |We left. |[He did not.] |Fine.");
    check("en", "It rained (see p. 5). |We left.");
    check("en", "‘It rained.’ |‘It did.’");
    check("fr", "« Il pleut. » |« Oui. »");
    check("de", "„Es regnet.“ |Er ging.");
    check("en", "It rained.[1] |We left.[23]");
    check("en", "It rained. |— But why?");
    check("en", "“It rained.” |“It did not.”");
}

static void other_scripts(void **state)
{
    (void)state;
    check("zh", "下雨了。|我们走吧！|好吗？|好。");
    check("zh", "他说：“下雨了。”|我们走了。");
    check("ja", "雨だ。|「行こう。」|はい。");
    check("hi", "बारिश हुई। |हम गए। |क्यों?");
    check("ar", "هل تمطر؟ |نعم. |ذهبنا.");
    check("ur", "بارش ہوئی۔ |ہم گئے۔");
    check("ru", "Шёл дождь. |Мы ушли. |Зачем?");
    check("es", "¿Llueve? |¡Sí! |Vamos.");
    check("el", "Έβρεχε. |Φύγαμε.");
    check("hy", "Անձրև էր։ |Մենք գնացինք։");
}

static void lost_spaces(void **state)
{
    (void)state;
    check("en", "That was the end.|The next day came.");
    check("en", "Read it at Node.js or example.com today. |Fine.");
    check("en", "Great! |🎉 The end.");
    check("en", "He said so.|“We know.”");
}

/* No piece of a long text is longer than the limit, nothing but spaces lies between pieces, and no word is cut. */
static void long_sentences(void **state)
{
    (void)state;
    enum { SIZE = 20000 };
    static char text[SIZE + 1];
    for (int variant = 0; variant < 3; variant++) {
        const char *unit = variant == 0 ? "word, after " : variant == 1 ? "x" : "字";
        size_t len = 0, n;
        while (len + strlen(unit) < SIZE) {
            memcpy(text + len, unit, strlen(unit));
            len += strlen(unit);
        }
        struct arena arena = {0};
        struct stretch *list = find_sentences(&arena, (struct str){text, len}, 0, len, STR("en"), &n);
        assert_true(n > 10);
        size_t at = 0;
        for (size_t i = 0; i < n; i++) {
            for (; at < list[i].start; at++)
                assert_int_equal(text[at], ' ');
            assert_true(list[i].end - list[i].start <= 1500);
            if (variant == 0)
                assert_int_equal(text[list[i].end - 1], i + 1 < n ? ',' : text[list[i].end - 1]);
            at = list[i].end;
        }
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_sentences),
        cmocka_unit_test(titles_and_initials),
        cmocka_unit_test(acronyms),
        cmocka_unit_test(times_and_numbers),
        cmocka_unit_test(companies_and_places),
        cmocka_unit_test(ellipses_and_exclamations),
        cmocka_unit_test(marks_that_end_sentences),
        cmocka_unit_test(other_scripts),
        cmocka_unit_test(lost_spaces),
        cmocka_unit_test(long_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
