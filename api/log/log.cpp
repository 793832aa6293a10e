#include "api/log/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>

#include "api/log/progress_line.hpp"
#include "core/printable.hpp"

namespace vitrine::api::log {
namespace {

using Json = nlohmann::json;

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

spdlog::level::level_enum level_of(Level level) {
    switch (level) {
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
            return spdlog::level::info;
        case Level::warn:
            return spdlog::level::warn;
        case Level::error:
            return spdlog::level::err;
    }
    return spdlog::level::err;
}

/// What stands at the foot of the terminal.
struct Foot {
    std::mutex mutex;
    std::string text;  // empty: nothing

    void draw() const { print(text.empty() ? "" : fitting()); }
    void wipe() const {
        if (!text.empty()) print("");
    }

private:
    /// A longer one would wrap, and be left behind by the next.
    std::string fitting() const {
        winsize size{};
        if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return text;
        return text.substr(0, size.ws_col - 1U);
    }
    static void print(const std::string& line) {
        std::fprintf(stderr, "\r\033[K%s", line.c_str());
        std::fflush(stderr);
    }
};

Foot& foot() {
    static Foot instance;
    return instance;
}

std::string json_text(const Json& json) {
    return printable(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

std::string Value::json() const {
    if (const auto* text = std::get_if<std::string>(&value_); text && text->empty()) return {};
    return std::visit([](const auto& value) { return json_text(Json(value)); }, value_);
}

bool is_level(std::string_view name) {
    constexpr std::string_view names[] = {"debug", "info", "warn", "error", "off"};
    return std::ranges::find(names, name) != std::end(names);
}

void set_level(std::string_view name) {
    logger().set_level(spdlog::level::from_str(std::string(name)));
}

bool writes(Level level) {
    return logger().should_log(level_of(level));
}

void write(Level level, std::string_view event, const Fields& fields) {
    if (!writes(level)) return;
    auto line = "\"event\":" + json_text(Json(event));
    for (const auto& [name, value] : fields) {
        const auto json = value.json();
        if (!json.empty()) line += "," + json_text(Json(name)) + ":" + json;
    }
    auto& below = foot();
    const std::scoped_lock lock(below.mutex);
    below.wipe();
    logger().log(level_of(level), spdlog::string_view_t(line.data(), line.size()));
    if (!below.text.empty()) below.draw();
}

ProgressLine::ProgressLine() : terminal_(::isatty(STDERR_FILENO) == 1) {}

void ProgressLine::show(const std::string& text) {
    if (!terminal_) return;
    auto& below = foot();
    const std::scoped_lock lock(below.mutex);
    below.text = text;
    below.draw();
}

void ProgressLine::clear() {
    auto& below = foot();
    const std::scoped_lock lock(below.mutex);
    below.wipe();
    below.text.clear();
}

}  // namespace vitrine::api::log
