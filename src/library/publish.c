#include "library/publish.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/draft.h"
#include "base/file.h"
#include "base/hash.h"
#include "edition/cover.h"
#include "library/cover_art.h"
#include "library/cover_fit.h"
#include "library/feed.h"
#include "library/names.h"
#include "library/pages.h"

/* Where `crier serve` serves: what a feed is read from while [show] has no url. */
#define PREVIEW_URL "http://127.0.0.1:8008"

#define FEED_PAGE 300 /* items; apps read the feed often, and old pages of it seldom (RFC 5005) */
#define COVER_PX 1400

struct publishing {
    struct state *state;
    const struct library_settings *settings;
    const char *library;
    struct arena arena;
    struct feed_channel channel;
    struct feed *feed;
    struct buffer cards, data;
    size_t n_items, n_index_pages, n_feed_pages;
    size_t at; /* items walked over */
    size_t index_page;
    struct problem *cover; /* why the user's cover could not be used */
    struct problem broken; /* of an episode that had to be left out */
};

/* ---- files ---------------------------------------------------------------------------------------------------------------- */

static const char *in_public(struct publishing *publishing, const char *name)
{
    return arena_format(&publishing->arena, "%s/public/%s", publishing->library, name).data;
}

/* Leaves a file that has these bytes already as it is, so that its time and its ETag stay. */
static enum status put_file(const char *path, struct str bytes, struct problem *problem)
{
    struct stat about;
    if (stat(path, &about) == 0 && S_ISREG(about.st_mode) && (size_t)about.st_size == bytes.len) {
        struct buffer old = {0};
        bool same = file_read(path, bytes.len, &old, NULL) == STATUS_OK && str_eq(buffer_view(&old), bytes);
        buffer_release(&old);
        if (same)
            return STATUS_OK;
    }
    struct draft draft;
    enum status status = draft_open(&draft, path, problem);
    if (status == STATUS_OK)
        status = draft_write(&draft, bytes.data, bytes.len, problem);
    if (status == STATUS_OK)
        return draft_finish(&draft, problem);
    draft_drop(&draft);
    return status;
}

static enum status put_buffer(const char *path, const struct buffer *buffer, struct problem *problem)
{
    if (buffer_failed(buffer))
        return problem_no_memory(problem);
    return put_file(path, buffer_view(buffer), problem);
}

static enum status write_assets(struct publishing *publishing, struct problem *problem)
{
    const struct page_asset *assets;
    size_t n;
    enum status status = page_assets(publishing->settings, publishing->channel.cover, &publishing->arena, &assets, &n, problem);
    for (size_t i = 0; status == STATUS_OK && i < n; i++)
        status = put_file(in_public(publishing, assets[i].path), assets[i].content, problem);
    return status;
}

/* ---- cover and icons ------------------------------------------------------------------------------------------------------ */

/* The user's picture in public/. Where it cannot be used (see publishing.cover) what is there stays. */
static enum status fit_cover(struct publishing *publishing, struct problem *problem)
{
    struct buffer image = {0}, cover = {0};
    struct cover_facts facts;
    struct problem *why = publishing->cover;
    enum status status = file_read(publishing->settings->cover, 32 << 20, &image, why);
    if (status == STATUS_OK)
        status = cover_fit(&cover, buffer_view(&image), &cover_bounds_feed, why);
    if (status == STATUS_OK)
        status = cover_read(&facts, buffer_view(&cover), why);
    if (status == STATUS_OK) {
        publishing->channel.cover = strcmp(facts.mime_type, "image/jpeg") == 0 ? "cover.jpg" : "cover.png";
        status = put_buffer(in_public(publishing, publishing->channel.cover), &cover, problem);
    } else if (status != STATUS_NO_MEMORY) {
        status = STATUS_OK;
    } else {
        problem_no_memory(problem);
    }
    buffer_release(&image);
    buffer_release(&cover);
    return status;
}

static enum status draw(struct publishing *publishing, const char *name, unsigned size_px, struct problem *problem)
{
    struct buffer png = {0};
    struct str title = str_from(publishing->settings->title);
    enum status status = strcmp(name, "cover.png") == 0
                             ? cover_art_draw(&png, title, str_from(publishing->settings->author), size_px, problem)
                             : cover_art_icon(&png, title, size_px, problem);
    if (status == STATUS_OK)
        status = put_buffer(in_public(publishing, name), &png, problem);
    buffer_release(&png);
    return status;
}

static bool in_public_is(struct publishing *publishing, const char *name)
{
    return access(in_public(publishing, name), R_OK) == 0;
}

/* Drawing takes longer than all the rest: only where what is drawn has changed or is missing. */
static enum status write_pictures(struct publishing *publishing, struct problem *problem)
{
    const char *cover = publishing->settings->cover;
    bool automatic = !*cover || strcmp(cover, "auto") == 0;
    static const struct {
        const char *name;
        unsigned size_px;
    } pictures[] = {{"icons/icon-192.png", 192}, {"icons/icon-512.png", 512}, {"cover.png", COVER_PX}};
    enum status status = STATUS_OK;
    publishing->channel.cover = NULL;
    if (!automatic)
        status = fit_cover(publishing, problem);
    /* In place of a picture that cannot be used: the one used before, else a drawn one. */
    if (!automatic && !publishing->channel.cover)
        publishing->channel.cover = in_public_is(publishing, "cover.jpg") ? "cover.jpg" : NULL;
    if (!automatic && !publishing->channel.cover)
        publishing->channel.cover = in_public_is(publishing, "cover.png") ? "cover.png" : NULL;
    bool drawn_cover = !publishing->channel.cover;
    if (drawn_cover)
        publishing->channel.cover = "cover.png";
    size_t n = sizeof pictures / sizeof *pictures - (drawn_cover ? 0 : 1);
    char now[HASH_HEX_SIZE];
    struct str drawn = {"", 0};
    hash_bytes_hex(arena_format(&publishing->arena, "%s\n%s\n%s\n%d", CRIER_VERSION, publishing->settings->title,
                                publishing->settings->author, automatic),
                   now);
    if (status == STATUS_OK)
        status = state_get_fact(publishing->state, "pictures", &drawn, &publishing->arena, problem);
    bool there = status == STATUS_OK && str_eq_c(drawn, now);
    for (size_t i = 0; i < n; i++)
        there &= in_public_is(publishing, pictures[i].name);
    for (size_t i = 0; status == STATUS_OK && !there && i < n; i++)
        status = draw(publishing, pictures[i].name, pictures[i].size_px, problem);
    if (status == STATUS_OK && !there)
        status = state_set_fact(publishing->state, "pictures", str_from(now), problem);
    return status;
}

/* ---- feed and index, page by page --------------------------------------------------------------------------------------------
 */

static enum status flush_feed(struct publishing *publishing, struct problem *problem)
{
    struct buffer xml = {0};
    int page = publishing->channel.page;
    const char *name = page == 1 ? "feed.xml" : arena_format(&publishing->arena, "feed-%d.xml", page).data;
    enum status status = feed_finish(publishing->feed, &xml, problem);
    if (status == STATUS_OK)
        status = put_buffer(in_public(publishing, name), &xml, problem);
    buffer_release(&xml);
    feed_free(publishing->feed);
    publishing->feed = NULL;
    return status;
}

static enum status begin_feed(struct publishing *publishing, int page, struct problem *problem)
{
    publishing->channel.page = page;
    publishing->channel.last = (size_t)page == publishing->n_feed_pages;
    return feed_new(&publishing->feed, &publishing->channel, problem);
}

static enum status flush_index(struct publishing *publishing, struct problem *problem)
{
    struct buffer html = {0};
    size_t page = ++publishing->index_page;
    const char *name = page == 1 ? "index.html" : arena_format(&publishing->arena, "page-%zu.html", page).data;
    index_page(&html, publishing->settings, str_from(publishing->channel.cover), buffer_view(&publishing->cards),
               publishing->n_items, page, publishing->n_index_pages);
    html.failed |= buffer_failed(&publishing->cards);
    enum status status = put_buffer(in_public(publishing, name), &html, problem);
    buffer_release(&html);
    buffer_clear(&publishing->cards);
    return status;
}

static bool beside(const struct publishing *publishing, struct str slug, const char *ending, struct arena *arena)
{
    const char *path = arena_format(arena, "%s/public/episodes/%.*s%s", publishing->library, STR_ARG(slug), ending).data;
    return access(path, R_OK) == 0;
}

static enum status add_episode(struct publishing *publishing, const struct episode *episode, struct arena *arena,
                               struct problem *problem)
{
    struct stat about;
    const char *stem = arena_format(arena, "%s/public/episodes/%.*s", publishing->library, STR_ARG(episode->slug)).data;
    /* The next batch makes a file that somebody took away again; until then nothing names it. */
    if (stat(arena_format(arena, "%s.mp3", stem).data, &about) != 0)
        return STATUS_OK;
    struct buffer html = {0};
    enum status status = page_write(&html, publishing->settings, episode, (uint64_t)about.st_size, problem);
    if (status == STATUS_OK)
        status = put_buffer(arena_format(arena, "%s.html", stem).data, &html, problem);
    buffer_release(&html);
    if (status != STATUS_OK)
        return status;
    const struct feed_item item = {.episode = episode,
                                   .bytes = (uint64_t)about.st_size,
                                   .has_chapters = beside(publishing, episode->slug, ".chapters.json", arena),
                                   .has_vtt = beside(publishing, episode->slug, ".vtt", arena),
                                   .has_srt = beside(publishing, episode->slug, ".srt", arena)};
    feed_add(publishing->feed, &item);
    index_card(&publishing->cards, episode);
    index_data(&publishing->data, episode);
    return STATUS_OK;
}

static enum status each_episode(void *context, const struct item *item, struct str json, struct problem *problem)
{
    struct publishing *publishing = context;
    struct arena arena = {0};
    struct episode episode;
    enum status status = STATUS_OK;
    if (publishing->at && publishing->at % FEED_PAGE == 0) {
        status = flush_feed(publishing, problem);
        if (status == STATUS_OK)
            status = begin_feed(publishing, publishing->channel.page + 1, problem);
    }
    if (status == STATUS_OK && publishing->at && publishing->at % INDEX_PAGE == 0)
        status = flush_index(publishing, problem);
    publishing->at++;
    enum status readable = status == STATUS_OK ? episode_read_json(&episode, json, &arena) : status;
    if (readable == STATUS_BAD_DATA) {
        problem_set(&publishing->broken, STATUS_BAD_DATA, item->source.data, 0,
                    "what is kept of this episode is damaged and it is left out; change the article to have it made again");
    } else if (status == STATUS_OK) {
        status = readable == STATUS_OK ? add_episode(publishing, &episode, &arena, problem) : problem_no_memory(problem);
    }
    arena_release(&arena);
    return status;
}

/* Pages of a time when there were more episodes; nothing names them now. */
static void remove_pages_after(struct publishing *publishing, const char *stem, const char *ending, size_t last)
{
    for (size_t page = last + 1;; page++)
        if (unlink(in_public(publishing, arena_format(&publishing->arena, "%s-%zu.%s", stem, page, ending).data)) != 0)
            break;
}

/* The feed's guid is made once from its first real address and stays when the feed moves. */
static enum status find_guid(struct publishing *publishing, struct problem *problem)
{
    struct str kept;
    enum status status = state_get_fact(publishing->state, "feed guid", &kept, &publishing->arena, problem);
    if (status != STATUS_OK)
        return status;
    char guid[UUID_SIZE];
    feed_guid(arena_format(&publishing->arena, "%s/feed.xml", publishing->channel.base), guid);
    if (!kept.len && *publishing->settings->url)
        status = state_set_fact(publishing->state, "feed guid", str_from(guid), problem);
    publishing->channel.guid = kept.len ? kept.data : arena_copy(&publishing->arena, str_from(guid)).data;
    return status;
}

static const char *base_url(struct publishing *publishing)
{
    struct str url = str_from(*publishing->settings->url ? publishing->settings->url : PREVIEW_URL);
    while (str_ends(url, STR("/")))
        url.len--;
    return arena_copy(&publishing->arena, url).data;
}

static enum status publish(struct publishing *publishing, struct problem *problem)
{
    publishing->channel.settings = publishing->settings;
    publishing->channel.base = base_url(publishing);
    enum status status =
        state_count(publishing->state, ITEM_MADE, &publishing->n_items, &publishing->channel.last_made_s, problem);
    publishing->n_index_pages = publishing->n_items ? (publishing->n_items + INDEX_PAGE - 1) / INDEX_PAGE : 1;
    publishing->n_feed_pages = publishing->n_items ? (publishing->n_items + FEED_PAGE - 1) / FEED_PAGE : 1;
    if (status == STATUS_OK)
        status = find_guid(publishing, problem);
    if (status == STATUS_OK)
        status = file_make_folders(in_public(publishing, "assets"), problem);
    if (status == STATUS_OK)
        status = file_make_folders(in_public(publishing, "icons"), problem);
    if (status == STATUS_OK)
        status = write_pictures(publishing, problem);
    if (status == STATUS_OK)
        status = write_assets(publishing, problem);
    if (status == STATUS_OK)
        status = begin_feed(publishing, 1, problem);
    index_data_begin(&publishing->data);
    if (status == STATUS_OK)
        status = state_each(publishing->state, ITEM_MADE, each_episode, publishing, problem);
    index_data_end(&publishing->data);
    if (status == STATUS_OK)
        status = put_buffer(in_public(publishing, "assets/episodes.js"), &publishing->data, problem);
    if (status == STATUS_OK)
        status = flush_index(publishing, problem);
    if (status == STATUS_OK)
        status = flush_feed(publishing, problem);
    if (status == STATUS_OK) {
        remove_pages_after(publishing, "page", "html", publishing->n_index_pages);
        remove_pages_after(publishing, "feed", "xml", publishing->n_feed_pages);
    }
    if (status == STATUS_OK && arena_failed(&publishing->arena))
        status = problem_no_memory(problem);
    if (status == STATUS_OK && publishing->broken.status != STATUS_OK) {
        status = publishing->broken.status;
        if (problem && problem->status == STATUS_OK)
            *problem = publishing->broken;
    }
    return status;
}

enum status publish_library(struct state *state, const struct library_settings *settings, const char *library,
                            struct problem *cover, struct problem *problem)
{
    struct publishing publishing = {.state = state, .settings = settings, .library = library, .cover = cover};
    enum status status = publish(&publishing, problem);
    feed_free(publishing.feed);
    buffer_release(&publishing.cards);
    buffer_release(&publishing.data);
    arena_release(&publishing.arena);
    return status;
}
