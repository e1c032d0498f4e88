/* Inside the studio: the flat list of chapters that players can show. */
#ifndef CRIER_STUDIO_CHAPTERS_H
#define CRIER_STUDIO_CHAPTERS_H

#include "studio/programme.h"

#define CHAPTERS_LIMIT 255      /* a byte counts them in ID3's table of contents */
#define CHAPTER_TITLE_LIMIT 100 /* characters; phones show about 40 a line */

struct chapters {
    size_t n_articles; /* of the programme; set before use */
    struct chapter_plan *plans;
    size_t n_plans, plan_capacity;
    size_t *articles; /* [n_plans]: which article it belongs to; SIZE_MAX: none */
    size_t n_in_articles, article_capacity;
};

/* A chapter that starts with the passage to come. One that got no passage by then is replaced. */
void chapters_begin(struct chapters *chapters, struct arena *arena, struct str title, size_t article, size_t first_passage);
/* Drops a last chapter without passages, merges neighbours where there are more than CHAPTERS_LIMIT (never across two articles
 * while that can be avoided), and sets passage.starts_chapter to match. */
void chapters_finish(struct chapters *chapters, struct arena *arena, struct passage *passages, size_t n_passages);

/* What a listener reads: the section's title, before it the article's where there are several; the article's for its opening;
 * sensible words where there is none. */
struct str chapter_title(struct arena *arena, bool several, bool first, struct str article, struct str section,
                         struct str opening, const struct script *script);

#endif
