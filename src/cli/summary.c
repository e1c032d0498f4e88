#include "cli/summary.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "cli/message.h"

#define SHOWN_OMISSIONS 12
#define SHOWN_CHARACTERS 60

static void print_time(uint64_t ms, FILE *out)
{
    unsigned long s = (unsigned long)((ms + 500) / 1000);
    if (s >= 3600)
        fprintf(out, "%lu:%02lu:%02lu", s / 3600, s / 60 % 60, s % 60);
    else
        fprintf(out, "%lu:%02lu", s / 60, s % 60);
}

static void print_head(const struct produce_result *result, FILE *out)
{
    if (!result->edition) {
        fprintf(out, "nothing written (dry run): %zu passages, %zu words\n", result->programme.n_passages,
                result->programme.n_words);
        return;
    }
    message_safe(out, str_from(result->output));
    fputs(": ", out);
    print_time(result->made.duration_ms, out);
    fprintf(out, " min, %.1f MB", (double)result->made.bytes / 1e6);
    if (isfinite(result->loudness_lufs))
        fprintf(out, ", %.1f LUFS, peak %.1f dBTP", result->loudness_lufs, result->true_peak_dbtp);
    fprintf(out, "; %zu passages", result->programme.n_passages);
    if (result->n_cached)
        fprintf(out, " (%zu from the cache)", result->n_cached);
    fprintf(out, " in %.1f s\n", result->wall_s);
}

static void print_chapters(const struct produce_result *result, FILE *out)
{
    fprintf(out, "chapters\n");
    for (size_t i = 0; i < result->programme.n_chapters; i++) {
        fputs("  ", out);
        if (result->edition) {
            char time[24];
            unsigned long s = (unsigned long)(result->made.chapters[i].start_ms / 1000);
            snprintf(time, sizeof time, s >= 3600 ? "%lu:%02lu:%02lu" : "%.0lu%lu:%02lu", s / 3600, s / 60 % 60, s % 60);
            fprintf(out, "%8s  ", time);
        }
        message_safe(out, result->programme.chapters[i].title);
        putc('\n', out);
    }
}

static void print_voices(const struct casting *casting, FILE *out)
{
    const struct script *script = casting->script;
    fprintf(out, "voices\n  %-16s the narrator\n", casting->voices[casting->narrator].name.data);
    for (size_t i = 0; i < script->n_speakers; i++) {
        const struct speaker *speaker = &script->speakers[i];
        fprintf(out, "  %-16s ", casting->voices[casting->speaker_voice[i]].name.data);
        message_safe(out, speaker->name);
        fprintf(out, " (%zu %s)\n", speaker->n_quotes, speaker->n_quotes == 1 ? "quotation" : "quotations");
    }
    size_t unknown = 0;
    for (size_t i = 0; i < script->n_segments; i++)
        unknown += script->segments[i].kind == SEGMENT_QUOTE && script->segments[i].speaker == SCRIPT_NOBODY &&
                   !script->segments[i].continues;
    if (unknown)
        fprintf(out, "  %-16s unknown speakers (%zu %s)\n", casting->voices[casting->unknown].name.data, unknown,
                unknown == 1 ? "quotation" : "quotations");
}

static void print_omissions(const struct script *script, bool all, FILE *out)
{
    if (script->n_omissions)
        fputs("left out\n", out);
    for (size_t i = 0; i < script->n_omissions; i++) {
        if (!all && i == SHOWN_OMISSIONS) {
            fprintf(out, "  ... and %zu more (-v tells all)\n", script->n_omissions - i);
            return;
        }
        struct str text = str_trim(str_sub(script->article->text, script->omissions[i].start, script->omissions[i].end));
        size_t at = 0, count = 0;
        while (at < text.len && (all || count++ < SHOWN_CHARACTERS) && text.data[at] != '\n')
            utf8_decode(text, at, &at);
        fprintf(out, "  %s: ", script->omissions[i].reason);
        message_safe(out, str_sub(text, 0, at));
        fputs(at < text.len ? " ...\n" : "\n", out);
    }
}

void summary_print(const struct produce_result *result, bool all, FILE *out)
{
    print_head(result, out);
    print_chapters(result, out);
    for (size_t i = 0; i < result->n_articles; i++) {
        if (result->n_articles > 1) {
            fputs("article ", out);
            message_safe(out, str_from(result->articles[i].source));
            putc('\n', out);
        }
        print_voices(&result->castings[i], out);
        print_omissions(&result->scripts[i], all, out);
    }
}
