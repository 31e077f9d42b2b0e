/* SPDX-License-Identifier: GPL-3.0-or-later */
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
