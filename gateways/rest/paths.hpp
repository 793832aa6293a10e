#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateways/rest/call.hpp"

namespace vitrine::rest {

Call make_call(std::string method, std::string path, JsonText body = {});
Call get_call(std::string path);

/// "a,b", each part encoded.
std::string comma_list(const std::vector<std::string>& parts);

/// Adds "?name=value", or "&name=value" after the first. Nothing, if `value` is empty.
void add_query(std::string& path, std::string_view name, std::string_view value);
/// The same with a comma list.
void add_query(std::string& path, std::string_view name, const std::vector<std::string>& values);

}  // namespace vitrine::rest
