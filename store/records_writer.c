/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first documents of a segment wait until there are enough of them to
 * learn from: what their signatures have in common, and a dictionary for
 * zstd, with which the fields take a quarter less and are compressed sooner
 * (docs/performance.md). Format: records.c. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <zdict.h>
#include <zstd.h>

#include "records.h"

#define FLUSH_AT ((size_t)1 << 20)
#define LEVEL 3

/* A document that waits. */
struct waiting {
    uint64_t stems;
    size_t signature; /* bytes */
    size_t fields;
};

/* What the tables have of a document. */
struct entry {
    uint64_t from; /* where its record begins */
    uint32_t stems;
};

struct records_writer {
    char *path;
    int fd;
    uint64_t written; /* bytes in the file and in `pending` */
    struct buf pending;
    struct buf record;
    struct buf coded; /* signature */
    struct entry *table;
    size_t count;
    size_t capacity;
    ZSTD_CCtx *zstd;

    /* While it learns; one behind another. */
    size_t samples;
    bool learned;
    struct buf signatures;
    struct buf fields;
    struct waiting *waiting;
    size_t waiting_count;
    size_t waiting_capacity;

    /* What was learned, if anything. */
    struct signature_coder *coder;
    struct buf dictionary;
    ZSTD_CDict *prepared;
};

static void put_fixed(struct buf *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        buf_add_char(out, (char)(value >> (8 * i) & 0xff));
    }
}

static enum shukach_status flush(struct records_writer *writer,
                                 struct shukach_error *err)
{
    if (writer->pending.failed != SHUKACH_OK) {
        return error_nomem(err);
    }
    if (!file_write_all(writer->fd, buf_text(&writer->pending),
                        writer->pending.length)) {
        return error_io(err, "write", writer->path);
    }
    buf_reset(&writer->pending);
    return SHUKACH_OK;
}

enum shukach_status records_create(const char *path, size_t samples,
                                   struct records_writer **out,
                                   struct shukach_error *err)
{
    *out = NULL;
    struct records_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        return error_nomem(err);
    }
    buf_init(&writer->pending, 4 * RECORD_FIELDS_MAX);
    buf_init(&writer->record, 3 * RECORD_FIELDS_MAX);
    buf_init(&writer->coded, 4 * RECORD_FIELDS_MAX);
    buf_init(&writer->fields, 4 * RECORD_FIELDS_MAX);
    buf_init(&writer->signatures, 4 * RECORD_FIELDS_MAX);
    buf_init(&writer->dictionary, RECORD_DICTIONARY_MAX);
    writer->samples = samples;
    writer->path = strdup(path);
    writer->zstd = ZSTD_createCCtx();
    writer->fd = -1;
    enum shukach_status status = SHUKACH_OK;
    if (writer->path == NULL || writer->zstd == NULL) {
        status = error_nomem(err);
    } else {
        writer->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (writer->fd < 0) {
            status = error_io(err, "create", path);
        }
    }
    if (status != SHUKACH_OK) {
        records_close(writer);
        return status;
    }
    buf_add(&writer->pending, RECORD_MAGIC, RECORD_MAGIC_BYTES);
    writer->written = RECORD_MAGIC_BYTES;
    *out = writer;
    return SHUKACH_OK;
}

/* ---- Learning ------------------------------------------------------------ */

/* From documents that have nothing in common there is no dictionary. */
static enum shukach_status make_dictionary(struct records_writer *writer,
                                           struct shukach_error *err)
{
    size_t *sizes = calloc(writer->waiting_count, sizeof *sizes);
    char *place = buf_reserve(&writer->dictionary, RECORD_DICTIONARY_MAX);
    if (sizes == NULL || place == NULL) {
        free(sizes);
        return error_nomem(err);
    }
    for (size_t i = 0; i < writer->waiting_count; i++) {
        sizes[i] = writer->waiting[i].fields;
    }
    size_t got =
        ZDICT_trainFromBuffer(place, RECORD_DICTIONARY_MAX, writer->fields.data,
                              sizes, (unsigned)writer->waiting_count);
    free(sizes);
    if (ZDICT_isError(got)) {
        return is_nomem(got) ? error_nomem(err) : SHUKACH_OK;
    }
    writer->dictionary.length = got;
    writer->prepared = ZSTD_createCDict(place, got, LEVEL);
    return writer->prepared == NULL ? error_nomem(err) : SHUKACH_OK;
}

/* ---- Records ------------------------------------------------------------- */

static enum shukach_status add_frame(struct records_writer *writer,
                                     const char *fields, size_t length,
                                     struct shukach_error *err)
{
    size_t bound = ZSTD_compressBound(length);
    char *place = buf_reserve(&writer->record, bound);
    if (place == NULL) {
        return error_nomem(err);
    }
    size_t got =
        writer->prepared == NULL
            ? ZSTD_compressCCtx(writer->zstd, place, bound, fields, length,
                                LEVEL)
            : ZSTD_compress_usingCDict(writer->zstd, place, bound, fields,
                                       length, writer->prepared);
    if (is_nomem(got)) {
        return error_nomem(err);
    }
    if (ZSTD_isError(got)) {
        return error_set(err, SHUKACH_INTERNAL, "zstd: %s",
                         ZSTD_getErrorName(got));
    }
    writer->record.length += got;
    return SHUKACH_OK;
}

static enum shukach_status write_record(struct records_writer *writer,
                                        uint64_t stems, const char *signature,
                                        size_t size, const char *fields,
                                        size_t length,
                                        struct shukach_error *err)
{
    if (!array_grow((void **)&writer->table, &writer->capacity,
                    writer->count + 1, sizeof *writer->table)) {
        return error_nomem(err);
    }
    struct buf *record = &writer->record;
    buf_reset(&writer->coded);
    signature_encode(writer->coder, signature, size, &writer->coded);
    buf_reset(record);
    buf_add_varint(record, writer->coded.length);
    buf_add(record, buf_text(&writer->coded), writer->coded.length);
    size_t head = record->length;
    if (writer->coded.failed != SHUKACH_OK) {
        return error_nomem(err);
    }
    enum shukach_status status = add_frame(writer, fields, length, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    writer->table[writer->count++] =
        (struct entry){.from = writer->written, .stems = (uint32_t)stems};
    put_fixed(&writer->pending, hash64(record->data, head), RECORD_CHECK);
    put_fixed(&writer->pending,
              hash64(record->data + head, record->length - head), RECORD_CHECK);
    buf_add(&writer->pending, record->data, record->length);
    writer->written += RECORD_CHECKS + record->length;
    return writer->pending.length < FLUSH_AT ? SHUKACH_OK : flush(writer, err);
}

/* Writes the documents that wait; from now on none does. */
static enum shukach_status write_waiting(struct records_writer *writer,
                                         struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    const char *signatures = buf_text(&writer->signatures);
    const char *fields = buf_text(&writer->fields);
    writer->learned = true;
    for (size_t i = 0; i < writer->waiting_count && status == SHUKACH_OK; i++) {
        const struct waiting *waiting = &writer->waiting[i];
        status = write_record(writer, waiting->stems, signatures,
                              waiting->signature, fields, waiting->fields, err);
        signatures += waiting->signature;
        fields += waiting->fields;
    }
    buf_free(&writer->signatures);
    buf_free(&writer->fields);
    buf_init(&writer->fields, RECORD_FIELDS_MAX);
    free(writer->waiting);
    writer->waiting = NULL;
    return status;
}

static enum shukach_status learn(struct records_writer *writer,
                                 struct shukach_error *err)
{
    enum shukach_status status =
        signature_coder_new(&writer->signatures, &writer->coder, err);
    if (status == SHUKACH_OK) {
        status = make_dictionary(writer, err);
    }
    return status == SHUKACH_OK ? write_waiting(writer, err) : status;
}

static enum shukach_status wait_for_more(struct records_writer *writer,
                                         uint64_t stems,
                                         const struct buf *signature,
                                         size_t fields,
                                         struct shukach_error *err)
{
    buf_add(&writer->signatures, buf_text(signature), signature->length);
    if (writer->signatures.failed != SHUKACH_OK ||
        !array_grow((void **)&writer->waiting, &writer->waiting_capacity,
                    writer->waiting_count + 1, sizeof *writer->waiting)) {
        return error_nomem(err);
    }
    writer->waiting[writer->waiting_count++] = (struct waiting){
        .stems = stems, .signature = signature->length, .fields = fields};
    return writer->fields.length < writer->samples ? SHUKACH_OK
                                                   : learn(writer, err);
}

enum shukach_status records_add(struct records_writer *writer, uint64_t stems,
                                const struct buf *signature,
                                const char *const *fields,
                                const size_t *lengths,
                                struct shukach_error *err)
{
    struct buf *all = &writer->fields;
    if (writer->learned) {
        buf_reset(all);
    }
    size_t before = all->length;
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        buf_add_varint(all, lengths[i]);
        buf_add(all, fields[i], lengths[i]);
    }
    if (all->failed != SHUKACH_OK) {
        return error_set(err, all->failed, "a document is too large");
    }
    return writer->learned
               ? write_record(writer, stems, buf_text(signature),
                              signature->length, all->data, all->length, err)
               : wait_for_more(writer, stems, signature, all->length - before,
                               err);
}

static void put_table(const struct records_writer *writer, struct buf *out)
{
    for (size_t i = 0; i < writer->count; i++) {
        put_fixed(out, writer->table[i].from, 8);
    }
    put_fixed(out, writer->written, 8);
    size_t block = out->length;
    for (size_t i = 0; i < writer->count; i++) {
        put_fixed(out, writer->table[i].stems, RECORD_LENGTH);
        if ((i + 1) % RECORD_BLOCK == 0 || i + 1 == writer->count) {
            const char *lengths = buf_text(out) + block;
            put_fixed(out, hash64(lengths, out->length - block), RECORD_CHECK);
            block = out->length;
        }
    }
}

enum shukach_status records_finish(struct records_writer *writer,
                                   struct shukach_error *err)
{
    enum shukach_status status =
        writer->learned ? SHUKACH_OK : write_waiting(writer, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    struct signature_codes codes = {.count = 0};
    if (writer->coder != NULL) {
        codes = signature_coder_codes(writer->coder);
    }
    struct buf *learned = &writer->record;
    buf_reset(learned);
    buf_add(learned, buf_text(&writer->dictionary), writer->dictionary.length);
    buf_add(learned, codes.entries, ENTRY * codes.count);
    struct buf *out = &writer->pending;
    buf_add(out, buf_text(learned), learned->length);
    put_table(writer, out);
    put_fixed(out, writer->dictionary.length, 8);
    put_fixed(out, codes.count, 8);
    put_fixed(out, hash64(buf_text(learned), learned->length), 8);
    put_fixed(out, writer->count, 8);
    buf_add(out, RECORD_MAGIC, RECORD_MAGIC_BYTES);
    status =
        learned->failed != SHUKACH_OK ? error_nomem(err) : flush(writer, err);
    if (status == SHUKACH_OK && fsync(writer->fd) != 0) {
        status = error_io(err, "write", writer->path);
    }
    return status;
}

void records_close(struct records_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    if (writer->fd >= 0) {
        close(writer->fd);
    }
    ZSTD_freeCCtx(writer->zstd);
    ZSTD_freeCDict(writer->prepared);
    signature_coder_free(writer->coder);
    buf_free(&writer->pending);
    buf_free(&writer->record);
    buf_free(&writer->coded);
    buf_free(&writer->signatures);
    buf_free(&writer->fields);
    buf_free(&writer->dictionary);
    free(writer->waiting);
    free(writer->table);
    free(writer->path);
    free(writer);
}
