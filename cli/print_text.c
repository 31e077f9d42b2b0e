/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hits for people, in lines that fit the terminal. */
#include <string.h>

#include "cli.h"

#define BOLD "\033[1m"
#define DIM "\033[2m"
/* Columns before all lines of a hit but the first. */
#define INDENT 3

/* The title, or the id where there is none, as a link where there is an
 * address and colours are on. */
static void print_title(const struct shukach_hits *hits, size_t i,
                        size_t indent)
{
    struct page page;
    size_t length;
    size_t count;
    size_t url_length;
    const char *title = shukach_hits_field(hits, i, SHUKACH_TITLE, &length);
    const struct shukach_range *ranges =
        shukach_hits_title_ranges(hits, i, &count);
    const char *url = shukach_hits_field(hits, i, SHUKACH_URL, &url_length);
    if (length == 0) {
        title = shukach_hits_field(hits, i, SHUKACH_ID, &length);
    }
    page_begin(&page, indent, BOLD, url, url_length);
    page_text(&page, title, length, ranges, count);
    page_end(&page);
}

/* Date, source and place, dim; of several indexes also which. */
static void print_origin(const struct answer *answer,
                         const struct shukach_hits *hits, size_t i)
{
    static const enum shukach_field fields[] = {SHUKACH_DATE, SHUKACH_SOURCE,
                                                SHUKACH_URL, SHUKACH_ID};
    static const char dot[] = " · ";
    struct page page;
    bool any = false;
    printf("%*s", INDENT, "");
    page_begin(&page, INDENT, DIM, "", 0);
    for (size_t f = 0; f < 4; f++) {
        size_t length;
        const char *text = shukach_hits_field(hits, i, fields[f], &length);
        if (length > 0) {
            page_text(&page, dot, any ? sizeof dot - 1 : 0, NULL, 0);
            page_text(&page, text, length, NULL, 0);
            any = true;
        }
    }
    const char *directory = directory_of(answer, hits, i);
    if (directory != NULL) {
        page_text(&page, dot, sizeof dot - 1, NULL, 0);
        page_text(&page, directory, strlen(directory), NULL, 0);
    }
    page_end(&page);
}

static void print_snippet(const struct shukach_hits *hits, size_t i)
{
    struct page page;
    size_t length;
    size_t count;
    const char *text = shukach_hits_snippet(hits, i, &length);
    const struct shukach_range *ranges =
        shukach_hits_snippet_ranges(hits, i, &count);
    if (length > 0) {
        printf("%*s", INDENT, "");
        page_begin(&page, INDENT, "", "", 0);
        page_text(&page, text, length, ranges, count);
        page_end(&page);
    }
}

void print_text_head(const struct answer *answer)
{
    if (answer->qid != NULL) {
        printf("# %s\t%s\n", answer->qid, answer->query);
    }
}

void print_text_hit(const struct answer *answer,
                    const struct shukach_hits *hits, size_t i)
{
    int indent = printf("%llu. ", (unsigned long long)answer->rank);
    print_title(hits, i, (size_t)(indent > 0 ? indent : 0));
    print_origin(answer, hits, i);
    print_snippet(hits, i);
    if (answer->explain) {
        explain_text(answer, hits, i);
    }
    putchar('\n');
}

void print_safe(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        bool c1 =
            c == 0xc2 && i + 1 < length && (unsigned char)text[i + 1] < 0xa0;
        i += c1;
        putchar(c < 0x20 || c == 0x7f || c1 ? ' ' : c);
    }
}

/* ---- Facets -------------------------------------------------------------- */

/* The longest bar of a timeline, and what stands before it. */
#define BAR 40
#define BEFORE_BAR 22
/* The columns of a count and what parts it from the value. */
#define COUNT_COLUMNS 10

static size_t longest_bar(void)
{
    size_t width = stdout_width();
    return width == 0 || width > BEFORE_BAR + BAR ? BAR : width - BEFORE_BAR;
}

/* A facet as lines: count and value, dates with a bar in proportion. */
static void print_facet(const struct shukach_hits *hits,
                        enum shukach_facet facet)
{
    bool dates = facet >= SHUKACH_FACET_DAY;
    size_t longest = longest_bar();
    uint64_t most = 1;
    uint64_t documents;
    for (size_t i = 0; i < shukach_hits_facet_count(hits, facet); i++) {
        shukach_hits_facet(hits, facet, i, &documents);
        most = documents > most ? documents : most;
    }
    printf("%s\n", translate_in("facet", facet_name(facet)));
    for (size_t i = 0; i < shukach_hits_facet_count(hits, facet); i++) {
        const char *value = shukach_hits_facet(hits, facet, i, &documents);
        value = *value == '\0' ? "-" : value;
        if (!dates) {
            struct page page;
            printf("%8llu  ", (unsigned long long)documents);
            page_begin(&page, COUNT_COLUMNS, "", "", 0);
            page_text(&page, value, strlen(value), NULL, 0);
            page_end(&page);
            continue;
        }
        printf("  %-10s %8llu ", value, (unsigned long long)documents);
        for (uint64_t b = 0; b * most < documents * longest; b++) {
            fputs("█", stdout);
        }
        putchar('\n');
    }
    putchar('\n');
}

void print_text_tail(const struct answer *answer)
{
    for (int f = 0; f < SHUKACH_FACETS; f++) {
        if (answer->facets[f]) {
            print_facet(answer->hits, (enum shukach_facet)f);
        }
    }
}
