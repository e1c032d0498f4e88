/* produce: the one place that names the stages in order: article -> script -> cast -> studio -> edition.
 * `crier make` and `crier batch` both go through it. */
#ifndef CRIER_CLI_PRODUCE_H
#define CRIER_CLI_PRODUCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "article/article.h"
#include "base/arena.h"
#include "cast/cast.h"
#include "edition/edition.h"
#include "script/script.h"
#include "studio/programme.h"
#include "studio/studio.h"

struct produce_result;

struct produce_request {
    const char *const *inputs; /* 1 or more; several make one edition */
    size_t n_inputs;
    const char *output;                    /* path of the MP3; NULL: nothing is recorded (--dry-run) */
    const char *title, *byline, *language; /* the user's word; NULL: the article's */
    const char *cast;                      /* name or path; NULL: by language */
    const char *const *lexicons;
    size_t n_lexicons;
    const char *cover;                 /* path, "auto" (drawn), or NULL */
    const char *album, *artist, *date; /* tags; NULL: by the article */
    int track;
    bool sidecars;
    bool verify; /* decode and measure before the rename */
    bool digest; /* the result's SHA-256 is wanted */
    struct cast_memory memory;
    struct programme_options frame; /* intro, outro, announcements */
    struct studio_settings studio;
    /* Called in this process; any may be NULL. */
    void (*progress)(void *context, size_t done_passages, size_t n_passages);
    void (*note)(void *context, const char *words);                      /* something was got over */
    void (*failed)(void *context, const struct problem *problem);        /* an input of several is passed over */
    void (*scripts)(void *context, const struct produce_result *result); /* all scripts and castings are made */
    void (*sounded)(void *context, const struct produce_result *result, size_t passage, uint64_t start_sample,
                    const struct recording *recording); /* a passage has its place in the edition */
    void *context;
};

/* What happened, for the summary and the report. Owns everything; release accepts NULL and zeroed. */
struct produce_result {
    struct arena arena;
    struct article *articles; /* those that could be read, in order of inputs */
    struct script *scripts;
    struct cast *casts;
    struct casting *castings;
    struct lexicon **lexicons;
    size_t n_articles;
    enum status first_failure; /* of an input that was passed over, else STATUS_OK */
    struct programme programme;
    struct edition *edition; /* NULL for a dry run */
    const char *output;
    struct edition_result made;
    double loudness_lufs, true_peak_dbtp;
    size_t n_cached, n_failed;
    double speak_cpu_s, resample_cpu_s, encode_cpu_s, wall_s;
};

/* Reads all inputs; an unusable one of several is told to `failed` and passed over. STATUS_OK also then (see first_failure). On
 * failure the result holds what there is (for release), and no file was made or changed. */
enum status produce_edition(const struct produce_request *request, struct produce_result *result, struct problem *problem);
/* Only the first part: articles, scripts, casts and castings (for crier script). */
enum status produce_scripts(const struct produce_request *request, struct produce_result *result, struct problem *problem);
/* Only the last part: result->programme, made by the caller, becomes the MP3 request->output. */
enum status produce_record(const struct produce_request *request, struct produce_result *result, struct problem *problem);
void produce_release_article(struct produce_result *result, size_t i); /* for the two above and below */
void produce_release(struct produce_result *result);

#endif
