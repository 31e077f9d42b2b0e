/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "search.h"

void print_notices(const struct shukach_hits *hits)
{
    const char *notice;
    for (size_t i = 0; (notice = shukach_hits_notice(hits, i)) != NULL; i++) {
        fprintf(stderr, "shukach: %s\n", translate_sentence(notice));
    }
    size_t length;
    const char *suggestion = shukach_hits_suggestion(hits, &length);
    if (length > 0) {
        fprintf(stderr, _("Чи не мали ви на увазі (did you mean): %s?\n"),
                suggestion);
    }
}

/* ---- One query ----------------------------------------------------------- */

/* What the options say of a query but for what every command asks. */
static enum shukach_status set_query(const struct request *request, bool batch,
                                     struct shukach_query *query,
                                     struct shukach_error *err)
{
    const struct printer *printer = request->printer;
    shukach_query_set_window(query, request->offset,
                             request->limit_given ? request->limit
                                                  : printer->limit);
    shukach_query_set_sort(query, request->sort);
    shukach_query_set_suggest(query, !batch && printer->suggests);
    if (!printer->snippets) {
        shukach_query_set_snippet(query, 0);
    } else if (request->full) {
        shukach_query_set_snippet(query, SHUKACH_WHOLE_TEXT);
    } else if (request->snippet_given) {
        shukach_query_set_snippet(query, (size_t)request->snippet);
    }
    shukach_query_set_title_ranges(query, batch && printer->finds);
    shukach_query_set_fragments(query, (size_t)request->fragments);
    shukach_query_set_exact_total(query, request->exact_total);
    shukach_query_set_explain(query, request->explain);
    for (int f = 0; f < SHUKACH_FACETS; f++) {
        if (request->facets[f]) {
            shukach_query_add_facet(query, (enum shukach_facet)f);
        }
    }
    return shukach_query_set_recent(query, (uint32_t)request->half_life,
                                    request->asking.until, err);
}

enum shukach_status answer_query(struct shukach_index *index,
                                 const struct request *request, const char *qid,
                                 const char *text, size_t *found,
                                 struct shukach_error *err)
{
    struct shukach_query *query = NULL;
    struct answer answer = {.printer = request->printer,
                            .qid = qid,
                            .query = text,
                            .offset = request->offset,
                            .end = request->end,
                            .facets = request->facets,
                            .explain = request->explain,
                            .headed = request->headed,
                            .whole = request->output != NULL};
    enum shukach_status status = ask_query(&request->asking, text, &query, err);
    if (status == SHUKACH_OK) {
        status = set_query(request, qid != NULL, query, err);
    }
    if (status == SHUKACH_OK) {
        status = print_answer(index, query, &answer, err);
    }
    if (status == SHUKACH_OK) {
        if (request->progress != NULL &&
            shukach_hits_notice(answer.hits, 0) != NULL) {
            progress_wipe(request->progress);
        }
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
        fputs(_("nothing found\n"), stderr);
    }
}

static int search_once(struct shukach_index *index,
                       const struct request *request, char **words, int count)
{
    struct shukach_error err;
    size_t found = 0;
    char *text = join_words(words, count);
    if (text == NULL) {
        say(LOG_ERR, "out of memory");
        return EXIT_FAILED;
    }
    enum shukach_status status =
        answer_query(index, request, NULL, text, &found, &err);
    if (status == SHUKACH_OK) {
        print_total(found);
    }
    int code = answer_code(status, found > 0, text, &err);
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
    if (request->asking.no_variants) {
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
    EXACT_TOTAL = 1000,
    EXPLAIN,
    RECENT,
    FACETS,
    TIMELINE,
    OFFSET,
    SORT,
    FORMAT,
    SNIPPET,
    SNIPPETS,
    FULL,
    BATCH,
    OUTPUT,
    RESUME,
    COLOR,
    VARIANTS,
};

static const struct option options[] = {
    {"limit", required_argument, NULL, 'n'},
    {"offset", required_argument, NULL, OFFSET},
    {"sort", required_argument, NULL, SORT},
    {"format", required_argument, NULL, FORMAT},
    {"snippet", required_argument, NULL, SNIPPET},
    {"snippets", required_argument, NULL, SNIPPETS},
    {"full", no_argument, NULL, FULL},
    {"batch", required_argument, NULL, BATCH},
    {"output", required_argument, NULL, OUTPUT},
    {"resume", no_argument, NULL, RESUME},
    {"color", required_argument, NULL, COLOR},
    {"variants", required_argument, NULL, VARIANTS},
    {"null", no_argument, NULL, '0'},
    {"facets", required_argument, NULL, FACETS},
    {"timeline", required_argument, NULL, TIMELINE},
    {"exact-total", no_argument, NULL, EXACT_TOTAL},
    {"explain", no_argument, NULL, EXPLAIN},
    {"recent", optional_argument, NULL, RECENT},
    ASK_OPTIONS};

/* Takes an option that has no value; false for any other. */
static bool take_flag(int option, struct request *request)
{
    switch (option) {
    case FULL:
        request->full = true;
        return true;
    case EXACT_TOTAL:
        request->exact_total = true;
        return true;
    case EXPLAIN:
        request->explain = true;
        return true;
    case RESUME:
        request->resume = true;
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
    case 'n':
        request->limit_given = true;
        return parse_number(optarg, false, &request->limit);
    case OFFSET:
        return parse_number(optarg, false, &request->offset);
    case SORT:
        return set_sort(optarg, &request->sort);
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
    case OUTPUT:
        request->output = optarg;
        return *optarg != '\0';
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
        return take_flag(option, request) ||
               take_asking(option, &request->asking);
    }
}

/* Says which options do not go together; EXIT_DONE if all do. */
static int check_request(const struct request *request, int words)
{
    if ((words == 0) == (request->batch == NULL)) {
        return usage_error("search", request->batch == NULL
                                         ? N_("name what to search for")
                                         : N_("a query or --batch, not both"));
    }
    if (request->explain && !request->printer->explains) {
        return usage_error("search",
                           "--explain needs the format text, json or jsonl");
    }
    if (request->output != NULL && request->batch == NULL) {
        return usage_error("search", "--output needs --batch");
    }
    if (request->resume && request->output == NULL) {
        return usage_error("search", "--resume needs --output FILE, which it "
                                     "goes on with");
    }
    if (request->resume && request->printer->qid == NULL) {
        return usage_error("search",
                           "--resume needs the format csv, tsv, jsonl or trec");
    }
    if (request->resume && strcmp(request->batch, "-") == 0) {
        return usage_error("search", "--resume needs a file of queries, not "
                                     "standard input");
    }
    return EXIT_DONE;
}

int command_search(int argc, char **argv)
{
    struct request request = {.asking = {.since = "", .until = ""},
                              .printer = find_printer("text"),
                              .fragments = 1,
                              .end = '\n'};
    struct shukach_index *index;
    int code;
    int words = take_arguments("search", argc, argv, options, take_search,
                               &request, &code);
    if (words < 0) {
        return code;
    }
    code = check_request(&request, words);
    if (code == EXIT_DONE) {
        code = open_indexes(&request.asking.indexes, &index);
    }
    if (code != EXIT_DONE) {
        return code;
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
