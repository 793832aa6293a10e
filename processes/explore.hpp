#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/envelope.hpp"

// The saga of checkouts tried out in every way, over a world in memory: the same pure functions and
// the same drafts as the runner's. Deterministic by the seed.
namespace vitrine::processes {

struct ExploreOptions {
    std::optional<std::string> method;  // card, pix, boleto; all unless told, and several at once
    std::uint64_t seed = 1;
    std::optional<std::string> only;  // the name of one case, as it was printed
};

struct ExploredCase {
    std::string name;  // "card/capture/after-effect/unknown-done/doubled", "interleaved/17"
    std::vector<std::string> violations;
    std::vector<std::string> script;         // what happened, event by event
    std::vector<events::RecordedEvent> log;  // of all checkouts, in their order
};

struct Explored {
    std::size_t cases = 0;
    std::vector<ExploredCase> violated;
};

/// Each kill, outcome and order of signals at each step of one checkout by itself; then, at random,
/// checkouts that run at once over the same last units, coupon and customer, while buyers pay in
/// two windows and cancel, and sellers give money back. When nothing happens any more by itself,
/// what must hold then is looked at; then a person decides on each step that waits for one, and all
/// must hold, with no excuse.
Explored explore_checkout(const ExploreOptions& options);

/// One case of checkouts that run at once.
ExploredCase explore_interleaved(std::uint64_t seed, std::uint64_t number);

}  // namespace vitrine::processes
