/* The formats, as article.c calls them. Each fills the builder (opened by article.c) and the metadata of builder->article,
 * and leaves builder_finish() to article.c. */
#ifndef CRIER_ARTICLE_FORMATS_H
#define CRIER_ARTICLE_FORMATS_H

#include "article/builder.h"

/* FIXED: builder->source is the text. */
enum status plain_parse(struct article_builder *builder, struct problem *problem);
enum status markdown_parse(struct article_builder *builder, struct problem *problem);

/* GROWING: `bytes` of a web page in any charset; article.text becomes what is extracted. STATUS_BAD_DATA where the page holds
 * no article. */
enum status html_parse(struct article_builder *builder, struct str bytes, struct problem *problem);

#endif
