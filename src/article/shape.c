#include "article/shape.h"

#include <stdint.h>
#include <string.h>

#include "article/layout.h"
#include "base/table.h"
#include "base/utf8.h"

EMBED(noise_phrases, CRIER_SOURCE_DIR "/article/data/noise.txt")

#define MOST_HEADING_WORDS 14
#define MOST_HEADING_BYTES 140

static bool is_quote_mark(unsigned c)
{
    return c == '"' || c == '\'' || c == 0xAB || c == 0xBB || (c >= 0x2018 && c <= 0x201F) || c == 0x2039 || c == 0x300C ||
           c == 0x300E;
}

/* The next word: a stretch without white space that has a letter or digit, cut to its first and last such. */
static bool next_word(struct str text, size_t *at, struct str *word)
{
    for (size_t here = *at, next; here < text.len;) {
        size_t start = SIZE_MAX, end = 0;
        for (; here < text.len; here = next) {
            unsigned c = utf8_decode(text, here, &next);
            if (uni_is_space(c))
                break;
            if (uni_is_word(c)) {
                start = start == SIZE_MAX ? here : start;
                end = next;
            }
        }
        *at = here;
        if (start != SIZE_MAX) {
            *word = str_sub(text, start, end);
            return true;
        }
        if (here < text.len)
            here = next;
    }
    return false;
}

/* "NAME" of "NAME: text": one to five words with capitals, in front of the first colon. */
static size_t label_of(struct str text)
{
    size_t colon = str_find(str_sub(text, 0, 60), STR(":"), 0);
    if (colon == SIZE_MAX || colon == 0 || (colon + 1 < text.len && text.data[colon + 1] != ' ' && text.data[colon + 1] != '\n'))
        return 0;
    struct str word, label = str_sub(text, 0, colon);
    size_t words = 0;
    for (size_t at = 0, next; next_word(label, &at, &word); words++) {
        unsigned c = utf8_decode(word, 0, &next);
        if (uni_is_lower(c) && word.len > 3)
            return 0;
    }
    return words >= 1 && words <= 5 ? colon : 0;
}

static void count_word(struct shape *shape, struct str word)
{
    size_t next;
    unsigned c = utf8_decode(word, 0, &next);
    shape->words++;
    shape->capitals += uni_is_upper(c) || uni_is_number(c);
    shape->lowers += uni_is_lower(c) && word.len >= 4;
    if (str_starts(word, STR("http://")) || str_starts(word, STR("https://")) || str_starts(word, STR("www.")))
        shape->has_link = true;
}

struct shape shape_of(struct str text)
{
    struct shape shape = {.is_long = text.len > SHAPE_LONG};
    shape.label = label_of(text);
    if (shape.is_long || !text.len)
        return shape;
    size_t next;
    shape.first = utf8_decode(text, 0, &next);
    shape.opens_quote = is_quote_mark(shape.first);
    shape.last = layout_last_char(text);
    bool stopped = false, space = false;
    for (size_t at = 0; at < text.len; at = next) {
        unsigned c = utf8_decode(text, at, &next);
        shape.letters += uni_is_letter(c);
        shape.uppers += uni_is_upper(c);
        shape.digits += uni_is_digit(c);
        shape.has_link |= c == '@';
        if (stopped && space && uni_is_upper(c))
            shape.sentences++;
        if (layout_is_stop(c, false))
            stopped = true, space = false;
        else if (uni_is_space(c))
            space = true;
        else if (!is_quote_mark(c) && c != ')')
            stopped = space = false;
    }
    shape.sentences += layout_is_stop(shape.last, false);
    struct str word;
    for (size_t at = 0; next_word(text, &at, &word);)
        count_word(&shape, word);
    return shape;
}

bool shape_is_all_caps(const struct shape *shape)
{
    return shape->letters >= 3 && shape->uppers * 10 >= shape->letters * 9;
}

/* Starts with a quotation of five words or more, or is nothing but one. */
static bool is_quotation(struct str text)
{
    size_t at, start;
    unsigned open = utf8_decode(text, 0, &at), last = utf8_decode_before(text, text.len, &start);
    struct str word;
    size_t words = 0;
    for (size_t next = at; next < text.len;) {
        unsigned c = utf8_decode(text, next, &next);
        if (is_quote_mark(c) && (c == open || c == open + 1) &&
            (next == text.len || !uni_is_word(utf8_decode(text, next, &start)))) {
            text = str_sub(text, 0, next);
            break;
        }
    }
    while (words < 5 && next_word(text, &at, &word))
        words++;
    return words >= 5 || is_quote_mark(last);
}

bool shape_is_heading(const struct shape *shape, struct str text)
{
    if (shape->is_long || text.len > MOST_HEADING_BYTES || !shape->words || shape->words > MOST_HEADING_WORDS || shape->has_link)
        return false;
    if (layout_is_stop(shape->last, true) && shape->last != '?' && shape->last != '!')
        return false;
    if (shape->sentences > 1 || (shape->opens_quote && is_quotation(text)))
        return false;
    if (!uni_is_word(shape->first) && !shape->opens_quote && shape->first != '#' && shape->first != '$' && shape->first != 0xBF &&
        shape->first != 0xA1)
        return false;
    if (!shape->opens_quote && uni_is_lower(shape->first))
        return false;
    if (shape->letters == 0)
        return false;
    if (shape->last == '?' || shape->last == '!') /* prose asks and exclaims too: only with capitals or in question form */
        return shape->words >= 3 && shape->words <= 10 && shape->lowers <= 1 + shape->words / 4;
    return true;
}

/* Is `word` one of the list? The list: words with a space before and behind. */
static bool is_one_of(struct str word, const char *list)
{
    char key[32];
    if (!word.len || word.len + 3 > sizeof key)
        return false;
    key[0] = ' ';
    for (size_t i = 0; i < word.len; i++)
        key[i + 1] = (char)(word.data[i] >= 'A' && word.data[i] <= 'Z' ? word.data[i] + 32 : word.data[i]);
    key[word.len + 1] = ' ';
    key[word.len + 2] = '\0';
    return strstr(list, key) != NULL;
}

static const char byline_words[] =
    " by von par por di da door text words story report reporting written analysis opinion review interview "
    "exclusive posted published guest essay commentary ";
static const char byline_markers[] = " by von par por door di da ";
static const char role_words[] =
    " writer reporter correspondent editor staff news press times post special contributor columnist analyst senior political "
    "chief bureau associated reuters bloomberg afp ap bbc cnn guardian national updated published follow today in at is as on ";

/* Names: up to a bar, bullet, bracket, digit, or a comma before a role. */
static struct str names_of(struct str text)
{
    struct str word;
    size_t end = text.len;
    for (size_t at = 0, next; at < end; at = next) {
        unsigned c = utf8_decode(text, at, &next);
        if (c == '|' || c == '(' || c == '[' || c == 0x2022 || c == 0xB7 || c == '/' || c == 0x2014 || c == 0x2013 ||
            uni_is_digit(c) || c == '\n')
            end = at;
        size_t after = next;
        if (c == ',' && (!next_word(text, &after, &word) || is_one_of(word, role_words)))
            end = at;
    }
    struct str names = str_trim(str_sub(text, 0, end));
    while (names.len && (names.data[names.len - 1] == ',' || names.data[names.len - 1] == '-'))
        names = str_trim(str_sub(names, 0, names.len - 1));
    return names;
}

bool shape_is_byline(const struct shape *shape, struct str text, struct str *names)
{
    if (shape->is_long || text.len > 200 || shape->words < 2 || shape->words > 20 || shape->opens_quote)
        return false;
    struct str word;
    size_t at = 0, marker = 0;
    for (size_t i = 0; i < 3 && next_word(text, &at, &word); i++) {
        if (!is_one_of(word, byline_words))
            break;
        if (is_one_of(word, byline_markers))
            marker = at;
    }
    if (!marker)
        return false;
    while (marker < text.len && (text.data[marker] == ' ' || text.data[marker] == ':'))
        marker++;
    struct str found = names_of(str_sub(text, marker, text.len));
    size_t words = 0;
    for (at = 0; next_word(found, &at, &word); words++) {
        size_t next;
        unsigned c = utf8_decode(word, 0, &next);
        if (uni_is_lower(c) && !is_one_of(word, " and und et y e en de van der den von la le di da bin al el del dos i "))
            return false;
    }
    if (!words || words > 12 || (shape->last == '.' && shape->words > 6))
        return false;
    *names = found;
    return true;
}

static const char date_words[] =
    " published updated posted last modified first on at and am pm a.m p.m est edt cst cdt mst mdt pst pdt et ct pt gmt bst utc "
    "cet cest "
    "ist aest aedt monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun date "
    "montag dienstag mittwoch donnerstag freitag samstag sonntag stand uhr um lundi mardi mercredi jeudi vendredi samedi "
    "dimanche le "
    "publié à mis jour st nd rd th of de the issued created ";

bool shape_is_date_line(const struct shape *shape, struct str text, char iso[11], bool *plain)
{
    size_t start, end;
    if (shape->is_long || text.len > 160 || shape->words > 16 || !date_find(text, iso, &start, &end))
        return false;
    *plain = true;
    const struct str parts[] = {str_sub(text, 0, start), str_sub(text, end, text.len)};
    for (size_t i = 0; i < 2; i++) {
        struct str word;
        for (size_t at = 0; next_word(parts[i], &at, &word);) {
            bool clock = word.data[0] >= '0' && word.data[0] <= '9';
            if (clock ? word.len > 10 : !date_month(word) && !is_one_of(word, date_words))
                return false;
            if (clock || is_one_of(word, " updated modified "))
                *plain = false;
        }
    }
    return true;
}

static bool has_agency(struct str text)
{
    static const char *agencies[] = {"Getty Images", "Getty",     "Reuters",  "AFP",         "Associated Press", "EPA",
                                     "Shutterstock", "Alamy",     "Unsplash", "Flickr",      "Instagram",        "Wikimedia",
                                     "AP",           "Bloomberg", "iStock",   "Rex Features"};
    for (size_t i = 0; i < sizeof agencies / sizeof *agencies; i++) {
        struct str agency = str_from(agencies[i]);
        for (size_t at = 0; (at = str_find(text, agency, at)) != SIZE_MAX; at += agency.len) {
            size_t next, before;
            bool left = at == 0 || !uni_is_word(utf8_decode_before(text, at, &before));
            bool right = at + agency.len >= text.len || !uni_is_word(utf8_decode(text, at + agency.len, &next));
            if (left && right)
                return true;
        }
    }
    return false;
}

static bool starts_nocase(struct str text, const char *start)
{
    struct str wanted = str_from(start);
    return str_eq_nocase(str_sub(text, 0, wanted.len), wanted);
}

bool shape_is_caption(const struct shape *shape, struct str text, bool *credit)
{
    static const char *const starts[] = {"photo:",       "photos:",        "image:",         "picture:",       "photograph:",
                                         "photo by ",    "photograph by ", "image by ",      "picture by ",    "photo credit",
                                         "image credit", "image source",   "picture credit", "photo courtesy", "image copyright",
                                         "caption:",     "image caption",  "(photo",         "(image",         "(ap photo",
                                         "credit:",      "file photo",     "foto:",          "bild:",          "photographie :"};
    *credit = false;
    if (shape->is_long)
        return false;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        if (starts_nocase(text, starts[i])) {
            *credit = shape->words <= 10 && shape->lowers <= 2 &&
                      (has_agency(text) || strstr(starts[i], "credit") || strstr(starts[i], "by"));
            return true;
        }
    }
    if (shape->words <= 8 && shape->lowers <= 1 && has_agency(text) && str_find(text, STR("/"), 0) != SIZE_MAX)
        return true; /* "Jane Doe/Getty Images" */
    if (shape->words <= 3 && starts_nocase(text, "getty images"))
        return true;
    size_t open = text.len;
    while (open > 0 && text.data[open - 1] != '(')
        open--;
    struct str bracket = str_sub(text, open, text.len);
    return open > 0 && bracket.len < 80 && str_ends(str_trim(text), STR(")")) && str_find(bracket, STR("/"), 0) != SIZE_MAX &&
           has_agency(bracket);
}

/* Lower case, digits as '#', one space between words, no punctuation at the ends. */
static size_t noise_key(struct str text, char *key, size_t size)
{
    size_t len = 0;
    struct str word;
    for (size_t at = 0; next_word(text, &at, &word);) {
        if (len + word.len + 2 > size)
            return 0;
        if (len)
            key[len++] = ' ';
        for (size_t i = 0; i < word.len; i++) {
            char c = word.data[i];
            bool digit = c >= '0' && c <= '9', inner = c == '.' || c == ',';
            if ((digit || inner) && len && key[len - 1] == '#')
                continue;
            key[len++] = digit ? '#' : (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        }
    }
    return len;
}

enum noise shape_is_noise(const struct shape *shape, struct str text)
{
    char key[64];
    if (text.len > 80 || shape->opens_quote || (shape->last == '.' && !str_ends(text, STR(".."))))
        return NOISE_NONE;
    size_t len = noise_key(text, key, sizeof key);
    struct str rest;
    if (!len || !table_find(noise_phrases(), (struct str){key, len}, &rest))
        return NOISE_NONE;
    return rest.len ? NOISE_WEAK : NOISE_SURE;
}

bool shape_is_related(const struct shape *shape, struct str text)
{
    static const char *const starts[] = {
        "read more:",       "read more -",    "read next:",       "read also:",  "also read:", "see also:", "related:",
        "related article:", "related story:", "related stories:", "more:",       "watch:",     "listen:",   "recommended:",
        "more on this:",    "read:",          "must read:",       "don't miss:", "up next:"};
    if (shape->is_long || shape->words < 2 || shape->sentences > 1 || shape->words > 25)
        return false;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (starts_nocase(text, starts[i]))
            return true;
    return false;
}

bool shape_is_same_headline(struct str a, struct str b)
{
    struct str words_a[40], word;
    size_t n_a = 0, n_b = 0, common = 0, content = 0;
    bool used[40] = {false};
    if (a.len > SHAPE_LONG || b.len > SHAPE_LONG)
        return false;
    for (size_t at = 0; n_a < 40 && next_word(a, &at, &word);)
        words_a[n_a++] = word;
    for (size_t at = 0; next_word(b, &at, &word); n_b++) {
        for (size_t i = 0; i < n_a; i++) {
            if (!used[i] && str_eq_nocase(words_a[i], word)) {
                used[i] = true;
                common++;
                content += word.len > 3;
                break;
            }
        }
    }
    size_t less = n_a < n_b ? n_a : n_b;
    if (n_a == n_b && common == n_a)
        return n_a > 0;
    return content >= 3 && common * 4 >= less * 3 && less * 2 > (n_a > n_b ? n_a : n_b);
}
