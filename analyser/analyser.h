/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text to tokens: the one analyser for documents and for queries. */
#ifndef ANALYSER_H
#define ANALYSER_H

#include "base.h"

/* Raise it whenever the same text may give other stems: an index made by
 * another version is refused. */
#define ANALYSER_VERSION "5"

/* What was done to a token; see analyser_rules for the names. */
enum token_rule {
    RULE_NORMAL_FORM = 1 << 0, /* composed: и + breve is й */
    RULE_STRESS = 1 << 1, /* stress marks taken off: Зеле́нський */
    RULE_INVISIBLE = 1 << 2,    /* soft hyphens and the like taken out */
    RULE_APOSTROPHE = 1 << 3,   /* another apostrophe: м’яч, мʼяч */
    RULE_LOOKALIKE = 1 << 4,    /* letters of the other script: Kиїв */
    RULE_GHE = 1 << 5,          /* ґ searched as г: ґанок, ганок */
    RULE_ENDING = 1 << 6,       /* an ending left out: F-16-х, 2022р. */
    RULE_ABBREVIATION = 1 << 7, /* capitals: also searched unchanged, НАТО */
    RULE_DESIGNATOR = 1 << 8,   /* letters and digits as one key: С-300 */
    RULE_COMPOUND = 1 << 9,     /* hyphenated, taken whole */
    RULE_PART = 1 << 10,        /* a part of the one before */
    RULE_INITIALS = 1 << 11,    /* letters with full stops: У.С.А. */
    RULE_NUMBER = 1 << 12,      /* digits brought to one form: 1 000 */
    RULE_DATE = 1 << 13,        /* 12.05.2026 = 2026-05-12 */
    RULE_HOST = 1 << 14,        /* host or address: mod.gov.ua */
    RULE_RUSSIAN = 1 << 15,     /* stemmed as Russian */
    RULE_ENGLISH = 1 << 16,     /* stemmed as English */
    RULE_STOP = 1 << 17,        /* a stop word: і, на */
};

enum token_kind {
    TOKEN_WORD,
    TOKEN_WHOLE, /* stands over what follows it within its width */
    TOKEN_PART   /* part of a word; those of an address are words */
};

struct token_stem {
    const char *text;
    size_t length;
    bool russian; /* Russian and Ukrainian stems are different terms */
};

#define TOKEN_STEMS 4

/* Everything is lent for the callback. */
struct token {
    size_t from; /* bytes [from, to) of the text given */
    size_t to;
    const char *form; /* exact form, NUL-terminated: normal form, folded */
    size_t form_length;
    struct token_stem stems[TOKEN_STEMS]; /* at least one, if it is wanted */
    size_t stem_count;
    uint32_t position; /* in words from the beginning of the text */
    uint32_t width;    /* positions it stands over */
    enum token_kind kind;
    uint32_t rules;
    bool lexicon; /* the first stem is from the lexicon */
};

enum analyser_mode {
    ANALYSE_DOCUMENT,
    /* An undecided word is stemmed as Russian too; a designator is not
     * also searched without its suffix. */
    ANALYSE_QUERY
};

struct analyser;

typedef int (*analyser_sink)(const struct token *token, void *payload);

enum shukach_status analyser_new(struct analyser **out,
                                 struct shukach_error *err);
void analyser_free(struct analyser *analyser);

/* Tokens of valid UTF-8, in order of position. `language` ("uk", "ru", …)
 * is that of Cyrillic words whose letters do not decide it. CANCELLED when
 * the sink returns non-zero, NOMEM. */
enum shukach_status analyser_run(struct analyser *analyser,
                                 enum analyser_mode mode, const char *language,
                                 const char *text, size_t length,
                                 analyser_sink sink, void *payload,
                                 struct shukach_error *err);

/* In the next run of a document, words are needed at these positions alone, in
 * rising order and lent until it ends. `others` may be given without form and
 * stems, which takes a tenth of the time; or else not at all, and the run may
 * end after the last that is needed. */
void analyser_want(struct analyser *analyser, const uint32_t *positions,
                   size_t count, bool others);

/* The names of the rules in `rules`, comma-separated, into `out`. */
#define RULES_TEXT 256
void analyser_rules(uint32_t rules, char out[RULES_TEXT]);

/* The ICU version that decides letters and case. */
const char *analyser_unicode(void);

/* ---- variants.c: words that mean the same ------------------------------- */

/* One member of a group: a word, or several. */
struct variant {
    const char *text; /* lives as long as the table; not NUL-terminated */
    size_t length;
    size_t group; /* the number of the first member of its group */
    size_t group_count;
    bool asks;        /* a query for it finds the others */
    bool found;       /* queries for the others find it */
    bool strict;      /* in capitals only: ПРО is not про */
    uint32_t opening; /* see variants_first */
    size_t next;
};

struct variants;

/* The tables of analyser/variants/, built in. */
enum shukach_status variants_new(struct variants **out,
                                 struct shukach_error *err);
void variants_free(struct variants *variants);

/* Adds the groups of a table, valid UTF-8, copied; `name` is for messages,
 * which say the line. INVALID, LIMIT; then nothing was added. */
enum shukach_status variants_add(struct variants *variants, const char *name,
                                 const char *text, size_t length,
                                 struct shukach_error *err);

size_t variants_count(const struct variants *variants);
/* A member, lent until the next variants_add. */
const struct variant *variants_get(const struct variants *variants, size_t i);

/* The numbers of the members that begin like a folded word, by two letters:
 * only these can stand where it stands. */
#define VARIANTS_END SIZE_MAX
size_t variants_first(const struct variants *variants, const char *form);
size_t variants_next(const struct variants *variants, size_t i);

/* Another spelling of `words` words; lent for the call. */
typedef void (*variants_sink)(const char *text, size_t length, size_t words,
                              void *payload);

/* The spellings that the orthographies of 1993 and 2019 give a folded word
 * by rule. `next` is the word behind it in a phrase, or NULL: the parts of
 * екс-президент there stand apart. NOMEM. */
enum shukach_status variants_by_rule(const char *form, const char *next,
                                     variants_sink sink, void *payload,
                                     struct shukach_error *err);

/* ---- names.c: one name in several languages and scripts ------------------ */

#define NAME_KEYS 8
#define NAME_BYTES 40
/* The last character of a key of an abbreviation: nat!, of НАТО. */
#define NAME_ABBREVIATION '!'

/* Two forms may be forms of one name if they share a key. A form that may be
 * of several names (Раїсі: of Раїса, or Раїсі) has a key for each. */
struct name_keys {
    char keys[NAME_KEYS][NAME_BYTES]; /* ASCII, NUL-terminated */
    size_t count;
};

/* The keys of an exact form, any bytes: none for what is neither Latin nor
 * Cyrillic. Whether the form is a name at all is for the caller to know: a
 * common word has keys too. `capitals`: it is written in nothing else, and so
 * an abbreviation if it is short: НАТО is not Ната. */
void names_keys(const char *form, size_t length, bool capitals,
                struct name_keys *out);
/* Likewise of the form taken for a nominative: no ending is undone. */
void names_nominative(const char *form, size_t length, bool capitals,
                      struct name_keys *out);

/* Whether a token of a text may be a name: a word that is Latin or begins with
 * a capital, or a designator. */
bool names_may_be(const struct token *token, const char *text);
/* Whether it is written with a capital. */
bool names_capital(const struct token *token, const char *text);

#endif
