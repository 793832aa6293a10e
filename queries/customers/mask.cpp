#include "queries/customers/mask.hpp"

#include <nlohmann/json.hpp>

#include "core/shortest_numbers.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view dots = "•••";

/// The first character and no more.
std::string first_of(std::string_view utf8) {
    std::size_t end = utf8.empty() ? 0 : 1;
    while (end < utf8.size() && (static_cast<unsigned char>(utf8[end]) & 0xC0U) == 0x80) ++end;
    return std::string(utf8.substr(0, end)) + std::string(dots);
}

std::string name_of(std::string_view name) {
    std::string masked;
    while (!name.empty()) {
        const auto word = name.substr(0, name.find(' '));
        name.remove_prefix(std::min(name.size(), word.size() + 1));
        if (!word.empty()) masked += (masked.empty() ? "" : " ") + first_of(word);
    }
    return masked;
}

std::string email_of(std::string_view email) {
    const auto dot = email.rfind('.');
    const auto end = dot == std::string_view::npos ? std::string_view() : email.substr(dot);
    return first_of(email) + '@' + std::string(dots) + std::string(end);
}

std::string number_of(std::string_view number) {
    constexpr std::size_t shown = 2;
    return std::string(dots) +
           std::string(number.substr(number.size() - std::min(shown, number.size())));
}

template <class Mask>
void mask(Json& json, const char* name, Mask how) {
    const auto found = json.find(name);
    if (found != json.end() && found->is_string())
        *found = how(std::string_view(found->get_ref<const std::string&>()));
}

}  // namespace

std::string masked_customer(std::string_view body) {
    auto json = Json::parse(body);
    mask(json, "name", name_of);
    mask(json, "email", email_of);
    mask(json, "phone", number_of);
    mask(json, "document", number_of);
    mask(json, "reference", number_of);
    if (const auto address = json.find("address"); address != json.end()) {
        Json region = Json::object();
        for (const auto* name : {"state", "country"}) {
            if (address->contains(name)) region[name] = address->at(name);
        }
        *address = std::move(region);
    }
    json.erase("metadata");
    return with_shortest_numbers(json.dump());
}

}  // namespace vitrine::queries
