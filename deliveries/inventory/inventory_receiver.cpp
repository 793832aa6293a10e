#include "deliveries/inventory/inventory_receiver.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "deliveries/clubify/answers.hpp"
#include "gateways/clubify/paths.hpp"
#include "projections/listed.hpp"
#include "projections/stock/reader.hpp"

namespace vitrine::deliveries {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* stock_model = "stock";
constexpr const char* products_model = "products";

/// What there shall be of a product on the platform.
struct Wanted {
    ClubifyId product;
    std::int64_t quantity = 0;
};

/// What the platform says that it has; nullopt: it does not say.
std::optional<std::int64_t> stock_of(const clubify::RemoteProduct& product) {
    const auto json = Json::parse(product.json.text, nullptr, false);
    for (const auto* name : {"stockQuantity", "stock_quantity"}) {
        if (json.is_object() && json.contains(name) && json[name].is_number_integer())
            return json[name].get<std::int64_t>();
    }
    return std::nullopt;
}

class InventoryReceiver : public Receiver {
public:
    InventoryReceiver(const TenantId& tenant, Position start, InventoryParts parts)
        : name_{tenant, inventory_kind, clubify_inventory},
          start_(start),
          parts_(std::move(parts)) {}

    const ReceiverName& name() const override { return name_; }
    Position start() const override { return start_; }
    const Schedule& schedule() const override { return clubify_schedule(); }
    std::size_t in_flight() const override { return 8; }

    bool wants(const events::RecordedEvent& event) const override {
        return events::category_of(event.stream) == "stock" && event.type != "StockShortfall";
    }

    Message message(const events::RecordedEvent& event) const override {
        Json json;
        json["sku"] = events::id_of(event.stream);
        json["position"] = event.position;
        return {event.id, event.type, json.dump()};
    }

    asio::awaitable<Answer> send(Message message, int) override {
        const auto json = Json::parse(message.body);
        const auto sku = json.at("sku").get<std::string>();
        if (parts_.projections.read_model(stock_model).position() <
            json.at("position").get<Position>()) {
            co_return Answer::again(
                {"the read model is not that far", "o modelo de leitura ainda não chegou lá"},
                std::chrono::seconds(1)
            );
        }
        const auto wanted = wanted_of(sku);
        if (!wanted) {
            co_return Answer::taken(
                {"nothing to keep there: the SKU is not tracked, or of no product",
                 "nada a manter lá: o SKU não é controlado ou não é de um produto"}
            );
        }
        const auto account = parts_.accounts(name_.tenant);
        if (!account) co_return Answer::again({"no credentials", "sem credenciais"});
        auto looking = parts_.clubify.find_product(*account, wanted->product);
        const auto found = co_await std::move(looking);
        if (!found) co_return look_failed(found.error());
        if (!*found) {
            co_return Answer::refused(
                {"the product is not there any more", "o produto não está mais lá"}
            );
        }
        const auto there = stock_of(**found).value_or(0);
        if (there == wanted->quantity) co_return Answer::taken();
        auto changing = parts_.clubify.send(*account, change_by(*wanted, there, message));
        const auto changed = co_await std::move(changing);
        if (!changed) co_return answer_of(changed.error());
        co_return Answer::taken();
    }

private:
    static clubify::Call change_by(
        const Wanted& wanted, std::int64_t there, const Message& message
    ) {
        Json body;
        body["quantityChange"] = wanted.quantity - there;
        clubify::Call call;
        call.method = "PATCH";
        call.path = clubify::path_of("products", wanted.product, "/inventory");
        call.body = JsonText(body.dump());
        call.correlation_id = message.id.str();
        return call;
    }

    std::optional<Wanted> wanted_of(const std::string& sku) const {
        auto stock_lease = parts_.projections.read_model(stock_model).lease();
        auto product_lease = parts_.projections.read_model(products_model).lease();
        if (!stock_lease || !product_lease) return std::nullopt;
        projections::StockReader stock(*std::move(stock_lease), parts_.clock());
        const auto figures = stock.find(name_.tenant, sku);
        if (!figures || !figures->tracked) return std::nullopt;
        projections::ListedReader products(*std::move(product_lease), products_model);
        const auto id = products.find_by(name_.tenant, "sku", sku);
        const auto product = id ? products.find(name_.tenant, *id) : std::nullopt;
        if (!product) return std::nullopt;
        const auto json = Json::parse(product->body);
        const auto there = json.value("clubify_product_id", std::string());
        if (there.empty()) return std::nullopt;
        return Wanted{ClubifyId(there), std::max<std::int64_t>(figures->available(), 0)};
    }

    ReceiverName name_;
    Position start_;
    InventoryParts parts_;
};

}  // namespace

std::unique_ptr<Receiver> inventory_receiver(
    const TenantId& tenant, Position start, InventoryParts parts
) {
    return std::make_unique<InventoryReceiver>(tenant, start, std::move(parts));
}

}  // namespace vitrine::deliveries
