#include "studio/programme.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "studio/announcements.h"
#include "studio/chapters.h"
#include "studio/pauses.h"
#include "studio/pieces.h"

/* A paragraph over the limit may be cut after any sentence once it is this long; which one is told by the sentence's own
 * hash, so that an edit in one sentence moves the cuts (and spoils the cached recordings) only near it. */
#define PASSAGE_CUT_FROM 500
#define ASKED_PAUSE_LIMIT_MS 10000
#define DEFAULT_RATE_WPM 175

struct maker {
    struct arena *arena;
    const struct programme_options *options;
    double rate_factor;
    struct passage *passages;
    size_t n_passages, passage_capacity;
    struct chapters chapters;
    bool chapter_next;   /* the next passage starts a chapter */
    int asked_pause_ms;  /* of the editable script, after the last piece; -1: by the table */
    struct piece *block; /* pieces of the block at work */
    size_t n_block, block_capacity;
    bool *sentence_ends; /* [n_block]: the passage may be cut after it */
    size_t n_sentence_ends, sentence_end_capacity;
    size_t n_words;
    double spoken_ms; /* estimate, for the preview */
    bool full;        /* the preview is long enough */
    /* of the article at work */
    size_t article;
    const struct programme_source *source;
    const struct announcements *words;
    struct announcement_values values;
    const struct voice *quote_voice; /* of the last quotation, for the paragraphs that continue it */
};

static struct passage *add_passage(struct maker *maker, enum passage_kind kind, enum boundary before)
{
    if (maker->n_passages) {
        struct passage *last = &maker->passages[maker->n_passages - 1];
        last->pause_after_ms = maker->asked_pause_ms >= 0 ? maker->asked_pause_ms : pause_ms(before, maker->rate_factor);
    }
    maker->asked_pause_ms = -1;
    struct passage *passage = arena_push(maker->arena, (void **)&maker->passages, &maker->n_passages, &maker->passage_capacity,
                                         sizeof *maker->passages);
    if (!passage)
        return NULL;
    passage->kind = kind;
    passage->starts_chapter = maker->chapter_next || maker->n_passages == 1;
    maker->chapter_next = false;
    return passage;
}

static void add_audio(struct maker *maker, const char *path, int fade_in_ms, int fade_out_ms, enum boundary before)
{
    struct passage *passage = add_passage(maker, PASSAGE_AUDIO, before);
    if (!passage)
        return;
    passage->audio_path = arena_c_string(maker->arena, str_from(path));
    passage->fade_in_ms = fade_in_ms;
    passage->fade_out_ms = fade_out_ms;
}

/* Between articles, or where there is only one between its chapters; the first is opened by the intro, where there is one. */
static enum boundary add_chime(struct maker *maker, enum boundary before)
{
    if (!maker->options->chime || !maker->chapter_next || maker->chapters.n_plans < 2 ||
        (maker->chapters.n_articles > 1 && before != BOUNDARY_ARTICLE))
        return before;
    add_audio(maker, maker->options->chime, 5, 50, before);
    return BOUNDARY_HEADING;
}

static void add_speech(struct maker *maker, const struct piece *pieces, size_t n_pieces, enum boundary before)
{
    before = add_chime(maker, before);
    struct passage *passage = add_passage(maker, PASSAGE_SPEECH, before);
    struct piece *copy = arena_array(maker->arena, n_pieces, sizeof *copy);
    if (!passage || !copy)
        return;
    memcpy(copy, pieces, n_pieces * sizeof *copy);
    /* What was asked for after the last piece is laid by the edition, like every pause between passages. */
    int *last_pause = &copy[n_pieces - 1].pause_after_ms;
    maker->asked_pause_ms = *last_pause < 0 ? -1 - *last_pause : -1;
    *last_pause = 0;
    for (size_t i = 0; i < n_pieces; i++) {
        if (copy[i].pause_after_ms < 0)
            copy[i].pause_after_ms = -1 - copy[i].pause_after_ms;
        size_t words = words_count(copy[i].words);
        size_t characters = utf8_count(copy[i].words);
        maker->n_words += words;
        /* Six characters a word, space included, for scripts that write no spaces. */
        if (words < characters / 12)
            words = characters / 6;
        int rate = copy[i].voice->rate_wpm > 0 ? copy[i].voice->rate_wpm : DEFAULT_RATE_WPM;
        maker->spoken_ms += 60000.0 * (double)words / rate / maker->rate_factor + copy[i].pause_after_ms;
        if (maker->options->preview_ms > 0 && maker->spoken_ms >= maker->options->preview_ms) {
            maker->full = true;
            n_pieces = i + 1;
            copy[i].pause_after_ms = 0;
        }
    }
    passage->pieces = copy;
    passage->n_pieces = n_pieces;
}

/* ---- the pieces of a block ---- */

/* Asked pauses are kept as -1 - ms until the passage is made, to tell them from those of the table. */
static void ask_pause(struct maker *maker, int ms)
{
    if (ms < 0)
        return;
    if (ms > ASKED_PAUSE_LIMIT_MS)
        ms = ASKED_PAUSE_LIMIT_MS;
    if (maker->n_block)
        maker->block[maker->n_block - 1].pause_after_ms = -1 - ms;
    else
        maker->asked_pause_ms = ms;
}

static void push_piece(struct maker *maker, const struct piece *piece, bool sentence_end)
{
    struct piece *slot =
        arena_push(maker->arena, (void **)&maker->block, &maker->n_block, &maker->block_capacity, sizeof *maker->block);
    bool *end = arena_push(maker->arena, (void **)&maker->sentence_ends, &maker->n_sentence_ends, &maker->sentence_end_capacity,
                           sizeof *maker->sentence_ends);
    if (!slot || !end)
        return;
    *slot = *piece;
    *end = sentence_end;
}

/* One sentence in one voice, in as many pieces as it takes. */
static void add_pieces(struct maker *maker, const struct piece *whole)
{
    if (arena_failed(maker->arena)) /* the block's arrays may differ in length */
        return;
    if (maker->n_block) {
        struct piece *last = &maker->block[maker->n_block - 1];
        bool end = maker->sentence_ends[maker->n_block - 1];
        if (last->pause_after_ms >= 0)
            last->pause_after_ms =
                pause_ms(end || last->voice == whole->voice ? BOUNDARY_SENTENCE : BOUNDARY_VOICE, maker->rate_factor);
    }
    struct piece_cursor cursor = {.whole = *whole};
    struct piece piece;
    for (size_t n = 0; piece_next(maker->arena, &cursor, &piece); n++) {
        bool last = cursor.words_at >= whole->words.len;
        piece.pause_after_ms = last ? 0 : pause_ms(BOUNDARY_VOICE, maker->rate_factor);
        if (piece.words.len)
            push_piece(maker, &piece, last && text_ends_sentence(whole->text));
    }
}

static struct str with_stop(struct maker *maker, struct str text)
{
    return text_ends_sentence(text) ? text : arena_format(maker->arena, "%.*s.", STR_ARG(text));
}

static void add_announcement(struct maker *maker, size_t voice, struct str text)
{
    const struct casting *casting = maker->source->casting;
    struct spoken_context context = {.language = maker->source->script->language, .lexicon = maker->source->lexicon};
    struct spoken spoken = spoken_form(maker->arena, text, &context);
    struct piece whole = {.voice = &casting->voices[voice], .words = str_trim(spoken.words), .text = text, .article = SIZE_MAX};
    if (whole.words.len)
        add_pieces(maker, &whole);
}

static struct str template_of(const struct maker *maker, enum announcement kind)
{
    return announcement_template(kind, maker->options, maker->source->casting->cast, maker->words,
                                 maker->chapters.n_articles > 1);
}

/* "And now:" needs no full stop. */
static void say(struct maker *maker, size_t voice, struct str text)
{
    if (text.len)
        add_announcement(maker, voice, strchr(":,;", text.data[text.len - 1]) ? text : with_stop(maker, text));
}

/* What a template or a part of one says. */
static void announce(struct maker *maker, size_t voice, struct str template)
{
    say(maker, voice, announcement_text(maker->arena, template, &maker->values));
}

/* What stands before and after a placeholder, say "{title}". */
static void split_template(struct str template, struct str placeholder, struct str *before, struct str *after)
{
    size_t at = str_find(template, placeholder, 0);
    *before = str_sub(template, 0, at);
    *after = at == SIZE_MAX ? STR("") : str_sub(template, at + placeholder.len, template.len);
}

/* The sentence's words for the engine of `voice`: made anew where the script has [[phonemes]] that it would read out. */
static struct spoken spoken_for(struct maker *maker, const struct voice *voice, const struct programme_source *source,
                                const struct segment *segment, const struct sentence *sentence)
{
    if (!str_eq_c(voice->engine, "command") || str_find(sentence->spoken.words, STR("[["), 0) == SIZE_MAX)
        return sentence->spoken;
    struct spoken_context context = {.language = source->script->language,
                                     .lexicon = source->lexicon,
                                     .heading = segment->kind == SEGMENT_TITLE || segment->kind == SEGMENT_HEADING};
    return spoken_form(maker->arena, sentence->text, &context);
}

/* A title as its article says it, in the announcer's voice. */
static void announce_contents_line(struct maker *maker, const struct programme_source *source)
{
    const struct script *script = source->script;
    size_t narrator = maker->source->casting->narrator;
    for (size_t i = 0; i < script->n_segments; i++) {
        if (script->segments[i].kind != SEGMENT_TITLE)
            continue;
        for (size_t j = 0; j < script->segments[i].n_sentences; j++) {
            const struct sentence *sentence = &script->segments[i].sentences[j];
            const struct voice *voice = &maker->source->casting->voices[narrator];
            struct spoken spoken = spoken_for(maker, voice, source, &script->segments[i], sentence);
            struct piece whole = {.voice = voice,
                                  .words = with_stop(maker, str_trim(spoken.words)),
                                  .text = with_stop(maker, sentence->text),
                                  .parts = spoken.parts,
                                  .n_parts = spoken.n_parts,
                                  .article = SIZE_MAX};
            if (str_trim(spoken.words).len)
                add_pieces(maker, &whole);
        }
        return;
    }
    if (script->title.len)
        add_announcement(maker, narrator, with_stop(maker, script->title));
}

static void add_segment(struct maker *maker, const struct segment *segment)
{
    const struct voice *voice = casting_voice(maker->source->casting, segment);
    if (segment->kind == SEGMENT_QUOTE) {
        if (segment->continues && !segment->voice.len && maker->quote_voice)
            voice = maker->quote_voice;
        maker->quote_voice = voice;
    }
    for (size_t i = 0; i < segment->n_sentences; i++) {
        const struct sentence *sentence = &segment->sentences[i];
        struct spoken spoken = spoken_for(maker, voice, maker->source, segment, sentence);
        struct piece whole = {.voice = voice,
                              .words = spoken.words,
                              .text = sentence->text,
                              .parts = spoken.parts,
                              .n_parts = spoken.n_parts,
                              .article = maker->article,
                              .segment = segment,
                              .sentence = sentence};
        if (str_trim(whole.words).len)
            add_pieces(maker, &whole);
        ask_pause(maker, sentence->pause_ms);
    }
}

/* The first piece after `start` that does not go into the same passage. */
static size_t find_passage_end(const struct maker *maker, size_t start)
{
    size_t size = 0, last_end = 0;
    for (size_t i = start; i < maker->n_block; i++) {
        size_t characters = utf8_count(maker->block[i].words);
        if (i > start && size + characters > PASSAGE_LIMIT)
            return last_end ? last_end : i;
        size += characters;
        if (!maker->sentence_ends[i])
            continue;
        if (size >= PASSAGE_CUT_FROM && hash_bytes_64(maker->block[i].words) % 4 == 0)
            return i + 1;
        if (size >= PASSAGE_CUT_FROM / 2)
            last_end = i + 1;
    }
    return maker->n_block;
}

/* The pieces gathered become a passage, or several where they are too long for one. */
static void flush_block(struct maker *maker, enum boundary before)
{
    size_t characters = 0;
    for (size_t i = 0; i < maker->n_block; i++)
        characters += utf8_count(maker->block[i].words);
    for (size_t start = 0; start < maker->n_block && !maker->full && !arena_failed(maker->arena);) {
        size_t end = characters > PASSAGE_LIMIT ? find_passage_end(maker, start) : maker->n_block;
        add_speech(maker, maker->block + start, end - start, before);
        before = maker->sentence_ends[end - 1] ? BOUNDARY_SENTENCE : BOUNDARY_VOICE;
        start = end;
    }
    maker->n_block = maker->n_sentence_ends = 0;
}

/* ---- articles ---- */

static bool is_heading(enum segment_kind kind)
{
    return kind == SEGMENT_TITLE || kind == SEGMENT_HEADING || kind == SEGMENT_BYLINE;
}

static enum boundary boundary_between(enum segment_kind last, enum segment_kind next)
{
    if (is_heading(last))
        return BOUNDARY_HEADING;
    if (next == SEGMENT_ITEM)
        return BOUNDARY_ITEM;
    return BOUNDARY_PARAGRAPH;
}

static bool has_segment(const struct script *script, enum segment_kind kind)
{
    for (size_t i = 0; i < script->n_segments; i++)
        if (script->segments[i].kind == kind)
            return true;
    return false;
}

static enum boundary announce_byline(struct maker *maker, enum boundary before)
{
    if (has_segment(maker->source->script, SEGMENT_BYLINE))
        return before;
    announce(maker, maker->source->casting->narrator, template_of(maker, ANNOUNCEMENT_BYLINE));
    if (!maker->n_block)
        return before;
    flush_block(maker, before);
    return BOUNDARY_HEADING;
}

/* The title of an article whose text has none. */
static enum boundary announce_title(struct maker *maker, enum boundary before)
{
    if (has_segment(maker->source->script, SEGMENT_TITLE))
        return before;
    announce(maker, maker->source->casting->headline, template_of(maker, ANNOUNCEMENT_TITLE));
    if (maker->n_block) {
        flush_block(maker, before);
        before = BOUNDARY_HEADING;
    }
    return announce_byline(maker, before);
}

/* A title or byline that stands in the text is spoken as it does, within the title's template. */
static void add_announced(struct maker *maker, const struct segment *segment)
{
    if (segment->kind == SEGMENT_TITLE) {
        struct str template = template_of(maker, ANNOUNCEMENT_TITLE), before, after;
        if (!template.len)
            return;
        split_template(template, STR("{title}"), &before, &after);
        announce(maker, maker->source->casting->headline, before);
        add_segment(maker, segment);
        announce(maker, maker->source->casting->headline, after);
    } else if (segment->kind != SEGMENT_BYLINE || template_of(maker, ANNOUNCEMENT_BYLINE).len) {
        add_segment(maker, segment);
    }
}

static void begin_chapter(struct maker *maker, const struct section *section)
{
    const struct script *script = maker->source->script;
    bool several = maker->chapters.n_articles > 1;
    struct str article = script->title.len ? script->title : STR("");
    if (!article.len && several)
        article = arena_format(maker->arena, "%s %zu", maker->words->article, maker->article + 1);
    struct str title = chapter_title(maker->arena, several, section == script->sections, article, section->title,
                                     str_from(maker->words->opening), script);
    chapters_begin(&maker->chapters, maker->arena, title, maker->article, maker->n_passages);
    maker->chapter_next = true;
}

/* One block after the other, each under its section. */
static void add_article(struct maker *maker)
{
    const struct script *script = maker->source->script;
    size_t next_section = 0;
    enum boundary before = BOUNDARY_ARTICLE;
    maker->words = announcements_for(script->language);
    maker->values.title = script->title;
    maker->values.byline = script->byline;
    maker->quote_voice = NULL;
    for (size_t i = 0; i < script->n_segments && !maker->full && !arena_failed(maker->arena);) {
        const struct segment *segment = &script->segments[i];
        while (next_section < script->n_sections && script->sections[next_section].first_segment <= i) {
            begin_chapter(maker, &script->sections[next_section]);
            if (next_section++)
                before = BOUNDARY_SECTION;
        }
        if (i == 0)
            before = announce_title(maker, before);
        size_t section_end =
            next_section < script->n_sections ? script->sections[next_section].first_segment : script->n_segments;
        size_t n_passages = maker->n_passages;
        do
            add_announced(maker, &script->segments[i++]);
        while (i < script->n_segments && i < section_end && script->segments[i].block == segment->block);
        flush_block(maker, before);
        if (maker->n_passages != n_passages && i < script->n_segments)
            before = boundary_between(segment->kind, script->segments[i].kind);
        if (segment->kind == SEGMENT_TITLE)
            before = announce_byline(maker, before);
    }
    announce(maker, maker->source->casting->narrator, template_of(maker, ANNOUNCEMENT_END));
    flush_block(maker, BOUNDARY_SECTION);
}

/* In an edition of several articles the opening is a chapter; before a single one it belongs to the headline's. */
static void begin_opening(struct maker *maker, struct str title)
{
    while (title.len && strchr(".:,; ", title.data[title.len - 1]))
        title.len--;
    if (maker->chapters.n_articles < 2 || !title.len)
        return;
    chapters_begin(&maker->chapters, maker->arena, text_shorten(maker->arena, title, CHAPTER_TITLE_LIMIT), SIZE_MAX, 0);
    maker->chapter_next = true;
}

/* Show title, date and contents, in the voices of the first article's cast. */
static void add_opening(struct maker *maker, const struct programme *programme)
{
    const struct programme_options *options = maker->options;
    maker->source = &programme->sources[0];
    const struct script *script = maker->source->script;
    const struct casting *casting = maker->source->casting;
    maker->words = announcements_for(script->language);
    struct str date = options->date ? str_from(options->date) : script->published;
    maker->values = (struct announcement_values){.show = str_from(options->show_title),
                                                 .date = announcement_date(maker->arena, date, script->language),
                                                 .title = script->title,
                                                 .byline = script->byline};
    struct str show = announcement_text(maker->arena, template_of(maker, ANNOUNCEMENT_SHOW), &maker->values);
    struct str day = announcement_text(maker->arena, template_of(maker, ANNOUNCEMENT_DATE), &maker->values);
    struct str contents = template_of(maker, ANNOUNCEMENT_CONTENTS), before, after;
    split_template(contents, STR("{titles}"), &before, &after);
    struct str opening = announcement_text(maker->arena, before, &maker->values);
    begin_opening(maker, show.len ? show : opening.len ? opening : day);
    if (options->intro)
        add_audio(maker, options->intro, 20, 800, BOUNDARY_SECTION);
    say(maker, casting->headline, show);
    say(maker, casting->narrator, day);
    flush_block(maker, BOUNDARY_HEADING);
    say(maker, casting->narrator, opening);
    for (size_t i = 0; str_find(contents, STR("{titles}"), 0) != SIZE_MAX && i < programme->n_sources; i++)
        announce_contents_line(maker, &programme->sources[i]);
    announce(maker, casting->narrator, after);
    flush_block(maker, BOUNDARY_HEADING);
}

enum status programme_make(struct programme *programme, const struct programme_source *sources, size_t n_sources,
                           const struct programme_options *options, struct problem *problem)
{
    *programme = (struct programme){.n_sources = n_sources};
    if (!n_sources)
        return problem_set(problem, STATUS_USAGE, NULL, 0, "a programme needs at least one article");
    struct programme_source *copy = arena_array(&programme->arena, n_sources, sizeof *copy);
    if (!copy)
        return problem_no_memory(problem);
    memcpy(copy, sources, n_sources * sizeof *copy);
    programme->sources = copy;
    struct maker maker = {.arena = &programme->arena,
                          .options = options,
                          .rate_factor = options->rate_factor > 0 ? options->rate_factor : 1.0,
                          .chapters.n_articles = n_sources,
                          .asked_pause_ms = -1};
    add_opening(&maker, programme);
    for (size_t i = 0; i < n_sources && !maker.full; i++) {
        maker.article = i;
        maker.source = &programme->sources[i];
        add_article(&maker);
    }
    if (!maker.n_words && !arena_failed(&programme->arena)) {
        programme_release(programme);
        return problem_set(problem, STATUS_BAD_DATA, NULL, 0, "there is nothing to say in it");
    }
    maker.chapter_next = false;
    if (options->outro)
        add_audio(&maker, options->outro, 300, 1500, BOUNDARY_SECTION);
    chapters_finish(&maker.chapters, maker.arena, maker.passages, maker.n_passages);
    if (arena_failed(&programme->arena)) {
        programme_release(programme);
        return problem_no_memory(problem);
    }
    programme->passages = maker.passages;
    programme->n_passages = maker.n_passages;
    programme->chapters = maker.chapters.plans;
    programme->n_chapters = maker.chapters.n_plans;
    programme->n_words = maker.n_words;
    return STATUS_OK;
}

void programme_release(struct programme *programme)
{
    if (!programme)
        return;
    arena_release(&programme->arena);
    *programme = (struct programme){0};
}
