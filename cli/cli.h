/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program. Sees only the public header. Grouped by implementing file. */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "shukach.h"

/* Exit codes: a contract, in shukach(1). */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_NO_HITS = 1,
    EXIT_FAILED = 2, /* usage, bad query, failure */
    EXIT_PARTLY = 3, /* done, but some inputs were skipped */
    EXIT_INDEX = 4,  /* index missing, damaged or of another version */
    EXIT_IO = 74,
    EXIT_LOCKED = 75,
};

/* ---- main.c ---------------------------------------------------------- */

int exit_code_of(const struct shukach_error *err);
/* Says the message and gives the exit code. */
int fail(const struct shukach_error *err);
int usage_error(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* --index, else $SHUKACH_INDEX, else below $XDG_DATA_HOME or $HOME; NULL
 * after saying what is missing. The text is kept until the next call. */
const char *index_directory(const char *option);
/* A whole number in [0, UINT64_MAX], with K, M or G (1024) if `scaled`. */
bool parse_number(const char *text, bool scaled, uint64_t *out);
/* Prints the help of a command. */
void print_help(const char *command);

/* ---- messages.c: in the language of the user --------------------------- */

/* Marks a message that is translated where it is printed. */
#define N_(text) text
/* The same for translate_in. */
#define NC_(context, text) text
#define _(text) translate(text)

/* A message or format, owned by nobody; itself where there is no other. */
const char *translate(const char *text) __attribute__((format_arg(1)));
/* The same for one of two, by number. */
const char *translate_count(const char *one, const char *many, uint64_t count)
    __attribute__((format_arg(1), format_arg(2)));
/* The same for a short word that means something else elsewhere. */
const char *translate_in(const char *context, const char *text);
/* The same for a whole sentence of the library or of the system, with what
 * stands in it. The text is kept until the next call. */
const char *translate_sentence(const char *sentence);

#define SENTENCE_MAX 1024
/* Formats of all messages with directives; made of po/uk.po. */
extern const char *const message_formats[];
extern const size_t message_format_count;

/* ---- One file each --------------------------------------------------- */

int command_index(int argc, char **argv);
int command_search(int argc, char **argv);
/* What the asker should know beside the hits, on stderr. */
void print_notices(const struct shukach_hits *hits);
int command_export(int argc, char **argv);
int command_names(int argc, char **argv);
int command_suggest(int argc, char **argv);
int command_stem(int argc, char **argv);
int command_analyse(int argc, char **argv);
int command_info(int argc, char **argv);
int command_verify(int argc, char **argv);

/* ---- arguments.c: command lines that hold a query --------------------- */

struct option;

/* Indexes to open as one. */
struct indexes {
    const char *dirs[SHUKACH_INDEXES_MAX];
    size_t count; /* 0: the one that index_directory knows */
};

/* Takes one more --index; false if there are too many. */
bool add_index(struct indexes *indexes, const char *dir);
/* EXIT_DONE, or another code after saying why. */
int open_indexes(const struct indexes *indexes, struct shukach_index **out);

/* What every command that takes a query has options for. */
struct asking {
    struct indexes indexes;
    const char *since;
    const char *until;
    bool plain;
    bool no_variants;
    bool no_names;
};

enum {
    ASK_INDEX = 2000,
    ASK_SINCE,
    ASK_UNTIL,
    ASK_PLAIN,
    ASK_NO_VARIANTS,
    ASK_NO_NAMES,
};

/* Their rows of a table of options. */
#define ASK_OPTIONS                                                            \
    {"index", required_argument, NULL, ASK_INDEX},                             \
        {"since", required_argument, NULL, ASK_SINCE},                         \
        {"until", required_argument, NULL, ASK_UNTIL},                         \
        {"plain", no_argument, NULL, ASK_PLAIN},                               \
        {"no-variants", no_argument, NULL, ASK_NO_VARIANTS},                   \
        {"no-names", no_argument, NULL, ASK_NO_NAMES},                         \
        {"help", no_argument, NULL, 'h'},                                      \
    {                                                                          \
        NULL, 0, NULL, 0                                                       \
    }

/* Takes one of them with its value in `optarg`; false for any other. */
bool take_asking(int option, struct asking *asking);
/* A query with what the options say of it. */
enum shukach_status ask_query(const struct asking *asking, const char *text,
                              struct shukach_query **out,
                              struct shukach_error *err);
/* The exit code of a command that found something or not, after saying what
 * failed. */
int answer_code(enum shukach_status status, bool found, const char *text,
                const struct shukach_error *err);

/* Takes one option with its value in `optarg`; false if that is wrong. */
typedef bool (*take_option)(int option, void *payload);
/* Takes the options out of argv, wherever they stand; the words of the query
 * are moved to its front. How many, or -1 with the exit code. */
int take_arguments(const char *command, int argc, char **argv,
                   const struct option *options, take_option take,
                   void *payload, int *code);
/* Says which option getopt_long did not take; the exit code. */
int option_error(const char *command, char **argv);
/* The words joined by spaces, owned by the caller; NULL out of memory. */
char *join_words(char **words, int count);
/* Shows the query with a mark under the place of the error, and a corrected
 * query where there is one. */
void point_at(const char *text, const struct shukach_error *err);

/* ---- term.c: the terminal -------------------------------------------- */

/* --color: auto, always, never; false for anything else. */
bool set_color(const char *when);
/* Whether to colour what goes to stdout. */
bool use_color(void);
/* The columns of the terminal that stdout is, 0 if it is none. */
size_t stdout_width(void);
bool stderr_is_terminal(void);
double seconds_now(void);
/* "shukach: MESSAGE" on stderr, a line; `level` is one of syslog.h. */
void say(int level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The beginning of such a line. */
void say_begin(int level);

struct progress {
    const char *unit; /* documents */
    double started;
    double shown;
    uint64_t total;   /* 0 if unknown */
    uint64_t skipped; /* of count and total, done before */
    bool active;
};
/* `total` is in bytes or whatever progress_show says how much is done of. */
void progress_begin(struct progress *progress, const char *unit,
                    uint64_t total);
/* Redraws the line at most ten times a second. */
void progress_show(struct progress *progress, uint64_t count, uint64_t done);
/* Wipes the line, so that something else can be written. */
void progress_wipe(struct progress *progress);

/* ---- escape.c: texts of others on a line of messages ------------------- */

/* The length of the UTF-8 character at `text`, or 0 if it is none. */
size_t character_length(const char *text, size_t left);
/* Control characters, and bytes that are no UTF-8, as \xXX. */
void print_escaped(FILE *out, const char *text);

/* ---- resources.c: what a run may take --------------------------------- */

/* The least that --memory may say (256M), and what it says if it is not given.
 */
#define MEMORY_LEAST ((uint64_t)256 << 20)
uint64_t memory_default(void);
/* How many processors this process may use. */
uint64_t processors(void);
struct inputs;
/* Bounds what this process and the one that reads may allocate from now on;
 * false after saying why not. */
bool share_memory(struct inputs *inputs, uint64_t memory);
/* Lets everything else go first. */
void be_nice(void);

/* Bytes of files: of all, 0 if they cannot be known, and of texts. */
struct sizes {
    uint64_t total;
    uint64_t texts;
};
struct sizes input_sizes(char **paths, int count);
/* EXIT_IO after saying so if there is clearly too little room for the index,
 * else EXIT_DONE. */
int check_disk(const char *index, uint64_t texts);

/* ---- ledger.c: what became of what `index` was offered ------------------ */

struct ledger {
    const char *index;
    bool updates;
    bool deletes;
    bool quiet;
    FILE *list;       /* of what was skipped; NULL for none */
    uint64_t offered; /* documents, ids, and inputs that became no document */
    uint64_t counts[SHUKACH_NOTE_UNDATED + 1]; /* by reason */
    uint64_t bytes;                            /* read */
    double seconds;
};

/* Begins the list of what is skipped, unless `path` is NULL, and ends it;
 * false if it cannot be written, which is said. */
bool ledger_open_list(struct ledger *ledger, const char *path);
bool ledger_close_list(struct ledger *ledger, const char *path);
/* Counts what was skipped, or only noted, and says so. */
void ledger_tell(struct ledger *ledger, enum shukach_reason reason,
                 const char *name, size_t line, const char *detail);
/* The summary: one object on stdout, one line on stderr. */
void ledger_print_json(const struct ledger *ledger,
                       const struct shukach_indexer *indexer);
void ledger_print(const struct ledger *ledger,
                  const struct shukach_indexer *indexer);

/* ---- json.c: writing JSON -------------------------------------------- */

void json_text(FILE *out, const char *text, size_t length);
/* ,"NAME":"TEXT" or, if `first`, without the comma. */
void json_member(FILE *out, bool first, const char *name, const char *text,
                 size_t length);

/* The notices as an array. */
void json_notices(FILE *out, const struct shukach_hits *hits);

/* ---- page.c: text in lines that fit the terminal ---------------------- */

/* A text that begins at column `indent`, as all its further lines do. */
struct page {
    size_t width; /* columns; 0: nothing is wrapped */
    size_t indent;
    size_t column;
    size_t spaces; /* before the next word */
    bool color;
    bool match; /* within a match */
    const char *style;
    const char *url; /* of a link */
    size_t url_length;
};
/* Begins in a style, "" for none, and as a link where the address is one of
 * the web and colours are on. */
void page_begin(struct page *page, size_t indent, const char *style,
                const char *url, size_t url_length);
/* Adds text with its matches. It breaks at spaces, whose place it keeps. */
void page_text(struct page *page, const char *text, size_t length,
               const struct shukach_range *ranges, size_t count);
void page_end(struct page *page);

/* ---- print.c: hits in every format ------------------------------------ */

/* What belongs to one answer. */
struct answer {
    const struct printer *printer;
    const char *qid; /* of a batch, else NULL */
    const char *query;
    uint64_t offset;    /* of the first hit */
    uint64_t rank;      /* of the last one printed, else the offset */
    char end;           /* of an id: line break or NUL */
    bool begun;         /* the head is printed */
    bool headed;        /* a head of the whole run was printed before */
    bool whole;         /* each hit is written out before the next one */
    const bool *facets; /* SHUKACH_FACETS of them: asked for or not */
    bool explain;
    const struct shukach_index *several; /* NULL: one index was searched */
    struct shukach_hits *hits;           /* while streaming NULL */
};

/* One row a format; head and tail may be NULL. */
struct printer {
    const char *name;
    void (*head)(const struct answer *answer);
    void (*hit)(const struct answer *answer, const struct shukach_hits *hits,
                size_t i);
    void (*tail)(const struct answer *answer);
    uint64_t limit; /* how many hits if --limit does not say */
    bool streams;   /* hits as they come: the head tells nothing of them */
    bool snippets;
    bool suggests; /* has a place for a suggestion */
    bool explains; /* and for what a score is made of */
    bool finds;    /* of a batch, and for the words found */
    /* How each hit of a query of a batch begins; NULL: it tells no id. */
    void (*qid)(FILE *out, const char *qid);
    void (*names)(FILE *out); /* of the columns; NULL where there are none */
};

/* Searches and prints; `answer->hits` is the caller's then. CANCELLED if
 * standard output failed. */
enum shukach_status print_answer(struct shukach_index *index,
                                 const struct shukach_query *query,
                                 struct answer *answer,
                                 struct shukach_error *err);
/* The directory of the index that a hit is from; NULL of a single one. */
const char *directory_of(const struct answer *answer,
                         const struct shukach_hits *hits, size_t i);
/* "source", "month" and so on. */
const char *facet_name(enum shukach_facet facet);
/* NULL for an unknown format. */
const struct printer *find_printer(const char *name);

/* ---- print_text.c: hits for people ------------------------------------- */

/* Text of a stranger in one line: every control character is a space. */
void print_safe(const char *text, size_t length);
void print_text_head(const struct answer *answer);
void print_text_hit(const struct answer *answer,
                    const struct shukach_hits *hits, size_t i);
void print_text_tail(const struct answer *answer);

/* ---- explain.c: what a score is made of ------------------------------- */

void explain_text(const struct answer *answer, const struct shukach_hits *hits,
                  size_t i);
/* A member of the hit's object, with a comma before it. */
void explain_json(const struct answer *answer, const struct shukach_hits *hits,
                  size_t i);

#endif
