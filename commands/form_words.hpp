#pragma once

#include <string>

#include "core/phrase.hpp"

namespace vitrine::commands {

/// The form that a pattern wants, as the schema describes it, in every language.
Phrase form_words(const std::string& description);

}  // namespace vitrine::commands
