#include "commands/plain_id.hpp"

#include <algorithm>
#include <cstddef>

namespace vitrine::commands {

bool is_plain_id(std::string_view text) {
    constexpr std::size_t longest = 200;
    return !text.empty() && text.size() <= longest &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; });
}

}  // namespace vitrine::commands
