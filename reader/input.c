/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <archive.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "format.h"

/* What the trailer of a gzip member says of its content, RFC 1952. */
#define TRAILER 8

struct input {
    int fd; /* -1: memory */
    const char *memory;
    size_t left;
    uint64_t *count;
    struct archive *archive; /* NULL: not compressed */
    enum shukach_reason failure;
    bool nomem;
    bool started;
    bool ended;
    bool check_crc;
    uint32_t crc;   /* of all that came out */
    uint32_t total; /* its length, modulo 2^32 as in the trailer */
    unsigned char last[TRAILER];
    char detail[160];
    size_t raw_from; /* raw bytes read but not yet handed on */
    size_t raw_to;
    size_t from; /* decompressed bytes not yet taken */
    size_t to;
    char raw[INPUT_HEAD];
    char data[INPUT_HEAD];
};

static void fail(struct input *input, enum shukach_reason reason,
                 const char *why)
{
    if (input->failure == 0) {
        input->failure = reason;
        snprintf(input->detail, sizeof input->detail, "%s", why);
    }
    input->ended = true;
}

static struct input *open_any(uint64_t *count)
{
    struct input *input = malloc(sizeof *input);
    if (input != NULL) {
        /* The two big arrays are left as they are: they are written before
         * they are read. */
        memset(input, 0, offsetof(struct input, raw));
        input->fd = -1;
        input->count = count;
    }
    return input;
}

struct input *input_open(int fd, uint64_t *count)
{
    struct input *input = open_any(count);
    if (input != NULL) {
        input->fd = fd;
    }
    return input;
}

struct input *input_open_memory(const void *data, size_t length,
                                uint64_t *count)
{
    struct input *input = open_any(count);
    if (input != NULL) {
        input->memory = data;
        input->left = length;
    }
    return input;
}

/* read() that waits where a descriptor, such as standard input, was made
 * non-blocking by somebody else. */
static ssize_t read_some(int fd, void *to, size_t size)
{
    for (;;) {
        ssize_t got = read(fd, to, size);
        if (got >= 0 || (errno != EINTR && errno != EAGAIN)) {
            return got;
        }
        if (errno == EAGAIN) {
            struct pollfd waiting = {.fd = fd, .events = POLLIN};
            poll(&waiting, 1, -1);
        }
    }
}

/* Remembers the last bytes that went by. */
static void keep_last(struct input *input, const char *data, size_t length)
{
    if (length >= TRAILER) {
        memcpy(input->last, data + length - TRAILER, TRAILER);
    } else {
        memmove(input->last, input->last + length, TRAILER - length);
        memcpy(input->last + TRAILER - length, data, length);
    }
}

/* The next raw bytes into `to`; 0 at the end or after a failure. */
static size_t pull(struct input *input, char *to, size_t size)
{
    size_t got = 0;
    if (input->fd < 0) {
        got = input->left < size ? input->left : size;
        if (got > 0) {
            memcpy(to, input->memory, got);
            input->memory += got;
            input->left -= got;
        }
    } else {
        ssize_t n = read_some(input->fd, to, size);
        if (n < 0) {
            char why[128];
            fail(input, SHUKACH_SKIP_UNREADABLE,
                 strerror_r(errno, why, sizeof why));
            return 0;
        }
        got = (size_t)n;
    }
    *input->count += got;
    keep_last(input, to, got);
    return got;
}

static la_ssize_t on_read(struct archive *archive, void *client,
                          const void **data)
{
    struct input *input = client;
    if (input->raw_from == input->raw_to) {
        input->raw_from = 0;
        input->raw_to = pull(input, input->raw, sizeof input->raw);
    }
    if (input->failure != 0) {
        archive_set_error(archive, EIO, "%s", input->detail);
        return ARCHIVE_FATAL;
    }
    *data = input->raw + input->raw_from;
    size_t length = input->raw_to - input->raw_from;
    input->raw_from = input->raw_to;
    return (la_ssize_t)length;
}

static void archive_failed(struct input *input)
{
    const char *why = archive_error_string(input->archive);
    input->nomem = archive_errno(input->archive) == ENOMEM;
    char detail[sizeof input->detail];
    snprintf(detail, sizeof detail, "the compressed data is damaged: %s",
             why != NULL ? why : "unknown error");
    fail(input, SHUKACH_SKIP_COMPRESSED, detail);
}

static bool is_compressed(const struct input *input)
{
    static const struct {
        const char *bytes;
        size_t length;
    } magic[] = {{"\x1f\x8b", 2}, {"\x28\xb5\x2f\xfd", 4}};
    for (size_t i = 0; i < sizeof magic / sizeof *magic; i++) {
        if (input->raw_to >= magic[i].length &&
            memcmp(input->raw, magic[i].bytes, magic[i].length) == 0) {
            return true;
        }
    }
    return false;
}

static void open_archive(struct input *input)
{
    struct archive *archive = archive_read_new();
    input->archive = archive;
    if (archive == NULL) {
        input->nomem = true;
        fail(input, SHUKACH_SKIP_COMPRESSED, "out of memory");
        return;
    }
    struct archive_entry *entry;
    if (archive_read_support_filter_gzip(archive) != ARCHIVE_OK ||
        archive_read_support_filter_zstd(archive) != ARCHIVE_OK ||
        archive_read_support_format_empty(archive) != ARCHIVE_OK ||
        archive_read_support_format_raw(archive) != ARCHIVE_OK) {
        archive_failed(input);
        return;
    }
    if (archive_read_open(archive, input, NULL, on_read, NULL) != ARCHIVE_OK) {
        archive_failed(input);
        return;
    }
    int got = archive_read_next_header(archive, &entry);
    if (got != ARCHIVE_OK && got != ARCHIVE_EOF) {
        archive_failed(input);
    } else if (archive_filter_count(archive) < 2) {
        /* The magic bytes were there, but not the rest of a header. */
        fail(input, SHUKACH_SKIP_COMPRESSED,
             "the compressed data is damaged: bad header");
    } else if (got == ARCHIVE_EOF) {
        input->ended = true;
    }
    input->check_crc = archive_filter_count(archive) == 2 &&
                       archive_filter_code(archive, 0) == ARCHIVE_FILTER_GZIP;
}

static void add_crc(struct input *input, const char *data, size_t length)
{
    /* Four bits at a time: polynomial 0xedb88320, as RFC 1952 has it. */
    static const uint32_t table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
    uint32_t crc = ~input->crc;
    for (size_t i = 0; i < length; i++) {
        crc ^= (unsigned char)data[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    input->crc = ~crc;
    input->total += (uint32_t)length;
}

/* libarchive 3.6 does not verify the CRC of gzip. Where the length in the
 * trailer is that of all the output, the file is one member and its CRC can
 * be checked; members of a longer chain cannot be told apart from here. */
static void check_crc(struct input *input)
{
    const unsigned char *last = input->last;
    uint32_t crc = last[0] | (uint32_t)last[1] << 8 | (uint32_t)last[2] << 16 |
                   (uint32_t)last[3] << 24;
    uint32_t total = last[4] | (uint32_t)last[5] << 8 |
                     (uint32_t)last[6] << 16 | (uint32_t)last[7] << 24;
    if (total == input->total && crc != input->crc) {
        fail(input, SHUKACH_SKIP_COMPRESSED,
             "the compressed data is damaged: its CRC is wrong");
    }
}

static size_t decompress(struct input *input, char *to, size_t size)
{
    la_ssize_t got = archive_read_data(input->archive, to, size);
    if (got < 0) {
        archive_failed(input);
        return 0;
    }
    if (input->check_crc) {
        add_crc(input, to, (size_t)got);
        if (got == 0) {
            check_crc(input);
        }
    }
    return (size_t)got;
}

/* Adds bytes to the window; false when there are no more. */
static bool fill(struct input *input)
{
    if (input->ended) {
        return false;
    }
    char *to = input->data + input->to;
    size_t size = sizeof input->data - input->to;
    size_t got = input->archive != NULL ? decompress(input, to, size)
                                        : pull(input, to, size);
    input->to += got;
    input->ended = input->ended || got == 0;
    return got > 0;
}

/* Looks for the magic bytes and fills the window for the first time. */
static void start(struct input *input)
{
    input->started = true;
    while (input->raw_to < sizeof input->raw) {
        size_t got = pull(input, input->raw + input->raw_to,
                          sizeof input->raw - input->raw_to);
        if (got == 0) {
            break;
        }
        input->raw_to += got;
    }
    if (is_compressed(input)) {
        open_archive(input);
        while (input->to < sizeof input->data && fill(input)) {
        }
    } else {
        memcpy(input->data, input->raw, input->raw_to);
        input->to = input->raw_to;
    }
}

size_t input_peek(struct input *input, const char **data)
{
    if (!input->started) {
        start(input);
    } else if (input->from == input->to) {
        input->from = 0;
        input->to = 0;
        fill(input);
    }
    *data = input->data + input->from;
    return input->to - input->from;
}

void input_take(struct input *input, size_t length)
{
    input->from += length;
}

bool input_compressed(const struct input *input)
{
    return input->archive != NULL;
}

enum shukach_reason input_failure(const struct input *input,
                                  const char **detail)
{
    *detail = input->detail;
    return input->failure;
}

bool input_nomem(const struct input *input)
{
    return input->nomem;
}

void input_close(struct input *input)
{
    if (input == NULL) {
        return;
    }
    if (input->archive != NULL) {
        archive_read_free(input->archive);
    }
    free(input);
}
