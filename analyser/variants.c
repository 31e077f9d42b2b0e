/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that mean the same: tables of groups, and the rules of orthography.
 * A table has a group a line, `ЗСУ = Збройні сили України`. Behind ` > `
 * stand members that are found but do not find. A member in capitals with a
 * `!` is another word in small letters. # begins a comment. */
#include "analyser.h"
#include "words.h"

/* The beginning of a word is looked up in a chain of this many. */
#define CHAINS 1024

/* More members than this are no table made by hand. */
#define MEMBERS_MAX 200000

struct variants {
    struct arena arena;
    struct variant *items;
    size_t count;
    size_t capacity;
    size_t heads[CHAINS];
};

/* ---- Letters --------------------------------------------------------- */

/* A letter as the folded form of a word would have it; ґ as г, since both
 * have one stem. */
static uint32_t fold_letter(uint32_t code)
{
    if (code >= 'A' && code <= 'Z') {
        return code + 0x20;
    }
    if (code >= 0x410 && code <= 0x42f) { /* А to Я */
        return code + 0x20;
    }
    if (code >= 0x400 && code <= 0x40f) { /* Є, І, Ї and others */
        return code + 0x50;
    }
    return code == 0x490 || code == 0x491 ? 0x433 : code; /* Ґ */
}

/* The second letter as no inflection changes it: the vowels that alternate
 * are one (рік, року; день, дня has none), and what is no letter is none. */
static uint32_t second_letter(uint32_t code)
{
    static const uint32_t alternate[] = {0x43e, 0x435, 0x454, 0x456,
                                         0x457, 0x438, 0x44c};
    for (size_t i = 0; i < sizeof alternate / sizeof *alternate; i++) {
        if (alternate[i] == code) {
            return alternate[0];
        }
    }
    return letter_class(code) == CLASS_LETTER ? code : 0;
}

/* What all inflections of a word begin with. */
static uint32_t opening_of(const char *text, size_t length)
{
    uint32_t first = 0;
    uint32_t second = 0;
    size_t n = utf8_decode(text, length, &first);
    (void)utf8_decode(text + n, length - n, &second);
    return fold_letter(first) << 11 ^ second_letter(fold_letter(second));
}

/* ---- Reading a table ------------------------------------------------- */

struct line {
    const char *name; /* of the table */
    size_t number;
    const char *text;
    size_t length;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void trim(const char **text, size_t *length)
{
    while (*length > 0 && is_blank((*text)[*length - 1])) {
        --*length;
    }
    while (*length > 0 && is_blank(**text)) {
        ++*text;
        --*length;
    }
}

static enum shukach_status add_member(struct variants *v, size_t group,
                                      const struct line *line, bool asks,
                                      struct shukach_error *err)
{
    struct variant member = {.text = line->text,
                             .length = line->length,
                             .group = group,
                             .asks = asks,
                             .found = true};
    trim(&member.text, &member.length);
    if (member.length > 0 && member.text[member.length - 1] == '!') {
        member.length--;
        member.strict = true;
        /* The index folds case: looking for it would find the word. */
        member.found = false;
    }
    trim(&member.text, &member.length);
    if (member.length == 0) {
        return error_set(err, SHUKACH_INVALID,
                         "%s:%zu: a word is missing beside = or >", line->name,
                         line->number);
    }
    if (v->count >= MEMBERS_MAX) {
        return error_set(err, SHUKACH_LIMIT,
                         "%s:%zu: the tables have more than %d words",
                         line->name, line->number, MEMBERS_MAX);
    }
    member.opening = opening_of(member.text, member.length);
    if (!array_grow((void **)&v->items, &v->capacity, v->count + 1,
                    sizeof *v->items)) {
        return error_nomem(err);
    }
    v->items[v->count++] = member;
    return SHUKACH_OK;
}

/* Where the next sign with blanks on both sides stands, from `at` on; else the
 * end. */
static size_t next_sign(const struct line *line, size_t at)
{
    const char *text = line->text;
    size_t length = line->length;
    while (at < length && ((text[at] != '=' && text[at] != '>') ||
                           (at > 0 && !is_blank(text[at - 1])) ||
                           (at + 1 < length && !is_blank(text[at + 1])))) {
        at++;
    }
    return at;
}

static enum shukach_status add_group(struct variants *v,
                                     const struct line *line,
                                     struct shukach_error *err)
{
    size_t group = v->count;
    size_t from = 0;
    bool asks = true;
    enum shukach_status status = SHUKACH_OK;
    while (status == SHUKACH_OK && from <= line->length) {
        size_t at = next_sign(line, from);
        bool end = at == line->length;
        struct line part = *line;
        part.text += from;
        part.length = at - from;
        status = add_member(v, group, &part, asks, err);
        if (status == SHUKACH_OK && !end && !asks && line->text[at] == '>') {
            status = error_set(err, SHUKACH_INVALID,
                               "%s:%zu: a line has one > at most", line->name,
                               line->number);
        }
        asks = asks && (end || line->text[at] != '>');
        from = at + 1;
    }
    if (status == SHUKACH_OK && v->count - group < 2) {
        status =
            error_set(err, SHUKACH_INVALID,
                      "%s:%zu: a line needs two words or more with \" = \" "
                      "between them",
                      line->name, line->number);
    }
    for (size_t i = group; i < v->count; i++) {
        v->items[i].group_count = v->count - group;
    }
    return status;
}

/* Hangs the members from `first` on into their chains. */
static void link_members(struct variants *v, size_t first)
{
    for (size_t i = first; i < v->count; i++) {
        size_t *head = &v->heads[v->items[i].opening % CHAINS];
        v->items[i].next = *head;
        *head = i;
    }
}

static enum shukach_status read_table(struct variants *v, const char *name,
                                      const char *text, size_t length,
                                      struct shukach_error *err)
{
    size_t first = v->count;
    struct line line = {.name = name};
    enum shukach_status status = SHUKACH_OK;
    for (size_t at = 0; status == SHUKACH_OK && at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t size = end == NULL ? length - at : (size_t)(end - text) - at;
        const char *comment = memchr(text + at, '#', size);
        line.number++;
        line.text = text + at;
        line.length = comment == NULL ? size : (size_t)(comment - text) - at;
        trim(&line.text, &line.length);
        if (line.length > 0) {
            status = add_group(v, &line, err);
        }
        at += size + 1;
    }
    if (status != SHUKACH_OK) {
        v->count = first;
        return status;
    }
    link_members(v, first);
    return SHUKACH_OK;
}

enum shukach_status variants_new(struct variants **out,
                                 struct shukach_error *err)
{
    *out = NULL;
    struct variants *v = calloc(1, sizeof *v);
    if (v == NULL) {
        return error_nomem(err);
    }
    for (size_t i = 0; i < CHAINS; i++) {
        v->heads[i] = VARIANTS_END;
    }
    enum shukach_status status = read_table(
        v, "variants", (const char *)variants_text, variants_text_length, err);
    if (status != SHUKACH_OK) {
        variants_free(v);
        return status;
    }
    *out = v;
    return SHUKACH_OK;
}

void variants_free(struct variants *variants)
{
    if (variants != NULL) {
        arena_free(&variants->arena);
        free(variants->items);
        free(variants);
    }
}

enum shukach_status variants_add(struct variants *variants, const char *name,
                                 const char *text, size_t length,
                                 struct shukach_error *err)
{
    char *copy = arena_copy(&variants->arena, text, length);
    return copy == NULL ? error_nomem(err)
                        : read_table(variants, name, copy, length, err);
}

/* ---- Looking up ------------------------------------------------------ */

size_t variants_count(const struct variants *variants)
{
    return variants->count;
}

const struct variant *variants_get(const struct variants *variants, size_t i)
{
    return &variants->items[i];
}

static size_t same_opening(const struct variants *v, size_t i, uint32_t opening)
{
    while (i != VARIANTS_END && v->items[i].opening != opening) {
        i = v->items[i].next;
    }
    return i;
}

size_t variants_first(const struct variants *variants, const char *form)
{
    uint32_t opening = opening_of(form, strlen(form));
    return same_opening(variants, variants->heads[opening % CHAINS], opening);
}

size_t variants_next(const struct variants *variants, size_t i)
{
    const struct variant *member = &variants->items[i];
    return same_opening(variants, member->next, member->opening);
}

/* ---- Rules of orthography -------------------------------------------- */

/* Between vowels and е the orthography of 2019 leaves out й, and writes є in
 * the root -ject-: проект and проєкт, Майєр and Маєр, фейєрверк and
 * феєрверк. Український правопис, 2019, on the letters for [j] in foreign
 * words: https://mon.gov.ua (наказ від 22.05.2019). Either side becomes the
 * other. */
static const struct {
    const char *old;
    const char *fresh;
} spellings[] = {
    {"проект", "проєкт"}, {"проекц", "проєкц"}, {"айєр", "аєр"},
    {"ейєр", "еєр"},      {"ойєр", "оєр"},      {"уйєр", "уєр"},
};

/* First parts that were written with a hyphen and since 2019 are written
 * together: топ-менеджер and топменеджер, екс-президент and експрезидент.
 * The same source, on compounds with a foreign first part. Those of the last
 * two lines follow the rule in the press without being named by it. */
static const char *const prefixes[] = {
    "анти",  "арт",   "архі",     "бліц",   "веб",    "відео",   "віце",
    "гіпер", "екс",   "екстра",   "контр",  "лейб",   "макро",   "максі",
    "медіа", "мікро", "міні",     "мульти", "нано",   "обер",    "полі",
    "прес",  "смарт", "супер",    "топ",    "ультра", "унтер",   "флеш",
    "штабс", "кібер", "інтернет", "онлайн", "офлайн", "преміум", "штаб",
    "спец",  "євро",
};

/* Shorter rests are no words: міністр is no міні-стр. */
#define REST_BYTES 8

/* Both return false out of memory. */
static bool by_spelling(const char *form, struct buf *out, variants_sink sink,
                        void *payload)
{
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        const char *from = spellings[i].old;
        const char *to = spellings[i].fresh;
        const char *at = strstr(form, from);
        if (at == NULL) {
            from = spellings[i].fresh;
            to = spellings[i].old;
            at = strstr(form, from);
        }
        if (at != NULL) {
            buf_reset(out);
            buf_add(out, form, (size_t)(at - form));
            buf_add_text(out, to);
            buf_add_text(out, at + strlen(from));
            if (out->failed != SHUKACH_OK) {
                return false;
            }
            sink(out->data, out->length, 1, payload);
        }
    }
    return true;
}

/* The prefix of a word, 0 bytes if it has none. */
static size_t prefix_length(const char *form)
{
    size_t best = 0;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t length = strlen(prefixes[i]);
        if (length > best && strncmp(form, prefixes[i], length) == 0) {
            best = length;
        }
    }
    return best;
}

static bool by_prefix(const char *form, const char *next, struct buf *out,
                      variants_sink sink, void *payload)
{
    size_t prefix = prefix_length(form);
    const char *rest = form + prefix;
    size_t words = 1;
    if (prefix == 0) {
        return true;
    }
    buf_reset(out);
    buf_add(out, form, prefix);
    if (*rest == '-') {
        rest++;
    } else if (*rest == '\0' && next != NULL) {
        rest = next;
        words = 2;
    } else {
        buf_add_char(out, '-');
    }
    buf_add_text(out, rest);
    if (strlen(rest) >= REST_BYTES && out->failed == SHUKACH_OK) {
        sink(out->data, out->length, words, payload);
    }
    return out->failed == SHUKACH_OK;
}

enum shukach_status variants_by_rule(const char *form, const char *next,
                                     variants_sink sink, void *payload,
                                     struct shukach_error *err)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    bool done = by_spelling(form, &out, sink, payload) &&
                by_prefix(form, next, &out, sink, payload);
    buf_free(&out);
    return done ? SHUKACH_OK : error_nomem(err);
}
