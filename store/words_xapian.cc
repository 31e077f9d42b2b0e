/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "words_xapian.h"

#include <cmath>

double either(double one, double other, double all)
{
    return all > 0 ? one + other - one * other / all : 0;
}

Words::Words(const Search &search_, std::vector<Groups> words_)
    : search(search_), words(std::move(words_))
{
    const struct store_match_options *by = search.options;
    double average = search.postings->database.get_avlength();
    double documents = search.postings->database.get_doccount();
    per_average = average > 0 ? 1 / average : 0;
    shortest = by->bm25_shortest;
    k_fixed = by->bm25_k1 * (1 - by->bm25_b);
    k_relative = by->bm25_k1 * by->bm25_b;
    for (size_t i = 0; i < SHARES; i++) {
        double k = k_fixed + k_relative * shortest;
        shares[i] = i > 0 ? double(i) / (k + double(i)) : 0;
    }
    shares[SHARES] = 1;
    for (Groups &word : words) {
        for (Group &group : word) {
            double sum = 0;
            for (const std::string &term : group.terms) {
                sum = std::round(
                    either(sum, search.postings->frequency(term), documents));
            }
            double odds = (documents - sum + 0.5) / (sum + 0.5);
            group.weight = group.scale * (by->bm25_k1 + 1) *
                           std::log(odds < 2 ? odds / 2 + 1 : odds);
        }
    }
    std::stable_sort(words.begin(), words.end(),
                     [](const Groups &a, const Groups &b) {
                         return heaviest(a) < heaviest(b);
                     });
}

Words::Words(const Words &other)
    : PostingSource(), search(other.search), words(other.words),
      per_average(other.per_average), shortest(other.shortest),
      k_fixed(other.k_fixed), k_relative(other.k_relative), shares(other.shares)
{
}

Xapian::doccount Words::get_termfreq_min() const
{
    return Xapian::doccount(frequency.least);
}

Xapian::doccount Words::get_termfreq_est() const
{
    return Xapian::doccount(frequency.likely + 0.5);
}

Xapian::doccount Words::get_termfreq_max() const
{
    return Xapian::doccount(
        std::min(frequency.most, uint64_t(part.get_doccount())));
}

double Words::heaviest(const Groups &word)
{
    double best = 0;
    for (const Group &group : word) {
        best = std::max(best, group.weight);
    }
    return best;
}

void Words::open(const Xapian::Database &part_)
{
    /* Xapian may begin anew. */
    places.clear();
    lengths = {};
    part = part_;
    first =
        search.postings->firsts[search.postings->part_of_uuid(part.get_uuid())];
    for (const Groups &word : words) {
        places.emplace_back();
        for (size_t i = 0; i < word.size(); i++) {
            for (const std::string &term : word[i].terms) {
                open(term, i, places.back());
            }
        }
    }
}

void Words::open(const std::string &term, size_t group, Place &place)
{
    Xapian::doccount count = search.postings->parts.size() == 1
                                 ? search.postings->frequency(term)
                                 : part.get_termfreq(term);
    if (count > 0) {
        Frequency &sum = place.frequency;
        sum.least = std::max(sum.least, uint64_t(count));
        sum.likely = either(sum.likely, count, part.get_doccount());
        sum.most += count;
        place.cursors.push_back(Cursor{part.postlist_begin(term),
                                       part.postlist_end(term), group, 0});
        place.cursors.back().look();
    }
}

namespace
{

/* Adds what a query is to the groups of a word; false if it is no word. */
bool add_groups(const store_query &query, double scale, Groups &groups)
{
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

/* Adds a word, or words that are joined so; false if it is another query. */
bool add_words(const store_query &query, enum store_operator joined,
               std::vector<Groups> &words)
{
    if (query.kind == store_query::COMBINE && query.op == joined) {
        return std::all_of(query.operands.begin(), query.operands.end(),
                           [&](const std::unique_ptr<store_query> &operand) {
                               return add_words(*operand, joined, words);
                           });
    }
    words.emplace_back();
    return add_groups(query, 1, words.back());
}

/* The words that a query is, joined so; none if it is another query, or of too
 * many terms: Xapian has a tree of them. */
std::vector<Groups> words_of(const store_query &query,
                             enum store_operator joined)
{
    std::vector<Groups> words;
    size_t terms = 0;
    bool all = add_words(query, joined, words);
    for (const Groups &word : words) {
        for (const Group &group : word) {
            terms += group.terms.size();
        }
    }
    return all && terms <= Words::TERMS ? words : std::vector<Groups>();
}

} // namespace

bool query_of_words(const struct store_query &query, const Search &search,
                    Xapian::Query *out)
{
    std::vector<Groups> words = words_of(query, STORE_AND);
    if (!words.empty()) {
        *out = all_of_words(search, std::move(words));
    } else {
        words = words_of(query, STORE_OR);
        if (words.empty()) {
            return false;
        }
        *out = any_of_words(search, std::move(words));
    }
    if (search.count != nullptr) {
        search.count->asked = true;
    }
    return true;
}
