/* Bytes through all the stages that are pure: article, script, JSON, editable form and back, cast, programme. Everything that the
 * headers promise of them is checked on the way. */
#ifndef CRIER_TESTS_FUZZ_PIPELINE_H
#define CRIER_TESTS_FUZZ_PIPELINE_H

#include "fuzz.h"

#include <jansson.h>

#include "../article/check.h"
#include "../script/check_script.h"
#include "article/article.h"
#include "cast/cast.h"
#include "script/marks.h"
#include "script/script.h"
#include "studio/programme.h"

#define FUZZ_VOICES CRIER_SOURCE_DIR "/../voices"

/* Arenas grow with the input and by no more than this. */
#define FUZZ_ARENA_BASE ((size_t)1 << 20)
#define FUZZ_ARENA_FACTOR ((size_t)600)

static inline const struct cast *fuzz_cast(void)
{
    static struct cast cast;
    struct problem problem = {0};
    if (!cast.n_voices && cast_load(&cast, FUZZ_VOICES, NULL, STR("en"), &problem) != STATUS_OK) {
        fprintf(stderr, "fuzz: %s: %s\n", problem.path, problem.text);
        exit(1);
    }
    return &cast;
}

static inline const struct lexicon *fuzz_lexicon(void)
{
    static struct lexicon *lexicon;
    struct problem problem = {0};
    if (!lexicon && lexicon_load(&lexicon, FUZZ_VOICES "/lexicon", "en", NULL, 0, &problem) != STATUS_OK) {
        fprintf(stderr, "fuzz: %s: %s\n", problem.path, problem.text);
        exit(1);
    }
    return lexicon;
}

static inline bool fuzz_opens(unsigned c)
{
    return mark_opens(c) || mark_closes(c) || mark_is_dash(c) || mark_is_apostrophe(c) || c == '`' || c == 0x2039 ||
           c == 0x203A || c == ',' || c == 0x201A || c == 0x201E;
}

/* A quotation ends with its paragraph at the latest. Only a mark of its own, a label, or a block quotation carries it on. */
static inline void fuzz_check_quotes(const struct script *script)
{
    for (size_t i = 0; i < script->n_segments; i++) {
        const struct segment *segment = &script->segments[i];
        if (segment->kind != SEGMENT_QUOTE) {
            fuzz_require(!segment->continues, "narration continues a quotation");
            continue;
        }
        if (!segment->continues)
            continue;
        size_t before = i;
        while (before > 0 && script->segments[before - 1].block == segment->block)
            before--;
        fuzz_require(before > 0, "continues nothing");
    }
}

/* What goes into tags, messages and lines of the editable form. */
static inline void fuzz_check_line(struct str s)
{
    fuzz_require(utf8_valid_length(s) == s.len, "no UTF-8");
    for (size_t at = 0; at < s.len;) {
        unsigned c = utf8_decode(s, at, &at);
        fuzz_require(c >= 0x20 && (c < 0x7F || c >= 0xA0), "control character U+%04X in a title or name", c);
    }
}

static inline void fuzz_check_spoken(const struct spoken *spoken, struct str text)
{
    fuzz_require(utf8_valid_length(spoken->words) == spoken->words.len, "spoken words are no UTF-8");
    fuzz_require(!spoken->words.len || spoken->words.data[spoken->words.len] == '\0', "spoken words do not end");
    for (size_t at = 0; at < spoken->words.len; at++)
        fuzz_require((unsigned char)spoken->words.data[at] >= 0x20 && spoken->words.data[at] != 0x7F,
                     "a control character for the engine");
    size_t said = 0, written = 0;
    for (size_t i = 0; i < spoken->n_parts; i++) {
        const struct spoken_part *part = &spoken->parts[i];
        fuzz_require(said <= part->spoken_start && part->spoken_start < part->spoken_end && part->spoken_end <= spoken->words.len,
                     "parts out of order in the words");
        fuzz_require(written <= part->text_start && part->text_start <= part->text_end && part->text_end <= text.len,
                     "parts out of order in the text");
        said = part->spoken_end;
        written = part->text_end;
    }
}

static inline void fuzz_check_json(const struct script *script, script_voice_function *voice_of, const void *context)
{
    struct buffer out = {0};
    fuzz_require(script_write_json(script, voice_of, context, &out) == STATUS_OK, "no JSON");
    json_error_t error;
    json_t *json = json_loadb(out.data, out.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    fuzz_require(json, "JSON that nobody reads: %s", error.text);
    fuzz_require(json_array_size(json_object_get(json, "sections")) == script->n_sections, "JSON lost a section");
    json_decref(json);
    buffer_release(&out);
}

static inline struct str fuzz_pinned(const void *context, const struct segment *segment)
{
    (void)context;
    return segment->voice;
}

/* Written as a person would edit it and read again: the same passages. */
static inline void fuzz_check_round_trip(const struct script *script, script_voice_function *voice_of)
{
    struct buffer out = {0};
    struct script again;
    struct article other;
    struct problem problem = {0};
    fuzz_require(script_write_text(script, voice_of, NULL, &out) == STATUS_OK, "no text form");
    fuzz_require(script_is_text_form(buffer_view(&out)), "the text form is not told as one");
    const struct script_options options = {.lexicon = fuzz_lexicon()};
    enum status status = script_read_text(&again, &other, buffer_view(&out), "again", &options, &problem);
    fuzz_require(status == STATUS_OK, "our own text form is refused, line %zu: %s", problem.line, problem.text);
    assert_same_passages(script, voice_of, &again);
    script_release(&again);
    article_release(&other);
    buffer_release(&out);
}

/* Every sentence is recorded exactly once, in order, in pieces that an engine takes. */
static inline void fuzz_check_programme(const struct script *script)
{
    struct casting casting;
    struct programme programme;
    struct problem problem = {0};
    enum status status = casting_make(&casting, fuzz_cast(), script, NULL, &problem);
    fuzz_check_problem(status, &problem);
    if (status != STATUS_OK) {
        fuzz_require(status == STATUS_BAD_DATA, "no casting: %s", problem.text); /* a pin names a voice that is not there */
        return;
    }
    for (size_t i = 0; i < script->n_segments; i++)
        fuzz_require(casting_voice(&casting, &script->segments[i])->name.len, "a segment without voice");
    fuzz_check_json(script, casting_voice_name, &casting);

    const struct programme_source source = {script, &casting, fuzz_lexicon()};
    const struct programme_options options = {
        .rate_factor = 1, .announce_chosen = true, .announce = {true, true, true, true, true, true}};
    status = programme_make(&programme, &source, 1, &options, &problem);
    fuzz_check_problem(status, &problem);
    if (status == STATUS_OK) {
        const struct sentence *last = NULL;
        size_t n_said = 0, n_wanted = 0;
        for (size_t p = 0; p < programme.n_passages; p++) {
            const struct passage *passage = &programme.passages[p];
            fuzz_require(passage->kind != PASSAGE_SPEECH || passage->n_pieces, "an empty passage");
            fuzz_require(passage->pause_after_ms >= 0, "a pause before the time");
            for (size_t i = 0; i < passage->n_pieces; i++) {
                const struct piece *piece = &passage->pieces[i];
                fuzz_require(piece->words.len && piece->words.len <= 8192, "a piece of %zu bytes", piece->words.len);
                fuzz_require(utf8_valid_length(piece->words) == piece->words.len, "piece cut in a character");
                fuzz_require(utf8_valid_length(piece->text) == piece->text.len, "piece's text cut in a character");
                n_said += piece->sentence && piece->sentence != last;
                last = piece->sentence ? piece->sentence : last;
            }
        }
        for (size_t i = 0; i < script->n_segments; i++)
            for (size_t k = 0; k < script->segments[i].n_sentences; k++)
                n_wanted += text_has_word(script->segments[i].sentences[k].spoken.words, 0,
                                          script->segments[i].sentences[k].spoken.words.len);
        fuzz_require(n_said >= n_wanted, "%zu sentences to say, %zu in passages", n_wanted, n_said);
        fuzz_require(programme.n_chapters >= 1 && programme.n_chapters <= 255, "%zu chapters", programme.n_chapters);
        for (size_t i = 0; i < programme.n_chapters; i++) {
            fuzz_require(programme.chapters[i].title.len, "a chapter without title");
            fuzz_require(programme.chapters[i].first_passage < programme.n_passages, "a chapter after the end");
        }
    } else {
        fuzz_require(status == STATUS_BAD_DATA, "no programme: %s", problem.text); /* nothing to say */
    }
    programme_release(&programme);
    casting_release(&casting);
}

static inline void fuzz_check_script(const struct script *script)
{
    check_script(script);
    fuzz_check_quotes(script);
    fuzz_require(utf8_valid_length(script->title) == script->title.len &&
                     utf8_valid_length(script->byline) == script->byline.len &&
                     utf8_valid_length(script->language) == script->language.len,
                 "title, byline or language is no UTF-8");
    for (size_t i = 0; i < script->n_segments; i++) {
        fuzz_require(utf8_valid_length(script->segments[i].mention) == script->segments[i].mention.len, "mention is no UTF-8");
        for (size_t k = 0; k < script->segments[i].n_sentences; k++) {
            const struct sentence *sentence = &script->segments[i].sentences[k];
            fuzz_require(utf8_valid_length(sentence->text) == sentence->text.len, "sentence cut in a character");
            fuzz_check_spoken(&sentence->spoken, sentence->text);
        }
    }
    for (size_t i = 0; i < script->n_speakers; i++) {
        fuzz_require(script->speakers[i].name.len, "speaker without a name");
        fuzz_check_line(script->speakers[i].name);
    }
}

static inline int fuzz_article(struct str bytes, enum article_format format)
{
    struct article article;
    struct script script;
    struct problem problem = {0};
    const struct article_options reading = {.format = format};
    enum status status = article_parse(&article, bytes, "fuzz", &reading, &problem);
    fuzz_check_problem(status, &problem);
    if (status != STATUS_OK) {
        fuzz_require(status == STATUS_BAD_DATA, "status %d: %s", (int)status, problem.text);
        return -1;
    }
    const char *broken = broken_promise(&article);
    fuzz_require(!broken, "%s", broken);
    const struct str fields[] = {article.title, article.byline, article.published, article.language,
                                 article.site,  article.cover,  article.url};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        fuzz_check_line(fields[i]);
    for (size_t i = 0; i < article.n_pins; i++) {
        fuzz_check_line(article.pins[i].speaker);
        fuzz_check_line(article.pins[i].voice);
    }

    const struct script_options options = {.lexicon = fuzz_lexicon()};
    status = script_make(&script, &article, &options, &problem);
    fuzz_check_problem(status, &problem);
    if (status == STATUS_OK) {
        fuzz_check_script(&script);
        fuzz_check_round_trip(&script, fuzz_pinned);
        fuzz_check_programme(&script);
        size_t total = article.arena.total + script.arena.total;
        fuzz_require(total <= FUZZ_ARENA_BASE + FUZZ_ARENA_FACTOR * bytes.len, "%zu bytes of memory for %zu of input", total,
                     bytes.len);
        if (getenv("FUZZ_MEMORY"))
            fprintf(stderr, "memory: %zu bytes of input, article %zu, script %zu\n", bytes.len, article.arena.total,
                    script.arena.total);
        script_release(&script);
    } else {
        fuzz_require(status == STATUS_BAD_DATA, "status %d: %s", (int)status, problem.text);
    }
    article_release(&article);
    return 0;
}

#endif
