#include "cli/audition.h"

#include <math.h>
#include <stdint.h>

#include "cli/produce.h"
#include "cli/signals.h"
#include "studio/pauses.h"

/* Each voice one passage and one chapter; voices[n] may stand in for the cast's own. */
static enum status make_programme(struct programme *programme, const struct voice *voices, size_t n, struct problem *problem)
{
    struct piece *pieces = arena_array(&programme->arena, n, sizeof *pieces);
    struct passage *passages = arena_array(&programme->arena, n, sizeof *passages);
    struct chapter_plan *chapters = arena_array(&programme->arena, n, sizeof *chapters);
    for (size_t i = 0; i < n && !arena_failed(&programme->arena); i++) {
        const struct voice *voice = &voices[i];
        struct str words = arena_format(&programme->arena, "I am %.*s. %.*s.", STR_ARG(voice->name), STR_ARG(voice->description));
        pieces[i] = (struct piece){.voice = voice, .words = words, .text = words, .article = SIZE_MAX};
        passages[i] = (struct passage){.kind = PASSAGE_SPEECH,
                                       .pieces = &pieces[i],
                                       .n_pieces = 1,
                                       .pause_after_ms = pause_ms(BOUNDARY_SECTION, 1.0),
                                       .starts_chapter = true};
        chapters[i] = (struct chapter_plan){.title = voice->name, .first_passage = i};
    }
    programme->passages = passages;
    programme->chapters = chapters;
    programme->n_passages = programme->n_chapters = n;
    return arena_failed(&programme->arena) ? problem_no_memory(problem) : STATUS_OK;
}

enum status audition_make(const struct cast *cast, struct str language, const char *path, int jobs, struct problem *problem)
{
    struct produce_request request = {.output = path, .title = "The voices of crier", .language = "en"};
    struct produce_result result = {0};
    studio_settings_default(&request.studio);
    request.studio.jobs = jobs;
    request.studio.stop = &signals_caught;
    size_t n = cast->n_voices < 255 ? cast->n_voices : 255;
    const struct voice *voices = cast_voices_for(cast, language, &result.programme.arena);
    enum status status = voices ? make_programme(&result.programme, voices, n, problem) : problem_no_memory(problem);
    if (status == STATUS_OK)
        status = produce_record(&request, &result, problem);
    produce_release(&result);
    return status;
}

enum status audition_measure(const struct cast *cast, int jobs, double *gains_db, struct problem *problem)
{
    struct programme programme = {0};
    struct studio_settings settings;
    struct studio *studio = NULL;
    studio_settings_default(&settings);
    settings.jobs = jobs;
    settings.stop = &signals_caught;
    struct voice *voices = arena_array(&programme.arena, cast->n_voices, sizeof *voices);
    enum status status = voices ? STATUS_OK : problem_no_memory(problem);
    for (size_t i = 0; voices && i < cast->n_voices; i++) {
        voices[i] = cast->voices[i];
        voices[i].gain_db = NAN;
    }
    if (status == STATUS_OK)
        status = make_programme(&programme, voices, cast->n_voices, problem);
    if (status == STATUS_OK)
        status = studio_open(&studio, &settings, &programme, problem);
    for (size_t i = 0; status == STATUS_OK && i < cast->n_voices; i++)
        gains_db[i] = studio_gain_db(studio, &voices[i]);
    studio_close(studio);
    programme_release(&programme);
    return status;
}
