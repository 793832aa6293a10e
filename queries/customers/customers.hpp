#pragma once

#include <optional>
#include <string>

#include "queries/answer.hpp"
#include "queries/list_parameters.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

constexpr const char* customers_model = "customers";

/// GetCustomer: of one who is erased, that.
Result get_customer(
    const ReadSide& reads, const TenantId& tenant, std::string_view id, bool masked = false
);

/// What a list of customers is asked by besides what all are. At most one of the first three, in
/// any spelling.
struct CustomerFilter {
    std::optional<std::string> email = {};
    std::optional<std::string> phone = {};
    std::optional<std::string> document = {};
    std::optional<std::string> tag = {};
    bool masked = false;
};

Result list_customers(
    const ReadSide& reads,
    const TenantId& tenant,
    const ListParameters& parameters,
    const CustomerFilter& filter,
    std::vector<Fault> faults
);

}  // namespace vitrine::queries
