#include "projections/bump_displays/reader.hpp"

#include <algorithm>

#include "store/sql/statement.hpp"

namespace vitrine::projections {

std::vector<BumpDisplay> BumpDisplaysReader::displays(
    const TenantId& tenant,
    const OfferId& offer,
    std::string_view bump,
    const std::optional<std::string>& session,
    const std::optional<std::string>& customer
) {
    std::vector<BumpDisplay> all;
    const auto add = [&](const char* sql, const std::string& who, bool BumpDisplay::* by) {
        auto found = lease_.statement(sql).run(tenant, offer, bump, who);
        while (found.next()) {
            const auto same = std::ranges::find(all, found.text(0), &BumpDisplay::checkout);
            auto& display = same == all.end() ? all.emplace_back() : *same;
            display.checkout = found.text(0);
            display.at = found.time(1);
            display.*by = true;
        }
    };
    if (session)
        add("SELECT checkout,at FROM bump_displays WHERE tenant=? AND offer=? AND bump=?"
            " AND session=? ORDER BY at DESC LIMIT 1000",
            *session,
            &BumpDisplay::in_session);
    if (customer)
        add("SELECT checkout,at FROM bump_displays WHERE tenant=? AND offer=? AND bump=?"
            " AND customer=? ORDER BY at DESC LIMIT 1000",
            *customer,
            &BumpDisplay::to_customer);
    return all;
}

BumpSums BumpDisplaysReader::sums(
    const TenantId& tenant, const OfferId& offer, std::string_view bump
) {
    BumpSums sums;
    auto found = lease_
                     .statement(
                         "SELECT displayed,accepted,declined,accepted_cents FROM bump_sums"
                         " WHERE tenant=? AND offer=? AND bump=?"
                     )
                     .run(tenant, offer, bump);
    if (!found.next()) return sums;
    sums = {found.number(0), found.number(1), found.number(2), found.number(3)};
    return sums;
}

}  // namespace vitrine::projections
