/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base.h"

#define SLOTS_LEAST 64

static void place(struct intern *intern, uint32_t number)
{
    const struct interned *item = &intern->items[number];
    size_t mask = intern->slot_count - 1;
    size_t slot = (size_t)hash64(item->data, item->length) & mask;
    while (intern->slots[slot] != 0) {
        slot = (slot + 1) & mask;
    }
    intern->slots[slot] = number + 1;
}

/* Keeps the table at most half full. */
static bool make_room(struct intern *intern)
{
    if (2 * (intern->count + 1) <= intern->slot_count) {
        return true;
    }
    size_t grown =
        intern->slot_count == 0 ? SLOTS_LEAST : 2 * intern->slot_count;
    uint32_t *slots = calloc(grown, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    free(intern->slots);
    intern->slots = slots;
    intern->slot_count = grown;
    for (size_t i = 0; i < intern->count; i++) {
        place(intern, (uint32_t)i);
    }
    return true;
}

uint32_t intern_find(const struct intern *intern, const void *data,
                     size_t length)
{
    if (intern->slot_count == 0) {
        return INTERN_NONE;
    }
    size_t mask = intern->slot_count - 1;
    for (size_t slot = (size_t)hash64(data, length) & mask;
         intern->slots[slot] != 0; slot = (slot + 1) & mask) {
        const struct interned *item = &intern->items[intern->slots[slot] - 1];
        if (item->length == length && memcmp(item->data, data, length) == 0) {
            return intern->slots[slot] - 1;
        }
    }
    return INTERN_NONE;
}

uint32_t intern_add(struct intern *intern, const void *data, size_t length)
{
    uint32_t number = intern_find(intern, data, length);
    if (number != INTERN_NONE) {
        return number;
    }
    if (intern->count + 1 >= INTERN_NONE || !make_room(intern) ||
        !array_grow((void **)&intern->items, &intern->capacity,
                    intern->count + 1, sizeof *intern->items)) {
        return INTERN_NONE;
    }
    const void *copy = arena_copy(&intern->arena, data, length);
    if (copy == NULL) {
        return INTERN_NONE;
    }
    number = (uint32_t)intern->count++;
    intern->items[number] = (struct interned){.data = copy, .length = length};
    place(intern, number);
    return number;
}

void intern_free(struct intern *intern)
{
    free(intern->items);
    free(intern->slots);
    arena_free(&intern->arena);
    *intern = (struct intern){0};
}
