#include "projections/pricing/reader.hpp"

#include "store/sql/statement.hpp"

namespace vitrine::projections {
namespace {

using store::sqlite::Statement;

std::optional<PricingRow> row_of(Statement::Run found) {
    if (!found.next()) return std::nullopt;
    PricingRow row;
    row.id = found.text(0);
    row.version = found.unsigned_number(1);
    row.status = found.text(2);
    row.body = found.text(3);
    return row;
}

Version version_of(Statement::Run found) {
    return found.next() ? found.unsigned_number(0) : 0;
}

std::string select_version(std::string_view table) {
    return "SELECT version FROM " + std::string(table) + " WHERE tenant=? AND id=?";
}

std::string select_row(std::string_view table, std::string_view column) {
    return "SELECT id,version,status,body FROM " + std::string(table) + " WHERE tenant=? AND " +
           std::string(column) + "=?";
}

}  // namespace

Version PricingReader::offer_version(const TenantId& tenant, std::string_view id) {
    return version_of(
        lease_.statement("SELECT version FROM offers WHERE tenant=? AND offer_id=?").run(tenant, id)
    );
}

std::optional<PricingRow> PricingReader::offer(const TenantId& tenant, std::string_view id) {
    return row_of(lease_
                      .statement("SELECT offer_id,version,status,body FROM offers"
                                 " WHERE tenant=? AND offer_id=?")
                      .run(tenant, id));
}

Version PricingReader::product_version(const TenantId& tenant, std::string_view id) {
    return version(tenant, "products", id);
}

std::optional<PricingRow> PricingReader::product(const TenantId& tenant, std::string_view id) {
    return row(tenant, "products", id);
}

std::optional<PricingRow> PricingReader::platform_product(
    const TenantId& tenant, std::string_view id
) {
    return row_of(lease_.statement(select_row("products", "clubify_product_id")).run(tenant, id));
}

Version PricingReader::version(
    const TenantId& tenant, std::string_view table, std::string_view id
) {
    return version_of(lease_.statement(select_version(table)).run(tenant, id));
}

std::optional<PricingRow> PricingReader::row(
    const TenantId& tenant, std::string_view table, std::string_view id
) {
    return row_of(lease_.statement(select_row(table, "id")).run(tenant, id));
}

std::int64_t PricingReader::held_by(
    const TenantId& tenant, std::string_view coupon, std::string_view customer
) {
    const auto id = std::string(coupon) + '/' + std::string(customer);
    auto found =
        lease_.statement("SELECT held FROM coupon_holders WHERE tenant=? AND id=?").run(tenant, id);
    return found.next() ? found.number(0) : 0;
}

std::vector<PricingRow> PricingReader::price_lists(const TenantId& tenant) {
    std::vector<PricingRow> rows;
    auto found = lease_
                     .statement(
                         "SELECT id,version,status FROM price_lists"
                         " WHERE tenant=? AND status='active' ORDER BY id"
                     )
                     .run(tenant);
    while (found.next()) {
        PricingRow row;
        row.id = found.text(0);
        row.version = found.unsigned_number(1);
        row.status = found.text(2);
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace vitrine::projections
