/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that the library does, each as one function that frees what it made, says
 * with what status it ended, and digests what came back. */
#ifndef WORKS_H
#define WORKS_H

#include "api.h"

/* What came back, so far. */
static unsigned long digest;

static void take(const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++) {
        digest = digest * 31 + at[i];
    }
}

static void take_text(const char *text)
{
    take(text, strlen(text) + 1);
}

static void take_number(uint64_t number)
{
    take(&number, sizeof number);
}

/* ---- Without an index -----------------------------------------------------
 */

static int on_token(const struct shukach_token *token, void *payload)
{
    (void)payload;
    take_text(token->form);
    take_text(token->rules);
    for (size_t i = 0; i < token->stem_count; i++) {
        take_text(token->stems[i]);
    }
    for (size_t i = 0; i < token->name_count; i++) {
        take_text(token->names[i]);
    }
    return 0;
}

static enum shukach_status work_words(struct shukach_error *err)
{
    static const char text[] =
        "Зеленського і Zelensky бачили в Одесі з С-300; п’ятсот "
        "екс-президентів, running, ёлка, Μητσοτάκης, https://example.org/a";
    struct shukach_stemmer *stemmer = NULL;
    const char *stem;
    size_t length;
    enum shukach_status status = shukach_stemmer_new("uk", &stemmer, err);
    if (status == SHUKACH_OK) {
        status = shukach_stemmer_stem(stemmer, "розмову", strlen("розмову"),
                                      &stem, &length, err);
    }
    if (status == SHUKACH_OK) {
        take_text(stem);
        status = shukach_stemmer_analyse(stemmer, text, strlen(text), on_token,
                                         NULL, err);
    }
    shukach_stemmer_free(stemmer);
    return status;
}

static int on_document(const struct shukach_document *document, void *payload)
{
    size_t line;
    (void)payload;
    for (int i = 0; i < SHUKACH_FIELDS; i++) {
        take_text(shukach_document_get(document, (enum shukach_field)i, NULL));
    }
    take_text(shukach_document_origin(document, &line));
    return 0;
}

static int on_notice(enum shukach_reason reason, const char *name, size_t line,
                     const char *detail, void *payload)
{
    (void)payload;
    take_number(reason);
    take_text(name);
    take_number(line);
    take_text(detail);
    return 0;
}

/* Not of markup and old encodings: without memory libxml2 2.9.14 goes round for
 * ever, and ICU 72 frees what it has not made. */
static enum shukach_status work_inputs(struct shukach_error *err)
{
    struct shukach_reader *reader = NULL;
    enum shukach_status status = shukach_reader_new(&reader, err);
    if (status == SHUKACH_OK) {
        shukach_reader_set_on_document(reader, on_document, NULL);
        shukach_reader_set_on_notice(reader, on_notice, NULL);
        status = shukach_reader_read(reader, at("in", 0).text, err);
    }
    shukach_reader_free(reader);
    return status;
}

/* ---- Writing --------------------------------------------------------------
 */

enum { DOCUMENTS = 6 };

/* Sanitizers give up where a thread begins without memory. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { JOBS = 1 };
#else
enum { JOBS = 2 };
#endif

static enum shukach_status write_index(const char *dir, unsigned jobs,
                                       int version, struct shukach_error *err)
{
    struct shukach_indexer *indexer = NULL;
    enum shukach_status status = shukach_indexer_open(dir, &indexer, err);
    if (status == SHUKACH_OK) {
        shukach_indexer_set_jobs(indexer, jobs);
        status = add_all(indexer, DOCUMENTS, version, err);
    }
    if (status == SHUKACH_OK) {
        status = shukach_indexer_publish(indexer, err);
    }
    shukach_indexer_close(indexer);
    return status;
}

static enum shukach_status work_index(struct shukach_error *err)
{
    return write_index(at("work", 0).text, 1, 2, err);
}

static enum shukach_status work_index_by_two(struct shukach_error *err)
{
    return write_index(at("work", 0).text, JOBS, 2, err);
}

/* Replaces, adds, deletes and prunes, keeping the generation before. */
static enum shukach_status work_update(struct shukach_error *err)
{
    struct shukach_indexer *indexer = NULL;
    struct path file = at("file", 0);
    int unchanged;
    enum shukach_status status =
        shukach_indexer_open(at("work", 0).text, &indexer, err);
    if (status == SHUKACH_OK) {
        shukach_indexer_set_keep(indexer, 2);
        status = shukach_indexer_update(indexer, err);
    }
    if (status == SHUKACH_OK) {
        status = shukach_indexer_delete(indexer, "d5", 2, err);
    }
    if (status == SHUKACH_OK) {
        status = shukach_indexer_source(indexer, file.text, &unchanged, err);
    }
    if (status == SHUKACH_OK) {
        status = add_all(indexer, 2, 2, err);
    }
    if (status == SHUKACH_OK) {
        status = shukach_indexer_prune(indexer, file.text, err);
    }
    if (status == SHUKACH_OK) {
        status = shukach_indexer_publish(indexer, err);
    }
    shukach_indexer_close(indexer);
    return status;
}

static enum shukach_status work_rollback(struct shukach_error *err)
{
    return shukach_index_rollback(at("work", 0).text, err);
}

/* ---- Asking ---------------------------------------------------------------
 */

static void take_ranges(const struct shukach_range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        take_number(ranges[i].from);
        take_number(ranges[i].to);
    }
}

static void take_hit(const struct shukach_hits *hits, size_t i)
{
    size_t count;
    for (int field = 0; field < SHUKACH_FIELDS; field++) {
        take_text(shukach_hits_field(hits, i, (enum shukach_field)field, NULL));
    }
    take_text(shukach_hits_snippet(hits, i, NULL));
    const struct shukach_range *ranges =
        shukach_hits_snippet_ranges(hits, i, &count);
    take_ranges(ranges, count);
    ranges = shukach_hits_title_ranges(hits, i, &count);
    take_ranges(ranges, count);
    double score = shukach_hits_score(hits, i);
    take(&score, sizeof score);
    const struct shukach_part *parts = shukach_hits_parts(hits, i, &count);
    for (size_t k = 0; k < count; k++) {
        take(&parts[k].score, sizeof parts[k].score);
        for (size_t m = 0; m < parts[k].match_count; m++) {
            take_text(parts[k].matches[m].text);
            take_text(parts[k].matches[m].rules);
        }
    }
}

static void take_hits(const struct shukach_hits *hits)
{
    uint64_t lower;
    uint64_t upper;
    const char *notice;
    shukach_hits_total(hits, &lower, &upper);
    take_number(lower);
    take_number(upper);
    for (size_t i = 0; i < shukach_hits_count(hits); i++) {
        take_hit(hits, i);
    }
    for (size_t i = 0; (notice = shukach_hits_notice(hits, i)) != NULL; i++) {
        take_text(notice);
    }
    take_text(shukach_hits_suggestion(hits, NULL));
    for (int facet = 0; facet < SHUKACH_FACETS; facet++) {
        enum shukach_facet which = (enum shukach_facet)facet;
        for (size_t i = 0; i < shukach_hits_facet_count(hits, which); i++) {
            uint64_t documents;
            take_text(shukach_hits_facet(hits, which, i, &documents));
            take_number(documents);
        }
    }
}

static int on_hit(const struct shukach_hits *hit, void *payload)
{
    (void)payload;
    take_hit(hit, 0);
    return 0;
}

static int on_name(const struct shukach_name *name, void *payload)
{
    (void)payload;
    take_text(name->text);
    for (size_t i = 0; i < name->form_count; i++) {
        take_text(name->forms[i].text);
        take_number(name->forms[i].documents);
    }
    return 0;
}

static int on_form(const char *form, size_t length, uint64_t documents,
                   void *payload)
{
    (void)payload;
    take(form, length);
    take_number(documents);
    return 0;
}

static int on_fault(const char *name, const char *detail, void *payload)
{
    (void)payload;
    take_text(name);
    take_text(detail);
    return 0;
}

/* A query with everything that can be asked for. */
static enum shukach_status query_new(const char *text,
                                     struct shukach_query **out,
                                     struct shukach_error *err)
{
    enum shukach_status status =
        shukach_query_parse(text, strlen(text), SHUKACH_SYNTAX_FULL, out, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    shukach_query_set_fragments(*out, 2);
    shukach_query_set_suggest(*out, 1);
    shukach_query_set_explain(*out, 1);
    shukach_query_set_exact_total(*out, 1);
    for (int facet = 0; facet < SHUKACH_FACETS; facet++) {
        shukach_query_add_facet(*out, (enum shukach_facet)facet);
    }
    status = shukach_query_set_dates(*out, "2024", "2025", err);
    return status == SHUKACH_OK
               ? shukach_query_set_recent(*out, 30, "2024-06-01", err)
               : status;
}

/* Runs `work` with an index and a query. */
static enum shukach_status
with_query(const char *text,
           enum shukach_status (*work)(struct shukach_index *,
                                       const struct shukach_query *,
                                       struct shukach_error *),
           struct shukach_error *err)
{
    struct shukach_index *index = NULL;
    struct shukach_query *query = NULL;
    enum shukach_status status =
        shukach_index_open(at("base", 0).text, &index, err);
    if (status == SHUKACH_OK) {
        status = shukach_index_add_variants(index, at("file", 0).text, err);
    }
    if (status == SHUKACH_OK) {
        status = query_new(text, &query, err);
    }
    if (status == SHUKACH_OK) {
        status = work(index, query, err);
    }
    shukach_query_free(query);
    shukach_index_close(index);
    return status;
}

static enum shukach_status search(struct shukach_index *index,
                                  const struct shukach_query *query,
                                  struct shukach_error *err)
{
    struct shukach_hits *hits = NULL;
    enum shukach_status status = shukach_index_search(index, query, &hits, err);
    if (status == SHUKACH_OK) {
        take_hits(hits);
    }
    shukach_hits_free(hits);
    return status;
}

static enum shukach_status work_words_asked(struct shukach_error *err)
{
    return with_query("порти екс-президент Kovalenko^2 title:новини", search,
                      err);
}

static enum shukach_status work_operators(struct shukach_error *err)
{
    return with_query("(\"порт Одеси\" АБО порт NEAR/4 Коваленко) І =Одеси І "
                      "інж* НЕ річка source:джерело lang:uk "
                      "site:example.org",
                      search, err);
}

static enum shukach_status work_suggestion(struct shukach_error *err)
{
    return with_query("інжененка", search, err);
}

static enum shukach_status stream(struct shukach_index *index,
                                  const struct shukach_query *query,
                                  struct shukach_error *err)
{
    struct shukach_hits *hits = NULL;
    enum shukach_status status =
        shukach_index_stream(index, query, on_document, NULL, &hits, err);
    if (status == SHUKACH_OK) {
        take_hits(hits);
    }
    shukach_hits_free(hits);
    hits = NULL;
    if (status == SHUKACH_OK) {
        status =
            shukach_index_stream_hits(index, query, on_hit, NULL, &hits, err);
    }
    if (status == SHUKACH_OK) {
        take_hits(hits);
    }
    shukach_hits_free(hits);
    return status;
}

static enum shukach_status work_streams(struct shukach_error *err)
{
    return with_query("порт \"Одеса оглянула\"", stream, err);
}

static enum shukach_status list(struct shukach_index *index,
                                const struct shukach_query *query,
                                struct shukach_error *err)
{
    struct shukach_document *document = NULL;
    struct shukach_hits *hits = NULL;
    uint64_t read = 0;
    enum shukach_status status = shukach_index_names(
        index, query, 0, 0, on_name, NULL, &read, &hits, err);
    take_number(read);
    shukach_hits_free(hits);
    if (status == SHUKACH_OK) {
        status = shukach_index_names(index, NULL, 3, 1, on_name, NULL, NULL,
                                     NULL, err);
    }
    if (status == SHUKACH_OK) {
        status = shukach_index_complete(index, "Оде", strlen("Оде"), 10,
                                        on_form, NULL, err);
    }
    if (status == SHUKACH_OK) {
        status = shukach_index_document_open(index, "d3", 2, &document, err);
    }
    if (status == SHUKACH_OK) {
        on_document(document, NULL);
    }
    shukach_document_free(document);
    return status;
}

static enum shukach_status work_lists(struct shukach_error *err)
{
    return with_query("порт", list, err);
}

static int on_progress(uint64_t done, uint64_t total, void *payload)
{
    (void)done;
    (void)total;
    (void)payload;
    return 0;
}

/* Two indexes as one. */
static enum shukach_status work_several(struct shukach_error *err)
{
    struct path base = at("base", 0);
    struct path other = at("other", 0);
    const char *const dirs[] = {base.text, other.text};
    struct shukach_index *index = NULL;
    struct shukach_query *query = NULL;
    enum shukach_status status =
        shukach_index_open_several(dirs, 2, &index, err);
    if (status == SHUKACH_OK) {
        shukach_index_set_on_progress(index, on_progress, NULL);
        take_text(shukach_index_fact(index, "documents"));
        take_text(shukach_index_fact_of(index, 1, "documents"));
        status = query_new("порт -річка", &query, err);
    }
    if (status == SHUKACH_OK) {
        status = search(index, query, err);
    }
    if (status == SHUKACH_OK) {
        status = list(index, query, err);
    }
    shukach_query_free(query);
    shukach_index_close(index);
    return status;
}

/* As a writer does, but without memory. */
static void make_current(const char *generation)
{
    char fresh[128];
    char current[128];
    struct path dir = at("moving", 0);
    snprintf(fresh, sizeof fresh, "%.100s/fresh", dir.text);
    snprintf(current, sizeof current, "%.100s/current", dir.text);
    if (symlink(generation, fresh) != 0 || rename(fresh, current) != 0) {
        abort();
    }
}

static enum shukach_status work_refresh(struct shukach_error *err)
{
    struct shukach_index *index = NULL;
    struct shukach_query *query = NULL;
    int changed = 0;
    enum shukach_status status =
        shukach_index_open(at("moving", 0).text, &index, err);
    if (status == SHUKACH_OK) {
        make_current("gen-1");
        status = shukach_index_refresh(index, &changed, err);
        make_current("gen-2");
    }
    if (status == SHUKACH_OK) {
        take_number((uint64_t)changed);
        status = query_new("порт", &query, err);
    }
    if (status == SHUKACH_OK) {
        status = search(index, query, err);
    }
    shukach_query_free(query);
    shukach_index_close(index);
    return status;
}

static enum shukach_status work_verify(struct shukach_error *err)
{
    uint64_t faults = 0;
    enum shukach_status status =
        shukach_index_verify(at("base", 0).text, on_fault, NULL, &faults, err);
    take_number(faults);
    return status;
}

/* A correction cannot say that memory failed: there is none then. */
static enum shukach_status work_correct(struct shukach_error *err)
{
    static const char text[] = "порт \"зерновий";
    char out[100] = "";
    size_t length = shukach_query_correct(text, strlen(text), out, sizeof out);
    if (length == 0) {
        err->status = SHUKACH_NOMEM;
        snprintf(err->message, sizeof err->message, "no correction");
        return SHUKACH_NOMEM;
    }
    take_text(out);
    return SHUKACH_OK;
}

/* ---- All of them ----------------------------------------------------------
 */

static const struct work {
    const char *name;
    enum shukach_status (*run)(struct shukach_error *err);
    const char *begins; /* with a copy of this index, which it changes */
} works[] = {
    {"words", work_words, NULL},
    {"inputs", work_inputs, NULL},
    {"index", work_index, "base"},
    {"index by two", work_index_by_two, "base"},
    {"update", work_update, "base"},
    {"rollback", work_rollback, "kept"},
    {"words asked", work_words_asked, NULL},
    {"operators", work_operators, NULL},
    {"suggestion", work_suggestion, NULL},
    {"streams", work_streams, NULL},
    {"lists", work_lists, NULL},
    {"several", work_several, NULL},
    {"refresh", work_refresh, NULL},
    {"verify", work_verify, NULL},
    {"correct", work_correct, NULL},
};

#endif
