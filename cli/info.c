/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <getopt.h>
#include <string.h>
#include <time.h>

#include "cli.h"

static const char *const facts[] = {
    "generation", "created", "documents", "deleted", "segments",
    "tokens",     "bytes",   "lang.uk",   "lang.ru", "lang.en",
    "lang.other", "schema",  "analyser",  "unicode",
};

#define FACTS (sizeof facts / sizeof *facts)

static void print_fact(const char *name, const char *value, bool json)
{
    if (json) {
        json_member(stdout, false, name, value, strlen(value));
    } else {
        printf("%-12s %s\n", name, value);
    }
}

/* Seconds since the index was published; nothing for what is no time. */
static void print_age(const struct shukach_index *index, bool json)
{
    struct tm created = {0};
    char text[32];
    if (strptime(shukach_index_fact(index, "created"), "%Y-%m-%dT%H:%M:%SZ",
                 &created) != NULL) {
        snprintf(text, sizeof text, "%lld",
                 (long long)(time(NULL) - timegm(&created)));
        print_fact("age", text, json);
    }
}

/* How much of the index is deleted documents, in hundredths. */
static void print_share(const struct shukach_index *index, bool json)
{
    uint64_t living = shukach_index_count(index);
    uint64_t deleted = 0;
    char text[32];
    (void)parse_number(shukach_index_fact(index, "deleted"), false, &deleted);
    snprintf(text, sizeof text, "%.1f",
             deleted == 0 ? 0
                          : 100 * (double)deleted / (double)(living + deleted));
    print_fact("deleted.part", text, json);
}

/* Of several indexes JSON has "" and a list. */
static void print_directories(const struct shukach_index *index, bool json)
{
    size_t parts = shukach_index_parts(index);
    bool list = json && parts > 1;
    if (list) {
        print_fact("index", "", json);
        fputs(",\"indexes\":[", stdout);
    }
    for (size_t i = 0; i < parts; i++) {
        const char *dir = shukach_index_fact_of(index, i, "directory");
        if (list) {
            fputs(i > 0 ? "," : "", stdout);
            json_text(stdout, dir, strlen(dir));
        } else {
            print_fact("index", dir, json);
        }
    }
    fputs(list ? "]" : "", stdout);
}

static void print_facts(const struct shukach_index *index, bool json)
{
    if (json) {
        fputs("{\"version\":1", stdout);
    }
    print_directories(index, json);
    for (size_t i = 0; i < FACTS; i++) {
        print_fact(facts[i], shukach_index_fact(index, facts[i]), json);
    }
    print_share(index, json);
    print_age(index, json);
    if (json) {
        puts("}");
    }
}

int command_info(int argc, char **argv)
{
    enum { INDEX = 1000, JSON };
    static const struct option options[] = {
        {"index", required_argument, NULL, INDEX},
        {"json", no_argument, NULL, JSON},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct indexes indexes = {.count = 0};
    bool json = false;
    int option;
    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (option) {
        case INDEX:
            if (!add_index(&indexes, optarg)) {
                return usage_error("info", "there are too many --index");
            }
            break;
        case JSON:
            json = true;
            break;
        case 'h':
            print_help("info");
            return EXIT_DONE;
        default:
            return option_error("info", argv);
        }
    }
    if (optind < argc) {
        return usage_error("info", "\"%s\" is not an option", argv[optind]);
    }
    struct shukach_index *index;
    int code = open_indexes(&indexes, &index);
    if (code != EXIT_DONE) {
        return code;
    }
    print_facts(index, json);
    shukach_index_close(index);
    return EXIT_DONE;
}
