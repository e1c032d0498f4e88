/* pages: what a browser shows of the library; static files that need no other host and work from file://. */
#ifndef CRIER_LIBRARY_PAGES_H
#define CRIER_LIBRARY_PAGES_H

#include "base/buffer.h"
#include "library/library.h"

/* episodes/SLUG.html. Data and transcript are in the page itself. */
enum status page_write(struct buffer *out, const struct library_settings *settings, const struct episode *episode,
                       uint64_t mp3_bytes, struct problem *problem);

/* index.html, page-2.html ...: the episodes as cards, INDEX_PAGE of them a page; assets/episodes.js: all of them, for the search.
 */
#define INDEX_PAGE 50
/* One episode's card. */
void index_card(struct buffer *out, const struct episode *episode);
/* One episode's line in assets/episodes.js; index_data_begin and _end go around. */
void index_data_begin(struct buffer *out);
void index_data(struct buffer *out, const struct episode *episode);
void index_data_end(struct buffer *out);
/* Page `page` (1-based) of `n_pages` around the cards. */
void index_page(struct buffer *out, const struct library_settings *settings, struct str cover, struct str cards,
                size_t n_episodes, size_t page, size_t n_pages);

/* Files that are the same for every episode: stylesheet, scripts, manifest, service worker. `n` of them. */
struct page_asset {
    const char *path; /* in public/ */
    struct str content;
};
enum status page_assets(const struct library_settings *settings, const char *cover, struct arena *arena,
                        const struct page_asset **assets, size_t *n, struct problem *problem);

/* "?v=" and a hash of stylesheet and scripts: browsers ask anew when these change. */
const char *page_version(void);

#endif
