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
    {SHUKACH_SKIP_UNREADABLE, NC_("reason", "unreadable")},
    {SHUKACH_SKIP_EMPTY, NC_("reason", "empty")},
    {SHUKACH_SKIP_BINARY, NC_("reason", "binary")},
    {SHUKACH_SKIP_TOO_LARGE, NC_("reason", "too large")},
    {SHUKACH_SKIP_ENCODING, NC_("reason", "encoding")},
    {SHUKACH_SKIP_JSON, NC_("reason", "bad JSON")},
    {SHUKACH_SKIP_FIELD, NC_("reason", "bad field")},
    {SHUKACH_SKIP_DUPLICATE, NC_("reason", "duplicate")},
    {SHUKACH_SKIP_MARKUP, NC_("reason", "bad markup")},
    {SHUKACH_SKIP_COMPRESSED, NC_("reason", "damaged compression")},
    {SHUKACH_SKIP_SPECIAL, NC_("reason", "special file")},
    {SHUKACH_SKIP_CRASHED, NC_("reason", "crashed")},
    {SHUKACH_SKIP_TIME, NC_("reason", "too long")},
    {SHUKACH_SKIP_MEMORY, NC_("reason", "too much memory")},
    {SHUKACH_SKIP_UNKNOWN, NC_("reason", "unknown id")},
    {SHUKACH_NOTE_RECODED, NC_("reason", "recoded")},
    {SHUKACH_NOTE_UNDATED, NC_("reason", "bad date")},
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
        say(LOG_ERR, "cannot write %s: %s", path, translate(strerror(errno)));
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
        say(LOG_ERR, "cannot write %s: %s", path, translate(strerror(errno)));
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
    fputs(note ? "" : _("skipped "), stderr);
    print_escaped(stderr, name);
    if (line > 0) {
        fprintf(stderr, ":%zu", line);
    }
    fprintf(stderr, ": %s: ", translate_in("reason", word));
    print_escaped(stderr, translate_sentence(detail));
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
    {SHUKACH_TALLY_REPLACED, NC_("tally", "replaced"), true},
    {SHUKACH_TALLY_UNCHANGED, NC_("tally", "unchanged"), true},
    {SHUKACH_TALLY_SKIPPED, "skipped", false},
    {SHUKACH_TALLY_DELETED, "deleted", false},
    {SHUKACH_TALLY_PRUNED, NC_("tally", "pruned"), true},
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
    const char *format =
        ledger->deletes
            ? translate_count("deleted %llu documents from %s in %.1f s",
                              "deleted %llu documents from %s in %.1f s",
                              deleted)
            : translate_count("indexed %llu documents into %s in %.1f s",
                              "indexed %llu documents into %s in %.1f s",
                              indexed);
    fprintf(stderr, format,
            (unsigned long long)(ledger->deletes ? deleted : indexed),
            ledger->index, ledger->seconds);
    for (size_t i = 0; ledger->updates && i < TALLIES; i++) {
        if (tallies[i].update) {
            fprintf(stderr, ", %s %" PRIu64,
                    translate_in("tally", tallies[i].name),
                    shukach_indexer_tally(indexer, tallies[i].tally));
        }
    }
    uint64_t skipped = shukach_indexer_tally(indexer, SHUKACH_TALLY_SKIPPED);
    fprintf(stderr,
            translate_count(", skipped %llu inputs", ", skipped %llu inputs",
                            skipped),
            (unsigned long long)skipped);
    const char *separator = ": ";
    for (size_t i = 0; i < REASONS; i++) {
        uint64_t count = ledger->counts[reasons[i].reason];
        if (count > 0 && reasons[i].reason < SHUKACH_NOTE_RECODED) {
            fprintf(stderr, _("%s%llu %s"), separator,
                    (unsigned long long)count,
                    translate_in("reason", reasons[i].name));
            separator = ", ";
        }
    }
    fputc('\n', stderr);
}
