#include "base/sound_file.h"

#include <sndfile.h>
#include <stdio.h>

#include "base/lazy.h"

static struct {
    __typeof__(sf_open) *sf_open;
    __typeof__(sf_close) *sf_close;
    __typeof__(sf_command) *sf_command;
    __typeof__(sf_readf_float) *sf_readf_float;
    __typeof__(sf_seek) *sf_seek;
    __typeof__(sf_strerror) *sf_strerror;
} api;

static enum status load_library(struct problem *problem)
{
    const struct lazy_symbol symbols[] = {
        LAZY(&api, sf_open),        LAZY(&api, sf_close), LAZY(&api, sf_command),
        LAZY(&api, sf_readf_float), LAZY(&api, sf_seek),  LAZY(&api, sf_strerror),
    };
    return api.sf_strerror ? STATUS_OK
                           : lazy_load("libsndfile.so.1", "libsndfile1", symbols, sizeof symbols / sizeof *symbols, problem);
}

enum status sound_file_open(struct sound_file *file, const char *path, struct problem *problem)
{
    *file = (struct sound_file){0};
    enum status status = load_library(problem);
    if (status != STATUS_OK)
        return status;
    SF_INFO info = {0};
    SNDFILE *handle = api.sf_open(path, SFM_READ, &info);
    if (!handle)
        return problem_set(problem, STATUS_BAD_DATA, path, 0, "is no sound file that libsndfile reads (%s)",
                           api.sf_strerror(NULL));
    api.sf_command(handle, SFC_SET_CLIPPING, NULL, SF_FALSE);
    *file = (struct sound_file){.handle = handle,
                                .rate_hz = info.samplerate,
                                .n_channels = info.channels,
                                .n_pcm_frames = info.frames > 0 ? (uint64_t)info.frames : 0};
    return STATUS_OK;
}

size_t sound_file_read(struct sound_file *file, float *samples, size_t n)
{
    sf_count_t got = api.sf_readf_float(file->handle, samples, (sf_count_t)n);
    return got > 0 ? (size_t)got : 0;
}

void sound_file_rewind(struct sound_file *file)
{
    api.sf_seek(file->handle, 0, SEEK_SET);
}

void sound_file_close(struct sound_file *file)
{
    if (!file || !file->handle)
        return;
    api.sf_close(file->handle);
    *file = (struct sound_file){0};
}
