#include "spoken/lexicon.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "spoken/reader.h"

enum { FILE_LIMIT = 8 << 20 };

/* ---- keys: words in lower case joined by one separator each ----------------------------------------------------- */

/* The longest folded key, grown token by token while the text is walked. */
struct key {
    char data[LEXICON_KEY_MAX];
    size_t len;
};

static bool key_byte(struct key *key, char c)
{
    if (key->len == sizeof key->data)
        return false;
    key->data[key->len++] = c;
    return true;
}

/* Appends the letters and digits at `at`, folded; returns their end, or `at` where there are none or too many. */
static size_t key_token(struct key *key, struct str text, size_t at)
{
    size_t end = at, next;
    while (end < text.len) {
        unsigned char c = (unsigned char)text.data[end];
        if (c < 0x80) {
            if (!is_alpha((char)c) && !is_digit((char)c))
                break;
            if (!key_byte(key, (char)(is_upper((char)c) ? c + 32 : c)))
                return at;
            end++;
            continue;
        }
        unsigned code = utf8_decode(text, end, &next);
        if (!uni_is_word(code))
            break;
        char bytes[4];
        size_t n = utf8_encode(uni_to_lower(code), bytes);
        for (size_t i = 0; i < n; i++)
            if (!key_byte(key, bytes[i]))
                return at;
        end = next;
    }
    return end;
}

/* Appends what joins two tokens: a space for any spaces, apostrophe, hyphen, full stop. Returns its end, or `at`. */
static size_t key_separator(struct key *key, struct str text, size_t at)
{
    size_t end = at, next;
    while (end < text.len) {
        unsigned c = utf8_decode(text, end, &next);
        if (!uni_is_space(c))
            break;
        end = next;
    }
    if (end > at)
        return key_byte(key, ' ') ? end : at;
    if (at >= text.len)
        return at;
    unsigned c = utf8_decode(text, at, &next);
    char joined = c == '\'' || c == 0x2019                 ? '\''
                  : c == '-' || c == 0x2010 || c == 0x2011 ? '-'
                  : c == '.' || c == '&'                   ? (char)c
                                                           : '\0';
    return joined && key_byte(key, joined) ? next : at;
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

static size_t slot_of(const struct lexicon *lexicon, struct str key, uint64_t hash)
{
    size_t slot = (size_t)hash & (lexicon->n_slots - 1);
    while (lexicon->slots[slot].key.len > 0 && (lexicon->slots[slot].hash != hash || !str_eq(lexicon->slots[slot].key, key)))
        slot = (slot + 1) & (lexicon->n_slots - 1);
    return slot;
}

const struct lexicon_node *lexicon_node(const struct lexicon *lexicon, struct str key)
{
    if (lexicon->n_slots == 0)
        return NULL;
    const struct lexicon_node *node = &lexicon->slots[slot_of(lexicon, key, hash_bytes_64(key))];
    return node->key.len > 0 ? node : NULL;
}

static bool grow(struct lexicon *lexicon)
{
    struct lexicon bigger = *lexicon;
    bigger.n_slots = lexicon->n_slots ? lexicon->n_slots * 2 : 1024;
    bigger.slots = arena_array(&lexicon->arena, bigger.n_slots, sizeof *bigger.slots);
    if (!bigger.slots)
        return false;
    for (size_t i = 0; i < lexicon->n_slots; i++)
        if (lexicon->slots[i].key.len > 0)
            bigger.slots[slot_of(&bigger, lexicon->slots[i].key, lexicon->slots[i].hash)] = lexicon->slots[i];
    lexicon->slots = bigger.slots;
    lexicon->n_slots = bigger.n_slots;
    return true;
}

static struct lexicon_node *node_make(struct lexicon *lexicon, struct str key)
{
    if (lexicon->n_nodes * 2 >= lexicon->n_slots && !grow(lexicon))
        return NULL;
    uint64_t hash = hash_bytes_64(key);
    struct lexicon_node *node = &lexicon->slots[slot_of(lexicon, key, hash)];
    if (node->key.len == 0) {
        node->key = arena_copy(&lexicon->arena, key);
        node->hash = hash;
        lexicon->n_nodes++;
    }
    return arena_failed(&lexicon->arena) ? NULL : node;
}

static bool has_capital(struct str s)
{
    for (size_t at = 0; at < s.len;)
        if (uni_is_upper(utf8_decode(s, at, &at)))
            return true;
    return false;
}

/* NULL where `value` can be said; else what is wrong with it. */
static const char *value_trouble(struct str value)
{
    if (value.len == 0)
        return "nothing to say after '=': give a respelling or [[phonemes]]";
    if (utf8_valid_length(value) < value.len)
        return "not valid UTF-8";
    bool inside = false;
    for (size_t i = 0; i < value.len; i++) {
        if ((unsigned char)value.data[i] < ' ' || value.data[i] == 0x7F)
            return "a control character in the pronunciation";
        if (str_starts(str_sub(value, i, value.len), STR("[["))) {
            if (inside)
                return "'[[' inside of '[['";
            inside = true;
            i++;
        } else if (str_starts(str_sub(value, i, value.len), STR("]]"))) {
            if (!inside)
                return "']]' without '[['";
            inside = false;
            i++;
        } else if (inside && (unsigned char)value.data[i] > '~') {
            return "phonemes are eSpeak NG's ASCII mnemonics, see 'espeak-ng -q -x WORD'";
        }
    }
    return inside ? "'[[' without ']]'" : NULL;
}

static enum status entry_put(struct lexicon *lexicon, struct lexicon_node *node, struct str written, struct str value,
                             bool dotted)
{
    struct lexicon_entry *entry = NULL;
    for (struct lexicon_entry *e = node->entries; e; e = e->next)
        if (e->dotted == dotted && (str_eq(e->written, written) || (!e->cased && !has_capital(written))))
            entry = e;
    if (!entry) {
        entry = arena_alloc(&lexicon->arena, sizeof *entry);
        if (!entry)
            return STATUS_NO_MEMORY;
        entry->next = node->entries;
        node->entries = entry;
    }
    entry->written = arena_copy(&lexicon->arena, written);
    entry->value = arena_copy(&lexicon->arena, value);
    entry->cased = has_capital(written);
    entry->phonemes = str_find(value, STR("[["), 0) != SIZE_MAX;
    entry->dotted = dotted;
    return arena_failed(&lexicon->arena) ? STATUS_NO_MEMORY : STATUS_OK;
}

enum status lexicon_add(struct lexicon *lexicon, struct str written, struct str value, const char *path, size_t line,
                        struct problem *problem)
{
    written = utf8_trim(written);
    value = utf8_trim(value);
    const char *trouble = value_trouble(value);
    if (trouble)
        return problem_set(problem, STATUS_BAD_DATA, path, line, "%s", trouble);
    if (utf8_valid_length(written) < written.len)
        return problem_set(problem, STATUS_BAD_DATA, path, line, "not valid UTF-8");
    struct key key = {.len = 0};
    size_t at = 0;
    struct lexicon_node *node = NULL;
    bool dotted = false;
    while (at < written.len) {
        size_t end = key_token(&key, written, at);
        if (end == at)
            break;
        node = node_make(lexicon, (struct str){key.data, key.len});
        if (!node)
            return problem_no_memory(problem);
        at = end;
        end = key_separator(&key, written, at);
        if (end == at)
            break;
        dotted = end == written.len && written.data[at] == '.';
        at = end;
    }
    if (at < written.len || !node || (!dotted && key.len > 0 && key.data[key.len - 1] == '-'))
        return problem_set(problem, STATUS_BAD_DATA, path, line,
                           "'%.*s' is no word: letters and digits joined by spaces, hyphens, apostrophes or full stops, at most "
                           "%d bytes",
                           (int)(written.len > 60 ? 60 : written.len), written.data ? written.data : "", (int)LEXICON_KEY_MAX);
    if (entry_put(lexicon, node, written, value, dotted) != STATUS_OK)
        return problem_no_memory(problem);
    return STATUS_OK;
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

bool lexicon_language_holds(struct str tag, struct str language)
{
    return str_eq_nocase(tag, str_sub(language, 0, tag.len)) &&
           (language.len == tag.len || (language.len > tag.len && language.data[tag.len] == '-'));
}

static enum status load_lines(struct lexicon *lexicon, struct str data, const char *path, const char *language,
                              struct problem *problem)
{
    struct str rest = data, line;
    bool holds = true;
    for (size_t number = 1; str_next(&rest, '\n', &line); number++) {
        line = utf8_trim(line);
        size_t comment = line.len > 0 && line.data[0] == '#' ? 0 : str_find(line, STR(" #"), 0);
        if (comment != SIZE_MAX)
            line = utf8_trim(str_sub(line, 0, comment));
        if (line.len == 0)
            continue;
        size_t equals = str_find(line, STR("="), 0);
        if (line.data[0] == '[' && line.data[line.len - 1] == ']' && equals == SIZE_MAX) {
            holds = lexicon_language_holds(str_sub(line, 1, line.len - 1), str_from(language));
            continue;
        }
        if (equals == SIZE_MAX)
            return problem_set(problem, STATUS_BAD_DATA, path, number,
                               "expected 'WORD = respelling', 'WORD = [[phonemes]]' or '[language]'");
        enum status status = STATUS_OK;
        if (holds)
            status = lexicon_add(lexicon, str_sub(line, 0, equals), str_sub(line, equals + 1, line.len), path, number, problem);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static enum status load_file(struct lexicon *lexicon, const char *path, const char *language, struct problem *problem)
{
    struct buffer data = {0};
    enum status status = file_read(path, FILE_LIMIT, &data, problem);
    struct str content = buffer_view(&data);
    if (str_starts(content, STR("\xEF\xBB\xBF")))
        content = str_sub(content, 3, content.len);
    if (status == STATUS_OK)
        status = str_starts(str_trim(content), STR("<")) ? pls_load(lexicon, buffer_view(&data), path, language, problem)
                                                         : load_lines(lexicon, content, path, language, problem);
    buffer_release(&data);
    return status;
}

/* The shipped file of a language: none is no mistake. */
static enum status load_shipped(struct lexicon *lexicon, const char *folder, struct str tag, const char *language,
                                struct problem *problem)
{
    struct arena paths = {0};
    struct str path = arena_format(&paths, "%s/%.*s.txt", folder, STR_ARG(tag));
    struct problem ignored = {0}, found = {0};
    enum status status = STATUS_NO_MEMORY;
    if (!arena_failed(&paths) && access(path.data, F_OK) != 0 && errno == ENOENT)
        status = STATUS_OK;
    else if (!arena_failed(&paths))
        status = load_file(lexicon, path.data, language, &found);
    if (status == STATUS_NO_MEMORY)
        problem_no_memory(problem ? problem : &ignored);
    else if (status != STATUS_OK)
        problem_set(problem, status, found.path, found.line, "%s", found.text);
    arena_release(&paths);
    return status;
}

enum status lexicon_load(struct lexicon **lexicon, const char *folder, const char *language, const char *const *files,
                         size_t n_files, struct problem *problem)
{
    *lexicon = NULL;
    struct arena arena = {0};
    struct lexicon *made = arena_alloc(&arena, sizeof *made);
    if (!made)
        return problem_no_memory(problem);
    made->arena = arena;
    if (!language)
        language = "";
    enum status status = STATUS_OK;
    struct str tag = str_from(language), whole = tag, primary = {0};
    str_next(&tag, '-', &primary);
    bool plain = primary.len > 0; /* a tag is part of a path: only letters, digits and hyphens may be */
    for (size_t i = 0; i < whole.len; i++)
        plain = plain && (is_alpha(whole.data[i]) || is_digit(whole.data[i]) || whole.data[i] == '-');
    if (folder && plain) {
        status = load_shipped(made, folder, primary, language, problem);
        if (status == STATUS_OK && whole.len > primary.len)
            status = load_shipped(made, folder, whole, language, problem);
    }
    for (size_t i = 0; i < n_files && status == STATUS_OK; i++)
        status = load_file(made, files[i], language, problem);
    if (status == STATUS_OK && arena_failed(&made->arena))
        status = problem_no_memory(problem);
    if (status == STATUS_OK)
        *lexicon = made;
    else
        lexicon_free(made);
    return status;
}

void lexicon_free(struct lexicon *lexicon)
{
    if (!lexicon)
        return;
    struct arena arena = lexicon->arena; /* the lexicon itself lies in it */
    arena_release(&arena);
}

/* ---- reading ------------------------------------------------------------------------------------------------------ */

static bool all_capitals(struct str s)
{
    bool some = false;
    for (size_t at = 0; at < s.len;) {
        unsigned c = utf8_decode(s, at, &at);
        if (uni_is_lower(c))
            return false;
        some = some || uni_is_upper(c);
    }
    return some;
}

/* "XI" in capitals is the eleventh rather than Mr Xi. */
static bool may_be_numeral(struct str s)
{
    for (size_t at = 0; at < s.len; at++)
        if (!memchr("IVXLCDM", s.data[at], 7))
            return false;
    return true;
}

static bool case_fits(const struct lexicon_entry *entry, struct str text)
{
    if (!entry->cased || (all_capitals(text) && (!may_be_numeral(text) || str_eq(text, entry->written))))
        return true;
    size_t a = 0, b = 0;
    while (a < entry->written.len && b < text.len) {
        unsigned want = utf8_decode(entry->written, a, &a), got = utf8_decode(text, b, &b);
        if (uni_is_upper(want) != uni_is_upper(got) && uni_is_letter(want) && uni_is_letter(got))
            return false;
    }
    return true;
}

static const struct lexicon_entry *entry_for(const struct reader *r, const struct lexicon_node *node, struct str text,
                                             bool dotted)
{
    const struct lexicon_entry *best = NULL;
    for (const struct lexicon_entry *e = node->entries; e; e = e->next)
        if (e->dotted == dotted && (r->context->phonemes || !e->phonemes) && case_fits(e, text) && (!best || e->cased))
            best = e;
    return best;
}

/* "Macron's": the sound of the ending after the last phoneme or letter. */
static void say_value(struct reader *r, const struct lexicon_entry *entry, bool possessive)
{
    struct str value = entry->value;
    words_add(&r->out, value);
    if (!possessive)
        return;
    if (!str_ends(value, STR("]]"))) {
        buffer_c_string(&r->out, "'s");
        return;
    }
    struct str sound = str_sub(value, 0, value.len - 2);
    while (sound.len > 0 && strchr(":'_|%,#2", sound.data[sound.len - 1]))
        sound.len--;
    char last = sound.len > 0 ? sound.data[sound.len - 1] : 'a';
    const char *ending = strchr("szSZ", last) ? "I#z]]" : strchr("ptkfT", last) ? "s]]" : "z]]";
    if (!r->out.failed)
        r->out.len -= 2;
    buffer_c_string(&r->out, ending);
}

size_t lexicon_read(struct reader *r, size_t at)
{
    const struct lexicon *lexicon = r->context->lexicon;
    if (!lexicon || lexicon->n_nodes == 0)
        return 0;
    struct key key = {.len = 0};
    const struct lexicon_entry *best = NULL;
    size_t best_end = 0, here = at;
    for (;;) {
        size_t end = key_token(&key, r->text, here);
        if (end == here)
            break;
        const struct lexicon_node *node = lexicon_node(lexicon, (struct str){key.data, key.len});
        if (!node)
            break;
        const struct lexicon_entry *entry = entry_for(r, node, str_sub(r->text, at, end), false);
        if (entry) {
            best = entry;
            best_end = end;
        }
        if (byte_at(r, end) == '.' && (entry = entry_for(r, node, str_sub(r->text, at, end), true))) {
            best = entry;
            best_end = end + 1;
        }
        here = key_separator(&key, r->text, end);
        if (here == end)
            break;
    }
    if (!best)
        return 0;
    size_t mark = apostrophe_at(r, best_end), tail = best_end + mark;
    bool possessive = mark > 0 && (byte_at(r, tail) == 's' || byte_at(r, tail) == 'S') && !word_at(r, tail + 1);
    size_t end = possessive ? tail + 1 : best_end;
    say_open(r);
    say_value(r, best, possessive);
    say_close(r, at, end);
    return end;
}
