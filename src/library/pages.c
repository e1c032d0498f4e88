#include "library/pages.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/table.h"
#include "base/utf8.h"
#include "library/markup.h"

EMBED(episode_form, CRIER_SOURCE_DIR "/library/data/episode.html")
EMBED(style_css, CRIER_SOURCE_DIR "/library/data/crier.css")
EMBED(player_js, CRIER_SOURCE_DIR "/library/data/player.js")
EMBED(library_js, CRIER_SOURCE_DIR "/library/data/library.js")
EMBED(worker_js, CRIER_SOURCE_DIR "/library/data/sw.js")

#define VOICE_COLOURS 8
#define MAX_WORD_RUN 100000
#define WAVE_STEP 5 /* peaks a bar: 120 bars have room on a phone */

/* ---- assets -------------------------------------------------------------------------------------------------------- */

const char *page_version(void)
{
    static char version[24];
    if (!*version) {
        uint64_t hash = hash_bytes_64(style_css()) ^ hash_bytes_64(player_js()) * 3 ^ hash_bytes_64(library_js()) * 5 ^
                        hash_bytes_64(worker_js()) * 7;
        snprintf(version, sizeof version, "?v=%012llx", (unsigned long long)(hash & 0xFFFFFFFFFFFF));
    }
    return version;
}

/* A name of the show that fits under an icon. */
static struct str short_name(struct str title)
{
    size_t at = 0, chars = 0;
    while (at < title.len && chars < 12) {
        utf8_decode(title, at, &at);
        chars++;
    }
    if (at == title.len)
        return title;
    for (size_t i = at; i > 0; i--)
        if (title.data[i] == ' ')
            return str_sub(title, 0, i);
    return str_sub(title, 0, at);
}

enum status page_assets(const struct library_settings *settings, const char *cover, struct arena *arena,
                        const struct page_asset **result, size_t *n, struct problem *problem)
{
    struct buffer manifest = {0}, worker = {0};
    struct str title = str_from(settings->title);
    buffer_c_string(&manifest, "{\n  \"name\": ");
    markup_json(&manifest, title);
    buffer_c_string(&manifest, ",\n  \"short_name\": ");
    markup_json(&manifest, short_name(title));
    buffer_c_string(&manifest, ",\n  \"description\": ");
    markup_json(&manifest, str_from(settings->description));
    buffer_c_string(&manifest, ",\n  \"lang\": ");
    markup_json(&manifest, str_from(settings->language));
    buffer_c_string(
        &manifest,
        ",\n  \"id\": \"./\",\n  \"start_url\": \"./index.html\",\n  \"scope\": \"./\",\n  \"display\": \"standalone\",\n"
        "  \"background_color\": \"#faf9f6\",\n  \"theme_color\": \"#243b53\",\n  \"categories\": [\"news\", \"podcasts\"],\n"
        "  \"icons\": [\n"
        "    {\"src\": \"icons/icon-192.png\", \"sizes\": \"192x192\", \"type\": \"image/png\", \"purpose\": \"any maskable\"},\n"
        "    {\"src\": \"icons/icon-512.png\", \"sizes\": \"512x512\", \"type\": \"image/png\", \"purpose\": \"any maskable\"}\n"
        "  ]\n}\n");
    const struct markup_slot slots[] = {{"version", str_from(page_version())}, {"cover", str_from(cover)}};
    markup_fill(&worker, worker_js(), slots, sizeof slots / sizeof *slots);
    struct page_asset *assets = arena_array(arena, 5, sizeof *assets);
    if (assets) {
        assets[0] = (struct page_asset){"assets/crier.css", style_css()};
        assets[1] = (struct page_asset){"assets/player.js", player_js()};
        assets[2] = (struct page_asset){"assets/library.js", library_js()};
        assets[3] = (struct page_asset){"manifest.webmanifest", arena_copy(arena, buffer_view(&manifest))};
        assets[4] = (struct page_asset){"sw.js", arena_copy(arena, buffer_view(&worker))};
    }
    bool failed = buffer_failed(&manifest) || buffer_failed(&worker) || arena_failed(arena);
    buffer_release(&manifest);
    buffer_release(&worker);
    *result = assets;
    *n = 5;
    return failed ? problem_no_memory(problem) : STATUS_OK;
}

/* ---- one episode ------------------------------------------------------------------------------------------------------ */

static void write_meta(struct buffer *out, const struct episode *episode)
{
    if (episode->byline.len) {
        buffer_c_string(out, "<span>");
        markup_text(out, episode->byline);
        buffer_c_string(out, "</span> ");
    }
    buffer_c_string(out, "<time datetime=\"");
    markup_iso_date(out, episode->published_s);
    buffer_c_string(out, "\">");
    markup_date(out, episode->published_s);
    buffer_c_string(out, "</time> <span>");
    markup_length(out, episode->duration_ms);
    buffer_c_string(out, "</span>");
}

static void write_links(struct buffer *out, const struct episode *episode, uint64_t bytes)
{
    struct buffer url = {0};
    markup_url(&url, episode->url);
    if (url.len) {
        buffer_c_string(out, "<a href=\"");
        markup_text(out, buffer_view(&url));
        buffer_c_string(out, "\" rel=\"noopener\">Read it");
        if (episode->site.len) {
            buffer_c_string(out, " at ");
            markup_text(out, episode->site);
        }
        buffer_c_string(out, "</a> ");
    }
    out->failed |= buffer_failed(&url);
    buffer_release(&url);
    buffer_format(out, "<a href=\"%.*s.mp3\" download>Download MP3 (%.1f MB)</a>", STR_ARG(episode->slug), (double)bytes / 1e6);
}

/* Without a script each chapter is a link into the sound; the player makes buttons of them. */
static void write_chapters(struct buffer *out, const struct episode *episode)
{
    for (size_t i = 0; i < episode->n_chapters; i++) {
        const struct episode_chapter *chapter = &episode->chapters[i];
        buffer_format(out, "<li><a class=\"chapter\" href=\"%.*s.mp3#t=%llu\" data-ms=\"%llu\"><span class=\"chapter-title\">",
                      STR_ARG(episode->slug), (unsigned long long)chapter->start_ms / 1000,
                      (unsigned long long)chapter->start_ms);
        markup_text(out, chapter->title);
        buffer_c_string(out, "</span> <span class=\"chapter-time\">");
        markup_clock(out, chapter->start_ms);
        buffer_c_string(out, "</span></a></li>\n");
    }
}

/* The overview of the sound: bars around the middle of a box of 600 x 100; nothing where it is not known. */
static void write_waveform(struct buffer *out, const struct episode *episode)
{
    unsigned loudest = 0;
    for (size_t i = 0; i < EPISODE_PEAKS; i++)
        loudest = episode->peaks[i] > loudest ? episode->peaks[i] : loudest;
    if (!loudest)
        return;
    buffer_c_string(out, "<path class=\"wave\" d=\"");
    for (size_t i = 0; i < EPISODE_PEAKS; i += WAVE_STEP) {
        unsigned sum = 0;
        for (size_t k = i; k < i + WAVE_STEP; k++)
            sum += episode->peaks[k];
        /* Squared: speech that was levelled for listening differs little in its peaks, and pauses shall be seen. */
        double share = sum / (double)(loudest * WAVE_STEP);
        int half = 2 + (int)(44 * share * share + 0.5);
        buffer_format(out, "M%.1f %dv%d", (double)i + WAVE_STEP / 2.0, 50 - half, 2 * half);
    }
    buffer_c_string(out, "\"/>");
}

static void write_marks(struct buffer *out, const struct episode *episode)
{
    for (size_t i = 1; episode->duration_ms && i < episode->n_chapters; i++) {
        double at = 600.0 * (double)episode->chapters[i].start_ms / (double)episode->duration_ms;
        buffer_format(out, "<path class=\"mark\" d=\"M%.2f 0v100\"/>", at);
    }
}

static void write_voices(struct buffer *out, const struct episode *episode)
{
    bool heard_unknown = false;
    for (size_t i = 0; i < episode->n_lines; i++)
        heard_unknown |= episode->lines[i].speaker == -2;
    buffer_c_string(out, "<li class=\"voice\"><i class=\"dot\" aria-hidden=\"true\"></i>Narrator</li>\n");
    for (size_t i = 0; i < episode->n_speakers; i++) {
        buffer_format(out, "<li class=\"voice v%zu\"><i class=\"dot\" aria-hidden=\"true\"></i>", i % VOICE_COLOURS + 1);
        markup_text(out, episode->speakers[i].name);
        buffer_c_string(out, "</li>\n");
    }
    if (heard_unknown)
        buffer_c_string(out, "<li class=\"voice v0\"><i class=\"dot\" aria-hidden=\"true\"></i>Unnamed speaker</li>\n");
}

static void write_speaker_class(struct buffer *out, int speaker)
{
    if (speaker == -2)
        buffer_c_string(out, " v v0");
    else if (speaker >= 0)
        buffer_format(out, " v v%d", speaker % VOICE_COLOURS + 1);
}

static void write_speaker_label(struct buffer *out, const struct episode *episode, int speaker)
{
    buffer_c_string(out, "<span class=\"who");
    write_speaker_class(out, speaker);
    buffer_c_string(out, "\">");
    if (speaker == -2)
        buffer_c_string(out, "Unnamed speaker");
    else
        markup_text(out, episode->speakers[speaker].name);
    buffer_c_string(out, ":</span> ");
}

static const char *block_tag(enum episode_line_kind kind)
{
    return kind == LINE_HEADING ? "h3" : "p";
}

static const char *block_class(enum episode_line_kind kind)
{
    switch (kind) {
    case LINE_ITEM: return "item";
    case LINE_CAPTION: return "caption";
    case LINE_ANNOUNCEMENT: return "announcement";
    case LINE_HEADING:
    case LINE_QUOTE:
    case LINE_NARRATION: return "text";
    }
    return "text";
}

/* Every sentence is a span; who speaks is written before the first of his sentences in a paragraph. */
static void write_transcript(struct buffer *out, const struct episode *episode)
{
    const char *open = NULL;
    int speaking = -1;
    for (size_t i = 0; i < episode->n_lines; i++) {
        const struct episode_line *line = &episode->lines[i];
        if (line->starts_block || !open) {
            if (open)
                buffer_format(out, "</%s>\n", open);
            open = block_tag(line->kind);
            buffer_format(out, "<%s class=\"%s\" dir=\"auto\">", open, block_class(line->kind));
            speaking = -1;
        } else {
            buffer_byte(out, ' ');
        }
        if (line->speaker != -1 && line->speaker != speaking)
            write_speaker_label(out, episode, line->speaker);
        if (line->speaker != -1)
            speaking = line->speaker;
        buffer_format(out, "<span class=\"s");
        write_speaker_class(out, line->speaker);
        buffer_format(out, "\" id=\"s%zu\">", i);
        markup_text(out, line->text);
        buffer_c_string(out, "</span>");
    }
    if (open)
        buffer_format(out, "</%s>\n", open);
}

/* Offsets of words count UTF-8 bytes here and UTF-16 units in a browser; what markup_text leaves out does not count. */
static void write_words(struct buffer *out, const struct episode_line *line)
{
    size_t at = 0, units = 0;
    uint64_t before = line->start_ms;
    buffer_byte(out, '[');
    bool first = true;
    for (size_t i = 0; i < line->n_words && i < MAX_WORD_RUN; i++) {
        const struct episode_word *word = &line->words[i];
        size_t start = units, last = units;
        if (word->start < at || word->end > line->text.len)
            continue;
        while (at < word->end) {
            size_t next;
            if (at <= word->start)
                start = units;
            unsigned c = utf8_decode(line->text, at, &next);
            bool left_out = (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c < 0xA0) || c == 0xFFFE || c == 0xFFFF;
            units += left_out ? 0 : c > 0xFFFF ? 2 : 1;
            at = next;
            last = units;
        }
        /* Start, length, and milliseconds since the word before: short numbers. */
        uint64_t when = word->start_ms < before ? before : word->start_ms;
        buffer_format(out, "%s%zu,%zu,%llu", first ? "" : ",", start, last - start, (unsigned long long)(when - before));
        first = false;
        before = when;
    }
    buffer_byte(out, ']');
}

static void write_data(struct buffer *out, const struct library_settings *settings, const struct episode *episode)
{
    buffer_c_string(out, "{\"guid\":");
    markup_json(out, episode->guid);
    buffer_c_string(out, ",\"slug\":");
    markup_json(out, episode->slug);
    buffer_c_string(out, ",\"title\":");
    markup_json(out, episode->title);
    buffer_c_string(out, ",\"show\":");
    markup_json(out, str_from(settings->title));
    buffer_c_string(out, ",\"artist\":");
    markup_json(out, episode->byline.len ? episode->byline : str_from(settings->author));
    buffer_format(out, ",\"duration\":%llu,\"chapters\":[", (unsigned long long)episode->duration_ms);
    for (size_t i = 0; i < episode->n_chapters; i++) {
        buffer_format(out, "%s[%llu,", i ? "," : "", (unsigned long long)episode->chapters[i].start_ms);
        markup_json(out, episode->chapters[i].title);
        buffer_byte(out, ']');
    }
    buffer_c_string(out, "],\"speakers\":[");
    for (size_t i = 0; i < episode->n_speakers; i++) {
        if (i)
            buffer_byte(out, ',');
        markup_json(out, episode->speakers[i].name);
    }
    /* Sentences: start, end, speaker, words. */
    buffer_c_string(out, "],\"lines\":[");
    for (size_t i = 0; i < episode->n_lines; i++) {
        const struct episode_line *line = &episode->lines[i];
        buffer_format(out, "%s[%llu,%llu,%d,", i ? ",\n" : "\n", (unsigned long long)line->start_ms,
                      (unsigned long long)line->end_ms, line->speaker);
        write_words(out, line);
        buffer_byte(out, ']');
    }
    buffer_c_string(out, "]}");
}

enum slot_name {
    SLOT_TITLE,
    SLOT_META,
    SLOT_LINKS,
    SLOT_CHAPTERS,
    SLOT_WAVE,
    SLOT_VOICES,
    SLOT_TEXT,
    SLOT_DATA,
    SLOT_SHOW,
    SLOT_SUMMARY,
    SLOT_LANGUAGE,
    SLOTS
};

enum status page_write(struct buffer *out, const struct library_settings *settings, const struct episode *episode,
                       uint64_t mp3_bytes, struct problem *problem)
{
    static const char *const names[SLOTS] = {"title",      "meta", "links", "chapters", "waveform", "voices",
                                             "transcript", "data", "show",  "summary",  "language"};
    struct buffer parts[SLOTS] = {{0}};
    struct markup_slot slots[SLOTS + 3];
    markup_text(&parts[SLOT_TITLE], episode->title);
    write_meta(&parts[SLOT_META], episode);
    write_links(&parts[SLOT_LINKS], episode, mp3_bytes);
    write_chapters(&parts[SLOT_CHAPTERS], episode);
    write_waveform(&parts[SLOT_WAVE], episode);
    write_marks(&parts[SLOT_WAVE], episode);
    write_voices(&parts[SLOT_VOICES], episode);
    write_transcript(&parts[SLOT_TEXT], episode);
    write_data(&parts[SLOT_DATA], settings, episode);
    markup_text(&parts[SLOT_SHOW], str_from(settings->title));
    markup_text(&parts[SLOT_SUMMARY], episode->summary);
    markup_text(&parts[SLOT_LANGUAGE], episode->language.len ? episode->language : str_from(settings->language));
    bool failed = false;
    for (size_t i = 0; i < SLOTS; i++) {
        slots[i] = (struct markup_slot){names[i], buffer_view(&parts[i])};
        failed |= buffer_failed(&parts[i]);
    }
    slots[SLOTS] = (struct markup_slot){"slug", episode->slug};
    slots[SLOTS + 1] = (struct markup_slot){"version", str_from(page_version())};
    slots[SLOTS + 2] = (struct markup_slot){"sha", str_sub(str_from(episode->sha256), 0, 12)};
    markup_fill(out, episode_form(), slots, SLOTS + 3);
    for (size_t i = 0; i < SLOTS; i++)
        buffer_release(&parts[i]);
    return failed || buffer_failed(out) ? problem_no_memory(problem) : STATUS_OK;
}
