/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of any bytes, a form a line. Keys are bounded ASCII, and no two are
 * alike. */
#include <assert.h>

#include "analyser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *form, size_t length, bool capitals)
{
    struct name_keys keys;
    names_keys(form, length, capitals, &keys);
    assert(keys.count <= NAME_KEYS);
    for (size_t i = 0; i < keys.count; i++) {
        size_t size = strlen(keys.keys[i]);
        assert(size > 0 && size < NAME_BYTES);
        for (size_t k = 0; k < size; k++) {
            assert(keys.keys[i][k] > ' ' && keys.keys[i][k] <= '~');
        }
        for (size_t k = 0; k < i; k++) {
            assert(strcmp(keys.keys[i], keys.keys[k]) != 0);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t length = end == NULL ? size - at : (size_t)(end - text) - at;
        /* A copy, so that reading past its end is seen. */
        char *form = malloc(length + (length == 0));
        assert(form != NULL);
        memcpy(form, text + at, length);
        check(form, length, false);
        check(form, length, true);
        free(form);
        at += length + 1;
    }
    return 0;
}
