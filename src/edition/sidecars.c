#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/utf8.h"
#include "base/watch.h"
#include "edition/captions.h"
#include "edition/edition.h"
#include "edition/edition_internal.h"

#define VTT_LINE 65 /* characters */

/* What no caption file may hold: control characters and direction overrides. */
static bool is_shunned(unsigned c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xFEFF || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* ---- WebVTT (W3C, 2019): escapes & < and >, so that neither a tag nor an arrow comes from the text ---- */

static void put_vtt_text(struct buffer *out, struct str text)
{
    for (size_t at = 0; at < text.len;) {
        unsigned c = utf8_decode(text, at, &at);
        if (c == '&')
            buffer_c_string(out, "&amp;");
        else if (c == '<')
            buffer_c_string(out, "&lt;");
        else if (c == '>')
            buffer_c_string(out, "&gt;");
        else if (!is_shunned(c))
            buffer_code_point(out, c);
    }
}

static void put_time(struct buffer *out, uint64_t ms, char point)
{
    buffer_format(out, "%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64 "%c%03" PRIu64, ms / 3600000, ms / 60000 % 60, ms / 1000 % 60,
                  point, ms % 1000);
}

static void put_lines(struct buffer *out, struct str text, size_t limit, void (*put)(struct buffer *, struct str))
{
    size_t end = caption_break(text, limit);
    put(out, str_sub(text, 0, end));
    if (end < text.len) {
        buffer_byte(out, '\n');
        put(out, str_sub(text, end + 1, text.len));
    }
    buffer_c_string(out, "\n\n");
}

static void put_vtt(struct buffer *out, const struct caption *caption)
{
    put_time(out, caption->start_ms, '.');
    buffer_c_string(out, " --> ");
    put_time(out, caption->end_ms, '.');
    buffer_byte(out, '\n');
    if (caption->speaker.len) {
        buffer_c_string(out, "<v ");
        put_vtt_text(out, caption->speaker);
        buffer_byte(out, '>');
    }
    put_lines(out, caption->text, VTT_LINE, put_vtt_text);
}

/* ---- SubRip: nothing can be escaped, so what players would take for markup is written differently ---- */

static void put_srt_text(struct buffer *out, struct str text)
{
    for (size_t at = 0; at < text.len;) {
        unsigned c = utf8_decode(text, at, &at);
        unsigned next = at < text.len ? (unsigned char)text.data[at] : ' ';
        if (c == '<' && (next == '/' || next == '!' || (next | 32u) - 'a' < 26))
            buffer_c_string(out, "\xE2\x80\xB9"); /* a single angle quotation mark */
        else if (c == '-' && str_starts(str_sub(text, at, text.len), STR("->")))
            buffer_c_string(out, "\xE2\x80\x93");
        else if (!is_shunned(c))
            buffer_code_point(out, c);
        /* AntennaPod takes "word: " for a speaker's name; a no-break space looks the same. */
        if (c == ':' && next == ' ' && at + 1 < text.len) {
            buffer_c_string(out, "\xC2\xA0");
            at++;
        }
    }
}

struct transcripts {
    struct buffer vtt, srt;
    size_t n_captions;
};

static void put_caption(void *context, const struct caption *caption)
{
    struct transcripts *transcripts = context;
    put_vtt(&transcripts->vtt, caption);
    struct buffer *srt = &transcripts->srt;
    buffer_format(srt, "%zu\n", ++transcripts->n_captions);
    put_time(srt, caption->start_ms, ',');
    buffer_c_string(srt, " --> ");
    put_time(srt, caption->end_ms, ',');
    buffer_byte(srt, '\n');
    put_lines(srt, caption->text, CAPTION_LINE, put_srt_text);
}

/* ---- JSON chapters 1.2.0 (podcastindex.org) ---- */

static json_t *json_seconds(uint64_t ms)
{
    return ms % 1000 ? json_real((double)ms / 1000) : json_integer((json_int_t)(ms / 1000));
}

static int append_json(const char *data, size_t len, void *out)
{
    buffer_append(out, data, len);
    return 0;
}

static bool put_chapters(struct buffer *out, const struct edition *edition)
{
    watch_json();
    json_t *chapters = json_array();
    for (size_t i = 0; i < edition->n_chapters; i++) {
        const struct edition_chapter *chapter = &edition->chapters[i];
        json_array_append_new(chapters, json_pack("{s:o, s:s, s:o}", "startTime", json_seconds(chapter->start_ms), "title",
                                                  chapter->title, "endTime", json_seconds(chapter->end_ms)));
    }
    json_t *root = json_pack("{s:s, s:s%, s:o}", "version", "1.2.0", "title", edition->content.title.data,
                             edition->content.title.len, "chapters", chapters);
    /* Ten digits hold a day in milliseconds and never show the binary fraction. */
    int failed = root ? json_dump_callback(root, append_json, out, JSON_INDENT(2) | JSON_REAL_PRECISION(10)) : -1;
    buffer_byte(out, '\n');
    json_decref(root);
    return !failed && !watch_failed() && !buffer_failed(out);
}

/* ---- files ---- */

static enum status write_file(const struct edition *edition, const char *ending, const struct buffer *content,
                              struct problem *problem)
{
    struct str name = str_from(edition->path);
    if (name.len > 4 && str_eq_nocase(str_sub(name, name.len - 4, name.len), STR(".mp3")))
        name.len -= 4;
    struct buffer path = {0};
    buffer_str(&path, name);
    buffer_c_string(&path, ending);
    struct draft draft = DRAFT_CLOSED;
    enum status status = buffer_failed(&path) ? problem_no_memory(problem) : draft_open(&draft, path.data, problem);
    if (status == STATUS_OK)
        status = draft_write(&draft, content->data, content->len, problem);
    if (status == STATUS_OK)
        status = draft_finish(&draft, problem);
    draft_drop(&draft);
    buffer_release(&path);
    return status;
}

enum status edition_write_sidecars(struct edition *edition, struct problem *problem)
{
    if (!edition->finished)
        return problem_set(problem, STATUS_FAILED, edition->path, 0, "is not finished: no sidecars are written");
    struct transcripts transcripts = {0};
    struct buffer chapters = {0};
    buffer_c_string(&transcripts.vtt, "WEBVTT\n\n");
    buffer_c_string(&transcripts.srt, "");
    bool good = put_chapters(&chapters, edition) && captions_make(edition, put_caption, &transcripts) &&
                !buffer_failed(&transcripts.vtt) && !buffer_failed(&transcripts.srt);
    enum status status = good ? STATUS_OK : problem_no_memory(problem);
    if (status == STATUS_OK)
        status = write_file(edition, ".chapters.json", &chapters, problem);
    if (status == STATUS_OK)
        status = write_file(edition, ".vtt", &transcripts.vtt, problem);
    if (status == STATUS_OK)
        status = write_file(edition, ".srt", &transcripts.srt, problem);
    buffer_release(&transcripts.vtt);
    buffer_release(&transcripts.srt);
    buffer_release(&chapters);
    return status;
}
