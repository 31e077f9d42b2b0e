/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer.h"

#define LARGE_TABLE 16384

void terms_begin(struct terms *terms, struct arena *arena)
{
    terms->arena = arena;
    terms->count = 0;
    terms->failed = false;
    if (terms->table_size > LARGE_TABLE) {
        /* One huge document shall not make every later one pay. */
        free(terms->table);
        terms->table = NULL;
        terms->table_size = 0;
    } else if (terms->table_size > 0) {
        memset(terms->table, 0, terms->table_size * sizeof *terms->table);
    }
}

void terms_free(struct terms *terms)
{
    free(terms->items);
    free(terms->table);
    *terms = (struct terms){0};
}

static size_t slot_of(const struct terms *terms, const char *text,
                      size_t length)
{
    size_t slot = (size_t)hash64(text, length) & (terms->table_size - 1);
    while (terms->table[slot] != 0) {
        const struct store_term *term = &terms->items[terms->table[slot] - 1];
        if (term->length == length && memcmp(term->text, text, length) == 0) {
            break;
        }
        slot = (slot + 1) & (terms->table_size - 1);
    }
    return slot;
}

/* Room for one more term, with the table at most half full. */
static bool grow(struct terms *terms)
{
    if (!array_grow((void **)&terms->items, &terms->capacity, terms->count + 1,
                    sizeof *terms->items)) {
        return false;
    }
    if (2 * (terms->count + 1) <= terms->table_size) {
        return true;
    }
    size_t size = terms->table_size == 0 ? 1024 : terms->table_size * 2;
    uint32_t *table = calloc(size, sizeof *table);
    if (table == NULL) {
        return false;
    }
    free(terms->table);
    terms->table = table;
    terms->table_size = size;
    for (size_t i = 0; i < terms->count; i++) {
        const struct store_term *term = &terms->items[i];
        table[slot_of(terms, term->text, term->length)] = (uint32_t)i + 1;
    }
    return true;
}

void terms_add(struct terms *terms, const char *prefix, const char *text,
               size_t length, uint32_t count)
{
    size_t head = strlen(prefix);
    if (terms->failed || !grow(terms)) {
        terms->failed = true;
        return;
    }
    char *whole = arena_alloc(terms->arena, head + length + 1);
    if (whole == NULL) {
        terms->failed = true;
        return;
    }
    memcpy(whole, prefix, head);
    memcpy(whole + head, text, length);
    whole[head + length] = '\0';
    size_t slot = slot_of(terms, whole, head + length);
    if (terms->table[slot] != 0) {
        terms->items[terms->table[slot] - 1].count += count;
        return;
    }
    terms->items[terms->count++] = (struct store_term){
        .text = whole, .length = (uint32_t)(head + length), .count = count};
    terms->table[slot] = (uint32_t)terms->count;
}
