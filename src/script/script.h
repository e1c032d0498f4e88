/* script: article -> who says what, in order: sections, segments (one voice's stretch), sentences, speakers.
 *
 * The heart of crier. Sections follow the headings. Each block becomes segments: narration, and quotations with the
 * speaker they are attributed to. Each segment is cut into sentences, each with its spoken form. Every letter and digit of the
 * article is in exactly one sentence or in one omission (script_uncovered()).
 *
 * An attribution carries the rule that made it and a confidence in 0..1; below SCRIPT_CONFIDENT the quotation keeps the
 * unknown speaker (SCRIPT_NOBODY): never a wrong name. */
#ifndef CRIER_SCRIPT_SCRIPT_H
#define CRIER_SCRIPT_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "article/article.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "base/status.h"
#include "base/str.h"
#include "spoken/spoken.h"

enum gender { GENDER_UNKNOWN, GENDER_FEMALE, GENDER_MALE };

enum segment_kind {
    SEGMENT_TITLE,
    SEGMENT_BYLINE,
    SEGMENT_HEADING,
    SEGMENT_NARRATION,
    SEGMENT_QUOTE,
    SEGMENT_ITEM,
    SEGMENT_CAPTION,
};

#define SCRIPT_NOBODY ((size_t)-1) /* no speaker: the narrator's own words, or a quotation nobody could be found for */
#define SCRIPT_CONFIDENT 0.5

struct sentence {
    size_t start, end;               /* block offsets; no white space at its ends */
    size_t source_start, source_end; /* the same as source offsets */
    struct str text;                 /* as written: block.text[start, end) */
    struct spoken spoken;            /* .parts offsets are relative to `text` */
    int pause_ms;                    /* extra pause after it asked for by the editable script; -1: by the pause table */
};

/* One voice's stretch of one block. */
struct segment {
    enum segment_kind kind;
    size_t block;      /* index into article.blocks */
    size_t start, end; /* block offsets; of a quotation: its words, marks in or out */
    size_t source_start, source_end;
    size_t speaker;     /* index into script.speakers, or SCRIPT_NOBODY */
    struct str mention; /* the words that name the speaker here ("the adviser", "she"), or "" */
    const char *rule;   /* static name of the rule that attributed it ("cue-after"), or NULL */
    double confidence;  /* of the attribution; 0 where there is none */
    struct str voice;   /* voice name pinned by the editable script, or "" */
    bool continues;     /* a quotation that goes on from the segment before it in the previous block (no closing mark there) */
    const struct sentence *sentences;
    size_t n_sentences; /* at least 1 */
};

enum speaker_kind {
    SPEAKER_PERSON,       /* somebody with a name */
    SPEAKER_DESCRIBED,    /* "a senior Ukrainian military adviser" */
    SPEAKER_ORGANISATION, /* "the ministry", "NASA" */
    SPEAKER_DOCUMENT,     /* "the report" */
    SPEAKER_GROUP,        /* "officials" */
};

struct speaker {
    struct str name; /* the fullest name or description found anywhere in the article, no article in front of names */
    enum speaker_kind kind;
    enum gender gender;
    size_t n_quotes; /* quotation segments; continued ones count once */
};

struct section {
    struct str title;                 /* chapter title: heading text, or "" for an opening without headline */
    int level;                        /* 1 for the opening, heading level else */
    size_t first_segment, n_segments; /* into script.segments; the heading's own segment is the first of them */
};

struct script {
    struct arena arena; /* owns everything below; the article must outlive the script */
    const struct article *article;
    struct str title; /* article's, or the user's */
    struct str byline;
    struct str published;
    struct str language;            /* never "": "en" where nothing is known */
    const struct section *sections; /* at least 1 */
    size_t n_sections;
    const struct segment *segments; /* in order of blocks and offsets */
    size_t n_segments;
    const struct speaker *speakers; /* in order of first quotation */
    size_t n_speakers;
    const struct omission *omissions; /* the article's and the script's own, sorted */
    size_t n_omissions;
};

struct script_options {
    const struct lexicon *lexicon;         /* or NULL */
    const char *title, *byline, *language; /* the user's word over the article's; NULL: the article's */
};

/* STATUS_BAD_DATA where nothing can be spoken; STATUS_NO_MEMORY. On failure *script is zeroed. */
enum status script_make(struct script *script, const struct article *article, const struct script_options *options,
                        struct problem *problem);
/* Accepts NULL and zeroed. */
void script_release(struct script *script);

/* Coverage: source offset of the first letter or digit in no sentence and no omission, or in two; SIZE_MAX where all is well. */
size_t script_uncovered(const struct script *script);

const char *segment_kind_name(enum segment_kind kind); /* "title", "narration", ... as in the JSON */
const char *gender_name(enum gender gender);           /* "female", "male", "unknown" */

/* Which voice speaks a segment, for the writers. The cast stage provides one (cast_voice_of_segment). */
typedef struct str script_voice_function(const void *context, const struct segment *segment);

/* The script as JSON, the contract of README; ends with a line break. `voice_of` may be NULL ("voice": null). */
enum status script_write_json(const struct script *script, script_voice_function *voice_of, const void *context,
                              struct buffer *out);

/* The script as text that a person can edit, and back. Reading gives an article and a script that stand on the text
 * itself; an unedited round trip makes the same passages. STATUS_BAD_DATA names the line. */
enum status script_write_text(const struct script *script, script_voice_function *voice_of, const void *context,
                              struct buffer *out);
enum status script_read_text(struct script *script, struct article *article, struct str text, const char *path,
                             const struct script_options *options, struct problem *problem);
/* True where `text` begins with the first line of the editable form. */
bool script_is_text_form(struct str text);

#endif
