#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vitrine {

/// The one spelling of a locale that ICU has data for, "pt_BR" of "pt_BR" and of "pt-BR"; nullopt:
/// it knows none of that name.
std::optional<std::string> locale_name(std::string_view text);

}  // namespace vitrine
