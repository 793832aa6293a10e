#pragma once

#include <boost/asio/io_context.hpp>

#include "api/control/operations.hpp"

namespace vitrine::api {

/// Adoption and reconciliation for a thread that may wait: they run on `loop`, which another thread
/// runs; both outlive every wait.
AdoptionOperations adoption_operations(boost::asio::io_context& loop, commands::Adoption& adoption);

/// The same without a server: for a stopped one, whose DataLock the caller holds.
AdoptionOperations adoption_operations_here(
    const std::filesystem::path& data,
    const std::filesystem::path& master_key_file,
    store::Keys& keys,
    const std::string& clubify_url
);

}  // namespace vitrine::api
