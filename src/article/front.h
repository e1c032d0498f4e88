/* front: front matter, the lines of "key: value" between two lines of "---" on top of a text. A small part of YAML: scalars,
 * quoted or not, and one level of indented map. */
#ifndef CRIER_ARTICLE_FRONT_H
#define CRIER_ARTICLE_FRONT_H

#include "article/builder.h"

/* Reads the front matter of source at or after `from` into the article's metadata (title, byline, published, language, cover,
 * url, site) and pins. Returns the offset past it, `from` where there is none. *title is where the title's words lie. */
size_t front_read(struct article_builder *builder, size_t from, struct str *title);

/* Does the text open with front matter? */
bool front_is_there(struct str text);

#endif
