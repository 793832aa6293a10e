#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_text.hpp"

namespace vitrine::rest {

/// Writes one JSON object, members in the order of the calls. JSON that is given goes in as it
/// stands.
class JsonWriter {
public:
    JsonWriter& text(std::string_view name, std::string_view value);
    JsonWriter& number(std::string_view name, std::int64_t value);
    JsonWriter& boolean(std::string_view name, bool value);
    JsonWriter& decimal(std::string_view name, double value);
    JsonWriter& texts(std::string_view name, const std::vector<std::string>& values);
    JsonWriter& null(std::string_view name);
    JsonWriter& json(std::string_view name, std::string_view value);
    // Nothing, if `value` is empty.
    JsonWriter& json_if(std::string_view name, const JsonText& value);
    JsonWriter& text_if(std::string_view name, std::string_view value);
    JsonWriter& maybe(std::string_view name, const std::optional<std::string>& value);
    JsonWriter& maybe(std::string_view name, const std::optional<std::int64_t>& value);
    JsonWriter& maybe(std::string_view name, const std::optional<double>& value);
    JsonWriter& maybe(std::string_view name, const std::optional<bool>& value);
    JsonWriter& texts_if(std::string_view name, const std::vector<std::string>& values);

    JsonText done();

private:
    std::string out_ = "{";
};

}  // namespace vitrine::rest
