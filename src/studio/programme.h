/* programme: scripts with their castings -> the passages of one edition, in order, and its chapters.
 *
 * A passage is what lies between two pauses long enough to cut in: a heading, a paragraph, a quotation paragraph, an
 * announcement, a piece of music. It is the unit of recording, of caching and of failure. All pauses are decided here, from one
 * table (pauses.h); the studio only obeys. */
#ifndef CRIER_STUDIO_PROGRAMME_H
#define CRIER_STUDIO_PROGRAMME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"
#include "cast/cast.h"
#include "script/script.h"

/* One sentence (or announcement) in one voice. */
struct piece {
    const struct voice *voice;
    struct str words;                /* given to the engine; never empty, never longer than about 1,200 characters */
    struct str text;                 /* as written, for transcripts: the sentence's, or this piece's share of a long one */
    const struct spoken_part *parts; /* for word marks, offsets relative to `words` and `text`; NULL for announcements */
    size_t n_parts;
    int pause_after_ms;              /* to the next piece of the passage; 0 on the last (see passage.pause_after_ms) */
    size_t article;                  /* index into programme.sources, or SIZE_MAX for announcements */
    const struct segment *segment;   /* NULL for announcements */
    const struct sentence *sentence; /* NULL for announcements */
};

enum passage_kind { PASSAGE_SPEECH, PASSAGE_AUDIO };

struct passage {
    enum passage_kind kind;
    const struct piece *pieces; /* PASSAGE_SPEECH: at least 1 */
    size_t n_pieces;
    const char *audio_path;      /* PASSAGE_AUDIO: a file that libsndfile reads, or "" for the built-in chime */
    int fade_in_ms, fade_out_ms; /* PASSAGE_AUDIO */
    int pause_after_ms;          /* silence up to the next passage, laid by the edition in whole MP3 frames */
    bool starts_chapter;
};

struct chapter_plan {
    struct str title;     /* reads well in a flat list; never empty */
    size_t first_passage; /* starts where this passage starts; chapter 0 starts with passage 0 */
};

struct programme_source {
    const struct script *script;
    const struct casting *casting;
    const struct lexicon *lexicon; /* for its announcements; or NULL */
};

struct programme_options {
    double rate_factor;                /* 1.0: as the voices say; pauses scale with its inverse */
    bool announce_chosen;              /* `announce` counts, not which templates there are */
    bool announce[ANNOUNCEMENT_COUNT]; /* a headline or byline not announced is left out where it stands in the script, too */
    const struct announcement_templates *templates; /* before the casts' own, or NULL */
    const char *show_title;                         /* {show}, or NULL */
    const char *date;                               /* {date}: an ISO date; NULL: the first article's */
    const char *intro, *outro, *chime;              /* audio files; chime "" is the built-in one; NULL: none */
    int preview_ms;                                 /* stop after about so much speech; 0: whole */
};

struct programme {
    struct arena arena;
    const struct programme_source *sources; /* copied; what they point to must outlive the programme */
    size_t n_sources;
    const struct passage *passages;
    size_t n_passages;
    const struct chapter_plan *chapters; /* 1..255 */
    size_t n_chapters;
    size_t n_words; /* spoken words in all pieces */
};

enum status programme_make(struct programme *programme, const struct programme_source *sources, size_t n_sources,
                           const struct programme_options *options, struct problem *problem);
void programme_release(struct programme *programme); /* accepts NULL and zeroed */

#endif
