#include "api/http/router.hpp"

#include <map>
#include <set>

#include "tests/support/catch.hpp"

using namespace vitrine::api;

namespace {

const Router& router() {
    static const Router instance(routes());
    return instance;
}

std::string name_of(std::string_view method, std::string_view path) {
    const auto found = router().find(method, path);
    return found.route ? std::string(found.route->name) : std::string();
}

}  // namespace

TEST_CASE("every route of the contract leads to its command or query") {
    const std::vector<std::array<const char*, 3>> contract = {
        {"POST", "/v1/products", "CreateProduct"},
        {"POST", "/v1/products/p/archive", "ArchiveProduct"},
        {"PATCH", "/v1/products/p", "EditProduct"},
        {"POST", "/v1/offers", "CreateOffer"},
        {"PATCH", "/v1/offers/o", "EditOffer"},
        {"POST", "/v1/offers/o/activate", "ActivateOffer"},
        {"POST", "/v1/offers/o/pause", "PauseOffer"},
        {"POST", "/v1/offers/o/archive", "ArchiveOffer"},
        {"POST", "/v1/offers/o/products", "AddProductToOffer"},
        {"PUT", "/v1/offers/o/products/p", "ChangeProductInOffer"},
        {"DELETE", "/v1/offers/o/products/p", "RemoveProductFromOffer"},
        {"GET", "/v1/offers/o", "GetOffer"},
        {"GET", "/v1/offers", "ListOffers"},
        {"GET", "/v1/offers/o/analytics", "GetOfferAnalytics"},
        {"GET", "/v1/offers/performance", "GetOffersPerformance"},
        {"POST", "/v1/offers/performance", "GetManyOffersPerformance"},
        {"GET", "/v1/offers/o/events", "GetOfferHistory"},
        {"GET", "/v1/offers/o/checkout-url", "GetCheckoutUrl"},
        {"GET", "/v1/products/p", "GetProduct"},
        {"GET", "/v1/products/p/events", "GetProductHistory"},
        {"GET", "/v1/products", "ListProducts"},
        {"POST", "/v1/coupons", "CreateCoupon"},
        {"POST", "/v1/coupons/c/disable", "DisableCoupon"},
        {"GET", "/v1/coupons/c", "GetCoupon"},
        {"GET", "/v1/coupons", "ListCoupons"},
        {"PUT", "/v1/customers", "PutCustomer"},
        {"PATCH", "/v1/customers/k", "EditCustomer"},
        {"PUT", "/v1/customers/k/tags/t", "TagCustomer"},
        {"DELETE", "/v1/customers/k/tags/t", "UntagCustomer"},
        {"POST", "/v1/customers/k/consents", "RecordConsent"},
        {"POST", "/v1/customers/k/merge", "MergeCustomer"},
        {"POST", "/v1/customers/k/erase", "EraseCustomer"},
        {"GET", "/v1/customers", "ListCustomers"},
        {"GET", "/v1/customers/k", "GetCustomer"},
        {"POST", "/v1/customers/k/show", "ShowCustomer"},
        {"GET", "/v1/customers/k/export", "ExportCustomer"},
        {"GET", "/v1/customers/k/orders", "ListCustomerOrders"},
        {"GET", "/v1/orders", "ListOrders"},
        {"GET", "/v1/orders/o", "GetOrder"},
        {"POST", "/v1/checkouts", "OpenCheckout"},
        {"PATCH", "/v1/checkouts/c", "ChangeCheckout"},
        {"POST", "/v1/checkouts/c/pay", "PayCheckout"},
        {"POST", "/v1/checkouts/c/cancel", "CancelCheckout"},
        {"POST", "/v1/checkouts/c/refunds", "RefundCheckout"},
        {"POST", "/v1/checkouts/c/resolve", "ResolveStep"},
        {"GET", "/v1/checkouts", "ListCheckouts"},
        {"GET", "/v1/checkouts/c", "GetCheckout"},
        {"GET", "/v1/checkouts/c/saga", "GetCheckoutSaga"},
        {"GET", "/v1/money", "GetMoney"},
        {"GET", "/v1/money/at-risk", "GetMoneyAtRisk"},
        {"PUT", "/v1/price-lists/l", "SetPriceList"},
        {"DELETE", "/v1/price-lists/l", "DeletePriceList"},
        {"GET", "/v1/price-lists/l", "GetPriceList"},
        {"GET", "/v1/price-lists", "ListPriceLists"},
        {"PUT", "/v1/installments", "SetInstallments"},
        {"GET", "/v1/installments", "GetInstallments"},
        {"PUT", "/v1/rounding", "SetRounding"},
        {"GET", "/v1/rounding", "GetRounding"},
        {"POST", "/v1/quotes", "AskQuote"},
        {"PUT", "/v1/stock/s", "SetStock"},
        {"POST", "/v1/stock/s/adjust", "AdjustStock"},
        {"GET", "/v1/stock/s", "GetStock"},
        {"GET", "/v1/stock/s/history", "GetStockHistory"},
        {"GET", "/v1/stock", "ListStock"},
        {"PUT", "/v1/inventory/clubify", "ChangeInventoryDelivery"},
        {"POST", "/v1/reservations", "ReserveStock"},
        {"POST", "/v1/reservations/r/confirm", "ConfirmReservation"},
        {"POST", "/v1/reservations/r/fulfil", "FulfilReservation"},
        {"DELETE", "/v1/reservations/r", "ReleaseReservation"},
        {"GET", "/v1/reservations/r", "GetReservation"},
        {"PUT", "/v1/offers/o/schedule", "ScheduleOffer"},
        {"DELETE", "/v1/offers/o/schedule", "CancelSchedule"},
        {"GET", "/v1/offers/o/schedule", "GetSchedule"},
        {"PUT", "/v1/offers/o/bumps/b", "SetBump"},
        {"DELETE", "/v1/offers/o/bumps/b", "DeleteBump"},
        {"GET", "/v1/offers/o/bumps", "GetBumps"},
        {"POST", "/v1/offers/o/bumps/evaluate", "EvaluateBumps"},
        {"POST", "/v1/offers/o/revisions", "PublishRevision"},
        {"GET", "/v1/offers/o/revisions", "ListRevisions"},
        {"GET", "/v1/offers/o/revisions/2", "GetRevision"},
        {"GET", "/v1/offers/o/revisions/1/diff/2", "DiffRevisions"},
        {"GET", "/v1/checkouts/c/bumps", "GetCheckoutBumps"},
        {"POST", "/v1/checkouts/c/bumps/displayed", "DisplayBumps"},
        {"POST", "/v1/checkouts/c/bumps/b/accept", "AcceptBump"},
        {"POST", "/v1/checkouts/c/bumps/b/decline", "DeclineBump"},
        {"GET", "/v1/checkouts/c/receipts", "GetReceipts"},
        {"GET", "/v1/processes", "ListProcesses"},
        {"GET", "/v1/processes/offer-schedule/o", "GetProcess"},
        {"POST", "/v1/webhook-endpoints", "CreateEndpoint"},
        {"PATCH", "/v1/webhook-endpoints/e", "EditEndpoint"},
        {"DELETE", "/v1/webhook-endpoints/e", "DeleteEndpoint"},
        {"POST", "/v1/webhook-endpoints/e/rotate", "RotateEndpointSecret"},
        {"POST", "/v1/webhook-endpoints/e/replay", "ReplayToEndpoint"},
        {"POST", "/v1/webhook-endpoints/e/test", "TestEndpoint"},
        {"GET", "/v1/webhook-endpoints/e/deliveries", "ListEndpointDeliveries"},
        {"POST", "/v1/webhook-endpoints/e/deliveries/x/retry", "RetryEndpointDelivery"},
        {"POST", "/v1/webhook-endpoints/e/deliveries/x/dismiss", "DismissEndpointDelivery"},
        {"GET", "/v1/webhook-endpoints", "ListEndpoints"},
        {"GET", "/v1/webhook-endpoints/e", "GetEndpoint"},
        {"GET", "/v1/offers/o/sales", "GetOfferSales"},
        {"GET", "/v1/sales", "GetSales"},
        {"GET", "/v1/analytics/best-sellers", "GetBestSellers"},
        {"GET", "/v1/me", "Me"},
        {"POST", "/v1/adoptions", "AdoptCatalogue"},
        {"POST", "/v1/webhooks/clubify/acme", "ReceiveClubifyWebhook"},
        {"POST", "/v1/hooks/pagarme/acme", "ReceivePagarmeHook"},
        {"GET", "/v1/webhooks", "ListWebhooks"},
        {"GET", "/v1/deliveries", "GetDeliveries"},
        {"GET", "/v1/events", "EventFeed"},
        {"GET", "/v1/commands", "ListCommands"},
        {"GET", "/v1/commands/c", "CommandStatus"},
        {"GET", "/v1/projections", "Projections"},
        {"GET", "/v1/activity", "ListActivity"},
        {"GET", "/v1/offers/o/price-history", "GetOfferPriceHistory"},
        {"GET", "/v1/projections/offers/parked", "ListParkedEvents"},
        {"POST", "/v1/projections/offers/parked/offer-o/retry", "RetryParkedStream"},
        {"POST", "/v1/projections/offers/parked/offer-o/dismiss", "DismissParkedStream"},
        {"GET", "/", "Root"},
        {"GET", "/healthz", "Health"},
        {"GET", "/readyz", "Readiness"},
        {"GET", "/metrics", "Metrics"},
        {"GET", "/openapi.json", "OpenApi"},
        {"GET", "/docs", "Docs"},
        {"GET", "/docs/docs.js", "DocsFile"},
        {"GET", "/problems", "Problems"},
        {"GET", "/problems/not-found", "Problem"},
        {"GET", "/console", "Console"},
        {"GET", "/console/app.js", "ConsoleFile"},
    };
    for (const auto& [method, path, name] : contract) {
        CAPTURE(method, path);
        CHECK(name_of(method, path) == name);
    }
    CHECK(contract.size() == routes().size());
}

TEST_CASE("a path is the same however it is escaped, but an escaped slash is data") {
    CHECK(name_of("GET", "/v1/%6fffers") == "ListOffers");
    CHECK(name_of("GET", "/%76%31/offers/performance") == "GetOffersPerformance");
    CHECK(name_of("GET", "/v1%2foffers").empty());
    CHECK(router().find("GET", "/v1/offers/a%2Fb").captures == std::vector<std::string>{"a/b"});
    CHECK(name_of("GET", "//").empty());
}

TEST_CASE("every route has one way to answer, and a name of its own") {
    std::set<std::string_view> names;
    for (const auto& route : routes()) {
        CAPTURE(route.name);
        const auto ways = (route.command != nullptr) + (route.page != nullptr) +
                          (route.waiting_page != nullptr) + (route.query != nullptr) +
                          (route.waiting_query != nullptr);
        CHECK(ways == 1);
        CHECK(names.insert(route.name).second);
        // What the platform sends is signed instead, and what providers send has a password.
        const auto& pattern = route.pattern;
        const bool keyed = pattern.starts_with("/v1/") && !pattern.starts_with("/v1/webhooks/") &&
                           !pattern.starts_with("/v1/hooks/");
        CHECK((route.access == Access::open) == !keyed);
    }
}

TEST_CASE("what stands for a name in braces is captured, percent-decoded") {
    const auto found = router().find("PUT", "/v1/offers/a%20b/products/c%2Fd");
    CHECK(found.captures == std::vector<std::string>{"a b", "c/d"});
}

TEST_CASE("HEAD is served wherever GET is") {
    CHECK(name_of("HEAD", "/v1/offers/o") == "GetOffer");
    CHECK(name_of("HEAD", "/v1/offers/o/activate").empty());
}

TEST_CASE("a known path with another method tells its methods") {
    CHECK(router().find("DELETE", "/v1/offers").allow == "POST, GET, HEAD, OPTIONS");
    CHECK(router().find("GET", "/v1/offers/o/activate").allow == "POST, OPTIONS");
    CHECK(router().find("PATCH", "/v1/offers/performance").allow == "GET, HEAD, POST, OPTIONS");
    CHECK_FALSE(router().find("get", "/healthz").route);
}

TEST_CASE("a path that fits no pattern is not found") {
    for (const auto* path :
         {"",
          "/v1",
          "/v2/offers",
          "/v1/offers/",
          "//v1/offers",
          "/v1//offers",
          "/v1/offer",
          "/healthz/x",
          "/v1/offers/o/products/p/q",
          "/a/b/c/d/e/f/g/h/i",
          "/V1/offers"}) {
        CAPTURE(path);
        const auto found = router().find("GET", path);
        CHECK_FALSE(found.route);
        CHECK(found.allow.empty());
    }
}
