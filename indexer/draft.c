/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One document on its way into the segment: its terms, values, signature
 * and word forms. */
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
    struct draft *draft = payload;
    uint32_t weight = draft->title ? TITLE_COUNT : 1;
    if (is_listed(token)) {
        enum form_casing casing =
            casing_of(draft->text + token->from, token->to - token->from);
        buf_add_char(&draft->forms, (char)token->form_length);
        buf_add_char(&draft->forms, (char)casing);
        buf_add(&draft->forms, token->form, token->form_length);
    }
    for (size_t i = 0; i < token->stem_count; i++) {
        const struct token_stem *stem = &token->stems[i];
        terms_add(&draft->terms, prefix_of(stem), stem->text, stem->length,
                  weight);
        if (draft->title) {
            char prefix[8];
            snprintf(prefix, sizeof prefix, "%s%s", PREFIX_TITLE,
                     prefix_of(stem));
            terms_add(&draft->terms, prefix, stem->text, stem->length, 1);
        }
        struct signature_token next =
            signature_of(stem->text, stem->length, stem->russian, token->form,
                         token->form_length);
        next.title = draft->title;
        next.position = draft->base_position + token->position;
        signature_add(&draft->signature, &next,
                      draft->any ? &draft->last : NULL);
        draft->last = next;
        draft->any = true;
    }
    draft->tokens++;
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

static enum shukach_status add_filters(struct draft *draft,
                                       struct analyser *analyser,
                                       struct shukach_error *err)
{
    const char *const *fields = draft->fields;
    const size_t *lengths = draft->lengths;
    static const struct {
        enum shukach_field field;
        const char *prefix;
    } analysed[] = {{SHUKACH_SOURCE, PREFIX_SOURCE},
                    {SHUKACH_AUTHOR, PREFIX_AUTHOR}};
    struct terms *terms = &draft->terms;
    terms_add(terms, PREFIX_ID, fields[SHUKACH_ID], lengths[SHUKACH_ID], 0);
    terms_add(terms, PREFIX_LANGUAGE, fields[SHUKACH_LANG],
              lengths[SHUKACH_LANG], 0);
    add_hosts(terms, fields[SHUKACH_URL], lengths[SHUKACH_URL]);
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; i < 2 && status == SHUKACH_OK; i++) {
        enum shukach_field field = analysed[i].field;
        struct filter filter = {terms, analysed[i].prefix};
        status = analyser_run(analyser, ANALYSE_DOCUMENT, "uk", fields[field],
                              lengths[field], on_filter_token, &filter, err);
    }
    return status;
}

/* Terms and signature of title and text. */
static enum shukach_status add_text(struct draft *draft,
                                    struct analyser *analyser,
                                    struct shukach_error *err)
{
    const char *const *fields = draft->fields;
    const size_t *lengths = draft->lengths;
    static const enum shukach_field order[] = {SHUKACH_TITLE, SHUKACH_TEXT};
    buf_reset(&draft->signature);
    draft->any = false;
    draft->base_position = 0;
    for (size_t i = 0; i < 2; i++) {
        enum shukach_field field = order[i];
        draft->title = field == SHUKACH_TITLE;
        draft->text = fields[field];
        enum shukach_status status =
            analyser_run(analyser, ANALYSE_DOCUMENT, fields[SHUKACH_LANG],
                         fields[field], lengths[field], on_token, draft, err);
        if (status != SHUKACH_OK) {
            return status;
        }
        if (draft->any) {
            draft->base_position = draft->last.position + 1 + SIGNATURE_GAP;
        }
    }
    return SHUKACH_OK;
}

/* The value of SLOT_DATE. */
static size_t date_value(const struct date *date, char out[32])
{
    int length =
        snprintf(out, 32, "%04u%02u%02u", date->year, date->month, date->day);
    if (date->hour != 0 || date->minute != 0 || date->second != 0) {
        length += snprintf(out + length, 32 - (size_t)length, "T%02u%02u%02u",
                           date->hour, date->minute, date->second);
    }
    return (size_t)length;
}

/* ---- The draft ---------------------------------------------------------- */

/* After a huge document its memory is given back. */
#define KEPT ((size_t)1 << 20)

enum shukach_status draft_new(struct draft **out, struct shukach_error *err)
{
    struct draft *draft = calloc(1, sizeof *draft);
    *out = draft;
    if (draft == NULL) {
        return error_nomem(err);
    }
    buf_init(&draft->copy, SIZE_MAX / 2);
    buf_init(&draft->forms, SIZE_MAX / 2);
    buf_init(&draft->signature, SIZE_MAX / 2);
    buf_init(&draft->record, SIZE_MAX / 2);
    return SHUKACH_OK;
}

void draft_free(struct draft *draft)
{
    if (draft == NULL) {
        return;
    }
    arena_free(&draft->arena);
    terms_free(&draft->terms);
    buf_free(&draft->copy);
    buf_free(&draft->forms);
    buf_free(&draft->signature);
    buf_free(&draft->record);
    free(draft);
}

static void begin(struct buf *buf)
{
    if (buf->capacity > KEPT) {
        size_t max = buf->max;
        buf_free(buf);
        buf_init(buf, max);
    }
    buf_reset(buf);
}

enum shukach_status draft_set(struct draft *draft, const char *const *fields,
                              const size_t *lengths, struct shukach_error *err)
{
    begin(&draft->copy);
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        buf_add(&draft->copy, fields[i], lengths[i]);
        buf_add_char(&draft->copy, '\0');
    }
    if (draft->copy.failed != SHUKACH_OK) {
        return error_nomem(err);
    }
    const char *at = draft->copy.data;
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        draft->fields[i] = at;
        draft->lengths[i] = lengths[i];
        at += lengths[i] + 1;
    }
    return SHUKACH_OK;
}

enum shukach_status draft_analyse(struct draft *draft,
                                  struct analyser *analyser,
                                  struct shukach_error *err)
{
    begin(&draft->forms);
    begin(&draft->signature);
    draft->tokens = 0;
    arena_reset(&draft->arena);
    terms_begin(&draft->terms, &draft->arena);
    enum shukach_status status = add_text(draft, analyser, err);
    if (status == SHUKACH_OK) {
        status = add_filters(draft, analyser, err);
    }
    if (status == SHUKACH_OK &&
        (draft->terms.failed || draft->signature.failed != SHUKACH_OK ||
         draft->forms.failed != SHUKACH_OK)) {
        status = error_nomem(err);
    }
    return status;
}

enum shukach_status draft_pack(struct draft *draft,
                               const struct segment_writer *segment,
                               struct record_packer *packer,
                               struct shukach_error *err)
{
    begin(&draft->record);
    return segment_pack(segment, packer, &draft->signature, draft->fields,
                        draft->lengths, &draft->record, err);
}

static size_t values_of(const struct draft *draft, char date_text[32],
                        struct store_value *values)
{
    static const struct {
        uint32_t slot;
        enum shukach_field field;
    } slots[DRAFT_VALUES - 1] = {{SLOT_LANGUAGE, SHUKACH_LANG},
                                 {SLOT_SOURCE, SHUKACH_SOURCE},
                                 {SLOT_AUTHOR, SHUKACH_AUTHOR}};
    struct date date;
    size_t count = 0;
    if (date_parse(draft->fields[SHUKACH_DATE], draft->lengths[SHUKACH_DATE],
                   &date) &&
        date.year != 0) {
        values[count++] = (struct store_value){
            .slot = SLOT_DATE,
            .length = (uint32_t)date_value(&date, date_text),
            .data = date_text};
    }
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        size_t length = draft->lengths[slots[i].field];
        if (length > 0 && length <= FACET_MAX) {
            values[count++] =
                (struct store_value){.slot = slots[i].slot,
                                     .length = (uint32_t)length,
                                     .data = draft->fields[slots[i].field]};
        }
    }
    return count;
}

enum shukach_status draft_write(const struct draft *draft,
                                struct segment_writer *segment,
                                struct shukach_error *err)
{
    for (size_t at = 0; at < draft->forms.length;) {
        size_t length = (unsigned char)draft->forms.data[at];
        segment_form(segment, draft->forms.data + at + 2, length,
                     (enum form_casing)draft->forms.data[at + 1]);
        at += 2 + length;
    }
    char date_text[32];
    struct store_value values[DRAFT_VALUES];
    struct store_document document = {
        .terms = draft->terms.items,
        .term_count = draft->terms.count,
        .values = values,
        .value_count = values_of(draft, date_text, values),
        .signature = &draft->signature,
        .fields = draft->fields,
        .lengths = draft->lengths,
        .packed = &draft->record,
    };
    return segment_add(segment, &document, err);
}
