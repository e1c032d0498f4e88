#include "base/ini_file.h"

#include <ini.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/utf8.h"

#define SECTION_MAX 49 /* inih keeps so many bytes of a section's name and drops the rest in silence */

struct reading {
    struct ini_file *file;
    struct ini_entry *entries;
    size_t n_entries, capacity;
    struct str rest; /* text not yet given to inih */
    size_t line;     /* of the text last given */
    bool indented;   /* that line goes on with the value before it */
    struct problem *problem;
    enum status status;
};

static struct ini_entry *push(struct reading *reading, struct str section, struct str key, struct str value)
{
    struct arena *arena = &reading->file->arena;
    struct ini_entry *entry =
        arena_push(arena, (void **)&reading->entries, &reading->n_entries, &reading->capacity, sizeof *entry);
    if (!entry) {
        reading->status = problem_no_memory(reading->problem);
        return NULL;
    }
    entry->section = arena_copy(arena, section);
    entry->key = arena_copy(arena, key);
    entry->value = arena_copy(arena, value);
    entry->line = reading->line;
    return entry;
}

#define COMPLAIN(reading, ...)                                                                                                   \
    ((reading)->status =                                                                                                         \
         problem_set((reading)->problem, STATUS_BAD_DATA, (reading)->file->path.data, (reading)->line, __VA_ARGS__))

/* inih tells nobody of section lines or line numbers, so they are taken down as the lines go by. */
static void note_line(struct reading *reading, struct str line)
{
    struct str trimmed = str_trim(line);
    reading->indented = line.len && (line.data[0] == ' ' || line.data[0] == '\t') && trimmed.len;
    if (memchr(line.data, '\0', line.len) || utf8_valid_length(line) < line.len) {
        COMPLAIN(reading, "not a text in UTF-8");
        return;
    }
    if (!trimmed.len || trimmed.data[0] != '[')
        return;
    if (reading->indented) {
        COMPLAIN(reading, "a section must begin at the start of its line");
        return;
    }
    size_t close = str_find(trimmed, STR("]"), 0);
    if (close == SIZE_MAX)
        return; /* inih complains */
    struct str name = str_sub(trimmed, 1, close);
    if (name.len > SECTION_MAX)
        COMPLAIN(reading, "the name of the section is longer than %d bytes", SECTION_MAX);
    else if (!str_trim(name).len)
        COMPLAIN(reading, "a section without a name");
    else
        push(reading, name, (struct str){0}, (struct str){0});
}

static char *next_line(char *out, int size, void *context)
{
    struct reading *reading = context;
    if (reading->status != STATUS_OK || !reading->rest.len)
        return NULL;
    const char *end = memchr(reading->rest.data, '\n', reading->rest.len);
    size_t taken = end ? (size_t)(end - reading->rest.data) + 1 : reading->rest.len;
    struct str line = str_sub(reading->rest, 0, end ? taken - 1 : taken);
    reading->rest = str_sub(reading->rest, taken, reading->rest.len);
    reading->line++;
    if (line.len && line.data[line.len - 1] == '\r')
        line.len--;
    if (line.len + 2 > (size_t)size) {
        COMPLAIN(reading, "longer than %d bytes; go on in the next line, indented", size - 2);
        return NULL;
    }
    note_line(reading, line);
    if (reading->status != STATUS_OK)
        return NULL;
    memcpy(out, line.data, line.len);
    out[line.len] = '\n';
    out[line.len + 1] = '\0';
    return out;
}

static int take_value(void *context, const char *section, const char *key, const char *value)
{
    struct reading *reading = context;
    if (reading->indented && reading->n_entries) {
        struct ini_entry *last = &reading->entries[reading->n_entries - 1];
        if (last->key.len) {
            struct str more = str_from(value); /* inih leaves the comment in */
            more = str_trim(str_sub(more, 0, str_find(more, STR(" ;"), 0)));
            last->value =
                arena_format(&reading->file->arena, "%s%s%.*s", last->value.data, last->value.len ? " " : "", STR_ARG(more));
            return 1;
        }
    }
    if (!*key) {
        COMPLAIN(reading, "a value without a key");
        return 0;
    }
    return push(reading, str_from(section), str_from(key), str_from(value)) != NULL;
}

static int compare_entries(const void *a, const void *b)
{
    const struct ini_entry *x = *(const struct ini_entry *const *)a, *y = *(const struct ini_entry *const *)b;
    int order = str_compare(x->section, y->section);
    if (!order)
        order = str_compare(x->key, y->key);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

static enum status check_twice(struct reading *reading)
{
    struct arena *arena = &reading->file->arena;
    const struct ini_entry **sorted = arena_array(arena, reading->n_entries, sizeof *sorted);
    if (!sorted || arena_failed(arena))
        return problem_no_memory(reading->problem);
    for (size_t i = 0; i < reading->n_entries; i++)
        sorted[i] = &reading->entries[i];
    qsort(sorted, reading->n_entries, sizeof *sorted, compare_entries);
    const struct ini_entry *first = NULL, *original = NULL;
    for (size_t i = 1; i < reading->n_entries; i++) {
        const struct ini_entry *a = sorted[i - 1], *b = sorted[i];
        if (str_eq(a->section, b->section) && str_eq(a->key, b->key) && (!first || b->line < first->line)) {
            first = b;
            original = a;
        }
    }
    if (!first)
        return STATUS_OK;
    bool section = !first->key.len;
    return problem_set(reading->problem, STATUS_BAD_DATA, reading->file->path.data, first->line,
                       section ? "section [%.*s] comes twice, first in line %zu" : "'%.*s' comes twice, first in line %zu",
                       STR_ARG(section ? first->section : first->key), original->line);
}

enum status ini_file_parse(struct ini_file *file, struct str text, const char *path, struct problem *problem)
{
    *file = (struct ini_file){0};
    file->path = arena_copy(&file->arena, str_from(path));
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_sub(text, 3, text.len);
    struct reading reading = {.file = file, .rest = text, .problem = problem};
    int bad_line = ini_parse_stream(next_line, &reading, take_value, &reading);
    enum status status = reading.status;
    if (status == STATUS_OK && bad_line > 0)
        status =
            problem_set(problem, STATUS_BAD_DATA, path, (size_t)bad_line, "neither 'key = value' nor [section] nor a comment");
    if (status == STATUS_OK && (bad_line < 0 || arena_failed(&file->arena)))
        status = problem_no_memory(problem);
    if (status == STATUS_OK)
        status = check_twice(&reading);
    if (status != STATUS_OK) {
        ini_file_release(file);
        return status;
    }
    file->entries = reading.entries;
    file->n_entries = reading.n_entries;
    return STATUS_OK;
}

enum status ini_file_read(struct ini_file *file, const char *path, size_t limit, struct problem *problem)
{
    *file = (struct ini_file){0};
    struct buffer bytes = {0};
    enum status status = file_read(path, limit, &bytes, problem);
    if (status == STATUS_OK)
        status = ini_file_parse(file, buffer_view(&bytes), path, problem);
    buffer_release(&bytes);
    return status;
}

void ini_file_release(struct ini_file *file)
{
    if (!file)
        return;
    arena_release(&file->arena);
    *file = (struct ini_file){0};
}

const struct ini_entry *ini_file_find(const struct ini_file *file, const char *section, const char *key)
{
    for (size_t i = 0; i < file->n_entries; i++)
        if (str_eq_c(file->entries[i].section, section) && str_eq_c(file->entries[i].key, key))
            return &file->entries[i];
    return NULL;
}
