/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shukach stem and shukach analyse. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "cli.h"

/* Opens the stemmer that the options ask for; NULL with the exit code. */
static struct shukach_stemmer *open_stemmer(const char *command, int argc,
                                            char **argv, bool *all, int *code)
{
    static const struct option options[] = {
        {"all", no_argument, NULL, 'a'},
        {"lang", required_argument, NULL, 'l'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    const char *language = "uk";
    struct shukach_stemmer *stemmer;
    struct shukach_error err;
    int option;
    while ((option = getopt_long(argc, argv, "+ahl:", options, NULL)) != -1) {
        if (option == 'h') {
            print_help(command);
            *code = EXIT_DONE;
            return NULL;
        }
        if (option == 'a' && all != NULL) {
            *all = true;
            continue;
        }
        if (option != 'l') {
            *code = option_error(command, argv);
            return NULL;
        }
        language = optarg;
    }
    if (shukach_stemmer_new(language, &stemmer, &err) != SHUKACH_OK) {
        *code = fail(&err);
        return NULL;
    }
    return stemmer;
}

static int print_stems(const struct shukach_token *token, void *payload)
{
    bool *any = payload;
    for (size_t i = 0; i < token->stem_count; i++) {
        printf("\t%s", token->stems[i]);
    }
    *any = true;
    return 1;
}

/* All stems that the word is searched by, the first one chosen. */
static bool stem_all(struct shukach_stemmer *stemmer, const char *word,
                     size_t length, struct shukach_error *err)
{
    bool any = false;
    fwrite(word, 1, length, stdout);
    enum shukach_status status =
        shukach_stemmer_analyse(stemmer, word, length, print_stems, &any, err);
    putchar('\n');
    return any || status == SHUKACH_OK;
}

static bool stem_word(struct shukach_stemmer *stemmer, const char *word,
                      size_t length, bool all, struct shukach_error *err)
{
    const char *stem;
    size_t stem_length;
    if (all) {
        return stem_all(stemmer, word, length, err);
    }
    if (shukach_stemmer_stem(stemmer, word, length, &stem, &stem_length, err) !=
        SHUKACH_OK) {
        return false;
    }
    fwrite(word, 1, length, stdout);
    putchar('\t');
    fwrite(stem, 1, stem_length, stdout);
    putchar('\n');
    return true;
}

/* A bad line is said and stays a line of the output, so that they match. */
static int stem_lines(struct shukach_stemmer *stemmer, bool all)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t got;
    int code = EXIT_DONE;
    for (size_t number = 1; (got = getline(&line, &capacity, stdin)) != -1;
         number++) {
        size_t length = (size_t)got;
        while (length > 0 &&
               (line[length - 1] == '\n' || line[length - 1] == '\r')) {
            length--;
        }
        struct shukach_error err;
        if (!stem_word(stemmer, line, length, all, &err)) {
            say(LOG_ERR, "line %zu: %s", number,
                translate_sentence(err.message));
            fputs("\t\n", stdout);
            code = EXIT_PARTLY;
        }
    }
    free(line);
    return code;
}

int command_stem(int argc, char **argv)
{
    int code = EXIT_DONE;
    bool all = false;
    struct shukach_stemmer *stemmer =
        open_stemmer("stem", argc, argv, &all, &code);
    if (stemmer == NULL) {
        return code;
    }
    if (optind >= argc) {
        code = stem_lines(stemmer, all);
    }
    for (int i = optind; i < argc && code == EXIT_DONE; i++) {
        struct shukach_error err;
        if (!stem_word(stemmer, argv[i], strlen(argv[i]), all, &err)) {
            code = fail(&err);
        }
    }
    shukach_stemmer_free(stemmer);
    return code;
}

static void print_array(const char *name, const char *const *items,
                        size_t count)
{
    printf(",\"%s\":[", name);
    for (size_t i = 0; i < count; i++) {
        fputs(i > 0 ? "," : "", stdout);
        json_text(stdout, items[i], strlen(items[i]));
    }
    putchar(']');
}

static int print_token(const struct shukach_token *token, void *payload)
{
    const char *text = payload;
    putchar('{');
    json_member(stdout, true, "text", text + token->from,
                token->to - token->from);
    printf(",\"from\":%zu,\"to\":%zu", token->from, token->to);
    json_member(stdout, false, "form", token->form, strlen(token->form));
    json_member(stdout, false, "stem", token->stem, strlen(token->stem));
    if (token->stem_count > 1) {
        print_array("stems", token->stems, token->stem_count);
    }
    printf(",\"position\":%llu", (unsigned long long)token->position);
    json_member(stdout, false, "rule", token->rules, strlen(token->rules));
    if (token->name_count > 0) {
        print_array("names", token->names, token->name_count);
    }
    puts("}");
    return 0;
}

/* All of standard input, NUL-terminated; NULL after saying why. */
static char *read_input(size_t *length)
{
    char *text = NULL;
    size_t capacity = 0;
    *length = 0;
    for (;;) {
        if (capacity - *length < 65536) {
            capacity = capacity == 0 ? 131072 : capacity * 2;
            char *grown = realloc(text, capacity);
            if (grown == NULL) {
                free(text);
                say(LOG_ERR, "out of memory");
                return NULL;
            }
            text = grown;
        }
        size_t got = fread(text + *length, 1, 65535, stdin);
        *length += got;
        if (got == 0) {
            break;
        }
    }
    text[*length] = '\0';
    if (ferror(stdin)) {
        say(LOG_ERR, "cannot read standard input: %s",
            translate(strerror(errno)));
        free(text);
        return NULL;
    }
    return text;
}

static int analyse_text(struct shukach_stemmer *stemmer, char *text,
                        size_t length)
{
    struct shukach_error err;
    return shukach_stemmer_analyse(stemmer, text, length, print_token, text,
                                   &err) == SHUKACH_OK
               ? EXIT_DONE
               : fail(&err);
}

int command_analyse(int argc, char **argv)
{
    int code = EXIT_DONE;
    struct shukach_stemmer *stemmer =
        open_stemmer("analyse", argc, argv, NULL, &code);
    if (stemmer == NULL) {
        return code;
    }
    if (optind >= argc) {
        size_t length;
        char *text = read_input(&length);
        code = text == NULL ? EXIT_IO : analyse_text(stemmer, text, length);
        free(text);
    }
    for (int i = optind; i < argc && code == EXIT_DONE; i++) {
        code = analyse_text(stemmer, argv[i], strlen(argv[i]));
    }
    shukach_stemmer_free(stemmer);
    return code;
}
