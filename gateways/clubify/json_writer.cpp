#include "gateways/clubify/json_writer.hpp"

#include <nlohmann/json.hpp>

namespace vitrine::clubify {
namespace {

std::string quoted(std::string_view text) {
    const nlohmann::json value = std::string(text);
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

JsonWriter& JsonWriter::json(std::string_view name, std::string_view value) {
    if (out_.size() > 1) out_ += ',';
    out_.append(quoted(name)).append(":").append(value);
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view name, std::string_view value) {
    return json(name, quoted(value));
}

JsonWriter& JsonWriter::number(std::string_view name, std::int64_t value) {
    return json(name, std::to_string(value));
}

JsonWriter& JsonWriter::boolean(std::string_view name, bool value) {
    return json(name, value ? "true" : "false");
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

JsonText JsonWriter::done() {
    return JsonText(std::move(out_) + "}");
}

}  // namespace vitrine::clubify
