#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

// The program's log: one JSON object a line on the standard error. Never bodies, never keys. Any
// thread.
namespace vitrine::api::log {

using Fields = std::initializer_list<std::pair<std::string_view, std::string>>;

/// debug, info, warn, error or off.
bool is_level(std::string_view name);

/// Info until told otherwise.
void set_level(std::string_view name);

bool debug_enabled();

void debug(std::string_view event, Fields fields = {});
void info(std::string_view event, Fields fields = {});
void warn(std::string_view event, Fields fields = {});
void error(std::string_view event, Fields fields = {});

}  // namespace vitrine::api::log
