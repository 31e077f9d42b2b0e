/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of C++ share. */
#ifndef XAPIAN_SHIM_H
#define XAPIAN_SHIM_H

#include <xapian.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

extern "C" {
#include "store.h"
}

/* Thrown through Xapian where the caller stops a search. */
struct Stopped {
};

/* Thrown through Xapian where something of ours failed; the error is set. */
struct Failed {
    enum shukach_status status;
};

/* The values of a slot in one part, as far as they were asked for. Xapian reads
 * them one after another from the beginning of a chunk, which the searches of
 * an open index then do once. */
class Column
{
  public:
    static constexpr size_t BYTES = 16; /* of a value, padded with NULs */
    using Value = std::array<char, BYTES>;

    Column(const Xapian::Database &part, Xapian::valueno slot);

    /* All NULs for a document without a value. */
    const Value &get(Xapian::docid id)
    {
        size_t block = (id - 1) / BLOCK;
        if (!known[block]) {
            read(block);
        }
        return values[id - 1];
    }

  private:
    static constexpr size_t BLOCK = 128; /* documents */

    Xapian::Database part;
    Xapian::valueno slot;
    Xapian::ValueIterator at;
    std::vector<bool> known; /* of blocks */
    std::vector<Value> values;

    void read(size_t block);
};

/* Xapian deals documents of several databases out in turn: the first of
 * each, then the second of each. Here those of one follow those of the one
 * before, so that numbers stay as they are when a segment is added. */
struct store_postings {
    Xapian::Database database;
    std::vector<Xapian::Database> parts;
    std::vector<uint32_t> firsts; /* documents before each part, and all */
    /* The documents of each part that are deleted, by its UUID. */
    std::unordered_map<std::string, std::vector<Xapian::docid>> buried;
    std::unordered_map<std::string, Xapian::doccount> frequencies;
    std::map<std::pair<size_t, Xapian::valueno>, Column> columns; /* of parts */
    size_t ranges = 0; /* asked so far */
    const struct records *lengths = nullptr;
    store_on_match on_match = nullptr;
    void *payload = nullptr;

    /* How many documents hold a term. A search asks that several times. */
    Xapian::doccount frequency(const std::string &term)
    {
        constexpr size_t most = 4096;
        auto known = frequencies.find(term);
        if (known != frequencies.end()) {
            return known->second;
        }
        if (frequencies.size() >= most) {
            frequencies.clear();
        }
        return frequencies[term] = database.get_termfreq(term);
    }
    /* To be called for each document that is come to. */
    void tell() const
    {
        if (on_match != nullptr && on_match(payload) != 0) {
            throw Stopped{};
        }
    }
    uint32_t number_of(Xapian::docid id) const
    {
        size_t part = (id - 1) % parts.size();
        return firsts[part] + (id - 1) / uint32_t(parts.size()) + 1;
    }
    /* The part of that UUID, which there is. */
    size_t part_of_uuid(const std::string &uuid) const
    {
        size_t part = 0;
        while (parts[part].get_uuid() != uuid) {
            part++;
        }
        return part;
    }
    size_t part_of(uint32_t number) const
    {
        auto after = std::lower_bound(firsts.begin() + 1, firsts.end(), number);
        return std::min(size_t(after - firsts.begin()), parts.size()) - 1;
    }
    Xapian::docid id_of(uint32_t number) const
    {
        if (parts.empty()) {
            return number;
        }
        size_t part = part_of(number);
        return (number - firsts[part] - 1) * uint32_t(parts.size()) +
               uint32_t(part) + 1;
    }
};

/* How many documents hold all that a search asks for, at most, and how many of
 * these the caller turned down: Xapian does not see all of them. */
struct Bound {
    uint64_t most = 0;
    uint64_t denied = 0;
};

/* Matches of a query that is nothing but words, counted before Xapian sees
 * them: of those that are too light it then sees none. */
struct Count {
    uint64_t wanted;    /* so many are enough */
    bool asked = false; /* there is such a query */
    uint64_t counted = 0;
    size_t parts = 0; /* of which all were counted */

    bool goes_on() const
    {
        return counted < wanted;
    }
};

/* A search at work. */
struct Search {
    store_postings *postings;
    /* How terms weigh; NULL: nothing does. */
    const struct store_match_options *options;
    struct shukach_error *err;
    Bound *bound; /* NULL where a document need not hold what is asked for */
    Count *count; /* NULL where what is asked for is not all of the query */
};

/* A node of a query, with what its kind needs. */
struct store_query {
    enum { TERM, ALL, RANGE, COMBINE, SCALE } kind;
    std::string term;
    uint32_t slot = 0;
    std::unique_ptr<std::string> from; /* NULL: no bound */
    std::unique_ptr<std::string> to;
    enum store_operator op = STORE_AND;
    std::vector<std::unique_ptr<store_query>> operands;
    double factor = 1;
};

/* The query as Xapian has it. The search outlives it. */
Xapian::Query query_for(const struct store_query *query, const Search &search);

/* The documents with a value in a range; false where Xapian had better find
 * them, for a bound is too long, or hardly a range was asked for so far. */
bool query_of_range(const struct store_query &query, const Search &search,
                    Xapian::Query *out);

/* The same, of a query that is a word, or any or all of some; false if it is
 * another one. The search weighs. */
bool query_of_words(const struct store_query &query, const Search &search,
                    Xapian::Query *out);

/* Sorts the exception in flight into a status; to be called in a handler.
 * `what` is the path or the object at work. */
enum shukach_status map_exception(struct shukach_error *err,
                                  const char *what) noexcept;
/* The term as it is posted. */
std::string bounded_term(const char *text, size_t length);

#endif
