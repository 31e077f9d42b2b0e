/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSS 2.0, RSS 1.0 and Atom: an entry is a document. */
#include <stdlib.h>

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "format.h"

#define NS_ATOM "http://www.w3.org/2005/Atom"
#define NS_CONTENT "http://purl.org/rss/1.0/modules/content/"
#define NS_DC "http://purl.org/dc/elements/1.1/"
#define NS_RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define NS_YANDEX "http://news.yandex.ru"

struct feed {
    struct shukach_reader *reader;
    const struct xml_watch *watch;
    bool nomem;
    struct buf value; /* of the field in hand */
    struct buf source;
    struct buf author;
    size_t entries;
};

/* ---- Repair ------------------------------------------------------------ */

/* Copies as many bytes as the XML construct at `at` that is no markup:
 * a CDATA section or a comment. 0 if it is none. */
static size_t copy_verbatim(const char *at, size_t left, struct buf *out)
{
    static const struct {
        const char *from;
        const char *to;
    } sections[] = {{"<![CDATA[", "]]>"}, {"<!--", "-->"}};
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        size_t n = strlen(sections[i].from);
        if (left < n || memcmp(at, sections[i].from, n) != 0) {
            continue;
        }
        const char *end = memmem(at + n, left - n, sections[i].to, 3);
        size_t length = end != NULL ? (size_t)(end - at) + 3 : left;
        buf_add(out, at, length);
        return length;
    }
    return 0;
}

static bool is_name(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

/* Copies what an ampersand begins; how many bytes it was. References that
 * XML itself knows stay; those of HTML become the character; any other, and
 * with that all the entities a document declares for itself, becomes plain
 * text: so nothing can be blown up by expansion. */
static size_t copy_reference(const char *at, size_t left, struct buf *out)
{
    enum { LONGEST = 10 }; /* "&thetasym;" */
    static const char *const own[] = {"amp", "lt", "gt", "quot", "apos"};
    char name[LONGEST];
    size_t n = 1;
    while (n < left && n < LONGEST && (at[n] == '#' || is_name(at[n]))) {
        n++;
    }
    if (n == 1 || n == left || at[n] != ';') {
        buf_add_text(out, "&amp;");
        return 1;
    }
    memcpy(name, at + 1, n - 1);
    name[n - 1] = '\0';
    bool keep = name[0] == '#';
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        keep = keep || strcmp(name, own[i]) == 0;
    }
    if (keep) {
        buf_add(out, at, n + 1);
        return n + 1;
    }
    const htmlEntityDesc *entity = htmlEntityLookup((const xmlChar *)name);
    if (entity == NULL) {
        buf_add_text(out, "&amp;");
        return 1;
    }
    char bytes[4];
    buf_add(out, bytes, utf8_encode(entity->value, bytes));
    return n + 1;
}

/* Copies the feed so that the faults which are common in the wild do not
 * end the parse: bare ampersands, entities of HTML, control characters. */
static void repair(const char *text, size_t length, struct buf *out)
{
    size_t at = 0;
    while (at < length && out->failed == SHUKACH_OK) {
        size_t n = 0;
        unsigned char c = (unsigned char)text[at];
        if (c == '<') {
            n = copy_verbatim(text + at, length - at, out);
        } else if (c == '&') {
            n = copy_reference(text + at, length - at, out);
        } else if (c < ' ' && c != '\n' && c != '\r' && c != '\t') {
            buf_add_char(out, ' ');
            n = 1;
        }
        if (n > 0) {
            at += n;
            continue;
        }
        for (n = 1; at + n < length; n++) {
            c = (unsigned char)text[at + n];
            if (c == '<' || c == '&' || c < ' ') {
                break;
            }
        }
        buf_add(out, text + at, n);
        at += n;
    }
}

/* ---- Parser ------------------------------------------------------------ */

/* The tree up to the first fault; NULL if there is none. */
static xmlDoc *parse(const char *text, size_t length)
{
    if (length == 0 || length > INT32_MAX / 2) {
        return NULL;
    }
    xmlParserCtxtPtr parser = xmlCreateMemoryParserCtxt(text, (int)length);
    if (parser == NULL) {
        return NULL;
    }
    xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOERROR |
                                  XML_PARSE_NOWARNING | XML_PARSE_COMPACT |
                                  XML_PARSE_IGNORE_ENC);
    parser->sax->comment = NULL;
    parser->sax->processingInstruction = NULL;
    parser->sax->entityDecl = NULL;
    xmlParseDocument(parser);
    xmlDoc *doc = parser->myDoc;
    parser->myDoc = NULL;
    xmlFreeParserCtxt(parser);
    return doc;
}

/* Whether the parser gave up inside this element. */
static bool is_cut(const struct xml_watch *watch, const xmlNode *node)
{
    const xmlNode *up = watch->fatal ? watch->open : NULL;
    while (up != NULL && up != node) {
        up = up->parent;
    }
    return up != NULL;
}

/* ---- Fields ------------------------------------------------------------ */

static const char *space_of(const xmlNode *node)
{
    return node->ns != NULL && node->ns->href != NULL
               ? (const char *)node->ns->href
               : "";
}

/* Whether an element has this name, in the namespace given or, if that is
 * NULL, in the one of its parent. */
static bool is_named(const xmlNode *node, const char *space, const char *name)
{
    return flatten_is(node, name) &&
           strcmp(space_of(node),
                  space != NULL ? space : space_of(node->parent)) == 0;
}

static bool attribute_is(const xmlNode *node, const char *name,
                         const char *wanted, bool absent)
{
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
    bool same =
        value != NULL ? strcmp((const char *)value, wanted) == 0 : absent;
    xmlFree(value);
    return same;
}

/* All the character data below a node as it is. */
static void add_raw(const xmlNode *root, struct buf *out)
{
    for (const xmlNode *node = root; node != NULL;
         node = flatten_next(node, root, true)) {
        if ((node->type == XML_TEXT_NODE ||
             node->type == XML_CDATA_SECTION_NODE) &&
            node->content != NULL) {
            buf_add_text(out, (const char *)node->content);
        }
    }
}

/* Character data that is HTML: nearly all of RSS. */
static void add_html(const xmlNode *node, struct buf *out)
{
    struct buf raw;
    buf_init(&raw, out->max);
    add_raw(node, &raw);
    if (raw.failed == SHUKACH_OK) {
        html_flatten(buf_text(&raw), raw.length, out);
    } else {
        out->failed = raw.failed;
    }
    buf_free(&raw);
}

static void take_html(const xmlNode *node, struct buf *out)
{
    if (attribute_is(node, "type", "xhtml", false)) {
        flatten_node(node, out);
    } else if (strcmp(space_of(node), NS_ATOM) == 0 &&
               attribute_is(node, "type", "text", true)) {
        add_raw(node, out);
    } else if (attribute_is(node, "src", "", true)) {
        add_html(node, out);
    }
}

static void take_raw(const xmlNode *node, struct buf *out)
{
    add_raw(node, out);
}

static void take_date(const xmlNode *node, struct buf *out)
{
    char date[DATETIME_SIZE];
    struct buf raw;
    buf_init(&raw, out->max);
    add_raw(node, &raw);
    if (raw.failed != SHUKACH_OK) {
        out->failed = raw.failed;
    } else if (datetime_parse(buf_text(&raw), raw.length, date)) {
        buf_add_text(out, date);
    }
    buf_free(&raw);
}

/* Atom says <link href="…"/>, RSS <link>…</link>. */
static void take_link(const xmlNode *node, struct buf *out)
{
    xmlChar *href = xmlGetNoNsProp(node, (const xmlChar *)"href");
    if (href == NULL) {
        add_raw(node, out);
    } else if (attribute_is(node, "rel", "alternate", true)) {
        buf_add_text(out, (const char *)href);
    }
    xmlFree(href);
}

/* Atom has <author><name>…, RSS "address (name)" or only a name. */
static void take_author(const xmlNode *node, struct buf *out)
{
    for (const xmlNode *child = node->children; child != NULL;
         child = child->next) {
        if (flatten_is(child, "name")) {
            add_raw(child, out);
            return;
        }
    }
    struct buf raw;
    buf_init(&raw, out->max);
    add_raw(node, &raw);
    const char *text = buf_text(&raw);
    const char *open = strchr(text, '(');
    const char *close = strrchr(text, ')');
    if (strchr(text, '@') != NULL && open != NULL && close > open) {
        buf_add(out, open + 1, (size_t)(close - open - 1));
    } else {
        buf_add_text(out, text);
    }
    if (raw.failed != SHUKACH_OK) {
        out->failed = raw.failed;
    }
    buf_free(&raw);
}

/* Best source of a field first. NULL: the namespace of the entry itself. */
static const struct row {
    enum shukach_field field;
    const char *space;
    const char *name;
    void (*take)(const xmlNode *node, struct buf *out);
} rows[] = {
    {SHUKACH_ID, NULL, "guid", take_raw},
    {SHUKACH_ID, NULL, "id", take_raw},
    {SHUKACH_ID, NULL, "link", take_link},
    {SHUKACH_URL, NULL, "link", take_link},
    {SHUKACH_TITLE, NULL, "title", take_html},
    {SHUKACH_TITLE, NS_DC, "title", take_html},
    {SHUKACH_TEXT, NS_YANDEX, "full-text", take_html},
    {SHUKACH_TEXT, NS_CONTENT, "encoded", take_html},
    {SHUKACH_TEXT, "", "content:encoded", take_html},
    {SHUKACH_TEXT, NULL, "content", take_html},
    {SHUKACH_TEXT, NULL, "description", take_html},
    {SHUKACH_TEXT, NULL, "summary", take_html},
    {SHUKACH_TEXT, NS_DC, "description", take_html},
    {SHUKACH_DATE, NULL, "pubDate", take_date},
    {SHUKACH_DATE, NULL, "published", take_date},
    {SHUKACH_DATE, NS_DC, "date", take_date},
    {SHUKACH_DATE, NULL, "updated", take_date},
    {SHUKACH_AUTHOR, NS_DC, "creator", take_author},
    {SHUKACH_AUTHOR, "", "dc:creator", take_author},
    {SHUKACH_AUTHOR, NULL, "author", take_author},
};

/* The value of a row's first element that is not blank; false if none. */
static bool find_value(struct feed *feed, const struct row *row,
                       const xmlNode *entry, const char **text, size_t *length)
{
    struct buf *value = &feed->value;
    for (const xmlNode *node = entry->children; node != NULL;
         node = node->next) {
        if (!is_named(node, row->space, row->name)) {
            continue;
        }
        buf_reset(value);
        row->take(node, value);
        *text = buf_text(value);
        *length = value->length;
        feed->nomem = feed->nomem || value->failed == SHUKACH_NOMEM;
        if (value->failed == SHUKACH_OK && text_trim(text, length)) {
            return true;
        }
    }
    return false;
}

/* ---- Entries ----------------------------------------------------------- */

static enum shukach_status set_if_absent(struct shukach_document *document,
                                         enum shukach_field field,
                                         const char *text, size_t length,
                                         struct shukach_error *err)
{
    size_t present;
    shukach_document_get(document, field, &present);
    return present > 0 ? SHUKACH_OK
                       : document_set(document, field, text, length, err);
}

/* What an entry leaves to the feed, to its title and to its place. */
static enum shukach_status complete(struct feed *feed, const xmlNode *entry,
                                    struct shukach_error *err)
{
    struct shukach_document *document = feed->reader->document;
    const struct {
        enum shukach_field field;
        const struct buf *from;
    } defaults[] = {{SHUKACH_SOURCE, &feed->source},
                    {SHUKACH_AUTHOR, &feed->author}};
    enum shukach_status status = SHUKACH_OK;
    for (size_t i = 0; i < 2 && status == SHUKACH_OK; i++) {
        status = set_if_absent(document, defaults[i].field,
                               buf_text(defaults[i].from),
                               defaults[i].from->length, err);
    }
    /* A feed of headlines: they are the text there is. */
    size_t length;
    const char *title = shukach_document_get(document, SHUKACH_TITLE, &length);
    if (status == SHUKACH_OK) {
        status = set_if_absent(document, SHUKACH_TEXT, title, length, err);
    }
    shukach_document_get(document, SHUKACH_ID, &length);
    if (status != SHUKACH_OK || length > 0) {
        return status;
    }
    xmlChar *about =
        xmlGetNsProp(entry, (const xmlChar *)"about", (const xmlChar *)NS_RDF);
    char suffix[32];
    snprintf(suffix, sizeof suffix, "#%zu", feed->entries);
    status = about != NULL && *about != '\0'
                 ? document_set(document, SHUKACH_ID, (const char *)about,
                                strlen((const char *)about), err)
                 : reader_set_id(feed->reader, suffix, err);
    xmlFree(about);
    return status;
}

static enum shukach_status take_entry(struct feed *feed, const xmlNode *entry,
                                      struct shukach_error *err)
{
    struct shukach_document *document = feed->reader->document;
    enum shukach_status status = SHUKACH_OK;
    document_reset(document);
    feed->entries++;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text;
        size_t length;
        shukach_document_get(document, rows[i].field, &length);
        if (length > 0 || !find_value(feed, &rows[i], entry, &text, &length)) {
            continue;
        }
        status = document_set(document, rows[i].field, text, length, err);
        if (status != SHUKACH_OK) {
            return status;
        }
    }
    status = complete(feed, entry, err);
    if (status != SHUKACH_OK) {
        return status;
    }
    if (feed->nomem || feed->watch->nomem) {
        return error_nomem(err);
    }
    size_t length;
    shukach_document_get(document, SHUKACH_TEXT, &length);
    size_t line = (size_t)xmlGetLineNo(entry);
    return length > 0 ? reader_emit(feed->reader, line, err)
                      : reader_notice(feed->reader, SHUKACH_SKIP_EMPTY, line,
                                      err, "the entry holds no text");
}

/* The title and author of the feed itself. */
static void take_head(struct feed *feed, const xmlNode *head)
{
    static const struct row title = {SHUKACH_SOURCE, NULL, "title", take_html};
    static const struct row author = {SHUKACH_AUTHOR, NS_ATOM, "author",
                                      take_author};
    const char *text;
    size_t length;
    if (find_value(feed, &title, head, &text, &length)) {
        buf_reset(&feed->source);
        buf_add(&feed->source, text, length);
    }
    if (find_value(feed, &author, head, &text, &length)) {
        buf_add(&feed->author, text, length);
    }
    feed->nomem = feed->nomem || feed->source.failed == SHUKACH_NOMEM ||
                  feed->author.failed == SHUKACH_NOMEM;
}

static enum shukach_status take_entries(struct feed *feed, const xmlNode *list,
                                        struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    for (const xmlNode *node = list->children;
         node != NULL && status == SHUKACH_OK; node = node->next) {
        if ((is_named(node, NULL, "item") || is_named(node, NULL, "entry") ||
             (flatten_is(list, "RDF") && flatten_is(node, "item"))) &&
            !is_cut(feed->watch, node)) {
            status = take_entry(feed, node, err);
        }
    }
    return status;
}

/* Channels stand below the root, with the entries in them (RSS 2.0) or
 * beside them (RSS 1.0); Atom has no channel. */
static enum shukach_status take_feed(struct feed *feed, const xmlNode *root,
                                     struct shukach_error *err)
{
    enum shukach_status status = SHUKACH_OK;
    take_head(feed, root);
    for (const xmlNode *node = root->children;
         node != NULL && status == SHUKACH_OK; node = node->next) {
        if (flatten_is(node, "channel")) {
            take_head(feed, node);
            status = take_entries(feed, node, err);
        }
    }
    return status == SHUKACH_OK ? take_entries(feed, root, err) : status;
}

static enum shukach_status read_tree(struct shukach_reader *reader,
                                     const xmlNode *root,
                                     const struct xml_watch *watch,
                                     struct shukach_error *err)
{
    struct feed feed = {.reader = reader, .watch = watch};
    buf_init(&feed.value, reader->text.max);
    buf_init(&feed.source, reader->text.max);
    buf_init(&feed.author, reader->text.max);
    enum shukach_status status = take_feed(&feed, root, err);
    size_t entries = feed.entries;
    buf_free(&feed.value);
    buf_free(&feed.source);
    buf_free(&feed.author);
    if (status == SHUKACH_OK && entries == 0 && !watch->fatal) {
        status = reader_notice(reader, SHUKACH_SKIP_EMPTY, 0, err,
                               "the feed holds no entries");
    }
    return status;
}

static enum shukach_status read_xml(struct shukach_reader *reader,
                                    const struct buf *text,
                                    const struct xml_watch *watch,
                                    struct shukach_error *err)
{
    xmlDoc *doc = parse(buf_text(text), text->length);
    const xmlNode *root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
    enum shukach_status status = SHUKACH_OK;
    if (text->failed == SHUKACH_NOMEM || watch->nomem) {
        status = error_nomem(err);
    } else if (root != NULL) {
        status = read_tree(reader, root, watch, err);
    }
    if (status == SHUKACH_OK && (root == NULL || watch->fatal)) {
        status = reader_notice(
            reader, SHUKACH_SKIP_MARKUP, watch->line, err,
            "the feed is broken (%s); only the entries before are read",
            watch->why[0] != '\0' ? watch->why : N_("no XML"));
    }
    xmlFreeDoc(doc);
    return status;
}

enum shukach_status feed_read(struct shukach_reader *reader, const char *text,
                              size_t length, struct shukach_error *err)
{
    struct buf repaired;
    struct xml_watch watch;
    buf_init(&repaired, reader->text.max);
    repair(text, length, &repaired);
    xml_watch(&watch);
    enum shukach_status status = read_xml(reader, &repaired, &watch, err);
    xml_unwatch(&watch);
    buf_free(&repaired);
    return status;
}
