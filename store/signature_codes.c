/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of the entries of signatures some are frequent: these have codes of two
 * bytes. A coded signature is the number of its entries (varint), for each
 * its code, and for each that has none, in their order, its three bytes. So a
 * reader who looks for a few stems tests one bit an entry. */
#include <stdlib.h>

#include "signature.h"

#define TABLE ((size_t)2 << 16) /* half full at the most */
#define NONE UINT32_MAX

struct place {
    uint32_t key; /* NONE for an empty place */
    uint32_t code;
};

struct signature_coder {
    size_t count;
    unsigned char entries[SIGNATURE_CODES * ENTRY];
    struct place table[TABLE];
};

struct frequent {
    uint32_t key;
    uint32_t count;
};

/* Entries are in the order of their stems, and those of marks the first. */
static uint32_t key_of(const char *entry)
{
    const unsigned char *at = (const unsigned char *)entry;
    return (uint32_t)at[1] << 16 | (uint32_t)at[0] << 8 | (uint32_t)at[2];
}

static size_t place_of(const struct signature_coder *coder, uint32_t key)
{
    size_t at = key * UINT32_C(2654435761) % TABLE;
    while (coder->table[at].key != NONE && coder->table[at].key != key) {
        at = (at + 1) % TABLE;
    }
    return at;
}

static int by_key(const void *left, const void *right)
{
    uint32_t a = ((const struct frequent *)left)->key;
    uint32_t b = ((const struct frequent *)right)->key;
    return (a > b) - (a < b);
}

/* The most frequent first, and then in an order that is always the same. */
static int by_count(const void *left, const void *right)
{
    const struct frequent *a = left;
    const struct frequent *b = right;
    return a->count != b->count ? (a->count < b->count ? 1 : -1)
                                : by_key(left, right);
}

/* Counts keys that are in order; how many different ones there are. Marks are
 * counted as more frequent than all else, so that each has its code. */
static size_t count_keys(struct frequent *all, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (n > 0 && all[n - 1].key == all[i].key) {
            all[n - 1].count += all[n - 1].count < UINT32_MAX;
        } else {
            all[n] = all[i];
            all[n].count = all[n].key >> 8 < MARKS ? UINT32_MAX : 1;
            n++;
        }
    }
    return n;
}

static void set_code(struct signature_coder *coder, uint32_t key)
{
    unsigned char *entry = coder->entries + ENTRY * coder->count;
    entry[0] = (unsigned char)(key >> 8);
    entry[1] = (unsigned char)(key >> 16);
    entry[2] = (unsigned char)key;
    coder->table[place_of(coder, key)] =
        (struct place){.key = key, .code = (uint32_t)coder->count++};
}

enum shukach_status signature_coder_new(const struct buf *signatures,
                                        struct signature_coder **out,
                                        struct shukach_error *err)
{
    size_t count = MARKS + signatures->length / ENTRY;
    struct frequent *all = calloc(count, sizeof *all);
    struct signature_coder *coder = malloc(sizeof *coder);
    *out = coder;
    if (all == NULL || coder == NULL) {
        free(all);
        free(coder);
        *out = NULL;
        return error_nomem(err);
    }
    for (uint32_t i = 0; i < MARKS; i++) {
        all[i].key = i << 8;
    }
    for (size_t i = MARKS; i < count; i++) {
        all[i].key = key_of(signatures->data + ENTRY * (i - MARKS));
    }
    qsort(all, count, sizeof *all, by_key);
    count = count_keys(all, count);
    qsort(all, count, sizeof *all, by_count);
    count = count < SIGNATURE_CODES ? count : SIGNATURE_CODES;
    qsort(all, count, sizeof *all, by_key);
    coder->count = 0;
    memset(coder->table, 0xff, sizeof coder->table);
    for (size_t i = 0; i < count; i++) {
        set_code(coder, all[i].key);
    }
    free(all);
    return SHUKACH_OK;
}

bool signature_codes_valid(const struct signature_codes *codes)
{
    static const unsigned char marks[MARKS * ENTRY] = {MARK_SAME, 0, 0,
                                                       MARK_TEXT, 0, 0};
    return codes->count == 0 ||
           (codes->count >= MARKS &&
            memcmp(codes->entries, marks, sizeof marks) == 0);
}

struct signature_codes
signature_coder_codes(const struct signature_coder *coder)
{
    return (struct signature_codes){.entries = coder->entries,
                                    .count = coder->count};
}

void signature_encode(const struct signature_coder *coder,
                      const char *signature, size_t length, struct buf *rare,
                      struct buf *out)
{
    if (coder == NULL) {
        buf_add(out, signature, length);
        return;
    }
    size_t count = length / ENTRY;
    buf_add_varint(out, count);
    buf_reset(rare);
    for (size_t i = 0; i < count; i++) {
        const char *entry = signature + ENTRY * i;
        const struct place *place =
            &coder->table[place_of(coder, key_of(entry))];
        uint32_t code = place->key == NONE ? CODE_RARE : place->code;
        buf_add_char(out, (char)(code & 0xff));
        buf_add_char(out, (char)(code >> 8));
        if (code == CODE_RARE) {
            buf_add(rare, entry, ENTRY);
        }
    }
    buf_add(out, buf_text(rare), rare->length);
    if (rare->failed != SHUKACH_OK) {
        out->failed = rare->failed;
    }
}

void signature_coder_free(struct signature_coder *coder)
{
    free(coder);
}
