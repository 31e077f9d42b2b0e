/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A single-file database of Xapian 1.4 and later ("glass", format of
 * 2016-03-14), with a table of postings and no other. Xapian builds one
 * through trees of strings in memory and merges it block by block; whoever
 * has the keys in order can write the blocks one after another, at a
 * fortieth of the cost (docs/performance.md). Xapian reads the file, and its
 * own check goes through every one in the tests.
 *
 * Numbers in blocks are big-endian. A block:
 *   0   4  revision, here 1
 *   4   1  level, 0 for leaves
 *   5   2  free bytes in one piece
 *   7   2  free bytes
 *   9   2  end of the directory
 *   11     the directory: offset of each item, 2 bytes, in the order of keys
 *   …      items, from the end of the block downwards
 * An item of a leaf: its size less 3 with three flags in the high bits (2),
 * length of the key (1), key, number of the piece unless it is the first
 * (2), the piece of the tag. An item of a branch: block (4), length of the
 * key (1), key, number of the piece (2); the key says where the block begins,
 * and is empty in the first item of each branch. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "glass.h"

#define BLOCK 8192
#define HEADER 11
#define ENTRY 2   /* of the directory */
#define LEVELS 10 /* what Xapian takes */
#define REVISION 1
#define FIRST 0x20 /* flags of an item, in its first byte */
#define LAST 0x40
#define PIECE 2 /* bytes of the number of a piece */
/* Less of a tag than this, beside another key, is not worth a piece. */
#define PIECE_MIN 34
#define TABLES                                                                 \
    6 /* postings, data, term lists, positions, spelling, synonyms             \
       */
#define FLUSH_AT ((size_t)64 * BLOCK)

struct block {
    unsigned char data[BLOCK];
    size_t directory; /* its end */
    size_t items;     /* where they begin */
    /* Where it begins, for the level above: */
    unsigned char key[GLASS_KEY];
    size_t key_length;
    unsigned piece;
};

struct glass {
    char *path;
    int fd;
    struct buf pending;
    uint64_t blocks; /* the number of the next one */
    struct block *levels[LEVELS];
    size_t height; /* levels in use */
    uint64_t entries;
    unsigned char last[GLASS_KEY];
    size_t last_length;
};

static void put(unsigned char *at, uint64_t value, size_t bytes)
{
    for (size_t i = bytes; i-- > 0;) {
        at[i] = (unsigned char)(value & 0xff);
        value >>= 8;
    }
}

static void block_begin(struct block *block)
{
    memset(block->data, 0, sizeof block->data);
    block->directory = HEADER;
    block->items = BLOCK;
}

static size_t block_free(const struct block *block)
{
    return block->items - block->directory;
}

/* Room for an item that was seen to fit. */
static unsigned char *block_item(struct block *block, size_t size)
{
    block->items -= size;
    put(block->data + block->directory, block->items, ENTRY);
    block->directory += ENTRY;
    return block->data + block->items;
}

static void leaf_item(struct block *block, const unsigned char *key,
                      size_t key_length, unsigned piece, const void *tag,
                      size_t tag_length, unsigned flags)
{
    size_t head = 3 + key_length + (piece > 1 ? PIECE : 0);
    unsigned char *item = block_item(block, head + tag_length);
    put(item, head + tag_length - 3, 2);
    item[0] |= (unsigned char)flags;
    item[2] = (unsigned char)key_length;
    memcpy(item + 3, key, key_length);
    if (piece > 1) {
        put(item + 3 + key_length, piece, PIECE);
    }
    memcpy(item + head, tag, tag_length);
}

/* Writes the block of a level and tells its number. */
static enum shukach_status block_write(struct glass *glass, size_t level,
                                       uint32_t *number,
                                       struct shukach_error *err)
{
    struct block *block = glass->levels[level];
    if (glass->blocks > UINT32_MAX) {
        return error_set(err, SHUKACH_LIMIT,
                         "%s: too many postings for one index", glass->path);
    }
    *number = (uint32_t)glass->blocks++;
    put(block->data, REVISION, 4);
    block->data[4] = (unsigned char)level;
    put(block->data + 5, block_free(block), 2);
    put(block->data + 7, block_free(block), 2);
    put(block->data + 9, block->directory, 2);
    buf_add(&glass->pending, block->data, BLOCK);
    return glass->pending.length < FLUSH_AT
               ? SHUKACH_OK
               : file_write_pending(glass->fd, glass->path, &glass->pending,
                                    err);
}

/* Ends the block of a level: the one above points to it. */
static enum shukach_status level_up(struct glass *glass, size_t level,
                                    struct shukach_error *err)
{
    uint32_t number;
    enum shukach_status status = block_write(glass, level, &number, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    if (level + 1 == LEVELS) {
        return error_set(err, SHUKACH_LIMIT,
                         "%s: too many postings for one index", glass->path);
    }
    struct block *above = glass->levels[level + 1];
    const struct block *block = glass->levels[level];
    bool first = above == NULL;
    if (first) {
        above = malloc(sizeof *above);
        if (above == NULL) {
            return error_nomem(err);
        }
        glass->levels[level + 1] = above;
        glass->height++;
    } else if (block_free(above) < ENTRY + 4 + 1 + block->key_length + PIECE) {
        status = level_up(glass, level + 1, err);
        first = true;
    }
    if (first) {
        block_begin(above);
        memcpy(above->key, block->key, block->key_length);
        above->key_length = block->key_length;
        above->piece = block->piece;
    }
    size_t length = first ? 0 : block->key_length;
    unsigned char *item = block_item(above, 4 + 1 + length + PIECE);
    put(item, number, 4);
    item[4] = (unsigned char)length;
    memcpy(item + 5, block->key, length);
    put(item + 5 + length, first ? 0 : block->piece, PIECE);
    return status;
}

/* A new leaf, which begins with this key: as much of it as tells it from the
 * key before. */
static void leaf_begin(struct glass *glass, const unsigned char *key,
                       size_t length, unsigned piece)
{
    struct block *leaf = glass->levels[0];
    size_t same = 0;
    while (same < length && same < glass->last_length &&
           key[same] == glass->last[same]) {
        same++;
    }
    block_begin(leaf);
    leaf->key_length = same < length ? same + 1 : length;
    memcpy(leaf->key, key, leaf->key_length);
    leaf->piece = piece;
}

enum shukach_status glass_create(const char *path, struct glass **out,
                                 struct shukach_error *err)
{
    *out = NULL;
    struct glass *glass = calloc(1, sizeof *glass);
    if (glass == NULL) {
        return error_nomem(err);
    }
    buf_init(&glass->pending, 2 * FLUSH_AT);
    glass->path = strdup(path);
    glass->levels[0] = calloc(1, sizeof *glass->levels[0]);
    glass->height = 1;
    glass->fd = -1;
    enum shukach_status status = SHUKACH_OK;
    if (glass->path == NULL || glass->levels[0] == NULL) {
        status = error_nomem(err);
    } else {
        glass->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (glass->fd < 0) {
            status = error_io(err, "create", path);
        }
    }
    if (status != SHUKACH_OK) {
        glass_close(glass);
        return status;
    }
    /* The head comes last, into the first block. */
    static const unsigned char head[BLOCK];
    buf_add(&glass->pending, head, sizeof head);
    glass->blocks = 1;
    /* Below the first key stands an empty one, to begin at. */
    block_begin(glass->levels[0]);
    leaf_item(glass->levels[0], head, 0, 1, head, 0, FIRST | LAST);
    *out = glass;
    return SHUKACH_OK;
}

enum shukach_status glass_add(struct glass *glass, const void *key,
                              size_t key_length, const void *tag,
                              size_t tag_length, struct shukach_error *err)
{
    if (key_length > GLASS_KEY ||
        bytes_compare(key, key_length, glass->last, glass->last_length) <= 0) {
        return error_set(err, SHUKACH_INVALID, "%s: a key out of order",
                         glass->path);
    }
    struct block *leaf = glass->levels[0];
    const unsigned char *left = tag;
    unsigned piece = 1;
    unsigned flags = 0;
    while ((flags & LAST) == 0) {
        size_t head = ENTRY + 3 + key_length + (piece > 1 ? PIECE : 0);
        size_t room = block_free(leaf);
        bool whole = room >= head + tag_length;
        if (!whole && (room < head + key_length + PIECE_MIN)) {
            enum shukach_status status = level_up(glass, 0, err);
            if (status != SHUKACH_OK) {
                return status;
            }
            leaf_begin(glass, key, key_length, piece);
            continue;
        }
        size_t length = whole ? tag_length : room - head;
        flags = (piece == 1 ? FIRST : 0U) | (whole ? LAST : 0U);
        leaf_item(leaf, key, key_length, piece, left, length, flags);
        left += length;
        tag_length -= length;
        piece++;
        memcpy(glass->last, key, key_length);
        glass->last_length = key_length;
    }
    glass->entries++;
    return glass->pending.failed == SHUKACH_OK ? SHUKACH_OK : error_nomem(err);
}

/* What a table of the database is, in the head. */
static void add_table(struct buf *head, uint64_t root, uint64_t level,
                      uint64_t entries, bool empty, unsigned compress,
                      uint64_t blocks)
{
    /* An empty one is not there; only sequential writing may go on. */
    buf_add_varint(head, root);
    buf_add_varint(head, level << 2 | (empty ? 3 : 0));
    buf_add_varint(head, entries);
    buf_add_varint(head, BLOCK >> 11);
    buf_add_varint(head, compress);
    /* Blocks that are free: none, from the end on. */
    struct buf free_list;
    buf_init(&free_list, 32);
    if (!empty) {
        buf_add_varint(&free_list, REVISION);
        buf_add_varint(&free_list, blocks);
        for (size_t i = 0; i < 4; i++) {
            buf_add_varint(&free_list, 0);
        }
    }
    buf_add_varint(head, free_list.length);
    buf_add(head, buf_text(&free_list), free_list.length);
    head->failed = head->failed == SHUKACH_OK ? free_list.failed : head->failed;
    buf_free(&free_list);
}

static void add_head(struct buf *head, const struct glass *glass, uint32_t root,
                     const unsigned char uuid[16],
                     const struct glass_statistics *statistics)
{
    static const char magic[16] = "\x0f\x0dXapian Glass\x04\x6e";
    /* Over how many bytes Xapian would compress the tags of each table. */
    static const unsigned compress[TABLES] = {0, 18, 18, 0, 18, 18};
    buf_add(head, magic, sizeof magic);
    buf_add(head, uuid, 16);
    buf_add_varint(head, REVISION);
    add_table(head, root, glass->height - 1, glass->entries,
              glass->entries == 0, compress[0], glass->blocks);
    for (size_t i = 1; i < TABLES; i++) {
        add_table(head, 0, 0, 0, true, compress[i], 0);
    }
    buf_add_varint(head, statistics->documents);
    buf_add_varint(head, 0); /* the last number less the documents */
    buf_add_varint(head, statistics->shortest);
    buf_add_varint(head, statistics->most);
    buf_add_varint(head, statistics->longest - statistics->most);
    buf_add_varint(head, 0); /* changesets */
    buf_add_varint(head, statistics->total);
    buf_add_varint(head, 0); /* spelling */
}

static enum shukach_status write_head(struct glass *glass, uint32_t root,
                                      const struct glass_statistics *statistics,
                                      struct shukach_error *err)
{
    unsigned char uuid[16];
    if (getrandom(uuid, sizeof uuid, 0) != (ssize_t)sizeof uuid) {
        return error_io(err, "get random bytes for", glass->path);
    }
    uuid[6] = (unsigned char)((uuid[6] & 0x0f) | 0x40); /* RFC 4122 */
    uuid[8] = (unsigned char)((uuid[8] & 0x3f) | 0x80);
    struct buf head;
    buf_init(&head, 256);
    add_head(&head, glass, root, uuid, statistics);
    enum shukach_status status = SHUKACH_OK;
    if (head.failed != SHUKACH_OK) {
        status = error_nomem(err);
    } else if (lseek(glass->fd, 0, SEEK_SET) != 0 ||
               !file_write_all(glass->fd, buf_text(&head), head.length) ||
               fsync(glass->fd) != 0) {
        status = error_io(err, "write", glass->path);
    }
    buf_free(&head);
    return status;
}

enum shukach_status glass_finish(struct glass *glass,
                                 const struct glass_statistics *statistics,
                                 struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    uint32_t root = 0;
    if (glass->entries > 0) {
        for (size_t i = 0; i + 1 < glass->height && status == SHUKACH_OK; i++) {
            status = level_up(glass, i, err);
        }
        if (status == SHUKACH_OK) {
            status = block_write(glass, glass->height - 1, &root, err);
        }
    }
    if (status == SHUKACH_OK) {
        status =
            file_write_pending(glass->fd, glass->path, &glass->pending, err);
    }
    return status == SHUKACH_OK ? write_head(glass, root, statistics, err)
                                : status;
}

void glass_close(struct glass *glass)
{
    if (glass == NULL) {
        return;
    }
    if (glass->fd >= 0) {
        close(glass->fd);
    }
    for (size_t i = 0; i < LEVELS; i++) {
        free(glass->levels[i]);
    }
    buf_free(&glass->pending);
    free(glass->path);
    free(glass);
}
