/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define TABLES_MAX 32

struct request {
    const char *index;
    const char *batch;
    const char *since;
    const char *until;
    const struct printer *printer;
    enum shukach_syntax syntax;
    enum shukach_sort sort;
    uint64_t limit;
    bool limit_given;
    uint64_t offset;
    uint64_t snippet;
    bool snippet_given;
    uint64_t fragments;
    bool full; /* the whole text as a snippet */
    bool no_variants;
    bool no_names;
    const char *tables[TABLES_MAX]; /* of variants */
    size_t table_count;
    char end;
    bool facets[SHUKACH_FACETS];
    bool exact_total;
    bool explain;
    uint64_t half_life; /* days */
};

void print_notices(const struct shukach_hits *hits)
{
    const char *notice;
    for (size_t i = 0; (notice = shukach_hits_notice(hits, i)) != NULL; i++) {
        fprintf(stderr, "shukach: %s\n", notice);
    }
    size_t length;
    const char *suggestion = shukach_hits_suggestion(hits, &length);
    if (length > 0) {
        fprintf(stderr, "Чи не мали ви на увазі (did you mean): %s?\n",
                suggestion);
    }
}

/* ---- One query ----------------------------------------------------------- */

static enum shukach_status answer_query(struct shukach_index *index,
                                        const struct request *request,
                                        const char *qid, const char *text,
                                        size_t *found,
                                        struct shukach_error *err)
{
    struct shukach_query *query = NULL;
    struct answer answer = {.printer = request->printer,
                            .qid = qid,
                            .query = text,
                            .offset = request->offset,
                            .end = request->end,
                            .facets = request->facets,
                            .explain = request->explain};
    enum shukach_status status =
        shukach_query_parse(text, strlen(text), request->syntax, &query, err);
    if (status == SHUKACH_OK) {
        shukach_query_set_window(
            query, request->offset,
            request->limit_given ? request->limit : request->printer->limit);
        shukach_query_set_sort(query, request->sort);
        shukach_query_set_suggest(query,
                                  qid == NULL && request->printer->suggests);
        shukach_query_set_variants(query, !request->no_variants);
        shukach_query_set_names(query, !request->no_names);
        if (!request->printer->snippets) {
            shukach_query_set_snippet(query, 0);
        } else if (request->full) {
            shukach_query_set_snippet(query, SHUKACH_WHOLE_TEXT);
        } else if (request->snippet_given) {
            shukach_query_set_snippet(query, (size_t)request->snippet);
        }
        shukach_query_set_fragments(query, (size_t)request->fragments);
        shukach_query_set_exact_total(query, request->exact_total);
        shukach_query_set_explain(query, request->explain);
        status = shukach_query_set_recent(query, (uint32_t)request->half_life,
                                          request->until, err);
    }
    if (status == SHUKACH_OK) {
        for (int f = 0; f < SHUKACH_FACETS; f++) {
            if (request->facets[f]) {
                shukach_query_add_facet(query, (enum shukach_facet)f);
            }
        }
        status =
            shukach_query_set_dates(query, request->since, request->until, err);
    }
    if (status == SHUKACH_OK) {
        status = print_answer(index, query, &answer, err);
    }
    if (status == SHUKACH_OK) {
        print_notices(answer.hits);
        *found = (size_t)(answer.rank - answer.offset);
    }
    shukach_hits_free(answer.hits);
    shukach_query_free(query);
    return status;
}

static void print_total(size_t found)
{
    if (stderr_is_terminal() && found == 0) {
        fputs("nothing found\n", stderr);
    }
}

static int search_once(struct shukach_index *index,
                       const struct request *request, char **words, int count)
{
    struct shukach_error err;
    size_t found = 0;
    char *text = join_words(words, count);
    if (text == NULL) {
        fputs("shukach: out of memory\n", stderr);
        return EXIT_FAILED;
    }
    int code;
    enum shukach_status status =
        answer_query(index, request, NULL, text, &found, &err);
    if (status == SHUKACH_CANCELLED) {
        code = EXIT_IO; /* main tells why standard output failed */
    } else if (status != SHUKACH_OK) {
        code = fail(&err);
        point_at(text, &err);
    } else {
        print_total(found);
        code = found > 0 ? EXIT_DONE : EXIT_NO_HITS;
    }
    free(text);
    return code;
}

/* ---- Variants ------------------------------------------------------------ */

/* Says why a table could not be added; the exit code. */
static int fail_table(const struct shukach_error *err)
{
    return fail(err) == EXIT_IO ? EXIT_IO : EXIT_FAILED;
}

/* Adds the user's own table, where there is one, and those of --variants;
 * EXIT_DONE, or what went wrong and was said. */
static int add_tables(struct shukach_index *index,
                      const struct request *request)
{
    static char path[4096];
    struct shukach_error err;
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    bool named = config != NULL && *config == '/';
    const char *folder = named ? config : home;
    if (request->no_variants) {
        return EXIT_DONE;
    }
    int length =
        snprintf(path, sizeof path, "%s%s/shukach/variants.txt",
                 folder == NULL ? "" : folder, named ? "" : "/.config");
    if (folder != NULL && *folder != '\0' && length < (int)sizeof path &&
        shukach_index_add_variants(index, path, &err) != SHUKACH_OK &&
        err.status != SHUKACH_NOT_FOUND) {
        return fail_table(&err);
    }
    for (size_t i = 0; i < request->table_count; i++) {
        if (shukach_index_add_variants(index, request->tables[i], &err) !=
            SHUKACH_OK) {
            return fail_table(&err);
        }
    }
    return EXIT_DONE;
}

/* ---- A batch ------------------------------------------------------------- */

/* One line QID<TAB>QUERY; false if it was bad, which was said. */
static bool batch_line(struct shukach_index *index,
                       const struct request *request, const char *name,
                       size_t number, char *line, int *code)
{
    struct shukach_error err;
    size_t found;
    line[strcspn(line, "\r\n")] = '\0';
    char *tab = strchr(line, '\t');
    if (*line == '\0') {
        return true;
    }
    if (tab == NULL || tab == line || strchr(" \t", line[0]) != NULL) {
        fprintf(stderr,
                "shukach: %s:%zu: expected QID<TAB>QUERY, found no tab\n", name,
                number);
        return false;
    }
    *tab = '\0';
    enum shukach_status status =
        answer_query(index, request, line, tab + 1, &found, &err);
    if (status == SHUKACH_OK || status == SHUKACH_CANCELLED) {
        *code = status == SHUKACH_OK ? *code : EXIT_IO;
        return true;
    }
    fprintf(stderr, "shukach: %s:%zu: %s\n", name, number, err.message);
    int failure = exit_code_of(&err);
    point_at(tab + 1, &err);
    /* A bad query is that line's; a bad index is everyone's. */
    *code = failure == EXIT_FAILED ? *code : failure;
    return false;
}

static int search_batch(struct shukach_index *index,
                        const struct request *request)
{
    bool standard = strcmp(request->batch, "-") == 0;
    FILE *file = standard ? stdin : fopen(request->batch, "re");
    if (file == NULL) {
        fprintf(stderr, "shukach: cannot open %s: %s\n", request->batch,
                strerror(errno));
        return EXIT_FAILED;
    }
    char *line = NULL;
    size_t capacity = 0;
    size_t bad = 0;
    int code = EXIT_DONE;
    ssize_t length;
    for (size_t number = 1;
         code == EXIT_DONE && (length = getline(&line, &capacity, file)) != -1;
         number++) {
        if (strlen(line) != (size_t)length) {
            fprintf(stderr, "shukach: %s:%zu: holds a NUL byte\n",
                    request->batch, number);
            bad++;
        } else if (!batch_line(index, request, request->batch, number, line,
                               &code)) {
            bad++;
        }
    }
    if (ferror(file)) {
        fprintf(stderr, "shukach: cannot read %s: %s\n", request->batch,
                strerror(errno));
        code = EXIT_IO;
    }
    free(line);
    if (!standard) {
        fclose(file);
    }
    return code == EXIT_DONE && bad > 0 ? EXIT_PARTLY : code;
}

/* ---- Options ------------------------------------------------------------- */

static bool set_sort(const char *name, enum shukach_sort *out)
{
    static const struct {
        const char *name;
        enum shukach_sort sort;
    } sorts[] = {{"relevance", SHUKACH_SORT_RELEVANCE},
                 {"date", SHUKACH_SORT_OLDEST},
                 {"-date", SHUKACH_SORT_NEWEST}};
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        if (strcmp(sorts[i].name, name) == 0) {
            *out = sorts[i].sort;
            return true;
        }
    }
    return false;
}

/* Names of facets, comma-separated; of those in [first, last]. */
static bool set_facets(const char *names, int first, int last, bool *out)
{
    while (*names != '\0') {
        size_t length = strcspn(names, ",");
        bool found = false;
        for (int f = first; f <= last; f++) {
            const char *name = facet_name((enum shukach_facet)f);
            if (strlen(name) == length && memcmp(name, names, length) == 0) {
                out[f] = true;
                found = true;
            }
        }
        if (!found) {
            return false;
        }
        names += length + (names[length] == ',');
    }
    return true;
}

enum {
    INDEX = 1000,
    EXACT_TOTAL,
    EXPLAIN,
    RECENT,
    FACETS,
    TIMELINE,
    OFFSET,
    SORT,
    SINCE,
    UNTIL,
    FORMAT,
    SNIPPET,
    SNIPPETS,
    FULL,
    PLAIN,
    BATCH,
    COLOR,
    VARIANTS,
    NO_VARIANTS,
    NO_NAMES,
};

static const struct option options[] = {
    {"index", required_argument, NULL, INDEX},
    {"limit", required_argument, NULL, 'n'},
    {"offset", required_argument, NULL, OFFSET},
    {"sort", required_argument, NULL, SORT},
    {"since", required_argument, NULL, SINCE},
    {"until", required_argument, NULL, UNTIL},
    {"format", required_argument, NULL, FORMAT},
    {"snippet", required_argument, NULL, SNIPPET},
    {"snippets", required_argument, NULL, SNIPPETS},
    {"full", no_argument, NULL, FULL},
    {"plain", no_argument, NULL, PLAIN},
    {"batch", required_argument, NULL, BATCH},
    {"color", required_argument, NULL, COLOR},
    {"variants", required_argument, NULL, VARIANTS},
    {"no-variants", no_argument, NULL, NO_VARIANTS},
    {"null", no_argument, NULL, '0'},
    {"facets", required_argument, NULL, FACETS},
    {"timeline", required_argument, NULL, TIMELINE},
    {"no-names", no_argument, NULL, NO_NAMES},
    {"exact-total", no_argument, NULL, EXACT_TOTAL},
    {"explain", no_argument, NULL, EXPLAIN},
    {"recent", optional_argument, NULL, RECENT},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

/* Takes an option that has no value; false for any other. */
static bool take_flag(int option, struct request *request)
{
    switch (option) {
    case FULL:
        request->full = true;
        return true;
    case PLAIN:
        request->syntax = SHUKACH_SYNTAX_PLAIN;
        return true;
    case NO_VARIANTS:
        request->no_variants = true;
        return true;
    case NO_NAMES:
        request->no_names = true;
        return true;
    case EXACT_TOTAL:
        request->exact_total = true;
        return true;
    case EXPLAIN:
        request->explain = true;
        return true;
    case '0':
        request->end = '\0';
        return true;
    default:
        return false;
    }
}

/* Takes one option; false if its value is wrong. */
static bool take_search(int option, void *payload)
{
    struct request *request = payload;
    switch (option) {
    case INDEX:
        request->index = optarg;
        return true;
    case 'n':
        request->limit_given = true;
        return parse_number(optarg, false, &request->limit);
    case OFFSET:
        return parse_number(optarg, false, &request->offset);
    case SORT:
        return set_sort(optarg, &request->sort);
    case SINCE:
        request->since = optarg;
        return true;
    case UNTIL:
        request->until = optarg;
        return true;
    case FORMAT:
        request->printer = find_printer(optarg);
        return request->printer != NULL;
    case SNIPPET:
        request->snippet_given = true;
        return parse_number(optarg, false, &request->snippet) &&
               request->snippet <= 1000000;
    case SNIPPETS:
        return parse_number(optarg, false, &request->fragments) &&
               request->fragments >= 1 && request->fragments <= 100;
    case BATCH:
        request->batch = optarg;
        return true;
    case COLOR:
        return set_color(optarg);
    case VARIANTS:
        if (request->table_count == TABLES_MAX) {
            return false;
        }
        request->tables[request->table_count++] = optarg;
        return true;
    case FACETS:
        return set_facets(optarg, 0, SHUKACH_FACETS - 1, request->facets);
    case TIMELINE:
        return set_facets(optarg, SHUKACH_FACET_DAY, SHUKACH_FACET_MONTH,
                          request->facets);
    case RECENT:
        request->half_life = 30;
        return optarg == NULL ||
               (parse_number(optarg, false, &request->half_life) &&
                request->half_life > 0 && request->half_life <= 100000);
    default:
        return take_flag(option, request);
    }
}

int command_search(int argc, char **argv)
{
    struct request request = {
        .printer = find_printer("text"), .fragments = 1, .end = '\n'};
    int code;
    int words = take_arguments("search", argc, argv, options, take_search,
                               &request, &code);
    if (words < 0) {
        return code;
    }
    if ((words == 0) == (request.batch == NULL)) {
        return usage_error("search", request.batch == NULL
                                         ? "name what to search for"
                                         : "a query or --batch, not both");
    }
    if (request.explain && !request.printer->explains) {
        return usage_error("search",
                           "--explain needs the format text, json or jsonl");
    }
    const char *dir = index_directory(request.index);
    struct shukach_index *index;
    struct shukach_error err;
    if (dir == NULL) {
        return EXIT_FAILED;
    }
    if (shukach_index_open(dir, &index, &err) != SHUKACH_OK) {
        return fail(&err);
    }
    code = add_tables(index, &request);
    if (code != EXIT_DONE) {
        shukach_index_close(index);
        return code;
    }
    if (request.batch != NULL) {
        code = search_batch(index, &request);
    } else {
        code = search_once(index, &request, argv, words);
    }
    shukach_index_close(index);
    return code;
}
