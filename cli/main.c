/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "cli.h"
#include "inputs.h"

static int command_help(int argc, char **argv);

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
    const char *help;
} commands[] = {
    {"index", command_index, N_("make an index of files"),
     N_("usage: shukach index [OPTIONS] PATH…\n"
        "       shukach index --update [--prune] [OPTIONS] PATH…\n"
        "       shukach index --delete [OPTIONS] ID…\n"
        "       shukach index --rollback [OPTIONS]\n"
        "\n"
        "Reads files and directories (- is standard input), makes a new index "
        "of\n"
        "them and puts it in the place of the old one in one step. Formats: "
        "text,\n"
        "HTML, JSON Lines, RSS and Atom, each also in gzip or zstd.\n"
        "\n"
        "  --update          keep what the index holds: add documents, and "
        "replace\n"
        "                    those of the same id; unchanged files are not "
        "read\n"
        "  --prune           --update, and delete the documents of files at or "
        "below\n"
        "                    the paths that are gone, or hold them no more\n"
        "  --delete          delete documents by their ids (- is standard "
        "input, "
        "an id\n"
        "                    a line)\n"
        "  --merge           update, and make one segment of all\n"
        "  --keep N          how many generations to keep (default 1)\n"
        "  --rollback        make the generation before the index again\n"
        "  --wait[=SECONDS]  wait while another writer is at work\n"
        "  --index DIR       where the index is (else $SHUKACH_INDEX, else\n"
        "                    $XDG_DATA_HOME/shukach/index)\n"
        "  --max-bytes N     skip what is larger: a file, or a line of JSON "
        "Lines\n"
        "                    (default 64M, less if there is little "
        "memory)\n"
        "  --memory SIZE     how much memory to use at most (default a quarter "
        "of\n"
        "                    what the machine has)\n"
        "  --jobs N          how many processors to work with (default all)\n"
        "  --timeout N       give up an input after N seconds without "
        "progress\n"
        "                    (default 120)\n"
        "  --nice            let all other programs go first\n"
        "  --no-isolation    parse in the same process\n"
        "  --skipped FILE    list what was skipped: NAME, LINE, REASON, "
        "DETAIL\n"
        "  --json            print the summary as JSON on standard output\n"
        "  --quiet           say nothing but errors and what was skipped\n"
        "\n"
        "Exit: 0 done, 3 done but something was skipped, 74 I/O failed, 75 "
        "another\n"
        "writer is at work; whatever fails, the old index stands.\n")},
    {"search", command_search, N_("find documents"),
     N_("usage: shukach search [OPTIONS] QUERY…\n"
        "       shukach search [OPTIONS] --batch FILE\n"
        "\n"
        "  Раїсі Путін розмова        any of the words, in any inflection\n"
        "  \"ракетний удар\"            a phrase in any inflection\n"
        "  =удар  =\"ракетний удар\"    exactly these forms\n"
        "  слово*                     words that begin so\n"
        "  +слово  -слово  НЕ слово   must, must not\n"
        "  А І Б, А АБО Б, ( )        Boolean, also AND OR NOT\n"
        "  слово NEAR/5 слово         within five words\n"
        "  слово^2                    counts twice\n"
        "  title: author: source: lang: site: id: date:2024-03..2024-05\n"
        "\n"
        "  --index DIR       where the index is\n"
        "  -n, --limit N     how many hits (default 10, trec 100; 0: all)\n"
        "  --offset N        leave out the first N\n"
        "  --sort ORDER      relevance, date (oldest first), -date (newest "
        "first)\n"
        "  --since DATE, --until DATE   2024, 2024-03 or 2024-03-19, both "
        "included\n"
        "  --format FORMAT   text, json, jsonl, tsv, csv, ids, trec\n"
        "  -0, --null        end each of the ids with a NUL, for xargs -0\n"
        "  --facets LIST     count over all matches: "
        "source,author,lang,day,week,month\n"
        "  --timeline UNIT   the same for day, week or month, as a bar chart\n"
        "  --recent[=DAYS]   newer documents higher: half-life in days, "
        "default "
        "30\n"
        "  --exact-total     count the matches exactly, however many\n"
        "  --snippet N       letters of a fragment of the text (default 240; "
        "0: "
        "none)\n"
        "  --snippets N      how many fragments in a snippet (default 1)\n"
        "  --full            the whole text instead\n"
        "  --plain           the query is plain words, no operators\n"
        "  --variants FILE   a table of words that mean the same, ЗСУ = "
        "Збройні "
        "сили\n"
        "                    України; also "
        "$XDG_CONFIG_HOME/shukach/variants.txt\n"
        "  --no-variants     only the words themselves, no variants\n"
        "  --no-names        names only in their own script and spelling\n"
        "  --batch FILE      a query a line: QID<TAB>QUERY; - is standard "
        "input\n"
        "  --output FILE     write the hits of the batch there\n"
        "  --resume          go on with FILE after an interruption: csv, tsv, "
        "jsonl,\n"
        "                    trec\n"
        "  --color WHEN      auto, always, never\n"
        "\n"
        "Exit: 0 hits, 1 none, 2 bad query, 4 no usable index.\n")},
    {"names", command_names, N_("list the names in the documents found"),
     N_("usage: shukach names [OPTIONS] [QUERY…]\n"
        "\n"
        "Prints the names that stand in most documents of a query, or of all: "
        "who\n"
        "appears with whom. Forms and spellings of a name are one.\n"
        "\n"
        "  --index DIR       where the index is\n"
        "  -n, --limit N     how many names (default 20; 0: all)\n"
        "  --sample N        read the best N documents (default 1000; 0: all)\n"
        "  --since DATE, --until DATE   2024, 2024-03 or 2024-03-19, both "
        "included\n"
        "  --format FORMAT   text, tsv, json\n"
        "  --plain           the query is plain words, no operators\n"
        "  --no-variants     only the words themselves, no variants\n"
        "  --no-names        names only in their own script and spelling\n"
        "\n"
        "Exit: 0 names, 1 none, 2 bad query, 4 no usable index.\n")},
    {"export", command_export, N_("print every document found"),
     N_("usage: shukach export [OPTIONS] QUERY…\n"
        "\n"
        "Prints every document that matches, in the order in which they were "
        "indexed,\n"
        "as JSON Lines: first a line that tells of query and index, last one "
        "with "
        "the\n"
        "total. Variants are those that are built in.\n"
        "\n"
        "  --index DIR       where the index is\n"
        "  --since DATE, --until DATE   2024, 2024-03 or 2024-03-19, both "
        "included\n"
        "  --plain           the query is plain words, no operators\n"
        "  --no-variants     only the words themselves, no variants\n"
        "  --no-names        names only in their own script and spelling\n"
        "\n"
        "Exit: 0 documents, 1 none, 2 bad query, 4 no usable index.\n")},
    {"suggest", command_suggest, N_("complete a word"),
     N_("usage: shukach suggest [--index DIR] [-n N] PREFIX\n"
        "\n"
        "Prints WORD<TAB>DOCUMENTS for the words of the index that begin so, "
        "those in\n"
        "most documents first.\n"
        "\n"
        "  --index DIR       where the index is\n"
        "  -n, --limit N     how many words (default 10)\n"
        "\n"
        "Exit: 0 words, 1 none, 2 no beginning of a word, 4 no usable "
        "index.\n")},
    {"stem", command_stem, N_("print the stems of words"),
     N_("usage: shukach stem [--all] [--lang uk|ru|en] [WORD…]\n"
        "\n"
        "Prints WORD<TAB>STEM for each word, or each line of standard input; "
        "with\n"
        "--all every stem the word is searched by.\n")},
    {"analyse", command_analyse, N_("print the tokens of a text"),
     N_("usage: shukach analyse [--lang uk|ru|en] [TEXT…]\n"
        "\n"
        "Prints a JSON object a token of the text, or of standard input.\n")},
    {"info", command_info, N_("tell about an index"),
     N_("usage: shukach info [--index DIR] [--json]\n")},
    {"verify", command_verify, N_("check an index for damage"),
     N_("usage: shukach verify [--index DIR]\n"
        "\n"
        "Reads the whole index and names what is damaged. Exit: 0 sound, 4 "
        "not.\n")},
    {"help", command_help, N_("tell about a command"),
     N_("usage: shukach help [COMMAND]\n")},
};

#define COMMANDS (sizeof commands / sizeof *commands)

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

void print_help(const char *name)
{
    const struct command *command = find_command(name);
    fputs(_(command->help), stdout);
}

static void print_overview(FILE *out)
{
    fputs(_("usage: shukach COMMAND [OPTIONS] …\n\n"), out);
    for (size_t i = 0; i < COMMANDS; i++) {
        fprintf(out, "  %-9s %s\n", commands[i].name, _(commands[i].summary));
    }
    fputs(_("\nshukach help COMMAND tells more.\n"), out);
}

static int command_help(int argc, char **argv)
{
    if (argc < 2) {
        print_overview(stdout);
        return EXIT_DONE;
    }
    if (find_command(argv[1]) == NULL) {
        return usage_error("help", "there is no command \"%s\"", argv[1]);
    }
    print_help(argv[1]);
    return EXIT_DONE;
}

int usage_error(const char *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_begin(LOG_ERR);
    vfprintf(stderr, _(format), arguments);
    va_end(arguments);
    if (command == NULL) {
        fputs(_("; see shukach help\n"), stderr);
    } else {
        fprintf(stderr, _("; see shukach help %s\n"), command);
    }
    return EXIT_FAILED;
}

int exit_code_of(const struct shukach_error *err)
{
    static const struct {
        enum shukach_status status;
        int code;
    } codes[] = {
        {SHUKACH_NOT_FOUND, EXIT_INDEX}, {SHUKACH_CORRUPT, EXIT_INDEX},
        {SHUKACH_VERSION, EXIT_INDEX},   {SHUKACH_IO, EXIT_IO},
        {SHUKACH_DISK_FULL, EXIT_IO},    {SHUKACH_LOCKED, EXIT_LOCKED},
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if ((int32_t)codes[i].status == err->status) {
            return codes[i].code;
        }
    }
    return EXIT_FAILED;
}

int fail(const struct shukach_error *err)
{
    say(LOG_ERR, "%s", translate_sentence(err->message));
    return exit_code_of(err);
}

const char *index_directory(const char *option)
{
    static char path[4096];
    const char *environment = getenv("SHUKACH_INDEX");
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    int length;
    if (option != NULL) {
        return option;
    }
    if (environment != NULL && *environment != '\0') {
        return environment;
    }
    if (data != NULL && *data == '/') {
        length = snprintf(path, sizeof path, "%s/shukach/index", data);
    } else if (home != NULL && *home != '\0') {
        length =
            snprintf(path, sizeof path, "%s/.local/share/shukach/index", home);
    } else {
        say(LOG_ERR, "no index is named: use --index DIR or set "
                     "SHUKACH_INDEX");
        return NULL;
    }
    return length < (int)sizeof path ? path : NULL;
}

bool parse_number(const char *text, bool scaled, uint64_t *out)
{
    static const char suffixes[] = "KMG";
    char *end;
    errno = 0;
    if (*text < '0' || *text > '9') {
        return false;
    }
    unsigned long long value = strtoull(text, &end, 10);
    unsigned shift = 0;
    const char *suffix = scaled && *end != '\0' ? strchr(suffixes, *end) : NULL;
    if (suffix != NULL) {
        shift = 10 * (unsigned)(suffix - suffixes + 1);
        end++;
    }
    *out = (uint64_t)value << shift;
    return errno == 0 && *end == '\0' && *out >> shift == value;
}

/* Everything printed must have arrived: a full disk is no success. */
static int finish(int code)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        say(LOG_ERR, "cannot write to standard output: %s",
            translate(strerror(errno)));
        return EXIT_IO;
    }
    return code;
}

/* A library gives up where memory fails it while it cleans up after a failure
 * of memory. The next run removes what was left. */
static const char *abort_message;

static void on_abort(int number)
{
    (void)number;
    (void)!write(STDERR_FILENO, abort_message, strlen(abort_message));
    _exit(EXIT_FAILED);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_overview(stderr);
        return EXIT_FAILED;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("shukach %s\n", shukach_version());
        return finish(EXIT_DONE);
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_overview(stdout);
        return finish(EXIT_DONE);
    }
    if (strcmp(argv[1], INPUTS_COMMAND) == 0) {
        return command_read(argc - 1, argv + 1);
    }
    abort_message = _("shukach: a library gave up, mostly for want of memory; "
                      "the index that was there stands\n");
    signal(SIGABRT, on_abort);
    opterr = 0; /* what getopt says of options is said here */
    const struct command *command = find_command(argv[1]);
    if (command == NULL) {
        return usage_error(NULL, "there is no command \"%s\"", argv[1]);
    }
    return finish(command->run(argc - 1, argv + 1));
}
