/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queries behind store.h. They are kept as they are built, and become queries
 * of Xapian for the files that are searched. */
#include <xapian.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "xapian_shim.h"

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

namespace
{

/* ---- Words --------------------------------------------------------------- */

/* A word of more terms is left to Xapian, which has a tree of them. */
constexpr size_t WORD_TERMS = 32;

/* Terms counted as one. */
struct Group {
    std::vector<std::string> terms;
    double scale;
    double weight; /* with endless occurrences */
};

/* Of how many documents one or the other is true, if neither tells anything
 * of the other. */
double either(double one, double other, double all)
{
    return all > 0 ? one + other - one * other / all : 0;
}

/* A word: the documents that hold a term of any group, each with the weight of
 * the heaviest group, which is that of Xapian's BM25Weight. Xapian would
 * look for the length of each document in a list; here it is at hand, and what
 * is too light is passed over before Xapian sees it. */
class Word : public Xapian::PostingSource
{
  public:
    Word(const Search &search_, std::vector<Group> groups_)
        : search(search_), groups(std::move(groups_)),
          per_average(reciprocal(search.postings->database.get_avlength()))
    {
        const Xapian::Database &all = search.postings->database;
        double documents = all.get_doccount();
        for (Group &group : groups) {
            double frequency = 0;
            for (const std::string &term : group.terms) {
                frequency = std::round(either(
                    frequency, search.postings->frequency(term), documents));
            }
            double odds = (documents - frequency + 0.5) / (frequency + 0.5);
            group.weight = group.scale * (search.options->bm25_k1 + 1) *
                           std::log(odds < 2 ? odds / 2 + 1 : odds);
        }
    }

    void init(const Xapian::Database &part_) override
    {
        part = part_;
        first = search.postings
                    ->firsts[search.postings->part_of_uuid(part.get_uuid())];
        bool only = search.postings->parts.size() == 1;
        double best = 0;
        for (size_t i = 0; i < groups.size(); i++) {
            for (const std::string &term : groups[i].terms) {
                Xapian::doccount frequency =
                    only ? search.postings->frequency(term)
                         : part.get_termfreq(term);
                if (frequency > 0) {
                    least = std::max(least, frequency);
                    most += frequency;
                    likely = either(likely, frequency, part.get_doccount());
                    cursors.emplace_back(part, term, i);
                    best = std::max(best, groups[i].weight);
                }
            }
        }
        set_maxweight(best);
    }
    Xapian::doccount get_termfreq_min() const override
    {
        return least;
    }
    Xapian::doccount get_termfreq_est() const override
    {
        return Xapian::doccount(likely + 0.5);
    }
    Xapian::doccount get_termfreq_max() const override
    {
        return Xapian::doccount(std::min(most, uint64_t(part.get_doccount())));
    }
    void next(double enough) override
    {
        step();
        settle(enough);
    }
    void skip_to(Xapian::docid to, double enough) override
    {
        for (Cursor &cursor : cursors) {
            if (cursor.id < to) {
                cursor.skip_to(to);
            }
        }
        look();
        settle(enough);
    }
    bool at_end() const override
    {
        return id == END;
    }
    Xapian::docid get_docid() const override
    {
        return id;
    }
    double get_weight() const override
    {
        return weigh_all();
    }
    Word *clone() const override
    {
        return new Word(search, groups, per_average);
    }

  private:
    static constexpr Xapian::docid END = UINT32_MAX;

    struct Cursor {
        Xapian::PostingIterator at;
        Xapian::PostingIterator end;
        size_t group;
        Xapian::docid id;

        Cursor(const Xapian::Database &part, const std::string &term,
               size_t group_)
            : at(part.postlist_begin(term)), end(part.postlist_end(term)),
              group(group_)
        {
            look();
        }
        void look()
        {
            id = at == end ? END : *at;
        }
        void next()
        {
            ++at;
            look();
        }
        void skip_to(Xapian::docid to)
        {
            at.skip_to(to);
            look();
        }
    };

    static double reciprocal(double value)
    {
        return value > 0 ? 1 / value : 0;
    }

    Word(const Search &search_, std::vector<Group> groups_, double per_average_)
        : search(search_), groups(std::move(groups_)), per_average(per_average_)
    {
    }

    Search search;
    std::vector<Group> groups;
    double per_average; /* length: what one stem is of it */
    Xapian::Database part;
    uint32_t first = 0; /* documents before the part */
    Xapian::doccount least = 0;
    uint64_t most = 0;
    double likely = 0;
    std::vector<Cursor> cursors;                /* group after group */
    mutable struct record_lengths lengths = {}; /* around the document */
    Xapian::docid id = 0;

    /* What a group adds for so many occurrences in so long a document. */
    double weigh(size_t group, double occurrences, double length) const
    {
        const struct store_match_options *by = search.options;
        double relative = std::max(length * per_average, by->bm25_shortest);
        double k = by->bm25_k1 * (1 - by->bm25_b + by->bm25_b * relative);
        return groups[group].weight * (occurrences / (k + occurrences));
    }

    double length() const
    {
        if (search.postings->lengths == nullptr) {
            return part.get_doclength(id);
        }
        uint64_t index = uint64_t(first) + id - 1;
        if (index - lengths.first >= lengths.count) {
            enum shukach_status status = records_lengths(
                search.postings->lengths, index, &lengths, search.err);
            if (status != SHUKACH_OK) {
                throw Failed{status};
            }
        }
        return record_length(&lengths, index);
    }

    /* The weight of the document at hand. */
    double weigh_all() const
    {
        double best = 0;
        double own = length();
        for (size_t i = 0; i < cursors.size();) {
            size_t group = cursors[i].group;
            Xapian::termcount occurrences = 0;
            for (; i < cursors.size() && cursors[i].group == group; i++) {
                if (cursors[i].id == id) {
                    occurrences += cursors[i].at.get_wdf();
                }
            }
            if (occurrences > 0) {
                best = std::max(best, weigh(group, occurrences, own));
            }
        }
        return best;
    }

    void look()
    {
        id = END;
        for (const Cursor &cursor : cursors) {
            id = std::min(id, cursor.id);
        }
    }

    void step()
    {
        for (Cursor &cursor : cursors) {
            if (cursor.id == id) {
                cursor.next();
            }
        }
        look();
    }

    /* Passes over what weighs too little. */
    void settle(double enough)
    {
        while (enough > 0 && id != END && weigh_all() < enough) {
            step();
        }
    }
};

/* Adds the groups of a query to those of a word; false if it is none, or one
 * of too many terms. */
bool add_groups(const store_query &query, double scale,
                std::vector<Group> &groups)
{
    if (groups.size() + query.operands.size() > WORD_TERMS) {
        return false;
    }
    if (query.kind == store_query::TERM) {
        groups.push_back(Group{{}, scale, 0});
        if (!query.term.empty()) {
            groups.back().terms.push_back(query.term);
        }
        return true;
    }
    if (query.kind == store_query::SCALE) {
        return add_groups(*query.operands[0], scale * query.factor, groups);
    }
    if (query.kind != store_query::COMBINE ||
        (query.op != STORE_SYNONYM && query.op != STORE_BEST)) {
        return false;
    }
    size_t before = groups.size();
    for (const auto &operand : query.operands) {
        if (!add_groups(*operand, scale, groups)) {
            return false;
        }
    }
    for (; query.op == STORE_SYNONYM && groups.size() > before + 1;
         groups.pop_back()) {
        for (std::string &term : groups.back().terms) {
            groups[before].terms.push_back(std::move(term));
        }
    }
    return true;
}

/* ---- The rest ------------------------------------------------------------ */

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
    Search unweighted{search.postings, nullptr, search.err};
    bool first_weighs = query.op == STORE_AND_NOT || query.op == STORE_FILTER;
    std::vector<Xapian::Query> all;
    for (const auto &operand : query.operands) {
        /* Synonyms weigh together. */
        bool weighs =
            query.op != STORE_SYNONYM && (all.empty() || !first_weighs);
        all.push_back(query_for(operand.get(), weighs ? search : unweighted));
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
    std::vector<Group> groups;
    if (search.options != nullptr && add_groups(*query, 1, groups)) {
        Word word(search, std::move(groups));
        return Xapian::Query(&word);
    }
    switch (query->kind) {
    case store_query::TERM:
        /* To Xapian the empty term is every document. */
        return query->term.empty() ? Xapian::Query()
                                   : Xapian::Query(query->term);
    case store_query::ALL:
        return Xapian::Query(std::string());
    case store_query::RANGE:
        return range(*query);
    case store_query::COMBINE:
        return combined(*query, search);
    case store_query::SCALE:
        return Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT,
                             query_for(query->operands[0].get(), search),
                             query->factor);
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
