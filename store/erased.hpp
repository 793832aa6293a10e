#pragma once

#include <string_view>

#include "core/json_text.hpp"

namespace vitrine::store {

/// What stands for a body, plan or answer of the journal whose person was erased.
constexpr std::string_view erased_text = R"({"erased":true})";

inline bool is_erased(const JsonText& text) {
    return text.text == erased_text;
}

}  // namespace vitrine::store
