#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "commands/problem.hpp"
#include "core/time.hpp"
#include "core/uuid.hpp"
#include "gateways/clubify/clubify.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

/// What adoption and reconciliation work with. References that outlive them; one loop, the one of
/// `clubify`.
struct AdoptionTools {
    store::EventStore& store;
    clubify::Clubify& clubify;
    clubify::Accounts accounts;
    Clock clock;
    UuidSource new_id;
};

/// What is to be adopted.
struct AdoptionKinds {
    bool products = true, offers = true, customers = true, orders = true;
};

/// "products,customers"; empty: all. Why not: it names something else.
std::expected<AdoptionKinds, Phrase> adoption_kinds(std::string_view text);

struct AdoptionRequest {
    TenantId tenant;
    std::string principal;
    CorrelationId correlation_id;  // empty: one is made
    std::string traceparent;
    bool dry_run = false;  // says what would be adopted, does nothing
    AdoptionKinds only = {};
};

struct AdoptionItem {
    std::string entity;  // product, offer, customer, order
    std::string id;      // ours; empty in a dry run and when it failed
    ClubifyId clubify_id;
    std::string name;
    Phrase fault;  // why it was not adopted; empty: it was, or would be
};

struct AdoptionReport {
    struct Counts {
        std::size_t adopted = 0, known = 0, failed = 0;
    };
    bool dry_run = false;
    Counts products, offers, customers, orders;
    std::size_t changed_orders = 0;   // that were known, and are not as they were
    std::vector<AdoptionItem> items;  // adopted and failed ones; of orders, which are many, failed
};

/// Hears how far it is, after each page.
using AdoptionHeard = std::function<void(const AdoptionReport&)>;

/// Pages through the tenant's products, offers, customers and orders on the platform and records
/// each that the log does not know, slug and status kept, and each order that is not as it was.
/// Nothing on the platform is changed. Each is one commit, of orders each page, so that an adoption
/// that was cut off goes on where it stopped when it is asked for again. One at a time a tenant is
/// the caller's to see to.
boost::asio::awaitable<std::expected<AdoptionReport, Problem>> adopt(
    AdoptionTools tools, AdoptionRequest request, AdoptionHeard heard
);

}  // namespace vitrine::commands
