#include "api/cli/table.hpp"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/printable.hpp"

namespace vitrine::api {
namespace {

std::string text_of(const nlohmann::ordered_json& value) {
    if (value.is_string()) return printable_line(value.get<std::string>());
    if (value.is_null()) return "";
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    return value.dump();
}

}  // namespace

void print_rows(
    const nlohmann::ordered_json& rows, std::initializer_list<const char*> columns, bool as_json
) {
    if (as_json) {
        for (const auto& row : rows) std::cout << row.dump() << '\n';
        std::cout.flush();
        return;
    }
    std::vector<std::vector<std::string>> lines(1, {columns.begin(), columns.end()});
    for (const auto& row : rows) {
        auto& line = lines.emplace_back();
        for (const auto* column : columns)
            line.push_back(row.contains(column) ? text_of(row.at(column)) : std::string());
    }
    for (const auto& line : lines) {
        std::string text;
        for (std::size_t i = 0; i < line.size(); ++i) {
            std::size_t width = 0;
            for (const auto& other : lines) width = std::max(width, columns_of(other[i]));
            text += line[i] + std::string(width - columns_of(line[i]) + 2, ' ');
        }
        std::cout << text.substr(0, text.find_last_not_of(' ') + 1) << '\n';
    }
    std::cout.flush();
}

}  // namespace vitrine::api
