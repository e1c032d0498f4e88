#include "edition/edition.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "edition/cover.h"
#include "edition/edition_internal.h"
#include "edition/inspect.h"

#define FILE_LIMIT_BYTES ((uint64_t)INT32_MAX) /* players keep sizes in signed 32 bits */
#define CHAPTERS_MAX 255
#define EDGE_MS 250 /* silence at least between a chapter's start and the sound on both sides */

static uint64_t to_samples(const struct edition *edition, int ms)
{
    return ms > 0 ? (uint64_t)ms * (uint64_t)edition->format.sample_rate_hz / 1000 : 0;
}

static uint64_t to_ms(const struct edition *edition, uint64_t sample)
{
    uint64_t rate = (uint64_t)edition->format.sample_rate_hz;
    return (sample * 1000 + rate / 2) / rate;
}

/* ---- opening ---- */

static enum status check_settings(const struct edition_settings *settings, struct mp3_format *format, struct problem *problem)
{
    if (!settings->n_chapters || settings->n_chapters > CHAPTERS_MAX)
        return problem_set(problem, STATUS_USAGE, NULL, 0, "an edition has 1 to %d chapters, not %zu", CHAPTERS_MAX,
                           settings->n_chapters);
    if (!mp3_format_read(format, settings->silent_frame) || format->sample_rate_hz != settings->sample_rate_hz ||
        format->bitrate_kbps != settings->bitrate_kbps)
        return problem_set(problem, STATUS_USAGE, NULL, 0, "the frame of silence is not an MP3 frame of %d Hz and %d kbit/s",
                           settings->sample_rate_hz, settings->bitrate_kbps);
    if (!info_frame_len(format))
        return problem_set(problem, STATUS_USAGE, NULL, 0,
                           "frames of %d kbit/s at %d Hz are too small for the gapless figures: choose a higher bitrate",
                           settings->bitrate_kbps, settings->sample_rate_hz);
    return STATUS_OK;
}

static struct str text_or(struct arena *arena, struct str text, struct str instead)
{
    struct str clean = tag_text(arena, text);
    return clean.len ? clean : instead;
}

static void copy_settings(struct edition *edition, const struct edition_settings *settings)
{
    struct arena *arena = &edition->arena;
    char *silence = arena_alloc(arena, edition->format.frame_len);
    if (silence) { /* kept without its padding byte */
        memcpy(silence, settings->silent_frame.data, edition->format.frame_len);
        silence[2] = (char)(silence[2] & ~2);
        edition->silent_frame = (struct str){silence, edition->format.frame_len};
    }
    edition->verify = (struct inspect_options){.measure = settings->verify, .loudness_lufs = settings->loudness_lufs};
    edition->digest = settings->digest;
    edition->n_chapters = settings->n_chapters;
    edition->chapters = arena_array(arena, settings->n_chapters, sizeof *edition->chapters);
    edition->chapter_samples = arena_array(arena, settings->n_chapters, sizeof *edition->chapter_samples);
    if (!edition->chapters || !edition->chapter_samples)
        return;
    for (size_t i = 0; i < settings->n_chapters; i++) {
        struct str number = arena_format(arena, "%zu", i + 1);
        edition->chapters[i].title = text_or(arena, settings->chapter_titles[i], number).data;
    }
    edition->content = (struct id3_content){.title = text_or(arena, settings->title, str_from(edition->chapters[0].title)),
                                            .artist = text_or(arena, settings->artist, STR("crier")),
                                            .album = text_or(arena, settings->album, STR("crier editions")),
                                            .date = arena_copy(arena, settings->date),
                                            .language = language_iso639_2(settings->language),
                                            .track = settings->track,
                                            .chapters = edition->chapters,
                                            .n_chapters = settings->n_chapters,
                                            .cover = arena_copy(arena, settings->cover)};
}

/* Nothing in the tag but TLEN depends in size on what is not known yet, so its room is exact. */
static enum status reserve_room(struct edition *edition, struct problem *problem)
{
    struct buffer tag = {0};
    bool fits = id3_write(&edition->content, 0, &tag);
    if (fits && tag.len >= ID3_LIMIT_BYTES) { /* many chapters: their list in the comment is the one thing that can go */
        edition->content.no_comment = true;
        buffer_clear(&tag);
        fits = id3_write(&edition->content, 0, &tag);
    }
    edition->id3_room = tag.len;
    edition->info_len = info_frame_len(&edition->format);
    enum status status = STATUS_OK;
    if (!fits)
        status = problem_no_memory(problem);
    else if (tag.len >= ID3_LIMIT_BYTES)
        status = problem_set(problem, STATUS_USAGE, edition->path, 0,
                             "the tag would have %zu kB, players take %zu: choose a smaller cover or shorter titles",
                             tag.len / 1000, ID3_LIMIT_BYTES / 1000);
    buffer_clear(&tag);
    if (status == STATUS_OK && buffer_reserve(&tag, edition->id3_room + edition->info_len)) {
        memset(tag.data, 0, edition->id3_room + edition->info_len);
        status = draft_write(&edition->draft, tag.data, edition->id3_room + edition->info_len, problem);
    } else if (status == STATUS_OK) {
        status = problem_no_memory(problem);
    }
    buffer_release(&tag);
    return status;
}

enum status edition_open(struct edition **result, const char *path, const struct edition_settings *settings,
                         struct problem *problem)
{
    *result = NULL;
    struct mp3_format format;
    struct cover_facts cover = {0};
    enum status status = check_settings(settings, &format, problem);
    if (status == STATUS_OK && settings->cover.len)
        status = cover_check(&cover, settings->cover, problem);
    if (status != STATUS_OK)
        return status == STATUS_BAD_DATA ? STATUS_USAGE : status;
    struct edition *edition = calloc(1, sizeof *edition);
    if (!edition)
        return problem_no_memory(problem);
    edition->draft = (struct draft)DRAFT_CLOSED;
    edition->format = format;
    edition->path = arena_c_string(&edition->arena, str_from(path));
    copy_settings(edition, settings);
    edition->content.cover_type = cover.mime_type;
    status = arena_failed(&edition->arena) ? problem_no_memory(problem) : draft_open(&edition->draft, path, problem);
    if (status == STATUS_OK)
        status = reserve_room(edition, problem);
    if (status != STATUS_OK) {
        edition_free(edition);
        return status;
    }
    *result = edition;
    return STATUS_OK;
}

void edition_free(struct edition *edition)
{
    if (!edition)
        return;
    draft_drop(&edition->draft);
    arena_release(&edition->arena);
    free(edition);
}

/* ---- laying audio ---- */

uint64_t edition_position(const struct edition *edition)
{
    return edition->n_mp3_frames * (uint64_t)edition->format.samples_per_frame;
}

enum status edition_append(struct edition *edition, struct str mp3, size_t n_mp3_frames, struct problem *problem)
{
    if (!n_mp3_frames && !mp3.len)
        return STATUS_OK;
    if (!mp3_header_like(mp3, edition->silent_frame) || mp3.len < n_mp3_frames * edition->format.frame_len ||
        mp3.len > n_mp3_frames * (edition->format.frame_len + 1))
        return problem_set(problem, STATUS_FAILED, edition->path, 0,
                           "a recording is not made of whole frames in the edition's format");
    if (edition->id3_room + edition->info_len + edition->audio_bytes + mp3.len > FILE_LIMIT_BYTES)
        return problem_set(problem, STATUS_BAD_DATA, edition->path, 0,
                           "would be larger than 2 GiB, which players cannot read: split the article or choose a lower bitrate");
    enum status status = draft_write(&edition->draft, mp3.data, mp3.len, problem);
    if (status != STATUS_OK)
        return status;
    edition->music_crc = mp3_crc16(edition->music_crc, mp3.data, mp3.len);
    edition->audio_bytes += mp3.len;
    edition->n_mp3_frames += n_mp3_frames;
    return STATUS_OK;
}

/* Whether the next frame of silence gets the padding byte: where the bytes fall behind the bitrate. Recordings are each a little
 * behind, and players that seek by the bitrate alone would be seconds off after an hour. */
static bool is_behind(const struct edition *edition, uint64_t n_mp3_frames, uint64_t bytes)
{
    const struct mp3_format *format = &edition->format;
    uint64_t bytes_a_second = (uint64_t)format->bitrate_kbps * 1000 / 8;
    uint64_t samples = (n_mp3_frames + 1) * (uint64_t)format->samples_per_frame;
    return (bytes + format->frame_len + 1) * (uint64_t)format->sample_rate_hz <= samples * bytes_a_second;
}

static enum status lay_silence(struct edition *edition, uint64_t n_mp3_frames, struct problem *problem)
{
    enum { BATCH = 16 };
    struct buffer frames = {0};
    enum status status = STATUS_OK;
    while (n_mp3_frames && status == STATUS_OK) {
        size_t n = n_mp3_frames < BATCH ? (size_t)n_mp3_frames : BATCH;
        buffer_clear(&frames);
        for (size_t i = 0; i < n; i++) {
            size_t start = frames.len;
            bool padded = is_behind(edition, edition->n_mp3_frames + i, edition->audio_bytes + start);
            buffer_str(&frames, edition->silent_frame);
            if (padded)
                buffer_byte(&frames, 0);
            if (padded && !buffer_failed(&frames))
                frames.data[start + 2] = (char)(frames.data[start + 2] | 2);
        }
        status = buffer_failed(&frames) ? problem_no_memory(problem) : edition_append(edition, buffer_view(&frames), n, problem);
        n_mp3_frames -= n;
    }
    buffer_release(&frames);
    return status;
}

enum status edition_pause(struct edition *edition, int ms, struct problem *problem)
{
    uint64_t frame = (uint64_t)edition->format.samples_per_frame;
    return lay_silence(edition, (to_samples(edition, ms) + frame / 2) / frame, problem);
}

enum status edition_start_chapter(struct edition *edition, int ms, struct problem *problem)
{
    if (edition->n_started == edition->n_chapters)
        return problem_set(problem, STATUS_FAILED, edition->path, 0, "has more chapters than the %zu planned",
                           edition->n_chapters);
    size_t chapter = edition->n_started++;
    if (chapter == 0)
        return STATUS_OK;
    uint64_t rate = (uint64_t)edition->format.sample_rate_hz, frame = (uint64_t)edition->format.samples_per_frame;
    uint64_t edge = to_samples(edition, EDGE_MS), position = edition_position(edition);
    uint64_t second = (position + edge + rate - 1) / rate * rate; /* the first that may be it */
    uint64_t silence = (to_samples(edition, ms) + frame / 2) / frame * frame;
    if (position + silence >= second + edge)
        second = (position + silence - edge) / rate * rate; /* the last one that the pause holds */
    else
        silence = second + edge - position;
    edition->chapter_samples[chapter] = second;
    return lay_silence(edition, (silence + frame - 1) / frame, problem);
}

enum status edition_add_cue(struct edition *edition, const struct cue *cue, struct problem *problem)
{
    struct arena *arena = &edition->arena;
    struct cue *copy =
        arena_push(arena, (void **)&edition->cues, &edition->n_cues, &edition->cue_capacity, sizeof *edition->cues);
    struct cue_word *words = arena_array(arena, cue->n_words, sizeof *words);
    if (!copy || !words)
        return problem_no_memory(problem);
    *copy = *cue;
    if (cue->n_words)
        memcpy(words, cue->words, cue->n_words * sizeof *words);
    copy->words = words;
    if (copy->end_sample < copy->start_sample)
        copy->end_sample = copy->start_sample;
    copy->speaker = arena_copy(arena, cue->speaker);
    copy->text = arena_copy(arena, cue->text);
    return arena_failed(arena) ? problem_no_memory(problem) : STATUS_OK;
}

/* ---- finishing ---- */

static void set_times(struct edition *edition)
{
    edition->content.duration_ms = to_ms(edition, edition->n_samples);
    for (size_t i = 0; i < edition->n_chapters; i++) {
        edition->chapters[i].start_ms = to_ms(edition, edition->chapter_samples[i]);
        edition->chapters[i].end_ms =
            i + 1 < edition->n_chapters ? to_ms(edition, edition->chapter_samples[i + 1]) : edition->content.duration_ms;
    }
}

static enum status write_headers(struct edition *edition, struct problem *problem)
{
    struct buffer head = {0};
    if (!id3_write(&edition->content, edition->id3_room, &head) || !buffer_reserve(&head, edition->info_len)) {
        buffer_release(&head);
        return problem_no_memory(problem);
    }
    struct info_frame info = {.n_mp3_frames = (uint32_t)edition->n_mp3_frames,
                              .bytes = (uint32_t)edition->audio_bytes,
                              .delay = ENCODER_DELAY,
                              .padding = ENCODER_DELAY,
                              .music_crc = edition->music_crc};
    info_frame_write(&info, &edition->format, edition->silent_frame, (uint8_t *)head.data + head.len);
    enum status status = draft_write_at(&edition->draft, 0, head.data, head.len + edition->info_len, problem);
    buffer_release(&head);
    return status;
}

/* Nothing goes out under its name that a reader of its own does not find sound. */
static enum status read_back(const struct edition *edition, struct problem *problem)
{
    struct inspection inspection = {0};
    enum status status = inspection_read(&inspection, edition->draft.temporary, &edition->verify, problem);
    if (status == STATUS_OK && inspection.n_breaches)
        status = problem_set(problem, STATUS_FAILED, edition->path, 0, "is not what it should be: %.*s",
                             STR_ARG(inspection.breaches[0]));
    else if (status == STATUS_OK && (inspection.n_samples != edition->n_samples || inspection.n_chapters != edition->n_chapters))
        status = problem_set(problem, STATUS_FAILED, edition->path, 0,
                             "reads back as %" PRIu64 " samples and %zu chapters where %" PRIu64 " and %zu were written",
                             inspection.n_samples, inspection.n_chapters, edition->n_samples, edition->n_chapters);
    inspection_release(&inspection);
    return status;
}

enum status edition_finish(struct edition *edition, struct edition_result *result, struct problem *problem)
{
    *result = (struct edition_result){0};
    if (edition->n_started != edition->n_chapters)
        return problem_set(problem, STATUS_FAILED, edition->path, 0, "has %zu of the %zu chapters planned", edition->n_started,
                           edition->n_chapters);
    edition->n_samples = edition_position(edition);
    if (!edition->n_samples)
        return problem_set(problem, STATUS_FAILED, edition->path, 0, "has no sound in it");
    /* Silence in which the delay of encoder and decoder (1105 samples) runs out; the Info frame has it cut off again. */
    enum status status = lay_silence(edition, (uint64_t)(2 * ENCODER_DELAY / edition->format.samples_per_frame), problem);
    if (status != STATUS_OK)
        return status;
    set_times(edition);
    status = write_headers(edition, problem);
    if (status == STATUS_OK)
        status = read_back(edition, problem);
    if (status == STATUS_OK && edition->digest)
        status = sha256_file_hex(edition->draft.temporary, result->sha256, problem);
    if (status == STATUS_OK)
        status = draft_finish(&edition->draft, problem);
    if (status != STATUS_OK)
        return status;
    edition->finished = true;
    result->duration_ms = edition->content.duration_ms;
    result->n_samples = edition->n_samples;
    result->bytes = edition->id3_room + edition->info_len + edition->audio_bytes;
    result->chapters = edition->chapters;
    result->n_chapters = edition->n_chapters;
    return STATUS_OK;
}
