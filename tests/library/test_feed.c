/* Memory runs out while the feed is written. */
#include "scarce.h"

#include "base/buffer.h"
#include "library/episode.h"
#include "show.h"

static const struct episode_chapter chapters[] = {{STR("One & <two>"), 0, 1000}};
static const struct episode_line lines[] = {{LINE_QUOTE, true, -1, STR("It is so."), 0, 900, NULL, 0}};
static const struct episode episode = {.guid = STR("g"),
                                       .slug = STR("a"),
                                       .title = STR("A title"),
                                       .byline = STR("Ann"),
                                       .language = STR("en"),
                                       .site = STR(""),
                                       .url = STR("https://www.example.org/"),
                                       .summary = STR("It is so."),
                                       .duration_ms = 1000,
                                       .chapters = chapters,
                                       .n_chapters = 1,
                                       .lines = lines,
                                       .n_lines = 1};

static enum status write_feed(void *context, uint64_t *digest, struct problem *problem)
{
    (void)context;
    const struct feed_item item = {&episode, 5000, true, true, true};
    struct buffer out = {0};
    struct feed *feed = NULL;
    enum status status = feed_new(&feed, &show_channel, problem);
    if (status == STATUS_OK) {
        feed_add(feed, &item);
        feed_add(feed, &item);
        status = feed_finish(feed, &out, problem);
    }
    *digest = out.len;
    for (size_t i = 0; i < out.len; i++)
        *digest = (*digest ^ (unsigned char)out.data[i]) * 0x100000001B3u;
    feed_free(feed);
    buffer_release(&out);
    return status;
}

int main(int argc, char **argv)
{
    scarce_arguments(argc, argv);
    scarce_leaks = 3; /* libxml2's own */
    scarce_each("a feed written", write_feed, NULL, 10);
    return 0;
}
