/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queries of Xapian behind store.h. */
#include <xapian.h>

#include <algorithm>
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
    case STORE_BEST: /* see heaviest() */
        break;
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

/* A query owned by C, or nullptr out of memory. */
template <typename Make> store_query *made(Make make) noexcept
{
    try {
        return new store_query{make(), Xapian::Query(), true};
    } catch (...) {
        return nullptr;
    }
}

using Operands = std::vector<Xapian::Query>;

store_query *combined(enum store_operator op, const Operands &operands,
                      const Operands &several, bool alike)
{
    if (op == STORE_BEST) {
        return new store_query{Xapian::Query(Xapian::Query::OP_MAX,
                                             operands.begin(), operands.end()),
                               heaviest(several), false};
    }
    return new store_query{
        Xapian::Query(operator_of(op), operands.begin(), operands.end()),
        alike ? Xapian::Query()
              : Xapian::Query(operator_of(op), several.begin(), several.end()),
        alike};
}

} // namespace

extern "C" {

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
    bool alike = true;
    for (size_t i = 0; i < count; i++) {
        whole = whole && operands[i] != nullptr;
        alike = alike && whole && operands[i]->alike;
    }
    struct store_query *result = nullptr;
    try {
        Operands all;
        Operands several;
        for (size_t i = 0; whole && i < count; i++) {
            all.push_back(operands[i]->query);
            several.push_back(operands[i]->alike ? operands[i]->query
                                                 : operands[i]->several);
        }
        result = whole ? combined(op, all, several, alike) : nullptr;
    } catch (...) {
        /* Out of memory. */
    }
    for (size_t i = 0; i < count; i++) {
        delete operands[i];
    }
    return result;
}

struct store_query *store_query_scale(struct store_query *query,
                                      double factor) noexcept
{
    struct store_query *result = nullptr;
    try {
        if (query != nullptr) {
            auto scale = Xapian::Query::OP_SCALE_WEIGHT;
            result = new store_query{
                Xapian::Query(scale, query->query, factor),
                query->alike ? Xapian::Query()
                             : Xapian::Query(scale, query->several, factor),
                query->alike};
        }
    } catch (...) {
        /* Out of memory, or a factor below 0. */
    }
    delete query;
    return result;
}

void store_query_free(struct store_query *query) noexcept
{
    delete query;
}

} /* extern "C" */
