#pragma once

#include <string_view>

namespace vitrine {

/// A locale that ICU has data for, written as "pt_BR" or "pt-BR".
bool is_known_locale(std::string_view text);

}  // namespace vitrine
