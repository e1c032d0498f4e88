/* Speakers in languages other than English: a verb of saying and a name beside the quotation, or nobody. */
#include "test.h"

#include "base/arena.h"
#include "script/quotation.h"

static const struct {
    const char *language, *text, *speakers; /* of each speech, "-": nobody */
    enum gender gender;                     /* of the first */
} cases[] = {
    {"fr", "« Une machine ne voit pas la poussière », explique la maire, Claire Abgrall.", "Claire Abgrall", GENDER_FEMALE},
    {"fr", "Paul Kerdon monte encore. « Je ne compte plus, dit-il. Mes genoux comptent pour moi. »", "Paul Kerdon", GENDER_MALE},
    {"fr", "« Nous avons tout perdu », raconte le patron du café de Quimper.", "-", 0},
    {"fr", "Le vent se lève. « Nous avons tout perdu cette nuit. »", "-", 0},
    {"fr", "« Nous partons demain », a déclaré Sophie Martin. « Il faut du pain. »", "Sophie Martin|Sophie Martin",
     GENDER_FEMALE},
    {"de", "„Die Leute rufen jeden Tag an“, sagt Bürgermeisterin Karin Holtz.", "Karin Holtz", GENDER_FEMALE},
    {"de", "Seit dem Sturm steht die Uhr. „Die Leute rufen jeden Tag an.“", "-", 0},
    {"de", "„Wir kommen wieder“, sagte der Sprecher.", "-", 0},
    {"de", "Der Uhrmacher Peter Paulsen kam. „Es fehlt nichts“, sagte er der Zeitung.", "Peter Paulsen", GENDER_MALE},
    {"de", "Karin Holtz sagt: „Die Leute rufen jeden Tag an.“", "Karin Holtz", GENDER_FEMALE},
    {"es", "En Santa Clara llueve. «Empezamos con seis macetas», cuenta Lucía Ferrando, la fundadora.", "Lucía Ferrando",
     GENDER_FEMALE},
    {"es", "En Santa Clara llueve. «Empezamos con seis macetas y tierra.»", "-", 0},
    {"it", "«Non torneremo mai più», spiega il sindaco Marco Rossi.", "Marco Rossi", GENDER_MALE},
    {"pt", "“Não vamos voltar nunca mais”, disse Maria Santos.", "Maria Santos", GENDER_FEMALE},
    {"nl", "“Wij komen nooit meer terug”, zegt Anna Bakker van de gemeente.", "Anna Bakker", GENDER_FEMALE},
    {"ru", "«Мы ждём, пока лёд станет толстым», — говорит Анна Лебедева, которая руководит.", "Анна Лебедева", GENDER_FEMALE},
    {"ru", "«Я живу здесь пятьдесят лет», — сказал рыбак Пётр Сомов.", "Пётр Сомов", GENDER_MALE},
    {"pl", "„Nigdy tu nie wrócimy”, powiedziała Anna Kowalska.", "Anna Kowalska", GENDER_FEMALE},
    {"hi", "\"अब बच्चे स्कूल जा सकेंगे,\" सरपंच मीरा देवी ने कहा।", "सरपंच मीरा देवी", GENDER_UNKNOWN},
    {"sv", "”Vi kommer aldrig tillbaka”, säger Anna Berg.", "-", 0},
};

static void speakers_of_other_languages(void **state)
{
    (void)state;
    size_t n_wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct str text = str_from(cases[i].text);
        struct block block = {.kind = BLOCK_PARAGRAPH, .text = text};
        struct article article = {.format = ARTICLE_PLAIN,
                                  .source = "-",
                                  .text = text,
                                  .language = str_from(cases[i].language),
                                  .blocks = &block,
                                  .n_blocks = 1};
        size_t n = 0, n_speakers = 0;
        struct quotation *quotations = find_quotations(&arena, &article, &n);
        struct speaker *speakers = attribute_quotations(&arena, &article, quotations, n, &n_speakers);
        assert_non_null(speakers);
        struct str wanted = str_from(cases[i].speakers), name;
        for (size_t q = 0; q < n; q++) {
            struct str found = quotations[q].speaker == SCRIPT_NOBODY ? STR("-") : speakers[quotations[q].speaker].name;
            if (!str_next(&wanted, '|', &name) || !str_eq(found, name) ||
                (q == 0 && quotations[q].speaker != SCRIPT_NOBODY && speakers[quotations[q].speaker].gender != cases[i].gender)) {
                print_message("%s: found '%.*s'\n", cases[i].text, STR_ARG(found));
                n_wrong++;
            }
        }
        n_wrong += n == 0;
        arena_release(&arena);
    }
    assert_int_equal(n_wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(speakers_of_other_languages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
