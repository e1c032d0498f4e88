/* Inside the script stage: the editable text form, shared by its writer and its reader.
 *
 *     crier script 1                          first line; the number is the version of the form
 *     ; a remark, ignored
 *     title: Night on the river               also byline, published, language, site, cover, url
 *     voice of narration: narrator            the voice of all segments of a kind that nobody is named for
 *     speaker: Anna Morozov | female | person | voice: woman-2
 *
 *     ## What the ferryman saw                a chapter; the number of signs is its level; "#" alone: no title
 *
 *     [heading]                               a segment: what follows is spoken in one voice
 *     What the ferryman saw
 *
 *     [quote: Anna Morozov]                   also "| voice: NAME", "| female", "| male", "| continues"
 *     “It was 5 a.m.,”                        one sentence a line, as written
 *     = It was five A M,                      the words to say, where they are others; "=" alone: say nothing
 *     (pause 700)                             milliseconds of silence after the sentence, instead of the usual
 *     [narration]                             no empty line before it: the same paragraph goes on
 *     she said.
 *
 * An empty line ends a paragraph. A backslash at the start of a sentence is not part of it: it keeps a sentence that
 * begins with one of [ # = ; \ or "(pause" from being read as a mark of the form. In names, \ stands before | ] and \. */
#ifndef CRIER_SCRIPT_TEXT_FORM_H
#define CRIER_SCRIPT_TEXT_FORM_H

#define TEXT_FORM_MAGIC "crier script"
#define TEXT_FORM_VERSION "1"
#define TEXT_FORM_OMISSION "script markup" /* the reason why the form's own lines are not spoken */
#define TEXT_FORM_PAUSE_LIMIT_MS 60000

#endif
