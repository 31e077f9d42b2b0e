/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a file of JSON Lines: no crash, no leak, and what is handed
 * out is UTF-8 with an id and a text. */
#include <stdlib.h>

#include "reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int on_document(const struct shukach_document *document, void *payload)
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

static int on_notice(enum shukach_reason reason, const char *name, size_t line,
                     const char *detail, void *payload)
{
    (void)name;
    (void)line;
    (void)payload;
    if (reason == 0 || !utf8_valid(detail, strlen(detail), NULL)) {
        abort();
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shukach_reader *reader;
    if (shukach_reader_new(&reader, NULL) != SHUKACH_OK) {
        return 0;
    }
    /* Small, so that the limit of a line is met as well. */
    shukach_reader_set_max_bytes(reader, 4096);
    shukach_reader_set_on_document(reader, on_document, NULL);
    shukach_reader_set_on_notice(reader, on_notice, NULL);
    if (reader_read_bytes(reader, "x.jsonl", data, size, NULL) != SHUKACH_OK) {
        abort();
    }
    shukach_reader_free(reader);
    return 0;
}
