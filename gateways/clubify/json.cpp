#include "gateways/clubify/json.hpp"

namespace vitrine::clubify {

Json read_document(const JsonText& answer) {
    Json document = Json::parse(answer.text, nullptr, false);
    if (document.is_discarded()) return Json();
    const bool wrapped = document.is_object() && document.contains("data") &&
                         document.at("data").is_object() &&
                         find(document, {"_id", "id"}) == nullptr;
    if (!wrapped) return document;
    Json inner = std::move(document.at("data"));
    return inner;
}

bool is_last_page(const Json& document, int page, std::size_t got, std::size_t page_size) {
    const Json* pagination = find(document, {"pagination", "meta"});
    for (const Json* place : {pagination, &document}) {
        if (place == nullptr) continue;
        if (const auto pages =
                integer_of(*place, {"last_page", "lastPage", "pages", "totalPages"})) {
            return page >= *pages;
        }
    }
    return got < page_size;
}

}  // namespace vitrine::clubify
