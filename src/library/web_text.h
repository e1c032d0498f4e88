/* What came over the web: what kind it is, its charset, its title; and plain words out of mark-up. */
#ifndef CRIER_LIBRARY_WEB_TEXT_H
#define CRIER_LIBRARY_WEB_TEXT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/status.h"
#include "base/str.h"

enum web_kind { WEB_UNKNOWN, WEB_HTML, WEB_PLAIN, WEB_MARKDOWN, WEB_FEED };

/* By the type that the server names ("" where none), the address and, where these say nothing, the first bytes. WEB_UNKNOWN: no
 * article of ours. */
enum web_kind web_kind(struct str type, struct str url, struct str body);

/* Converts `body` to UTF-8 where the server named another charset: a saved file has no header that could say so. Left as it is
 * where it is UTF-8 already (servers often name a wrong default), where nothing was named, or where the name is unknown or does
 * not fit: then the article stage finds out. A web page gets a byte order mark where its own <meta> may say otherwise. */
enum status web_to_utf8(struct buffer *body, struct str charset, enum web_kind kind, struct problem *problem);

/* The words of mark-up: tags, comments, scripts and styles gone, common entities decoded, white space single. */
struct str web_plain(struct arena *arena, struct str markup);
/* <title> of a page, as plain words; "" where there is none. */
struct str web_title(struct arena *arena, struct str page);
/* The feed that a page names (<link rel=alternate type=application/rss+xml>), as written; "" where it names none. */
struct str web_feed_link(struct arena *arena, struct str page);
/* A slug for the article at `url`: of the last words of its path where these are words, else of `title`. */
struct str web_slug(struct arena *arena, struct str url, struct str title);

/* `s` as text or attribute value of HTML. */
void web_escape(struct buffer *out, struct str s);

#endif
