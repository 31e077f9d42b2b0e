/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hits in every format; docs/output.md is the contract. */
#include <string.h>

#include "cli.h"

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define MATCH "\033[1;31m"
#define PLAIN "\033[0m"
/* A hyperlink of the terminal, OSC 8; an empty address ends it.
 * https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda */
#define LINK_BEGIN "\033]8;;"
#define LINK_END "\033\\"

/* ---- Text ------------------------------------------------------------ */

void print_safe(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        bool c1 =
            c == 0xc2 && i + 1 < length && (unsigned char)text[i + 1] < 0xa0;
        if (c1) {
            i++;
        }
        putchar(c < 0x20 || c == 0x7f || c1 ? ' ' : c);
    }
}

static void print_marked(const char *text, size_t length,
                         const struct shukach_range *ranges, size_t count,
                         const char *normal)
{
    bool color = use_color();
    size_t at = 0;
    if (color) {
        fputs(normal, stdout);
    }
    for (size_t i = 0; color && i < count; i++) {
        print_safe(text + at, ranges[i].from - at);
        fputs(MATCH, stdout);
        print_safe(text + ranges[i].from, ranges[i].to - ranges[i].from);
        fputs(PLAIN, stdout);
        fputs(normal, stdout);
        at = ranges[i].to;
    }
    print_safe(text + at, length - at);
    if (color) {
        fputs(PLAIN, stdout);
    }
}

/* Whether an address may become a link: one of the web, without anything
 * that could end the sequence. */
static bool is_link(const char *url, size_t length)
{
    static const char *const schemes[] = {"https://", "http://"};
    bool web = false;
    for (size_t i = 0; i < 2; i++) {
        size_t size = strlen(schemes[i]);
        web = web || (length > size && strncmp(url, schemes[i], size) == 0);
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)url[i];
        bool c1 =
            c == 0xc2 && i + 1 < length && (unsigned char)url[i + 1] < 0xa0;
        web = web && c >= 0x20 && c != 0x7f && !c1;
    }
    return web;
}

/* In a link only printable ASCII may stand; the rest is written %D1 and so
 * on. */
static void begin_link(const char *url, size_t length)
{
    fputs(LINK_BEGIN, stdout);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)url[i];
        if (c > ' ' && c < 0x7f) {
            putchar(c);
        } else {
            printf("%%%02X", c);
        }
    }
    fputs(LINK_END, stdout);
}

/* The title, or the id where there is none, as a link where there is an
 * address and colours are on. */
static void print_title(const struct shukach_hits *hits, size_t i)
{
    size_t length;
    size_t count;
    size_t url_length;
    const char *title = shukach_hits_field(hits, i, SHUKACH_TITLE, &length);
    const struct shukach_range *ranges =
        shukach_hits_title_ranges(hits, i, &count);
    const char *url = shukach_hits_field(hits, i, SHUKACH_URL, &url_length);
    bool link = use_color() && is_link(url, url_length);
    if (length == 0) {
        title = shukach_hits_field(hits, i, SHUKACH_ID, &length);
    }
    if (link) {
        begin_link(url, url_length);
    }
    print_marked(title, length, ranges, count, BOLD);
    fputs(link ? LINK_BEGIN LINK_END "\n" : "\n", stdout);
}

/* Date, source and place in one dim line. */
static void print_origin(const struct shukach_hits *hits, size_t i)
{
    static const enum shukach_field fields[] = {SHUKACH_DATE, SHUKACH_SOURCE,
                                                SHUKACH_URL, SHUKACH_ID};
    bool any = false;
    fputs(use_color() ? "   " DIM : "   ", stdout);
    for (size_t f = 0; f < 4; f++) {
        size_t length;
        const char *text = shukach_hits_field(hits, i, fields[f], &length);
        if (length > 0) {
            fputs(any ? " · " : "", stdout);
            print_safe(text, length);
            any = true;
        }
    }
    fputs(use_color() ? PLAIN "\n" : "\n", stdout);
}

const char *facet_name(enum shukach_facet facet)
{
    static const char *const names[SHUKACH_FACETS] = {
        [SHUKACH_FACET_SOURCE] = "source", [SHUKACH_FACET_AUTHOR] = "author",
        [SHUKACH_FACET_LANG] = "lang",     [SHUKACH_FACET_DAY] = "day",
        [SHUKACH_FACET_WEEK] = "week",     [SHUKACH_FACET_MONTH] = "month"};
    return names[facet];
}

/* The longest bar of a timeline. */
#define BAR 40

/* A facet as lines: count and value, dates with a bar in proportion. */
static void print_facet(const struct shukach_hits *hits,
                        enum shukach_facet facet)
{
    bool dates = facet >= SHUKACH_FACET_DAY;
    uint64_t most = 1;
    uint64_t documents;
    for (size_t i = 0; i < shukach_hits_facet_count(hits, facet); i++) {
        shukach_hits_facet(hits, facet, i, &documents);
        most = documents > most ? documents : most;
    }
    printf("%s\n", facet_name(facet));
    for (size_t i = 0; i < shukach_hits_facet_count(hits, facet); i++) {
        const char *value = shukach_hits_facet(hits, facet, i, &documents);
        value = *value == '\0' ? "-" : value;
        if (!dates) {
            printf("%8llu  ", (unsigned long long)documents);
            print_safe(value, strlen(value));
            putchar('\n');
            continue;
        }
        printf("  %-10s %8llu ", value, (unsigned long long)documents);
        for (uint64_t b = 0; b * most < documents * BAR; b++) {
            fputs("█", stdout);
        }
        putchar('\n');
    }
    putchar('\n');
}

static void print_facets(const struct answer *answer)
{
    for (int f = 0; f < SHUKACH_FACETS; f++) {
        if (answer->facets[f]) {
            print_facet(answer->hits, (enum shukach_facet)f);
        }
    }
}

static void print_text(const struct answer *answer)
{
    const struct shukach_hits *hits = answer->hits;
    if (answer->qid != NULL) {
        printf("# %s\t%s\n", answer->qid, answer->query);
    }
    for (size_t i = 0; i < shukach_hits_count(hits); i++) {
        size_t length;
        size_t count;
        printf("%llu. ", (unsigned long long)(answer->offset + i + 1));
        print_title(hits, i);
        print_origin(hits, i);
        const char *snippet = shukach_hits_snippet(hits, i, &length);
        const struct shukach_range *ranges =
            shukach_hits_snippet_ranges(hits, i, &count);
        if (length > 0) {
            fputs("   ", stdout);
            print_marked(snippet, length, ranges, count, "");
            putchar('\n');
        }
        if (answer->explain) {
            explain_text(answer, i);
        }
        putchar('\n');
    }
    print_facets(answer);
}

/* ---- JSON ------------------------------------------------------------ */

static const struct {
    const char *name;
    enum shukach_field field;
} members[] = {
    {"title", SHUKACH_TITLE},   {"date", SHUKACH_DATE},
    {"source", SHUKACH_SOURCE}, {"author", SHUKACH_AUTHOR},
    {"url", SHUKACH_URL},       {"lang", SHUKACH_LANG},
};

static void print_ranges(const struct shukach_range *ranges, size_t count)
{
    putchar('[');
    for (size_t i = 0; i < count; i++) {
        printf("%s[%zu,%zu]", i > 0 ? "," : "", ranges[i].from, ranges[i].to);
    }
    putchar(']');
}

static void print_json_hit(const struct answer *answer, size_t i)
{
    const struct shukach_hits *hits = answer->hits;
    size_t length;
    size_t count;
    const char *text = shukach_hits_field(hits, i, SHUKACH_ID, &length);
    putchar('{');
    if (answer->qid != NULL) {
        json_member(stdout, true, "qid", answer->qid, strlen(answer->qid));
        putchar(',');
    }
    printf("\"rank\":%llu", (unsigned long long)(answer->offset + i + 1));
    json_member(stdout, false, "id", text, length);
    printf(",\"score\":%.4f", shukach_hits_score(hits, i));
    for (size_t m = 0; m < sizeof members / sizeof *members; m++) {
        text = shukach_hits_field(hits, i, members[m].field, &length);
        json_member(stdout, false, members[m].name, text, length);
    }
    const struct shukach_range *ranges =
        shukach_hits_title_ranges(hits, i, &count);
    fputs(",\"title_highlights\":", stdout);
    print_ranges(ranges, count);
    text = shukach_hits_snippet(hits, i, &length);
    fputs(",\"snippet\":{", stdout);
    json_member(stdout, true, "text", text, length);
    ranges = shukach_hits_snippet_ranges(hits, i, &count);
    fputs(",\"highlights\":", stdout);
    print_ranges(ranges, count);
    putchar('}');
    if (answer->explain) {
        explain_json(answer, i);
    }
    putchar('}');
}

static void print_json_facets(const struct answer *answer)
{
    bool any = false;
    for (int f = 0; f < SHUKACH_FACETS; f++) {
        enum shukach_facet facet = (enum shukach_facet)f;
        if (!answer->facets[f]) {
            continue;
        }
        printf("%s\"%s\":[", any ? "," : "", facet_name(facet));
        any = true;
        for (size_t i = 0; i < shukach_hits_facet_count(answer->hits, facet);
             i++) {
            uint64_t documents;
            const char *value =
                shukach_hits_facet(answer->hits, facet, i, &documents);
            fputs(i > 0 ? ",{" : "{", stdout);
            json_member(stdout, true, "value", value, strlen(value));
            printf(",\"count\":%llu}", (unsigned long long)documents);
        }
        putchar(']');
    }
}

static void print_suggestion(const struct shukach_hits *hits)
{
    size_t length;
    const char *text = shukach_hits_suggestion(hits, &length);
    if (length > 0) {
        json_member(stdout, false, "suggestion", text, length);
    } else {
        fputs(",\"suggestion\":null", stdout);
    }
}

static void print_json(const struct answer *answer)
{
    uint64_t lower;
    uint64_t upper;
    shukach_hits_total(answer->hits, &lower, &upper);
    fputs("{\"version\":1", stdout);
    if (answer->qid != NULL) {
        json_member(stdout, false, "qid", answer->qid, strlen(answer->qid));
    }
    json_member(stdout, false, "query", answer->query, strlen(answer->query));
    printf(",\"total\":%llu,\"total_at_least\":%llu,\"hits\":[",
           (unsigned long long)upper, (unsigned long long)lower);
    struct answer inner = *answer;
    inner.qid = NULL;
    for (size_t i = 0; i < shukach_hits_count(answer->hits); i++) {
        fputs(i > 0 ? "," : "", stdout);
        print_json_hit(&inner, i);
    }
    fputs("],\"facets\":{", stdout);
    print_json_facets(answer);
    putchar('}');
    print_suggestion(answer->hits);
    fputs("}\n", stdout);
}

static void print_jsonl(const struct answer *answer)
{
    for (size_t i = 0; i < shukach_hits_count(answer->hits); i++) {
        print_json_hit(answer, i);
        putchar('\n');
    }
}

/* ---- Columns --------------------------------------------------------- */

/* A cell: tabs and line breaks become spaces. */
static void print_cell(const char *text, size_t length)
{
    putchar('\t');
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        putchar(c < 0x20 ? ' ' : c);
    }
}

static void print_tsv(const struct answer *answer)
{
    static const enum shukach_field order[] = {SHUKACH_ID,    SHUKACH_DATE,
                                               SHUKACH_TITLE, SHUKACH_SOURCE,
                                               SHUKACH_URL,   SHUKACH_LANG};
    const struct shukach_hits *hits = answer->hits;
    for (size_t i = 0; i < shukach_hits_count(hits); i++) {
        size_t length;
        if (answer->qid != NULL) {
            printf("%s\t", answer->qid);
        }
        printf("%llu\t%.4f", (unsigned long long)(answer->offset + i + 1),
               shukach_hits_score(hits, i));
        for (size_t c = 0; c < sizeof order / sizeof *order; c++) {
            const char *text = shukach_hits_field(hits, i, order[c], &length);
            print_cell(text, length);
        }
        const char *snippet = shukach_hits_snippet(hits, i, &length);
        print_cell(snippet, length);
        putchar('\n');
    }
}

/* A cell of RFC 4180: in quotes where it holds a quote, a comma or a break. */
static void print_csv_cell(const char *text, size_t length, bool first)
{
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        quoted = quoted || strchr("\",\r\n", text[i]) != NULL;
    }
    fputs(first ? "" : ",", stdout);
    fputs(quoted ? "\"" : "", stdout);
    for (size_t i = 0; i < length; i++) {
        fputs(text[i] == '"' ? "\"" : "", stdout);
        putchar(text[i]);
    }
    fputs(quoted ? "\"" : "", stdout);
}

static const struct {
    const char *name;
    enum shukach_field field;
} columns[] = {
    {"id", SHUKACH_ID},         {"date", SHUKACH_DATE},
    {"title", SHUKACH_TITLE},   {"source", SHUKACH_SOURCE},
    {"author", SHUKACH_AUTHOR}, {"url", SHUKACH_URL},
    {"lang", SHUKACH_LANG},
};

#define COLUMNS (sizeof columns / sizeof *columns)

/* The first answer of a run has the names of the columns before it. */
static void print_csv(const struct answer *answer)
{
    static bool named = false;
    const struct shukach_hits *hits = answer->hits;
    if (!named) {
        fputs(answer->qid != NULL ? "qid,rank,score" : "rank,score", stdout);
        for (size_t c = 0; c < COLUMNS; c++) {
            printf(",%s", columns[c].name);
        }
        fputs(",snippet\r\n", stdout);
        named = true;
    }
    for (size_t i = 0; i < shukach_hits_count(hits); i++) {
        size_t length;
        if (answer->qid != NULL) {
            print_csv_cell(answer->qid, strlen(answer->qid), true);
            putchar(',');
        }
        printf("%llu,%.4f", (unsigned long long)(answer->offset + i + 1),
               shukach_hits_score(hits, i));
        for (size_t c = 0; c < COLUMNS; c++) {
            const char *text =
                shukach_hits_field(hits, i, columns[c].field, &length);
            print_csv_cell(text, length, false);
        }
        const char *snippet = shukach_hits_snippet(hits, i, &length);
        print_csv_cell(snippet, length, false);
        fputs("\r\n", stdout);
    }
}

/* Ids alone, for xargs. */
static void print_ids(const struct answer *answer)
{
    for (size_t i = 0; i < shukach_hits_count(answer->hits); i++) {
        size_t length;
        const char *id =
            shukach_hits_field(answer->hits, i, SHUKACH_ID, &length);
        fwrite(id, 1, length, stdout);
        putchar(answer->end);
    }
}

/* An id in a TREC run holds no white space: it is written as %20 and so on. */
static void print_trec_id(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c <= ' ' || c == '%' || c == 0x7f) {
            printf("%%%02X", c);
        } else {
            putchar(c);
        }
    }
}

static void print_trec(const struct answer *answer)
{
    const struct shukach_hits *hits = answer->hits;
    for (size_t i = 0; i < shukach_hits_count(hits); i++) {
        size_t length;
        const char *id = shukach_hits_field(hits, i, SHUKACH_ID, &length);
        printf("%s Q0 ", answer->qid != NULL ? answer->qid : "1");
        print_trec_id(id, length);
        printf(" %llu %.6f shukach\n",
               (unsigned long long)(answer->offset + i + 1),
               shukach_hits_score(hits, i));
    }
}

const struct printer *find_printer(const char *name)
{
    static const struct printer printers[] = {
        {"text", print_text, 10, true, true, true},
        {"json", print_json, 10, true, true, true},
        {"jsonl", print_jsonl, 10, true, false, true},
        {"tsv", print_tsv, 10, true, false, false},
        {"csv", print_csv, 10, true, false, false},
        {"ids", print_ids, 10, false, false, false},
        {"trec", print_trec, 100, false, false, false},
    };
    for (size_t i = 0; i < sizeof printers / sizeof *printers; i++) {
        if (strcmp(printers[i].name, name) == 0) {
            return &printers[i];
        }
    }
    return NULL;
}
