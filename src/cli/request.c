#include "cli/request.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/signals.h"

/* The narrator's rate of the shipped casts, which --rate is relative to. */
#define NORMAL_WPM 170.0

/* INPUT's name without its folder and last extension, plus .mp3, in the current folder. */
static enum status default_output(const struct options *options, char output[PATH_MAX], struct problem *problem)
{
    const char *input = options->inputs[0];
    const char *slash = strrchr(input, '/');
    struct str name = str_from(slash ? slash + 1 : input);
    if (options->n_inputs > 1 || str_eq_c(name, "-") || name.len == 0)
        name = STR("edition");
    for (size_t i = name.len; i-- > 1;) {
        if (name.data[i] == '.') {
            name.len = i;
            break;
        }
    }
    if (snprintf(output, PATH_MAX, "%.*s.mp3", STR_ARG(name)) >= PATH_MAX)
        return problem_set(problem, STATUS_USAGE, input, 0, "name too long; choose an output with -o");
    return STATUS_OK;
}

static enum status read_announcements(const char *list, struct programme_options *frame, struct problem *problem)
{
    frame->announce_chosen = true;
    struct str rest = str_from(list), word;
    while (str_next(&rest, ',', &word)) {
        word = str_trim(word);
        enum announcement kind = announcement_by_name(word);
        if (kind < ANNOUNCEMENT_COUNT)
            frame->announce[kind] = true;
        else if (!str_eq_c(word, "none"))
            return problem_set(problem, STATUS_USAGE, NULL, 0, "--announce knows " ANNOUNCEMENT_NAMES ", or none, not '%.*s'",
                               STR_ARG(word));
    }
    return STATUS_OK;
}

static enum status read_frame(const struct options *options, struct programme_options *frame, struct problem *problem)
{
    bool several = options->n_inputs > 1;
    *frame = (struct programme_options){
        .rate_factor = options->rate_wpm ? (double)options->rate_wpm / NORMAL_WPM : 1.0,
        .show_title = options->album ? options->album
                      : several      ? options->title
                                     : NULL,
        .date = options->date,
        .intro = options->intro,
        .outro = options->outro,
        .chime = several ? "" : NULL,
        .preview_ms = (int)options->preview_ms,
    };
    if (options->chime)
        frame->chime = strcmp(options->chime, "off") == 0 ? NULL : strcmp(options->chime, "on") == 0 ? "" : options->chime;
    return options->announce ? read_announcements(options->announce, frame, problem) : STATUS_OK;
}

static bool is_date(const char *words)
{
    static const char shape[] = "dddd-dd-dd"; /* strptime would take " 2024-1-15" as well */
    for (size_t i = 0; i < sizeof shape; i++)
        if (shape[i] == 'd' ? words[i] < '0' || words[i] > '9' : words[i] != shape[i])
            return false;
    struct tm date = {0};
    const char *end = strptime(words, "%Y-%m-%d", &date);
    int day = date.tm_mday;
    timegm(&date); /* makes 30 February the 1st or 2nd of March */
    return end && date.tm_mday == day;
}

enum status request_from_options(const struct options *options, struct produce_request *request, char output[PATH_MAX],
                                 char cache[PATH_MAX], struct problem *problem)
{
    *request = (struct produce_request){
        .inputs = (const char *const *)options->inputs,
        .n_inputs = options->n_inputs,
        .title = options->title,
        .byline = options->byline,
        .language = options->language,
        .cast = options->cast,
        .lexicons = options->lexicons,
        .n_lexicons = options->n_lexicons,
        .cover = options->cover,
        .album = options->album,
        .date = options->date,
        .track = (int)options->track,
        .sidecars = options->sidecars,
        .verify = options->verify,
        .digest = options->json,
    };
    if (options->date && !is_date(options->date))
        return problem_set(problem, STATUS_USAGE, NULL, 0, "--date wants a day as YYYY-MM-DD, not '%s'", options->date);
    enum status status = read_frame(options, &request->frame, problem);
    struct studio_settings *studio = &request->studio;
    studio_settings_default(studio);
    if (options->sample_rate_hz)
        studio->sample_rate_hz = (int)options->sample_rate_hz;
    if (options->bitrate_kbps)
        studio->bitrate_kbps = (int)options->bitrate_kbps;
    if (options->loudness_lufs != 0)
        studio->loudness_lufs = options->loudness_lufs;
    if (options->stall_s)
        studio->stall_s = (int)options->stall_s;
    studio->rate_factor = request->frame.rate_factor;
    studio->jobs = (int)options->jobs;
    studio->keep_going = options->keep_going;
    studio->trace_path = options->trace;
    studio->stop = &signals_caught;
    if (status == STATUS_OK && !options->no_cache) {
        studio->cache_folder = options->cache;
        /* Without a home there is no cache; that is no reason to fail. */
        if (!options->cache && cache_default_folder(cache, PATH_MAX, NULL) == STATUS_OK)
            studio->cache_folder = cache;
    }
    request->output = options->output;
    if (status == STATUS_OK && !options->output && !options->dry_run) {
        status = default_output(options, output, problem);
        request->output = output;
    }
    if (options->dry_run)
        request->output = NULL;
    return status;
}
