#pragma once

#include <expected>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace vitrine::analytics {

/// Whether it begins as a file of ours does.
bool is_model(std::string_view file);

/// What a file of ours holds: `vitrine-model 1 <kind> <sha-256 of the rest>`, a line end, and the
/// model as JSON. The same model is the same bytes.
std::string write_model(std::string_view kind, const nlohmann::json& content);

struct ModelFault {
    enum class Is {
        foreign,  // not a model file, or of a later version
        damaged,  // altered or cut off
    };
    Is is{};
    std::string what;
};

struct ModelText {
    std::string kind;
    std::string_view content;  // of the text that was read; its hash is right
};
std::expected<ModelText, ModelFault> open_model(std::string_view file);

/// The content of a file whose hash is right, and yet not a model.
class BadModel : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What `from_json` makes of the content. Throws BadModel for whatever that throws.
template <typename FromJson>
auto read_content(const nlohmann::json& content, FromJson from_json) {
    try {
        return from_json(content);
    } catch (const std::exception& error) {
        throw BadModel(error.what());
    }
}

/// "sha256:…", by which a model is named.
std::string hash_of(std::string_view file);

}  // namespace vitrine::analytics
