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
                        option == ':' ? N_("%s needs a value")
                                      : N_("there is no option %s; a query "
                                           "that begins so goes behind --"),
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

int option_error(const char *command, char **argv)
{
    const char *last = argv[optind - 1];
    char letter[] = {'-', (char)optopt, '\0'};
    return usage_error(command,
                       "%s is no option, or its value is wrong or missing",
                       strncmp(last, "--", 2) == 0 ? last : letter);
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
    fprintf(stderr, _("^ byte %llu\n"), (unsigned long long)err->offset);
    static char corrected[1 << 17];
    if (shukach_query_correct(text, strlen(text), corrected, sizeof corrected) >
        0) {
        fprintf(stderr, _("  try: %s\n"), corrected);
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

bool take_asking(int option, struct asking *asking)
{
    switch (option) {
    case ASK_INDEX:
        return add_index(&asking->indexes, optarg);
    case ASK_SINCE:
        asking->since = optarg;
        return true;
    case ASK_UNTIL:
        asking->until = optarg;
        return true;
    case ASK_PLAIN:
        asking->plain = true;
        return true;
    case ASK_NO_VARIANTS:
        asking->no_variants = true;
        return true;
    case ASK_NO_NAMES:
        asking->no_names = true;
        return true;
    default:
        return false;
    }
}

bool add_index(struct indexes *indexes, const char *dir)
{
    if (indexes->count == SHUKACH_INDEXES_MAX) {
        return false;
    }
    indexes->dirs[indexes->count++] = dir;
    return true;
}

int open_indexes(const struct indexes *indexes, struct shukach_index **out)
{
    struct shukach_error err;
    const char *dir = NULL;
    if (indexes->count == 0 && (dir = index_directory(NULL)) == NULL) {
        return EXIT_FAILED;
    }
    enum shukach_status status =
        dir != NULL ? shukach_index_open(dir, out, &err)
                    : shukach_index_open_several(indexes->dirs, indexes->count,
                                                 out, &err);
    return status == SHUKACH_OK ? EXIT_DONE : fail(&err);
}

enum shukach_status ask_query(const struct asking *asking, const char *text,
                              struct shukach_query **out,
                              struct shukach_error *err)
{
    enum shukach_status status = shukach_query_parse(
        text, strlen(text),
        asking->plain ? SHUKACH_SYNTAX_PLAIN : SHUKACH_SYNTAX_FULL, out, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    shukach_query_set_variants(*out, !asking->no_variants);
    shukach_query_set_names(*out, !asking->no_names);
    status = shukach_query_set_dates(*out, asking->since, asking->until, err);
    if (status != SHUKACH_OK) {
        shukach_query_free(*out);
        *out = NULL;
    }
    return status;
}

int answer_code(enum shukach_status status, bool found, const char *text,
                const struct shukach_error *err)
{
    if (status == SHUKACH_CANCELLED) {
        return EXIT_IO; /* main tells why standard output failed */
    }
    if (status != SHUKACH_OK) {
        int code = fail(err);
        point_at(text, err);
        return code;
    }
    return found ? EXIT_DONE : EXIT_NO_HITS;
}
