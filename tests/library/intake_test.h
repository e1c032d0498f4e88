/* A library in a folder of its own, what it said, and short ways to ask about its inbox; for the tests that put articles into it.
 */
#ifndef CRIER_TESTS_INTAKE_TEST_H
#define CRIER_TESTS_INTAKE_TEST_H

#include <dirent.h>

#include "base/buffer.h"
#include "base/file.h"
#include "library/follow.h"
#include "web_server.h"

static struct {
    char path[64];
    struct buffer said; /* "E words\n" */
    struct library_run run;
} library;

static void hear(void *context, char level, const char *words)
{
    (void)context;
    buffer_format(&library.said, "%c %s\n", level, words);
}

static void library_new(const char *settings)
{
    char path[128];
    strcpy(library.path, "/tmp/crier-library-XXXXXX");
    assert_non_null(mkdtemp(library.path));
    library.run = (struct library_run){.path = library.path, .say = hear, .sound_id = ""};
    buffer_clear(&library.said);
    snprintf(path, sizeof path, "%s/crier.ini", library.path);
    FILE *ini = fopen(path, "w");
    assert_non_null(ini);
    fprintf(ini, "[web]\ntimeout = 10\nmax_megabytes = 1\n%s", settings);
    fclose(ini);
}

static void library_forget(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", library.path);
    assert_int_equal(system(command), 0);
    buffer_release(&library.said);
}

static bool library_said(const char *words)
{
    return str_find(buffer_view(&library.said), str_from(words), 0) != SIZE_MAX;
}

static const char *inbox_file(const char *name, char path[256])
{
    snprintf(path, 256, "%s/inbox/%s", library.path, name);
    return path;
}

static bool in_inbox(const char *name)
{
    char path[256];
    return access(inbox_file(name, path), F_OK) == 0;
}

static bool inbox_file_has(const char *name, const char *words)
{
    char path[256];
    struct buffer bytes = {0};
    bool has = file_read(inbox_file(name, path), 1 << 24, &bytes, NULL) == STATUS_OK &&
               str_find(buffer_view(&bytes), str_from(words), 0) != SIZE_MAX;
    buffer_release(&bytes);
    return has;
}

/* Files in the inbox, hidden ones too. */
static size_t inbox_count(void)
{
    char path[256];
    size_t n = 0;
    DIR *dir = opendir(inbox_file("", path));
    for (struct dirent *found; dir && (found = readdir(dir));)
        n += strcmp(found->d_name, ".") != 0 && strcmp(found->d_name, "..") != 0;
    if (dir)
        closedir(dir);
    return n;
}

#endif
