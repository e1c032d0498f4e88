#include "edition/inspect.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/utf8.h"
#include "base/watch.h"
#include "edition/inspect_internal.h"

#define BREACHES_LIMIT 100
#define USUAL_LOUDNESS_LUFS (-19.0)
#define LOUDNESS_TOLERANCE_LU 0.5
#define TRUE_PEAK_LIMIT_DBTP (-1.0)

const uint8_t *window_get(struct window *window, uint64_t offset, size_t len)
{
    if (offset > window->file_len || len > window->file_len - offset || len > WINDOW_LEN / 2)
        return NULL;
    if (offset >= window->start && offset + len <= window->start + window->len)
        return window->bytes + (offset - window->start);
    window->start = offset;
    window->len = 0;
    while (window->len < WINDOW_LEN) {
        ssize_t got = pread(window->fd, window->bytes + window->len, WINDOW_LEN - window->len, (off_t)(offset + window->len));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            window->error = errno;
        if (got <= 0)
            break;
        window->len += (size_t)got;
    }
    return window->len >= len ? window->bytes : NULL;
}

void inspect_breach(struct inspector *inspector, const char *format, ...)
{
    struct inspection *found = inspector->found;
    if (found->n_breaches > BREACHES_LIMIT)
        return;
    va_list args;
    char text[512];
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (found->n_breaches == BREACHES_LIMIT)
        snprintf(text, sizeof text, "There is more wrong with it than is listed here.");
    struct str *breach = arena_push(&found->arena, (void **)&inspector->breaches, &found->n_breaches, &inspector->breach_capacity,
                                    sizeof *inspector->breaches);
    if (breach)
        *breach = arena_copy(&found->arena, str_from(text));
    found->breaches = inspector->breaches;
}

/* ---- rules over the whole ---- */

static struct str find_tag(const struct inspection *found, const char *id)
{
    for (size_t i = 0; i < found->n_tags; i++)
        if (strcmp(found->tags[i].id, id) == 0)
            return found->tags[i].value;
    return (struct str){"", 0};
}

static void check_tags(struct inspector *inspector)
{
    static const char needed[][5] = {"TIT2", "TPE1", "TALB", "TCON"};
    const struct inspection *found = inspector->found;
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!find_tag(found, needed[i]).len)
            inspect_breach(inspector, "The tag has no %s.", needed[i]);
    struct str length = find_tag(found, "TLEN");
    char exact[24];
    snprintf(exact, sizeof exact, "%" PRIu64, found->duration_ms);
    if (length.len && !str_eq_c(length, exact))
        inspect_breach(inspector, "TLEN says %.20s ms but the sound has %s.", length.data, exact);
    struct str year = find_tag(found, "TYER"), day = find_tag(found, "TDAT");
    if ((year.len && year.len != 4) || (day.len && day.len != 4) || !year.len != !day.len)
        inspect_breach(inspector, "The date is not TYER (YYYY) with TDAT (DDMM).");
}

static int compare_ids(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static void check_ids(struct inspector *inspector)
{
    const struct inspection *found = inspector->found;
    struct str *ids = arena_array(&inspector->found->arena, found->n_chapters, sizeof *ids);
    if (!ids)
        return;
    bool plain = true;
    for (size_t i = 0; i < found->n_chapters; i++) {
        ids[i] = found->chapters[i].id;
        plain &= ids[i].len > 0 && ids[i].len < 32;
        for (size_t j = 0; j < ids[i].len; j++)
            plain &= ids[i].data[j] > ' ' && ids[i].data[j] < 127;
        plain &= i == 0 || str_compare(ids[i - 1], ids[i]) < 0;
    }
    if (!plain)
        inspect_breach(inspector, "The chapters' ids are not short, plain and ascending: players sort by them.");
    qsort(ids, found->n_chapters, sizeof *ids, compare_ids);
    for (size_t i = 1; i < found->n_chapters; i++)
        if (str_eq(ids[i - 1], ids[i])) {
            inspect_breach(inspector, "Two chapters have the same id.");
            return;
        }
}

static void check_chapters(struct inspector *inspector)
{
    const struct inspection *found = inspector->found;
    const struct inspected_chapter *chapters = found->chapters;
    size_t n = found->n_chapters;
    if (!n) {
        inspect_breach(inspector, "There are no chapters.");
        return;
    }
    if (inspector->n_tocs != 1)
        inspect_breach(inspector, "There are %zu tables of contents, not one.", inspector->n_tocs);
    if (inspector->toc_after_chapter)
        inspect_breach(inspector, "The table of contents comes after a chapter.");
    bool all = inspector->n_toc_children == n;
    for (size_t i = 0; all && i < n; i++)
        all = str_eq(inspector->toc_children[i], chapters[i].id);
    if (inspector->n_tocs == 1 && !all)
        inspect_breach(inspector, "The table of contents does not name all chapters in order.");
    check_ids(inspector);
    if (chapters[0].start_ms != 0)
        inspect_breach(inspector, "The first chapter starts at %" PRIu64 " ms, not at 0.", chapters[0].start_ms);
    for (size_t i = 0; i < n; i++) {
        if (!chapters[i].title.len)
            inspect_breach(inspector, "Chapter %zu has no title.", i + 1);
        if (chapters[i].end_ms <= chapters[i].start_ms)
            inspect_breach(inspector, "Chapter %zu has no length.", i + 1);
        if (i + 1 < n && chapters[i].end_ms != chapters[i + 1].start_ms)
            inspect_breach(inspector, "Chapter %zu ends at %" PRIu64 " ms but the next starts at %" PRIu64 ".", i + 1,
                           chapters[i].end_ms, chapters[i + 1].start_ms);
    }
    if (chapters[n - 1].end_ms != found->duration_ms)
        inspect_breach(inspector, "The last chapter ends at %" PRIu64 " ms but the sound at %" PRIu64 ".", chapters[n - 1].end_ms,
                       found->duration_ms);
}

static void check_measures(struct inspector *inspector, double wanted_lufs)
{
    const struct inspection *found = inspector->found;
    if (!found->measured)
        return;
    if (found->decoded_samples != found->n_samples)
        inspect_breach(inspector, "The sound decodes to %" PRIu64 " samples, not the %" PRIu64 " that the headers promise.",
                       found->decoded_samples, found->n_samples);
    if (!(fabs(found->loudness_lufs - wanted_lufs) <= LOUDNESS_TOLERANCE_LU))
        inspect_breach(inspector, "The loudness is %.1f LUFS, not %.1f.", found->loudness_lufs, wanted_lufs);
    if (found->true_peak_dbtp > TRUE_PEAK_LIMIT_DBTP)
        inspect_breach(inspector, "The true peak is %.1f dBTP, above %.0f.", found->true_peak_dbtp, TRUE_PEAK_LIMIT_DBTP);
}

/* ---- reading ---- */

static enum status open_window(struct window *window, const char *path, struct problem *problem)
{
    window->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat about;
    if (window->fd < 0 || fstat(window->fd, &about) != 0)
        return problem_errno(problem, STATUS_NO_INPUT, path, errno, "cannot read");
    if (!S_ISREG(about.st_mode))
        return problem_set(problem, STATUS_NO_INPUT, path, 0, S_ISDIR(about.st_mode) ? "is a folder" : "is not a regular file");
    window->file_len = (uint64_t)about.st_size;
    window->bytes = malloc(WINDOW_LEN);
    return window->bytes ? STATUS_OK : problem_no_memory(problem);
}

static enum status read_all(struct inspector *inspector, const char *path, const struct inspect_options *options,
                            struct problem *problem)
{
    struct inspection *found = inspector->found;
    enum status status = open_window(&inspector->window, path, problem);
    if (status != STATUS_OK)
        return status;
    found->path = arena_c_string(&found->arena, str_from(path));
    found->bytes = inspector->window.file_len;
    found->cover_type = STR("");
    inspect_id3(inspector);
    inspect_trailers(inspector);
    bool sound = inspect_frames(inspector);
    if (inspector->window.error)
        return problem_errno(problem, STATUS_IO, path, inspector->window.error, "cannot read");
    if (!sound)
        return problem_set(problem, STATUS_BAD_DATA, path, 0, "is no MP3 file: there is no MPEG layer III sound in it");
    if (found->id3_version) {
        check_tags(inspector);
        check_chapters(inspector);
    }
    if (options->measure)
        status = inspect_measure(found, problem);
    if (status == STATUS_OK)
        check_measures(inspector, options->loudness_lufs != 0 ? options->loudness_lufs : USUAL_LOUDNESS_LUFS);
    return status == STATUS_OK && arena_failed(&found->arena) ? problem_no_memory(problem) : status;
}

enum status inspection_read(struct inspection *inspection, const char *path, const struct inspect_options *options,
                            struct problem *problem)
{
    static const struct inspect_options usual;
    *inspection = (struct inspection){0};
    struct inspector inspector = {.found = inspection, .window.fd = -1};
    enum status status = read_all(&inspector, path, options ? options : &usual, problem);
    if (inspector.window.fd >= 0)
        close(inspector.window.fd);
    free(inspector.window.bytes);
    if (status != STATUS_OK)
        inspection_release(inspection);
    return status;
}

void inspection_release(struct inspection *inspection)
{
    if (!inspection)
        return;
    arena_release(&inspection->arena);
    *inspection = (struct inspection){0};
}

/* ---- JSON ---- */

/* Paths may be any bytes, JSON is UTF-8. */
static json_t *json_text(struct str s)
{
    struct buffer clean = {0};
    for (size_t at = 0; at < s.len;)
        buffer_code_point(&clean, utf8_decode(s, at, &at));
    json_t *text = buffer_failed(&clean) ? NULL : json_stringn(clean.data ? clean.data : "", clean.len);
    buffer_release(&clean);
    return text;
}

static json_t *json_measure(double value)
{
    return isfinite(value) ? json_real(round(value * 100) / 100) : json_null();
}

static json_t *json_tags(const struct inspection *found)
{
    json_t *tags = json_array();
    for (size_t i = 0; i < found->n_tags; i++)
        json_array_append_new(tags, json_pack("{s:s, s:o}", "id", found->tags[i].id, "value", json_text(found->tags[i].value)));
    return tags;
}

static json_t *json_chapters(const struct inspection *found)
{
    json_t *chapters = json_array();
    for (size_t i = 0; i < found->n_chapters; i++) {
        const struct inspected_chapter *chapter = &found->chapters[i];
        json_array_append_new(chapters,
                              json_pack("{s:o, s:o, s:I, s:I}", "id", json_text(chapter->id), "title", json_text(chapter->title),
                                        "start_ms", (json_int_t)chapter->start_ms, "end_ms", (json_int_t)chapter->end_ms));
    }
    return chapters;
}

static json_t *json_breaches(const struct inspection *found)
{
    json_t *breaches = json_array();
    for (size_t i = 0; i < found->n_breaches; i++)
        json_array_append_new(breaches, json_text(found->breaches[i]));
    return breaches;
}

static int append_json(const char *data, size_t len, void *out)
{
    buffer_append(out, data, len);
    return 0;
}

enum status inspection_write_json(const struct inspection *inspection, struct buffer *out)
{
    const struct inspection *found = inspection;
    watch_json();
    json_t *gapless = json_pack("{s:b, s:i, s:i, s:I}", "info_frame", (int)found->has_info, "delay", found->delay, "padding",
                                found->padding, "samples", (json_int_t)found->n_samples);
    json_t *levels = found->measured
                         ? json_pack("{s:o, s:o, s:I}", "loudness_lufs", json_measure(found->loudness_lufs), "true_peak_dbtp",
                                     json_measure(found->true_peak_dbtp), "decoded_samples", (json_int_t)found->decoded_samples)
                         : json_null();
    json_t *cover = found->cover_bytes
                        ? json_pack("{s:o, s:I}", "type", json_text(found->cover_type), "bytes", (json_int_t)found->cover_bytes)
                        : json_null();
    json_t *root = json_pack(
        "{s:o, s:I, s:I, s:i, s:I, s:i, s:i, s:i, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "path", json_text(str_from(found->path)),
        "bytes", (json_int_t)found->bytes, "duration_ms", (json_int_t)found->duration_ms, "id3_version", found->id3_version,
        "id3_bytes", (json_int_t)found->id3_bytes, "sample_rate_hz", found->sample_rate_hz, "bitrate_kbps", found->bitrate_kbps,
        "channels", found->channels, "mp3_frames", (json_int_t)found->n_mp3_frames, "gapless", gapless, "levels", levels, "cover",
        cover, "tags", json_tags(found), "chapters", json_chapters(found), "breaches", json_breaches(found));
    int failed = root ? json_dump_callback(root, append_json, out, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) : -1;
    buffer_byte(out, '\n');
    json_decref(root);
    return failed || watch_failed() || buffer_failed(out) ? STATUS_NO_MEMORY : STATUS_OK;
}
