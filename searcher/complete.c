/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that begin so, for who types; and words as they are written. */
#include "index.h"

/* More are no help to anybody, and bound what is kept of them. */
#define COMPLETIONS_MAX 10000

/* The capital of a small letter of Cyrillic or ASCII. Both take as many bytes
 * there, which holds for few other scripts; those are left as they are. */
static uint32_t capital_of(uint32_t code)
{
    if (code - 'a' < 26 || (code >= 0x0430 && code < 0x0450)) {
        return code - 32;
    }
    if (code >= 0x0450 && code < 0x0460) {
        return code - 80;
    }
    return code == 0x0491 ? 0x0490 : code;
}

void form_write(const char *form, enum form_casing casing,
                char out[FORM_BYTES + 1])
{
    size_t length = strlen(form);
    bool begins = casing != FORM_SMALL;
    size_t at = 0;
    while (at < length && at + 4 <= FORM_BYTES) {
        uint32_t code = 0;
        size_t n = utf8_decode(form + at, length - at, &code);
        if (n == 0) {
            break;
        }
        at += utf8_encode(begins ? capital_of(code) : code, out + at);
        begins =
            casing == FORM_CAPITALS || (casing == FORM_PARTS && code == '-');
    }
    memcpy(out + at, form + at, length - at);
    out[length] = '\0';
}

enum shukach_status
shukach_index_complete(struct shukach_index *index, const char *prefix,
                       size_t length, size_t limit, shukach_on_form callback,
                       void *payload, struct shukach_error *err)
{
    size_t bad;
    if (index == NULL || callback == NULL || (prefix == NULL && length > 0)) {
        return error_set(err, SHUKACH_INVALID,
                         "no index, callback or text was given");
    }
    if (length > QUERY_BYTES || !utf8_valid(prefix, length, &bad)) {
        return length > QUERY_BYTES
                   ? error_set(err, SHUKACH_LIMIT, "the text is too long")
                   : error_at(err, SHUKACH_ENCODING, bad,
                              "the text is not valid UTF-8 at byte %zu", bad);
    }
    struct arena arena = {0};
    const char *form;
    size_t letters;
    struct form *forms;
    size_t count = 0;
    uint64_t all;
    enum shukach_status status = prefix_read(index->analyser, prefix, length,
                                             &arena, &form, &letters, err);
    if (status == SHUKACH_OK && letters == 0) {
        status = error_at(err, SHUKACH_QUERY, 0,
                          "this is not the beginning of one word");
    }
    if (status == SHUKACH_OK) {
        limit = limit < COMPLETIONS_MAX ? limit : COMPLETIONS_MAX;
        status = forms_top(index->store->forms, form, strlen(form), limit,
                           &arena, &forms, &count, &all, err);
    }
    for (size_t i = 0; i < count && status == SHUKACH_OK; i++) {
        char text[FORM_BYTES + 1];
        if (!utf8_valid(forms[i].text, forms[i].length, NULL)) {
            status = error_set(err, SHUKACH_CORRUPT,
                               "the list of word forms is damaged; rebuild "
                               "the index");
            break;
        }
        form_write(forms[i].text, forms[i].casing, text);
        if (callback(text, forms[i].length, forms[i].frequency, payload) != 0) {
            status =
                error_set(err, SHUKACH_CANCELLED, "stopped by the callback");
        }
    }
    arena_free(&arena);
    return status;
}
