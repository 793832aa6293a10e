#include "api/log/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/printable.hpp"

namespace vitrine::api::log {
namespace {

spdlog::logger& logger() {
    static const auto instance = [] {
        auto made = std::make_shared<spdlog::logger>(
            "vitrine", std::make_shared<spdlog::sinks::stderr_sink_mt>()
        );
        made->set_pattern(
            R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l",%v})", spdlog::pattern_time_type::utc
        );
        made->flush_on(spdlog::level::trace);
        return made;
    }();
    return *instance;
}

std::string json_string(std::string_view text) {
    using Json = nlohmann::json;
    return printable(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
}

void write(spdlog::level::level_enum level, std::string_view event, Fields fields) {
    if (!logger().should_log(level)) return;
    auto line = "\"event\":" + json_string(event);
    for (const auto& [name, value] : fields)
        line += "," + json_string(name) + ":" + json_string(value);
    logger().log(level, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace

bool is_level(std::string_view name) {
    constexpr std::string_view names[] = {"debug", "info", "warn", "error", "off"};
    return std::ranges::find(names, name) != std::end(names);
}

void set_level(std::string_view name) {
    logger().set_level(spdlog::level::from_str(std::string(name)));
}

bool debug_enabled() {
    return logger().should_log(spdlog::level::debug);
}

void debug(std::string_view event, Fields fields) {
    write(spdlog::level::debug, event, fields);
}
void info(std::string_view event, Fields fields) {
    write(spdlog::level::info, event, fields);
}
void warn(std::string_view event, Fields fields) {
    write(spdlog::level::warn, event, fields);
}
void error(std::string_view event, Fields fields) {
    write(spdlog::level::err, event, fields);
}

}  // namespace vitrine::api::log
