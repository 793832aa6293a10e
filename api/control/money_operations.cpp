#include "api/control/money_operations.hpp"

#include "api/config/clubify_url.hpp"
#include "api/control/run_on.hpp"
#include "api/keys/accounts.hpp"
#include "api/keys/open_log.hpp"
#include "gateways/clubify/payments.hpp"
#include "gateways/pagarme/payments.hpp"
#include "projections/listed.hpp"
#include "queries/checkouts/checkouts.hpp"
#include "queries/checkouts/money.hpp"

namespace vitrine::api {
namespace {

namespace asio = boost::asio;
using queries::MoneyCheck;

Json to_json(const queries::PaymentDifference& difference) {
    Json json;
    json["checkout_id"] = difference.checkout_id;
    json["charge_id"] = difference.charge_id;
    json["provider"] = difference.provider;
    json["payment_id"] = difference.payment_id;
    json["field"] = difference.field;
    json["ours"] = difference.ours;
    json["theirs"] = difference.theirs;
    return json;
}

void check(const Work& work, const TenantId& tenant, std::vector<std::string> ids, Json& json) {
    const auto checked = work.administration.check_money(tenant, std::move(ids), work.cancelled);
    if (!checked) {
        json["fault"] = checked.error();
        return;
    }
    json["payments"] = checked->payments;
    auto& differences = json["differences"] = Json::array();
    for (const auto& difference : checked->differences) differences.push_back(to_json(difference));
}

/// The providers as a command line reaches them, on a loop that this thread runs.
class Here {
public:
    Here(
        const std::filesystem::path& data,
        const std::filesystem::path& master_key_file,
        store::Keys& keys,
        const PaymentUrls& urls
    )
        : accounts_(keys, platform_at(urls.clubify), pagarme_at(urls.pagarme)),
          log_(data, master_key_file) {}
    ~Here() {
        clubify_.close();
        pagarme_.close();
    }
    Here(const Here&) = delete;
    Here& operator=(const Here&) = delete;

    std::expected<MoneyCheck, std::string> check(TenantId tenant, std::vector<std::string> ids) {
        return run_on(
            loop_,
            queries::check_money({log_.store(), payments_}, std::move(tenant), std::move(ids))
        );
    }

private:
    /// Nobody is charged here.
    static asio::awaitable<std::optional<payments::Buyer>> nobody(TenantId, std::string) {
        co_return std::nullopt;
    }

    asio::io_context loop_{1};
    AccountCache accounts_;
    OpenLog log_;
    clubify::Clubify clubify_{loop_.get_executor(), {}, system_clock()};
    pagarme::Pagarme pagarme_{loop_.get_executor(), {}, system_clock()};
    clubify::ClubifyPayments clubify_payments_{clubify_, [this](const TenantId& tenant) {
                                                   return accounts_.find(tenant);
                                               }};
    pagarme::PagarmePayments pagarme_payments_{
        pagarme_, [this](const TenantId& tenant) { return accounts_.find_pagarme(tenant); }, nobody
    };
    gateways::Connectors payments_{
        {payments::connector_of(payments::clubify), &clubify_payments_},
        {payments::connector_of(payments::pagarme), &pagarme_payments_}
    };
};

}  // namespace

Outcome money(const Work& work) {
    std::vector<TenantId> tenants;
    if (const auto name = work.text("tenant"); !name.empty()) {
        if (!work.keys().find_tenant(TenantId(name))) return no_tenant(name);
        tenants.emplace_back(name);
    } else {
        for (const auto& tenant : work.keys().tenants()) tenants.push_back(tenant.id);
    }
    auto list = Json::array();
    for (const auto& tenant : tenants) {
        auto lease = work.administration.lease(queries::checkouts_model);
        if (!lease)
            return fault(
                "the read model checkouts is not built yet: a server that starts, or `vitrine "
                "rebuild checkouts`, builds it"
            );
        projections::ListedReader rows(*std::move(lease), queries::checkouts_model);
        Json json;
        json["tenant"] = tenant.str();
        json["items"] = Json::parse(queries::ledger_of(rows, tenant)).at("items");
        if (work.arguments.value("check", false))
            check(work, tenant, queries::checkouts_of(rows, tenant), json);
        list.push_back(std::move(json));
    }
    return list;
}

MoneyOperation money_operation(
    asio::io_context& loop, store::EventStore& store, const gateways::Connectors& payments
) {
    return [&](TenantId tenant, std::vector<std::string> ids, const Cancelled& cancelled
           ) -> std::expected<MoneyCheck, std::string> {
        auto future = asio::co_spawn(
            loop,
            queries::check_money({store, payments}, std::move(tenant), std::move(ids)),
            asio::use_future
        );
        if (!is_there(future, cancelled)) return std::unexpected("cut off");
        return future.get();
    };
}

MoneyOperation money_operation_here(
    const std::filesystem::path& data,
    const std::filesystem::path& master_key_file,
    store::Keys& keys,
    const PaymentUrls& urls
) {
    return [=, &keys](TenantId tenant, std::vector<std::string> ids, const Cancelled&) {
        return Here(data, master_key_file, keys, urls).check(std::move(tenant), std::move(ids));
    };
}

}  // namespace vitrine::api
