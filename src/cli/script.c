#include <stdio.h>
#include <string.h>

#include "base/draft.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "cli/produce.h"

static const struct option_spec specs[] = {
    OPTION("format", 0, "json|text", OPTION_STRING, format, "json (default), or text that can be edited and given to crier make"),
    OPTION("output", 'o', "FILE", OPTION_STRING, output, "write there instead of standard output"),
    OPTION("title", 0, "TEXT", OPTION_STRING, title, "title, in place of the article's"),
    OPTION("byline", 0, "TEXT", OPTION_STRING, byline, "author, in place of the article's"),
    OPTION("language", 0, "TAG", OPTION_STRING, language, "language of the article: en, en-GB, de ..."),
    OPTION("cast", 0, "NAME|FILE", OPTION_STRING, cast, "the cast of voices"),
    OPTION("lexicon", 0, "FILE", OPTION_LEXICON, lexicons, "how to say certain words; may be repeated"),
    OPTION("quiet", 'q', NULL, OPTION_FLAG, quiet, "no notes"),
};

static void on_note(void *context, const char *words)
{
    if (!((const struct options *)context)->quiet)
        message_note(words);
}

static int run(const struct options *options)
{
    bool text = options->format && strcmp(options->format, "text") == 0;
    struct problem problem = {0};
    if (options->format && !text && strcmp(options->format, "json") != 0) {
        problem_set(&problem, STATUS_USAGE, NULL, 0, "--format knows json and text, not '%s'", options->format);
        return command_fail(&problem);
    }
    struct produce_request request = {
        .inputs = (const char *const *)options->inputs,
        .n_inputs = 1,
        .title = options->title,
        .byline = options->byline,
        .language = options->language,
        .cast = options->cast,
        .lexicons = options->lexicons,
        .n_lexicons = options->n_lexicons,
        .note = on_note,
        .context = (void *)(uintptr_t)options,
    };
    struct produce_result result = {0};
    struct buffer out = {0};
    enum status status = produce_scripts(&request, &result, &problem);
    if (status == STATUS_OK)
        status =
            (text ? script_write_text : script_write_json)(&result.scripts[0], casting_voice_name, &result.castings[0], &out);
    if (status == STATUS_OK && options->output) {
        struct draft draft;
        status = draft_open(&draft, options->output, &problem);
        if (status == STATUS_OK)
            status = draft_write(&draft, out.data, out.len, &problem);
        if (status == STATUS_OK)
            status = draft_finish(&draft, &problem);
        draft_drop(&draft);
    } else if (status == STATUS_OK) {
        message_write_stdout(out.data, out.len);
    }
    buffer_release(&out);
    produce_release(&result);
    if (status == STATUS_NO_MEMORY)
        problem_no_memory(&problem);
    return status == STATUS_OK ? 0 : command_fail(&problem);
}

const struct command command_script = {
    .name = "script",
    .arguments = "INPUT",
    .summary = "who says what, without sound: as JSON, or as text to edit",
    .options = specs,
    .n_options = COUNT(specs),
    .least_inputs = 1,
    .most_inputs = 1,
    .run = run,
};
