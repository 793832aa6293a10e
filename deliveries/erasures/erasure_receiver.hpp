#pragma once

#include <memory>

#include "deliveries/receiver.hpp"
#include "gateways/clubify/clubify.hpp"
#include "store/event_store.hpp"

namespace vitrine::deliveries {

inline constexpr const char* erasure_kind = "erasure";
inline constexpr const char* clubify_erasures = "clubify";

/// How the platform is told whom it is to forget. References outlive the receivers.
struct ErasureParts {
    clubify::Clubify& clubify;
    clubify::Accounts accounts;
    store::EventStore& store;
};

/// Has the platform forget the tenant's customers who were erased here, those of before too.
///
/// Operation: the customer there is looked at and, unless that is so already, all that names a
/// person is overwritten and the status set to deleted: the platform deletes no customer, and done
/// twice it is as done once. Whom the platform never had, or has no more, is left alone. Whatever
/// was not answered is looked at again before anything is sent.
std::unique_ptr<Receiver> erasure_receiver(const TenantId& tenant, ErasureParts parts);

/// What a customer of the platform becomes, of whom it is told all: JSON of the change; empty: it
/// is so already. Pure.
JsonText blanked(const JsonText& customer, const ClubifyId& id);

}  // namespace vitrine::deliveries
