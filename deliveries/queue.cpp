#include "deliveries/queue.hpp"

#include <algorithm>

namespace vitrine::deliveries {

KeyHash hash_of_key(std::string_view key) {
    KeyHash hash = 14695981039346656037U;  // FNV-1a: it is kept in a file
    for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return hash >> 1;  // a positive number of SQLite
}

std::size_t Queue::room() const {
    if (fresh_.size() >= limits_.fresh || fresh_bytes_ >= limits_.fresh_bytes ||
        items_.size() >= limits_.held) {
        return 0;
    }
    return std::min(limits_.fresh - fresh_.size(), limits_.held - items_.size());
}

bool Queue::offer(store::SharedEvent event, KeyHash key, Source source, Timestamp now) {
    const auto position = event->position;
    const auto bytes = event->data.size() + event->metadata.size();
    if (items_.contains(position)) return false;
    const auto recorded_at = event->recorded_at;
    items_.emplace(
        position,
        Item{.key = key, .due = now, .recorded_at = recorded_at, .event = std::move(event)}
    );
    fresh_.emplace(position, Fresh{.source = source, .bytes = bytes});
    fresh_bytes_ += bytes;
    auto& of_key = keys_[key];
    of_key.positions.insert(position);
    place(of_key);
    return true;
}

void Queue::restore(const Pending& pending) {
    const auto item =
        items_
            .try_emplace(
                pending.position,
                Item{.key = pending.key, .recorded_at = pending.recorded_at, .event = {}}
            )
            .first;
    auto& of_key = keys_[item->second.key];
    if (!item->second.under_way) {
        if (of_key.head == pending.position) displace(of_key);
        item->second.attempts = pending.attempts;
        item->second.due = pending.due;
    }
    of_key.positions.insert(pending.position);
    note_kept(pending.position);
    place(of_key);
}

bool Queue::drop(Position position) {
    const auto item = items_.find(position);
    if (item == items_.end() || item->second.under_way) return false;
    remove(item);
    return true;
}

std::optional<Position> Queue::take_next(Timestamp now) {
    if (!has_next(now)) return std::nullopt;
    const auto position = waiting_.begin()->second;
    auto& item = items_.at(position);
    auto& key = keys_.at(item.key);
    displace(key);
    key.under_way = item.under_way = true;
    ++under_way_;
    return position;
}

bool Queue::has_next(Timestamp now) const {
    return !waiting_.empty() && waiting_.begin()->first <= now;
}

std::optional<Timestamp> Queue::next_due() const {
    return waiting_.empty() ? std::nullopt : std::optional(waiting_.begin()->first);
}

void Queue::end(Position position) {
    remove(items_.find(position));
}

void Queue::put_back(Position position, Timestamp due) {
    auto& item = items_.at(position);
    ++item.attempts;
    item.due = due;
    item.event.reset();
    give_back(position);
}

void Queue::give_back(Position position) {
    auto& item = items_.at(position);
    auto& key = keys_.at(item.key);
    key.under_way = item.under_way = false;
    --under_way_;
    place(key);
}

Pending Queue::pending(Position position) const {
    const auto& item = items_.at(position);
    return {position, item.key, item.attempts, item.due, item.recorded_at};
}

void Queue::note_kept(Position position) {
    const auto fresh = fresh_.find(position);
    if (fresh == fresh_.end()) return;
    fresh_bytes_ -= fresh->second.bytes;
    fresh_.erase(fresh);
    auto& item = items_.at(position);
    if (!item.under_way) item.event.reset();
}

std::vector<Position> Queue::lingering() {
    std::vector<Position> positions;
    for (auto& [position, fresh] : fresh_)
        if (std::exchange(fresh.seen, true)) positions.push_back(position);
    return positions;
}

std::optional<Position> Queue::first_fresh(Source source) const {
    const auto found =
        std::ranges::find(fresh_, source, [](const auto& entry) { return entry.second.source; });
    return found == fresh_.end() ? std::nullopt : std::optional(found->first);
}

bool Queue::may_have_row(Position position) const {
    const auto fresh = fresh_.find(position);
    return fresh == fresh_.end() || fresh->second.source == Source::replay;
}

std::optional<Pending> Queue::first() const {
    return items_.empty() ? std::nullopt : std::optional(pending(items_.begin()->first));
}

/// Brings the earliest of the key to where it waits for its turn.
void Queue::place(Key& key) {
    if (key.under_way) return;
    const auto first = *key.positions.begin();
    if (key.head == first) return;
    displace(key);
    waiting_.emplace(items_.at(first).due, first);
    key.head = first;
}

void Queue::displace(Key& key) {
    if (key.head == 0) return;
    waiting_.erase({items_.at(key.head).due, key.head});
    key.head = 0;
}

void Queue::remove(Items::iterator item) {
    const auto position = item->first;
    note_kept(position);
    const auto of_key = keys_.find(item->second.key);
    auto& key = of_key->second;
    if (item->second.under_way) {
        key.under_way = false;
        --under_way_;
    } else if (key.head == position) {
        displace(key);
    }
    key.positions.erase(position);
    items_.erase(item);
    if (key.positions.empty()) {
        keys_.erase(of_key);
    } else {
        place(key);
    }
}

}  // namespace vitrine::deliveries
