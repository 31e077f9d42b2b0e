/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every match with what is needed to find the same ones again. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "cli.h"

/* ---- Lines --------------------------------------------------------------- */

static void print_member(const char *name, const char *text)
{
    json_member(stdout, false, name, text, strlen(text));
}

static void print_head(const struct asking *asking,
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
           asking->plain ? "true" : "false",
           asking->no_variants ? "false" : "true",
           asking->no_names ? "false" : "true");
    print_member("since", asking->since);
    print_member("until", asking->until);
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
    printf("{\"end\":true,\"total\":%llu,\"notices\":",
           (unsigned long long)total);
    json_notices(stdout, hits);
    fputs("}\n", stdout);
}

/* ---- The run ------------------------------------------------------------- */

static enum shukach_status export_query(const struct asking *asking,
                                        struct shukach_index *index,
                                        const char *text, uint64_t *total,
                                        struct shukach_error *err)
{
    struct shukach_query *query = NULL;
    struct shukach_hits *hits = NULL;
    enum shukach_status status = ask_query(asking, text, &query, err);
    if (status == SHUKACH_OK) {
        print_head(asking, index, text);
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

static int export_words(const struct asking *asking,
                        struct shukach_index *index, char **words, int count)
{
    struct shukach_error err;
    uint64_t total = 0;
    char *text = join_words(words, count);
    if (text == NULL) {
        say(LOG_ERR, "out of memory");
        return EXIT_FAILED;
    }
    enum shukach_status status =
        export_query(asking, index, text, &total, &err);
    int code = answer_code(status, total > 0, text, &err);
    free(text);
    return code;
}

/* ---- Options ------------------------------------------------------------- */

static bool take_export(int option, void *payload)
{
    return take_asking(option, payload);
}

int command_export(int argc, char **argv)
{
    static const struct option options[] = {ASK_OPTIONS};
    struct asking asking = {.since = "", .until = ""};
    struct shukach_index *index;
    int code;
    int words = take_arguments("export", argc, argv, options, take_export,
                               &asking, &code);
    if (words < 0) {
        return code;
    }
    if (words == 0) {
        return usage_error("export", "name what to search for");
    }
    code = open_indexes(&asking.indexes, &index);
    if (code == EXIT_DONE) {
        code = export_words(&asking, index, argv, words);
        shukach_index_close(index);
    }
    return code;
}
