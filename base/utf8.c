/* SPDX-License-Identifier: GPL-3.0-or-later */
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

bool utf8_valid(const char *text, size_t length, size_t *bad)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t at = 0;
    while (at < length) {
        /* Runs of ASCII and of Cyrillic, without looking up forms. */
        while (at < length && bytes[at] < 0x80) {
            at++;
        }
        while (length - at >= 2 && bytes[at] >= 0xc2 && bytes[at] <= 0xdf &&
               (bytes[at + 1] & 0xc0) == 0x80) {
            at += 2;
        }
        if (at == length || bytes[at] < 0x80) {
            continue;
        }
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
    return true;
}

size_t utf8_floor(const char *text, size_t at)
{
    while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80) {
        at--;
    }
    return at;
}
