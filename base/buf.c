/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base.h"

void buf_init(struct buf *buf, size_t max)
{
    *buf = (struct buf){.max = max};
}

char *buf_reserve(struct buf *buf, size_t length)
{
    if (buf->failed != SHUKACH_OK) {
        return NULL;
    }
    size_t need;
    if (!size_add(buf->length, length, &need) || need > buf->max) {
        buf->failed = SHUKACH_LIMIT;
        return NULL;
    }
    if (need >= buf->capacity) {
        /* One byte more than asked, for the NUL. */
        size_t capacity = buf->capacity < 32 ? 64 : buf->capacity;
        bool fits = true;
        while (fits && capacity <= need) {
            fits = size_mul(capacity, 2, &capacity);
        }
        char *data = fits ? realloc(buf->data, capacity) : NULL;
        if (data == NULL) {
            buf->failed = SHUKACH_NOMEM;
            return NULL;
        }
        buf->data = data;
        buf->capacity = capacity;
    }
    return buf->data + buf->length;
}

void buf_add(struct buf *buf, const void *data, size_t length)
{
    char *place = buf_reserve(buf, length);
    if (place == NULL) {
        return;
    }
    if (length > 0) {
        memcpy(place, data, length);
    }
    buf->length += length;
    buf->data[buf->length] = '\0';
}

void buf_add_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_add_char(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void buf_format(struct buf *buf, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (wanted < 0) {
        /* Over INT_MAX bytes, or no memory to format them. */
        buf->failed = SHUKACH_NOMEM;
        return;
    }
    char *place = buf_reserve(buf, (size_t)wanted);
    if (place == NULL) {
        return;
    }
    va_start(arguments, format);
    vsnprintf(place, (size_t)wanted + 1, format, arguments);
    va_end(arguments);
    buf->length += (size_t)wanted;
}

void buf_add_fixed(struct buf *buf, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        buf_add_char(buf, (char)(value >> (8 * i) & 0xff));
    }
}

void buf_add_varint(struct buf *buf, uint64_t value)
{
    char bytes[10];
    size_t n = 0;
    do {
        uint64_t more = value >> 7;
        bytes[n++] = (char)((value & 0x7f) | (more != 0 ? 0x80 : 0));
        value = more;
    } while (value != 0);
    buf_add(buf, bytes, n);
}

bool varint_read(const unsigned char **at, const unsigned char *end,
                 uint64_t *value)
{
    uint64_t sum = 0;
    for (unsigned shift = 0; shift < 64 && *at < end; shift += 7) {
        uint64_t byte = *(*at)++;
        if (shift == 63 && byte > 1) {
            return false;
        }
        sum |= (byte & 0x7f) << shift;
        if (byte < 0x80) {
            *value = sum;
            return true;
        }
    }
    return false;
}

const char *buf_text(const struct buf *buf)
{
    return buf->length > 0 ? buf->data : "";
}

void buf_reset(struct buf *buf)
{
    buf->length = 0;
    buf->failed = SHUKACH_OK;
}

void buf_free(struct buf *buf)
{
    free(buf->data);
    buf_init(buf, buf->max);
}

bool array_grow(void **items, size_t *capacity, size_t need, size_t size)
{
    if (need <= *capacity) {
        return true;
    }
    size_t grown = *capacity < 8 ? 16 : *capacity;
    while (grown < need) {
        if (!size_mul(grown, 2, &grown)) {
            return false;
        }
    }
    size_t bytes;
    if (!size_mul(grown, size, &bytes)) {
        return false;
    }
    void *moved = realloc(*items, bytes);
    if (moved == NULL) {
        return false;
    }
    *items = moved;
    *capacity = grown;
    return true;
}

int bytes_compare(const void *a, size_t a_length, const void *b,
                  size_t b_length)
{
    size_t least = a_length < b_length ? a_length : b_length;
    int order = least > 0 ? memcmp(a, b, least) : 0;
    return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}
