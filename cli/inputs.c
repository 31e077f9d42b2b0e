/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "inputs.h"
#include "pipe.h"

/* Reads one path; one that is not there does not stop a nightly run. */
static enum shukach_status read_path(struct shukach_reader *reader,
                                     const char *path,
                                     shukach_on_notice on_notice, void *payload,
                                     struct shukach_error *err)
{
    enum shukach_status status = shukach_reader_read(reader, path, err);
    if (status != SHUKACH_NOT_FOUND) {
        return status;
    }
    return on_notice(SHUKACH_SKIP_UNREADABLE, path, 0, err->message, payload) ==
                   0
               ? SHUKACH_OK
               : SHUKACH_CANCELLED;
}

/* ---- In this process ----------------------------------------------------- */

struct direct {
    struct inputs *inputs;
    struct shukach_reader *reader;
};

static int on_direct_document(const struct shukach_document *document,
                              void *payload)
{
    struct direct *direct = payload;
    size_t line;
    const char *name = shukach_document_origin(document, &line);
    direct->inputs->bytes = shukach_reader_bytes(direct->reader);
    return direct->inputs->on_document(document, name, line,
                                       direct->inputs->payload);
}

enum shukach_status inputs_read(struct inputs *inputs,
                                struct shukach_error *err)
{
    struct direct direct = {.inputs = inputs};
    enum shukach_status status = shukach_reader_new(&direct.reader, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    shukach_reader_set_max_bytes(direct.reader, (size_t)inputs->max_bytes);
    shukach_reader_set_on_document(direct.reader, on_direct_document, &direct);
    shukach_reader_set_on_notice(direct.reader, inputs->on_notice,
                                 inputs->payload);
    shukach_reader_set_on_file(direct.reader, inputs->on_file, inputs->payload);
    for (int i = 0; i < inputs->count && status == SHUKACH_OK; i++) {
        status = read_path(direct.reader, inputs->paths[i], inputs->on_notice,
                           inputs->payload, err);
    }
    inputs->bytes = shukach_reader_bytes(direct.reader);
    shukach_reader_free(direct.reader);
    return status;
}

/* ---- In a process of its own --------------------------------------------- */

/* Every record is written at once: what was parsed before a crash has then
 * reached the other end. */
static int tell(struct shukach_reader *reader, struct pipe_record *record)
{
    record->head.bytes = reader != NULL ? shukach_reader_bytes(reader) : 0;
    return !pipe_write(INPUTS_PIPE, record);
}

static void set_text(struct pipe_record *record, size_t place, const char *text,
                     size_t longest)
{
    size_t length = strlen(text);
    record->texts[place] = text;
    record->head.lengths[place] =
        (uint32_t)(length <= longest ? length : longest);
}

static int tell_input(const char *name, size_t line, void *payload)
{
    struct pipe_record record = {.head = {.kind = PIPE_INPUT, .number = line}};
    set_text(&record, PIPE_NAME, name, PIPE_NAME_MAX);
    return tell(payload, &record);
}

static int tell_file(struct shukach_reader *reader, const char *path, bool asks)
{
    struct pipe_record record = {.head = {.kind = PIPE_FILE, .code = asks}};
    char answer = '0';
    set_text(&record, PIPE_NAME, path, PIPE_NAME_MAX);
    if (tell(reader, &record) != 0) {
        return 2;
    }
    ssize_t got = asks ? -1 : 1;
    while (got < 0) {
        got = read(INPUTS_ANSWER, &answer, 1);
        if (got < 0 && errno != EINTR) {
            return 2;
        }
    }
    if (got == 0) {
        return 2; /* nobody is there any more */
    }
    return answer == '1';
}

static int say_file(const char *path, void *payload)
{
    return tell_file(payload, path, false);
}

static int ask_file(const char *path, void *payload)
{
    return tell_file(payload, path, true);
}

static int tell_notice(enum shukach_reason reason, const char *name,
                       size_t line, const char *detail, void *payload)
{
    struct pipe_record record = {.head = {.kind = PIPE_NOTICE,
                                          .code = (uint32_t)reason,
                                          .number = line}};
    set_text(&record, PIPE_NAME, name, PIPE_NAME_MAX);
    set_text(&record, PIPE_DETAIL, detail, PIPE_DETAIL_MAX);
    return tell(payload, &record);
}

static int tell_document(const struct shukach_document *document, void *payload)
{
    struct pipe_record record = {.head = {.kind = PIPE_DOCUMENT}};
    size_t line;
    const char *name = shukach_document_origin(document, &line);
    record.head.number = line;
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        size_t length;
        record.texts[i] =
            shukach_document_get(document, (enum shukach_field)i, &length);
        if (length > UINT32_MAX / SHUKACH_FIELDS) {
            return tell_notice(SHUKACH_SKIP_TOO_LARGE, name, line,
                               N_("a field is over 512 MiB"), payload);
        }
        record.head.lengths[i] = (uint32_t)length;
    }
    return tell(payload, &record);
}

static void tell_end(struct shukach_reader *reader, enum shukach_status status,
                     const char *message)
{
    struct pipe_record record = {
        .head = {.kind = PIPE_END, .code = (uint32_t)status}, .texts = {""}};
    set_text(&record, PIPE_DETAIL, message, PIPE_DETAIL_MAX);
    (void)tell(reader, &record);
}

static enum shukach_status read_confined(struct shukach_reader *reader,
                                         int argc, char **argv,
                                         struct shukach_error *err)
{
    uint64_t max_bytes = strtoull(argv[1], NULL, 10);
    const char *after = argv[3];
    shukach_reader_set_max_bytes(reader, (size_t)max_bytes);
    bool asks = strcmp(argv[4], "1") == 0;
    shukach_reader_set_on_input(reader, tell_input, reader);
    shukach_reader_set_on_file(reader, asks ? ask_file : say_file, reader);
    shukach_reader_set_on_document(reader, tell_document, reader);
    shukach_reader_set_on_notice(reader, tell_notice, reader);
    enum shukach_status status =
        shukach_reader_set_after(reader, *after != '\0' ? after : NULL, err);
    for (int i = 5; i < argc && status == SHUKACH_OK; i++) {
        struct pipe_record record = {
            .head = {.kind = PIPE_ARGUMENT, .number = (uint64_t)(i - 5)}};
        status = tell(reader, &record) != 0
                     ? SHUKACH_CANCELLED
                     : read_path(reader, argv[i], tell_notice, reader, err);
    }
    return status;
}

int command_read(int argc, char **argv)
{
    struct shukach_error err = {0};
    struct shukach_reader *reader = NULL;
    if (argc < 6) {
        return usage_error(NULL, "%s is for the program itself to start",
                           INPUTS_COMMAND);
    }
    /* Of INT and TERM the process that indexes takes care, and ends this. */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    enum shukach_status status = shukach_reader_new(&reader, &err);
    const char *fault = confine(strtoull(argv[2], NULL, 10));
    if (fault != NULL) {
        char message[256];
        snprintf(message, sizeof message,
                 N_("cannot confine the process that reads (%s: %s); "
                    "--no-isolation does without"),
                 fault, strerror(errno));
        tell_end(reader, SHUKACH_INTERNAL, message);
    } else {
        if (status == SHUKACH_OK) {
            status = read_confined(reader, argc, argv, &err);
        }
        tell_end(reader, status, status == SHUKACH_OK ? "" : err.message);
    }
    shukach_reader_free(reader);
    return EXIT_DONE;
}
