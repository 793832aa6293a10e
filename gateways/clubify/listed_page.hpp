#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gateways/clubify/json.hpp"
#include "gateways/clubify/listed.hpp"

/// How a page of a list is fetched and read. For .cpp files only.
namespace vitrine::clubify {

constexpr std::size_t listed_page_size = 100;

/// Integers are cents. Parts of the platform's documentation give decimals: those are units of the
/// currency.
std::optional<std::int64_t> cents_in(const Json& object, Names names);

std::optional<std::string> optional_text(const Json& object, Names names);

template <class Item, std::optional<Item> (*Read)(const Json&)>
std::optional<ListedPage<Item>> read_page(const JsonText& answer, int page, const char* name) {
    const Json document = Json::parse(answer.text, nullptr, false);
    const Json* list = document.is_array() ? &document : find(document, {"data", name, "items"});
    if (list == nullptr || !list->is_array()) return std::nullopt;
    ListedPage<Item> result;
    for (const Json& json : *list) {
        if (auto item = Read(json)) {
            result.items.push_back(std::move(*item));
        } else {
            result.unreadable.push_back(text_of(json, {"_id", "id"}));
        }
    }
    result.last = is_last_page(document, page, list->size(), listed_page_size);
    return result;
}

/// Read by `Decode` from `path`.
template <class Page, std::optional<Page> (*Decode)(const JsonText&, int)>
asio::awaitable<Result<Page>> get_page(
    Clubify* clubify, Account account, std::string path, int page
) {
    Call call;
    call.method = "GET";
    call.path =
        path + "?page=" + std::to_string(page) + "&limit=" + std::to_string(listed_page_size);
    const auto answer = co_await clubify->send(std::move(account), std::move(call));
    if (!answer) co_return std::unexpected(answer.error());
    auto decoded = Decode(answer->body, page);
    if (decoded) co_return *std::move(decoded);
    CallError error;
    error.kind = CallError::Kind::unknown;
    error.status = answer->status;
    error.message = {"the answer is not a list", "a resposta não é uma lista"};
    co_return std::unexpected(std::move(error));
}

}  // namespace vitrine::clubify
