/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store.h"

#define DIGITS 16

const char *store_term_cut(const char *text, size_t *length,
                           char out[STORE_TERM_BYTES + 1])
{
    size_t cost = *length;
    for (size_t i = 0; i < *length && cost <= STORE_TERM_BYTES; i++) {
        cost += text[i] == '\0';
    }
    if (cost <= STORE_TERM_BYTES) {
        return text;
    }
    /* Keep a readable head that cannot be over the limit even if it were
     * all NULs, and let a hash of the whole stand for the rest. */
    size_t head = utf8_floor(text, (STORE_TERM_BYTES - DIGITS) / 2);
    memcpy(out, text, head);
    snprintf(out + head, DIGITS + 1, "%016llx",
             (unsigned long long)hash64(text, *length));
    *length = head + DIGITS;
    return out;
}
