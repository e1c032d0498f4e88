#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/marks.h"
#include "cli/message.h"
#include "cli/produce.h"
#include "cli/report.h"
#include "cli/request.h"
#include "cli/signals.h"
#include "cli/summary.h"

static const struct option_spec specs[] = {
    OPTION("output", 'o', "FILE", OPTION_STRING, output, "the MP3 to write (default: INPUT's name with .mp3, in this folder)"),
    OPTION("title", 0, "TEXT", OPTION_STRING, title, "title of the edition, in place of the article's"),
    OPTION("byline", 0, "TEXT", OPTION_STRING, byline, "author, in place of the article's"),
    OPTION("language", 0, "TAG", OPTION_STRING, language,
           "language of the article: en, en-GB, de ... (default: what it says, or a guess)"),
    OPTION("cast", 0, "NAME|FILE", OPTION_STRING, cast, "the cast of voices (default: by language; see crier voices)"),
    OPTION("lexicon", 0, "FILE", OPTION_LEXICON, lexicons,
           "how to say certain words (WORD = respelling, or W3C PLS); may be repeated"),
    OPTION("cover", 0, "IMAGE|auto", OPTION_STRING, cover,
           "PNG or JPEG to put into the file, cut to its middle square and scaled where needed; auto draws one"),
    OPTION("album", 0, "TEXT", OPTION_STRING, album, "album tag (default: the site's name)"),
    OPTION("date", 0, "YYYY-MM-DD", OPTION_STRING, date, "date tag (default: the article's date, else none)"),
    OPTION_NUMBER("track", 0, "N", OPTION_INTEGER, track, 1, 99999, "track number tag"),
    OPTION("intro", 0, "AUDIO", OPTION_STRING, intro, "sound before the edition: any file libsndfile reads"),
    OPTION("outro", 0, "AUDIO", OPTION_STRING, outro, "sound after it"),
    OPTION("chime", 0, "AUDIO|on|off", OPTION_STRING, chime,
           "sound between articles, or between the chapters of one (default: off for one article, on for several)"),
    OPTION("announce", 0, "LIST", OPTION_STRING, announce,
           "what to announce: show,date,contents,title,byline,end or none (default: title,byline; contents for several; what the "
           "cast's [announcements] say)"),
    OPTION_NUMBER("rate", 0, "WPM", OPTION_INTEGER, rate_wpm, 80, 450,
                  "speaking rate of the narrator in words a minute; the others follow"),
    OPTION_NUMBER("bitrate", 0, "KBPS", OPTION_INTEGER, bitrate_kbps, 8, 320, "of the MP3, constant (default 64)"),
    OPTION_NUMBER("sample-rate", 0, "HZ", OPTION_INTEGER, sample_rate_hz, 8000, 48000, "of the MP3 (default 44100)"),
    OPTION_NUMBER("loudness", 0, "LUFS", OPTION_REAL, loudness_lufs, -40, -14,
                  "integrated loudness, one-channel meter, -40 to -14 (default -19)"),
    OPTION_NUMBER("jobs", 'j', "N", OPTION_INTEGER, jobs, 1, 256, "passages recorded at a time (default: one a core)"),
    OPTION("cache", 0, "DIR", OPTION_STRING, cache, "folder of the recording cache (default ~/.cache/crier)"),
    OPTION("no-cache", 0, NULL, OPTION_FLAG, no_cache, "neither read nor write the recording cache"),
    OPTION("sidecars", 0, NULL, OPTION_FLAG, sidecars, "write chapters JSON, VTT and SRT transcripts beside the MP3"),
    OPTION_NUMBER("preview", 0, "TIME", OPTION_DURATION, preview_ms, 1000, 86400000, "only the first so much: 30s, 2m"),
    OPTION("dry-run", 0, NULL, OPTION_FLAG, dry_run, "say what would be spoken by whom, and write nothing"),
    OPTION("keep-going", 0, NULL, OPTION_FLAG, keep_going,
           "a passage that cannot be recorded becomes silence; exit code 1 tells of it"),
    OPTION("verify", 0, NULL, OPTION_FLAG, verify,
           "decode the finished file and check its length and loudness before it appears"),
    OPTION_NUMBER("stall", 0, "SECONDS", OPTION_INTEGER, stall_s, 1, 3600,
                  "give a passage up after so long without progress (default 30)"),
    OPTION("marks", 0, "FILE", OPTION_STRING, marks,
           "write what sounds when: start, end, pause, voice and text of each sentence"),
    OPTION("trace", 0, "FILE", OPTION_STRING, trace, "write who worked on what when (trace-event JSON)"),
    OPTION("json", 0, NULL, OPTION_FLAG, json, "print a report as JSON on standard output"),
    OPTION("quiet", 'q', NULL, OPTION_FLAG, quiet, "say nothing unless something is wrong"),
    OPTION("verbose", 'v', NULL, OPTION_FLAG, verbose, "also tell every text left out"),
};

static void on_progress(void *context, size_t done, size_t total)
{
    (void)context;
    message_progress(done, total);
}

static void on_note(void *context, const char *words)
{
    (void)context;
    message_note(words);
}

static void on_failed(void *context, const struct problem *problem)
{
    (void)context;
    message_problem(problem);
}

static void on_sounded(void *context, const struct produce_result *result, size_t passage, uint64_t start_sample,
                       const struct recording *recording)
{
    marks_add(context, result, passage, start_sample, recording);
}

static int finish(const struct options *options, struct produce_request *request, struct produce_result *result)
{
    if (options->json) {
        struct buffer report = {0};
        struct problem problem = {0};
        if (report_write(result, &report, &problem) != STATUS_OK) {
            buffer_release(&report);
            return command_fail(&problem);
        }
        message_write_stdout(report.data, report.len);
        buffer_release(&report);
    }
    if (!options->quiet)
        summary_print(result, options->verbose, stderr);
    if (result->first_failure != STATUS_OK)
        return status_exit_code(result->first_failure);
    if (result->n_failed) {
        fprintf(stderr, "crier: '%s': %zu passages could not be recorded and are silent\n", request->output, result->n_failed);
        return status_exit_code(STATUS_FAILED);
    }
    return 0;
}

static int run(const struct options *options)
{
    struct produce_request request = {0};
    struct produce_result result = {0};
    struct problem problem = {0};
    struct marks marks = {0};
    char output[PATH_MAX], cache[PATH_MAX];
    enum status status = request_from_options(options, &request, output, cache, &problem);
    if (status == STATUS_OK && options->marks && request.output) {
        status = marks_open(&marks, options->marks, request.studio.sample_rate_hz, &problem);
        request.sounded = on_sounded;
        request.context = &marks;
    }
    request.note = on_note;
    request.failed = on_failed;
    request.progress = options->quiet ? NULL : on_progress;
    int code;
    if (status == STATUS_OK)
        status = produce_edition(&request, &result, &problem);
    enum status marked = marks_close(&marks, status == STATUS_OK ? &problem : NULL);
    if (status == STATUS_OK)
        status = marked;
    message_progress_end();
    if (status == STATUS_OK)
        code = finish(options, &request, &result);
    else
        code = status == STATUS_INTERRUPTED ? status_exit_code(status) : command_fail(&problem);
    produce_release(&result);
    return code;
}

const struct command command_make = {
    .name = "make",
    .arguments = "INPUT...",
    .summary = "one edition from one or more articles (- is standard input)",
    .description = "An input is plain text, Markdown, a saved web page, or an edited script (crier script --format text). "
                   "Several articles become one edition with a chapter for each article and its sections.",
    .options = specs,
    .n_options = COUNT(specs),
    .least_inputs = 1,
    .most_inputs = 100000,
    .run = run,
};
