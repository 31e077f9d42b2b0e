/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One document into the segment being written: its terms, values, signature
 * and fields. */
#include "indexer.h"

#include "schema.h"

/* A longer source or author is not counted by facets. */
#define FACET_MAX 1000

/* How often a word of the title counts in the document (docs/ranking.md). */
#define TITLE_COUNT 2

static const char *prefix_of(const struct token_stem *stem)
{
    return stem->russian ? PREFIX_RUSSIAN : "";
}

/* Whether a form is listed: a word. Numbers have no letter, and all letters
 * but those of ASCII are bytes from 0x80 on. Addresses are found by their
 * words. Initials are left out: У.С.А. has the form of уса but not its stem. */
static bool is_listed(const struct token *token)
{
    if (token->form_length > FORM_BYTES ||
        (token->rules & (RULE_HOST | RULE_INITIALS)) != 0) {
        return false;
    }
    for (size_t i = 0; i < token->form_length; i++) {
        unsigned char c = (unsigned char)token->form[i];
        if (c >= 0x80 || (c >= 'a' && c <= 'z')) {
            return true;
        }
    }
    return false;
}

/* A word of title or text: its form, its terms and its signature. */
static int on_token(const struct token *token, void *payload)
{
    struct shukach_indexer *indexer = payload;
    uint32_t weight = indexer->title ? TITLE_COUNT : 1;
    if (is_listed(token)) {
        segment_form(
            indexer->segment, token->form, token->form_length,
            casing_of(indexer->text + token->from, token->to - token->from));
    }
    for (size_t i = 0; i < token->stem_count; i++) {
        const struct token_stem *stem = &token->stems[i];
        terms_add(&indexer->terms, prefix_of(stem), stem->text, stem->length,
                  weight);
        if (indexer->title) {
            char prefix[8];
            snprintf(prefix, sizeof prefix, "%s%s", PREFIX_TITLE,
                     prefix_of(stem));
            terms_add(&indexer->terms, prefix, stem->text, stem->length, 1);
        }
        struct signature_token next =
            signature_of(stem->text, stem->length, stem->russian, token->form,
                         token->form_length);
        next.title = indexer->title;
        next.position = indexer->base_position + token->position;
        signature_add(&indexer->signature, &next,
                      indexer->any ? &indexer->last : NULL);
        indexer->last = next;
        indexer->any = true;
    }
    indexer->tokens++;
    return 0;
}

/* A word of a filter field. */
struct filter {
    struct terms *terms;
    const char *prefix;
};

static int on_filter_token(const struct token *token, void *payload)
{
    const struct filter *filter = payload;
    for (size_t i = 0; i < token->stem_count; i++) {
        const struct token_stem *stem = &token->stems[i];
        char prefix[8];
        snprintf(prefix, sizeof prefix, "%s%s", filter->prefix,
                 prefix_of(stem));
        terms_add(filter->terms, prefix, stem->text, stem->length, 0);
    }
    return 0;
}

/* The host of an URL and the domains above it: a.b.ua, b.ua, ua. */
static void add_hosts(struct terms *terms, const char *url, size_t length)
{
    const char *at = memmem(url, length, "://", 3);
    at = at == NULL ? url : at + 3;
    size_t left = length - (size_t)(at - url);
    const char *user = memchr(at, '@', left);
    size_t size = strcspn(at, "/?#");
    if (user != NULL && user < at + size) {
        size -= (size_t)(user + 1 - at);
        at = user + 1;
    }
    const char *port = memchr(at, ':', size);
    size = port != NULL ? (size_t)(port - at) : size;
    char host[256];
    if (size == 0 || size >= sizeof host) {
        return;
    }
    for (size_t i = 0; i < size; i++) {
        char c = at[i];
        host[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    for (size_t from = 0; from < size; from++) {
        if (from == 0 || host[from - 1] == '.') {
            terms_add(terms, PREFIX_HOST, host + from, size - from, 0);
        }
    }
}

static enum shukach_status add_filters(struct shukach_indexer *indexer,
                                       const char *const *fields,
                                       const size_t *lengths,
                                       struct shukach_error *err)
{
    static const struct {
        enum shukach_field field;
        const char *prefix;
    } analysed[] = {{SHUKACH_SOURCE, PREFIX_SOURCE},
                    {SHUKACH_AUTHOR, PREFIX_AUTHOR}};
    struct terms *terms = &indexer->terms;
    terms_add(terms, PREFIX_ID, fields[SHUKACH_ID], lengths[SHUKACH_ID], 0);
    terms_add(terms, PREFIX_LANGUAGE, fields[SHUKACH_LANG],
              lengths[SHUKACH_LANG], 0);
    add_hosts(terms, fields[SHUKACH_URL], lengths[SHUKACH_URL]);
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; i < 2 && status == SHUKACH_OK; i++) {
        enum shukach_field field = analysed[i].field;
        struct filter filter = {terms, analysed[i].prefix};
        status = analyser_run(indexer->analyser, ANALYSE_DOCUMENT, "uk",
                              fields[field], lengths[field], on_filter_token,
                              &filter, err);
    }
    return status;
}

/* Terms and signature of title and text. */
static enum shukach_status add_text(struct shukach_indexer *indexer,
                                    const char *const *fields,
                                    const size_t *lengths,
                                    struct shukach_error *err)
{
    static const enum shukach_field order[] = {SHUKACH_TITLE, SHUKACH_TEXT};
    buf_reset(&indexer->signature);
    indexer->any = false;
    indexer->base_position = 0;
    for (size_t i = 0; i < 2; i++) {
        enum shukach_field field = order[i];
        indexer->title = field == SHUKACH_TITLE;
        indexer->text = fields[field];
        enum shukach_status status = analyser_run(
            indexer->analyser, ANALYSE_DOCUMENT, fields[SHUKACH_LANG],
            fields[field], lengths[field], on_token, indexer, err);
        if (status != SHUKACH_OK) {
            return status;
        }
        if (indexer->any) {
            indexer->base_position = indexer->last.position + 1 + SIGNATURE_GAP;
        }
    }
    return SHUKACH_OK;
}

/* The value of SLOT_DATE; 0 if there is no date. */
static size_t date_value(const struct date *date, char out[32])
{
    if (date->year == 0) {
        return 0;
    }
    int length =
        snprintf(out, 32, "%04u%02u%02u", date->year, date->month, date->day);
    if (date->hour != 0 || date->minute != 0 || date->second != 0) {
        length += snprintf(out + length, 32 - (size_t)length, "T%02u%02u%02u",
                           date->hour, date->minute, date->second);
    }
    return (size_t)length;
}

enum shukach_status write_document(struct shukach_indexer *indexer,
                                   const char *const *fields,
                                   const size_t *lengths,
                                   struct shukach_error *err)
{
    struct date date;
    if (!date_parse(fields[SHUKACH_DATE], lengths[SHUKACH_DATE], &date)) {
        date = (struct date){0};
    }
    arena_reset(&indexer->arena);
    terms_begin(&indexer->terms, &indexer->arena);
    enum shukach_status status = add_text(indexer, fields, lengths, err);
    if (status == SHUKACH_OK) {
        status = add_filters(indexer, fields, lengths, err);
    }
    if (status != SHUKACH_OK) {
        return status;
    }
    if (indexer->terms.failed || indexer->signature.failed != SHUKACH_OK) {
        return error_nomem(err);
    }
    static const struct {
        uint32_t slot;
        enum shukach_field field;
    } slots[] = {{SLOT_LANGUAGE, SHUKACH_LANG},
                 {SLOT_SOURCE, SHUKACH_SOURCE},
                 {SLOT_AUTHOR, SHUKACH_AUTHOR}};
    char text[32];
    struct store_value values[1 + sizeof slots / sizeof *slots] = {
        {.slot = SLOT_DATE, .data = text}};
    values[0].length = (uint32_t)date_value(&date, text);
    size_t count = values[0].length > 0 ? 1 : 0;
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        size_t length = lengths[slots[i].field];
        if (length > 0 && length <= FACET_MAX) {
            values[count++] =
                (struct store_value){.slot = slots[i].slot,
                                     .length = (uint32_t)length,
                                     .data = fields[slots[i].field]};
        }
    }
    struct store_document document = {
        .terms = indexer->terms.items,
        .term_count = indexer->terms.count,
        .values = values,
        .value_count = count,
        .signature = &indexer->signature,
        .fields = fields,
        .lengths = lengths,
    };
    return segment_add(indexer->segment, &document, err);
}
