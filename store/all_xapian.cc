/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "words_xapian.h"

namespace
{

/* All of some words. The rarest one leads, some documents ahead, so that the
 * caller can turn most of them down before the lists of the others are looked
 * into, and what is needed of the rest has come to the processor by then. */
class All : public Words
{
  public:
    All(const Search &search_, std::vector<Groups> words_)
        : Words(search_, std::move(words_))
    {
    }

    void init(const Xapian::Database &part_) override
    {
        open(part_);
        order.clear();
        double documents = part.get_doccount();
        frequency =
            Frequency{uint64_t(documents), documents, uint64_t(documents)};
        for (size_t i = 0; i < words.size(); i++) {
            const Frequency &own = places[i].frequency;
            uint64_t both = frequency.least + own.least;
            uint64_t all = uint64_t(documents);
            frequency.least = both > all ? both - all : 0;
            frequency.likely *= documents > 0 ? own.likely / documents : 0;
            frequency.most = std::min(frequency.most, own.most);
            order.push_back(i);
        }
        std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
            return places[a].frequency.likely < places[b].frequency.likely;
        });
        rest.assign(words.size() + 1, 0);
        for (size_t i = words.size(); i-- > 0;) {
            rest[i] = rest[i + 1] + heaviest(words[order[i]]) * MARGIN;
        }
        values.resize(words.size());
        early = search.options->on_ahead != nullptr && words.size() > 1 &&
                places[order[1]].frequency.likely >
                    DENSER * places[order[0]].frequency.likely;
        ready.clear();
        at = 0;
        ahead = AHEAD;
        if (search.bound != nullptr) {
            search.bound->most += frequency.most;
        }
        counted = false;
        set_most(rest[0]);
    }
    void next(double enough) override
    {
        at += at < ready.size();
        settle(enough);
    }
    void skip_to(Xapian::docid to, double enough) override
    {
        while (at < ready.size() && ready[at].id < to) {
            at++;
        }
        if (at == ready.size()) {
            places[order[0]].skip_to(to);
            ahead = 1;
        }
        settle(enough);
    }
    bool at_end() const override
    {
        return at == ready.size();
    }
    Xapian::docid get_docid() const override
    {
        return ready[at].id;
    }
    double get_weight() const override
    {
        return ready[at].weight;
    }
    All *clone() const override
    {
        return new All(*this);
    }

  private:
    static constexpr size_t AHEAD = 16; /* at most; after a leap 1 */
    /* Where the next word is so much denser than the rarest, it takes longer
     * to find a document in its list than to ask the caller. */
    static constexpr double DENSER = 8;

    struct Ready {
        Xapian::docid id;
        double weight;
    };

    All(const All &other) : Words(other)
    {
    }

    std::vector<size_t> order;  /* of the words, from rare to frequent */
    std::vector<double> rest;   /* what those from each on add at most */
    std::vector<double> values; /* of the words in a document */
    std::vector<Ready> ready;   /* documents that hold all */
    size_t at = 0;              /* the one that Xapian is at */
    bool counted = false;       /* all of the part */
    size_t ahead = AHEAD;       /* documents to take */
    bool early = false;         /* the caller is asked before other lists are */

    /* What a word adds to a document where its cursors are. */
    double value(size_t word, Xapian::docid id, double k) const
    {
        const std::vector<Cursor> &cursors = places[word].cursors;
        double best = 0;
        for (size_t i = 0; i < cursors.size();) {
            size_t group = cursors[i].group;
            Xapian::termcount count = 0;
            for (; i < cursors.size() && cursors[i].group == group; i++) {
                if (cursors[i].id == id) {
                    count += cursors[i].at.get_wdf();
                }
            }
            if (count > 0) {
                best = std::max(best, saturated(words[word][group], count, k));
            }
        }
        return best;
    }

    /* Whether a document to which the rarest word adds so much holds all
     * others and weighs enough; then its weight is set. */
    bool join(Xapian::docid id, double rarest, double enough, double *weight)
    {
        double k = measure(id);
        double sum = rarest;
        values[order[0]] = rarest;
        for (size_t i = 1; i < order.size(); i++) {
            Place &place = places[order[i]];
            if (sum + rest[i] < enough) {
                return false;
            }
            place.skip_to(id);
            if (place.id() != id) {
                return false;
            }
            values[order[i]] = value(order[i], id, k);
            sum += values[order[i]];
        }
        *weight = 0;
        for (double own : values) {
            *weight += own; /* always in this order */
        }
        return *weight >= enough;
    }

    /* Turns down what the caller does not want. */
    void ask(const uint32_t *numbers, size_t count, bool *may)
    {
        const struct store_match_options *by = search.options;
        enum shukach_status status =
            by->on_ahead(numbers, count, may, by->payload, search.err);
        if (status != SHUKACH_OK) {
            throw Failed{status};
        }
        if (search.bound != nullptr) {
            search.bound->denied +=
                uint64_t(std::count(may, may + count, false));
        }
    }

    /* Takes the next documents of the rarest word. */
    void advance(double enough)
    {
        uint32_t numbers[AHEAD] = {};
        double rarest[AHEAD];
        bool may[AHEAD];
        size_t taken = 0;
        Place &leader = places[order[0]];
        double least = counting() ? 0 : enough;
        for (Xapian::docid id = leader.id(); id != END && taken < ahead;
             id = leader.id()) {
            rarest[taken] = value(order[0], id, measure(id));
            if (rarest[taken] + rest[1] >= least) {
                numbers[taken] = first + id;
                may[taken++] = true;
            }
            leader.step(id);
        }
        if (early) {
            ask(numbers, taken, may);
        }
        for (size_t i = 0; i < taken; i++) {
            double weight;
            Xapian::docid id = numbers[i] - first;
            if (may[i] && join(id, rarest[i], least, &weight)) {
                if (search.count != nullptr) {
                    search.count->counted++;
                }
                if (weight >= enough) {
                    ready.push_back(Ready{id, weight});
                }
            }
        }
    }

    /* Leaves those documents that the caller wants, and tells it of them. */
    void sift()
    {
        uint32_t numbers[2 * AHEAD];
        bool may[2 * AHEAD];
        size_t left = 0;
        for (size_t i = 0; i < ready.size(); i++) {
            numbers[i] = first + ready[i].id;
            may[i] = true;
        }
        if (!early && search.options->on_ahead != nullptr) {
            ask(numbers, ready.size(), may);
        }
        for (size_t i = 0; i < ready.size(); i++) {
            if (may[i]) {
                ready[left++] = ready[i];
                if (search.options->on_likely != nullptr) {
                    search.options->on_likely(numbers[i],
                                              search.options->payload);
                }
            }
        }
        ready.resize(left);
    }

    /* Whether there may be more documents that weigh enough, or count. */
    bool goes_on(double enough)
    {
        bool more = places[order[0]].id() != END;
        if (!more && !counted && counting()) {
            counted = true;
            search.count->parts++;
        }
        return more && (rest[0] >= enough || counting());
    }

    /* Goes to the next document that weighs enough. */
    void settle(double enough)
    {
        while (at < ready.size() && ready[at].weight < enough) {
            at++;
        }
        while (at == ready.size() && goes_on(enough)) {
            ready.clear();
            at = 0;
            while (ready.size() < ahead && goes_on(enough)) {
                advance(enough);
            }
            sift();
            ahead = std::min(4 * ahead, AHEAD);
        }
    }
};

} // namespace

Xapian::Query all_of_words(const Search &search, std::vector<Groups> words)
{
    All source(search, std::move(words));
    return Xapian::Query(&source);
}
