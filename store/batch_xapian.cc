/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing with libxapian: batches and their merging, apart from reading, so
 * that neither is over 600 lines. The rules are those of store_xapian.cc, and
 * its mapper of exceptions is the only one. */
#include <xapian.h>

#include "xapian_shim.h"

struct store_batch {
    Xapian::WritableDatabase database;
};

extern "C" {

enum shukach_status store_batch_open(const char *path, struct store_batch **out,
                                     struct shukach_error *err) noexcept
try {
    *out = nullptr;
    /* The generation is fsynced as a whole before it is published, so a
     * batch need not be; nobody else ever opens it. */
    *out = new store_batch{Xapian::WritableDatabase(
        path, Xapian::DB_CREATE | Xapian::DB_NO_TERMLIST | Xapian::DB_NO_SYNC |
                  Xapian::DB_BACKEND_GLASS)};
    return SHUKACH_OK;
} catch (...) {
    return map_exception(err, path);
}

enum shukach_status
store_batch_add(struct store_batch *batch, const struct store_term *terms,
                size_t term_count, const struct store_value *values,
                size_t value_count, struct shukach_error *err) noexcept
try {
    Xapian::Document document;
    for (size_t i = 0; i < term_count; i++) {
        document.add_term(bounded_term(terms[i].text, terms[i].length),
                          terms[i].count);
    }
    for (size_t i = 0; i < value_count; i++) {
        document.add_value(values[i].slot,
                           std::string(values[i].data, values[i].length));
    }
    batch->database.add_document(document);
    return SHUKACH_OK;
} catch (...) {
    return map_exception(err, "the batch being written");
}

enum shukach_status store_batch_commit(struct store_batch *batch,
                                       struct shukach_error *err) noexcept
try {
    batch->database.commit();
    batch->database.close();
    return SHUKACH_OK;
} catch (...) {
    return map_exception(err, "the batch being written");
}

void store_batch_close(struct store_batch *batch) noexcept
try {
    delete batch;
} catch (...) {
    /* A failing flush of a batch that is given up matters to nobody. */
}

enum shukach_status store_merge(const char *const *paths, size_t count,
                                const char *to,
                                struct shukach_error *err) noexcept
try {
    Xapian::Database all;
    for (size_t i = 0; i < count; i++) {
        all.add_database(Xapian::Database(paths[i]));
    }
    all.compact(to, Xapian::DBCOMPACT_SINGLE_FILE | Xapian::Compactor::FULLER);
    return SHUKACH_OK;
} catch (...) {
    return map_exception(err, to);
}

} /* extern "C" */
