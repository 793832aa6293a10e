#include "gateways/rest/json_writer.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/json_append.hpp"
#include "core/text.hpp"

namespace vitrine::rest {
namespace {

/// What is no UTF-8 becomes U+FFFD.
void append_any(std::string& out, std::string_view text) {
    if (is_utf8(text)) return append_quoted(out, text);
    const nlohmann::json value = std::string(text);
    out += value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

JsonWriter& JsonWriter::json(std::string_view name, std::string_view value) {
    append_raw(out_, name, value);
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view name, std::string_view value) {
    append_name(out_, name);
    append_any(out_, value);
    return *this;
}

JsonWriter& JsonWriter::number(std::string_view name, std::int64_t value) {
    return json(name, std::to_string(value));
}

JsonWriter& JsonWriter::boolean(std::string_view name, bool value) {
    return json(name, value ? "true" : "false");
}

JsonWriter& JsonWriter::decimal(std::string_view name, double value) {
    // A whole number is written as one: 10, not 10.0.
    constexpr double exact = 9007199254740992.0;  // 2^53
    if (std::trunc(value) == value && std::abs(value) <= exact) {
        return number(name, static_cast<std::int64_t>(value));
    }
    return json(name, nlohmann::json(value).dump());
}

JsonWriter& JsonWriter::texts(std::string_view name, const std::vector<std::string>& values) {
    std::string list = "[";
    for (const std::string& value : values) {
        if (list.size() > 1) list += ',';
        append_any(list, value);
    }
    return json(name, list + "]");
}

JsonWriter& JsonWriter::null(std::string_view name) {
    return json(name, "null");
}

JsonWriter& JsonWriter::json_if(std::string_view name, const JsonText& value) {
    return value.empty() ? *this : json(name, value.text);
}

JsonWriter& JsonWriter::text_if(std::string_view name, std::string_view value) {
    return value.empty() ? *this : text(name, value);
}

JsonWriter& JsonWriter::maybe(std::string_view name, const std::optional<std::string>& value) {
    return value ? text(name, *value) : *this;
}

JsonWriter& JsonWriter::maybe(std::string_view name, const std::optional<std::int64_t>& value) {
    return value ? number(name, *value) : *this;
}

JsonWriter& JsonWriter::maybe(std::string_view name, const std::optional<double>& value) {
    return value ? decimal(name, *value) : *this;
}

JsonWriter& JsonWriter::maybe(std::string_view name, const std::optional<bool>& value) {
    return value ? boolean(name, *value) : *this;
}

JsonWriter& JsonWriter::texts_if(std::string_view name, const std::vector<std::string>& values) {
    return values.empty() ? *this : texts(name, values);
}

JsonText JsonWriter::done() {
    return JsonText(std::move(out_) + "}");
}

}  // namespace vitrine::rest
