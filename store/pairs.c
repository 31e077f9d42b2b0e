/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which stems stand next to each other in a document: a Bloom filter of its
 * own for each, so that most candidates of a phrase are turned down by one
 * line of the cache. Little-endian:
 *   blocks of 64 bytes: a check (4 bytes), then bits; those of a document one
 *     behind another, at least one
 *   the table: the first block of each document and the end of the last, 4
 *     bytes each
 *   the number of documents (8 bytes), magic
 * The check is that of the bits, of the document, of the block's place and of
 * how many blocks the document has: whoever is led to a wrong block by a
 * damaged table sees it there. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "signature.h"

#define MAGIC "shukprs1"
#define MAGIC_BYTES 8
#define TAIL (8 + MAGIC_BYTES)
#define BLOCK 64
#define CHECK 4
#define BITS (8 * (BLOCK - CHECK))
/* So many pairs a block is made for, and so many bits each sets. With these a
 * pair that is not there is found in 1 of 8 documents; with 80 and 4 it would
 * be 1 of 18, and the index another 2.4 % larger (docs/performance.md). */
#define BLOCK_PAIRS 108
#define SET_BITS 3
/* For so many pairs memory comes before. */
#define EXPECTED 8
#define FLUSH_AT ((size_t)1 << 20)

static uint16_t stem_of(const char *entry)
{
    const unsigned char *at = (const unsigned char *)entry;
    return (uint16_t)(at[0] | at[1] << 8);
}

static uint64_t mix(uint64_t value)
{
    value *= UINT64_C(0x9e3779b97f4a7c15);
    return value ^ value >> 32;
}

uint64_t pairs_key(uint16_t first, uint16_t second)
{
    return mix(((uint64_t)second << 16 | first) + 1);
}

/* Which of `count` blocks holds a pair. */
static uint32_t block_of(uint64_t key, uint32_t count)
{
    return (uint32_t)((key & UINT32_MAX) * count >> 32);
}

/* Bit `i` of the bits that a pair sets, whose `more` is mixed again. */
static size_t bit_of(uint64_t more, unsigned i)
{
    return (size_t)((more >> (16 * i) & 0xffff) * BITS >> 16);
}

static uint32_t check_of(const unsigned char *block, uint64_t document,
                         uint32_t i, uint32_t count)
{
    uint64_t place = mix(mix(document) + ((uint64_t)count << 32 | i));
    return (uint32_t)(hash64(block + CHECK, BLOCK - CHECK) ^ place);
}

/* ---- Writing ------------------------------------------------------------- */

struct pairs_writer {
    char *path;
    int fd;
    struct buf pending;
    uint32_t *table;
    size_t count;
    size_t capacity;
    uint64_t blocks;
};

enum shukach_status pairs_create(const char *path, struct pairs_writer **out,
                                 struct shukach_error *err)
{
    *out = NULL;
    struct pairs_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        return error_nomem(err);
    }
    enum shukach_status status = SHUKACH_OK;
    buf_init(&writer->pending, SIZE_MAX / 2);
    writer->fd = -1;
    writer->path = strdup(path);
    if (writer->path == NULL) {
        status = error_nomem(err);
    } else {
        writer->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (writer->fd < 0) {
            status = error_io(err, "create", path);
        }
    }
    if (status != SHUKACH_OK) {
        pairs_close(writer);
        return status;
    }
    *out = writer;
    return SHUKACH_OK;
}

/* A document's filter while it is made; without blocks it only counts. */
struct filter {
    unsigned char *blocks;
    uint32_t count;
};

static void set(const struct filter *filter, uint64_t key)
{
    uint64_t more = mix(key);
    unsigned char *bits =
        filter->blocks + BLOCK * (size_t)block_of(key, filter->count) + CHECK;
    for (unsigned i = 0; i < SET_BITS; i++) {
        size_t bit = bit_of(more, i);
        bits[bit / 8] |= (unsigned char)(1u << (bit % 8));
    }
}

/* Goes through the pairs of a signature; how many there are. */
static size_t add_pairs(const struct buf *signature,
                        const struct filter *filter)
{
    const char *data = buf_text(signature);
    size_t count = signature->length / ENTRY;
    size_t from = 0; /* of the place before, whose tokens end at `here` */
    size_t here = 0;
    size_t pairs = 0;
    bool same = false;
    for (size_t i = 0; i < count; i++) {
        uint16_t stem = stem_of(data + ENTRY * i);
        if (stem == MARK_TEXT) {
            here = i + 1;
        }
        if (stem < MARKS) {
            same = stem == MARK_SAME;
            continue;
        }
        if (!same) {
            from = here;
            here = i;
        }
        same = false;
        for (size_t k = from; k < here; k++) {
            uint16_t first = stem_of(data + ENTRY * k);
            if (first >= MARKS) {
                pairs++;
                if (filter != NULL) {
                    set(filter, pairs_key(first, stem));
                }
            }
        }
    }
    return pairs;
}

enum shukach_status pairs_add(struct pairs_writer *writer,
                              const struct buf *signature,
                              struct shukach_error *err)
{
    if (!array_grow((void **)&writer->table, &writer->capacity,
                    writer->count + 1, sizeof *writer->table)) {
        return error_nomem(err);
    }
    size_t count = (add_pairs(signature, NULL) + BLOCK_PAIRS / 2) / BLOCK_PAIRS;
    count = count == 0 ? 1 : count;
    if (count > UINT32_MAX - writer->blocks) {
        return error_set(err, SHUKACH_LIMIT,
                         "the documents have too many words for one index");
    }
    unsigned char *blocks =
        (unsigned char *)buf_reserve(&writer->pending, BLOCK * count);
    if (blocks == NULL) {
        return error_nomem(err);
    }
    memset(blocks, 0, BLOCK * count);
    struct filter filter = {.blocks = blocks, .count = (uint32_t)count};
    add_pairs(signature, &filter);
    for (uint32_t i = 0; i < filter.count; i++) {
        unsigned char *block = blocks + BLOCK * (size_t)i;
        uint32_t check = check_of(block, writer->count, i, filter.count);
        for (size_t k = 0; k < CHECK; k++) {
            block[k] = (unsigned char)(check >> (8 * k));
        }
    }
    writer->pending.length += BLOCK * count;
    writer->table[writer->count++] = (uint32_t)writer->blocks;
    writer->blocks += count;
    return writer->pending.length < FLUSH_AT
               ? SHUKACH_OK
               : file_write_pending(writer->fd, writer->path, &writer->pending,
                                    err);
}

enum shukach_status pairs_finish(struct pairs_writer *writer,
                                 struct shukach_error *err)
{
    struct buf *out = &writer->pending;
    for (size_t i = 0; i < writer->count; i++) {
        buf_add_fixed(out, writer->table[i], 4);
    }
    buf_add_fixed(out, writer->blocks, 4);
    buf_add_fixed(out, writer->count, 8);
    buf_add(out, MAGIC, MAGIC_BYTES);
    enum shukach_status status =
        file_write_pending(writer->fd, writer->path, &writer->pending, err);
    if (status == SHUKACH_OK && fsync(writer->fd) != 0) {
        status = error_io(err, "write", writer->path);
    }
    return status;
}

void pairs_close(struct pairs_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    if (writer->fd >= 0) {
        close(writer->fd);
    }
    buf_free(&writer->pending);
    free(writer->table);
    free(writer->path);
    free(writer);
}

/* ---- Reading ------------------------------------------------------------- */

/* The pairs of one file. */
struct pairs_file {
    struct mapping data;
    const unsigned char *table;
    uint64_t first; /* documents in the files before */
    uint64_t count;
};

struct pairs {
    struct pairs_file *files;
    size_t file_count;
    size_t file_capacity;
    uint64_t count;
};

static enum shukach_status damaged(struct shukach_error *err, const char *what)
{
    return error_set(err, SHUKACH_CORRUPT,
                     "the pairs of words are damaged (%s); rebuild the index",
                     what);
}

static uint32_t get_4(const unsigned char *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
           (uint32_t)at[3] << 24;
}

/* Finds the table; false if the file is damaged: the blocks fill the file up
 * to it, for otherwise the number of documents is wrong. */
static bool find_table(struct pairs_file *file)
{
    const unsigned char *data = file->data.data;
    size_t length = file->data.length;
    if (length < 4 + TAIL ||
        memcmp(data + length - MAGIC_BYTES, MAGIC, MAGIC_BYTES) != 0) {
        return false;
    }
    const unsigned char *tail = data + length - TAIL;
    file->count = get_4(tail) | (uint64_t)get_4(tail + 4) << 32;
    size_t left = length - TAIL;
    if (file->count >= left / 4) {
        return false;
    }
    file->table = tail - 4 * ((size_t)file->count + 1);
    return get_4(file->table) == 0 &&
           (uint64_t)get_4(tail - 4) * BLOCK == (uint64_t)(file->table - data);
}

enum shukach_status pairs_append(struct pairs **pairs, const char *path,
                                 struct shukach_error *err)
{
    if (*pairs == NULL) {
        *pairs = calloc(1, sizeof **pairs);
    }
    struct pairs *all = *pairs;
    if (all == NULL || !array_grow((void **)&all->files, &all->file_capacity,
                                   all->file_count + 1, sizeof *all->files)) {
        return error_nomem(err);
    }
    struct pairs_file file = {.first = all->count};
    enum shukach_status status = file_map(path, &file.data, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    if (!find_table(&file) ||
        __builtin_add_overflow(all->count, file.count, &all->count)) {
        file_unmap(&file.data);
        return damaged(err, path);
    }
    all->files[all->file_count++] = file;
    return SHUKACH_OK;
}

uint64_t pairs_count(const struct pairs *pairs)
{
    return pairs->count;
}

/* The file of a document; `*index` becomes that within it. */
static const struct pairs_file *file_of(const struct pairs *pairs,
                                        uint64_t *index)
{
    const struct pairs_file *file = &pairs->files[pairs->file_count - 1];
    while (*index < file->first) {
        file--;
    }
    *index -= file->first;
    return file;
}

void pairs_expect(const struct pairs *pairs, uint64_t index,
                  const uint64_t *keys, size_t count)
{
    if (index >= pairs->count) {
        return;
    }
    const struct pairs_file *file = file_of(pairs, &index);
    size_t from = get_4(file->table + 4 * index);
    size_t to = get_4(file->table + 4 * index + 4);
    /* Nothing is known of the table yet. */
    size_t all = (size_t)(file->table - file->data.data) / BLOCK;
    if (from >= to || to > all) {
        return;
    }
    for (size_t i = 0; i < count && i < EXPECTED; i++) {
        uint32_t place = block_of(keys[i], (uint32_t)(to - from));
        __builtin_prefetch(file->data.data + BLOCK * (from + place));
    }
}

/* Whether a block has the bits of a pair. */
static bool has(const unsigned char *block, uint64_t key)
{
    uint64_t more = mix(key);
    bool all = true;
    for (unsigned k = 0; k < SET_BITS; k++) {
        size_t bit = bit_of(more, k);
        all &= block[CHECK + bit / 8] >> (bit % 8) & 1;
    }
    return all;
}

enum shukach_status pairs_have(const struct pairs *pairs, uint64_t index,
                               const uint64_t *keys, size_t count, bool *out,
                               struct shukach_error *err)
{
    *out = false;
    if (index >= pairs->count) {
        return damaged(err, "a document is missing");
    }
    const struct pairs_file *file = file_of(pairs, &index);
    uint32_t from = get_4(file->table + 4 * index);
    uint32_t to = get_4(file->table + 4 * index + 4);
    if (from >= to || to > get_4(file->table + 4 * file->count)) {
        return damaged(err, "the table of blocks");
    }
    for (size_t i = 0; i < count && !*out; i++) {
        uint32_t place = block_of(keys[i], to - from);
        const unsigned char *block =
            file->data.data + BLOCK * ((size_t)from + place);
        if (check_of(block, index, place, to - from) != get_4(block)) {
            return damaged(err, "a block's check");
        }
        *out = has(block, keys[i]);
    }
    return SHUKACH_OK;
}

void pairs_free(struct pairs *pairs)
{
    if (pairs == NULL) {
        return;
    }
    for (size_t i = 0; i < pairs->file_count; i++) {
        file_unmap(&pairs->files[i].data);
    }
    free(pairs->files);
    free(pairs);
}
