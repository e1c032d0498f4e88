#include "studio/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "studio/audio.h"
#include "studio/encode.h"
#include "studio/pack.h"
#include "studio/resample.h"

struct cache {
    char folder[PATH_MAX - 64];
    uint64_t limit_bytes;
    bool grew;
    unsigned n_written;
};

/* Read and written on the same machine: another byte order or word size gives another magic number. */
struct file_head {
    char magic[8];
    uint64_t order;
    uint64_t len;
    char hash[HASH_HEX_SIZE + 7];
};
#define MAGIC "crierrec"
#define ORDER (0x0102030405060708ull + sizeof(size_t))
#define FILE_LIMIT (256u << 20)

enum status cache_default_folder(char *out, size_t size, struct problem *problem)
{
    const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int len;
    if (xdg && *xdg == '/') /* the XDG specification: relative paths are to be ignored */
        len = snprintf(out, size, "%s/crier", xdg);
    else if (home && *home)
        len = snprintf(out, size, "%s/.cache/crier", home);
    else
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "there is no place for the cache: set XDG_CACHE_HOME or HOME");
    if (len < 0 || (size_t)len >= size)
        return problem_set(problem, STATUS_UNAVAILABLE, NULL, 0, "the cache folder's name is too long");
    return STATUS_OK;
}

enum status cache_open(struct cache **out, const char *folder, uint64_t limit_bytes, struct problem *problem)
{
    enum status status = file_make_folders(folder, problem);
    if (status != STATUS_OK)
        return status;
    if (access(folder, W_OK | X_OK) != 0)
        return problem_errno(problem, STATUS_NO_OUTPUT, folder, errno, "cannot write to the cache");
    struct cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        return problem_no_memory(problem);
    if (snprintf(cache->folder, sizeof cache->folder, "%s", folder) >= (int)sizeof cache->folder) {
        free(cache);
        return problem_set(problem, STATUS_NO_OUTPUT, folder, 0, "the cache folder's name is too long");
    }
    cache->limit_bytes = limit_bytes ? limit_bytes : CACHE_DEFAULT_LIMIT;
    *out = cache;
    return STATUS_OK;
}

void cache_close(struct cache *cache)
{
    if (!cache)
        return;
    struct cache_report report;
    if (cache->grew && cache_measure(cache->folder, &report, NULL) == STATUS_OK && report.bytes > cache->limit_bytes)
        (void)cache_prune(cache->folder, cache->limit_bytes / 10 * 9, &report, NULL);
    free(cache);
}

/* ---- files ---- */

static void file_name(const struct cache *cache, const char *key, char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "%s/%.2s/%.32s.rec", cache->folder, key, key);
}

bool cache_load_bytes(struct cache *cache, const char *key, struct buffer *bytes)
{
    char path[PATH_MAX];
    file_name(cache, key, path);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    struct file_head head;
    struct stat about;
    bool good = fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && file_read_all(fd, &head, sizeof head) == (long)sizeof head &&
                memcmp(head.magic, MAGIC, sizeof head.magic) == 0 && head.order == ORDER && head.len <= FILE_LIMIT &&
                (uint64_t)about.st_size == sizeof head + head.len && buffer_reserve(bytes, (size_t)head.len) &&
                file_read_all(fd, bytes->data, (size_t)head.len) == (long)head.len;
    if (good) {
        char hash[HASH_HEX_SIZE];
        bytes->len = (size_t)head.len;
        hash_bytes_hex(buffer_view(bytes), hash);
        good = memcmp(hash, head.hash, HASH_HEX_SIZE) == 0;
    }
    if (good)
        (void)futimens(fd, NULL); /* used now; a read-only cache is still a cache */
    else
        buffer_clear(bytes);
    close(fd);
    return good;
}

void cache_store_bytes(struct cache *cache, const char *key, struct str head_bytes, struct str tail)
{
    char path[PATH_MAX], temporary[PATH_MAX];
    struct buffer whole = {0};
    struct file_head head = {.order = ORDER, .len = head_bytes.len + tail.len};
    memcpy(head.magic, MAGIC, sizeof head.magic);
    buffer_append(&whole, &head, sizeof head);
    buffer_append(&whole, head_bytes.data, head_bytes.len);
    buffer_append(&whole, tail.data, tail.len);
    if (buffer_failed(&whole) || head.len > FILE_LIMIT) {
        buffer_release(&whole);
        return;
    }
    hash_bytes_hex(str_sub(buffer_view(&whole), sizeof head, whole.len), head.hash);
    memcpy(whole.data, &head, sizeof head);
    file_name(cache, key, path);
    int len = snprintf(temporary, sizeof temporary, "%s/%.2s/.%.32s.%ld-%u.tmp", cache->folder, key, key, (long)getpid(),
                       cache->n_written++);
    int fd = -1;
    if (len < (int)sizeof temporary) {
        fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (fd < 0 && errno == ENOENT) {
            char *slash = strrchr(path, '/');
            *slash = '\0';
            (void)mkdir(path, 0777);
            *slash = '/';
            fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
        }
    }
    if (fd >= 0) {
        bool good = file_write_all(fd, whole.data, whole.len) == 0;
        good = close(fd) == 0 && good;
        if (!good || rename(temporary, path) != 0)
            unlink(temporary);
        cache->grew = true;
    }
    buffer_release(&whole);
}

/* ---- recordings ---- */

bool cache_load(struct cache *cache, const char *key, size_t n_pieces, struct arena *arena, struct buffer *mp3,
                struct recording *recording)
{
    struct buffer bytes = {0};
    uint64_t packed = 0;
    bool good = cache_load_bytes(cache, key, &bytes) && bytes.len >= sizeof packed;
    if (good) {
        memcpy(&packed, bytes.data, sizeof packed);
        good = packed <= bytes.len - sizeof packed &&
               recording_unpack(str_sub(buffer_view(&bytes), sizeof packed, sizeof packed + (size_t)packed), n_pieces, arena,
                                recording) == STATUS_OK;
    }
    if (good) {
        buffer_clear(mp3);
        buffer_append(mp3, bytes.data + sizeof packed + packed, bytes.len - sizeof packed - (size_t)packed);
        recording->mp3 = (const uint8_t *)mp3->data;
        recording->mp3_len = mp3->len;
        good = !buffer_failed(mp3) && mp3->len > 0;
    }
    buffer_release(&bytes);
    return good;
}

void cache_store(struct cache *cache, const char *key, size_t n_pieces, const struct recording *recording)
{
    struct buffer head = {0};
    uint64_t packed = 0;
    buffer_append(&head, &packed, sizeof packed);
    recording_pack(recording, n_pieces, &head);
    if (!buffer_failed(&head)) {
        packed = head.len - sizeof packed;
        memcpy(head.data, &packed, sizeof packed);
        cache_store_bytes(cache, key, buffer_view(&head), (struct str){(const char *)recording->mp3, recording->mp3_len});
    }
    buffer_release(&head);
}

enum status cache_key(const struct studio *studio, const struct passage *passage, char key[HASH_HEX_SIZE])
{
    const struct studio_settings *settings = &studio->settings;
    struct hash hash;
    if (hash_init(&hash) != STATUS_OK)
        return STATUS_NO_MEMORY;
    hash_number(&hash, RECORDING_VERSION);
    hash_field(&hash, str_from(encoder_version()));
    hash_field(&hash, str_from(resampler_version()));
    hash_number(&hash, settings->sample_rate_hz);
    hash_number(&hash, settings->bitrate_kbps);
    hash_real(&hash, settings->loudness_lufs);
    hash_real(&hash, settings->true_peak_dbtp);
    hash_number(&hash, passage->kind);
    enum status status = STATUS_OK;
    if (passage->kind == PASSAGE_AUDIO) {
        hash_number(&hash, passage->fade_in_ms);
        hash_number(&hash, passage->fade_out_ms);
        status = audio_identify(passage->audio_path, &hash, NULL);
    }
    for (size_t i = 0; passage->kind == PASSAGE_SPEECH && i < passage->n_pieces; i++) {
        const struct piece *piece = &passage->pieces[i];
        hash_number(&hash, (int64_t)studio_voice_of(studio, piece)->identity);
        hash_field(&hash, piece->words);
        hash_number(&hash, i + 1 < passage->n_pieces ? piece->pause_after_ms : 0);
        hash_number(&hash, (int64_t)piece->n_parts);
        for (size_t k = 0; k < piece->n_parts; k++) {
            hash_number(&hash, (int64_t)piece->parts[k].spoken_start);
            hash_number(&hash, (int64_t)piece->parts[k].spoken_end);
        }
    }
    hash_hex(&hash, key);
    hash_release(&hash);
    return status;
}

/* ---- looking after the folder ---- */

struct entry {
    struct timespec used;
    uint64_t bytes;
    char name[48]; /* "xx/HASH.rec" or a temporary's */
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->used.tv_sec != y->used.tv_sec)
        return x->used.tv_sec < y->used.tv_sec ? -1 : 1;
    if (x->used.tv_nsec != y->used.tv_nsec)
        return x->used.tv_nsec < y->used.tv_nsec ? -1 : 1;
    return strcmp(x->name, y->name);
}

struct entries {
    struct arena arena;
    struct entry *items;
    size_t n, capacity;
};

static bool is_cache_file(const char *name)
{
    size_t len = strlen(name);
    return len == HASH_HEX_SIZE - 1 + 4 && strcmp(name + len - 4, ".rec") == 0;
}

static void scan_folder(int folder_fd, const char *shard, struct entries *entries, time_t now)
{
    int fd = openat(folder_fd, shard, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir) {
        if (fd >= 0)
            close(fd);
        return;
    }
    for (const struct dirent *e; (e = readdir(dir)) != NULL;) {
        struct stat about;
        size_t len = strlen(e->d_name);
        bool left_behind = e->d_name[0] == '.' && len > 4 && strcmp(e->d_name + len - 4, ".tmp") == 0;
        if ((!left_behind && !is_cache_file(e->d_name)) || fstatat(fd, e->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (left_behind) { /* of a run that was killed; one that still writes is younger */
            if (now - about.st_mtime > 3600)
                unlinkat(fd, e->d_name, 0);
            continue;
        }
        struct entry *entry =
            arena_push(&entries->arena, (void **)&entries->items, &entries->n, &entries->capacity, sizeof *entry);
        if (!entry)
            break;
        entry->used = about.st_mtim;
        entry->bytes = (uint64_t)about.st_size;
        snprintf(entry->name, sizeof entry->name, "%.2s/%.40s", shard, e->d_name);
    }
    closedir(dir);
}

static enum status scan(const char *folder, int *folder_fd, struct entries *entries, struct problem *problem)
{
    *folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*folder_fd < 0)
        return errno == ENOENT ? STATUS_OK : problem_errno(problem, STATUS_UNAVAILABLE, folder, errno, "cannot read the cache");
    time_t now = time(NULL);
    for (int i = 0; i < 256; i++) {
        char shard[4];
        snprintf(shard, sizeof shard, "%02x", i & 255);
        scan_folder(*folder_fd, shard, entries, now);
    }
    return arena_failed(&entries->arena) ? problem_no_memory(problem) : STATUS_OK;
}

static void sum_up(const struct entries *entries, struct cache_report *report)
{
    *report = (struct cache_report){.limit_bytes = CACHE_DEFAULT_LIMIT, .n_recordings = entries->n};
    for (size_t i = 0; i < entries->n; i++)
        report->bytes += entries->items[i].bytes;
}

enum status cache_measure(const char *folder, struct cache_report *report, struct problem *problem)
{
    struct entries entries = {0};
    int fd;
    enum status status = scan(folder, &fd, &entries, problem);
    sum_up(&entries, report);
    if (fd >= 0)
        close(fd);
    arena_release(&entries.arena);
    return status;
}

enum status cache_prune(const char *folder, uint64_t keep_bytes, struct cache_report *report, struct problem *problem)
{
    struct entries entries = {0};
    int fd;
    enum status status = scan(folder, &fd, &entries, problem);
    sum_up(&entries, report);
    if (entries.n)
        qsort(entries.items, entries.n, sizeof *entries.items, compare_entries);
    for (size_t i = 0; i < entries.n && report->bytes > keep_bytes && status == STATUS_OK; i++) {
        /* another process may have been faster */
        if (unlinkat(fd, entries.items[i].name, 0) != 0 && errno != ENOENT)
            status = problem_errno(problem, STATUS_IO, folder, errno, "cannot remove '%s' from the cache", entries.items[i].name);
        report->bytes -= entries.items[i].bytes;
        report->n_recordings--;
    }
    if (fd >= 0)
        close(fd);
    arena_release(&entries.arena);
    return status;
}
