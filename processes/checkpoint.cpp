#include "processes/checkpoint.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>

namespace vitrine::processes {

using Json = nlohmann::ordered_json;

Checkpoint read_checkpoint(const std::filesystem::path& path) {
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    try {
        const auto json = Json::parse(text);
        Checkpoint checkpoint{json.at("position").get<Position>()};
        for (const auto& each : json.at("held")) {
            checkpoint.held.push_back(
                {{TenantId(each.at("tenant").get<std::string>()),
                  each.at("kind").get<std::string>(),
                  each.at("id").get<std::string>()},
                 each.at("position").get<Position>(),
                 each.at("early").get<bool>()}
            );
        }
        return checkpoint;
    } catch (const Json::exception&) {
        return {};
    }
}

void write_checkpoint(const std::filesystem::path& file, const Checkpoint& checkpoint) {
    Json json;
    json["position"] = checkpoint.position;
    auto& held = json["held"] = Json::array();
    for (const auto& each : checkpoint.held) {
        Json row;
        row["tenant"] = each.process.tenant.str();
        row["kind"] = each.process.kind;
        row["id"] = each.process.id;
        row["position"] = each.position;
        row["early"] = each.is_early;
        held.push_back(std::move(row));
    }
    const auto fresh = std::filesystem::path(file.string() + ".new");
    {
        std::ofstream out(fresh, std::ios::trunc);
        out << json.dump();
        out.flush();
        if (!out) throw std::system_error(errno, std::generic_category(), fresh.string());
    }
    std::filesystem::rename(fresh, file);
}

}  // namespace vitrine::processes
