/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Building a segment: postings, records, pairs and lists of word forms side by
 * side. */
#include <stdlib.h>

#include "postings_writer.h"

const struct segment_limits segment_defaults = {
    .postings = (size_t)48 << 20,
    .samples = (size_t)4 << 20,
};

const char *const segment_files[SEGMENT_FILES] = {
    SEGMENT_POSTINGS, SEGMENT_RECORDS, SEGMENT_PAIRS, SEGMENT_FORMS,
    SEGMENT_NAMES};

struct segment_writer {
    char *dir;
    struct segment_limits limits;
    struct records_writer *records;
    struct pairs_writer *pairs;
    struct forms_writer *forms;
    struct forms_writer *names; /* once the forms are known */
    struct postings_writer *postings;
};

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
    char *pairs = NULL;
    char *forms = NULL;
    enum shukach_status status =
        writer->dir == NULL ? error_nomem(err) : file_make_dirs(dir, err);
    if (status == SHUKACH_OK) {
        status = path_of(dir, SEGMENT_RECORDS, &path, err);
    }
    if (status == SHUKACH_OK) {
        status = path_of(dir, SEGMENT_PAIRS, &pairs, err);
    }
    if (status == SHUKACH_OK) {
        status = path_of(dir, SEGMENT_FORMS, &forms, err);
    }
    if (status == SHUKACH_OK) {
        status = records_create(path, limits->samples, &writer->records, err);
    }
    if (status == SHUKACH_OK) {
        status = pairs_create(pairs, &writer->pairs, err);
    }
    if (status == SHUKACH_OK) {
        status = forms_create(forms, limits->forms, &writer->forms, err);
    }
    if (status == SHUKACH_OK) {
        status =
            postings_writer_new(dir, limits->postings, &writer->postings, err);
    }
    free(path);
    free(pairs);
    free(forms);
    if (status != SHUKACH_OK) {
        segment_close(writer);
        return status;
    }
    *out = writer;
    return SHUKACH_OK;
}

void segment_form(struct segment_writer *writer, const char *form,
                  size_t length, enum form_casing casing)
{
    forms_add(writer->forms, form, length, casing);
}

enum shukach_status
segment_pack(const struct segment_writer *writer, struct record_packer *packer,
             const struct buf *signature, const char *const *fields,
             const size_t *lengths, struct buf *out, struct shukach_error *err)
{
    return records_pack(writer->records, packer, signature, fields, lengths,
                        out, err);
}

enum shukach_status segment_add(struct segment_writer *writer,
                                const struct store_document *document,
                                struct shukach_error *err)
{
    enum shukach_status status =
        postings_writer_add(writer->postings, document, err);
    if (status == SHUKACH_OK) {
        uint64_t stems = 0;
        for (size_t i = 0; i < document->term_count; i++) {
            stems += document->terms[i].count;
        }
        status = records_add(writer->records, stems, document->signature,
                             document->fields, document->lengths,
                             document->packed, err);
    }
    if (status == SHUKACH_OK) {
        status = pairs_add(writer->pairs, document->signature, err);
    }
    return status == SHUKACH_OK ? forms_end_document(writer->forms, err)
                                : status;
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
    struct shukach_error error; /* of the status */
};

static int on_form(const struct form *form, unsigned distance, void *payload)
{
    struct namer *namer = payload;
    (void)distance;
    namer->names(namer->writer, form, namer->payload);
    namer->status = forms_end_document(namer->writer->names, &namer->error);
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
    struct namer namer = {.writer = writer, .names = names, .payload = payload};
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
    }
    if (namer.status != SHUKACH_OK) {
        status = namer.status;
        if (err != NULL) {
            *err = namer.error;
        }
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

/* Postings being finished, while the lists of forms are. */
struct finishing {
    struct postings_writer *writer;
    enum shukach_status status;
    struct shukach_error error;
};

static void *finish_postings(void *payload)
{
    struct finishing *finishing = payload;
    finishing->status =
        postings_writer_finish(finishing->writer, &finishing->error);
    return NULL;
}

enum shukach_status segment_finish(struct segment_writer *writer,
                                   segment_on_form names, void *payload,
                                   struct shukach_error *err)
{
    struct finishing postings = {.writer = writer->postings};
    pthread_t thread;
    bool apart = writer->limits.apart &&
                 thread_start(&thread, finish_postings, &postings);
    enum shukach_status status = records_finish(writer->records, err);
    if (status == SHUKACH_OK) {
        status = pairs_finish(writer->pairs, err);
    }
    if (status == SHUKACH_OK) {
        status = forms_finish(writer->forms, err);
    }
    if (status == SHUKACH_OK) {
        status = write_names(writer, names, payload, err);
    }
    if (apart) {
        pthread_join(thread, NULL);
    } else if (status == SHUKACH_OK) {
        finish_postings(&postings);
    }
    if (status == SHUKACH_OK && postings.status != SHUKACH_OK) {
        status = postings.status;
        if (err != NULL) {
            *err = postings.error;
        }
    }
    return status;
}

void segment_close(struct segment_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    postings_writer_close(writer->postings);
    records_close(writer->records);
    pairs_close(writer->pairs);
    forms_close(writer->forms);
    forms_close(writer->names);
    free(writer->dir);
    free(writer);
}
