/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For LD_PRELOAD: parsers that crash, loop or eat memory where the input says
 * so. Stands before libxml2 and jansson, so that the program itself needs no
 * back door. */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void crash(void)
{
    raise(SIGSEGV);
}

static void leave(void)
{
    _exit(7);
}

static void loop(void)
{
    for (volatile unsigned turns = 0;; turns++) {
    }
}

/* Waits, which costs no time of the processor. */
static void wait_forever(void)
{
    for (;;) {
        pause();
    }
}

/* Leaves nothing for the parser that is called next. */
static void eat_memory(void)
{
    for (size_t size = (size_t)1 << 20; size >= 16; size /= 4) {
        for (void *block; (block = malloc(size)) != NULL;) {
            memset(block, 1, size);
        }
    }
}

/* Bytes that are no records, to all descriptors a writer could guess. */
static void garble(void)
{
    static const char noise[] = "these bytes are no record of the format, "
                                "but more of them than a head has";
    for (int fd = 3; fd < 8; fd++) {
        if (write(fd, noise, sizeof noise) < 0) {
            continue;
        }
    }
    pause();
}

/* What a parser that was taken over would try. Says what it could do, or
 * where it cannot even say so, crashes. */
static void escape(void)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    if (child > 0) {
        waitpid(child, &status, 0);
    }
    bool wrote = open("escaped", O_WRONLY | O_CREAT, 0600) >= 0 ||
                 creat("escaped", 0600) >= 0 || mkdir("escaped", 0700) == 0;
    bool renamed = rename("keep.txt", "gone.txt") == 0;
    bool net = socket(AF_INET, SOCK_STREAM, 0) >= 0 ||
               socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
    dprintf(2, "could%s%s%s%s\n", child > 0 ? " fork" : "",
            wrote ? " write" : "", renamed ? " rename" : "",
            net ? " connect" : "");
    if (child > 0 || wrote || renamed || net) {
        crash();
    }
    char *const arguments[] = {"echo", "could exec", NULL};
    execv("/bin/echo", arguments);
}

static void obey(const char *text, size_t length)
{
    static const struct {
        const char *marker;
        void (*act)(void);
    } acts[] = {{"FAULT-CRASH", crash},    {"FAULT-LEAVE", leave},
                {"FAULT-LOOP", loop},      {"FAULT-WAIT", wait_forever},
                {"FAULT-EAT", eat_memory}, {"FAULT-GARBLE", garble},
                {"FAULT-ESCAPE", escape}};
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (memmem(text, length, acts[i].marker, strlen(acts[i].marker)) !=
            NULL) {
            acts[i].act();
        }
    }
}

/* ---- In the place of ------------------------------------------------------
 */

void *htmlCtxtReadMemory(void *context, const char *buffer, int size,
                         const char *url, const char *encoding, int options);
void *json_loadb(const char *buffer, size_t length, size_t flags, void *error);

void *htmlCtxtReadMemory(void *context, const char *buffer, int size,
                         const char *url, const char *encoding, int options)
{
    void *(*real)(void *, const char *, int, const char *, const char *, int);
    obey(buffer, (size_t)size);
    *(void **)&real = dlsym(RTLD_NEXT, "htmlCtxtReadMemory");
    return real(context, buffer, size, url, encoding, options);
}

void *json_loadb(const char *buffer, size_t length, size_t flags, void *error)
{
    void *(*real)(const char *, size_t, size_t, void *);
    obey(buffer, length);
    *(void **)&real = dlsym(RTLD_NEXT, "json_loadb");
    return real(buffer, length, flags, error);
}
