/* SPDX-License-Identifier: BSD-3-Clause */

#include "lexicon.h"

/* By so many letters a key may be longer than its word. */
enum { LONGER_MAX = 2 };

size_t lexicon_find(const char *letters, size_t count, uint32_t *outcome)
{
    if (lexicon_slot_count == 0) {
        return 0;
    }
    uint64_t hash = lexicon_hash(letters, count);
    uint16_t pilot = lexicon_pilots[lexicon_bucket(hash, lexicon_bucket_count)];
    uint32_t at = lexicon_slot(hash, pilot, lexicon_slot_count);
    uint32_t slot = lexicon_slots[at];
    /* The bucket came from the high bits; the fingerprint is the low ones. */
    if ((slot ^ (uint32_t)hash) >> lexicon_outcome_bits != 0 ||
        lexicon_checks[at] != (unsigned char)hash) {
        return 0;
    }
    *outcome = slot & ((1U << lexicon_outcome_bits) - 1);
    size_t readings =
        lexicon_outcome_first[*outcome + 1] - lexicon_outcome_first[*outcome];
    /* A stranger mistaken for a word of the lexicon may be too short. */
    for (size_t i = 0; i < readings; i++) {
        struct lexicon_edit edit = lexicon_edit_at(*outcome, i);
        if (edit.strip > count || edit.strip == count + edit.size ||
            edit.size > edit.strip + LONGER_MAX) {
            return 0;
        }
    }
    return readings;
}

struct lexicon_edit lexicon_edit_at(uint32_t outcome, size_t i)
{
    uint32_t edit =
        lexicon_edits[lexicon_outcome_edits[lexicon_outcome_first[outcome] +
                                            i]];
    return (struct lexicon_edit){edit & 0xff, edit >> 8 & 0xf,
                                 lexicon_suffixes + (edit >> 12)};
}
