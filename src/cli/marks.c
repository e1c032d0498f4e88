#include "cli/marks.h"

#include <errno.h>
#include <inttypes.h>

enum status marks_open(struct marks *marks, const char *path, int sample_rate_hz, struct problem *problem)
{
    *marks = (struct marks){.file = fopen(path, "we"), .path = path, .sample_rate_hz = sample_rate_hz};
    if (!marks->file)
        return problem_errno(problem, STATUS_NO_OUTPUT, path, errno, "cannot create");
    fputs("start\tend\tpause_ms\tvoice\tkind\tspeaker\ttext\n", marks->file);
    return STATUS_OK;
}

/* In microseconds, by whole numbers: the same in every locale. */
static void put_seconds(const struct marks *marks, uint64_t sample)
{
    uint64_t rate = (uint64_t)marks->sample_rate_hz;
    fprintf(marks->file, "%" PRIu64 ".%06" PRIu64 "\t", sample / rate, sample % rate * 1000000 / rate);
}

static void put_text(const struct marks *marks, struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        putc((unsigned char)text.data[i] < 0x20 ? ' ' : text.data[i], marks->file);
}

static void put_line(const struct marks *marks, uint64_t start, uint64_t end, int pause_ms, struct str voice, const char *kind,
                     struct str speaker, struct str text)
{
    put_seconds(marks, start);
    put_seconds(marks, end);
    fprintf(marks->file, "%d\t", pause_ms);
    put_text(marks, voice);
    fprintf(marks->file, "\t%s\t", kind);
    put_text(marks, speaker);
    putc('\t', marks->file);
    put_text(marks, text);
    putc('\n', marks->file);
}

void marks_add(struct marks *marks, const struct produce_result *result, size_t index, uint64_t start_sample,
               const struct recording *recording)
{
    const struct passage *passage = &result->programme.passages[index];
    if (passage->kind == PASSAGE_AUDIO)
        put_line(marks, start_sample, start_sample + recording->n_samples, passage->pause_after_ms, STR(""), "audio", STR(""),
                 str_from(passage->audio_path));
    for (size_t i = 0; i < passage->n_pieces && !recording->failed; i++) {
        const struct piece *piece = &passage->pieces[i];
        struct str speaker = STR("");
        if (piece->segment && piece->segment->speaker != SCRIPT_NOBODY)
            speaker = result->programme.sources[piece->article].script->speakers[piece->segment->speaker].name;
        put_line(marks, start_sample + recording->pieces[i].start_sample, start_sample + recording->pieces[i].end_sample,
                 i + 1 < passage->n_pieces ? piece->pause_after_ms : passage->pause_after_ms, piece->voice->name,
                 piece->segment ? segment_kind_name(piece->segment->kind) : "announcement", speaker, piece->text);
    }
}

enum status marks_close(struct marks *marks, struct problem *problem)
{
    if (!marks->file)
        return STATUS_OK;
    int failed = ferror(marks->file);
    failed |= fclose(marks->file);
    marks->file = NULL;
    return failed ? problem_set(problem, STATUS_IO, marks->path, 0, "cannot write the marks") : STATUS_OK;
}
