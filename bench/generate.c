/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * generate_news N [SEED]: N documents of invented Ukrainian news as JSON Lines,
 * the same for the same seed. They mean nothing; what is true to life is how
 * often words, forms and names come, on which the size and speed of an index
 * depend.
 *
 * - Lemmas come by Zipf's law: function words first, then those of
 *   common_lemmas.txt by band, then the rest of hunspell-uk in any order.
 * - A lemma's forms are hunspell's; the earlier in its rules, the more often.
 * - New names keep appearing by Heaps' law, and come again by Zipf's.
 * - A document has words and names of its own that it repeats.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compile.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

enum {
    FORMS_MAX = 32, /* of a lemma */
    BAND_REST = 255,
    TOPICS = 8,       /* lemmas a document repeats */
    PROTAGONISTS = 3, /* names it repeats */
    YEAR_FIRST = 2014,
    YEARS = 12,
    OUTPUT_BUFFER = 1 << 20
};

/* Of a thousand words, how many are what; the others are by Zipf's law. */
enum { DESIGNATORS = 6, NUMBERS = 10, NAMES = 40, TOPICAL = 120 };

/* Zipf's law, 1 / (rank + shift)^exponent, the tail steeper as it is in large
 * corpora (Ferrer i Cancho and Solé 2001, doi:10.1076/jqul.8.3.165.4101). */
static const double ZIPF_EXPONENT = 1.0;
static const double ZIPF_SHIFT = 2;
static const double TAIL_EXPONENT = 2.0;
enum { TAIL_RANK = 6000 };
static const double HEAPS_FACTOR = 4;
static const double HEAPS_EXPONENT = 0.6;

/* Commonest first; each form is a word of its own. */
static const char *const function_words[] = {
    "і",     "в",    "на",   "з",    "не",    "що",     "до",    "у",   "за",
    "про",   "та",   "як",   "для",  "від",   "й",      "по",    "а",   "це",
    "його",  "але",  "він",  "які",  "або",   "через",  "під",   "із",  "також",
    "який",  "при",  "яка",  "було", "після", "вони",   "буде",  "був", "її",
    "були",  "ми",   "так",  "ще",   "то",    "щодо",   "вже",   "їх",  "тому",
    "цього", "між",  "щоб",  "якщо", "проти", "тільки", "яких",  "я",   "вона",
    "перед", "була", "того", "чи",   "усіх",  "де",     "понад", "без", "зі",
};

static const char *const designators[] = {
    "С-300",      "F-16",   "155-мм", "С-400",  "Су-34",  "Ту-95",
    "Іскандер-М", "Х-101",  "HIMARS", "ATACMS", "122-мм", "Т-72",
    "Shahed-136", "БМП-2",  "Ка-52",  "MQ-9",   "М777",   "АН-124",
    "Мі-8",       "МіГ-29", "ЗРК",    "НАТО",   "ЄС",     "ООН",
};

static const char *const source_kinds[] = {
    "Вісник", "Хвиля", "Голос", "Новини", "Пошта", "Огляд", "Агенція", "Час"};
static const char *const source_places[] = {
    "Полісся", "Поділля", "Слобожанщини", "Прикарпаття", "Таврії"};

/* How an invented name ends, in some of its cases. */
enum { CASES = 5 };
static const char *const name_endings[][CASES] = {
    {"енко", "енка", "енку", "енком", "енкові"},
    {"ський", "ського", "ському", "ським", "ські"},
    {"ук", "ука", "уку", "уком", "укові"},
    {"івка", "івки", "івці", "івку", "івкою"},
    {"ин", "ина", "ину", "ином", "инові"},
    {"град", "граду", "граді", "градом", "града"},
    {"ович", "овича", "овичу", "овичем", "овичі"},
    {"ія", "ії", "ію", "ією", "ій"},
};

static const char *const onsets[] = {
    "б",  "в",  "г",  "д",  "ж",  "з",  "к",  "л",  "м",  "н",
    "п",  "р",  "с",  "т",  "ф",  "х",  "ч",  "ш",  "бр", "гр",
    "др", "зл", "кр", "мл", "пл", "св", "ст", "тр", "хм", "шк"};
static const char *const vowels[] = {"а", "о", "у", "и", "е", "і"};

/* ---- What compile.h wants of its program --------------------------------- */

_Noreturn void compile_fail(const char *what, const char *subject)
{
    fprintf(stderr, "generate_news: %s: %s\n", what, subject);
    exit(EXIT_FAILURE);
}

void *compile_grow(void *items, size_t count, size_t *room, size_t size)
{
    enum { ROOM_FIRST = 64 };
    if (count < *room) {
        return items;
    }
    size_t more = *room > 0 ? 2 * *room : ROOM_FIRST;
    void *moved = more < SIZE_MAX / size ? realloc(items, more * size) : NULL;
    if (moved == NULL) {
        compile_fail("no memory", "vocabulary");
    }
    *room = more;
    return moved;
}

/* ---- Chance -------------------------------------------------------------- */

/* splitmix64, https://prng.di.unimi.it/splitmix64.c */
static uint64_t mix(uint64_t value)
{
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
    value = (value ^ value >> 27) * 0x94d049bb133111ebu;
    return value ^ value >> 31;
}

static uint64_t draw(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15u;
    return mix(*state);
}

/* In [0, 1). */
static double draw_share(uint64_t *state)
{
    return (double)(draw(state) >> 11) * 0x1p-53;
}

static size_t draw_below(uint64_t *state, size_t bound)
{
    return (size_t)(draw_share(state) * (double)bound);
}

/* About normal, mean 0 and variance 1. */
static double draw_normal(uint64_t *state)
{
    double sum = 0;
    for (int i = 0; i < 12; i++) {
        sum += draw_share(state);
    }
    return sum - 6;
}

static const char *draw_text(uint64_t *state, const char *const *texts,
                             size_t count)
{
    return texts[draw_below(state, count)];
}

/* ---- Letters ------------------------------------------------------------- */

/* How far the small letter is from the capital, for a Ukrainian capital. */
static unsigned capital_distance(unsigned letter)
{
    if (letter >= 0x410 && letter <= 0x42f) {
        return 0x20;
    }
    if (letter == 0x404 || letter == 0x406 || letter == 0x407) {
        return 0x50;
    }
    return letter == 0x490 ? 1 : 0;
}

/* The letter at `text` if it is of two bytes, else 0. */
static unsigned letter_at(const char *text)
{
    unsigned char first = (unsigned char)text[0];
    return (first & 0xe0u) == 0xc0
               ? (first & 0x1fu) << 6 | ((unsigned char)text[1] & 0x3fu)
               : 0;
}

static void letter_set(char *text, unsigned letter)
{
    text[0] = (char)(0xc0u | letter >> 6);
    text[1] = (char)(0x80u | (letter & 0x3fu));
}

/* Writes a word that begins with a small letter with a capital. */
static void put_capital(const char *word)
{
    unsigned letter = letter_at(word);
    for (unsigned distance = 1; letter != 0; distance++) {
        if (capital_distance(letter - distance) == distance) {
            char capital[2];
            letter_set(capital, letter - distance);
            fwrite_unlocked(capital, 1, 2, stdout);
            fputs_unlocked(word + 2, stdout);
            return;
        }
        if (distance == 0x50) {
            break;
        }
    }
    fputs_unlocked(word, stdout);
}

/* ---- Vocabulary ---------------------------------------------------------- */

struct lemma {
    uint64_t order; /* rank by rising order */
    size_t first;   /* form */
    size_t count;
};

struct vocabulary {
    struct strings *common;
    unsigned char *bands; /* by the number of a string in `common` */
    size_t bands_room;
    struct lemma *lemmas;
    size_t count;
    size_t room;
    size_t *forms; /* offsets in `text` */
    size_t form_count;
    size_t form_room;
    char *text;
    size_t text_size;
    size_t text_room;
    bool skipping;      /* the forms of the entry at hand are not wanted */
    double *cumulative; /* by rank: the share of it and all before */
};

static void add_form(struct vocabulary *words, const char *form)
{
    size_t size = strlen(form) + 1;
    while (words->text_room - words->text_size < size) {
        words->text =
            compile_grow(words->text, words->text_room, &words->text_room, 1);
    }
    words->forms = compile_grow(words->forms, words->form_count,
                                &words->form_room, sizeof *words->forms);
    words->forms[words->form_count++] = words->text_size;
    memcpy(words->text + words->text_size, form, size);
    words->text_size += size;
    words->lemmas[words->count - 1].count++;
}

static void add_lemma(struct vocabulary *words, uint64_t order)
{
    words->lemmas = compile_grow(words->lemmas, words->count, &words->room,
                                 sizeof *words->lemmas);
    words->lemmas[words->count++] =
        (struct lemma){.order = order, .first = words->form_count};
}

/* The band of an entry, or -1 for one that is not taken: abbreviations, and
 * names but those of the first band (Київ). Others are invented here, so that
 * nothing is said of anybody. */
static int band_of(const struct vocabulary *words, const char *entry)
{
    char small[2 * EXPAND_WORD_MAX];
    size_t length = strlen(entry);
    if (length < 4 || length >= sizeof small || letter_at(entry) == 0) {
        return -1;
    }
    memcpy(small, entry, length + 1);
    unsigned capital = capital_distance(letter_at(small));
    if (capital > 0) {
        letter_set(small, letter_at(small) + capital);
    }
    for (const char *at = small; *at != '\0';) {
        unsigned letter = letter_at(at);
        if (capital_distance(letter) > 0 || (letter == 0 && *at == '.')) {
            return -1;
        }
        at += letter != 0 ? 2 : 1;
    }
    uint32_t number = strings_find(words->common, small, length);
    if (number == UINT32_MAX) {
        return capital > 0 ? -1 : BAND_REST;
    }
    return capital > 0 && words->bands[number] > 0 ? -1 : words->bands[number];
}

static void take_form(const struct expansion *expansion, void *payload)
{
    struct vocabulary *words = payload;
    if (expansion->flag == 0) {
        int band = band_of(words, expansion->entry);
        words->skipping = band < 0;
        if (!words->skipping) {
            uint64_t hash = 0;
            for (const char *at = expansion->entry; *at != '\0'; at++) {
                hash = mix(hash + (unsigned char)*at + 1);
            }
            add_lemma(words, ((uint64_t)band + 1) << 48 | hash >> 16);
        }
    }
    if (!words->skipping && words->lemmas[words->count - 1].count < FORMS_MAX) {
        add_form(words, expansion->form);
    }
}

/* Lines of words; "@ N" begins a band, # a comment. */
static void read_common(struct vocabulary *words, const char *path)
{
    FILE *file = fopen(path, "re");
    char line[4096];
    int band = 0;
    if (file == NULL) {
        compile_fail("cannot read the common words", path);
    }
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] == '#' || sscanf(line, "@ %d", &band) == 1) {
            continue;
        }
        char *rest = line;
        for (char *word; (word = strsep(&rest, " \n")) != NULL;) {
            uint32_t number = strings_add(words->common, word, strlen(word));
            words->bands =
                compile_grow(words->bands, number, &words->bands_room, 1);
            words->bands[number] = (unsigned char)band;
        }
    }
    fclose(file);
}

static int compare_lemmas(const void *a, const void *b)
{
    const struct lemma *one = a;
    const struct lemma *other = b;
    return (one->order > other->order) - (one->order < other->order);
}

static void read_vocabulary(struct vocabulary *words)
{
    words->common = strings_new();
    read_common(words, GENERATE_COMMON);
    for (size_t i = 0; i < COUNT(function_words); i++) {
        add_lemma(words, i);
        add_form(words, function_words[i]);
    }
    struct affixes *affixes = affixes_read(GENERATE_HUNSPELL "/uk_UA.aff");
    affixes_expand(affixes, GENERATE_HUNSPELL "/uk_UA.dic", take_form, words);
    affixes_free(affixes);
    qsort(words->lemmas, words->count, sizeof *words->lemmas, compare_lemmas);
    words->cumulative = calloc(words->count, sizeof *words->cumulative);
    if (words->cumulative == NULL) {
        compile_fail("no memory", "vocabulary");
    }
    double sum = 0;
    for (size_t rank = 0; rank < words->count; rank++) {
        double share = 1 / pow((double)(rank + 1) + ZIPF_SHIFT, ZIPF_EXPONENT);
        if (rank > TAIL_RANK) {
            share *=
                pow((double)rank / TAIL_RANK, ZIPF_EXPONENT - TAIL_EXPONENT);
        }
        sum += share;
        words->cumulative[rank] = sum;
    }
}

static void free_vocabulary(struct vocabulary *words)
{
    strings_free(words->common);
    free(words->bands);
    free(words->lemmas);
    free(words->forms);
    free(words->text);
    free(words->cumulative);
}

/* A rank by Zipf's law. */
static size_t draw_rank(const struct vocabulary *words, uint64_t *chance)
{
    double wanted = draw_share(chance) * words->cumulative[words->count - 1];
    size_t low = 0;
    size_t high = words->count - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (words->cumulative[middle] > wanted) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

static const char *draw_form(const struct vocabulary *words, uint64_t *chance,
                             size_t rank)
{
    const struct lemma *lemma = &words->lemmas[rank];
    double share = draw_share(chance);
    size_t i = (size_t)(share * share * share * share * (double)lemma->count);
    return words->text + words->forms[lemma->first + i];
}

/* ---- News ---------------------------------------------------------------- */

/* A name is made of its number whenever it is needed. */
struct news {
    struct vocabulary words;
    uint64_t seed;
    uint64_t chance;
    double written;   /* words so far */
    size_t names;     /* names so far */
    double next_name; /* at which word the next one appears */
    size_t topics[TOPICS];
    size_t protagonists[PROTAGONISTS];
};

/* The number of a name: a new one when it is due, else an old one. */
static size_t draw_name(struct news *news)
{
    if (news->written >= news->next_name) {
        news->names++;
        news->next_name =
            pow((double)(news->names + 1) / HEAPS_FACTOR, 1 / HEAPS_EXPONENT);
        return news->names - 1;
    }
    return (size_t)(pow((double)news->names + 1, draw_share(&news->chance)) -
                    1);
}

static void put_name(struct news *news, size_t number)
{
    char text[64] = "";
    char *at = text;
    uint64_t chance = news->seed ^ mix(number + 1);
    for (size_t left = 1 + draw_below(&chance, 3); left > 0; left--) {
        at = stpcpy(at, draw_text(&chance, onsets, COUNT(onsets)));
        at = stpcpy(at, draw_text(&chance, vowels, COUNT(vowels)));
    }
    at = stpcpy(at, draw_text(&chance, onsets, COUNT(onsets)));
    size_t kind = draw_below(&chance, COUNT(name_endings));
    double share = draw_share(&news->chance);
    stpcpy(at, name_endings[kind][(size_t)(share * share * CASES)]);
    put_capital(text);
}

static void put_name_of_document(struct news *news)
{
    size_t place = draw_below(&news->chance, PROTAGONISTS + 1);
    size_t number = place < PROTAGONISTS && news->written < news->next_name
                        ? news->protagonists[place]
                        : draw_name(news);
    if (place < PROTAGONISTS) {
        news->protagonists[place] = number;
    }
    put_name(news, number);
}

static void put_word(struct news *news, bool capital)
{
    uint64_t *chance = &news->chance;
    size_t kind = draw_below(chance, 1000);
    size_t rank;
    news->written++;
    if (kind < DESIGNATORS) {
        double share = draw_share(chance);
        fputs_unlocked(
            designators[(size_t)(share * share * COUNT(designators))], stdout);
        return;
    }
    if (kind < DESIGNATORS + NUMBERS) {
        double share = draw_share(chance);
        printf("%.0f", floor(pow(3000, share)));
        return;
    }
    if (kind < DESIGNATORS + NUMBERS + NAMES) {
        put_name_of_document(news);
        return;
    }
    if (kind < DESIGNATORS + NUMBERS + NAMES + TOPICAL) {
        rank = news->topics[draw_below(chance, TOPICS)];
    } else {
        rank = draw_rank(&news->words, chance);
    }
    const char *form = draw_form(&news->words, chance, rank);
    if (capital) {
        put_capital(form);
    } else {
        fputs_unlocked(form, stdout);
    }
}

/* `count` words with some punctuation between them. */
static void put_words(struct news *news, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            size_t mark = draw_below(&news->chance, 100);
            fputs_unlocked(mark < 8 ? ", " : mark < 9 ? " — " : " ", stdout);
        }
        bool quoted = draw_below(&news->chance, 200) == 0;
        fputs_unlocked(quoted ? "«" : "", stdout);
        put_word(news, i == 0 || quoted);
        fputs_unlocked(quoted ? "»" : "", stdout);
    }
}

static void put_date(struct news *news)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    size_t month = draw_below(&news->chance, 12);
    printf("%d-%02zu-%02zu", YEAR_FIRST + (int)draw_below(&news->chance, YEARS),
           month + 1, 1 + draw_below(&news->chance, (size_t)days[month]));
}

static void put_source(struct news *news)
{
    double share = draw_share(&news->chance);
    size_t number =
        (size_t)(share * share *
                 (double)(COUNT(source_kinds) * COUNT(source_places)));
    printf("%s %s", source_kinds[number % COUNT(source_kinds)],
           source_places[number / COUNT(source_kinds)]);
}

/* Log-normal: half of the documents are over 255 words, the mean is 280. */
static size_t draw_length(struct news *news)
{
    double length = 255 * exp(0.45 * draw_normal(&news->chance));
    return length < 120 ? 120 : length > 600 ? 600 : (size_t)length;
}

static void put_text(struct news *news)
{
    enum { SENTENCE_MIN = 8, SENTENCE_MAX = 25 };
    size_t left = draw_length(news);
    while (left > 0) {
        size_t count =
            SENTENCE_MIN +
            draw_below(&news->chance, SENTENCE_MAX + 1 - SENTENCE_MIN);
        count = count + SENTENCE_MIN > left ? left : count;
        put_words(news, count);
        left -= count;
        fputs_unlocked(left == 0                           ? "."
                       : draw_below(&news->chance, 4) == 0 ? ".\\n\\n"
                                                           : ". ",
                       stdout);
    }
}

static void put_document(struct news *news, uint64_t number)
{
    for (size_t i = 0; i < TOPICS; i++) {
        do {
            news->topics[i] = draw_rank(&news->words, &news->chance);
        } while (news->topics[i] < COUNT(function_words));
    }
    for (size_t i = 0; i < PROTAGONISTS; i++) {
        news->protagonists[i] = draw_name(news);
    }
    printf("{\"id\":\"news-%08llu\",\"title\":\"", (unsigned long long)number);
    put_words(news, 5 + draw_below(&news->chance, 6));
    fputs_unlocked("\",\"text\":\"", stdout);
    put_text(news);
    fputs_unlocked("\",\"date\":\"", stdout);
    put_date(news);
    fputs_unlocked("\",\"source\":\"", stdout);
    put_source(news);
    fputs_unlocked("\",\"lang\":\"uk\"}\n", stdout);
}

static uint64_t read_number(const char *text)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0) {
        compile_fail("not a number", text);
    }
    return number;
}

int main(int argc, char **argv)
{
    static char buffer[OUTPUT_BUFFER];
    if (argc < 2 || argc > 3) {
        compile_fail("usage", "generate_news N [SEED]");
    }
    uint64_t count = read_number(argv[1]);
    struct news news = {.seed = mix(argc > 2 ? read_number(argv[2]) : 1)};
    news.chance = news.seed;
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    read_vocabulary(&news.words);
    for (uint64_t i = 1; i <= count && !ferror(stdout); i++) {
        put_document(&news, i);
    }
    free_vocabulary(&news.words);
    if (ferror(stdout) || fclose(stdout) != 0) {
        compile_fail("cannot write", "standard output");
    }
    return EXIT_SUCCESS;
}
