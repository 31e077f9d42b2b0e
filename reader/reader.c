/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks files and directories and hands each input to its format. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libxml/parser.h>

#include "format.h"

#define DEFAULT_MAX_BYTES ((size_t)64 * 1024 * 1024)
/* Over this a path cannot be opened anyway, so the depth of directories
 * walked is bounded as well. */
#define PATH_BYTES ((size_t)8192)

enum shukach_status shukach_reader_new(struct shukach_reader **out,
                                       struct shukach_error *err)
{
    if (out == NULL) {
        return error_set(err, SHUKACH_INVALID,
                         "shukach_reader_new: no place for the result");
    }
    struct shukach_reader *reader = calloc(1, sizeof *reader);
    *out = NULL;
    if (reader == NULL) {
        return error_nomem(err);
    }
    enum shukach_status status = shukach_document_new(&reader->document, err);
    if (status != SHUKACH_OK) {
        free(reader);
        return status;
    }
    xmlInitParser();
    reader->name = "";
    reader->max_bytes = DEFAULT_MAX_BYTES;
    /* The limits of the buffers follow max_bytes: see read_input. */
    buf_init(&reader->raw, DEFAULT_MAX_BYTES);
    buf_init(&reader->text, DEFAULT_MAX_BYTES);
    *out = reader;
    return SHUKACH_OK;
}

void shukach_reader_set_max_bytes(struct shukach_reader *reader, size_t bytes)
{
    reader->max_bytes = bytes != 0 ? bytes : DEFAULT_MAX_BYTES;
}

void shukach_reader_set_on_document(struct shukach_reader *reader,
                                    shukach_on_document callback, void *payload)
{
    reader->on_document = callback;
    reader->document_payload = payload;
}

void shukach_reader_set_on_notice(struct shukach_reader *reader,
                                  shukach_on_notice callback, void *payload)
{
    reader->on_notice = callback;
    reader->notice_payload = payload;
}

void shukach_reader_set_on_input(struct shukach_reader *reader,
                                 shukach_on_input callback, void *payload)
{
    reader->on_input = callback;
    reader->input_payload = payload;
}

enum shukach_status shukach_reader_set_after(struct shukach_reader *reader,
                                             const char *path,
                                             struct shukach_error *err)
{
    char *copy = path != NULL ? strdup(path) : NULL;
    if (path != NULL && copy == NULL) {
        return error_nomem(err);
    }
    free(reader->after);
    reader->after = copy;
    return SHUKACH_OK;
}

void shukach_reader_set_on_file(struct shukach_reader *reader,
                                shukach_on_file callback, void *payload)
{
    reader->on_file = callback;
    reader->file_payload = payload;
}

uint64_t shukach_reader_bytes(const struct shukach_reader *reader)
{
    return reader->bytes;
}

void shukach_reader_free(struct shukach_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    shukach_document_free(reader->document);
    free(reader->after);
    buf_free(&reader->raw);
    buf_free(&reader->text);
    free(reader);
}

/* ---- Handing out ------------------------------------------------------- */

static enum shukach_status cancelled(struct shukach_error *err,
                                     const char *name)
{
    return error_set(err, SHUKACH_CANCELLED, "stopped by the caller at %s",
                     name);
}

enum shukach_status reader_notice(struct shukach_reader *reader,
                                  enum shukach_reason reason, size_t line,
                                  struct shukach_error *err, const char *format,
                                  ...)
{
    if (reader->on_notice == NULL) {
        return SHUKACH_OK;
    }
    char detail[501];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    size_t bad;
    if (!utf8_valid(detail, strlen(detail), &bad)) {
        detail[bad] = '\0';
    }
    int stop = reader->on_notice(reason, reader->name, line, detail,
                                 reader->notice_payload);
    return stop == 0 ? SHUKACH_OK : cancelled(err, reader->name);
}

enum shukach_status reader_input(struct shukach_reader *reader,
                                 const char *name, size_t line,
                                 struct shukach_error *err)
{
    if (reader->on_input == NULL ||
        reader->on_input(name, line, reader->input_payload) == 0) {
        return SHUKACH_OK;
    }
    return cancelled(err, name);
}

enum shukach_status reader_emit(struct shukach_reader *reader, size_t line,
                                struct shukach_error *err)
{
    for (int i = 0; i < SHUKACH_FIELDS; i++) {
        size_t length;
        const char *text = shukach_document_get(reader->document,
                                                (enum shukach_field)i, &length);
        size_t bad;
        if (!utf8_valid(text, length, &bad)) {
            return reader_notice(reader, SHUKACH_SKIP_ENCODING, line, err,
                                 "not valid UTF-8 at byte %zu of its text",
                                 bad);
        }
    }
    enum shukach_status status =
        document_set_origin(reader->document, reader->name, line, err);
    if (status != SHUKACH_OK || reader->on_document == NULL) {
        return status;
    }
    int stop = reader->on_document(reader->document, reader->document_payload);
    return stop == 0 ? SHUKACH_OK : cancelled(err, reader->name);
}

enum shukach_status reader_set_id(struct shukach_reader *reader,
                                  const char *suffix, struct shukach_error *err)
{
    struct buf id;
    buf_init(&id, 4 * PATH_BYTES);
    const char *at = reader->name;
    size_t left = strlen(at);
    while (left > 0) {
        uint32_t code;
        size_t n = utf8_decode(at, left, &code);
        if (n > 0) {
            buf_add(&id, at, n);
        } else {
            n = 1;
            buf_format(&id, "%%%02X", (unsigned)(unsigned char)*at);
        }
        at += n;
        left -= n;
    }
    buf_add_text(&id, suffix);
    enum shukach_status status =
        id.failed == SHUKACH_OK ? document_set(reader->document, SHUKACH_ID,
                                               buf_text(&id), id.length, err)
                                : error_nomem(err);
    buf_free(&id);
    return status;
}

/* ---- One input --------------------------------------------------------- */

/* Tells why an input broke off, if it did. */
static enum shukach_status tell_failure(struct shukach_reader *reader,
                                        const struct input *input,
                                        struct shukach_error *err)
{
    const char *detail;
    enum shukach_reason reason = input_failure(input, &detail);
    if (reason == 0) {
        return SHUKACH_OK;
    }
    return input_nomem(input)
               ? error_nomem(err)
               : reader_notice(reader, reason, 0, err, "%s", detail);
}

static enum shukach_status read_xml(struct shukach_reader *reader,
                                    const char *text, size_t length,
                                    struct shukach_error *err)
{
    (void)text;
    (void)length;
    return reader_notice(reader, SHUKACH_SKIP_MARKUP, 0, err,
                         "XML, but neither RSS nor Atom nor HTML");
}

/* JSON Lines that had to be recoded as a whole, from UTF-16. */
static enum shukach_status read_jsonl(struct shukach_reader *reader,
                                      const char *text, size_t length,
                                      struct shukach_error *err)
{
    uint64_t count = 0;
    struct input *input = input_open_memory(text, length, &count);
    if (input == NULL) {
        return error_nomem(err);
    }
    enum shukach_status status = jsonl_read(reader, input, err);
    input_close(input);
    return status;
}

/* A whole file, which stands in reader->raw. */
static enum shukach_status read_whole(struct shukach_reader *reader,
                                      struct shukach_error *err)
{
    static enum shukach_status (*const formats[])(
        struct shukach_reader *, const char *, size_t,
        struct shukach_error *) = {[FORMAT_TEXT] = text_read,
                                   [FORMAT_HTML] = html_read,
                                   [FORMAT_FEED] = feed_read,
                                   [FORMAT_XML] = read_xml,
                                   [FORMAT_JSONL] = read_jsonl};
    struct encoding encoding;
    struct buf *text = &reader->text;
    enum shukach_status status = encoding_decode(
        buf_text(&reader->raw), reader->raw.length, text, &encoding, err);
    if (status == SHUKACH_OK && encoding.reason != 0) {
        status = reader_notice(reader, encoding.reason, 0, err, "%s",
                               encoding.detail);
    }
    if (status != SHUKACH_OK ||
        (encoding.reason != 0 && encoding.reason != SHUKACH_NOTE_RECODED)) {
        return status;
    }
    const char *trimmed = buf_text(text);
    size_t length = text->length;
    if (!text_trim(&trimmed, &length)) {
        return reader_notice(reader, SHUKACH_SKIP_EMPTY, 0, err,
                             "the file holds no text");
    }
    enum format format =
        format_detect(buf_text(text), text->length, reader->name);
    return formats[format](reader, buf_text(text), text->length, err);
}

/* Whether lines can be taken from the bytes as they come. */
static bool can_stream(const char *head, size_t length, const char *name)
{
    if (format_is_json(head, length)) {
        return true;
    }
    return format_detect(head, length, name) == FORMAT_JSONL &&
           memchr(head, '\0', length) == NULL &&
           !(length >= 2 && (memcmp(head, "\xff\xfe", 2) == 0 ||
                             memcmp(head, "\xfe\xff", 2) == 0));
}

static enum shukach_status read_input(struct shukach_reader *reader,
                                      struct input *input,
                                      struct shukach_error *err)
{
    const char *data;
    size_t length = input_peek(input, &data);
    if (length > 0 && can_stream(data, length, reader->name)) {
        enum shukach_status status = jsonl_read(reader, input, err);
        return status == SHUKACH_OK ? tell_failure(reader, input, err) : status;
    }
    buf_reset(&reader->raw);
    buf_reset(&reader->text);
    reader->raw.max = reader->max_bytes;
    /* No encoding read here grows by more than three bytes for one. */
    if (!size_mul(reader->max_bytes, 4, &reader->text.max) ||
        !size_add(reader->text.max, INPUT_HEAD, &reader->text.max)) {
        reader->text.max = SIZE_MAX / 4;
    }
    for (; length > 0; length = input_peek(input, &data)) {
        buf_add(&reader->raw, data, length);
        input_take(input, length);
        if (reader->raw.failed == SHUKACH_LIMIT) {
            return reader_notice(
                reader, SHUKACH_SKIP_TOO_LARGE, 0, err,
                input_compressed(input)
                    ? N_("larger than the limit of %zu bytes when decompressed")
                    : N_("larger than the limit of %zu bytes"),
                reader->max_bytes);
        }
        if (reader->raw.failed != SHUKACH_OK) {
            return error_nomem(err);
        }
    }
    const char *detail;
    return input_failure(input, &detail) != 0 ? tell_failure(reader, input, err)
                                              : read_whole(reader, err);
}

static enum shukach_status read_open(struct shukach_reader *reader,
                                     const char *name, struct input *input,
                                     struct shukach_error *err)
{
    if (input == NULL) {
        return error_nomem(err);
    }
    const char *outer = reader->name;
    reader->name = name;
    enum shukach_status status = read_input(reader, input, err);
    reader->name = outer;
    input_close(input);
    return status;
}

enum shukach_status reader_read_bytes(struct shukach_reader *reader,
                                      const char *name, const void *data,
                                      size_t length, struct shukach_error *err)
{
    return read_open(reader, name,
                     input_open_memory(data, length, &reader->bytes), err);
}

/* ---- Files and directories --------------------------------------------- */

/* The directories that lead to the one being read. */
struct ancestor {
    const struct ancestor *parent;
    dev_t device;
    ino_t inode;
};

/* A notice about a path that is not being read. */
static enum shukach_status skip_path(struct shukach_reader *reader,
                                     enum shukach_reason reason,
                                     const char *path, const char *why,
                                     struct shukach_error *err)
{
    reader->name = path;
    enum shukach_status status =
        reader_notice(reader, reason, 0, err, "%s", why);
    reader->name = "";
    return status;
}

static enum shukach_status skip_errno(struct shukach_reader *reader,
                                      const char *path,
                                      struct shukach_error *err)
{
    char why[128];
    enum shukach_reason reason =
        errno == ELOOP ? SHUKACH_SKIP_SPECIAL : SHUKACH_SKIP_UNREADABLE;
    return skip_path(reader, reason, path, strerror_r(errno, why, sizeof why),
                     err);
}

static enum shukach_status read_file(struct shukach_reader *reader,
                                     const char *path,
                                     struct shukach_error *err)
{
    if (reader->on_file != NULL) {
        int answer = reader->on_file(path, reader->file_payload);
        if (answer != 0) {
            return answer == 1 ? SHUKACH_OK : cancelled(err, path);
        }
    }
    /* O_NONBLOCK: what became a pipe since stat() must not hang us. */
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        return skip_errno(reader, path, err);
    }
    enum shukach_status status;
    struct stat info;
    if (fstat(fd, &info) != 0) {
        status = skip_errno(reader, path, err);
    } else if (!S_ISREG(info.st_mode)) {
        status = skip_path(reader, SHUKACH_SKIP_SPECIAL, path,
                           "not a regular file", err);
    } else {
        status = read_open(reader, path, input_open(fd, &reader->bytes), err);
    }
    close(fd);
    return status;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static enum shukach_status read_path(struct shukach_reader *reader,
                                     const char *path,
                                     const struct ancestor *parent,
                                     struct shukach_error *err);

static enum shukach_status read_entry(struct shukach_reader *reader,
                                      const char *dir, const char *name,
                                      const struct ancestor *self,
                                      struct shukach_error *err)
{
    struct buf path;
    size_t length = strlen(dir);
    buf_init(&path, PATH_BYTES);
    buf_add(&path, dir, length);
    if (length > 0 && dir[length - 1] != '/') {
        buf_add_char(&path, '/');
    }
    buf_add_text(&path, name);
    enum shukach_status status;
    if (path.failed == SHUKACH_OK) {
        status = read_path(reader, path.data, self, err);
    } else if (path.failed == SHUKACH_LIMIT) {
        status = skip_path(reader, SHUKACH_SKIP_UNREADABLE, dir,
                           "the paths below it are too long", err);
    } else {
        status = error_nomem(err);
    }
    buf_free(&path);
    return status;
}

/* Whether a directory has an entry of this name. */
static bool has_entry(const char *path, const char *name)
{
    char *entry;
    if (asprintf(&entry, "%s/%s", path, name) < 0) {
        return false;
    }
    bool there = access(entry, F_OK) == 0;
    free(entry);
    return there;
}

/* Whether a directory is an index, whose files would be read as documents:
 * it holds a link `current` to a generation, or its first is being made. */
static bool is_index(const char *path)
{
    char target[8];
    char *current;
    if (asprintf(&current, "%s/current", path) < 0) {
        return false;
    }
    ssize_t length = readlink(current, target, sizeof target);
    free(current);
    return (length >= 5 && memcmp(target, "gen-", 4) == 0) ||
           (has_entry(path, "gen-1.tmp") && has_entry(path, "lock"));
}

static enum shukach_status read_directory(struct shukach_reader *reader,
                                          const char *path,
                                          const struct stat *info,
                                          const struct ancestor *parent,
                                          struct shukach_error *err)
{
    for (const struct ancestor *up = parent; up != NULL; up = up->parent) {
        if (up->device == info->st_dev && up->inode == info->st_ino) {
            return skip_path(reader, SHUKACH_SKIP_SPECIAL, path,
                             "a link to a directory that it lies in", err);
        }
    }
    if (is_index(path)) {
        return SHUKACH_OK; /* passed over like hidden files */
    }
    struct ancestor self = {parent, info->st_dev, info->st_ino};
    struct dirent **entries;
    enum shukach_status status = reader_input(reader, path, 0, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    int count = scandir(path, &entries, is_visible, compare_names);
    if (count < 0) {
        return errno == ENOMEM ? error_nomem(err)
                               : skip_errno(reader, path, err);
    }
    for (int i = 0; i < count; i++) {
        if (status == SHUKACH_OK) {
            status = read_entry(reader, path, entries[i]->d_name, &self, err);
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

/* The place of a byte in the order of the walk: below a directory comes
 * before its neighbours. */
static unsigned walk_rank(char c)
{
    return c == '\0' ? 0 : c == '/' ? 1 : (unsigned)(unsigned char)c + 1;
}

/* Whether the walk that goes on after `after` passes over a path: it comes
 * before, or is the same, and does not lead there. */
static bool is_passed(const char *path, const char *after)
{
    size_t i = 0;
    while (path[i] != '\0' && path[i] == after[i]) {
        i++;
    }
    bool leads = path[i] == '\0' && i > 0 && after[i] != '\0' &&
                 (after[i] == '/' || after[i - 1] == '/');
    return walk_rank(path[i]) <= walk_rank(after[i]) && !leads;
}

static enum shukach_status read_path(struct shukach_reader *reader,
                                     const char *path,
                                     const struct ancestor *parent,
                                     struct shukach_error *err)
{
    struct stat info;
    if (reader->after != NULL && is_passed(path, reader->after)) {
        return SHUKACH_OK;
    }
    if (stat(path, &info) != 0) {
        bool missing = errno == ENOENT || errno == ENOTDIR;
        return parent == NULL && missing ? error_io(err, "read", path)
                                         : skip_errno(reader, path, err);
    }
    if (S_ISDIR(info.st_mode)) {
        return read_directory(reader, path, &info, parent, err);
    }
    if (!S_ISREG(info.st_mode)) {
        return skip_path(reader, SHUKACH_SKIP_SPECIAL, path,
                         "a device, pipe or socket, not a file", err);
    }
    enum shukach_status status = reader_input(reader, path, 0, err);
    return status == SHUKACH_OK ? read_file(reader, path, err) : status;
}

enum shukach_status shukach_reader_read(struct shukach_reader *reader,
                                        const char *path,
                                        struct shukach_error *err)
{
    if (reader == NULL || path == NULL) {
        return error_set(err, SHUKACH_INVALID,
                         "shukach_reader_read: no reader or no path");
    }
    enum shukach_status status;
    if (strcmp(path, "-") != 0) {
        status = read_path(reader, path, NULL, err);
    } else {
        status = reader_input(reader, path, 0, err);
        if (status == SHUKACH_OK) {
            status = read_open(reader, path,
                               input_open(STDIN_FILENO, &reader->bytes), err);
        }
    }
    free(reader->after);
    reader->after = NULL;
    return status;
}
