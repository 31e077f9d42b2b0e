/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run may take of the machine: memory, disk, and everybody's patience.
 */
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <sched.h>
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

/* What is skipped unless --max-bytes says otherwise. */
#define MAX_BYTES_DEFAULT ((uint64_t)64 << 20)
/* Of the memory: one part in so many for the process that reads; what an
 * index takes whatever the documents; and what a byte of an input may take. */
#define READER_SHARE 3
#define INDEX_MEMORY ((uint64_t)96 << 20)
#define INPUT_COST 80
#define NICENESS 10

void be_nice(void)
{
    /* Where it fails, the run is only less polite. */
    (void)setpriority(PRIO_PROCESS, 0, NICENESS);
    (void)syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_IDLE);
}

uint64_t processors(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0
               ? (uint64_t)CPU_COUNT(&set)
               : 1;
}

uint64_t memory_default(void)
{
    long pages = sysconf(_SC_PHYS_PAGES);
    long page = sysconf(_SC_PAGESIZE);
    uint64_t memory =
        pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page / 4 : 0;
    return memory < MEMORY_LEAST ? MEMORY_LEAST : memory;
}

static bool limit_memory(uint64_t bytes)
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

/* Shares the memory out: a third to the process that reads, the rest to this
 * one, which holds what is to be written. A text of nothing but different
 * short words takes about 80 bytes here for each of its own, beside what the
 * index takes: no input may be larger than what that leaves room for. */
bool share_memory(struct inputs *inputs, uint64_t memory)
{
    uint64_t room = memory - memory / READER_SHARE;
    uint64_t most = (room - INDEX_MEMORY) / INPUT_COST;
    inputs->memory = memory / READER_SHARE;
    if (inputs->max_bytes == 0) {
        inputs->max_bytes = most < MAX_BYTES_DEFAULT ? most : MAX_BYTES_DEFAULT;
    }
    if (!limit_memory(room)) {
        say(LOG_ERR, "cannot limit the memory: %s", translate(strerror(errno)));
        return false;
    }
    return true;
}

/* Calls again while another writer has the lock, as long as was asked for. */
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
        "too little space for the index in %s: about %llu MiB are needed, "
        "%llu MiB are free; make room or name another place with --index",
        index, (unsigned long long)need >> 20, (unsigned long long)left >> 20);
    return EXIT_IO;
}
