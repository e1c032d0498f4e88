#include "studio/marks.h"

#include <stdlib.h>

void word_hints_add(struct word_hints *hints, size_t offset, uint64_t sample)
{
    if (hints->n == hints->capacity) {
        size_t capacity = hints->capacity * 2 + 64;
        struct word_hint *grown = realloc(hints->items, capacity * sizeof *grown);
        if (!grown)
            return;
        hints->items = grown;
        hints->capacity = capacity;
    }
    hints->items[hints->n++] = (struct word_hint){offset, sample};
}

void word_hints_clear(struct word_hints *hints)
{
    hints->n = 0;
}

void word_hints_release(struct word_hints *hints)
{
    free(hints->items);
    *hints = (struct word_hints){0};
}

#define UNKNOWN UINT64_MAX

/* A sample of the take's input as a share of the piece's sound on the output. */
static uint64_t to_output(const struct take *take, const struct piece_mark *mark, uint64_t in_sample)
{
    uint64_t at = in_sample > take->kept_at ? in_sample - take->kept_at : 0;
    if (at >= take->n_out)
        at = take->n_out ? take->n_out - 1 : 0;
    double share = take->n_out ? (double)at / (double)take->n_out : 0;
    return mark->start_sample + (uint64_t)(share * (double)(mark->end_sample - mark->start_sample));
}

/* Parts without hints, by the share of the sounding time that is over: pauses inside the piece take no words. */
static void spread_over_activity(struct word_mark *words, const struct piece *piece, const struct take *take,
                                 const struct piece_mark *mark)
{
    size_t active = 0, seen = 0, at = 0;
    for (size_t i = 0; i < take->n_activity; i++)
        active += take->activity[i];
    for (size_t i = 0; i < piece->n_parts; i++) {
        double wanted = (double)piece->parts[i].spoken_start / (double)(piece->words.len + 1) * (double)active;
        while (at < take->n_activity && (double)(seen + take->activity[at]) <= wanted)
            seen += take->activity[at++];
        double where = take->n_activity ? (double)at / (double)take->n_activity : 0;
        words[i].start_sample = mark->start_sample + (uint64_t)(where * (double)(mark->end_sample - mark->start_sample));
    }
}

static void apply_hints(struct word_mark *words, const struct piece *piece, const struct word_hints *hints,
                        const struct take *take, const struct piece_mark *mark)
{
    size_t part = 0;
    uint64_t last = mark->start_sample;
    for (size_t i = 0; i < hints->n; i++) {
        size_t offset = hints->items[i].offset;
        size_t found = part;
        while (found < piece->n_parts && piece->parts[found].spoken_end <= offset)
            found++;
        /* hints may step back or fall between parts */
        if (found == piece->n_parts || offset < piece->parts[found].spoken_start || words[found].start_sample != UNKNOWN)
            continue;
        uint64_t sample = to_output(take, mark, hints->items[i].sample);
        if (sample < last)
            continue;
        words[found].start_sample = last = sample;
        part = found;
    }
}

/* Fills [from, to) between two known moments by the spoken length of the parts. */
static void spread(struct word_mark *words, const struct piece *piece, size_t from, size_t to, uint64_t start, uint64_t end)
{
    size_t base = from ? piece->parts[from - 1].spoken_start : 0;
    size_t stop = to < piece->n_parts ? piece->parts[to].spoken_start : piece->words.len;
    for (size_t i = from; i < to; i++) {
        double share = stop > base ? (double)(piece->parts[i].spoken_start - base) / (double)(stop - base) : 0;
        share = share < 0 ? 0 : share > 1 ? 1 : share;
        words[i].start_sample = start + (uint64_t)(share * (double)(end - start));
    }
}

static void fill_gaps(struct word_mark *words, const struct piece *piece, const struct piece_mark *mark)
{
    size_t n = piece->n_parts;
    for (size_t i = 0; i < n;) {
        if (words[i].start_sample != UNKNOWN) {
            i++;
            continue;
        }
        size_t to = i;
        while (to < n && words[to].start_sample == UNKNOWN)
            to++;
        uint64_t start = i ? words[i - 1].start_sample : mark->start_sample;
        uint64_t end = to < n ? words[to].start_sample : mark->end_sample;
        spread(words, piece, i, to, start, end);
        i = to;
    }
}

enum status mark_list_add_piece(struct mark_list *marks, struct arena *arena, const struct piece *piece, size_t index,
                                const struct word_hints *hints, const struct take *take, const struct piece_mark *mark)
{
    size_t first = marks->n;
    for (size_t i = 0; i < piece->n_parts; i++) {
        struct word_mark *word = arena_push(arena, (void **)&marks->items, &marks->n, &marks->capacity, sizeof *word);
        if (!word)
            return STATUS_NO_MEMORY;
        *word = (struct word_mark){.piece = (uint32_t)index, .part = (uint32_t)i, .start_sample = UNKNOWN};
    }
    struct word_mark *words = marks->items ? marks->items + first : NULL;
    if (!piece->n_parts)
        return STATUS_OK;
    if (hints->n) {
        apply_hints(words, piece, hints, take, mark);
        fill_gaps(words, piece, mark);
        return STATUS_OK;
    }
    spread_over_activity(words, piece, take, mark);
    return STATUS_OK;
}
