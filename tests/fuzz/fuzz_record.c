/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as the records of a segment: no crash, no leak, and what is
 * handed out is UTF-8. The signatures are decoded as well. */
#include <sys/mman.h>
#include <unistd.h>

#include "store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_one(struct records *records, uint64_t i, struct arena *arena)
{
    const unsigned char *signature;
    size_t length;
    struct signature_token *tokens;
    size_t count;
    const char *fields[SHUKACH_FIELDS];
    size_t lengths[SHUKACH_FIELDS];
    if (records_signature(records, i, &signature, &length, NULL) ==
        SHUKACH_OK) {
        (void)!signature_decode(signature, length, NULL, arena, &tokens, &count,
                                NULL);
    }
    if (records_fields(records, i, arena, fields, lengths, NULL) !=
        SHUKACH_OK) {
        return;
    }
    for (size_t f = 0; f < SHUKACH_FIELDS; f++) {
        if (!utf8_valid(fields[f], lengths[f], NULL)) {
            abort();
        }
    }
}

static void read_all(const void *data, size_t size)
{
    struct records *records;
    struct arena arena = {0};
    char path[64];
    int fd = memfd_create("records", MFD_CLOEXEC);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (fd < 0 || !file_write_all(fd, data, size)) {
        abort();
    }
    if (records_open(path, &records, NULL) == SHUKACH_OK) {
        uint64_t count = records_count(records);
        for (uint64_t i = 0; i < count; i++) {
            read_one(records, i, &arena);
            arena_reset(&arena);
        }
        /* Past the end. */
        read_one(records, count, &arena);
        records_free(records);
    }
    arena_free(&arena);
    close(fd);
}

static void add_fixed(struct buf *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        buf_add_char(out, (char)(value >> (8 * i) & 0xff));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_all(data, size);
    /* As a record whose checks hold, in a file that is whole. */
    const unsigned char *at = data;
    uint64_t signature;
    size_t head = size;
    if (varint_read(&at, data + size, &signature) &&
        signature <= (size_t)(data + size - at)) {
        head = (size_t)(at - data) + (size_t)signature;
    }
    struct buf file;
    buf_init(&file, (size_t)1 << 24);
    buf_add_text(&file, "shukrec2");
    add_fixed(&file, hash64(data, head), 4);
    add_fixed(&file, hash64(data + head, size - head), 4);
    buf_add(&file, data, size);
    uint64_t end = file.length;
    add_fixed(&file, 8, 8);
    add_fixed(&file, end, 8);
    add_fixed(&file, 1, 8);
    buf_add_text(&file, "shukrec2");
    read_all(buf_text(&file), file.length);
    buf_free(&file);
    return 0;
}
