#include "library/episode.h"

#include <string.h>

#include <jansson.h>

#include "base/watch.h"

static json_t *text(struct str s)
{
    return json_stringn(s.data ? s.data : "", s.len);
}

static json_t *number(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static const char *const line_kinds[] = {"narration", "heading", "quote", "item", "caption", "announcement"};

/* Words as one flat array start, end, time, start, end, time ...: there are many. */
static json_t *write_line(const struct episode_line *line)
{
    json_t *words = json_array();
    for (size_t i = 0; i < line->n_words; i++) {
        json_array_append_new(words, number(line->words[i].start));
        json_array_append_new(words, number(line->words[i].end));
        json_array_append_new(words, number(line->words[i].start_ms));
    }
    return json_pack("{s:s, s:b, s:i, s:o, s:o, s:o, s:o}", "kind", line_kinds[line->kind], "block", line->starts_block,
                     "speaker", line->speaker, "text", text(line->text), "start", number(line->start_ms), "end",
                     number(line->end_ms), "words", words);
}

static int append(const char *data, size_t len, void *out)
{
    buffer_append(out, data, len);
    return 0;
}

enum status episode_write_json(const struct episode *episode, struct buffer *out)
{
    watch_json();
    json_t *chapters = json_array(), *speakers = json_array(), *lines = json_array(), *peaks = json_array();
    for (size_t i = 0; i < episode->n_chapters; i++)
        json_array_append_new(chapters,
                              json_pack("{s:o, s:o, s:o}", "title", text(episode->chapters[i].title), "start",
                                        number(episode->chapters[i].start_ms), "end", number(episode->chapters[i].end_ms)));
    for (size_t i = 0; i < episode->n_speakers; i++)
        json_array_append_new(speakers, json_pack("{s:o, s:o, s:s}", "name", text(episode->speakers[i].name), "voice",
                                                  text(episode->speakers[i].voice), "gender", episode->speakers[i].gender));
    for (size_t i = 0; i < episode->n_lines; i++)
        json_array_append_new(lines, write_line(&episode->lines[i]));
    for (size_t i = 0; i < EPISODE_PEAKS; i++)
        json_array_append_new(peaks, number(episode->peaks[i]));
    json_t *json = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "guid",
                             text(episode->guid), "slug", text(episode->slug), "title", text(episode->title), "byline",
                             text(episode->byline), "language", text(episode->language), "site", text(episode->site), "url",
                             text(episode->url), "summary", text(episode->summary), "published", (json_int_t)episode->published_s,
                             "first_seen", (json_int_t)episode->first_seen_s, "last_made", (json_int_t)episode->last_made_s,
                             "duration", number(episode->duration_ms), "bytes", number(episode->bytes), "sha256", episode->sha256,
                             "chapters", chapters, "speakers", speakers, "lines", lines, "peaks", peaks);
    int failed = json ? json_dump_callback(json, append, out, JSON_COMPACT) : -1;
    json_decref(json);
    return failed || watch_failed() || buffer_failed(out) ? STATUS_NO_MEMORY : STATUS_OK;
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

static struct str get_text(const json_t *object, const char *key, struct arena *arena)
{
    const json_t *value = json_object_get(object, key);
    return arena_copy(arena, (struct str){json_string_value(value), json_string_length(value)});
}

static uint64_t get_number(const json_t *object, const char *key)
{
    json_int_t value = json_integer_value(json_object_get(object, key));
    return value < 0 ? 0 : (uint64_t)value;
}

static void read_line(struct episode_line *line, const json_t *json, size_t n_speakers, struct arena *arena)
{
    const char *kind = json_string_value(json_object_get(json, "kind"));
    for (size_t i = 0; kind && i < sizeof line_kinds / sizeof *line_kinds; i++)
        if (strcmp(kind, line_kinds[i]) == 0)
            line->kind = (enum episode_line_kind)i;
    line->starts_block = json_is_true(json_object_get(json, "block"));
    json_int_t speaker = json_integer_value(json_object_get(json, "speaker"));
    line->speaker = speaker >= -2 && speaker < (json_int_t)n_speakers ? (int)speaker : -1;
    line->text = get_text(json, "text", arena);
    line->start_ms = get_number(json, "start");
    line->end_ms = get_number(json, "end");
    const json_t *flat = json_object_get(json, "words");
    size_t n = json_array_size(flat) / 3;
    struct episode_word *words = arena_array(arena, n, sizeof *words);
    for (size_t i = 0; words && i < n; i++) {
        json_int_t values[3];
        for (size_t k = 0; k < 3; k++)
            values[k] = json_integer_value(json_array_get(flat, 3 * i + k));
        bool good = values[0] >= 0 && values[0] < values[1] && values[1] <= (json_int_t)line->text.len && values[2] >= 0;
        if (good)
            words[line->n_words++] = (struct episode_word){(uint32_t)values[0], (uint32_t)values[1], (uint64_t)values[2]};
    }
    line->words = words;
}

static void read_lists(struct episode *episode, const json_t *json, struct arena *arena)
{
    const json_t *chapters = json_object_get(json, "chapters"), *speakers = json_object_get(json, "speakers"),
                 *lines = json_object_get(json, "lines"), *peaks = json_object_get(json, "peaks");
    struct episode_chapter *chapter = arena_array(arena, json_array_size(chapters), sizeof *chapter);
    struct episode_speaker *speaker = arena_array(arena, json_array_size(speakers), sizeof *speaker);
    struct episode_line *line = arena_array(arena, json_array_size(lines), sizeof *line);
    if (arena_failed(arena))
        return;
    episode->chapters = chapter;
    episode->speakers = speaker;
    episode->lines = line;
    for (size_t i = 0; i < json_array_size(chapters); i++) {
        const json_t *from = json_array_get(chapters, i);
        chapter[episode->n_chapters++] =
            (struct episode_chapter){get_text(from, "title", arena), get_number(from, "start"), get_number(from, "end")};
    }
    for (size_t i = 0; i < json_array_size(speakers); i++) {
        const json_t *from = json_array_get(speakers, i);
        struct str gender = get_text(from, "gender", arena);
        speaker[episode->n_speakers++] =
            (struct episode_speaker){get_text(from, "name", arena), get_text(from, "voice", arena), gender.data};
    }
    for (size_t i = 0; i < json_array_size(lines); i++)
        read_line(&line[episode->n_lines++], json_array_get(lines, i), episode->n_speakers, arena);
    for (size_t i = 0; i < json_array_size(peaks) && i < EPISODE_PEAKS; i++)
        episode->peaks[i] = (uint8_t)json_integer_value(json_array_get(peaks, i));
}

enum status episode_read_json(struct episode *episode, struct str json_text, struct arena *arena)
{
    *episode = (struct episode){0};
    watch_json();
    json_t *json = json_loadb(json_text.data ? json_text.data : "", json_text.len, 0, NULL);
    if (!json_is_object(json)) {
        json_decref(json);
        return watch_failed() ? STATUS_NO_MEMORY : STATUS_BAD_DATA;
    }
    episode->guid = get_text(json, "guid", arena);
    episode->slug = get_text(json, "slug", arena);
    episode->title = get_text(json, "title", arena);
    episode->byline = get_text(json, "byline", arena);
    episode->language = get_text(json, "language", arena);
    episode->site = get_text(json, "site", arena);
    episode->url = get_text(json, "url", arena);
    episode->summary = get_text(json, "summary", arena);
    episode->published_s = (int64_t)json_integer_value(json_object_get(json, "published"));
    episode->first_seen_s = (int64_t)json_integer_value(json_object_get(json, "first_seen"));
    episode->last_made_s = (int64_t)json_integer_value(json_object_get(json, "last_made"));
    episode->duration_ms = get_number(json, "duration");
    episode->bytes = get_number(json, "bytes");
    struct str sha256 = get_text(json, "sha256", arena);
    memcpy(episode->sha256, sha256.data, sha256.len < 64 ? sha256.len : 64);
    read_lists(episode, json, arena);
    json_decref(json);
    return watch_failed() || arena_failed(arena) ? STATUS_NO_MEMORY : STATUS_OK;
}
