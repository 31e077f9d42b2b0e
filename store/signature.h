/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the store: entries of token signatures. */
#ifndef SIGNATURE_H
#define SIGNATURE_H

#include "store.h"

/* Bytes of an entry: a 16-bit hash of the stem, little-endian, and an 8-bit
 * hash of the exact form. Marks are entries whose first 16 bits are no hash
 * and whose last byte is 0. */
#define ENTRY 3

enum {
    MARK_SAME = 0, /* the next token stands where the last one stood */
    MARK_TEXT = 1, /* the title ends here; the text follows after the gap */
    MARKS = 2
};

/* Stands for an entry without a code. */
#define CODE_RARE 0xffffu

/* Whether the marks are the first. */
bool signature_codes_valid(const struct signature_codes *codes);

#endif
