/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the store: a Xapian database file, written from its first block to
 * its last. */
#ifndef GLASS_H
#define GLASS_H

#include "store.h"

/* The longest key, and room for the number of a document behind it. */
#define GLASS_KEY 255

/* What Xapian keeps beside the table. Lengths are sums of `count`. */
struct glass_statistics {
    uint32_t documents;
    uint32_t shortest; /* of documents with terms; 0 if there is none */
    uint32_t longest;
    uint32_t most; /* the largest count of a term in a document */
    uint64_t total;
};

struct glass;

/* A new file. IO. */
enum shukach_status glass_create(const char *path, struct glass **out,
                                 struct shukach_error *err);
/* An entry of the table; keys come in the order of their bytes, each once.
 * INVALID (key out of order, empty or too long), LIMIT, IO, DISK_FULL. */
enum shukach_status glass_add(struct glass *glass, const void *key,
                              size_t key_length, const void *tag,
                              size_t tag_length, struct shukach_error *err);
/* Writes the rest and fsyncs. Nothing can be added afterwards. */
enum shukach_status glass_finish(struct glass *glass,
                                 const struct glass_statistics *statistics,
                                 struct shukach_error *err);
void glass_close(struct glass *glass);

#endif
