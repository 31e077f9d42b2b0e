/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The lexicon: what the rules would get wrong of the words a dictionary knows.
 * Not a public header.
 *
 * compile_lexicon writes it at build time as constant tables, so that it costs
 * nothing to load and all processes share it. It holds a word only where the
 * rules give another key than the lexeme the word belongs to, or where it
 * belongs to several. A word maps to an outcome: a list of edits, the first
 * of which gives the key to use and the others the keys of the other readings.
 *
 * A key is the stem of the lexeme by the rules; where two lexemes would share
 * one, all but the commonest get a digit after it, which no word has.
 */
#ifndef STEMMER_LEXICON_H
#define STEMMER_LEXICON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A minimal perfect hash in the manner of "hash, displace": a hash picks a
 * bucket, the pilot of the bucket a slot, and the slot holds a fingerprint of
 * its word and the number of an outcome. Words not in the lexicon are told
 * apart by the fingerprint. Arrays and not pointers, so that nothing has to be
 * relocated when the library is loaded. */
extern const uint32_t lexicon_slot_count; /* 0: no lexicon */
extern const uint32_t lexicon_bucket_count;
extern const uint32_t lexicon_outcome_bits; /* the low bits of a slot */
extern const uint16_t lexicon_pilots[];
extern const uint32_t lexicon_slots[];         /* fingerprint, outcome */
extern const unsigned char lexicon_checks[];   /* 8 bits more of it */
extern const uint32_t lexicon_outcome_first[]; /* in outcome_edits */
extern const uint16_t lexicon_outcome_edits[];
/* strip | size << 8 | start in suffixes << 12 */
extern const uint32_t lexicon_edits[];
extern const char lexicon_suffixes[];

/* Changes the end of a word: its last `strip` letters become `suffix`. */
struct lexicon_edit {
    size_t strip;
    size_t size;
    const char *suffix; /* borrowed from the table, no NUL */
};

/* A hash of letters, for the table and for the compiler's own. */
static inline uint64_t lexicon_hash(const char *letters, size_t count)
{
    uint64_t hash = 0x9e3779b97f4a7c15U ^ count;
    size_t at = 0;
    while (at < count) {
        uint64_t block = 0;
        size_t end = count - at < 8 ? count : at + 8;
        for (unsigned shift = 0; at < end; shift += 8) {
            block |= (uint64_t)(unsigned char)letters[at++] << shift;
        }
        hash = (hash ^ block) * 0xff51afd7ed558ccdU;
        hash ^= hash >> 32;
    }
    hash *= 0xc4ceb9fe1a85ec53U;
    return hash ^ hash >> 29;
}

/* The bucket of a hash, and the slot once the bucket's pilot is known. */
static inline uint32_t lexicon_bucket(uint64_t hash, uint32_t bucket_count)
{
    return (uint32_t)((hash >> 32) * bucket_count >> 32);
}

static inline uint32_t lexicon_slot(uint64_t hash, uint16_t pilot,
                                    uint32_t slot_count)
{
    uint64_t mixed =
        (hash ^ (pilot + 1U) * 0x9e3779b97f4a7c15U) * 0xd6e8feb86659fd93U;
    return (uint32_t)((mixed >> 32) * slot_count >> 32);
}

/* The number of readings of a word: 0 if the lexicon leaves it to the rules.
 * `*outcome` then numbers what lexicon_edit_at() gives the edits of. */
size_t lexicon_find(const char *letters, size_t count, uint32_t *outcome);

/* The edit of the i-th reading of an outcome; 0 is the one to use. */
struct lexicon_edit lexicon_edit_at(uint32_t outcome, size_t i);

#endif
