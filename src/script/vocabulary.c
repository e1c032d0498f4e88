#include "script/vocabulary.h"

#include <string.h>

#include "base/hash.h"
#include "base/table.h"
#include "base/utf8.h"

EMBED(verbs_data, CRIER_SOURCE_DIR "/script/data/verbs.txt")
EMBED(words_data, CRIER_SOURCE_DIR "/script/data/words.txt")
EMBED(given_names_data, CRIER_SOURCE_DIR "/script/data/given-names.tsv")

static const struct {
    const char *name;
    uint32_t classes;
} class_names[] = {
    {"determiner", WORD_DETERMINER},
    {"possessive", WORD_POSSESSIVE | WORD_DETERMINER},
    {"number", WORD_NUMBER},
    {"preposition", WORD_PREPOSITION},
    {"conjunction", WORD_CONJUNCTION},
    {"subordinator", WORD_SUBORDINATOR},
    {"relative", WORD_RELATIVE},
    {"auxiliary", WORD_AUXILIARY},
    {"adverb", WORD_ADVERB},
    {"time", WORD_TIME},
    {"pronoun", WORD_PRONOUN},
    {"he", WORD_HE},
    {"she", WORD_SHE},
    {"whatever", WORD_OTHER},
    {"opener", WORD_OPENER},
    {"title", WORD_TITLE},
    {"title-male", WORD_TITLE | WORD_MALE},
    {"title-female", WORD_TITLE | WORD_FEMALE},
    {"title-role", WORD_TITLE_ROLE},
    {"suffix", WORD_SUFFIX},
    {"particle", WORD_PARTICLE},
    {"female", WORD_FEMALE | WORD_PERSON},
    {"male", WORD_MALE | WORD_PERSON},
    {"female-plural", WORD_FEMALE | WORD_GROUP},
    {"male-plural", WORD_MALE | WORD_GROUP},
    {"relation", WORD_RELATION | WORD_PERSON},
    {"person", WORD_PERSON},
    {"document", WORD_DOCUMENT},
    {"organisation", WORD_ORGANISATION},
    {"group", WORD_GROUP},
    {"nationality", WORD_NATIONALITY},
    {"place", WORD_PLACE},
    {"surname", WORD_SURNAME},
    {"event", WORD_EVENT},
    {"either", WORD_EITHER},
    {"same", 0},
};

/* Lower case, with straight apostrophes. ASCII words, nearly all, take the short way. */
static struct str even_out(struct arena *arena, struct str text)
{
    bool ascii = true;
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] >= 0x80)
            ascii = false;
    if (!ascii) {
        char *bytes = arena_alloc(arena, text.len + 1);
        size_t n = 0;
        if (!bytes)
            return (struct str){"", 0};
        for (size_t i = 0, next; i < text.len; i = next) {
            unsigned c = utf8_decode(text, i, &next);
            if (c == 0x2019 || c == 0x2018 || c == 0x02BC)
                bytes[n++] = '\'';
            else {
                memcpy(bytes + n, text.data + i, next - i);
                n += next - i;
            }
        }
        return utf8_lower(arena, (struct str){bytes, n});
    }
    char *bytes = arena_alloc(arena, text.len + 1);
    if (!bytes)
        return (struct str){"", 0};
    for (size_t i = 0; i < text.len; i++)
        bytes[i] = (char)(text.data[i] >= 'A' && text.data[i] <= 'Z' ? text.data[i] + 32 : text.data[i]);
    return (struct str){bytes, text.len};
}

static size_t find_slot(const struct vocabulary *v, struct str text)
{
    size_t at = (size_t)hash_bytes_64(text) & (v->n_slots - 1);
    while (v->slots[at] && !str_eq(v->slots[at]->text, text))
        at = (at + 1) & (v->n_slots - 1);
    return at;
}

static bool grow(struct vocabulary *v)
{
    struct word **old = v->slots;
    size_t n_old = v->n_slots;
    v->n_slots = n_old ? 2 * n_old : 8192;
    v->slots = arena_array(v->arena, v->n_slots, sizeof *v->slots);
    if (!v->slots) {
        v->slots = old;
        v->n_slots = n_old;
        return false;
    }
    for (size_t i = 0; i < n_old; i++)
        if (old[i])
            v->slots[find_slot(v, old[i]->text)] = old[i];
    return true;
}

/* "filmmaker", "speechwriters": people by their trade, whether the lists have them or not. */
static uint32_t class_by_ending(struct str word)
{
    static const char *const trades[] = {"writer", "maker", "holder",  "keeper",  "worker", "owner",
                                         "player", "goer",  "grapher", "ologist", "woman"};
    bool many = str_ends(word, STR("s"));
    struct str one = str_sub(word, 0, word.len - (many ? 1 : 0));
    for (size_t i = 0; word.len > 7 && i < sizeof trades / sizeof *trades; i++)
        if (str_ends(one, str_from(trades[i])))
            return many ? WORD_GROUP : WORD_PERSON | (i + 1 == sizeof trades / sizeof *trades ? WORD_FEMALE : 0);
    return 0;
}

static struct word *word_of_lower(struct vocabulary *v, struct str lower, bool copied)
{
    size_t at = find_slot(v, lower);
    if (v->slots[at])
        return v->slots[at];
    if (2 * (v->n_words + 1) > v->n_slots) {
        if (!grow(v))
            return NULL;
        at = find_slot(v, lower);
    }
    struct word *word = arena_alloc(v->arena, sizeof *word);
    if (!word)
        return NULL;
    word->text = copied ? lower : arena_copy(v->arena, lower);
    word->classes = class_by_ending(word->text);
    v->slots[at] = word;
    v->n_words++;
    return word;
}

struct word *vocabulary_word(struct vocabulary *v, struct str text)
{
    if (!v->n_slots && !grow(v))
        return NULL;
    char bytes[64];
    bool simple = text.len < sizeof bytes;
    for (size_t i = 0; simple && i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        simple = c < 0x80;
        bytes[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    if (simple)
        return word_of_lower(v, (struct str){bytes, text.len}, false);
    return word_of_lower(v, even_out(v->arena, text), true);
}

static void load_words(struct vocabulary *v)
{
    struct str rest = words_data(), line, word;
    while (str_next(&rest, '\n', &line)) {
        if (!line.len || line.data[0] == '#')
            continue;
        struct str name;
        str_next(&line, ':', &name);
        uint32_t classes = 0;
        for (size_t i = 0; i < sizeof class_names / sizeof *class_names; i++)
            if (str_eq_c(name, class_names[i].name))
                classes = class_names[i].classes;
        struct word *first = NULL;
        while (str_next(&line, ' ', &word)) {
            struct word *w = word.len ? word_of_lower(v, word, true) : NULL;
            if (!w)
                continue;
            w->classes |= classes;
            first = first ? first : w;
            if (str_eq_c(name, "same"))
                w->same = first;
        }
    }
}

static void load_verbs(struct vocabulary *v)
{
    static const uint32_t forms[] = {VERB_BASE, VERB_THIRD, VERB_PAST, VERB_PARTICIPLE, VERB_ING};
    struct str rest = verbs_data(), line, word;
    while (str_next(&rest, '\n', &line)) {
        if (!line.len || line.data[0] == '#')
            continue;
        struct str strength;
        str_next(&line, ' ', &strength);
        uint32_t weak = str_eq(strength, STR("may")) ? VERB_WEAK : 0;
        for (size_t n = 0; str_next(&line, ' ', &word); n++) {
            uint32_t noun = word.len && word.data[word.len - 1] == '*' ? VERB_NOUN : 0;
            struct word *w = word_of_lower(v, str_sub(word, 0, word.len - (noun ? 1 : 0)), true);
            /* Further forms are other spellings of the past and the participle ("marvelled", "marvelling"). */
            uint32_t form = n < 5 ? forms[n] : str_ends(word, STR("ing")) ? VERB_ING : VERB_PAST | VERB_PARTICIPLE;
            if (w)
                w->verb |= form | weak | noun;
        }
    }
}

bool vocabulary_init(struct vocabulary *v, struct arena *arena)
{
    *v = (struct vocabulary){.arena = arena};
    if (!grow(v))
        return false;
    load_words(v);
    load_verbs(v);
    return !arena_failed(arena);
}

bool word_is_given_name(struct vocabulary *v, struct word *word)
{
    if (!word->given_known) {
        struct str rest;
        bool found = table_find(given_names_data(), word->text, &rest);
        if (!found) {
            struct str plain = utf8_plain(v->arena, word->text);
            found = table_find(given_names_data(), plain, &rest);
            /* Jean-Claude, Anne-Marie: the first part decides; but not "Gun-rights". */
            size_t hyphen = str_find(plain, STR("-"), 0);
            struct str second;
            if (!found && hyphen != SIZE_MAX)
                found = table_find(given_names_data(), str_sub(plain, hyphen + 1, plain.len), &second) &&
                        table_find(given_names_data(), str_sub(plain, 0, hyphen), &rest);
        }
        word->given_known = true;
        word->is_given = found;
        word->given = !found || !rest.len || (word->classes & WORD_EITHER) ? GENDER_UNKNOWN
                      : rest.data[0] == 'f'                                ? GENDER_FEMALE
                      : rest.data[0] == 'm'                                ? GENDER_MALE
                                                                           : GENDER_UNKNOWN;
    }
    return word->is_given;
}
