#include "library/names.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <sha1.h>

#include "base/utf8.h"

#define SLUG_LENGTH 60
#define PODCAST_NAMESPACE "ead4c236-bf58-58c6-a2c6-a6b28d128cb6" /* Podcasting 2.0, podcast:guid */

struct str slug_from_title(struct arena *arena, struct str title)
{
    struct str plain = utf8_plain(arena, title);
    char *out = arena_alloc(arena, SLUG_LENGTH + 1);
    if (!out)
        return STR("episode");
    size_t len = 0, whole = 0; /* whole: length up to the end of the last whole word */
    for (size_t at = 0; at < plain.len && len < SLUG_LENGTH; at++) {
        char c = plain.data[at];
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (c == '\'' || (unsigned char)c >= 0x80)
            continue; /* "don't" is one word; letters without a plain form are passed over */
        if (word) {
            out[len++] = c;
        } else if (len && out[len - 1] != '-') {
            whole = len;
            out[len++] = '-';
        }
    }
    if (len == SLUG_LENGTH && whole)
        len = whole;
    while (len && out[len - 1] == '-')
        len--;
    out[len] = '\0';
    return len ? (struct str){out, len} : STR("episode");
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void uuid_v5(const char *space, struct str name, char out[UUID_SIZE])
{
    uint8_t bytes[16] = {0}, digest[SHA1_DIGEST_LENGTH];
    size_t n = 0;
    for (const char *at = space; *at && n < 32; at++)
        if (hex_value(*at) >= 0) {
            bytes[n / 2] = (uint8_t)(bytes[n / 2] << 4 | hex_value(*at));
            n++;
        }
    SHA1_CTX context;
    SHA1Init(&context);
    SHA1Update(&context, bytes, sizeof bytes);
    SHA1Update(&context, (const uint8_t *)name.data, name.len);
    SHA1Final(digest, &context);
    digest[6] = (uint8_t)((digest[6] & 0x0F) | 0x50);
    digest[8] = (uint8_t)((digest[8] & 0x3F) | 0x80);
    char *at = out;
    for (int i = 0; i < 16; i++)
        at += snprintf(at, 4, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", digest[i]);
}

void feed_guid(struct str url, char out[UUID_SIZE])
{
    size_t scheme = str_find(url, STR("://"), 0);
    if (scheme != SIZE_MAX)
        url = str_sub(url, scheme + 3, url.len);
    while (url.len && url.data[url.len - 1] == '/')
        url.len--;
    uuid_v5(PODCAST_NAMESPACE, url, out);
}
