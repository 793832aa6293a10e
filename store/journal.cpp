#include "store/journal.hpp"

namespace vitrine::store {

std::string body_of(const CommandAnswer& answer, Position position) {
    const auto& body = answer.body.text;
    if (answer.status >= 400 || position == 0 || !body.ends_with('}')) return body;
    return body.substr(0, body.size() - 1) + ",\"position\":" + std::to_string(position) + "}";
}

}  // namespace vitrine::store
