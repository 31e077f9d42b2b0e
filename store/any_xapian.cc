/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "words_xapian.h"

namespace
{

/* Any of some words, a window of documents at a time: list after list tells
 * how often its term stands in each. What is too light to come among the best
 * is passed over before Xapian sees it (MaxScore: H. Turtle, J. Flood, Query
 * evaluation, 1995): words that even together weigh too little are only looked
 * up where another one stands, and a document whose words weigh too little in
 * the shortest of documents is not measured. */
class Any : public Words
{
  public:
    Any(const Search &search_, std::vector<Groups> words_)
        : Words(search_, std::move(words_))
    {
        size_t groups = 0;
        for (const Groups &word : words) {
            rows.push_back(groups);
            groups += word.size();
        }
        rows.push_back(groups);
    }

    void init(const Xapian::Database &part_) override
    {
        open(part_);
        bounds.clear();
        frequency = Frequency();
        double bound = 0;
        for (size_t i = 0; i < words.size(); i++) {
            const Frequency &own = places[i].frequency;
            frequency.least = std::max(frequency.least, own.least);
            frequency.likely =
                either(frequency.likely, own.likely, part.get_doccount());
            frequency.most += own.most;
            bound += places[i].cursors.empty() ? 0 : heaviest(words[i]);
            bounds.push_back(bound * MARGIN);
        }
        values.resize(places.size());
        counts.assign(rows.back() * WINDOW, 0);
        most.assign(WINDOW, 0);
        held.assign(WINDOW / 64, 0);
        leading = 0;
        id = 0;
        from = 0;
        size = 0;
        set_most(bounds.back());
    }
    void next(double enough) override
    {
        find(id + 1, enough);
    }
    void skip_to(Xapian::docid to, double enough) override
    {
        if (to > id) {
            find(to, enough);
        }
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
            weigh_all(0);
        }
        return weight;
    }
    Any *clone() const override
    {
        return new Any(*this);
    }

  private:
    /* Documents in a window; after a leap there is one, then four times as
     * many each time. */
    static constexpr size_t WINDOW = 256;

    Any(const Any &other) : Words(other), rows(other.rows)
    {
    }

    std::vector<size_t> rows;   /* the first group of each word, and all */
    std::vector<double> bounds; /* of the words up to each, together */
    size_t leading = 0; /* the first word whose documents are in the window */
    Xapian::docid id = 0;
    Xapian::docid from = 0; /* of the window */
    size_t size = 0;
    std::vector<double> most;   /* what leading words add in the shortest */
    std::vector<uint64_t> held; /* a bit a document that holds one */
    /* Of each group, the other words' too once they are looked up. */
    mutable std::vector<uint32_t> counts;
    mutable std::vector<double> values; /* of the words */
    mutable bool weighed = false;
    mutable double weight = 0;

    /* Whether the document weighs enough; then its weight is set. */
    bool weigh_all(double enough) const
    {
        size_t at = id - from;
        double rest = leading > 0 ? bounds[leading - 1] : 0;
        if (most[at] * MARGIN + rest < enough) {
            return false;
        }
        double k = measure(id);
        double sum = 0;
        for (size_t i = places.size(); i-- > 0;) {
            if (i < leading) {
                if (sum + bounds[i] < enough) {
                    return false;
                }
                look_up(i, at);
            }
            values[i] = value(i, at, k);
            sum += values[i];
        }
        weight = 0;
        for (double value : values) {
            weight += value; /* always in this order */
        }
        weighed = true;
        return weight >= enough;
    }

    /* What a counted word adds. */
    double value(size_t word, size_t at, double k) const
    {
        double best = 0;
        for (size_t i = rows[word]; i < rows[word + 1]; i++) {
            best = std::max(best, saturated(words[word][i - rows[word]],
                                            counts[i * WINDOW + at], k));
        }
        return best;
    }

    /* Counts a word that does not lead, once. */
    void look_up(size_t word, size_t at) const
    {
        for (size_t i = rows[word]; i < rows[word + 1]; i++) {
            counts[i * WINDOW + at] = 0;
        }
        places[word].skip_to(id);
        for (const Cursor &cursor : places[word].cursors) {
            if (cursor.id == id) {
                counts[(rows[word] + cursor.group) * WINDOW + at] +=
                    cursor.at.get_wdf();
            }
        }
    }

    /* Goes to the first document from `to` on that weighs enough. */
    void find(Xapian::docid to, double enough)
    {
        weighed = false;
        for (;;) {
            if (to - from >= size) {
                load(to, enough);
                to = std::max(to, from);
            }
            for (id = held_from(to); id - from < size; id = held_from(id + 1)) {
                if (enough <= 0 || weigh_all(enough)) {
                    return;
                }
            }
            if (size == 0) {
                id = END;
                return;
            }
            to = id;
        }
    }

    /* The next document of the window that holds a word; the first behind it
     * if there is none. */
    Xapian::docid held_from(Xapian::docid to) const
    {
        size_t at = to - from;
        while (at < size) {
            uint64_t bits = held[at / 64] >> (at % 64);
            if (bits != 0) {
                return from + Xapian::docid(at) +
                       Xapian::docid(__builtin_ctzll(bits));
            }
            at = (at / 64 + 1) * 64;
        }
        return from + Xapian::docid(size);
    }

    /* Forgets what is known of the window. */
    void clear()
    {
        for (size_t word = 0; word * 64 < size; word++) {
            for (uint64_t bits = held[word]; bits != 0; bits &= bits - 1) {
                size_t at = 64 * word + size_t(__builtin_ctzll(bits));
                most[at] = 0;
                for (size_t i = 0; i < rows.back(); i++) {
                    counts[i * WINDOW + at] = 0;
                }
            }
            held[word] = 0;
        }
    }

    /* Moves the window to the first document from `to` on that a word holds
     * which leads to documents that can weigh enough; it becomes empty where
     * there is none. */
    void load(Xapian::docid to, double enough)
    {
        bool all = counting();
        clear();
        leading = 0;
        while (!all && leading < places.size() && bounds[leading] < enough) {
            leading++;
        }
        size = to == from + size ? std::min(4 * size, WINDOW) : 1;
        from = END;
        for (size_t i = leading; i < places.size(); i++) {
            places[i].skip_to(to);
            from = std::min(from, places[i].id());
        }
        if (from == END) {
            size = 0;
            if (all) {
                search.count->parts++;
            }
        }
        size = std::min(size, size_t(END - from));
        for (size_t i = leading; i < places.size(); i++) {
            for (Cursor &cursor : places[i].cursors) {
                collect(cursor, words[i][cursor.group].weight,
                        &counts[(rows[i] + cursor.group) * WINDOW]);
            }
        }
        for (size_t i = 0; all && i * 64 < size; i++) {
            search.count->counted += uint64_t(__builtin_popcountll(held[i]));
        }
    }

    /* Counts a term in the window. */
    void collect(Cursor &cursor, double full, uint32_t *row)
    {
        const Xapian::docid begin = from;
        const size_t end = size;
        double *sums = most.data();
        uint64_t *bits = held.data();
        for (size_t at = cursor.id - begin; at < end; at = cursor.id - begin) {
            size_t before = row[at];
            size_t count = before + size_t(cursor.at.get_wdf());
            row[at] = uint32_t(count);
            sums[at] += full * (shares[std::min(count, SHARES)] -
                                shares[std::min(before, SHARES)]);
            bits[at / 64] |= uint64_t(1) << (at % 64);
            cursor.step();
        }
    }
};

} // namespace

Xapian::Query any_of_words(const Search &search, std::vector<Groups> words)
{
    Any source(search, std::move(words));
    return Xapian::Query(&source);
}
