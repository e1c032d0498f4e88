/* feed: RSS 2.0 with the itunes, atom, content, podcast and psc namespaces (Apple "Podcast RSS feed requirements", Podcasting 2.0
 * namespace, Podlove Simple Chapters 1.2), paged after RFC 5005, written with libxml2. */
#ifndef CRIER_LIBRARY_FEED_H
#define CRIER_LIBRARY_FEED_H

#include "base/buffer.h"
#include "library/library.h"

struct feed_channel {
    const struct library_settings *settings;
    const char *base;    /* URL of public/, without slash at the end */
    const char *guid;    /* podcast:guid */
    const char *cover;   /* file name in public/: "cover.png" */
    int page;            /* 1: feed.xml; n: feed-n.xml */
    bool last;           /* no page follows */
    int64_t last_made_s; /* of the newest episode; 0: none */
};
struct feed_item {
    const struct episode *episode;
    uint64_t bytes;                      /* of the MP3 on disk */
    bool has_chapters, has_vtt, has_srt; /* the files are there */
};

struct feed;
/* STATUS_UNAVAILABLE where libxml2 is missing. Free with feed_free. */
enum status feed_new(struct feed **feed, const struct feed_channel *channel, struct problem *problem);
void feed_add(struct feed *feed, const struct feed_item *item);
/* The whole document. STATUS_NO_MEMORY where any step before failed. */
enum status feed_finish(struct feed *feed, struct buffer *out, struct problem *problem);
void feed_free(struct feed *feed); /* accepts NULL */

#endif
