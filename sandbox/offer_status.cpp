#include <array>
#include <nlohmann/json.hpp>

#include "sandbox/objects.hpp"
#include "sandbox/offer_fields.hpp"
#include "sandbox/offers.hpp"

namespace vitrine::sandbox {
namespace {

Result become(Call& call, std::string_view status, std::string_view asked) {
    const auto row = find_row(call, Kind::offers, "Offer");
    if (!row) return std::unexpected(row.error());
    if ((*row)->facets.status == "archived") return std::unexpected(is_archived(asked));
    auto offer = load(**row);
    set_offer_status(offer, status, call.now());
    return store_changed(call, Kind::offers, offer);
}

Result publish(Call& call) {
    return become(call, "active", "publish");
}
Result unpublish(Call& call) {
    return become(call, "paused", "unpublish");
}

/// The one way out of the archive is to another state than active.
Result put_status(Call& call) {
    const auto row = find_row(call, Kind::offers, "Offer");
    if (!row) return std::unexpected(row.error());
    FieldErrors errors;
    Checker check(call.body, "", errors);
    check.require("status");
    check.one_of("status", offer_states);
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    const auto status = text_of(call.body, "status");
    if ((*row)->facets.status == "archived" && status == "active") {
        return std::unexpected(is_archived("publish"));
    }
    auto offer = load(**row);
    set_offer_status(offer, status, call.now());
    return store_changed(call, Kind::offers, offer);
}

constexpr std::array routes{
    Route{"POST", "/offers/{id}/publish", publish},
    Route{"POST", "/offers/{id}/unpublish", unpublish},
    Route{"PUT", "/offers/{id}/status", put_status},
};

}  // namespace

std::span<const Route> offer_status_routes() {
    return routes;
}

}  // namespace vitrine::sandbox
