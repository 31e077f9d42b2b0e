/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

static enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color = COLOR_AUTO;

bool set_color(const char *when)
{
    static const char *const names[] = {"auto", "always", "never"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(names[i], when) == 0) {
            color = i;
            return true;
        }
    }
    return false;
}

static bool stdout_is_terminal(void)
{
    static enum { UNKNOWN, NO, YES } is; /* asked once, not for each line */
    if (is == UNKNOWN) {
        is = isatty(STDOUT_FILENO) != 0 ? YES : NO;
    }
    return is == YES;
}

bool use_color(void)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    if (color != COLOR_AUTO) {
        return color == COLOR_ALWAYS;
    }
    return stdout_is_terminal() && (no_color == NULL || *no_color == '\0') &&
           (term == NULL || strcmp(term, "dumb") != 0);
}

/* Nothing is readable in fewer columns. */
#define WIDTH_LEAST 24

size_t stdout_width(void)
{
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    uint64_t width = 0;
    if (!stdout_is_terminal()) {
        return 0;
    }
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        width = size.ws_col;
    } else if (columns == NULL || !parse_number(columns, false, &width) ||
               width == 0 || width > 10000) {
        width = 80;
    }
    return width < WIDTH_LEAST ? WIDTH_LEAST : (size_t)width;
}

bool stderr_is_terminal(void)
{
    return isatty(STDERR_FILENO) != 0;
}

/* Whether stderr goes to the journal: JOURNAL_STREAM holds its device and
 * inode then, see sd-daemon(3). */
static bool stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat info;
    char own[48];
    if (stream == NULL || fstat(STDERR_FILENO, &info) != 0) {
        return false;
    }
    snprintf(own, sizeof own, "%llu:%llu", (unsigned long long)info.st_dev,
             (unsigned long long)info.st_ino);
    return strcmp(stream, own) == 0;
}

void say_begin(int level)
{
    if (stderr_is_journal()) {
        fprintf(stderr, "<%d>", level);
    }
    fputs("shukach: ", stderr);
}

void say(int level, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_begin(level);
    vfprintf(stderr, _(format), arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void progress_begin(struct progress *progress, const char *unit, uint64_t total)
{
    *progress = (struct progress){.unit = unit,
                                  .started = seconds_now(),
                                  .total = total,
                                  .active = stderr_is_terminal()};
}

void progress_show(struct progress *progress, uint64_t count, uint64_t done)
{
    double now = seconds_now();
    if (!progress->active || now - progress->shown < 0.1) {
        return;
    }
    progress->shown = now;
    double elapsed = now - progress->started;
    double rate =
        elapsed > 0 ? (double)(count - progress->skipped) / elapsed : 0;
    fputs("\r\033[K", stderr);
    fprintf(stderr, _("%llu %s, %.0f/s"), (unsigned long long)count,
            progress->unit, rate);
    if (progress->total > 0 && done > progress->skipped) {
        double share = (double)done / (double)progress->total;
        share = share > 1 ? 1 : share;
        double left = elapsed / (double)(done - progress->skipped) *
                      (1 - share) * (double)progress->total;
        int full = (int)(share * 20);
        fprintf(stderr, _("  [%.*s%*s] %3.0f %%, %.0f s left"), full,
                "####################", 20 - full, "", share * 100, left);
    }
    fflush(stderr);
}

void progress_wipe(struct progress *progress)
{
    if (progress->active && progress->shown > 0) {
        fputs("\r\033[K", stderr);
        progress->shown = 0;
    }
}
