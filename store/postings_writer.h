/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the store: the postings of a segment being made. */
#ifndef POSTINGS_WRITER_H
#define POSTINGS_WRITER_H

#include "glass.h"

/* DIR/NAME, owned by the caller. NOMEM. */
enum shukach_status path_of(const char *dir, const char *name, char **out,
                            struct shukach_error *err);

/* ---- lists.c: what is in memory ----------------------------------------- */

/* A list is what Xapian has under one term: for each document that holds it
 * an item, a number of occurrences or a value. It is kept as Xapian will
 * have it: the items, with the number of documents skipped before each but
 * the first. */
struct list {
    const unsigned char *key; /* as in the table, without a number */
    uint32_t key_length;
    uint32_t frequency; /* documents */
    uint64_t count;     /* occurrences */
    uint32_t first;     /* document */
    uint32_t last;
    struct slice *head;
    struct slice *tail;
};

struct lists {
    struct arena arena;
    struct list *items;
    size_t count;
    size_t capacity;
    uint32_t *table; /* index + 1, 0 for empty; by the hash of the key */
    size_t table_size;
    size_t bytes; /* of memory */
};

/* Bytes of a list, one piece after another. */
struct slice {
    struct slice *next;
    uint32_t used;
    uint32_t size;
    unsigned char bytes[];
};

/* The list of a key, which is new if its frequency is 0. NULL: NOMEM. */
struct list *lists_find(struct lists *lists, const void *key, size_t length);
/* Adds an item, of a later document than all before. NOMEM. */
bool lists_add(struct lists *lists, struct list *list, uint32_t document,
               const void *item, size_t length);
/* Pointers to all lists in the order of their keys, in the arena. NULL:
 * NOMEM. */
struct list **lists_sort(struct lists *lists);
/* Forgets all. */
void lists_reset(struct lists *lists);
void lists_free(struct lists *lists);

/* ---- runs.c: lists in files, merged -------------------------------------- */

/* First bytes of the keys that are no terms. */
#define KEY_BOUNDS "\0\xd0"
#define KEY_VALUES "\0\xd8"
#define KEY_LENGTHS "\0\xe0"
#define KEY_BYTES 2

#define SLOTS 8

/* How many values a slot has, and the least and greatest. */
struct bounds {
    uint32_t frequency;
    struct buf lower;
    struct buf upper;
};

struct runs {
    char **paths; /* in the order of documents */
    size_t count;
    size_t capacity;
    struct bounds bounds[SLOTS];
    struct glass_statistics statistics;
};

/* Writes a database file of all and fsyncs it. IO, DISK_FULL, LIMIT. */
enum shukach_status runs_merge(const struct runs *runs, const char *to,
                               struct shukach_error *err);

/* ---- postings_writer.c: documents to runs -------------------------------- */

struct postings_writer;

/* `memory` is how many bytes are collected before they go to a file. */
enum shukach_status postings_writer_new(const char *dir, size_t memory,
                                        struct postings_writer **out,
                                        struct shukach_error *err);
/* The next document. Its terms need no order; one over 245 bytes is cut and
 * ends in a hash. INVALID (an empty term, one that comes twice), IO,
 * DISK_FULL, LIMIT. */
enum shukach_status postings_writer_add(struct postings_writer *writer,
                                        const struct store_document *document,
                                        struct shukach_error *err);
/* Writes DIR/postings and fsyncs it. */
enum shukach_status postings_writer_finish(struct postings_writer *writer,
                                           struct shukach_error *err);
void postings_writer_close(struct postings_writer *writer);

#endif
