/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words as posting sources, which is Xapian's way to bring one's own weights.
 * Xapian would look for the length of each document in a list; here it is at
 * hand. */
#ifndef WORDS_XAPIAN_H
#define WORDS_XAPIAN_H

#include <array>

#include "xapian_shim.h"

/* Terms counted as one. */
struct Group {
    std::vector<std::string> terms;
    double scale;
    double weight; /* with endless occurrences */
};

/* A word: its stems, its variants, its spellings. A document has of it the
 * weight of its heaviest group, which is that of Xapian's BM25Weight. */
using Groups = std::vector<Group>;

/* What any and all of some words have in common. */
class Words : public Xapian::PostingSource
{
  public:
    static constexpr size_t TERMS = 32; /* more than this do not fit */

    Xapian::doccount get_termfreq_min() const override;
    Xapian::doccount get_termfreq_est() const override;
    Xapian::doccount get_termfreq_max() const override;

  protected:
    static constexpr Xapian::docid END = UINT32_MAX;
    /* Sums of other orders are not always the same. */
    static constexpr double MARGIN = 1 + 1e-9;
    static constexpr double ENDLESS = 1e300;
    static constexpr size_t SHARES = 16; /* so many or more are one */

    /* Of how many documents something is true, as far as is known. */
    struct Frequency {
        uint64_t least = 0;
        double likely = 0;
        uint64_t most = 0;
    };

    /* In the list of a term. */
    struct Cursor {
        Xapian::PostingIterator at;
        Xapian::PostingIterator end;
        size_t group; /* of the word */
        Xapian::docid id;

        void look()
        {
            id = at == end ? END : *at;
        }
        void step()
        {
            ++at;
            look();
        }
        void skip_to(Xapian::docid to)
        {
            if (id < to) {
                at.skip_to(to);
                look();
            }
        }
    };

    /* Of a word in a part. */
    struct Place {
        std::vector<Cursor> cursors; /* group after group */
        Frequency frequency;

        /* The first document that a cursor is at. */
        Xapian::docid id() const
        {
            Xapian::docid first = END;
            for (const Cursor &cursor : cursors) {
                first = std::min(first, cursor.id);
            }
            return first;
        }
        /* Leaves a document behind. */
        void step(Xapian::docid from)
        {
            for (Cursor &cursor : cursors) {
                if (cursor.id == from) {
                    cursor.step();
                }
            }
        }
        void skip_to(Xapian::docid to)
        {
            for (Cursor &cursor : cursors) {
                cursor.skip_to(to);
            }
        }
    };

    /* The weights are those that the words have in all parts. */
    Words(const Search &search, std::vector<Groups> words);
    Words(const Words &other);

    Search search;
    std::vector<Groups> words; /* from light to heavy */
    double per_average;        /* length: what one stem is of it */
    double shortest;           /* length that counts */
    double k_fixed;            /* of what is added to the occurrences */
    double k_relative;
    /* Of a word's weight, for so many occurrences in the shortest document. */
    std::array<double, SHARES + 1> shares;
    Xapian::Database part;
    uint32_t first = 0; /* documents before the part */
    Frequency frequency;
    /* Words that lead to no document are looked up when one is weighed. */
    mutable std::vector<Place> places;
    mutable struct record_lengths lengths = {}; /* around the last document */

    /* Opens the lists of a part. */
    void open(const Xapian::Database &part);
    /* Whether matches are to be counted whatever they weigh. */
    bool counting() const
    {
        return search.count != nullptr && search.count->goes_on();
    }
    /* Says what a document weighs at most. While matches are counted Xapian
     * must not end the search because no better one can come. */
    void set_most(double weight)
    {
        set_maxweight(search.count != nullptr ? ENDLESS : weight);
    }
    /* The most that a word adds, whatever the document. */
    static double heaviest(const Groups &word);
    /* BM25's measure of a document's length. */
    double measure(Xapian::docid id) const
    {
        return k_fixed +
               k_relative * std::max(length(id) * per_average, shortest);
    }
    /* What a group adds that stands so often in a document measured so. */
    static double saturated(const Group &group, uint32_t count, double k)
    {
        return group.weight * (count / (k + count));
    }

  private:
    void open(const std::string &term, size_t group, Place &place);
    double length(Xapian::docid id) const
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
};

/* Of how many documents one or the other is true, if neither tells anything
 * of the other. */
double either(double one, double other, double all);

/* Documents that hold any of some words, or all. */
Xapian::Query any_of_words(const Search &search, std::vector<Groups> words);
Xapian::Query all_of_words(const Search &search, std::vector<Groups> words);

#endif
