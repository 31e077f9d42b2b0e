/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists in memory, found by a table of hashes and written in slices that
 * double: most have one item, and a few have one of each document. */
#include <stdlib.h>

#include "postings_writer.h"

#define TABLE_MIN 4096
#define SLICE_MIN 16
#define SLICE_MAX 4096

static size_t slot_of(const struct lists *lists, const void *key, size_t length)
{
    size_t slot = (size_t)hash64(key, length) & (lists->table_size - 1);
    while (lists->table[slot] != 0) {
        const struct list *list = &lists->items[lists->table[slot] - 1];
        if (list->key_length == length && memcmp(list->key, key, length) == 0) {
            break;
        }
        slot = (slot + 1) & (lists->table_size - 1);
    }
    return slot;
}

/* Room for one more, with the table at most half full. */
static bool grow(struct lists *lists)
{
    size_t before = lists->capacity;
    if (!array_grow((void **)&lists->items, &lists->capacity, lists->count + 1,
                    sizeof *lists->items)) {
        return false;
    }
    lists->bytes += (lists->capacity - before) * sizeof *lists->items;
    if (2 * (lists->count + 1) <= lists->table_size) {
        return true;
    }
    size_t size = lists->table_size == 0 ? TABLE_MIN : lists->table_size * 2;
    uint32_t *table = calloc(size, sizeof *table);
    if (table == NULL) {
        return false;
    }
    free(lists->table);
    lists->bytes += (size - lists->table_size) * sizeof *table;
    lists->table = table;
    lists->table_size = size;
    for (size_t i = 0; i < lists->count; i++) {
        const struct list *list = &lists->items[i];
        table[slot_of(lists, list->key, list->key_length)] = (uint32_t)i + 1;
    }
    return true;
}

static void *take(struct lists *lists, size_t size)
{
    lists->bytes += size;
    return arena_alloc(&lists->arena, size);
}

struct list *lists_find(struct lists *lists, const void *key, size_t length)
{
    if (!grow(lists)) {
        return NULL;
    }
    size_t slot = slot_of(lists, key, length);
    if (lists->table[slot] != 0) {
        return &lists->items[lists->table[slot] - 1];
    }
    unsigned char *copy = take(lists, length);
    if (copy == NULL) {
        return NULL;
    }
    memcpy(copy, key, length);
    struct list *list = &lists->items[lists->count++];
    *list = (struct list){.key = copy, .key_length = (uint32_t)length};
    lists->table[slot] = (uint32_t)lists->count;
    return list;
}

static bool add_slice(struct lists *lists, struct list *list)
{
    struct slice *last = list->tail;
    uint32_t size = last == NULL ? SLICE_MIN : 2 * last->size;
    size = size > SLICE_MAX ? SLICE_MAX : size;
    struct slice *slice = take(lists, sizeof *slice + size);
    if (slice == NULL) {
        return false;
    }
    *slice = (struct slice){.size = size};
    if (last == NULL) {
        list->head = slice;
    } else {
        last->next = slice;
    }
    list->tail = slice;
    return true;
}

static bool add_bytes(struct lists *lists, struct list *list, const void *bytes,
                      size_t length)
{
    const unsigned char *from = bytes;
    while (length > 0) {
        struct slice *tail = list->tail;
        if ((tail == NULL || tail->used == tail->size) &&
            !add_slice(lists, list)) {
            return false;
        }
        tail = list->tail;
        size_t room = tail->size - tail->used;
        size_t part = length < room ? length : room;
        memcpy(tail->bytes + tail->used, from, part);
        tail->used += (uint32_t)part;
        from += part;
        length -= part;
    }
    return true;
}

bool lists_add(struct lists *lists, struct list *list, uint32_t document,
               const void *item, size_t length)
{
    if (list->frequency == 0) {
        list->first = document;
    } else {
        unsigned char skipped[10];
        size_t size = 0;
        uint32_t value = document - list->last - 1;
        for (; value >= 0x80; value >>= 7) {
            skipped[size++] = (unsigned char)(value | 0x80);
        }
        skipped[size++] = (unsigned char)value;
        if (!add_bytes(lists, list, skipped, size)) {
            return false;
        }
    }
    list->last = document;
    list->frequency++;
    return add_bytes(lists, list, item, length);
}

/* A list by the first bytes of its key. */
struct place {
    uint64_t head;
    struct list *list;
};

static int by_key(const void *left, const void *right)
{
    const struct place *a = left;
    const struct place *b = right;
    if (a->head != b->head) {
        return a->head < b->head ? -1 : 1;
    }
    return bytes_compare(a->list->key, a->list->key_length, b->list->key,
                         b->list->key_length);
}

struct list **lists_sort(struct lists *lists)
{
    struct place *places =
        arena_array(&lists->arena, lists->count + 1, sizeof *places);
    struct list **sorted =
        arena_array(&lists->arena, lists->count + 1, sizeof(struct list *));
    if (places == NULL || sorted == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < lists->count; i++) {
        struct list *list = &lists->items[i];
        places[i].list = list;
        for (size_t j = 0; j < sizeof places->head; j++) {
            places[i].head =
                places[i].head << 8 |
                (j < list->key_length ? (uint64_t)list->key[j] : 0);
        }
    }
    qsort(places, lists->count, sizeof *places, by_key);
    for (size_t i = 0; i < lists->count; i++) {
        sorted[i] = places[i].list;
    }
    return sorted;
}

void lists_reset(struct lists *lists)
{
    arena_free(&lists->arena);
    lists->count = 0;
    lists->bytes = lists->capacity * sizeof *lists->items +
                   lists->table_size * sizeof *lists->table;
    if (lists->table_size > 0) {
        memset(lists->table, 0, lists->table_size * sizeof *lists->table);
    }
}

void lists_free(struct lists *lists)
{
    arena_free(&lists->arena);
    free(lists->items);
    free(lists->table);
    *lists = (struct lists){0};
}
