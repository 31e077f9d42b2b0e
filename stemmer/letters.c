/* SPDX-License-Identifier: BSD-3-Clause */

#include "letters.h"

/* The letters by the low bits of their code points: U+0430..U+045F. Zero: not
 * a Ukrainian letter. */
static const char letter_of[0x30] = {
    'a', 'b', 'v', 'g', 'd', 'e', 'Z', 'z', 'y', 'j', 'k', 'l',
    'm', 'n', 'o', 'p', 'r', 's', 't', 'u', 'f', 'x', 'c', 'C',
    'S', 'W', 0,   0,   'q', 0,   'U', 'A', 0,   0,   0,   0,
    'E', 0,   'i', 'I', 0,   0,   0,   0,   0,   0,   0,   0};

/* The way back: code point minus U+0400. Zero: not a letter. */
static const unsigned char point_of[128] = {
    ['a'] = 0x30, ['b'] = 0x31, ['v'] = 0x32, ['g'] = 0x33, ['d'] = 0x34,
    ['e'] = 0x35, ['Z'] = 0x36, ['z'] = 0x37, ['y'] = 0x38, ['j'] = 0x39,
    ['k'] = 0x3a, ['l'] = 0x3b, ['m'] = 0x3c, ['n'] = 0x3d, ['o'] = 0x3e,
    ['p'] = 0x3f, ['r'] = 0x40, ['s'] = 0x41, ['t'] = 0x42, ['u'] = 0x43,
    ['f'] = 0x44, ['x'] = 0x45, ['c'] = 0x46, ['C'] = 0x47, ['S'] = 0x48,
    ['W'] = 0x49, ['q'] = 0x4c, ['U'] = 0x4e, ['A'] = 0x4f, ['E'] = 0x54,
    ['i'] = 0x56, ['I'] = 0x57};

size_t letters_read(char *letters, const char *word, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)word;
    size_t count = 0;
    for (size_t at = 0; at < length; at++) {
        char letter = 0;
        if (bytes[at] == '\'' || bytes[at] == '-') {
            letter = (char)bytes[at];
        } else if (at + 1 < length && (bytes[at + 1] & 0xc0) == 0x80) {
            unsigned point = (bytes[at] & 0x1fU) << 6 | (bytes[at + 1] & 0x3fU);
            if ((bytes[at] & 0xe0) != 0xc0) {
                return 0;
            }
            if (point == 0x491) {
                letter = 'g';
            } else if (point >= 0x430 && point < 0x460) {
                letter = letter_of[point - 0x430];
            }
            at++;
        }
        if (letter == 0) {
            return 0;
        }
        letters[count++] = letter;
    }
    return count;
}

size_t letters_write(char *text, const char *letters, size_t count)
{
    size_t size = 0;
    for (size_t at = 0; at < count; at++) {
        unsigned offset = point_of[(unsigned char)letters[at] & 127];
        if (offset == 0) {
            text[size++] = letters[at];
        } else {
            text[size++] = (char)(0xd0U | offset >> 6);
            text[size++] = (char)(0x80U | (offset & 0x3fU));
        }
    }
    return size;
}
