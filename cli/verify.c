/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <getopt.h>
#include <syslog.h>

#include "cli.h"

static int on_fault(const char *name, const char *detail, void *payload)
{
    (void)payload;
    print_escaped(stdout, name);
    fputs(": ", stdout);
    print_escaped(stdout, translate_sentence(detail));
    putchar('\n');
    return 0;
}

int command_verify(int argc, char **argv)
{
    enum { INDEX = 1000 };
    static const struct option options[] = {
        {"index", required_argument, NULL, INDEX},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    const char *option_index = NULL;
    int option;
    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (option) {
        case INDEX:
            option_index = optarg;
            break;
        case 'h':
            print_help("verify");
            return EXIT_DONE;
        default:
            return option_error("verify", argv);
        }
    }
    if (optind < argc) {
        return usage_error("verify", "\"%s\" is not an option", argv[optind]);
    }
    const char *dir = index_directory(option_index);
    struct shukach_error err;
    uint64_t faults;
    if (dir == NULL) {
        return EXIT_FAILED;
    }
    if (shukach_index_verify(dir, on_fault, NULL, &faults, &err) !=
        SHUKACH_OK) {
        return fail(&err);
    }
    if (faults > 0) {
        say(LOG_ERR,
            "%s is damaged; check the disk and make it anew with shukach index",
            dir);
        return EXIT_INDEX;
    }
    return EXIT_DONE;
}
