#pragma once

#include <vector>

#include "commands/customers/customer.hpp"
#include "core/fault.hpp"
#include "core/tax_id.hpp"

namespace vitrine::commands {

/// What was told of a customer, each in its one spelling.
struct Normalised {
    std::optional<std::string> email, name;
    Edited<std::string> phone, locale, metadata;
    Edited<TaxId> document;
    Edited<events::Address> address;
    std::optional<std::vector<std::string>> tags;  // a set, in order
};

/// What has no such spelling is left out, and a fault.
Normalised normalised(const CustomerTold& told, std::vector<Fault>& faults);

}  // namespace vitrine::commands
