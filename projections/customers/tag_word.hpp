#pragma once

#include <string>
#include <string_view>

namespace vitrine::projections {

/// How a tag stands among the words that a customer is searched by: nobody writes its marks.
inline std::string tag_word(std::string_view tag) {
    return '\x1f' + std::string(tag) + '\x1f';
}

}  // namespace vitrine::projections
