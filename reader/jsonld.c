/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What news sites say of an article in JSON-LD (https://schema.org). */
#include <jansson.h>

#include "format.h"

/* Only the first text of a field is taken. */
static void add_string(struct buf *out, const json_t *value)
{
    if (out->length == 0 && json_is_string(value)) {
        buf_add(out, json_string_value(value), json_string_length(value));
    }
}

/* A person is a name, or an object with one. */
static const json_t *name_of(const json_t *person)
{
    return json_is_object(person) ? json_object_get(person, "name") : person;
}

static void add_author(struct buf *out, const json_t *author)
{
    if (out->length > 0) {
        return;
    }
    if (!json_is_array(author)) {
        add_string(out, name_of(author));
        return;
    }
    for (size_t i = 0; i < json_array_size(author); i++) {
        const json_t *name = name_of(json_array_get(author, i));
        if (json_is_string(name) && json_string_length(name) > 0) {
            buf_add_text(out, out->length > 0 ? ", " : "");
            buf_add(out, json_string_value(name), json_string_length(name));
        }
    }
}

/* Only a thing with a headline is an article: others on the page, such as
 * its web site or its pictures, have dates and authors of their own. */
static void add_thing(struct jsonld *out, const json_t *thing)
{
    const json_t *headline = json_object_get(thing, "headline");
    if (json_is_string(headline)) {
        add_string(&out->headline, headline);
        add_string(&out->date, json_object_get(thing, "datePublished"));
        add_author(&out->author, json_object_get(thing, "author"));
    }
}

static void add_things(struct jsonld *out, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        add_thing(out, json_array_get(list, i));
    }
}

void jsonld_read(const char *text, size_t length, struct jsonld *out)
{
    json_t *root = json_loadb(text, length, 0, NULL);
    if (root == NULL) {
        return;
    }
    add_thing(out, root);
    add_things(out, root);
    add_things(out, json_object_get(root, "@graph"));
    json_decref(root);
}
