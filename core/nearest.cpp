#include "core/nearest.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace vitrine {
namespace {

std::string lower(std::string_view text) {
    std::string lowered(text);
    for (auto& c : lowered) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lowered;
}

}  // namespace

std::size_t edits_between(std::string_view one, std::string_view other) {
    // Rows of the table of edits between every two beginnings: the row before last, the last, this.
    std::vector<std::size_t> before(other.size() + 1);
    std::vector<std::size_t> last(other.size() + 1);
    std::vector<std::size_t> row(other.size() + 1);
    for (std::size_t j = 0; j <= other.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= one.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= other.size(); ++j) {
            const std::size_t change = one[i - 1] == other[j - 1] ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
            const bool swapped =
                i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[other.size()];
}

std::string nearest(std::string_view word, std::span<const std::string> known) {
    std::string found;
    auto fewest = std::numeric_limits<std::size_t>::max();
    const auto asked = lower(word);
    for (const auto& each : known) {
        const auto edits = edits_between(asked, lower(each));
        if (edits >= fewest) continue;
        fewest = edits;
        found = each;
    }
    return found;
}

Phrase meant_phrase(std::string_view word, std::span<const std::string> known) {
    const auto found = nearest(word, known);
    const auto few = std::max<std::size_t>(1, word.size() / 3);
    if (found.empty() || edits_between(lower(word), lower(found)) > few) return {};
    return phrase("; do you mean \"{}\"?", "; você quis dizer \"{}\"?", found);
}

std::string meant(std::string_view word, std::span<const std::string> known) {
    return meant_phrase(word, known).english();
}

}  // namespace vitrine
