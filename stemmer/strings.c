/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdlib.h>
#include <string.h>

#include "compile.h"
#include "lexicon.h"

struct strings {
    char *text;
    size_t size;
    size_t text_room;
    uint32_t *start; /* of each string in text */
    size_t count;
    size_t start_room;
    uint32_t *slots; /* an open hash table of numbers + 1 */
    size_t mask;
};

struct strings *strings_new(void)
{
    struct strings *strings = calloc(1, sizeof *strings);
    if (strings == NULL) {
        compile_fail("no memory", "strings");
    }
    strings->mask = (1U << 16) - 1;
    strings->slots = calloc(strings->mask + 1, sizeof *strings->slots);
    if (strings->slots == NULL) {
        compile_fail("no memory", "strings");
    }
    return strings;
}

void strings_free(struct strings *strings)
{
    if (strings != NULL) {
        free(strings->text);
        free(strings->start);
        free(strings->slots);
        free(strings);
    }
}

const char *strings_text(const struct strings *strings, uint32_t number)
{
    return strings->text + strings->start[number];
}

size_t strings_count(const struct strings *strings)
{
    return strings->count;
}

/* The slot that holds the string, or the free one where it belongs. */
static size_t slot_of(const struct strings *strings, const char *text,
                      size_t length)
{
    size_t slot = (size_t)lexicon_hash(text, length) & strings->mask;
    while (strings->slots[slot] != 0) {
        const char *held = strings_text(strings, strings->slots[slot] - 1);
        if (strncmp(held, text, length) == 0 && held[length] == '\0') {
            break;
        }
        slot = (slot + 1) & strings->mask;
    }
    return slot;
}

uint32_t strings_find(const struct strings *strings, const char *text,
                      size_t length)
{
    size_t slot = slot_of(strings, text, length);
    return strings->slots[slot] - 1;
}

static void slots_double(struct strings *strings)
{
    free(strings->slots);
    strings->mask = 2 * strings->mask + 1;
    strings->slots = calloc(strings->mask + 1, sizeof *strings->slots);
    if (strings->slots == NULL) {
        compile_fail("no memory", "strings");
    }
    for (uint32_t i = 0; i < strings->count; i++) {
        const char *text = strings_text(strings, i);
        strings->slots[slot_of(strings, text, strlen(text))] = i + 1;
    }
}

uint32_t strings_add(struct strings *strings, const char *text, size_t length)
{
    size_t slot = slot_of(strings, text, length);
    if (strings->slots[slot] != 0) {
        return strings->slots[slot] - 1;
    }
    while (strings->text_room - strings->size < length + 1) {
        strings->text = compile_grow(strings->text, strings->text_room,
                                     &strings->text_room, 1);
    }
    strings->start = compile_grow(strings->start, strings->count,
                                  &strings->start_room, sizeof *strings->start);
    strings->start[strings->count] = (uint32_t)strings->size;
    memcpy(strings->text + strings->size, text, length);
    strings->text[strings->size + length] = '\0';
    strings->size += length + 1;
    strings->slots[slot] = (uint32_t)++strings->count;
    uint32_t number = (uint32_t)strings->count - 1;
    if (2 * strings->count > strings->mask) {
        slots_double(strings);
    }
    return number;
}
