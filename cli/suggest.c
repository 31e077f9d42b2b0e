/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#include "cli.h"

static int print_form(const char *form, size_t length, uint64_t documents,
                      void *payload)
{
    bool *any = payload;
    fwrite(form, 1, length, stdout);
    printf("\t%" PRIu64 "\n", documents);
    *any = true;
    return 0;
}

static int complete(const struct indexes *indexes, const char *prefix,
                    uint64_t limit)
{
    struct shukach_index *index;
    struct shukach_error err;
    bool any = false;
    int code = open_indexes(indexes, &index);
    if (code != EXIT_DONE) {
        return code;
    }
    if (shukach_index_complete(index, prefix, strlen(prefix), (size_t)limit,
                               print_form, &any, &err) != SHUKACH_OK) {
        code = fail(&err);
    } else if (!any) {
        code = EXIT_NO_HITS;
    }
    shukach_index_close(index);
    return code;
}

int command_suggest(int argc, char **argv)
{
    enum { INDEX = 1000 };
    static const struct option options[] = {
        {"index", required_argument, NULL, INDEX},
        {"limit", required_argument, NULL, 'n'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct indexes indexes = {.count = 0};
    uint64_t limit = 10;
    int option;
    while ((option = getopt_long(argc, argv, "hn:", options, NULL)) != -1) {
        switch (option) {
        case INDEX:
            if (!add_index(&indexes, optarg)) {
                return usage_error("suggest", "there are too many --index");
            }
            break;
        case 'n':
            if (!parse_number(optarg, false, &limit) || limit == 0 ||
                limit > 10000) {
                return usage_error("suggest",
                                   "--limit needs a number from 1 to 10000");
            }
            break;
        case 'h':
            print_help("suggest");
            return EXIT_DONE;
        default:
            return option_error("suggest", argv);
        }
    }
    if (optind + 1 != argc) {
        return usage_error("suggest", "name the beginning of one word");
    }
    return complete(&indexes, argv[optind], limit);
}
