/* Whether a library ran out of memory. jansson and libxml2 do not always say so, and a list that lost an item looks like a short
 * list: their allocations go through here, and who works with them asks at the end. */
#ifndef CRIER_BASE_WATCH_H
#define CRIER_BASE_WATCH_H

#include <stdbool.h>
#include <stddef.h>

void watch_begin(void);
bool watch_failed(void); /* an allocation has failed since watch_begin() */

/* For xmlMemSetup(), with free(). */
void *watch_malloc(size_t size);
void *watch_realloc(void *old, size_t size);
char *watch_strdup(const char *c_string);

/* watch_begin() for work with jansson. */
void watch_json(void);

#endif
