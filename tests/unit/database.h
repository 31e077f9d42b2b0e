/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small databases for tests of the store. */
#ifndef DATABASE_H
#define DATABASE_H

#include <dirent.h>
#include <unistd.h>

#include "postings_writer.h"
#include "scratch.h"
#include "store.h"

/* A new writer of postings into PATH.parts. */
static inline struct postings_writer *postings_begin(const char *path,
                                                     size_t memory)
{
    char parts[320];
    struct postings_writer *writer;
    snprintf(parts, sizeof parts, "%s.parts", path);
    assert_int_equal(file_make_dirs(parts, NULL), SHUKACH_OK);
    assert_int_equal(postings_writer_new(parts, memory, &writer, NULL),
                     SHUKACH_OK);
    return writer;
}

/* Finishes the database and moves it to its path; nothing else is left. */
static inline void postings_end(struct postings_writer *writer,
                                const char *path)
{
    char parts[320];
    char postings[340];
    snprintf(parts, sizeof parts, "%s.parts", path);
    snprintf(postings, sizeof postings, "%s/%s", parts, SEGMENT_POSTINGS);
    struct shukach_error err = {0};
    if (postings_writer_finish(writer, &err) != SHUKACH_OK) {
        fail_msg("%s", err.message);
    }
    postings_writer_close(writer);
    assert_int_equal(rename(postings, path), 0);
    assert_int_equal(rmdir(parts), 0);
}

/* A database file of `count` documents: "all" and "t0" to "t9" in turn,
 * with the number in slot 0. */
static inline void make_database(const char *path, size_t count)
{
    struct postings_writer *writer = postings_begin(path, SIZE_MAX);
    for (size_t i = 0; i < count; i++) {
        char text[8];
        char number[24];
        snprintf(text, sizeof text, "t%zu", i % 10);
        snprintf(number, sizeof number, "%04zu", i);
        const struct store_term terms[] = {
            {.text = "all", .length = 3, .count = 1},
            {.text = text, .length = 2, .count = 1 + (uint32_t)i},
        };
        const struct store_value value = {.length = 4, .data = number};
        const struct store_document document = {.terms = terms,
                                                .term_count = 2,
                                                .values = &value,
                                                .value_count = 1};
        assert_int_equal(postings_writer_add(writer, &document, NULL),
                         SHUKACH_OK);
    }
    postings_end(writer, path);
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
