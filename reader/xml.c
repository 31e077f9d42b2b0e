/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What libxml2 complains of. Some of it, such as lack of memory while it
 * builds a tree, it would print and otherwise keep to itself. */
#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include "format.h"

static void on_error(void *context, xmlErrorPtr error)
{
    struct xml_watch *watch = context;
    xmlParserCtxtPtr parser =
        error->domain == XML_FROM_PARSER || error->domain == XML_FROM_HTML
            ? error->ctxt
            : NULL;
    const char *why = error->message != NULL ? error->message : N_("no memory");
    /* An overlong text is reported as lack of memory too. */
    if (error->code == XML_ERR_NO_MEMORY && strstr(why, "huge") == NULL) {
        watch->nomem = true;
        if (parser != NULL) {
            /* Or the HTML parser of 2.9.14 may go round for ever. */
            xmlStopParser(parser);
        }
    }
    if (error->level < XML_ERR_FATAL || watch->fatal) {
        return;
    }
    watch->fatal = true;
    watch->line = error->line > 0 ? (size_t)error->line : 0;
    watch->open = parser != NULL ? parser->node : NULL;
    snprintf(watch->why, sizeof watch->why, "%s", why);
    watch->why[strcspn(watch->why, "\n")] = '\0';
}

void xml_watch(struct xml_watch *watch)
{
    *watch = (struct xml_watch){
        .old_function = (void (*)(void))xmlStructuredError,
        .old_context = xmlStructuredErrorContext,
    };
    xmlSetStructuredErrorFunc(watch, on_error);
}

void xml_unwatch(struct xml_watch *watch)
{
    xmlSetStructuredErrorFunc(watch->old_context,
                              (xmlStructuredErrorFunc)watch->old_function);
}
