/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names that the documents of a query hold: who appears with whom. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "cli.h"

#define SAMPLE_DEFAULT 1000
/* Forms that the text shows of a name. */
#define FORMS_SHOWN 6

struct list;

/* One row a format. */
struct list_format {
    const char *name;
    void (*head)(const struct list *list);
    void (*entry)(const struct list *list, const struct shukach_name *name);
    void (*tail)(const struct list *list);
};

struct list {
    struct asking asking;
    const struct list_format *format;
    uint64_t limit;
    uint64_t sample;
    const char *query; /* "" for none */
    uint64_t count;    /* of names so far */
    uint64_t read;     /* documents */
    struct shukach_hits *hits;
};

/* ---- Formats --------------------------------------------------------------
 */

static void print_json_head(const struct list *list)
{
    fputs("{\"version\":1", stdout);
    json_member(stdout, false, "query", list->query, strlen(list->query));
    fputs(",\"names\":[", stdout);
}

static void print_json_entry(const struct list *list,
                             const struct shukach_name *name)
{
    fputs(list->count > 1 ? ",{" : "{", stdout);
    json_member(stdout, true, "name", name->text, strlen(name->text));
    printf(",\"documents\":%" PRIu64 ",\"forms\":[", name->documents);
    for (size_t i = 0; i < name->form_count; i++) {
        const struct shukach_name_form *form = &name->forms[i];
        fputs(i > 0 ? ",{" : "{", stdout);
        json_member(stdout, true, "text", form->text, strlen(form->text));
        printf(",\"documents\":%" PRIu64 "}", form->documents);
    }
    fputs("]}", stdout);
}

static void print_json_tail(const struct list *list)
{
    uint64_t lower;
    uint64_t upper;
    shukach_hits_total(list->hits, &lower, &upper);
    printf("],\"read\":%" PRIu64 ",\"total\":%" PRIu64
           ",\"total_at_least\":%" PRIu64 ",\"notices\":",
           list->read, upper, lower);
    json_notices(stdout, list->hits);
    fputs("}\n", stdout);
}

static void print_forms(const struct shukach_name *name, size_t most)
{
    for (size_t i = 0; i < name->form_count && i < most; i++) {
        fputs(i > 0 ? "; " : "", stdout);
        print_safe(name->forms[i].text, strlen(name->forms[i].text));
        printf(" %" PRIu64, name->forms[i].documents);
    }
}

static void print_tsv_entry(const struct list *list,
                            const struct shukach_name *name)
{
    (void)list;
    print_safe(name->text, strlen(name->text));
    printf("\t%" PRIu64 "\t", name->documents);
    print_forms(name, SIZE_MAX);
    putchar('\n');
}

static void print_text_entry(const struct list *list,
                             const struct shukach_name *name)
{
    (void)list;
    printf("%6" PRIu64 "  ", name->documents);
    print_safe(name->text, strlen(name->text));
    if (name->form_count > 1) {
        fputs("\n        ", stdout);
        print_forms(name, FORMS_SHOWN);
        fputs(name->form_count > FORMS_SHOWN ? "; …" : "", stdout);
    }
    putchar('\n');
}

/* How much of it was read; JSON has it. */
static void tell_sample(const struct list *list)
{
    uint64_t lower;
    uint64_t upper;
    shukach_hits_total(list->hits, &lower, &upper);
    const char *format =
        lower < upper
            ? translate_count("read %llu of up to %llu documents",
                              "read %llu of up to %llu documents", upper)
            : translate_count("read %llu of %llu documents",
                              "read %llu of %llu documents", upper);
    say_begin(LOG_INFO);
    fprintf(stderr, format, (unsigned long long)list->read,
            (unsigned long long)upper);
    fputc('\n', stderr);
}

static const struct list_format formats[] = {
    {"text", NULL, print_text_entry, tell_sample},
    {"tsv", NULL, print_tsv_entry, tell_sample},
    {"json", print_json_head, print_json_entry, print_json_tail},
};

/* ---- The run --------------------------------------------------------------
 */

static void begin(const struct list *list)
{
    if (list->count == 0 && list->format->head != NULL) {
        list->format->head(list);
    }
}

static int on_name(const struct shukach_name *name, void *payload)
{
    struct list *list = payload;
    begin(list);
    list->count++;
    list->format->entry(list, name);
    return ferror(stdout);
}

/* Without words it is about all documents, or all that are dated. */
static enum shukach_status make_query(const struct list *list,
                                      struct shukach_query **out,
                                      struct shukach_error *err)
{
    const struct asking *asking = &list->asking;
    if (*list->query != '\0') {
        return ask_query(asking, list->query, out, err);
    }
    if (*asking->since == '\0' && *asking->until == '\0') {
        return SHUKACH_OK;
    }
    struct asking dated = *asking;
    dated.plain = false;
    return ask_query(&dated, "date:..9999", out, err);
}

static int list_names(struct list *list, struct shukach_index *index)
{
    struct shukach_query *query = NULL;
    struct shukach_error err;
    enum shukach_status status = make_query(list, &query, &err);
    if (status == SHUKACH_OK) {
        status =
            shukach_index_names(index, query, list->sample, (size_t)list->limit,
                                on_name, list, &list->read, &list->hits, &err);
    }
    if (status == SHUKACH_OK) {
        begin(list);
        list->format->tail(list);
        print_notices(list->hits);
    }
    shukach_hits_free(list->hits);
    shukach_query_free(query);
    return answer_code(status, list->count > 0, list->query, &err);
}

static bool set_format(struct list *list, const char *name)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (strcmp(formats[i].name, name) == 0) {
            list->format = &formats[i];
            return true;
        }
    }
    return false;
}

enum { FORMAT = 1000, SAMPLE };

static bool take_names(int option, void *payload)
{
    struct list *list = payload;
    switch (option) {
    case 'n':
        return parse_number(optarg, false, &list->limit);
    case FORMAT:
        return set_format(list, optarg);
    case SAMPLE:
        return parse_number(optarg, false, &list->sample);
    default:
        return take_asking(option, &list->asking);
    }
}

int command_names(int argc, char **argv)
{
    static const struct option options[] = {
        {"format", required_argument, NULL, FORMAT},
        {"limit", required_argument, NULL, 'n'},
        {"sample", required_argument, NULL, SAMPLE},
        ASK_OPTIONS};
    struct list list = {.asking = {.since = "", .until = ""},
                        .format = &formats[0],
                        .limit = 20,
                        .sample = SAMPLE_DEFAULT};
    struct shukach_index *index;
    int code;
    int words =
        take_arguments("names", argc, argv, options, take_names, &list, &code);
    if (words < 0) {
        return code;
    }
    char *text = join_words(argv, words);
    if (text == NULL) {
        say(LOG_ERR, "out of memory");
        return EXIT_FAILED;
    }
    list.query = text;
    code = open_indexes(&list.asking.indexes, &index);
    if (code == EXIT_DONE) {
        code = list_names(&list, index);
        shukach_index_close(index);
    }
    free(text);
    return code;
}
