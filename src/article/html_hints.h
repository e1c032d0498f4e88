/* What the names that page authors give to their elements (class, id, role) hint at. */
#ifndef CRIER_ARTICLE_HTML_HINTS_H
#define CRIER_ARTICLE_HTML_HINTS_H

#include <stdint.h>

#include "base/str.h"

typedef uint32_t hint_set;

enum hint {
    HINT_BODY = 1u << 0,      /* "article-body", "entry-content": holds the article's text */
    HINT_CONTENT = 1u << 1,   /* "content", "story", "post": holds the article, among other things */
    HINT_NAV = 1u << 2,       /* menus, bread crumbs, pagers */
    HINT_AD = 1u << 3,        /* adverts and sponsors */
    HINT_COMMENT = 1u << 4,   /* readers' comments */
    HINT_RELATED = 1u << 5,   /* other articles */
    HINT_SHARE = 1u << 6,     /* sharing and following buttons */
    HINT_LETTER = 1u << 7,    /* newsletter and subscription boxes */
    HINT_COOKIE = 1u << 8,    /* consent notices */
    HINT_AUTHOR = 1u << 9,    /* byline or author's portrait */
    HINT_TAGS = 1u << 10,     /* lists of topics */
    HINT_META = 1u << 11,     /* dates, sections, reading times */
    HINT_FOOTER = 1u << 12,   /* page or article footers, copyright */
    HINT_SIDEBAR = 1u << 13,  /* side columns and widgets */
    HINT_CAPTION = 1u << 14,  /* captions and credits of pictures */
    HINT_POPUP = 1u << 15,    /* dialogs, overlays, log-in boxes */
    HINT_PAYWALL = 1u << 16,  /* the gate of a paywall */
    HINT_PULL = 1u << 17,     /* pull quotations */
    HINT_HIDDEN = 1u << 18,   /* for screen readers, for print */
    HINT_GALLERY = 1u << 19,  /* slide shows, players */
    HINT_HEADER = 1u << 20,   /* page headers, mast heads */
    HINT_POST = 1u << 21,     /* an embedded post of a social network */
    HINT_SUMMARY = 1u << 22,  /* standfirst, dek */
    HINT_PRODUCT = 1u << 23,  /* shop boxes */
    HINT_TOOL = 1u << 24,     /* font size, print, language and search controls */
    HINT_FOOTNOTE = 1u << 25, /* references and notes */
    HINT_IMAGE = 1u << 26,    /* frames of pictures */
};

/* The hints of one attribute value such as "post__related-articles wide": its words, and pairs of adjacent words, are looked
 * up in data/html_hints.tsv. Words after "has", "no", "with" and the like do not count. */
hint_set hints_of_names(struct str names);

#endif
