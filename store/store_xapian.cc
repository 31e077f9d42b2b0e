/* SPDX-License-Identifier: GPL-3.0-or-later */
/* With the other files *_xapian.cc the only C++: libxapian behind store.h. Each
 * entry catches everything; one mapper turns exceptions into statuses. No logic
 * of ours here. */
#include <xapian.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <unordered_map>
#include <vector>

#include "xapian_shim.h"

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
    } catch (const Stopped &) {
        return error_set(err, SHUKACH_CANCELLED, "the caller stopped");
    } catch (const Failed &e) {
        return e.status;
    } catch (const Xapian::DatabaseLockError &e) {
        bool held = e.get_msg().find("already locked") != std::string::npos;
        return error_set(err, held ? SHUKACH_LOCKED : SHUKACH_IO,
                         "cannot lock %s: %s", what, e.get_msg().c_str());
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

} // namespace

std::string bounded_term(const char *text, size_t length)
{
    char cut[STORE_TERM_BYTES + 1];
    const char *term = store_term_cut(text, &length, cut);
    return std::string(term, length);
}

enum shukach_status map_exception(struct shukach_error *err,
                                  const char *what) noexcept
try {
    return sort_exception(err, what);
} catch (...) {
    /* Not even the text of the exception could be had. */
    return error_nomem(err);
}

namespace
{

/* The deleted documents of whichever part the matcher works on. */
class Buried : public Xapian::PostingSource
{
  public:
    explicit Buried(const store_postings *postings_) : postings(postings_)
    {
    }
    void init(const Xapian::Database &part) override
    {
        list = &postings->buried.at(part.get_uuid());
        at = 0;
        begun = false;
    }
    Xapian::doccount get_termfreq_min() const override
    {
        return Xapian::doccount(list->size());
    }
    Xapian::doccount get_termfreq_est() const override
    {
        return Xapian::doccount(list->size());
    }
    Xapian::doccount get_termfreq_max() const override
    {
        return Xapian::doccount(list->size());
    }
    void next(double) override
    {
        at += begun;
        begun = true;
    }
    void skip_to(Xapian::docid to, double) override
    {
        begun = true;
        auto from = list->begin() + std::ptrdiff_t(at);
        at = size_t(std::lower_bound(from, list->end(), to) - list->begin());
    }
    bool at_end() const override
    {
        return at >= list->size();
    }
    Xapian::docid get_docid() const override
    {
        return (*list)[at];
    }
    Buried *clone() const override
    {
        return new Buried(postings);
    }

  private:
    const store_postings *postings;
    const std::vector<Xapian::docid> *list = nullptr;
    size_t at = 0;
    bool begun = false;
};

/* All documents of one part, or of every part; says in `*at` which one the
 * matcher is at work on. */
class Within : public Xapian::PostingSource
{
  public:
    Within(const store_postings *postings_, size_t only_, size_t *at_)
        : postings(postings_), only(only_), at(at_)
    {
    }
    void init(const Xapian::Database &database) override
    {
        part = postings->part_of_uuid(database.get_uuid());
        bool all = only >= postings->parts.size() || only == part;
        last = all ? database.get_lastdocid() : 0;
        id = 0;
    }
    Xapian::doccount get_termfreq_min() const override
    {
        return last;
    }
    Xapian::doccount get_termfreq_est() const override
    {
        return last;
    }
    Xapian::doccount get_termfreq_max() const override
    {
        return last;
    }
    void next(double) override
    {
        id++;
        *at = part;
    }
    void skip_to(Xapian::docid to, double) override
    {
        id = std::max(id, to);
        *at = part;
    }
    bool at_end() const override
    {
        return id > last;
    }
    Xapian::docid get_docid() const override
    {
        return id;
    }
    Within *clone() const override
    {
        return new Within(postings, only, at);
    }

  private:
    const store_postings *postings;
    size_t only;
    size_t *at;
    size_t part = 0;
    Xapian::docid last = 0;
    Xapian::docid id = 0;
};

/* Sees every document that the matcher comes to. */
class Watch : public Xapian::MatchSpy
{
  public:
    explicit Watch(const store_postings *postings_) : postings(postings_)
    {
    }
    void operator()(const Xapian::Document &, double) override
    {
        postings->tell();
    }

  private:
    const store_postings *postings;
};

/* Asks the caller about a document that would come among the best. Xapian
 * only says which one of its part it is. */
class Decider : public Xapian::MatchDecider
{
  public:
    Decider(const size_t *part_, const Search &search_)
        : part(part_), search(search_)
    {
    }
    bool operator()(const Xapian::Document &document) const override
    {
        bool match = false;
        enum shukach_status status = search.options->on_candidate(
            search.postings->firsts[*part] + document.get_docid(), &match,
            search.options->payload, search.err);
        if (status != SHUKACH_OK) {
            throw Failed{status};
        }
        search.bound->denied += !match;
        return match;
    }

  private:
    const size_t *part;
    const Search &search;
};

/* The query without what is deleted. */
Xapian::Query living(const store_postings *postings, const Xapian::Query &query)
{
    if (postings->buried.empty()) {
        return query;
    }
    Buried buried(postings);
    return Xapian::Query(Xapian::Query::OP_AND_NOT, query,
                         Xapian::Query(&buried));
}

} // namespace

extern "C" {

enum shukach_status store_postings_open(const char *const *paths, size_t count,
                                        struct store_postings **out,
                                        struct shukach_error *err) noexcept
{
    *out = nullptr;
    size_t i = 0;
    try {
        auto all = std::make_unique<store_postings>();
        Xapian::doccount largest = 0;
        all->firsts.push_back(0);
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
            Xapian::Database part(fd);
            all->database.add_database(part);
            all->parts.push_back(part);
            all->firsts.push_back(all->firsts[i] + part.get_doccount());
            largest = std::max(largest, part.get_doccount());
            if (all->firsts[i + 1] < all->firsts[i] ||
                uint64_t(largest) * count > UINT32_MAX) {
                return error_set(err, SHUKACH_LIMIT,
                                 "%zu segments, the largest of %u documents, "
                                 "are more than can be searched as one",
                                 count, unsigned(largest));
            }
        }
        *out = all.release();
        return SHUKACH_OK;
    } catch (...) {
        return map_exception(err, i < count ? paths[i] : "the index");
    }
}

void store_postings_close(struct store_postings *postings) noexcept
{
    delete postings;
}

void store_postings_set_lengths(struct store_postings *postings,
                                const struct records *records) noexcept
{
    postings->lengths = records;
}

size_t store_postings_parts(const struct store_postings *postings) noexcept
{
    return postings->parts.size();
}

uint64_t store_postings_documents(const struct store_postings *postings,
                                  size_t part) noexcept
{
    return postings->firsts[part + 1] - postings->firsts[part];
}

enum shukach_status store_postings_twins(const struct store_postings *postings,
                                         size_t *one, size_t *other,
                                         struct shukach_error *err) noexcept
try {
    std::unordered_map<std::string, size_t> seen;
    *one = *other = 0;
    for (size_t i = 0; i < postings->parts.size(); i++) {
        auto found = seen.emplace(postings->parts[i].get_uuid(), i);
        if (!found.second) {
            *one = found.first->second;
            *other = i;
        }
    }
    return SHUKACH_OK;
} catch (...) {
    return map_exception(err, "the index");
}

enum shukach_status store_postings_bury(struct store_postings *postings,
                                        const struct tombstones *dead,
                                        struct shukach_error *err) noexcept
try {
    postings->buried.clear();
    for (size_t i = 0; dead->count > 0 && i < postings->parts.size(); i++) {
        auto &list = postings->buried[postings->parts[i].get_uuid()];
        uint32_t first = postings->firsts[i];
        for (uint32_t at = first; at < postings->firsts[i + 1]; at++) {
            if (tombstones_has(dead, at)) {
                list.push_back(at - first + 1);
            }
        }
    }
    return SHUKACH_OK;
} catch (...) {
    return map_exception(err, "the index");
}

void store_postings_set_on_match(struct store_postings *postings,
                                 store_on_match callback,
                                 void *payload) noexcept
{
    postings->on_match = callback;
    postings->payload = payload;
}

enum shukach_status store_postings_find(const struct store_postings *postings,
                                        const char *term, size_t length,
                                        uint32_t *out,
                                        struct shukach_error *err) noexcept
try {
    *out = 0;
    std::string name = bounded_term(term, length);
    for (size_t i = postings->parts.size(); i-- > 0 && *out == 0;) {
        const Xapian::Database &part = postings->parts[i];
        auto dead = postings->buried.find(part.get_uuid());
        for (auto at = part.postlist_begin(name); at != part.postlist_end(name);
             ++at) {
            if (dead == postings->buried.end() ||
                !std::binary_search(dead->second.begin(), dead->second.end(),
                                    *at)) {
                *out = postings->firsts[i] + *at;
                break;
            }
        }
    }
    return SHUKACH_OK;
} catch (...) {
    return map_exception(err, "the index");
}

enum shukach_status store_postings_check(const char *path, uint64_t *faults,
                                         struct shukach_error *err) noexcept
try {
    int fd;
    enum shukach_status status = file_open(path, &fd, err);
    if (status == SHUKACH_OK) {
        *faults = Xapian::Database::check(fd, 0, nullptr);
    }
    return status;
} catch (...) {
    return map_exception(err, path);
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

enum shukach_status store_postings_frequency(struct store_postings *postings,
                                             const char *term, size_t length,
                                             uint32_t *out,
                                             struct shukach_error *err) noexcept
try {
    *out = postings->frequency(bounded_term(term, length));
    return SHUKACH_OK;
} catch (...) {
    return map_exception(err, "the index");
}

enum shukach_status store_postings_length(const struct store_postings *postings,
                                          uint32_t number, double *out,
                                          struct shukach_error *err) noexcept
try {
    *out = postings->database.get_doclength(postings->id_of(number));
    return SHUKACH_OK;
} catch (...) {
    return map_exception(err, "the index");
}

enum shukach_status store_search_part(struct store_postings *postings,
                                      const struct store_query *query,
                                      const struct store_match_options *options,
                                      size_t part, double least,
                                      struct arena *arena,
                                      struct store_matches *out,
                                      struct shukach_error *err) noexcept
try {
    *out = store_matches{};
    if (query == nullptr) {
        return error_nomem(err);
    }
    Xapian::Enquire enquire(postings->database);
    Bound bound;
    Count count{options->check_at_least};
    bool counts = options->on_candidate == nullptr &&
                  options->order == STORE_BY_WEIGHT &&
                  part >= postings->parts.size() && postings->buried.empty();
    Search search{postings, options, err, &bound, counts ? &count : nullptr};
    Xapian::Query asked = living(postings, query_for(query, search));
    size_t at = 0;
    if (part < postings->parts.size() ||
        (options->on_candidate != nullptr && postings->parts.size() > 1)) {
        Within within(postings, part, &at);
        asked = Xapian::Query(Xapian::Query::OP_FILTER, asked,
                              Xapian::Query(&within));
        enquire.set_cutoff(0, least);
    }
    enquire.set_query(asked);
    enquire.set_weighting_scheme(Xapian::BM25Weight(
        options->bm25_k1, 0, 1, options->bm25_b, options->bm25_shortest));
    if (options->order != STORE_BY_WEIGHT) {
        enquire.set_sort_by_value_then_relevance(
            options->slot, options->order == STORE_BY_SLOT_DOWN);
    }
    Watch watch(postings);
    if (postings->on_match != nullptr) {
        enquire.add_matchspy(&watch);
    }
    Decider decider(&at, search);
    Xapian::MSet set = enquire.get_mset(
        options->first, options->limit,
        count.asked ? options->limit : options->check_at_least, nullptr,
        options->on_candidate != nullptr ? &decider : nullptr);
    out->lower = set.get_matches_lower_bound();
    out->upper = set.get_matches_upper_bound();
    if (bound.most > 0) {
        out->upper = std::max(out->lower,
                              std::min(out->upper, bound.most - bound.denied));
    }
    out->lower = std::max(out->lower, count.counted);
    if (count.parts == postings->parts.size()) {
        out->upper = out->lower = count.counted;
    }
    out->items = static_cast<struct store_match *>(
        arena_array(arena, set.size(), sizeof *out->items));
    if (out->items == nullptr) {
        return error_nomem(err);
    }
    for (Xapian::MSetIterator i = set.begin(); i != set.end(); ++i) {
        out->items[out->count].number = postings->number_of(*i);
        out->items[out->count].weight = i.get_weight();
        out->count++;
    }
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
    Search search{postings, nullptr, err, nullptr, nullptr};
    enquire.set_query(living(postings, query_for(query, search)));
    enquire.set_weighting_scheme(Xapian::BoolWeight());
    enquire.set_docid_order(Xapian::Enquire::ASCENDING);
    Watch watch(postings);
    if (postings->on_match != nullptr) {
        enquire.add_matchspy(&watch);
    }
    Xapian::MSet set = enquire.get_mset(0, postings->database.get_doccount());
    *count = 0;
    *numbers = static_cast<uint32_t *>(
        arena_array(arena, set.size() + 1, sizeof **numbers));
    if (*numbers == nullptr) {
        return error_nomem(err);
    }
    for (Xapian::MSetIterator i = set.begin(); i != set.end(); ++i) {
        (*numbers)[(*count)++] = postings->number_of(*i);
    }
    std::sort(*numbers, *numbers + *count);
    return SHUKACH_OK;
} catch (...) {
    return map_exception(err, "the index");
}

} /* extern "C" */
