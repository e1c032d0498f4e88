#include "edition/cover.h"

#include <stdint.h>

static unsigned get_u16(const uint8_t *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

static unsigned get_u32(const uint8_t *at)
{
    return get_u16(at) << 16 | get_u16(at + 2);
}

static bool read_png(struct cover_facts *facts, struct str image)
{
    const uint8_t *bytes = (const uint8_t *)image.data;
    if (image.len < 33 || !str_eq(str_sub(image, 12, 16), STR("IHDR")))
        return false;
    *facts = (struct cover_facts){"image/png", get_u32(bytes + 16), get_u32(bytes + 20), false};
    return true;
}

/* Walks the marker segments to the start-of-frame one (ITU-T T.81, B.1.1.3 and B.2.2). */
static bool read_jpeg(struct cover_facts *facts, struct str image)
{
    const uint8_t *bytes = (const uint8_t *)image.data;
    for (size_t at = 2; at + 4 <= image.len;) {
        if (bytes[at] != 0xFF)
            return false;
        unsigned marker = bytes[at + 1];
        if (marker == 0xFF) { /* fill byte */
            at++;
            continue;
        }
        if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) { /* stands alone */
            at += 2;
            continue;
        }
        size_t len = get_u16(bytes + at + 2);
        bool start_of_frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (start_of_frame && len >= 8 && at + 9 <= image.len) {
            *facts = (struct cover_facts){"image/jpeg", get_u16(bytes + at + 7), get_u16(bytes + at + 5), marker > 0xC1};
            return true;
        }
        if (start_of_frame || marker == 0xD9 || marker == 0xDA || len < 2)
            return false;
        at += 2 + len;
    }
    return false;
}

enum status cover_read(struct cover_facts *facts, struct str image, struct problem *problem)
{
    *facts = (struct cover_facts){0};
    bool png = str_starts(image, STR("\x89PNG\r\n\x1A\n")), jpeg = str_starts(image, STR("\xFF\xD8\xFF"));
    if (!png && !jpeg)
        return problem_set(problem, STATUS_BAD_DATA, NULL, 0, "the cover is neither a PNG nor a JPEG picture");
    if (!(png ? read_png(facts, image) : read_jpeg(facts, image)) || !facts->width || !facts->height)
        return problem_set(problem, STATUS_BAD_DATA, NULL, 0, "the cover is a damaged %s picture", png ? "PNG" : "JPEG");
    return STATUS_OK;
}

enum status cover_check(struct cover_facts *facts, struct str image, struct problem *problem)
{
    enum status status = cover_read(facts, image, problem);
    if (status != STATUS_OK)
        return status;
    if (facts->width != facts->height)
        return problem_set(problem, STATUS_USAGE, NULL, 0, "the cover is %u x %u pixels but has to be square", facts->width,
                           facts->height);
    if (facts->width > COVER_LIMIT_PX)
        return problem_set(problem, STATUS_USAGE, NULL, 0, "the cover is %u pixels wide: scale it to %d or less", facts->width,
                           COVER_LIMIT_PX);
    if (image.len > COVER_LIMIT_BYTES)
        return problem_set(problem, STATUS_USAGE, NULL, 0, "the cover has %zu kB: %zu are the most that fit the tag",
                           (image.len + 999) / 1000, COVER_LIMIT_BYTES / 1000);
    if (facts->progressive)
        return problem_set(problem, STATUS_USAGE, NULL, 0,
                           "the cover is a progressive JPEG, which many players do not show: save it as a baseline JPEG or PNG");
    return STATUS_OK;
}
