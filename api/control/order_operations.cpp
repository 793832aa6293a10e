#include "api/control/order_operations.hpp"

#include <filesystem>
#include <fstream>

#include "commands/orders/import.hpp"
#include "core/uuid.hpp"
#include "projections/sales/orders_reader.hpp"
#include "queries/at_least.hpp"

namespace vitrine::api {
namespace {

/// Who was once noted with an address, out of the keys of people: all that an import asks for.
class PeopleFacts : public commands::Facts {
public:
    explicit PeopleFacts(store::PeopleKeys& keys) : keys_(keys) {}

    std::optional<ProductId> product_of(const TenantId&, const ClubifyId&) const override {
        return std::nullopt;
    }
    std::vector<OfferId> offers_with(const TenantId&, const ClubifyId&) const override {
        return {};
    }
    std::vector<std::string> people_with(
        const TenantId& tenant, std::string_view kind, std::string_view text
    ) const override {
        return keys_.people_with(tenant, kind, text);
    }

private:
    store::PeopleKeys& keys_;
};

constexpr std::uintmax_t most_bytes = std::uintmax_t{1} << 30;

std::expected<std::string, std::string> text_of(const std::string& file) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error) return std::unexpected("cannot read " + file + ": " + error.message());
    if (size > most_bytes) return std::unexpected(file + " is larger than 1 GiB: divide it");
    std::ifstream in(file, std::ios::binary);
    std::string text(size, '\0');
    if (!in.read(text.data(), static_cast<std::streamsize>(size)) || in.peek() != EOF)
        return std::unexpected("cannot read " + file);
    return text;
}

void hear(const Work& work, const char* what, std::uint64_t done, std::uint64_t all) {
    Json progress;
    progress["what"] = what;
    progress["done"] = done;
    progress["all"] = all;
    Json json;
    json["progress"] = std::move(progress);
    work.hear(json);
}

Json faults_json(const commands::OrderFile& file) {
    Json json;
    json["fault_count"] = file.fault_count();
    auto& faults = json["faults"] = Json::array();
    for (const auto& [line, what] : file.faults()) {
        auto& each = faults.emplace_back();
        each["line"] = line;
        each["what"] = what;
    }
    return json;
}

Json to_json(
    const commands::OrdersImported& imported, const commands::OrderFile& file, bool dry_run
) {
    Json json;
    json["dry_run"] = dry_run;
    json["lines"] = imported.lines;
    json["orders"] = file.orders();
    json["added"] = imported.orders.added;
    json["changed"] = imported.orders.changed;
    json["known"] = imported.orders.known;
    Json customers;
    customers["added"] = imported.new_customers;
    customers["known"] = imported.known_customers;
    json["customers"] = std::move(customers);
    return json;
}

Json check_of(projections::OrdersReader& orders, const TenantId& tenant) {
    Json json;
    json["tenant"] = tenant.str();
    json["orders"] = orders.count(tenant);
    auto& items = json["unexplained"] = Json::array();
    for (const auto& order : orders.unexplained(tenant)) {
        auto& item = items.emplace_back();
        item["order_id"] = events::order_id_of(tenant, order.order_id).str();
        item["clubify_order_id"] = order.order_id;
        item["currency"] = order.currency;
        item["total_cents"] = order.sum.total_cents;
        item["lines_cents"] = order.sum.total_cents - *order.sum.unexplained_cents;
        item["unexplained_cents"] = *order.sum.unexplained_cents;
    }
    return json;
}

}  // namespace

Outcome orders_import(const Work& work) {
    const TenantId tenant(work.text("tenant"));
    if (!work.keys().find_tenant(tenant)) return no_tenant(tenant.str());
    const auto zone = Zone::find(work.text("zone"));
    if (!zone) return fault("there is no time zone " + work.text("zone"));
    const auto text = text_of(work.text("file"));
    if (!text) return fault(text.error());
    const commands::OrderFile file(*text, *zone, [&](std::size_t bytes) {
        hear(work, "read", bytes, text->size());
    });
    if (file.fault_count() != 0) return faults_json(file);
    auto& log = work.administration.log();
    const auto new_id = uuid_v7_source(work.administration.clock);
    const bool dry_run = work.arguments.value("dry_run", false);
    const commands::OrderRecording recording{
        .store = log,
        .tenant = tenant,
        .clock = work.administration.clock,
        .new_id = new_id,
        .actor = work.actor,
        .correlation_id = CorrelationId(new_id()),
        .dry_run = dry_run
    };
    const auto imported = commands::import_orders(
        recording,
        PeopleFacts(log.keys()),
        file,
        [&](std::size_t done, std::size_t all) { hear(work, "import", done, all); },
        work.cancelled
    );
    if (!imported) return fault(imported.error());
    return to_json(*imported, file, dry_run);
}

Outcome orders_check(const Work& work) {
    std::vector<TenantId> tenants;
    if (const auto name = work.text("tenant"); !name.empty()) {
        if (!work.keys().find_tenant(TenantId(name))) return no_tenant(name);
        tenants.emplace_back(name);
    } else {
        for (const auto& tenant : work.keys().tenants()) tenants.push_back(tenant.id);
    }
    auto lease = work.administration.lease(queries::sales_model);
    if (!lease)
        return fault(
            "the read model sales is not built yet: a server that starts, or `vitrine rebuild "
            "sales`, builds it"
        );
    projections::OrdersReader orders(*std::move(lease));
    auto list = Json::array();
    for (const auto& tenant : tenants) list.push_back(check_of(orders, tenant));
    return list;
}

}  // namespace vitrine::api
