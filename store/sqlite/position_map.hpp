#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "core/ids.hpp"

namespace vitrine::store::sqlite {

/// Which position an event got in another log. Kept in runs: small however long the log.
class PositionMap {
public:
    /// `from` grows with each call.
    void add(Position from, Position to) {
        if (!runs_.empty()) {
            auto& run = runs_.back();
            if (from == run.from + run.length && to == run.to + run.length) {
                ++run.length;
                return;
            }
        }
        runs_.push_back({from, to, 1});
    }

    std::optional<Position> find(Position from) const {
        const auto after = std::ranges::upper_bound(runs_, from, {}, &Run::from);
        if (after == runs_.begin()) return std::nullopt;
        const auto& run = *std::prev(after);
        if (from - run.from >= run.length) return std::nullopt;
        return run.to + (from - run.from);
    }

private:
    struct Run {
        Position from, to, length;
    };
    std::vector<Run> runs_;
};

}  // namespace vitrine::store::sqlite
