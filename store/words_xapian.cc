/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words as posting sources, which is Xapian's way to bring one's own
 * weights. */
#include <xapian.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "xapian_shim.h"

namespace
{

/* Words of more terms are left to Xapian, which has a tree of them. */
constexpr size_t WORDS_TERMS = 32;

/* Terms counted as one. */
struct Group {
    std::vector<std::string> terms;
    double scale;
    double weight; /* with endless occurrences */
};

/* A word: its stems, its variants, its spellings. */
using Groups = std::vector<Group>;

/* Of how many documents one or the other is true, if neither tells anything
 * of the other. */
double either(double one, double other, double all)
{
    return all > 0 ? one + other - one * other / all : 0;
}

/* Any of some words: the documents that hold a term of any of them. A document
 * has of each word the weight of its heaviest group, which is that of Xapian's
 * BM25Weight. Xapian would look for the length of each document in a list; here
 * it is at hand. What is too light to come among the best is passed over
 * before Xapian sees it (MaxScore: H. Turtle, J. Flood, Query evaluation,
 * 1995): words that even together weigh too little are only looked up where
 * another one stands. */
class Words : public Xapian::PostingSource
{
  public:
    Words(const Search &search_, std::vector<Groups> words_)
        : search(search_), words(std::move(words_)),
          per_average(reciprocal(search.postings->database.get_avlength()))
    {
        double documents = search.postings->database.get_doccount();
        for (Groups &word : words) {
            for (Group &group : word) {
                double frequency = 0;
                for (const std::string &term : group.terms) {
                    frequency = std::round(
                        either(frequency, search.postings->frequency(term),
                               documents));
                }
                double odds = (documents - frequency + 0.5) / (frequency + 0.5);
                group.weight = group.scale * (search.options->bm25_k1 + 1) *
                               std::log(odds < 2 ? odds / 2 + 1 : odds);
            }
        }
        std::stable_sort(words.begin(), words.end(),
                         [](const Groups &a, const Groups &b) {
                             return heaviest_of(a) < heaviest_of(b);
                         });
    }

    void init(const Xapian::Database &part_) override
    {
        /* Xapian may call this again. */
        places.clear();
        bounds.clear();
        least = 0;
        most = 0;
        likely = 0;
        leading = 0;
        id = 0;
        part = part_;
        first = search.postings
                    ->firsts[search.postings->part_of_uuid(part.get_uuid())];
        double bound = 0;
        for (const Groups &word : words) {
            places.emplace_back();
            for (size_t i = 0; i < word.size(); i++) {
                for (const std::string &term : word[i].terms) {
                    open(term, i, places.back());
                }
            }
            bound += places.back().cursors.empty() ? 0 : heaviest_of(word);
            /* Sums of other orders are not always the same. */
            bounds.push_back(bound * (1 + 1e-9));
        }
        values.resize(places.size());
        set_maxweight(bounds.back());
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
        demand(enough);
        step();
        settle(enough);
    }
    void skip_to(Xapian::docid to, double enough) override
    {
        demand(enough);
        for (size_t i = leading; i < places.size(); i++) {
            places[i].skip_to(to);
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
        if (!weighed) {
            weigh(0);
        }
        return weight;
    }
    Words *clone() const override
    {
        return new Words(search, words, per_average);
    }

  private:
    static constexpr Xapian::docid END = UINT32_MAX;

    /* In the list of a term. */
    struct Cursor {
        Xapian::PostingIterator at;
        Xapian::PostingIterator end;
        size_t group;
        Xapian::docid id;

        void look()
        {
            id = at == end ? END : *at;
        }
    };

    /* Of a word in a part. */
    struct Place {
        std::vector<Cursor> cursors; /* group after group */

        void skip_to(Xapian::docid to)
        {
            for (Cursor &cursor : cursors) {
                if (cursor.id < to) {
                    cursor.at.skip_to(to);
                    cursor.look();
                }
            }
        }
    };

    Words(const Search &search_, std::vector<Groups> words_,
          double per_average_)
        : search(search_), words(std::move(words_)), per_average(per_average_)
    {
    }

    Search search;
    std::vector<Groups> words; /* from light to heavy */
    double per_average;        /* length: what one stem is of it */
    Xapian::Database part;
    uint32_t first = 0; /* documents before the part */
    Xapian::doccount least = 0;
    uint64_t most = 0;
    double likely = 0;
    std::vector<double> bounds; /* of the words up to each, together */
    size_t leading = 0;         /* the first word that may lead to a document */
    Xapian::docid id = 0;
    /* Words that do not lead are looked up when the document is weighed. */
    mutable std::vector<Place> places;
    mutable struct record_lengths lengths = {}; /* around the document */
    mutable std::vector<double> values;         /* of the words */
    mutable bool weighed = false;
    mutable double weight = 0;

    static double reciprocal(double value)
    {
        return value > 0 ? 1 / value : 0;
    }

    static double heaviest_of(const Groups &word)
    {
        double best = 0;
        for (const Group &group : word) {
            best = std::max(best, group.weight);
        }
        return best;
    }

    void open(const std::string &term, size_t group, Place &place)
    {
        Xapian::doccount frequency = search.postings->parts.size() == 1
                                         ? search.postings->frequency(term)
                                         : part.get_termfreq(term);
        if (frequency > 0) {
            least = std::max(least, frequency);
            most += frequency;
            likely = either(likely, frequency, part.get_doccount());
            place.cursors.push_back(Cursor{part.postlist_begin(term),
                                           part.postlist_end(term), group, 0});
            place.cursors.back().look();
        }
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

    /* What a word adds to the document. */
    double weigh_word(size_t word, double k) const
    {
        const std::vector<Cursor> &cursors = places[word].cursors;
        double best = 0;
        for (size_t i = 0; i < cursors.size();) {
            size_t group = cursors[i].group;
            Xapian::termcount occurrences = 0;
            for (; i < cursors.size() && cursors[i].group == group; i++) {
                if (cursors[i].id == id) {
                    occurrences += cursors[i].at.get_wdf();
                }
            }
            if (occurrences > 0) {
                best = std::max(best, words[word][group].weight *
                                          (occurrences / (k + occurrences)));
            }
        }
        return best;
    }

    /* Whether the document weighs enough; then its weight is set. */
    bool weigh(double enough) const
    {
        const struct store_match_options *by = search.options;
        double relative = std::max(length() * per_average, by->bm25_shortest);
        double k = by->bm25_k1 * (1 - by->bm25_b + by->bm25_b * relative);
        double sum = 0;
        for (size_t i = places.size(); i-- > 0;) {
            if (i < leading) {
                if (sum + bounds[i] < enough) {
                    return false;
                }
                places[i].skip_to(id);
            }
            values[i] = weigh_word(i, k);
            sum += values[i];
        }
        weight = 0;
        for (double value : values) {
            weight += value; /* always in this order */
        }
        weighed = true;
        return weight >= enough;
    }

    /* Goes to the next document that a leading word has. */
    void look()
    {
        id = END;
        weighed = false;
        for (size_t i = leading; i < places.size(); i++) {
            for (const Cursor &cursor : places[i].cursors) {
                id = std::min(id, cursor.id);
            }
        }
    }

    void step()
    {
        for (size_t i = leading; i < places.size(); i++) {
            for (Cursor &cursor : places[i].cursors) {
                if (cursor.id == id) {
                    ++cursor.at;
                    cursor.look();
                }
            }
        }
        look();
    }

    /* Which words lead to documents that can weigh enough. */
    void demand(double enough)
    {
        size_t before = leading;
        leading = 0;
        while (leading < places.size() && bounds[leading] < enough) {
            leading++;
        }
        for (size_t i = leading; i < before; i++) {
            places[i].skip_to(id + 1);
        }
    }

    void settle(double enough)
    {
        while (enough > 0 && id != END && !weigh(enough)) {
            step();
        }
    }
};

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

/* Adds a word, or all words of which any will do; false if it is another
 * query. */
bool add_words(const store_query &query, std::vector<Groups> &words)
{
    if (query.kind == store_query::COMBINE && query.op == STORE_OR) {
        return std::all_of(query.operands.begin(), query.operands.end(),
                           [&](const std::unique_ptr<store_query> &operand) {
                               return add_words(*operand, words);
                           });
    }
    words.emplace_back();
    return add_groups(query, 1, words.back());
}

/* The words that a query is; none if it is another query, or of too many
 * terms. */
std::vector<Groups> words_of(const store_query &query)
{
    std::vector<Groups> words;
    size_t terms = 0;
    bool all = add_words(query, words);
    for (const Groups &word : words) {
        for (const Group &group : word) {
            terms += group.terms.size();
        }
    }
    return all && terms <= WORDS_TERMS ? words : std::vector<Groups>();
}

} // namespace

bool query_of_words(const struct store_query &query, const Search &search,
                    Xapian::Query *out)
{
    std::vector<Groups> words = words_of(query);
    if (words.empty()) {
        return false;
    }
    Words source(search, std::move(words));
    *out = Xapian::Query(&source);
    return true;
}
