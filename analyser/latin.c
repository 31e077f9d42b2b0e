/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Latin letters to sounds: the tables of transliteration, and how the
 * languages the press takes names from read them. Sources: docs/names.md. */
#include "sounds.h"

/* Where a rule holds: what stands before and behind. */
enum place {
    ANY,
    EDGE,      /* the end or the beginning of the word */
    VOWEL,     /* a vowel */
    CONSONANT, /* a consonant */
    FRONT,     /* e, i, y, é */
    OPEN,      /* a consonant and e: Biden */
    SHUT,      /* two consonants, or one and the end: Trump */
    NO_VOWEL,  /* a consonant or the end */
};

/* Texts and no pointers, so that loading has nothing to do. */
struct rule {
    char from[8];
    char to[12]; /* alternatives are parted by | */
    uint8_t before;
    uint8_t behind;
};

/* Rules for letters that only some systems use share one table: what a
 * system does not say is read as in transliteration. A table stands in the
 * order in which rules are tried: by the first byte, then the longest, then
 * those with a condition, then as here. The build checks it. */
static const struct rule transliteration[] = {
    {"'", "", ANY, ANY},
    {"aia", "i|aiA", CONSONANT, EDGE},
    {"aja", "i|aiA", CONSONANT, EDGE},
    {"aya", "i|aiA", CONSONANT, EDGE},
    {"ah", "A|ax|ag", ANY, EDGE},
    {"a", "A", CONSONANT, EDGE},
    {"a", "A", VOWEL, EDGE},
    {"a", "a", ANY, ANY},
    {"b", "b", ANY, ANY},
    {"cki", "cki", ANY, EDGE},
    {"ch", "q", ANY, ANY},
    {"ck", "k|ck", ANY, ANY},
    {"cz", "q", ANY, ANY},
    {"c", "c", ANY, ANY},
    {"dj", "j", ANY, ANY},
    {"d", "d", ANY, ANY},
    {"enka", "enkA|enk", ANY, EDGE},
    {"eve", "eve|ev|evi", ANY, EDGE},
    {"eh", "eg|e", ANY, EDGE},
    {"ee", "ee", ANY, ANY},
    {"e", "e|i", CONSONANT, EDGE},
    {"e", "e", ANY, ANY},
    {"f", "f", ANY, ANY},
    {"gh", "g", ANY, ANY},
    {"g", "g", ANY, ANY},
    {"h", "g|x|", VOWEL, NO_VOWEL},
    {"h", "g|x", EDGE, CONSONANT},
    {"h", "g", ANY, ANY},
    {"iyah", "iA", ANY, EDGE},
    {"iyeh", "iA", ANY, EDGE},
    {"iia", "iA", ANY, EDGE},
    {"ija", "iA", ANY, EDGE},
    {"ine", "ine|in|ini", ANY, EDGE},
    {"iov", "ov|iev", CONSONANT, EDGE},
    {"iya", "iA", ANY, EDGE},
    {"ia", "iA|A", CONSONANT, EDGE},
    {"ic", "iq|ic", ANY, EDGE},
    {"ie", "e|ie", CONSONANT, ANY},
    {"ie", "e", VOWEL, ANY},
    {"ia", "ia", ANY, ANY},
    {"i", "i", ANY, ANY},
    {"ja", "A|iA", CONSONANT, EDGE},
    {"jo", "e|io", CONSONANT, ANY},
    {"j", "i", ANY, ANY},
    {"ki", "ki|k", ANY, EDGE},
    {"kh", "x", ANY, ANY},
    {"k", "k", ANY, ANY},
    {"l", "l", ANY, ANY},
    {"m", "m", ANY, ANY},
    {"n", "n", ANY, ANY},
    {"ove", "ove|ov|ovi", ANY, EDGE},
    {"oi", "oi|i", ANY, EDGE},
    {"oj", "oi|i", ANY, EDGE},
    {"oy", "oi|i", ANY, EDGE},
    {"oo", "u|oo", ANY, ANY},
    {"ou", "u|ou", ANY, ANY},
    {"o", "o", ANY, ANY},
    {"ph", "f", ANY, ANY},
    {"p", "p", ANY, ANY},
    {"qu", "kv", ANY, ANY},
    {"q", "k", ANY, ANY},
    {"r", "r", ANY, ANY},
    {"skaia", "ski", ANY, EDGE},
    {"skaja", "ski", ANY, EDGE},
    {"skaya", "ski", ANY, EDGE},
    {"schch", "wq", ANY, ANY},
    {"shch", "wq", ANY, ANY},
    {"szcz", "wq", ANY, ANY},
    {"ska", "skA|ski", ANY, EDGE},
    {"ski", "ski", ANY, EDGE},
    {"sky", "ski", ANY, EDGE},
    {"sch", "w", ANY, ANY},
    {"sh", "w", ANY, ANY},
    {"s", "s", ANY, ANY},
    {"tski", "cki", ANY, EDGE},
    {"tsi", "ci|c", ANY, EDGE},
    {"tsh", "tw", ANY, ANY},
    {"th", "t", ANY, ANY},
    {"ts", "c", ANY, ANY},
    {"tz", "c", ANY, ANY},
    {"t", "t", ANY, ANY},
    {"u", "u", ANY, ANY},
    {"v", "v", ANY, ANY},
    {"w", "v", ANY, ANY},
    {"x", "ks", ANY, ANY},
    {"yne", "ine|in|ini", ANY, EDGE},
    {"ya", "A|iA", CONSONANT, EDGE},
    {"ya", "iA", VOWEL, EDGE},
    {"ye", "e|ie", CONSONANT, ANY},
    {"yi", "i", VOWEL, ANY},
    {"yo", "e|ie|io", CONSONANT, ANY},
    {"ye", "e", ANY, ANY},
    {"yo", "io", ANY, ANY},
    {"y", "i|", CONSONANT, EDGE},
    {"y", "i", ANY, ANY},
    {"zh", "j", ANY, ANY},
    {"z", "z", ANY, ANY},
    {"â", "A|iA", CONSONANT, EDGE},
    {"â", "iA", VOWEL, EDGE},
    {"ß", "s", ANY, ANY},
    {"à", "a", ANY, ANY},
    {"á", "a", ANY, ANY},
    {"â", "ia|a", ANY, ANY},
    {"ã", "a", ANY, ANY},
    {"ä", "e", ANY, ANY},
    {"å", "o", ANY, ANY},
    {"æ", "e", ANY, ANY},
    {"ç", "q|s", ANY, ANY},
    {"è", "e", ANY, ANY},
    {"é", "e", ANY, ANY},
    {"ê", "e|ie", ANY, ANY},
    {"ë", "e", ANY, ANY},
    {"ì", "i", ANY, ANY},
    {"í", "i", ANY, ANY},
    {"î", "i", ANY, ANY},
    {"ï", "i", ANY, ANY},
    {"ñ", "n", ANY, ANY},
    {"ò", "o", ANY, ANY},
    {"ó", "o", ANY, ANY},
    {"ô", "o", ANY, ANY},
    {"õ", "o", ANY, ANY},
    {"ö", "e", ANY, ANY},
    {"ø", "e", ANY, ANY},
    {"ù", "u", ANY, ANY},
    {"ú", "u", ANY, ANY},
    {"û", "iu|u", ANY, ANY},
    {"ü", "iu|u", ANY, ANY},
    {"ý", "i", ANY, ANY},
    {"ā", "a", ANY, ANY},
    {"ă", "a", ANY, ANY},
    {"ą", "on", ANY, ANY},
    {"ć", "q", ANY, ANY},
    {"č", "q", ANY, ANY},
    {"ď", "d", ANY, ANY},
    {"đ", "d", ANY, ANY},
    {"ē", "e", ANY, ANY},
    {"ė", "e", ANY, ANY},
    {"ę", "en", ANY, ANY},
    {"ě", "e", ANY, ANY},
    {"ğ", "g", ANY, ANY},
    {"ģ", "g", ANY, ANY},
    {"ī", "i", ANY, ANY},
    {"ı", "i", ANY, ANY},
    {"ķ", "k", ANY, ANY},
    {"ļ", "l", ANY, ANY},
    {"šč", "wq", ANY, ANY},
    {"ł", "l", ANY, ANY},
    {"ń", "n", ANY, ANY},
    {"ņ", "n", ANY, ANY},
    {"ň", "n", ANY, ANY},
    {"ō", "o", ANY, ANY},
    {"ő", "e", ANY, ANY},
    {"ř", "rj", ANY, ANY},
    {"ś", "s", ANY, ANY},
    {"ŝ", "wq", ANY, ANY},
    {"ş", "w", ANY, ANY},
    {"š", "w", ANY, ANY},
    {"ţ", "c", ANY, ANY},
    {"ť", "t", ANY, ANY},
    {"ū", "u", ANY, ANY},
    {"ů", "u", ANY, ANY},
    {"ű", "iu", ANY, ANY},
    {"ź", "z", ANY, ANY},
    {"ż", "j", ANY, ANY},
    {"ž", "j", ANY, ANY},
    {"ș", "w", ANY, ANY},
    {"ț", "c", ANY, ANY},
};

static const struct rule english[] = {
    {"al", "ol", ANY, CONSONANT},
    {"aw", "o", ANY, NO_VOWEL},
    {"ai", "ei|ai", ANY, ANY},
    {"au", "o", ANY, ANY},
    {"ay", "ei", ANY, ANY},
    {"a", "ei", CONSONANT, OPEN},
    {"ch", "q", ANY, ANY},
    {"ck", "k", ANY, ANY},
    {"cz", "q", ANY, ANY},
    {"c", "s", ANY, FRONT},
    {"c", "k", ANY, ANY},
    {"ew", "iu", ANY, NO_VOWEL},
    {"ea", "i", ANY, ANY},
    {"ee", "i", ANY, ANY},
    {"e", "", CONSONANT, EDGE},
    {"ham", "gem", CONSONANT, EDGE},
    {"h", "", VOWEL, NO_VOWEL},
    {"igh", "ai", ANY, ANY},
    {"ie", "i", ANY, EDGE},
    {"i", "ai", CONSONANT, OPEN},
    {"j", "j", ANY, ANY},
    {"kn", "n", EDGE, ANY},
    {"land", "lend|land", ANY, EDGE},
    {"man", "men|man", ANY, EDGE},
    {"ow", "ou|au", ANY, NO_VOWEL},
    {"oa", "ou", ANY, ANY},
    {"ou", "au|u", ANY, ANY},
    {"o", "ou", CONSONANT, OPEN},
    {"tch", "q", ANY, ANY},
    {"u", "a", CONSONANT, SHUT},
    {"wa", "vo", EDGE, CONSONANT},
    {"wr", "r", EDGE, ANY},
    {"wh", "v", ANY, ANY},
    {"y", "ai", CONSONANT, CONSONANT},
};

static const struct rule german[] = {
    {"ae", "e", ANY, ANY},
    {"chs", "ks", ANY, ANY},
    {"ch", "x", ANY, ANY},
    {"ck", "k", ANY, ANY},
    {"c", "k", ANY, ANY},
    {"dsch", "j", ANY, ANY},
    {"dt", "t", ANY, ANY},
    {"ei", "ai|ei", ANY, ANY},
    {"eu", "oi|ei", ANY, ANY},
    {"ey", "ei", ANY, ANY},
    {"h", "", VOWEL, NO_VOWEL},
    {"ie", "i", ANY, ANY},
    {"oe", "e", ANY, ANY},
    {"schtsch", "wq", ANY, ANY},
    {"stein", "wtain|wtein", ANY, ANY},
    {"sch", "w|j", ANY, ANY},
    {"sp", "wp", EDGE, ANY},
    {"st", "wt", EDGE, ANY},
    {"s", "z|s", EDGE, VOWEL},
    {"s", "z", VOWEL, VOWEL},
    {"tsch", "q", ANY, ANY},
    {"tz", "c", ANY, ANY},
    {"ue", "iu", ANY, ANY},
    {"v", "f", EDGE, ANY},
    {"z", "c", ANY, ANY},
    {"äu", "oi", ANY, ANY},
};

static const struct rule polish[] = {
    {"ci", "q", ANY, VOWEL},     {"ch", "x", ANY, ANY},
    {"ck", "ck", ANY, ANY},      {"cz", "q", ANY, ANY},
    {"ijów", "iiev", ANY, EDGE}, {"ie", "e", ANY, ANY},
    {"j", "i", ANY, ANY},        {"krz", "kw", ANY, ANY},
    {"prz", "pw", ANY, ANY},     {"rz", "j", ANY, ANY},
    {"szcz", "wq", ANY, ANY},    {"si", "s", ANY, VOWEL},
    {"sz", "w", ANY, ANY},       {"trz", "tw", ANY, ANY},
    {"zi", "z", ANY, VOWEL},     {"ów", "ov", ANY, EDGE},
    {"ó", "u", ANY, ANY},
};

static const struct rule french[] = {
    {"ai", "e", ANY, ANY},           {"au", "o", ANY, ANY},
    {"ch", "w", ANY, ANY},           {"ck", "k", ANY, ANY},
    {"c", "s", ANY, FRONT},          {"c", "k", ANY, ANY},
    {"d", "", VOWEL, EDGE},          {"eau", "o", ANY, ANY},
    {"em", "am", ANY, CONSONANT},    {"en", "an", ANY, CONSONANT},
    {"ei", "e", ANY, ANY},           {"eu", "e", ANY, ANY},
    {"e", "", CONSONANT, EDGE},      {"gu", "g", ANY, FRONT},
    {"gn", "ni", ANY, ANY},          {"g", "j", ANY, FRONT},
    {"h", "", CONSONANT, ANY},       {"ier", "ie", CONSONANT, EDGE},
    {"ill", "ii", CONSONANT, VOWEL}, {"j", "j", ANY, ANY},
    {"oi", "ua", ANY, ANY},          {"qu", "k", ANY, ANY},
    {"s", "", VOWEL, EDGE},          {"tch", "q", ANY, ANY},
    {"t", "", VOWEL, EDGE},          {"u", "iu|u", CONSONANT, NO_VOWEL},
    {"x", "", VOWEL, EDGE},          {"z", "", VOWEL, EDGE},
};

static const struct rule southern[] = {
    {"ch", "k", ANY, FRONT}, {"cc", "k", ANY, ANY},
    {"ch", "q", ANY, ANY},   {"c", "q|s", ANY, FRONT},
    {"c", "k", ANY, ANY},    {"gli", "li", VOWEL, VOWEL},
    {"gh", "g", ANY, FRONT}, {"gu", "g", ANY, FRONT},
    {"g", "j", ANY, FRONT},  {"h", "", CONSONANT, ANY},
    {"j", "x", ANY, ANY},    {"qu", "k", ANY, FRONT},
    {"z", "s", ANY, ANY},
};

/* Čaputová, Vučić without their signs, and Hungarian: Szeged, Magyar. */
static const struct rule central[] = {
    {"cs", "q", ANY, ANY}, {"c", "q", ANY, ANY},  {"gy", "di", ANY, ANY},
    {"sz", "s", ANY, ANY}, {"zs", "j", ANY, ANY},
};

/* The systems, the likeliest first; a rule of a system goes before one of
 * transliteration that is as long. */
static const struct {
    const struct rule *rules;
    size_t count;
} systems[] = {
    {transliteration, sizeof transliteration / sizeof *transliteration},
    {english, sizeof english / sizeof *english},
    {german, sizeof german / sizeof *german},
    {polish, sizeof polish / sizeof *polish},
    {french, sizeof french / sizeof *french},
    {southern, sizeof southern / sizeof *southern},
    {central, sizeof central / sizeof *central},
};
#define SYSTEMS (sizeof systems / sizeof *systems)
/* Readings of a system by the alternatives of its rules. */
#define WAYS_MAX 8

/* Whether a rule may stand behind another. */
static bool goes_behind(const struct rule *rule, const struct rule *other)
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
    for (size_t s = 0; s < SYSTEMS; s++) {
        for (size_t i = 0; i < systems[s].count; i++) {
            const struct rule *rule = &systems[s].rules[i];
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
    const struct rule *rule;
    size_t length;
};

struct reading {
    bool plain;
    const char *form;
    size_t length;
    struct readings *out;
    struct step common[NAME_WORD_BYTES]; /* of transliteration */
    /* What a system reads, from the first letter to the last. */
    const struct rule *rules[NAME_WORD_BYTES];
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

static bool holds(const struct reading *r, enum place place, size_t at,
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
    const struct rule *rules = systems[system].rules;
    size_t low = 0;
    size_t half;
    for (size_t left = systems[system].count; left > 0; left -= half) {
        half = (left + 1) / 2;
        low += (unsigned char)rules[low + half - 1].from[0] < byte ? half : 0;
    }
    return low;
}

/* The bytes of a rule if they stand at a place, else 0. */
static size_t reads(const struct reading *r, const struct rule *rule, size_t at)
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

/* The rule of a system that fits at a place. */
static struct step rule_in(const struct reading *r, size_t system, size_t at)
{
    const struct rule *end = systems[system].rules + systems[system].count;
    const struct rule *rule =
        systems[system].rules + first_rule(system, (unsigned char)r->form[at]);
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
    for (size_t system = 0; system < (plain ? 1 : SYSTEMS); system++) {
        if (find_rules(&r, system)) {
            struct sounds sounds = {.length = 0};
            r.ways = 0;
            read_on(&r, 0, &sounds);
        }
    }
}
