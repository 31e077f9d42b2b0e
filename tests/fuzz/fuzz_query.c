/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parses any bytes as a query in both syntaxes, expands what parses and
 * evaluates it on a few tokens. Nothing may crash; an error has an offset
 * within the query, and what corrects it parses. */
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

static void correct(const char *text, size_t size, bool good)
{
    static char corrected[QUERY_BYTES + 1];
    struct shukach_query *query = NULL;
    size_t length =
        shukach_query_correct(text, size, corrected, sizeof corrected);
    assert(length < sizeof corrected);
    if (length > 0) {
        assert(!good);
        assert(utf8_valid(corrected, length, NULL));
        assert(shukach_query_parse(corrected, length, SHUKACH_SYNTAX_FULL,
                                   &query, NULL) == SHUKACH_OK);
        shukach_query_free(query);
    }
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
        if (syntax == SHUKACH_SYNTAX_FULL) {
            correct(text, size, status == SHUKACH_OK);
        }
        free(text);
    }
    return 0;
}
