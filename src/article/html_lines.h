/* The text of a page cut into lines: stretches of inline text between two block boundaries, or between line breaks that
 * stand for paragraphs. Lines are what the extraction weighs, keeps or drops, and what becomes blocks. */
#ifndef CRIER_ARTICLE_HTML_LINES_H
#define CRIER_ARTICLE_HTML_LINES_H

#include "article/html_tree.h"

enum line_kind { LINE_TEXT, LINE_HEADING, LINE_ITEM, LINE_CAPTION, LINE_CELL, LINE_CODE };

struct html_line {
    uint32_t first, end; /* nodes: its text is that of the visible text nodes in [first, end) */
    uint32_t block;      /* nearest block element around it */
    struct str text;     /* white space collapsed; never empty */
    uint32_t width;      /* code points but white space; ideographs, kana and hangul count three, as they say more each */
    uint32_t link_width; /* of it, inside links */
    uint32_t words;      /* stretches without white space; ideographs and kana count one for two */
    uint16_t commas;
    uint8_t kind;      /* enum line_kind */
    uint8_t level;     /* headings: 1..6 */
    bool sentence_end; /* ends with . ! ? or the like, closing quotes and brackets aside */
    bool after_break;  /* starts after a <br> in the same block as the line before */
};

struct html_lines {
    struct html_line *items;
    size_t count;
    bool hidden; /* made with what is out of sight */
};

/* In tree->arena. `hidden`: take elements in as well that are out of sight. False when memory ran out. */
bool html_lines_make(struct html_lines *lines, struct html_tree *tree, bool hidden);

#endif
