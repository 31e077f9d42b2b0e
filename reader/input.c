/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of one file, of a stream or of memory; gzip and zstd are undone
 * on the way, by zlib and libzstd themselves: libarchive would do both, but
 * does not check the CRC of gzip, and brings five libraries more into every
 * process, also into one that only searches. */
#include <errno.h>
#include <poll.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "format.h"

enum codec { CODEC_NONE, CODEC_GZIP, CODEC_ZSTD };

struct input {
    int fd; /* -1: memory */
    const char *memory;
    size_t left;
    uint64_t *count;
    enum codec codec;
    z_stream gzip;
    ZSTD_DStream *zstd;
    bool inside; /* a gzip member or a zstd frame is not complete */
    enum shukach_reason failure;
    bool nomem;
    bool started;
    bool ended;
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
    return got;
}

static enum codec find_codec(const char *raw, size_t length)
{
    static const struct {
        const char *bytes;
        size_t length;
        enum codec codec;
    } magic[] = {{"\x1f\x8b", 2, CODEC_GZIP},
                 {"\x28\xb5\x2f\xfd", 4, CODEC_ZSTD}};
    for (size_t i = 0; i < sizeof magic / sizeof *magic; i++) {
        if (length >= magic[i].length &&
            memcmp(raw, magic[i].bytes, magic[i].length) == 0) {
            return magic[i].codec;
        }
    }
    return CODEC_NONE;
}

static void damaged(struct input *input, const char *why)
{
    char detail[sizeof input->detail];
    snprintf(detail, sizeof detail, N_("the compressed data is damaged: %s"),
             why);
    fail(input, SHUKACH_SKIP_COMPRESSED, detail);
}

static void no_memory(struct input *input)
{
    input->nomem = true;
    fail(input, SHUKACH_SKIP_COMPRESSED, "out of memory");
}

static void open_codec(struct input *input)
{
    /* 16: a gzip header and its CRC are expected. */
    bool good = input->codec == CODEC_GZIP
                    ? inflateInit2(&input->gzip, MAX_WBITS + 16) == Z_OK
                    : (input->zstd = ZSTD_createDStream()) != NULL;
    if (!good) {
        no_memory(input);
    }
}

/* Each of the two takes raw bytes and makes bytes of them; how many. */
static size_t gunzip(struct input *input, char *to, size_t size)
{
    z_stream *z = &input->gzip;
    size_t length = input->raw_to - input->raw_from;
    z->next_in = (unsigned char *)input->raw + input->raw_from;
    z->avail_in = (unsigned)length;
    z->next_out = (unsigned char *)to;
    z->avail_out = (unsigned)size;
    int got = inflate(z, Z_NO_FLUSH);
    input->raw_from += length - z->avail_in;
    input->inside = got != Z_STREAM_END;
    if (got == Z_STREAM_END) {
        inflateReset(z);
    } else if (got == Z_MEM_ERROR) {
        no_memory(input);
    } else if (got != Z_OK && got != Z_BUF_ERROR) {
        damaged(input, z->msg != NULL ? z->msg : N_("it needs a dictionary"));
    }
    return size - z->avail_out;
}

static size_t unzstd(struct input *input, char *to, size_t size)
{
    ZSTD_inBuffer in = {input->raw + input->raw_from,
                        input->raw_to - input->raw_from, 0};
    ZSTD_outBuffer out = {to, size, 0};
    size_t left = ZSTD_decompressStream(input->zstd, &out, &in);
    input->raw_from += in.pos;
    input->inside = left != 0;
    if (ZSTD_isError(left)) {
        damaged(input, ZSTD_getErrorName(left));
    }
    return out.pos;
}

/* Decompressed bytes; 0 at the end. Members and frames may follow each
 * other; what follows them and is neither is padding, as gzip takes it. */
static size_t decompress(struct input *input, char *to, size_t size)
{
    while (!input->ended) {
        if (input->raw_from == input->raw_to) {
            input->raw_from = 0;
            input->raw_to = pull(input, input->raw, sizeof input->raw);
        }
        const char *next = input->raw + input->raw_from;
        size_t length = input->raw_to - input->raw_from;
        if (length == 0) {
            if (input->inside) {
                damaged(input, "it is cut off");
            }
            return 0;
        }
        /* A magic number may be cut by the end of the buffer; then the codec
         * is asked, which knows. */
        if (!input->inside && length >= 4 &&
            find_codec(next, length) != input->codec) {
            return 0;
        }
        size_t got = input->codec == CODEC_GZIP ? gunzip(input, to, size)
                                                : unzstd(input, to, size);
        if (got > 0) {
            return got;
        }
    }
    return 0;
}

/* Adds bytes to the window; false when there are no more. */
static bool fill(struct input *input)
{
    if (input->ended) {
        return false;
    }
    char *to = input->data + input->to;
    size_t size = sizeof input->data - input->to;
    size_t got = input->codec != CODEC_NONE ? decompress(input, to, size)
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
    input->codec = find_codec(input->raw, input->raw_to);
    if (input->codec != CODEC_NONE) {
        open_codec(input);
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
    return input->codec != CODEC_NONE;
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
    if (input->codec == CODEC_GZIP) {
        inflateEnd(&input->gzip);
    }
    ZSTD_freeDStream(input->zstd);
    free(input);
}
