#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sandbox/call.hpp"

namespace vitrine::sandbox {

/// A new object with what the platform itself assigns: `_id` and `id`, the tenant, both spellings
/// of the times.
Json new_object(const Call& call);

/// What the platform assigns and takes from no client.
bool is_assigned(std::string_view name);

/// Moves the members of `input` over those of `object`, save the assigned ones and those named in
/// `except`.
void merge(Json& object, Json& input, std::span<const std::string_view> except = {});

/// Sets one time under both spellings: ("publishedAt", "published_at").
void set_time(Json& object, const char* camel, const char* snake, Timestamp time);

Json load(const Row& row);

/// Tells those who configured a webhook.
void tell(const Call& call, std::string name, const Json& data);

/// Stores a changed object (or a new one, which 201 says), tells of it and answers it.
Reply store(Call& call, Kind kind, Json& object, int status);

/// As store(), with a new time of change.
Reply store_changed(Call& call, Kind kind, Json& object);

/// The row with the id in the first place of the pattern; or "Offer not found".
std::expected<const Row*, Refusal> find_row(const Call& call, Kind kind, std::string what);

}  // namespace vitrine::sandbox
