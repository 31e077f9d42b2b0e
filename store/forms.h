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

/* The list of one segment. */
struct forms_list {
    struct mapping file;
    const unsigned char *table;
    uint64_t count;
    uint64_t blocks;
};

struct forms {
    struct forms_list *lists;
    size_t count;
    size_t capacity;
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
size_t forms_in_block(const struct forms_list *list, uint64_t block);
/* Stands before the first form of a block whose check holds. CORRUPT. */
enum shukach_status forms_block(const struct forms_list *list, uint64_t block,
                                struct forms_cursor *out,
                                struct shukach_error *err);
/* Reads the next form. CORRUPT (also at the end of the block). */
enum shukach_status forms_next(struct forms_cursor *cursor,
                               struct shukach_error *err);
/* By bytes, the shorter first; with `cut` only the beginning of the form is
 * compared. */
int forms_compare(const struct form *form, const char *text, size_t length,
                  bool cut);
/* Blocks [*first, *last] of a list that is not empty hold the forms that
 * begin so; all forms of those between the two do. CORRUPT. */
enum shukach_status forms_range(const struct forms_list *list,
                                const char *prefix, size_t length,
                                uint64_t *first, uint64_t *last,
                                struct shukach_error *err);

/* ---- forms_walk.c: all lists as one ------------------------------------- */

/* Where one list stands. */
struct forms_head {
    const struct forms_list *list;
    uint64_t block; /* the next one to read */
    uint64_t last;
    size_t left; /* forms of the one before that are still to come */
    struct forms_cursor cursor;
};

/* The forms of all lists that begin so, in order. */
struct forms_walk {
    const char *prefix; /* lent */
    size_t length;
    struct forms_head *heads;
    struct forms_head **order; /* by the form at which they stand */
    size_t count;
};

/* Free it also after a failure. NOMEM, CORRUPT. */
enum shukach_status forms_walk_begin(const struct forms *forms,
                                     const char *prefix, size_t length,
                                     struct forms_walk *out,
                                     struct shukach_error *err);
/* Length 0 at the end. CORRUPT. */
enum shukach_status forms_walk_next(struct forms_walk *walk, struct form *out,
                                    struct shukach_error *err);
void forms_walk_end(struct forms_walk *walk);
/* Adds what another list says of the same form. */
void forms_add_up(struct form *form, const struct form *other);

/* ---- forms.c ------------------------------------------------------------- */

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
