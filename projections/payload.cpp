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

void append_quoted(std::string& out, std::string_view text) {
    constexpr char digits[] = "0123456789abcdef";
    out += '"';
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, plain, i - plain);
        plain = i + 1;
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\b':
                out += "\\b";
                break;
            case '\f':
                out += "\\f";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                out += "\\u00";
                out += digits[c >> 4];
                out += digits[c & 15];
        }
    }
    out.append(text, plain);
    out += '"';
}

// In one piece: rows consist of names by a third.
void append_name(std::string& out, std::string_view name) {
    const auto before = out.size();
    const bool is_first = out.back() == '{';
    const auto size = before + name.size() + (is_first ? 3 : 4);
    out.resize_and_overwrite(size, [&](char* text, std::size_t) {
        char* to = text + before;
        if (!is_first) *to++ = ',';
        *to++ = '"';
        to = std::ranges::copy(name, to).out;
        *to++ = '"';
        *to = ':';
        return size;
    });
}

}  // namespace vitrine::projections
