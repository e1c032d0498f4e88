/* article: bytes as people really have them -> blocks of clean text that remember where they came from.
 *
 * The first stage. It finds out the charset and the format (plain text, Markdown, a saved web page), tells headings,
 * paragraphs, list items, block quotations and captions apart, and drops what nobody wants read aloud - but never in
 * silence: every letter and digit of article.text lies either in one block's text or in one omission (the coverage
 * property, article_uncovered()).
 *
 * Two coordinate systems: SOURCE offsets are bytes into article.text; BLOCK offsets are bytes into block.text.
 * article.text is the file after conversion to UTF-8, byte order mark included if the file was UTF-8 (so that for UTF-8
 * .txt and .md files source offsets are file offsets); for HTML it is the extracted text, made of the blocks and omissions. */
#ifndef CRIER_ARTICLE_ARTICLE_H
#define CRIER_ARTICLE_ARTICLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

enum article_format { ARTICLE_AUTO, ARTICLE_PLAIN, ARTICLE_MARKDOWN, ARTICLE_HTML };

enum block_kind {
    BLOCK_TITLE,     /* the headline; at most one, and then the first block */
    BLOCK_BYLINE,    /* "By Jane Doe", date lines that are worth speaking */
    BLOCK_HEADING,   /* level 2..6; the title counts as level 1 */
    BLOCK_PARAGRAPH, /* one paragraph, also each paragraph of a block quotation (see quoted) */
    BLOCK_ITEM,      /* one list item */
    BLOCK_CAPTION,   /* picture caption or alternative text */
};

/* text[block_start, block_start + len) is byte for byte article.text[source_start, source_start + len). Text between
 * two runs of a block was put in by us (the space that joins two hard-wrapped lines). */
struct block_run {
    size_t block_start, source_start, len;
};

/* A stretch of block.text that the markup sets apart. Spans may nest; sorted by start. */
enum span_kind { SPAN_EMPHASIS, SPAN_STRONG, SPAN_LINK, SPAN_CODE };
struct block_span {
    enum span_kind kind;
    size_t start, end; /* block offsets */
};

struct block {
    enum block_kind kind;
    int level;       /* headings: 2..6; items: depth from 1; else 0 */
    int ordinal;     /* items of a numbered list: their number; else 0 */
    bool quoted;     /* inside a block quotation */
    bool post;       /* an embedded post of a social network (its attribution line is a BLOCK_CAPTION after it) */
    struct str text; /* UTF-8, NUL-terminated, single spaces, no line breaks, no control characters, never empty */
    const struct block_run *runs;
    size_t n_runs;
    const struct block_span *spans;
    size_t n_spans;
};

/* A stretch of the source that is not spoken, and why. Sorted by start, not overlapping each other or any run. */
struct omission {
    size_t start, end;  /* source offsets */
    const char *reason; /* static: "noise", "duplicate headline", "navigation", "code", "table", "url", "front matter",
                           "footnote mark", "emoji", "advert", "comments", "cookie notice", "related links", ... */
};

/* Front matter `voices:` - the author's wish who speaks with which voice. */
struct voice_pin {
    struct str speaker, voice;
};

struct article {
    struct arena arena; /* owns everything below */
    enum article_format format;
    const char *source;   /* the path as given; "-" for stdin */
    struct str text;      /* see above; NUL-terminated */
    struct str title;     /* of metadata or of the BLOCK_TITLE; "" where there is none */
    struct str byline;    /* names only, without "By"; "" where there is none */
    struct str published; /* "2025-10-17" or "" */
    struct str language;  /* BCP 47 tag as declared ("en-GB"), else guessed by stop words and script ("en"), else "" */
    struct str site;      /* name of the publication, or "" */
    struct str cover;     /* path or URL of the lead image, or "" */
    struct str url;       /* canonical address, or "" */
    const struct block *blocks;
    size_t n_blocks;
    const struct omission *omissions;
    size_t n_omissions;
    const struct voice_pin *pins;
    size_t n_pins;
    const struct str *warnings; /* for the user: "looks like a paywall stub", "invalid UTF-8 read as Windows-1252" */
    size_t n_warnings;
};

struct article_options {
    enum article_format format; /* ARTICLE_AUTO: by file name, then by content */
    const char *language;       /* overrides what the file says; NULL: do not */
    size_t limit;               /* bytes of input at most; 0: 256 MiB */
};

/* Reads and understands one file. `path` "-" is stdin. On failure *article is zeroed and `problem` says why:
 * STATUS_NO_INPUT (missing, unreadable, a folder), STATUS_BAD_DATA (no text in it, binary, too big), STATUS_NO_MEMORY. */
enum status article_read(struct article *article, const char *path, const struct article_options *options,
                         struct problem *problem);

/* The same from memory; `bytes` is copied. `path` names it in messages and decides the format when AUTO. */
enum status article_parse(struct article *article, struct str bytes, const char *path, const struct article_options *options,
                          struct problem *problem);

/* Accepts NULL and zeroed; leaves it zeroed. */
void article_release(struct article *article);

/* Source offset of block offset `at` (0..text.len). `at` = end of a stretch: pass `end` true to get the offset just past its
 * last byte instead of the start of what follows. O(log runs). */
size_t block_source_offset(const struct block *block, size_t at, bool end);

/* The coverage property: offset of the first letter or digit of article.text that lies in no block run and no omission, or in
 * two of them; SIZE_MAX where all is well. Linear. */
size_t article_uncovered(const struct article *article);

#endif
