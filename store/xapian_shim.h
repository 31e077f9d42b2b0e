/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of C++ share. */
#ifndef XAPIAN_SHIM_H
#define XAPIAN_SHIM_H

#include <xapian.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

extern "C" {
#include "store.h"
}

/* Thrown through Xapian where the caller stops a search. */
struct Stopped {
};

/* Thrown through Xapian where deciding on a candidate failed; the error is
 * set. */
struct Undecided {
    enum shukach_status status;
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
    store_on_match on_match = nullptr;
    void *payload = nullptr;

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
    size_t part_called(const std::string &uuid) const
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

struct store_query {
    Xapian::Query query;
    /* For a database of several parts, where it has to be another. */
    Xapian::Query several;
    bool alike;

    const Xapian::Query &of(const store_postings *postings) const
    {
        return alike || postings->parts.size() == 1 ? query : several;
    }
};

/* Sorts the exception in flight into a status; to be called in a handler.
 * `what` is the path or the object at work. */
enum shukach_status map_exception(struct shukach_error *err,
                                  const char *what) noexcept;
/* The term as it is posted. */
std::string bounded_term(const char *text, size_t length);

#endif
