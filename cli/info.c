/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <getopt.h>
#include <string.h>

#include "cli.h"

static const char *const facts[] = {
    "generation", "created", "documents",  "tokens", "bytes",    "lang.uk",
    "lang.ru",    "lang.en", "lang.other", "schema", "analyser", "unicode",
};

#define FACTS (sizeof facts / sizeof *facts)

static void print_facts(const struct shukach_index *index, const char *dir,
                        bool json)
{
    if (json) {
        fputs("{\"version\":1", stdout);
        json_member(stdout, false, "index", dir, strlen(dir));
    } else {
        printf("%-12s %s\n", "index", dir);
    }
    for (size_t i = 0; i < FACTS; i++) {
        const char *value = shukach_index_fact(index, facts[i]);
        if (json) {
            json_member(stdout, false, facts[i], value, strlen(value));
        } else {
            printf("%-12s %s\n", facts[i], value);
        }
    }
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
    const char *option_index = NULL;
    bool json = false;
    int option;
    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (option) {
        case INDEX:
            option_index = optarg;
            break;
        case JSON:
            json = true;
            break;
        case 'h':
            print_help("info");
            return EXIT_DONE;
        default:
            return usage_error("info", "the options are wrong");
        }
    }
    if (optind < argc) {
        return usage_error("info", "\"%s\" is not an option", argv[optind]);
    }
    const char *dir = index_directory(option_index);
    struct shukach_index *index;
    struct shukach_error err;
    if (dir == NULL) {
        return EXIT_FAILED;
    }
    if (shukach_index_open(dir, &index, &err) != SHUKACH_OK) {
        return fail(&err);
    }
    print_facts(index, dir, json);
    shukach_index_close(index);
    return EXIT_DONE;
}
