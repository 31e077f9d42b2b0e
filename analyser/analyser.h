/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text to tokens: the one analyser for documents and for queries. */
#ifndef ANALYSER_H
#define ANALYSER_H

#include "base.h"

/* Raise it whenever the same text may give other stems: an index made by
 * another version is refused. */
#define ANALYSER_VERSION "2"

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
    struct token_stem stems[TOKEN_STEMS]; /* at least one */
    size_t stem_count;
    uint32_t position; /* in words from the beginning of the text */
    uint32_t width;    /* positions it stands over */
    enum token_kind kind;
    uint32_t rules;
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

/* The names of the rules in `rules`, comma-separated, into `out`. */
#define RULES_TEXT 256
void analyser_rules(uint32_t rules, char out[RULES_TEXT]);

/* The ICU version that decides letters and case. */
const char *analyser_unicode(void);

#endif
