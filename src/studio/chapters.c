#include "studio/chapters.h"

#include <stdint.h>

#include "base/utf8.h"
#include "studio/pieces.h"

void chapters_begin(struct chapters *chapters, struct arena *arena, struct str title, size_t article, size_t first_passage)
{
    if (arena_failed(arena)) /* the two arrays may differ in length */
        return;
    if (chapters->n_plans && chapters->plans[chapters->n_plans - 1].first_passage == first_passage) {
        chapters->n_plans--;
        chapters->n_in_articles--;
    }
    struct chapter_plan *plan =
        arena_push(arena, (void **)&chapters->plans, &chapters->n_plans, &chapters->plan_capacity, sizeof *chapters->plans);
    size_t *owner =
        arena_push(arena, (void **)&chapters->articles, &chapters->n_in_articles, &chapters->article_capacity, sizeof *owner);
    if (!plan || !owner)
        return;
    /* What comes before the first chapter (an intro) belongs to it. */
    *plan = (struct chapter_plan){title, chapters->n_plans == 1 ? 0 : first_passage};
    *owner = article;
}

/* Chapters left when at most `size` neighbours of one article become one. */
static size_t count_merged(const struct chapters *chapters, size_t size, bool across)
{
    size_t count = 0, in_group = 0;
    for (size_t i = 0; i < chapters->n_plans; i++) {
        bool fresh = i == 0 || in_group == size || (!across && chapters->articles[i] != chapters->articles[i - 1]);
        in_group = fresh ? 1 : in_group + 1;
        count += fresh;
    }
    return count;
}

static void merge(struct chapters *chapters, struct arena *arena, size_t size, bool across)
{
    size_t n = 0, in_group = 0;
    struct str last = {0};
    for (size_t i = 0; i < chapters->n_plans; i++) {
        bool fresh = i == 0 || in_group == size || (!across && chapters->articles[i] != chapters->articles[i - 1]);
        struct chapter_plan plan = chapters->plans[i];
        size_t article = chapters->articles[i];
        if (fresh) {
            chapters->plans[n] = plan;
            chapters->articles[n++] = article;
            in_group = 1;
        } else {
            in_group++;
        }
        last = plan.title;
        bool closes = i + 1 == chapters->n_plans || in_group == size || (!across && chapters->articles[i + 1] != article);
        if (closes && in_group > 1) {
            struct str from = text_shorten(arena, chapters->plans[n - 1].title, CHAPTER_TITLE_LIMIT / 2 - 2);
            struct str to = text_shorten(arena, last, CHAPTER_TITLE_LIMIT / 2 - 2);
            chapters->plans[n - 1].title = arena_format(arena, "%.*s \xE2\x80\x93 %.*s", STR_ARG(from), STR_ARG(to));
        }
    }
    chapters->n_plans = chapters->n_in_articles = n;
}

void chapters_finish(struct chapters *chapters, struct arena *arena, struct passage *passages, size_t n_passages)
{
    if (arena_failed(arena))
        return;
    if (chapters->n_plans > 1 && chapters->plans[chapters->n_plans - 1].first_passage >= n_passages)
        chapters->n_plans = --chapters->n_in_articles;
    if (chapters->n_plans > CHAPTERS_LIMIT) {
        bool across = count_merged(chapters, SIZE_MAX, false) > CHAPTERS_LIMIT;
        size_t size = 2;
        while (count_merged(chapters, size, across) > CHAPTERS_LIMIT)
            size *= 2;
        for (size_t step = size / 4; step > 0; step /= 2) /* the least size that is enough */
            if (count_merged(chapters, size - step, across) <= CHAPTERS_LIMIT)
                size -= step;
        merge(chapters, arena, size, across);
    }
    for (size_t i = 0; i < n_passages; i++)
        passages[i].starts_chapter = false;
    for (size_t i = 0; i < chapters->n_plans; i++)
        passages[chapters->plans[i].first_passage].starts_chapter = true;
}

/* Headings like "Background:" end in signs that mean nothing in a list. */
static struct str clean(struct str title)
{
    title = utf8_trim(title);
    while (title.len && (title.data[title.len - 1] == ':' || title.data[title.len - 1] == ' '))
        title.len--;
    return title;
}

struct str chapter_title(struct arena *arena, bool several, bool first, struct str article, struct str section,
                         struct str opening, const struct script *script)
{
    article = clean(article);
    section = clean(section);
    if (first && article.len)
        return text_shorten(arena, article, CHAPTER_TITLE_LIMIT);
    if (!section.len && first && script->n_sections > 1)
        section = opening;
    if (!section.len)
        for (size_t i = 0; i < script->n_segments && !section.len; i++)
            for (size_t j = 0; j < script->segments[i].n_sentences && !section.len; j++)
                section = text_shorten(arena, script->segments[i].sentences[j].text, CHAPTER_TITLE_LIMIT / 2);
    if (!section.len)
        section = STR("\xE2\x80\xA6");
    if (!several || !article.len)
        return text_shorten(arena, section, CHAPTER_TITLE_LIMIT);
    /* The section tells the chapters of one article apart: it gets the larger share. */
    size_t section_len = utf8_count(section) < 60 ? utf8_count(section) : 60;
    article = text_shorten(arena, article, CHAPTER_TITLE_LIMIT - 2 - section_len);
    section = text_shorten(arena, section, 60);
    return arena_format(arena, "%.*s: %.*s", STR_ARG(article), STR_ARG(section));
}
