/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer.h"

#include "analyser.h"
#include "reader.h"
#include "schema.h"

#define ID_MAX 1000
#define TEXT_MAX ((size_t)1 << 30)
#define REST_MAX ((size_t)64 << 20) /* all other fields */
/* 3 bytes a token and its marks: text of one-letter words at the most. */
#define SIGNATURE_MAX (4 * TEXT_MAX)

/* A longer source or author is not counted by facets. */
#define FACET_MAX 1000

/* How often a word of the title counts in the document (docs/ranking.md). */
#define TITLE_COUNT 2

static const char *const languages[] = {"uk", "ru", "en", "other"};
#define LANGUAGES (sizeof languages / sizeof *languages)

struct shukach_indexer {
    struct generation *generation;
    struct segment_writer *segment;
    struct analyser *analyser;
    struct names *names;
    struct ids ids;
    uint64_t documents;
    uint64_t tokens;
    uint64_t by_language[LANGUAGES];
    bool broken; /* a failure that cannot be gone on after */

    /* The document at work. */
    struct arena arena;
    struct terms terms;
    struct buf signature;
    struct signature_token last;
    bool any; /* `last` is set */
    bool title;
    const char *text; /* of the field */
    uint32_t base;    /* the position of the field's first word */
};

enum shukach_status shukach_indexer_open(const char *dir,
                                         struct shukach_indexer **out,
                                         struct shukach_error *err)
{
    if (dir == NULL || *dir == '\0' || out == NULL) {
        return error_set(err, SHUKACH_INVALID, "no directory was named");
    }
    *out = NULL;
    struct shukach_indexer *indexer = calloc(1, sizeof *indexer);
    if (indexer == NULL) {
        return error_nomem(err);
    }
    buf_init(&indexer->signature, SIGNATURE_MAX);
    enum shukach_status status =
        generation_begin(dir, &indexer->generation, err);
    if (status == SHUKACH_OK) {
        status = segment_create(generation_segment(indexer->generation),
                                &segment_defaults, &indexer->segment, err);
    }
    if (status == SHUKACH_OK) {
        status = analyser_new(&indexer->analyser, err);
    }
    if (status == SHUKACH_OK) {
        status = names_new(&indexer->names, err);
    }
    if (status != SHUKACH_OK) {
        shukach_indexer_close(indexer);
        return status;
    }
    *out = indexer;
    return SHUKACH_OK;
}

void shukach_indexer_close(struct shukach_indexer *indexer)
{
    if (indexer == NULL) {
        return;
    }
    segment_close(indexer->segment);
    generation_end(indexer->generation);
    analyser_free(indexer->analyser);
    names_free(indexer->names);
    ids_free(&indexer->ids);
    terms_free(&indexer->terms);
    arena_free(&indexer->arena);
    buf_free(&indexer->signature);
    free(indexer);
}

uint64_t shukach_indexer_count(const struct shukach_indexer *indexer)
{
    return indexer->documents;
}

/* ---- One document ---------------------------------------------------- */

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
        next.position = indexer->base + token->position;
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
    indexer->base = 0;
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
            indexer->base = indexer->last.position + 1 + SIGNATURE_GAP;
        }
    }
    return SHUKACH_OK;
}

/* How many bytes of a text a message shows: at most `most`, and no part of
 * a character. */
static int shown(const char *text, size_t length, size_t most)
{
    return (int)(length <= most ? length : utf8_floor(text, most));
}

static enum shukach_status check(const char *const *fields,
                                 const size_t *lengths, struct date *date,
                                 struct shukach_error *err)
{
    if (lengths[SHUKACH_ID] == 0 || lengths[SHUKACH_TEXT] == 0) {
        return error_set(err, SHUKACH_INVALID, "a document needs %s",
                         lengths[SHUKACH_ID] == 0 ? "an id" : "a text");
    }
    if (lengths[SHUKACH_ID] > ID_MAX || lengths[SHUKACH_TEXT] > TEXT_MAX) {
        return error_set(err, SHUKACH_LIMIT,
                         "the document's %s is too long: at most %zu bytes",
                         lengths[SHUKACH_ID] > ID_MAX ? "id" : "text",
                         lengths[SHUKACH_ID] > ID_MAX ? (size_t)ID_MAX
                                                      : TEXT_MAX);
    }
    size_t rest = 0;
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        rest += i == SHUKACH_TEXT ? 0 : lengths[i];
    }
    if (rest > REST_MAX) {
        return error_set(err, SHUKACH_LIMIT,
                         "the document's fields besides the text are too "
                         "long: at most %zu bytes",
                         REST_MAX);
    }
    if (!date_parse(fields[SHUKACH_DATE], lengths[SHUKACH_DATE], date)) {
        *date = (struct date){0};
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

static void count_language(struct shukach_indexer *indexer,
                           const char *language)
{
    size_t i = 0;
    while (i < LANGUAGES - 1 && strcmp(language, languages[i]) != 0) {
        i++;
    }
    indexer->by_language[i]++;
}

static enum shukach_status write_document(struct shukach_indexer *indexer,
                                          const char *const *fields,
                                          const size_t *lengths,
                                          const struct date *date,
                                          struct shukach_error *err)
{
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
    values[0].length = (uint32_t)date_value(date, text);
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

enum shukach_status shukach_indexer_add(struct shukach_indexer *indexer,
                                        const struct shukach_document *document,
                                        struct shukach_error *err)
{
    if (indexer == NULL || document == NULL || indexer->broken) {
        return error_set(err, SHUKACH_INVALID,
                         "nothing can be added to this indexer");
    }
    const char *fields[SHUKACH_FIELDS];
    size_t lengths[SHUKACH_FIELDS];
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        fields[i] =
            shukach_document_get(document, (enum shukach_field)i, &lengths[i]);
    }
    struct date date;
    enum shukach_status status = check(fields, lengths, &date, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    bool fresh;
    status = ids_add(&indexer->ids, fields[SHUKACH_ID], lengths[SHUKACH_ID],
                     &fresh, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    if (!fresh) {
        return error_set(err, SHUKACH_DUPLICATE,
                         "a document with the id \"%.*s\" is there already",
                         shown(fields[SHUKACH_ID], lengths[SHUKACH_ID], 200),
                         fields[SHUKACH_ID]);
    }
    if (lengths[SHUKACH_LANG] == 0) {
        fields[SHUKACH_LANG] =
            language_detect(fields[SHUKACH_TEXT], lengths[SHUKACH_TEXT]);
        lengths[SHUKACH_LANG] = strlen(fields[SHUKACH_LANG]);
    }
    status = write_document(indexer, fields, lengths, &date, err);
    indexer->broken = status != SHUKACH_OK;
    if (status == SHUKACH_OK) {
        indexer->documents++;
        count_language(indexer, fields[SHUKACH_LANG]);
    }
    return status;
}

/* ---- Publishing ------------------------------------------------------ */

static enum shukach_status set_facts(const struct shukach_indexer *indexer,
                                     struct manifest *manifest,
                                     struct shukach_error *err)
{
    char created[32];
    char documents[24];
    char tokens[24];
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", &utc);
    snprintf(documents, sizeof documents, "%llu",
             (unsigned long long)indexer->documents);
    snprintf(tokens, sizeof tokens, "%llu",
             (unsigned long long)indexer->tokens);
    const struct {
        const char *name;
        const char *value;
    } facts[] = {
        {FACT_SCHEMA, SCHEMA_VERSION},      {FACT_ANALYSER, ANALYSER_VERSION},
        {FACT_UNICODE, analyser_unicode()}, {FACT_CREATED, created},
        {FACT_DOCUMENTS, documents},        {FACT_TOKENS, tokens},
    };
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        if (status == SHUKACH_OK) {
            status = manifest_set(manifest, facts[i].name, facts[i].value, err);
        }
    }
    for (size_t i = 0; i < LANGUAGES && status == SHUKACH_OK; i++) {
        char name[32];
        char value[24];
        snprintf(name, sizeof name, FACT_LANGUAGE "%s", languages[i]);
        snprintf(value, sizeof value, "%llu",
                 (unsigned long long)indexer->by_language[i]);
        status = manifest_set(manifest, name, value, err);
    }
    return status;
}

/* Forms that are mostly written small are no names, unless they are Latin or
 * have digits. */
static void add_names(struct segment_writer *writer, const struct form *form,
                      void *payload)
{
    const struct shukach_indexer *indexer = payload;
    struct name_keys keys;
    unsigned char first = (unsigned char)form->text[0];
    bool latin = first < 0xcd; /* Greek begins there, then Cyrillic */
    if (form->casing == FORM_SMALL && !latin &&
        strpbrk(form->text, "0123456789") == NULL) {
        return;
    }
    names_keys(indexer->names, form->text, form->length,
               form->casing == FORM_CAPITALS, &keys);
    for (size_t i = 0; i < keys.count; i++) {
        segment_name(writer, keys.keys[i], form);
    }
}

enum shukach_status shukach_indexer_publish(struct shukach_indexer *indexer,
                                            struct shukach_error *err)
{
    if (indexer == NULL || indexer->broken) {
        return error_set(err, SHUKACH_INVALID,
                         "this indexer cannot be published");
    }
    indexer->broken = true;
    struct manifest *manifest = NULL;
    enum shukach_status status =
        segment_finish(indexer->segment, add_names, indexer, err);
    if (status == SHUKACH_OK) {
        status = manifest_new(&manifest, err);
    }
    if (status == SHUKACH_OK) {
        status = set_facts(indexer, manifest, err);
    }
    if (status == SHUKACH_OK) {
        status = generation_publish(indexer->generation, manifest, err);
    }
    manifest_free(manifest);
    return status;
}
