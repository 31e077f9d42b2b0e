/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Building a segment. Xapian is cheap while its trees fit the cache and
 * dear when they do not, so documents go into small databases that are
 * merged by compaction (figures: docs/architecture.md). */
#include <stdlib.h>

#include "store.h"

const struct segment_limits segment_defaults = {
    .batch_documents = 2500,
    .batch_terms = 2000000,
    .merge_width = 32,
};

const char *const segment_files[SEGMENT_FILES] = {
    SEGMENT_POSTINGS, SEGMENT_RECORDS, SEGMENT_FORMS, SEGMENT_NAMES};

struct segment_writer {
    char *dir;
    struct segment_limits limits;
    struct records_writer *records;
    struct forms_writer *forms;
    struct forms_writer *names; /* once the forms are known */
    struct store_batch *batch;
    size_t batch_documents;
    size_t batch_terms;
    uint64_t named; /* databases so far */
    char **waiting; /* paths of databases to merge, in order */
    size_t count;
    size_t capacity;
};

static enum shukach_status path_of(const char *dir, const char *name,
                                   char **out, struct shukach_error *err)
{
    if (asprintf(out, "%s/%s", dir, name) < 0) {
        *out = NULL;
        return error_nomem(err);
    }
    return SHUKACH_OK;
}

enum shukach_status segment_create(const char *dir,
                                   const struct segment_limits *limits,
                                   struct segment_writer **out,
                                   struct shukach_error *err)
{
    *out = NULL;
    struct segment_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        return error_nomem(err);
    }
    writer->limits = *limits;
    writer->dir = strdup(dir);
    char *path = NULL;
    char *forms = NULL;
    enum shukach_status status =
        writer->dir == NULL ? error_nomem(err) : file_make_dirs(dir, err);
    if (status == SHUKACH_OK) {
        status = path_of(dir, SEGMENT_RECORDS, &path, err);
    }
    if (status == SHUKACH_OK) {
        status = path_of(dir, SEGMENT_FORMS, &forms, err);
    }
    if (status == SHUKACH_OK) {
        status = records_create(path, &writer->records, err);
    }
    if (status == SHUKACH_OK) {
        status = forms_create(forms, limits->forms, &writer->forms, err);
    }
    free(path);
    free(forms);
    if (status != SHUKACH_OK) {
        segment_close(writer);
        return status;
    }
    *out = writer;
    return SHUKACH_OK;
}

/* A path for the next database; it joins those to merge. */
static enum shukach_status name_next(struct segment_writer *writer,
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
static enum shukach_status merge(struct segment_writer *writer, const char *to,
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

static enum shukach_status end_batch(struct segment_writer *writer,
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

void segment_form(struct segment_writer *writer, const char *form,
                  size_t length, enum form_casing casing)
{
    forms_add(writer->forms, form, length, casing);
}

enum shukach_status segment_add(struct segment_writer *writer,
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
    if (status == SHUKACH_OK) {
        status = records_add(writer->records, document->signature,
                             document->fields, document->lengths, err);
    }
    if (status == SHUKACH_OK) {
        status = forms_end_document(writer->forms, err);
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

/* ---- Names ------------------------------------------------------------- */

void segment_name(struct segment_writer *writer, const char *key,
                  const struct form *form)
{
    char text[FORM_BYTES + 1];
    int length = snprintf(text, sizeof text, "%s %s", key, form->text);
    if (length <= FORM_BYTES) {
        forms_add(writer->names, text, (size_t)length, form->casing);
    }
}

struct namer {
    struct segment_writer *writer;
    segment_on_form names;
    void *payload;
    enum shukach_status status;
    struct shukach_error *err;
};

static int on_form(const struct form *form, unsigned distance, void *payload)
{
    struct namer *namer = payload;
    (void)distance;
    namer->names(namer->writer, form, namer->payload);
    namer->status = forms_end_document(namer->writer->names, namer->err);
    return namer->status != SHUKACH_OK;
}

/* The list of names: a list of forms too, each form behind its keys. */
static enum shukach_status write_names(struct segment_writer *writer,
                                       segment_on_form names, void *payload,
                                       struct shukach_error *err)
{
    char *from = NULL;
    char *to = NULL;
    struct forms *forms = NULL;
    struct namer namer = {
        .writer = writer, .names = names, .payload = payload, .err = err};
    enum shukach_status status =
        path_of(writer->dir, SEGMENT_FORMS, &from, err);
    if (status == SHUKACH_OK) {
        status = path_of(writer->dir, SEGMENT_NAMES, &to, err);
    }
    if (status == SHUKACH_OK) {
        status = forms_open(from, &forms, err);
    }
    if (status == SHUKACH_OK) {
        status = forms_create(to, writer->limits.forms, &writer->names, err);
    }
    if (status == SHUKACH_OK && names != NULL) {
        status = forms_each(forms, "", 0, on_form, &namer, err);
        status = namer.status != SHUKACH_OK ? namer.status : status;
    }
    if (status == SHUKACH_OK) {
        status = forms_finish(writer->names, err);
    }
    forms_free(forms);
    free(from);
    free(to);
    return status;
}

/* ---- The end ----------------------------------------------------------- */

enum shukach_status segment_finish(struct segment_writer *writer,
                                   segment_on_form names, void *payload,
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
    if (status == SHUKACH_OK) {
        status = records_finish(writer->records, err);
    }
    if (status == SHUKACH_OK) {
        status = forms_finish(writer->forms, err);
    }
    if (status == SHUKACH_OK) {
        status = write_names(writer, names, payload, err);
    }
    free(postings);
    return status;
}

void segment_close(struct segment_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    store_batch_close(writer->batch);
    records_close(writer->records);
    forms_close(writer->forms);
    forms_close(writer->names);
    for (size_t i = 0; i < writer->count; i++) {
        free(writer->waiting[i]);
    }
    free(writer->waiting);
    free(writer->dir);
    free(writer);
}
