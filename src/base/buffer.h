/* A byte string that grows. Writing to a failed buffer does nothing, so check buffer_failed() once at the end. */
#ifndef CRIER_BASE_BUFFER_H
#define CRIER_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct buffer {
    char *data; /* always NUL-terminated when not NULL */
    size_t len;
    size_t capacity;
    bool failed; /* an allocation failed: the content is incomplete */
};

/* A zeroed struct buffer is ready to use; release accepts NULL and zeroed and leaves it zeroed. */
void buffer_release(struct buffer *buffer);
void buffer_clear(struct buffer *buffer); /* empty again, storage and `failed` state kept: failed becomes false */
bool buffer_reserve(struct buffer *buffer, size_t more);
void buffer_append(struct buffer *buffer, const void *data, size_t len);
void buffer_str(struct buffer *buffer, struct str s);
void buffer_c_string(struct buffer *buffer, const char *c_string);
void buffer_byte(struct buffer *buffer, char c);
void buffer_code_point(struct buffer *buffer, unsigned code_point); /* as UTF-8 */
/* Numbers come out the same in every locale: the process never calls setlocale for LC_NUMERIC. */
void buffer_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline bool buffer_failed(const struct buffer *buffer)
{
    return buffer->failed;
}
static inline struct str buffer_view(const struct buffer *buffer)
{
    return (struct str){buffer->data, buffer->len};
}

#endif
