/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * A Ukrainian stemmer in Snowball's manner: strip the longest ending that may
 * stand there, then write what is left in one way whatever alternated in it.
 *
 * The second half is what Ukrainian needs and Russian does not. A vowel that
 * comes and goes (день, дня) or changes (Харків, Харкова) is not restored, for
 * which a dictionary would be needed; it is dropped from all forms alike.
 *
 * Sources, cited by chapter: "Український правопис" (2019), here Pravopys;
 * "Сучасна українська літературна мова. Морфологія" (academy, 1969), here SULM.
 */
#include "rules.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "rules_tables.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

_Static_assert(COUNT(endings) <= RULES_ENDINGS_MAX, "the index is too small");

static inline bool among(char letter, const char *letters)
{
    for (; *letters != '\0'; letters++) {
        if (*letters == letter) {
            return true;
        }
    }
    return false;
}

static inline bool is_vowel(char letter)
{
    static const bool vowels[128] = {
        ['a'] = true, ['e'] = true, ['E'] = true, ['y'] = true, ['i'] = true,
        ['I'] = true, ['o'] = true, ['u'] = true, ['U'] = true, ['A'] = true};
    return vowels[(unsigned char)letter & 127];
}

static bool has_vowel(const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (is_vowel(word[i])) {
            return true;
        }
    }
    return false;
}

static bool equals(const char *word, size_t length, const char *text)
{
    return strlen(text) == length && memcmp(word, text, length) == 0;
}

static bool ends(const char *word, size_t length, const char *text)
{
    size_t size = strlen(text);
    return length >= size && memcmp(word + length - size, text, size) == 0;
}

/* Writes the word as the table says, from a row that begins with its first
 * letter on. False if it is not in the table. */
static bool respell(char *word, size_t *length, const struct respelling *table,
                    size_t count, size_t first)
{
    if (first == 0) {
        return false;
    }
    for (size_t i = first - 1; i < count && table[i].from[0] == word[0]; i++) {
        if (equals(word, *length, table[i].from)) {
            *length = strlen(table[i].to);
            memcpy(word, table[i].to, *length);
            return true;
        }
    }
    return false;
}

/* Snowball's region: an ending may go only if a syllable is left before it, or
 * a stem known to be shorter (дати, but not хати). */
static bool stem_is_possible(const char *word, size_t length, const char *put)
{
    size_t size = strlen(put);
    if (size > 1 || has_vowel(word, length)) {
        return true;
    }
    /* A prefix of one consonant: вбити, здати. */
    bool prefix = length > 1 && size > 0 && among(word[0], "vzs");
    for (size_t i = 0; i < COUNT(short_stems); i++) {
        size_t whole = strlen(short_stems[i]);
        size_t skip = prefix && whole + 1 == length + size ? 1 : 0;
        if (whole + skip == length + size &&
            memcmp(short_stems[i], word + skip, length - skip) == 0 &&
            strcmp(short_stems[i] + length - skip, put) == 0) {
            return true;
        }
    }
    return false;
}

/* Turns the first person of the second conjugation into the infinitive:
 * борюсь, люблюсь, сиджусь. */
static size_t restore_infinitive(char *word, size_t length)
{
    if (word[length - 1] == 'u' && among(word[length - 2], "nm")) {
        return length; /* also of the future: повернусь, битимусь */
    }
    length--;
    if (word[length - 1] == 'l' && among(word[length - 2], "vbpm")) {
        length--;
    } else if (word[length - 1] == 'Z' && word[length - 2] == 'd') {
        length--;
    }
    memcpy(word + length, "yty", 3);
    return length + 3;
}

/* -ся and -сь after what a verb can end in: сміється, сміялась; not after the
 * vowels of бабуся, Орися, Білорусь. What only a verb ends in once -ся is off,
 * but a noun or adjective too without it, is turned into the infinitive while
 * there is room: борюсь, боримся, борись. */
static size_t drop_reflexive(char *word, size_t length)
{
    if (length < 5 || !(ends(word, length, "sA") || ends(word, length, "sq"))) {
        return length;
    }
    char last = word[length - 3];
    char before = word[length - 4];
    bool verb = among(last, "qvUSej") ||
                (last == 'u' && among(before, "ZSCWm")) ||
                (last == 'u' && before == 'n' &&
                 among(word[length - 5], "krgxptdbvzslcC")) ||
                (last == 'm' && among(before, "eyi")) ||
                (among(last, "ao") && before == 'l') ||
                (last == 'o' && among(before, "mnt")) ||
                (last == 'y' && among(before, "ltCS"));
    bool gerund = before == 'C' && among(word[length - 5], "aAuU");
    bool imperative =
        last == 'y' && !among(before, "ltS") && !gerund &&
        (word[length - 1] == 'q' ? length > 6 : length > 7 && before != 'r');
    if (!verb && !imperative) {
        return length;
    }
    length -= 2;
    if (last == 'm' && has_vowel(word, length - 2)) {
        word[length++] = 'o'; /* боримся, боремся: боримо, боремо */
    } else if (last == 'v' && before == 'i') {
        word[length - 1] = 't'; /* вертівся */
        word[length++] = 'y';
    } else if (among(last, "Uu") && length > 3 && !is_vowel(before)) {
        length = restore_infinitive(word, length);
    } else if (imperative) {
        if (before == 'n' && among(word[length - 3], "krgxptdbvzslcC")) {
            word[length - 1] = 'u'; /* повернись */
        }
        word[length++] = 't'; /* борись */
        word[length++] = 'y';
    }
    return length;
}

/* Gives the genitive plural of -ення the look of its other forms: рішень,
 * значень, not рівень, січень, where е is fleeting. */
static void restore_verbal_noun(char *word, size_t length)
{
    if (length > 5 && ends(word, length, "enq") &&
        (among(word[length - 4], "lSWZn") ||
         (word[length - 4] == 'C' && length > 6))) {
        word[length - 1] = 'n';
    }
}

static size_t pair_of(char before, char last)
{
    return ((unsigned char)before * 37U + (unsigned char)last) % RULES_PAIRS;
}

/* The longest ending of a chain that may go from the word, or NULL. */
static const struct ending *find_ending(const struct rules_index *index,
                                        size_t n, const char *word,
                                        size_t length)
{
    for (; n != 0; n = index->next[n - 1]) {
        const struct ending *row = &endings[n - 1];
        size_t size = index->size[n - 1];
        if (length < size + row->least) {
            continue;
        }
        const char *end = word + length - size;
        size_t same = 0;
        while (same < size && end[same] == row->text[same]) {
            same++;
        }
        if (same == size &&
            (row->after == NULL ||
             (length > size && among(end[-1], row->after))) &&
            stem_is_possible(word, length - size, row->put)) {
            return row;
        }
    }
    return NULL;
}

static size_t strip_ending(const struct rules_index *index, char *word,
                           size_t length)
{
    char last = word[length - 1];
    const struct ending *row = NULL;
    if (length > 1) {
        row = find_ending(index, index->pairs[pair_of(word[length - 2], last)],
                          word, length);
    }
    if (row == NULL) {
        row = find_ending(index, index->singles[(unsigned char)last & 127],
                          word, length);
    }
    if (row == NULL) {
        return length;
    }
    length -= index->size[row - endings];
    for (const char *put = row->put; *put != '\0'; put++) {
        word[length++] = *put;
    }
    return length;
}

/* What the stem of one form has lost to an ending by mistake, the stems of the
 * others lose on purpose. */
static size_t drop_false_endings(const char *word, size_t length)
{
    if (length > 2 && among(word[length - 1], "q'")) {
        length--; /* любов'ю, любов; гостю, гость */
    }
    if (length > 3 && ends(word, length, "Ev") && is_vowel(word[length - 3])) {
        length -= 2; /* Києва: Київ lost -їв, the genitive plural of герой */
    }
    if (length > 4 && word[length - 1] == 'm' &&
        among(word[length - 2], "eoay") && has_vowel(word, length - 2)) {
        length -= 2; /* систему: систем lost -ем; диплома, диплом */
    }
    if (length > 4 && among(word[length - 1], "ltv") &&
        among(word[length - 2], "ayA") && has_vowel(word, length - 2)) {
        length--; /* журналу: журнали lost -ли; депутат, депутати */
    }
    if (length > 3 && ends(word, length, "ava") &&
        among(word[length - 4], "dtn")) {
        length -= 2; /* давати, дає; визнавати, визнає */
    }
    return length;
}

/* Degrees of comparison (SULM, adjective): сильний, сильніший,
 * найсильніший; більший, найбільший. */
static size_t drop_comparison(char *word, size_t length)
{
    if (length > 6 && memcmp(word, "naj", 3) == 0 && word[length - 1] == 'S') {
        length -= 3;
        memmove(word, word + 3, length);
    }
    return length > 4 && ends(word, length, "iS") && has_vowel(word, length - 2)
               ? length - 2
               : length;
}

/* Second palatalization before -і (SULM, noun: рука, руці; книга,
 * книзі). Written back whatever the ending, as the genitive plural of вулиця
 * and вулик cannot be told apart. The pair х, с (мусі) is too rare against the
 * nouns in с (класі) to be worth it. */
static size_t undo_palatalization(char *word, size_t length)
{
    if (length > 4 && ends(word, length, "lqc")) {
        length--; /* пальця, as палець, where no ь is written */
        word[length - 1] = 'k';
    } else if (length > 2 && word[length - 1] == 'c') {
        word[length - 1] = 'k';
    } else if (length > 2 && word[length - 1] == 'z') {
        word[length - 1] = 'g';
    }
    return length;
}

/* Vowels of the last syllable that come, go or change (Pravopys, the same): all
 * of о, е, і go, if another vowel stands before: рівень, рівня; осінь, осені;
 * and -ість is as -ост: радість, радості. */
static size_t drop_fleeting(char *word, size_t length)
{
    if (length > 4 && ends(word, length, "ist")) {
        word[length - 3] = 'o';
    } else if (length > 3 && !is_vowel(word[length - 1]) &&
               among(word[length - 2], "oei") && !is_vowel(word[length - 3]) &&
               has_vowel(word, length - 2)) {
        word[length - 2] = word[length - 1];
        length--;
        if (ends(word, length, "Zdn")) { /* тиждень, тижня */
            word[length - 2] = 'n';
            length--;
        }
    }
    return length;
}

/* Notes the first row for each first letter; the tables are sorted by it. */
static void note_first(unsigned char *first, const struct respelling *table,
                       size_t count)
{
    for (size_t i = count; i > 0; i--) {
        first[(unsigned char)table[i - 1].from[0]] = (unsigned char)i;
    }
}

static struct rules_index made;

static void make_index(void)
{
    for (size_t i = 0; i < COUNT(endings); i++) {
        const char *text = endings[i].text;
        size_t size = strlen(text);
        char last = text[size - 1];
        made.size[i] = (unsigned char)size;
        unsigned short *at = size == 1
                                 ? &made.singles[(unsigned char)last]
                                 : &made.pairs[pair_of(text[size - 2], last)];
        while (*at != 0 && made.size[*at - 1] > size) {
            at = &made.next[*at - 1];
        }
        made.next[i] = *at;
        *at = (unsigned short)(i + 1);
    }
    note_first(made.words, words, COUNT(words));
    note_first(made.monosyllables, monosyllables, COUNT(monosyllables));
}

const struct rules_index *rules_index(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_index);
    return &made;
}

size_t rules_stem(const struct rules_index *index, char *word, size_t length)
{
    if (length < 3 || respell(word, &length, words, COUNT(words),
                              index->words[(unsigned char)word[0] & 127])) {
        return length;
    }
    length = drop_reflexive(word, length);
    restore_verbal_noun(word, length);
    length = strip_ending(index, word, length);
    length = drop_comparison(word, length);
    length = drop_false_endings(word, length);
    length = undo_palatalization(word, length);
    if (length <= MONOSYLLABLE_MAX &&
        respell(word, &length, monosyllables, COUNT(monosyllables),
                index->monosyllables[(unsigned char)word[0] & 127])) {
        return length;
    }
    return drop_fleeting(word, length);
}
