/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the score of a hit is made of, for people and for programs. */
#include <string.h>

#include "cli.h"

static const char *const factors[SHUKACH_FACTORS] = {
    [SHUKACH_FACTOR_COVERAGE] = NC_("factor", "coverage"),
    [SHUKACH_FACTOR_NEARNESS] = NC_("factor", "nearness"),
    [SHUKACH_FACTOR_AGE] = NC_("factor", "age"),
    [SHUKACH_FACTOR_RANK] = NC_("factor", "rank")};

static void print_match(const struct shukach_match *match)
{
    print_safe(match->text, match->length);
    if (match->count > 1) {
        printf(" ×%zu", match->count);
    }
    printf(" (%s)", match->rules);
}

void explain_text(const struct answer *answer, const struct shukach_hits *hits,
                  size_t i)
{
    size_t count;
    const struct shukach_part *parts = shukach_hits_parts(hits, i, &count);
    printf("   %.4f", shukach_hits_score(hits, i));
    for (int f = 0; f < SHUKACH_FACTORS; f++) {
        double factor = shukach_hits_factor(hits, i, (enum shukach_factor)f);
        if (factor != 1) {
            printf(" · %s ×%.4f", translate_in("factor", factors[f]), factor);
        }
    }
    putchar('\n');
    for (size_t p = 0; p < count; p++) {
        printf("   %9.4f  ", parts[p].score);
        print_safe(answer->query + parts[p].from, parts[p].to - parts[p].from);
        fputs(": ", stdout);
        for (size_t m = 0; m < parts[p].match_count; m++) {
            fputs(m > 0 ? ", " : "", stdout);
            print_match(&parts[p].matches[m]);
        }
        fputs(parts[p].match_count == 0 ? _("missing\n") : "\n", stdout);
    }
}

void explain_json(const struct answer *answer, const struct shukach_hits *hits,
                  size_t i)
{
    size_t count;
    const struct shukach_part *parts = shukach_hits_parts(hits, i, &count);
    fputs(",\"explain\":{\"parts\":[", stdout);
    for (size_t p = 0; p < count; p++) {
        fputs(p > 0 ? ",{" : "{", stdout);
        json_member(stdout, true, "query", answer->query + parts[p].from,
                    parts[p].to - parts[p].from);
        printf(",\"score\":%.4f,\"matches\":[", parts[p].score);
        for (size_t m = 0; m < parts[p].match_count; m++) {
            const struct shukach_match *match = &parts[p].matches[m];
            fputs(m > 0 ? ",{" : "{", stdout);
            json_member(stdout, true, "text", match->text, match->length);
            printf(",\"count\":%zu", match->count);
            json_member(stdout, false, "rules", match->rules,
                        strlen(match->rules));
            putchar('}');
        }
        fputs("]}", stdout);
    }
    fputs("],\"factors\":{", stdout);
    for (int f = 0; f < SHUKACH_FACTORS; f++) {
        printf("%s\"%s\":%.4f", f > 0 ? "," : "", factors[f],
               shukach_hits_factor(hits, i, (enum shukach_factor)f));
    }
    fputs("}}", stdout);
}
