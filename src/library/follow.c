#include "library/follow.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "library/feed_read.h"
#include "library/web_text.h"

#define ACCEPT "application/rss+xml,application/atom+xml,application/rdf+xml;q=0.9,application/xml;q=0.8,text/xml;q=0.8,*/*;q=0.1"
#define MOST_TRIES 5                          /* batches in which an article is tried to be fetched */
#define REMEMBER_S ((int64_t)400 * 24 * 3600) /* how long an item is known after the feed stopped having it */

/* Fetched and understood; *unchanged where the server says so, and then there is no document. */
static enum status fetch_feed(struct intake *intake, const struct state_feed *feed, struct fetch_reply *reply,
                              struct feed_document *document, struct arena *arena, struct problem *problem)
{
    struct fetch_request request = {.url = feed->url.data, .accept = ACCEPT, .etag = feed->etag, .modified = feed->modified};
    const char *shown = fetch_address_shown(feed->url, arena).data;
    enum status status = fetch(&request, &intake->limits, reply, arena, problem);
    if (status != STATUS_OK || reply->unchanged)
        return status;
    struct str body = buffer_view(&reply->body);
    if (!str_trim(body).len)
        return problem_set(problem, STATUS_BAD_DATA, shown, 0, "is empty");
    if (web_kind(reply->type, reply->url, body) == WEB_HTML) {
        struct str link = web_feed_link(arena, body), named = {"", 0};
        if (link.len && fetch_address(link, reply->url, &named, arena, NULL) == STATUS_OK)
            return problem_set(problem, STATUS_BAD_DATA, shown, 0, "is a web page, no feed; the feed that it names is %s",
                               named.data);
        return problem_set(problem, STATUS_BAD_DATA, shown, 0, "is a web page, no feed, and names none");
    }
    status = web_to_utf8(&reply->body, reply->charset, WEB_FEED, problem);
    body = buffer_view(&reply->body);
    bool utf8 = reply->charset.len && utf8_valid_length(body) == body.len;
    if (status == STATUS_OK)
        status = feed_read(document, body, reply->url, utf8, arena, problem);
    if (status == STATUS_BAD_DATA && problem)
        snprintf(problem->path, sizeof problem->path, "%.1000s", shown); /* not where it was redirected to */
    return status;
}

/* ---- one article ----------------------------------------------------------------------------------------------------- */

static void meta(struct buffer *out, const char *kind, const char *name, struct str value)
{
    if (!value.len)
        return;
    buffer_format(out, "<meta %s=\"%s\" content=\"", kind, name);
    web_escape(out, value);
    buffer_c_string(out, "\">\n");
}

/* The item's own text as a page that says what the feed says about it. */
static void write_page(struct buffer *out, const struct feed_item *item, const struct feed_document *feed, struct str url)
{
    buffer_c_string(out, "<!DOCTYPE html>\n<html");
    if (feed->language.len) {
        buffer_c_string(out, " lang=\"");
        web_escape(out, feed->language);
        buffer_c_string(out, "\"");
    }
    buffer_c_string(out, ">\n<head>\n<meta charset=\"utf-8\">\n<title>");
    web_escape(out, item->title);
    buffer_c_string(out, "</title>\n");
    /* What reads a page takes attributes for mark-up once more where they look like it. */
    meta(out, "property", "og:title", item->title);
    meta(out, "property", "og:site_name", feed->title);
    meta(out, "property", "og:url", url);
    meta(out, "name", "author", item->author);
    meta(out, "property", "article:published_time", item->date);
    buffer_c_string(out, "</head>\n<body>\n<article>\n<h1>");
    web_escape(out, item->title);
    buffer_c_string(out, "</h1>\n");
    buffer_str(out, item->text);
    buffer_c_string(out, "\n</article>\n</body>\n</html>\n");
}

static enum status deposit_text(struct intake *intake, const struct feed_item *item, const struct feed_document *document,
                                const struct state_feed *feed, struct str url, struct arena *arena, struct problem *problem)
{
    struct buffer page = {0};
    struct str file, shown = fetch_address_shown(url, arena);
    enum deposit_result result;
    write_page(&page, item, document, shown);
    struct deposit what = {.url = url.len ? url : arena_format(arena, "%.*s#%.*s", STR_ARG(feed->url), STR_ARG(item->id)),
                           .slug = web_slug(arena, url, item->title),
                           .ending = ".html",
                           .bytes = buffer_view(&page),
                           .etag = {"", 0},
                           .modified = {"", 0},
                           .now_s = intake->now_s};
    enum status status = buffer_failed(&page) || arena_failed(arena)
                             ? problem_no_memory(problem)
                             : deposit(&what, intake->state, intake->run->path, &result, &file, arena, problem);
    buffer_release(&page);
    if (status == STATUS_OK && result == DEPOSIT_NEW)
        intake_say(intake, 'I', "'%.*s' comes from the feed '%.*s'", STR_ARG(file), STR_ARG(document->title));
    return status;
}

/* What is wrong with this article, not with the library. */
static bool is_its_own(enum status status)
{
    return status == STATUS_BAD_DATA || status == STATUS_NO_INPUT || status == STATUS_USAGE;
}

/* Takes one item; *tries becomes what is to be remembered of it. */
static enum status take_item(struct intake *intake, const struct feed_item *item, const struct feed_document *document,
                             const struct state_feed *feed, bool public_only, int *tries, struct problem *problem)
{
    struct arena arena = {0};
    struct problem why = {0};
    struct str url = {"", 0}, file = {"", 0};
    enum deposit_result result = DEPOSIT_SAME;
    bool passing = false;
    enum status status = STATUS_OK;
    const char *shown = fetch_address_shown(feed->url, &arena).data;
    if (item->link.len)
        status = fetch_address(item->link, item->base, &url, &arena, &why);
    bool text = item->whole || (!item->link.len && item->text.len);
    if (text) {
        /* A link that leads nowhere is no loss where the text is here. */
        why = (struct problem){0};
        status = deposit_text(intake, item, document, feed, url, &arena, &why);
    } else if (status == STATUS_OK && item->link.len) {
        status = add_page(intake, url, public_only, &result, &file, &passing, &arena, &why);
        if (status == STATUS_OK && result == DEPOSIT_NEW)
            intake_say(intake, 'I', "'%.*s' comes from the feed '%.*s'", STR_ARG(file), STR_ARG(document->title));
    } else if (status == STATUS_OK) {
        status = problem_set(&why, STATUS_BAD_DATA, NULL, 0, "has neither a text nor a link");
    }
    if (!is_its_own(status)) {
        *tries = ENTRY_DONE;
        if (status != STATUS_OK && problem)
            *problem = why;
    } else if (++*tries >= MOST_TRIES || !passing) {
        *tries = ENTRY_DONE;
        status = STATUS_OK;
        intake_say(intake, 'W', "'%s': %s; the article '%.*s' of the feed '%.*s' is left out", why.path[0] ? why.path : shown,
                   why.text, STR_ARG(item->title), STR_ARG(document->title));
    } else {
        status = STATUS_OK;
    }
    arena_release(&arena);
    return status;
}

static bool time_is_up(const struct intake *intake)
{
    return intake->until_ms && clock_ms() >= intake->until_ms;
}

/* ---- one feed ------------------------------------------------------------------------------------------------------ */

/* Which items are to be taken now (at most `most`, newest first); the others, all that were seen, are marked as seen again.
 * *more: some are left for the next batch. */
static enum status choose_items(struct intake *intake, const struct state_feed *feed, const struct feed_document *document,
                                int *tries, bool *taken, bool *more, struct problem *problem)
{
    bool first = feed->read_s == 0;
    size_t most = (size_t)(first ? intake->settings.follow_first_items : intake->settings.follow_max_items), n = 0;
    enum status status = state_begin(intake->state, problem);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; status == STATUS_OK && i < document->n_items; i++) {
        struct str id = document->items[i].id;
        status = state_entry_find(intake->state, feed->url, id, &tries[i], problem);
        bool done = tries[i] == ENTRY_DONE;
        taken[i] = status == STATUS_OK && !done && (first ? i : n) < most;
        n += taken[i];
        *more |= !first && !done && !taken[i];
        if (status == STATUS_OK && (done || (first && !taken[i])))
            status = state_entry_put(intake->state, feed->url, id, ENTRY_DONE, intake->now_s, problem);
    }
    if (status == STATUS_OK)
        return state_commit(intake->state, problem);
    state_rollback(intake->state);
    return status;
}

static enum status take_items(struct intake *intake, struct state_feed *feed, const struct feed_document *document,
                              bool public_only, bool *more, struct arena *arena, struct problem *problem)
{
    int *tries = arena_array(arena, document->n_items + 1, sizeof *tries);
    bool *taken = arena_array(arena, document->n_items + 1, sizeof *taken);
    if (!tries || !taken)
        return problem_no_memory(problem);
    enum status status = choose_items(intake, feed, document, tries, taken, more, problem);
    for (size_t i = 0; status == STATUS_OK && i < document->n_items; i++) {
        if (!taken[i])
            continue;
        if (intake->run->stop && *intake->run->stop)
            return STATUS_INTERRUPTED;
        if (time_is_up(intake)) {
            *more = true;
            break;
        }
        status = take_item(intake, &document->items[i], document, feed, public_only, &tries[i], problem);
        *more |= tries[i] != ENTRY_DONE;
        if (status == STATUS_OK)
            status = state_entry_put(intake->state, feed->url, document->items[i].id, tries[i], intake->now_s, problem);
    }
    if (status == STATUS_OK && !*more)
        status = state_entries_forget(intake->state, feed->url, intake->now_s - REMEMBER_S, problem);
    return status;
}

/* Says what is wrong, unless that was said the last time. */
static enum status note_failure(struct intake *intake, struct state_feed *feed, const struct problem *why, struct arena *arena,
                                struct problem *problem)
{
    struct str words = arena_copy(arena, str_from(why->text));
    if (!str_eq(words, feed->failure))
        intake_say(intake, 'W', "the feed '%s' cannot be read: %s; it is tried again with each batch",
                   fetch_address_shown(feed->url, arena).data, why->text);
    feed->failure = words;
    return state_feed_update(intake->state, feed, problem);
}

static enum status read_feed(struct intake *intake, struct state_feed *feed, struct arena *arena, struct problem *problem)
{
    struct fetch_reply reply;
    struct feed_document document = {.title = {"", 0}};
    struct problem why = {0};
    bool more = false;
    enum status status = fetch_feed(intake, feed, &reply, &document, arena, &why);
    bool failed = is_its_own(status) || status == STATUS_UNAVAILABLE;
    if (failed) {
        status = note_failure(intake, feed, &why, arena, problem);
    } else if (status != STATUS_OK) {
        if (problem)
            *problem = why;
    } else if (!reply.unchanged) {
        /* A feed of the own network may name what is there; a feed from outside may not. */
        status = take_items(intake, feed, &document, !reply.private_host, &more, arena, problem);
    }
    if (status == STATUS_OK && !failed) {
        if (feed->failure.len)
            intake_say(intake, 'I', "the feed '%s' can be read again", fetch_address_shown(feed->url, arena).data);
        feed->failure = (struct str){"", 0};
        if (!reply.unchanged) {
            feed->title = document.title.len ? document.title : feed->title;
            /* While articles are left the feed has to come whole again. */
            feed->etag = more ? (struct str){"", 0} : reply.etag;
            feed->modified = more ? (struct str){"", 0} : reply.modified;
        }
        feed->read_s = intake->now_s;
        status = state_feed_update(intake->state, feed, problem);
    }
    buffer_release(&reply.body);
    return status;
}

enum status follow_read_all(struct intake *intake, struct problem *problem)
{
    struct arena arena = {0};
    struct state_feed *feeds;
    size_t n;
    enum status status = state_feeds(intake->state, &feeds, &n, &arena, problem);
    for (size_t i = 0; status == STATUS_OK && i < n && !time_is_up(intake); i++) {
        if (intake->run->stop && *intake->run->stop) {
            status = STATUS_INTERRUPTED;
            break;
        }
        struct arena one = {0};
        status = read_feed(intake, &feeds[i], &one, problem);
        arena_release(&one);
    }
    arena_release(&arena);
    return status;
}

/* ---- crier follow -------------------------------------------------------------------------------------------------- */

static enum status find_feed(struct intake *intake, struct str url, struct state_feed *found, bool *known, struct arena *arena,
                             struct problem *problem)
{
    struct state_feed *feeds;
    size_t n;
    enum status status = state_feeds(intake->state, &feeds, &n, arena, problem);
    for (size_t i = 0; status == STATUS_OK && i < n && !*known; i++)
        if (str_eq(feeds[i].url, url)) {
            *found = feeds[i];
            *known = true;
        }
    return status;
}

enum status library_follow(const struct library_run *run, const char *written, struct str *title, struct arena *arena,
                           struct problem *problem)
{
    struct intake intake;
    struct fetch_reply reply = {.body = {0}};
    struct feed_document document = {.title = {"", 0}};
    struct state_feed feed = {.title = {"", 0}, .etag = {"", 0}, .modified = {"", 0}, .failure = {"", 0}};
    bool known = false;
    enum status status = intake_open(&intake, run, problem);
    if (status == STATUS_OK)
        status = fetch_address(str_from(written), (struct str){"", 0}, &feed.url, arena, problem);
    if (status == STATUS_OK)
        status = find_feed(&intake, feed.url, &feed, &known, arena, problem);
    if (status == STATUS_OK && !known)
        status = fetch_feed(&intake, &feed, &reply, &document, arena, problem);
    if (status == STATUS_OK && !known) {
        feed.title = document.title;
        feed.added_s = intake.now_s;
        status = state_feed_put(intake.state, &feed, problem);
    }
    *title = feed.title;
    buffer_release(&reply.body);
    intake_close(&intake);
    return status;
}

enum status library_unfollow(const struct library_run *run, const char *written, struct problem *problem)
{
    struct intake intake;
    struct arena arena = {0};
    struct str url = {"", 0};
    bool found = false;
    enum status status = intake_open(&intake, run, problem);
    if (status == STATUS_OK)
        status = fetch_address(str_from(written), (struct str){"", 0}, &url, &arena, problem);
    if (status == STATUS_OK)
        status = state_feed_remove(intake.state, url, &found, problem);
    if (status == STATUS_OK && !found)
        status = problem_set(problem, STATUS_NO_INPUT, written, 0, "is not followed");
    intake_close(&intake);
    arena_release(&arena);
    return status;
}

enum status library_feeds(const struct library_run *run, struct library_feed **feeds, size_t *n, struct arena *arena,
                          struct problem *problem)
{
    struct intake intake;
    struct state_feed *all = NULL;
    *feeds = NULL;
    *n = 0;
    enum status status = intake_open(&intake, run, problem);
    if (status == STATUS_OK)
        status = state_feeds(intake.state, &all, n, arena, problem);
    struct library_feed *list = arena_array(arena, *n + 1, sizeof *list);
    for (size_t i = 0; list && status == STATUS_OK && i < *n; i++)
        list[i] = (struct library_feed){all[i].url, all[i].title, all[i].failure, all[i].read_s};
    *feeds = list;
    intake_close(&intake);
    return status == STATUS_OK && arena_failed(arena) ? problem_no_memory(problem) : status;
}
