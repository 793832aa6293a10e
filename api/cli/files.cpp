#include "api/cli/files.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace vitrine::api {

std::string read_input(const std::string& file) {
    std::ostringstream text;
    if (file == "-") {
        text << std::cin.rdbuf();
        return text.str();
    }
    const auto refuse = [&](const std::string& why) {
        throw std::runtime_error(fmt::format("cannot read {}: {}", file, why));
    };
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored)) refuse("it is a directory");
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    if (!in) refuse(std::generic_category().message(errno));
    if (in.peek() != std::ifstream::traits_type::eof()) text << in.rdbuf();
    if (in.bad() || !text) refuse("reading failed");
    return text.str();
}

}  // namespace vitrine::api
