/* Reads the editable text form (text_form.h) back.
 *
 * The article that comes of it stands on the form itself: article.text is the form, each sentence line is a run of its
 * paragraph's block, and every other line is an omission. So the coverage property holds for it as for any article. */
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "script/marks.h"
#include "script/script.h"
#include "script/text_form.h"
#include "script/text_names.h"

struct reader {
    struct script *script;
    struct article *article;
    struct problem *problem;
    const char *path;
    struct str text;
    size_t line;
    const struct script_options *options;
    struct spoken_context spoken;
    enum status status;

    struct speaker_table speakers;
    struct str kind_voice[SEGMENT_CAPTION + 1];

    struct section *sections;
    size_t n_sections, section_capacity;
    struct segment *segments;
    size_t n_segments, segment_capacity;
    struct sentence *sentences; /* of the segment at work */
    size_t n_sentences, sentence_capacity;
    struct omission *omissions;
    size_t n_omissions, omission_capacity;
    struct block *blocks;
    size_t n_blocks, block_capacity;
    struct block_run *runs; /* of the block at work */
    size_t n_runs, run_capacity;
    struct buffer block_text;

    struct segment head; /* of the segment at work: kind, speaker, voice, continues */
    bool in_segment;
    bool in_block;
    bool respoken;        /* the last sentence has had its line of spoken words */
    size_t first_segment; /* of the block at work */
};

/* `about` without data: there is nothing to quote. */
static void fail(struct reader *reader, const char *words, struct str about)
{
    if (reader->status != STATUS_OK)
        return;
    const char *mark = about.data ? "'" : "";
    about.len = about.len > 100 ? 100 : about.len;
    if (arena_failed(&reader->script->arena)) { /* what is missing may have been there */
        reader->status = problem_no_memory(reader->problem);
        return;
    }
    reader->status = problem_set(reader->problem, STATUS_BAD_DATA, reader->path, reader->line, "%s%s%s%.*s%s", words,
                                 about.data ? " " : "", mark, STR_ARG(about), mark);
}

/* ---- lines of names --------------------------------------------------------------------------------------------- */

static void read_speaker(struct reader *reader, struct str rest)
{
    struct str piece;
    if (!text_next_piece(&reader->script->arena, &rest, &piece) || !piece.len) {
        fail(reader, "a speaker without a name", piece);
        return;
    }
    size_t index = speaker_table_find(&reader->speakers, &reader->script->arena, piece);
    if (index == SCRIPT_NOBODY)
        return;
    struct speaker *speaker = &reader->speakers.speakers[index];
    while (text_next_piece(&reader->script->arena, &rest, &piece))
        if (piece.len && !gender_of_name(piece, &speaker->gender) && !speaker_kind_of_name(piece, &speaker->kind) &&
            !text_keyed(piece, "voice", &reader->speakers.wishes[index].voice))
            fail(reader, "a speaker is female, male or unknown and may have a 'voice: NAME', not", piece);
}

static void read_head_line(struct reader *reader, struct str line)
{
    struct script *script = reader->script;
    struct article *article = reader->article;
    const struct {
        const char *key;
        struct str *value;
    } fields[] = {{"title", &script->title},       {"byline", &script->byline}, {"published", &script->published},
                  {"language", &script->language}, {"site", &article->site},    {"cover", &article->cover},
                  {"url", &article->url}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (text_keyed(line, fields[i].key, fields[i].value)) {
            if (fields[i].value == &script->language && !reader->options->language && script->language.len)
                reader->spoken.language = script->language;
            return;
        }
    struct str value;
    if (text_keyed(line, "speaker", &value)) {
        read_speaker(reader, value);
        return;
    }
    size_t colon = str_find(line, STR(":"), 0);
    enum segment_kind kind;
    if (str_starts(line, STR("voice of ")) && colon != SIZE_MAX &&
        segment_kind_of_name(str_trim(str_sub(line, 9, colon)), &kind)) {
        reader->kind_voice[kind] = str_trim(str_sub(line, colon + 1, line.len));
        return;
    }
    fail(reader, "a line before the first segment that is no field of the head:", line);
}

/* ---- segments and blocks ---------------------------------------------------------------------------------------- */

static void finish_segment(struct reader *reader)
{
    struct arena *arena = &reader->script->arena;
    if (!reader->n_sentences)
        return;
    struct segment *segment =
        arena_push(arena, (void **)&reader->segments, &reader->n_segments, &reader->segment_capacity, sizeof *segment);
    struct sentence *sentences = arena_array(arena, reader->n_sentences, sizeof *sentences);
    if (!segment || !sentences)
        return;
    memcpy(sentences, reader->sentences, reader->n_sentences * sizeof *sentences);
    const struct sentence *last = &sentences[reader->n_sentences - 1];
    *segment = reader->head;
    segment->block = reader->n_blocks;
    segment->start = sentences->start;
    segment->end = last->end;
    segment->source_start = sentences->source_start;
    segment->source_end = last->source_end;
    segment->sentences = sentences;
    segment->n_sentences = reader->n_sentences;
    segment->continues = segment->continues && segment->kind == SEGMENT_QUOTE && reader->n_blocks;
    reader->n_sentences = 0;
    reader->in_block = true;
    reader->head.continues = false;
}

static enum block_kind block_kind_of(enum segment_kind kind)
{
    switch (kind) {
    case SEGMENT_TITLE: return BLOCK_TITLE;
    case SEGMENT_BYLINE: return BLOCK_BYLINE;
    case SEGMENT_HEADING: return BLOCK_HEADING;
    case SEGMENT_ITEM: return BLOCK_ITEM;
    case SEGMENT_CAPTION: return BLOCK_CAPTION;
    case SEGMENT_NARRATION:
    case SEGMENT_QUOTE: break;
    }
    return BLOCK_PARAGRAPH;
}

static void finish_block(struct reader *reader)
{
    finish_segment(reader);
    if (!reader->in_block)
        return;
    reader->in_block = false;
    struct arena *arena = &reader->article->arena;
    struct block *block = arena_push(arena, (void **)&reader->blocks, &reader->n_blocks, &reader->block_capacity, sizeof *block);
    struct block_run *runs = arena_array(arena, reader->n_runs, sizeof *runs);
    if (!block || !runs)
        return;
    memcpy(runs, reader->runs, reader->n_runs * sizeof *runs);
    block->kind = block_kind_of(reader->segments[reader->first_segment].kind);
    if (block->kind == BLOCK_HEADING)
        block->level = reader->n_sections && reader->sections[reader->n_sections - 1].level > 1
                           ? reader->sections[reader->n_sections - 1].level
                           : 2;
    else if (block->kind == BLOCK_ITEM)
        block->level = 1;
    if (buffer_failed(&reader->block_text))
        arena->failed = true;
    block->text = arena_copy(arena, buffer_view(&reader->block_text));
    block->runs = runs;
    block->n_runs = reader->n_runs;
    reader->n_runs = 0;
    buffer_clear(&reader->block_text);
    reader->first_segment = reader->n_segments;
}

static void open_section(struct reader *reader, struct str title, int level)
{
    finish_block(reader);
    struct section *section = arena_push(&reader->script->arena, (void **)&reader->sections, &reader->n_sections,
                                         &reader->section_capacity, sizeof *section);
    if (section)
        *section = (struct section){.title = title, .level = level, .first_segment = reader->n_segments};
}

static void read_section(struct reader *reader, struct str line)
{
    size_t level = 0;
    while (level < line.len && line.data[level] == '#')
        level++;
    if (level > 6 || (level < line.len && line.data[level] != ' '))
        fail(reader, "a chapter is one to six # signs, a space and its title, not", line);
    else
        open_section(reader, str_trim(str_sub(line, level, line.len)), (int)level);
    reader->in_segment = false;
}

static void read_segment(struct reader *reader, struct str line)
{
    finish_segment(reader);
    reader->head = (struct segment){.speaker = SCRIPT_NOBODY, .mention = {"", 0}, .voice = {"", 0}};
    if (line.data[line.len - 1] != ']') {
        fail(reader, "a segment's line ends with ']':", line);
        return;
    }
    struct str rest = str_sub(line, 1, line.len - 1), piece = STR(""), name = STR("");
    if (!text_next_piece(&reader->script->arena, &rest, &piece))
        return;
    size_t colon = str_find(piece, STR(":"), 0);
    if (colon != SIZE_MAX)
        name = str_trim(str_sub(piece, colon + 1, piece.len));
    if (!segment_kind_of_name(str_trim(str_sub(piece, 0, colon == SIZE_MAX ? piece.len : colon)), &reader->head.kind))
        fail(reader, "a segment is title, byline, heading, narration, quote, item or caption, not", piece);
    reader->head.speaker = speaker_table_find(&reader->speakers, &reader->script->arena, name);
    bool named = reader->head.speaker != SCRIPT_NOBODY;
    reader->head.voice = named ? reader->speakers.wishes[reader->head.speaker].voice : reader->kind_voice[reader->head.kind];
    enum gender ignored, *gender = named ? &reader->speakers.speakers[reader->head.speaker].gender : &ignored;
    while (text_next_piece(&reader->script->arena, &rest, &piece))
        if (str_eq_c(piece, "continues"))
            reader->head.continues = true;
        else if (piece.len && !text_keyed(piece, "voice", &reader->head.voice) && !gender_of_name(piece, gender))
            fail(reader, "a segment may have 'voice: NAME', 'female', 'male' or 'continues', not", piece);
    if (named) {
        reader->head.rule = "script";
        reader->head.confidence = 1.0;
    }
    reader->in_segment = true;
}

/* ---- sentences -------------------------------------------------------------------------------------------------- */

/* The end of the run that starts at `at`: where white space stands that is not one space; *next is past that. */
static size_t run_end(struct str text, size_t at, size_t end, size_t *next)
{
    while (at < end) {
        size_t space = at;
        *next = text_skip_space(text, at, end);
        if (*next > space && (*next - space > 1 || text.data[space] != ' '))
            return space;
        if (*next == space)
            utf8_decode(text, space, next);
        at = *next;
    }
    *next = end;
    return end;
}

/* Puts source[start, end) into the block as runs with single spaces between; the same words as they stand there. */
static struct str take_words(struct reader *reader, size_t start, size_t end)
{
    struct arena *arena = &reader->script->arena;
    struct str text = reader->article->text;
    size_t from = reader->block_text.len, first = reader->n_runs, next;
    for (size_t at = start; at < end; at = next) {
        size_t stop = run_end(text, at, end, &next);
        struct block_run *run = arena_push(arena, (void **)&reader->runs, &reader->n_runs, &reader->run_capacity, sizeof *run);
        if (at > start)
            buffer_byte(&reader->block_text, ' ');
        if (run)
            *run = (struct block_run){reader->block_text.len, at, stop - at};
        buffer_str(&reader->block_text, str_sub(text, at, stop));
    }
    if (reader->n_runs - first == 1)
        return str_sub(text, start, end);
    return arena_copy(arena, str_sub(buffer_view(&reader->block_text), from, reader->block_text.len));
}

static void read_sentence(struct reader *reader, size_t start, size_t end)
{
    struct arena *arena = &reader->script->arena;
    if (!reader->n_sections)
        open_section(reader, reader->script->title, 1);
    if (reader->n_runs)
        buffer_byte(&reader->block_text, ' ');
    struct sentence *sentence =
        arena_push(arena, (void **)&reader->sentences, &reader->n_sentences, &reader->sentence_capacity, sizeof *sentence);
    size_t from = reader->block_text.len;
    struct str words = take_words(reader, start, end);
    if (!sentence)
        return;
    *sentence = (struct sentence){
        .start = from, .end = from + words.len, .source_start = start, .source_end = end, .text = words, .pause_ms = -1};
    reader->respoken = false;
    reader->spoken.heading = reader->head.kind == SEGMENT_TITLE || reader->head.kind == SEGMENT_HEADING;
    sentence->spoken = spoken_form(arena, words, &reader->spoken);
}

/* Word marks for words that somebody wrote: as they were before and after the change, one mark for what lies between. */
static void keep_parts(struct arena *arena, struct sentence *sentence, struct str words)
{
    const struct spoken old = sentence->spoken;
    size_t same = 0, tail = 0, limit = words.len < old.words.len ? words.len : old.words.len;
    while (same < limit && words.data[same] == old.words.data[same])
        same++;
    while (tail < limit - same && words.data[words.len - 1 - tail] == old.words.data[old.words.len - 1 - tail])
        tail++;
    struct spoken_part *parts = arena_array(arena, old.n_parts + 1, sizeof *parts);
    if (!parts)
        return;
    size_t n = 0, first = 0, last = old.n_parts;
    while (first < old.n_parts && old.parts[first].spoken_end <= same &&
           (old.parts[first].spoken_end < same || same == words.len || words.data[same] == ' '))
        parts[n++] = old.parts[first++];
    while (last > first && old.parts[last - 1].spoken_start > old.words.len - tail)
        last--;
    uint32_t longer = (uint32_t)words.len - (uint32_t)old.words.len; /* modulo 2^32: may be shorter */
    struct spoken_part middle = {n ? parts[n - 1].spoken_end : 0, (uint32_t)words.len, n ? parts[n - 1].text_end : 0,
                                 (uint32_t)sentence->text.len};
    if (last < old.n_parts) {
        middle.spoken_end = old.parts[last].spoken_start + longer;
        middle.text_end = old.parts[last].text_start;
    }
    if (middle.spoken_start < middle.spoken_end && middle.text_start < middle.text_end)
        parts[n++] = middle;
    for (; last < old.n_parts; last++) {
        parts[n] = old.parts[last];
        parts[n].spoken_start += longer;
        parts[n++].spoken_end += longer;
    }
    sentence->spoken = (struct spoken){words, parts, n};
}

static void read_spoken(struct reader *reader, struct str words)
{
    if (!reader->n_sentences) {
        fail(reader, "spoken words without a sentence above them:", words);
        return;
    }
    if (reader->respoken) {
        fail(reader, "a sentence has one line of spoken words, this is the second:", words);
        return;
    }
    reader->respoken = true;
    struct sentence *sentence = &reader->sentences[reader->n_sentences - 1];
    if (str_eq(sentence->spoken.words, words))
        return;
    keep_parts(&reader->script->arena, sentence, arena_copy(&reader->script->arena, words));
}

static void read_pause(struct reader *reader, struct str line)
{
    struct str digits = str_trim(str_sub(line, STR("(pause").len, line.len));
    long ms = 0;
    size_t at = 0;
    for (; at < digits.len && digits.data[at] >= '0' && digits.data[at] <= '9' && ms <= TEXT_FORM_PAUSE_LIMIT_MS; at++)
        ms = ms * 10 + (digits.data[at] - '0');
    struct str unit = str_trim(str_sub(digits, at, digits.len));
    if (!at || (!str_eq_c(unit, ")") && !str_eq_c(unit, "ms)")))
        fail(reader, "a pause is a number of milliseconds, as in '(pause 700)', not", line);
    else if (ms > TEXT_FORM_PAUSE_LIMIT_MS)
        fail(reader, "a pause is a minute at most, not", line);
    else if (!reader->n_sentences)
        fail(reader, "a pause without a sentence above it:", line);
    else
        reader->sentences[reader->n_sentences - 1].pause_ms = (int)ms;
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

static void omit_line(struct reader *reader, size_t start, size_t end)
{
    if (!text_has_word(reader->article->text, start, end))
        return;
    struct omission *omission = arena_push(&reader->script->arena, (void **)&reader->omissions, &reader->n_omissions,
                                           &reader->omission_capacity, sizeof *omission);
    if (omission)
        *omission = (struct omission){start, end, TEXT_FORM_OMISSION};
}

/* Control characters mean something to engines and terminals: nobody writes them. */
static bool has_control(struct str line)
{
    for (size_t at = 0; at < line.len;) {
        unsigned c = utf8_decode(line, at, &at);
        if ((c < ' ' && c != '\t') || (c >= 0x7F && c < 0xA0))
            return true;
    }
    return false;
}

/* A line whose tabs are spaces: names, titles and words for an engine have none. */
static struct str without_tabs(struct reader *reader, struct str line)
{
    if (!line.len || !memchr(line.data, '\t', line.len))
        return line;
    char *copy = arena_alloc(&reader->script->arena, line.len + 1);
    for (size_t i = 0; copy && i < line.len; i++)
        copy[i] = line.data[i] == '\t' ? ' ' : line.data[i];
    return (struct str){copy ? copy : "", copy ? line.len : 0};
}

/* One line [start, end), line break left out. */
static void read_line(struct reader *reader, size_t start, size_t end)
{
    struct str line = utf8_trim(str_sub(reader->article->text, start, end));
    if (has_control(line)) {
        fail(reader, "a control character in this line", (struct str){0});
        return;
    }
    char sign = line.len ? line.data[0] : '\0';
    bool sentence = line.len && reader->in_segment && sign != '[' && sign != '#' && sign != '=' && sign != ';' &&
                    !str_starts(line, STR("(pause"));
    if (sentence) {
        size_t at = (size_t)(line.data - reader->article->text.data), skip = sign == '\\';
        struct str words = utf8_trim(str_sub(line, skip, line.len));
        if (words.len)
            read_sentence(reader, at + (size_t)(words.data - line.data), at + (size_t)(words.data - line.data) + words.len);
        return;
    }
    omit_line(reader, start, end);
    line = without_tabs(reader, line);
    if (!line.len)
        finish_block(reader);
    else if (sign == '[')
        read_segment(reader, line);
    else if (sign == '#')
        read_section(reader, line);
    else if (sign == '=')
        read_spoken(reader, str_trim(str_sub(line, 1, line.len)));
    else if (sign == '(' && reader->in_segment)
        read_pause(reader, line);
    else if (sign != ';' && (reader->n_sections || reader->n_segments))
        fail(reader, "words without a segment's line (such as '[narration]') above them:", line);
    else if (sign != ';')
        read_head_line(reader, line);
}

static void read_lines(struct reader *reader)
{
    struct str text = reader->article->text;
    bool first = true;
    for (size_t start = 0, end; start < text.len && reader->status == STATUS_OK; start = end + 1) {
        size_t found = str_find(text, STR("\n"), start);
        end = found == SIZE_MAX ? text.len : found;
        reader->line++;
        if (!first) {
            read_line(reader, start, end);
            continue;
        }
        first = false;
        struct str line = utf8_trim(str_sub(text, start, end));
        omit_line(reader, start, end);
        if (!str_eq_c(line, TEXT_FORM_MAGIC " " TEXT_FORM_VERSION))
            fail(reader, "not a script of a version known here ('" TEXT_FORM_MAGIC " " TEXT_FORM_VERSION "'):", line);
    }
    finish_block(reader);
}

static void close_sections(struct reader *reader)
{
    size_t n = 0;
    for (size_t i = 0; i < reader->n_sections; i++) {
        struct section section = reader->sections[i];
        size_t end = i + 1 < reader->n_sections ? reader->sections[i + 1].first_segment : reader->n_segments;
        section.n_segments = end - section.first_segment;
        if (section.n_segments) /* a chapter whose words were all deleted is gone */
            reader->sections[n++] = section;
    }
    reader->n_sections = n;
}

static void hand_over(struct reader *reader)
{
    struct script *script = reader->script;
    struct article *article = reader->article;
    close_sections(reader);
    if (reader->options->title && *reader->options->title)
        script->title = arena_copy(&script->arena, str_from(reader->options->title));
    if (reader->options->byline && *reader->options->byline)
        script->byline = arena_copy(&script->arena, str_from(reader->options->byline));
    script->language = reader->spoken.language;
    for (size_t i = 0; i < reader->n_segments; i++) {
        struct segment *segment = &reader->segments[i];
        if (segment->speaker != SCRIPT_NOBODY && !segment->continues)
            reader->speakers.speakers[segment->speaker].n_quotes++;
    }
    article->format = ARTICLE_PLAIN;
    article->title = script->title;
    article->byline = script->byline;
    article->published = script->published;
    article->language = script->language;
    article->blocks = reader->blocks;
    article->n_blocks = reader->n_blocks;
    article->omissions = reader->omissions;
    article->n_omissions = reader->n_omissions;
    struct voice_pin *pins = arena_array(&article->arena, reader->speakers.n_wishes, sizeof *pins);
    for (size_t i = 0; pins && i < reader->speakers.n_wishes; i++)
        if (reader->speakers.wishes[i].voice.len)
            pins[article->n_pins++] = reader->speakers.wishes[i];
    article->pins = pins;
    script->article = article;
    script->sections = reader->sections;
    script->n_sections = reader->n_sections;
    script->segments = reader->segments;
    script->n_segments = reader->n_segments;
    script->speakers = reader->speakers.speakers;
    script->n_speakers = reader->speakers.n_speakers;
    script->omissions = reader->omissions;
    script->n_omissions = reader->n_omissions;
}

enum status script_read_text(struct script *script, struct article *article, struct str text, const char *path,
                             const struct script_options *options, struct problem *problem)
{
    static const struct script_options no_options;
    if (!options)
        options = &no_options;
    *script = (struct script){0};
    *article = (struct article){0};
    struct reader reader = {.script = script, .article = article, .problem = problem, .path = path, .options = options};
    article->text = arena_copy(&article->arena, text);
    article->source = arena_c_string(&article->arena, str_from(path));
    size_t valid = utf8_valid_length(text);
    if (valid < text.len) {
        for (size_t i = 0; i <= valid; i++)
            reader.line += i == 0 || text.data[i - 1] == '\n';
        fail(&reader, "not valid UTF-8 in this line", (struct str){0});
    }
    reader.spoken = (struct spoken_context){.lexicon = options->lexicon, .phonemes = true};
    reader.spoken.language = options->language ? arena_copy(&script->arena, str_from(options->language)) : STR("en");
    if (reader.status == STATUS_OK)
        read_lines(&reader);
    bool lost = buffer_failed(&reader.block_text);
    buffer_release(&reader.block_text);
    if (reader.status == STATUS_OK && (lost || arena_failed(&script->arena) || arena_failed(&article->arena)))
        reader.status = problem_no_memory(problem);
    if (reader.status == STATUS_OK && !reader.n_segments)
        reader.status = problem_set(problem, STATUS_BAD_DATA, path, 0, "there is nothing in it that can be spoken");
    if (reader.status != STATUS_OK) {
        script_release(script);
        article_release(article);
        return reader.status;
    }
    hand_over(&reader);
    if (arena_failed(&script->arena) || arena_failed(&article->arena)) {
        script_release(script);
        article_release(article);
        return problem_no_memory(problem);
    }
    return STATUS_OK;
}
