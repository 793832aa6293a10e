#pragma once

#include <boost/asio/io_context.hpp>

#include "api/control/operations.hpp"

namespace vitrine::api {

/// Adoption and reconciliation for a thread that may wait: they run on `loop`, which another thread
/// runs; both outlive every wait.
CatalogueOperations catalogue_operations(
    boost::asio::io_context& loop, commands::Catalogue& catalogue
);

/// The same without a server: for a stopped one, whose DataLock the caller holds.
CatalogueOperations catalogue_operations_here(
    const std::filesystem::path& data, store::Keys& keys, const std::string& clubify_url
);

}  // namespace vitrine::api
