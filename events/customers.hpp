#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/edited.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/describe.hpp"
#include "events/person_text.hpp"

// These are stored for ever. Add members; never rename one, never reuse a name. What names a person
// is a PersonText: sealed where it is stored.
namespace vitrine::events {

using CustomerId = Strong<struct CustomerIdTag>;  // UUIDv7, ours

struct Address {
    std::optional<PersonText> street;
    std::optional<PersonText> number;
    std::optional<PersonText> complement;
    std::optional<PersonText> neighborhood;
    std::optional<PersonText> city;
    std::optional<PersonText> state;
    std::optional<PersonText> zip_code;
    std::optional<PersonText> country;
    bool operator==(const Address&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    Address, (), (street, number, complement, neighborhood, city, state, zip_code, country)
)

struct CustomerRegistered {
    static constexpr std::string_view event_type = "CustomerRegistered";
    static constexpr std::string_view person = "customer_id";
    CustomerId customer_id;
    std::optional<ClubifyId> clubify_customer_id;  // absent: the platform does not know them
    std::string source;                            // "vitrine", "clubify" (adopted), "import"
    std::optional<PersonText> email;               // as core/email_address.hpp writes it
    std::optional<PersonText> reference;           // what others call them, where nothing else does
    std::optional<PersonText> name;
    std::optional<PersonText> phone;           // E.164
    std::optional<PersonText> document;        // without its marks
    std::optional<std::string> document_type;  // cpf, cnpj
    std::optional<Address> address;
    std::vector<std::string> tags;
    std::optional<std::string> locale;
    std::optional<PersonText> metadata;  // JSON as a text: whoever gives it may name people there
    bool operator==(const CustomerRegistered&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    CustomerRegistered,
    (),
    (customer_id,
     clubify_customer_id,
     source,
     email,
     reference,
     name,
     phone,
     document,
     document_type,
     address,
     tags,
     locale,
     metadata)
)
template <>
inline constexpr bool absent_when_empty<&CustomerRegistered::tags> = true;
template <>
inline constexpr std::string_view looked_up_as<&CustomerRegistered::email> = "email";
template <>
inline constexpr std::string_view looked_up_as<&CustomerRegistered::reference> = "reference";
template <>
inline constexpr std::string_view looked_up_as<&CustomerRegistered::phone> = "phone";
template <>
inline constexpr std::string_view looked_up_as<&CustomerRegistered::document> = "document";

/// What is given is so from now on; null: it is gone.
struct CustomerChanged {
    static constexpr std::string_view event_type = "CustomerChanged";
    static constexpr std::string_view person = "customer_id";
    CustomerId customer_id;
    std::optional<ClubifyId> clubify_customer_id;  // where the platform has been told
    std::optional<PersonText> email;
    std::optional<PersonText> name;
    Edited<PersonText> phone;
    Edited<PersonText> document;
    Edited<std::string> document_type;
    Edited<Address> address;
    std::optional<std::vector<std::string>> tags;
    Edited<std::string> locale;
    Edited<PersonText> metadata;
    bool operator==(const CustomerChanged&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    CustomerChanged,
    (),
    (customer_id,
     clubify_customer_id,
     email,
     name,
     phone,
     document,
     document_type,
     address,
     tags,
     locale,
     metadata)
)
template <>
inline constexpr std::string_view looked_up_as<&CustomerChanged::email> = "email";
template <>
inline constexpr std::string_view looked_up_as<&CustomerChanged::phone> = "phone";
template <>
inline constexpr std::string_view looked_up_as<&CustomerChanged::document> = "document";

struct CustomerTagged {
    static constexpr std::string_view event_type = "CustomerTagged";
    CustomerId customer_id;
    std::string tag;
    bool operator==(const CustomerTagged&) const = default;
};
BOOST_DESCRIBE_STRUCT(CustomerTagged, (), (customer_id, tag))

struct CustomerUntagged {
    static constexpr std::string_view event_type = "CustomerUntagged";
    CustomerId customer_id;
    std::string tag;
    bool operator==(const CustomerUntagged&) const = default;
};
BOOST_DESCRIBE_STRUCT(CustomerUntagged, (), (customer_id, tag))

/// To one purpose, by the words of one text, on one channel.
struct ConsentGiven {
    static constexpr std::string_view event_type = "ConsentGiven";
    CustomerId customer_id;
    std::string purpose;
    std::string text_version;
    std::string channel;
    bool operator==(const ConsentGiven&) const = default;
};
BOOST_DESCRIBE_STRUCT(ConsentGiven, (), (customer_id, purpose, text_version, channel))

struct ConsentWithdrawn {
    static constexpr std::string_view event_type = "ConsentWithdrawn";
    CustomerId customer_id;
    std::string purpose;
    std::string text_version;
    std::string channel;
    bool operator==(const ConsentWithdrawn&) const = default;
};
BOOST_DESCRIBE_STRUCT(ConsentWithdrawn, (), (customer_id, purpose, text_version, channel))

/// They are the same person as another one, by whose id they are known from now on.
struct CustomersMerged {
    static constexpr std::string_view event_type = "CustomersMerged";
    CustomerId customer_id;
    CustomerId into;
    bool operator==(const CustomersMerged&) const = default;
};
BOOST_DESCRIBE_STRUCT(CustomersMerged, (), (customer_id, into))

/// The keys of what names them are destroyed with it.
struct CustomerErased {
    static constexpr std::string_view event_type = "CustomerErased";
    static constexpr std::string_view person = "customer_id";
    static constexpr bool erases_person = true;
    CustomerId customer_id;
    std::optional<PersonText> reason;
    std::optional<Timestamp> contract_until;  // what contracts need is kept until then
    bool operator==(const CustomerErased&) const = default;
};
BOOST_DESCRIBE_STRUCT(CustomerErased, (), (customer_id, reason, contract_until))
template <>
inline constexpr bool kept_by_month<&CustomerErased::reason> = true;

using CustomerEvent = std::variant<
    CustomerRegistered,
    CustomerChanged,
    CustomerTagged,
    CustomerUntagged,
    ConsentGiven,
    ConsentWithdrawn,
    CustomersMerged,
    CustomerErased>;

template <>
inline constexpr std::string_view category_of_events<CustomerEvent> = "customer";

}  // namespace vitrine::events
