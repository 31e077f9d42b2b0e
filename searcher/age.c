/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The age of a document in its score. */
#include <math.h>

#include "index.h"
#include "schema.h"

/* What an old document keeps of its score where recent ones are asked for. */
#define OLD_SHARE 0.5

/* Newer documents keep their score, older ones fall to OLD_SHARE of it. */
enum shukach_status age_weigh(const struct shukach_index *index,
                              const struct shukach_query *query,
                              struct store_match *match,
                              struct shukach_error *err)
{
    char value[32];
    int64_t days;
    if (query->half_life == 0) {
        return SHUKACH_OK;
    }
    enum shukach_status status =
        store_read_value(index->store->postings, match->number, SLOT_DATE,
                         value, sizeof value, err);
    if (status == SHUKACH_OK) {
        double age = date_days(value, &days)
                         ? fmax(0, (double)(query->today - days))
                         : HUGE_VAL;
        match->weight *=
            OLD_SHARE + (1 - OLD_SHARE) * exp2(-age / query->half_life);
    }
    return status;
}
