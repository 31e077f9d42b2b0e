/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which documents of a generation are deleted or replaced. The file,
 * little-endian:
 *   magic, 8 bytes
 *   the number of documents, living or not (varint)
 *   the number of tombstones (varint)
 *   for each in order: documents between it and the one before (varint)
 *   XXH3-64 of all before, 8 bytes */
#include "store.h"

static const char magic[8] = "shukded1";

#define FILE_MAX ((size_t)8 << 30)

enum shukach_status tombstones_new(uint64_t documents, struct tombstones *out,
                                   struct shukach_error *err)
{
    *out = (struct tombstones){.documents = documents};
    out->bits = calloc((size_t)(documents / 64) + 1, sizeof *out->bits);
    return out->bits == NULL ? error_nomem(err) : SHUKACH_OK;
}

void tombstones_free(struct tombstones *dead)
{
    free(dead->bits);
    *dead = (struct tombstones){0};
}

bool tombstones_has(const struct tombstones *dead, uint64_t index)
{
    return (dead->bits[index / 64] >> (index % 64) & 1) != 0;
}

void tombstones_add(struct tombstones *dead, uint64_t index)
{
    if (!tombstones_has(dead, index)) {
        dead->bits[index / 64] |= (uint64_t)1 << (index % 64);
        dead->count++;
    }
}

uint64_t tombstones_within(const struct tombstones *dead, uint64_t from,
                           uint64_t to)
{
    uint64_t count = 0;
    /* Opening an index shall not take longer for a larger one. */
    while (dead->count > 0 && from < to) {
        if (from % 64 == 0 && to - from >= 64) {
            count += (uint64_t)__builtin_popcountll(dead->bits[from / 64]);
            from += 64;
        } else {
            count += tombstones_has(dead, from++);
        }
    }
    return count;
}

enum shukach_status tombstones_write(const struct tombstones *dead,
                                     const char *path,
                                     struct shukach_error *err)
{
    struct buf file;
    buf_init(&file, FILE_MAX);
    buf_add(&file, magic, sizeof magic);
    buf_add_varint(&file, dead->documents);
    buf_add_varint(&file, dead->count);
    uint64_t next = 0;
    for (uint64_t i = 0; i < dead->documents; i++) {
        if (tombstones_has(dead, i)) {
            buf_add_varint(&file, i - next);
            next = i + 1;
        }
    }
    uint64_t sum = hash64(buf_text(&file), file.length);
    for (size_t i = 0; i < 8; i++) {
        buf_add_char(&file, (char)(sum >> (8 * i) & 0xff));
    }
    enum shukach_status status =
        file.failed != SHUKACH_OK
            ? error_nomem(err)
            : file_write(path, file.data, file.length, err);
    buf_free(&file);
    return status;
}

static enum shukach_status damaged(struct shukach_error *err, const char *path)
{
    return error_set(err, SHUKACH_CORRUPT, "%s is damaged; rebuild the index",
                     path);
}

/* The tombstones of a file whose sum holds. */
static bool parse(const unsigned char *at, const unsigned char *end,
                  struct tombstones *out)
{
    uint64_t documents;
    uint64_t count;
    uint64_t index = 0;
    if (!varint_read(&at, end, &documents) || documents != out->documents ||
        !varint_read(&at, end, &count) || count > documents) {
        return false;
    }
    for (; count > 0; count--) {
        uint64_t gap;
        if (!varint_read(&at, end, &gap) || gap >= documents - index) {
            return false;
        }
        tombstones_add(out, index + gap);
        index += gap + 1;
    }
    return at == end;
}

enum shukach_status tombstones_read(const char *path, uint64_t documents,
                                    struct tombstones *out,
                                    struct shukach_error *err)
{
    struct mapping file;
    enum shukach_status status = tombstones_new(documents, out, err);
    if (status == SHUKACH_OK) {
        status = file_map(path, &file, err);
    }
    if (status != SHUKACH_OK) {
        tombstones_free(out);
        return status;
    }
    uint64_t sum = 0;
    size_t length = file.length < 8 ? 0 : file.length - 8;
    for (size_t i = 0; length > 0 && i < 8; i++) {
        sum |= (uint64_t)file.data[length + i] << (8 * i);
    }
    if (length < sizeof magic || memcmp(file.data, magic, sizeof magic) != 0 ||
        hash64(file.data, length) != sum ||
        !parse(file.data + sizeof magic, file.data + length, out)) {
        status = damaged(err, path);
        tombstones_free(out);
    }
    file_unmap(&file);
    return status;
}
