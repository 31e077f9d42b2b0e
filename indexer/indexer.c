/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer.h"

#include "reader.h"

#define ID_MAX 1000
#define TEXT_MAX ((size_t)1 << 30)
#define REST_MAX ((size_t)64 << 20) /* all other fields */

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
    enum shukach_status status =
        generation_begin(dir, &indexer->generation, err);
    if (status != SHUKACH_OK) {
        shukach_indexer_close(indexer);
        return status;
    }
    *out = indexer;
    return SHUKACH_OK;
}

void shukach_indexer_set_jobs(struct shukach_indexer *indexer, unsigned jobs)
{
    indexer->jobs = jobs;
}

void shukach_indexer_set_keep(struct shukach_indexer *indexer,
                              unsigned generations)
{
    generation_set_keep(indexer->generation, generations);
}

void shukach_indexer_set_merge(struct shukach_indexer *indexer, int all)
{
    indexer->merge_all = all != 0;
}

void shukach_indexer_close(struct shukach_indexer *indexer)
{
    if (indexer == NULL) {
        return;
    }
    crew_free(indexer->crew);
    segment_close(indexer->segment);
    store_reader_close(indexer->base);
    generation_end(indexer->generation);
    ids_free(&indexer->ids);
    tombstones_free(&indexer->dead);
    tombstones_free(&indexer->offered);
    sources_free(&indexer->sources);
    arena_free(&indexer->arena);
    free(indexer->links);
    free(indexer);
}

uint64_t shukach_indexer_count(const struct shukach_indexer *indexer)
{
    return indexer->tally[SHUKACH_TALLY_INDEXED] +
           indexer->tally[SHUKACH_TALLY_REPLACED];
}

uint64_t shukach_indexer_tally(const struct shukach_indexer *indexer,
                               enum shukach_tally what)
{
    return (unsigned)what < SHUKACH_TALLIES ? indexer->tally[what] : 0;
}

void shukach_indexer_set_on_progress(struct shukach_indexer *indexer,
                                     shukach_on_progress callback,
                                     void *payload)
{
    indexer->on_progress = callback;
    indexer->progress_payload = payload;
}

void shukach_indexer_set_on_message(struct shukach_indexer *indexer,
                                    shukach_on_message callback, void *payload)
{
    indexer->on_message = callback;
    indexer->message_payload = payload;
    generation_set_on_message(indexer->generation, callback, payload);
}

/* ---- Adding ---------------------------------------------------------------
 */

/* How many bytes of a text a message shows: at most `most`, and no part of
 * a character. */
static int shown(const char *text, size_t length, size_t most)
{
    return (int)(length <= most ? length : utf8_floor(text, most));
}

static enum shukach_status check(const size_t *lengths,
                                 struct shukach_error *err)
{
    if (lengths[SHUKACH_ID] == 0 || lengths[SHUKACH_TEXT] == 0) {
        return error_set(err, SHUKACH_INVALID, "a document needs %s",
                         lengths[SHUKACH_ID] == 0 ? N_("an id") : N_("a text"));
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
    return SHUKACH_OK;
}

/* Writes a document that is new or replaces another. */
static enum shukach_status write_new(struct shukach_indexer *indexer,
                                     const char *const *fields,
                                     const size_t *lengths, bool replaces,
                                     struct shukach_error *err)
{
    enum shukach_status status = segment_begin(indexer, err);
    if (status == SHUKACH_OK &&
        !array_grow((void **)&indexer->links, &indexer->link_capacity,
                    indexer->written + 1, sizeof *indexer->links)) {
        status = error_nomem(err);
    }
    if (status == SHUKACH_OK) {
        status = crew_add(indexer->crew, fields, lengths, err);
    }
    if (status == SHUKACH_OK) {
        indexer->links[indexer->written++] = indexer->source;
        indexer->by_language[language_index(fields[SHUKACH_LANG])]++;
        indexer->tally[replaces ? SHUKACH_TALLY_REPLACED
                                : SHUKACH_TALLY_INDEXED]++;
    }
    return status;
}

/* A document that is sound in itself. DUPLICATE, and what cannot be gone on
 * after. */
static enum shukach_status take(struct shukach_indexer *indexer,
                                const char *const *fields,
                                const size_t *lengths,
                                struct shukach_error *err)
{
    enum update_case what;
    enum shukach_status status =
        update_compare(indexer, fields, lengths, &what, err);
    if (status == SHUKACH_OK && what == UPDATE_AGAIN) {
        return error_set(err, SHUKACH_DUPLICATE,
                         "a document with the id \"%.*s\" is there already",
                         shown(fields[SHUKACH_ID], lengths[SHUKACH_ID], 200),
                         fields[SHUKACH_ID]);
    }
    if (status == SHUKACH_OK && what == UPDATE_SAME) {
        indexer->tally[SHUKACH_TALLY_UNCHANGED]++;
    } else if (status == SHUKACH_OK) {
        status =
            write_new(indexer, fields, lengths, what == UPDATE_REPLACE, err);
    }
    indexer->source_documents += status == SHUKACH_OK;
    indexer->broken = status != SHUKACH_OK;
    return status;
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
    enum shukach_status status = check(lengths, err);
    if (status == SHUKACH_OK) {
        if (lengths[SHUKACH_LANG] == 0) {
            fields[SHUKACH_LANG] =
                language_detect(fields[SHUKACH_TEXT], lengths[SHUKACH_TEXT]);
            lengths[SHUKACH_LANG] = strlen(fields[SHUKACH_LANG]);
        }
        status = take(indexer, fields, lengths, err);
    }
    if (status != SHUKACH_OK && !indexer->broken) {
        shukach_indexer_skip(indexer, NULL);
    }
    return status;
}
