#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/person_text.hpp"

// The members of stored events that name people, found by the description of their structs: nobody
// lists them twice. An event says whose they are by the name of the member that has the person's
// id,
//
//     static constexpr std::string_view person = "customer_id";
//
// Without one, or where that member is absent, they are of nobody who is known.
namespace vitrine::events {

/// One member of a payload.
struct PersonMember {
    std::string_view path;  // "/address/city"
    Purpose purpose{};
    std::string_view person;  // the id; empty: of nobody who is known
    std::string_view kind;    // by which people are found by it; empty: they are not
};

/// Whether events of this type have such members.
bool names_people(std::string_view type);

/// Whether an event of this type ends a person: what `person` names is erased with it (`static
/// constexpr bool erases_person = true`).
bool erases_person(std::string_view type);
struct ErasingType {
    std::string type;      // "CustomerErased"
    std::string category;  // "customer"
    std::string person;    // "customer_id": the member
};
std::vector<ErasingType> erasing_types();

/// The person whom a payload is about; empty: none who is known.
std::string person_in(std::string_view type, std::string_view data);

using ChangePerson = std::function<PersonText(const PersonMember& member, PersonText text)>;

/// The payload with each of its members that names a person changed; nullopt: it has none, or none
/// was changed. Payloads of older schemas too. Throws std::runtime_error if it is not what this
/// program can read.
std::optional<std::string> with_people(
    std::string_view type, std::string_view data, const ChangePerson& change
);

}  // namespace vitrine::events
