/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hits in every format; docs/output.md is the contract. */
#include <string.h>

#include "cli.h"

const char *facet_name(enum shukach_facet facet)
{
    static const char *const names[SHUKACH_FACETS] = {
        [SHUKACH_FACET_SOURCE] = NC_("facet", "source"),
        [SHUKACH_FACET_AUTHOR] = NC_("facet", "author"),
        [SHUKACH_FACET_LANG] = NC_("facet", "lang"),
        [SHUKACH_FACET_DAY] = NC_("facet", "day"),
        [SHUKACH_FACET_WEEK] = NC_("facet", "week"),
        [SHUKACH_FACET_MONTH] = NC_("facet", "month")};
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
    text = directory_of(answer, hits, i);
    if (text != NULL) {
        json_member(stdout, false, "index", text, strlen(text));
    }
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

static void print_jsonl_qid(FILE *out, const char *qid)
{
    putc('{', out);
    json_member(out, true, "qid", qid, strlen(qid));
    putc(',', out);
}

static void print_jsonl_hit(const struct answer *answer,
                            const struct shukach_hits *hits, size_t i)
{
    if (answer->qid != NULL) {
        print_jsonl_qid(stdout, answer->qid);
    } else {
        putchar('{');
    }
    print_members(answer, hits, i);
    putchar('\n');
}

/* ---- Columns --------------------------------------------------------- */

/* Words that are highlighted in a title or a snippet. */
struct found {
    const char *text;
    const struct shukach_range *ranges;
    size_t count;
};

/* Whether word `k` of `in` stands before it, there or in the one before. */
static bool found_before(const struct found *in, size_t part, size_t k)
{
    const struct shukach_range *word = &in[part].ranges[k];
    size_t length = word->to - word->from;
    for (size_t p = 0; p <= part; p++) {
        for (size_t i = 0; i < (p == part ? k : in[p].count); i++) {
            const struct shukach_range *other = &in[p].ranges[i];
            if (other->to - other->from == length &&
                memcmp(in[p].text + other->from, in[part].text + word->from,
                       length) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* The highlighted words as they stand there, each once: `Путіна; Путіним`. */
static void print_found(const struct shukach_hits *hits, size_t i,
                        void (*print)(const char *text, size_t length))
{
    struct found in[2];
    const char *sign = "";
    in[0].text = shukach_hits_field(hits, i, SHUKACH_TITLE, NULL);
    in[0].ranges = shukach_hits_title_ranges(hits, i, &in[0].count);
    in[1].text = shukach_hits_snippet(hits, i, NULL);
    in[1].ranges = shukach_hits_snippet_ranges(hits, i, &in[1].count);
    for (size_t part = 0; part < 2; part++) {
        for (size_t k = 0; k < in[part].count; k++) {
            const struct shukach_range *word = &in[part].ranges[k];
            if (!found_before(in, part, k)) {
                fputs(sign, stdout);
                print(in[part].text + word->from, word->to - word->from);
                sign = "; ";
            }
        }
    }
}

/* A cell: tabs, line breaks and other control characters become spaces. */
static void print_cell(const char *text, size_t length)
{
    putchar('\t');
    print_safe(text, length);
}

static void print_tsv_qid(FILE *out, const char *qid)
{
    fprintf(out, "%s\t", qid);
}

static void print_tsv_hit(const struct answer *answer,
                          const struct shukach_hits *hits, size_t i)
{
    static const enum shukach_field order[] = {SHUKACH_ID,    SHUKACH_DATE,
                                               SHUKACH_TITLE, SHUKACH_SOURCE,
                                               SHUKACH_URL,   SHUKACH_LANG};
    size_t length;
    if (answer->qid != NULL) {
        print_tsv_qid(stdout, answer->qid);
    }
    printf("%llu\t%.4f", (unsigned long long)answer->rank,
           shukach_hits_score(hits, i));
    for (size_t c = 0; c < sizeof order / sizeof *order; c++) {
        const char *text = shukach_hits_field(hits, i, order[c], &length);
        print_cell(text, length);
    }
    const char *snippet = shukach_hits_snippet(hits, i, &length);
    print_cell(snippet, length);
    if (answer->qid != NULL) {
        print_cell(answer->query, strlen(answer->query));
        putchar('\t');
        print_found(hits, i, print_safe);
    }
    putchar('\n');
}

static void print_quoted(FILE *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        fputs(text[i] == '"' ? "\"" : "", out);
        putc(text[i], out);
    }
}

/* A cell of RFC 4180: in quotes where it holds a quote, a comma or a break. */
static void print_csv_text(FILE *out, const char *text, size_t length)
{
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        quoted = quoted || strchr("\",\r\n", text[i]) != NULL;
    }
    fputs(quoted ? "\"" : "", out);
    print_quoted(out, text, length);
    fputs(quoted ? "\"" : "", out);
}

static void print_csv_cell(const char *text, size_t length)
{
    putchar(',');
    print_csv_text(stdout, text, length);
}

static void print_csv_qid(FILE *out, const char *qid)
{
    print_csv_text(out, qid, strlen(qid));
    putc(',', out);
}

static void print_csv_word(const char *text, size_t length)
{
    print_quoted(stdout, text, length);
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

static void print_names(FILE *out, bool batch)
{
    fputs(batch ? "qid,rank,score" : "rank,score", out);
    for (size_t c = 0; c < COLUMNS; c++) {
        fprintf(out, ",%s", columns[c].name);
    }
    fputs(batch ? ",snippet,query,found\r\n" : ",snippet\r\n", out);
}

static void print_batch_names(FILE *out)
{
    print_names(out, true);
}

/* The first answer of a run has the names of the columns before it. */
static void print_csv_head(const struct answer *answer)
{
    if (!answer->headed) {
        print_names(stdout, answer->qid != NULL);
    }
}

static void print_csv_hit(const struct answer *answer,
                          const struct shukach_hits *hits, size_t i)
{
    size_t length;
    if (answer->qid != NULL) {
        print_csv_qid(stdout, answer->qid);
    }
    printf("%llu,%.4f", (unsigned long long)answer->rank,
           shukach_hits_score(hits, i));
    for (size_t c = 0; c < COLUMNS; c++) {
        const char *text =
            shukach_hits_field(hits, i, columns[c].field, &length);
        print_csv_cell(text, length);
    }
    const char *snippet = shukach_hits_snippet(hits, i, &length);
    print_csv_cell(snippet, length);
    if (answer->qid != NULL) {
        print_csv_cell(answer->query, strlen(answer->query));
        fputs(",\"", stdout);
        print_found(hits, i, print_csv_word);
        putchar('"');
    }
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
static void print_trec_id(FILE *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c <= ' ' || c == '%' || c == 0x7f) {
            fprintf(out, "%%%02X", c);
        } else {
            putc(c, out);
        }
    }
}

static void print_trec_qid(FILE *out, const char *qid)
{
    print_trec_id(out, qid, strlen(qid));
    fputs(" Q0 ", out);
}

static void print_trec_hit(const struct answer *answer,
                           const struct shukach_hits *hits, size_t i)
{
    size_t length;
    const char *id = shukach_hits_field(hits, i, SHUKACH_ID, &length);
    print_trec_qid(stdout, answer->qid != NULL ? answer->qid : "1");
    print_trec_id(stdout, id, length);
    printf(" %llu %.6f shukach\n", (unsigned long long)answer->rank,
           shukach_hits_score(hits, i));
}

/* ---- Answers --------------------------------------------------------- */

const char *directory_of(const struct answer *answer,
                         const struct shukach_hits *hits, size_t i)
{
    return answer->several == NULL
               ? NULL
               : shukach_index_fact_of(
                     answer->several, shukach_hits_index(hits, i), "directory");
}

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
    if (answer->whole) {
        fflush(stdout);
    }
    return ferror(stdout);
}

enum shukach_status print_answer(struct shukach_index *index,
                                 const struct shukach_query *query,
                                 struct answer *answer,
                                 struct shukach_error *err)
{
    const struct printer *printer = answer->printer;
    answer->several = shukach_index_parts(index) > 1 ? index : NULL;
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
         true, true, true, false, NULL, NULL},
        {"json", print_json_head, print_json_hit, print_json_tail, 10, false,
         true, true, true, false, NULL, NULL},
        {"jsonl", NULL, print_jsonl_hit, NULL, 10, true, true, false, true,
         false, print_jsonl_qid, NULL},
        {"tsv", NULL, print_tsv_hit, NULL, 10, true, true, false, false, true,
         print_tsv_qid, NULL},
        {"csv", print_csv_head, print_csv_hit, NULL, 10, true, true, false,
         false, true, print_csv_qid, print_batch_names},
        {"ids", NULL, print_id, NULL, 10, true, false, false, false, false,
         NULL, NULL},
        {"trec", NULL, print_trec_hit, NULL, 100, true, false, false, false,
         false, print_trec_qid, NULL},
    };
    for (size_t i = 0; i < sizeof printers / sizeof *printers; i++) {
        if (strcmp(printers[i].name, name) == 0) {
            return &printers[i];
        }
    }
    return NULL;
}
