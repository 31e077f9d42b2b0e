/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold of a reader whatever it reads. */
#ifndef READER_CHECK_H
#define READER_CHECK_H

#include <stdlib.h>

#include "reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline int check_document(const struct shukach_document *document,
                                 void *payload)
{
    (void)payload;
    for (int i = 0; i < SHUKACH_FIELDS; i++) {
        size_t length;
        const char *text =
            shukach_document_get(document, (enum shukach_field)i, &length);
        bool required = i == SHUKACH_ID || i == SHUKACH_TEXT;
        if (!utf8_valid(text, length, NULL) || (required && length == 0)) {
            abort();
        }
    }
    return 0;
}

static inline int check_notice(enum shukach_reason reason, const char *name,
                               size_t line, const char *detail, void *payload)
{
    (void)name;
    (void)line;
    (void)payload;
    if (reason == 0 || !utf8_valid(detail, strlen(detail), NULL)) {
        abort();
    }
    return 0;
}

/* Reads bytes as a file of this name. */
static inline void check_reader(const char *name, const uint8_t *data,
                                size_t size, size_t max_bytes)
{
    struct shukach_reader *reader;
    if (shukach_reader_new(&reader, NULL) != SHUKACH_OK) {
        return;
    }
    shukach_reader_set_max_bytes(reader, max_bytes);
    shukach_reader_set_on_document(reader, check_document, NULL);
    shukach_reader_set_on_notice(reader, check_notice, NULL);
    if (reader_read_bytes(reader, name, data, size, NULL) != SHUKACH_OK) {
        abort();
    }
    shukach_reader_free(reader);
}

#endif
