/* The show whose feed is written in tests. */
#ifndef CRIER_TESTS_LIBRARY_SHOW_H
#define CRIER_TESTS_LIBRARY_SHOW_H

#include "library/feed.h"

static struct library_settings show = {.title = "A show",
                                       .author = "Ann",
                                       .description = "About",
                                       .language = "en",
                                       .url = "https://www.example.org/",
                                       .category = "News",
                                       .email = "a@example.org",
                                       .cover = "auto"};
static const struct feed_channel show_channel = {.settings = &show,
                                                 .base = "https://www.example.org",
                                                 .guid = "ead4c236-bf58-58c6-a2c6-a6b28d128cb6",
                                                 .cover = "cover.png",
                                                 .page = 1,
                                                 .last = true};

#endif
