/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The language of a text by its letters, and by a few words where the
 * letters are silent. */
#include "reader.h"

/* Letters that only one of the two alphabets has make up about 7 % of
 * Ukrainian (і alone 5.7 %) and 2.3 % of Russian (ы 1.9 %), so in a mixed
 * text one Russian letter stands for as much text as three Ukrainian. */
#define RUSSIAN_WEIGHT 3
/* ъ is 1.5 % of Bulgarian, which has no ы or э, and 0.04 % of Russian. */
#define BULGARIAN_MIN 3
#define HARD_SIGN 0x44a
/* Longer words need not be looked up. */
#define WORD_BYTES 16

struct counts {
    size_t cyrillic;
    size_t latin;
    size_t others; /* letters of other scripts */
    size_t ukrainian;
    size_t russian;
    size_t hard_signs; /* ъ */
    size_t foreign;    /* Cyrillic, but of neither alphabet */
    size_t latin_words;
    size_t english_words;
    size_t ukrainian_words;
    size_t russian_words;
};

/* A word being read. */
struct word {
    char text[WORD_BYTES]; /* lower case */
    size_t length;         /* over WORD_BYTES if it did not fit */
    size_t cyrillic;
    size_t latin;
    size_t latin_i; /* i and ï, which people type for і and ї */
    bool apostrophe;
    bool apostrophe_inside; /* between two letters */
};

enum letter { LETTER_NONE, LETTER_CYRILLIC, LETTER_LATIN, LETTER_OTHER };

static enum letter letter_of(uint32_t code)
{
    /* The scripts as Unicode blocks; what is not named here is signs,
     * digits or combining marks. */
    static const struct {
        uint32_t first;
        uint32_t last;
        enum letter letter;
    } ranges[] = {
        {'A', 'Z', LETTER_LATIN},         {'a', 'z', LETTER_LATIN},
        {0xaa, 0xaa, LETTER_LATIN},       {0xba, 0xba, LETTER_LATIN},
        {0xc0, 0xd6, LETTER_LATIN},       {0xd8, 0xf6, LETTER_LATIN},
        {0xf8, 0x24f, LETTER_LATIN},      {0x370, 0x3ff, LETTER_OTHER},
        {0x400, 0x481, LETTER_CYRILLIC},  {0x48a, 0x52f, LETTER_CYRILLIC},
        {0x530, 0x1c7f, LETTER_OTHER},    {0x1c80, 0x1c8f, LETTER_CYRILLIC},
        {0x1c90, 0x1dbf, LETTER_OTHER},   {0x1e00, 0x1eff, LETTER_LATIN},
        {0x1f00, 0x1fff, LETTER_OTHER},   {0x2c00, 0x2ddf, LETTER_OTHER},
        {0x3040, 0xd7ff, LETTER_OTHER},   {0xf900, 0xfdff, LETTER_OTHER},
        {0xff21, 0xff5a, LETTER_LATIN},   {0xff66, 0xffdc, LETTER_OTHER},
        {0x10000, 0x1cfff, LETTER_OTHER}, {0x20000, 0x3ffff, LETTER_OTHER},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (code <= ranges[i].last) {
            return code >= ranges[i].first ? ranges[i].letter : LETTER_NONE;
        }
    }
    return LETTER_NONE;
}

static uint32_t lower(uint32_t code)
{
    if (code >= 'A' && code <= 'Z') {
        return code + ('a' - 'A');
    }
    if (code >= 0x400 && code <= 0x40f) {
        return code + 0x50;
    }
    if (code >= 0x410 && code <= 0x42f) {
        return code + 0x20;
    }
    return code == 0x490 ? 0x491 : code;
}

static void count_cyrillic(struct counts *counts, uint32_t code)
{
    static const uint32_t ukrainian[] = {0x456, 0x457, 0x454, 0x491};
    static const uint32_t russian[] = {0x44b, 0x44d, 0x451, HARD_SIGN};
    for (size_t i = 0; i < 4; i++) {
        counts->ukrainian += code == ukrainian[i]; /* і ї є ґ */
        counts->russian += code == russian[i];     /* ы э ё ъ */
    }
    counts->cyrillic++;
    counts->hard_signs += code == HARD_SIGN;
    counts->foreign += (code < 0x430 || code > 0x44f) && code != 0x451 &&
                       code != 0x491 && code != 0x454 && code != 0x456 &&
                       code != 0x457;
}

static bool is_listed(const struct word *word, const char *const *list,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(list[i]) == word->length &&
            memcmp(list[i], word->text, word->length) == 0) {
            return true;
        }
    }
    return false;
}

#define IS_LISTED(word, list)                                                  \
    is_listed((word), (list), sizeof(list) / sizeof *(list))

static void end_word(struct counts *counts, struct word *word)
{
    /* Common, and no words of the other language: "и" never stands alone in
     * Ukrainian, nor "що" in Russian. */
    static const char *const russian[] = {
        "и",     "что",   "как",    "он",    "она",   "они",    "его",
        "ее",    "если",  "или",    "еще",   "с",     "со",     "где",
        "когда", "был",   "была",   "было",  "нет",   "кто",    "есть",
        "были",  "может", "только", "чтобы", "после", "сейчас", "тоже"};
    static const char *const ukrainian[] = {
        "що",   "як",   "це",    "цього", "був",   "було",  "була", "вже",
        "щоб",  "але",  "або",   "й",     "якщо",  "з",     "зі",   "який",
        "яка",  "яке",  "де",    "хто",   "також", "ще",    "ми",   "ви",
        "вони", "вона", "немає", "були",  "тепер", "зараз", "наш",  "буде"};
    /* Rare in other Latin languages, unlike "a", "in", "to" or "was". */
    static const char *const english[] = {
        "the",     "of",   "and",  "that", "it",    "with",  "his",   "by",
        "this",    "had",  "not",  "are",  "but",   "from",  "have",  "they",
        "which",   "you",  "were", "she",  "there", "would", "their", "been",
        "has",     "when", "who",  "more", "out",   "said",  "what",  "its",
        "about",   "into", "than", "them", "only",  "other", "some",  "could",
        "these",   "two",  "may",  "then", "first", "any",   "after", "our",
        "because", "is",   "for",  "be",   "will",  "can",   "how",   "where",
        "your"};
    if (word->cyrillic > 0 && word->cyrillic >= word->latin) {
        counts->ukrainian += word->latin_i;
        counts->ukrainian += word->apostrophe_inside;
        counts->ukrainian_words += IS_LISTED(word, ukrainian);
        counts->russian_words += IS_LISTED(word, russian);
    } else if (word->latin > 0) {
        counts->latin_words++;
        counts->english_words += IS_LISTED(word, english);
    }
    *word = (struct word){0};
}

static void add_letter(struct counts *counts, struct word *word, uint32_t code,
                       enum letter letter)
{
    char bytes[4];
    size_t n = utf8_encode(code, bytes);
    if (word->length + n <= WORD_BYTES) {
        memcpy(word->text + word->length, bytes, n);
    }
    word->length += n;
    word->apostrophe_inside = word->apostrophe_inside || word->apostrophe;
    word->apostrophe = false;
    if (letter == LETTER_CYRILLIC) {
        word->cyrillic++;
        count_cyrillic(counts, code);
    } else if (letter == LETTER_LATIN) {
        word->latin++;
        word->latin_i += code == 'i' || code == 0xef;
        counts->latin++;
    } else {
        counts->others++;
    }
}

static bool is_apostrophe(uint32_t code)
{
    return code == '\'' || code == 0x2019 || code == 0x2bc;
}

static void count(struct counts *counts, const char *text, size_t length)
{
    struct word word = {0};
    for (size_t i = 0; i < length;) {
        uint32_t code;
        size_t n = utf8_decode(text + i, length - i, &code);
        if (n == 0) {
            n = 1;
            code = ' ';
        }
        i += n;
        code = lower(code);
        enum letter letter = letter_of(code);
        bool mark = code >= 0x300 && code <= 0x36f;
        if (letter != LETTER_NONE) {
            add_letter(counts, &word, code, letter);
        } else if (is_apostrophe(code) && word.length > 0 && !word.apostrophe) {
            word.apostrophe = true;
        } else if (!mark) {
            end_word(counts, &word);
        }
    }
    end_word(counts, &word);
}

static const char *judge_cyrillic(const struct counts *counts)
{
    size_t russian = counts->russian * RUSSIAN_WEIGHT;
    /* Half a percent: ў is 1.2 % of Belarusian, ј alone 3 % of Serbian. A
     * name or two in a text of ours is less. */
    if (counts->foreign * 200 > counts->cyrillic) {
        return "other";
    }
    if (counts->hard_signs >= BULGARIAN_MIN &&
        counts->hard_signs == counts->russian &&
        counts->hard_signs * 200 > counts->cyrillic &&
        counts->hard_signs > counts->ukrainian) {
        return "other";
    }
    if (russian != counts->ukrainian) {
        return russian > counts->ukrainian ? "ru" : "uk";
    }
    return counts->russian_words > counts->ukrainian_words ? "ru" : "uk";
}

const char *language_detect(const char *text, size_t length)
{
    struct counts counts = {0};
    count(&counts, text, length);
    if (counts.cyrillic > 0 && counts.cyrillic >= counts.latin &&
        counts.cyrillic >= counts.others) {
        return judge_cyrillic(&counts);
    }
    /* One word in ten: English running text has one in four or five. */
    bool english = counts.latin > counts.others &&
                   counts.english_words * 10 >= counts.latin_words &&
                   counts.english_words > 0;
    return english ? "en" : "other";
}
