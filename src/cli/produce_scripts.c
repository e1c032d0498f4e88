#include "cli/produce.h"

#include "base/buffer.h"
#include "base/file.h"

#define INPUT_LIMIT ((size_t)256 << 20)

static void note(const struct produce_request *request, struct arena *arena, struct str words)
{
    if (request->note)
        request->note(request->context, arena_c_string(arena, words));
}

static enum status read_script(const struct produce_request *request, const char *input, struct article *article,
                               struct script *script, struct lexicon **lexicon, const char *lexicons, struct problem *problem)
{
    struct buffer bytes = {0};
    struct script_options options = {
        .title = request->n_inputs == 1 ? request->title : NULL, .byline = request->byline, .language = request->language};
    enum status status = file_read(input, INPUT_LIMIT, &bytes, problem);
    if (status == STATUS_OK && script_is_text_form(buffer_view(&bytes))) {
        status = lexicon_load(lexicon, lexicons, request->language ? request->language : "en", request->lexicons,
                              request->n_lexicons, problem);
        options.lexicon = *lexicon;
        if (status == STATUS_OK)
            status = script_read_text(script, article, buffer_view(&bytes), input, &options, problem);
    } else if (status == STATUS_OK) {
        struct article_options how = {.language = request->language, .limit = INPUT_LIMIT};
        status = article_parse(article, buffer_view(&bytes), input, &how, problem);
        buffer_release(&bytes);
        if (status == STATUS_OK) {
            const char *language = request->language ? request->language : article->language.len ? article->language.data : "en";
            status = lexicon_load(lexicon, lexicons, language, request->lexicons, request->n_lexicons, problem);
        }
        options.lexicon = *lexicon;
        if (status == STATUS_OK)
            status = script_make(script, article, &options, problem);
    }
    buffer_release(&bytes);
    return status;
}

void produce_release_article(struct produce_result *result, size_t i)
{
    casting_release(&result->castings[i]);
    cast_release(&result->casts[i]);
    script_release(&result->scripts[i]);
    article_release(&result->articles[i]);
    lexicon_free(result->lexicons[i]);
    result->lexicons[i] = NULL;
}

/* A person of an earlier article of the edition keeps the voice: its pins go before the caller's memory. */
static enum status remember_voices(struct produce_result *result, struct voice_pin **pins, size_t *n_pins, size_t *capacity)
{
    const struct casting *casting = &result->castings[result->n_articles - 1];
    for (size_t i = 0; i < casting->script->n_speakers; i++) {
        if (casting->script->speakers[i].kind != SPEAKER_PERSON)
            continue;
        struct voice_pin *pin = arena_push(&result->arena, (void **)pins, n_pins, capacity, sizeof **pins);
        if (!pin)
            return STATUS_NO_MEMORY;
        pin->speaker = casting->script->speakers[i].name;
        pin->voice = casting->voices[casting->speaker_voice[i]].name;
    }
    return STATUS_OK;
}

static enum status add_input(const struct produce_request *request, struct produce_result *result, const char *input,
                             const char *folder, const struct cast_memory *memory, struct problem *problem)
{
    size_t i = result->n_articles;
    struct str lexicons = arena_format(&result->arena, "%s/lexicon", folder);
    if (arena_failed(&result->arena))
        return problem_no_memory(problem);
    enum status status =
        read_script(request, input, &result->articles[i], &result->scripts[i], &result->lexicons[i], lexicons.data, problem);
    if (status == STATUS_OK)
        status = cast_load(&result->casts[i], folder, request->cast, result->scripts[i].language, problem);
    if (status == STATUS_OK)
        status = casting_make(&result->castings[i], &result->casts[i], &result->scripts[i], memory, problem);
    if (status != STATUS_OK) {
        produce_release_article(result, i);
        return status;
    }
    for (size_t w = 0; w < result->articles[i].n_warnings; w++)
        note(request, &result->arena,
             arena_format(&result->arena, "'%s': %.*s", input, STR_ARG(result->articles[i].warnings[w])));
    result->n_articles++;
    return STATUS_OK;
}

enum status produce_scripts(const struct produce_request *request, struct produce_result *result, struct problem *problem)
{
    struct str folder;
    enum status status = cast_data_folder(&result->arena, &folder, problem);
    if (status != STATUS_OK)
        return status;
    size_t n = request->n_inputs;
    result->articles = arena_array(&result->arena, n, sizeof *result->articles);
    result->scripts = arena_array(&result->arena, n, sizeof *result->scripts);
    result->casts = arena_array(&result->arena, n, sizeof *result->casts);
    result->castings = arena_array(&result->arena, n, sizeof *result->castings);
    result->lexicons = arena_array(&result->arena, n, sizeof(struct lexicon *));
    struct voice_pin *pins = NULL;
    size_t n_pins = 0, capacity = 0;
    for (size_t i = 0; i < request->memory.n_pins; i++) {
        struct voice_pin *pin = arena_push(&result->arena, (void **)&pins, &n_pins, &capacity, sizeof *pins);
        if (pin)
            *pin = request->memory.pins[i];
    }
    if (arena_failed(&result->arena))
        return problem_no_memory(problem);
    for (size_t i = 0; i < n; i++) {
        struct problem why = {0};
        struct cast_memory memory = {pins, n_pins};
        status = add_input(request, result, request->inputs[i], folder.data, &memory, &why);
        if (status == STATUS_OK && n > 1)
            status = remember_voices(result, &pins, &n_pins, &capacity);
        if (status == STATUS_NO_MEMORY)
            return problem_no_memory(problem);
        if (status == STATUS_OK)
            continue;
        if (result->first_failure == STATUS_OK)
            result->first_failure = status;
        if (n == 1) {
            if (problem)
                *problem = why;
            return status;
        }
        if (request->failed)
            request->failed(request->context, &why);
    }
    if (result->n_articles == 0)
        return problem_set(problem, result->first_failure, NULL, 0, "none of %zu articles can be used", n);
    return STATUS_OK;
}
