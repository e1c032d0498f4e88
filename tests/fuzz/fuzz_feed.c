/* A feed that is followed: refused with a reason, or items that can be named, sorted and put into an inbox. The first byte says
 * whether the server named UTF-8. */
#include "fuzz.h"

#include "library/feed_read.h"
#include "library/fetch.h"
#include "library/web_text.h"

static void check_text(struct str s, const char *what)
{
    fuzz_require(s.data || !s.len, "%s: a length of nothing", what);
    fuzz_require(utf8_valid_length(s) == s.len, "%s is no UTF-8", what);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool utf8 = size && data[0] & 1;
    struct str bytes = fuzz_str(size ? data + 1 : data, size ? size - 1 : 0);
    struct arena arena = {0};
    struct feed_document feed;
    struct problem problem = {0};
    const struct str url = STR("https://www.example.org/feed.xml");
    enum status status = feed_read(&feed, bytes, url, utf8, &arena, &problem);
    fuzz_check_problem(status, &problem);
    if (status == STATUS_OK) {
        bool dated = true, sorted = true;
        check_text(feed.title, "title");
        check_text(feed.language, "language");
        for (size_t i = 0; i < feed.n_items; i++) {
            const struct feed_item *item = &feed.items[i];
            fuzz_require(item->id.len && item->id.len <= 500, "an id of %zu bytes", item->id.len);
            check_text(item->id, "id");
            check_text(item->title, "title");
            check_text(item->link, "link");
            check_text(item->base, "base");
            check_text(item->author, "author");
            check_text(item->date, "date");
            check_text(item->text, "text");
            fuzz_require(!item->whole || item->text.len, "a whole article without text");
            dated = dated && item->date_s != INT64_MIN;
            sorted = sorted && (!i || feed.items[i - 1].date_s >= item->date_s);
            struct str address;
            struct problem refused = {0};
            if (fetch_address(item->link, item->base.len ? item->base : url, &address, &arena, &refused) == STATUS_OK)
                fuzz_require(str_starts(address, STR("http://")) || str_starts(address, STR("https://")),
                             "an address of another kind");
            struct str slug = web_slug(&arena, item->link, item->title);
            for (size_t k = 0; k < slug.len; k++)
                fuzz_require((slug.data[k] >= 'a' && slug.data[k] <= 'z') || (slug.data[k] >= '0' && slug.data[k] <= '9') ||
                                 (k && slug.data[k] == '-'),
                             "a slug that is none: %.*s", STR_ARG(slug));
            fuzz_require(slug.len, "an item without slug");
        }
        fuzz_require(!dated || sorted, "dated items out of order");
        fuzz_require(arena.total <= ((size_t)1 << 20) + 400 * size, "%zu bytes for %zu", arena.total, size);
    } else {
        fuzz_require(status == STATUS_BAD_DATA, "status %d: %s", (int)status, problem.text);
    }
    arena_release(&arena);
    return 0;
}
