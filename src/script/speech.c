#include "script/speech.h"

#include <stdint.h>

#include "base/table.h"
#include "base/utf8.h"
#include "script/marks.h"

EMBED(quote_cues, CRIER_SOURCE_DIR "/script/data/quote_cues.txt")

/* How far around a quotation words are looked at (bytes, words). */
enum { LOOK_BYTES = 160, LOOK_WORDS = 6, LOOK_FAR = 16, COUNT_LIMIT = 64, WHOLE_WORDS = 6 };

bool is_cue_word(struct str word)
{
    return word_listed(quote_cues(), word, NULL);
}

static bool is_stop(unsigned c)
{
    return mark_stops(c) || c == ',' || c == ';' || c == ':' || mark_is_dash(c) || c == 0x3001 || c == 0xFF0C || c == 0xFF1A ||
           c == 0xFF1B || c == 0x60C;
}

static size_t count_words(struct str text, size_t at, size_t end)
{
    size_t count = 0, next;
    while (at < end && count < COUNT_LIMIT) {
        struct str word = text_word_at(text, at, end);
        if (word.len) {
            /* scripts without spaces: every third sign is a word, near enough */
            count += utf8_decode(word, 0, &next) >= 0x2E80 ? 1 + word.len / 9 : 1;
            at += word.len;
        } else {
            utf8_decode(text, at, &next);
            at = next;
        }
    }
    return count;
}

/* Begins as a sentence does: capital, digit, bracket, dots; any letter of a script without capitals. */
static bool starts_like_sentence(struct str text, size_t at, size_t end)
{
    size_t next;
    for (; at < end; at = next) {
        unsigned c = utf8_decode(text, at, &next);
        if (c == '[' || c == '(' || c == 0x2026 || c == '.' || c == 0xBF || c == 0xA1)
            return true;
        if (uni_is_number(c) || uni_is_upper(c))
            return true;
        if (uni_is_letter(c))
            return !uni_is_lower(c);
    }
    return false;
}

static bool ends_on_stop(struct str text, size_t from, size_t at)
{
    size_t start;
    while (at > from) {
        unsigned c = utf8_decode_before(text, at, &start);
        if (is_stop(c))
            return true;
        if (!mark_closes(c) && !uni_is_space(c) && !uni_is_emoji(c))
            return false;
        at = start;
    }
    return false;
}

/* One of the next words announces speech, within the sentence: "..." a visibly tired Smith said. */
static bool cue_follows(struct str text, size_t at, size_t end, int most)
{
    size_t next, limit = end < at + LOOK_BYTES ? end : at + LOOK_BYTES;
    for (int words = 0; at < limit && words < most;) {
        struct str word = text_word_at(text, at, limit);
        if (word.len) {
            if (is_cue_word(word))
                return true;
            words++;
            at += word.len;
            continue;
        }
        unsigned c = utf8_decode(text, at, &next);
        if (mark_stops(c) && c != '.')
            return false;
        if (c == '"' || c == 0x201C || c == 0x201D)
            return false;
        at = next;
    }
    return false;
}

static struct str last_word(struct str text, size_t from, size_t at)
{
    return text_word_before(text, from, text_back_space(text, from, at));
}

/* One of the few words before announces speech, with no full stop between: "He asked the crowd, ..." */
static bool cue_precedes(struct str text, size_t from, size_t at)
{
    size_t start, limit = at > from + LOOK_BYTES ? at - LOOK_BYTES : from;
    for (int words = 0; at > limit && words < 2 * LOOK_WORDS;) {
        struct str word = text_word_before(text, limit, at);
        if (word.len) {
            if (is_cue_word(word))
                return true;
            words++;
            at -= word.len;
            continue;
        }
        unsigned c = utf8_decode_before(text, at, &start);
        if (mark_stops(c) && words)
            return false;
        at = start;
    }
    return false;
}

/* Every word of weight has a capital: the title of a work, a slogan, a name. */
static bool in_title_case(struct str text, size_t at, size_t end)
{
    size_t next, heavy = 0;
    while (at < end) {
        struct str word = text_word_at(text, at, end);
        if (!word.len) {
            unsigned c = utf8_decode(text, at, &next);
            if (mark_stops(c) && text_has_word(text, next, end))
                return false;
            at = next;
            continue;
        }
        unsigned c = utf8_decode(word, 0, &next);
        if (uni_is_lower(c) && word.len > 4)
            return false;
        if (uni_is_lower(c) && word.len == 4 && !str_eq_c(word, "with") && !str_eq_c(word, "from") && !str_eq_c(word, "into"))
            return false;
        if (uni_is_upper(c))
            heavy++;
        if (str_eq_c(word, "I") || str_eq_c(word, "I'm") || str_eq_c(word, "I’m"))
            heavy--;
        at += word.len;
    }
    return heavy >= 1;
}

/* The stretch between the speech before and this one is the interruption only: "...," he said, "and ...". */
static bool resumes(struct str text, const struct quotation *before, const struct quotation *q)
{
    if (!before->speech || before->block != q->block || before->end > q->start || q->start - before->end > 2 * LOOK_BYTES)
        return false;
    size_t next;
    for (size_t at = before->end; at < q->start; at = next) {
        unsigned c = utf8_decode(text, at, &next);
        if ((c == '!' || c == '?' || c == ';') || (c == '.' && next < q->start && uni_is_space(text_at(text, next, q->start)) &&
                                                   q->start - next > 1 && text_word_before(text, before->end, at).len > 3))
            return false;
    }
    return text_has_word(text, before->end, q->start) && cue_follows(text, before->end, q->start, LOOK_FAR);
}

static bool stops_inside(struct str text, size_t at, size_t end)
{
    size_t next;
    for (; at < end; at = next) {
        unsigned c = utf8_decode(text, at, &next);
        if (mark_stops(c) && next < end && uni_is_space(text_at(text, next, end)) && text_word_before(text, 0, at).len > 3)
            return true;
    }
    return false;
}

bool is_speech(const struct article *article, const struct quotation *quotations, size_t i)
{
    const struct quotation *q = &quotations[i];
    struct str text = article->blocks[q->block].text;
    if (q->whole_block)
        return true;
    if (q->continues != SIZE_MAX && quotations[q->continues].speech)
        return true;
    const struct quotation *previous = i && quotations[i - 1].block == q->block ? &quotations[i - 1] : NULL;
    size_t from = previous ? previous->end : 0;
    size_t before = text_back_space(text, from, q->start);
    bool at_start = !text_has_word(text, from, before) && !previous;
    unsigned sign = text_before(text, 0, before);
    size_t mark_at;
    bool apostrophe = (sign == 0x2019 || sign == '\'') &&
                      (utf8_decode_before(text, before, &mark_at), uni_is_letter(text_before(text, from, mark_at)));
    bool free = !sign || is_stop(sign) || (mark_closes(sign) && !apostrophe) || (previous && before == from);
    bool cue_before = is_cue_word(last_word(text, from, q->start));
    size_t words = count_words(text, q->inner_start, q->inner_end);
    bool inner_stop = ends_on_stop(text, q->inner_start, q->inner_end);
    bool stop = inner_stop || q->opens_only || is_stop(text_at(text, text_skip_space(text, q->end, text.len), text.len));
    if (!stop && words >= WHOLE_WORDS) /* "It is not reform. It is a tax increase" for the rich: a sentence ends inside */
        stop = stops_inside(text, q->inner_start, q->inner_end);
    unsigned mark = text_at(text, q->start, text.len);
    bool single = mark == 0x2018 || (mark == '\'' && text_at(text, q->start + 1, text.len) != '\'');
    bool sentence = starts_like_sentence(text, q->inner_start, q->inner_end);
    bool cue_after = cue_follows(text, q->end, text.len, LOOK_WORDS);
    if (!sentence)
        return free && words >= 2 && stop && previous && resumes(text, previous, q);
    if (!stop || !(free || cue_before))
        return false;
    bool between_dashes =
        mark_is_dash(sign) && !inner_stop && mark_is_dash(text_at(text, text_skip_space(text, q->end, text.len), text.len));
    if (between_dashes && !cue_before)
        return false; /* an aside: a compliment -- "That was smart" -- and more */
    if (single && !inner_stop && !cue_after && !cue_before)
        return false;
    bool colon = sign == ':' || sign == 0xFF1A;
    if (words < 3)
        return colon ||
               (inner_stop && (at_start || cue_before || cue_after || mark_stops(sign) || cue_precedes(text, from, before)));
    if (in_title_case(text, q->inner_start, q->inner_end)) {
        /* Sara shook her head. "You did not." */
        unsigned last = text_before(text, q->inner_start, q->inner_end);
        if (mark_stops(last) && mark_stops(sign))
            return true;
        /* "Out is out," European Commission President Jean-Claude Junger told Bild. */
        bool opens = (at_start || mark_stops(sign)) && inner_stop && last == ',' && !single;
        return cue_before || cue_after || cue_precedes(text, from, before) ||
               (opens && cue_follows(text, q->end, text.len, LOOK_FAR));
    }
    return true;
}

bool speech_left_open(struct str text, size_t at, size_t end)
{
    size_t before = text_back_space(text, 0, at);
    unsigned sign = text_before(text, 0, before);
    return (!sign || sign == ':' || sign == ',' || mark_stops(sign)) && starts_like_sentence(text, end, text.len) &&
           ends_on_stop(text, end, text.len) && count_words(text, end, text.len) >= 4;
}

/* ", he said" and ", Smith told reporters" end a quotation that lost its closing mark. */
static bool interruption_begins(struct str text, size_t at)
{
    static const char *const pronouns[] = {"he", "she", "they", "it"};
    struct str word = text_word_at(text, at, text.len < at + LOOK_BYTES ? text.len : at + LOOK_BYTES);
    bool who = word.len && uni_is_upper(text_at(word, 0, word.len)) && !str_eq_c(word, "I");
    for (size_t i = 0; i < sizeof pronouns / sizeof *pronouns; i++)
        who |= str_eq_c(word, pronouns[i]);
    if (who) { /* a name may have three words */
        for (int i = 0; i < 3; i++) {
            at = text_skip_space(text, at + word.len, text.len);
            word = text_word_at(text, at, text.len < at + LOOK_BYTES ? text.len : at + LOOK_BYTES);
            if (is_cue_word(word))
                return true;
            if (!word.len || !uni_is_upper(text_at(word, 0, word.len)))
                return false;
        }
        return false;
    }
    return str_eq_c(word, "said") || str_eq_c(word, "says");
}

size_t speech_open_end(struct str text, size_t end)
{
    for (size_t comma = str_find(text, STR(", "), end); comma != SIZE_MAX; comma = str_find(text, STR(", "), comma + 2))
        if (interruption_begins(text, comma + 2))
            return comma + 1;
    return text.len;
}
