/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times shukach_index_complete within the process, for bench/suggest.sh:
 * the median and the worst of many calls for each prefix. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shukach.h"

#define CALLS 201

static int drop(const char *form, size_t length, uint64_t documents,
                void *payload)
{
    (void)form;
    (void)length;
    (void)documents;
    ++*(size_t *)payload;
    return 0;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    struct shukach_index *index;
    struct shukach_error err;
    if (argc < 3 || shukach_index_open(argv[1], &index, &err) != SHUKACH_OK) {
        fprintf(stderr, "usage: suggest INDEX PREFIX…\n");
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        double times[CALLS];
        size_t found = 0;
        for (size_t call = 0; call < CALLS; call++) {
            double began = now();
            if (shukach_index_complete(index, argv[i], strlen(argv[i]), 10,
                                       drop, &found, &err) != SHUKACH_OK) {
                fprintf(stderr, "%s\n", err.message);
                return 1;
            }
            times[call] = now() - began;
        }
        double first = times[0];
        qsort(times, CALLS, sizeof *times, by_value);
        printf("%s\t%zu words\tfirst %.3f ms\tmedian %.3f ms\tworst %.3f ms\n",
               argv[i], found / CALLS, first, times[CALLS / 2],
               times[CALLS - 1]);
    }
    shukach_index_close(index);
    return 0;
}
