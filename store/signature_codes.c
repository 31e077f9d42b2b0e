/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of the words of a language some are frequent, and most entries of
 * signatures are one of 32,640: these take one byte (0 to 127) or two (128 to
 * 254, then any), and all others 255 and their three. A token then takes less
 * than two bytes, and a phrase is checked sooner. */
#include <stdlib.h>

#include "store.h"

#define ENTRY 3
#define NONE UINT32_MAX
#define TABLE ((size_t)2 * SIGNATURE_CODES) /* half full at the most */

struct place {
    uint32_t entry; /* NONE for an empty place */
    uint32_t code;
};

struct signature_coder {
    size_t count;
    unsigned char entries[SIGNATURE_CODES * ENTRY];
    struct place table[TABLE];
};

struct frequent {
    uint32_t entry;
    uint32_t count;
};

static uint32_t entry_at(const char *data)
{
    const unsigned char *at = (const unsigned char *)data;
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16;
}

static struct place *place_of(struct signature_coder *coder, uint32_t entry)
{
    size_t at = entry * UINT32_C(2654435761) % TABLE;
    while (coder->table[at].entry != NONE && coder->table[at].entry != entry) {
        at = (at + 1) % TABLE;
    }
    return &coder->table[at];
}

static int by_entry(const void *left, const void *right)
{
    uint32_t a = ((const struct frequent *)left)->entry;
    uint32_t b = ((const struct frequent *)right)->entry;
    return (a > b) - (a < b);
}

/* The most frequent first, and then in an order that is always the same. */
static int by_count(const void *left, const void *right)
{
    const struct frequent *a = left;
    const struct frequent *b = right;
    return a->count != b->count ? (a->count < b->count ? 1 : -1)
                                : by_entry(left, right);
}

/* Counts entries that are in order; how many different ones there are. */
static size_t count_entries(struct frequent *all, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (n > 0 && all[n - 1].entry == all[i].entry) {
            all[n - 1].count++;
        } else {
            all[n++] = all[i];
        }
    }
    return n;
}

enum shukach_status signature_coder_new(const struct buf *signatures,
                                        struct signature_coder **out,
                                        struct shukach_error *err)
{
    size_t count = signatures->length / ENTRY;
    struct frequent *all = calloc(count + 1, sizeof *all);
    struct signature_coder *coder = malloc(sizeof *coder);
    *out = coder;
    if (all == NULL || coder == NULL) {
        free(all);
        free(coder);
        *out = NULL;
        return error_nomem(err);
    }
    for (size_t i = 0; i < count; i++) {
        all[i].entry = entry_at(signatures->data + ENTRY * i);
        all[i].count = 1;
    }
    qsort(all, count, sizeof *all, by_entry);
    count = count_entries(all, count);
    qsort(all, count, sizeof *all, by_count);
    coder->count = count < SIGNATURE_CODES ? count : SIGNATURE_CODES;
    memset(coder->table, 0xff, sizeof coder->table);
    for (size_t i = 0; i < coder->count; i++) {
        uint32_t entry = all[i].entry;
        for (size_t j = 0; j < ENTRY; j++) {
            coder->entries[ENTRY * i + j] = (unsigned char)(entry >> (8 * j));
        }
        *place_of(coder, entry) =
            (struct place){.entry = entry, .code = (uint32_t)i};
    }
    free(all);
    return SHUKACH_OK;
}

struct signature_codes
signature_coder_codes(const struct signature_coder *coder)
{
    return (struct signature_codes){.entries = coder->entries,
                                    .count = coder->count};
}

void signature_encode(struct signature_coder *coder, const char *signature,
                      size_t length, struct buf *out)
{
    if (coder == NULL) {
        buf_add(out, signature, length);
        return;
    }
    for (size_t i = 0; i + ENTRY <= length; i += ENTRY) {
        const char *entry = signature + i;
        const struct place *place = place_of(coder, entry_at(entry));
        if (place->entry == NONE) {
            buf_add_char(out, (char)0xff);
            buf_add(out, entry, ENTRY);
        } else if (place->code < SIGNATURE_SHORT) {
            buf_add_char(out, (char)place->code);
        } else {
            uint32_t rest = place->code - SIGNATURE_SHORT;
            buf_add_char(out, (char)(SIGNATURE_SHORT + (rest >> 8)));
            buf_add_char(out, (char)(rest & 0xff));
        }
    }
}

void signature_coder_free(struct signature_coder *coder)
{
    free(coder);
}
