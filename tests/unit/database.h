/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small databases for tests of the store. */
#ifndef DATABASE_H
#define DATABASE_H

#include <dirent.h>

#include "scratch.h"
#include "store.h"

/* A database file of `count` documents: "all" and "t0" to "t9" in turn,
 * with the number in slot 0. */
static inline void make_database(const char *path, size_t count)
{
    char parts[300];
    struct store_batch *batch;
    snprintf(parts, sizeof parts, "%s.parts", path);
    assert_int_equal(store_batch_open(parts, &batch, NULL), SHUKACH_OK);
    for (size_t i = 0; i < count; i++) {
        char text[8];
        char number[24];
        snprintf(text, sizeof text, "t%zu", i % 10);
        snprintf(number, sizeof number, "%04zu", i);
        const struct store_term terms[] = {
            {.text = "all", .length = 3, .count = 1},
            {.text = text, .length = 2, .count = 1 + (uint32_t)i},
        };
        struct store_value value = {.length = 4, .data = number};
        assert_int_equal(store_batch_add(batch, terms, 2, &value, 1, NULL),
                         SHUKACH_OK);
    }
    assert_int_equal(store_batch_commit(batch, NULL), SHUKACH_OK);
    store_batch_close(batch);
    assert_int_equal(store_merge((const char *const[]){parts}, 1, path, NULL),
                     SHUKACH_OK);
    assert_int_equal(file_remove(parts, NULL), SHUKACH_OK);
}

/* Descriptors of this process. */
static inline int open_files(void)
{
    int count = 0;
    DIR *dir = opendir("/proc/self/fd");
    while (dir != NULL && readdir(dir) != NULL) {
        count++;
    }
    closedir(dir);
    return count;
}

#endif
