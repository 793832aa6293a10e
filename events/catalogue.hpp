#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_text.hpp"

namespace vitrine::events {

/// Turns a payload of schema n into one of schema n + 1. Pure.
using Upcaster = std::function<std::string(std::string data)>;

/// Of events in the operator's log, which no seller reads: what is done to tenants and their keys.
inline bool is_operator_category(std::string_view category) {
    return category == "tenant" || category == "keys";
}

/// An event type as the log knows it. What leads from its older schemas is what the event's struct
/// has as `static std::vector<Upcaster> upcasters()`. `upcasters[i]` leads from schema i + 1 to i +
/// 2, so a type at schema n has n − 1 of them.
struct EventType {
    std::string_view name;
    std::string_view category;  // of its streams: offer, product, command, projection, tenant, keys
    std::vector<Upcaster> upcasters;

    int schema() const { return static_cast<int>(upcasters.size()) + 1; }
};

/// Every type this program can write or read: those of aggregates.hpp.
std::span<const EventType> catalogue();

/// nullptr: not in the catalogue.
const EventType* find_event_type(std::string_view name);

/// The payload at the type's present schema. Throws std::runtime_error for a schema newer than this
/// program knows.
std::string upcast(const EventType& type, int schema, std::string data);

}  // namespace vitrine::events
