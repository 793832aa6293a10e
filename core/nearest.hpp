#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/phrase.hpp"

namespace vitrine {

/// Characters to insert, remove, change, or swap with their neighbour, to make one of the other.
std::size_t edits_between(std::string_view one, std::string_view other);

/// Of the known words, the one that somebody who wrote `word` most likely meant: the fewest edits,
/// upper and lower case alike; of several the first. Empty: there is no known word.
std::string nearest(std::string_view word, std::span<const std::string> known);

/// `; do you mean "name"?`, if a known word is so near that it may have been meant: at most a third
/// of the characters are edited, or one. Empty otherwise.
std::string meant(std::string_view word, std::span<const std::string> known);
/// The same in every language.
Phrase meant_phrase(std::string_view word, std::span<const std::string> known);

}  // namespace vitrine
