#include "processes/due_timers.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

namespace vitrine::processes {
namespace {

constexpr std::size_t page = 256;

}  // namespace

void DueTimers::set(const TimerRow& row, Position at) {
    gone_.erase(row);
    set_[row] = at;
}

void DueTimers::gone(const TimerRow& row, Position at) {
    set_.erase(row);
    gone_[row] = at;
}

void DueTimers::set_aside(const TimerRow& row) {
    gone(row, std::numeric_limits<Position>::max());
}

/// Asked before the read model's rows are, so that these are no older.
void DueTimers::forget_what_is_read() {
    const auto read = open_.position();
    if (read == read_) return;
    read_ = read;
    const auto is_read = [read](const auto& row) { return row.second <= read; };
    std::erase_if(set_, is_read);
    std::erase_if(gone_, is_read);
}

std::vector<TimerRow> DueTimers::due(
    Timestamp now, const std::optional<TimerRow>& after, std::size_t limit
) {
    forget_what_is_read();
    std::vector<TimerRow> rows;
    auto from = after;
    while (rows.size() < limit) {
        const auto known = open_.timers(from, page);
        for (const auto& row : known)
            if (row.due <= now && !is_gone(row)) rows.push_back(row);
        if (known.size() < page || known.back().due > now) break;
        from = known.back();
    }
    // The first of both, as far as the read model was read.
    const bool is_cut = rows.size() >= limit;
    for (auto row = after ? set_.upper_bound(*after) : set_.begin();
         row != set_.end() && row->first.due <= now && (!is_cut || row->first < rows.back());
         ++row)
        rows.push_back(row->first);
    std::ranges::sort(rows);
    const auto twice = std::ranges::unique(rows);
    rows.erase(twice.begin(), twice.end());
    return rows;
}

std::optional<Timestamp> DueTimers::next() {
    forget_what_is_read();
    std::optional<Timestamp> first;
    if (!set_.empty()) first = set_.begin()->first.due;
    std::optional<TimerRow> from;
    while (true) {
        const auto known = open_.timers(from, page);
        const auto found =
            std::ranges::find_if(known, [this](const TimerRow& row) { return !is_gone(row); });
        if (found != known.end()) return first ? std::min(*first, found->due) : found->due;
        if (known.size() < page) return first;
        from = known.back();
    }
}

}  // namespace vitrine::processes
