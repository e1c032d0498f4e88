/* Inside the script stage: which quoted stretches are speech that gets a voice of its own.
 *
 * Speech reads as a sentence of its own: it begins like one, stands free of the sentence around it, and ends on punctuation.
 * Everything else between quotation marks stays with the narrator: a few words inside reported speech, titles of works,
 * nicknames, scare quotes, words that are being defined. */
#ifndef CRIER_SCRIPT_SPEECH_H
#define CRIER_SCRIPT_SPEECH_H

#include "script/quotation.h"

/* Is quotations[i] speech? Looks at its words, at what stands around it and at the quotation before it. */
bool is_speech(const struct article *article, const struct quotation *quotations, size_t i);

/* A mark at [at, end) of text that is never closed: does somebody speak from there on? And up to where. */
bool speech_left_open(struct str text, size_t at, size_t end);
size_t speech_open_end(struct str text, size_t end);

/* A word that announces speech: said, asks, wrote. */
bool is_cue_word(struct str word);

#endif
