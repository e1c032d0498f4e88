#include "edition/captions.h"

#include <string.h>

#include "base/utf8.h"
#include "edition/edition_internal.h"

/* One word, or a part of one that is longer than a line. */
struct token {
    size_t start, end, characters;
    uint64_t sample; /* when it starts to sound */
    bool clause_end;
    bool glued; /* goes on the token before it without a space */
};

struct splitter {
    const struct edition *edition;
    const struct cue *cue;
    struct arena *arena; /* tokens of the cue at work */
    struct token *tokens;
    size_t n_tokens, token_capacity;
    uint64_t last_end_ms;
    size_t next_chapter; /* first that starts after last_end_ms */
    caption_function *take;
    void *context;
    struct buffer text;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* ---- words and their times ---- */

/* Between two words whose times are known, time runs with the text. */
static void set_times(struct splitter *splitter)
{
    const struct cue *cue = splitter->cue;
    size_t from_text = 0, next_word = 0;
    uint64_t from_sample = cue->start_sample;
    for (size_t i = 0; i < splitter->n_tokens; i++) {
        struct token *token = &splitter->tokens[i];
        while (next_word < cue->n_words && cue->words[next_word].text_start <= token->start) {
            const struct cue_word *word = &cue->words[next_word++];
            if (word->start_sample < from_sample || word->start_sample > cue->end_sample || word->text_start < from_text)
                continue;
            from_text = word->text_start;
            from_sample = word->start_sample;
        }
        size_t to_text = cue->text.len;
        uint64_t to_sample = cue->end_sample;
        if (next_word < cue->n_words && cue->words[next_word].start_sample >= from_sample &&
            cue->words[next_word].start_sample <= cue->end_sample && cue->words[next_word].text_start < cue->text.len) {
            to_text = cue->words[next_word].text_start;
            to_sample = cue->words[next_word].start_sample;
        }
        token->sample = from_sample;
        if (to_text > from_text && to_sample > from_sample)
            token->sample += (uint64_t)((double)(to_sample - from_sample) * (double)(token->start - from_text) /
                                        (double)(to_text - from_text));
    }
}

static bool ends_clause(struct str text, size_t end)
{
    for (size_t at = end; at > 0;) {
        unsigned c = utf8_decode_before(text, at, &at);
        if (strchr(",;:.?!", (int)(c < 128 ? c : ' ')) || c == 0x2014 || c == 0x2013 || c == 0x2026 || c == 0x3001 ||
            c == 0x3002 || c == 0xFF0C)
            return true;
        if (!uni_is_punctuation(c))
            return false;
    }
    return false;
}

static void cut_words(struct splitter *splitter)
{
    struct str text = splitter->cue->text;
    splitter->n_tokens = 0;
    for (size_t at = 0; at < text.len;) {
        if (is_space(text.data[at])) {
            at++;
            continue;
        }
        bool glued = at > 0 && !is_space(text.data[at - 1]);
        size_t start = at, characters = 0;
        while (at < text.len && !is_space(text.data[at]) && characters < CAPTION_LINE) {
            utf8_decode(text, at, &at);
            characters++;
        }
        struct token *token = arena_push(splitter->arena, (void **)&splitter->tokens, &splitter->n_tokens,
                                         &splitter->token_capacity, sizeof *splitter->tokens);
        if (!token)
            return;
        *token = (struct token){start, at, characters, 0, ends_clause(text, at), glued};
    }
    set_times(splitter);
}

/* ---- cutting ---- */

static uint64_t to_ms(const struct splitter *splitter, uint64_t sample)
{
    return sample * 1000 / (uint64_t)splitter->edition->format.sample_rate_hz;
}

static uint64_t token_ms(const struct splitter *splitter, size_t i)
{
    return to_ms(splitter, i < splitter->n_tokens ? splitter->tokens[i].sample : splitter->cue->end_sample);
}

/* The token after the caption that begins with token `from`; `characters` are those of all tokens left. */
static size_t find_end(const struct splitter *splitter, size_t from, size_t characters)
{
    uint64_t start = token_ms(splitter, from), end = token_ms(splitter, splitter->n_tokens);
    /* As many as are needed anyway share what is left evenly; lines are seldom filled to the last place. */
    size_t needed = (characters + 2 * CAPTION_LINE - 9) / (2 * CAPTION_LINE - 8);
    size_t for_time = (size_t)((end - start + CAPTION_LIMIT_MS - 1) / CAPTION_LIMIT_MS);
    if (for_time > needed)
        needed = for_time;
    size_t share = needed > 1 ? (characters + needed - 1) / needed : SIZE_MAX;
    size_t line = 1, column = 0, taken = 0, clause = 0;
    for (size_t i = from; i < splitter->n_tokens; i++) {
        const struct token *token = &splitter->tokens[i];
        size_t gap = column && !token->glued;
        column += gap + token->characters;
        if (column > CAPTION_LINE) {
            line++;
            column = token->characters;
        }
        bool full = line > 2 || token->glued ||
                    /* nothing to break a line at */ (i > from && token_ms(splitter, i + 1) > start + CAPTION_LIMIT_MS);
        if (full && i > from)
            return clause ? clause : i;
        taken += gap + token->characters;
        if (token->clause_end && taken >= share / 2)
            clause = i + 1;
        if (taken >= share)
            return clause ? clause : i + 1;
    }
    return splitter->n_tokens;
}

static void emit(struct splitter *splitter, size_t from, size_t to)
{
    const struct edition *edition = splitter->edition;
    struct caption caption = {.start_ms = token_ms(splitter, from), .end_ms = token_ms(splitter, to)};
    if (caption.start_ms < splitter->last_end_ms)
        caption.start_ms = splitter->last_end_ms;
    if (caption.end_ms > caption.start_ms + CAPTION_LIMIT_MS)
        caption.end_ms = caption.start_ms + CAPTION_LIMIT_MS;
    if (caption.end_ms <= caption.start_ms)
        caption.end_ms = caption.start_ms + 1;
    while (splitter->next_chapter < edition->n_chapters && edition->chapters[splitter->next_chapter].start_ms <= caption.start_ms)
        splitter->next_chapter++;
    if (splitter->next_chapter < edition->n_chapters && caption.end_ms > edition->chapters[splitter->next_chapter].start_ms)
        caption.end_ms = edition->chapters[splitter->next_chapter].start_ms;
    splitter->last_end_ms = caption.end_ms;
    buffer_clear(&splitter->text);
    for (size_t i = from; i < to; i++) {
        const struct token *token = &splitter->tokens[i];
        if (i > from && !token->glued)
            buffer_byte(&splitter->text, ' ');
        buffer_str(&splitter->text, str_sub(splitter->cue->text, token->start, token->end));
    }
    if (buffer_failed(&splitter->text)) {
        splitter->arena->failed = true;
        return;
    }
    caption.speaker = splitter->cue->speaker;
    caption.text = buffer_view(&splitter->text);
    splitter->take(splitter->context, &caption);
}

bool captions_make(const struct edition *edition, caption_function *take, void *context)
{
    struct arena arena = {0};
    struct splitter splitter = {.edition = edition, .arena = &arena, .take = take, .context = context};
    for (size_t i = 0; i < edition->n_cues && !arena_failed(&arena); i++) {
        splitter.cue = &edition->cues[i];
        cut_words(&splitter);
        size_t characters = 0;
        for (size_t t = 0; t < splitter.n_tokens; t++)
            characters += splitter.tokens[t].characters + !splitter.tokens[t].glued;
        for (size_t from = 0; from < splitter.n_tokens && !arena_failed(&arena);) {
            size_t to = find_end(&splitter, from, characters);
            emit(&splitter, from, to);
            for (; from < to; from++)
                characters -= splitter.tokens[from].characters + !splitter.tokens[from].glued;
        }
    }
    bool good = !arena_failed(&arena);
    buffer_release(&splitter.text);
    arena_release(&arena);
    return good;
}

size_t caption_break(struct str text, size_t limit)
{
    size_t total = utf8_count(text), best = SIZE_MAX, best_len = SIZE_MAX, count = 0;
    if (total <= limit)
        return SIZE_MAX;
    for (size_t at = 0; at < text.len; count++) {
        if (text.data[at] == ' ') {
            size_t after = total - count - 1, longer = count > after ? count : after;
            if (longer <= limit && longer < best_len) {
                best = at;
                best_len = longer;
            }
        }
        utf8_decode(text, at, &at);
    }
    return best;
}
