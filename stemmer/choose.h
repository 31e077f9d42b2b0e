/* SPDX-License-Identifier: BSD-3-Clause */

/* What choose.c and merge.c share. */
#ifndef STEMMER_CHOOSE_H
#define STEMMER_CHOOSE_H

#include "compile.h"
#include "rules.h"

struct chooser {
    struct lexemes *all;
    struct choices *choices;
    const struct rules_index *index;
    size_t form_count;      /* strings that may be forms */
    uint32_t *first;        /* readings of each form, in order; one more */
    struct reading *sorted; /* by form, then cost */
    uint32_t *stem;         /* what the rules say, by form */
    uint32_t *chosen;       /* lexeme by form, or UINT32_MAX */
    uint32_t *size;         /* forms by lexeme */
};

/* Merges lexemes that share a stem and many forms. */
void choose_merge(struct chooser *chooser);

#endif
