/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * stem_words [LANGUAGE]: the stems of the words on stdin, one a line, for
 * bench/stemming.sh and for trying things out.
 * stem_words --all [LANGUAGE]: all keys of each word, a space between.
 * stem_words --speed FILE: words a second of "uk", "uk-rules" and libstemmer's
 * Russian on the same words, in turns so that a busy machine is fair to all.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "stemmer.h"

enum { LINE_BYTES = 4096, ROUNDS = 7, LANGUAGES = 3, MILLION = 1000000 };

static void print_stems(struct stemmer *stemmer, bool all)
{
    char line[LINE_BYTES];
    while (fgets(line, sizeof line, stdin) != NULL) {
        size_t length = strcspn(line, "\n");
        const char *stem = stemmer_stem(stemmer, line, length);
        fputs(stem != NULL ? stem : "", stdout);
        for (size_t i = 1; all && i < stemmer_count(stemmer); i++) {
            size_t size = 0;
            printf(" %s", stemmer_alternative(stemmer, i, &size));
        }
        putchar('\n');
    }
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The time that one pass over NUL-terminated words takes. */
static double pass(struct stemmer *stemmer, const char *words, size_t size)
{
    double start = seconds();
    for (size_t at = 0; at < size;) {
        size_t length = strlen(words + at);
        stemmer_stem(stemmer, words + at, length);
        at += length + 1;
    }
    return seconds() - start;
}

static int measure(const char *path)
{
    static const char *const languages[LANGUAGES] = {"uk", "uk-rules", "ru"};
    struct stemmer *stemmers[LANGUAGES] = {NULL};
    double best[LANGUAGES] = {0};
    FILE *file = fopen(path, "r");
    size_t room = (size_t)64 * MILLION;
    char *words = malloc(room);
    if (file == NULL || words == NULL) {
        fprintf(stderr, "stem_words: cannot read %s\n", path);
        free(words);
        if (file != NULL) {
            fclose(file);
        }
        return EXIT_FAILURE;
    }
    size_t size = fread(words, 1, room - 1, file);
    fclose(file);
    words[size] = '\0';
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        if (words[i] == '\n') {
            words[i] = '\0';
            count++;
        }
    }
    for (int round = 0; round < ROUNDS * LANGUAGES; round++) {
        int i = round % LANGUAGES;
        if (stemmers[i] == NULL) {
            stemmers[i] = stemmer_new(languages[i]);
        }
        double took = pass(stemmers[i], words, size);
        best[i] = best[i] <= 0 || took < best[i] ? took : best[i];
    }
    for (int i = 0; i < LANGUAGES; i++) {
        printf("%-9s %6.2f M words/s  ratio to ru %.2f\n", languages[i],
               (double)count / best[i] / MILLION,
               best[LANGUAGES - 1] / best[i]);
        stemmer_delete(stemmers[i]);
    }
    free(words);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--speed") == 0) {
        return measure(argv[2]);
    }
    bool all = argc > 1 && strcmp(argv[1], "--all") == 0;
    const char *language = argc > 1 + all ? argv[1 + all] : "uk";
    struct stemmer *stemmer = stemmer_new(language);
    if (stemmer == NULL) {
        fprintf(stderr, "stem_words: no stemmer for %s\n", language);
        return EXIT_FAILURE;
    }
    print_stems(stemmer, all);
    stemmer_delete(stemmer);
    return EXIT_SUCCESS;
}
