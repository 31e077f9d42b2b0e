/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "reader.h"

struct shukach_document {
    struct buf fields[SHUKACH_FIELDS];
    struct buf origin;
    size_t line;
};

/* The indexer has the limits on fields; here only memory ends. */
#define FIELD_MAX (SIZE_MAX / 4)

enum shukach_status shukach_document_new(struct shukach_document **out,
                                         struct shukach_error *err)
{
    if (out == NULL) {
        return error_set(err, SHUKACH_INVALID,
                         "shukach_document_new: no place for the result");
    }
    struct shukach_document *document = calloc(1, sizeof *document);
    *out = document;
    if (document == NULL) {
        return error_nomem(err);
    }
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        buf_init(&document->fields[i], FIELD_MAX);
    }
    buf_init(&document->origin, FIELD_MAX);
    return SHUKACH_OK;
}

static enum shukach_status replace(struct buf *buf, const char *text,
                                   size_t length, struct shukach_error *err)
{
    uintptr_t from = (uintptr_t)buf->data;
    uintptr_t at = (uintptr_t)text;
    if (length > 0 && buf->data != NULL && at >= from &&
        at - from < buf->capacity) {
        /* A part of the field itself, lent by shukach_document_get. */
        memmove(buf->data, text, length);
        buf->data[length] = '\0';
        buf->length = length;
        return SHUKACH_OK;
    }
    buf_reset(buf);
    buf_add(buf, text, length);
    if (buf->failed != SHUKACH_OK) {
        buf_reset(buf);
        return error_nomem(err);
    }
    return SHUKACH_OK;
}

enum shukach_status document_set(struct shukach_document *document,
                                 enum shukach_field field, const char *text,
                                 size_t length, struct shukach_error *err)
{
    return replace(&document->fields[field], text, length, err);
}

enum shukach_status shukach_document_set(struct shukach_document *document,
                                         enum shukach_field field,
                                         const char *text, size_t length,
                                         struct shukach_error *err)
{
    if (document == NULL || (unsigned)field >= SHUKACH_FIELDS ||
        (text == NULL && length > 0)) {
        return error_set(err, SHUKACH_INVALID,
                         "shukach_document_set: no document, no such field "
                         "(%d) or no text",
                         (int)field);
    }
    size_t bad;
    if (!utf8_valid(text, length, &bad)) {
        return error_at(err, SHUKACH_ENCODING, bad,
                        "the text is not valid UTF-8 at byte %zu; convert "
                        "it first",
                        bad);
    }
    return document_set(document, field, text, length, err);
}

const char *shukach_document_get(const struct shukach_document *document,
                                 enum shukach_field field, size_t *length)
{
    bool known = document != NULL && (unsigned)field < SHUKACH_FIELDS;
    if (length != NULL) {
        *length = known ? document->fields[field].length : 0;
    }
    return known ? buf_text(&document->fields[field]) : "";
}

enum shukach_status document_set_origin(struct shukach_document *document,
                                        const char *name, size_t line,
                                        struct shukach_error *err)
{
    document->line = line;
    return replace(&document->origin, name, strlen(name), err);
}

const char *shukach_document_origin(const struct shukach_document *document,
                                    size_t *line)
{
    if (line != NULL) {
        *line = document != NULL ? document->line : 0;
    }
    return document != NULL ? buf_text(&document->origin) : "";
}

void document_reset(struct shukach_document *document)
{
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        buf_reset(&document->fields[i]);
    }
    buf_reset(&document->origin);
    document->line = 0;
}

void shukach_document_free(struct shukach_document *document)
{
    if (document == NULL) {
        return;
    }
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        buf_free(&document->fields[i]);
    }
    buf_free(&document->origin);
    free(document);
}
