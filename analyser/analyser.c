/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens with their stems. tokenise.c finds the words; this gives each its
 * stems and hands it to the sink. */
#include "analyser.h"

#include <unicode/uchar.h>

#include "stemmer.h"
#include "tokens.h"
#include "words.h"

enum shukach_status analyser_new(struct analyser **out,
                                 struct shukach_error *err)
{
    *out = NULL;
    struct analyser *analyser = calloc(1, sizeof *analyser);
    if (analyser == NULL) {
        return error_nomem(err);
    }
    analyser->normaliser = normaliser_new();
    analyser->uk = stemmer_new("uk");
    analyser->ru = stemmer_new("ru");
    analyser->en = stemmer_new("en");
    buf_init(&analyser->form, FORM_MAX);
    for (size_t i = 0; i < TOKEN_STEMS; i++) {
        buf_init(&analyser->stems[i], FORM_MAX);
    }
    if (analyser->normaliser == NULL || analyser->uk == NULL ||
        analyser->ru == NULL || analyser->en == NULL) {
        analyser_free(analyser);
        return error_nomem(err);
    }
    *out = analyser;
    return SHUKACH_OK;
}

void analyser_free(struct analyser *analyser)
{
    if (analyser == NULL) {
        return;
    }
    normaliser_free(analyser->normaliser);
    stemmer_delete(analyser->uk);
    stemmer_delete(analyser->ru);
    stemmer_delete(analyser->en);
    memo_free(analyser->memo);
    buf_free(&analyser->form);
    for (size_t i = 0; i < TOKEN_STEMS; i++) {
        buf_free(&analyser->stems[i]);
    }
    free(analyser);
}

const char *analyser_unicode(void)
{
    return U_UNICODE_VERSION;
}

void analyser_rules(uint32_t rules, char out[RULES_TEXT])
{
    static const char *const names[] = {
        "normal-form", "stress",   "invisible",    "apostrophe", "look-alike",
        "ghe",         "ending",   "abbreviation", "designator", "compound",
        "part",        "initials", "number",       "date",       "host",
        "russian",     "english",  "stop",
    };
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if ((rules >> i & 1) != 0) {
            length += (size_t)snprintf(out + length, RULES_TEXT - length,
                                       "%s%s", length > 0 ? "," : "", names[i]);
        }
    }
}

/* ---- Stems ----------------------------------------------------------- */

void stems_reset(struct analyser *analyser)
{
    analyser->stem_count = 0;
    analyser->lexicon = false;
}

struct buf *stem_begin(struct analyser *analyser, bool russian)
{
    struct buf *stem = &analyser->stems[analyser->stem_count];
    buf_reset(stem);
    analyser->russian[analyser->stem_count] = russian;
    return stem;
}

void stem_end(struct analyser *analyser)
{
    size_t n = analyser->stem_count;
    const struct buf *stem = &analyser->stems[n];
    if (stem->failed != SHUKACH_OK) {
        analyser->failed = true;
    }
    if (stem->length == 0) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const struct buf *other = &analyser->stems[i];
        if (analyser->russian[i] == analyser->russian[n] &&
            other->length == stem->length &&
            memcmp(other->data, stem->data, stem->length) == 0) {
            return;
        }
    }
    analyser->stem_count++;
}

static bool room(const struct analyser *analyser)
{
    return analyser->stem_count < TOKEN_STEMS;
}

/* ґ was out of the alphabet from 1933 to 1990 and many texts still do
 * without it, so that it is searched as г: ґанок, ганок. */
static void fold_ghe(char *text, size_t length)
{
    for (size_t i = 0; i + 1 < length; i++) {
        if ((unsigned char)text[i] == 0xd2 &&
            (unsigned char)text[i + 1] == 0x91) {
            text[i] = (char)0xd0;
            text[i + 1] = (char)0xb3;
        }
    }
}

/* The form as it is searched when not stemmed. */
static void add_whole(struct analyser *analyser, const char *form,
                      size_t length)
{
    if (!room(analyser)) {
        return;
    }
    struct buf *stem = stem_begin(analyser, false);
    buf_add(stem, form, length);
    if (stem->failed == SHUKACH_OK && length > 0) {
        fold_ghe(stem->data, stem->length);
    }
    stem_end(analyser);
}

const char *word_stem(struct analyser *analyser, const char *form,
                      size_t length, enum word_language language,
                      size_t *stem_length)
{
    struct stemmer *stemmer = language == WORD_EN   ? analyser->en
                              : language == WORD_RU ? analyser->ru
                                                    : analyser->uk;
    const char *text = stemmer_stem(stemmer, form, length);
    *stem_length = stemmer_length(stemmer);
    if (text == NULL) {
        analyser->failed = true;
        *stem_length = 0;
        return "";
    }
    return text;
}

static void add_stemmed(struct analyser *analyser, const char *form,
                        size_t length, enum word_language language)
{
    if (!room(analyser)) {
        return;
    }
    size_t stem_length;
    const char *text =
        word_stem(analyser, form, length, language, &stem_length);
    buf_add(stem_begin(analyser, language == WORD_RU), text, stem_length);
    stem_end(analyser);
}

/* All keys of an ambiguous form: мала is of мати and of малий. One place is
 * left for the Russian stem of a query's word. Documents and queries both
 * have them all: measured, docs/stemming.md. */
static void add_ukrainian(struct analyser *analyser, const char *form,
                          size_t length)
{
    bool first = analyser->stem_count == 0;
    add_stemmed(analyser, form, length, WORD_UK);
    analyser->lexicon = first && stemmer_known(analyser->uk);
    for (size_t i = 1; i < stemmer_count(analyser->uk) &&
                       analyser->stem_count < TOKEN_STEMS - 1;
         i++) {
        size_t stem_length;
        const char *text = stemmer_alternative(analyser->uk, i, &stem_length);
        if (text == NULL) {
            analyser->failed = true;
            return;
        }
        buf_add(stem_begin(analyser, false), text, stem_length);
        stem_end(analyser);
    }
}

uint32_t stems_of_word(struct analyser *analyser, const char *form,
                       size_t length, enum word_language language,
                       bool capitals)
{
    uint32_t rules = 0;
    enum word_language decided =
        language == WORD_UNDECIDED ? analyser->language : language;
    bool undecided = language == WORD_UNDECIDED;
    if (capitals && length <= ABBREVIATION_BYTES) {
        /* An abbreviation does not decline (НАТО), but a headline may be
         * all in capitals: both ways are open. */
        rules |= RULE_ABBREVIATION;
        add_whole(analyser, form, length);
    }
    switch (decided) {
    case WORD_EN:
        rules |= RULE_ENGLISH;
        add_stemmed(analyser, form, length, WORD_EN);
        break;
    case WORD_RU:
        rules |= RULE_RUSSIAN;
        if (undecided && analyser->mode == ANALYSE_QUERY) {
            add_ukrainian(analyser, form, length);
        }
        add_stemmed(analyser, form, length, WORD_RU);
        break;
    case WORD_UK:
    case WORD_UNDECIDED:
        rules |= strstr(form, "ґ") != NULL ? RULE_GHE : 0;
        add_ukrainian(analyser, form, length);
        if (undecided && analyser->mode == ANALYSE_QUERY) {
            add_stemmed(analyser, form, length, WORD_RU);
        }
        break;
    case WORD_OTHER:
        add_whole(analyser, form, length);
        break;
    }
    return rules;
}

/* ---- Sink ------------------------------------------------------------ */

bool token_emit(struct analyser *analyser, const struct token_span *span,
                const char *form, size_t form_length)
{
    struct token token = {
        .from = span->from,
        .to = span->to,
        .form = form,
        .form_length = form_length,
        .position = span->position,
        .width = span->width,
        .kind = span->kind,
        .rules = span->rules,
        .lexicon = analyser->lexicon,
    };
    for (size_t i = 0; i < analyser->stem_count; i++) {
        const struct buf *stem = &analyser->stems[i];
        token.stems[i] = (struct token_stem){.text = buf_text(stem),
                                             .length = stem->length,
                                             .russian = analyser->russian[i]};
    }
    token.stem_count = analyser->stem_count;
    analyser->rules = span->rules;
    if (analyser->failed || token.stem_count == 0) {
        return !analyser->failed;
    }
    return token_give(analyser, &token);
}

bool token_give(struct analyser *analyser, const struct token *token)
{
    if (analyser->sink(token, analyser->payload) != 0) {
        analyser->cancelled = true;
        return false;
    }
    return true;
}

void analyser_want(struct analyser *analyser, const uint32_t *positions,
                   size_t count, bool others)
{
    analyser->others = others;
    analyser->wanted = positions;
    analyser->wanted_end = positions + count;
}

enum shukach_status analyser_run(struct analyser *analyser,
                                 enum analyser_mode mode, const char *language,
                                 const char *text, size_t length,
                                 analyser_sink sink, void *payload,
                                 struct shukach_error *err)
{
    analyser->mode = mode;
    analyser->language = strcmp(language, "ru") == 0 ? WORD_RU : WORD_UK;
    analyser->text = text;
    analyser->length = length;
    analyser->sink = sink;
    analyser->payload = payload;
    analyser->position = 0;
    analyser->failed = false;
    analyser->cancelled = false;
    if (mode == ANALYSE_DOCUMENT && analyser->memo == NULL) {
        analyser->memo = memo_new();
        if (analyser->memo == NULL) {
            return error_nomem(err);
        }
    }
    bool done = tokenise(analyser);
    analyser->wanted = NULL;
    if (analyser->failed) {
        return error_nomem(err);
    }
    return done ? SHUKACH_OK
                : error_set(err, SHUKACH_CANCELLED, "stopped by the caller");
}
