/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * shukach for C++17: handles that free themselves, and exceptions instead of
 * statuses. All else is shukach.h.
 *
 *     auto index = shukach::make<shukach::index>(shukach_index_open, "dir");
 *     auto hits = shukach::make<shukach::hits>(shukach_index_search,
 *                                              index.get(), query.get());
 *     shukach::call(shukach_index_rollback, "dir");
 *
 * A callback must not throw: C stands between it and you.
 */
#ifndef SHUKACH_HPP
#define SHUKACH_HPP

#include <memory>
#include <stdexcept>
#include <string_view>

#include <shukach.h>

namespace shukach
{

/* What failed, as C tells it: status, offset and message. */
class error : public std::runtime_error
{
  public:
    explicit error(const shukach_error &found)
        : std::runtime_error(found.message), details(found)
    {
    }
    shukach_error details;
};

template <auto end> struct ender {
    template <class Handle> void operator()(Handle *handle) const
    {
        end(handle);
    }
};

template <class Handle, auto end>
using owned = std::unique_ptr<Handle, ender<end>>;

using document = owned<shukach_document, shukach_document_free>;
using reader = owned<shukach_reader, shukach_reader_free>;
using indexer = owned<shukach_indexer, shukach_indexer_close>;
using index = owned<shukach_index, shukach_index_close>;
using query = owned<shukach_query, shukach_query_free>;
using hits = owned<shukach_hits, shukach_hits_free>;
using stemmer = owned<shukach_stemmer, shukach_stemmer_free>;

/* Calls a function that ends in `err`, given all before that. */
template <class Function, class... Arguments>
void call(Function function, Arguments... arguments)
{
    shukach_error err;
    if (function(arguments..., &err) != SHUKACH_OK) {
        throw error(err);
    }
}

/* The handle that a function makes, given all before `out`. */
template <class Owned, class Function, class... Arguments>
Owned make(Function function, Arguments... arguments)
{
    typename Owned::pointer out = nullptr;
    call(function, arguments..., &out);
    return Owned(out);
}

/* A query; the text need not outlive it. */
inline query parse(std::string_view text,
                   shukach_syntax syntax = SHUKACH_SYNTAX_FULL)
{
    return make<query>(shukach_query_parse, text.data(), text.size(), syntax);
}

inline void set(const document &to, shukach_field field, std::string_view text)
{
    call(shukach_document_set, to.get(), field, text.data(), text.size());
}

} // namespace shukach

#endif
