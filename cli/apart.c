/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parsers of foreign formats run in a process of their own, so that one that
 * crashes, loops or eats memory costs one input. That process walks all the
 * paths and says what it is about to read; when it dies, another is started
 * that goes on behind. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "inputs.h"
#include "pipe.h"

#define TICK_MS 250
#define PIPE_BYTES (1024 * 1024)
/* Recoding makes at most four bytes of one, and the rest of a record is
 * short; the texts of a JSON Lines document lie within its line. */
#define RECORD_FACTOR 4
#define RECORD_REST ((uint64_t)1024 * 1024)
/* When so many inputs ended a process, it is not they that are at fault. */
#define RESTARTS_MAX 1000

extern char **environ;

/* How the life of a reading process ended. */
enum outcome { DONE, DIED, STUCK, GARBLED, NO_MEMORY, FAILED };

struct apart {
    struct inputs *inputs;
    struct shukach_document *document;
    struct pipe_in in;
    pid_t pid;
    int fd;
    int answers[2]; /* this process keeps both ends, so that a byte for one
                     * that has died is no signal */
    /* The input at work, as the process announced it. */
    char name[PIPE_NAME_MAX + 1];
    uint64_t line;
    bool announced; /* by this process; else it died before any */
    uint64_t base;  /* bytes of the processes before this one */
    /* Where the next process begins: an argument, a path below it or "". */
    uint64_t first;
    uint64_t argument; /* the one at work */
    int restarts;
    double waiting; /* since when nothing came, or < 0 */
};

/* ---- Starting and ending ------------------------------------------------- */

static enum shukach_status set_error(struct shukach_error *err,
                                     enum shukach_status status,
                                     const char *what, const char *why)
{
    *err = (struct shukach_error){.status = (int32_t)status,
                                  .offset = SHUKACH_NO_OFFSET};
    snprintf(err->message, sizeof err->message, "%s: %.300s", what, why);
    return status;
}

static int spawn(struct apart *apart, int to, char **argv)
{
    posix_spawn_file_actions_t actions;
    int failure = posix_spawn_file_actions_init(&actions);
    if (failure != 0) {
        return failure;
    }
    failure = posix_spawn_file_actions_adddup2(&actions, to, INPUTS_PIPE);
    if (failure == 0) {
        failure = posix_spawn_file_actions_adddup2(&actions, apart->answers[0],
                                                   INPUTS_ANSWER);
    }
    if (failure == 0) {
        /* What a library prints on standard output is no result. */
        failure = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO,
                                                   "/dev/null", O_WRONLY, 0);
    }
    if (failure == 0) {
        failure = posix_spawn(&apart->pid, "/proc/self/exe", &actions, NULL,
                              argv, environ);
    }
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

/* A pipe whose ends have numbers above those that the process will know, so
 * that none is overwritten while they are put in place; errno or 0. */
static int make_pipe(int ends[2])
{
    int low[2];
    if (pipe2(low, O_CLOEXEC) != 0) {
        return errno;
    }
    int failure = 0;
    for (int i = 0; i < 2; i++) {
        ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, INPUTS_ANSWER + 1);
        failure = ends[i] < 0 ? errno : failure;
        close(low[i]);
    }
    if (failure != 0) {
        close(ends[0]);
        close(ends[1]);
    }
    return failure;
}

/* Starts a process that reads from `first` on, after `after`. */
static enum shukach_status start(struct apart *apart, const char *after,
                                 struct shukach_error *err)
{
    const struct inputs *inputs = apart->inputs;
    char max_bytes[24];
    char memory[24];
    int ends[2];
    size_t count = (size_t)inputs->count - (size_t)apart->first;
    char **argv = calloc(count + 7, sizeof *argv);
    if (argv == NULL) {
        return set_error(err, SHUKACH_NOMEM, "out of memory", "arguments");
    }
    snprintf(max_bytes, sizeof max_bytes, "%" PRIu64, inputs->max_bytes);
    snprintf(memory, sizeof memory, "%" PRIu64, inputs->memory);
    /* The array of arguments is not const by tradition only. */
    argv[0] = (char *)(uintptr_t) "shukach";
    argv[1] = (char *)(uintptr_t)INPUTS_COMMAND;
    argv[2] = max_bytes;
    argv[3] = memory;
    argv[4] = (char *)(uintptr_t)after;
    argv[5] = (char *)(uintptr_t)(inputs->asks ? "1" : "0");
    memcpy(argv + 6, inputs->paths + apart->first, count * sizeof *argv);
    int failure = make_pipe(apart->answers);
    if (failure == 0 && (failure = make_pipe(ends)) != 0) {
        close(apart->answers[0]);
        close(apart->answers[1]);
    }
    if (failure == 0) {
        /* Larger, so that the two seldom wait; where that is not allowed it
         * works as well. */
        (void)fcntl(ends[0], F_SETPIPE_SZ, PIPE_BYTES);
        failure = spawn(apart, ends[1], argv);
        close(ends[1]);
        apart->fd = ends[0];
        if (failure != 0) {
            close(ends[0]);
            close(apart->answers[0]);
            close(apart->answers[1]);
        }
    }
    free(argv);
    apart->announced = false;
    apart->in.from = 0;
    apart->in.to = 0;
    return failure == 0 ? SHUKACH_OK
                        : set_error(err, SHUKACH_INTERNAL,
                                    "cannot start the process that reads "
                                    "(--no-isolation does without)",
                                    strerror(failure));
}

/* Ends the process, if it has not ended; its wait status. One that has shut
 * the pipe by dying keeps the status that it died with. */
static int end(struct apart *apart, bool done)
{
    int status = 0;
    /* With the sanitizers one that is done still looks for leaks. */
    if (!SANITIZED || !done) {
        kill(apart->pid, SIGKILL);
    }
    while (waitpid(apart->pid, &status, 0) < 0 && errno == EINTR) {
    }
    close(apart->fd);
    close(apart->answers[0]);
    close(apart->answers[1]);
    return status;
}

/* ---- Waiting ------------------------------------------------------------- */

static double seconds_of(clockid_t clock)
{
    struct timespec time = {0};
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static bool is_stream(const struct apart *apart)
{
    return strcmp(apart->inputs->paths[apart->argument], "-") == 0;
}

/* The clock that runs out: standard input may rightly come slowly, so there
 * only the time counts in which the process computes. */
static double clock_of(const struct apart *apart)
{
    clockid_t clock = CLOCK_MONOTONIC;
    if (is_stream(apart)) {
        clock_getcpuclockid(apart->pid, &clock);
    }
    return seconds_of(clock);
}

/* Reads more bytes; DONE: there are, else how the process ended. */
static enum outcome fill(struct apart *apart, struct shukach_error *err)
{
    size_t size;
    unsigned char *to = pipe_space(&apart->in, &size);
    if (to == NULL) {
        set_error(err, SHUKACH_NOMEM, "out of memory", apart->name);
        return FAILED;
    }
    for (;;) {
        struct pollfd waiting = {.fd = apart->fd, .events = POLLIN};
        int ready = poll(&waiting, 1, TICK_MS);
        if (apart->inputs->stopped()) {
            set_error(err, SHUKACH_CANCELLED, "stopped", apart->name);
            return FAILED;
        }
        if (ready > 0) {
            ssize_t got = read(apart->fd, to, size);
            apart->in.to += got > 0 ? (size_t)got : 0;
            return got > 0 ? DONE : DIED;
        }
        double now = clock_of(apart);
        if (apart->waiting < 0) {
            apart->waiting = now;
        } else if (now - apart->waiting >= (double)apart->inputs->timeout) {
            return STUCK;
        }
    }
}

/* ---- Records ------------------------------------------------------------- */

/* What a callback said: zero is to go on. */
static enum outcome heed(int stop, const char *name, struct shukach_error *err)
{
    if (stop == 0) {
        return DONE;
    }
    set_error(err, SHUKACH_CANCELLED, "stopped", name);
    return FAILED;
}

static enum outcome take_document(struct apart *apart,
                                  const struct pipe_record *record,
                                  struct shukach_error *err)
{
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        enum shukach_status status = shukach_document_set(
            apart->document, (enum shukach_field)i, record->texts[i],
            record->head.lengths[i], err);
        if (status != SHUKACH_OK) {
            return status == SHUKACH_ENCODING ? GARBLED : FAILED;
        }
    }
    int stop = apart->inputs->on_document(apart->document, apart->name,
                                          (size_t)record->head.number,
                                          apart->inputs->payload);
    return heed(stop, apart->name, err);
}

/* Tells of a file, and the process whether to read it. */
static enum outcome take_file(struct apart *apart,
                              const struct pipe_record *record,
                              struct shukach_error *err)
{
    const char *name = record->texts[PIPE_NAME];
    int answer = apart->inputs->on_file(name, apart->inputs->payload);
    if (answer != 0 && answer != 1) {
        return heed(answer, name, err);
    }
    if (record->head.code == 1 && apart->inputs->asks &&
        write(apart->answers[1], answer == 1 ? "1" : "0", 1) != 1) {
        set_error(err, SHUKACH_INTERNAL, "cannot answer", strerror(errno));
        return FAILED;
    }
    return DONE;
}

static enum outcome take_end(const struct pipe_record *record,
                             struct shukach_error *err)
{
    set_error(err, (enum shukach_status)record->head.code,
              "the process that reads", record->texts[PIPE_DETAIL]);
    return record->head.code == SHUKACH_NOMEM ? NO_MEMORY : FAILED;
}

static enum outcome take(struct apart *apart, const struct pipe_record *record,
                         struct shukach_error *err)
{
    struct inputs *inputs = apart->inputs;
    inputs->bytes = apart->base + record->head.bytes;
    apart->waiting = -1;
    switch ((enum pipe_kind)record->head.kind) {
    case PIPE_ARGUMENT:
        if (record->head.number >= (uint64_t)inputs->count - apart->first) {
            return GARBLED;
        }
        apart->argument = apart->first + record->head.number;
        snprintf(apart->name, sizeof apart->name, "%s",
                 inputs->paths[apart->argument]);
        apart->line = 0;
        apart->announced = true;
        return DONE;
    case PIPE_INPUT:
        memcpy(apart->name, record->texts[PIPE_NAME],
               (size_t)record->head.lengths[PIPE_NAME] + 1);
        apart->line = record->head.number;
        apart->announced = true;
        return DONE;
    case PIPE_FILE:
        return take_file(apart, record, err);
    case PIPE_NOTICE:
        return heed(inputs->on_notice(
                        (enum shukach_reason)record->head.code,
                        record->texts[PIPE_NAME], (size_t)record->head.number,
                        record->texts[PIPE_DETAIL], inputs->payload),
                    record->texts[PIPE_NAME], err);
    case PIPE_DOCUMENT:
        return take_document(apart, record, err);
    case PIPE_END:
        return take_end(record, err);
    }
    return GARBLED;
}

/* Takes records until the process is done with all or ends otherwise. */
static enum outcome take_all(struct apart *apart, struct shukach_error *err)
{
    enum outcome outcome = DONE;
    apart->waiting = -1;
    while (outcome == DONE) {
        struct pipe_record record;
        enum pipe_state state = pipe_next(&apart->in, &record);
        if (state == PIPE_BAD) {
            return GARBLED;
        }
        if (state == PIPE_MORE) {
            outcome = fill(apart, err);
        } else if (record.head.kind == PIPE_END &&
                   record.head.code == SHUKACH_OK) {
            apart->inputs->bytes = apart->base + record.head.bytes;
            return DONE;
        } else {
            outcome = take(apart, &record, err);
        }
    }
    return outcome;
}

/* ---- Blame --------------------------------------------------------------- */

static void describe(const struct apart *apart, enum outcome outcome,
                     int status, enum shukach_reason *reason, char *why,
                     size_t size)
{
    *reason = SHUKACH_SKIP_CRASHED;
    if (outcome == STUCK) {
        *reason = SHUKACH_SKIP_TIME;
        snprintf(why, size, N_("no progress for %llu seconds (--timeout)"),
                 (unsigned long long)apart->inputs->timeout);
    } else if (outcome == NO_MEMORY) {
        *reason = SHUKACH_SKIP_MEMORY;
        snprintf(why, size, N_("it needs more than %llu MiB (--memory)"),
                 (unsigned long long)apart->inputs->memory >> 20);
    } else if (outcome == GARBLED) {
        snprintf(why, size, N_("what the parser hands on is damaged"));
    } else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
        *reason = SHUKACH_SKIP_MEMORY;
        snprintf(why, size,
                 N_("the system ended the parser (Killed), mostly for "
                    "want of memory"));
    } else if (WIFSIGNALED(status)) {
        snprintf(why, size, N_("the parser ended by a signal (%s)"),
                 strsignal(WTERMSIG(status)));
    } else {
        snprintf(why, size, N_("the parser ended with status %d"),
                 WEXITSTATUS(status));
    }
}

/* Tells which input ended the process and goes on behind it; `after` points
 * to the path then, or is "" at the next argument. */
static enum shukach_status blame(struct apart *apart, enum outcome outcome,
                                 int status, const char **after,
                                 struct shukach_error *err)
{
    struct inputs *inputs = apart->inputs;
    enum shukach_reason reason;
    char why[160];
    char detail[320];
    describe(apart, outcome, status, &reason, why, sizeof why);
    if (!apart->announced) {
        return set_error(err, SHUKACH_INTERNAL,
                         "the process that reads came to no input "
                         "(--no-isolation does without)",
                         why);
    }
    bool stream = is_stream(apart);
    snprintf(detail, sizeof detail,
             stream            ? N_("%s; the rest of standard input is lost")
             : apart->line > 0 ? N_("%s; the rest of the file is not read")
                               : "%s",
             why);
    if (++apart->restarts > RESTARTS_MAX) {
        return set_error(err, SHUKACH_INTERNAL,
                         "too many inputs ended the process that reads, the "
                         "last one",
                         apart->name);
    }
    apart->base = inputs->bytes;
    apart->first = apart->argument + (stream ? 1 : 0);
    *after = stream ? "" : apart->name;
    if (inputs->on_notice(reason, apart->name, (size_t)apart->line, detail,
                          inputs->payload) != 0) {
        return set_error(err, SHUKACH_CANCELLED, "stopped", apart->name);
    }
    return SHUKACH_OK;
}

/* ---- The whole ----------------------------------------------------------- */

static enum shukach_status run(struct apart *apart, struct shukach_error *err)
{
    const char *after = "";
    while (apart->first < (uint64_t)apart->inputs->count) {
        enum shukach_status status = start(apart, after, err);
        if (status != SHUKACH_OK) {
            return status;
        }
        enum outcome outcome = take_all(apart, err);
        int ended = end(apart, outcome == DONE);
        if (outcome == DONE) {
            return SHUKACH_OK;
        }
        if (outcome == FAILED) {
            return (enum shukach_status)err->status;
        }
        status = blame(apart, outcome, ended, &after, err);
        if (status != SHUKACH_OK) {
            return status;
        }
    }
    return SHUKACH_OK;
}

enum shukach_status inputs_read_apart(struct inputs *inputs,
                                      struct shukach_error *err)
{
    struct apart *apart = calloc(1, sizeof *apart);
    *err = (struct shukach_error){0};
    if (apart == NULL) {
        return set_error(err, SHUKACH_NOMEM, "out of memory", "reading");
    }
    uint64_t most = UINT32_MAX / RECORD_FACTOR;
    uint64_t max = inputs->max_bytes < most ? inputs->max_bytes : most;
    apart->inputs = inputs;
    apart->in.max = (size_t)(max * RECORD_FACTOR + RECORD_REST);
    enum shukach_status status = shukach_document_new(&apart->document, err);
    if (status == SHUKACH_OK) {
        status = run(apart, err);
    }
    shukach_document_free(apart->document);
    pipe_free(&apart->in);
    free(apart);
    return status;
}
