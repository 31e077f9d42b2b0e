/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every match with what is needed to find the same ones again. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"

struct order {
    const char *index;
    const char *since;
    const char *until;
    bool plain;
    bool no_variants;
    bool no_names;
};

/* ---- Lines --------------------------------------------------------------- */

static void print_member(const char *name, const char *text)
{
    json_member(stdout, false, name, text, strlen(text));
}

static void print_head(const struct order *request,
                       const struct shukach_index *index, const char *query)
{
    char now[32] = "";
    time_t seconds = time(NULL);
    struct tm utc;
    if (gmtime_r(&seconds, &utc) != NULL) {
        strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", &utc);
    }
    fputs("{\"version\":1", stdout);
    print_member("query", query);
    printf(",\"plain\":%s,\"variants\":%s,\"names\":%s",
           request->plain ? "true" : "false",
           request->no_variants ? "false" : "true",
           request->no_names ? "false" : "true");
    print_member("since", request->since);
    print_member("until", request->until);
    print_member("program", shukach_version());
    print_member("generation", shukach_index_fact(index, "generation"));
    print_member("analyser", shukach_index_fact(index, "analyser"));
    print_member("created", shukach_index_fact(index, "created"));
    print_member("documents", shukach_index_fact(index, "documents"));
    print_member("exported", now);
    fputs("}\n", stdout);
}

static int print_document(const struct shukach_document *document,
                          void *payload)
{
    static const struct {
        const char *name;
        enum shukach_field field;
    } members[SHUKACH_FIELDS] = {
        {"id", SHUKACH_ID},         {"title", SHUKACH_TITLE},
        {"date", SHUKACH_DATE},     {"source", SHUKACH_SOURCE},
        {"author", SHUKACH_AUTHOR}, {"url", SHUKACH_URL},
        {"lang", SHUKACH_LANG},     {"text", SHUKACH_TEXT},
    };
    (void)payload;
    putchar('{');
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        size_t length;
        const char *text =
            shukach_document_get(document, members[i].field, &length);
        json_member(stdout, i == 0, members[i].name, text, length);
    }
    fputs("}\n", stdout);
    return ferror(stdout);
}

/* Only a complete export has this line. */
static void print_end(const struct shukach_hits *hits, uint64_t total)
{
    const char *notice;
    printf("{\"end\":true,\"total\":%llu,\"notices\":[",
           (unsigned long long)total);
    for (size_t i = 0; (notice = shukach_hits_notice(hits, i)) != NULL; i++) {
        fputs(i > 0 ? "," : "", stdout);
        json_text(stdout, notice, strlen(notice));
    }
    fputs("]}\n", stdout);
}

/* ---- The run ------------------------------------------------------------- */

static enum shukach_status export_query(const struct order *request,
                                        struct shukach_index *index,
                                        const char *text, uint64_t *total,
                                        struct shukach_error *err)
{
    struct shukach_query *query = NULL;
    struct shukach_hits *hits = NULL;
    enum shukach_status status = shukach_query_parse(
        text, strlen(text),
        request->plain ? SHUKACH_SYNTAX_PLAIN : SHUKACH_SYNTAX_FULL, &query,
        err);
    if (status == SHUKACH_OK) {
        shukach_query_set_variants(query, !request->no_variants);
        shukach_query_set_names(query, !request->no_names);
        status =
            shukach_query_set_dates(query, request->since, request->until, err);
    }
    if (status == SHUKACH_OK) {
        print_head(request, index, text);
        status = shukach_index_stream(index, query, print_document, NULL, &hits,
                                      err);
    }
    if (status == SHUKACH_OK) {
        uint64_t lower;
        shukach_hits_total(hits, &lower, total);
        print_end(hits, *total);
        print_notices(hits);
    }
    shukach_hits_free(hits);
    shukach_query_free(query);
    return status;
}

static int export_words(const struct order *request,
                        struct shukach_index *index, char **words, int count)
{
    struct shukach_error err;
    uint64_t total = 0;
    char *text = join_words(words, count);
    if (text == NULL) {
        fputs("shukach: out of memory\n", stderr);
        return EXIT_FAILED;
    }
    int code;
    enum shukach_status status =
        export_query(request, index, text, &total, &err);
    if (status == SHUKACH_CANCELLED) {
        code = EXIT_IO; /* main tells why standard output failed */
    } else if (status != SHUKACH_OK) {
        code = fail(&err);
        point_at(text, &err);
    } else {
        code = total > 0 ? EXIT_DONE : EXIT_NO_HITS;
    }
    free(text);
    return code;
}

/* ---- Options ------------------------------------------------------------- */

enum { INDEX = 1000, SINCE, UNTIL, PLAIN, NO_VARIANTS, NO_NAMES };

static bool take_export(int option, void *payload)
{
    struct order *request = payload;
    switch (option) {
    case INDEX:
        request->index = optarg;
        return true;
    case SINCE:
        request->since = optarg;
        return true;
    case UNTIL:
        request->until = optarg;
        return true;
    case PLAIN:
        request->plain = true;
        return true;
    case NO_VARIANTS:
        request->no_variants = true;
        return true;
    case NO_NAMES:
        request->no_names = true;
        return true;
    default:
        return false;
    }
}

int command_export(int argc, char **argv)
{
    static const struct option options[] = {
        {"index", required_argument, NULL, INDEX},
        {"since", required_argument, NULL, SINCE},
        {"until", required_argument, NULL, UNTIL},
        {"plain", no_argument, NULL, PLAIN},
        {"no-variants", no_argument, NULL, NO_VARIANTS},
        {"no-names", no_argument, NULL, NO_NAMES},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct order request = {.since = "", .until = ""};
    int code;
    int words = take_arguments("export", argc, argv, options, take_export,
                               &request, &code);
    if (words < 0) {
        return code;
    }
    if (words == 0) {
        return usage_error("export", "name what to search for");
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
    code = export_words(&request, index, argv, words);
    shukach_index_close(index);
    return code;
}
