/* spoken: written English -> the words to say. "$1.5bn" -> "one point five billion dollars".
 *
 * Pure functions over one sentence; no state, no files but the lexicon. Numbers, dates, money, measures, abbreviations,
 * acronyms, symbols, addresses and the lexicon of pronunciations live here. A word is never dropped: whatever has letters or
 * digits in it is said somehow, unless the article stage or a rule with a reason (emoji, foot mark) omitted it.
 * Languages other than English only get the language-neutral part (lexicon, control characters, symbols no engine knows):
 * the engine reads their numbers. */
#ifndef CRIER_SPOKEN_SPOKEN_H
#define CRIER_SPOKEN_SPOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

/* ---- lexicon: how to say certain words ------------------------------------------------------------------------- */

struct lexicon; /* words -> respellings or phonemes; read-only once loaded */

/* The lexicon shipped with crier (LANG.txt in `folder`, which is voices/lexicon; NULL: none) plus `n_files` files of the user;
 * later ones win. A file is "WORD = respelling" or "WORD = [[phonemes]]" lines with # comments, or W3C PLS XML (told by content).
 * STATUS_NO_INPUT, STATUS_BAD_DATA with path and line, STATUS_NO_MEMORY. Free with lexicon_free (accepts NULL). */
enum status lexicon_load(struct lexicon **lexicon, const char *folder, const char *language, const char *const *files,
                         size_t n_files, struct problem *problem);
void lexicon_free(struct lexicon *lexicon);

/* ---- the normaliser --------------------------------------------------------------------------------------------- */

/* words[spoken_start, spoken_end) say text[text_start, text_end). In order; both sides ascending and not overlapping. */
struct spoken_part { /* one a word, so kept small */
    uint32_t spoken_start, spoken_end;
    uint32_t text_start, text_end;
};

struct spoken {
    struct str words;                /* NUL-terminated UTF-8 for the engine; "" where nothing is to be said */
    const struct spoken_part *parts; /* one per written token that makes sound */
    size_t n_parts;
};

/* What a sentence cannot know about itself. */
struct spoken_context {
    struct str language;           /* BCP 47: "en-GB" reads dates and numbers the British way, "en", "en-US" the American */
    const struct lexicon *lexicon; /* or NULL */
    bool heading;                  /* set in title case or capitals: capitals say nothing about acronyms */
    bool phonemes;                 /* the voice's engine takes [[phonemes]] (eSpeak NG): else the lexicon's respelling only */
};

/* Says `text`, one sentence of block text. The result lives in `arena`; on a failed allocation it is empty and
 * arena_failed() is true. Linear in text.len. */
struct spoken spoken_form(struct arena *arena, struct str text, const struct spoken_context *context);

/* Words for a date "2025-10-17" ("Friday, October 17th, 2025"), for announcements. "" where it is no date. */
struct str spoken_date(struct arena *arena, struct str iso_date, struct str language);

#endif
