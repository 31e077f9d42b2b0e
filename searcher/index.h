/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the searcher: an open index and its hits. */
#ifndef INDEX_H
#define INDEX_H

#include "searcher.h"

struct shukach_index {
    struct store_reader *store;
    struct analyser *analyser;
    struct alternatives *alternatives; /* NULL until needed */
    char bytes[24];
};

struct hit {
    double score;
    const char *fields[SHUKACH_FIELDS];
    size_t lengths[SHUKACH_FIELDS];
    struct marked_text snippet;
    struct marked_text title;
};

struct shukach_hits {
    struct arena arena;
    struct hit *items;
    size_t count;
    size_t capacity;
    uint64_t lower;
    uint64_t upper;
};

#endif
