/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An index open for searching. */
#include "index.h"

#include "schema.h"

enum shukach_status shukach_index_open(const char *dir,
                                       struct shukach_index **out,
                                       struct shukach_error *err)
{
    if (dir == NULL || *dir == '\0' || out == NULL) {
        return error_set(err, SHUKACH_INVALID, "no directory was named");
    }
    *out = NULL;
    struct shukach_index *index = calloc(1, sizeof *index);
    if (index == NULL) {
        return error_nomem(err);
    }
    enum shukach_status status = store_reader_open(dir, &index->store, err);
    if (status == SHUKACH_OK) {
        const char *made = manifest_fact(index->store->manifest, FACT_ANALYSER);
        if (strcmp(made, ANALYSER_VERSION) != 0) {
            status = error_set(err, SHUKACH_VERSION,
                               "the index in %s was made by analyser %s, this "
                               "shukach has %s; rebuild the index",
                               dir, made, ANALYSER_VERSION);
        }
    }
    if (status == SHUKACH_OK) {
        status = analyser_new(&index->analyser, err);
    }
    if (status != SHUKACH_OK) {
        shukach_index_close(index);
        return status;
    }
    snprintf(index->segments, sizeof index->segments, "%zu",
             index->store->segment_count);
    snprintf(index->bytes, sizeof index->bytes, "%llu",
             (unsigned long long)manifest_bytes(index->store->manifest));
    *out = index;
    return SHUKACH_OK;
}

void shukach_index_close(struct shukach_index *index)
{
    if (index == NULL) {
        return;
    }
    store_reader_close(index->store);
    analyser_free(index->analyser);
    alternatives_free(index->alternatives);
    free(index);
}

enum shukach_status shukach_index_add_variants(struct shukach_index *index,
                                               const char *path,
                                               struct shukach_error *err)
{
    if (index == NULL || path == NULL) {
        return error_set(err, SHUKACH_INVALID, "no index or file was named");
    }
    return alternatives_add(&index->alternatives, path, err);
}

uint64_t shukach_index_count(const struct shukach_index *index)
{
    return index->store->dead.documents - index->store->dead.count;
}

const char *shukach_index_fact(const struct shukach_index *index,
                               const char *name)
{
    if (strcmp(name, "generation") == 0) {
        return index->store->name;
    }
    if (strcmp(name, "bytes") == 0) {
        return index->bytes;
    }
    if (strcmp(name, "segments") == 0) {
        return index->segments;
    }
    return manifest_fact(index->store->manifest, name);
}

enum shukach_status shukach_index_verify(const char *dir,
                                         shukach_on_fault callback,
                                         void *payload, uint64_t *faults,
                                         struct shukach_error *err)
{
    if (dir == NULL || callback == NULL || faults == NULL) {
        return error_set(err, SHUKACH_INVALID,
                         "no directory or callback was named");
    }
    return store_check(dir, callback, payload, faults, err);
}

enum shukach_status shukach_index_rollback(const char *dir,
                                           struct shukach_error *err)
{
    return dir == NULL || *dir == '\0'
               ? error_set(err, SHUKACH_INVALID, "no directory was named")
               : store_rollback(dir, err);
}

/* The number of the document with this id, 0 if there is none. */
static enum shukach_status find_id(struct shukach_index *index, const char *id,
                                   size_t length, uint32_t *out,
                                   struct shukach_error *err)
{
    struct store_query *query = query_term(PREFIX_ID, id, length);
    if (query == NULL) {
        return error_nomem(err);
    }
    struct arena arena = {0};
    struct store_matches matches;
    struct store_match_options options = {
        .limit = 1, .bm25_k1 = 1, .bm25_b = 0};
    enum shukach_status status = store_search(index->store->postings, query,
                                              &options, &arena, &matches, err);
    if (status == SHUKACH_OK) {
        *out = matches.count > 0 ? matches.items[0].number : 0;
    }
    store_query_free(query);
    arena_free(&arena);
    return status;
}

/* A document of stored fields, owned by the caller. */
static enum shukach_status make_document(const char *const *fields,
                                         const size_t *lengths,
                                         struct shukach_document **out,
                                         struct shukach_error *err)
{
    enum shukach_status status = shukach_document_new(out, err);
    for (size_t i = 0; i < SHUKACH_FIELDS && status == SHUKACH_OK; i++) {
        status = shukach_document_set(*out, (enum shukach_field)i, fields[i],
                                      lengths[i], err);
    }
    return status;
}

enum shukach_status index_lend(const char *const fields[SHUKACH_FIELDS],
                               const size_t lengths[SHUKACH_FIELDS],
                               shukach_on_document callback, void *payload,
                               struct shukach_error *err)
{
    struct shukach_document *document = NULL;
    enum shukach_status status = make_document(fields, lengths, &document, err);
    if (status == SHUKACH_OK && callback(document, payload) != 0) {
        status = error_set(err, SHUKACH_CANCELLED, "the caller stopped");
    }
    shukach_document_free(document);
    return status;
}

enum shukach_status shukach_index_document_open(struct shukach_index *index,
                                                const char *id, size_t length,
                                                struct shukach_document **out,
                                                struct shukach_error *err)
{
    *out = NULL;
    uint32_t number = 0;
    enum shukach_status status = find_id(index, id, length, &number, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    if (number == 0) {
        return error_set(err, SHUKACH_NOT_FOUND,
                         "the index holds no document with the id \"%.*s\"",
                         (int)(length > 200 ? 200 : length), id);
    }
    struct arena arena = {0};
    const char *fields[SHUKACH_FIELDS];
    size_t lengths[SHUKACH_FIELDS];
    status = records_fields(index->store->records, number - 1, &arena, fields,
                            lengths, err);
    struct shukach_document *document = NULL;
    if (status == SHUKACH_OK) {
        status = make_document(fields, lengths, &document, err);
    }
    arena_free(&arena);
    if (status != SHUKACH_OK) {
        shukach_document_free(document);
        return status;
    }
    *out = document;
    return SHUKACH_OK;
}
