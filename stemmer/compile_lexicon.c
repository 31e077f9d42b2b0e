/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * compile_lexicon AFF DIC COMMON JOINS OUTPUT: a hunspell dictionary of
 * Ukrainian into the C source of the tables of lexicon.h. Run by the build.
 */
#include "compile.h"

#include <stdlib.h>
#include <string.h>

_Noreturn void compile_fail(const char *what, const char *subject)
{
    fprintf(stderr, "compile_lexicon: %s: %s\n", what, subject);
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
        compile_fail("no memory", "table");
    }
    *room = more;
    return moved;
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        compile_fail("usage", "compile_lexicon AFF DIC COMMON JOINS OUTPUT");
    }
    struct lexemes all = {.strings = strings_new()};
    struct affixes *affixes = affixes_read(argv[1]);
    affixes_expand(affixes, argv[2], lexemes_add, &all);
    bare_join(&all, affixes);
    family_join(&all);
    lists_read_joins(&all, argv[4]);
    lists_read_common(&all, argv[3]);
    struct choices choices = {0};
    choices_make(&choices, &all);
    FILE *file = fopen(argv[5], "w");
    if (file == NULL) {
        compile_fail("cannot write", argv[5]);
    }
    table_write(&choices, all.strings, file);
    if (ferror(file) != 0 || fclose(file) != 0) {
        remove(argv[5]);
        compile_fail("cannot write", argv[5]);
    }
    choices_free(&choices);
    affixes_free(affixes);
    strings_free(all.strings);
    lexemes_free(&all);
    return EXIT_SUCCESS;
}
