#include "library/settings.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ini_file.h"

enum value_kind { VALUE_TEXT, VALUE_FLAG, VALUE_INTEGER, VALUE_REAL, VALUE_FILE };

struct key_spec {
    const char *section, *key;
    enum value_kind kind;
    size_t offset;
    double least, most;
};

#define KEY(section_name, key_name, kind, field, least, most)                                                                    \
    {                                                                                                                            \
        section_name, key_name, kind, offsetof(struct library_settings, field), least, most                                      \
    }

static const struct key_spec keys[] = {
    KEY("show", "title", VALUE_TEXT, title, 0, 0),
    KEY("show", "author", VALUE_TEXT, author, 0, 0),
    KEY("show", "description", VALUE_TEXT, description, 0, 0),
    KEY("show", "language", VALUE_TEXT, language, 0, 0),
    KEY("show", "url", VALUE_TEXT, url, 0, 0),
    KEY("show", "category", VALUE_TEXT, category, 0, 0),
    KEY("show", "explicit", VALUE_FLAG, explicit_content, 0, 0),
    KEY("show", "email", VALUE_TEXT, email, 0, 0),
    KEY("show", "cover", VALUE_FILE, cover, 0, 0),
    KEY("edition", "cast", VALUE_FILE, cast, 0, 0),
    KEY("edition", "lexicon", VALUE_FILE, lexicon, 0, 0),
    KEY("edition", "intro", VALUE_FILE, intro, 0, 0),
    KEY("edition", "outro", VALUE_FILE, outro, 0, 0),
    KEY("edition", "chime", VALUE_FILE, chime, 0, 0),
    KEY("edition", "announce", VALUE_TEXT, announce, 0, 0),
    KEY("edition", "loudness", VALUE_REAL, loudness_lufs, -40, -14),
    KEY("edition", "bitrate", VALUE_INTEGER, bitrate_kbps, 8, 320),
    KEY("keep", "days", VALUE_INTEGER, keep_days, 0, 36500),
    KEY("keep", "episodes", VALUE_INTEGER, keep_episodes, 0, 100000),
    KEY("keep", "removed", VALUE_FLAG, keep_removed, 0, 0),
    KEY("follow", "max_items", VALUE_INTEGER, follow_max_items, 0, 1000),
    KEY("follow", "first_items", VALUE_INTEGER, follow_first_items, 0, 1000),
    KEY("web", "user_agent", VALUE_TEXT, user_agent, 0, 0),
    KEY("web", "timeout", VALUE_INTEGER, web_timeout_s, 1, 3600),
    KEY("web", "max_megabytes", VALUE_INTEGER, web_max_megabytes, 1, 1000),
};

/* A file of the library by its path, but for the words that name no file ("auto", "on", "off", the name of a shipped cast). */
static const char *library_file(const char *library, struct str value, struct arena *arena)
{
    static const char *const words[] = {"auto", "on", "off", "none"};
    const char *text = arena_c_string(arena, value);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i]) == 0)
            return text;
    if (!*text || *text == '/')
        return text;
    const char *path = arena_format(arena, "%s/%s", library, text).data;
    bool looks_like_file = strchr(text, '/') || strchr(text, '.');
    return looks_like_file || access(path, F_OK) == 0 ? path : text;
}

static enum status read_value(struct library_settings *settings, const struct key_spec *spec, const struct ini_entry *entry,
                              const char *library, const char *path, struct arena *arena, struct problem *problem)
{
    void *place = (char *)settings + spec->offset;
    const char *text = arena_c_string(arena, entry->value);
    if (spec->kind == VALUE_TEXT || spec->kind == VALUE_FILE) {
        *(const char **)place = spec->kind == VALUE_TEXT ? text : library_file(library, entry->value, arena);
        return STATUS_OK;
    }
    if (spec->kind == VALUE_FLAG) {
        bool yes = str_eq_nocase(entry->value, STR("true")) || str_eq_nocase(entry->value, STR("yes"));
        if (!yes && !str_eq_nocase(entry->value, STR("false")) && !str_eq_nocase(entry->value, STR("no")))
            return problem_set(problem, STATUS_BAD_DATA, path, entry->line, "%s is true or false, not '%s'", spec->key, text);
        *(bool *)place = yes;
        return STATUS_OK;
    }
    char *end;
    double value = strtod(text, &end);
    /* "60 days", "100 episodes": the unit may be written out. */
    while (*end == ' ')
        end++;
    bool unit = *end == '\0' || strcmp(end, spec->key) == 0;
    if (end == text || !unit || !isfinite(value) || value < spec->least || value > spec->most)
        return problem_set(problem, STATUS_BAD_DATA, path, entry->line, "%s is a number from %g to %g, not '%s'", spec->key,
                           spec->least, spec->most, text);
    if (spec->kind == VALUE_REAL)
        *(double *)place = value;
    else
        *(int *)place = (int)value;
    return STATUS_OK;
}

static enum status read_announcement(struct library_settings *settings, const struct ini_entry *entry, const char *path,
                                     struct arena *arena, struct problem *problem)
{
    enum announcement kind = announcement_by_name(entry->key);
    if (kind == ANNOUNCEMENT_COUNT)
        return problem_set(problem, STATUS_BAD_DATA, path, entry->line,
                           "unknown key %.*s in [announcements]; there are " ANNOUNCEMENT_NAMES, STR_ARG(entry->key));
    settings->announcements.texts[kind] = arena_copy(arena, entry->value);
    return announcement_check(kind, entry->value, path, entry->line, problem);
}

static enum status check(const struct library_settings *settings, const char *path, const struct ini_file *file,
                         struct problem *problem)
{
    const struct ini_entry *url = ini_file_find(file, "show", "url");
    bool web = strncmp(settings->url, "http://", 7) == 0 || strncmp(settings->url, "https://", 8) == 0;
    if (*settings->url && !web)
        return problem_set(problem, STATUS_BAD_DATA, path, url ? url->line : 0, "url begins with https:// or http://, not '%s'",
                           settings->url);
    return STATUS_OK;
}

enum status library_settings_read(struct library_settings *settings, const char *library, struct arena *arena,
                                  struct problem *problem)
{
    *settings = (struct library_settings){.title = "crier editions",
                                          .author = "crier",
                                          .description = "Articles read aloud.",
                                          .language = "en",
                                          .url = "",
                                          .category = "News",
                                          .email = "",
                                          .cover = "auto",
                                          .keep_removed = true,
                                          .cast = "",
                                          .lexicon = "",
                                          .intro = "",
                                          .outro = "",
                                          .chime = "",
                                          .announce = "",
                                          .follow_max_items = 10,
                                          .follow_first_items = 3,
                                          .user_agent = "",
                                          .web_timeout_s = 60,
                                          .web_max_megabytes = 20,
                                          .loudness_lufs = NAN};
    const char *path = arena_format(arena, "%s/crier.ini", library).data;
    if (arena_failed(arena))
        return problem_no_memory(problem);
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return STATUS_OK;
    struct ini_file file = {0};
    enum status status = ini_file_read(&file, path, 1 << 20, problem);
    for (size_t i = 0; status == STATUS_OK && i < file.n_entries; i++) {
        const struct ini_entry *entry = &file.entries[i];
        const struct key_spec *spec = NULL;
        bool announcement = str_eq_c(entry->section, "announcements"), section_known = announcement;
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            bool same_section = str_eq_c(entry->section, keys[k].section);
            section_known |= same_section;
            if (same_section && str_eq_c(entry->key, keys[k].key))
                spec = &keys[k];
        }
        if (!section_known)
            status = problem_set(problem, STATUS_BAD_DATA, path, entry->line,
                                 "unknown section [%.*s]; there are show, edition, announcements, keep, follow and web",
                                 STR_ARG(entry->section));
        else if (announcement && entry->key.len)
            status = read_announcement(settings, entry, path, arena, problem);
        else if (!spec && entry->key.len)
            status = problem_set(problem, STATUS_BAD_DATA, path, entry->line, "unknown key %.*s in [%.*s]", STR_ARG(entry->key),
                                 STR_ARG(entry->section));
        else if (spec)
            status = read_value(settings, spec, entry, library, path, arena, problem);
    }
    if (status == STATUS_OK)
        status = check(settings, path, &file, problem);
    ini_file_release(&file);
    if (status == STATUS_OK && arena_failed(arena))
        status = problem_no_memory(problem);
    return status;
}
