#include "cli/produce.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/file.h"
#include "edition/cover.h"
#include "library/cover_art.h"
#include "library/cover_fit.h"

#define COVER_LIMIT ((size_t)32 << 20)

/* ---- studio -> edition --------------------------------------------------------------------------------------- */

/* Where recordings go, and what is to be said of them afterwards. */
struct delivery {
    const struct produce_request *request;
    struct produce_result *result;
    struct loudness_histogram loudness;
    int pause_ms;          /* silence due before the next passage */
    uint64_t tail_samples; /* silence at the end of the passage before */
    size_t next_chapter;
};

/* Word marks of one piece as offsets into its text. `*next` walks over the recording's words, which are in order of pieces. */
static size_t words_of_piece(const struct piece *piece, uint32_t index, uint64_t start, const struct recording *recording,
                             size_t *next, struct cue_word *words)
{
    size_t n = 0;
    for (; *next < recording->n_words && recording->words[*next].piece <= index; ++*next) {
        const struct word_mark *mark = &recording->words[*next];
        if (mark->piece == index && mark->part < piece->n_parts)
            words[n++] = (struct cue_word){piece->parts[mark->part].text_start, start + mark->start_sample};
    }
    return n;
}

static enum status add_cues(struct delivery *delivery, const struct passage *passage, uint64_t start,
                            const struct recording *recording, struct problem *problem)
{
    struct cue_word *words = recording->n_words ? malloc(recording->n_words * sizeof *words) : NULL;
    if (recording->n_words && !words)
        return problem_no_memory(problem);
    enum status status = STATUS_OK;
    size_t next = 0;
    for (size_t i = 0; status == STATUS_OK && i < passage->n_pieces; i++) {
        const struct piece *piece = &passage->pieces[i];
        struct cue cue = {.start_sample = start + recording->pieces[i].start_sample,
                          .end_sample = start + recording->pieces[i].end_sample,
                          .text = piece->text,
                          .words = words,
                          .n_words = words_of_piece(piece, (uint32_t)i, start, recording, &next, words)};
        if (piece->segment && piece->segment->speaker != SCRIPT_NOBODY)
            cue.speaker = delivery->result->programme.sources[piece->article].script->speakers[piece->segment->speaker].name;
        if (!recording->failed && cue.end_sample > cue.start_sample)
            status = edition_add_cue(delivery->result->edition, &cue, problem);
    }
    free(words);
    return status;
}

/* Silence at the edges of a recording is part of the pause; what is left is laid between. */
static int pause_left_ms(const struct delivery *delivery, const struct passage *passage, const struct recording *recording)
{
    uint64_t lead = passage->n_pieces ? recording->pieces[0].start_sample : 0;
    int edges_ms = (int)((delivery->tail_samples + lead) * 1000 / (uint64_t)delivery->request->studio.sample_rate_hz);
    return delivery->pause_ms > edges_ms ? delivery->pause_ms - edges_ms : 0;
}

static enum status deliver(void *context, size_t index, const struct recording *recording, struct problem *problem)
{
    struct delivery *delivery = context;
    struct produce_result *result = delivery->result;
    const struct passage *passage = &result->programme.passages[index];
    int left_ms = pause_left_ms(delivery, passage, recording);
    enum status status;
    if (delivery->next_chapter < result->programme.n_chapters &&
        result->programme.chapters[delivery->next_chapter].first_passage == index) {
        status = edition_start_chapter(result->edition, left_ms, problem);
        delivery->next_chapter++;
    } else {
        status = edition_pause(result->edition, left_ms, problem);
    }
    if (status != STATUS_OK)
        return status;
    uint64_t start = edition_position(result->edition);
    status = edition_append(result->edition, (struct str){(const char *)recording->mp3, recording->mp3_len},
                            recording->n_mp3_frames, problem);
    if (status == STATUS_OK && delivery->request->sidecars) /* else nobody reads them, and they take memory */
        status = add_cues(delivery, passage, start, recording, problem);
    if (status != STATUS_OK)
        return status;
    delivery->pause_ms = passage->pause_after_ms;
    delivery->tail_samples = passage->n_pieces ? recording->n_samples - recording->pieces[passage->n_pieces - 1].end_sample : 0;
    loudness_add(&delivery->loudness, &recording->loudness);
    if (recording->true_peak_dbtp > result->true_peak_dbtp)
        result->true_peak_dbtp = recording->true_peak_dbtp;
    result->speak_cpu_s += recording->speak_cpu_s;
    result->resample_cpu_s += recording->resample_cpu_s;
    result->encode_cpu_s += recording->encode_cpu_s;
    result->n_cached += recording->cached;
    result->n_failed += recording->failed;
    if (delivery->request->sounded)
        delivery->request->sounded(delivery->request->context, result, index, start, recording);
    if (delivery->request->progress)
        delivery->request->progress(delivery->request->context, index + 1, result->programme.n_passages);
    return STATUS_OK;
}

static void forward_note(void *context, const char *words)
{
    struct delivery *delivery = context;
    if (delivery->request->note)
        delivery->request->note(delivery->request->context, words);
}

/* The output must not be one of the inputs: the article would be lost. */
static enum status check_output(const struct produce_request *request, struct problem *problem)
{
    struct stat output, input;
    if (stat(request->output, &output) != 0)
        return STATUS_OK;
    for (size_t i = 0; i < request->n_inputs; i++)
        if (stat(request->inputs[i], &input) == 0 && input.st_dev == output.st_dev && input.st_ino == output.st_ino)
            return problem_set(problem, STATUS_USAGE, request->output, 0, "is the input itself; choose another output with -o");
    return STATUS_OK;
}

static struct str first_of(struct str a, struct str b)
{
    return a.len ? a : b;
}

static enum status open_edition(const struct produce_request *request, struct produce_result *result, struct studio *studio,
                                struct str cover, struct problem *problem)
{
    const struct programme *programme = &result->programme;
    struct str *titles = arena_array(&result->arena, programme->n_chapters, sizeof *titles);
    if (!titles)
        return problem_no_memory(problem);
    for (size_t i = 0; i < programme->n_chapters; i++)
        titles[i] = programme->chapters[i].title;
    static const struct script no_script;
    static const struct article no_article;
    const struct script *script = result->n_articles ? &result->scripts[0] : &no_script;
    const struct article *article = result->n_articles ? &result->articles[0] : &no_article;
    struct str title = first_of(first_of(str_from(request->title), script->title), programme->chapters[0].title);
    if (result->n_articles > 1 && !request->title)
        title = arena_format(&result->arena, "%.*s and %zu more", STR_ARG(title), result->n_articles - 1);
    struct edition_settings settings = {
        .sample_rate_hz = request->studio.sample_rate_hz,
        .bitrate_kbps = request->studio.bitrate_kbps,
        .title = title,
        .artist = first_of(str_from(request->byline), first_of(str_from(request->artist), script->byline)),
        .album = first_of(str_from(request->album), article->site),
        .date = first_of(str_from(request->date), script->published),
        .language = script->language,
        .track = request->track,
        .cover = cover,
        .chapter_titles = titles,
        .n_chapters = programme->n_chapters,
        .verify = request->verify,
        .digest = request->digest,
        .loudness_lufs = request->studio.loudness_lufs,
        .silent_frame = studio_silent_frame(studio),
    };
    return edition_open(&result->edition, request->output, &settings, problem);
}

static enum status draw_cover(const struct produce_request *request, const struct produce_result *result, struct buffer *png,
                              struct problem *problem)
{
    struct str title = str_from(request->title), line = str_from(request->byline);
    if (result->n_articles) {
        const struct script *script = &result->scripts[0];
        title = first_of(title, script->title);
        line = first_of(line, first_of(script->byline, script->published));
    }
    return cover_art_draw(png, first_of(title, result->programme.chapters[0].title), line, COVER_LIMIT_PX, problem);
}

static enum status read_cover(const char *path, struct buffer *cover, struct problem *problem)
{
    struct buffer image = {0};
    struct problem why = {0};
    enum status status = file_read(path, COVER_LIMIT, &image, problem);
    if (status == STATUS_OK && (status = cover_fit(cover, buffer_view(&image), &cover_bounds_tag, &why)) != STATUS_OK)
        problem_set(problem, status, path, 0, "%s", why.text);
    buffer_release(&image);
    return status;
}

enum status produce_record(const struct produce_request *request, struct produce_result *result, struct problem *problem)
{
    struct buffer cover = {0};
    struct studio *studio = NULL;
    struct delivery delivery = {.request = request, .result = result};
    result->true_peak_dbtp = -HUGE_VAL;
    result->output = request->output;
    enum status status = STATUS_OK;
    if (request->cover && strcmp(request->cover, "auto") == 0)
        status = draw_cover(request, result, &cover, problem);
    else if (request->cover)
        status = read_cover(request->cover, &cover, problem);
    if (status == STATUS_OK)
        status = studio_open(&studio, &request->studio, &result->programme, problem);
    if (status == STATUS_OK)
        status = open_edition(request, result, studio, buffer_view(&cover), problem);
    if (status == STATUS_OK)
        status = studio_record(studio, deliver, forward_note, &delivery, problem);
    if (status == STATUS_OK)
        status = edition_finish(result->edition, &result->made, problem);
    if (status == STATUS_OK && request->sidecars)
        status = edition_write_sidecars(result->edition, problem);
    result->loudness_lufs = loudness_integrated(&delivery.loudness);
    studio_close(studio);
    buffer_release(&cover);
    return status;
}

enum status produce_edition(const struct produce_request *request, struct produce_result *result, struct problem *problem)
{
    int64_t begin_us = clock_us();
    enum status status = studio_settings_check(&request->studio, problem);
    if (status == STATUS_OK && request->output)
        status = check_output(request, problem);
    if (status == STATUS_OK)
        status = produce_scripts(request, result, problem);
    if (status != STATUS_OK)
        return status;
    if (request->scripts)
        request->scripts(request->context, result);
    struct programme_source *sources = arena_array(&result->arena, result->n_articles, sizeof *sources);
    if (!sources)
        return problem_no_memory(problem);
    for (size_t i = 0; i < result->n_articles; i++)
        sources[i] = (struct programme_source){&result->scripts[i], &result->castings[i], result->lexicons[i]};
    status = programme_make(&result->programme, sources, result->n_articles, &request->frame, problem);
    if (status == STATUS_OK && request->output)
        status = produce_record(request, result, problem);
    result->wall_s = (double)(clock_us() - begin_us) / 1e6;
    return status;
}

void produce_release(struct produce_result *result)
{
    if (!result)
        return;
    edition_free(result->edition);
    programme_release(&result->programme);
    for (size_t i = 0; i < result->n_articles; i++)
        produce_release_article(result, i);
    arena_release(&result->arena);
    *result = (struct produce_result){0};
}
