/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queries behind store.h. They are kept as they are built, and become queries
 * of Xapian for the files that are searched. */
#include <xapian.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "xapian_shim.h"

namespace
{

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

/* Stands behind the last document of a part. */
class Behind : public Xapian::PostingSource
{
  public:
    void init(const Xapian::Database &part) override
    {
        last = part.get_lastdocid() + 1;
        at = 0;
    }
    Xapian::doccount get_termfreq_min() const override
    {
        return 0;
    }
    Xapian::doccount get_termfreq_est() const override
    {
        return 0;
    }
    Xapian::doccount get_termfreq_max() const override
    {
        return 0;
    }
    void next(double) override
    {
        at = at == 0 ? last : last + 1;
    }
    void skip_to(Xapian::docid to, double) override
    {
        at = std::max(to, last);
    }
    bool at_end() const override
    {
        return at > last;
    }
    Xapian::docid get_docid() const override
    {
        return at;
    }
    Behind *clone() const override
    {
        return new Behind();
    }

  private:
    Xapian::docid last = 0;
    Xapian::docid at = 0;
};

/* The heaviest of some. If all of them end at one document, Xapian 1.4.22
 * asks what it has freed (MaxPostList::recalc_maxweight) as soon as it is at
 * work on the next part. So one of them ends later, and is taken out again. */
Xapian::Query heaviest(std::vector<Xapian::Query> all)
{
    Behind behind;
    Xapian::Query last(&behind);
    all.push_back(last);
    return Xapian::Query(
        Xapian::Query::OP_AND_NOT,
        Xapian::Query(Xapian::Query::OP_MAX, all.begin(), all.end()), last);
}

Xapian::Query range(const store_query &query)
{
    if (query.from == nullptr && query.to == nullptr) {
        return Xapian::Query(std::string());
    }
    if (query.from == nullptr) {
        return Xapian::Query(Xapian::Query::OP_VALUE_LE, query.slot, *query.to);
    }
    if (query.to == nullptr) {
        return Xapian::Query(Xapian::Query::OP_VALUE_GE, query.slot,
                             *query.from);
    }
    return Xapian::Query(Xapian::Query::OP_VALUE_RANGE, query.slot, *query.from,
                         *query.to);
}

Xapian::Query combined(const store_query &query, const Search &search)
{
    bool first_weighs = query.op == STORE_AND_NOT || query.op == STORE_FILTER;
    bool first_holds =
        first_weighs || query.op == STORE_AND || query.op == STORE_AND_MAYBE;
    std::vector<Xapian::Query> all;
    for (const auto &operand : query.operands) {
        Search part = search;
        part.count = nullptr;
        /* Synonyms weigh together. */
        if (query.op == STORE_SYNONYM || (!all.empty() && first_weighs)) {
            part.options = nullptr;
        }
        if (!all.empty() || !first_holds) {
            part.bound = nullptr;
        }
        all.push_back(query_for(operand.get(), part));
    }
    if (query.op == STORE_BEST && search.postings->parts.size() > 1) {
        return heaviest(std::move(all));
    }
    return Xapian::Query(operator_of(query.op), all.begin(), all.end());
}

/* A query owned by C, or nullptr out of memory. */
template <typename Make> store_query *made(Make make) noexcept
{
    try {
        return make().release();
    } catch (...) {
        return nullptr;
    }
}

std::unique_ptr<store_query> node(decltype(store_query::kind) kind)
{
    auto query = std::make_unique<store_query>();
    query->kind = kind;
    return query;
}

} // namespace

Xapian::Query query_for(const struct store_query *query, const Search &search)
{
    Xapian::Query found;
    if (search.options != nullptr && query_of_words(*query, search, &found)) {
        return found;
    }
    switch (query->kind) {
    case store_query::TERM:
        /* To Xapian the empty term is every document. */
        return query->term.empty() ? Xapian::Query()
                                   : Xapian::Query(query->term);
    case store_query::ALL:
        return Xapian::Query(std::string());
    case store_query::RANGE:
        return query_of_range(*query, search, &found) ? found : range(*query);
    case store_query::COMBINE:
        return combined(*query, search);
    case store_query::SCALE: {
        Search unscaled = search;
        unscaled.count = nullptr;
        return Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT,
                             query_for(query->operands[0].get(), unscaled),
                             query->factor);
    }
    }
    throw Xapian::InvalidArgumentError("unknown kind of query");
}

extern "C" {

struct store_query *store_query_term(const char *term, size_t length) noexcept
{
    return made([&] {
        auto query = node(store_query::TERM);
        query->term = bounded_term(term, length);
        return query;
    });
}

struct store_query *store_query_all(void) noexcept
{
    return made([] { return node(store_query::ALL); });
}

struct store_query *store_query_range(uint32_t slot, const char *from,
                                      const char *to) noexcept
{
    return made([&] {
        auto query = node(store_query::RANGE);
        query->slot = slot;
        if (from != nullptr) {
            query->from = std::make_unique<std::string>(from);
        }
        if (to != nullptr) {
            query->to = std::make_unique<std::string>(to);
        }
        return query;
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
    store_query *result = made([&] {
        auto query = node(store_query::COMBINE);
        query->op = op;
        query->operands.reserve(count);
        return query;
    });
    for (size_t i = 0; i < count; i++) {
        std::unique_ptr<store_query> operand(operands[i]);
        if (result != nullptr) {
            result->operands.push_back(std::move(operand)); /* has room */
        }
    }
    if (!whole) {
        delete result;
        return nullptr;
    }
    return result;
}

struct store_query *store_query_scale(struct store_query *query,
                                      double factor) noexcept
{
    std::unique_ptr<store_query> operand(query);
    if (query == nullptr || !(factor >= 0)) {
        return nullptr;
    }
    return made([&] {
        auto scaled = node(store_query::SCALE);
        scaled->factor = factor;
        scaled->operands.push_back(std::move(operand));
        return scaled;
    });
}

void store_query_free(struct store_query *query) noexcept
{
    delete query;
}

} /* extern "C" */
