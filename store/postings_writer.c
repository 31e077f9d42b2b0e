/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The postings of a segment. Xapian is cheap while its trees fit the cache
 * and dear when they do not, so documents go into small databases that are
 * merged by compaction (figures: docs/architecture.md). */
#include <stdlib.h>

#include "postings_writer.h"

struct postings_writer {
    char *dir;
    struct segment_limits limits;
    struct store_batch *batch;
    size_t batch_documents;
    size_t batch_terms;
    uint64_t named; /* databases so far */
    char **waiting; /* paths of databases to merge, in order */
    size_t count;
    size_t capacity;
};

enum shukach_status path_of(const char *dir, const char *name, char **out,
                            struct shukach_error *err)
{
    if (asprintf(out, "%s/%s", dir, name) < 0) {
        *out = NULL;
        return error_nomem(err);
    }
    return SHUKACH_OK;
}

enum shukach_status postings_writer_new(const char *dir,
                                        const struct segment_limits *limits,
                                        struct postings_writer **out,
                                        struct shukach_error *err)
{
    struct postings_writer *writer = calloc(1, sizeof *writer);
    *out = writer;
    if (writer == NULL) {
        return error_nomem(err);
    }
    writer->limits = *limits;
    writer->dir = strdup(dir);
    if (writer->dir == NULL) {
        postings_writer_close(writer);
        *out = NULL;
        return error_nomem(err);
    }
    return SHUKACH_OK;
}

/* A path for the next database; it joins those to merge. */
static enum shukach_status name_next(struct postings_writer *writer,
                                     struct shukach_error *err)
{
    char name[40];
    snprintf(name, sizeof name, "batch-%llu",
             (unsigned long long)writer->named++);
    if (!array_grow((void **)&writer->waiting, &writer->capacity,
                    writer->count + 1, sizeof *writer->waiting)) {
        return error_nomem(err);
    }
    enum shukach_status status =
        path_of(writer->dir, name, &writer->waiting[writer->count], err);
    if (status == SHUKACH_OK) {
        writer->count++;
    }
    return status;
}

/* Merges everything that waits into `to` and removes the parts. */
static enum shukach_status merge(struct postings_writer *writer, const char *to,
                                 struct shukach_error *err)
{
    enum shukach_status status = store_merge(
        (const char *const *)writer->waiting, writer->count, to, err);
    while (status == SHUKACH_OK && writer->count > 0) {
        char *last = writer->waiting[writer->count - 1];
        status = file_remove(last, err);
        free(last);
        writer->count--;
    }
    return status;
}

static enum shukach_status end_batch(struct postings_writer *writer,
                                     struct shukach_error *err)
{
    if (writer->batch == NULL) {
        return SHUKACH_OK;
    }
    enum shukach_status status = store_batch_commit(writer->batch, err);
    store_batch_close(writer->batch);
    writer->batch = NULL;
    if (status != SHUKACH_OK || writer->count < writer->limits.merge_width) {
        return status;
    }
    /* What is merged already stays first, so that the order of documents
     * is that of the records. */
    char *to;
    char name[40];
    snprintf(name, sizeof name, "merged-%llu",
             (unsigned long long)writer->named++);
    status = path_of(writer->dir, name, &to, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    status = merge(writer, to, err);
    if (status != SHUKACH_OK) {
        free(to);
        return status;
    }
    writer->waiting[writer->count++] = to;
    return SHUKACH_OK;
}

enum shukach_status postings_writer_add(struct postings_writer *writer,
                                        const struct store_document *document,
                                        struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    if (writer->batch == NULL) {
        writer->batch_documents = 0;
        writer->batch_terms = 0;
        status = name_next(writer, err);
        if (status == SHUKACH_OK) {
            status = store_batch_open(writer->waiting[writer->count - 1],
                                      &writer->batch, err);
        }
    }
    if (status == SHUKACH_OK) {
        status = store_batch_add(writer->batch, document->terms,
                                 document->term_count, document->values,
                                 document->value_count, err);
    }
    writer->batch_documents++;
    writer->batch_terms += document->term_count;
    const struct segment_limits *limits = &writer->limits;
    if (status == SHUKACH_OK &&
        (writer->batch_documents >= limits->batch_documents ||
         writer->batch_terms >= limits->batch_terms)) {
        status = end_batch(writer, err);
    }
    return status;
}

enum shukach_status postings_writer_finish(struct postings_writer *writer,
                                           struct shukach_error *err)
{
    enum shukach_status status = end_batch(writer, err);
    if (status == SHUKACH_OK && writer->count == 0) {
        /* An index without documents is an index all the same. */
        status = name_next(writer, err);
        if (status == SHUKACH_OK) {
            status = store_batch_open(writer->waiting[0], &writer->batch, err);
        }
        if (status == SHUKACH_OK) {
            status = end_batch(writer, err);
        }
    }
    char *postings = NULL;
    if (status == SHUKACH_OK) {
        status = path_of(writer->dir, SEGMENT_POSTINGS, &postings, err);
    }
    if (status == SHUKACH_OK) {
        status = merge(writer, postings, err);
    }
    if (status == SHUKACH_OK) {
        status = file_sync(postings, err);
    }
    free(postings);
    return status;
}

void postings_writer_close(struct postings_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    store_batch_close(writer->batch);
    for (size_t i = 0; i < writer->count; i++) {
        free(writer->waiting[i]);
    }
    free(writer->waiting);
    free(writer->dir);
    free(writer);
}
