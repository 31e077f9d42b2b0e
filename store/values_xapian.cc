/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of documents behind store.h. */
#include "xapian_shim.h"

Column::Column(const Xapian::Database &part_, Xapian::valueno slot_)
    : part(part_), slot(slot_), known(part.get_lastdocid() / BLOCK + 1),
      values(part.get_lastdocid())
{
}

void Column::read(size_t block)
{
    const Xapian::ValueIterator end; /* of every stream */
    size_t first = block * BLOCK;
    size_t last = std::min(first + BLOCK, values.size());
    if (at == end || at.get_docid() > first + 1) {
        at = part.valuestream_begin(slot);
    }
    if (at != end) {
        at.skip_to(Xapian::docid(first + 1));
    }
    for (; at != end; ++at) {
        Xapian::docid id = at.get_docid();
        if (id > last) {
            break;
        }
        (*at).copy(values[id - 1].data(), BYTES);
    }
    known[block] = true;
}

namespace
{

/* The documents of a part whose value is between two others, which are shorter
 * than what a column holds. */
class Between : public Xapian::PostingSource
{
  public:
    Between(store_postings *postings_, Xapian::valueno slot_,
            const Column::Value &from_, const Column::Value &to_)
        : postings(postings_), slot(slot_), from(from_), to(to_)
    {
    }
    void init(const Xapian::Database &part) override
    {
        size_t number = postings->part_of_uuid(part.get_uuid());
        column = &postings->columns
                      .try_emplace(std::make_pair(number, slot), part, slot)
                      .first->second;
        last = part.get_lastdocid();
        most = part.get_value_freq(slot);
        id = 0;
    }
    Xapian::doccount get_termfreq_min() const override
    {
        return 0;
    }
    /* As if it were nearly all, so that others lead, of which a value is
     * compared quickly. */
    Xapian::doccount get_termfreq_est() const override
    {
        return most > 0 ? most - 1 : 0;
    }
    Xapian::doccount get_termfreq_max() const override
    {
        return most;
    }
    void next(double) override
    {
        find(id + 1);
    }
    void skip_to(Xapian::docid at, double) override
    {
        find(std::max(id, at));
    }
    bool check(Xapian::docid at, double) override
    {
        id = at;
        return id > last || holds();
    }
    bool at_end() const override
    {
        return id > last;
    }
    Xapian::docid get_docid() const override
    {
        return id;
    }
    Between *clone() const override
    {
        return new Between(postings, slot, from, to);
    }

  private:
    store_postings *postings;
    Xapian::valueno slot;
    Column::Value from;
    Column::Value to;
    Column *column = nullptr;
    Xapian::docid last = 0;
    Xapian::doccount most = 0;
    Xapian::docid id = 0;

    bool holds() const
    {
        const Column::Value &value = column->get(id);
        return value[0] != '\0' &&
               memcmp(value.data(), from.data(), Column::BYTES) >= 0 &&
               memcmp(value.data(), to.data(), Column::BYTES) <= 0;
    }
    void find(Xapian::docid at)
    {
        for (id = at; id <= last && !holds(); id++) {
        }
    }
};

/* Xapian reads so many ranges itself: for a process that searches once it is
 * quicker, and may want a range again to count facets. */
constexpr size_t RANGES_READ = 3;

/* A bound, or what stands for none; false if it is too long. */
bool set_bound(const std::unique_ptr<std::string> &bound, char none,
               Column::Value &out)
{
    out.fill(bound == nullptr ? none : '\0');
    return bound == nullptr ||
           bound->copy(out.data(), Column::BYTES) < Column::BYTES;
}

} // namespace

bool query_of_range(const struct store_query &query, const Search &search,
                    Xapian::Query *out)
{
    Column::Value from;
    Column::Value to;
    if (search.postings->ranges++ < RANGES_READ ||
        (query.from == nullptr && query.to == nullptr) ||
        !set_bound(query.from, '\0', from) ||
        !set_bound(query.to, '\xff', to)) {
        return false;
    }
    Between source(search.postings, query.slot, from, to);
    *out = Xapian::Query(&source);
    return true;
}

extern "C" {

enum shukach_status store_read_value(const struct store_postings *postings,
                                     uint32_t number, uint32_t slot, char *out,
                                     size_t size,
                                     struct shukach_error *err) noexcept
try {
    std::string value =
        postings->database
            .get_document(postings->id_of(number), Xapian::DOC_ASSUME_VALID)
            .get_value(slot);
    size_t length = value.copy(out, size - 1);
    out[length] = '\0';
    return SHUKACH_OK;
} catch (...) {
    return map_exception(err, "the index");
}

enum shukach_status
store_count_values(struct store_postings *postings, uint32_t slot, size_t most,
                   const uint32_t *numbers, size_t number_count,
                   struct arena *arena, struct store_count **counts,
                   size_t *count, struct shukach_error *err) noexcept
try {
    std::unordered_map<std::string, uint64_t> sums;
    Xapian::ValueIterator value;
    size_t next = 0; /* part */
    for (size_t i = 0; i < number_count; i++) {
        postings->tell();
        size_t part = postings->part_of(numbers[i]);
        uint32_t id = numbers[i] - postings->firsts[part];
        for (; next <= part; next++) {
            value = postings->parts[next].valuestream_begin(slot);
        }
        const Xapian::ValueIterator end; /* of every stream */
        if (value != end) {
            value.skip_to(id);
        }
        bool there = value != end && value.get_docid() == id;
        std::string text = there ? *value : std::string();
        sums[most > 0 ? text.substr(0, most) : text]++;
    }
    *count = 0;
    *counts = static_cast<struct store_count *>(
        arena_array(arena, sums.size() + 1, sizeof **counts));
    if (*counts == nullptr) {
        return error_nomem(err);
    }
    for (const auto &sum : sums) {
        struct store_count *item = &(*counts)[*count];
        item->value = arena_copy(arena, sum.first.data(), sum.first.size());
        item->documents = sum.second;
        if (item->value == nullptr) {
            return error_nomem(err);
        }
        (*count)++;
    }
    return SHUKACH_OK;
} catch (...) {
    return map_exception(err, "the index");
}

} /* extern "C" */
