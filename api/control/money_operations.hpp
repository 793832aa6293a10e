#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>

#include "api/control/work.hpp"
#include "gateways/effects.hpp"
#include "store/event_store.hpp"
#include "store/keys.hpp"

namespace vitrine::api {

/// `[{tenant, items, …}]`: each tenant's ledger, from the log alone. With `check` also how many
/// payments were compared and what differs there, or `fault`: why they could not be asked about.
Outcome money(const Work& work);

/// For a thread that may wait: it runs on `loop`, which another thread runs. All outlives it.
MoneyOperation money_operation(
    boost::asio::io_context& loop, store::EventStore& store, const gateways::Connectors& payments
);

/// As command lines give them; empty: the official ones.
struct PaymentUrls {
    std::string clubify, pagarme;
};

/// The same without a server: for a stopped one, whose DataLock the caller holds.
MoneyOperation money_operation_here(
    const std::filesystem::path& data,
    const std::filesystem::path& master_key_file,
    store::Keys& keys,
    const PaymentUrls& urls
);

}  // namespace vitrine::api
