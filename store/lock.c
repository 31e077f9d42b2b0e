/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One writer at a time. */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "generation.h"

/* Says who holds the lock, for the one who is refused: a process id and when
 * it took it. The lock itself is the kernel's, which drops it with the
 * process, so that none is ever stale and this text decides nothing. */
static bool write_holder(int fd)
{
    char text[64];
    struct tm utc;
    time_t now = time(NULL);
    gmtime_r(&now, &utc);
    int length = snprintf(text, sizeof text, "%ld ", (long)getpid());
    length += (int)strftime(text + length, sizeof text - (size_t)length,
                            "%Y-%m-%dT%H:%M:%SZ\n", &utc);
    return ftruncate(fd, 0) == 0 && file_write_all(fd, text, (size_t)length);
}

/* "process 123 since 2026-03-19T03:15:00Z", or less of it where the holder
 * has not written it yet. */
static void read_holder(int fd, char *out, size_t size)
{
    char text[64] = "";
    ssize_t got = read(fd, text, sizeof text - 1);
    text[got > 0 ? got : 0] = '\0';
    long process;
    char since[32] = "";
    if (sscanf(text, "%ld %31[0-9TZ:-]", &process, since) < 1) {
        snprintf(out, size, N_("another process"));
    } else {
        snprintf(out, size,
                 *since == '\0' ? N_("process %ld")
                                : N_("process %ld since %s"),
                 process, since);
    }
}

enum shukach_status lock_take(const char *dir, int *out,
                              struct shukach_error *err)
{
    char *path = path_join(dir, "lock");
    if (path == NULL) {
        return error_nomem(err);
    }
    enum shukach_status status = SHUKACH_OK;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) {
        status = error_io(err, "open", path);
    } else if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        if (!write_holder(fd)) {
            status = error_io(err, "write", path);
        }
    } else if (errno != EWOULDBLOCK) {
        status = error_io(err, "lock", path);
    } else {
        char holder[80];
        read_holder(fd, holder, sizeof holder);
        status = error_set(err, SHUKACH_LOCKED,
                           "%s is being written by %s; try again when it "
                           "has ended",
                           dir, holder);
    }
    free(path);
    if (status != SHUKACH_OK && fd >= 0) {
        close(fd);
        return status;
    }
    *out = fd;
    return status;
}
