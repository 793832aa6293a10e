#include "api/log/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <memory>
#include <mutex>

#include "api/log/progress_line.hpp"
#include "core/json_append.hpp"
#include "core/overloaded.hpp"
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

/// With a fraction or an exponent, even if it is whole.
std::string number_text(double number) {
    if (!std::isfinite(number)) return "null";
    char digits[32];
    std::string text(digits, std::to_chars(digits, std::end(digits), number).ptr);
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string as_json(std::string_view text) {
    std::string json;
    append_quoted(json, text);
    return printable(json);
}

}  // namespace

std::string Value::json() const {
    return std::visit(
        overloaded{
            [](const std::string& text) { return text.empty() ? text : as_json(text); },
            [](bool flag) { return std::string(flag ? "true" : "false"); },
            [](double number) { return number_text(number); },
            [](auto integer) { return std::to_string(integer); },
        },
        value_
    );
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
    auto line = "\"event\":" + as_json(event);
    for (const auto& [name, value] : fields) {
        const auto json = value.json();
        if (!json.empty()) append_raw(line, name, json);
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
