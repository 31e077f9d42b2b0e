/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run of letters as written → its exact form. The order matters: remove
 * what is invisible, compose, take off stress, repair look-alikes (while
 * the case still tells В from в), fold case. */
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

#include "words.h"

/* Composition can lengthen a few letters of other scripts. */
#define CODES_MAX (4 * WORD_LETTERS)

struct normaliser {
    const UNormalizer2 *nfc;
};

struct normaliser *normaliser_new(void)
{
    struct normaliser *normaliser = malloc(sizeof *normaliser);
    if (normaliser != NULL) {
        UErrorCode code = U_ZERO_ERROR;
        normaliser->nfc = unorm2_getNFCInstance(&code);
        if (U_FAILURE(code)) {
            free(normaliser);
            return NULL;
        }
    }
    return normaliser;
}

void normaliser_free(struct normaliser *normaliser)
{
    free(normaliser);
}

struct span {
    uint32_t low;
    uint32_t high;
    enum letter_class class;
};

/* Where the class is not the one Unicode's general category suggests. The
 * apostrophes are those found in Ukrainian texts (Правопис 2019, § 7, has
 * one letter for all: м'яч, м’яч); sorted, from U+0080 on. */
static const struct span special[] = {
    {0x00ad, 0x00ad, CLASS_INVISIBLE},   {0x00b4, 0x00b4, CLASS_APOSTROPHE},
    {0x02b9, 0x02b9, CLASS_APOSTROPHE},  {0x02bb, 0x02bc, CLASS_APOSTROPHE},
    {0x034f, 0x034f, CLASS_INVISIBLE},   {0x0374, 0x0374, CLASS_APOSTROPHE},
    {0x061c, 0x061c, CLASS_INVISIBLE},   {0x0e01, 0x0eff, CLASS_IDEOGRAPH},
    {0x1000, 0x109f, CLASS_IDEOGRAPH},   {0x1780, 0x17b3, CLASS_IDEOGRAPH},
    {0x180e, 0x180e, CLASS_INVISIBLE},   {0x200b, 0x200f, CLASS_INVISIBLE},
    {0x2010, 0x2011, CLASS_HYPHEN},      {0x2018, 0x2019, CLASS_APOSTROPHE},
    {0x201b, 0x201b, CLASS_APOSTROPHE},  {0x202a, 0x202e, CLASS_INVISIBLE},
    {0x2032, 0x2032, CLASS_APOSTROPHE},  {0x2060, 0x2064, CLASS_INVISIBLE},
    {0x2066, 0x2069, CLASS_INVISIBLE},   {0x3005, 0x3007, CLASS_IDEOGRAPH},
    {0x3041, 0x30ff, CLASS_IDEOGRAPH},   {0x3400, 0x9fff, CLASS_IDEOGRAPH},
    {0xf900, 0xfaff, CLASS_IDEOGRAPH},   {0xfe00, 0xfe0f, CLASS_INVISIBLE},
    {0xfeff, 0xfeff, CLASS_INVISIBLE},   {0xff07, 0xff07, CLASS_APOSTROPHE},
    {0x20000, 0x3ffff, CLASS_IDEOGRAPH}, {0xe0000, 0xe0fff, CLASS_INVISIBLE},
};

static enum letter_class category_class(uint32_t code)
{
    int8_t type = u_charType((UChar32)code);
    if (U_MASK(type) & U_GC_L_MASK) {
        return CLASS_LETTER;
    }
    if (U_MASK(type) & U_GC_M_MASK) {
        return CLASS_MARK;
    }
    return type == U_DECIMAL_DIGIT_NUMBER ? CLASS_DIGIT : CLASS_OTHER;
}

enum letter_class letter_class(uint32_t code)
{
    if (code - 'a' < 26 || code - 'A' < 26) {
        return CLASS_LETTER;
    }
    if (code - '0' < 10) {
        return CLASS_DIGIT;
    }
    if (code >= 0x0400 && code <= 0x0481) {
        return CLASS_LETTER;
    }
    if (code < 0x80) {
        return code == '\'' || code == '`' ? CLASS_APOSTROPHE
               : code == '-'               ? CLASS_HYPHEN
                                           : CLASS_OTHER;
    }
    size_t low = 0;
    size_t high = sizeof special / sizeof *special;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (code > special[middle].high) {
            low = middle + 1;
        } else if (code < special[middle].low) {
            high = middle;
        } else {
            /* Unassigned holes and marks of a script are not its letters. */
            return special[middle].class != CLASS_IDEOGRAPH
                       ? special[middle].class
                   : category_class(code) == CLASS_LETTER
                       ? CLASS_IDEOGRAPH
                       : category_class(code);
        }
    }
    return category_class(code);
}

size_t skip_invisible(const char *text, size_t length, size_t at)
{
    uint32_t code;
    size_t n;
    while ((n = utf8_decode(text + at, length - at, &code)) > 0 &&
           letter_class(code) == CLASS_INVISIBLE) {
        at += n;
    }
    return at;
}

/* The whole script beyond the letters in use, so that a capital and its
 * small letter are of one: Ʒ, ʒ. */
static bool of_script(uint32_t code, UScriptCode script)
{
    UErrorCode error = U_ZERO_ERROR;
    return code >= 0x80 && uscript_getScript((UChar32)code, &error) == script;
}

static bool is_cyrillic(uint32_t code)
{
    return (code >= 0x0400 && code <= 0x052f) ||
           (code > 0x052f && of_script(code, USCRIPT_CYRILLIC));
}

static bool is_latin(uint32_t code)
{
    return (code | 0x20) - 'a' < 26 ||
           ((code < 0x0400 || code > 0x052f) && of_script(code, USCRIPT_LATIN));
}

/* Letters that look the same in print, by case: a small table of our own,
 * since Unicode's confusables also make 3 of З and 0 of О. Letters with an
 * accent stand for a stressed vowel typed in Latin (Зелéнський). */
struct double_letter {
    uint32_t latin;
    uint32_t cyrillic;
};

static const struct double_letter doubles[] = {
    {'A', 0x0410},  {'B', 0x0412},  {'C', 0x0421},  {'E', 0x0415},
    {'H', 0x041d},  {'I', 0x0406},  {'K', 0x041a},  {'M', 0x041c},
    {'O', 0x041e},  {'P', 0x0420},  {'T', 0x0422},  {'X', 0x0425},
    {'Y', 0x0423},  {'a', 0x0430},  {'c', 0x0441},  {'e', 0x0435},
    {'i', 0x0456},  {'k', 0x043a},  {'m', 0x043c},  {'o', 0x043e},
    {'p', 0x0440},  {'t', 0x0442},  {'x', 0x0445},  {'y', 0x0443},
    {0xc1, 0x0410}, {0xcd, 0x0406}, {0xcf, 0x0407}, {0xc9, 0x0415},
    {0xd3, 0x041e}, {0xdd, 0x0423}, {0xe1, 0x0430}, {0xe9, 0x0435},
    {0xed, 0x0456}, {0xef, 0x0457}, {0xf3, 0x043e}, {0xfd, 0x0443},
};

/* The double in the other script, or 0. */
static uint32_t double_of(uint32_t code)
{
    bool cyrillic = is_cyrillic(code);
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++) {
        if ((cyrillic ? doubles[i].cyrillic : doubles[i].latin) == code) {
            return cyrillic ? doubles[i].latin : doubles[i].cyrillic;
        }
    }
    return 0;
}

/* Whether every letter of a script has a double in the other. */
static bool all_doubled(const uint32_t *codes, size_t count,
                        bool (*script)(uint32_t))
{
    for (size_t i = 0; i < count; i++) {
        if (script(codes[i]) && double_of(codes[i]) == 0) {
            return false;
        }
    }
    return true;
}

static bool has_letter(const uint32_t *codes, size_t count,
                       bool (*script)(uint32_t))
{
    for (size_t i = 0; i < count; i++) {
        if (script(codes[i])) {
            return true;
        }
    }
    return false;
}

/* A word of both scripts becomes Cyrillic if all its Latin letters have
 * doubles there (Kиїв, OOН), else Latin if the reverse holds (HІMARS). */
static bool repair_lookalikes(uint32_t *codes, size_t count)
{
    if (!has_letter(codes, count, is_latin) ||
        !has_letter(codes, count, is_cyrillic)) {
        return false;
    }
    bool (*replaced)(uint32_t) = is_latin;
    if (!all_doubled(codes, count, is_latin)) {
        replaced = is_cyrillic;
        if (!all_doubled(codes, count, is_cyrillic)) {
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (replaced(codes[i])) {
            codes[i] = double_of(codes[i]);
        }
    }
    return true;
}

/* Stress is a mark by itself, but for Cyrillic е, и with a grave, which
 * only other languages have as letters. */
static uint32_t without_stress(uint32_t code)
{
    static const uint32_t letters[][2] = {
        {0x0400, 0x0415}, {0x040d, 0x0418}, {0x0450, 0x0435}, {0x045d, 0x0438}};
    for (size_t i = 0; i < 4; i++) {
        if (letters[i][0] == code) {
            return letters[i][1];
        }
    }
    return code;
}

/* Decodes, leaving out what is invisible and writing one apostrophe;
 * `*plain` tells that composition cannot change anything. */
static size_t read_codes(const char *text, size_t length, uint32_t *codes,
                         uint32_t *rules, bool *plain)
{
    size_t count = 0;
    *plain = true;
    for (size_t at = 0; at < length && count < WORD_LETTERS;) {
        uint32_t code;
        size_t n = utf8_decode(text + at, length - at, &code);
        if (n == 0) {
            break;
        }
        at += n;
        enum letter_class class = letter_class(code);
        if (class == CLASS_INVISIBLE) {
            *rules |= RULE_INVISIBLE;
            continue;
        }
        if (class == CLASS_APOSTROPHE) {
            *rules |= code != '\'' ? RULE_APOSTROPHE : 0;
            code = '\'';
        }
        *plain = *plain && (code < 0x0300 || (is_cyrillic(code) &&
                                              without_stress(code) == code));
        codes[count++] = code;
    }
    return count;
}

static size_t compose(const struct normaliser *normaliser, uint32_t *codes,
                      size_t count, uint32_t *rules)
{
    UChar in[2 * WORD_LETTERS];
    UChar out[CODES_MAX];
    int32_t length = 0;
    for (size_t i = 0; i < count; i++) {
        U16_APPEND_UNSAFE(in, length, codes[i]);
    }
    UErrorCode code = U_ZERO_ERROR;
    int32_t composed =
        unorm2_normalize(normaliser->nfc, in, length, out, CODES_MAX, &code);
    if (U_FAILURE(code)) {
        return count;
    }
    if (composed != length || u_memcmp(in, out, length) != 0) {
        *rules |= RULE_NORMAL_FORM;
    }
    size_t kept = 0;
    for (int32_t i = 0; i < composed && kept < WORD_LETTERS;) {
        uint32_t c = out[i++];
        if (U16_IS_LEAD(c) && i < composed && U16_IS_TRAIL(out[i])) {
            c = (uint32_t)U16_GET_SUPPLEMENTARY(c, out[i]);
            i++;
        }
        codes[kept++] = c;
    }
    return kept;
}

static size_t take_off_stress(uint32_t *codes, size_t count, uint32_t *rules)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t c = codes[i];
        bool mark = c == 0x0300 || c == 0x0301;
        uint32_t bare = without_stress(c);
        *rules |= mark || bare != c ? RULE_STRESS : 0;
        if (!mark) {
            codes[kept++] = bare;
        }
    }
    return kept;
}

/* Letters that decide the language of a Cyrillic word. */
static enum word_language letter_language(uint32_t code)
{
    switch (code) {
    case 0x0456: /* і */
    case 0x0457: /* ї */
    case 0x0454: /* є */
    case 0x0491: /* ґ */
        return WORD_UK;
    case 0x044b: /* ы */
    case 0x044d: /* э */
    case 0x044a: /* ъ */
    case 0x0451: /* ё */
        return WORD_RU;
    default:
        return WORD_UNDECIDED;
    }
}

static enum word_language language_of(const uint32_t *codes, size_t count)
{
    size_t latin = 0;
    size_t cyrillic = 0;
    bool apostrophe = false;
    enum word_language decided = WORD_UNDECIDED;
    for (size_t i = 0; i < count; i++) {
        latin += is_latin(codes[i]);
        cyrillic += is_cyrillic(codes[i]);
        apostrophe = apostrophe || codes[i] == '\'';
        if (decided == WORD_UNDECIDED) {
            decided = letter_language(codes[i]);
        }
    }
    size_t others = count - latin - cyrillic - (apostrophe ? 1 : 0);
    if (cyrillic > 0 && latin == 0 && others == 0) {
        return decided == WORD_UNDECIDED && apostrophe ? WORD_UK : decided;
    }
    return latin > 0 && cyrillic == 0 ? WORD_EN : WORD_OTHER;
}

/* The same as below for what nearly all words are: the letters of Ukrainian
 * and Russian, of which nothing needs to be looked up. False if there is
 * another. */
static bool normalise_plain(const char *text, size_t length, struct word *out)
{
    if (length % 2 != 0 || length > 2 * (size_t)WORD_LETTERS) {
        return false;
    }
    size_t capitals = 0;
    enum word_language decided = WORD_UNDECIDED;
    for (size_t at = 0; at < length; at += 2) {
        unsigned char lead = (unsigned char)text[at];
        unsigned char trail = (unsigned char)text[at + 1];
        uint32_t code = (uint32_t)(lead & 0x1f) << 6 | (trail & 0x3f);
        bool capital = code < 0x0430;
        uint32_t small = code + (code < 0x0410 ? 0x50 : capital ? 0x20 : 0);
        if ((lead != 0xd0 && lead != 0xd1) || small > 0x0457 ||
            small == 0x0450 || (small > 0x0451 && small < 0x0454) ||
            small == 0x0455) {
            return false;
        }
        capitals += capital;
        if (decided == WORD_UNDECIDED) {
            decided = letter_language(small);
        }
        out->form[at] = (char)(0xc0 | small >> 6);
        out->form[at + 1] = (char)(0x80 | (small & 0x3f));
    }
    out->form[length] = '\0';
    out->length = length;
    out->letters = length / 2;
    out->capitals = length >= 4 && capitals == length / 2;
    out->capital =
        (unsigned char)text[0] == 0xd0 && (unsigned char)text[1] < 0xb0;
    out->language = decided;
    out->rules = 0;
    return true;
}

void word_normalise(const struct normaliser *normaliser, const char *text,
                    size_t length, struct word *out)
{
    if (length > 0 && normalise_plain(text, length, out)) {
        return;
    }
    uint32_t codes[WORD_LETTERS];
    bool plain;
    out->rules = 0;
    size_t count = read_codes(text, length, codes, &out->rules, &plain);
    if (!plain) {
        count = compose(normaliser, codes, count, &out->rules);
        count = take_off_stress(codes, count, &out->rules);
    }
    if (repair_lookalikes(codes, count)) {
        out->rules |= RULE_LOOKALIKE;
    }
    size_t letters = 0;
    size_t capitals = 0;
    bool first = false;
    for (size_t i = 0; i < count; i++) {
        uint32_t folded =
            (uint32_t)u_foldCase((UChar32)codes[i], U_FOLD_CASE_DEFAULT);
        capitals += folded != codes[i];
        first = first || (i == 0 && capitals > 0);
        letters += codes[i] != '\'';
        codes[i] = folded;
    }
    if (!plain) {
        /* What a stress mark kept apart (и, stress, breve), and small
         * letters whose capitals have no composed form (J̌, ǰ). */
        count = compose(normaliser, codes, count, &out->rules);
    }
    out->capitals = letters >= 2 && capitals == letters;
    out->capital = first;
    out->letters = 0;
    out->length = 0;
    for (size_t i = 0; i < count; i++) {
        out->letters += codes[i] != '\'';
        out->length += utf8_encode(codes[i], out->form + out->length);
    }
    out->form[out->length] = '\0';
    out->language = language_of(codes, count);
}

size_t word_double(const struct word *word, char out[WORD_BYTES])
{
    bool latin = word->language == WORD_EN;
    size_t length = 0;
    for (size_t at = 0; word->capitals && at < word->length;) {
        uint32_t code = 0;
        at += utf8_decode(word->form + at, word->length - at, &code);
        uint32_t other = double_of((uint32_t)u_toupper((UChar32)code));
        bool roman = other == 'X' || other == 'I';
        if (other == 0 || (!latin && !roman)) {
            return 0;
        }
        other = (uint32_t)u_foldCase((UChar32)other, U_FOLD_CASE_DEFAULT);
        length += utf8_encode(other, out + length);
    }
    out[length] = '\0';
    return length;
}

void word_swap_letter(const char *text, size_t length, struct word *word)
{
    uint32_t code = 0;
    utf8_decode(text, length, &code);
    uint32_t other = double_of(without_stress(code));
    if (other == 0) {
        return;
    }
    other = (uint32_t)u_foldCase((UChar32)other, U_FOLD_CASE_DEFAULT);
    word->length = utf8_encode(other, word->form);
    word->form[word->length] = '\0';
    word->language = language_of(&other, 1);
    word->rules |= RULE_LOOKALIKE;
}
