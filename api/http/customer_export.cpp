#include "api/http/customer_export.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands/people/disclosure.hpp"
#include "core/text.hpp"
#include "events/envelope.hpp"
#include "queries/customers/customers.hpp"
#include "queries/events/cloud_events.hpp"
#include "queries/orders/orders.hpp"
#include "store/people_keys.hpp"
#include "store/read.hpp"

namespace vitrine::api {
namespace {

using nlohmann::ordered_json;

StreamName stream_of(std::string_view customer) {
    return StreamName("customer-" + std::string(customer));
}

std::vector<store::RecordedEvent> events_of(
    store::EventStore& store, const TenantId& tenant, std::string_view customer
) {
    constexpr std::size_t page = 500;
    std::vector<store::RecordedEvent> all;
    while (true) {
        auto some = store.read_stream(
            tenant, stream_of(customer), all.size() + 1, page, store::Direction::forwards
        );
        const bool is_last = some.size() < page;
        std::ranges::move(some, std::back_inserter(all));
        if (is_last) return all;
    }
}

/// nullopt: the customer is not erased.
std::optional<ordered_json> certificate_of(
    Backend& backend, const TenantId& tenant, const std::string& customer
) {
    const auto events = events_of(backend.reads.store, tenant, customer);
    const auto erased = std::ranges::find(events, "CustomerErased", &store::RecordedEvent::type);
    if (erased == events.end()) return std::nullopt;
    ordered_json certificate;
    certificate["customer_id"] = customer;
    certificate["erased_at"] = format_time(erased->recorded_at);
    certificate["erased_by"] = events::decode_metadata(erased->metadata).actor;
    certificate["position"] = erased->position;
    certificate["chain_head"] =
        to_hex({reinterpret_cast<const char*>(erased->hash.data()), erased->hash.size()});
    auto& keys = certificate["keys"] = ordered_json::array();
    for (const auto& erasure : backend.people.erasures()) {
        if (erasure.tenant != tenant || erasure.person != customer) continue;
        for (const auto& key : erasure.keys) {
            keys.push_back(
                {{"purpose", events::purpose_name(key.purpose)}, {"fingerprint", key.fingerprint}}
            );
        }
        if (erasure.contract_until)
            certificate["contract_until"] = format_time(*erasure.contract_until);
    }
    return certificate;
}

/// As GetOrder tells them, the oldest first, of whoever was merged into the customer too.
std::expected<ordered_json, queries::QueryError> orders_of(
    Backend& backend, const TenantId& tenant, const std::string& customer
) {
    auto all = ordered_json::array();
    queries::OrdersParameters parameters{.sort = "placed_at", .limit = "1000"};
    while (true) {
        const auto page =
            queries::list_customer_orders(backend.reads, tenant, customer, parameters);
        if (!page) return std::unexpected(page.error());
        const auto json = ordered_json::parse(page->body);
        for (const auto& order : json.at("items")) all.push_back(order);
        if (json.at("next_cursor").is_null()) return all;
        parameters.cursor = json.at("next_cursor").get<std::string>();
    }
}

queries::Result exported(Backend& backend, const TenantId& tenant, const std::string& customer) {
    auto found = queries::get_customer(backend.reads, tenant, customer);
    if (!found) return found;
    const auto orders = orders_of(backend, tenant, customer);
    if (!orders) return std::unexpected(orders.error());
    std::string body = R"({"customer":)" + found->body + R"(,"orders":)" + orders->dump();
    body += R"(,"events":)";
    body += queries::event_list(events_of(backend.log, tenant, customer));
    body += R"(,"exported_at":")" + format_time(backend.reads.clock()) + "\"}";
    found->body = std::move(body);
    return found;
}

queries::Result seen(Backend& backend, const TenantId& tenant, const std::string& customer) {
    return queries::get_customer(backend.reads, tenant, customer);
}

/// Noted before anything is answered.
boost::asio::awaitable<queries::Result> answer_and_note(
    Backend* backend,
    const Call* call,
    const char* by,
    queries::Result (*answer)(Backend&, const TenantId&, const std::string&)
) {
    const auto& tenant = call->principal.tenant;
    const auto& customer = call->captures.front();
    auto known = seen(*backend, tenant, customer);
    if (!known) co_return known;
    const auto told = co_await commands::note_people_shown(
        &backend->log, {tenant, call->principal.name, by}, backend->reads.clock(), &backend->new_id
    );
    if (!told) co_return std::unexpected(queries::not_ready());
    co_return co_await store::read(backend->log, [&] {
        return answer(*backend, tenant, customer);
    });
}

}  // namespace

boost::asio::awaitable<queries::Result> export_customer(Backend& backend, const Call& call) {
    return answer_and_note(&backend, &call, "export", exported);
}

boost::asio::awaitable<queries::Result> show_customer(Backend& backend, const Call& call) {
    return answer_and_note(&backend, &call, "console", seen);
}

boost::asio::awaitable<void> complete_customer_command(
    Backend* backend, const Call* call, commands::CommandReply* reply
) {
    if (call->route->name != std::string_view("EraseCustomer")) co_return;
    auto answer = ordered_json::parse(reply->body);
    const auto id = answer.find("customer_id");
    if (id == answer.end() || answer.contains("dry_run")) co_return;
    const auto customer = id->get<std::string>();
    auto certificate = co_await store::read(backend->reads.store, [&] {
        return certificate_of(*backend, call->principal.tenant, customer);
    });
    if (certificate) answer["certificate"] = *std::move(certificate);
    reply->body = answer.dump();
}

}  // namespace vitrine::api
