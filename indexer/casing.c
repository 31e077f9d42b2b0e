/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer.h"

enum letter { LETTER_NONE, LETTER_SMALL, LETTER_CAPITAL };

/* By ranges and not by ICU: this looks at every word of every document. */
static enum letter letter_of(uint32_t code)
{
    if (code < 0x80) {
        return code - 'A' < 26   ? LETTER_CAPITAL
               : code - 'a' < 26 ? LETTER_SMALL
                                 : LETTER_NONE;
    }
    if (code >= 0x0400 && code < 0x0460) {
        return code < 0x0430 ? LETTER_CAPITAL : LETTER_SMALL;
    }
    if (code >= 0x0460 && code < 0x0530) {
        /* Ґ is even, ґ odd, and so are most others there. */
        return code % 2 == 0 ? LETTER_CAPITAL : LETTER_SMALL;
    }
    return LETTER_NONE;
}

enum form_casing casing_of(const char *text, size_t length)
{
    size_t small = 0;
    size_t capital = 0;
    size_t parts = 0; /* that begin with a capital */
    size_t low = 0;   /* that do not */
    bool first = false;
    bool begins = true;
    for (size_t at = 0; at < length;) {
        uint32_t code = 0;
        size_t n = utf8_decode(text + at, length - at, &code);
        enum letter letter = letter_of(code);
        if (n == 0) {
            break;
        }
        first = first || (at == 0 && letter == LETTER_CAPITAL);
        small += letter == LETTER_SMALL;
        capital += letter == LETTER_CAPITAL;
        parts += begins && letter == LETTER_CAPITAL;
        low += begins && letter == LETTER_SMALL;
        begins = code == '-' || code == 0x2010 || code == 0x2011;
        at += n;
    }
    if (!first) {
        return FORM_SMALL;
    }
    if (small == 0 && capital > 1) {
        return FORM_CAPITALS;
    }
    return parts > 1 && low == 0 ? FORM_PARTS : FORM_CAPITAL;
}
