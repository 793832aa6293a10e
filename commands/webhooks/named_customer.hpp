#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"

namespace vitrine::commands {

/// The customer whom a webhook is about, as it names them.
struct NamedCustomer {
    std::optional<ClubifyId> clubify_id;
    std::optional<std::string> email;  // as core/email_address.hpp writes it
};

/// Of a body that is JSON; nothing is named by another. Pure.
NamedCustomer named_customer(std::string_view raw_body);

}  // namespace vitrine::commands
