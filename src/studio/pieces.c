#include "studio/pieces.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

size_t words_count(struct str words)
{
    size_t count = 0;
    bool inside = false;
    for (size_t i = 0; i < words.len; i++) {
        bool space = words.data[i] == ' ' || words.data[i] == '\n' || words.data[i] == '\t';
        count += !space && !inside;
        inside = !space;
    }
    return count;
}

bool text_ends_sentence(struct str text)
{
    for (size_t at = text.len; at > 0;) {
        unsigned c = utf8_decode_before(text, at, &at);
        if (c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0x0964)
            return true;
        if (!uni_is_space(c) && (!uni_is_punctuation(c) || c == ',' || c == ';' || c == ':' || c == 0x2014 || c == 0x2013))
            return false;
    }
    return false;
}

struct str text_shorten(struct arena *arena, struct str text, size_t limit)
{
    struct buffer out = {0};
    size_t count = 0, word_end = 0;
    bool cut = false, gap = false;
    for (size_t at = 0; at < text.len;) {
        unsigned c = utf8_decode(text, at, &at);
        if (uni_is_space(c)) {
            gap = out.len > 0;
            continue;
        }
        if (gap)
            word_end = out.len;
        if (count + gap >= limit) {
            cut = true;
            break;
        }
        if (gap)
            buffer_byte(&out, ' ');
        buffer_code_point(&out, c);
        count += 1 + (size_t)gap;
        gap = false;
    }
    struct str result = buffer_view(&out);
    if (cut) {
        size_t keep = word_end > out.len / 2 ? word_end : out.len;
        while (keep > 0 && strchr(" ,;:-", out.data[keep - 1]))
            keep--;
        result = arena_format(arena, "%.*s\xE2\x80\xA6", (int)keep, out.data);
    } else {
        result = arena_copy(arena, result);
    }
    if (buffer_failed(&out))
        arena->failed = true;
    buffer_release(&out);
    return result;
}

/* Where to cut words[0, len): at the last end of a clause in the second half of the limit, else after the last word, else
 * between two characters; never inside [[phonemes]]. */
static size_t find_cut(struct str words)
{
    size_t clause = 0, word = 0, count = 0, at = 0;
    bool phonemes = false, clause_mark = false;
    while (at < words.len && count < PASSAGE_LIMIT) {
        size_t start = at;
        unsigned c = utf8_decode(words, at, &at);
        count++;
        if (c == '[' && at < words.len && words.data[at] == '[')
            phonemes = true;
        else if (c == ']' && start > 0 && words.data[start - 1] == ']')
            phonemes = false;
        if (!phonemes && uni_is_space(c)) {
            word = at;
            if (clause_mark && count > PASSAGE_LIMIT / 2)
                clause = at;
        }
        clause_mark = c == ',' || c == ';' || c == ':' || c == 0x2014 || c == 0x2013 || c == '.' || c == '?' || c == '!';
    }
    if (at == words.len)
        return words.len;
    return clause ? clause : word ? word : at;
}

/* Where in the written text the share of words[0, cut) ends: where the first part after the cut starts, else in proportion. */
static size_t find_text_cut(const struct piece *whole, size_t cut, size_t next_part, size_t text_at)
{
    if (next_part < whole->n_parts) {
        size_t at = whole->parts[next_part].text_start;
        return at > whole->text.len ? whole->text.len : at < text_at ? text_at : at;
    }
    if (whole->n_parts)
        return whole->text.len;
    size_t at = (size_t)((double)whole->text.len * (double)cut / (double)whole->words.len);
    if (at < text_at)
        at = text_at;
    while (at < whole->text.len && whole->text.data[at] != ' ')
        at++;
    return at;
}

/* The parts that begin in words[start, end), relative to `start` and to the text offset `text_start`. */
static const struct spoken_part *share_parts(struct arena *arena, const struct piece_cursor *cursor, size_t next_part, size_t end)
{
    struct spoken_part *parts = arena_array(arena, next_part - cursor->part_at, sizeof *parts);
    uint32_t words_at = (uint32_t)cursor->words_at, text_at = (uint32_t)cursor->text_at;
    for (size_t i = cursor->part_at; parts && i < next_part; i++) {
        struct spoken_part part = cursor->whole.parts[i];
        if (part.spoken_end > end)
            part.spoken_end = (uint32_t)end;
        part.spoken_start -= words_at;
        part.spoken_end -= words_at;
        part.text_start -= text_at;
        part.text_end -= text_at;
        parts[i - cursor->part_at] = part;
    }
    return parts;
}

static struct str trim_end(struct str s)
{
    while (s.len && s.data[s.len - 1] == ' ')
        s.len--;
    return s;
}

bool piece_next(struct arena *arena, struct piece_cursor *cursor, struct piece *piece)
{
    const struct piece *whole = &cursor->whole;
    struct str left = str_sub(whole->words, cursor->words_at, whole->words.len);
    if (!left.len)
        return false;
    size_t cut = find_cut(left);
    *piece = *whole;
    if (cursor->words_at == 0 && cut == left.len) {
        cursor->words_at = whole->words.len;
        return true;
    }
    size_t end = cursor->words_at + cut, next_part = cursor->part_at;
    while (next_part < whole->n_parts && whole->parts[next_part].spoken_start < end)
        next_part++;
    size_t text_end = cut == left.len ? whole->text.len : find_text_cut(whole, end, next_part, cursor->text_at);
    piece->words = trim_end(str_sub(left, 0, cut));
    piece->text = trim_end(str_sub(whole->text, cursor->text_at, text_end));
    piece->parts = share_parts(arena, cursor, next_part, end);
    piece->n_parts = piece->parts ? next_part - cursor->part_at : 0;
    cursor->words_at = end;
    cursor->text_at = text_end;
    cursor->part_at = next_part;
    return true;
}
