/* SPDX-License-Identifier: CC0-1.0 */
#include <iostream>
#include <shukach.hpp>

static void index_one(const char *dir)
{
    auto indexer = shukach::make<shukach::indexer>(shukach_indexer_open, dir);
    auto document = shukach::make<shukach::document>(shukach_document_new);
    shukach::set(document, SHUKACH_ID, "port");
    shukach::set(document, SHUKACH_TEXT,
                 "У порту відновили роботу зернового термінала.");
    shukach::call(shukach_indexer_add, indexer.get(), document.get());
    shukach::call(shukach_indexer_publish, indexer.get());
}

static void search(const char *dir, std::string_view words)
{
    auto index = shukach::make<shukach::index>(shukach_index_open, dir);
    auto query = shukach::parse(words);
    auto hits = shukach::make<shukach::hits>(shukach_index_search, index.get(),
                                             query.get());
    for (size_t i = 0; i < shukach_hits_count(hits.get()); i++) {
        std::cout << shukach_hits_snippet(hits.get(), i, nullptr) << '\n';
    }
}

int main()
{
    try {
        index_one("example-index");
        search("example-index", "зерновий термінал");
        search("example-index", "\"зерновий");
    } catch (const shukach::error &failure) {
        std::cout << "byte " << failure.details.offset << ": " << failure.what()
                  << '\n';
    }
}
