#include "studio/announcements.h"

#include <stddef.h>

static const struct announcements table[] = {
    {"en", "By ", "In this edition.", "End of article.", "Introduction", "Article"},
    {"de", "Von ", "In dieser Ausgabe.", "Ende des Artikels.", "Einleitung", "Artikel"},
    {"fr", "Par ", "Dans cette édition.", "Fin de l'article.", "Introduction", "Article"},
    {"es", "Por ", "En esta edición.", "Fin del artículo.", "Introducción", "Artículo"},
    {"it", "Di ", "In questa edizione.", "Fine dell'articolo.", "Introduzione", "Articolo"},
    {"pt", "Por ", "Nesta edição.", "Fim do artigo.", "Introdução", "Artigo"},
    {"nl", "Door ", "In deze editie.", "Einde van het artikel.", "Inleiding", "Artikel"},
    {"ru", "", "В этом выпуске.", "Конец статьи.", "Введение", "Статья"},
    {"", "", "", "", "", "Article"}, /* any other */
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
