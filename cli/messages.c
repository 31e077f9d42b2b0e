/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages in the language that the environment asks for. The locale of the
 * process is never set: only the calls of gettext here see another one, so
 * nothing that programs read can depend on it. The library writes whole
 * sentences in English; of them the message is found that they were made of. */
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

#define DOMAIN "shukach"
/* Of the gettext manual: parts a context from the text in a catalogue. */
#define CONTEXT_END "\004"
/* No message has more directives; none stands deeper within another. */
#define ARGUMENTS_MAX 8
#define DEPTH_MAX 3

/* ---- The locale ---------------------------------------------------------- */

static const char *locale_asked(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && *value != '\0') {
            return value;
        }
    }
    return "C";
}

/* Where the catalogues are, seen from the program: beside it in the folder of
 * a build, else where they are installed. False if it is not known. */
static bool bind_catalogues(void)
{
    char path[PATH_MAX + sizeof PROGRAM_TO_LOCALE + 16];
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX);
    if (length <= 0) {
        return false;
    }
    path[length] = '\0';
    char *folder = strrchr(path, '/') + 1;
    size_t left = sizeof path - (size_t)(folder - path);
    snprintf(folder, left, "locale/.");
    if (access(path, F_OK) != 0) {
        snprintf(folder, left, PROGRAM_TO_LOCALE);
    }
    return bindtextdomain(DOMAIN, path) != NULL &&
           bind_textdomain_codeset(DOMAIN, "UTF-8") != NULL;
}

/* A locale for messages alone, or 0 for English. One that is not installed
 * has no catalogues for gettext; C.UTF-8 is always there and asks LANGUAGE. */
static locale_t open_locale(void)
{
    const char *name = locale_asked();
    const char *language = getenv("LANGUAGE");
    if (strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0 ||
        !bind_catalogues()) {
        return (locale_t)0;
    }
    locale_t locale = newlocale(LC_MESSAGES_MASK, name, (locale_t)0);
    if (locale == (locale_t)0) {
        locale = newlocale(LC_MESSAGES_MASK, "C.UTF-8", (locale_t)0);
        if (language == NULL || *language == '\0') {
            setenv("LANGUAGE", name, 1);
        }
    }
    return locale;
}

/* Asked for once, when there is a first message. */
static locale_t message_locale(void)
{
    static locale_t locale;
    static bool known = false;
    if (!known) {
        locale = open_locale();
        known = true;
    }
    return locale;
}

/* ---- Messages of the program --------------------------------------------- */

const char *translate_count(const char *one, const char *many, uint64_t count)
{
    locale_t locale = message_locale();
    if (locale == (locale_t)0) {
        return count == 1 ? one : many;
    }
    locale_t before = uselocale(locale);
    const char *text = dngettext(DOMAIN, one, many, (unsigned long)count);
    uselocale(before);
    return text;
}

const char *translate(const char *text)
{
    locale_t locale = message_locale();
    if (locale == (locale_t)0 || *text == '\0') {
        return text;
    }
    locale_t before = uselocale(locale);
    const char *found = dgettext(DOMAIN, text);
    uselocale(before);
    return found;
}

const char *translate_in(const char *context, const char *text)
{
    char key[128];
    snprintf(key, sizeof key, "%s" CONTEXT_END "%s", context, text);
    const char *found = translate(key);
    return found == key ? text : found;
}

/* ---- Sentences of the library -------------------------------------------- */

/* What stands in a sentence for a directive. */
struct argument {
    const char *text;
    size_t length;
    bool words; /* of %s; else a number */
};

struct sentence {
    struct argument arguments[ARGUMENTS_MAX];
    size_t count;
};

struct output {
    char *at;
    size_t left;
};

/* The end of the directive at `format`, as %zu, %.40s and %2$s are. */
static const char *directive_end(const char *format)
{
    return format + 1 + strcspn(format + 1, "csdufx") + 1;
}

static bool match(const char *format, const char *text,
                  struct sentence *sentence);

/* The same where the format begins with a directive. */
static bool match_argument(const char *format, const char *text,
                           struct sentence *sentence)
{
    const char *rest = directive_end(format);
    bool words = rest[-1] == 's';
    size_t most = words ? strlen(text) : strspn(text, "0123456789.-");
    size_t index = sentence->count;
    if (index == ARGUMENTS_MAX) {
        return false;
    }
    for (size_t length = *rest == '\0' ? most : 0; length <= most; length++) {
        sentence->arguments[index] = (struct argument){text, length, words};
        sentence->count = index + 1;
        if (match(rest, text + length, sentence)) {
            return true;
        }
    }
    return false;
}

/* Whether the format can have made the text, and of what. */
static bool match(const char *format, const char *text,
                  struct sentence *sentence)
{
    for (; *format != '\0'; format++, text++) {
        if (*format == '%' && format[1] != '%') {
            return match_argument(format, text, sentence);
        }
        format += *format == '%';
        if (*format != *text) {
            return false;
        }
    }
    return *text == '\0';
}

/* How much of a format is no directive. */
static size_t letters_of(const char *format)
{
    size_t count = 0;
    const char *next;
    while ((next = strchr(format, '%')) != NULL) {
        count += (size_t)(next - format);
        format = next[1] == '%' ? next + 2 : directive_end(next);
    }
    return count + strlen(format);
}

/* The message that says most of the sentence, or NULL. */
static const char *find_message(const char *text, struct sentence *out)
{
    const char *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < message_format_count; i++) {
        struct sentence sentence = {.count = 0};
        const char *format = message_formats[i];
        size_t letters = letters_of(format);
        if (letters > most && match(format, text, &sentence)) {
            best = format;
            most = letters;
            *out = sentence;
        }
    }
    return best;
}

static void put(struct output *out, const char *text, size_t length)
{
    length = length < out->left ? length : out->left;
    memcpy(out->at, text, length);
    out->at += length;
    out->left -= length;
}

static void put_sentence(struct output *out, const char *text, size_t length,
                         int depth);

/* A translated format with what the sentence says for its directives. */
static void put_filled(struct output *out, const char *format,
                       const struct sentence *sentence, int depth)
{
    size_t next = 0;
    while (*format != '\0') {
        size_t plain = strcspn(format, "%");
        put(out, format, plain);
        format += plain;
        if (*format == '\0' || format[1] == '%') {
            put(out, "%", *format != '\0');
            format += *format == '\0' ? 0 : 2;
            continue;
        }
        char *end;
        unsigned long number = strtoul(format + 1, &end, 10);
        size_t index = *end == '$' ? number - 1 : next++;
        if (index < sentence->count) {
            const struct argument *argument = &sentence->arguments[index];
            put_sentence(out, argument->text, argument->length,
                         argument->words ? depth + 1 : DEPTH_MAX);
        }
        format = directive_end(format);
    }
}

/* A text that is no message, as a path, stays as it is. */
static void put_sentence(struct output *out, const char *text, size_t length,
                         int depth)
{
    char sentence[SENTENCE_MAX];
    struct sentence parts;
    if (depth == DEPTH_MAX || length >= sizeof sentence) {
        put(out, text, length);
        return;
    }
    memcpy(sentence, text, length);
    sentence[length] = '\0';
    const char *found = translate(sentence);
    const char *format =
        found == sentence ? find_message(sentence, &parts) : NULL;
    if (format != NULL) {
        put_filled(out, translate(format), &parts, depth);
    } else {
        put(out, found, found == sentence ? length : strlen(found));
    }
}

const char *translate_sentence(const char *sentence)
{
    static char text[4 * SENTENCE_MAX];
    if (message_locale() == (locale_t)0) {
        return sentence;
    }
    struct output out = {text, sizeof text - 1};
    put_sentence(&out, sentence, strlen(sentence), 0);
    *out.at = '\0';
    return text;
}
