/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stemming and analysis for users of the library (shukach_stemmer_*). */
#include "analyser.h"

#include <unicode/uchar.h>

#define WORD_MAX 4096
/* Composition at most triples a word, and ideographs get spaces between. */
#define STEM_MAX ((size_t)8 * WORD_MAX)

struct shukach_stemmer {
    struct analyser *analyser;
    const char *language;
    /* The last stem, and the normal form it stands for. */
    struct buf stem;
    struct buf form;
};

enum shukach_status shukach_stemmer_new(const char *language,
                                        struct shukach_stemmer **out,
                                        struct shukach_error *err)
{
    static const char *const languages[] = {"uk", "ru", "en"};
    const char *known = NULL;
    for (size_t i = 0; language != NULL && i < 3; i++) {
        known = strcmp(language, languages[i]) == 0 ? languages[i] : known;
    }
    *out = NULL;
    if (known == NULL) {
        return error_set(err, SHUKACH_INVALID,
                         "there is no stemmer for the language \"%s\"; the "
                         "languages are uk, ru and en",
                         language == NULL ? "" : language);
    }
    struct shukach_stemmer *stemmer = calloc(1, sizeof *stemmer);
    if (stemmer == NULL) {
        return error_nomem(err);
    }
    stemmer->language = known;
    buf_init(&stemmer->stem, STEM_MAX);
    buf_init(&stemmer->form, STEM_MAX);
    enum shukach_status status = analyser_new(&stemmer->analyser, err);
    if (status != SHUKACH_OK) {
        free(stemmer);
        return status;
    }
    *out = stemmer;
    return SHUKACH_OK;
}

void shukach_stemmer_free(struct shukach_stemmer *stemmer)
{
    if (stemmer != NULL) {
        analyser_free(stemmer->analyser);
        buf_free(&stemmer->stem);
        buf_free(&stemmer->form);
        free(stemmer);
    }
}

/* The stem of a text that is one word; of any other the normal form, its
 * words with a space between. */
struct single {
    struct shukach_stemmer *stemmer;
    size_t words;
    uint32_t covered; /* positions below it belong to a whole */
};

static int on_single(const struct token *token, void *payload)
{
    struct single *single = payload;
    if (token->position < single->covered) {
        return 0;
    }
    single->covered = token->position + token->width;
    struct shukach_stemmer *stemmer = single->stemmer;
    if (++single->words > 1) {
        buf_add_char(&stemmer->form, ' ');
    }
    buf_add(&stemmer->form, token->form, token->form_length);
    /* Of an abbreviation the stem comes after the unchanged form. */
    const struct token_stem *stem =
        &token->stems[(token->rules & RULE_ABBREVIATION) != 0 &&
                              token->stem_count > 1
                          ? 1
                          : 0];
    buf_reset(&stemmer->stem);
    buf_add(&stemmer->stem, stem->text, stem->length);
    return 0;
}

static enum shukach_status check_text(const char *text, size_t length,
                                      struct shukach_error *err)
{
    size_t bad;
    if (!utf8_valid(text, length, &bad)) {
        return error_at(err, SHUKACH_ENCODING, bad,
                        "not valid UTF-8 at byte %zu", bad);
    }
    return SHUKACH_OK;
}

enum shukach_status shukach_stemmer_stem(struct shukach_stemmer *stemmer,
                                         const char *word, size_t length,
                                         const char **stem, size_t *stem_length,
                                         struct shukach_error *err)
{
    struct single single = {.stemmer = stemmer};
    if (length > WORD_MAX) {
        return error_set(err, SHUKACH_LIMIT, "a word is over %d bytes",
                         WORD_MAX);
    }
    enum shukach_status status = check_text(word, length, err);
    buf_reset(&stemmer->form);
    if (status == SHUKACH_OK) {
        status =
            analyser_run(stemmer->analyser, ANALYSE_DOCUMENT, stemmer->language,
                         word, length, on_single, &single, err);
    }
    const struct buf *out = single.words == 1 ? &stemmer->stem : &stemmer->form;
    if (status == SHUKACH_OK && out->failed != SHUKACH_OK) {
        return error_nomem(err);
    }
    *stem = buf_text(out);
    *stem_length = out->length;
    return status;
}

struct forward {
    const char *text;
    shukach_on_token callback;
    void *payload;
};

bool names_capital(const struct token *token, const char *text)
{
    uint32_t code = 0;
    (void)utf8_decode(text + token->from, token->to - token->from, &code);
    return u_isupper((UChar32)code) != 0;
}

bool names_may_be(const struct token *token, const char *text)
{
    uint32_t code = 0;
    uint32_t rules = RULE_NUMBER | RULE_DATE | RULE_HOST | RULE_INITIALS;
    (void)utf8_decode(text + token->from, token->to - token->from, &code);
    return (token->rules & rules) == 0 &&
           (names_capital(token, text) ||
            ublock_getCode((UChar32)code) <= UBLOCK_LATIN_EXTENDED_B);
}

static int on_token(const struct token *token, void *payload)
{
    const struct forward *forward = payload;
    const char *stems[TOKEN_STEMS];
    const char *names[NAME_KEYS];
    struct name_keys keys = {.count = 0};
    char rules[RULES_TEXT];
    if (names_may_be(token, forward->text)) {
        names_keys(token->form, token->form_length,
                   (token->rules & RULE_ABBREVIATION) != 0, &keys);
    }
    for (size_t i = 0; i < keys.count; i++) {
        names[i] = keys.keys[i];
    }
    for (size_t i = 0; i < token->stem_count; i++) {
        stems[i] = token->stems[i].text;
    }
    analyser_rules(token->rules, rules);
    struct shukach_token out = {
        .from = token->from,
        .to = token->to,
        .form = token->form,
        .stem = stems[0],
        .stems = stems,
        .stem_count = token->stem_count,
        .position = token->position,
        .rules = rules,
        .names = names,
        .name_count = keys.count,
    };
    return forward->callback(&out, forward->payload);
}

enum shukach_status shukach_stemmer_analyse(struct shukach_stemmer *stemmer,
                                            const char *text, size_t length,
                                            shukach_on_token callback,
                                            void *payload,
                                            struct shukach_error *err)
{
    enum shukach_status status = check_text(text, length, err);
    struct forward forward = {text, callback, payload};
    return status == SHUKACH_OK
               ? analyser_run(stemmer->analyser, ANALYSE_DOCUMENT,
                              stemmer->language, text, length, on_token,
                              &forward, err)
               : status;
}
