/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "inputs.h"

/* After how many seconds an input is given up. */
#define TIMEOUT_DEFAULT 120

/* What is to be done. */
enum mode { MODE_REBUILD, MODE_UPDATE, MODE_DELETE, MODE_ROLLBACK };

struct run {
    enum mode mode;
    bool prune;
    bool merge;
    uint64_t jobs;
    uint64_t keep;
    double wait;      /* seconds for another writer */
    const char *list; /* a file for what is skipped */
    bool json;
    bool together; /* parse in this process */
    struct ledger ledger;
    struct inputs inputs;
    struct shukach_indexer *indexer;
    struct shukach_error error; /* that ended the run */
    bool failed;
    struct progress progress;
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

/* Says what was skipped, or noted. */
static int tell(struct run *run, enum shukach_reason reason, const char *name,
                size_t line, const char *detail)
{
    progress_wipe(&run->progress);
    ledger_tell(&run->ledger, reason, name, line, detail);
    return stopped;
}

static int on_notice(enum shukach_reason reason, const char *name, size_t line,
                     const char *detail, void *payload)
{
    struct run *run = payload;
    if (reason < SHUKACH_NOTE_RECODED) {
        run->ledger.offered++;
        shukach_indexer_skip(run->indexer, name);
    }
    return tell(run, reason, name, line, detail);
}

/* Says where the next documents come from. What came out of an unchanged
 * file stays as it is: 1. */
static int on_file(const char *path, void *payload)
{
    struct run *run = payload;
    int unchanged;
    uint64_t before =
        shukach_indexer_tally(run->indexer, SHUKACH_TALLY_UNCHANGED);
    if (shukach_indexer_source(run->indexer, path, &unchanged, &run->error) !=
        SHUKACH_OK) {
        run->failed = true;
        return 2;
    }
    run->ledger.offered +=
        shukach_indexer_tally(run->indexer, SHUKACH_TALLY_UNCHANGED) - before;
    return stopped != 0 ? 2 : unchanged;
}

static int on_document(const struct shukach_document *document,
                       const char *name, size_t line, void *payload)
{
    struct run *run = payload;
    run->ledger.offered++;
    if (strcmp(name, "-") == 0 && on_file(NULL, run) == 2) {
        return 1;
    }
    struct shukach_error err;
    enum shukach_status status =
        shukach_indexer_add(run->indexer, document, &err);
    progress_show(&run->progress, shukach_indexer_count(run->indexer),
                  run->inputs.bytes);
    switch (status) {
    case SHUKACH_OK:
        return stopped;
    case SHUKACH_DUPLICATE:
        return tell(run, SHUKACH_SKIP_DUPLICATE, name, line, err.message);
    case SHUKACH_INVALID:
        return tell(run, SHUKACH_SKIP_FIELD, name, line, err.message);
    case SHUKACH_LIMIT:
        return tell(run, SHUKACH_SKIP_TOO_LARGE, name, line, err.message);
    case SHUKACH_NOMEM:
        snprintf(err.message, sizeof err.message,
                 N_("out of memory at %.300s; raise --memory, or lower "
                    "--max-bytes so that it is skipped"),
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

/* Deletes what came from the paths and is not there any more. */
static enum shukach_status prune(struct run *run)
{
    enum shukach_status status = SHUKACH_OK;
    for (int i = 0; i < run->inputs.count && status == SHUKACH_OK; i++) {
        const char *path = run->inputs.paths[i];
        if (strcmp(path, "-") == 0 || access(path, F_OK) != 0) {
            continue; /* what is not there was told already */
        }
        status = shukach_indexer_prune(run->indexer, path, &run->error);
        run->failed = status != SHUKACH_OK;
        if (status == SHUKACH_NOT_FOUND) {
            status = on_notice(SHUKACH_SKIP_EMPTY, path, 0, run->error.message,
                               run) == 0
                         ? SHUKACH_OK
                         : SHUKACH_CANCELLED;
        }
    }
    return status;
}

static enum shukach_status read_all(struct run *run, struct shukach_error *err)
{
    enum shukach_status status = run->together
                                     ? inputs_read(&run->inputs, err)
                                     : inputs_read_apart(&run->inputs, err);
    return status == SHUKACH_OK && run->prune ? prune(run) : status;
}

static enum shukach_status delete_id(struct run *run, const char *id,
                                     size_t length, struct shukach_error *err)
{
    run->ledger.offered++;
    enum shukach_status status =
        shukach_indexer_delete(run->indexer, id, length, err);
    if (status != SHUKACH_NOT_FOUND) {
        return status;
    }
    shukach_indexer_skip(run->indexer, NULL);
    return tell(run, SHUKACH_SKIP_UNKNOWN, id, 0, err->message) == 0
               ? SHUKACH_OK
               : SHUKACH_CANCELLED;
}

/* An id a line on standard input. */
static enum shukach_status delete_lines(struct run *run,
                                        struct shukach_error *err)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    enum shukach_status status = SHUKACH_OK;
    while (status == SHUKACH_OK &&
           (length = getline(&line, &size, stdin)) > 0) {
        size_t end = strcspn(line, "\r\n");
        line[end] = '\0';
        if (end > 0) {
            status = delete_id(run, line, end, err);
        }
    }
    if (status == SHUKACH_OK && ferror(stdin)) {
        err->status = SHUKACH_IO;
        snprintf(err->message, sizeof err->message,
                 N_("cannot read standard input: %s"), strerror(errno));
        status = SHUKACH_IO;
    }
    free(line);
    return status;
}

static enum shukach_status delete_all(struct run *run,
                                      struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    for (int i = 0; i < run->inputs.count && status == SHUKACH_OK; i++) {
        const char *id = run->inputs.paths[i];
        status = strcmp(id, "-") == 0 ? delete_lines(run, err)
                                      : delete_id(run, id, strlen(id), err);
    }
    return status;
}

/* SHUKACH_OK where there is an index already. */
static enum shukach_status find_index(const char *dir,
                                      struct shukach_error *err)
{
    struct shukach_index *index;
    enum shukach_status status = shukach_index_open(dir, &index, err);
    shukach_index_close(index);
    return status;
}

/* Whether the run brought nothing, and there is no index that it could have
 * left as it is. */
static enum shukach_status find_nothing(struct run *run, bool *nothing)
{
    *nothing = shukach_indexer_count(run->indexer) == 0;
    if (!*nothing || run->mode == MODE_REBUILD) {
        return SHUKACH_OK;
    }
    enum shukach_status status = find_index(run->ledger.index, &run->error);
    *nothing = status == SHUKACH_NOT_FOUND || status == SHUKACH_CORRUPT;
    return *nothing ? SHUKACH_OK : status;
}

static int finish_run(struct run *run)
{
    run->ledger.seconds = seconds_now() - run->progress.started;
    run->ledger.bytes = run->inputs.bytes;
    const struct shukach_indexer *indexer = run->indexer;
    if (stopped != 0) {
        say(LOG_ERR, "stopped; the old index stands");
        return 128 + stopped;
    }
    bool nothing;
    if (find_nothing(run, &nothing) != SHUKACH_OK) {
        return fail(&run->error);
    }
    if (nothing) {
        say(LOG_ERR, "there was nothing to index; the old index, if any, "
                     "stands");
        return EXIT_FAILED;
    }
    if (!ledger_close_list(&run->ledger, run->list)) {
        return EXIT_IO;
    }
    if (shukach_indexer_publish(run->indexer, &run->error) != SHUKACH_OK) {
        return fail(&run->error);
    }
    if (run->json) {
        ledger_print_json(&run->ledger, indexer);
    }
    if (!run->ledger.quiet) {
        ledger_print(&run->ledger, indexer);
    }
    return shukach_indexer_tally(indexer, SHUKACH_TALLY_SKIPPED) > 0
               ? EXIT_PARTLY
               : EXIT_DONE;
}

static enum shukach_status
wait_for(struct run *run,
         enum shukach_status (*call)(struct run *, struct shukach_error *))
{
    static const struct timespec pause = {.tv_nsec = 100000000};
    double until = seconds_now() + run->wait;
    enum shukach_status status;
    bool told = run->ledger.quiet;
    while ((status = call(run, &run->error)) == SHUKACH_LOCKED &&
           stopped == 0 && seconds_now() < until) {
        if (!told) {
            say(LOG_INFO, "waiting: %s",
                translate_sentence(run->error.message));
        }
        told = true;
        nanosleep(&pause, NULL);
    }
    return status;
}

static enum shukach_status open_indexer(struct run *run,
                                        struct shukach_error *err)
{
    return shukach_indexer_open(run->ledger.index, &run->indexer, err);
}

static enum shukach_status roll_back(struct run *run, struct shukach_error *err)
{
    return shukach_index_rollback(run->ledger.index, err);
}

static enum shukach_status begin(struct run *run)
{
    if (run->mode == MODE_DELETE &&
        find_index(run->ledger.index, &run->error) != SHUKACH_OK) {
        return (enum shukach_status)run->error.status;
    }
    enum shukach_status status = wait_for(run, open_indexer);
    if (status == SHUKACH_OK && run->mode != MODE_REBUILD) {
        status = shukach_indexer_update(run->indexer, &run->error);
    }
    if (status == SHUKACH_OK) {
        shukach_indexer_set_jobs(run->indexer, (unsigned)run->jobs);
        shukach_indexer_set_keep(run->indexer, (unsigned)run->keep);
        shukach_indexer_set_merge(run->indexer, run->merge);
    }
    return status;
}

static int index_all(struct run *run)
{
    struct inputs *inputs = &run->inputs;
    struct sizes sizes = {0};
    if (run->mode != MODE_DELETE) {
        sizes = input_sizes(inputs->paths, inputs->count);
    }
    /* How much of it is new to an update is not known. */
    int code = check_disk(run->ledger.index,
                          run->mode == MODE_REBUILD ? sizes.texts : 0);
    if (code != EXIT_DONE) {
        return code;
    }
    catch_signals();
    if (begin(run) != SHUKACH_OK) {
        return stopped != 0 ? 128 + stopped : fail(&run->error);
    }
    if (!ledger_open_list(&run->ledger, run->list)) {
        return EXIT_IO;
    }
    progress_begin(&run->progress, _("documents"), sizes.total);
    run->progress.active = run->progress.active && !run->ledger.quiet;
    struct shukach_error err = {0};
    enum shukach_status status =
        run->mode == MODE_DELETE ? delete_all(run, &err) : read_all(run, &err);
    progress_wipe(&run->progress);
    if (status != SHUKACH_OK && stopped == 0) {
        return fail(run->failed ? &run->error : &err);
    }
    return finish_run(run);
}

/* ---- The command line -----------------------------------------------------
 */

enum {
    INDEX = 1000,
    MAX_BYTES,
    MEMORY,
    TIMEOUT,
    JOBS,
    NICE,
    TOGETHER,
    JSON,
    UPDATE,
    PRUNE,
    DELETE,
    MERGE,
    KEEP,
    ROLLBACK,
    WAIT,
    SKIPPED
};

struct settings {
    struct run *run;
    const char *index;
    uint64_t memory;
    bool nice;
};

/* NULL, or what is wrong. */
static const char *take_mode(struct run *run, enum mode mode)
{
    bool free = run->mode == MODE_REBUILD || run->mode == mode;
    run->mode = mode;
    return free ? NULL : N_("one of --update, --delete and --rollback");
}

/* A number from `least` on; NULL, or what is wrong. */
static const char *take_number(uint64_t *out, bool scaled, uint64_t least,
                               uint64_t most, const char *fault)
{
    return parse_number(optarg, scaled, out) && *out >= least && *out <= most
               ? NULL
               : fault;
}

/* One option of an update; NULL, or what is wrong. */
static const char *take_update(struct run *run, int option)
{
    uint64_t seconds = 0;
    switch (option) {
    case UPDATE:
        return take_mode(run, MODE_UPDATE);
    case PRUNE:
        run->prune = true;
        return take_mode(run, MODE_UPDATE);
    case MERGE:
        run->merge = true;
        return take_mode(run, MODE_UPDATE);
    case DELETE:
        return take_mode(run, MODE_DELETE);
    case ROLLBACK:
        return take_mode(run, MODE_ROLLBACK);
    case KEEP:
        return take_number(&run->keep, false, 1, UINT32_MAX,
                           N_("--keep needs a number from 1 on"));
    case WAIT:
        run->wait = HUGE_VAL;
        if (optarg == NULL) {
            return NULL;
        }
        if (!parse_number(optarg, false, &seconds)) {
            return N_("--wait takes seconds");
        }
        run->wait = (double)seconds;
        return NULL;
    case SKIPPED:
    default: /* no other is left */
        run->list = optarg;
        return NULL;
    }
}

/* One option with its value in `optarg`; NULL, or what is wrong. */
static const char *take(struct settings *settings, int option)
{
    struct run *run = settings->run;
    switch (option) {
    case INDEX:
        settings->index = optarg;
        return NULL;
    case MAX_BYTES:
        return take_number(&run->inputs.max_bytes, true, 1, UINT64_MAX,
                           N_("--max-bytes needs a number"));
    case MEMORY:
        return take_number(&settings->memory, true, MEMORY_LEAST, UINT64_MAX,
                           N_("--memory needs a size of at "
                              "least 256M"));
    case TIMEOUT:
        return take_number(&run->inputs.timeout, false, 1, UINT64_MAX,
                           N_("--timeout needs a number of seconds"));
    case JOBS:
        return take_number(&run->jobs, false, 1, UINT32_MAX,
                           N_("--jobs needs a number from 1 on"));
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
        run->ledger.quiet = true;
        return NULL;
    default:
        return take_update(run, option);
    }
}

/* NULL, or what is wrong about so many arguments. */
static const char *check_arguments(const struct run *run, int count)
{
    if (run->mode == MODE_ROLLBACK) {
        return count > 0 ? N_("--rollback takes no paths") : NULL;
    }
    if (run->mode == MODE_DELETE && count == 0) {
        return N_("name the ids to delete, or - for standard input");
    }
    return count > 0 || (run->merge && !run->prune)
               ? NULL
               : N_("name what to index, or - for standard input");
}

static int start(struct run *run, const struct settings *settings)
{
    uint64_t memory =
        settings->memory > 0 ? settings->memory : memory_default();
    run->ledger.index = index_directory(settings->index);
    run->ledger.updates = run->mode == MODE_UPDATE;
    run->ledger.deletes = run->mode == MODE_DELETE;
    run->inputs.asks = run->mode == MODE_UPDATE;
    if (run->ledger.index == NULL) {
        return EXIT_FAILED;
    }
    if (run->mode == MODE_ROLLBACK) {
        catch_signals();
        return wait_for(run, roll_back) == SHUKACH_OK ? EXIT_DONE
                                                      : fail(&run->error);
    }
    if (!share_memory(&run->inputs, memory)) {
        return EXIT_FAILED;
    }
    if (settings->nice) {
        be_nice();
    }
    return index_all(run);
}

int command_index(int argc, char **argv)
{
    static const struct option options[] = {
        {"index", required_argument, NULL, INDEX},
        {"max-bytes", required_argument, NULL, MAX_BYTES},
        {"memory", required_argument, NULL, MEMORY},
        {"timeout", required_argument, NULL, TIMEOUT},
        {"jobs", required_argument, NULL, JOBS},
        {"nice", no_argument, NULL, NICE},
        {"no-isolation", no_argument, NULL, TOGETHER},
        {"update", no_argument, NULL, UPDATE},
        {"prune", no_argument, NULL, PRUNE},
        {"delete", no_argument, NULL, DELETE},
        {"merge", no_argument, NULL, MERGE},
        {"keep", required_argument, NULL, KEEP},
        {"rollback", no_argument, NULL, ROLLBACK},
        {"wait", optional_argument, NULL, WAIT},
        {"skipped", required_argument, NULL, SKIPPED},
        {"json", no_argument, NULL, JSON},
        {"quiet", no_argument, NULL, 'q'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct run run = {.keep = 1,
                      .jobs = processors(),
                      .inputs = {.timeout = TIMEOUT_DEFAULT,
                                 .on_document = on_document,
                                 .on_notice = on_notice,
                                 .on_file = on_file,
                                 .stopped = is_stopped}};
    struct settings settings = {.run = &run};
    const char *fault = NULL;
    int option;
    while (fault == NULL &&
           (option = getopt_long(argc, argv, "hq", options, NULL)) != -1) {
        if (option == 'h') {
            print_help("index");
            return EXIT_DONE;
        }
        if (option == '?') {
            return option_error("index", argv);
        }
        fault = take(&settings, option);
    }
    if (fault == NULL) {
        fault = check_arguments(&run, argc - optind);
    }
    if (fault != NULL) {
        return usage_error("index", "%s", _(fault));
    }
    run.inputs.paths = argv + optind;
    run.inputs.count = argc - optind;
    run.inputs.payload = &run;
    int code = start(&run, &settings);
    if (run.ledger.list != NULL) {
        fclose(run.ledger.list);
    }
    shukach_indexer_close(run.indexer);
    return code;
}
