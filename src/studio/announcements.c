#include "studio/announcements.h"

#include <stddef.h>
#include <stdint.h>

#include "spoken/spoken.h"

static const struct announcements table[] = {
    {"en", "By {byline}", "In this edition. {titles}", "End of article.", "Introduction", "Article", "", "", ""},
    {"de", "Von {byline}", "In dieser Ausgabe. {titles}", "Ende des Artikels.", "Einleitung", "Artikel", "{day} {month} {year}",
     "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
     "erster|zweiter|dritter|vierter|fünfter|sechster|siebter|achter|neunter|zehnter|elfter|zwölfter|"
     "dreizehnter|vierzehnter|fünfzehnter|sechzehnter|siebzehnter|achtzehnter|neunzehnter|zwanzigster|"
     "einundzwanzigster|zweiundzwanzigster|dreiundzwanzigster|vierundzwanzigster|fünfundzwanzigster|"
     "sechsundzwanzigster|siebenundzwanzigster|achtundzwanzigster|neunundzwanzigster|dreißigster|"
     "einunddreißigster"},
    {"fr", "Par {byline}", "Dans cette édition. {titles}", "Fin de l'article.", "Introduction", "Article", "{day} {month} {year}",
     "janvier février mars avril mai juin juillet août septembre octobre novembre décembre", ""},
    {"es", "Por {byline}", "En esta edición. {titles}", "Fin del artículo.", "Introducción", "Artículo",
     "{day} de {month} de {year}", "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
     ""},
    {"it", "Di {byline}", "In questa edizione. {titles}", "Fine dell'articolo.", "Introduzione", "Articolo",
     "{day} {month} {year}", "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre", ""},
    {"pt", "Por {byline}", "Nesta edição. {titles}", "Fim do artigo.", "Introdução", "Artigo", "{day} de {month} de {year}",
     "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro", ""},
    {"nl", "Door {byline}", "In deze editie. {titles}", "Einde van het artikel.", "Inleiding", "Artikel", "{day} {month} {year}",
     "januari februari maart april mei juni juli augustus september oktober november december", ""},
    {"ru", "{byline}", "В этом выпуске. {titles}", "Конец статьи.", "Введение", "Статья", "{day} {month}",
     "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
     "первое|второе|третье|четвёртое|пятое|шестое|седьмое|восьмое|девятое|десятое|одиннадцатое|двенадцатое|"
     "тринадцатое|четырнадцатое|пятнадцатое|шестнадцатое|семнадцатое|восемнадцатое|девятнадцатое|двадцатое|"
     "двадцать первое|двадцать второе|двадцать третье|двадцать четвёртое|двадцать пятое|двадцать шестое|"
     "двадцать седьмое|двадцать восьмое|двадцать девятое|тридцатое|тридцать первое"},
    {"hi", "{byline}", "इस अंक में। {titles}", "लेख समाप्त।", "परिचय", "लेख", "{day} {month} {year}",
     "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर", ""},
    {"", "{byline}", "", "", "", "Article", "", "", ""}, /* any other */
};

const struct announcements *announcements_for(struct str language)
{
    size_t len = 0;
    while (len < language.len && language.data[len] != '-' && language.data[len] != '_')
        len++;
    struct str primary = str_sub(language, 0, len);
    const size_t last = sizeof table / sizeof *table - 1;
    for (size_t i = 0; i < last; i++)
        if (str_eq_nocase(primary, str_from(table[i].language)))
            return &table[i];
    return &table[last];
}

struct str announcement_template(enum announcement kind, const struct programme_options *options, const struct cast *cast,
                                 const struct announcements *words, bool several)
{
    const char *const defaults[ANNOUNCEMENT_COUNT] = {"{show}", "{date}", words->contents, "{title}", words->byline, words->end};
    struct str text = str_from(defaults[kind]);
    bool on = kind == ANNOUNCEMENT_TITLE || kind == ANNOUNCEMENT_BYLINE || (kind == ANNOUNCEMENT_CONTENTS && several);
    struct str given = options->templates ? options->templates->texts[kind] : (struct str){NULL, 0};
    if (!given.data)
        given = cast->announcements.texts[kind];
    if (given.data) {
        on = given.len > 0;
        text = on ? given : text;
    }
    if (options->announce_chosen)
        on = options->announce[kind];
    return on && (several || kind != ANNOUNCEMENT_CONTENTS) ? text : STR("");
}

static int number_at(struct str text, size_t at, size_t len)
{
    int number = 0;
    for (size_t i = at; i < at + len; i++)
        number = 10 * number + (text.data[i] - '0');
    return number;
}

struct str announcement_date(struct arena *arena, struct str iso_date, struct str language)
{
    const struct announcements *words = announcements_for(language);
    struct str english = spoken_date(arena, iso_date, language); /* also tells whether it is a date */
    if (!english.len || str_eq_c(str_from(words->language), "en"))
        return english;
    struct str months = str_from(words->months), month = STR(""), days = str_from(words->days), day = STR("");
    struct str rest = str_from(words->date), part, placeholder, text = STR("");
    for (int i = number_at(iso_date, 5, 2); i > 0; i--)
        str_next(&months, ' ', &month);
    int number = number_at(iso_date, 8, 2);
    for (int i = number; i > 0; i--)
        str_next(&days, '|', &day);
    if (!day.len)
        day = arena_format(arena, "%d%s", number, number == 1 && str_eq_c(str_from(words->language), "fr") ? "er" : "");
    while (announcement_next(&rest, &part, &placeholder)) {
        text = arena_format(arena, "%.*s%.*s", STR_ARG(text), STR_ARG(part));
        if (str_eq_c(placeholder, "day"))
            text = arena_format(arena, "%.*s%.*s", STR_ARG(text), STR_ARG(day));
        else if (str_eq_c(placeholder, "month"))
            text = arena_format(arena, "%.*s%.*s", STR_ARG(text), STR_ARG(month));
        else if (placeholder.data)
            text = arena_format(arena, "%.*s%d", STR_ARG(text), number_at(iso_date, 0, 4));
    }
    return text;
}

static struct str value_of(const struct announcement_values *values, struct str placeholder)
{
    return str_eq_c(placeholder, "show")     ? values->show
           : str_eq_c(placeholder, "date")   ? values->date
           : str_eq_c(placeholder, "title")  ? values->title
           : str_eq_c(placeholder, "byline") ? values->byline
                                             : STR("");
}

struct str announcement_text(struct arena *arena, struct str template, const struct announcement_values *values)
{
    struct str rest = template, words, placeholder, text = STR("");
    while (announcement_next(&rest, &words, &placeholder)) {
        struct str value = placeholder.data ? value_of(values, placeholder) : STR("");
        if (placeholder.data && !value.len)
            return STR("");
        text = arena_format(arena, "%.*s%.*s%.*s", STR_ARG(text), STR_ARG(words), STR_ARG(value));
    }
    return str_trim(text);
}
