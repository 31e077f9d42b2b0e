/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the store: what the files of the list of forms share. The file,
 * little-endian:
 *   magic, 8 bytes
 *   blocks of FORMS_BLOCK forms in the order of their bytes, the last one
 *     shorter: check (4 bytes over the rest of the block), then for each form
 *     how many bytes it shares with the one before (0 for the first), how
 *     many follow (1 byte each), these, and 4 * frequency + casing (varint)
 *   the table: for each block where it begins (8 bytes) and the highest
 *     frequency in it (4 bytes)
 *   the number of forms (8 bytes)
 *   XXH3-64 of the table and the number, magic again
 * A form is found by halving, since blocks begin with a whole form. The
 * highest frequencies let blocks be passed over that hold nothing frequent
 * enough for a completion. */
#ifndef FORMS_H
#define FORMS_H

#include "store.h"

#define FORMS_MAGIC "shukfrm1"
#define FORMS_HEAD 8
#define FORMS_TAIL 24
#define FORMS_CHECK 4
#define FORMS_ROW 12
#define FORMS_BLOCK 32

struct forms {
    struct mapping file;
    const unsigned char *table;
    uint64_t count;
    uint64_t blocks;
};

/* A place in a block; `form` is the last one read. */
struct forms_cursor {
    const unsigned char *at;
    const unsigned char *end;
    size_t shared; /* with the form before */
    struct form form;
};

enum shukach_status forms_damaged(struct shukach_error *err, const char *what);
/* How many forms a block has. */
size_t forms_in_block(const struct forms *forms, uint64_t block);
/* Stands before the first form of a block whose check holds. CORRUPT. */
enum shukach_status forms_block(const struct forms *forms, uint64_t block,
                                struct forms_cursor *out,
                                struct shukach_error *err);
/* Reads the next form. CORRUPT (also at the end of the block). */
enum shukach_status forms_next(struct forms_cursor *cursor,
                               struct shukach_error *err);
/* Hands a form out, if it is UTF-8. CORRUPT, CANCELLED. */
enum shukach_status forms_give(const struct form *form, unsigned distance,
                               forms_sink sink, void *payload,
                               struct shukach_error *err);

static inline uint64_t forms_number(const unsigned char *at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++) {
        value |= (uint64_t)at[i] << (8 * i);
    }
    return value;
}

#endif
