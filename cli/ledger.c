/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of everything that `shukach index` was offered. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <syslog.h>

#include "cli.h"

static const struct {
    enum shukach_reason reason;
    const char *name;
} reasons[] = {
    {SHUKACH_SKIP_UNREADABLE, "unreadable"},
    {SHUKACH_SKIP_EMPTY, "empty"},
    {SHUKACH_SKIP_BINARY, "binary"},
    {SHUKACH_SKIP_TOO_LARGE, "too large"},
    {SHUKACH_SKIP_ENCODING, "encoding"},
    {SHUKACH_SKIP_JSON, "bad JSON"},
    {SHUKACH_SKIP_FIELD, "bad field"},
    {SHUKACH_SKIP_DUPLICATE, "duplicate"},
    {SHUKACH_SKIP_MARKUP, "bad markup"},
    {SHUKACH_SKIP_COMPRESSED, "damaged compression"},
    {SHUKACH_SKIP_SPECIAL, "special file"},
    {SHUKACH_SKIP_CRASHED, "crashed"},
    {SHUKACH_SKIP_TIME, "too long"},
    {SHUKACH_SKIP_MEMORY, "too much memory"},
    {SHUKACH_SKIP_UNKNOWN, "unknown id"},
    {SHUKACH_NOTE_RECODED, "recoded"},
    {SHUKACH_NOTE_UNDATED, "bad date"},
};

#define REASONS (sizeof reasons / sizeof *reasons)

/* A line NAME<TAB>LINE<TAB>REASON<TAB>DETAIL. */
static void list_skipped(FILE *list, const char *name, size_t line,
                         const char *word, const char *detail)
{
    print_escaped(list, name);
    fputc('\t', list);
    if (line > 0) {
        fprintf(list, "%zu", line);
    }
    fprintf(list, "\t%s\t", word);
    print_escaped(list, detail);
    fputc('\n', list);
}

bool ledger_open_list(struct ledger *ledger, const char *path)
{
    if (path == NULL) {
        return true;
    }
    ledger->list = fopen(path, "we");
    if (ledger->list == NULL) {
        say(LOG_ERR, "cannot write %s: %s", path, strerror(errno));
    }
    return ledger->list != NULL;
}

bool ledger_close_list(struct ledger *ledger, const char *path)
{
    FILE *file = ledger->list;
    ledger->list = NULL;
    bool written = file == NULL || ferror(file) == 0;
    if (file != NULL && fclose(file) != 0) {
        written = false;
    }
    if (!written) {
        say(LOG_ERR, "cannot write %s: %s", path, strerror(errno));
    }
    return written;
}

void ledger_tell(struct ledger *ledger, enum shukach_reason reason,
                 const char *name, size_t line, const char *detail)
{
    const char *word = "skipped";
    for (size_t i = 0; i < REASONS; i++) {
        if (reasons[i].reason == reason) {
            ledger->counts[reason]++;
            word = reasons[i].name;
        }
    }
    bool note = reason >= SHUKACH_NOTE_RECODED;
    if (!note && ledger->list != NULL) {
        list_skipped(ledger->list, name, line, word, detail);
    }
    if (note && ledger->quiet) {
        return;
    }
    say_begin(note ? LOG_INFO : LOG_WARNING);
    fputs(note ? "" : "skipped ", stderr);
    print_escaped(stderr, name);
    if (line > 0) {
        fprintf(stderr, ":%zu", line);
    }
    fprintf(stderr, ": %s: ", word);
    print_escaped(stderr, detail);
    fputc('\n', stderr);
}

/* In the order in which they are told; the text leaves out what the command
 * cannot have done. */
static const struct {
    enum shukach_tally tally;
    const char *name;
    bool update; /* told in the text of an update, else never */
} tallies[] = {
    {SHUKACH_TALLY_INDEXED, "indexed", false},
    {SHUKACH_TALLY_REPLACED, "replaced", true},
    {SHUKACH_TALLY_UNCHANGED, "unchanged", true},
    {SHUKACH_TALLY_SKIPPED, "skipped", false},
    {SHUKACH_TALLY_DELETED, "deleted", false},
    {SHUKACH_TALLY_PRUNED, "pruned", true},
    {SHUKACH_TALLY_MERGED, "merged", false},
};

#define TALLIES (sizeof tallies / sizeof *tallies)

void ledger_print_json(const struct ledger *ledger,
                       const struct shukach_indexer *indexer)
{
    printf("{\"version\":1,\"offered\":%" PRIu64, ledger->offered);
    for (size_t i = 0; i < TALLIES; i++) {
        printf(",\"%s\":%" PRIu64, tallies[i].name,
               shukach_indexer_tally(indexer, tallies[i].tally));
    }
    printf(",\"seconds\":%.3f,\"bytes\":%" PRIu64 ",\"index\":",
           ledger->seconds, ledger->bytes);
    json_text(stdout, ledger->index, strlen(ledger->index));
    fputs(",\"reasons\":{", stdout);
    bool any = false;
    for (size_t i = 0; i < REASONS; i++) {
        uint64_t count = ledger->counts[reasons[i].reason];
        if (count > 0) {
            printf("%s\"%s\":%" PRIu64, any ? "," : "", reasons[i].name, count);
            any = true;
        }
    }
    fputs("}}\n", stdout);
}

void ledger_print(const struct ledger *ledger,
                  const struct shukach_indexer *indexer)
{
    uint64_t deleted = shukach_indexer_tally(indexer, SHUKACH_TALLY_DELETED);
    uint64_t indexed = shukach_indexer_tally(indexer, SHUKACH_TALLY_INDEXED);
    say_begin(LOG_INFO);
    fprintf(stderr, "%s %" PRIu64 " documents %s %s in %.1f s",
            ledger->deletes ? "deleted" : "indexed",
            ledger->deletes ? deleted : indexed,
            ledger->deletes ? "from" : "into", ledger->index, ledger->seconds);
    for (size_t i = 0; ledger->updates && i < TALLIES; i++) {
        if (tallies[i].update) {
            fprintf(stderr, ", %s %" PRIu64, tallies[i].name,
                    shukach_indexer_tally(indexer, tallies[i].tally));
        }
    }
    fprintf(stderr, ", skipped %" PRIu64 " inputs",
            shukach_indexer_tally(indexer, SHUKACH_TALLY_SKIPPED));
    const char *separator = ": ";
    for (size_t i = 0; i < REASONS; i++) {
        uint64_t count = ledger->counts[reasons[i].reason];
        if (count > 0 && reasons[i].reason < SHUKACH_NOTE_RECODED) {
            fprintf(stderr, "%s%" PRIu64 " %s", separator, count,
                    reasons[i].name);
            separator = ", ";
        }
    }
    fputc('\n', stderr);
}
