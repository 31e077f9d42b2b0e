/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base.h"

uint64_t hash64(const void *data, size_t length)
{
    return XXH3_64bits(data, length);
}

struct hash128 hash_wide(const void *data, size_t length)
{
    XXH128_hash_t sum = XXH3_128bits(data, length);
    return (struct hash128){.low = sum.low64, .high = sum.high64};
}

enum shukach_status file_hash(const char *path, struct hash128 *out,
                              struct shukach_error *err)
{
    int fd;
    enum shukach_status status = file_open(path, &fd, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    size_t size = (size_t)1 << 18;
    XXH3_state_t *state = XXH3_createState();
    unsigned char *chunk = malloc(size);
    if (state == NULL || chunk == NULL) {
        status = error_nomem(err);
    } else {
        XXH3_128bits_reset(state);
    }
    while (status == SHUKACH_OK) {
        ssize_t got = read(fd, chunk, size);
        if (got < 0 && errno != EINTR) {
            status = error_io(err, "read", path);
        } else if (got > 0) {
            XXH3_128bits_update(state, chunk, (size_t)got);
        } else if (got == 0) {
            XXH128_hash_t sum = XXH3_128bits_digest(state);
            *out = (struct hash128){.low = sum.low64, .high = sum.high64};
            break;
        }
    }
    free(chunk);
    XXH3_freeState(state);
    close(fd);
    return status;
}
