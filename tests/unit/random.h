/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers that look random and are the same in each run (xorshift). */
#ifndef RANDOM_H
#define RANDOM_H

#include <stddef.h>
#include <stdint.h>

static uint64_t random_state; /* the seed, not 0 */

static inline size_t pick(size_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (size_t)(random_state >> 11) % below;
}

#endif
