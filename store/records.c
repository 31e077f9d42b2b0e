/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
/* For a dictionary by reference, which zstd has had since 1.3 and exports. */
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

#include "records.h"

/* The records of one file. */
struct records_file {
    struct mapping data;
    struct signature_codes codes;
    const unsigned char *dictionary; /* where the records end */
    size_t dictionary_length;
    ZSTD_DDict *prepared; /* once it is needed */
    const unsigned char *table;
    const unsigned char *lengths;
    uint64_t *sound; /* a bit a block of lengths whose check held */
    uint64_t first;  /* records in the files before */
    uint64_t count;
};

struct records {
    struct records_file *files;
    size_t file_count;
    size_t file_capacity;
    uint64_t count;
    ZSTD_DCtx *zstd;
};

static uint64_t get_fixed(const unsigned char *at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++) {
        value |= (uint64_t)at[i] << (8 * i);
    }
    return value;
}

static enum shukach_status damaged(struct shukach_error *err, const char *what)
{
    return error_set(err, SHUKACH_CORRUPT,
                     "the stored documents are damaged (%s); rebuild the "
                     "index",
                     what);
}

static size_t blocks_of(size_t count)
{
    return (count + RECORD_BLOCK - 1) / RECORD_BLOCK;
}

/* Finds what stands behind the records; false if the file is damaged: the
 * records in the table fill the file from the magic on, for otherwise their
 * number is wrong, and each would be taken for its neighbour. */
static bool find_table(struct records_file *file)
{
    const unsigned char *data = file->data.data;
    size_t length = file->data.length;
    if (length < RECORD_MAGIC_BYTES + 8 + RECORD_TAIL ||
        memcmp(data, RECORD_MAGIC, RECORD_MAGIC_BYTES) != 0 ||
        memcmp(data + length - RECORD_MAGIC_BYTES, RECORD_MAGIC,
               RECORD_MAGIC_BYTES) != 0) {
        return false;
    }
    const unsigned char *tail = data + length - RECORD_TAIL;
    uint64_t dictionary = get_fixed(tail, 8);
    uint64_t codes = get_fixed(tail + 8, 8);
    file->count = get_fixed(tail + 24, 8);
    size_t left = (size_t)(tail - data) - RECORD_MAGIC_BYTES;
    if (file->count >= left / 8 || dictionary > RECORD_DICTIONARY_MAX ||
        codes > SIGNATURE_CODES) {
        return false;
    }
    size_t count = (size_t)file->count;
    size_t table = 8 * (count + 1);
    size_t lengths = RECORD_LENGTH * count + RECORD_CHECK * blocks_of(count);
    size_t learned = (size_t)dictionary + ENTRY * (size_t)codes;
    if (table + lengths > left || learned > left - table - lengths) {
        return false;
    }
    file->lengths = tail - lengths;
    file->table = file->lengths - table;
    file->dictionary = file->table - learned;
    file->dictionary_length = (size_t)dictionary;
    file->codes = (struct signature_codes){
        .entries = file->dictionary + dictionary, .count = (size_t)codes};
    return hash64(file->dictionary, learned) == get_fixed(tail + 16, 8) &&
           signature_codes_valid(&file->codes) &&
           get_fixed(file->table, 8) == RECORD_MAGIC_BYTES &&
           get_fixed(file->table + 8 * file->count, 8) ==
               (uint64_t)(file->dictionary - data);
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
    file.sound =
        calloc(blocks_of((size_t)file.count) / 64 + 1, sizeof *file.sound);
    if (file.sound == NULL) {
        file_unmap(&file.data);
        return error_nomem(err);
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

/* The file of a record; `*index` becomes that within it. */
static struct records_file *file_of(const struct records *records,
                                    uint64_t *index)
{
    struct records_file *file = &records->files[records->file_count - 1];
    while (*index < file->first) {
        file--;
    }
    *index -= file->first;
    return file;
}

enum shukach_status records_lengths(const struct records *records,
                                    uint64_t index, struct record_lengths *out,
                                    struct shukach_error *err)
{
    if (index >= records->count) {
        return damaged(err, "a record is missing");
    }
    uint64_t within = index;
    const struct records_file *file = file_of(records, &within);
    uint64_t block = within / RECORD_BLOCK;
    uint64_t left = file->count - block * RECORD_BLOCK;
    out->first = index - within % RECORD_BLOCK;
    out->count = left < RECORD_BLOCK ? (uint32_t)left : RECORD_BLOCK;
    out->data =
        file->lengths + block * (RECORD_BLOCK * RECORD_LENGTH + RECORD_CHECK);
    size_t bytes = RECORD_LENGTH * (size_t)out->count;
    uint64_t bit = (uint64_t)1 << block % 64;
    if ((file->sound[block / 64] & bit) == 0 &&
        (uint32_t)hash64(out->data, bytes) !=
            get_fixed(out->data + bytes, RECORD_CHECK)) {
        return damaged(err, "the lengths of documents");
    }
    file->sound[block / 64] |= bit;
    return SHUKACH_OK;
}

/* Of a signature; the rest comes along. */
#define EXPECTED 512
#define CACHE_LINE 64

void records_expect(const struct records *records, uint64_t index)
{
    if (index >= records->count) {
        return;
    }
    const struct records_file *file = file_of(records, &index);
    const unsigned char *record = file->data.data;
    uint64_t from = get_fixed(file->table + 8 * index, 8);
    /* Nothing is known of the table yet. */
    size_t length = file->data.length;
    for (uint64_t at = from; at < length && at - from < EXPECTED;
         at += CACHE_LINE) {
        __builtin_prefetch(record + at);
    }
}

/* A record in its parts; the check of the signature holds. */
struct parts {
    struct records_file *file;
    struct signature signature;
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
    struct records_file *file = file_of(records, &index);
    const unsigned char *data = file->data.data;
    uint64_t from = get_fixed(file->table + 8 * index, 8);
    uint64_t to = get_fixed(file->table + 8 * (index + 1), 8);
    uint64_t end = (uint64_t)(file->dictionary - data);
    if (from > end || to > end || from > to || to - from <= RECORD_CHECKS) {
        return damaged(err, "the table of records");
    }
    const unsigned char *head = data + from + RECORD_CHECKS;
    const unsigned char *at = head;
    const unsigned char *stop = data + to;
    uint64_t length;
    if (!varint_read(&at, stop, &length) || length > (size_t)(stop - at) ||
        (uint32_t)hash64(head, (size_t)(at - head) + (size_t)length) !=
            get_fixed(data + from, RECORD_CHECK)) {
        return damaged(err, "a signature's check");
    }
    out->file = file;
    out->signature = (struct signature){
        .data = at, .length = (size_t)length, .codes = file->codes};
    at += length;
    out->frame = (struct mapping){.data = at, .length = (size_t)(stop - at)};
    out->frame_check =
        (uint32_t)get_fixed(data + from + RECORD_CHECK, RECORD_CHECK);
    return SHUKACH_OK;
}

enum shukach_status records_signature(const struct records *records,
                                      uint64_t index, struct signature *out,
                                      struct shukach_error *err)
{
    struct parts parts;
    struct record_lengths lengths;
    enum shukach_status status = record_find(records, index, &parts, err);
    if (status == SHUKACH_OK) {
        status = records_lengths(records, index, &lengths, err);
    }
    if (status == SHUKACH_OK) {
        *out = parts.signature;
        out->stems = record_length(&lengths, index);
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

/* Decompresses a frame; what zstd says. */
static size_t unpack(struct records *records, struct records_file *file,
                     const struct mapping *frame, void *out, size_t size)
{
    if (file->dictionary_length == 0) {
        return ZSTD_decompressDCtx(records->zstd, out, size, frame->data,
                                   frame->length);
    }
    if (file->prepared == NULL) {
        /* Not a copy of 256 KB: the file stays mapped for as long. */
        file->prepared = ZSTD_createDDict_byReference(file->dictionary,
                                                      file->dictionary_length);
    }
    return file->prepared == NULL
               ? (size_t)-ZSTD_error_memory_allocation
               : ZSTD_decompress_usingDDict(records->zstd, out, size,
                                            frame->data, frame->length,
                                            file->prepared);
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
    if (size > RECORD_FIELDS_MAX) {
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
    size_t got = unpack(records, parts.file, &frame, plain, (size_t)size);
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
        ZSTD_freeDDict(records->files[i].prepared);
        free(records->files[i].sound);
        file_unmap(&records->files[i].data);
    }
    free(records->files);
    free(records);
}
