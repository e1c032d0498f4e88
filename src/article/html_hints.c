#include "article/html_hints.h"

#include <stdbool.h>
#include <string.h>

#include "base/table.h"

EMBED(html_hints_table, CRIER_SOURCE_DIR "/article/data/html_hints.tsv")

enum { WORD_MAX = 31, ENTRIES_MAX = 1024, SLOTS = 2048 };

/* The words of the table, found by hash; prefixes and suffixes apart. Made at the first call; read-only after. */
struct entry {
    struct str word;
    hint_set hints;
    uint16_t next; /* of the same slot or first letter, 0: none */
};
static struct {
    bool ready;
    struct entry entries[ENTRIES_MAX]; /* [0] is not used */
    uint16_t n_entries;
    uint16_t slots[SLOTS];
    uint16_t prefixes[26]; /* "share*", by first letter */
    uint16_t suffixes[26]; /* "*gallery", by last letter */
} index_;

static unsigned hash_word(struct str word)
{
    unsigned h = 2166136261u;
    for (size_t i = 0; i < word.len; i++)
        h = (h ^ (unsigned char)word.data[i]) * 16777619u;
    return (h ^ h >> 15) % SLOTS;
}

static unsigned letter_index(char c)
{
    return (unsigned)(c - 'a') % 26;
}

static void add_word(struct str word, hint_set hint)
{
    if (index_.n_entries + 1 >= ENTRIES_MAX)
        return;
    uint16_t *head = &index_.slots[hash_word(word)];
    if (str_ends(word, STR("*"))) {
        word.len--;
        head = &index_.prefixes[letter_index(word.data[0])];
    } else if (str_starts(word, STR("*"))) {
        word = str_sub(word, 1, word.len);
        head = &index_.suffixes[letter_index(word.data[word.len - 1])];
    }
    struct entry *entry = &index_.entries[++index_.n_entries];
    *entry = (struct entry){word, hint, *head};
    *head = index_.n_entries;
}

static void make_index(void)
{
    struct str rest = html_hints_table(), line;
    for (unsigned bit = 0; str_next(&rest, '\n', &line); bit++) {
        size_t tab = str_find(line, STR("\t"), 0);
        struct str words = str_sub(line, tab + 1, line.len), word;
        while (str_next(&words, ' ', &word))
            add_word(word, 1u << bit);
    }
    index_.ready = true;
}

static hint_set hints_of_word(struct str word)
{
    hint_set found = 0;
    for (uint16_t i = index_.slots[hash_word(word)]; i != 0; i = index_.entries[i].next)
        if (str_eq(index_.entries[i].word, word))
            found |= index_.entries[i].hints;
    if (found != 0)
        return found;
    for (uint16_t i = index_.prefixes[letter_index(word.data[0])]; i != 0; i = index_.entries[i].next)
        if (str_starts(word, index_.entries[i].word))
            found |= index_.entries[i].hints;
    for (uint16_t i = index_.suffixes[letter_index(word.data[word.len - 1])]; i != 0; i = index_.entries[i].next)
        if (str_ends(word, index_.entries[i].word))
            found |= index_.entries[i].hints;
    return found;
}

static bool negates(struct str word)
{
    static const char *const WORDS[] = {"has", "no",       "non",     "not",    "with",   "without",
                                        "is",  "contains", "include", "enable", "disable"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (str_eq_c(word, WORDS[i]))
            return true;
    return false;
}

static bool is_lower(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

hint_set hints_of_names(struct str names)
{
    if (!index_.ready)
        make_index();
    hint_set found = 0;
    char pair[2 * WORD_MAX]; /* the word before, then this word */
    size_t before = 0;
    bool negated = false;
    for (size_t i = 0; i < names.len;) {
        char c = names.data[i];
        if (!is_lower(c) && !is_upper(c)) {
            if (c == ' ') {
                before = 0;
                negated = false;
            }
            i++;
            continue;
        }
        size_t len = 0;
        for (bool first = true; i < names.len; i++, first = false) {
            c = names.data[i];
            if (!is_lower(c) && !is_upper(c))
                break;
            bool hump = !first && is_upper(c) && is_lower(names.data[i - 1]);
            if (hump)
                break;
            if (len < WORD_MAX)
                pair[before + len++] = (char)(is_upper(c) ? c + 32 : c);
        }
        struct str word = {pair + before, len};
        if (!negated) {
            hint_set of_pair = before > 0 ? hints_of_word((struct str){pair, before + len}) : 0;
            found |= of_pair | hints_of_word(word);
        }
        negated = negates(word);
        memmove(pair, pair + before, len);
        before = len;
    }
    return found;
}
