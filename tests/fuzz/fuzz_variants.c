/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads any valid UTF-8 as a table of variants. Nothing may crash; members
 * lie within the table, and each is found by its own first letter. */
#include <assert.h>

#include "analyser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore(const char *text, size_t length, size_t words, void *payload)
{
    size_t bad;
    (void)words;
    (void)payload;
    assert(utf8_valid(text, length, &bad));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct variants *variants = NULL;
    size_t bad;
    if (!utf8_valid((const char *)data, size, &bad)) {
        return 0;
    }
    assert(variants_new(&variants, NULL) == SHUKACH_OK);
    size_t first = variants_count(variants);
    struct shukach_error err;
    enum shukach_status status =
        variants_add(variants, "fuzz", (const char *)data, size, &err);
    assert(status == SHUKACH_OK || strncmp(err.message, "fuzz:", 5) == 0);
    assert(status == SHUKACH_OK || variants_count(variants) == first);
    for (size_t i = first; i < variants_count(variants); i++) {
        const struct variant *member = variants_get(variants, i);
        assert(member->length > 0);
        assert(member->group <= i && i < member->group + member->group_count);
        char *form = strndup(member->text, member->length);
        assert(form != NULL);
        size_t k = variants_first(variants, form);
        while (k != i && k != VARIANTS_END) {
            k = variants_next(variants, k);
        }
        assert(k == i || strlen(form) < member->length);
        assert(variants_by_rule(form, "слово", ignore, NULL, NULL) ==
               SHUKACH_OK);
        free(form);
    }
    variants_free(variants);
    return 0;
}
