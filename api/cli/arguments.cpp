#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "api/cli/command_line.hpp"
#include "api/cli/secret.hpp"

namespace vitrine::api {
namespace {

void wipe(char* text) {
    std::memset(text, '*', std::strlen(text));
}

bool is_secret_option(std::string_view name) {
    return std::ranges::find(secret_options, name) != std::end(secret_options);
}

}  // namespace

std::vector<std::string> take_arguments(int argc, char** argv) {
    std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        const auto equals = argument.find('=');
        if (equals != std::string_view::npos && is_secret_option(argument.substr(0, equals))) {
            if (is_literal(argument.substr(equals + 1))) wipe(argv[i] + equals + 1);
        } else if (is_secret_option(argument) && i + 1 < argc) {
            ++i;
            if (is_literal(argv[i])) wipe(argv[i]);
        }
    }
    return arguments;
}

}  // namespace vitrine::api
