/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small indexes for tests of the searcher. */
#ifndef TEXTS_H
#define TEXTS_H

#include "scratch.h"
#include "shukach.h"

/* An index of texts, "0" and so on. */
static inline struct shukach_index *index_of(const char *name, size_t count,
                                             const char *const *texts)
{
    struct shukach_indexer *indexer;
    struct shukach_document *document;
    struct shukach_index *index;
    const char *dir = at(name);
    assert_int_equal(shukach_indexer_open(dir, &indexer, NULL), SHUKACH_OK);
    assert_int_equal(shukach_document_new(&document, NULL), SHUKACH_OK);
    for (size_t i = 0; i < count; i++) {
        char id[32];
        snprintf(id, sizeof id, "%zu", i);
        assert_int_equal(
            shukach_document_set(document, SHUKACH_ID, id, strlen(id), NULL),
            SHUKACH_OK);
        assert_int_equal(shukach_document_set(document, SHUKACH_TEXT, texts[i],
                                              strlen(texts[i]), NULL),
                         SHUKACH_OK);
        assert_int_equal(shukach_indexer_add(indexer, document, NULL),
                         SHUKACH_OK);
    }
    assert_int_equal(shukach_indexer_publish(indexer, NULL), SHUKACH_OK);
    shukach_document_free(document);
    shukach_indexer_close(indexer);
    assert_int_equal(shukach_index_open(dir, &index, NULL), SHUKACH_OK);
    return index;
}

#endif
