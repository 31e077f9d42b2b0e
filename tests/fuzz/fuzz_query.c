/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parses any bytes as a query in both syntaxes, expands what parses and
 * evaluates it on a few tokens. Nothing may crash; an error has an offset
 * within the query. */
#include <assert.h>

#include "searcher.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void evaluate(const struct shukach_query *query)
{
    static const struct seen_token tokens[] = {
        {.stem = 1, .form = 1, .position = 0, .title = true},
        {.stem = 2, .form = 2, .position = 1},
        {.stem = 3, .form = 3, .position = 1},
    };
    struct arena arena = {0};
    struct seen seen = {.tokens = tokens, .count = 3, .arena = &arena};
    bool verified;
    bool holds;
    struct store_query *expanded = expand(query, &verified);
    assert(expanded != NULL);
    store_query_free(expanded);
    assert(verify(query->root, &seen, &holds, NULL) == SHUKACH_OK);
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int syntax = 0; syntax < 2; syntax++) {
        struct shukach_query *query = NULL;
        struct shukach_error err;
        /* A copy of the exact size shows reading beyond it. */
        char *text = malloc(size + (size == 0));
        assert(text != NULL);
        memcpy(text, data, size);
        enum shukach_status status = shukach_query_parse(
            text, size, (enum shukach_syntax)syntax, &query, &err);
        if (status == SHUKACH_OK) {
            evaluate(query);
        } else {
            assert(err.offset == SHUKACH_NO_OFFSET || err.offset <= size);
            assert(strlen(err.message) > 0);
        }
        shukach_query_free(query);
        free(text);
    }
    return 0;
}
