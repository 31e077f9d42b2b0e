/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only C++: libxapian behind store.h. Each entry catches everything;
 * one mapper turns exceptions into statuses. No logic of ours here. */
#include <xapian.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <string>
#include <unordered_map>
#include <vector>

extern "C" {
#include "store.h"
}

struct store_batch {
    Xapian::WritableDatabase database;
};

struct store_postings {
    Xapian::Database database;
};

struct store_query {
    Xapian::Query query;
};

namespace
{

/* The errno behind an exception, of which Xapian keeps the text only: its
 * own, or that of an exception which its message quotes. 0 if there is none. */
int errno_of(const Xapian::Error &e)
{
    constexpr int last = EHWPOISON; /* the highest of Linux */
    const char *why = e.get_error_string();
    for (int number = last; number > 0; number--) {
        std::string text = std::strerror(number);
        if (why != nullptr
                ? why == text
                : e.get_msg().find("(" + text + ")") != std::string::npos) {
            return number;
        }
    }
    return why != nullptr ? EIO : 0;
}

/* Rethrows the exception in flight and sorts it. `what` is the path or the
 * object at work. */
enum shukach_status sort_exception(struct shukach_error *err, const char *what)
{
    try {
        throw;
    } catch (const std::bad_alloc &) {
        return error_nomem(err);
    } catch (const Xapian::DatabaseLockError &e) {
        return error_set(err, SHUKACH_LOCKED,
                         "%s is locked by another process: %s", what,
                         e.get_msg().c_str());
    } catch (const Xapian::DatabaseVersionError &e) {
        return error_set(err, SHUKACH_VERSION,
                         "%s was made by another version of Xapian (%s); "
                         "rebuild the index",
                         what, e.get_msg().c_str());
    } catch (const Xapian::DatabaseNotFoundError &e) {
        return error_set(err, SHUKACH_NOT_FOUND, "%s: %s", what,
                         e.get_msg().c_str());
    } catch (const Xapian::DocNotFoundError &e) {
        return error_set(err, SHUKACH_NOT_FOUND, "%s: %s", what,
                         e.get_msg().c_str());
    } catch (const Xapian::InvalidArgumentError &e) {
        return error_set(err, SHUKACH_INVALID, "%s: %s", what,
                         e.get_msg().c_str());
    } catch (const Xapian::DatabaseClosedError &e) {
        return error_set(err, SHUKACH_INTERNAL, "%s: %s", what,
                         e.get_msg().c_str());
    } catch (const Xapian::DatabaseError &e) {
        errno = errno_of(e);
        if (errno != 0) {
            return error_io(err, "use", what);
        }
        if (std::strcmp(e.get_type(), "DatabaseCreateError") == 0) {
            return error_set(err, SHUKACH_INVALID, "%s is there already", what);
        }
        return error_set(err, SHUKACH_CORRUPT,
                         "%s is damaged or not an index (%s); rebuild it", what,
                         e.get_msg().c_str());
    } catch (const Xapian::NetworkError &e) {
        return error_set(err, SHUKACH_IO, "%s: %s", what, e.get_msg().c_str());
    } catch (const Xapian::SerialisationError &e) {
        return error_set(err, SHUKACH_CORRUPT, "%s is damaged (%s); rebuild it",
                         what, e.get_msg().c_str());
    } catch (const Xapian::RangeError &e) {
        return error_set(err, SHUKACH_CORRUPT, "%s is damaged (%s); rebuild it",
                         what, e.get_msg().c_str());
    } catch (const Xapian::Error &e) {
        return error_set(err, SHUKACH_INTERNAL, "%s: %s: %s", what,
                         e.get_type(), e.get_msg().c_str());
    } catch (const std::exception &e) {
        return error_set(err, SHUKACH_INTERNAL, "%s: %s", what, e.what());
    } catch (...) {
        return error_set(err, SHUKACH_INTERNAL, "%s: unknown exception", what);
    }
}

/* Xapian takes terms of at most 245 bytes, a NUL counting twice. */
std::string bounded_term(const char *text, size_t length)
{
    constexpr size_t limit = 245;
    constexpr size_t digits = 16;
    size_t cost = length;
    for (size_t i = 0; i < length && cost <= limit; i++) {
        cost += text[i] == '\0';
    }
    if (cost <= limit) {
        return std::string(text, length);
    }
    /* Keep a readable head that cannot be over the limit even if it were
     * all NULs, and let a hash of the whole stand for the rest. */
    char hex[digits + 1];
    std::snprintf(hex, sizeof hex, "%016llx",
                  static_cast<unsigned long long>(hash64(text, length)));
    size_t head = utf8_floor(text, (limit - digits) / 2);
    return std::string(text, head) + hex;
}

enum shukach_status map_exception(struct shukach_error *err,
                                  const char *what) noexcept
try {
    return sort_exception(err, what);
} catch (...) {
    /* Not even the text of the exception could be had. */
    return error_nomem(err);
}

Xapian::Query::op operator_of(enum store_operator op)
{
    switch (op) {
    case STORE_AND:
        return Xapian::Query::OP_AND;
    case STORE_OR:
        return Xapian::Query::OP_OR;
    case STORE_SYNONYM:
        return Xapian::Query::OP_SYNONYM;
    case STORE_BEST:
        return Xapian::Query::OP_MAX;
    case STORE_AND_NOT:
        return Xapian::Query::OP_AND_NOT;
    case STORE_FILTER:
        return Xapian::Query::OP_FILTER;
    case STORE_AND_MAYBE:
        return Xapian::Query::OP_AND_MAYBE;
    }
    throw Xapian::InvalidArgumentError("unknown operator");
}

/* A query owned by C, or nullptr out of memory. */
template <typename Make> store_query *made(Make make) noexcept
{
    try {
        return new store_query{make()};
    } catch (...) {
        return nullptr;
    }
}

} // namespace

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

enum shukach_status store_postings_open(const char *const *paths, size_t count,
                                        struct store_postings **out,
                                        struct shukach_error *err) noexcept
{
    *out = nullptr;
    size_t i = 0;
    try {
        Xapian::Database all;
        for (; i < count; i++) {
            /* By descriptor, which Xapian closes: a file given by path that
             * is no database is taken for a stub, which may name any other
             * database or even a program to run, and an empty one for a
             * database without documents. */
            int fd;
            enum shukach_status status = file_open(paths[i], &fd, err);
            if (status != SHUKACH_OK) {
                return status;
            }
            all.add_database(Xapian::Database(fd));
        }
        *out = new store_postings{all};
        return SHUKACH_OK;
    } catch (...) {
        return map_exception(err, i < count ? paths[i] : "the index");
    }
}

void store_postings_close(struct store_postings *postings) noexcept
{
    delete postings;
}

struct store_statistics
store_postings_statistics(const struct store_postings *postings) noexcept
try {
    struct store_statistics statistics = {};
    statistics.documents = postings->database.get_doccount();
    statistics.average_length = postings->database.get_avlength();
    return statistics;
} catch (...) {
    return store_statistics{};
}

enum shukach_status
store_postings_frequency(const struct store_postings *postings,
                         const char *term, size_t length, uint32_t *out,
                         struct shukach_error *err) noexcept
try {
    *out = postings->database.get_termfreq(bounded_term(term, length));
    return SHUKACH_OK;
} catch (...) {
    return map_exception(err, "the index");
}

enum shukach_status store_postings_length(const struct store_postings *postings,
                                          uint32_t number, double *out,
                                          struct shukach_error *err) noexcept
try {
    *out = postings->database.get_doclength(number);
    return SHUKACH_OK;
} catch (...) {
    return map_exception(err, "the index");
}

struct store_query *store_query_term(const char *term, size_t length) noexcept
{
    return made([&] {
        /* To Xapian the empty term is every document. */
        return length == 0 ? Xapian::Query()
                           : Xapian::Query(bounded_term(term, length));
    });
}

struct store_query *store_query_all(void) noexcept
{
    return made([] { return Xapian::Query(std::string()); });
}

struct store_query *store_query_range(uint32_t slot, const char *from,
                                      const char *to) noexcept
{
    return made([&] {
        if (from == nullptr && to == nullptr) {
            return Xapian::Query(std::string());
        }
        if (from == nullptr) {
            return Xapian::Query(Xapian::Query::OP_VALUE_LE, slot, to);
        }
        if (to == nullptr) {
            return Xapian::Query(Xapian::Query::OP_VALUE_GE, slot, from);
        }
        return Xapian::Query(Xapian::Query::OP_VALUE_RANGE, slot, from, to);
    });
}

struct store_query *store_query_combine(enum store_operator op,
                                        struct store_query *const *operands,
                                        size_t count) noexcept
{
    bool whole = true;
    for (size_t i = 0; i < count; i++) {
        whole = whole && operands[i] != nullptr;
    }
    struct store_query *result = !whole ? nullptr : made([&] {
        std::vector<Xapian::Query> all;
        for (size_t i = 0; i < count; i++) {
            all.push_back(operands[i]->query);
        }
        return Xapian::Query(operator_of(op), all.begin(), all.end());
    });
    for (size_t i = 0; i < count; i++) {
        delete operands[i];
    }
    return result;
}

struct store_query *store_query_scale(struct store_query *query,
                                      double factor) noexcept
{
    struct store_query *result = query == nullptr ? nullptr : made([&] {
        return Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, query->query,
                             factor);
    });
    delete query;
    return result;
}

void store_query_free(struct store_query *query) noexcept
{
    delete query;
}

enum shukach_status store_search(struct store_postings *postings,
                                 const struct store_query *query,
                                 const struct store_match_options *options,
                                 struct arena *arena, struct store_matches *out,
                                 struct shukach_error *err) noexcept
try {
    *out = store_matches{};
    if (query == nullptr) {
        return error_nomem(err);
    }
    Xapian::Enquire enquire(postings->database);
    enquire.set_query(query->query);
    enquire.set_weighting_scheme(
        Xapian::BM25Weight(options->bm25_k1, 0, 1, options->bm25_b, 0.5));
    if (options->order != STORE_BY_WEIGHT) {
        enquire.set_sort_by_value_then_relevance(
            options->slot, options->order == STORE_BY_SLOT_DOWN);
    }
    Xapian::MSet set = enquire.get_mset(options->first, options->limit,
                                        options->check_at_least);
    out->lower = set.get_matches_lower_bound();
    out->upper = set.get_matches_upper_bound();
    out->items = static_cast<struct store_match *>(
        arena_array(arena, set.size(), sizeof *out->items));
    if (out->items == nullptr) {
        return error_nomem(err);
    }
    for (Xapian::MSetIterator i = set.begin(); i != set.end(); ++i) {
        out->items[out->count].number = *i;
        out->items[out->count].weight = i.get_weight();
        out->count++;
    }
    return SHUKACH_OK;
} catch (...) {
    return map_exception(err, "the index");
}

enum shukach_status store_read_value(const struct store_postings *postings,
                                     uint32_t number, uint32_t slot, char *out,
                                     size_t size,
                                     struct shukach_error *err) noexcept
try {
    std::string value =
        postings->database.get_document(number, Xapian::DOC_ASSUME_VALID)
            .get_value(slot);
    size_t length = value.copy(out, size - 1);
    out[length] = '\0';
    return SHUKACH_OK;
} catch (...) {
    return map_exception(err, "the index");
}

enum shukach_status store_search_all(struct store_postings *postings,
                                     const struct store_query *query,
                                     struct arena *arena, uint32_t **numbers,
                                     size_t *count,
                                     struct shukach_error *err) noexcept
try {
    if (query == nullptr) {
        return error_nomem(err);
    }
    Xapian::Enquire enquire(postings->database);
    enquire.set_query(query->query);
    enquire.set_weighting_scheme(Xapian::BoolWeight());
    enquire.set_docid_order(Xapian::Enquire::ASCENDING);
    Xapian::MSet set = enquire.get_mset(0, postings->database.get_doccount());
    *count = 0;
    *numbers = static_cast<uint32_t *>(
        arena_array(arena, set.size() + 1, sizeof **numbers));
    if (*numbers == nullptr) {
        return error_nomem(err);
    }
    for (Xapian::MSetIterator i = set.begin(); i != set.end(); ++i) {
        (*numbers)[(*count)++] = *i;
    }
    return SHUKACH_OK;
} catch (...) {
    return map_exception(err, "the index");
}

enum shukach_status
store_count_values(struct store_postings *postings, uint32_t slot, size_t most,
                   const uint32_t *numbers, size_t number_count,
                   struct arena *arena, struct store_count **counts,
                   size_t *count, struct shukach_error *err) noexcept
try {
    std::unordered_map<std::string, uint64_t> sums;
    Xapian::ValueIterator value = postings->database.valuestream_begin(slot);
    const Xapian::ValueIterator end = postings->database.valuestream_end(slot);
    for (size_t i = 0; i < number_count; i++) {
        if (value != end) {
            value.skip_to(numbers[i]);
        }
        bool there = value != end && value.get_docid() == numbers[i];
        std::string text = there ? *value : std::string();
        sums[most > 0 ? text.substr(0, most) : text]++;
    }
    *count = 0;
    *counts = static_cast<struct store_count *>(
        arena_array(arena, sums.size() + 1, sizeof **counts));
    if (*counts == nullptr) {
        return error_nomem(err);
    }
    for (const auto &sum : sums) {
        struct store_count *item = &(*counts)[*count];
        item->value = arena_copy(arena, sum.first.data(), sum.first.size());
        item->documents = sum.second;
        if (item->value == nullptr) {
            return error_nomem(err);
        }
        (*count)++;
    }
    return SHUKACH_OK;
} catch (...) {
    return map_exception(err, "the index");
}

} /* extern "C" */
