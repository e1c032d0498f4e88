#include "article/html_phrases.h"

#include <string.h>

#include "base/table.h"
#include "base/utf8.h"

EMBED(html_phrases_table, CRIER_SOURCE_DIR "/article/data/html_phrases.tsv")

enum { LINE_BYTES_MAX = 600, PHRASES_MAX = 512 };

struct phrase {
    char place;
    const char *reason;
    struct str words;
};
static struct {
    bool ready;
    struct phrase items[PHRASES_MAX]; /* in the table's order */
    size_t count;
} phrases;

/* Reasons live as long as articles do, so they are the program's own strings. */
static const char *own_reason(struct str name)
{
    static const char *const REASONS[] = {"advert",         "page controls",    "share buttons", "newsletter", "cookie notice",
                                          "related links",  "comments",         "page footer",   "topics",     "page details",
                                          "paywall notice", "about the author", "caption"};
    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++)
        if (str_eq_c(name, REASONS[i]))
            return REASONS[i];
    return "noise";
}

static void read_table(void)
{
    struct str rest = html_phrases_table(), line, place, reason;
    while (phrases.count < PHRASES_MAX && str_next(&rest, '\n', &line))
        if (str_next(&line, '\t', &place) && str_next(&line, '\t', &reason))
            phrases.items[phrases.count++] = (struct phrase){place.data[0], own_reason(reason), line};
    phrases.ready = true;
}

/* Lower-case words with one space between them, and one at either end. */
static size_t plain_words(struct str line, char out[LINE_BYTES_MAX + 8])
{
    size_t n = 0;
    bool space = true;
    for (size_t i = 0, next; i < line.len && n < LINE_BYTES_MAX; i = next) {
        unsigned c = utf8_decode(line, i, &next);
        if (c == '\'' || c == 0x2019)
            continue;
        if (!uni_is_word(c)) {
            space = true;
            continue;
        }
        if (space)
            out[n++] = ' ';
        space = false;
        n += utf8_encode(uni_to_lower(c), out + n);
    }
    out[n++] = ' ';
    return n;
}

static bool fits(const struct phrase *phrase, struct str words)
{
    size_t len = phrase->words.len;
    if (phrase->place == PHRASE_INSIDE) {
        const char *hit = memmem(words.data, words.len, phrase->words.data, len);
        return hit && hit > words.data && hit[-1] == ' ' && hit[len] == ' ';
    }
    if (words.len < len + 2 || words.data[1] != phrase->words.data[0] || memcmp(words.data + 1, phrase->words.data, len) != 0)
        return false;
    bool whole = phrase->place == PHRASE_WHOLE || phrase->place == PHRASE_TITLE;
    return words.data[len + 1] == ' ' && (!whole || words.len == len + 2);
}

const char *phrase_reason(struct str line, enum phrase_place place)
{
    char plain[LINE_BYTES_MAX + 8];
    struct str words = {plain, plain_words(line, plain)};
    if (!phrases.ready)
        read_table();
    for (size_t i = 0; words.len > 1 && i < phrases.count; i++)
        if (phrases.items[i].place == (char)place && fits(&phrases.items[i], words))
            return phrases.items[i].reason;
    return NULL;
}

/* Next letter or digit at or after *at, lower case; 0 at the end. */
static unsigned next_letter(struct str s, size_t *at)
{
    while (*at < s.len) {
        unsigned c = (unsigned char)s.data[*at];
        if (c < 0x80) {
            ++*at;
            if (c >= 'A' && c <= 'Z')
                return c + 32;
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
                return c;
            continue;
        }
        c = utf8_decode(s, *at, at);
        if (uni_is_word(c))
            return uni_to_lower(c);
    }
    return 0;
}

bool phrase_same_letters(struct str a, struct str b)
{
    bool any = false;
    for (size_t i = 0, k = 0;; any = true) {
        unsigned x = next_letter(a, &i), y = next_letter(b, &k);
        if (x != y)
            return false;
        if (x == 0)
            return any;
    }
}

void word_set_make(struct word_set *set, struct str text)
{
    set->count = 0;
    uint32_t hash = 0;
    for (size_t at = 0; at <= text.len && set->count < sizeof set->hashes / sizeof *set->hashes;) {
        unsigned c = ' ';
        if (at < text.len)
            c = utf8_decode(text, at, &at);
        else
            at++;
        if (uni_is_word(c)) {
            hash = (hash ? hash : 2166136261u) * 16777619u ^ uni_to_lower(c);
            continue;
        }
        if (hash != 0 && c != '\'' && c != 0x2019) {
            set->hashes[set->count++] = hash;
            hash = 0;
        }
    }
}

double word_set_likeness(const struct word_set *set, struct str text)
{
    struct word_set other;
    word_set_make(&other, text);
    size_t same = 0;
    for (size_t i = 0; i < set->count; i++)
        for (size_t k = 0; k < other.count; k++)
            if (set->hashes[i] == other.hashes[k]) {
                other.hashes[k] = 0;
                same++;
                break;
            }
    return set->count + other.count ? 2.0 * (double)same / (double)(set->count + other.count) : 0;
}
