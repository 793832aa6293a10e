#include "sandbox/past_sales.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sandbox/objects.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::string_view completed = "completed";

const char* payment_status(std::string_view status) {
    if (status == completed) return "paid";
    if (status == "refunded") return "refunded";
    return status == "cancelled" || status == "canceled" ? "cancelled" : "pending";
}

Row row_of(std::string_view id, std::string_view space, std::uint64_t ordinal) {
    Row row;
    row.id = id;
    row.space = space;
    row.ordinal = ordinal;
    return row;
}

}  // namespace

const Row* PastSales::offer_of(const PastLine& line) {
    const auto [known, is_new] = offers_.try_emplace(line.slug, nullptr);
    if (is_new) {
        known->second =
            call_.world.state.table(Kind::offers).find_slug(call_.space, past_.text(line.slug));
    }
    return known->second;
}

/// The file names it by the platform's id, or by its SKU.
const Row* PastSales::product_of(const PastLine& line) {
    const auto [known, is_new] = products_.try_emplace(line.product, nullptr);
    if (!is_new) return known->second;
    const auto& table = call_.world.state.table(Kind::products);
    const auto& name = past_.text(line.product);
    known->second = table.find(call_.space, name);
    if (known->second != nullptr) return known->second;
    if (!by_sku_) {
        by_sku_.emplace();
        for (const auto* row : table.rows(call_.space)) {
            if (const auto product = load(*row); !text_of(product, "sku").empty())
                by_sku_->try_emplace(std::string(text_of(product, "sku")), row);
        }
    }
    const auto found = by_sku_->find(name);
    if (found != by_sku_->end()) known->second = found->second;
    return known->second;
}

bool PastSales::is_seen(const PastOrder& order) {
    if (call_.world.state.table(Kind::orders).holds_anywhere(order.id)) return false;
    return std::ranges::any_of(order.lines, [this](const auto& line) { return offer_of(line); });
}

bool PastSales::is_seen(const PastCustomer& customer) {
    return std::ranges::any_of(customer.orders, [this](std::uint32_t place) {
        return std::ranges::any_of(past_.orders()[place].lines, [this](const auto& line) {
            return offer_of(line);
        });
    });
}

const Row* PastSales::stored(const PastCustomer& customer) const {
    const auto& table = call_.world.state.table(Kind::customers);
    if (const auto* row = table.find(call_.space, customer.id)) return row;
    return customer.email.empty() ? nullptr : table.find_slug(call_.space, customer.email);
}

std::vector<const PastOrder*> PastSales::orders() {
    std::vector<const PastOrder*> seen;
    for (const auto& order : past_.orders()) {
        if (is_seen(order)) seen.push_back(&order);
    }
    return seen;
}

std::vector<Row> PastSales::order_rows() {
    std::vector<Row> rows;
    for (const auto* order : orders()) {
        auto row = row_of(order->id, call_.space, rows.size());
        row.facets.status = status_of(*order);
        row.facets.created = order->time;
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<Row> PastSales::customer_rows() {
    std::vector<Row> rows;
    for (const auto& customer : past_.customers()) {
        if (stored(customer) != nullptr || !is_seen(customer)) continue;
        auto row = row_of(customer.id, call_.space, rows.size());
        row.facets.name = customer.name;
        row.facets.slug = customer.email;
        row.facets.status = "active";
        row.facets.created = past_.orders()[customer.orders.front()].time;
        rows.push_back(std::move(row));
    }
    return rows;
}

std::optional<Json> PastSales::order(std::string_view id) {
    const auto* order = past_.order(id);
    if (order == nullptr || !is_seen(*order)) return std::nullopt;
    return to_json(*order);
}

std::optional<Json> PastSales::customer(std::string_view id) {
    const auto* customer = past_.customer(id);
    if (customer == nullptr || stored(*customer) != nullptr || !is_seen(*customer))
        return std::nullopt;
    return to_json(*customer);
}

std::optional<Json> PastSales::customer_by_email(std::string_view email) {
    const auto* customer = past_.customer_by_email(email);
    return customer == nullptr ? std::nullopt : this->customer(customer->id);
}

std::vector<const PastOrder*> PastSales::orders_of(std::string_view customer) {
    const auto* known = past_.customer(customer);
    if (known == nullptr) {
        const auto* row = call_.world.state.table(Kind::customers).find(call_.space, customer);
        if (row != nullptr) known = past_.customer_by_email(row->facets.slug);
    }
    std::vector<const PastOrder*> theirs;
    if (known == nullptr) return theirs;
    for (const auto place : known->orders) {
        if (is_seen(past_.orders()[place])) theirs.push_back(&past_.orders()[place]);
    }
    std::ranges::sort(theirs, {}, [](const PastOrder* order) {
        return std::pair<Timestamp, std::string_view>(order->time, order->id);
    });
    return theirs;
}

PastSales::Lines PastSales::lines_of(const PastOrder& order) {
    Lines lines;
    for (const auto& line : order.lines) {
        if (offer_of(line)) lines.push_back(&line);
    }
    const auto was_sold = [this](const PastLine* line) {
        return past_.text(line->status) == completed;
    };
    if (std::ranges::any_of(lines, was_sold)) std::erase_if(lines, std::not_fn(was_sold));
    return lines;
}

std::int64_t PastSales::total_of(const PastOrder& order) {
    std::int64_t total = order.shipping - order.discount;
    for (const auto* line : lines_of(order)) total += line->amount;
    return total;
}

std::string_view PastSales::status_of(const PastOrder& order) {
    return past_.text(lines_of(order).front()->status);
}

std::string PastSales::customer_id_of(const PastOrder& order) {
    const auto* customer = past_.customer_of(order);
    if (customer == nullptr) return {};
    const auto* row = stored(*customer);
    return row == nullptr ? customer->id : row->id;
}

Json PastSales::object(std::string_view id, Timestamp created) const {
    auto json = Json::object();
    json["_id"] = id;
    json["id"] = id;
    json["tenantId"] = call_.grant.tenant;
    set_time(json, "createdAt", "created_at", created);
    set_time(json, "updatedAt", "updated_at", created);
    json["organization_id"] = call_.grant.organization;
    return json;
}

Json PastSales::item_json(const PastLine& line) {
    const auto* row = product_of(line);
    const auto product = row == nullptr ? Json::object() : load(*row);
    const auto& named = past_.text(line.product);
    auto item = Json::object();
    item["product_id"] = row == nullptr ? named : row->id;
    item["sku"] = row == nullptr ? std::string_view(named) : text_of(product, "sku");
    item["offer_id"] = offer_of(line)->id;
    if (row != nullptr) {  // nobody has told what the other is called
        item["name"] = text_of(product, "name");
        item["product_name"] = text_of(product, "name");
    }
    item["quantity"] = line.quantity;
    item["unit_price"] = line.quantity == 0 ? line.amount : line.amount / line.quantity;
    item["total_price"] = line.amount;
    item["total_amount"] = line.amount;
    return item;
}

Json PastSales::to_json(const PastOrder& order) {
    const auto lines = lines_of(order);
    const auto* offer = offer_of(*lines.front());
    const auto status = std::string(status_of(order));
    auto json = object(order.id, order.time);
    json["order_number"] = "ORD-" + order.id;
    json["offer_id"] = offer->id;
    json["customer_id"] = customer_id_of(order);
    json["customer"] = Json();
    if (const auto* customer = past_.customer_of(order)) {
        json["customer"] = {
            {"id", json["customer_id"]},
            {"customerId", json["customer_id"]},
            {"name", customer->name},
            {"email", customer->email},
        };
    }
    json["status"] = status;
    json["payment_status"] = payment_status(status);
    json["fulfillment_status"] = status == completed ? "delivered" : "pending";
    json["payment_method"] = past_.text(order.payment_method);
    json["transaction_id"] = std::string(transaction_prefix) + order.id;
    auto& items = json["items"] = Json::array();
    std::int64_t subtotal = 0;
    for (const auto* line : lines) {
        items.push_back(item_json(*line));
        subtotal += line->amount;
    }
    json["subtotal"] = subtotal;
    json["discount_amount"] = order.discount;
    json["shipping_amount"] = order.shipping;
    json["total_amount"] = total_of(order);
    json["total"] = json["total_amount"];
    const auto& currency = past_.text(order.currency);
    json["currency"] = currency.empty() ? offer->facets.currency : currency;
    json["utm"] = {
        {"source", past_.text(order.source)},
        {"medium", past_.text(order.medium)},
        {"campaign", past_.text(order.campaign)},
    };
    if (status == completed) json["completed_at"] = format_time(order.time);
    return json;
}

Json PastSales::to_json(const PastCustomer& customer) {
    auto json = object(customer.id, past_.orders()[customer.orders.front()].time);
    json["name"] = customer.name;
    json["email"] = customer.email;
    json["status"] = "active";
    json["tags"] = Json::array();
    if (!customer.country.empty()) json["address"]["country"] = customer.country;
    std::int64_t spent = 0, orders = 0;
    for (const auto place : customer.orders) {
        const auto& order = past_.orders()[place];
        if (!is_seen(order) || status_of(order) != completed) continue;
        spent += total_of(order);
        ++orders;
    }
    json["total_spent"] = spent;
    json["total_orders"] = orders;
    return json;
}

}  // namespace vitrine::sandbox
