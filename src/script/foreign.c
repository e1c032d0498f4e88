#include "script/foreign.h"

#include "base/table.h"
#include "base/utf8.h"

/* LANGUAGE TAB verbs | he | she | prepositions: a name behind one of those is another's or a place's. */
EMBED(foreign_cues, CRIER_SOURCE_DIR "/script/data/foreign_cues.tsv")

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))
#define WORDS_LIMIT 12
#define WITHIN_LIMIT 300 /* words of a quotation that are looked at for a cue inside */

struct table {
    struct str verbs, he, she, prepositions;
    bool german; /* nouns have capitals */
    bool hindi;  /* the verb comes last, no capitals */
    bool slavic; /* verbs in the past and surnames tell the gender */
};

struct word_at {
    size_t start, end;
    bool capital;
    bool comma; /* a comma, dash or colon stands before it */
    bool first; /* of its sentence */
};

struct words {
    struct word_at items[WORDS_LIMIT];
    size_t n;
    struct str text;
    struct arena *arena;
};

static bool find_table(struct str language, struct table *table)
{
    struct str primary = language, row;
    for (size_t i = 0; i < primary.len; i++)
        if (primary.data[i] == '-' || primary.data[i] == '_')
            primary.len = i;
    if (!table_find(foreign_cues(), primary, &row))
        return false;
    str_next(&row, '|', &table->verbs);
    str_next(&row, '|', &table->he);
    str_next(&row, '|', &table->she);
    table->prepositions = row;
    table->german = str_eq(primary, STR("de"));
    table->hindi = str_eq(primary, STR("hi"));
    table->slavic = str_eq(primary, STR("ru")) || str_eq(primary, STR("uk")) || str_eq(primary, STR("pl"));
    return true;
}

static bool listed(struct str list, struct str word)
{
    struct str rest = list, item;
    while (str_next(&rest, ' ', &item))
        if (item.len && str_eq(item, word))
            return true;
    return false;
}

static struct str word_text(const struct words *words, size_t i)
{
    return utf8_lower(words->arena, str_sub(words->text, words->items[i].start, words->items[i].end));
}

/* Letters, marks and what may stand inside a word. */
static bool goes_on(unsigned c)
{
    return uni_is_word(c) || c == '-' || c == 0x2019 || c == '\'' || (c >= 0x900 && c <= 0x963) || c == 0x200D;
}

static bool ends_clause(unsigned c)
{
    return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == ';' || c == 0x0964 || c == '(' || c == ')' || c == 0x2039 ||
           c == 0x203A || c == 0xAB || c == 0xBB || c == '"' || (c >= 0x201C && c <= 0x201F) || c == '\n';
}

/* The words of text[at, end) up to the end of the clause. */
static void words_read(struct words *words, size_t at, size_t end)
{
    words->n = 0;
    bool comma = false;
    while (at < end && words->n < WORDS_LIMIT) {
        size_t next;
        unsigned c = utf8_decode(words->text, at, &next);
        if (ends_clause(c))
            return;
        if (goes_on(c) && c != '-' && c != 0x2019 && c != '\'') {
            struct word_at *word = &words->items[words->n++];
            *word = (struct word_at){.start = at, .capital = uni_is_upper(c), .comma = comma};
            while (at < end && goes_on(utf8_decode(words->text, at, &next)))
                at = next;
            word->end = at;
            comma = false;
            continue;
        }
        comma |= c == ',' || c == ':' || c == 0x2014 || c == 0x2013;
        at = next;
    }
}

static bool ends_with_any(struct str word, const char *const *ends, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_ends(word, str_from(ends[i])))
            return true;
    return false;
}

/* сказала, powiedział; Лебедева, Сомов, Kowalska. */
static enum gender slavic_gender(struct str verb, struct str surname)
{
    static const char *const she_said[] = {"ла", "ła"}, *const he_said[] = {"л", "ł", "ав", "ив", "ів"};
    static const char *const female[] = {"ова", "ева", "ёва", "ина", "ская", "цкая", "ська", "цька", "ska", "cka"};
    static const char *const male[] = {"ов", "ев", "ёв", "ин", "ский", "цкий", "ський", "цький", "ski", "cki"};
    if (ends_with_any(verb, she_said, COUNT_OF(she_said)) || ends_with_any(surname, female, COUNT_OF(female)))
        return GENDER_FEMALE;
    if (ends_with_any(verb, he_said, COUNT_OF(he_said)) || ends_with_any(surname, male, COUNT_OF(male)))
        return GENDER_MALE;
    return GENDER_UNKNOWN;
}

static bool is_verb(const struct table *table, const struct words *words, size_t i)
{
    return listed(table->verbs, word_text(words, i));
}

/* "dit-il", "raconte-t-elle" of a word that starts with a verb. */
static bool inverted(const struct table *table, const struct words *words, size_t i, struct foreign_cue *cue)
{
    struct str word = word_text(words, i), rest = word, verb, last = {"", 0}, part;
    str_next(&rest, '-', &verb);
    if (verb.len == word.len || !listed(table->verbs, verb))
        return false;
    while (str_next(&rest, '-', &part))
        last = part;
    bool he = listed(table->he, last), she = listed(table->she, last);
    *cue = (struct foreign_cue){.pronoun = he || she, .gender = he ? GENDER_MALE : GENDER_FEMALE};
    return he || she;
}

static void set_name(const struct words *words, size_t first, size_t end, size_t verb, const struct table *table,
                     struct foreign_cue *cue)
{
    if (table->slavic)
        cue->gender = slavic_gender(word_text(words, verb), word_text(words, end - 1));
    if (table->german && end - first > 2) /* "Bürgermeisterin Karin Holtz" */
        first = end - 2;
    cue->name = str_sub(words->text, words->items[first].start, words->items[end - 1].end);
    cue->single = end - first == 1 && (table->german || words->items[first].first);
}

/* The subject behind a verb: a pronoun, or the first run of capitalised words, past a few words that describe it. */
static bool subject_behind(const struct table *table, const struct words *words, size_t i, struct foreign_cue *cue)
{
    bool foreign = false; /* the next run belongs to somebody else */
    *cue = (struct foreign_cue){0};
    for (size_t k = i; k < words->n; k++) {
        struct str word = word_text(words, k);
        bool he = listed(table->he, word), she = listed(table->she, word);
        if (k == i && (he || she)) {
            *cue = (struct foreign_cue){.pronoun = true, .gender = he ? GENDER_MALE : GENDER_FEMALE};
            return true;
        }
        if (words->items[k].comma && k > i + 1)
            foreign = false;
        if (k == i && words->items[k].comma)
            return false;
        if (!words->items[k].capital) {
            foreign |= listed(table->prepositions, word) && !(table->german && str_eq_c(word, "der") && k == i);
            if (k > i + 6)
                return false;
            continue;
        }
        size_t end = k + 1;
        while (end < words->n && words->items[end].capital && !words->items[end].comma)
            end++;
        if (foreign) {
            k = end - 1;
            continue;
        }
        set_name(words, k, end, i - 1, table, cue);
        return true;
    }
    return false;
}

/* "NAME ने कहा", after the quotation. */
static bool hindi_subject(const struct table *table, const struct words *words, struct foreign_cue *cue)
{
    for (size_t i = 1; i < words->n && i <= 4; i++) {
        if (!str_eq_c(word_text(words, i), "ने"))
            continue;
        bool said = false;
        for (size_t k = i + 1; k < words->n && k <= i + 3; k++)
            said |= is_verb(table, words, k);
        if (!said)
            return false;
        *cue = (struct foreign_cue){.name = str_sub(words->text, words->items[0].start, words->items[i - 1].end)};
        return true;
    }
    return false;
}

static bool cue_behind(const struct table *table, struct words *words, size_t from, size_t to, struct foreign_cue *cue)
{
    size_t at = from, next;
    unsigned c;
    /* Past the comma, the dash and the space between the quotation and its cue; a full stop ends both. */
    while (at < to &&
           ((c = utf8_decode(words->text, at, &next)) == ',' || uni_is_space(c) || c == 0x2014 || c == 0x2013 || c == '-'))
        at = next;
    words_read(words, at, to);
    if (!words->n)
        return false;
    if (table->hindi)
        return hindi_subject(table, words, cue);
    for (size_t i = 0; i < words->n && i < 2; i++) { /* "a dit NAME" */
        if (inverted(table, words, i, cue))
            return true;
        if (is_verb(table, words, i))
            return subject_behind(table, words, i + 1, cue);
    }
    return false;
}

/* "NAME sagte: " before the quotation: the name right before the verb, the verb last. */
static bool cue_before_it(const struct table *table, struct words *words, size_t from, size_t to, struct foreign_cue *cue)
{
    size_t end = to, start, prev;
    while (end > from && (uni_is_space(utf8_decode_before(words->text, end, &prev))))
        end = prev;
    if (end == from || utf8_decode_before(words->text, end, &prev) != ':')
        return false;
    end = start = prev;
    while (start > from && to - start < 200 && !ends_clause(utf8_decode_before(words->text, start, &prev)))
        start = prev;
    words_read(words, start, end);
    if (!words->n || words->n == WORDS_LIMIT)
        return false;
    words->items[0].first = true;
    size_t verb = words->n - 1;
    if (!is_verb(table, words, verb))
        return false;
    size_t first = verb;
    while (first > 0 && words->items[first - 1].capital && !words->items[first].comma)
        first--;
    struct str before = first < verb ? word_text(words, verb - 1) : STR("");
    if (first == verb || listed(table->he, before) || listed(table->she, before))
        return false;
    for (size_t i = 0; i < first; i++) /* "Bürgermeister von Berlin sagte" */
        if (i + 1 == first && listed(table->prepositions, word_text(words, i)))
            return false;
    *cue = (struct foreign_cue){0};
    set_name(words, first, verb, verb, table, cue);
    return true;
}

/* « Je ne compte plus, dit-il. Mes genoux ... » */
static bool cue_inside(const struct table *table, struct words *words, const struct quotation *q, struct foreign_cue *cue)
{
    size_t looked = 0;
    for (size_t at = q->inner_start, next; at < q->inner_end && looked < WITHIN_LIMIT * 8; at = next, looked++) {
        unsigned c = utf8_decode(words->text, at, &next);
        if (c != ',' && c != 0x2014 && c != 0x2013)
            continue;
        words_read(words, next, q->inner_end);
        if (!words->n || words->items[0].comma)
            continue;
        if (inverted(table, words, 0, cue))
            return true;
        if (is_verb(table, words, 0) && words->n > 1 && subject_behind(table, words, 1, cue))
            return true;
    }
    return false;
}

bool foreign_cue(const struct article *article, const struct quotation *previous, const struct quotation *quotation,
                 const struct quotation *next, struct arena *arena, struct foreign_cue *cue)
{
    struct table table;
    if (!find_table(article->language, &table))
        return false;
    struct words words = {.text = article->blocks[quotation->block].text, .arena = arena};
    size_t from = previous && previous->block == quotation->block ? previous->end : 0;
    size_t to = next && next->block == quotation->block ? next->start : words.text.len;
    if (cue_behind(&table, &words, quotation->end, to, cue) || cue_before_it(&table, &words, from, quotation->start, cue))
        return true;
    return !table.hindi && !table.german && cue_inside(&table, &words, quotation, cue);
}
