/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <endian.h>

#include "base.h"

size_t utf8_decode(const char *text, size_t left, uint32_t *code)
{
    /* Ranges of the second byte: Unicode, table 3-7, "well-formed UTF-8
     * byte sequences"; they rule out overlong forms and surrogates. */
    static const struct {
        unsigned char first_low;
        unsigned char first_high;
        unsigned char second_low;
        unsigned char second_high;
        unsigned char length;
    } forms[] = {
        {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4},
        {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    const unsigned char *bytes = (const unsigned char *)text;
    if (left == 0) {
        return 0;
    }
    if (bytes[0] < 0x80) {
        *code = bytes[0];
        return 1;
    }
    if (bytes[0] >= 0xc2 && bytes[0] <= 0xdf) {
        /* Cyrillic is all of this form; the table would be slow. */
        if (left < 2 || (bytes[1] & 0xc0) != 0x80) {
            return 0;
        }
        *code = (bytes[0] & 0x1fu) << 6 | (bytes[1] & 0x3fu);
        return 2;
    }
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (bytes[0] < forms[i].first_low || bytes[0] > forms[i].first_high) {
            continue;
        }
        size_t length = forms[i].length;
        if (left < length || bytes[1] < forms[i].second_low ||
            bytes[1] > forms[i].second_high) {
            return 0;
        }
        uint32_t sum = bytes[0] & (0xffu >> (length + 1));
        for (size_t k = 1; k < length; k++) {
            if ((bytes[k] & 0xc0) != 0x80) {
                return 0;
            }
            sum = sum << 6 | (bytes[k] & 0x3f);
        }
        *code = sum;
        return length;
    }
    return 0;
}

size_t utf8_encode(uint32_t code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

/* The end of the characters of one or two bytes from `at` on, all of Ukrainian
 * text, or up to 8 bytes before it. Eight bytes are looked at together, each
 * by its high bit. */
static size_t skip_short(const unsigned char *bytes, size_t length, size_t at)
{
    const uint64_t high = UINT64_C(0x8080808080808080);
    uint64_t open = 0; /* 0x80 if a second byte has to follow */
    while (length - at >= 8) {
        uint64_t eight;
        memcpy(&eight, bytes + at, sizeof eight);
        eight = le64toh(eight);
        uint64_t first = eight & eight << 1 & high;
        uint64_t second = eight & ~(eight << 1) & high;
        uint64_t longer = first & eight << 2;
        /* What begins with c0 or c1 would fit into one byte. */
        uint64_t proper = (eight & UINT64_C(0x1e1e1e1e1e1e1e1e)) +
                          UINT64_C(0x7e7e7e7e7e7e7e7e);
        if ((longer | (first & ~proper) | (second ^ (first << 8 | open))) !=
            0) {
            break;
        }
        open = first >> 56;
        at += 8;
    }
    return open != 0 ? at - 1 : at;
}

bool utf8_valid(const char *text, size_t length, size_t *bad)
{
    size_t at = 0;
    while (at < length) {
        at = skip_short((const unsigned char *)text, length, at);
        /* What stopped it, or the end. */
        for (int k = 0; k < 8 && at < length; k++) {
            uint32_t code;
            size_t n = utf8_decode(text + at, length - at, &code);
            if (n == 0) {
                if (bad != NULL) {
                    *bad = at;
                }
                return false;
            }
            at += n;
        }
    }
    return true;
}

size_t utf8_floor(const char *text, size_t at)
{
    while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80) {
        at--;
    }
    return at;
}
