/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Every form of every dictionary entry, by hunspell's affix rules.
 *
 * uk_UA.aff has suffix rules only, none of which leads to another, so a form
 * is an entry with one rule applied (hunspell(5), "Affix file general rules":
 * SFX flag strip add condition). Anything else in the file would be expanded
 * wrongly, so it is refused.
 */
#include <stdlib.h>
#include <string.h>

#include "compile.h"

enum {
    LINE_MAX_BYTES = 4096,
    AFFIX_MAX = 32,
    /* Letters a condition looks at, and what it may ask of one of them. */
    CONDITION_MAX = 24,
    CHOICE_MAX = 40
};

/* One letter of a condition: any, one of `letters`, or none of them. */
struct wanted {
    bool negated;
    size_t count; /* 0: any letter */
    uint16_t letters[CHOICE_MAX];
};

struct affix {
    char flag;
    size_t strip_count;
    size_t add_count;
    size_t choice_count;
    uint16_t strip[AFFIX_MAX];
    uint16_t add[AFFIX_MAX];
    char ending[2 * AFFIX_MAX + 1];
    struct wanted choices[CONDITION_MAX];
};

struct affixes {
    struct affix *rows;
    size_t count;
    size_t room;
    /* Rows of one flag stand together: first[flag] up to first[flag] + n. */
    size_t first[128];
    size_t number[128];
};

/* Decodes UTF-8 of one and two bytes, all that Ukrainian needs. Returns the
 * number of code points, 0 if there is anything else or too much. */
static size_t decode(const char *text, uint16_t *points, size_t most)
{
    size_t count = 0;
    for (const unsigned char *at = (const unsigned char *)text; *at != 0;) {
        if (count == most) {
            return 0;
        }
        if (*at < 0x80) {
            points[count++] = *at++;
        } else if ((*at & 0xe0) == 0xc0 && (at[1] & 0xc0) == 0x80) {
            points[count++] = (uint16_t)((at[0] & 0x1f) << 6 | (at[1] & 0x3f));
            at += 2;
        } else {
            return 0;
        }
    }
    return count;
}

static size_t encode(const uint16_t *points, size_t count, char *text)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        if (points[i] < 0x80) {
            text[size++] = (char)points[i];
        } else {
            text[size++] = (char)(0xc0 | points[i] >> 6);
            text[size++] = (char)(0x80 | (points[i] & 0x3f));
        }
    }
    text[size] = '\0';
    return size;
}

static void condition_read(struct affix *affix, const char *text)
{
    uint16_t points[CONDITION_MAX * CHOICE_MAX];
    size_t count = decode(text, points, sizeof points / sizeof *points);
    for (size_t at = 0; at < count; at++) {
        if (affix->choice_count == CONDITION_MAX) {
            compile_fail("a condition is too long", text);
        }
        struct wanted *choice = &affix->choices[affix->choice_count++];
        if (points[at] != '[') {
            if (points[at] != '.') {
                choice->letters[choice->count++] = points[at];
            }
            continue;
        }
        if (at + 1 < count && points[at + 1] == '^') {
            choice->negated = true;
            at++;
        }
        for (at++; at < count && points[at] != ']'; at++) {
            if (choice->count == CHOICE_MAX) {
                compile_fail("a condition is too long", text);
            }
            choice->letters[choice->count++] = points[at];
        }
    }
}

static void affix_read(struct affixes *affixes, const char *line)
{
    char flag[8];
    char strip[64];
    char add[64];
    char condition[256];
    if (sscanf(line, "SFX %7s %63s %63s %255s", flag, strip, add, condition) !=
            4 ||
        flag[1] != '\0' || flag[0] < 0 || strchr(add, '/') != NULL) {
        compile_fail("a rule of an unknown kind", line);
    }
    affixes->rows = compile_grow(affixes->rows, affixes->count, &affixes->room,
                                 sizeof *affixes->rows);
    struct affix *affix = &affixes->rows[affixes->count++];
    memset(affix, 0, sizeof *affix);
    affix->flag = flag[0];
    if (strcmp(strip, "0") != 0) {
        affix->strip_count = decode(strip, affix->strip, AFFIX_MAX);
    }
    if (strcmp(add, "0") != 0) {
        affix->add_count = decode(add, affix->add, AFFIX_MAX);
    }
    encode(affix->add, affix->add_count, affix->ending);
    condition_read(affix, condition);
    size_t at = (unsigned char)flag[0];
    if (affixes->number[at]++ == 0) {
        affixes->first[at] = affixes->count - 1;
    } else if (affixes->first[at] + affixes->number[at] != affixes->count) {
        compile_fail("the rules of a flag do not stand together", line);
    }
}

struct affixes *affixes_read(const char *path)
{
    FILE *file = fopen(path, "r");
    struct affixes *affixes = calloc(1, sizeof *affixes);
    if (file == NULL || affixes == NULL) {
        compile_fail("cannot read the affix rules", path);
    }
    char line[LINE_MAX_BYTES];
    while (fgets(line, sizeof line, file) != NULL) {
        char flag[8];
        char cross[8];
        char number[16];
        char rest[8];
        if (strncmp(line, "PFX", 3) == 0 || strncmp(line, "FLAG", 4) == 0) {
            compile_fail("a rule of an unknown kind", line);
        }
        /* A header has three fields, a rule four. */
        if (strncmp(line, "SFX", 3) == 0 &&
            sscanf(line, "SFX %7s %7s %15s %7s", flag, cross, number, rest) ==
                4) {
            affix_read(affixes, line);
        }
    }
    fclose(file);
    return affixes;
}

void affixes_free(struct affixes *affixes)
{
    if (affixes != NULL) {
        free(affixes->rows);
        free(affixes);
    }
}

static bool choice_allows(const struct wanted *choice, uint16_t letter)
{
    for (size_t i = 0; i < choice->count; i++) {
        if (choice->letters[i] == letter) {
            return !choice->negated;
        }
    }
    return choice->negated || choice->count == 0;
}

static bool affix_applies(const struct affix *affix, const uint16_t *word,
                          size_t count)
{
    if (count < affix->choice_count || count < affix->strip_count) {
        return false;
    }
    const uint16_t *end = word + count;
    for (size_t i = 0; i < affix->choice_count; i++) {
        if (!choice_allows(&affix->choices[affix->choice_count - 1 - i],
                           end[-1 - (ptrdiff_t)i])) {
            return false;
        }
    }
    return memcmp(end - affix->strip_count, affix->strip,
                  affix->strip_count * sizeof *word) == 0;
}

void affixes_apply(const struct affixes *affixes, const char *entry,
                   const char *flags, expand_form *each, void *payload)
{
    uint16_t word[EXPAND_WORD_MAX + AFFIX_MAX];
    char form[2 * (EXPAND_WORD_MAX + AFFIX_MAX) + 1];
    size_t count = decode(entry, word, EXPAND_WORD_MAX);
    if (count == 0) {
        return;
    }
    struct expansion expansion = {entry, flags, entry, 0, ""};
    each(&expansion, payload);
    for (const char *flag = flags; *flag != '\0'; flag++) {
        size_t first = affixes->first[(unsigned char)*flag & 127];
        size_t number = affixes->number[(unsigned char)*flag & 127];
        for (size_t i = first; i < first + number; i++) {
            const struct affix *affix = &affixes->rows[i];
            if (!affix_applies(affix, word, count)) {
                continue;
            }
            uint16_t changed[EXPAND_WORD_MAX + AFFIX_MAX];
            size_t kept = count - affix->strip_count;
            memcpy(changed, word, kept * sizeof *word);
            memcpy(changed + kept, affix->add, affix->add_count * sizeof *word);
            encode(changed, kept + affix->add_count, form);
            expansion.form = form;
            expansion.flag = *flag;
            expansion.ending = affix->ending;
            each(&expansion, payload);
        }
    }
}

void affixes_expand(const struct affixes *affixes, const char *path,
                    expand_form *each, void *payload)
{
    FILE *file = fopen(path, "r");
    char line[LINE_MAX_BYTES];
    if (file == NULL || fgets(line, sizeof line, file) == NULL) {
        compile_fail("cannot read the dictionary", path);
    }
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\r\n\t ")] = '\0';
        char *flags = strchr(line, '/');
        if (flags != NULL) {
            *flags++ = '\0';
        }
        affixes_apply(affixes, line, flags != NULL ? flags : "", each, payload);
    }
    fclose(file);
}
