#include "base/watch.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

static bool failed;

void watch_begin(void)
{
    failed = false;
}

bool watch_failed(void)
{
    return failed;
}

void *watch_malloc(size_t size)
{
    void *block = malloc(size);
    failed |= !block;
    return block;
}

void *watch_realloc(void *old, size_t size)
{
    void *block = realloc(old, size);
    failed |= !block;
    return block;
}

char *watch_strdup(const char *c_string)
{
    char *copy = strdup(c_string);
    failed |= !copy;
    return copy;
}

void watch_json(void)
{
    watch_begin();
    json_set_alloc_funcs(watch_malloc, free);
}
