/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An HTML page to a document. */
#include <limits.h>
#include <strings.h>

#include <libxml/HTMLparser.h>

#include "format.h"

/* libxml2 needs about 200 bytes an element; a page of tags only must not
 * take gigabytes. */
#define MAX_ELEMENTS ((size_t)1000 * 1000)
/* libxml2 compares every attribute of an element with all others. Counted
 * are the spaces and quotes of a tag outside of values, two or three an
 * attribute. */
#define MAX_WORDS ((size_t)1000)
#define MAX_FIELD ((size_t)64 * 1024)
/* Less text than this in <article> or <main> is not the body of the page,
 * unless it is half of all there is. */
#define ENOUGH_BYTES ((size_t)400)

/* What is known of a page so far; a lower rank is a better source. */
struct page {
    struct buf fields[SHUKACH_FIELDS];
    unsigned ranks[SHUKACH_FIELDS];
    struct jsonld jsonld;
    struct buf scratch;
    const xmlNode *main;
    const xmlNode *article; /* the longest that is in no other */
    size_t article_bytes;   /* its text */
    size_t articles_bytes;  /* that of all of them */
};

/* ---- Fields ------------------------------------------------------------ */

/* Keeps a value that is better than the one there. */
static void offer(struct page *page, enum shukach_field field, unsigned rank,
                  const char *text, size_t length)
{
    char date[DATETIME_SIZE];
    if (rank >= page->ranks[field] || !text_trim(&text, &length)) {
        return;
    }
    bool link = length > 8 && (strncasecmp(text, "http://", 7) == 0 ||
                               strncasecmp(text, "https://", 8) == 0);
    if (field == SHUKACH_DATE) {
        if (!datetime_parse(text, length, date)) {
            return;
        }
        text = date;
        length = strlen(date);
    }
    /* article:author is often the address of a profile. */
    if ((field == SHUKACH_URL) != link &&
        (field == SHUKACH_URL || field == SHUKACH_AUTHOR)) {
        return;
    }
    struct buf *buf = &page->fields[field];
    buf_reset(buf);
    buf_add(buf, text, length);
    if (buf->failed == SHUKACH_LIMIT) {
        buf_reset(buf);
    } else {
        page->ranks[field] = rank;
    }
}

static void offer_attribute(struct page *page, enum shukach_field field,
                            unsigned rank, const xmlNode *node,
                            const char *name)
{
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
    if (value != NULL) {
        offer(page, field, rank, (const char *)value,
              strlen((const char *)value));
        xmlFree(value);
    }
}

static void offer_content(struct page *page, enum shukach_field field,
                          unsigned rank, const xmlNode *node)
{
    if (rank < page->ranks[field]) {
        buf_reset(&page->scratch);
        flatten_node(node, &page->scratch);
        offer(page, field, rank, buf_text(&page->scratch),
              page->scratch.length);
    }
}

/* Copies an attribute in lower case; false if there is none. */
static bool get_lower(const xmlNode *node, const char *name, char *out,
                      size_t size)
{
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
    if (value == NULL) {
        return false;
    }
    size_t n = 0;
    for (; n + 1 < size && value[n] != '\0'; n++) {
        bool upper = value[n] >= 'A' && value[n] <= 'Z';
        out[n] = (char)(upper ? value[n] + ('a' - 'A') : value[n]);
    }
    out[n] = '\0';
    xmlFree(value);
    return true;
}

/* ---- Elements ---------------------------------------------------------- */

static void take_meta(struct page *page, const xmlNode *node)
{
    static const char *const keys[] = {"property", "name", "itemprop"};
    static const struct {
        const char *name;
        enum shukach_field field;
        unsigned rank;
    } metas[] = {
        {"og:title", SHUKACH_TITLE, 1},
        {"article:published_time", SHUKACH_DATE, 1},
        {"og:article:published_time", SHUKACH_DATE, 1},
        {"datepublished", SHUKACH_DATE, 3},
        {"date", SHUKACH_DATE, 4},
        {"pubdate", SHUKACH_DATE, 4},
        {"publishdate", SHUKACH_DATE, 4},
        {"dc.date", SHUKACH_DATE, 4},
        {"dc.date.issued", SHUKACH_DATE, 4},
        {"dcterms.date", SHUKACH_DATE, 4},
        {"author", SHUKACH_AUTHOR, 1},
        {"article:author", SHUKACH_AUTHOR, 2},
        {"dc.creator", SHUKACH_AUTHOR, 4},
        {"og:site_name", SHUKACH_SOURCE, 1},
        {"og:url", SHUKACH_URL, 2},
    };
    char name[64];
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        if (!get_lower(node, keys[k], name, sizeof name)) {
            continue;
        }
        for (size_t i = 0; i < sizeof metas / sizeof *metas; i++) {
            if (strcmp(name, metas[i].name) == 0) {
                offer_attribute(page, metas[i].field, metas[i].rank, node,
                                "content");
            }
        }
    }
}

static void take_link(struct page *page, const xmlNode *node)
{
    char rel[32];
    if (get_lower(node, "rel", rel, sizeof rel) &&
        strcmp(rel, "canonical") == 0) {
        offer_attribute(page, SHUKACH_URL, 1, node, "href");
    }
}

static void take_title(struct page *page, const xmlNode *node)
{
    /* An <svg> may have a title too. */
    if (node->parent != NULL && !flatten_is(node->parent, "svg")) {
        offer_content(page, SHUKACH_TITLE, 3, node);
    }
}

static void take_h1(struct page *page, const xmlNode *node)
{
    offer_content(page, SHUKACH_TITLE, 4, node);
}

static void take_time(struct page *page, const xmlNode *node)
{
    offer_attribute(page, SHUKACH_DATE, 5, node, "datetime");
}

/* "uk" of "uk", "uk-UA" and "uk_UA". */
static void take_html(struct page *page, const xmlNode *node)
{
    char lang[16];
    if (get_lower(node, "lang", lang, sizeof lang) && lang[0] >= 'a' &&
        lang[0] <= 'z' && lang[1] >= 'a' && lang[1] <= 'z' &&
        (lang[2] == '\0' || lang[2] == '-' || lang[2] == '_')) {
        offer(page, SHUKACH_LANG, 1, lang, 2);
    }
}

static void take_script(struct page *page, const xmlNode *node)
{
    char type[32];
    const xmlNode *text = node->children;
    if (get_lower(node, "type", type, sizeof type) &&
        strcmp(type, "application/ld+json") == 0 && text != NULL &&
        text->content != NULL) {
        jsonld_read((const char *)text->content,
                    strlen((const char *)text->content), &page->jsonld);
    }
}

static void take_main(struct page *page, const xmlNode *node)
{
    if (page->main == NULL) {
        page->main = node;
    }
}

static void take_article(struct page *page, const xmlNode *node)
{
    for (const xmlNode *up = node->parent; up != NULL; up = up->parent) {
        if (flatten_is(up, "article")) {
            return;
        }
    }
    buf_reset(&page->scratch);
    flatten_node(node, &page->scratch);
    page->articles_bytes += page->scratch.length;
    if (page->scratch.length > page->article_bytes) {
        page->article_bytes = page->scratch.length;
        page->article = node;
    }
}

static void collect(struct page *page, const xmlNode *root)
{
    static const struct {
        const char *name;
        void (*take)(struct page *page, const xmlNode *node);
    } takers[] = {{"meta", take_meta},      {"link", take_link},
                  {"title", take_title},    {"h1", take_h1},
                  {"time", take_time},      {"html", take_html},
                  {"script", take_script},  {"main", take_main},
                  {"article", take_article}};
    for (const xmlNode *node = root; node != NULL;
         node = flatten_next(node, root, true)) {
        for (size_t i = 0; i < sizeof takers / sizeof *takers; i++) {
            if (flatten_is(node, takers[i].name)) {
                takers[i].take(page, node);
                break;
            }
        }
    }
    const struct jsonld *jsonld = &page->jsonld;
    offer(page, SHUKACH_TITLE, 2, buf_text(&jsonld->headline),
          jsonld->headline.length);
    offer(page, SHUKACH_DATE, 2, buf_text(&jsonld->date), jsonld->date.length);
    offer(page, SHUKACH_AUTHOR, 3, buf_text(&jsonld->author),
          jsonld->author.length);
}

/* ---- Text -------------------------------------------------------------- */

static bool is_enough(size_t part, size_t whole)
{
    return part >= ENOUGH_BYTES || (part > 0 && part >= whole / 2);
}

/* The text of the page into scratch: of its article, if there is one that
 * is more than a teaser among others, else of <main>, else of all. */
static void take_text(struct page *page, const xmlNode *root)
{
    struct buf *text = &page->scratch;
    buf_reset(text);
    flatten_node(root, text);
    size_t whole = text->length;
    if (page->article != NULL &&
        page->article_bytes * 2 >= page->articles_bytes &&
        is_enough(page->article_bytes, whole)) {
        buf_reset(text);
        flatten_node(page->article, text);
    } else if (page->main != NULL) {
        buf_reset(text);
        flatten_node(page->main, text);
        if (!is_enough(text->length, whole)) {
            buf_reset(text);
            flatten_node(root, text);
        }
    }
    /* The headline is a field of its own; do not say it twice. */
    const struct buf *title = &page->fields[SHUKACH_TITLE];
    if (title->length > 0 && text->length > title->length &&
        text->data[title->length] == '\n' &&
        memcmp(text->data, title->data, title->length) == 0) {
        size_t cut = title->length + 1;
        memmove(text->data, text->data + cut, text->length - cut + 1);
        text->length -= cut;
    }
}

/* ---- Parser ------------------------------------------------------------ */

static void on_start(void *context, const xmlChar *name,
                     const xmlChar **attributes)
{
    htmlParserCtxtPtr parser = context;
    size_t *elements = parser->_private;
    if (++*elements > MAX_ELEMENTS) {
        xmlStopParser(parser);
        return;
    }
    xmlSAX2StartElement(context, name, attributes);
}

/* The place behind the tag whose name begins at `at`; NULL if it holds so
 * many words that, were they attributes, they would keep the parser busy for
 * minutes. Quoted values are skipped. */
static const char *skip_tag(const char *at, const char *end)
{
    size_t words = 0;
    bool value = false; /* behind an equals sign */
    for (; at < end && *at != '>'; at++) {
        bool space = (unsigned char)*at <= ' ';
        if (value && (*at == '"' || *at == '\'')) {
            at = memchr(at + 1, *at, (size_t)(end - at - 1));
            if (at == NULL) {
                return end;
            }
        }
        value = *at == '=' || (value && space);
        words += (space || *at == '/' || *at == '"' || *at == '\'');
        if (words > MAX_WORDS) {
            return NULL;
        }
    }
    return at;
}

static bool has_endless_tag(const char *text, size_t length)
{
    const char *end = text + length;
    const char *at = text;
    while ((at = memchr(at, '<', (size_t)(end - at))) != NULL) {
        at++;
        size_t left = (size_t)(end - at);
        if (left == 0 || (*at | 0x20) < 'a' || (*at | 0x20) > 'z') {
            continue;
        }
        bool script = left > 6 && strncasecmp(at, "script", 6) == 0;
        at = skip_tag(at, end);
        if (at == NULL) {
            return true;
        }
        if (script) {
            /* Its text is full of signs that only look like tags. */
            const char *close = memmem(at, (size_t)(end - at), "</", 2);
            at = close != NULL ? close : end;
        }
    }
    return false;
}

/* NULL if the parser gave up: too deep, too large, or no memory. */
static xmlDoc *parse(const char *text, size_t length)
{
    size_t elements = 0;
    if (length > INT32_MAX / 2 || has_endless_tag(text, length)) {
        return NULL;
    }
    htmlParserCtxtPtr parser = htmlNewParserCtxt();
    if (parser == NULL) {
        return NULL;
    }
    parser->_private = &elements;
    parser->sax->startElement = on_start;
    parser->sax->comment = NULL;
    parser->sax->processingInstruction = NULL;
    xmlDoc *doc = htmlCtxtReadMemory(
        parser, text, (int)length, NULL, "UTF-8",
        HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
            HTML_PARSE_NONET | HTML_PARSE_COMPACT | HTML_PARSE_IGNORE_ENC);
    if (doc != NULL && parser->disableSAX != 0) {
        xmlFreeDoc(doc);
        doc = NULL;
    }
    htmlFreeParserCtxt(parser);
    return doc;
}

bool html_flatten(const char *text, size_t length, struct buf *out)
{
    if (length == 0) {
        return true;
    }
    xmlDoc *doc = parse(text, length);
    if (doc == NULL) {
        return false;
    }
    const xmlNode *root = xmlDocGetRootElement(doc);
    if (root != NULL) {
        flatten_node(root, out);
    }
    xmlFreeDoc(doc);
    return true;
}

/* ---- Document ---------------------------------------------------------- */

static void page_init(struct page *page, size_t max)
{
    *page = (struct page){0};
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        buf_init(&page->fields[i], MAX_FIELD);
        page->ranks[i] = UINT_MAX;
    }
    buf_init(&page->jsonld.headline, MAX_FIELD);
    buf_init(&page->jsonld.date, MAX_FIELD);
    buf_init(&page->jsonld.author, MAX_FIELD);
    buf_init(&page->scratch, max);
}

static void page_free(struct page *page)
{
    for (size_t i = 0; i < SHUKACH_FIELDS; i++) {
        buf_free(&page->fields[i]);
    }
    buf_free(&page->jsonld.headline);
    buf_free(&page->jsonld.date);
    buf_free(&page->jsonld.author);
    buf_free(&page->scratch);
}

static enum shukach_status emit_page(struct shukach_reader *reader,
                                     struct page *page,
                                     struct shukach_error *err)
{
    struct buf *text = &page->scratch;
    document_reset(reader->document);
    enum shukach_status status =
        text->failed == SHUKACH_NOMEM
            ? error_nomem(err)
            : document_set(reader->document, SHUKACH_TEXT, buf_text(text),
                           text->length, err);
    for (int i = 0; i < SHUKACH_FIELDS && status == SHUKACH_OK; i++) {
        const struct buf *field = &page->fields[i];
        if (field->failed == SHUKACH_NOMEM) {
            status = error_nomem(err);
        } else if (field->length > 0) {
            status = document_set(reader->document, (enum shukach_field)i,
                                  field->data, field->length, err);
        }
    }
    if (status == SHUKACH_OK) {
        status = reader_set_id(reader, "", err);
    }
    if (status != SHUKACH_OK) {
        return status;
    }
    return text->length > 0 ? reader_emit(reader, 0, err)
                            : reader_notice(reader, SHUKACH_SKIP_EMPTY, 0, err,
                                            "the page holds no text");
}

static enum shukach_status read_page(struct shukach_reader *reader,
                                     const char *text, size_t length,
                                     const struct xml_watch *watch,
                                     struct shukach_error *err)
{
    xmlDoc *doc = parse(text, length);
    const xmlNode *root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
    if (watch->nomem || root == NULL) {
        xmlFreeDoc(doc);
        return watch->nomem
                   ? error_nomem(err)
                   : reader_notice(reader, SHUKACH_SKIP_MARKUP, 0, err,
                                   "the HTML holds no elements, is nested "
                                   "too deeply or has too many");
    }
    struct page page;
    page_init(&page, reader->text.max);
    collect(&page, root);
    take_text(&page, root);
    enum shukach_status status =
        watch->nomem ? error_nomem(err) : emit_page(reader, &page, err);
    page_free(&page);
    xmlFreeDoc(doc);
    return status;
}

enum shukach_status html_read(struct shukach_reader *reader, const char *text,
                              size_t length, struct shukach_error *err)
{
    struct xml_watch watch;
    xml_watch(&watch);
    enum shukach_status status = read_page(reader, text, length, &watch, err);
    xml_unwatch(&watch);
    return status;
}
