#include "api/service/buyers.hpp"

#include "commands/customers/loaded.hpp"
#include "store/read.hpp"

namespace vitrine::api {
namespace {

std::string text_of(const std::optional<events::PersonText>& text) {
    return text ? text->text() : std::string();
}

payments::Buyer::Address address_of(const events::Address& address) {
    return {
        text_of(address.street),
        text_of(address.number),
        text_of(address.neighborhood),
        text_of(address.complement),
        text_of(address.city),
        text_of(address.state),
        text_of(address.zip_code),
        text_of(address.country)
    };
}

std::optional<payments::Buyer> buyer_of(const commands::CustomerState& state) {
    if (!state.is_known()) return std::nullopt;
    payments::Buyer buyer;
    buyer.customer_id = state.id.str();
    buyer.name = text_of(state.name);
    buyer.email = text_of(state.email);
    buyer.phone = text_of(state.phone);
    buyer.document = text_of(state.document);
    if (state.address) buyer.address = address_of(*state.address);
    return buyer;
}

boost::asio::awaitable<std::optional<payments::Buyer>> read_buyer(
    store::EventStore* store, TenantId tenant, std::string customer_id
) {
    if (customer_id.empty()) co_return std::nullopt;
    co_return co_await store::read(*store, [&] {
        auto state = commands::load_customer(*store, tenant, customer_id);
        if (state.merged_into)
            state = commands::load_customer(*store, tenant, state.merged_into->str());
        return buyer_of(state);
    });
}

}  // namespace

payments::Buyers buyers_of(store::EventStore& store) {
    return [&store](TenantId tenant, std::string customer_id) {
        return read_buyer(&store, std::move(tenant), std::move(customer_id));
    };
}

}  // namespace vitrine::api
