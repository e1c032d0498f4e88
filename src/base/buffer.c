#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pages.h"
#include "base/utf8.h"

/* A capacity of PAGES_UNIT or more is a multiple of it and lies in pages. */
static bool in_pages(size_t capacity)
{
    return capacity >= PAGES_UNIT;
}

static char *resized(struct buffer *buffer, size_t capacity)
{
    if (!in_pages(capacity))
        return realloc(buffer->data, capacity);
    if (in_pages(buffer->capacity))
        return pages_grow(buffer->data, buffer->capacity, capacity);
    char *fresh = pages_new(capacity);
    if (fresh && buffer->data) {
        memcpy(fresh, buffer->data, buffer->capacity);
        free(buffer->data);
    }
    return fresh;
}

void buffer_release(struct buffer *buffer)
{
    if (!buffer)
        return;
    if (in_pages(buffer->capacity))
        pages_free(buffer->data, buffer->capacity);
    else
        free(buffer->data);
    *buffer = (struct buffer){0};
}

void buffer_clear(struct buffer *buffer)
{
    buffer->len = 0;
    buffer->failed = false;
    if (buffer->data)
        buffer->data[0] = '\0';
}

bool buffer_reserve(struct buffer *buffer, size_t more)
{
    if (buffer->failed)
        return false;
    if (more >= SIZE_MAX / 2 - buffer->len) {
        buffer->failed = true;
        return false;
    }
    size_t need = buffer->len + more + 1;
    if (need <= buffer->capacity)
        return true;
    size_t capacity = buffer->capacity ? buffer->capacity : 64;
    while (capacity < need)
        capacity += capacity / 2;
    if (in_pages(capacity))
        capacity = (capacity + PAGES_UNIT - 1) / PAGES_UNIT * PAGES_UNIT;
    char *fresh = resized(buffer, capacity);
    if (!fresh) {
        buffer->failed = true;
        return false;
    }
    buffer->data = fresh;
    buffer->capacity = capacity;
    return true;
}

void buffer_append(struct buffer *buffer, const void *data, size_t len)
{
    if (!buffer_reserve(buffer, len))
        return;
    if (len)
        memcpy(buffer->data + buffer->len, data, len);
    buffer->len += len;
    buffer->data[buffer->len] = '\0';
}

void buffer_str(struct buffer *buffer, struct str s)
{
    buffer_append(buffer, s.data, s.len);
}

void buffer_c_string(struct buffer *buffer, const char *c_string)
{
    buffer_append(buffer, c_string, strlen(c_string));
}

void buffer_byte(struct buffer *buffer, char c)
{
    buffer_append(buffer, &c, 1);
}

void buffer_code_point(struct buffer *buffer, unsigned code_point)
{
    char bytes[4];
    buffer_append(buffer, bytes, utf8_encode(code_point, bytes));
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len >= 0 && buffer_reserve(buffer, (size_t)len)) {
        vsnprintf(buffer->data + buffer->len, (size_t)len + 1, format, again);
        buffer->len += (size_t)len;
    }
    va_end(again);
}
