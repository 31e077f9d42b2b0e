/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How likely one word is a mistyped other, and what keys of another layout
 * would have typed. */
#include "searcher.h"

#define LETTERS FORM_BYTES

/* Costs, in tenths of an edit. */
#define COST_EDIT 10
#define COST_KEY 7      /* a neighbour on the keyboard */
#define COST_EXCHANGE 6 /* two letters in the wrong order */
#define COST_CONFUSED 5 /* letters that sound or look alike */
#define COST_DOUBLED 5
#define COST_SOFT 4       /* a soft sign or a hyphen */
#define COST_APOSTROPHE 3 /* обєкт */
#define COST_FIRST 3      /* more, where the word begins */

/* Pairs that writers take for one another: вишні, вишнї; село, силу; гараж,
 * ґараж; ганок, ханок; монастир, манастир (Правопис 2019, §§ 2, 5, 6, 87);
 * and letters of Russian. */
static const char *const confused[] = {
    "иі", "ії", "їй", "ий", "ій", "иї", "еє", "еи", "єи", "гґ",
    "хг", "хґ", "оа", "ыи", "ыі", "эе", "эє", "ёе", "ёо", "ъ'",
};

static const char *const rows[2][3] = {
    {"йцукенгшщзхї", "фівапролджє", "ячсмитьбю"},
    {"qwertyuiop", "asdfghjkl", "zxcvbnm"},
};

static size_t decode(const char *text, size_t length, uint32_t out[LETTERS])
{
    size_t count = 0;
    for (size_t at = 0; at < length && count < LETTERS;) {
        size_t n = utf8_decode(text + at, length - at, &out[count]);
        if (n == 0) {
            break;
        }
        at += n;
        count++;
    }
    return count;
}

static bool is_confused(uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < sizeof confused / sizeof *confused; i++) {
        uint32_t pair[LETTERS];
        decode(confused[i], strlen(confused[i]), pair);
        if ((pair[0] == a && pair[1] == b) || (pair[0] == b && pair[1] == a)) {
            return true;
        }
    }
    return false;
}

/* Where the key of a letter is; false if the layout has none. */
static bool find_key(size_t layout, uint32_t letter, int *row, int *column)
{
    for (int r = 0; r < 3; r++) {
        uint32_t keys[LETTERS];
        const char *text = rows[layout][r];
        size_t count = decode(text, strlen(text), keys);
        for (size_t i = 0; i < count; i++) {
            if (keys[i] == letter) {
                *row = r;
                *column = (int)i;
                return true;
            }
        }
    }
    return false;
}

/* Each row stands half a key to the right of the one above. */
static bool are_neighbours(uint32_t a, uint32_t b)
{
    for (size_t layout = 0; layout < 2; layout++) {
        int row_a;
        int row_b;
        int a_at;
        int b_at;
        if (!find_key(layout, a, &row_a, &a_at) ||
            !find_key(layout, b, &row_b, &b_at)) {
            continue;
        }
        int down = row_b - row_a;
        int right = b_at - a_at;
        return (down == 0 && (right == 1 || right == -1)) ||
               (down == 1 && (right == 0 || right == -1)) ||
               (down == -1 && (right == 0 || right == 1));
    }
    return false;
}

static unsigned replace_cost(uint32_t a, uint32_t b)
{
    return a == b                 ? 0
           : is_confused(a, b)    ? COST_CONFUSED
           : are_neighbours(a, b) ? COST_KEY
                                  : COST_EDIT;
}

/* What a letter too many or too few costs; `i` is where it stands. */
static unsigned extra_cost(const uint32_t *word, size_t count, size_t i)
{
    uint32_t letter = word[i];
    bool doubled = (i > 0 && word[i - 1] == letter) ||
                   (i + 1 < count && word[i + 1] == letter);
    return letter == '\''                      ? COST_APOSTROPHE
           : letter == '-' || letter == 0x044c ? COST_SOFT
           : doubled                           ? COST_DOUBLED
                                               : COST_EDIT;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned typo_cost(const char *typed, size_t typed_length, const char *meant,
                   size_t meant_length)
{
    uint32_t x[LETTERS];
    uint32_t y[LETTERS];
    unsigned cost[3][LETTERS + 1]; /* the last three rows */
    size_t n = decode(typed, typed_length, x);
    size_t m = decode(meant, meant_length, y);
    for (size_t i = 0; i <= n; i++) {
        unsigned *row = cost[i % 3];
        const unsigned *above = cost[(i + 2) % 3];
        const unsigned *before = cost[(i + 1) % 3];
        for (size_t k = 0; k <= m; k++) {
            unsigned best = i == 0 && k == 0 ? 0 : UINT32_MAX;
            if (i > 0 && k > 0) {
                best = above[k - 1] + replace_cost(x[i - 1], y[k - 1]);
            }
            if (i > 0) {
                best = least(best, above[k] + extra_cost(x, n, i - 1));
            }
            if (k > 0) {
                best = least(best, row[k - 1] + extra_cost(y, m, k - 1));
            }
            if (i > 1 && k > 1 && x[i - 1] == y[k - 2] &&
                x[i - 2] == y[k - 1]) {
                best = least(best, before[k - 2] + COST_EXCHANGE);
            }
            row[k] = best;
        }
    }
    bool same = n > 0 && m > 0 && x[0] == y[0];
    return cost[n % 3][m] + (same ? 0 : COST_FIRST);
}

/* ---- Layouts ---------------------------------------------------------------
 */

/* The keys of the Ukrainian layout and what they type in the English one;
 * then letters of the Russian one, typed for Latin only. */
static const struct {
    const char *latin;
    const char *cyrillic;
} layouts[] = {
    {"qwertyuiop[]", "йцукенгшщзхї"},
    {"asdfghjkl;'", "фівапролджє"},
    {"zxcvbnm,.\\`", "ячсмитьбюґ'"},
    {"s]'`", "ыъэё"},
};

/* Small letters of ASCII and Cyrillic; capitals among the keys' signs too. */
static uint32_t small_of(uint32_t code)
{
    static const char shifted[] = "{[}]:;\"'<,>.|\\~`";
    if (code - 'A' < 26 || (code >= 0x0410 && code < 0x0430)) {
        return code + 32;
    }
    if (code >= 0x0400 && code < 0x0410) {
        return code + 80;
    }
    for (size_t i = 0; i + 1 < sizeof shifted; i += 2) {
        if (code == (unsigned char)shifted[i]) {
            return (unsigned char)shifted[i + 1];
        }
    }
    return code == 0x0490 ? 0x0491 : code;
}

/* What the key of a letter types in the other layout; 0 for nothing. */
static uint32_t other_key(uint32_t code, bool to_cyrillic)
{
    size_t pairs = sizeof layouts / sizeof *layouts - (to_cyrillic ? 1 : 0);
    for (size_t i = 0; i < pairs; i++) {
        uint32_t letters[LETTERS];
        const char *text = layouts[i].cyrillic;
        size_t count = decode(text, strlen(text), letters);
        for (size_t k = 0; k < count; k++) {
            uint32_t latin = (unsigned char)layouts[i].latin[k];
            if ((to_cyrillic ? latin : letters[k]) == code) {
                return to_cyrillic ? letters[k] : latin;
            }
        }
    }
    return 0;
}

bool layout_swap(const char *text, size_t length, struct buf *out)
{
    uint32_t first = 0;
    bool to_cyrillic = false;
    bool to_latin = false;
    for (size_t at = 0; at < length;) {
        size_t n = utf8_decode(text + at, length - at, &first);
        uint32_t small = small_of(first);
        to_cyrillic = to_cyrillic || small - 'a' < 26;
        to_latin = to_latin || small >= 0x0400;
        if (n == 0) {
            return false;
        }
        at += n;
    }
    if (to_cyrillic == to_latin) {
        return false;
    }
    for (size_t at = 0; at < length;) {
        uint32_t code;
        char bytes[4];
        at += utf8_decode(text + at, length - at, &code);
        uint32_t other = other_key(small_of(code), to_cyrillic);
        bool letter =
            to_cyrillic ? other >= 0x80 || other == '\'' : other - 'a' < 26;
        if (!letter) {
            return false;
        }
        buf_add(out, bytes, utf8_encode(other, bytes));
    }
    return out->length > 0 && out->failed == SHUKACH_OK;
}
