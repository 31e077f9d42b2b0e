/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdalign.h>
#include <stdlib.h>

#include "base.h"

struct arena_block {
    struct arena_block *next;
    size_t size;
    alignas(max_align_t) unsigned char data[];
};

/* Big enough for the tokens of a news report, so that a document rarely
 * needs a second block. */
#define BLOCK_SIZE ((size_t)64 * 1024)

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t align = alignof(max_align_t);
    size_t rounded;
    if (!size_add(size, align - 1, &rounded)) {
        return NULL;
    }
    rounded -= rounded % align;
    struct arena_block *head = arena->head;
    if (head == NULL || head->size - arena->used < rounded) {
        size_t block = rounded > BLOCK_SIZE ? rounded : BLOCK_SIZE;
        size_t total;
        if (!size_add(block, sizeof *head, &total)) {
            return NULL;
        }
        head = malloc(total);
        if (head == NULL) {
            return NULL;
        }
        head->next = arena->head;
        head->size = block;
        arena->head = head;
        arena->used = 0;
    }
    void *place = head->data + arena->used;
    arena->used += rounded;
    return place;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t total;
    if (!size_mul(count, size, &total)) {
        return NULL;
    }
    void *place = arena_alloc(arena, total);
    if (place != NULL) {
        memset(place, 0, total);
    }
    return place;
}

char *arena_copy(struct arena *arena, const char *text, size_t length)
{
    size_t total;
    if (!size_add(length, 1, &total)) {
        return NULL;
    }
    char *place = arena_alloc(arena, total);
    if (place != NULL) {
        if (length > 0) {
            memcpy(place, text, length);
        }
        place[length] = '\0';
    }
    return place;
}

static void free_from(struct arena_block *block)
{
    while (block != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
}

void arena_reset(struct arena *arena)
{
    struct arena_block *head = arena->head;
    if (head == NULL) {
        return;
    }
    free_from(head->next);
    head->next = NULL;
    arena->used = 0;
    if (head->size > BLOCK_SIZE) {
        arena_free(arena);
    }
}

void arena_free(struct arena *arena)
{
    free_from(arena->head);
    *arena = (struct arena){0};
}
