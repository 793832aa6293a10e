#pragma once

#include <array>
#include <string>
#include <string_view>

#include "sandbox/call.hpp"
#include "sandbox/fields.hpp"

namespace vitrine::sandbox {

inline constexpr std::array<std::string_view, 5> offer_states{
    "draft", "active", "inactive", "paused", "archived"
};

/// Equal for the spellings that mean one type.
std::string canonical_offer_type(std::string_view type);

/// Brings the body of a create or an update under its attested names and checks it, products aside.
void read_offer(Call& call, bool creates, FieldErrors& errors);

/// Sets the three in step: `status`, `isActive`, `active`; and the time of publishing when it
/// begins.
void set_offer_status(Json& offer, std::string_view status, Timestamp now);

/// What `status`, `isActive` or `active` of an input ask for, from the state it is in; empty:
/// nothing.
std::string wished_status(const Json& input, std::string_view current);

}  // namespace vitrine::sandbox
