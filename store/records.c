/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The side file of a segment, little-endian:
 *   magic, 8 bytes
 *   a record a document: check of the signature with its length and check of
 *     the frame (4 bytes each), length of the signature (varint), signature,
 *     fields as one zstd frame; two checks, so that reading signatures, as a
 *     phrase does, costs nothing for the text
 *   the table: where each record begins and where the last ends, 8 bytes
 *     each
 *   the number of records (8 bytes), magic again
 * The frame holds, for each field, its length (varint) and its bytes. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "store.h"

static const char magic[8] = "shukrec2";

/* Fields of one document, unpacked: text up to 1 GiB and the rest. */
#define FIELDS_MAX ((size_t)1100 << 20)
#define FLUSH_AT ((size_t)1 << 20)
#define CHECK 4
#define CHECKS (2 * CHECK)

struct records_writer {
    char *path;
    int fd;
    uint64_t written; /* bytes in the file and in `pending` */
    struct buf pending;
    struct buf record;
    struct buf fields;
    uint64_t *table;
    size_t count;
    size_t capacity;
    ZSTD_CCtx *zstd;
};

static void put_fixed(struct buf *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        buf_add_char(out, (char)(value >> (8 * i) & 0xff));
    }
}

static uint64_t get_fixed(const unsigned char *at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++) {
        value |= (uint64_t)at[i] << (8 * i);
    }
    return value;
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

enum shukach_status records_create(const char *path,
                                   struct records_writer **out,
                                   struct shukach_error *err)
{
    *out = NULL;
    struct records_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        return error_nomem(err);
    }
    buf_init(&writer->pending, 4 * FIELDS_MAX);
    buf_init(&writer->record, 3 * FIELDS_MAX);
    buf_init(&writer->fields, FIELDS_MAX);
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
    buf_add(&writer->pending, magic, sizeof magic);
    writer->written = sizeof magic;
    *out = writer;
    return SHUKACH_OK;
}

static bool is_nomem(size_t result)
{
    return ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation;
}

static enum shukach_status add_frame(struct records_writer *writer,
                                     struct shukach_error *err)
{
    struct buf *fields = &writer->fields;
    if (fields->failed != SHUKACH_OK) {
        return error_set(err, fields->failed, "a document is too large");
    }
    size_t bound = ZSTD_compressBound(fields->length);
    char *place = buf_reserve(&writer->record, bound);
    if (place == NULL) {
        return error_nomem(err);
    }
    /* Level 3 costs a twentieth of the indexing (measured). */
    size_t got = ZSTD_compressCCtx(writer->zstd, place, bound, buf_text(fields),
                                   fields->length, 3);
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

enum shukach_status records_add(struct records_writer *writer,
                                const struct buf *signature,
                                const char *const *fields,
                                const size_t *lengths,
                                struct shukach_error *err)
{
    if (!array_grow((void **)&writer->table, &writer->capacity,
                    writer->count + 2, sizeof *writer->table)) {
        return error_nomem(err);
    }
    buf_reset(&writer->fields);
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        buf_add_varint(&writer->fields, lengths[i]);
        buf_add(&writer->fields, fields[i], lengths[i]);
    }
    struct buf *record = &writer->record;
    buf_reset(record);
    buf_add_varint(record, signature->length);
    buf_add(record, buf_text(signature), signature->length);
    size_t head = record->length;
    enum shukach_status status = add_frame(writer, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    writer->table[writer->count++] = writer->written;
    put_fixed(&writer->pending, hash64(record->data, head), CHECK);
    put_fixed(&writer->pending,
              hash64(record->data + head, record->length - head), CHECK);
    buf_add(&writer->pending, record->data, record->length);
    writer->written += CHECKS + record->length;
    if (writer->pending.length >= FLUSH_AT) {
        return flush(writer, err);
    }
    return SHUKACH_OK;
}

enum shukach_status records_finish(struct records_writer *writer,
                                   struct shukach_error *err)
{
    for (size_t i = 0; i < writer->count; i++) {
        put_fixed(&writer->pending, writer->table[i], 8);
    }
    put_fixed(&writer->pending, writer->written, 8);
    put_fixed(&writer->pending, writer->count, 8);
    buf_add(&writer->pending, magic, sizeof magic);
    enum shukach_status status = flush(writer, err);
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
    buf_free(&writer->pending);
    buf_free(&writer->record);
    buf_free(&writer->fields);
    free(writer->table);
    free(writer->path);
    free(writer);
}

/* The records of one file. */
struct records_file {
    struct mapping data;
    const unsigned char *table;
    uint64_t first; /* records in the files before */
    uint64_t count;
};

struct records {
    struct records_file *files;
    size_t file_count;
    size_t file_capacity;
    uint64_t count;
    ZSTD_DCtx *zstd;
};

static enum shukach_status damaged(struct shukach_error *err, const char *what)
{
    return error_set(err, SHUKACH_CORRUPT,
                     "the stored documents are damaged (%s); rebuild the "
                     "index",
                     what);
}

/* Whether the records in the table fill the file from the magic to the
 * table; otherwise their number is wrong, and each would be taken for its
 * neighbour. */
static bool table_spans(const struct records_file *file)
{
    uint64_t end = (uint64_t)(file->table - file->data.data);
    return get_fixed(file->table, 8) == sizeof magic &&
           get_fixed(file->table + 8 * file->count, 8) == end;
}

/* Finds the table; false if the file is damaged. */
static bool find_table(struct records_file *file)
{
    size_t length = file->data.length;
    const unsigned char *data = file->data.data;
    size_t ends = sizeof magic + 8;
    if (length < sizeof magic + 8 + ends ||
        memcmp(data, magic, sizeof magic) != 0 ||
        memcmp(data + length - sizeof magic, magic, sizeof magic) != 0) {
        return false;
    }
    file->count = get_fixed(data + length - ends, 8);
    if (file->count >= (length - sizeof magic - ends) / 8) {
        return false;
    }
    file->table = data + length - ends - 8 * ((size_t)file->count + 1);
    return table_spans(file);
}

enum shukach_status records_append(struct records *records, const char *path,
                                   struct shukach_error *err)
{
    struct records_file file = {.first = records->count};
    if (!array_grow((void **)&records->files, &records->file_capacity,
                    records->file_count + 1, sizeof file)) {
        return error_nomem(err);
    }
    enum shukach_status status = file_map(path, &file.data, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    if (!find_table(&file) ||
        __builtin_add_overflow(records->count, file.count, &records->count)) {
        file_unmap(&file.data);
        return damaged(err, path);
    }
    records->files[records->file_count++] = file;
    return SHUKACH_OK;
}

enum shukach_status records_open(const char *path, struct records **out,
                                 struct shukach_error *err)
{
    *out = NULL;
    struct records *records = calloc(1, sizeof *records);
    if (records == NULL) {
        return error_nomem(err);
    }
    enum shukach_status status = records_append(records, path, err);
    if (status != SHUKACH_OK) {
        records_free(records);
        return status;
    }
    *out = records;
    return SHUKACH_OK;
}

uint64_t records_count(const struct records *records)
{
    return records->count;
}

/* A record in its parts; the check of the signature holds. */
struct parts {
    struct mapping signature;
    struct mapping frame;
    uint32_t frame_check;
};

static enum shukach_status record_find(const struct records *records,
                                       uint64_t index, struct parts *out,
                                       struct shukach_error *err)
{
    if (index >= records->count) {
        return damaged(err, "a record is missing");
    }
    const struct records_file *file = &records->files[records->file_count - 1];
    while (index < file->first) {
        file--;
    }
    index -= file->first;
    const unsigned char *data = file->data.data;
    uint64_t from = get_fixed(file->table + 8 * index, 8);
    uint64_t to = get_fixed(file->table + 8 * (index + 1), 8);
    uint64_t end = (uint64_t)(file->table - data);
    if (from > end || to > end || from > to || to - from <= CHECKS) {
        return damaged(err, "the table of records");
    }
    const unsigned char *head = data + from + CHECKS;
    const unsigned char *at = head;
    const unsigned char *stop = data + to;
    uint64_t length;
    if (!varint_read(&at, stop, &length) || length > (size_t)(stop - at) ||
        (uint32_t)hash64(head, (size_t)(at - head) + (size_t)length) !=
            get_fixed(data + from, CHECK)) {
        return damaged(err, "a signature's check");
    }
    out->signature = (struct mapping){.data = at, .length = (size_t)length};
    at += length;
    out->frame = (struct mapping){.data = at, .length = (size_t)(stop - at)};
    out->frame_check = (uint32_t)get_fixed(data + from + CHECK, CHECK);
    return SHUKACH_OK;
}

enum shukach_status records_signature(const struct records *records,
                                      uint64_t index,
                                      const unsigned char **data,
                                      size_t *length, struct shukach_error *err)
{
    struct parts parts;
    enum shukach_status status = record_find(records, index, &parts, err);
    if (status == SHUKACH_OK) {
        *data = parts.signature.data;
        *length = parts.signature.length;
    }
    return status;
}

static enum shukach_status
split_fields(const unsigned char *at, const unsigned char *stop,
             struct arena *arena, const char *fields[SHUKACH_FIELDS],
             size_t lengths[SHUKACH_FIELDS], struct shukach_error *err)
{
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        uint64_t length;
        if (!varint_read(&at, stop, &length) || length > (size_t)(stop - at)) {
            return damaged(err, "a field's length");
        }
        lengths[i] = (size_t)length;
        fields[i] = arena_copy(arena, (const char *)at, lengths[i]);
        if (fields[i] == NULL) {
            return error_nomem(err);
        }
        if (!utf8_valid(fields[i], lengths[i], NULL)) {
            return damaged(err, "a field's encoding");
        }
        at += length;
    }
    return SHUKACH_OK;
}

enum shukach_status records_fields(struct records *records, uint64_t index,
                                   struct arena *arena,
                                   const char *fields[SHUKACH_FIELDS],
                                   size_t lengths[SHUKACH_FIELDS],
                                   struct shukach_error *err)
{
    struct parts parts;
    enum shukach_status status = record_find(records, index, &parts, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    struct mapping frame = parts.frame;
    if ((uint32_t)hash64(frame.data, frame.length) != parts.frame_check) {
        return damaged(err, "a record's check");
    }
    unsigned long long size =
        ZSTD_getFrameContentSize(frame.data, frame.length);
    /* The two error values of zstd are over any sensible size. */
    if (size > FIELDS_MAX) {
        return damaged(err, "a record's frame");
    }
    if (records->zstd == NULL) {
        records->zstd = ZSTD_createDCtx();
    }
    unsigned char *plain = malloc((size_t)size + 1);
    if (plain == NULL || records->zstd == NULL) {
        free(plain);
        return error_nomem(err);
    }
    size_t got = ZSTD_decompressDCtx(records->zstd, plain, (size_t)size,
                                     frame.data, frame.length);
    if (is_nomem(got)) {
        status = error_nomem(err);
    } else if (got != size) {
        status = damaged(err, "a record's frame");
    } else {
        status = split_fields(plain, plain + got, arena, fields, lengths, err);
    }
    free(plain);
    return status;
}

void records_free(struct records *records)
{
    if (records == NULL) {
        return;
    }
    ZSTD_freeDCtx(records->zstd);
    for (size_t i = 0; i < records->file_count; i++) {
        file_unmap(&records->files[i].data);
    }
    free(records->files);
    free(records);
}
