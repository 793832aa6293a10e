#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The saga of checkouts tried out in every way, over a world in memory: the same pure functions and
// the same drafts as the runner's. Deterministic by the seed.
namespace vitrine::processes {

struct ExploreOptions {
    std::optional<std::string> method;  // card, pix, boleto; all unless told
    std::uint64_t seed = 1;
    std::optional<std::string> only;  // the name of one case, as it was printed
};

struct ExploredCase {
    std::string name;  // "card/capture/after-effect/unknown-done/doubled"
    std::vector<std::string> violations;
    std::vector<std::string> script;  // what happened, event by event
};

struct Explored {
    std::size_t cases = 0;
    std::vector<ExploredCase> violated;
};

Explored explore_checkout(const ExploreOptions& options);

}  // namespace vitrine::processes
