/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of the documents that are there already: which stay, which
 * are replaced, which are deleted. The answer is meant to be that of a new
 * index of the same files in the same order. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "indexer.h"
#include "schema.h"

/* A file that was changed less than so many seconds ago may change again
 * within the same tick of its file system's clock, so its time proves
 * nothing yet. */
#define YOUNG 2

const char *const language_names[INDEXER_LANGUAGES] = {"uk", "ru", "en",
                                                       "other"};

size_t language_index(const char *language)
{
    size_t i = 0;
    while (i < INDEXER_LANGUAGES - 1 &&
           strcmp(language, language_names[i]) != 0) {
        i++;
    }
    return i;
}

/* ---- The generation before ----------------------------------------------- */

static enum shukach_status read_base(struct shukach_indexer *indexer,
                                     struct shukach_error *err)
{
    struct store_reader *base = indexer->base;
    const char *made =
        manifest_fact(base->generations[0].manifest, FACT_ANALYSER);
    if (strcmp(made, ANALYSER_VERSION) != 0) {
        return error_set(err, SHUKACH_VERSION,
                         "the index was made by analyser %s, this shukach has "
                         "%s; rebuild the index",
                         made, ANALYSER_VERSION);
    }
    for (size_t i = 0; i < INDEXER_LANGUAGES; i++) {
        char name[32];
        snprintf(name, sizeof name, FACT_LANGUAGE "%s", language_names[i]);
        indexer->by_language[i] = strtoull(
            manifest_fact(base->generations[0].manifest, name), NULL, 10);
    }
    uint64_t documents = base->dead.documents;
    enum shukach_status status =
        tombstones_new(documents, &indexer->offered, err);
    if (status == SHUKACH_OK) {
        status = tombstones_new(documents, &indexer->dead, err);
    }
    for (uint64_t i = 0; i < documents && status == SHUKACH_OK; i++) {
        if (tombstones_has(&base->dead, i)) {
            tombstones_add(&indexer->dead, i);
        }
    }
    char *path;
    if (status == SHUKACH_OK && asprintf(&path, "%s/" GENERATION_SOURCES,
                                         base->generations[0].path) < 0) {
        status = error_nomem(err);
    } else if (status == SHUKACH_OK) {
        status = sources_read(&indexer->sources, path, documents, err);
        free(path);
    }
    return status;
}

enum shukach_status shukach_indexer_update(struct shukach_indexer *indexer,
                                           struct shukach_error *err)
{
    if (indexer == NULL || indexer->broken || indexer->segment != NULL ||
        indexer->base != NULL || indexer->sources.count > 0) {
        return error_set(err, SHUKACH_INVALID,
                         "an update is asked for before anything is added");
    }
    enum shukach_status status =
        generation_base(indexer->generation, &indexer->base, err);
    if (status == SHUKACH_OK && indexer->base != NULL) {
        status = read_base(indexer, err);
    }
    indexer->broken = status != SHUKACH_OK;
    return status;
}

/* The document of this id, counted from 0, and its fields in the arena;
 * UINT64_MAX if there is none. */
static enum shukach_status find(struct shukach_indexer *indexer, const char *id,
                                size_t length, uint64_t *out,
                                const char *fields[SHUKACH_FIELDS],
                                size_t lengths[SHUKACH_FIELDS],
                                struct shukach_error *err)
{
    const struct store_reader *base = indexer->base;
    *out = UINT64_MAX;
    if (base == NULL) {
        return SHUKACH_OK;
    }
    struct buf term;
    uint32_t number = 0;
    buf_init(&term, length + sizeof PREFIX_ID);
    buf_add_text(&term, PREFIX_ID);
    buf_add(&term, id, length);
    enum shukach_status status =
        term.failed != SHUKACH_OK
            ? error_nomem(err)
            : store_postings_find(base->postings, term.data, term.length,
                                  &number, err);
    buf_free(&term);
    if (status != SHUKACH_OK || number == 0) {
        return status;
    }
    arena_reset(&indexer->arena);
    status = records_fields(base->records, number - 1, &indexer->arena, fields,
                            lengths, err);
    /* The term of a long id holds a hash. */
    if (status == SHUKACH_OK && lengths[SHUKACH_ID] == length &&
        memcmp(fields[SHUKACH_ID], id, length) == 0) {
        *out = number - 1;
    }
    return status;
}

/* Deletes a document of the generation before. */
static void bury(struct shukach_indexer *indexer, uint64_t index,
                 const char *language)
{
    tombstones_add(&indexer->dead, index);
    indexer->by_language[language_index(language)]--;
}

enum shukach_status update_compare(struct shukach_indexer *indexer,
                                   const char *const *fields,
                                   const size_t *lengths, enum update_case *out,
                                   struct shukach_error *err)
{
    const char *old[SHUKACH_FIELDS];
    size_t old_lengths[SHUKACH_FIELDS];
    uint64_t index;
    bool fresh;
    enum shukach_status status =
        find(indexer, fields[SHUKACH_ID], lengths[SHUKACH_ID], &index, old,
             old_lengths, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    bool there = index != UINT64_MAX;
    if (!there || (tombstones_has(&indexer->dead, index) &&
                   !tombstones_has(&indexer->offered, index))) {
        status = ids_add(&indexer->ids, fields[SHUKACH_ID], lengths[SHUKACH_ID],
                         &fresh, err);
        *out = fresh ? UPDATE_NEW : UPDATE_AGAIN;
        return status;
    }
    if (tombstones_has(&indexer->offered, index)) {
        *out = UPDATE_AGAIN;
        return SHUKACH_OK;
    }
    tombstones_add(&indexer->offered, index);
    bool same = true;
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        same = same && lengths[i] == old_lengths[i] &&
               memcmp(fields[i], old[i], lengths[i]) == 0;
    }
    *out = same ? UPDATE_SAME : UPDATE_REPLACE;
    if (same) {
        indexer->sources.links[index] = indexer->source;
    } else {
        bury(indexer, index, old[SHUKACH_LANG]);
    }
    return SHUKACH_OK;
}

enum shukach_status shukach_indexer_delete(struct shukach_indexer *indexer,
                                           const char *id, size_t length,
                                           struct shukach_error *err)
{
    if (indexer == NULL || id == NULL || indexer->broken) {
        return error_set(err, SHUKACH_INVALID,
                         "nothing can be deleted by this indexer");
    }
    const char *fields[SHUKACH_FIELDS];
    size_t lengths[SHUKACH_FIELDS];
    uint64_t index;
    enum shukach_status status =
        find(indexer, id, length, &index, fields, lengths, err);
    if (status != SHUKACH_OK) {
        indexer->broken = true;
        return status;
    }
    if (index == UINT64_MAX || tombstones_has(&indexer->dead, index)) {
        return error_set(err, SHUKACH_NOT_FOUND,
                         "the index holds no document with the id \"%.*s\"",
                         (int)(length > 200 ? utf8_floor(id, 200) : length),
                         id);
    }
    bury(indexer, index, fields[SHUKACH_LANG]);
    indexer->tally[SHUKACH_TALLY_DELETED]++;
    return SHUKACH_OK;
}

/* ---- Files ----------------------------------------------------------------
 */

/* Size and time of a regular file; false for anything else. */
static bool examine(const char *path, uint64_t *size, int64_t *modified)
{
    struct stat info;
    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode)) {
        return false;
    }
    *size = (uint64_t)info.st_size;
    *modified = (int64_t)info.st_mtim.tv_sec * 1000000000 +
                (int64_t)info.st_mtim.tv_nsec;
    return true;
}

static bool is_young(int64_t modified)
{
    return modified / 1000000000 + YOUNG >= (int64_t)time(NULL);
}

void update_end_source(struct shukach_indexer *indexer)
{
    uint32_t number = indexer->source;
    indexer->source = 0;
    if (number == 0 || indexer->source_broken) {
        return;
    }
    struct source *source = &indexer->sources.items[number - 1];
    uint64_t size;
    int64_t modified;
    source->whole = true;
    source->documents = indexer->source_documents;
    /* Only if it is still as it was when the reading began. */
    source->known = examine(source->path, &size, &modified) &&
                    size == source->size && modified == source->modified &&
                    !is_young(modified) &&
                    file_hash(source->path, &source->sum, NULL) == SHUKACH_OK;
}

/* Whether the file is that from which the old documents of the source came. */
static bool is_unchanged(const struct source *source, uint64_t size,
                         int64_t modified)
{
    struct hash128 sum;
    if (!source->known || source->size != size || is_young(modified)) {
        return false;
    }
    return source->modified == modified ||
           (file_hash(source->path, &sum, NULL) == SHUKACH_OK &&
            hash_same(sum, source->sum));
}

/* Takes the documents of an unchanged file for offered; false if some are
 * not there any more, or came from another file too in this run. */
static bool keep_documents(struct shukach_indexer *indexer, uint32_t number)
{
    uint64_t count;
    const uint32_t *documents =
        sources_documents(&indexer->sources, number, &count);
    uint64_t kept = 0;
    for (uint64_t i = 0; i < count; i++) {
        kept += !tombstones_has(&indexer->dead, documents[i]) &&
                !tombstones_has(&indexer->offered, documents[i]) &&
                indexer->sources.links[documents[i]] == number;
    }
    if (kept != count || kept != indexer->sources.items[number - 1].documents) {
        return false;
    }
    for (uint64_t i = 0; i < count; i++) {
        tombstones_add(&indexer->offered, documents[i]);
    }
    indexer->tally[SHUKACH_TALLY_UNCHANGED] += count;
    return true;
}

enum shukach_status shukach_indexer_source(struct shukach_indexer *indexer,
                                           const char *path, int *unchanged,
                                           struct shukach_error *err)
{
    if (indexer == NULL || indexer->broken || unchanged == NULL) {
        return error_set(err, SHUKACH_INVALID,
                         "this indexer takes no source, or there is no place "
                         "for the answer");
    }
    *unchanged = 0;
    update_end_source(indexer);
    if (path == NULL) {
        return SHUKACH_OK;
    }
    uint32_t number;
    enum shukach_status status =
        sources_number(&indexer->sources, path, &number, err);
    if (status != SHUKACH_OK) {
        indexer->broken = true;
        return status;
    }
    struct source *source = &indexer->sources.items[number - 1];
    uint64_t size = 0;
    int64_t modified = 0;
    bool regular = examine(path, &size, &modified);
    bool first = !source->seen;
    source->seen = true;
    if (regular && first && indexer->base != NULL &&
        is_unchanged(source, size, modified) &&
        keep_documents(indexer, number)) {
        source->modified = modified;
        *unchanged = 1;
        return SHUKACH_OK;
    }
    source->known = false;
    source->whole = false;
    source->size = size;
    source->modified = modified;
    indexer->source = number;
    indexer->source_documents = 0;
    /* What is read twice in a run is left to the next run. */
    indexer->source_broken = !regular || !first;
    return SHUKACH_OK;
}

void shukach_indexer_skip(struct shukach_indexer *indexer, const char *path)
{
    const struct source *source =
        indexer->source == 0 ? NULL
                             : &indexer->sources.items[indexer->source - 1];
    indexer->tally[SHUKACH_TALLY_SKIPPED]++;
    if (path == NULL || (source != NULL && strcmp(source->path, path) == 0)) {
        indexer->source_broken = true;
    }
}

/* ---- Pruning --------------------------------------------------------------
 */

/* Whether a path is the root, of so many bytes, or lies in it. */
static bool is_under(const char *path, const char *root, size_t length)
{
    return strncmp(path, root, length) == 0 &&
           (path[length] == '\0' || path[length] == '/' ||
            (length > 0 && root[length - 1] == '/'));
}

static bool is_gone(const char *path)
{
    struct stat info;
    return lstat(path, &info) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

/* Deletes the documents of a source that were not met in this run. */
static enum shukach_status prune_source(struct shukach_indexer *indexer,
                                        uint32_t number,
                                        struct shukach_error *err)
{
    uint64_t count;
    const uint32_t *documents =
        sources_documents(&indexer->sources, number, &count);
    enum shukach_status status = SHUKACH_OK;
    for (uint64_t i = 0; i < count && status == SHUKACH_OK; i++) {
        uint32_t index = documents[i];
        const char *fields[SHUKACH_FIELDS];
        size_t lengths[SHUKACH_FIELDS];
        if (tombstones_has(&indexer->dead, index) ||
            tombstones_has(&indexer->offered, index)) {
            continue;
        }
        arena_reset(&indexer->arena);
        status = records_fields(indexer->base->records, index, &indexer->arena,
                                fields, lengths, err);
        if (status == SHUKACH_OK) {
            bury(indexer, index, fields[SHUKACH_LANG]);
            indexer->tally[SHUKACH_TALLY_PRUNED]++;
        }
    }
    return status;
}

enum shukach_status shukach_indexer_prune(struct shukach_indexer *indexer,
                                          const char *path,
                                          struct shukach_error *err)
{
    if (indexer == NULL || path == NULL || indexer->broken) {
        return error_set(err, SHUKACH_INVALID, "this indexer cannot be pruned");
    }
    update_end_source(indexer);
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') {
        length--;
    }
    const struct sources *sources = &indexer->sources;
    bool any = false;
    for (size_t s = 0; s < sources->count && !any; s++) {
        any = sources->items[s].seen &&
              is_under(sources->items[s].path, path, length);
    }
    if (!any) {
        return error_set(err, SHUKACH_NOT_FOUND,
                         "nothing was found in %s, so what came from there is "
                         "kept",
                         path);
    }
    enum shukach_status status = SHUKACH_OK;
    for (size_t s = 0; s < sources->listed && status == SHUKACH_OK; s++) {
        const struct source *source = &sources->items[s];
        if (is_under(source->path, path, length) &&
            (source->whole || (!source->seen && is_gone(source->path)))) {
            status = prune_source(indexer, (uint32_t)s + 1, err);
        }
    }
    indexer->broken = status != SHUKACH_OK;
    return status;
}
