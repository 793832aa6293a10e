#include "api/cli/ask.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>

#include "api/control/client.hpp"
#include "store/api_key_text.hpp"
#include "store/data_directory.hpp"
#include "store/owner.hpp"

namespace vitrine::api {
namespace {

/// A server, or another command, works on it. Makes no file where there is none.
bool is_in_use(const std::filesystem::path& data) {
    std::error_code unreadable;
    if (!std::filesystem::exists(data / "lock", unreadable)) return false;
    const store::ActAsOwner owner(data);
    return !store::DataLock::try_take(data).has_value();
}

}  // namespace

Json ask(const DataOptions& where, const std::string& operation, const Json& arguments) {
    auto outcome =
        run_on_data(where.data, where.master_key_file, operation, arguments, [](const Json&) {});
    if (!outcome) throw std::runtime_error(outcome.error());
    return *std::move(outcome);
}

Timestamp service_time(const DataOptions& where) {
    if (!is_in_use(where.data)) return system_clock()();
    return *parse_time(ask(where, "time", Json::object()).at("now").get<std::string>());
}

void note_shown(const DataOptions& where, const Json& answer) {
    Json arguments;
    arguments["tenant"] = answer.at("tenant");
    arguments["prefix"] =
        answer.at("api_key").get<std::string>().substr(0, store::api_key_prefix_size);
    try {
        ask(where, "key shown", arguments);
    } catch (const std::exception& fault) {
        throw std::runtime_error(
            "the key was printed, but that could not be noted, so that it may be replaced: " +
            std::string(fault.what())
        );
    }
}

}  // namespace vitrine::api
