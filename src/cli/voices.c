#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cast/cast.h"
#include "cli/audition.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "studio/engine.h"

static const struct option_spec specs[] = {
    OPTION("cast", 0, "NAME|FILE", OPTION_STRING, cast, "only this cast"),
    OPTION("language", 0, "TAG", OPTION_STRING, language, "the cast that this language gets"),
    OPTION("audition", 0, "FILE.mp3", OPTION_STRING, audition, "record each voice of the cast saying its own name"),
    OPTION("measure", 0, NULL, OPTION_FLAG, measure, "measure the gain that each voice of the cast needs (dB), for its file"),
    OPTION("models", 0, NULL, OPTION_FLAG, models, "eSpeak NG's voices: what a cast file may name as model"),
    OPTION_NUMBER("jobs", 'j', "N", OPTION_INTEGER, jobs, 1, 256, "voices recorded at a time"),
};

static void print_roles(const struct cast *cast, size_t voice)
{
    bool first = true;
    for (int role = 0; role < ROLE_COUNT; role++)
        for (size_t i = 0; i < cast->n_role_voices[role]; i++)
            if (cast->role_voices[role][i] == voice) {
                printf("%s%s", first ? "" : ", ", role_name((enum role)role));
                first = false;
            }
}

static void print_cast(const struct cast *cast)
{
    printf("%.*s (%.*s): ", STR_ARG(cast->name), STR_ARG(cast->language));
    message_safe(stdout, cast->description);
    putchar('\n');
    for (size_t i = 0; i < cast->n_voices; i++) {
        const struct voice *voice = &cast->voices[i];
        printf("  %-16.*s %-8s ", STR_ARG(voice->name), gender_name(voice->gender));
        message_safe(stdout, voice->description);
        fputs(" [", stdout);
        print_roles(cast, i);
        fputs("]\n", stdout);
    }
}

static enum status print_gains(const struct cast *cast, int jobs, struct problem *problem)
{
    double *gains = calloc(cast->n_voices, sizeof *gains);
    enum status status = gains ? audition_measure(cast, jobs, gains, problem) : problem_no_memory(problem);
    for (size_t i = 0; status == STATUS_OK && i < cast->n_voices; i++)
        printf("%.*s\t%.2f\n", STR_ARG(cast->voices[i].name), gains[i]);
    free(gains);
    return status;
}

static int print_models(void)
{
    struct arena arena = {0};
    struct problem problem = {0};
    struct engine_voice *models;
    size_t n_models = 0;
    enum status status = engine_espeak.list(&arena, &models, &n_models, &problem);
    for (size_t i = 0; status == STATUS_OK && i < n_models; i++)
        printf("%-24.*s %-12.*s %.*s\n", STR_ARG(models[i].model), STR_ARG(models[i].language), STR_ARG(models[i].description));
    arena_release(&arena);
    return status == STATUS_OK ? 0 : command_fail(&problem);
}

static int run(const struct options *options)
{
    if (options->models)
        return print_models();
    struct arena arena = {0};
    struct problem problem = {0};
    struct str folder, *names = NULL;
    size_t n_names = 0;
    enum status status = cast_data_folder(&arena, &folder, &problem);
    bool one = options->cast || options->language || options->audition || options->measure;
    if (status == STATUS_OK && !one)
        status = cast_list(&arena, folder.data, &names, &n_names, &problem);
    for (size_t i = 0; status == STATUS_OK && i < (one ? 1 : n_names); i++) {
        struct cast cast = {0};
        const char *name = one ? options->cast : arena_c_string(&arena, names[i]);
        status = cast_load(&cast, folder.data, name, str_from(options->language ? options->language : "en"), &problem);
        if (status == STATUS_OK && options->audition)
            status = audition_make(&cast, str_from(options->language ? options->language : "en"), options->audition,
                                   (int)options->jobs, &problem);
        else if (status == STATUS_OK && options->measure)
            status = print_gains(&cast, (int)options->jobs, &problem);
        else if (status == STATUS_OK)
            print_cast(&cast);
        cast_release(&cast);
    }
    arena_release(&arena);
    return status == STATUS_OK ? 0 : command_fail(&problem);
}

const struct command command_voices = {
    .name = "voices",
    .arguments = "",
    .summary = "the casts and voices there are; hear them with --audition",
    .options = specs,
    .n_options = COUNT(specs),
    .least_inputs = 0,
    .most_inputs = 0,
    .run = run,
};
