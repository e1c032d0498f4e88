#include "edition/inspect.h"

#include <math.h>
#include <stdio.h>

#include "cli/commands.h"
#include "cli/message.h"

static const struct option_spec specs[] = {
    OPTION("json", 0, NULL, OPTION_FLAG, json, "print what was found as JSON"),
    OPTION_NUMBER("loudness", 0, "LUFS", OPTION_REAL, loudness_lufs, -40, -8, "what the loudness is to be (default -19)"),
    OPTION("fast", 0, NULL, OPTION_FLAG, fast, "do not decode and measure"),
    OPTION("quiet", 'q', NULL, OPTION_FLAG, quiet, "only the breaches"),
};

static void print_value(const char *name, struct str value)
{
    struct str line;
    if (!value.len)
        printf("%s\n", name);
    while (str_next(&value, '\n', &line)) {
        printf("%-14s ", name);
        message_safe(stdout, line);
        putchar('\n');
        name = "";
    }
}

static void print_inspection(const struct inspection *found)
{
    unsigned long s = (unsigned long)(found->duration_ms / 1000);
    printf("%-14s %d Hz, %d channel%s, %d kbit/s, %llu frames, %llu samples, %lu:%02lu:%02lu.%03lu\n", "audio",
           found->sample_rate_hz, found->channels, found->channels == 1 ? "" : "s", found->bitrate_kbps,
           (unsigned long long)found->n_mp3_frames, (unsigned long long)found->n_samples, s / 3600, s / 60 % 60, s % 60,
           (unsigned long)(found->duration_ms % 1000));
    if (found->has_info)
        printf("%-14s delay %d, padding %d\n", "gapless", found->delay, found->padding);
    if (found->measured)
        printf("%-14s %.2f LUFS, true peak %.2f dBTP, %llu samples decoded\n", "levels", found->loudness_lufs,
               found->true_peak_dbtp, (unsigned long long)found->decoded_samples);
    if (found->id3_version)
        printf("%-14s ID3v2.%d, %zu bytes\n", "tag", found->id3_version, found->id3_bytes);
    for (size_t i = 0; i < found->n_tags; i++)
        print_value(found->tags[i].id, found->tags[i].value);
    if (found->cover_bytes)
        printf("%-14s %.*s, %zu bytes\n", "cover", STR_ARG(found->cover_type), found->cover_bytes);
    for (size_t i = 0; i < found->n_chapters; i++) {
        const struct inspected_chapter *chapter = &found->chapters[i];
        s = (unsigned long)(chapter->start_ms / 1000);
        printf("%-6.*s %2lu:%02lu:%02lu.%03lu  ", STR_ARG(chapter->id), s / 3600, s / 60 % 60, s % 60,
               (unsigned long)(chapter->start_ms % 1000));
        message_safe(stdout, chapter->title);
        putchar('\n');
    }
}

static int run(const struct options *options)
{
    struct inspection found = {0};
    struct problem problem = {0};
    const struct inspect_options how = {.measure = !options->fast, .loudness_lufs = options->loudness_lufs};
    if (inspection_read(&found, options->inputs[0], &how, &problem) != STATUS_OK) {
        inspection_release(&found);
        return command_fail(&problem);
    }
    int code = found.n_breaches ? status_exit_code(STATUS_FAILED) : 0;
    if (options->json) {
        struct buffer out = {0};
        if (inspection_write_json(&found, &out) != STATUS_OK)
            code = command_fail(&(struct problem){.status = STATUS_NO_MEMORY, .text = "out of memory"});
        else
            message_write_stdout(out.data, out.len);
        buffer_release(&out);
    } else {
        if (!options->quiet)
            print_inspection(&found);
        for (size_t i = 0; i < found.n_breaches; i++)
            print_value("breach", found.breaches[i]);
        if (!options->quiet && !found.n_breaches)
            puts("the file keeps the contract");
    }
    inspection_release(&found);
    return code;
}

const struct command command_inspect = {
    .name = "inspect",
    .arguments = "FILE.mp3",
    .summary = "chapters, tags, levels, gapless figures of an MP3; exit 1 where it breaks the format contract",
    .options = specs,
    .n_options = COUNT(specs),
    .least_inputs = 1,
    .most_inputs = 1,
    .run = run,
};
