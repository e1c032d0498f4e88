/* Sound files of any kind that libsndfile reads (WAV, FLAC, MP3 ...). The library, with all its codecs, is loaded when the first
 * file is opened. */
#ifndef CRIER_BASE_SOUND_FILE_H
#define CRIER_BASE_SOUND_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct sound_file {
    void *handle; /* NULL: not open */
    int rate_hz;
    int n_channels;
    uint64_t n_pcm_frames; /* as its header says */
};

/* STATUS_BAD_DATA with libsndfile's reason where it is no such file; STATUS_UNAVAILABLE where the library is missing. Close it
 * after success. */
enum status sound_file_open(struct sound_file *file, const char *path, struct problem *problem);

/* Up to n pcm_frames of all channels, interleaved; full scale is 1, and what lies above is not cut. Fewer than n: the end. */
size_t sound_file_read(struct sound_file *file, float *samples, size_t n);

/* Reading goes on at the first pcm_frame. */
void sound_file_rewind(struct sound_file *file);

/* NULL and a zeroed file are fine. */
void sound_file_close(struct sound_file *file);

#endif
