#include "analytics/model_file.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "core/sha256.hpp"

namespace vitrine::analytics {
namespace {

constexpr std::string_view magic = "vitrine-model";
constexpr std::string_view version = "1";

std::string_view take_word(std::string_view& line) {
    const auto end = std::min(line.find(' '), line.size());
    const auto word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return word;
}

}  // namespace

bool is_model(std::string_view file) {
    return file.starts_with(magic);
}

std::string write_model(std::string_view kind, const nlohmann::json& content) {
    const auto text = content.dump() + "\n";
    std::string file;
    for (const auto word : {magic, version, kind}) file.append(word).append(" ");
    return file + sha256_hex(text) + "\n" + text;
}

std::expected<ModelText, ModelFault> open_model(std::string_view file) {
    const auto fault = [](ModelFault::Is is, std::string what) {
        return std::unexpected(ModelFault{is, std::move(what)});
    };
    if (!file.starts_with(magic)) {
        return fault(ModelFault::Is::foreign, "is not a model that vitrine has written");
    }
    const auto end = file.find('\n');
    if (end == std::string_view::npos) return fault(ModelFault::Is::damaged, "is cut off");
    auto line = file.substr(0, end);
    const auto content = file.substr(end + 1);
    const bool is_ours = take_word(line) == magic;
    const auto its_version = take_word(line);
    const auto kind = take_word(line);
    if (!is_ours) return fault(ModelFault::Is::foreign, "is not a model that vitrine has written");
    if (its_version != version) {
        return fault(
            ModelFault::Is::foreign,
            "is a model of the format " + std::string(its_version.substr(0, 20)) +
                "; this program reads " + std::string(version)
        );
    }
    if (line != sha256_hex(content)) {
        return fault(ModelFault::Is::damaged, "is damaged: its content is not what was written");
    }
    return ModelText{std::string(kind), content};
}

std::string hash_of(std::string_view file) {
    return "sha256:" + sha256_hex(file);
}

}  // namespace vitrine::analytics
