#include "studio/announcements.h"

#include <stddef.h>
#include <stdint.h>

static const struct announcements table[] = {
    {"en", "By {byline}", "In this edition. {titles}", "End of article.", "Introduction", "Article"},
    {"de", "Von {byline}", "In dieser Ausgabe. {titles}", "Ende des Artikels.", "Einleitung", "Artikel"},
    {"fr", "Par {byline}", "Dans cette édition. {titles}", "Fin de l'article.", "Introduction", "Article"},
    {"es", "Por {byline}", "En esta edición. {titles}", "Fin del artículo.", "Introducción", "Artículo"},
    {"it", "Di {byline}", "In questa edizione. {titles}", "Fine dell'articolo.", "Introduzione", "Articolo"},
    {"pt", "Por {byline}", "Nesta edição. {titles}", "Fim do artigo.", "Introdução", "Artigo"},
    {"nl", "Door {byline}", "In deze editie. {titles}", "Einde van het artikel.", "Inleiding", "Artikel"},
    {"ru", "{byline}", "В этом выпуске. {titles}", "Конец статьи.", "Введение", "Статья"},
    {"", "{byline}", "", "", "", "Article"}, /* any other */
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
