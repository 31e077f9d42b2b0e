/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as the records of a segment: no crash, no leak, and what is
 * handed out is UTF-8. The signatures are decoded as well. */
#include <sys/mman.h>
#include <unistd.h>

#include "store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_one(struct records *records, uint64_t i, struct arena *arena)
{
    struct signature signature;
    struct signature_token *tokens;
    size_t count;
    const char *fields[SHUKACH_FIELDS];
    size_t lengths[SHUKACH_FIELDS];
    if (records_signature(records, i, &signature, NULL) == SHUKACH_OK) {
        (void)!signature_decode(&signature, NULL, arena, &tokens, &count, NULL);
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

/* As a record whose checks hold, in a file that is whole; signatures have so
 * many codes, and the frame a dictionary. */
static void read_record(const uint8_t *data, size_t size, size_t codes,
                        size_t dictionary)
{
    const unsigned char *at = data;
    uint64_t signature;
    size_t head = size;
    if (varint_read(&at, data + size, &signature) && /* length in stems */
        varint_read(&at, data + size, &signature) &&
        signature <= (size_t)(data + size - at)) {
        head = (size_t)(at - data) + (size_t)signature;
    }
    struct buf file;
    buf_init(&file, (size_t)1 << 24);
    buf_add_text(&file, "shukrec3");
    add_fixed(&file, hash64(data, head), 4);
    add_fixed(&file, hash64(data + head, size - head), 4);
    buf_add(&file, data, size);
    uint64_t end = file.length;
    /* Both are made of the record itself, but for the codes of the marks. */
    static const char marks[] = {0, 0, 0, 1, 0, 0};
    size_t learned = dictionary + 3 * codes;
    for (size_t i = 0; i < learned; i++) {
        size_t code = i - dictionary;
        buf_add_char(&file, i >= dictionary && code < sizeof marks ? marks[code]
                            : size > 0 ? (char)data[i % size]
                                       : 'x');
    }
    uint64_t sum = hash64(buf_text(&file) + end, learned);
    add_fixed(&file, 8, 8);
    add_fixed(&file, end, 8);
    add_fixed(&file, dictionary, 8);
    add_fixed(&file, codes, 8);
    add_fixed(&file, sum, 8);
    add_fixed(&file, 1, 8);
    buf_add_text(&file, "shukrec3");
    read_all(buf_text(&file), file.length);
    buf_free(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_all(data, size);
    read_record(data, size, 0, 0);
    read_record(data, size, 300, 0);
    read_record(data, size, 40, 1000);
    return 0;
}
