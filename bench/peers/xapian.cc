// SPDX-License-Identifier: GPL-3.0-or-later
//
// peer_xapian index DATABASE DOCUMENTS
// peer_xapian search DATABASE QUERIES SECONDS: see peer.h.
//
// Xapian the usual way: TermGenerator and QueryParser, stems with positions
// (STEM_ALL; Snowball has no Ukrainian, so its Russian), title and text in
// the document data, flushes by default, compacted in the end. The snippet is
// that of MSet.
#include <xapian.h>

#include <string>

#include "peer.h"

namespace
{

enum { DATE, SOURCE, MONTH };

const Xapian::Stem stemmer("russian");

void add(const struct peer_document *from, void *payload)
{
    Xapian::TermGenerator generator;
    Xapian::Document document;
    generator.set_stemmer(stemmer);
    generator.set_stemming_strategy(Xapian::TermGenerator::STEM_ALL);
    generator.set_document(document);
    generator.index_text(from->title, 1, "S");
    generator.index_text(from->title);
    generator.increase_termpos();
    generator.index_text(from->text);
    document.add_boolean_term(std::string("Q") + from->id);
    document.add_boolean_term(std::string("XS") + from->source);
    document.add_value(DATE, from->date);
    document.add_value(SOURCE, from->source);
    document.add_value(MONTH, std::string(from->date, 7));
    document.set_data(std::string(from->title) + '\n' + from->text);
    static_cast<Xapian::WritableDatabase *>(payload)->add_document(document);
}

void index(const std::string &path, const char *documents)
{
    Xapian::WritableDatabase database(path + ".loose",
                                      Xapian::DB_CREATE_OR_OVERWRITE);
    peer_read_documents(documents, add, &database);
    database.commit();
    database.compact(path);
}

Xapian::Query parse(const Xapian::Database &database,
                    const struct peer_query *asked)
{
    Xapian::QueryParser parser;
    parser.set_database(database);
    parser.set_stemmer(stemmer);
    parser.set_stemming_strategy(Xapian::QueryParser::STEM_ALL);
    parser.add_prefix("title", "S");
    Xapian::Query query =
        parser.parse_query(asked->text, Xapian::QueryParser::FLAG_DEFAULT |
                                            Xapian::QueryParser::FLAG_WILDCARD);
    const std::string option = asked->option;
    if (option == "month") {
        const std::string month = asked->value;
        const Xapian::Query range(Xapian::Query::OP_VALUE_RANGE, DATE,
                                  month + "-00", month + "-99");
        query = Xapian::Query(Xapian::Query::OP_FILTER, query, range);
    } else if (option == "source") {
        query = Xapian::Query(Xapian::Query::OP_FILTER, query,
                              Xapian::Query(std::string("XS") + asked->value));
    }
    return query;
}

int search(const struct peer_query *asked, void *payload)
{
    const auto &database = *static_cast<Xapian::Database *>(payload);
    const std::string option = asked->option;
    Xapian::Enquire enquire(database);
    Xapian::ValueCountMatchSpy sources(SOURCE);
    Xapian::ValueCountMatchSpy months(MONTH);
    enquire.set_query(parse(database, asked));
    if (option == "newest") {
        enquire.set_sort_by_value_then_relevance(DATE, true);
    }
    Xapian::doccount check = 0;
    if (option == "facets") { // over all matches
        enquire.add_matchspy(&sources);
        enquire.add_matchspy(&months);
        check = database.get_doccount();
    }
    const Xapian::MSet hits = enquire.get_mset(0, PEER_HITS, check);
    for (auto hit = hits.begin(); hit != hits.end(); ++hit) {
        const std::string data = hit.get_document().get_data();
        if (option == "snippets") {
            hits.snippet(data, PEER_SNIPPET, stemmer);
        }
    }
    return static_cast<int>(hits.size());
}

} // namespace

int main(int argc, char **argv)
try {
    const std::string verb = argc > 3 ? argv[1] : "";
    if (verb == "index") {
        index(argv[2], argv[3]);
    } else if (verb == "search" && argc == 5) {
        Xapian::Database database(argv[2]);
        peer_search_all(argv[3], argv[4], search, &database);
    } else {
        peer_stop("index DATABASE DOCUMENTS or search DATABASE QUERIES SECONDS",
                  argv[0]);
    }
    return 0;
} catch (const Xapian::Error &error) {
    peer_stop(error.get_description().c_str(), argv[0]);
}
