#include "api/cli/secret.hpp"

#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include "api/cli/subcommands.hpp"

namespace vitrine::api {
namespace {

std::string trimmed(const std::string& text) {
    constexpr const char* blank = " \t\r\n";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::string contents(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) throw std::runtime_error("cannot read " + file);
    return text.str();
}

}  // namespace

bool is_literal(std::string_view value) {
    return value != "-" && !value.starts_with('@');
}

std::string read_secret(std::string_view option, const std::string& value) {
    std::string text;
    if (value == "-") {
        std::getline(std::cin, text);
    } else if (is_literal(value)) {
        text = value;
    } else {
        text = contents(value.substr(1));
    }
    text = trimmed(text);
    if (text.empty()) throw UsageError(std::string(option) + ": the secret is empty");
    return text;
}

}  // namespace vitrine::api
