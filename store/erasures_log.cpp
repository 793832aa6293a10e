#include "store/erasures_log.hpp"

#include <fcntl.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "store/descriptor.hpp"
#include "store/durable_file.hpp"

namespace vitrine::store {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

fs::path file_in(const fs::path& directory) {
    return directory / erasures_log_name;
}

std::string line_of(const Erasure& erasure) {
    Json json;
    json["tenant"] = erasure.tenant.str();
    json["person"] = erasure.person;
    json["at"] = format_time(erasure.at);
    if (erasure.contract_until) json["contract_until"] = format_time(*erasure.contract_until);
    auto& keys = json["keys"] = Json::array();
    for (const auto& key : erasure.keys) {
        keys.push_back(
            {{"purpose", events::purpose_name(key.purpose)}, {"fingerprint", key.fingerprint}}
        );
    }
    return json.dump() + '\n';
}

std::optional<Purpose> purpose_named(std::string_view name) {
    for (const auto purpose : {Purpose::contract, Purpose::marketing, Purpose::command})
        if (events::purpose_name(purpose) == name) return purpose;
    return std::nullopt;
}

Erasure erasure_in(const Json& json) {
    Erasure erasure{
        TenantId(json.at("tenant").get<std::string>()),
        json.at("person").get<std::string>(),
        parse_time(json.at("at").get<std::string>()).value()
    };
    if (json.contains("contract_until"))
        erasure.contract_until = parse_time(json.at("contract_until").get<std::string>()).value();
    for (const auto& key : json.at("keys")) {
        if (const auto purpose = purpose_named(key.at("purpose").get<std::string>()))
            erasure.keys.push_back({*purpose, key.at("fingerprint").get<std::string>()});
    }
    return erasure;
}

}  // namespace

void note_erasure(const fs::path& directory, const Erasure& erasure) {
    const auto file = file_in(directory);
    const bool is_new = !fs::exists(file);
    const Descriptor out(::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!out.is_open()) throw_system_error("cannot open " + file.string());
    auto line = line_of(erasure);
    // A line that a crash has cut off must not swallow this one.
    const auto size = ::lseek(out.get(), 0, SEEK_END);
    char last = '\n';
    if (size > 0 && ::pread(out.get(), &last, 1, size - 1) == 1 && last != '\n') line = '\n' + line;
    std::string_view left = line;
    while (!left.empty()) {
        const auto written = ::write(out.get(), left.data(), left.size());
        if (written < 0 && errno != EINTR) throw_system_error("cannot write " + file.string());
        if (written > 0) left.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(out.get()) != 0) throw_system_error("cannot sync " + file.string());
    if (is_new) sync_directory(directory);
}

std::vector<Erasure> noted_erasures(const fs::path& directory) {
    std::vector<Erasure> erasures;
    std::ifstream in(file_in(directory));
    std::string line;
    while (std::getline(in, line)) {
        const auto json = Json::parse(line, nullptr, false);
        if (json.is_discarded()) continue;
        try {
            erasures.push_back(erasure_in(json));
        } catch (const std::exception& error) {
            throw std::runtime_error(file_in(directory).string() + ": " + error.what());
        }
    }
    return erasures;
}

}  // namespace vitrine::store
