/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer.h"

/* Where the hash stands or belongs. The all-zero hash marks an empty place;
 * no id hashes to it in practice, and one that did would be taken for a
 * duplicate, never lost silently. */
static size_t place_of(const struct ids *ids, struct hash128 hash)
{
    size_t place = (size_t)hash.low & (ids->size - 1);
    while (!hash_same(ids->table[place], (struct hash128){0}) &&
           !hash_same(ids->table[place], hash)) {
        place = (place + 1) & (ids->size - 1);
    }
    return place;
}

static bool grow(struct ids *ids)
{
    if (2 * (ids->count + 1) <= ids->size) {
        return true;
    }
    struct ids larger = {.size = ids->size == 0 ? 4096 : ids->size * 2,
                         .count = ids->count};
    larger.table = calloc(larger.size, sizeof *larger.table);
    if (larger.table == NULL) {
        return false;
    }
    for (size_t i = 0; i < ids->size; i++) {
        if (!hash_same(ids->table[i], (struct hash128){0})) {
            larger.table[place_of(&larger, ids->table[i])] = ids->table[i];
        }
    }
    free(ids->table);
    *ids = larger;
    return true;
}

enum shukach_status ids_add(struct ids *ids, const char *id, size_t length,
                            bool *fresh, struct shukach_error *err)
{
    if (!grow(ids)) {
        return error_nomem(err);
    }
    struct hash128 hash = hash_wide(id, length);
    size_t place = place_of(ids, hash);
    *fresh = !hash_same(ids->table[place], hash);
    ids->count += *fresh;
    ids->table[place] = hash;
    return SHUKACH_OK;
}

void ids_free(struct ids *ids)
{
    free(ids->table);
    *ids = (struct ids){0};
}
