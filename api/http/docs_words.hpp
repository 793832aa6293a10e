#pragma once

#include <string>
#include <string_view>

#include "core/phrase.hpp"

namespace vitrine::api {

/// What a route, a parameter or a schema says of itself, which stands there in English, in the
/// language: by its area's answers/<area>.json, or by docs/portuguese.json when several areas say
/// it. One that is in neither stays in English; a test misses it.
std::string help_in(Language language, std::string_view english);

/// Whether it can be told in every language.
bool is_translated(std::string_view english);

}  // namespace vitrine::api
