#include "projections/payload.hpp"

#include <algorithm>
#include <stdexcept>

#include "events/catalogue.hpp"

namespace vitrine::projections {
namespace {

/// The name of the member whose value begins there, as it is written; empty: an array's element.
/// The text before it is JSON, and begins with a bracket.
std::string_view name_before(const char* value) {
    const auto skip_space = [](const char* at) {
        while (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r') --at;
        return at;
    };
    const auto is_escaped = [](const char* quote) {
        bool escaped = false;
        while (*--quote == '\\') escaped = !escaped;
        return escaped;
    };
    const char* at = skip_space(value - 1);
    if (*at != ':') return {};
    const char* const end = skip_space(at - 1);  // the closing quote
    const char* begin = end - 1;
    while (*begin != '"' || is_escaped(begin)) --begin;
    return {begin + 1, end};
}

}  // namespace

json::object Payload::open(const events::RecordedEvent& event) {
    const auto* type = events::find_event_type(event.type);
    if (type == nullptr) {
        throw events::UnreadableEvent(event, "its type is not in the catalogue");
    }
    if (event.schema == type->schema()) return open(event.data);
    return open(events::upcast(*type, event.schema, event.data));
}

json::object Payload::open(std::string_view text) {
    parse(text);
    return document_.get_object();
}

json::array Payload::open_array(std::string_view text) {
    parse(text);
    return document_.get_array();
}

void Payload::parse(std::string_view text) {
    buffer_.assign(text);
    buffer_.reserve(text.size() + simdjson::SIMDJSON_PADDING);
    document_ = parser_.iterate(
        simdjson::padded_string_view(buffer_.data(), text.size(), buffer_.capacity())
    );
}

void throw_unlike(json::value value, simdjson::error_code error) {
    const std::string why = simdjson::error_message(error);
    const auto name = name_before(value.raw_json_token().data());
    throw std::runtime_error(name.empty() ? why : '`' + std::string(name) + "`: " + why);
}

}  // namespace vitrine::projections
