/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An index open for searching. */
#include "index.h"

#include "schema.h"

static enum shukach_status check_analyser(const struct store_generation *of,
                                          struct shukach_error *err)
{
    const char *made = manifest_fact(of->manifest, FACT_ANALYSER);
    return strcmp(made, ANALYSER_VERSION) == 0
               ? SHUKACH_OK
               : error_set(err, SHUKACH_VERSION,
                           "the index in %s was made by analyser %s, this "
                           "shukach has %s; rebuild the index",
                           of->dir, made, ANALYSER_VERSION);
}

/* So often the callback is called, in documents that a search comes to. */
#define WORK_STEP 256

enum shukach_status index_work(struct shukach_index *index,
                               struct shukach_error *err)
{
    return index->on_progress == NULL || index->work++ % WORK_STEP != 0 ||
                   index->on_progress(index->work - 1, 0, index->payload) == 0
               ? SHUKACH_OK
               : error_set(err, SHUKACH_CANCELLED, "the caller stopped");
}

static int on_match(void *payload)
{
    return index_work(payload, NULL) != SHUKACH_OK;
}

static void watch(struct shukach_index *index)
{
    store_postings_set_on_match(index->store->postings,
                                index->on_progress == NULL ? NULL : on_match,
                                index);
}

void shukach_index_set_on_progress(struct shukach_index *index,
                                   shukach_on_progress callback, void *payload)
{
    index->on_progress = callback;
    index->payload = payload;
    watch(index);
}

/* Opens what is current; if that fails, the index stays as it is. */
static enum shukach_status open_store(struct shukach_index *index,
                                      const char *const *dirs, size_t count,
                                      struct shukach_error *err)
{
    struct store_reader *store;
    struct facts *facts = NULL;
    enum shukach_status status =
        store_reader_open_several(dirs, count, &store, err);
    for (size_t i = 0; i < count && status == SHUKACH_OK; i++) {
        status = check_analyser(&store->generations[i], err);
    }
    if (status == SHUKACH_OK) {
        status = facts_make(store, &facts, err);
    }
    if (status != SHUKACH_OK) {
        store_reader_close(store);
        return status;
    }
    store_reader_close(index->store);
    facts_free(index->facts);
    index->store = store;
    index->facts = facts;
    index->checked = false;
    watch(index);
    return SHUKACH_OK;
}

enum shukach_status shukach_index_open_several(const char *const *dirs,
                                               size_t count,
                                               struct shukach_index **out,
                                               struct shukach_error *err)
{
    if (dirs == NULL || count == 0 || count > SHUKACH_INDEXES_MAX ||
        out == NULL) {
        return error_set(err, SHUKACH_INVALID,
                         "from 1 to %d directories can be opened together",
                         SHUKACH_INDEXES_MAX);
    }
    *out = NULL;
    for (size_t i = 0; i < count; i++) {
        if (dirs[i] == NULL || *dirs[i] == '\0') {
            return error_set(err, SHUKACH_INVALID, "no directory was named");
        }
    }
    struct shukach_index *index = calloc(1, sizeof *index);
    if (index == NULL) {
        return error_nomem(err);
    }
    enum shukach_status status = open_store(index, dirs, count, err);
    if (status == SHUKACH_OK) {
        status = analyser_new(&index->analyser, err);
    }
    if (status != SHUKACH_OK) {
        shukach_index_close(index);
        return status;
    }
    *out = index;
    return SHUKACH_OK;
}

enum shukach_status shukach_index_open(const char *dir,
                                       struct shukach_index **out,
                                       struct shukach_error *err)
{
    return shukach_index_open_several(&dir, 1, out, err);
}

enum shukach_status shukach_index_refresh(struct shukach_index *index,
                                          int *changed,
                                          struct shukach_error *err)
{
    bool current;
    if (changed != NULL) {
        *changed = 0;
    }
    if (index == NULL) {
        return error_set(err, SHUKACH_INVALID, "no index was given");
    }
    enum shukach_status status =
        store_reader_is_current(index->store, &current, err);
    if (status != SHUKACH_OK || current) {
        return status;
    }
    size_t count = index->store->generation_count;
    const char **dirs = calloc(count, sizeof *dirs);
    if (dirs == NULL) {
        return error_nomem(err);
    }
    for (size_t i = 0; i < count; i++) {
        dirs[i] = index->store->generations[i].dir;
    }
    status = open_store(index, dirs, count, err);
    free(dirs);
    if (status == SHUKACH_OK && changed != NULL) {
        *changed = 1;
    }
    return status;
}

void shukach_index_close(struct shukach_index *index)
{
    if (index == NULL) {
        return;
    }
    store_reader_close(index->store);
    facts_free(index->facts);
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

/* The number of the first document with this id, 0 if there is none. */
static enum shukach_status find_id(struct shukach_index *index, const char *id,
                                   size_t length, uint32_t *out,
                                   struct shukach_error *err)
{
    struct store_query *query = query_term(PREFIX_ID, id, length);
    if (query == NULL) {
        return error_nomem(err);
    }
    struct arena arena = {0};
    uint32_t *numbers;
    size_t count;
    enum shukach_status status = store_search_all(
        index->store->postings, query, &arena, &numbers, &count, err);
    if (status == SHUKACH_OK) {
        *out = count > 0 ? numbers[0] : 0;
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
