/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hits in every format; docs/output.md is the contract. */
#include <string.h>

#include "cli.h"

const char *facet_name(enum shukach_facet facet)
{
    static const char *const names[SHUKACH_FACETS] = {
        [SHUKACH_FACET_SOURCE] = "source", [SHUKACH_FACET_AUTHOR] = "author",
        [SHUKACH_FACET_LANG] = "lang",     [SHUKACH_FACET_DAY] = "day",
        [SHUKACH_FACET_WEEK] = "week",     [SHUKACH_FACET_MONTH] = "month"};
    return names[facet];
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

/* A hit from its rank on, without the brace before it. */
static void print_members(const struct answer *answer,
                          const struct shukach_hits *hits, size_t i)
{
    size_t length;
    size_t count;
    const char *text = shukach_hits_field(hits, i, SHUKACH_ID, &length);
    printf("\"rank\":%llu", (unsigned long long)answer->rank);
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
        explain_json(answer, hits, i);
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

static void print_json_head(const struct answer *answer)
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
}

static void print_json_hit(const struct answer *answer,
                           const struct shukach_hits *hits, size_t i)
{
    fputs(answer->rank > answer->offset + 1 ? ",{" : "{", stdout);
    print_members(answer, hits, i);
}

static void print_json_tail(const struct answer *answer)
{
    fputs("],\"facets\":{", stdout);
    print_json_facets(answer);
    putchar('}');
    print_suggestion(answer->hits);
    fputs("}\n", stdout);
}

static void print_jsonl_hit(const struct answer *answer,
                            const struct shukach_hits *hits, size_t i)
{
    putchar('{');
    if (answer->qid != NULL) {
        json_member(stdout, true, "qid", answer->qid, strlen(answer->qid));
        putchar(',');
    }
    print_members(answer, hits, i);
    putchar('\n');
}

/* ---- Columns --------------------------------------------------------- */

/* A cell: tabs, line breaks and other control characters become spaces. */
static void print_cell(const char *text, size_t length)
{
    putchar('\t');
    print_safe(text, length);
}

static void print_tsv_hit(const struct answer *answer,
                          const struct shukach_hits *hits, size_t i)
{
    static const enum shukach_field order[] = {SHUKACH_ID,    SHUKACH_DATE,
                                               SHUKACH_TITLE, SHUKACH_SOURCE,
                                               SHUKACH_URL,   SHUKACH_LANG};
    size_t length;
    if (answer->qid != NULL) {
        printf("%s\t", answer->qid);
    }
    printf("%llu\t%.4f", (unsigned long long)answer->rank,
           shukach_hits_score(hits, i));
    for (size_t c = 0; c < sizeof order / sizeof *order; c++) {
        const char *text = shukach_hits_field(hits, i, order[c], &length);
        print_cell(text, length);
    }
    const char *snippet = shukach_hits_snippet(hits, i, &length);
    print_cell(snippet, length);
    putchar('\n');
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
static void print_csv_head(const struct answer *answer)
{
    static bool named = false;
    if (named) {
        return;
    }
    fputs(answer->qid != NULL ? "qid,rank,score" : "rank,score", stdout);
    for (size_t c = 0; c < COLUMNS; c++) {
        printf(",%s", columns[c].name);
    }
    fputs(",snippet\r\n", stdout);
    named = true;
}

static void print_csv_hit(const struct answer *answer,
                          const struct shukach_hits *hits, size_t i)
{
    size_t length;
    if (answer->qid != NULL) {
        print_csv_cell(answer->qid, strlen(answer->qid), true);
        putchar(',');
    }
    printf("%llu,%.4f", (unsigned long long)answer->rank,
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

/* Ids alone, for xargs. */
static void print_id(const struct answer *answer,
                     const struct shukach_hits *hits, size_t i)
{
    size_t length;
    const char *id = shukach_hits_field(hits, i, SHUKACH_ID, &length);
    fwrite(id, 1, length, stdout);
    putchar(answer->end);
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

static void print_trec_hit(const struct answer *answer,
                           const struct shukach_hits *hits, size_t i)
{
    size_t length;
    const char *qid = answer->qid != NULL ? answer->qid : "1";
    const char *id = shukach_hits_field(hits, i, SHUKACH_ID, &length);
    print_trec_id(qid, strlen(qid));
    fputs(" Q0 ", stdout);
    print_trec_id(id, length);
    printf(" %llu %.6f shukach\n", (unsigned long long)answer->rank,
           shukach_hits_score(hits, i));
}

/* ---- Answers --------------------------------------------------------- */

static void begin(struct answer *answer)
{
    if (!answer->begun && answer->printer->head != NULL) {
        answer->printer->head(answer);
    }
    answer->begun = true;
}

static int on_hit(const struct shukach_hits *hit, void *payload)
{
    struct answer *answer = payload;
    begin(answer);
    answer->rank++;
    answer->printer->hit(answer, hit, 0);
    return ferror(stdout);
}

enum shukach_status print_answer(struct shukach_index *index,
                                 const struct shukach_query *query,
                                 struct answer *answer,
                                 struct shukach_error *err)
{
    const struct printer *printer = answer->printer;
    answer->rank = answer->offset;
    enum shukach_status status =
        printer->streams
            ? shukach_index_stream_hits(index, query, on_hit, answer,
                                        &answer->hits, err)
            : shukach_index_search(index, query, &answer->hits, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    begin(answer);
    for (size_t i = 0; i < shukach_hits_count(answer->hits); i++) {
        answer->rank++;
        printer->hit(answer, answer->hits, i);
    }
    if (printer->tail != NULL) {
        printer->tail(answer);
    }
    return SHUKACH_OK;
}

const struct printer *find_printer(const char *name)
{
    static const struct printer printers[] = {
        {"text", print_text_head, print_text_hit, print_text_tail, 10, true,
         true, true, true},
        {"json", print_json_head, print_json_hit, print_json_tail, 10, false,
         true, true, true},
        {"jsonl", NULL, print_jsonl_hit, NULL, 10, true, true, false, true},
        {"tsv", NULL, print_tsv_hit, NULL, 10, true, true, false, false},
        {"csv", print_csv_head, print_csv_hit, NULL, 10, true, true, false,
         false},
        {"ids", NULL, print_id, NULL, 10, true, false, false, false},
        {"trec", NULL, print_trec_hit, NULL, 100, true, false, false, false},
    };
    for (size_t i = 0; i < sizeof printers / sizeof *printers; i++) {
        if (strcmp(printers[i].name, name) == 0) {
            return &printers[i];
        }
    }
    return NULL;
}
