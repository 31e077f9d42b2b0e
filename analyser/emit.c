/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens of a chunk: what becomes of it is said by the shape of its atoms,
 * see emit_chunk. */
#include "tokens.h"

/* The exact form of some atoms, in a->form. */
static void build_form(struct analyser *a, const struct atom *atoms,
                       size_t count)
{
    buf_reset(&a->form);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && atoms[i].hyphen) {
            buf_add_char(&a->form, '-');
        }
        if (atoms[i].digits) {
            buf_add(&a->form, atoms[i].number.key, atoms[i].number.length);
        } else {
            buf_add(&a->form, atoms[i].word.form, atoms[i].word.length);
        }
    }
    a->failed = a->failed || a->form.failed != SHUKACH_OK;
}

/* Emits a token over `count` atoms with the stems added before. `width` 0
 * is a token that moves on by one; a whole stays where its parts begin. */
static bool emit(struct analyser *a, const struct atom *atoms, size_t count,
                 enum token_kind kind, uint32_t width, uint32_t rules)
{
    build_form(a, atoms, count);
    for (size_t i = 0; i < count; i++) {
        rules |= atoms[i].digits ? atoms[i].number.rules : atoms[i].word.rules;
    }
    rules |= kind == TOKEN_PART ? RULE_PART : 0;
    struct token_span span = {.from = atoms[0].from,
                              .to = atoms[count - 1].to,
                              .position = a->position,
                              .width = width > 0 ? width : 1,
                              .kind = kind,
                              .rules = rules};
    a->position += width > 0 ? 0 : 1;
    return token_emit(a, &span, buf_text(&a->form), a->form.length);
}

static bool emit_number(struct analyser *a, const struct atom *atoms,
                        size_t count, enum token_kind kind)
{
    stems_reset(a);
    buf_add(stem_begin(a, false), atoms[0].number.key, atoms[0].number.length);
    stem_end(a);
    return emit(a, atoms, count, kind, 0, count > 1 ? RULE_ENDING : 0);
}

/* HIMARSів, HIMARS'ів: how many bytes of the form stand before a Cyrillic
 * ending; 0 if it is not of that kind. */
static size_t latin_base(const struct word *word)
{
    size_t base = 0;
    while (base < word->length &&
           (unsigned char)(word->form[base] - 'a') < 26) {
        base++;
    }
    size_t tail = base + (word->form[base] == '\'');
    return base >= 2 &&
                   designator_is_ending(word->form + tail, word->length - tail)
               ? base
               : 0;
}

bool emit_word(struct analyser *a, const struct atom *atom,
               enum token_kind kind)
{
    const struct word *word = &atom->word;
    stems_reset(a);
    uint32_t rules = 0;
    size_t base = word->language == WORD_OTHER ? latin_base(word) : 0;
    if (base > 0) {
        rules =
            RULE_ENDING | stems_of_word(a, word->form, base, WORD_EN, false);
    } else {
        rules = stems_of_word(a, word->form, word->length, word->language,
                              word->capitals);
    }
    rules |= stopword(word->form) ? RULE_STOP : 0;
    return emit(a, atom, 1, kind, 0, rules);
}

/* The stem of a compound: those of its parts, joined. `language` is that
 * of the parts that do not decide it. */
static void add_joined(struct analyser *a, const struct atom *atoms,
                       size_t count, enum word_language language)
{
    struct buf *stem = stem_begin(a, language == WORD_RU);
    for (size_t i = 0; i < count; i++) {
        const struct word *word = &atoms[i].word;
        size_t length;
        const char *text = word_stem(
            a, word->form, word->length,
            word->language == WORD_UNDECIDED ? language : word->language,
            &length);
        if (i > 0) {
            buf_add_char(stem, '-');
        }
        buf_add(stem, text, length);
    }
    stem_end(a);
}

static bool emit_compound(struct analyser *a, const struct atom *atoms,
                          size_t count, enum token_kind kind)
{
    enum word_language decided = WORD_UNDECIDED;
    for (size_t i = 0; i < count; i++) {
        enum word_language one = atoms[i].word.language;
        decided = one == WORD_UK || one == WORD_RU ? one : decided;
    }
    stems_reset(a);
    add_joined(a, atoms, count,
               decided == WORD_UNDECIDED ? a->language : decided);
    if (decided == WORD_UNDECIDED && a->mode == ANALYSE_QUERY) {
        add_joined(a, atoms, count, a->language == WORD_RU ? WORD_UK : WORD_RU);
    }
    bool go = emit(a, atoms, count, kind == TOKEN_PART ? kind : TOKEN_WHOLE,
                   (uint32_t)count, RULE_COMPOUND);
    for (size_t i = 0; go && i < count; i++) {
        go = emit_word(a, &atoms[i], TOKEN_PART);
    }
    return go;
}

/* 155-мм, 20-річний, and "155 мм": the number with the word's stem. */
bool emit_measure(struct analyser *a, const struct atom *atoms)
{
    const struct word *word = &atoms[1].word;
    size_t length;
    const char *text = word_stem(
        a, word->form, word->length,
        word->language == WORD_UNDECIDED ? a->language : word->language,
        &length);
    stems_reset(a);
    struct buf *stem = stem_begin(a, false);
    buf_add(stem, atoms[0].number.key, atoms[0].number.length);
    buf_add(stem, text, length);
    stem_end(a);
    return emit(a, atoms, 2, TOKEN_WHOLE, 2, RULE_DESIGNATOR) &&
           emit_number(a, &atoms[0], 1, TOKEN_PART) &&
           emit_word(a, &atoms[1], TOKEN_PART);
}

/* A long prefix is a word that declines, Шахедів-136; a short one is not,
 * Су-34. */
#define PREFIX_LETTERS 3

static bool has_long_prefix(const struct atom *atoms)
{
    return !atoms[0].digits && atoms[0].word.letters > PREFIX_LETTERS;
}

/* Adds the key of a designator as a stem; with `lookalike`, a Latin prefix
 * read as Cyrillic capitals. */
static void add_key(struct analyser *a, const struct atom *atoms, size_t count,
                    bool lookalike)
{
    if (a->stem_count >= TOKEN_STEMS) {
        return;
    }
    struct buf *key = stem_begin(a, false);
    for (size_t i = 0; i < count; i++) {
        const struct word *word = &atoms[i].word;
        if (atoms[i].digits) {
            if (i > 0 && atoms[i - 1].digits) {
                buf_add_char(key, '-');
            }
            buf_add(key, atoms[i].number.key, atoms[i].number.length);
        } else if (i == 0 && lookalike) {
            if (!designator_add_lookalike(key, word->form, word->length)) {
                return;
            }
        } else if (i == 0 && has_long_prefix(atoms) &&
                   word->language != WORD_EN) {
            size_t length;
            const char *stem =
                word_stem(a, word->form, word->length, WORD_UK, &length);
            designator_add(key, stem, length);
        } else {
            designator_add(key, word->form, word->length);
        }
    }
    stem_end(a);
}

/* How many atoms are the designator without its suffix: Т-72 of Т-72Б3. */
static size_t base_atoms(const struct atom *atoms, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (atoms[i].digits) {
            return i + 1;
        }
    }
    return count;
}

/* `count` atoms are the designator, `written` with its ending. */
static bool emit_designator(struct analyser *a, const struct atom *atoms,
                            size_t count, size_t written, enum token_kind kind)
{
    stems_reset(a);
    bool latin = !atoms[0].digits && atoms[0].word.language == WORD_EN;
    size_t base = base_atoms(atoms, count);
    if (latin && !has_long_prefix(atoms)) {
        add_key(a, atoms, count, true);
    }
    add_key(a, atoms, count, false);
    if (a->mode == ANALYSE_DOCUMENT && !atoms[0].digits && base < count) {
        add_key(a, atoms, base, false);
    }
    uint32_t rules =
        RULE_DESIGNATOR | (written > count ? (uint32_t)RULE_ENDING : 0);
    if (!has_long_prefix(atoms) || kind == TOKEN_PART) {
        return emit(a, atoms, written, kind, 0, rules);
    }
    return emit(a, atoms, written, TOKEN_WHOLE, 2, rules) &&
           emit_word(a, &atoms[0], TOKEN_PART) &&
           emit_number(a, &atoms[base - 1], 1, TOKEN_PART);
}

/* How many atoms are left without an inflected ending: С-300-ми, 2024-го,
 * HIMARS-ів, F-16s. */
static size_t without_ending(const struct atom *atoms, size_t count)
{
    const struct atom *last = &atoms[count - 1];
    if (count < 2 || last->digits) {
        return count;
    }
    const struct atom *before = last - 1;
    const struct word *word = &last->word;
    bool plural = count >= 3 && !last->hyphen && before->digits &&
                  strcmp(word->form, "s") == 0;
    bool declines = before->digits || before->word.capitals ||
                    before->word.language == WORD_EN || count >= 3;
    bool ending = last->hyphen && declines &&
                  designator_is_ending(word->form, word->length);
    return ending || plural ? count - 1 : count;
}

static bool is_measure(const struct atom *atoms, size_t count)
{
    return count == 2 && atoms[0].digits && !atoms[1].digits &&
           (atoms[1].word.letters >= PREFIX_LETTERS ||
            (atoms[1].hyphen && atoms[1].word.letters >= 2) ||
            designator_is_unit(atoms[1].word.form, atoms[1].word.length));
}

/* An abbreviation with an ending: HIMARS-ів, ЗСУ-шний is not one. */
static bool emit_inflected(struct analyser *a, const struct atom *atoms,
                           enum token_kind kind)
{
    const struct word *word = &atoms[0].word;
    stems_reset(a);
    uint32_t rules =
        RULE_ENDING | stems_of_word(a, word->form, word->length, word->language,
                                    word->capitals);
    return emit(a, atoms, 2, kind, 0, rules);
}

/* Панцир-С1: a word, a hyphen and a designator. */
static bool emit_named(struct analyser *a, const struct atom *atoms,
                       size_t count);

bool emit_chunk(struct analyser *a, const struct atom *atoms, size_t count,
                enum token_kind kind)
{
    size_t core = without_ending(atoms, count);
    size_t digits = 0;
    for (size_t i = 0; i < core; i++) {
        digits += atoms[i].digits;
    }
    if (core == 1 && digits == 1) {
        return emit_number(a, atoms, count, kind);
    }
    if (core == 1) {
        return count == 1 ? emit_word(a, atoms, kind)
                          : emit_inflected(a, atoms, kind);
    }
    if (digits == 0) {
        return emit_compound(a, atoms, count, kind);
    }
    if (digits == core) {
        /* A range, 10-15: separate numbers. */
        bool go = true;
        for (size_t i = 0; go && i < core; i++) {
            go = emit_number(a, &atoms[i], i + 1 == core ? count - i : 1, kind);
        }
        return go;
    }
    if (is_measure(atoms, core) && kind != TOKEN_PART) {
        return emit_measure(a, atoms);
    }
    if (core == count && !atoms[0].digits && !atoms[1].digits &&
        kind != TOKEN_PART) {
        return emit_named(a, atoms, count);
    }
    return emit_designator(a, atoms, core, count, kind);
}

static bool emit_named(struct analyser *a, const struct atom *atoms,
                       size_t count)
{
    const struct word *word = &atoms[0].word;
    size_t length;
    const char *text = word_stem(
        a, word->form, word->length,
        word->language == WORD_UNDECIDED ? a->language : word->language,
        &length);
    /* The designator's key goes behind the stem, as one stem. */
    char head[WORD_BYTES];
    memcpy(head, text, length);
    stems_reset(a);
    add_key(a, atoms + 1, count - 1, false);
    struct buf *key = &a->stems[0];
    struct buf *stem = stem_begin(a, false);
    if (a->stem_count > 0) {
        buf_add(stem, head, length);
        buf_add_char(stem, '-');
        buf_add(stem, key->data, key->length);
        a->failed = a->failed || stem->failed != SHUKACH_OK;
        struct buf swap = *key;
        *key = *stem;
        *stem = swap;
    }
    return emit(a, atoms, count, TOKEN_WHOLE, 2,
                RULE_DESIGNATOR | RULE_COMPOUND) &&
           emit_word(a, atoms, TOKEN_PART) &&
           emit_chunk(a, atoms + 1, count - 1, TOKEN_PART);
}

bool emit_initials(struct analyser *a, const struct atom *atoms, size_t count)
{
    stems_reset(a);
    struct buf *stem = stem_begin(a, false);
    for (size_t i = 0; i < count; i++) {
        buf_add(stem, atoms[i].word.form, atoms[i].word.length);
    }
    stem_end(a);
    bool go =
        emit(a, atoms, count, TOKEN_WHOLE, (uint32_t)count, RULE_INITIALS);
    for (size_t i = 0; go && i < count; i++) {
        go = emit_word(a, &atoms[i], TOKEN_PART);
    }
    return go;
}
