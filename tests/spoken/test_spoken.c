#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "spoken/spoken.h"

/* The words for `text`; in a ring of copies so that a test can hold a few. */
static const char *said_in(const char *language, const char *text)
{
    static char copies[4][8192];
    static size_t turn;
    struct arena arena = {0};
    struct spoken_context context = {.language = str_from(language)};
    struct spoken spoken = spoken_form(&arena, str_from(text), &context);
    char *copy = copies[turn++ % 4];
    snprintf(copy, sizeof copies[0], "%.*s", STR_ARG(spoken.words));
    arena_release(&arena);
    return copy;
}
#define says(text, words) assert_string_equal(said_in("en", text), words)
#define says_gb(text, words) assert_string_equal(said_in("en-GB", text), words)

static void cardinals(void **state)
{
    (void)state;
    says("about 1,250,017 people", "about one million two hundred fifty thousand seventeen people");
    says("0", "zero");
    says("3.14 and .5", "three point one four and point five");
    says("agent 007", "agent zero zero seven");
    says("-12 degrees", "minus twelve degrees");
    says("10 000 euros", "ten thousand euros");
}

static void ordinals(void **state)
{
    (void)state;
    says("the 1st, 22nd and 113th", "the first, twenty-second and one hundred thirteenth");
    says("the 21st century", "the twenty-first century");
}

static void fractions(void **state)
{
    (void)state;
    says("3/4 of voters", "three quarters of voters");
    says("2 1/2 cups and 2½ years", "two and a half cups and two and a half years");
    says("½ mile", "one half mile");
    says("a 2-1/2-year term", "a two and a half year term");
    says("7/8ths", "seven eighths");
}

static void measures_as_adjectives(void **state)
{
    (void)state;
    says("a $15-an-hour wage", "a fifteen dollar an-hour wage");
    says("the $2.6 trillion plan", "the two point six trillion dollar plan");
    says("the $300 million raised", "the three hundred million dollars raised");
    says("a man 5 ft. 10 in. tall", "a man five feet ten inches tall");
    says("10.49s", "ten point four nine seconds");
    says("a .38-caliber gun, a .357 Magnum", "a thirty-eight caliber gun, a three fifty-seven Magnum");
    says("he hit .300", "he hit three hundred");
    says("plus +/- 4 points", "plus plus or minus four points");
    says("a 4x4, the 4x100 relay, 2x8", "a four by four, the four by one hundred relay, two x-eight");
    says("at 0900 GMT and 1430 GMT", "at zero nine hundred G.M.T and fourteen thirty G.M.T");
    says("a 501(c) group", "a five oh one C group");
    says("ZIP code 20500", "Zip code two zero five zero zero");
    says("lives on Elm Dr.", "lives on Elm Drive.");
}

static void ranges(void **state)
{
    (void)state;
    says("1,500–1,600 km", "one thousand five hundred to one thousand six hundred kilometers");
    says("5-10%", "five to ten percent");
    says("$250-$300", "two hundred fifty dollars to three hundred dollars");
    says("$5-6 million", "five to six million dollars");
    says("ages 18-24", "ages eighteen to twenty-four");
    says("between 5-10 people", "between five and ten people");
    says("10-12-year-olds", "ten to twelve year-olds");
}

static void years(void **state)
{
    (void)state;
    says("in 1984, 2005 and 2025", "in nineteen eighty-four, two thousand five and twenty twenty-five");
    says("1550 people", "one thousand five hundred fifty people");
    says("the 1990s and the ’90s", "the nineteen nineties and the nineties");
    says("1914–1918", "nineteen fourteen to nineteen eighteen");
    says("the 2016-17 season", "the twenty sixteen to seventeen season");
    says("300 BC", "three hundred B.C");
    says("in her 30s", "in her thirties");
    says("'98", "ninety-eight");
}

static void dates(void **state)
{
    (void)state;
    says("on 17 October 2025", "on the seventeenth of October twenty twenty-five");
    says("October 17, 2025", "October seventeenth, twenty twenty-five");
    says("Oct. 3", "October third");
    says("June 3-5", "June third to fifth");
    says("2025-10-17", "October seventeenth twenty twenty-five");
    says("10/17/2025", "October seventeenth twenty twenty-five");
    says("17.10.2025", "the seventeenth of October twenty twenty-five");
    says("the 26th May", "the twenty-sixth of May");
    says("2Q22", "the second quarter of twenty-two");
    says("Tuesday (2/22)", "Tuesday, February twenty-second");
    says("May I go", "May I go");
    says("we march 4 abreast and may 5 times", "we march four abreast and may five times");
    says("on 11/17/05", "on November seventeenth zero five");
    says("13/25/2025 and 31/12/2025",
         "thirteen slash twenty-five slash twenty twenty-five and the thirty-first of December twenty twenty-five");
    says("in October, 2025", "in October, twenty twenty-five");
    says("3-5 May 2024", "the third to the fifth of May twenty twenty-four");
    says("He left on 25 Sept.", "He left on the twenty-fifth of September.");
}

static void times(void **state)
{
    (void)state;
    says("7:30 p.m. ET", "seven thirty P.M E.T");
    says("5pm", "five P.M");
    says("10 a.m.-5 p.m.", "ten A.M to five P.M.");
    says("9-11am", "nine to eleven A.M");
    says("2:00-3:00 pm", "two to three P.M");
    says("14:05 GMT", "fourteen oh five G.M.T");
    says("at 12:00", "at twelve o'clock");
    says("1:59:40", "one hour fifty-nine minutes and forty seconds");
    says("in 2:05.31", "in two oh five point three one");
    says("7.30pm", "seven thirty P.M");
}

static void money(void **state)
{
    (void)state;
    says("$1.5bn", "one point five billion dollars");
    says("£3.2m", "three point two million pounds");
    says("€20", "twenty euros");
    says("A$5", "five Australian dollars");
    says("$20.50", "twenty dollars and fifty cents");
    says("$0.01", "one cent");
    says("¥500bn", "five hundred billion yen");
    says("20 USD", "twenty US dollars");
    says("a $20 bill", "a twenty dollar bill");
    says("$80/barrel", "eighty dollars per barrel");
    says("50¢", "fifty cents");
    says("Rs 500 crore", "five hundred crore rupees");
    says("-$5", "minus five dollars");
}

static void measures(void **state)
{
    (void)state;
    says("80 km/h", "eighty kilometers per hour");
    says("-5°C", "minus five degrees Celsius");
    says("12 kWh over 5 m²", "twelve kilowatt hours over five square meters");
    says("60 mph", "sixty miles per hour");
    says("5'10\"", "five foot ten");
    says("10 sq km", "ten square kilometers");
    says("a 10-mile walk", "a ten mile walk");
    says("100m sprint", "one hundred meter sprint");
    says("5m people", "five million people");
    says("1 kg", "one kilogram");
    says("5 ft. tall", "five feet tall");
    says("3 mg/dL", "three milligrams per deciliter");
}

static void percent_and_points(void **state)
{
    (void)state;
    says("2.3%", "two point three percent");
    says("3 percentage points", "three percentage points");
    says("25 bps", "twenty-five basis points");
    says("up 4 pp", "up four percentage points");
}

static void scores_and_votes(void **state)
{
    (void)state;
    says("won 3-1", "won three one");
    says("6-4, 7-5", "six four, seven five");
    says("drew 2-2", "drew two two");
    says("a 52-48 vote", "a fifty-two to forty-eight vote");
    says("a 5-4 decision", "a five four decision");
    says("50-50", "fifty fifty");
}

static void roman_numerals(void **state)
{
    (void)state;
    says("Henry VIII", "Henry the eighth");
    says("World War II", "World War two");
    says("World War I was long", "World War one was long");
    says("Chapter IV", "Chapter four");
    says("Pope Leo XIV said", "Pope Leo the fourteenth said");
    says("Super Bowl LVIII", "Super Bowl fifty-eight");
    says("Elizabeth II's reign", "Elizabeth the second's reign");
    says("Charles I think so", "Charles I think so");
    says("Malcolm X", "Malcolm X");
    says("an IV drip", "an I.V drip");
}

static void telephones(void **state)
{
    (void)state;
    says("(555) 123-4567", "five five five, one two three, four five six seven");
    says("call 555-123-4567", "call five five five, one two three, four five six seven");
    says("+44 20 7946 0958", "plus four four, two zero, seven nine four six, zero nine five eight");
    says("1-800-555-1234", "one, eight hundred, five five five, one two three four");
    says("192.168.0.1", "one nine two dot one six eight dot zero dot one");
    says("911", "nine one one");
    says("1-800-FLOWERS", "one, eight hundred, FLOWERS");
    says("10.0.0.1.5", "ten point zero point zero point one point five");
}

static void addresses(void **state)
{
    (void)state;
    says("1428 Elm St. in Reno, NV 89501", "fourteen twenty-eight Elm Street in Reno, Nevada eight nine five zero one");
    says("12 N Oak Ave", "twelve North Oak Avenue");
    says("5th St.", "fifth Street.");
    says("Washington, DC 20500", "Washington, D.C two zero five zero zero");
    says("Reno, NV 89501-1234", "Reno, Nevada eight nine five zero one one two three four");
    says("105 Elm St., 120 Oak Ave.", "one zero five Elm Street, one twenty Oak Avenue.");
}

static void abbreviations(void **state)
{
    (void)state;
    says("Mr. Smith vs. Dr. Jones", "Mr Smith versus Doctor Jones");
    says("St. Louis and St. James St.", "Saint Louis and Saint James Street.");
    says("Sen. Ray (R-Fla.) and Gov. Lee", "Senator Ray, R-Florida, and Governor Lee");
    says("No. 5, e.g. or i.e. this", "number five, for example or that is this");
    says("No. He left.", "No. He left.");
    says("He left the U.S.", "He left the U.S.");
    says("the U.S. team", "the U.S team");
    says("Apple Inc. and Smith Jr.", "Apple Incorporated and Smith Junior.");
    says("Boeing 737 Max.", "Boeing seven thirty-seven Max.");
    says("He sat. On Sat. it rained.", "He sat. On Saturday it rained.");
    says("the Smith Co.'s plan", "the Smith Company's plan");
}

static void acronyms(void **state)
{
    (void)state;
    says("NATO, UNESCO and OPEC", "Nato, Unesco and Opec");
    says("the FBI, the UN and the PLO", "the F.B.I, the U.N and the P.L.O");
    says("CEOs and MPs' pay", "C.E O's and M P's pay");
    says("the EU's plan", "the E U's plan");
    says("US-led and U.S.-China", "U.S-led and U.S-China");
    says("the WHO said", "the W.H.O said");
    says("R&D", "R and D");
}

static void capitals(void **state)
{
    (void)state;
    says("it was VERY bad", "it was very bad");
    says("WHO ARE YOU?", "Who are you?");
    says("NATO CHIEF SAYS US WILL ACT", "Nato chief says U.S will act");
}

static void initials(void **state)
{
    (void)state;
    says("J.K. Rowling and J. K. Rowling", "J.K Rowling and J.K Rowling");
    says("George W. Bush", "George W Bush");
}

static void net_addresses(void **state)
{
    (void)state;
    says("jane.doe@example.co.uk", "jane dot doe at example dot co dot U.K");
    says("https://www.example.com/news/world?id=4", "example dot com");
    says("example.com.", "example dot com.");
    says("@janeDoe and #MeToo", "at jane Doe and hashtag Me Too");
    says("the end.Then", "the end. Then");
}

static void alphanumerics(void **state)
{
    (void)state;
    says("CO2 and H2O", "C.O two and H-two O");
    says("F-16, B-52, A-10", "F-sixteen, B-fifty-two, A-ten");
    says("COVID-19", "Covid nineteen");
    says("G7 and 5G", "G-seven and five G");
    says("iPhone 15", "iPhone fifteen");
    says("PM2.5", "P.M two point five");
    says("flight MH370", "flight M.H three seventy");
}

static void signs(void **state)
{
    (void)state;
    says("10 + 5 = 15", "ten plus five equals fifteen");
    says("~50 of §5 and №7", "about fifty of section five and number seven");
    says("3 × 4", "three times four");
    says("and/or 24/7 since 9/11", "and or twenty-four seven since nine eleven");
    says("salt & pepper", "salt and pepper");
    says("12 ÷ 3 ≠ 5", "twelve divided by three is not equal to five");
    says("x ≤ 5, y ≥ 6, z ≈ 7", "x at most five, y at least six, z about seven");
    says("Rome → Milan", "Rome to Milan");
    says("5*3 and № B", "five times three and number B");
    says("3 < 4 and 5 > 2", "three less than four and five greater than two");
    says("20 ± 1 ©", "twenty plus or minus one copyright");
    says("#1", "number one");
    says("a 3:1 ratio", "a three to one ratio");
}

static void marks(void **state)
{
    (void)state;
    says("“It’s [sic] fine,” he said.[1]", "It's sic fine, he said.");
    says("well — he left... then", "well, he left, then");
    says("*boldly* _quietly_ \\ back", "boldly quietly back");
    says("a [[b]] c\001 d", "a b c d");
    says("gone 🎉 now", "gone now");
    says("mother-in-law", "mother-in-law");
}

static void british(void **state)
{
    (void)state;
    says_gb("120 of 1,005", "one hundred and twenty of one thousand and five");
    says_gb("on 3/4/2024", "on the third of April twenty twenty-four");
    says_gb("on 10/25/2025", "on October twenty-fifth twenty twenty-five");
    says_gb("October 17, 2025", "October the seventeenth, twenty twenty-five");
    says_gb("in 2005", "in two thousand and five");
    says_gb("a 3-0 win", "a three nil win");
    says_gb("£1.50", "one pound fifty pence");
    says_gb("at 7.30pm", "at seven thirty P.M");
}

static void other_languages(void **state)
{
    (void)state;
    assert_string_equal(said_in("de", "„Am 3.5. kamen 1.200 Leute“, sagte er…"), "Am 3.5. kamen 1.200 Leute, sagte er.");
    assert_string_equal(said_in("fr-FR", "L’été\001 2025 !"), "L’été 2025!");
}

/* ---- never lose a word, never disturb the engine ---- */

static bool is_foot_mark(struct str text, size_t start, size_t end)
{
    size_t next;
    unsigned c = utf8_decode(text, start, &next);
    bool bracket = start > 0 && text.data[start - 1] == '[' && end < text.len && text.data[end] == ']';
    return bracket || c == 0xB9 || c == 0xB2 || c == 0xB3;
}

static void check_properties(struct str text, const char *language)
{
    struct arena arena = {0};
    struct spoken_context context = {.language = str_from(language), .phonemes = false};
    struct spoken spoken = spoken_form(&arena, text, &context);
    assert_int_equal(utf8_valid_length(spoken.words), spoken.words.len);
    assert_int_equal(spoken.words.data[spoken.words.len], '\0');
    for (size_t i = 0; i < spoken.words.len; i++)
        assert_true((unsigned char)spoken.words.data[i] >= ' ' && !strchr("\"[]*\\", spoken.words.data[i]));
    size_t text_at = 0, spoken_at = 0;
    for (size_t i = 0; i < spoken.n_parts; i++) {
        const struct spoken_part *part = &spoken.parts[i];
        assert_true(part->text_start >= text_at && part->text_end > part->text_start && part->text_end <= text.len);
        assert_true(part->spoken_start >= spoken_at && part->spoken_end > part->spoken_start);
        assert_true(part->spoken_end <= spoken.words.len);
        text_at = part->text_end;
        spoken_at = part->spoken_end;
    }
    size_t p = 0;
    for (size_t at = 0, next; at < text.len; at = next) {
        if (!uni_is_word(utf8_decode(text, at, &next)))
            continue;
        size_t end = next;
        while (end < text.len && uni_is_word(utf8_decode(text, end, &next)))
            end = next;
        next = end;
        while (p < spoken.n_parts && spoken.parts[p].text_end <= at)
            p++;
        bool covered = p < spoken.n_parts && spoken.parts[p].text_start < end;
        if (!covered && !is_foot_mark(text, at, end))
            fail_msg("'%.*s' is not said in '%.*s' -> '%s'", (int)(end - at), text.data + at, STR_ARG(text), spoken.words.data);
    }
    arena_release(&arena);
}

static const char *const PROSE[] = {
    "The firm paid $1.5bn (£1.2bn) for 20% of J.K. Smith & Co. on Jan. 5, 2024, at 7:30 p.m. ET, said Sen. Ray (R-Fla.).",
    "“It’s 1,500–1,600 km at 80 km/h,” Dr. O’Neil told the U.N. in St. Louis; Henry VIII and World War II were 3-1 in the ’90s.",
    "Call +44 20 7946 0958 or (555) 123-4567, write to jane.doe@example.co.uk, see https://www.example.com/a/b?c=1 #MeToo @x_y.",
    "He lives at 1428 Elm St., Reno, NV 89501 — CO2, F-16, COVID-19, 5'10\", 1/2 cup, 2½ years, 17/10/2025, 2025-10-17, 9/11.",
    "VERY LOUD: CEOs' MPs’ 21st-century e.g. No. 5 vs. a.m. 10-12-year-olds ½ €20 A$5 ¥500bn 50¢ 12 kWh/m² 1e5 x86 R2-D2 Ünal "
    "東京 ё",
};

static void every_word_is_said(void **state)
{
    (void)state;
    static const char SIGNS[] = " .,-/:'$%0123456789ABIVaxs&()\"\001";
    static const char MORE[] = "0123456789 .-";
    uint32_t random = 12345;
    char text[512];
    for (size_t i = 0; i < sizeof PROSE / sizeof *PROSE; i++)
        check_properties(str_from(PROSE[i]), "en");
    for (int round = 0; round < 20000; round++) {
        const char *from = PROSE[round % 5];
        size_t len = strlen(from);
        memcpy(text, from, len);
        for (int change = 0; change < 1 + round % 4; change++) {
            random = random * 1664525u + 1013904223u;
            size_t at = (random >> 8) % len;
            random = random * 1664525u + 1013904223u;
            switch ((random >> 24) % 4) {
            case 0: text[at] = SIGNS[(random >> 8) % (sizeof SIGNS - 1)]; break;
            case 1:
                memmove(text + at, text + at + 1, len - at - 1);
                len--;
                break;
            case 2: {
                size_t other = (random >> 8) % len;
                char swap = text[at];
                text[at] = text[other];
                text[other] = swap;
                break;
            }
            default:
                if (len < sizeof text - 1) {
                    memmove(text + at + 1, text + at, len - at);
                    text[at] = MORE[(random >> 8) % (sizeof MORE - 1)];
                    len++;
                }
            }
        }
        check_properties((struct str){text, len}, round % 3 ? "en-US" : "en-GB");
    }
}

static void parts_point_at_their_words(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct spoken_context context = {.language = STR("en")};
    struct str text = STR("On 5 May, $2m went.");
    struct spoken spoken = spoken_form(&arena, text, &context);
    static const char *const WANT[][2] = {
        {"On", "On"}, {"5", "the fifth of"}, {"May", "May"}, {"$2m", "two million dollars"}, {"went", "went"}};
    assert_int_equal(spoken.n_parts, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_str_equal(str_sub(text, spoken.parts[i].text_start, spoken.parts[i].text_end), WANT[i][0]);
        assert_str_equal(str_sub(spoken.words, spoken.parts[i].spoken_start, spoken.parts[i].spoken_end), WANT[i][1]);
    }
    arena_release(&arena);
}

static double seconds_for(size_t times)
{
    struct buffer text = {0};
    for (size_t i = 0; i < times; i++)
        buffer_c_string(&text, PROSE[i % 5]);
    struct arena arena = {0};
    struct spoken_context context = {.language = STR("en")};
    struct timespec start, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    spoken_form(&arena, buffer_view(&text), &context);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    arena_release(&arena);
    buffer_release(&text);
    return (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
}

static void time_is_linear(void **state)
{
    (void)state;
    seconds_for(200);
    double small = seconds_for(800), big = seconds_for(8000);
    assert_true(big < 30 * small + 0.05); /* quadratic would be 100 */
    static const char *const RUNS[] = {"1", "1-", "a.", "1,", "A", ".", "-", "1/", "1 ", "@a", "'", "(1", "$"};
    for (size_t i = 0; i < sizeof RUNS / sizeof *RUNS; i++) {
        struct buffer text = {0};
        for (size_t n = 0; n < 100000; n++)
            buffer_c_string(&text, RUNS[i]);
        struct arena arena = {0};
        struct spoken_context context = {.language = STR("en")};
        clock_t start = clock();
        spoken_form(&arena, buffer_view(&text), &context);
        assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 2.0);
        arena_release(&arena);
        buffer_release(&text);
    }
}

static void dates_for_announcements(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_str_equal(spoken_date(&arena, STR("2025-10-17"), STR("en")), "Friday, October seventeenth, twenty twenty-five");
    assert_str_equal(spoken_date(&arena, STR("2000-02-29"), STR("en-GB")), "Tuesday, the twenty-ninth of February, two thousand");
    assert_str_equal(spoken_date(&arena, STR("2001-02-29"), STR("en")), "");
    assert_str_equal(spoken_date(&arena, STR("soon"), STR("en")), "");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cardinals),
        cmocka_unit_test(ordinals),
        cmocka_unit_test(fractions),
        cmocka_unit_test(measures_as_adjectives),
        cmocka_unit_test(ranges),
        cmocka_unit_test(years),
        cmocka_unit_test(dates),
        cmocka_unit_test(times),
        cmocka_unit_test(money),
        cmocka_unit_test(measures),
        cmocka_unit_test(percent_and_points),
        cmocka_unit_test(scores_and_votes),
        cmocka_unit_test(roman_numerals),
        cmocka_unit_test(telephones),
        cmocka_unit_test(addresses),
        cmocka_unit_test(abbreviations),
        cmocka_unit_test(acronyms),
        cmocka_unit_test(capitals),
        cmocka_unit_test(initials),
        cmocka_unit_test(net_addresses),
        cmocka_unit_test(alphanumerics),
        cmocka_unit_test(signs),
        cmocka_unit_test(marks),
        cmocka_unit_test(british),
        cmocka_unit_test(other_languages),
        cmocka_unit_test(every_word_is_said),
        cmocka_unit_test(parts_point_at_their_words),
        cmocka_unit_test(time_is_linear),
        cmocka_unit_test(dates_for_announcements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
