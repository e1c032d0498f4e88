#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utf8.h"
#include "edition/edition.h"
#include "edition/edition_internal.h"
#include "edition/inspect.h"
#include "frames.h"
#include "scarce.h"

static char folder[64];
static char path[128];

static int make_folder(void **state)
{
    (void)state;
    strncpy(folder, "/tmp/crier-edition-XXXXXX", sizeof folder - 1);
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/a.mp3", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    static const char *const names[] = {"a.mp3", "a.chapters.json", "a.vtt", "a.srt", "b.mp3"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char name[160];
        snprintf(name, sizeof name, "%s/%s", folder, names[i]);
        unlink(name);
    }
    return rmdir(folder); /* fails where a temporary file was left behind */
}

static const struct str titles[] = {
    {"Summit \xE2\x80\x9Cin\xE2\x80\x9D Budapest", 24}, {"\xF0\x9F\x98\x80 Section", 12}, {"Third", 5}};

static struct edition_settings settings_of(int rate_hz, int kbps)
{
    return (struct edition_settings){.sample_rate_hz = rate_hz,
                                     .bitrate_kbps = kbps,
                                     .title = STR("A title"),
                                     .artist = STR("Jane Doe"),
                                     .date = STR("2025-10-17"),
                                     .language = STR("en-GB"),
                                     .track = 7,
                                     .chapter_titles = titles,
                                     .n_chapters = 3,
                                     .silent_frame = frames_silent(rate_hz, kbps)};
}

static enum status make(const struct edition_settings *settings, size_t n_frames, struct edition_result *result,
                        struct edition **edition, struct problem *problem)
{
    struct frames tone = frames_make(settings->sample_rate_hz, settings->bitrate_kbps, n_frames, 0.2f);
    enum status status = edition_open(edition, path, settings, problem);
    for (size_t i = 0; status == STATUS_OK && i < settings->n_chapters; i++) {
        status = edition_start_chapter(*edition, 700, problem);
        if (status == STATUS_OK)
            status = edition_append(*edition, buffer_view(&tone.mp3), tone.count, problem);
        if (status == STATUS_OK)
            status = edition_pause(*edition, 400, problem);
        if (status == STATUS_OK)
            status = edition_append(*edition, buffer_view(&tone.mp3), tone.count, problem);
    }
    if (status == STATUS_OK)
        status = edition_finish(*edition, result, problem);
    buffer_release(&tone.mp3);
    return status;
}

/* What went in comes out, by our reader and by libsndfile's decoder (mpg123's), for every format that is allowed. */
static void test_round_trip(void **state)
{
    (void)state;
    static const int formats[][2] = {{44100, 64}, {44100, 128}, {48000, 64}, {32000, 48}, {22050, 56}, {24000, 64}, {16000, 40}};
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        struct edition_settings settings = settings_of(formats[f][0], formats[f][1]);
        struct edition_result result;
        struct edition *edition = NULL;
        struct problem problem = {0};
        enum status status = make(&settings, 50 + 13 * f, &result, &edition, &problem);
        if (status != STATUS_OK)
            print_error("%d Hz: %s\n", formats[f][0], problem.text);
        assert_int_equal(status, STATUS_OK);
        struct inspection found;
        assert_int_equal(inspection_read(&found, path, &(struct inspect_options){.measure = true}, &problem), STATUS_OK);
        for (size_t i = 0; i < found.n_breaches; i++)
            if (!strstr(found.breaches[i].data, "loudness"))
                fail_msg("%s", found.breaches[i].data);
        assert_int_equal(found.id3_version, 3);
        assert_int_equal(found.n_samples, result.n_samples);
        assert_int_equal(found.decoded_samples, result.n_samples);
        assert_int_equal(found.duration_ms, result.duration_ms);
        assert_int_equal(found.bytes, result.bytes);
        assert_int_equal(found.sample_rate_hz, formats[f][0]);
        assert_int_equal(found.bitrate_kbps, formats[f][1]);
        assert_int_equal(found.n_chapters, 3);
        /* Players that seek by the bitrate alone end up within a frame. */
        double ideal = (double)found.n_mp3_frames * (formats[f][0] >= 32000 ? 1152 : 576) / formats[f][0] * formats[f][1] * 125;
        double bytes = (double)(found.bytes - found.id3_bytes) - (double)edition->info_len;
        assert_true(fabs(bytes - ideal) < 5);
        for (size_t i = 0; i < 3; i++) {
            assert_str_equal(found.chapters[i].title, titles[i].data);
            assert_int_equal(found.chapters[i].start_ms % 1000, 0);
            assert_int_equal(found.chapters[i].start_ms, result.chapters[i].start_ms);
        }
        inspection_release(&found);
        edition_free(edition);
    }
}

/* ---- exact bytes ---- */

static struct buffer read_file(const char *name)
{
    struct buffer bytes = {0};
    struct problem problem = {0};
    assert_int_equal(file_read(name, (size_t)1 << 30, &bytes, &problem), STATUS_OK);
    return bytes;
}

static unsigned get_u32(const struct buffer *bytes, size_t at)
{
    const unsigned char *b = (const unsigned char *)bytes->data + at;
    return (unsigned)b[0] << 24 | (unsigned)b[1] << 16 | (unsigned)b[2] << 8 | b[3];
}

/* Bit by bit, another way than both of the program's. */
static unsigned slow_crc16(const char *data, size_t len)
{
    unsigned crc = 0;
    for (size_t i = 0; i < len * 8; i++) {
        unsigned bit = ((unsigned)(unsigned char)data[i / 8] >> i % 8 ^ crc) & 1;
        crc >>= 1;
        if (bit)
            crc ^= 0xA001;
    }
    return crc;
}

static size_t find_bytes(const struct buffer *bytes, const char *what, size_t len, size_t from)
{
    return str_find(buffer_view(bytes), (struct str){what, len}, from);
}

static void test_info_frame(void **state)
{
    (void)state;
    struct edition_settings settings = settings_of(44100, 64);
    struct edition_result result;
    struct edition *edition = NULL;
    struct problem problem = {0};
    assert_int_equal(make(&settings, 40, &result, &edition, &problem), STATUS_OK);
    struct buffer bytes = read_file(path);
    size_t id3 = 10 + (size_t)((bytes.data[6] & 0x7F) << 21 | (bytes.data[7] & 0x7F) << 14 | (bytes.data[8] & 0x7F) << 7 |
                               (bytes.data[9] & 0x7F));
    size_t info = id3 + 4 + 17;
    assert_memory_equal(bytes.data + info, "Info", 4);
    unsigned n = get_u32(&bytes, info + 8);
    assert_int_equal(result.n_samples, (uint64_t)n * 1152 - 1152);
    assert_int_equal(get_u32(&bytes, info + 12), bytes.len - id3);
    assert_memory_equal(bytes.data + info + 120, "LAME3.100", 9);
    assert_int_equal(get_u32(&bytes, info + 140) & 0xFFFFFF, 576 << 12 | 576);
    assert_int_equal(get_u32(&bytes, info + 148), bytes.len - id3);
    size_t audio = id3 + 208; /* 144 * 64000 / 44100 */
    assert_int_equal(get_u32(&bytes, info + 152) >> 16, slow_crc16(bytes.data + audio, bytes.len - audio));
    assert_int_equal(get_u32(&bytes, info + 152) & 0xFFFF, slow_crc16(bytes.data + id3, info + 154 - id3));
    for (size_t i = 1; i < 100; i++) {
        int step = (unsigned char)bytes.data[info + 16 + i] - (unsigned char)bytes.data[info + 15 + i];
        assert_in_range(step, 2, 3);
    }
    buffer_release(&bytes);
    edition_free(edition);
}

static void test_tag_bytes(void **state)
{
    (void)state;
    struct edition_settings settings = settings_of(44100, 64);
    settings.title = STR("a\x01"
                         "b\n\xE2\x80\xAE"
                         "c"); /* control character, line break, right-to-left override */
    struct edition_result result;
    struct edition *edition = NULL;
    struct problem problem = {0};
    assert_int_equal(make(&settings, 40, &result, &edition, &problem), STATUS_OK);
    struct buffer bytes = read_file(path);
    static const char head[] = "ID3\3\0\0";
    assert_memory_equal(bytes.data, head, 6);
    static const char title[] = "TIT2\0\0\0\x0D\0\0\1\xFF\xFE"
                                "a\0b\0 \0c\0\0\0";
    assert_memory_equal(bytes.data + 10, title, sizeof title - 1);
    static const char toc[] = "CTOC\0\0\0\x32\0\0toc\0\3\3chp000\0chp001\0chp002\0TIT2";
    size_t at = find_bytes(&bytes, toc, sizeof toc - 1, 0);
    assert_true(at < bytes.len);
    static const char chapter[] = "chp001\0";
    at = find_bytes(&bytes, "CHAP", 4, at);
    at = find_bytes(&bytes, "CHAP", 4, at + 4);
    assert_memory_equal(bytes.data + at + 10, chapter, 7);
    assert_int_equal(get_u32(&bytes, at + 17), result.chapters[1].start_ms);
    assert_int_equal(get_u32(&bytes, at + 21), result.chapters[2].start_ms);
    static const char offsets_and_title[] = "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFTIT2\0\0\0\x19\0\0\1\xFF\xFE\x3D\xD8\0\xDE \0S\0";
    assert_memory_equal(bytes.data + at + 25, offsets_and_title, sizeof offsets_and_title - 1);
    assert_true(find_bytes(&bytes,
                           "\1\xFF\xFE"
                           "1\0007\0001\0000\0\0\0",
                           13, 0) < bytes.len); /* TDAT 1710 */
    assert_true(find_bytes(&bytes, "COMM", 4, 0) < bytes.len);
    assert_true(find_bytes(&bytes, "e\0n\0g\0\0\0", 8, 0) < bytes.len);
    buffer_release(&bytes);
    edition_free(edition);
}

static void test_same_bytes(void **state)
{
    (void)state;
    struct edition_settings settings = settings_of(44100, 64);
    struct edition_result one, two;
    struct edition *edition = NULL;
    struct problem problem = {0};
    assert_int_equal(make(&settings, 30, &one, &edition, &problem), STATUS_OK);
    assert_string_equal(one.sha256, ""); /* nobody asked */
    edition_free(edition);
    settings.digest = true;
    assert_int_equal(make(&settings, 30, &one, &edition, &problem), STATUS_OK);
    assert_int_equal(strlen(one.sha256), 64);
    edition_free(edition);
    assert_int_equal(make(&settings, 30, &two, &edition, &problem), STATUS_OK);
    edition_free(edition);
    assert_string_equal(one.sha256, two.sha256);
    settings.track = 8;
    assert_int_equal(make(&settings, 30, &two, &edition, &problem), STATUS_OK);
    edition_free(edition);
    assert_string_not_equal(one.sha256, two.sha256);
}

/* ---- chapters ---- */

static void test_chapter_starts(void **state)
{
    (void)state;
    static struct str many[255];
    for (size_t i = 0; i < 255; i++)
        many[i] = STR("Chapter");
    struct edition_settings settings = settings_of(44100, 64);
    settings.chapter_titles = many;
    settings.n_chapters = 255;
    struct edition *edition;
    struct edition_result result;
    struct problem problem = {0};
    assert_int_equal(edition_open(&edition, path, &settings, &problem), STATUS_OK);
    uint64_t ends[255], starts[255];
    for (size_t i = 0; i < 255; i++) {
        ends[i] = edition_position(edition);
        int ms = (int)(i * 37 % 2001);
        assert_int_equal(edition_start_chapter(edition, ms, &problem), STATUS_OK);
        starts[i] = edition_position(edition);
        if (i)
            assert_true(starts[i] - ends[i] + 576 >= (uint64_t)ms * 44100 / 1000); /* to the nearest MP3 frame */
        struct frames sound = frames_make(44100, 64, 7 + i % 11, 0.1f);
        assert_int_equal(edition_append(edition, buffer_view(&sound.mp3), sound.count, &problem), STATUS_OK);
        buffer_release(&sound.mp3);
    }
    assert_int_equal(edition_start_chapter(edition, 500, &problem), STATUS_FAILED);
    problem = (struct problem){0};
    assert_int_equal(edition_finish(edition, &result, &problem), STATUS_OK);
    assert_int_equal(result.chapters[0].start_ms, 0);
    assert_int_equal(result.chapters[254].end_ms, result.duration_ms);
    for (size_t i = 1; i < 255; i++) {
        assert_int_equal(result.chapters[i].start_ms % 1000, 0);
        assert_int_equal(result.chapters[i - 1].end_ms, result.chapters[i].start_ms);
        uint64_t at = result.chapters[i].start_ms * 441 / 10;
        assert_true(at >= ends[i] + 11025);
        assert_true(starts[i] >= at + 11025);
        assert_true(starts[i] - ends[i] <= 2 * 44100 + 1152);
    }
    edition_free(edition);
}

/* ---- what is refused, and what is left behind ---- */

static struct str fake_png(unsigned width, unsigned height, size_t len)
{
    static char png[400000];
    memset(png, 0, sizeof png);
    memcpy(png, "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR", 16);
    for (int i = 0; i < 4; i++) {
        png[16 + i] = (char)(width >> (24 - 8 * i));
        png[20 + i] = (char)(height >> (24 - 8 * i));
    }
    return (struct str){png, len};
}

static void test_refused(void **state)
{
    (void)state;
    static struct str many[256];
    struct edition *edition;
    struct problem problem = {0};
    struct edition_settings settings = settings_of(44100, 64);
    const struct edition_settings good = settings;
    settings.n_chapters = 0;
    assert_int_equal(edition_open(&edition, path, &settings, &problem), STATUS_USAGE);
    assert_null(edition);
    settings.n_chapters = 256;
    settings.chapter_titles = many;
    problem = (struct problem){0};
    assert_int_equal(edition_open(&edition, path, &settings, &problem), STATUS_USAGE);

    const struct str covers[] = {STR("GIF89a"), fake_png(600, 500, 1000),
                                 STR("\xFF\xD8\xFF\xE0\0\4\0\0\xFF\xC2\0\13\10\1\0\1\0\1")};
    for (size_t i = 0; i < 3; i++) {
        settings = good;
        settings.cover = covers[i];
        problem = (struct problem){0};
        assert_int_equal(edition_open(&edition, path, &settings, &problem), STATUS_USAGE);
        assert_true(problem.text[0]);
    }
    settings.cover = fake_png(600, 600, 250000);
    problem = (struct problem){0};
    assert_int_equal(edition_open(&edition, path, &settings, &problem), STATUS_USAGE);
    settings.cover = fake_png(900, 900, 1000);
    problem = (struct problem){0};
    assert_int_equal(edition_open(&edition, path, &settings, &problem), STATUS_USAGE);

    settings = settings_of(44100, 40); /* a frame of 130 bytes */
    problem = (struct problem){0};
    assert_int_equal(edition_open(&edition, path, &settings, &problem), STATUS_USAGE);
    settings = settings_of(44100, 64);
    settings.bitrate_kbps = 128; /* not what the frame of silence is */
    problem = (struct problem){0};
    assert_int_equal(edition_open(&edition, path, &settings, &problem), STATUS_USAGE);
    problem = (struct problem){0};
    settings = settings_of(44100, 64);
    assert_int_equal(edition_open(&edition, "/nonexistent/a.mp3", &settings, &problem), STATUS_NO_OUTPUT);
    edition_free(NULL);
}

static void test_wrong_frames(void **state)
{
    (void)state;
    struct edition_settings settings = settings_of(44100, 64);
    struct edition *edition;
    struct edition_result result;
    struct problem problem = {0};
    assert_int_equal(edition_open(&edition, path, &settings, &problem), STATUS_OK);
    struct frames other = frames_make(44100, 128, 4, 0.1f);
    assert_int_equal(edition_append(edition, buffer_view(&other.mp3), other.count, &problem), STATUS_FAILED);
    buffer_release(&other.mp3);
    /* As long as it should be, but for another rate, or with two channels. */
    static const struct {
        size_t at;
        char flip;
    } wrong[] = {{2, 0x04}, {3, (char)0x80}, {1, 0x08}, {0, 0x01}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        other = frames_make(44100, 64, 4, 0.1f);
        other.mp3.data[wrong[i].at] = (char)(other.mp3.data[wrong[i].at] ^ wrong[i].flip);
        assert_int_equal(edition_append(edition, buffer_view(&other.mp3), other.count, &problem), STATUS_FAILED);
        buffer_release(&other.mp3);
    }
    /* Chapters missing, then no sound at all. */
    problem = (struct problem){0};
    assert_int_equal(edition_finish(edition, &result, &problem), STATUS_FAILED);
    edition_free(edition);
    assert_int_equal(access(path, F_OK), -1);
}

/* A frame that the caller miscounted is found when the file is read back, and nothing appears. */
static void test_read_back_refuses(void **state)
{
    (void)state;
    struct edition_settings settings = settings_of(44100, 64);
    settings.n_chapters = 1;
    struct edition *edition;
    struct edition_result result;
    struct problem problem = {0};
    struct frames sound = frames_make(44100, 64, 60, 0.1f);
    assert_int_equal(edition_open(&edition, path, &settings, &problem), STATUS_OK);
    assert_int_equal(edition_start_chapter(edition, 0, &problem), STATUS_OK);
    memset(sound.mp3.data + 4000, 0x55, 300);
    assert_int_equal(edition_append(edition, buffer_view(&sound.mp3), sound.count, &problem), STATUS_OK);
    assert_int_equal(edition_finish(edition, &result, &problem), STATUS_FAILED);
    buffer_release(&sound.mp3);
    edition_free(edition);
    assert_int_equal(access(path, F_OK), -1);
}

/* One byte of the draft is spoiled before it is finished: in the sound, it is found and the old file stays; in the room of the
 * tag, which is written last, it does no harm. */
static void test_spoiled_draft(void **state)
{
    (void)state;
    struct edition_settings settings = settings_of(44100, 64);
    struct frames tone = frames_make(44100, 64, 30, 0.2f);
    size_t refused = 0;
    for (unsigned at = 0; at < 60; at++) {
        struct edition *edition = NULL;
        struct edition_result result;
        struct problem problem = {0};
        FILE *old = fopen(path, "w");
        assert_non_null(old);
        fputs("old", old);
        fclose(old);
        assert_int_equal(edition_open(&edition, path, &settings, &problem), STATUS_OK);
        for (int i = 0; i < 3; i++) {
            assert_int_equal(edition_start_chapter(edition, 700, &problem), STATUS_OK);
            assert_int_equal(edition_append(edition, buffer_view(&tone.mp3), tone.count, &problem), STATUS_OK);
        }
        size_t sound = edition->id3_room + edition->info_len;
        size_t place = at < 10 ? at * sound / 10 : sound + (at - 10) * edition->audio_bytes / 50;
        int fd = open(edition->draft.temporary, O_RDWR);
        unsigned char byte;
        assert_int_equal(pread(fd, &byte, 1, (off_t)place), 1);
        byte ^= (unsigned char)(1 << at % 8);
        assert_int_equal(pwrite(fd, &byte, 1, (off_t)place), 1);
        close(fd);
        enum status status = edition_finish(edition, &result, &problem);
        edition_free(edition);
        assert_int_equal(status, at < 10 ? STATUS_OK : STATUS_FAILED);
        struct buffer now = {0};
        assert_int_equal(file_read(path, 1 << 24, &now, NULL), STATUS_OK);
        if (status == STATUS_OK) {
            struct inspection found;
            assert_int_equal(inspection_read(&found, path, NULL, &problem), STATUS_OK);
            assert_int_equal(found.n_breaches, 0);
            inspection_release(&found);
        } else {
            assert_true(problem.text[0]);
            assert_str_equal(buffer_view(&now), "old");
            refused++;
        }
        buffer_release(&now);
    }
    assert_int_equal(refused, 50);
    buffer_release(&tone.mp3);
}

/* What its structure does not tell: `verify` decodes, and the sound is not what it was to be. */
static void test_verify_hears(void **state)
{
    (void)state;
    struct edition_settings settings = settings_of(44100, 64);
    settings.loudness_lufs = -40; /* the tone is far louder */
    struct edition *edition = NULL;
    struct edition_result result;
    struct problem problem = {0};
    assert_int_equal(make(&settings, 200, &result, &edition, &problem), STATUS_OK);
    edition_free(edition);
    unlink(path);
    settings.verify = true;
    assert_int_equal(make(&settings, 200, &result, &edition, &problem), STATUS_FAILED);
    assert_non_null(strstr(problem.text, "loudness"));
    edition_free(edition);
    assert_int_equal(access(path, F_OK), -1);
}

static void test_two_gigabytes(void **state)
{
    (void)state;
    struct edition_settings settings = settings_of(44100, 64);
    struct edition *edition;
    struct problem problem = {0};
    assert_int_equal(edition_open(&edition, path, &settings, &problem), STATUS_OK);
    edition->audio_bytes = INT32_MAX - 20000; /* as after 74 hours */
    assert_int_equal(edition_pause(edition, 500, &problem), STATUS_OK);
    assert_int_equal(edition_pause(edition, 2000, &problem), STATUS_BAD_DATA);
    assert_non_null(strstr(problem.text, "2 GiB"));
    edition_free(edition);
}

/* Every write may fail: the file that was there before stays, no temporary is left. */
static void test_full_disk(void **state)
{
    (void)state;
    int fd = open(path, O_WRONLY | O_CREAT, 0666);
    assert_int_equal(write(fd, "old", 3), 3);
    close(fd);
    struct edition_settings settings = settings_of(44100, 64);
    struct rlimit before, limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    for (rlim_t room = 100; room < 60000; room += 4999) {
        limit = (struct rlimit){room, before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
        struct edition *edition = NULL;
        struct edition_result result;
        struct problem problem = {0};
        enum status status = make(&settings, 80, &result, &edition, &problem);
        edition_free(edition);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_int_equal(status, STATUS_IO);
        struct buffer kept = read_file(path);
        assert_str_equal(buffer_view(&kept), "old");
        buffer_release(&kept);
    }
}

/* ---- sidecars ---- */

static void add_cue(struct edition *edition, uint64_t start, uint64_t end, const char *speaker, const char *text)
{
    struct problem problem = {0};
    struct cue cue = {.start_sample = start, .end_sample = end, .speaker = str_from(speaker), .text = str_from(text)};
    assert_int_equal(edition_add_cue(edition, &cue, &problem), STATUS_OK);
}

static struct edition *start_cues(struct edition_settings *settings)
{
    struct edition *edition;
    struct problem problem = {0};
    *settings = settings_of(44100, 64);
    settings->n_chapters = 2;
    assert_int_equal(edition_open(&edition, path, settings, &problem), STATUS_OK);
    struct frames sound = frames_make(44100, 64, 400, 0.1f);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(edition_start_chapter(edition, 600, &problem), STATUS_OK);
        assert_int_equal(edition_append(edition, buffer_view(&sound.mp3), sound.count, &problem), STATUS_OK);
    }
    buffer_release(&sound.mp3);
    return edition;
}

static void test_sidecars(void **state)
{
    (void)state;
    struct edition_settings settings;
    struct edition *edition = start_cues(&settings);
    struct edition_result result;
    struct problem problem = {0};
    assert_int_equal(edition_write_sidecars(edition, &problem), STATUS_FAILED); /* not yet */
    problem = (struct problem){0};
    add_cue(edition, 0, 44100, "", "He said: <b>R&D --> now.");
    add_cue(edition, 44100, 132300, "Anna <M>", "One two three four five six seven eight nine ten, eleven twelve thirteen.");
    const struct cue_word words[] = {{0, 176400}, {39, 300000}};
    struct cue cue = {
        176400,  441000,
        STR(""), STR("A long sentence goes on and on and on, and then comes its second half, which is slower than the first."),
        words,   2};
    assert_int_equal(edition_add_cue(edition, &cue, &problem), STATUS_OK);
    assert_int_equal(edition_finish(edition, &result, &problem), STATUS_OK);
    assert_int_equal(edition_write_sidecars(edition, &problem), STATUS_OK);
    char name[160];
    snprintf(name, sizeof name, "%s/a.vtt", folder);
    struct buffer vtt = read_file(name);
    assert_str_equal(buffer_view(&vtt), "WEBVTT\n\n"
                                        "00:00:00.000 --> 00:00:01.000\n"
                                        "He said: &lt;b&gt;R&amp;D --&gt; now.\n\n"
                                        "00:00:01.000 --> 00:00:03.000\n"
                                        "<v Anna &lt;M&gt;>One two three four five six seven\n"
                                        "eight nine ten, eleven twelve thirteen.\n\n"
                                        "00:00:04.000 --> 00:00:06.802\n"
                                        "A long sentence goes on and on and on,\n\n"
                                        "00:00:06.802 --> 00:00:10.000\n"
                                        "and then comes its second half, which is slower than the first.\n\n");
    buffer_release(&vtt);
    snprintf(name, sizeof name, "%s/a.srt", folder);
    struct buffer srt = read_file(name);
    assert_non_null(strstr(srt.data, "1\n00:00:00,000 --> 00:00:01,000\nHe said:\xC2\xA0\xE2\x80\xB9"
                                     "b>R&D \xE2\x80\x93-> now.\n\n2\n"));
    buffer_release(&srt);
    snprintf(name, sizeof name, "%s/a.chapters.json", folder);
    struct buffer json = read_file(name);
    assert_non_null(strstr(json.data, "\"version\": \"1.2.0\""));
    char expected[200];
    snprintf(expected, sizeof expected,
             "\"startTime\": %d,\n      \"title\": \"\xF0\x9F\x98\x80 Section\",\n      \"endTime\": %.10g\n",
             (int)(result.chapters[1].start_ms / 1000), (double)result.duration_ms / 1000);
    assert_non_null(strstr(json.data, expected));
    buffer_release(&json);
    edition_free(edition);
}

/* The rules hold for any cues: times ascend, at most 7 s, lines fit, no chapter start inside, no word lost. */
static void test_captions_keep_the_rules(void **state)
{
    (void)state;
    struct edition_settings settings;
    struct edition *edition = start_cues(&settings);
    struct edition_result result;
    struct problem problem = {0};
    srand(7);
    uint64_t at = 0;
    struct buffer all = {0};
    for (int i = 0; i < 200; i++) {
        struct buffer text = {0};
        int n = 1 + rand() % 60;
        for (int w = 0; w < n; w++) {
            int len = rand() % 50 ? 1 + rand() % 12 : 90;
            for (int c = 0; c < len; c++)
                buffer_c_string(&text, rand() % 5 ? "e" : "\xC3\xA9");
            buffer_c_string(&text, w + 1 == n ? "." : rand() % 6 ? " " : ", ");
        }
        uint64_t end = at + (uint64_t)(rand() % (rand() % 8 ? 40000 : 900000));
        add_cue(edition, at, end, "", text.data);
        at = end + (uint64_t)(rand() % 100);
        for (size_t c = 0; c < text.len; c++)
            if (text.data[c] != ' ')
                buffer_byte(&all, text.data[c]);
        buffer_release(&text);
    }
    assert_int_equal(edition_finish(edition, &result, &problem), STATUS_OK);
    assert_int_equal(edition_write_sidecars(edition, &problem), STATUS_OK);
    char name[160];
    snprintf(name, sizeof name, "%s/a.srt", folder);
    struct buffer srt = read_file(name);
    struct str rest = buffer_view(&srt), line;
    struct buffer words = {0};
    unsigned long last_end = 0;
    while (str_next(&rest, '\n', &line) && line.len) {
        unsigned h, m, s, ms, h2, m2, s2, ms2;
        assert_true(str_next(&rest, '\n', &line));
        assert_int_equal(sscanf(line.data, "%u:%u:%u,%u --> %u:%u:%u,%u", &h, &m, &s, &ms, &h2, &m2, &s2, &ms2), 8);
        unsigned long start = ((h * 60 + m) * 60 + s) * 1000 + ms, end = ((h2 * 60 + m2) * 60 + s2) * 1000 + ms2;
        assert_true(start >= last_end);
        assert_true(end > start && end <= start + 7000);
        unsigned long chapter = (unsigned long)result.chapters[1].start_ms;
        assert_false(start < chapter && end > chapter);
        last_end = end;
        int n_lines = 0;
        while (str_next(&rest, '\n', &line) && line.len) {
            assert_in_range(utf8_count(line), 1, 42);
            for (size_t c = 0; c < line.len; c++)
                if (line.data[c] != ' ')
                    buffer_byte(&words, line.data[c]);
            n_lines++;
        }
        assert_in_range(n_lines, 1, 2);
    }
    assert_true(str_eq(buffer_view(&words), buffer_view(&all)));
    buffer_release(&words);
    buffer_release(&all);
    buffer_release(&srt);
    edition_free(edition);
}

/* Each allocation fails once: a clean refusal, nothing left behind, no half file. */
static void test_memory_runs_out(void **state)
{
    (void)state;
    if (!scarce_works)
        skip();
    struct edition_settings settings = settings_of(44100, 64);
    struct frames sound = frames_make(44100, 64, 20, 0.1f);
    struct cue cue = {.end_sample = 20000,
                      .text = STR("A few words: as many as it takes to be cut into two captions, more or less.")};
    bool came = true;
    long n = 0, n_refused = 0;
    for (; came; n++) {
        struct edition *edition = NULL;
        struct edition_result result;
        struct problem problem = {0};
        bool finished = false;
        scarce_start(n);
        enum status status = edition_open(&edition, path, &settings, &problem);
        for (int i = 0; i < 3 && status == STATUS_OK; i++) {
            status = edition_start_chapter(edition, 500, &problem);
            if (status == STATUS_OK)
                status = edition_append(edition, buffer_view(&sound.mp3), sound.count, &problem);
            if (status == STATUS_OK)
                status = edition_add_cue(edition, &cue, &problem);
        }
        if (status == STATUS_OK)
            status = edition_finish(edition, &result, &problem);
        finished = status == STATUS_OK;
        if (finished)
            status = edition_write_sidecars(edition, &problem);
        edition_free(edition);
        came = scarce_stop();
        if (!came || status != STATUS_OK) /* the C library gets over it where it only wanted to give memory back */
            assert_int_equal(status, came ? STATUS_NO_MEMORY : STATUS_OK);
        n_refused += status != STATUS_OK;
        assert_int_equal(access(path, F_OK), finished ? 0 : -1);
        unlink(path);
    }
    assert_true(n > 20 && n_refused > n * 9 / 10);
    buffer_release(&sound.mp3);
}

/* Titles that nobody meant as titles are cut rather than refused; the list in the comment goes before the chapters do. */
static void test_large_tag(void **state)
{
    (void)state;
    static char text[4000];
    static struct str many[255];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 10 == 9 ? ' ' : 'a';
    for (size_t i = 0; i < 255; i++)
        many[i] = (struct str){text, sizeof text};
    struct edition_settings settings = settings_of(44100, 64);
    settings.title = settings.artist = many[0];
    settings.chapter_titles = many;
    settings.n_chapters = 255;
    struct edition *edition = NULL;
    struct edition_result result;
    struct problem problem = {0};
    assert_int_equal(make(&settings, 8, &result, &edition, &problem), STATUS_OK);
    edition_free(edition);
    struct inspection found;
    assert_int_equal(inspection_read(&found, path, NULL, &problem), STATUS_OK);
    assert_int_equal(found.n_breaches, 0);
    assert_int_equal(found.n_chapters, 255);
    assert_in_range(utf8_count(found.chapters[0].title), 200, TAG_TEXT_LIMIT + 1);
    inspection_release(&found);
    settings.cover = fake_png(600, 600, 199000); /* no room for both */
    assert_int_equal(edition_open(&edition, path, &settings, &problem), STATUS_USAGE);
    settings.n_chapters = 100;
    problem = (struct problem){0};
    assert_int_equal(make(&settings, 8, &result, &edition, &problem), STATUS_OK);
    edition_free(edition);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_round_trip),      TEST(test_info_frame),
        TEST(test_tag_bytes),       TEST(test_same_bytes),
        TEST(test_chapter_starts),  TEST(test_refused),
        TEST(test_wrong_frames),    TEST(test_read_back_refuses),
        TEST(test_spoiled_draft),   TEST(test_verify_hears),
        TEST(test_two_gigabytes),   TEST(test_full_disk),
        TEST(test_sidecars),        TEST(test_captions_keep_the_rules),
        TEST(test_memory_runs_out), TEST(test_large_tag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
