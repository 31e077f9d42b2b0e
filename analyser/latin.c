/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Latin letters to sounds, by the rules of latin_rules.c. */
#include "latin.h"
#include "sounds.h"

static const struct {
    char text[6];
    uint8_t before;
    uint8_t behind;
    uint8_t trace;
} traces[] = {
    {"zh", ANY, ANY, ROMANISED},        {"kh", EDGE, ANY, ROMANISED},
    {"kh", VOWEL, ANY, ROMANISED},      {"shch", ANY, ANY, ROMANISED},
    {"yi", CONSONANT, EDGE, ROMANISED}, {"iy", ANY, ANY, ROMANISED},
    {"ii", ANY, ANY, ROMANISED},        {"yy", CONSONANT, EDGE, ROMANISED},
    {"enko", ANY, EDGE, SLAVIC},        {"chuk", ANY, EDGE, SLAVIC},
    {"lsky", ANY, EDGE, SLAVIC},        {"nsky", ANY, EDGE, SLAVIC},
    {"rsky", ANY, EDGE, SLAVIC},        {"tsky", ANY, EDGE, SLAVIC},
    {"vsky", ANY, EDGE, SLAVIC},        {"ivka", ANY, EDGE, SLAVIC},
    {"ovka", ANY, EDGE, SLAVIC},        {"vich", ANY, EDGE, SLAVIC},
    {"vych", ANY, EDGE, SLAVIC},        {"iv", CONSONANT, EDGE, SLAVIC},
    {"ov", CONSONANT, EDGE, SLAVIC},    {"ev", ANY, EDGE, SLAVIC},
    {"ova", CONSONANT, EDGE, SLAVIC},   {"eva", ANY, EDGE, SLAVIC},
    {"nsk", ANY, EDGE, SLAVIC},         {"rsk", ANY, EDGE, SLAVIC},
    {"vsk", ANY, EDGE, SLAVIC},
};

/* Readings of a system by the alternatives of its rules. */
#define WAYS_MAX 8

/* Whether a rule may stand behind another. */
static bool goes_behind(const struct latin_rule *rule,
                        const struct latin_rule *other)
{
    unsigned char byte = (unsigned char)rule->from[0];
    unsigned char other_byte = (unsigned char)other->from[0];
    size_t length = strlen(rule->from);
    size_t other_length = strlen(other->from);
    bool bound = rule->before != ANY || rule->behind != ANY;
    bool other_bound = other->before != ANY || other->behind != ANY;
    if (byte != other_byte) {
        return byte > other_byte;
    }
    return length == other_length ? !bound || other_bound
                                  : length < other_length;
}

const char *latin_misplaced(void)
{
    for (size_t s = 0; s < LATIN_SYSTEMS; s++) {
        for (size_t i = 0; i < latin_systems[s].count; i++) {
            const struct latin_rule *rule = &latin_systems[s].rules[i];
            if (memchr(rule->from, '\0', sizeof rule->from) == NULL ||
                memchr(rule->to, '\0', sizeof rule->to) == NULL ||
                (i > 0 && !goes_behind(rule, rule - 1))) {
                return rule->from;
            }
        }
    }
    return NULL;
}

/* ---- Reading --------------------------------------------------------- */

/* A rule, or NULL, and the bytes that it reads. */
struct step {
    const struct latin_rule *rule;
    size_t length;
};

struct reading {
    bool plain;
    const char *form;
    size_t length;
    struct readings *out;
    struct step common[NAME_WORD_BYTES]; /* of transliteration */
    /* What a system reads, from the first letter to the last. */
    const struct latin_rule *rules[NAME_WORD_BYTES];
    size_t count;
    size_t ways; /* tried so far */
};

/* Letters beyond ASCII that are consonants; two bytes each. */
static const char consonants[] = "çñćčďđğģķļłńņňřśŝşšţťźżžșțß";

/* Whether a letter of two bytes stands at `at`. */
static bool letter_is(const struct reading *r, size_t at, const char *letter)
{
    return at + 2 <= r->length && memcmp(r->form + at, letter, 2) == 0;
}

/* `at` may be any byte of the letter. */
static bool vowel_at(const struct reading *r, size_t at)
{
    if (at >= r->length) {
        return false;
    }
    if ((unsigned char)r->form[at] < 0x80) {
        return sounds_vowel(r->form[at]) || r->form[at] == 'y';
    }
    at = utf8_floor(r->form, at);
    for (size_t i = 0; i + 1 < sizeof consonants; i += 2) {
        if (letter_is(r, at, consonants + i)) {
            return false;
        }
    }
    return true;
}

static bool consonant_at(const struct reading *r, size_t at)
{
    return at < r->length && !vowel_at(r, at);
}

static bool holds(const struct reading *r, enum latin_place place, size_t at,
                  bool before)
{
    bool edge = at >= r->length; /* SIZE_MAX before the first letter */
    switch (place) {
    case ANY:
        return true;
    case EDGE:
        return edge;
    case VOWEL:
        return vowel_at(r, at);
    case CONSONANT:
        return consonant_at(r, at);
    case NO_VOWEL:
        return !vowel_at(r, at);
    case FRONT:
        return !edge &&
               (strchr("eiy", r->form[at]) != NULL || letter_is(r, at, "é"));
    case OPEN:
        return consonant_at(r, at) && at + 1 < r->length &&
               r->form[at + 1] == 'e';
    case SHUT:
        return !before && consonant_at(r, at) && !vowel_at(r, at + 1);
    }
    return false;
}

/* The first of the rules for a byte, or of a later one. It takes as many steps
 * for any byte, for branches that depend on it would be slow. */
static size_t first_rule(size_t system, unsigned char byte)
{
    const struct latin_rule *rules = latin_systems[system].rules;
    size_t low = 0;
    size_t half;
    for (size_t left = latin_systems[system].count; left > 0; left -= half) {
        half = (left + 1) / 2;
        low += (unsigned char)rules[low + half - 1].from[0] < byte ? half : 0;
    }
    return low;
}

/* The bytes of a rule if they stand at a place, else 0. */
static size_t reads(const struct reading *r, const struct latin_rule *rule,
                    size_t at)
{
    size_t length = 0;
    for (; rule->from[length] != '\0'; length++) {
        if (at + length == r->length ||
            r->form[at + length] != rule->from[length]) {
            return 0;
        }
    }
    return length;
}

/* The bytes of what opens a syllable of Japanese, which may be none. */
static size_t opening(const char *form, size_t length)
{
    static const char *const openings[] = {
        "tch", "sh", "ch", "ts", "ky", "gy", "ny", "hy", "by", "my",
        "py",  "ry", "k",  "g",  "s",  "z",  "t",  "d",  "n",  "h",
        "f",   "b",  "p",  "m",  "y",  "r",  "w",  "j",
    };
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        size_t size = strlen(openings[i]);
        if (size <= length && memcmp(form, openings[i], size) == 0) {
            return size;
        }
    }
    return 0;
}

/* Whether the word is made of syllables that are open or end in n. */
static bool is_open(const struct reading *r)
{
    for (size_t at = 0; at < r->length; at++) {
        bool doubled =
            at + 1 < r->length && at > 0 && r->form[at] == r->form[at + 1];
        at += doubled && consonant_at(r, at) ? 1 : 0;
        size_t size = opening(r->form + at, r->length - at);
        bool n = r->form[at] == 'n' && !vowel_at(r, at + 1);
        at += n ? 0 : size;
        if (!n && (at >= r->length || !sounds_vowel(r->form[at]))) {
            return false;
        }
    }
    return true;
}

static unsigned find_traces(const struct reading *r)
{
    unsigned found = is_open(r) ? 0 : CLOSED;
    for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
        size_t size = strlen(traces[i].text);
        for (size_t at = 0; at + size <= r->length; at++) {
            if (memcmp(r->form + at, traces[i].text, size) == 0 &&
                holds(r, traces[i].before, at - 1, true) &&
                holds(r, traces[i].behind, at + size, false)) {
                found |= traces[i].trace;
            }
        }
    }
    return found;
}

/* The rule of a system that fits at a place. */
static struct step rule_in(const struct reading *r, size_t system, size_t at)
{
    const struct latin_rule *end =
        latin_systems[system].rules + latin_systems[system].count;
    const struct latin_rule *rule =
        latin_systems[system].rules +
        first_rule(system, (unsigned char)r->form[at]);
    for (; rule < end && rule->from[0] == r->form[at]; rule++) {
        size_t length = reads(r, rule, at);
        if (length > 0 && holds(r, rule->before, at - 1, true) &&
            holds(r, rule->behind, at + length, false)) {
            return (struct step){rule, length};
        }
    }
    return (struct step){NULL, 0};
}

/* Finds the rules by which a system reads the word. False if there are none
 * for a letter, or none of its own: then it reads as transliteration does. */
static bool find_rules(struct reading *r, size_t system)
{
    bool has_own = system == 0;
    r->count = 0;
    for (size_t at = 0; at < r->length;) {
        struct step step = r->common[at];
        if (system > 0) {
            struct step own = rule_in(r, system, at);
            if (own.rule != NULL && own.length >= step.length) {
                step = own;
                has_own = true;
            }
        }
        if (step.rule == NULL) {
            return false;
        }
        r->rules[r->count++] = step.rule;
        at += step.length;
    }
    return has_own;
}

/* Reads on from a rule; each of its alternatives is a way of its own. */
static void read_on(struct reading *r, size_t i, struct sounds *sounds)
{
    if (i == r->count) {
        readings_add(r->out, sounds);
        r->ways++;
        return;
    }
    for (const char *to = r->rules[i]->to; to != NULL;) {
        size_t kept = sounds->length;
        char piece[sizeof r->rules[i]->to];
        size_t length = 0;
        for (; to[length] != '\0' && to[length] != '|'; length++) {
            piece[length] = to[length];
        }
        piece[length] = '\0';
        sounds_add(sounds, piece);
        read_on(r, i + 1, sounds);
        sounds->length = kept;
        sounds->text[kept] = '\0';
        bool more = to[length] != '\0' && !r->plain && r->ways < WAYS_MAX;
        to = more ? to + length + 1 : NULL;
    }
}

void latin_read(const char *form, size_t length, bool plain,
                struct readings *out)
{
    struct reading r = {
        .plain = plain, .form = form, .length = length, .out = out};
    if (length > NAME_WORD_BYTES) {
        return;
    }
    for (size_t at = 0; at < length; at++) {
        r.common[at] = rule_in(&r, 0, at);
    }
    unsigned found = find_traces(&r);
    for (size_t system = 0; system < (plain ? 1 : LATIN_SYSTEMS); system++) {
        if ((latin_systems[system].spares & found) == 0 &&
            find_rules(&r, system)) {
            struct sounds sounds = {.length = 0};
            r.ways = 0;
            read_on(&r, 0, &sounds);
        }
    }
}
