#pragma once

#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "commands/engine/rejection.hpp"
#include "core/edited.hpp"
#include "core/ids.hpp"
#include "events/customers.hpp"

// The write model of one customer. Pure.
namespace vitrine::commands {

/// What is told of a customer, as it came; what is absent stays.
struct CustomerTold {
    std::optional<std::string> email;
    std::optional<std::string> name;
    Edited<std::string> phone;
    Edited<std::string> document;
    Edited<events::Address> address;
    std::optional<std::vector<std::string>> tags;
    Edited<std::string> locale;
    Edited<std::string> metadata;  // compact JSON
};

/// ValidateOrCreateCustomer: the one with that e-mail address, new or known.
struct PutCustomer : CustomerTold {};
struct EditCustomer : CustomerTold {};

struct TagCustomer {
    std::string tag;
};
struct UntagCustomer {
    std::string tag;
};
struct RecordConsent {
    std::string purpose;
    bool granted = false;
    std::string text_version;
    std::string channel;
};
struct MergeCustomer {
    std::string into;  // the id, as it came
};
struct EraseCustomer {
    std::string reason;
};

/// What decide must know of a customer.
struct CustomerState {
    struct Consent {
        bool granted = false;
        std::string text_version;
    };
    Version version = 0;  // 0: there is none
    events::CustomerId id;
    std::optional<ClubifyId> clubify_id;
    std::optional<events::PersonText> email, name, phone, document, metadata;
    std::optional<std::string> document_type, locale;
    std::optional<events::Address> address;
    std::vector<std::string> tags;
    std::map<std::pair<std::string, std::string>, Consent> consents;  // by purpose and channel
    std::optional<events::CustomerId> merged_into;
    bool erased = false;

    bool is_known() const { return version != 0 && !erased && !merged_into; }
};

using CustomerEvents = std::vector<events::CustomerEvent>;
using CustomerDecision = std::expected<CustomerEvents, Rejection>;

/// Of a new one, clubify_customer_id is lacking, which the platform gives. No events: everything is
/// so already.
CustomerDecision decide(const PutCustomer& command, const CustomerState& state);
CustomerDecision decide(const EditCustomer& command, const CustomerState& state);
CustomerDecision decide(const TagCustomer& command, const CustomerState& state);
CustomerDecision decide(const UntagCustomer& command, const CustomerState& state);
CustomerDecision decide(const RecordConsent& command, const CustomerState& state);
/// `into`: the other one.
CustomerDecision decide(
    const MergeCustomer& command, const CustomerState& state, const CustomerState& into
);
CustomerDecision decide(const EraseCustomer& command, const CustomerState& state);

CustomerState evolve(CustomerState state, const events::CustomerEvent& event);

/// As platform and people write one: 1 to 50 letters, digits, "_" and "-".
bool is_tag(std::string_view text);

}  // namespace vitrine::commands
