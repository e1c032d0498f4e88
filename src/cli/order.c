#include "cli/order.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "cli/produce.h"
#include "cli/request.h"

#define SUMMARY_CHARACTERS 400

/* Lines are gathered while the passages get their places, for only then are the times known. */
struct gathering {
    const struct order_context *context;
    struct episode *episode;
    struct arena *arena;
    struct episode_line *lines;
    size_t n_lines, capacity;
    size_t *first_speaker; /* of each article, in episode.speakers */
    size_t last_block, last_article;
    int rate_hz;
    struct buffer envelope; /* of the whole edition, a byte a tenth of a second */
};

static uint64_t to_ms(const struct gathering *gathering, uint64_t sample)
{
    return (sample * 1000 + (uint64_t)gathering->rate_hz / 2) / (uint64_t)gathering->rate_hz;
}

static enum episode_line_kind line_kind(const struct piece *piece)
{
    if (!piece->segment)
        return LINE_ANNOUNCEMENT;
    switch (piece->segment->kind) {
    case SEGMENT_TITLE:
    case SEGMENT_HEADING: return LINE_HEADING;
    case SEGMENT_QUOTE: return LINE_QUOTE;
    case SEGMENT_ITEM: return LINE_ITEM;
    case SEGMENT_CAPTION: return LINE_CAPTION;
    case SEGMENT_BYLINE:
    case SEGMENT_NARRATION: return LINE_NARRATION;
    }
    return LINE_NARRATION;
}

static int line_speaker(const struct gathering *gathering, const struct piece *piece)
{
    if (!piece->segment || piece->segment->kind != SEGMENT_QUOTE)
        return -1;
    if (piece->segment->speaker == SCRIPT_NOBODY)
        return -2;
    return (int)(gathering->first_speaker[piece->article] + piece->segment->speaker);
}

/* Word marks [*next ...) of piece `index`, as places in its text. */
static void take_words(struct gathering *gathering, struct episode_line *line, const struct piece *piece, uint32_t index,
                       uint64_t start, const struct recording *recording, size_t *next)
{
    size_t end = *next;
    while (end < recording->n_words && recording->words[end].piece <= index)
        end++;
    struct episode_word *words = arena_array(gathering->arena, end - *next, sizeof *words);
    for (; words && *next < end; ++*next) {
        const struct word_mark *mark = &recording->words[*next];
        if (mark->piece != index || mark->part >= piece->n_parts)
            continue;
        const struct spoken_part *part = &piece->parts[mark->part];
        if (part->text_end <= line->text.len)
            words[line->n_words++] = (struct episode_word){(uint32_t)part->text_start, (uint32_t)part->text_end,
                                                           to_ms(gathering, start + mark->start_sample)};
    }
    *next = end;
    line->words = words;
}

static void on_sounded(void *context, const struct produce_result *result, size_t index, uint64_t start,
                       const struct recording *recording)
{
    struct gathering *gathering = context;
    const struct passage *passage = &result->programme.passages[index];
    size_t next = 0, at = (size_t)(start * 10 / (uint64_t)gathering->rate_hz);
    while (gathering->envelope.len < at && !buffer_failed(&gathering->envelope))
        buffer_byte(&gathering->envelope, 0);
    buffer_append(&gathering->envelope, recording->envelope, recording->n_envelope);
    for (size_t i = 0; i < passage->n_pieces; i++) {
        const struct piece *piece = &passage->pieces[i];
        struct episode_line *line =
            arena_push(gathering->arena, (void **)&gathering->lines, &gathering->n_lines, &gathering->capacity, sizeof *line);
        if (!line)
            return;
        size_t block = piece->segment ? piece->segment->block : SIZE_MAX;
        line->kind = line_kind(piece);
        line->starts_block = block == SIZE_MAX || block != gathering->last_block || piece->article != gathering->last_article;
        line->speaker = line_speaker(gathering, piece);
        line->text = arena_copy(gathering->arena, piece->text);
        line->start_ms = to_ms(gathering, start + recording->pieces[i].start_sample);
        line->end_ms = to_ms(gathering, start + recording->pieces[i].end_sample);
        take_words(gathering, line, piece, (uint32_t)i, start, recording, &next);
        gathering->last_block = block;
        gathering->last_article = piece->article;
    }
}

static void on_note(void *context, const char *words)
{
    const struct gathering *gathering = context;
    gathering->context->say(gathering->context->say_context, 'W', words);
}

static void on_failed(void *context, const struct problem *problem)
{
    const struct gathering *gathering = context;
    char words[2048];
    snprintf(words, sizeof words, "'%s': %s", problem->path, problem->text);
    gathering->context->say(gathering->context->say_context, 'E', words);
}

static const char *set_or_null(const char *text)
{
    return *text ? text : NULL;
}

/* Speakers are numbered over all articles of the edition before anything is recorded. */
static void on_scripts(void *context, const struct produce_result *result)
{
    struct gathering *gathering = context;
    struct episode *episode = gathering->episode;
    size_t n = 0;
    for (size_t a = 0; a < result->n_articles; a++)
        n += result->scripts[a].n_speakers;
    struct episode_speaker *speakers = arena_array(gathering->arena, n, sizeof *speakers);
    gathering->first_speaker = arena_array(gathering->arena, result->n_articles, sizeof *gathering->first_speaker);
    if (!speakers || !gathering->first_speaker)
        return;
    for (size_t a = 0; a < result->n_articles; a++) {
        const struct casting *casting = &result->castings[a];
        gathering->first_speaker[a] = episode->n_speakers;
        for (size_t i = 0; i < casting->script->n_speakers; i++)
            speakers[episode->n_speakers++] = (struct episode_speaker){
                arena_copy(gathering->arena, casting->script->speakers[i].name),
                arena_copy(gathering->arena, casting->voices[casting->speaker_voice[i]].name),
                gender_name(casting->script->speakers[i].gender),
            };
    }
    episode->speakers = speakers;
}

/* The first narrated sentences, up to about 400 characters. */
static struct str make_summary(const struct gathering *gathering)
{
    struct buffer words = {0};
    size_t count = 0;
    for (size_t i = 0; i < gathering->n_lines; i++) {
        const struct episode_line *line = &gathering->lines[i];
        if (line->kind != LINE_NARRATION && line->kind != LINE_QUOTE)
            continue;
        count += utf8_count(line->text) + 1;
        if (count > SUMMARY_CHARACTERS && words.len)
            break;
        if (words.len)
            buffer_byte(&words, ' ');
        buffer_str(&words, line->text);
    }
    struct str summary = arena_copy(gathering->arena, buffer_view(&words));
    buffer_release(&words);
    return summary;
}

static int64_t date_seconds(struct str date)
{
    struct tm when = {0};
    if (date.len != 10 || sscanf(date.data, "%4d-%2d-%2d", &when.tm_year, &when.tm_mon, &when.tm_mday) != 3)
        return 0;
    when.tm_year -= 1900;
    when.tm_mon -= 1;
    when.tm_hour = 12; /* the same day in nearly every time zone */
    return (int64_t)timegm(&when);
}

static void fill_peaks(struct episode *episode, struct str envelope)
{
    for (size_t i = 0; i < EPISODE_PEAKS && envelope.len; i++) {
        size_t begin = i * envelope.len / EPISODE_PEAKS, end = (i + 1) * envelope.len / EPISODE_PEAKS;
        for (size_t k = begin; k < (end > begin ? end : begin + 1); k++)
            if ((uint8_t)envelope.data[k] > episode->peaks[i])
                episode->peaks[i] = (uint8_t)envelope.data[k];
    }
}

static void fill_episode(struct gathering *gathering, const struct library_order *order, const struct produce_result *result)
{
    struct episode *episode = gathering->episode;
    struct arena *arena = gathering->arena;
    const struct article *article = &result->articles[0];
    const struct script *script = &result->scripts[0];
    struct str title = order->title ? str_from(order->title) : script->title;
    episode->title = arena_copy(arena, title.len ? title : str_from(result->made.chapters[0].title));
    episode->byline = arena_copy(arena, result->n_articles == 1 ? script->byline : (struct str){"", 0});
    episode->language = arena_copy(arena, script->language);
    episode->site = arena_copy(arena, article->site);
    episode->url = arena_copy(arena, article->url);
    episode->summary = make_summary(gathering);
    episode->published_s = date_seconds(script->published);
    episode->duration_ms = result->made.duration_ms;
    episode->bytes = result->made.bytes;
    memcpy(episode->sha256, result->made.sha256, sizeof episode->sha256);
    struct episode_chapter *chapters = arena_array(arena, result->made.n_chapters, sizeof *chapters);
    for (size_t i = 0; chapters && i < result->made.n_chapters; i++)
        chapters[i] = (struct episode_chapter){arena_copy(arena, str_from(result->made.chapters[i].title)),
                                               result->made.chapters[i].start_ms, result->made.chapters[i].end_ms};
    episode->chapters = chapters;
    episode->n_chapters = result->made.n_chapters;
    fill_peaks(episode, buffer_view(&gathering->envelope));
    episode->lines = gathering->lines;
    episode->n_lines = gathering->n_lines;
    for (size_t i = 0; i < episode->n_speakers; i++)
        order->remember(order->library, episode->speakers[i].name, episode->speakers[i].voice);
}

enum status order_record(void *context, const struct library_order *order, struct episode *episode, struct arena *arena,
                         struct problem *problem)
{
    const struct order_context *how = context;
    const struct library_settings *settings = order->settings;
    struct gathering gathering = {.context = how, .episode = episode, .arena = arena, .last_block = SIZE_MAX};
    struct options options = *how->options;
    char output[PATH_MAX], cache[PATH_MAX];
    const char *lexicons[] = {settings->lexicon};
    options.inputs = NULL;
    options.output = order->output;
    options.n_inputs = order->n_inputs;
    options.intro = set_or_null(settings->intro);
    options.outro = set_or_null(settings->outro);
    options.chime = set_or_null(settings->chime);
    options.announce = set_or_null(settings->announce);
    options.bitrate_kbps = settings->bitrate_kbps;
    options.loudness_lufs = isnan(settings->loudness_lufs) ? 0 : settings->loudness_lufs;
    struct produce_request request;
    enum status status = request_from_options(&options, &request, output, cache, problem);
    if (status != STATUS_OK)
        return status;
    request.inputs = order->inputs;
    request.title = order->title;
    request.cast = set_or_null(settings->cast);
    request.lexicons = lexicons;
    request.n_lexicons = *settings->lexicon ? 1 : 0;
    request.album = settings->title;
    request.artist = settings->author;
    request.frame.show_title = settings->title;
    request.frame.templates = &settings->announcements;
    request.sidecars = true;
    request.digest = true;
    struct voice_pin *pins = arena_array(arena, order->n_known, sizeof *pins);
    for (size_t i = 0; pins && i < order->n_known; i++)
        pins[i] = (struct voice_pin){order->known_speakers[i], order->known_voices[i]};
    request.memory = (struct cast_memory){pins, pins ? order->n_known : 0};
    request.note = on_note;
    request.failed = on_failed;
    request.scripts = on_scripts;
    request.sounded = on_sounded;
    request.context = &gathering;
    gathering.rate_hz = request.studio.sample_rate_hz;
    struct produce_result result = {0};
    status = produce_edition(&request, &result, problem);
    if (status == STATUS_OK) {
        *order->passed_over = result.first_failure;
        fill_episode(&gathering, order, &result);
    }
    if (status == STATUS_OK && arena_failed(arena))
        status = problem_no_memory(problem);
    if (status == STATUS_OK && buffer_failed(&gathering.envelope))
        status = problem_no_memory(problem);
    buffer_release(&gathering.envelope);
    produce_release(&result);
    return status;
}
