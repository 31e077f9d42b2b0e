/* SPDX-License-Identifier: GPL-3.0-or-later */
/* File names and what parsers say, on one line and harmless to a terminal. */
#include <string.h>

#include "cli.h"

size_t character_length(const char *text, size_t left)
{
    /* The least code point of a character of so many bytes. */
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char lead = left > 0 ? (unsigned char)text[0] : 0xff;
    size_t length = lead < 0x80   ? 1
                    : lead < 0xc0 ? 0
                    : lead < 0xe0 ? 2
                    : lead < 0xf0 ? 3
                    : lead < 0xf8 ? 4
                                  : 0;
    if (length == 0 || length > left) {
        return 0;
    }
    uint32_t code = length == 1 ? lead : lead & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c & 0xc0) != 0x80) {
            return 0;
        }
        code = code << 6 | (c & 0x3fu);
    }
    bool surrogate = code >= 0xd800 && code < 0xe000;
    return code >= least[length] && code <= 0x10ffff && !surrogate ? length : 0;
}

/* C0, DEL and C1, which is two bytes from C2 80 to C2 9F. */
static bool is_control(const char *text, size_t length)
{
    unsigned char c = (unsigned char)text[0];
    return (length == 1 && (c < 0x20 || c == 0x7f)) ||
           (length == 2 && c == 0xc2 && (unsigned char)text[1] < 0xa0);
}

void print_escaped(FILE *out, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        size_t n = character_length(text, left);
        if (n > 0 && !is_control(text, n)) {
            fwrite(text, 1, n, out);
        } else {
            n = 1;
            fprintf(out, "\\x%02X", (unsigned)(unsigned char)*text);
        }
        text += n;
        left -= n;
    }
}
