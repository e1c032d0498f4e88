#include "script/text_names.h"

#include "base/hash.h"

static const char *const speaker_kinds[] = {"person", "described", "organisation", "document", "group"};

const char *speaker_kind_name(enum speaker_kind kind)
{
    return (size_t)kind < sizeof speaker_kinds / sizeof *speaker_kinds ? speaker_kinds[kind] : speaker_kinds[0];
}

bool gender_of_name(struct str word, enum gender *gender)
{
    for (enum gender g = GENDER_UNKNOWN; g <= GENDER_MALE; g++)
        if (str_eq_c(word, gender_name(g))) {
            *gender = g;
            return true;
        }
    return false;
}

bool speaker_kind_of_name(struct str word, enum speaker_kind *kind)
{
    for (size_t i = 0; i < sizeof speaker_kinds / sizeof *speaker_kinds; i++)
        if (str_eq_c(word, speaker_kinds[i])) {
            *kind = (enum speaker_kind)i;
            return true;
        }
    return false;
}

bool text_keyed(struct str piece, const char *key, struct str *value)
{
    struct str name = str_from(key);
    if (!str_starts(piece, name) || piece.len <= name.len || piece.data[name.len] != ':')
        return false;
    *value = str_trim(str_sub(piece, name.len + 1, piece.len));
    return true;
}

bool segment_kind_of_name(struct str word, enum segment_kind *kind)
{
    for (enum segment_kind k = SEGMENT_TITLE; k <= SEGMENT_CAPTION; k++)
        if (str_eq_c(word, segment_kind_name(k))) {
            *kind = k;
            return true;
        }
    return false;
}

bool text_next_piece(struct arena *arena, struct str *rest, struct str *piece)
{
    if (!rest->data)
        return false;
    size_t end = 0, out = 0;
    while (end < rest->len && rest->data[end] != '|')
        end += rest->data[end] == '\\' && end + 1 < rest->len ? 2 : 1;
    char *copy = arena_alloc(arena, end + 1);
    if (!copy)
        return false;
    for (size_t at = 0; at < end; at++) {
        if (rest->data[at] == '\\' && at + 1 < end)
            at++;
        copy[out++] = rest->data[at];
    }
    *piece = str_trim((struct str){copy, out});
    *rest = end < rest->len ? str_sub(*rest, end + 1, rest->len) : (struct str){NULL, 0};
    return true;
}

static void place(struct speaker_table *table, size_t index)
{
    size_t at = (size_t)hash_bytes_64(table->speakers[index].name) & (table->n_slots - 1);
    while (table->slots[at])
        at = (at + 1) & (table->n_slots - 1);
    table->slots[at] = index + 1;
}

static void grow_slots(struct speaker_table *table, struct arena *arena)
{
    size_t more = table->n_slots ? table->n_slots * 2 : 64;
    size_t *fresh = arena_array(arena, more, sizeof *fresh);
    if (!fresh)
        return;
    table->slots = fresh;
    table->n_slots = more;
    for (size_t i = 0; i < table->n_speakers; i++)
        place(table, i);
}

size_t speaker_table_find(struct speaker_table *table, struct arena *arena, struct str name)
{
    if (!name.len)
        return SCRIPT_NOBODY;
    if ((table->n_speakers + 1) * 2 > table->n_slots)
        grow_slots(table, arena);
    if ((table->n_speakers + 1) * 2 > table->n_slots)
        return SCRIPT_NOBODY;
    size_t at = (size_t)hash_bytes_64(name) & (table->n_slots - 1);
    for (; table->slots[at]; at = (at + 1) & (table->n_slots - 1))
        if (str_eq(table->speakers[table->slots[at] - 1].name, name))
            return table->slots[at] - 1;
    struct speaker *speaker =
        arena_push(arena, (void **)&table->speakers, &table->n_speakers, &table->speaker_capacity, sizeof *speaker);
    struct voice_pin *wish = arena_push(arena, (void **)&table->wishes, &table->n_wishes, &table->wish_capacity, sizeof *wish);
    if (!speaker || !wish)
        return SCRIPT_NOBODY;
    speaker->name = name;
    *wish = (struct voice_pin){name, STR("")};
    table->slots[at] = table->n_speakers;
    return table->n_speakers - 1;
}
