#include "sandbox/option_texts.hpp"

#include <charconv>

namespace vitrine::sandbox {

bool take_listen(std::string_view text, std::string& address, std::uint16_t& port) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    auto host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const auto digits = text.substr(colon + 1);
    const auto* end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, port);
    address = host;
    return error == std::errc() && rest == end && !digits.empty();
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || rest != end) return std::nullopt;
    return value;
}

std::string one_line(std::string text) {
    for (auto& c : text) {
        if (c == '\n') c = ' ';
    }
    return text;
}

CLI::Validator no_option() {
    const auto check = [](const std::string& text) -> std::string {
        return text.starts_with("--") ? "needs a value; " + text + " stands in its place" : "";
    };
    return CLI::Validator(check, "", "a value");
}

}  // namespace vitrine::sandbox
