/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For cmocka programs that write files: a directory that is there before
 * the first test and gone after the last one. */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base.h"

static char scratch[] = "/tmp/shukach-test-XXXXXX";

static inline int scratch_make(void **state)
{
    (void)state;
    return mkdtemp(scratch) == NULL;
}

static inline int scratch_remove(void **state)
{
    (void)state;
    return file_remove(scratch, NULL) != SHUKACH_OK;
}

/* A path in it, lent until the fourth call after this one. */
static inline const char *at(const char *name)
{
    static char paths[4][256];
    static size_t turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", scratch, name);
    return path;
}

/* Writes a file anew. */
static inline void put(const char *path, const void *data, size_t length)
{
    assert_int_equal(file_remove(path, NULL), SHUKACH_OK);
    /* Not file_write: a test that writes thousands would wait for the disk. */
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* Reads a whole file; to be freed with buf_free. */
static inline struct buf get(const char *path)
{
    struct buf buf;
    buf_init(&buf, (size_t)1 << 30);
    assert_int_equal(file_read(path, &buf, NULL), SHUKACH_OK);
    return buf;
}

#endif
