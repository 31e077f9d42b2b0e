/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as the pairs of a segment, and as a signature whose pairs are
 * written and read: no crash, and what a document has is never denied. */
#include <sys/mman.h>
#include <unistd.h>

#include "store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(const void *data, size_t size)
{
    struct pairs *pairs = NULL;
    char path[64];
    int fd = memfd_create("pairs", MFD_CLOEXEC);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (fd < 0 || !file_write_all(fd, data, size)) {
        abort();
    }
    if (pairs_append(&pairs, path, NULL) == SHUKACH_OK) {
        /* One past the end, too. */
        for (uint64_t i = 0; i <= pairs_count(pairs); i++) {
            uint64_t keys[] = {pairs_key(2, 3), pairs_key((uint16_t)i, 4)};
            bool found;
            (void)!pairs_have(pairs, i, keys, 2, &found, NULL);
        }
    }
    pairs_free(pairs);
    close(fd);
}

/* The pairs that a signature holds, where it is one. */
static void ask_all(const struct pairs *pairs, const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct signature signature = {.data = data, .length = size};
    struct signature_token *tokens;
    size_t count;
    if (signature_decode(&signature, NULL, &arena, &tokens, &count, NULL) !=
        SHUKACH_OK) {
        count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t k = i + 1;
             k < count && tokens[k].position <= tokens[i].position + 1; k++) {
            uint64_t key = pairs_key(tokens[i].stem, tokens[k].stem);
            bool found;
            if (tokens[k].position > tokens[i].position &&
                (pairs_have(pairs, 0, &key, 1, &found, NULL) != SHUKACH_OK ||
                 !found)) {
                abort();
            }
        }
    }
    arena_free(&arena);
}

static void write_and_ask(const uint8_t *data, size_t size)
{
    char dir[] = "/tmp/shukach-fuzz-XXXXXX";
    char path[64];
    struct pairs_writer *writer;
    struct pairs *pairs = NULL;
    struct buf signature;
    buf_init(&signature, size + 1);
    buf_add(&signature, data, size);
    snprintf(path, sizeof path, "%s/pairs", mkdtemp(dir));
    if (pairs_create(path, &writer, NULL) != SHUKACH_OK ||
        pairs_add(writer, &signature, NULL) != SHUKACH_OK ||
        pairs_finish(writer, NULL) != SHUKACH_OK ||
        pairs_append(&pairs, path, NULL) != SHUKACH_OK) {
        abort();
    }
    ask_all(pairs, data, size);
    pairs_free(pairs);
    pairs_close(writer);
    buf_free(&signature);
    (void)!file_remove(dir, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_all(data, size);
    write_and_ask(data, size);
    return 0;
}
