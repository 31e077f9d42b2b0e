/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as the tombstones or the sources of a generation: no crash, no
 * leak. */
#include <sys/mman.h>
#include <unistd.h>

#include "indexer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(const void *data, size_t size, uint64_t documents)
{
    struct sources sources = {0};
    struct tombstones dead;
    char path[64];
    int fd = memfd_create("lists", MFD_CLOEXEC);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (fd < 0 || !file_write_all(fd, data, size)) {
        abort();
    }
    if (sources_read(&sources, path, documents, NULL) == SHUKACH_OK) {
        for (uint32_t i = 1; i <= sources.count; i++) {
            uint64_t count;
            const uint32_t *list = sources_documents(&sources, i, &count);
            for (uint64_t d = 0; d < count; d++) {
                if (list[d] >= documents) {
                    abort();
                }
            }
        }
    }
    sources_free(&sources);
    if (tombstones_read(path, documents, &dead, NULL) == SHUKACH_OK) {
        if (tombstones_within(&dead, 0, documents) != dead.count) {
            abort();
        }
        tombstones_free(&dead);
    }
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const magics[] = {"shuksrc1", "shukded1"};
    if (size == 0) {
        return 0;
    }
    read_all(data, size, data[0]);
    /* As a file that is whole; the first byte is how many documents. */
    for (size_t i = 0; i < 2; i++) {
        struct buf file;
        buf_init(&file, (size_t)1 << 24);
        buf_add_text(&file, magics[i]);
        buf_add(&file, data + 1, size - 1);
        uint64_t sum = hash64(file.data, file.length);
        for (size_t b = 0; b < 8; b++) {
            buf_add_char(&file, (char)(sum >> (8 * b) & 0xff));
        }
        read_all(file.data, file.length, data[0]);
        buf_free(&file);
    }
    return 0;
}
