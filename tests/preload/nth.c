/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For LD_PRELOAD: the N-th call of a kind fails, or is the last one before
 * the process is killed. SHUKACH_NTH is "KIND N HOW PROCESS":
 *   KIND     a name below; "change" is whatever changes the file system
 *   N        which call; 0 for none
 *   HOW      before, after: killed; torn: killed when half is written;
 *            ERRNO: it fails; +ERRNO: it and all after it
 *   PROCESS  main, or reader for the one that parses
 * SHUKACH_NTH_FD is a pipe for what happened: "NAME" of the call that was
 * hit, and at the end "= COUNT". The libraries call these functions by their
 * names, so that nothing is missed; tests/faults/kill.py compares with what
 * strace sees. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    CHANGE = 1,
    MEMORY = 2,
    OPEN = 4,
    READ = 8,
    WRITE = 16,
    SYNC = 32,
    RENAME = 64,
    LINK = 128,
    MKDIR = 256,
    REMOVE = 512,
    MAP = 1024
};

static const struct {
    const char *name;
    int bit;
} kinds[] = {
    {"change", CHANGE}, {"memory", MEMORY}, {"open", OPEN},     {"read", READ},
    {"write", WRITE},   {"sync", SYNC},     {"rename", RENAME}, {"link", LINK},
    {"mkdir", MKDIR},   {"remove", REMOVE}, {"map", MAP},
};

static enum { OFF, KILL_BEFORE, KILL_AFTER, KILL_TORN, FAIL } how;
static int kind;
static long at;
static int failure;
static bool lasting;
static long count;
static _Thread_local bool met; /* the call at work is the one */
static int report = -1;

static void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* By a call that is not counted, and without memory. */
static void tell(const char *format, ...)
{
    char text[64];
    int before = errno;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (report >= 0) {
        (void)syscall(SYS_write, report, text, (size_t)length);
    }
    errno = before;
}

static void take_how(const char *word)
{
    static const struct {
        const char *name;
        int value;
    } ways[] = {
        {"before", KILL_BEFORE}, {"after", KILL_AFTER}, {"torn", KILL_TORN}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (strcmp(word, ways[i].name) == 0) {
            how = ways[i].value;
            return;
        }
    }
    lasting = *word == '+';
    failure = (int)strtol(word, NULL, 10);
    how = FAIL;
}

/* glibc hands the arguments of the program to constructors. */
__attribute__((constructor)) static void begin(int argc, char **argv)
{
    char name[16];
    char way[16];
    char process[16];
    long number;
    const char *text = getenv("SHUKACH_NTH");
    const char *pipe_text = getenv("SHUKACH_NTH_FD");
    bool reader = argc > 1 && strcmp(argv[1], "_read") == 0;
    if (text == NULL || pipe_text == NULL ||
        sscanf(text, "%15s %ld %15s %15s", name, &number, way, process) != 4 ||
        (strcmp(process, "reader") == 0) != reader) {
        return;
    }
    report = (int)strtol(pipe_text, NULL, 10);
    take_how(way);
    at = number;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(name, kinds[i].name) == 0) {
            kind = kinds[i].bit;
        }
    }
}

__attribute__((destructor)) static void end(void)
{
    if (kind != 0) {
        tell("= %ld\n", count);
    }
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;) {
        pause();
    }
}

/* Counts a call; whether it is to fail. */
static bool meet(int kinds_of_call, const char *name)
{
    if ((kind & kinds_of_call) == 0) {
        return false;
    }
    long number = __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
    met = at > 0 && number == at;
    if (at == 0 || number < at || (number > at && !lasting)) {
        return false;
    }
    if (met) {
        tell("%s\n", name);
    }
    if (how == KILL_BEFORE) {
        die();
    }
    errno = how == FAIL ? failure : errno;
    return how == FAIL;
}

/* To be called when a counted call is done. */
static void leave(int kinds_of_call)
{
    if ((kind & kinds_of_call) != 0 && met &&
        (how == KILL_AFTER || how == KILL_TORN)) {
        die();
    }
}

/* Of pipes and terminals nothing is counted. */
static int for_file(int fd, int kinds_of_call)
{
    struct stat info;
    int before = errno;
    bool file = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    errno = before;
    return file ? kinds_of_call : 0;
}

/* The length of which half is to be written, if the process is killed then. */
static size_t torn(int kinds_of_call, size_t length)
{
    return (kind & kinds_of_call) != 0 && met && how == KILL_TORN ? length / 2
                                                                  : length;
}

/* ---- In the place of ------------------------------------------------------
 */

/* A function of the same name that has all its arguments counted. */
#define WRAP(type, name, bits, bad, parameters, arguments)                     \
    type name parameters;                                                      \
    type name parameters                                                       \
    {                                                                          \
        static type(*real) parameters;                                         \
        int kinds_of_call = (bits);                                            \
        if (real == NULL) {                                                    \
            *(void **)&real = dlsym(RTLD_NEXT, #name);                         \
        }                                                                      \
        if (meet(kinds_of_call, #name)) {                                      \
            return bad;                                                        \
        }                                                                      \
        type result = real arguments;                                          \
        leave(kinds_of_call);                                                  \
        return result;                                                         \
    }

/* Writing, of which half may be left undone. */
#define WRAP_WRITE(name, parameters, arguments)                                \
    ssize_t name parameters;                                                   \
    ssize_t name parameters                                                    \
    {                                                                          \
        static ssize_t(*real) parameters;                                      \
        int kinds_of_call = for_file(fd, CHANGE | WRITE);                      \
        if (real == NULL) {                                                    \
            *(void **)&real = dlsym(RTLD_NEXT, #name);                         \
        }                                                                      \
        if (meet(kinds_of_call, #name)) {                                      \
            return -1;                                                         \
        }                                                                      \
        size = torn(kinds_of_call, size);                                      \
        ssize_t result = real arguments;                                       \
        leave(kinds_of_call);                                                  \
        return result;                                                         \
    }

/* Opening, which changes something where it may make or empty a file. */
#define WRAP_OPEN(name)                                                        \
    int name(const char *path, int flags, ...);                                \
    int name(const char *path, int flags, ...)                                 \
    {                                                                          \
        static int (*real)(const char *, int, ...);                            \
        int bits = OPEN | ((flags & (O_CREAT | O_TRUNC)) != 0 ? CHANGE : 0);   \
        mode_t mode = 0;                                                       \
        if ((flags & O_CREAT) != 0) {                                          \
            va_list arguments;                                                 \
            va_start(arguments, flags);                                        \
            mode = va_arg(arguments, mode_t);                                  \
            va_end(arguments);                                                 \
        }                                                                      \
        if (real == NULL) {                                                    \
            *(void **)&real = dlsym(RTLD_NEXT, #name);                         \
        }                                                                      \
        if (meet(bits, #name)) {                                               \
            return -1;                                                         \
        }                                                                      \
        int result = real(path, flags, mode);                                  \
        leave(bits);                                                           \
        return result;                                                         \
    }

WRAP_OPEN(open)
WRAP_OPEN(open64)
WRAP(FILE *, fopen, OPEN | CHANGE, NULL, (const char *path, const char *mode),
     (path, mode))
WRAP(FILE *, fopen64, OPEN | CHANGE, NULL, (const char *path, const char *mode),
     (path, mode))
WRAP(DIR *, opendir, OPEN, NULL, (const char *path), (path))
WRAP_WRITE(write, (int fd, const void *data, size_t size), (fd, data, size))
WRAP_WRITE(pwrite, (int fd, const void *data, size_t size, off_t from),
           (fd, data, size, from))
WRAP_WRITE(pwrite64, (int fd, const void *data, size_t size, off64_t from),
           (fd, data, size, from))
WRAP(ssize_t, read, for_file(fd, READ), -1, (int fd, void *data, size_t size),
     (fd, data, size))
WRAP(ssize_t, pread, for_file(fd, READ), -1,
     (int fd, void *data, size_t size, off_t from), (fd, data, size, from))
WRAP(ssize_t, pread64, for_file(fd, READ), -1,
     (int fd, void *data, size_t size, off64_t from), (fd, data, size, from))
WRAP(int, fsync, SYNC | CHANGE, -1, (int fd), (fd))
WRAP(int, fdatasync, SYNC | CHANGE, -1, (int fd), (fd))
WRAP(int, ftruncate, WRITE | CHANGE, -1, (int fd, off_t size), (fd, size))
WRAP(int, ftruncate64, WRITE | CHANGE, -1, (int fd, off64_t size), (fd, size))
WRAP(int, rename, RENAME | CHANGE, -1, (const char *from, const char *to),
     (from, to))
WRAP(int, link, LINK | CHANGE, -1, (const char *from, const char *to),
     (from, to))
WRAP(int, symlink, LINK | CHANGE, -1, (const char *from, const char *to),
     (from, to))
WRAP(int, mkdir, MKDIR | CHANGE, -1, (const char *path, mode_t mode),
     (path, mode))
WRAP(int, unlink, REMOVE | CHANGE, -1, (const char *path), (path))
WRAP(int, rmdir, REMOVE | CHANGE, -1, (const char *path), (path))
WRAP(int, remove, REMOVE | CHANGE, -1, (const char *path), (path))
WRAP(void *, mmap, MAP, MAP_FAILED,
     (void *start, size_t size, int access, int flags, int fd, off_t from),
     (start, size, access, flags, fd, from))

/* What glibc calls its own. C++ takes its memory from malloc too. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t number, size_t size);
extern void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
    return meet(MEMORY, "malloc") ? NULL : __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
    return meet(MEMORY, "calloc") ? NULL : __libc_calloc(number, size);
}

void *realloc(void *old, size_t size)
{
    return meet(MEMORY, "realloc") ? NULL : __libc_realloc(old, size);
}
