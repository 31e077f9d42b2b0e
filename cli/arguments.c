/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Command lines that hold a query. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* Whether an argument is a word of the query although it begins with a
 * hyphen: -Раїсі, -"фраза", and everything after --. */
static bool is_query_word(const char *argument)
{
    unsigned char second = (unsigned char)argument[1];
    bool option = (second | 0x20u) - 'a' < 26 || second == '-' ||
                  strcmp(argument, "-0") == 0;
    return argument[0] != '-' || !option;
}

int take_arguments(const char *command, int argc, char **argv,
                   const struct option *options, take_option take,
                   void *payload, int *code)
{
    int words = 0;
    opterr = 0;
    *code = EXIT_FAILED;
    while (optind < argc) {
        if (is_query_word(argv[optind])) {
            argv[words++] = argv[optind++];
            continue;
        }
        const char *argument = argv[optind];
        int option = getopt_long(argc, argv, "+:0hn:", options, NULL);
        if (option == -1) { /* behind -- */
            while (optind < argc) {
                argv[words++] = argv[optind++];
            }
        } else if (option == 'h') {
            print_help(command);
            *code = EXIT_DONE;
            return -1;
        } else if (option == '?' || option == ':') {
            usage_error(command,
                        option == ':' ? "%s needs a value"
                                      : "there is no option %s; a query that "
                                        "begins so goes behind --",
                        argument);
            return -1;
        } else if (!take(option, payload)) {
            if (optarg == NULL) {
                usage_error(command, "there is no option %s", argument);
            } else {
                usage_error(command, "\"%s\" is no value for %s", optarg,
                            argument);
            }
            return -1;
        }
    }
    return words;
}

void point_at(const char *text, const struct shukach_error *err)
{
    if (err->offset == SHUKACH_NO_OFFSET || err->offset > strlen(text)) {
        return;
    }
    fprintf(stderr, "  %s\n  ", text);
    for (size_t i = 0; i < err->offset; i++) {
        if (((unsigned char)text[i] & 0xc0) != 0x80) {
            fputc(' ', stderr);
        }
    }
    fprintf(stderr, "^ byte %llu\n", (unsigned long long)err->offset);
    static char corrected[1 << 17];
    if (shukach_query_correct(text, strlen(text), corrected, sizeof corrected) >
        0) {
        fprintf(stderr, "  try: %s\n", corrected);
    }
}

char *join_words(char **words, int count)
{
    size_t length = 1;
    for (int i = 0; i < count; i++) {
        length += strlen(words[i]) + 1;
    }
    char *text = malloc(length);
    char *at = text;
    for (int i = 0; text != NULL && i < count; i++) {
        at = stpcpy(at, i > 0 ? " " : "");
        at = stpcpy(at, words[i]);
    }
    if (text != NULL) {
        *at = '\0';
    }
    return text;
}
