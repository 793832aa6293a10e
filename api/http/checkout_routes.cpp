#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/query_parameters.hpp"
#include "core/text.hpp"
#include "processes/checkout.hpp"
#include "queries/checkouts/checkouts.hpp"
#include "queries/checkouts/money.hpp"
#include "queries/listed.hpp"

namespace vitrine::api {
namespace {

queries::Result get_checkout(Backend& backend, const Call& call) {
    return queries::get_checkout(backend.reads, call.principal.tenant, call.captures.front());
}

queries::Result get_saga(Backend& backend, const Call& call) {
    std::vector<queries::SagaStep> steps;
    for (const auto& step : processes::checkout_steps())
        steps.push_back({step.name, step.kind, step.compensation});
    return queries::get_saga(
        backend.reads, call.principal.tenant, call.captures.front(), steps, call.language
    );
}

queries::Result list_checkouts(Backend& backend, const Call& call) {
    queries::OnlyWith only;
    only.created = {.period = {}, .from = call.parameter("from"), .to = call.parameter("to")};
    if (auto offer = call.parameter("offer_id")) {
        only.column = "offer_id";
        only.value = *offer;
    }
    if (auto customer = call.parameter("customer_id")) {
        only.word = fold(only.value);  // an offer stands among the words
        only.column = "customer_id";
        only.value = *customer;
    }
    return queries::list_listed(
        backend.reads,
        call.principal.tenant,
        queries::checkouts_model,
        list_parameters(call),
        call.value_faults(),
        std::move(only)
    );
}

queries::Result get_money(Backend& backend, const Call& call) {
    return queries::get_money(backend.reads, call.principal.tenant);
}

queries::Result get_money_at_risk(Backend& backend, const Call& call) {
    return queries::get_money_at_risk(backend.reads, call.principal.tenant);
}

constexpr const char* models[] = {queries::checkouts_model};
constexpr std::string_view statuses[] = {
    "opened",
    "paying",
    "pending_payment",
    "declined",
    "paid",
    "completed",
    "failed",
    "expired",
    "cancelled",
    "review"
};

constexpr Parameter list_checkouts_parameters[] = {
    {"status", "only those that are so", false, "string", statuses},
    {"customer_id", "only of this buyer"},
    {"offer_id", "only of this offer"},
    {"from", "only those opened on this day (2026-03-01, of America/Sao_Paulo) or later"},
    {"to", "only those opened on this day or before; at most 3660 days after from"},
    limit,
    cursor,
};

const Route table[] = {
    {.name = "ListCheckouts",
     .method = "GET",
     .pattern = "/v1/checkouts",
     .access = Access::reader,
     .help = "The tenant's checkouts, the newest first, page by page: how far each is, and where "
             "the money is that was paid for it.",
     .parameters = list_checkouts_parameters,
     .models = models,
     .query = list_checkouts},
    {.name = "GetCheckout",
     .method = "GET",
     .pattern = "/v1/checkouts/{id}",
     .access = Access::reader,
     .help = "One checkout with its quote, its payment, what the buyer is to do, what goes back "
             "and what waits for a person.",
     .models = models,
     .query = get_checkout,
     .has_version = true},
    {.name = "GetCheckoutSaga",
     .method = "GET",
     .pattern = "/v1/checkouts/{id}/saga",
     .access = Access::reader,
     .help = "What was done for the checkout, step by step, as the log has it: tries, outcomes, "
             "what undoes what, what it waits for.",
     .models = models,
     .query = get_saga},
    {.name = "GetMoney",
     .method = "GET",
     .pattern = "/v1/money",
     .access = Access::reader,
     .help = "Where the money of all checkouts is, from the log alone: each captured cent is "
             "fulfilled, held, refunding, refunded or blocked.",
     .models = models,
     .query = get_money},
    {.name = "GetMoneyAtRisk",
     .method = "GET",
     .pattern = "/v1/money/at-risk",
     .access = Access::reader,
     .help = "What waits for a person's decision, the oldest first.",
     .models = models,
     .query = get_money_at_risk},
};

}  // namespace

RouteArea checkout_routes() {
    static constexpr char answers[] = {
#embed "answers/checkouts.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
