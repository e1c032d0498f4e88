#include "studio/take.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MARGIN_MS 4 /* kept before the first loud sample */
#define TAIL_MS 10  /* kept after the last */
#define FADE_MS 3
#define ACTIVE 6 /* so far above the quietest sound a voice is at work */
#define SILENCE_LIMIT_S 10

static size_t ms_samples(const struct take *take, int ms)
{
    return (size_t)(take->rate_hz * ms / 1000);
}

void take_start(struct take *take, int rate_hz, float loud, take_output *output, void *context)
{
    *take = (struct take){
        .rate_hz = rate_hz,
        .loud = loud,
        .output = output,
        .context = context,
        .held = take->held,
        .capacity = take->capacity,
        .activity = take->activity,
        .activity_capacity = take->activity_capacity,
    };
    take->fade_left = ms_samples(take, FADE_MS);
}

static bool note_activity(struct take *take, const float *samples, size_t n)
{
    size_t block = ms_samples(take, TAKE_ACTIVITY_MS);
    size_t need = (size_t)(take->n_out + n) / block + 1;
    if (need > take->activity_capacity) {
        size_t capacity = need * 2 + 1024;
        uint8_t *grown = realloc(take->activity, capacity);
        if (!grown)
            return false;
        take->activity = grown;
        take->activity_capacity = capacity;
    }
    if (need > take->n_activity) {
        memset(take->activity + take->n_activity, 0, need - take->n_activity);
        take->n_activity = need;
    }
    /* A voice moves slower than this step: four looks a millisecond find it. */
    size_t step = (size_t)take->rate_hz / 4000 + 1;
    for (size_t i = 0; i < n; i += step)
        if (fabsf(samples[i]) > ACTIVE * take->loud)
            take->activity[(take->n_out + i) / block] = 1;
    return true;
}

/* Gives on the first n held samples. */
static enum status give(struct take *take, size_t n)
{
    if (!n)
        return STATUS_OK;
    if (take->fade_left) {
        size_t fade = ms_samples(take, FADE_MS), done = fade - take->fade_left;
        size_t now = take->fade_left < n ? take->fade_left : n;
        for (size_t i = 0; i < now; i++)
            take->held[i] *= (float)(done + i + 1) / (float)(fade + 1);
        take->fade_left -= now;
    }
    if (!note_activity(take, take->held, n))
        return STATUS_NO_MEMORY;
    enum status status = take->output(take->context, take->held, n);
    take->n_out += n;
    take->n_held -= n;
    take->loud_end = take->loud_end > n ? take->loud_end - n : 0;
    memmove(take->held, take->held + n, take->n_held * sizeof *take->held);
    return status;
}

enum status take_add(struct take *take, const float *samples, size_t n)
{
    if (take->n_held + n > take->capacity) {
        size_t capacity = (take->n_held + n) * 2 + 8192;
        float *grown = realloc(take->held, capacity * sizeof *grown);
        if (!grown)
            return STATUS_NO_MEMORY;
        take->held = grown;
        take->capacity = capacity;
    }
    memcpy(take->held + take->n_held, samples, n * sizeof *samples);
    size_t loud = n;
    while (loud && fabsf(samples[loud - 1]) <= take->loud)
        loud--;
    if (loud)
        take->loud_end = take->n_held + loud;
    take->n_held += n;
    take->n_in += n;
    if (!take->begun) {
        size_t first = take->n_held - n, margin = ms_samples(take, MARGIN_MS);
        while (first < take->n_held && fabsf(take->held[first]) <= take->loud)
            first++;
        take->begun = first < take->n_held;
        size_t drop = first > margin ? first - margin : 0;
        take->n_held -= drop;
        take->loud_end = take->loud_end > drop ? take->loud_end - drop : 0;
        memmove(take->held, take->held + drop, take->n_held * sizeof *take->held);
        take->kept_at = take->n_in - take->n_held;
        if (!take->begun)
            return STATUS_OK;
    }
    if (take->n_held - take->loud_end > (size_t)take->rate_hz * SILENCE_LIMIT_S)
        return STATUS_UNAVAILABLE;
    size_t fade = ms_samples(take, FADE_MS);
    return give(take, take->loud_end > fade ? take->loud_end - fade : 0);
}

enum status take_finish(struct take *take)
{
    if (!take->begun)
        return STATUS_OK;
    size_t end = take->loud_end + ms_samples(take, TAIL_MS), fade = ms_samples(take, FADE_MS);
    if (end > take->n_held)
        end = take->n_held;
    take->n_held = end;
    if (fade > end)
        fade = end;
    for (size_t i = 0; i < fade; i++)
        take->held[end - 1 - i] *= (float)(i + 1) / (float)(fade + 1);
    return give(take, end);
}

void take_release(struct take *take)
{
    if (!take)
        return;
    free(take->held);
    free(take->activity);
    *take = (struct take){0};
}
