/* edition: recordings -> one chaptered MP3 and its sidecars.
 *
 * The file is ID3v2.3 tag, Info frame, audio frames, nothing else (see docs in README, "The file"). The room of the tag is
 * reserved from the chapter titles known beforehand; audio is appended as it comes; the tag and the Info frame are written last,
 * into their place; the file appears under its name only when it is whole and its structure was read back (draft.h).
 * Standards: ISO/IEC 11172-3, 13818-3; LAME tag rev 1; ID3v2.3.0; ID3v2 Chapter Frame Addendum 1.0. */
#ifndef CRIER_EDITION_EDITION_H
#define CRIER_EDITION_EDITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/status.h"
#include "base/str.h"

struct edition_settings {
    int sample_rate_hz, bitrate_kbps; /* of the frames to come */
    struct str title;                 /* TIT2 */
    struct str artist;                /* TPE1; "" becomes "crier" */
    struct str album;                 /* TALB; "" becomes "crier editions" */
    struct str date;                  /* "2025-10-17" or "" (then no TYER, TDAT) */
    struct str language;              /* BCP 47; becomes TLAN in ISO 639-2 */
    int track;                        /* TRCK; 0: none */
    struct str cover;                 /* bytes of a PNG or JPEG file, or "" */
    const struct str *chapter_titles; /* all chapters to come, in order; 1..255 */
    size_t n_chapters;
    bool verify;             /* decode and measure too before the file appears, not only read its structure back */
    bool digest;             /* the result's sha256 is wanted: the whole file is read for it */
    double loudness_lufs;    /* for verify: what it is to be within 0.5 LU */
    struct str silent_frame; /* one MP3 frame of silence (studio_silent_frame) */
};

struct edition;

/* Opens the draft beside `path`. STATUS_NO_OUTPUT; STATUS_USAGE where tag or settings cannot be (cover_check, 0 or > 255
 * chapters, an Info tag that does not fit a frame). Everything in the settings is copied. */
enum status edition_open(struct edition **edition, const char *path, const struct edition_settings *settings,
                         struct problem *problem);
/* Drops the draft where edition_finish did not succeed. Accepts NULL. */
void edition_free(struct edition *edition);

/* Whole MP3 frames as the studio makes them. STATUS_IO; STATUS_BAD_DATA past 2 GiB. */
enum status edition_append(struct edition *edition, struct str mp3, size_t n_mp3_frames, struct problem *problem);
/* `ms` of silence, to the nearest whole frame (13 ms at 44.1 kHz). What is silent at the edges of the recordings before and after
 * counts too for a listener: subtract it first. */
enum status edition_pause(struct edition *edition, int ms, struct problem *problem);
/* Starts the next chapter: lays `ms` of silence, at most 1.5 s more so that a whole second falls inside it, at least 250 ms
 * from the sound on both sides, and starts the chapter there, as near to the coming sound as that allows. Never more than 2 s
 * where ms is not. The first chapter starts at 0 and lays nothing. STATUS_FAILED where no chapter is left to start. */
enum status edition_start_chapter(struct edition *edition, int ms, struct problem *problem);
/* Samples of PCM so far, = where the next recording will start (the gapless count, from sample 0 of what was encoded). */
uint64_t edition_position(const struct edition *edition);

/* A transcript cue: one sentence. Times in samples of the whole programme. Everything is copied. Cues come in order of time.
 * The sidecars split what is too long to read; `words` (may be none) says when each word sounds, so that the split is exact. */
struct cue_word {
    size_t text_start; /* offset in text, ascending */
    uint64_t start_sample;
};
struct cue {
    uint64_t start_sample, end_sample;
    struct str speaker; /* "" for the narrator */
    struct str text;
    const struct cue_word *words;
    size_t n_words;
};
enum status edition_add_cue(struct edition *edition, const struct cue *cue, struct problem *problem);

struct edition_chapter {
    const char *title;
    uint64_t start_ms, end_ms;
};
struct edition_result {
    uint64_t duration_ms, n_samples, bytes;
    const struct edition_chapter *chapters; /* owned by the edition */
    size_t n_chapters;
    char sha256[65]; /* "" unless settings.digest */
};
/* Writes tag and Info frame, reads the structure back, renames. On failure nothing is left and an old file at path stays. */
enum status edition_finish(struct edition *edition, struct edition_result *result, struct problem *problem);

/* Sidecars beside the MP3: NAME.chapters.json, NAME.vtt, NAME.srt. After edition_finish; each appears whole or not at all. */
enum status edition_write_sidecars(struct edition *edition, struct problem *problem);

#endif
