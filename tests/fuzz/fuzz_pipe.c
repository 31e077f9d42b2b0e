/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes from the process that parses, in pieces: no crash, and what is
 * taken for a record lies within the bytes and is as pipe.h says. The first
 * byte says how long the pieces are. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "pipe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct pipe_in *in, const struct pipe_record *record)
{
    const char *begin = (const char *)in->data;
    bool document = record->head.kind == PIPE_DOCUMENT;
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        const char *text = record->texts[i];
        size_t length = record->head.lengths[i];
        if (text[length] != '\0' || (!document && strlen(text) != length)) {
            abort();
        }
        if (length > 0 && (text < begin || text + length >= begin + in->from)) {
            abort();
        }
    }
    const char *detail = document ? "" : record->texts[PIPE_DETAIL];
    while (*detail != '\0') {
        size_t n = character_length(detail, strlen(detail));
        if (n == 0) {
            abort();
        }
        detail += n;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pipe_in in = {.max = 4096};
    struct pipe_record record;
    enum pipe_state state = PIPE_MORE;
    size_t piece = size > 0 ? (size_t)data[0] + 1 : 1;
    for (size_t at = 1; at < size && state != PIPE_BAD; at += piece) {
        size_t room;
        size_t length = size - at < piece ? size - at : piece;
        unsigned char *to = pipe_space(&in, &room);
        if (to == NULL || room < length) {
            abort();
        }
        memcpy(to, data + at, length);
        in.to += length;
        while ((state = pipe_next(&in, &record)) == PIPE_RECORD) {
            check(&in, &record);
        }
    }
    pipe_free(&in);
    return 0;
}
