/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compile_names OUTPUT TABLE…: the tables of names/ into the C source of what
 * sounds.h declares. Run by the build, and stops it at a line that is wrong. */
#include <stdio.h>
#include <stdlib.h>

#include <unicode/uchar.h>

#include "sounds.h"

enum { MEMBERS_MAX = 32768, TEXT_MAX = 1 << 19, LINE_BYTES = 1024 };

struct member {
    const char *sounds;
    const char *key;
    bool plural;
    uint32_t at; /* of its sounds, in what is written */
};

static struct member members[MEMBERS_MAX];
static size_t count;
static char text[TEXT_MAX];
static size_t used;

/* The line at work. */
static const char *path;
static size_t line;

static _Noreturn void fail(const char *what, const char *subject)
{
    fprintf(stderr, "compile_names: %s:%zu: %s: %s\n", path, line, what,
            subject);
    exit(EXIT_FAILURE);
}

/* ---- Reading ----------------------------------------------------------- */

/* Small letters, into `out` with room for twice as many bytes. */
static size_t fold(const char *name, char *out)
{
    size_t length = strlen(name);
    size_t size = 0;
    for (size_t at = 0; at < length;) {
        uint32_t code;
        size_t n = utf8_decode(name + at, length - at, &code);
        if (n == 0) {
            fail("not valid UTF-8", name);
        }
        size += utf8_encode((uint32_t)u_tolower((UChar32)code), out + size);
        at += n;
    }
    return size;
}

/* The key of a group is that of its first sounds: `key` is NULL before. */
static void add_name(const char *name, bool plural, const char **key)
{
    char form[2 * LINE_BYTES];
    struct readings readings;
    readings_of(form, fold(name, form), true, &readings);
    if (readings.count == 0) {
        fail(
            "no name in Latin or Cyrillic letters; names are parted by \" = \"",
            name);
    }
    for (size_t i = 0; i < readings.count; i++) {
        const struct sounds *sounds = &readings.items[i];
        if (count == MEMBERS_MAX || sounds->length + 1 > TEXT_MAX - used) {
            fail("no room, raise the limits of compile_names.c", name);
        }
        char *copy = memcpy(text + used, sounds->text, sounds->length + 1);
        used += sounds->length + 1;
        *key = *key == NULL ? copy : *key;
        members[count++] =
            (struct member){.sounds = copy, .key = *key, .plural = plural};
    }
}

static void add_line(char *name)
{
    static const char sign[] = " = ";
    const char *key = NULL;
    bool plural = strncmp(name, "+ ", 2) == 0;
    name += plural ? 2 : 0;
    while (name != NULL) {
        char *end = strstr(name, sign);
        if (end != NULL) {
            *end = '\0';
        }
        add_name(name, plural, &key);
        name = end == NULL ? NULL : end + strlen(sign);
    }
}

static void read_table(void)
{
    char buffer[LINE_BYTES];
    FILE *file = fopen(path, "r");
    line = 0;
    if (file == NULL) {
        fail("cannot read", path);
    }
    while (fgets(buffer, sizeof buffer, file) != NULL) {
        size_t length = strcspn(buffer, "\n");
        line++;
        if (length + 1 == sizeof buffer) {
            fail("too long a line", buffer);
        }
        while (length > 0 && buffer[length - 1] == ' ') {
            length--;
        }
        buffer[length] = '\0';
        if (length > 0 && buffer[0] != '#') {
            add_line(buffer);
        }
    }
    if (ferror(file) != 0 || fclose(file) != 0) {
        fail("cannot read", path);
    }
}

/* ---- Writing ----------------------------------------------------------- */

/* By sounds, then as the tables have them. */
static int by_sounds(const void *a, const void *b)
{
    const struct member *x = a;
    const struct member *y = b;
    int order = strcmp(x->sounds, y->sounds);
    return order != 0 ? order
                      : (x->sounds > y->sounds) - (x->sounds < y->sounds);
}

static int by_text(const void *sounds, const void *member)
{
    return strcmp(sounds, ((const struct member *)member)->sounds);
}

/* Every string once, since equal ones are neighbours. */
static void write_text(FILE *file)
{
    uint32_t size = 0;
    fprintf(file, "const char names_text[] = {\n");
    for (size_t i = 0; i < count; i++) {
        const char *sounds = members[i].sounds;
        if (i > 0 && strcmp(sounds, members[i - 1].sounds) == 0) {
            members[i].at = members[i - 1].at;
            continue;
        }
        members[i].at = size;
        size += (uint32_t)strlen(sounds) + 1;
        for (; *sounds != '\0'; sounds++) {
            fprintf(file, "'%c', ", *sounds);
        }
        fprintf(file, "0,\n");
    }
    fprintf(file, "};\n\n");
}

static void write_members(FILE *file)
{
    fprintf(file, "const struct name_member names_members[] = {\n");
    for (size_t i = 0; i < count; i++) {
        const struct member *key =
            bsearch(members[i].key, members, count, sizeof *members, by_text);
        fprintf(file, "    {%u, %u, %d},\n", members[i].at, key->at,
                members[i].plural);
    }
    fprintf(file, "};\n\nconst size_t names_count = %zu;\n", count);
}

int main(int argc, char **argv)
{
    path = "latin.c";
    const char *rule = latin_misplaced();
    if (rule != NULL) {
        fail("a rule is too long or out of order", rule);
    }
    for (int i = 2; i < argc; i++) {
        path = argv[i];
        read_table();
    }
    path = argc > 1 ? argv[1] : "OUTPUT";
    line = 0;
    if (count == 0) {
        fail("usage", "compile_names OUTPUT TABLE...");
    }
    qsort(members, count, sizeof *members, by_sounds);
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        fail("cannot write", path);
    }
    fprintf(file, "/* Made by compile_names. */\n#include \"sounds.h\"\n\n");
    write_text(file);
    write_members(file);
    if (ferror(file) != 0 || fclose(file) != 0) {
        remove(path);
        fail("cannot write", path);
    }
    return EXIT_SUCCESS;
}
