/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base.h"

enum shukach_status file_open(const char *path, int *out,
                              struct shukach_error *err)
{
    /* Without O_NONBLOCK the opening of a pipe would wait for a writer. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return error_io(err, "open", path);
    }
    enum shukach_status status = SHUKACH_OK;
    struct stat info;
    if (fstat(fd, &info) != 0) {
        status = error_io(err, "examine", path);
    } else if (!S_ISREG(info.st_mode)) {
        status =
            error_set(err, SHUKACH_IO, "cannot read %s: it is no file", path);
    }
    if (status != SHUKACH_OK) {
        close(fd);
        return status;
    }
    *out = fd;
    return SHUKACH_OK;
}

enum shukach_status file_map(const char *path, struct mapping *out,
                             struct shukach_error *err)
{
    *out = (struct mapping){0};
    int fd;
    enum shukach_status status = file_open(path, &fd, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    struct stat info;
    if (fstat(fd, &info) != 0) {
        status = error_io(err, "examine", path);
    } else if (info.st_size > 0) {
        size_t length = (size_t)info.st_size;
        void *data = mmap(NULL, length, PROT_READ, MAP_SHARED, fd, 0);
        if (data == MAP_FAILED) {
            status = error_io(err, "map", path);
        } else {
            *out = (struct mapping){.data = data, .length = length};
        }
    }
    close(fd);
    return status;
}

void file_unmap(struct mapping *mapping)
{
    if (mapping->length > 0) {
        /* munmap takes a plain pointer although it does not write. */
        munmap((void *)(uintptr_t)mapping->data, mapping->length);
    }
    *mapping = (struct mapping){0};
}

#define RELEASE_AT ((size_t)4 << 20)

void file_release(const unsigned char **held, const unsigned char *at)
{
    size_t length = (size_t)(at - *held);
    if (length < RELEASE_AT) {
        return;
    }
    /* A mapping begins with a page, and so does what is released. */
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    length -= length % page;
    (void)madvise((void *)(uintptr_t)*held, length, MADV_DONTNEED);
    *held += length;
}

enum shukach_status file_read(const char *path, struct buf *out,
                              struct shukach_error *err)
{
    int fd;
    enum shukach_status status = file_open(path, &fd, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    for (;;) {
        char chunk[16384];
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            status = error_io(err, "read", path);
        }
        if (got <= 0) {
            break;
        }
        buf_add(out, chunk, (size_t)got);
        if (out->failed != SHUKACH_OK) {
            status =
                error_set(err, out->failed, "cannot read %s: %s", path,
                          out->failed == SHUKACH_LIMIT ? N_("it is too large")
                                                       : N_("out of memory"));
            break;
        }
    }
    close(fd);
    return status;
}

enum shukach_status file_size(const char *path, uint64_t *out,
                              struct shukach_error *err)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        return error_io(err, "examine", path);
    }
    *out = (uint64_t)info.st_size;
    return SHUKACH_OK;
}

enum shukach_status file_share(const char *from, const char *to,
                               struct shukach_error *err)
{
    if (link(from, to) == 0) {
        return SHUKACH_OK;
    }
    if (errno == ENOENT) {
        return error_io(err, "open", from);
    }
    /* No hard links on this file system, too many of the file, or another
     * reason: what stands in the way of a copy too is told by that. */
    struct mapping file;
    enum shukach_status status = file_map(from, &file, err);
    if (status == SHUKACH_OK) {
        status = file_write(to, file.data, file.length, err);
        file_unmap(&file);
    }
    return status;
}

bool file_write_all(int fd, const void *data, size_t length)
{
    const char *at = data;
    while (length > 0) {
        ssize_t put = write(fd, at, length);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            return false;
        }
        at += put;
        length -= (size_t)put;
    }
    return true;
}

enum shukach_status file_write_pending(int fd, const char *path,
                                       struct buf *pending,
                                       struct shukach_error *err)
{
    if (pending->failed != SHUKACH_OK) {
        return error_nomem(err);
    }
    if (!file_write_all(fd, buf_text(pending), pending->length)) {
        return error_io(err, "write", path);
    }
    buf_reset(pending);
    return SHUKACH_OK;
}

enum shukach_status file_write(const char *path, const void *data,
                               size_t length, struct shukach_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        return error_io(err, "create", path);
    }
    enum shukach_status status = SHUKACH_OK;
    if (!file_write_all(fd, data, length) || fsync(fd) != 0) {
        status = error_io(err, "write", path);
    }
    if (close(fd) != 0 && status == SHUKACH_OK) {
        status = error_io(err, "write", path);
    }
    return status;
}

/* A directory whose name in its parent survives a crash. */
static enum shukach_status make_dir(const char *path, struct shukach_error *err)
{
    struct stat info;
    if (mkdir(path, 0777) == 0) {
        char *parent;
        if (asprintf(&parent, "%s/..", path) < 0) {
            return error_nomem(err);
        }
        enum shukach_status status = file_sync(parent, err);
        free(parent);
        return status;
    }
    if (errno != EEXIST) {
        return error_io(err, "make the directory", path);
    }
    if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)) {
        return error_set(err, SHUKACH_IO,
                         "cannot make the directory %s: a file has this name",
                         path);
    }
    return SHUKACH_OK;
}

enum shukach_status file_make_dirs(const char *path, struct shukach_error *err)
{
    char *copy = strdup(path);
    if (copy == NULL) {
        return error_nomem(err);
    }
    enum shukach_status status = SHUKACH_OK;
    size_t length = strlen(copy);
    for (size_t i = 1; i < length && status == SHUKACH_OK; i++) {
        if (copy[i] == '/') {
            copy[i] = '\0';
            status = make_dir(copy, err);
            copy[i] = '/';
        }
    }
    if (status == SHUKACH_OK) {
        status = make_dir(copy, err);
    }
    free(copy);
    return status;
}

enum shukach_status file_sync(const char *path, struct shukach_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return error_io(err, "open", path);
    }
    enum shukach_status status = SHUKACH_OK;
    if (fsync(fd) != 0) {
        status = error_io(err, "write", path);
    }
    close(fd);
    return status;
}

static int remove_one(const char *path, const struct stat *info, int type,
                      struct FTW *place)
{
    (void)info;
    (void)type;
    (void)place;
    return remove(path);
}

enum shukach_status file_remove(const char *path, struct shukach_error *err)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0 &&
        errno != ENOENT) {
        return error_io(err, "remove", path);
    }
    return SHUKACH_OK;
}
