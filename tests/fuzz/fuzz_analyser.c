/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text through the analyser, as a document and as a query. What is
 * promised of every token is checked in check_token and compare. */
#include "analyser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                     \
    do {                                                                       \
        if (!(condition)) {                                                    \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);    \
            abort();                                                           \
        }                                                                      \
    } while (0)

/* A token seen as a document's, to compare with the query's. */
struct seen {
    size_t from;
    size_t to;
    uint32_t position;
    enum token_kind kind;
    uint64_t form;
    uint64_t stems[TOKEN_STEMS];
    size_t stem_count;
};

struct run {
    struct analyser *analyser;
    struct analyser *other; /* for a form alone, while the first is at work */
    const char *text;
    size_t length;
    bool query;
    struct seen *seen;
    size_t capacity;
    size_t count;
    uint32_t next; /* the position after the last token */
    bool below;    /* the last one was a whole: the same position again */
    uint32_t whole_end;
    size_t whole_from;
    size_t whole_to;
};

static bool is_border(const struct run *run, size_t at)
{
    return at == run->length || ((unsigned char)run->text[at] & 0xc0) != 0x80;
}

static void check_text(const char *text, size_t length)
{
    size_t bad;
    REQUIRE(length > 0 && strlen(text) == length);
    REQUIRE(utf8_valid(text, length, &bad));
}

static int check_same_form(const struct token *token, void *payload)
{
    const struct token **first = payload;
    if (strcmp((*first)->form, token->form) != 0) {
        fprintf(stderr, "\"%s\" alone is \"%s\"\n", (*first)->form,
                token->form);
        abort();
    }
    return 1;
}

/* A form is normal already. Not tried on: parts (a number is read another
 * way beside letters), addresses (a scheme vouches for some), initials (they
 * become a word), designators with grouped thousands (without their space
 * the digits may be those of a date) and what may be cut for its length. */
static void check_form_alone(const struct run *run, const struct token *token)
{
    uint32_t grouped = RULE_NUMBER | RULE_DESIGNATOR;
    if (token->kind == TOKEN_PART || token->to - token->from >= 256 ||
        (token->rules & grouped) == grouped ||
        (token->rules & (RULE_HOST | RULE_INITIALS)) != 0) {
        return;
    }
    char form[4096];
    REQUIRE(token->form_length < sizeof form);
    memcpy(form, token->form, token->form_length);
    enum shukach_status status =
        analyser_run(run->other, ANALYSE_DOCUMENT, "uk", form,
                     token->form_length, check_same_form, &token, NULL);
    REQUIRE(status == SHUKACH_CANCELLED);
}

static void check_position(struct run *run, const struct token *token)
{
    REQUIRE(token->width >= 1 &&
            (token->kind == TOKEN_WHOLE || token->width == 1));
    REQUIRE(token->position == (run->below ? run->next - 1 : run->next));
    if (token->position < run->whole_end) {
        REQUIRE(token->from >= run->whole_from && token->to <= run->whole_to);
        REQUIRE(token->position + token->width <= run->whole_end);
    } else {
        REQUIRE(token->position == run->whole_end || !run->below);
        REQUIRE(token->from >= run->whole_to);
        run->whole_end = token->position + token->width;
        run->whole_from = token->from;
        run->whole_to = token->to;
    }
    run->next = token->position + 1;
    run->below = token->kind == TOKEN_WHOLE;
}

static void compare(struct run *run, const struct seen *now)
{
    if (!run->query) {
        REQUIRE(array_grow((void **)&run->seen, &run->capacity, run->count + 1,
                           sizeof *run->seen));
        run->seen[run->count++] = *now;
        return;
    }
    const struct seen *then = &run->seen[run->count++];
    REQUIRE(then->from == now->from && then->to == now->to);
    REQUIRE(then->position == now->position && then->kind == now->kind);
    REQUIRE(then->form == now->form);
    bool found = false;
    for (size_t i = 0; i < then->stem_count; i++) {
        for (size_t j = 0; j < now->stem_count; j++) {
            found = found || then->stems[i] == now->stems[j];
        }
    }
    REQUIRE(found);
}

static int check_token(const struct token *token, void *payload)
{
    struct run *run = payload;
    REQUIRE(token->from < token->to && token->to <= run->length);
    REQUIRE(is_border(run, token->from) && is_border(run, token->to));
    check_position(run, token);
    check_text(token->form, token->form_length);
    REQUIRE(token->stem_count >= 1 && token->stem_count <= TOKEN_STEMS);
    struct seen now = {
        .from = token->from,
        .to = token->to,
        .position = token->position,
        .kind = token->kind,
        .form = hash64(token->form, token->form_length),
        .stem_count = token->stem_count,
    };
    for (size_t i = 0; i < token->stem_count; i++) {
        const struct token_stem *stem = &token->stems[i];
        check_text(stem->text, stem->length);
        now.stems[i] =
            hash64(stem->text, stem->length) ^ (stem->russian ? UINT64_MAX : 0);
    }
    compare(run, &now);
    if (!run->query) {
        check_form_alone(run, token);
    }
    return 0;
}

static void check_run(struct run *run, enum analyser_mode mode,
                      const char *language)
{
    run->query = mode == ANALYSE_QUERY;
    size_t seen = run->count;
    run->count = 0;
    run->next = 0;
    run->below = false;
    run->whole_end = 0;
    run->whole_to = 0;
    REQUIRE(analyser_run(run->analyser, mode, language, run->text, run->length,
                         check_token, run, NULL) == SHUKACH_OK);
    REQUIRE(!run->query || run->count == seen);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    REQUIRE(text != NULL);
    if (size > 0) {
        memcpy(text, data, size);
    }
    size_t bad;
    while (!utf8_valid(text, size, &bad)) {
        text[bad] = ' ';
    }
    /* Kept from input to input: making them takes longer than the rest. */
    static struct analyser *analyser;
    static struct analyser *other;
    if (analyser == NULL) {
        REQUIRE(analyser_new(&analyser, NULL) == SHUKACH_OK);
        REQUIRE(analyser_new(&other, NULL) == SHUKACH_OK);
    }
    struct run run = {
        .analyser = analyser, .other = other, .text = text, .length = size};
    check_run(&run, ANALYSE_DOCUMENT, "uk");
    check_run(&run, ANALYSE_QUERY, "uk");
    check_run(&run, ANALYSE_DOCUMENT, "ru");
    check_run(&run, ANALYSE_QUERY, "uk");
    free(run.seen);
    free(text);
    return 0;
}
