/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "base.h"

/* Leaves a message in UTF-8: paths need not be, and `%.40s` and the end of
 * the message may have cut a character. */
static void make_valid(char *message, bool cut)
{
    size_t length = strlen(message);
    size_t bad;
    while (!utf8_valid(message, length, &bad)) {
        if (cut && length - bad < 4) {
            message[bad] = '\0';
            length = bad;
        } else {
            message[bad] = '?';
        }
    }
}

static enum shukach_status fill(struct shukach_error *err,
                                enum shukach_status status, uint64_t offset,
                                const char *format, va_list arguments)
{
    if (err == NULL) {
        return status;
    }
    *err = (struct shukach_error){.status = status, .offset = offset};
    int wanted =
        vsnprintf(err->message, sizeof err->message, format, arguments);
    make_valid(err->message, wanted >= (int)sizeof err->message);
    return status;
}

enum shukach_status error_set(struct shukach_error *err,
                              enum shukach_status status, const char *format,
                              ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(err, status, SHUKACH_NO_OFFSET, format, arguments);
    va_end(arguments);
    return status;
}

enum shukach_status error_at(struct shukach_error *err,
                             enum shukach_status status, uint64_t offset,
                             const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(err, status, offset, format, arguments);
    va_end(arguments);
    return status;
}

enum shukach_status error_nomem(struct shukach_error *err)
{
    return error_set(err, SHUKACH_NOMEM, "out of memory");
}

enum shukach_status error_io(struct shukach_error *err, const char *verb,
                             const char *path)
{
    static const struct {
        int number;
        enum shukach_status status;
    } map[] = {
        {ENOENT, SHUKACH_NOT_FOUND}, {ENOTDIR, SHUKACH_NOT_FOUND},
        {ENOSPC, SHUKACH_DISK_FULL}, {EDQUOT, SHUKACH_DISK_FULL},
        {ENOMEM, SHUKACH_NOMEM},
    };
    int number = errno;
    enum shukach_status status = SHUKACH_IO;
    for (size_t i = 0; i < sizeof map / sizeof *map; i++) {
        if (map[i].number == number) {
            status = map[i].status;
        }
    }
    char why[128];
    return error_set(err, status, "cannot %s %s: %s", verb, path,
                     strerror_r(number, why, sizeof why));
}
