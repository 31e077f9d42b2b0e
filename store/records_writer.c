/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first documents of a segment wait until there are enough of them to
 * learn from: what their signatures have in common, and a dictionary for
 * zstd, with which the fields take a quarter less and are compressed sooner
 * (docs/performance.md). Format: records.c. */
#include <fcntl.h>
#include <stdatomic.h>
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

struct record_packer {
    ZSTD_CCtx *zstd;
    struct buf coded; /* signature */
    struct buf rare;
    struct buf fields; /* as a frame holds them */
};

struct records_writer {
    char *path;
    int fd;
    uint64_t written; /* bytes in the file and in `pending` */
    struct buf pending;
    struct buf record;
    struct record_packer *packer;
    struct entry *table;
    size_t count;
    size_t capacity;

    /* While it learns; one behind another. */
    size_t samples;
    atomic_bool learned; /* what was learned stays; packers may read it */
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
    buf_init(&writer->fields, 4 * RECORD_FIELDS_MAX);
    buf_init(&writer->signatures, 4 * RECORD_FIELDS_MAX);
    buf_init(&writer->dictionary, RECORD_DICTIONARY_MAX);
    writer->samples = samples;
    writer->path = strdup(path);
    writer->fd = -1;
    enum shukach_status status = record_packer_new(&writer->packer, err);
    if (status == SHUKACH_OK && writer->path == NULL) {
        status = error_nomem(err);
    }
    if (status == SHUKACH_OK) {
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

enum shukach_status record_packer_new(struct record_packer **out,
                                      struct shukach_error *err)
{
    struct record_packer *packer = calloc(1, sizeof *packer);
    *out = packer;
    if (packer == NULL) {
        return error_nomem(err);
    }
    buf_init(&packer->coded, 4 * RECORD_FIELDS_MAX);
    buf_init(&packer->rare, 4 * RECORD_FIELDS_MAX);
    buf_init(&packer->fields, RECORD_FIELDS_MAX);
    packer->zstd = ZSTD_createCCtx();
    if (packer->zstd == NULL) {
        record_packer_free(packer);
        *out = NULL;
        return error_nomem(err);
    }
    return SHUKACH_OK;
}

void record_packer_free(struct record_packer *packer)
{
    if (packer != NULL) {
        ZSTD_freeCCtx(packer->zstd);
        buf_free(&packer->coded);
        buf_free(&packer->rare);
        buf_free(&packer->fields);
        free(packer);
    }
}

static enum shukach_status add_frame(const struct records_writer *writer,
                                     struct record_packer *packer,
                                     const char *fields, size_t length,
                                     struct buf *out, struct shukach_error *err)
{
    size_t bound = ZSTD_compressBound(length);
    char *place = buf_reserve(out, bound);
    if (place == NULL) {
        return error_nomem(err);
    }
    size_t got =
        writer->prepared == NULL
            ? ZSTD_compressCCtx(packer->zstd, place, bound, fields, length,
                                LEVEL)
            : ZSTD_compress_usingCDict(packer->zstd, place, bound, fields,
                                       length, writer->prepared);
    if (is_nomem(got)) {
        return error_nomem(err);
    }
    if (ZSTD_isError(got)) {
        return error_set(err, SHUKACH_INTERNAL, "zstd: %s",
                         ZSTD_getErrorName(got));
    }
    out->length += got;
    return SHUKACH_OK;
}

/* The check of what stands behind `from`, written before the record. */
static void set_check(struct buf *out, size_t at, size_t from, size_t to)
{
    uint64_t check = hash64(out->data + from, to - from);
    for (size_t i = 0; i < RECORD_CHECK; i++) {
        out->data[at + i] = (char)(check >> (8 * i) & 0xff);
    }
}

/* A record, into an empty buffer. */
static enum shukach_status
make_record(const struct records_writer *writer, struct record_packer *packer,
            const char *signature, size_t size, const char *fields,
            size_t length, struct buf *out, struct shukach_error *err)
{
    buf_reset(&packer->coded);
    signature_encode(writer->coder, signature, size, &packer->rare,
                     &packer->coded);
    buf_add_fixed(out, 0, RECORD_CHECKS);
    buf_add_varint(out, packer->coded.length);
    buf_add(out, buf_text(&packer->coded), packer->coded.length);
    size_t head = out->length;
    if (packer->coded.failed != SHUKACH_OK || out->failed != SHUKACH_OK) {
        return error_nomem(err);
    }
    enum shukach_status status =
        add_frame(writer, packer, fields, length, out, err);
    if (status == SHUKACH_OK) {
        set_check(out, 0, RECORD_CHECKS, head);
        set_check(out, RECORD_CHECK, head, out->length);
    }
    return status;
}

static enum shukach_status add_fields(struct buf *out,
                                      const char *const *fields,
                                      const size_t *lengths,
                                      struct shukach_error *err)
{
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        buf_add_varint(out, lengths[i]);
        buf_add(out, fields[i], lengths[i]);
    }
    return out->failed == SHUKACH_OK
               ? SHUKACH_OK
               : error_set(err, out->failed, "a document is too large");
}

enum shukach_status
records_pack(const struct records_writer *writer, struct record_packer *packer,
             const struct buf *signature, const char *const *fields,
             const size_t *lengths, struct buf *out, struct shukach_error *err)
{
    buf_reset(out);
    if (!atomic_load_explicit(&writer->learned, memory_order_acquire)) {
        return SHUKACH_OK;
    }
    struct buf *all = &packer->fields;
    buf_reset(all);
    enum shukach_status status = add_fields(all, fields, lengths, err);
    return status == SHUKACH_OK
               ? make_record(writer, packer, buf_text(signature),
                             signature->length, all->data, all->length, out,
                             err)
               : status;
}

static enum shukach_status write_record(struct records_writer *writer,
                                        uint64_t stems,
                                        const struct buf *record,
                                        struct shukach_error *err)
{
    if (!array_grow((void **)&writer->table, &writer->capacity,
                    writer->count + 1, sizeof *writer->table)) {
        return error_nomem(err);
    }
    writer->table[writer->count++] =
        (struct entry){.from = writer->written, .stems = (uint32_t)stems};
    buf_add(&writer->pending, record->data, record->length);
    writer->written += record->length;
    return writer->pending.length < FLUSH_AT
               ? SHUKACH_OK
               : file_write_pending(writer->fd, writer->path, &writer->pending,
                                    err);
}

/* Writes the documents that wait; from now on none does. */
static enum shukach_status write_waiting(struct records_writer *writer,
                                         struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    const char *signatures = buf_text(&writer->signatures);
    const char *fields = buf_text(&writer->fields);
    atomic_store_explicit(&writer->learned, true, memory_order_release);
    for (size_t i = 0; i < writer->waiting_count && status == SHUKACH_OK; i++) {
        const struct waiting *waiting = &writer->waiting[i];
        buf_reset(&writer->record);
        status =
            make_record(writer, writer->packer, signatures, waiting->signature,
                        fields, waiting->fields, &writer->record, err);
        if (status == SHUKACH_OK) {
            status = write_record(writer, waiting->stems, &writer->record, err);
        }
        signatures += waiting->signature;
        fields += waiting->fields;
    }
    buf_free(&writer->signatures);
    buf_free(&writer->fields);
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

static enum shukach_status
wait_for_more(struct records_writer *writer, uint64_t stems,
              const struct buf *signature, const char *const *fields,
              const size_t *lengths, struct shukach_error *err)
{
    size_t before = writer->fields.length;
    enum shukach_status status =
        add_fields(&writer->fields, fields, lengths, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    buf_add(&writer->signatures, buf_text(signature), signature->length);
    if (writer->signatures.failed != SHUKACH_OK ||
        !array_grow((void **)&writer->waiting, &writer->waiting_capacity,
                    writer->waiting_count + 1, sizeof *writer->waiting)) {
        return error_nomem(err);
    }
    writer->waiting[writer->waiting_count++] =
        (struct waiting){.stems = stems,
                         .signature = signature->length,
                         .fields = writer->fields.length - before};
    return writer->fields.length < writer->samples ? SHUKACH_OK
                                                   : learn(writer, err);
}

enum shukach_status records_add(struct records_writer *writer, uint64_t stems,
                                const struct buf *signature,
                                const char *const *fields,
                                const size_t *lengths, const struct buf *packed,
                                struct shukach_error *err)
{
    if (!writer->learned) {
        return wait_for_more(writer, stems, signature, fields, lengths, err);
    }
    enum shukach_status status = SHUKACH_OK;
    if (packed == NULL || packed->length == 0) {
        packed = &writer->record;
        status = records_pack(writer, writer->packer, signature, fields,
                              lengths, &writer->record, err);
    }
    return status == SHUKACH_OK ? write_record(writer, stems, packed, err)
                                : status;
}

static void put_table(const struct records_writer *writer, struct buf *out)
{
    for (size_t i = 0; i < writer->count; i++) {
        buf_add_fixed(out, writer->table[i].from, 8);
    }
    buf_add_fixed(out, writer->written, 8);
    size_t block = out->length;
    for (size_t i = 0; i < writer->count; i++) {
        buf_add_fixed(out, writer->table[i].stems, RECORD_LENGTH);
        if ((i + 1) % RECORD_BLOCK == 0 || i + 1 == writer->count) {
            const char *lengths = buf_text(out) + block;
            buf_add_fixed(out, hash64(lengths, out->length - block),
                          RECORD_CHECK);
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
    buf_add_fixed(out, writer->dictionary.length, 8);
    buf_add_fixed(out, codes.count, 8);
    buf_add_fixed(out, hash64(buf_text(learned), learned->length), 8);
    buf_add_fixed(out, writer->count, 8);
    buf_add(out, RECORD_MAGIC, RECORD_MAGIC_BYTES);
    status = learned->failed != SHUKACH_OK
                 ? error_nomem(err)
                 : file_write_pending(writer->fd, writer->path,
                                      &writer->pending, err);
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
    record_packer_free(writer->packer);
    ZSTD_freeCDict(writer->prepared);
    signature_coder_free(writer->coder);
    buf_free(&writer->pending);
    buf_free(&writer->record);
    buf_free(&writer->signatures);
    buf_free(&writer->fields);
    buf_free(&writer->dictionary);
    free(writer->waiting);
    free(writer->table);
    free(writer->path);
    free(writer);
}
