/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run may take of the machine: memory, disk, and everybody's patience.
 */
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <syslog.h>
#include <unistd.h>

#include "cli.h"
#include "inputs.h"

/* linux/ioprio.h, which has no header of the C library. */
#define IOPRIO_WHO_PROCESS 1
#define IOPRIO_IDLE (3 << 13)

#define NICENESS 10

void be_nice(void)
{
    /* Where it fails, the run is only less polite. */
    (void)setpriority(PRIO_PROCESS, 0, NICENESS);
    (void)syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_IDLE);
}

uint64_t memory_default(void)
{
    long pages = sysconf(_SC_PHYS_PAGES);
    long page = sysconf(_SC_PAGESIZE);
    uint64_t memory =
        pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page / 4 : 0;
    return memory < MEMORY_LEAST ? MEMORY_LEAST : memory;
}

bool limit_memory(uint64_t bytes)
{
    struct rlimit now;
    if (SANITIZED) {
        return true;
    }
    if (getrlimit(RLIMIT_DATA, &now) != 0) {
        return false;
    }
    if (now.rlim_cur > bytes) {
        now.rlim_cur = (rlim_t)bytes;
    }
    return setrlimit(RLIMIT_DATA, &now) == 0;
}

/* ---- Disk ---------------------------------------------------------------- */

static uint64_t walked; /* bytes of all files */
static uint64_t texts;  /* of those that are text by their names */

/* Pictures and films may lie beside texts; they are skipped, and need no
 * place in an index. */
static bool is_text(const char *path)
{
    static const char *const ends[] = {".txt", ".html", ".htm",   ".xml",
                                       ".rss", ".atom", ".jsonl", ".ndjson",
                                       ".gz",  ".zst"};
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t end = strlen(ends[i]);
        if (length > end && strcmp(path + length - end, ends[i]) == 0) {
            return true;
        }
    }
    return false;
}

static int add_size(const char *path, const struct stat *info, int type,
                    struct FTW *place)
{
    (void)place;
    if (type == FTW_F && S_ISREG(info->st_mode)) {
        walked += (uint64_t)info->st_size;
        texts += is_text(path) ? (uint64_t)info->st_size : 0;
    }
    return 0;
}

struct sizes input_sizes(char **paths, int count)
{
    struct sizes sizes = {0};
    bool known = true;
    walked = 0;
    texts = 0;
    for (int i = 0; i < count; i++) {
        known = strcmp(paths[i], "-") != 0 &&
                nftw(paths[i], add_size, 16, 0) == 0 && known;
    }
    sizes.total = known ? walked : 0;
    sizes.texts = texts;
    return sizes;
}

/* An index takes more than half of the text, and while it is made about as
 * much again; a page has less text than bytes. */
#define DISK_SHARE 2
#define DISK_LEAST ((uint64_t)16 << 20)

int check_disk(const char *index, uint64_t texts_bytes)
{
    struct statvfs disk;
    char path[4096];
    uint64_t need = texts_bytes / DISK_SHARE + DISK_LEAST;
    snprintf(path, sizeof path, "%s", index);
    while (statvfs(path, &disk) != 0) {
        /* The index is yet to be made: ask for the directory above. */
        char *slash = strrchr(path, '/');
        if (errno != ENOENT || slash == path + strlen(path) - 1 ||
            strcmp(path, ".") == 0) {
            return EXIT_DONE; /* opening the index tells better */
        }
        if (slash == NULL) {
            snprintf(path, sizeof path, ".");
        } else {
            slash[slash == path ? 1 : 0] = '\0';
        }
    }
    uint64_t left = (uint64_t)disk.f_bavail * disk.f_frsize;
    if (left >= need) {
        return EXIT_DONE;
    }
    say(LOG_ERR,
        "too little space for the index in %s: about %" PRIu64
        " MiB are needed, %" PRIu64
        " MiB are free; make room or name another place with --index",
        index, need >> 20, left >> 20);
    return EXIT_IO;
}
