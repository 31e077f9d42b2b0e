/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of documents behind store.h. */
#include "xapian_shim.h"

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
