/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <syslog.h>

#include "cli.h"
#include "inputs.h"

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
    {SHUKACH_SKIP_CRASHED, "crashed"},
    {SHUKACH_SKIP_TIME, "too long"},
    {SHUKACH_SKIP_MEMORY, "too much memory"},
    {SHUKACH_NOTE_RECODED, "recoded"},
    {SHUKACH_NOTE_UNDATED, "bad date"},
};

/* What is skipped unless --max-bytes says otherwise, and after how many
 * seconds an input is given up. */
#define MAX_BYTES_DEFAULT ((uint64_t)64 << 20)
#define TIMEOUT_DEFAULT 120
/* Of the memory: one part in so many for the process that reads; what an
 * index takes whatever the documents; and what a byte of an input may take. */
#define READER_SHARE 3
#define INDEX_MEMORY ((uint64_t)96 << 20)
#define INPUT_COST 80

#define REASONS (sizeof reasons / sizeof *reasons)

struct run {
    const char *index;
    bool quiet;
    bool json;
    bool together; /* parse in this process */
    struct inputs inputs;
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
    /* Over the limit of ulimit -f, writing fails as on a full disk. */
    signal(SIGXFSZ, SIG_IGN);
}

static bool is_stopped(void)
{
    return stopped != 0;
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
    say_begin(note ? LOG_INFO : LOG_WARNING);
    fputs(note ? "" : "skipped ", stderr);
    print_escaped(stderr, name);
    if (line > 0) {
        fprintf(stderr, ":%zu", line);
    }
    fprintf(stderr, ": %s: ", word);
    print_escaped(stderr, detail);
    fputc('\n', stderr);
    return stopped;
}

static int on_document(const struct shukach_document *document,
                       const char *name, size_t line, void *payload)
{
    struct run *run = payload;
    struct shukach_error err;
    enum shukach_status status =
        shukach_indexer_add(run->indexer, document, &err);
    progress_show(&run->progress, shukach_indexer_count(run->indexer),
                  run->inputs.bytes);
    switch (status) {
    case SHUKACH_OK:
        return stopped;
    case SHUKACH_DUPLICATE:
        return on_notice(SHUKACH_SKIP_DUPLICATE, name, line, err.message, run);
    case SHUKACH_INVALID:
        return on_notice(SHUKACH_SKIP_FIELD, name, line, err.message, run);
    case SHUKACH_LIMIT:
        return on_notice(SHUKACH_SKIP_TOO_LARGE, name, line, err.message, run);
    case SHUKACH_NOMEM:
        snprintf(err.message, sizeof err.message,
                 "out of memory at %.300s; raise --memory, or lower "
                 "--max-bytes so that it is skipped",
                 name);
        break;
    default:
        break;
    }
    run->error = err;
    run->failed = true;
    return 1;
}

/* ---- The run ------------------------------------------------------------- */

static void print_summary(const struct run *run, double seconds)
{
    uint64_t documents = shukach_indexer_count(run->indexer);
    if (run->json) {
        printf("{\"version\":1,\"indexed\":%" PRIu64 ",\"skipped\":%" PRIu64
               ",\"seconds\":%.3f,\"bytes\":%" PRIu64 ",\"index\":",
               documents, run->skipped, seconds, run->inputs.bytes);
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
    say_begin(LOG_INFO);
    fprintf(stderr,
            "indexed %" PRIu64 " documents into %s in %.1f s, "
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

static int finish_run(struct run *run)
{
    double seconds = seconds_now() - run->progress.started;
    if (stopped != 0) {
        say(LOG_ERR, "stopped; the old index stands");
        return 128 + stopped;
    }
    if (shukach_indexer_count(run->indexer) == 0) {
        say(LOG_ERR, "there was nothing to index; the old index, if any, "
                     "stands");
        return EXIT_FAILED;
    }
    if (shukach_indexer_publish(run->indexer, &run->error) != SHUKACH_OK) {
        return fail(&run->error);
    }
    print_summary(run, seconds);
    return run->skipped > 0 ? EXIT_PARTLY : EXIT_DONE;
}

/* Shares the memory out: a third to the process that reads, the rest to this
 * one, which holds what is to be written. A text of nothing but different
 * short words takes about 80 bytes here for each of its own, beside what the
 * index takes: no input may be larger than what that leaves room for. */
static bool share_memory(struct inputs *inputs, uint64_t memory)
{
    uint64_t room = memory - memory / READER_SHARE;
    uint64_t most = (room - INDEX_MEMORY) / INPUT_COST;
    inputs->memory = memory / READER_SHARE;
    if (inputs->max_bytes == 0) {
        inputs->max_bytes = most < MAX_BYTES_DEFAULT ? most : MAX_BYTES_DEFAULT;
    }
    if (!limit_memory(room)) {
        say(LOG_ERR, "cannot limit the memory: %s", strerror(errno));
        return false;
    }
    return true;
}

static int index_paths(struct run *run)
{
    struct inputs *inputs = &run->inputs;
    struct sizes sizes = input_sizes(inputs->paths, inputs->count);
    int code = check_disk(run->index, sizes.texts);
    if (code != EXIT_DONE) {
        return code;
    }
    if (shukach_indexer_open(run->index, &run->indexer, &run->error) !=
        SHUKACH_OK) {
        return fail(&run->error);
    }
    progress_begin(&run->progress, sizes.total);
    run->progress.active = run->progress.active && !run->quiet;
    catch_signals();
    struct shukach_error err = {0};
    enum shukach_status status = run->together
                                     ? inputs_read(inputs, &err)
                                     : inputs_read_apart(inputs, &err);
    progress_wipe(&run->progress);
    if (status != SHUKACH_OK && stopped == 0) {
        return fail(run->failed ? &run->error : &err);
    }
    return finish_run(run);
}

enum { INDEX = 1000, MAX_BYTES, MEMORY, TIMEOUT, NICE, TOGETHER, JSON, QUIET };

struct settings {
    struct run *run;
    const char *index;
    uint64_t memory;
    bool nice;
};

/* One option with its value in `optarg`; NULL, or what is wrong. */
static const char *take(struct settings *settings, int option)
{
    struct run *run = settings->run;
    switch (option) {
    case INDEX:
        settings->index = optarg;
        return NULL;
    case MAX_BYTES:
        return parse_number(optarg, true, &run->inputs.max_bytes) &&
                       run->inputs.max_bytes > 0
                   ? NULL
                   : "--max-bytes needs a number";
    case MEMORY:
        return parse_number(optarg, true, &settings->memory) &&
                       settings->memory >= MEMORY_LEAST
                   ? NULL
                   : "--memory needs a size of at least " MEMORY_LEAST_TEXT;
    case TIMEOUT:
        return parse_number(optarg, false, &run->inputs.timeout) &&
                       run->inputs.timeout > 0
                   ? NULL
                   : "--timeout needs a number of seconds";
    case NICE:
        settings->nice = true;
        return NULL;
    case TOGETHER:
        run->together = true;
        return NULL;
    case JSON:
        run->json = true;
        return NULL;
    case 'q':
    case QUIET:
        run->quiet = true;
        return NULL;
    default:
        return "the options are wrong";
    }
}

int command_index(int argc, char **argv)
{
    static const struct option options[] = {
        {"index", required_argument, NULL, INDEX},
        {"max-bytes", required_argument, NULL, MAX_BYTES},
        {"memory", required_argument, NULL, MEMORY},
        {"timeout", required_argument, NULL, TIMEOUT},
        {"nice", no_argument, NULL, NICE},
        {"no-isolation", no_argument, NULL, TOGETHER},
        {"json", no_argument, NULL, JSON},
        {"quiet", no_argument, NULL, QUIET},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct run run = {.inputs = {.timeout = TIMEOUT_DEFAULT,
                                 .on_document = on_document,
                                 .on_notice = on_notice,
                                 .stopped = is_stopped}};
    struct settings settings = {.run = &run};
    int option;
    while ((option = getopt_long(argc, argv, "hq", options, NULL)) != -1) {
        if (option == 'h') {
            print_help("index");
            return EXIT_DONE;
        }
        const char *fault = take(&settings, option);
        if (fault != NULL) {
            return usage_error("index", "%s", fault);
        }
    }
    if (optind >= argc) {
        return usage_error("index", "name what to index, or - for standard "
                                    "input");
    }
    run.inputs.paths = argv + optind;
    run.inputs.count = argc - optind;
    run.inputs.payload = &run;
    run.index = index_directory(settings.index);
    uint64_t memory = settings.memory > 0 ? settings.memory : memory_default();
    if (run.index == NULL || !share_memory(&run.inputs, memory)) {
        return EXIT_FAILED;
    }
    if (settings.nice) {
        be_nice();
    }
    int code = index_paths(&run);
    shukach_indexer_close(run.indexer);
    return code;
}
