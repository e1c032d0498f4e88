#include "test.h"

#include <sys/mman.h>
#include <unistd.h>

#include <jansson.h>

#include "base/file.h"
#include "edition/edition.h"
#include "edition/inspect.h"
#include "frames.h"

static char path[64];

static int make_path(void **state)
{
    (void)state;
    strncpy(path, "/tmp/crier-inspect-XXXXXX", sizeof path - 1);
    int fd = mkstemp(path);
    if (fd >= 0)
        close(fd);
    return fd < 0 ? -1 : 0;
}

static int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

static void write_bytes(struct str bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.data, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
}

static struct inspection inspect(bool measure)
{
    struct inspection found;
    struct problem problem = {0};
    if (inspection_read(&found, path, &(struct inspect_options){.measure = measure}, &problem) != STATUS_OK)
        fail_msg("%s", problem.text);
    return found;
}

static bool has_breach(const struct inspection *found, const char *words)
{
    for (size_t i = 0; i < found->n_breaches; i++)
        if (strstr(found->breaches[i].data, words))
            return true;
    return false;
}

static struct str tag_of(const struct inspection *found, const char *id)
{
    for (size_t i = 0; i < found->n_tags; i++)
        if (strcmp(found->tags[i].id, id) == 0)
            return found->tags[i].value;
    return STR("(none)");
}

/* A whole edition of ours, in memory. */
static struct buffer edition_bytes(size_t n_frames)
{
    static const struct str titles[] = {{"One", 3}, {"Two \xE2\x80\x94 2", 9}};
    static char cover[300] = "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\1\0\0\0\1\0";
    struct edition_settings settings = {.sample_rate_hz = 44100,
                                        .bitrate_kbps = 64,
                                        .title = STR("Title"),
                                        .date = STR("2025-10-17"),
                                        .language = STR("en"),
                                        .chapter_titles = titles,
                                        .n_chapters = 2,
                                        .cover = {cover, sizeof cover},
                                        .silent_frame = frames_silent(44100, 64)};
    struct edition *edition;
    struct edition_result result;
    struct problem problem = {0};
    assert_int_equal(edition_open(&edition, path, &settings, &problem), STATUS_OK);
    struct frames sound = frames_make(44100, 64, n_frames, 0.2f);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(edition_start_chapter(edition, 700, &problem), STATUS_OK);
        assert_int_equal(edition_append(edition, buffer_view(&sound.mp3), sound.count, &problem), STATUS_OK);
    }
    assert_int_equal(edition_finish(edition, &result, &problem), STATUS_OK);
    edition_free(edition);
    buffer_release(&sound.mp3);
    struct buffer bytes = {0};
    assert_int_equal(file_read(path, (size_t)1 << 30, &bytes, &problem), STATUS_OK);
    return bytes;
}

/* Files of others: LAME's own with any tags, `id3v2` 3 or 0. */
static struct buffer foreign_bytes(int rate_hz, bool vbr, int channels)
{
    struct buffer out = {0};
    lame_global_flags *lame = lame_init();
    lame_set_in_samplerate(lame, rate_hz);
    lame_set_out_samplerate(lame, rate_hz);
    lame_set_num_channels(lame, channels);
    lame_set_VBR(lame, vbr ? vbr_mtrh : vbr_off);
    lame_set_brate(lame, rate_hz >= 32000 ? 128 : 64);
    lame_set_quality(lame, 7);
    lame_set_bWriteVbrTag(lame, 1);
    lame_set_write_id3tag_automatic(lame, 0);
    assert_true(lame_init_params(lame) >= 0);
    static float pcm[2][30000];
    for (int i = 0; i < 30000; i++)
        pcm[0][i] = pcm[1][i] = i > 9000 && i < 20000 ? (float)(0.3 * sin(0.03 * i) + 0.1 * ((i * 7919) % 101 - 50) / 50) : 0;
    unsigned char block[80000];
    int got = lame_encode_buffer_ieee_float(lame, pcm[0], pcm[1], 30000, block, sizeof block);
    buffer_append(&out, block, (size_t)got);
    got = lame_encode_flush(lame, block, sizeof block);
    buffer_append(&out, block, (size_t)got);
    size_t len = lame_get_lametag_frame(lame, block, sizeof block);
    memcpy(out.data, block, len);
    lame_close(lame);
    return out;
}

/* The figures of LAME's own files: 30000 samples went in, whatever the rate. */
static void test_foreign_streams(void **state)
{
    (void)state;
    static const int rates[] = {44100, 48000, 32000, 22050, 16000, 11025, 8000};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        for (int kind = 0; kind < 3; kind++) {
            struct buffer bytes = foreign_bytes(rates[i], kind == 1, kind == 2 ? 2 : 1);
            write_bytes(buffer_view(&bytes));
            struct inspection found = inspect(true);
            assert_int_equal(found.sample_rate_hz, rates[i]);
            assert_int_equal(found.n_samples, 30000);
            assert_int_equal(found.decoded_samples, 30000);
            assert_int_equal(found.channels, kind == 2 ? 2 : 1);
            assert_int_equal(has_breach(&found, "channels"), kind == 2);
            assert_int_equal(has_breach(&found, "bitrate changes"), kind == 1);
            assert_true(has_breach(&found, "no ID3v2.3"));
            assert_false(has_breach(&found, "counts"));
            assert_false(has_breach(&found, "checksum"));
            assert_false(has_breach(&found, "LAME tag"));
            inspection_release(&found);
            buffer_release(&bytes);
        }
}

/* Tags of all kinds around a stream. */
static void test_foreign_tags(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct str before, after;
        int version;
        const char *title, *breach;
    } cases[] = {
#define BYTES(literal) {literal, sizeof(literal) - 1}
        {"2.2", BYTES("ID3\2\0\0\0\0\0\x0BTT2\0\0\5\0Old\xE9"), BYTES(""), 2, "Old\xC3\xA9", "ID3v2.2"},
        {"2.3 latin", BYTES("ID3\3\0\0\0\0\0\x0FTIT2\0\0\0\5\0\0\0Caf\xE9"), BYTES(""), 3, "Caf\xC3\xA9", "not UTF-16"},
        {"2.3 big-endian, unsynchronised", BYTES("ID3\3\0\x80\0\0\0\x13TIT2\0\0\0\7\0\0\1\xFE\xFF\0\0A\xFF\0\0\0"), BYTES(""), 3,
         "A\xEF\xBC\x80", "flags 0x80"},
        {"2.4 utf-8", BYTES("ID3\4\0\0\0\0\0\x0FTIT2\0\0\0\5\0\0\3\xC3\xA9t\xC3"), BYTES(""), 4, "\xC3\xA9t\xEF\xBF\xBD",
         "ID3v2.4"},
        {"2.3 extended header", BYTES("ID3\3\0\x40\0\0\0\x17\0\0\0\6\0\0\0\0\0\0TIT2\0\0\0\3\0\0\0AB"), BYTES(""), 3, "AB",
         "flags 0x40"},
        {"ID3v1", BYTES(""), BYTES("TAG"), 0, "(none)", "ID3v1"},
        {"APE", BYTES(""), BYTES("xxxxxxxxAPETAGEX\xD0\7\0\0\x28\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), 0, "(none)", "APE"},
        {"APE with a header", BYTES(""),
         BYTES("APETAGEX\xD0\7\0\0\x20\0\0\0\0\0\0\0\0\0\0\xA0\0\0\0\0\0\0\0\0"
               "APETAGEX\xD0\7\0\0\x20\0\0\0\0\0\0\0\0\0\0\x80\0\0\0\0\0\0\0\0"),
         0, "(none)", "APE"},
        {"Lyrics3", BYTES(""), BYTES("LYRICSBEGININD0000200000021LYRICS200"), 0, "(none)", "Lyrics3"},
        {"2.4 frame unsynchronised, its length told", BYTES("ID3\4\0\0\0\0\0\x15TIT2\0\0\0\x0B\0\3\0\0\0\6\3\xFF\0\xE0\xC3\xA9t"),
         BYTES(""), 4, "\xEF\xBF\xBD\xEF\xBF\xBD\xC3\xA9t", "ID3v2.4"},
        {"2.4 footer", BYTES("ID3\4\0\x10\0\0\0\x0DTIT2\0\0\0\3\0\0\3ABI3D\4\0\x10\0\0\0\x0D"), BYTES(""), 4, "AB", "flags 0x10"},
        {"2.2 picture", BYTES("ID3\2\0\0\0\0\0\x0FPIC\0\0\x09\0PNG\3\0GIF"), BYTES(""), 2, "(none)", "The picture will not do"},
        {"two tags", BYTES("ID3\3\0\0\0\0\0\x0DTIT2\0\0\0\3\0\0\0ABID3\3\0\0\0\0\0\2\0\0"), BYTES(""), 3, "AB", "second ID3v2"},
        {"junk", BYTES("RIFF$\xFF\xFB\0"), BYTES("\r\n"), 0, "(none)", "before the first frame"},
    };
    struct buffer stream = foreign_bytes(44100, false, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer bytes = {0};
        buffer_str(&bytes, cases[i].before);
        buffer_str(&bytes, buffer_view(&stream));
        buffer_str(&bytes, cases[i].after);
        if (strcmp(cases[i].name, "ID3v1") == 0)
            for (int n = 0; n < 125; n++)
                buffer_byte(&bytes, ' ');
        write_bytes(buffer_view(&bytes));
        struct inspection found = inspect(false);
        if (!has_breach(&found, cases[i].breach))
            fail_msg("%s: nothing said of %s", cases[i].name, cases[i].breach);
        assert_int_equal(found.id3_version, cases[i].version);
        assert_str_equal(tag_of(&found, "TIT2"), cases[i].title);
        assert_int_equal(found.n_samples, 30000);
        assert_int_equal(has_breach(&found, "no sound"), strcmp(cases[i].name, "junk") == 0); /* what is a tag is no junk */
        inspection_release(&found);
        buffer_release(&bytes);
    }
    buffer_release(&stream);
}

/* The first frame of some encoders tells of the others in a way of its own, and is no sound. */
static void test_vbri(void **state)
{
    (void)state;
    struct frames sound = frames_make(44100, 64, 20, 0.2f);
    struct buffer bytes = {0};
    buffer_str(&bytes, frames_silent(44100, 64));
    memcpy(bytes.data + 36, "VBRI\0\1\0\0\0\0\0\0\0\0\0\0\0\x14", 18);
    buffer_str(&bytes, buffer_view(&sound.mp3));
    write_bytes(buffer_view(&bytes));
    struct inspection found = inspect(false);
    assert_int_equal(found.n_mp3_frames, 20);
    assert_true(has_breach(&found, "no Info frame"));
    inspection_release(&found);
    buffer_release(&bytes);
    buffer_release(&sound.mp3);
}

/* Frames that lack the byte of padding now and then: the longer it plays, the more wrong a player's jump by the bitrate. */
static void test_frames_without_padding(void **state)
{
    (void)state;
    struct frames sound = frames_make(44100, 64, 2, 0);
    struct buffer bytes = {0};
    sound.mp3.data[2] &= ~2;
    for (int i = 0; i < 2000; i++)
        buffer_append(&bytes, sound.mp3.data, 208);
    write_bytes(buffer_view(&bytes));
    struct inspection found = inspect(false);
    assert_int_equal(found.n_mp3_frames, 2000);
    assert_true(has_breach(&found, "lack their padding"));
    inspection_release(&found);
    buffer_release(&bytes);
    buffer_release(&sound.mp3);
}

static size_t frame_len(const char *frame)
{
    return 10 + (size_t)(uint8_t)frame[6] * 256 + (uint8_t)frame[7];
}

/* Two frames of a tag that follow each other, the other way round. */
static void swap_frames(struct buffer *bytes, const char *first_id, const char *second_id)
{
    struct str all = buffer_view(bytes);
    size_t first = str_find(all, str_from(first_id), 0), second = str_find(all, str_from(second_id), 0);
    assert_true(first < second && second != SIZE_MAX);
    size_t first_len = frame_len(all.data + first), second_len = frame_len(all.data + second);
    assert_int_equal(first + first_len, second);
    struct buffer swapped = {0};
    buffer_append(&swapped, all.data + second, second_len);
    buffer_append(&swapped, all.data + first, first_len);
    memcpy(bytes->data + first, swapped.data, swapped.len);
    buffer_release(&swapped);
}

static void test_order_and_repetition(void **state)
{
    (void)state;
    struct buffer good = edition_bytes(40), bad = {0};
    buffer_str(&bad, buffer_view(&good));
    swap_frames(&bad, "CTOC", "CHAP");
    write_bytes(buffer_view(&bad));
    struct inspection found = inspect(false);
    assert_true(has_breach(&found, "comes after a chapter"));
    assert_int_equal(found.n_chapters, 2);
    inspection_release(&found);
    memcpy(bad.data, good.data, good.len);
    for (size_t at = 0; (at = str_find(buffer_view(&bad), STR("chp001"), at)) != SIZE_MAX;)
        bad.data[at + 5] = '0';
    write_bytes(buffer_view(&bad));
    found = inspect(false);
    assert_true(has_breach(&found, "the same id"));
    assert_true(has_breach(&found, "ascending"));
    inspection_release(&found);
    memcpy(bad.data, good.data, good.len);
    memcpy(bad.data + str_find(buffer_view(&bad), STR("Info"), 0), "Xing", 4);
    write_bytes(buffer_view(&bad));
    found = inspect(false);
    assert_true(has_breach(&found, "though the bitrate is constant"));
    inspection_release(&found);
    /* the picture twice: the second in the padding */
    memcpy(bad.data, good.data, good.len);
    size_t padding = str_find(buffer_view(&good), STR("APIC"), 0);
    while (good.data[padding])
        padding += frame_len(good.data + padding);
    memcpy(bad.data + padding, "APIC\0\0\0\x0E\0\0\0image/png\0\3\0x", 24);
    write_bytes(buffer_view(&bad));
    found = inspect(false);
    assert_true(has_breach(&found, "more than one picture"));
    inspection_release(&found);
    buffer_release(&bad);
    buffer_release(&good);
}

/* Each fault put into a good file is told, and only then. */
static void test_breaches(void **state)
{
    (void)state;
    struct buffer good = edition_bytes(40);
    struct inspection found = inspect(false);
    assert_int_equal(found.n_breaches, 0);
    assert_str_equal(found.cover_type, "image/png");
    assert_int_equal(found.cover_bytes, 300);
    assert_str_equal(tag_of(&found, "TPE1"), "crier");
    assert_str_equal(tag_of(&found, "TALB"), "crier editions");
    size_t id3 = found.id3_bytes;
    inspection_release(&found);
    struct {
        const char *near; /* the byte at `offset` from it is changed */
        int offset, value;
        const char *breach;
    } cases[] = {
        {"CTOC", 14, 1, "flags 0x1"},
        {"CTOC", 20, 'X', "does not name all"},
        {"chp001\0\0\0", 10, 0x7F, "ends at"},
        {"chp000\0\0\0", 6 + 4, 1, "not at 0"},
        {"chp000\0\0\0", 6 + 9, 0, "byte offsets"},
        {"TLEN", 13, '9', "TLEN says"},
        {"TALB", 3, 'X', "no TALB"},
        {"TCON", 0, 'X', "no TCON"},
        {"APIC", 21, 4, "front cover"},
        {"IHDR", 7, 9, "square"},
        {"TPE1", 11, 0xFE, "not UTF-16"},
        {"Info", 11, 1, "frames but there are"},
        {"Info", 15, 1, "bytes but there are"},
        {"Info", 0, 'X', "no Info frame"},
        {"Info", 60, 1, "checksum of the Info frame"},
        {"Info", 141, 0, "1105"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer bad = {0};
        buffer_str(&bad, buffer_view(&good));
        size_t len = strlen(cases[i].near);
        len += len == 6 ? 1 : 0;
        size_t at = SIZE_MAX;
        for (size_t from = 0; (from = str_find(buffer_view(&bad), (struct str){cases[i].near, len}, from)) != SIZE_MAX; from++)
            at = from; /* the last: in CHAP, not in the table of contents */
        assert_true(at != SIZE_MAX);
        bad.data[at + (size_t)cases[i].offset] = (char)cases[i].value;
        write_bytes(buffer_view(&bad));
        found = inspect(false);
        if (!has_breach(&found, cases[i].breach))
            fail_msg("case %zu: nothing said of %s, but: %s", i, cases[i].breach,
                     found.n_breaches ? found.breaches[0].data : "nothing");
        inspection_release(&found);
        buffer_release(&bad);
    }
    good.data[good.len - 3] ^= 1; /* in the last frame */
    write_bytes(buffer_view(&good));
    found = inspect(false);
    assert_true(has_breach(&found, "checksum of the music"));
    inspection_release(&found);
    struct str halves[] = {buffer_view(&good), str_sub(buffer_view(&good), id3, good.len)};
    struct buffer joined = {0};
    buffer_str(&joined, halves[0]);
    buffer_str(&joined, halves[1]);
    write_bytes(buffer_view(&joined));
    found = inspect(false);
    assert_true(has_breach(&found, "Info frame inside"));
    inspection_release(&found);
    buffer_release(&joined);
    buffer_release(&good);
}

static void test_measures(void **state)
{
    (void)state;
    struct buffer bytes = edition_bytes(400);
    struct inspection found = inspect(true);
    /* A sine of 0.2, times the 0.95 that LAME takes off: -14.4 dBTP, and for one channel 3.01 + 0.69 less in LUFS, as K weighting
     * does next to nothing at 351 Hz. */
    assert_true(fabs(found.true_peak_dbtp + 14.4) < 0.2);
    assert_true(fabs(found.loudness_lufs + 18.1) < 0.2);
    assert_true(has_breach(&found, "loudness"));
    assert_false(has_breach(&found, "true peak"));
    inspection_release(&found);
    buffer_release(&bytes);
    struct frames loud = frames_make(44100, 64, 100, 1.2f);
    write_bytes(buffer_view(&loud.mp3));
    found = inspect(true);
    assert_true(has_breach(&found, "true peak"));
    inspection_release(&found);
    buffer_release(&loud.mp3);
}

static void test_json(void **state)
{
    (void)state;
    struct buffer bytes = edition_bytes(40), out = {0};
    struct inspection found = inspect(false);
    assert_int_equal(inspection_write_json(&found, &out), STATUS_OK);
    json_t *root = json_loads(out.data, 0, NULL);
    assert_non_null(root);
    assert_string_equal(json_string_value(json_object_get(json_array_get(json_object_get(root, "chapters"), 1), "title")),
                        "Two \xE2\x80\x94 2");
    assert_int_equal(json_array_size(json_object_get(root, "breaches")), 0);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(root, "gapless"), "delay")), 576);
    assert_true(json_is_null(json_object_get(root, "levels")));
    json_decref(root);
    found.path = "/tmp/\xFF.mp3"; /* no UTF-8 */
    buffer_clear(&out);
    assert_int_equal(inspection_write_json(&found, &out), STATUS_OK);
    inspection_release(&found);
    inspection_release(&found);
    inspection_release(NULL);
    buffer_release(&out);
    buffer_release(&bytes);
}

static void test_no_mp3(void **state)
{
    (void)state;
    struct inspection found;
    struct problem problem = {0};
    assert_int_equal(inspection_read(&found, "/nonexistent.mp3", NULL, &problem), STATUS_NO_INPUT);
    problem = (struct problem){0};
    assert_int_equal(inspection_read(&found, "/tmp", NULL, &problem), STATUS_NO_INPUT);
    problem = (struct problem){0};
    assert_int_equal(inspection_read(&found, "/dev/zero", NULL, &problem), STATUS_NO_INPUT);
    static const struct str files[] = {
        {"", 0}, {"ID3", 3}, {"This is no sound at all.", 24}, {"ID3\3\0\0\x7F\x7F\x7F\x7FTIT2\x7F\xFF\xFF\xFF", 18}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        write_bytes(files[i]);
        problem = (struct problem){0};
        assert_int_equal(inspection_read(&found, path, &(struct inspect_options){.measure = true}, &problem), STATUS_BAD_DATA);
        assert_null(found.arena.chunks);
    }
}

/* Whatever the bytes are, reading ends, in order and without harm (under the sanitizers, too). */
static void test_mutations(void **state)
{
    (void)state;
    struct buffer good = edition_bytes(40);
    struct str tag = str_sub(buffer_view(&good), 0, 8000);
    /* In memory: thousands of files would keep the disk busy. */
    int fd = memfd_create("mutation", MFD_CLOEXEC);
    char name[64];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    srand(1);
    size_t n_read = 0;
    for (int round = 0; round < 6000; round++) {
        struct buffer bad = {0};
        buffer_str(&bad, round % 4 ? tag : buffer_view(&good)); /* most hit the headers */
        size_t near = round % 3 ? 1500 : bad.len;
        for (int n = 1 + rand() % 8; n > 0; n--) {
            size_t at = (size_t)rand() % near;
            static const unsigned char favourites[] = {0, 1, 0x7F, 0x80, 0xFE, 0xFF};
            bad.data[at] = (char)(rand() % 2 ? favourites[rand() % 6] : rand());
        }
        if (round % 5 == 0)
            bad.len = (size_t)rand() % bad.len;
        assert_int_equal(ftruncate(fd, 0), 0);
        assert_int_equal(pwrite(fd, bad.data, bad.len, 0), bad.len);
        struct inspection found;
        struct problem problem = {0};
        enum status status = inspection_read(&found, name, &(struct inspect_options){.measure = round % 50 == 0}, &problem);
        assert_true(status == STATUS_OK || status == STATUS_BAD_DATA);
        if (status == STATUS_OK) {
            struct buffer out = {0};
            assert_int_equal(inspection_write_json(&found, &out), STATUS_OK);
            buffer_release(&out);
            n_read++;
        }
        inspection_release(&found);
        buffer_release(&bad);
    }
    assert_true(n_read > 3000);
    close(fd);
    buffer_release(&good);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_path, remove_path)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_foreign_streams),
        TEST(test_foreign_tags),
        TEST(test_vbri),
        TEST(test_frames_without_padding),
        TEST(test_breaches),
        TEST(test_order_and_repetition),
        TEST(test_measures),
        TEST(test_json),
        TEST(test_no_mp3),
        TEST(test_mutations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
