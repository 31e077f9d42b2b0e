/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For cmocka programs that are users of the library: they see its header and
 * link with it, and nothing else of shukach. */
#ifndef API_H
#define API_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shukach.h"

/* ---- A directory that is gone in the end --------------------------------- */

/* In memory, where there is such a place: the disk is not what is tested. */
static char scratch[40];

static inline int scratch_make(void **state)
{
    (void)state;
    bool in_memory = access("/dev/shm", W_OK) == 0;
    snprintf(scratch, sizeof scratch, "%s/shukach-api-XXXXXX",
             in_memory ? "/dev/shm" : "/tmp");
    return mkdtemp(scratch) == NULL;
}

static inline int remove_one(const char *path, const struct stat *info,
                             int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

static inline int scratch_remove(void **state)
{
    (void)state;
    return nftw(scratch, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

struct path {
    char text[128];
};

static inline struct path at(const char *name, int number)
{
    struct path path;
    snprintf(path.text, sizeof path.text, "%s/%s%d", scratch, name, number);
    return path;
}

/* ---- Documents ------------------------------------------------------------
 */

/* Document `number` of a version; the version stands in its text. */
static inline enum shukach_status
document_fill(struct shukach_document *document, int number, int version,
              struct shukach_error *err)
{
    char fields[SHUKACH_FIELDS][160];
    snprintf(fields[SHUKACH_ID], 160, "d%d", number);
    snprintf(fields[SHUKACH_TEXT], 160,
             "Випуск %d. Інженерка Оксана Коваленко оглянула порт Одеси.",
             version);
    snprintf(fields[SHUKACH_TITLE], 160, "Портові новини %d", number);
    snprintf(fields[SHUKACH_DATE], 160, "2024-03-%02d", number % 28 + 1);
    snprintf(fields[SHUKACH_SOURCE], 160, "джерело %d", number % 3);
    snprintf(fields[SHUKACH_URL], 160, "https://example.org/%d", number);
    snprintf(fields[SHUKACH_AUTHOR], 160, "редакція");
    snprintf(fields[SHUKACH_LANG], 160, "uk");
    enum shukach_status status = SHUKACH_OK;
    for (int i = 0; i < SHUKACH_FIELDS && status == SHUKACH_OK; i++) {
        status = shukach_document_set(document, (enum shukach_field)i,
                                      fields[i], strlen(fields[i]), err);
    }
    return status;
}

/* Adds documents 0 to `count` - 1. */
static inline enum shukach_status add_all(struct shukach_indexer *indexer,
                                          int count, int version,
                                          struct shukach_error *err)
{
    struct shukach_document *document = NULL;
    enum shukach_status status = shukach_document_new(&document, err);
    for (int i = 0; i < count && status == SHUKACH_OK; i++) {
        status = document_fill(document, i, version, err);
        if (status == SHUKACH_OK) {
            status = shukach_indexer_add(indexer, document, err);
        }
    }
    shukach_document_free(document);
    return status;
}

#endif
