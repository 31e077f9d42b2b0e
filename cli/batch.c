/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many queries, a line each, with the answers in their order. What was
 * written before an interruption is gone on with: the rows of the last query
 * that has any may be cut, so it is answered again. */
#include <errno.h>
#include <fcntl.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "search.h"

/* A row that is longer may be cut by an interruption. */
#define OUTPUT_BUFFER ((size_t)1 << 20)

/* How the rows of a query begin. */
struct start {
    char *text; /* NULL: the line is no query */
    size_t length;
    size_t line; /* from 0 */
};

struct batch {
    struct request *request;
    FILE *file;
    size_t lines;         /* 0: unknown */
    struct start *starts; /* of a run that is gone on with */
    size_t capacity;
    size_t first; /* line to begin with */
    struct progress progress;
    char unit[40];
};

/* ---- Lines ----------------------------------------------------------------
 */

/* Cuts QID<TAB>QUERY in two; the query, or NULL if it is none. */
static char *split_line(char *line)
{
    line[strcspn(line, "\r\n")] = '\0';
    char *tab = strchr(line, '\t');
    if (tab == NULL || strchr(" \t", line[0]) != NULL) {
        return NULL;
    }
    *tab = '\0';
    return tab + 1;
}

/* Remembers how rows of line `number` begin; false out of memory. */
static bool add_start(struct batch *batch, size_t number, char *line)
{
    if (number >= batch->capacity) {
        size_t grown = batch->capacity == 0 ? 256 : 2 * batch->capacity;
        struct start *starts =
            reallocarray(batch->starts, grown, sizeof *starts);
        if (starts == NULL) {
            return false;
        }
        batch->starts = starts;
        batch->capacity = grown;
    }
    struct start *start = &batch->starts[number];
    *start = (struct start){.line = number};
    if (split_line(line) == NULL) {
        return true;
    }
    FILE *out = open_memstream(&start->text, &start->length);
    if (out == NULL) {
        return false;
    }
    batch->request->printer->qid(out, line);
    return fclose(out) == 0;
}

/* Counts the lines of a file that can be read twice. */
static int scan_lines(struct batch *batch)
{
    struct stat info;
    char *line = NULL;
    size_t capacity = 0;
    bool good = true;
    if (fstat(fileno(batch->file), &info) != 0 || !S_ISREG(info.st_mode) ||
        batch->file == stdin) {
        if (!batch->request->resume) {
            return EXIT_DONE;
        }
        return usage_error("search",
                           "--resume needs a file of queries; %s is "
                           "none that can be read twice",
                           batch->request->batch);
    }
    for (; good && getline(&line, &capacity, batch->file) != -1;
         batch->lines++) {
        good = !batch->request->resume || add_start(batch, batch->lines, line);
    }
    free(line);
    rewind(batch->file);
    if (!good) {
        say(LOG_ERR, "out of memory");
    }
    return good ? EXIT_DONE : EXIT_FAILED;
}

static int by_start(const void *a, const void *b)
{
    const struct start *x = *(const struct start *const *)a;
    const struct start *y = *(const struct start *const *)b;
    if (x->text == NULL || y->text == NULL) {
        return (x->text != NULL) - (y->text != NULL);
    }
    int order = strcmp(x->text, y->text);
    return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

/* Where an id stands twice nobody knows whose a row is. */
static int check_ids(const struct batch *batch)
{
    const struct start **sorted = calloc(batch->lines + 1, sizeof *sorted);
    int code = EXIT_DONE;
    if (sorted == NULL) {
        say(LOG_ERR, "out of memory");
        return EXIT_FAILED;
    }
    for (size_t i = 0; i < batch->lines; i++) {
        sorted[i] = &batch->starts[i];
    }
    qsort(sorted, batch->lines, sizeof *sorted, by_start);
    for (size_t i = 1; i < batch->lines && code == EXIT_DONE; i++) {
        if (sorted[i - 1]->text != NULL &&
            strcmp(sorted[i - 1]->text, sorted[i]->text) == 0) {
            code = usage_error("search",
                               "lines %zu and %zu of %s have the same id; "
                               "--resume needs one for each query",
                               sorted[i - 1]->line + 1, sorted[i]->line + 1,
                               batch->request->batch);
        }
    }
    free(sorted);
    return code;
}

/* ---- Where to go on --------------------------------------------------------
 */

/* A row of an earlier output. */
struct row {
    char *text;
    size_t length;
    size_t capacity;
    bool whole; /* it has its end */
};

/* Reads the next row, in CSV with the line breaks of its cells; false behind
 * the last. */
static bool read_row(FILE *file, bool csv, struct row *row)
{
    char *piece = NULL;
    size_t capacity = 0;
    ssize_t length;
    bool quoted = false;
    row->length = 0;
    row->whole = false;
    while (!row->whole && (length = getline(&piece, &capacity, file)) > 0) {
        size_t size = (size_t)length;
        if (row->length == 0 && row->capacity < size) {
            char *text = realloc(row->text, size);
            if (text == NULL) {
                break; /* what is not read counts as cut */
            }
            row->text = text;
            row->capacity = size;
        }
        if (row->length == 0) { /* only its beginning is of interest */
            memcpy(row->text, piece, size);
        }
        for (size_t i = 0; csv && i < size; i++) {
            quoted = quoted != (piece[i] == '"');
        }
        row->length += size;
        row->whole = piece[size - 1] == '\n' && !quoted;
    }
    free(piece);
    return row->length > 0;
}

static bool begins(const struct row *row, const struct start *start)
{
    size_t length = start->length;
    if (!row->whole && row->length < length) {
        length = row->length; /* cut within the id */
    }
    return start->text != NULL && row->length >= length &&
           row->capacity >= length &&
           memcmp(row->text, start->text, length) == 0;
}

struct place {
    uint64_t bytes; /* to keep */
    size_t line;    /* to go on with */
};

static int foreign(const struct batch *batch, size_t number)
{
    return usage_error("search",
                       "row %zu of %s is not of %s, or not in its order; "
                       "name the file that this batch was written to",
                       number, batch->request->output, batch->request->batch);
}

/* Takes the heading; whether it is ours or the beginning of it. */
static bool take_names(const struct batch *batch, FILE *file, struct row *row,
                       struct place *out)
{
    struct start names = {0};
    bool good = true;
    FILE *memory = open_memstream(&names.text, &names.length);
    if (memory == NULL) {
        return false;
    }
    batch->request->printer->names(memory);
    good = fclose(memory) == 0;
    if (good && read_row(file, true, row)) {
        good =
            begins(row, &names) && (!row->whole || row->length == names.length);
        out->bytes = row->whole ? row->length : 0;
        batch->request->headed = row->whole;
    }
    free(names.text);
    return good;
}

/* Finds the last query that has a row, and where its rows begin. */
static int find_place(const struct batch *batch, FILE *file, struct place *out)
{
    struct row row = {0};
    bool csv = batch->request->printer->names != NULL;
    size_t number = 1;
    size_t line = 0;
    int code = EXIT_DONE;
    *out = (struct place){0};
    if (csv && !take_names(batch, file, &row, out)) {
        code = foreign(batch, number);
    }
    number += csv;
    bool any = false;
    for (uint64_t at = out->bytes;
         code == EXIT_DONE && read_row(file, csv, &row); number++) {
        while (line < batch->lines && !begins(&row, &batch->starts[line])) {
            line++;
        }
        if (line == batch->lines) {
            code = foreign(batch, number);
        } else if (row.whole && (!any || line != out->line)) {
            *out = (struct place){.bytes = at, .line = line};
            any = true;
        }
        at += row.length;
    }
    if (code == EXIT_DONE && ferror(file)) {
        say(LOG_ERR, "cannot read %s: %s", batch->request->output,
            translate(strerror(errno)));
        code = EXIT_IO;
    }
    free(row.text);
    return code;
}

/* ---- The output ------------------------------------------------------------
 */

static int output_fails(const struct batch *batch, const char *verb)
{
    say(LOG_ERR, "cannot %s %s: %s", translate(verb), batch->request->output,
        translate(strerror(errno)));
    return EXIT_IO;
}

/* Reads what an earlier run wrote, if there is any. */
static int look_back(struct batch *batch, struct place *place)
{
    int code = check_ids(batch);
    FILE *file = fopen(batch->request->output, "re");
    if (file == NULL) {
        return code == EXIT_DONE && errno != ENOENT
                   ? output_fails(batch, "read")
                   : code;
    }
    if (code == EXIT_DONE) {
        code = find_place(batch, file, place);
    }
    fclose(file);
    if (code == EXIT_DONE && place->bytes > 0) {
        say(LOG_INFO, "going on in %s with line %zu of %s",
            batch->request->output, place->line + 1, batch->request->batch);
    }
    return code;
}

/* Makes the file what standard output is. */
static int open_output(struct batch *batch)
{
    static char buffer[OUTPUT_BUFFER];
    struct place place = {0};
    int code = batch->request->resume ? look_back(batch, &place) : EXIT_DONE;
    if (code != EXIT_DONE || batch->request->output == NULL) {
        return code;
    }
    int mode = batch->request->resume ? 0 : O_TRUNC;
    int fd = open(batch->request->output, O_WRONLY | O_CREAT | O_CLOEXEC | mode,
                  0666);
    if (fd < 0) {
        return output_fails(batch, N_("write"));
    }
    bool good = !batch->request->resume ||
                (ftruncate(fd, (off_t)place.bytes) == 0 &&
                 lseek(fd, (off_t)place.bytes, SEEK_SET) != -1);
    good = good && dup2(fd, STDOUT_FILENO) == STDOUT_FILENO &&
           setvbuf(stdout, buffer, _IOFBF, sizeof buffer) == 0;
    code = good ? EXIT_DONE : output_fails(batch, "write");
    close(fd);
    batch->first = place.line;
    return code;
}

/* What was written has arrived. */
static int close_output(const struct batch *batch, int code)
{
    if (batch->request->output == NULL) {
        return code;
    }
    bool good = fflush(stdout) == 0 && !ferror(stdout) &&
                (fsync(STDOUT_FILENO) == 0 || errno == EINVAL);
    if (!good) {
        code = output_fails(batch, "write");
        __fpurge(stdout);
        clearerr(stdout);
    }
    return code;
}

/* ---- The run ---------------------------------------------------------------
 */

/* Answers a line; false if it was bad, which was said. */
static bool answer_line(struct shukach_index *index, struct batch *batch,
                        size_t number, char *line, int *code)
{
    struct request *request = batch->request;
    struct shukach_error err;
    size_t found;
    const char *query = split_line(line);
    if (*line == '\0') {
        return true;
    }
    if (query == NULL) {
        progress_wipe(&batch->progress);
        say(LOG_ERR, "%s:%zu: expected QID<TAB>QUERY, found no tab",
            request->batch, number);
        return false;
    }
    enum shukach_status status =
        answer_query(index, request, line, query, &found, &err);
    if (status == SHUKACH_OK || status == SHUKACH_CANCELLED) {
        request->headed = true;
        *code = status == SHUKACH_OK ? *code : EXIT_IO;
        return true;
    }
    progress_wipe(&batch->progress);
    say(LOG_ERR, "%s:%zu: %s", request->batch, number,
        translate_sentence(err.message));
    int failure = exit_code_of(&err);
    point_at(query, &err);
    /* A bad query is that line's; a bad index is everyone's. */
    *code = failure == EXIT_FAILED ? *code : failure;
    return false;
}

static int answer_lines(struct shukach_index *index, struct batch *batch)
{
    const char *name = batch->request->batch;
    char *line = NULL;
    size_t capacity = 0;
    size_t bad = 0;
    int code = EXIT_DONE;
    ssize_t length;
    for (size_t number = 1;
         code == EXIT_DONE &&
         (length = getline(&line, &capacity, batch->file)) != -1;
         number++) {
        if (number <= batch->first) {
            continue;
        }
        if (strlen(line) != (size_t)length) {
            progress_wipe(&batch->progress);
            say(LOG_ERR, "%s:%zu: holds a NUL byte", name, number);
            bad++;
        } else {
            bad += !answer_line(index, batch, number, line, &code);
        }
        progress_show(&batch->progress, number, number);
    }
    if (ferror(batch->file)) {
        progress_wipe(&batch->progress);
        say(LOG_ERR, "cannot read %s: %s", name, translate(strerror(errno)));
        code = EXIT_IO;
    }
    free(line);
    return code == EXIT_DONE && bad > 0 ? EXIT_PARTLY : code;
}

/* Progress is for a terminal to which no hits go. */
static void begin_progress(struct batch *batch)
{
    if (batch->lines > 0) {
        snprintf(
            batch->unit, sizeof batch->unit,
            translate_count("of %zu query", "of %zu queries", batch->lines),
            batch->lines);
    } else {
        snprintf(batch->unit, sizeof batch->unit, "%s", _("queries"));
    }
    progress_begin(&batch->progress, batch->unit, batch->lines);
    batch->progress.skipped = batch->first;
    batch->progress.active =
        batch->progress.active && isatty(STDOUT_FILENO) == 0;
    batch->request->progress = &batch->progress;
}

int search_batch(struct shukach_index *index, struct request *request)
{
    bool standard = strcmp(request->batch, "-") == 0;
    struct batch batch = {.request = request};
    batch.file = standard ? stdin : fopen(request->batch, "re");
    if (batch.file == NULL) {
        say(LOG_ERR, "cannot open %s: %s", request->batch,
            translate(strerror(errno)));
        return EXIT_FAILED;
    }
    int code = scan_lines(&batch);
    if (code == EXIT_DONE) {
        code = open_output(&batch);
    }
    if (code == EXIT_DONE) {
        begin_progress(&batch);
        code = answer_lines(index, &batch);
        progress_wipe(&batch.progress);
        code = close_output(&batch, code);
    }
    for (size_t i = 0; batch.starts != NULL && i < batch.lines; i++) {
        free(batch.starts[i].text);
    }
    free(batch.starts);
    if (!standard) {
        fclose(batch.file);
    }
    return code;
}
