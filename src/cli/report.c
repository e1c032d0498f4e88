#include "cli/report.h"

#include <math.h>

#include <jansson.h>

#include "base/watch.h"

static json_t *text(struct str s)
{
    return json_stringn(s.data ? s.data : "", s.len);
}

/* Rounded so that the report does not show digits that mean nothing; null for what was not measured. */
static json_t *real(double value, double steps)
{
    return isfinite(value) ? json_real(round(value * steps) / steps) : json_null();
}

static json_t *chapters(const struct produce_result *result)
{
    json_t *list = json_array();
    for (size_t i = 0; i < result->made.n_chapters; i++) {
        const struct edition_chapter *chapter = &result->made.chapters[i];
        json_array_append_new(list, json_pack("{s:s, s:I, s:I}", "title", chapter->title, "start_ms",
                                              (json_int_t)chapter->start_ms, "end_ms", (json_int_t)chapter->end_ms));
    }
    return list;
}

static json_t *speakers(const struct produce_result *result)
{
    json_t *list = json_array();
    for (size_t a = 0; a < result->n_articles; a++) {
        const struct script *script = &result->scripts[a];
        const struct casting *casting = &result->castings[a];
        for (size_t i = 0; i < script->n_speakers; i++) {
            const struct speaker *speaker = &script->speakers[i];
            json_array_append_new(list, json_pack("{s:o, s:s, s:o, s:I}", "name", text(speaker->name), "gender",
                                                  gender_name(speaker->gender), "voice",
                                                  text(casting->voices[casting->speaker_voice[i]].name), "quotes",
                                                  (json_int_t)speaker->n_quotes));
        }
    }
    return list;
}

static json_t *skipped(const struct produce_result *result)
{
    json_t *list = json_array();
    for (size_t a = 0; a < result->n_articles; a++) {
        const struct script *script = &result->scripts[a];
        for (size_t i = 0; i < script->n_omissions; i++) {
            const struct omission *omission = &script->omissions[i];
            json_t *entry = json_pack("{s:I, s:I, s:s, s:o}", "start", (json_int_t)omission->start, "end",
                                      (json_int_t)omission->end, "reason", omission->reason, "text",
                                      text(str_sub(script->article->text, omission->start, omission->end)));
            if (entry && result->n_articles > 1)
                json_object_set_new(entry, "source", json_string(script->article->source));
            json_array_append_new(list, entry);
        }
    }
    return list;
}

static int append(const char *data, size_t len, void *out)
{
    buffer_append(out, data, len);
    return 0;
}

enum status report_write(const struct produce_result *result, struct buffer *out, struct problem *problem)
{
    bool made = result->edition != NULL;
    watch_json();
    json_t *report = json_object();
    json_object_set_new(report, "output", made ? json_string(result->output) : json_null());
    json_object_set_new(report, "duration_ms", json_integer((json_int_t)result->made.duration_ms));
    json_object_set_new(report, "bytes", json_integer((json_int_t)result->made.bytes));
    json_object_set_new(report, "sha256", made ? json_string(result->made.sha256) : json_null());
    json_object_set_new(report, "loudness_lufs", made ? real(result->loudness_lufs, 100) : json_null());
    json_object_set_new(report, "true_peak_dbtp", made ? real(result->true_peak_dbtp, 100) : json_null());
    json_object_set_new(report, "chapters", chapters(result));
    json_object_set_new(report, "speakers", speakers(result));
    json_object_set_new(report, "skipped", skipped(result));
    json_object_set_new(report, "passages", json_integer((json_int_t)result->programme.n_passages));
    json_object_set_new(report, "cached", json_integer((json_int_t)result->n_cached));
    json_object_set_new(report, "failed", json_integer((json_int_t)result->n_failed));
    json_object_set_new(report, "words", json_integer((json_int_t)result->programme.n_words));
    json_t *cpu = json_object();
    json_object_set_new(cpu, "speak", real(result->speak_cpu_s, 1e4));
    json_object_set_new(cpu, "resample", real(result->resample_cpu_s, 1e4));
    json_object_set_new(cpu, "encode", real(result->encode_cpu_s, 1e4));
    json_object_set_new(report, "cpu_s", cpu);
    json_object_set_new(report, "wall_s", real(result->wall_s, 1e3));
    int failed = json_dump_callback(report, append, out, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
    json_decref(report);
    buffer_byte(out, '\n');
    if (failed || watch_failed() || buffer_failed(out))
        return problem_no_memory(problem);
    return STATUS_OK;
}
