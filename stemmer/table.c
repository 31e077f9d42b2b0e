/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The tables of lexicon.h, written as C source. Edits and outcomes are few and
 * shared; most of the size is the slots.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "compile.h"
#include "lexicon.h"

enum {
    WORDS_A_BUCKET = 4,
    /* Slots filled, in hundredths. Fuller takes longer to find pilots for. */
    FILL = 97,
    PILOT_MAX = 65535,
    BUCKET_MAX = 64,
    EDIT_DIGITS = 3
};

struct item {
    uint64_t hash;
    uint32_t outcome;
    uint32_t bucket;
};

struct table {
    const struct choices *choices;
    const struct strings *strings;
    struct strings *edits; /* strip as a letter, then the suffix */
    struct strings *outcomes;
    struct item *items;
    size_t count;
    uint32_t bucket_count;
    uint32_t slot_count;
    uint16_t *pilots;
    uint32_t *held; /* item + 1 by slot */
    size_t most_in_bucket;
};

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL) {
        compile_fail("no memory", "table");
    }
    return memory;
}

/* The edit that makes a key of a word, as a number written in letters. */
static void edit_write(struct table *table, const char *word, const char *key,
                       char *digits)
{
    char edit[EXPAND_WORD_MAX];
    size_t common = 0;
    while (word[common] != '\0' && word[common] == key[common]) {
        common++;
    }
    size_t strip = strlen(word) - common;
    size_t size = strlen(key) - common;
    if (strip > 90 || size > 15) {
        compile_fail("a key too different from its word", key);
    }
    edit[0] = (char)(' ' + strip);
    memcpy(edit + 1, key + common, size);
    uint32_t number = strings_add(table->edits, edit, size + 1);
    for (int i = 0; i < EDIT_DIGITS; i++) {
        digits[i] = (char)('0' + (number & 63));
        number >>= 6;
    }
}

static uint32_t edit_read(const char *digits)
{
    uint32_t number = 0;
    for (int i = EDIT_DIGITS; i-- > 0;) {
        number = number << 6 | (uint32_t)(digits[i] - '0');
    }
    return number;
}

static int compare_buckets(const void *one, const void *other)
{
    const struct item *a = one;
    const struct item *b = other;
    return (a->bucket > b->bucket) - (a->bucket < b->bucket);
}

static void items_make(struct table *table)
{
    char outcome[16 * EDIT_DIGITS];
    table->count = table->choices->count;
    table->items = allocate(table->count, sizeof *table->items);
    table->bucket_count = (uint32_t)(table->count / WORDS_A_BUCKET + 1);
    table->slot_count = (uint32_t)(table->count * 100 / FILL + 1);
    for (size_t i = 0; i < table->count; i++) {
        const struct choice *row = &table->choices->rows[i];
        const char *word = strings_text(table->strings, row->form);
        for (size_t k = 0; k < row->count; k++) {
            uint32_t key = table->choices->keys[row->first + k];
            edit_write(table, word, strings_text(table->strings, key),
                       outcome + k * EDIT_DIGITS);
        }
        uint64_t hash = lexicon_hash(word, strlen(word));
        table->items[i] =
            (struct item){hash,
                          strings_add(table->outcomes, outcome,
                                      (size_t)row->count * EDIT_DIGITS),
                          lexicon_bucket(hash, table->bucket_count)};
    }
    qsort(table->items, table->count, sizeof *table->items, compare_buckets);
}

/* Finds a pilot that sends all words of a bucket to free slots. */
static void bucket_place(struct table *table, size_t first, size_t count)
{
    uint32_t slots[BUCKET_MAX];
    for (uint32_t pilot = 0; pilot <= PILOT_MAX; pilot++) {
        size_t placed = 0;
        for (; placed < count; placed++) {
            uint32_t slot = lexicon_slot(table->items[first + placed].hash,
                                         (uint16_t)pilot, table->slot_count);
            if (table->held[slot] != 0) {
                break;
            }
            table->held[slot] = (uint32_t)(first + placed + 1);
            slots[placed] = slot;
        }
        if (placed == count) {
            table->pilots[table->items[first].bucket] = (uint16_t)pilot;
            return;
        }
        while (placed-- > 0) {
            table->held[slots[placed]] = 0;
        }
    }
    compile_fail("no pilot fits", "table");
}

static void place(struct table *table)
{
    table->pilots = allocate(table->bucket_count, sizeof *table->pilots);
    table->held = allocate(table->slot_count, sizeof *table->held);
    /* Full buckets first, while there is room. */
    for (size_t size = BUCKET_MAX; size > 0; size--) {
        for (size_t i = 0; i < table->count;) {
            size_t end = i;
            while (end < table->count &&
                   table->items[end].bucket == table->items[i].bucket) {
                end++;
            }
            if (end - i > BUCKET_MAX) {
                compile_fail("a bucket is too full", "table");
            }
            if (end - i == size) {
                bucket_place(table, i, size);
            }
            i = end;
        }
    }
}

static void number_write(FILE *file, size_t i, uint32_t number)
{
    fprintf(file, "%s%" PRIu32 ",", i % 12 == 0 ? "\n" : "", number);
}

static void edits_write(const struct table *table, FILE *file)
{
    struct strings *suffixes = strings_new();
    size_t count = strings_count(table->edits);
    uint32_t *start = allocate(count + 1, sizeof *start);
    uint32_t size = 0;
    fputs("const char lexicon_suffixes[] = {", file);
    for (uint32_t i = 0; i < count; i++) {
        const char *suffix = strings_text(table->edits, i) + 1;
        size_t known = strings_count(suffixes);
        uint32_t number = strings_add(suffixes, suffix, strlen(suffix));
        if (number == known) {
            start[number] = size;
            size += (uint32_t)strlen(suffix);
            for (; *suffix != '\0'; suffix++) {
                fprintf(file, "'%s%c',", *suffix == '\'' ? "\\" : "", *suffix);
            }
            fputs("\n", file);
        }
    }
    if (size >= 1U << 20) {
        compile_fail("too many suffixes", "table");
    }
    fputs("0};\nconst uint32_t lexicon_edits[] = {", file);
    for (uint32_t i = 0; i < count; i++) {
        const char *edit = strings_text(table->edits, i);
        size_t length = strlen(edit + 1);
        uint32_t number = strings_find(suffixes, edit + 1, length);
        number_write(file, i,
                     (uint32_t)(edit[0] - ' ') | (uint32_t)length << 8 |
                         start[number] << 12);
    }
    fputs("};\n", file);
    free(start);
    strings_free(suffixes);
}

static void outcomes_write(const struct table *table, FILE *file)
{
    size_t count = strings_count(table->outcomes);
    uint32_t total = 0;
    fputs("const uint32_t lexicon_outcome_first[] = {", file);
    for (uint32_t i = 0; i < count; i++) {
        number_write(file, i, total);
        total +=
            (uint32_t)strlen(strings_text(table->outcomes, i)) / EDIT_DIGITS;
    }
    fprintf(file, "%" PRIu32 "};\n", total);
    fputs("const uint16_t lexicon_outcome_edits[] = {", file);
    size_t written = 0;
    for (uint32_t i = 0; i < count; i++) {
        const char *outcome = strings_text(table->outcomes, i);
        for (; *outcome != '\0'; outcome += EDIT_DIGITS) {
            number_write(file, written++, edit_read(outcome));
        }
    }
    fputs("};\n", file);
}

static void slots_write(const struct table *table, FILE *file)
{
    unsigned bits = 1;
    while (strings_count(table->outcomes) >> bits != 0) {
        bits++;
    }
    fprintf(file,
            "const uint32_t lexicon_slot_count = %" PRIu32 ";\n"
            "const uint32_t lexicon_bucket_count = %" PRIu32 ";\n"
            "const uint32_t lexicon_outcome_bits = %u;\n"
            "const uint16_t lexicon_pilots[] = {",
            table->slot_count, table->bucket_count, bits);
    for (uint32_t i = 0; i < table->bucket_count; i++) {
        number_write(file, i, table->pilots[i]);
    }
    fputs("};\nconst uint32_t lexicon_slots[] = {", file);
    for (uint32_t i = 0; i < table->slot_count; i++) {
        const struct item *item = &table->items[table->held[i] - 1];
        number_write(file, i,
                     table->held[i] == 0
                         ? 0
                         : ((uint32_t)item->hash >> bits << bits) |
                               item->outcome);
    }
    fputs("};\nconst unsigned char lexicon_checks[] = {", file);
    for (uint32_t i = 0; i < table->slot_count; i++) {
        const struct item *item = &table->items[table->held[i] - 1];
        number_write(file, i,
                     table->held[i] == 0 ? 0 : (unsigned char)item->hash);
    }
    fputs("};\n", file);
    fprintf(stderr,
            "lexicon: %zu words, %zu outcomes, %zu edits, %u bytes of table\n",
            table->count, strings_count(table->outcomes),
            strings_count(table->edits),
            (unsigned)(table->slot_count * 5 + table->bucket_count * 2));
}

void table_write(const struct choices *choices, const struct strings *strings,
                 FILE *file)
{
    struct table table = {.choices = choices, .strings = strings};
    table.edits = strings_new();
    table.outcomes = strings_new();
    items_make(&table);
    place(&table);
    if (strings_count(table.edits) > UINT16_MAX) {
        compile_fail("too many edits", "table");
    }
    fputs("/* Made by compile_lexicon. */\n#include \"lexicon.h\"\n", file);
    slots_write(&table, file);
    edits_write(&table, file);
    outcomes_write(&table, file);
    strings_free(table.edits);
    strings_free(table.outcomes);
    free(table.items);
    free(table.pilots);
    free(table.held);
}
