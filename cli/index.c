/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ftw.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>

#include "cli.h"

static const struct {
    enum shukach_reason reason;
    const char *name;
} reasons[] = {
    {SHUKACH_SKIP_UNREADABLE, "unreadable"},
    {SHUKACH_SKIP_EMPTY, "empty"},
    {SHUKACH_SKIP_BINARY, "binary"},
    {SHUKACH_SKIP_TOO_LARGE, "too large"},
    {SHUKACH_SKIP_ENCODING, "encoding"},
    {SHUKACH_SKIP_JSON, "bad JSON"},
    {SHUKACH_SKIP_FIELD, "bad field"},
    {SHUKACH_SKIP_DUPLICATE, "duplicate"},
    {SHUKACH_SKIP_MARKUP, "bad markup"},
    {SHUKACH_SKIP_COMPRESSED, "damaged compression"},
    {SHUKACH_SKIP_SPECIAL, "special file"},
    {SHUKACH_NOTE_RECODED, "recoded"},
    {SHUKACH_NOTE_UNDATED, "bad date"},
};

#define REASONS (sizeof reasons / sizeof *reasons)

struct run {
    const char *index;
    bool quiet;
    bool json;
    struct shukach_reader *reader;
    struct shukach_indexer *indexer;
    struct shukach_error error; /* that ended the run */
    bool failed;
    struct progress progress;
    uint64_t counts[REASONS];
    uint64_t skipped;
};

/* The signal that asked to stop, or 0. */
static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
    stopped = number;
}

static void catch_signals(void)
{
    /* A second signal of the kind ends the program at once; what it leaves
     * is removed by the next run, and readers never see it. */
    struct sigaction action = {.sa_handler = on_signal,
                               .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* ---- Callbacks of the reader ------------------------------------------- */

static int on_notice(enum shukach_reason reason, const char *name, size_t line,
                     const char *detail, void *payload)
{
    struct run *run = payload;
    const char *word = "skipped";
    for (size_t i = 0; i < REASONS; i++) {
        if (reasons[i].reason == reason) {
            run->counts[i]++;
            word = reasons[i].name;
        }
    }
    bool note = reason >= SHUKACH_NOTE_RECODED;
    run->skipped += note ? 0 : 1;
    if (note && run->quiet) {
        return stopped;
    }
    progress_wipe(&run->progress);
    fprintf(stderr, "shukach: %s%s", note ? "" : "skipped ", name);
    if (line > 0) {
        fprintf(stderr, ":%zu", line);
    }
    fprintf(stderr, ": %s: %s\n", word, detail);
    return stopped;
}

static int on_document(const struct shukach_document *document, void *payload)
{
    struct run *run = payload;
    struct shukach_error err;
    size_t line;
    enum shukach_status status =
        shukach_indexer_add(run->indexer, document, &err);
    const char *origin = shukach_document_origin(document, &line);
    progress_show(&run->progress, shukach_indexer_count(run->indexer),
                  shukach_reader_bytes(run->reader));
    switch (status) {
    case SHUKACH_OK:
        return stopped;
    case SHUKACH_DUPLICATE:
        return on_notice(SHUKACH_SKIP_DUPLICATE, origin, line, err.message,
                         run);
    case SHUKACH_INVALID:
        return on_notice(SHUKACH_SKIP_FIELD, origin, line, err.message, run);
    case SHUKACH_LIMIT:
        return on_notice(SHUKACH_SKIP_TOO_LARGE, origin, line, err.message,
                         run);
    default:
        run->error = err;
        run->failed = true;
        return 1;
    }
}

/* ---- The run ------------------------------------------------------------- */

static uint64_t walked;

static int add_size(const char *path, const struct stat *info, int type,
                    struct FTW *place)
{
    (void)path;
    (void)place;
    walked += type == FTW_F ? (uint64_t)info->st_size : 0;
    return 0;
}

/* The bytes of all inputs, for the time left; 0 if they cannot be known. */
static uint64_t total_size(char **paths, int count)
{
    walked = 0;
    for (int i = 0; i < count; i++) {
        if (strcmp(paths[i], "-") == 0 ||
            nftw(paths[i], add_size, 16, 0) != 0) {
            return 0;
        }
    }
    return walked;
}

static void print_summary(const struct run *run, double seconds)
{
    uint64_t documents = shukach_indexer_count(run->indexer);
    if (run->json) {
        printf("{\"version\":1,\"indexed\":%" PRIu64 ",\"skipped\":%" PRIu64
               ",\"seconds\":%.3f,\"bytes\":%" PRIu64 ",\"index\":",
               documents, run->skipped, seconds,
               shukach_reader_bytes(run->reader));
        json_text(stdout, run->index, strlen(run->index));
        fputs(",\"reasons\":{", stdout);
        bool any = false;
        for (size_t i = 0; i < REASONS; i++) {
            if (run->counts[i] > 0) {
                printf("%s\"%s\":%" PRIu64, any ? "," : "", reasons[i].name,
                       run->counts[i]);
                any = true;
            }
        }
        fputs("}}\n", stdout);
    }
    if (run->quiet) {
        return;
    }
    fprintf(stderr,
            "shukach: indexed %" PRIu64 " documents into %s in %.1f s, "
            "skipped %" PRIu64 " inputs",
            documents, run->index, seconds, run->skipped);
    const char *separator = ": ";
    for (size_t i = 0; i < REASONS; i++) {
        if (run->counts[i] > 0 && reasons[i].reason < SHUKACH_NOTE_RECODED) {
            fprintf(stderr, "%s%" PRIu64 " %s", separator, run->counts[i],
                    reasons[i].name);
            separator = ", ";
        }
    }
    fputc('\n', stderr);
}

static enum shukach_status read_all(struct run *run, char **paths, int count)
{
    enum shukach_status status = SHUKACH_OK;
    for (int i = 0; i < count && status == SHUKACH_OK; i++) {
        struct shukach_error err;
        status = shukach_reader_read(run->reader, paths[i], &err);
        if (status == SHUKACH_NOT_FOUND) {
            /* One source that is not there does not stop a nightly run. */
            status = on_notice(SHUKACH_SKIP_UNREADABLE, paths[i], 0,
                               err.message, run) != 0
                         ? SHUKACH_CANCELLED
                         : SHUKACH_OK;
        }
        if (status != SHUKACH_OK && !run->failed) {
            run->error = err;
        }
    }
    return status;
}

static int finish_run(struct run *run)
{
    double seconds = seconds_now() - run->progress.started;
    if (stopped != 0) {
        fputs("shukach: stopped; the old index stands\n", stderr);
        return 128 + stopped;
    }
    if (shukach_indexer_count(run->indexer) == 0) {
        fputs("shukach: there was nothing to index; the old index, if any, "
              "stands\n",
              stderr);
        return EXIT_FAILED;
    }
    if (shukach_indexer_publish(run->indexer, &run->error) != SHUKACH_OK) {
        return fail(&run->error);
    }
    print_summary(run, seconds);
    return run->skipped > 0 ? EXIT_PARTLY : EXIT_DONE;
}

static int index_paths(struct run *run, uint64_t max_bytes, char **paths,
                       int count)
{
    struct shukach_error err;
    if (shukach_reader_new(&run->reader, &err) != SHUKACH_OK ||
        shukach_indexer_open(run->index, &run->indexer, &err) != SHUKACH_OK) {
        return fail(&err);
    }
    shukach_reader_set_max_bytes(run->reader, (size_t)max_bytes);
    shukach_reader_set_on_document(run->reader, on_document, run);
    shukach_reader_set_on_notice(run->reader, on_notice, run);
    progress_begin(&run->progress, 0);
    if (run->quiet) {
        run->progress.active = false;
    }
    if (run->progress.active) {
        run->progress.total = total_size(paths, count);
    }
    catch_signals();
    enum shukach_status status = read_all(run, paths, count);
    progress_wipe(&run->progress);
    if (status != SHUKACH_OK && stopped == 0) {
        return fail(&run->error);
    }
    return finish_run(run);
}

int command_index(int argc, char **argv)
{
    enum { INDEX = 1000, MAX_BYTES, JSON, QUIET };
    static const struct option options[] = {
        {"index", required_argument, NULL, INDEX},
        {"max-bytes", required_argument, NULL, MAX_BYTES},
        {"json", no_argument, NULL, JSON},
        {"quiet", no_argument, NULL, QUIET},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct run run = {0};
    const char *index = NULL;
    uint64_t max_bytes = 0;
    int option;
    while ((option = getopt_long(argc, argv, "hq", options, NULL)) != -1) {
        switch (option) {
        case INDEX:
            index = optarg;
            break;
        case MAX_BYTES:
            if (!parse_number(optarg, true, &max_bytes) || max_bytes == 0) {
                return usage_error("index", "--max-bytes needs a number");
            }
            break;
        case JSON:
            run.json = true;
            break;
        case 'q':
        case QUIET:
            run.quiet = true;
            break;
        case 'h':
            print_help("index");
            return EXIT_DONE;
        default:
            return usage_error("index", "the options are wrong");
        }
    }
    if (optind >= argc) {
        return usage_error("index", "name what to index, or - for standard "
                                    "input");
    }
    run.index = index_directory(index);
    if (run.index == NULL) {
        return EXIT_FAILED;
    }
    int code = index_paths(&run, max_bytes, argv + optind, argc - optind);
    shukach_reader_free(run.reader);
    shukach_indexer_close(run.indexer);
    return code;
}
