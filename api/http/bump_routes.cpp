// Order bumps: what is drafted, what is published, and who would be shown what.
#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "queries/at_least.hpp"
#include "queries/bumps/bump_book.hpp"
#include "queries/bumps/checkout_bumps.hpp"
#include "queries/bumps/evaluate.hpp"
#include "queries/bumps/rulebooks.hpp"
#include "queries/parameters.hpp"

namespace vitrine::api {
namespace {

OfferId offer_of(const Call& call) {
    return OfferId(call.captures.front());
}

queries::Result get_bumps(Backend& backend, const Call& call) {
    return queries::get_bumps(backend.reads, call.principal.tenant, offer_of(call));
}

queries::Result get_revisions(Backend& backend, const Call& call) {
    return queries::get_revisions(backend.reads, call.principal.tenant, offer_of(call));
}

queries::Result get_revision(Backend& backend, const Call& call) {
    return queries::get_revision(
        backend.reads, call.principal.tenant, offer_of(call), call.captures.at(1)
    );
}

queries::Result diff_revisions(Backend& backend, const Call& call) {
    return queries::diff_revisions(
        backend.reads,
        call.principal.tenant,
        offer_of(call),
        call.captures.at(1),
        call.captures.at(2),
        call.language
    );
}

queries::Result evaluate_bumps(Backend& backend, const Call& call) {
    return queries::evaluate_bumps(
        backend.reads,
        backend.prices,
        backend.bumps,
        call.principal.tenant,
        offer_of(call),
        *call.body
    );
}

queries::Result get_checkout_bumps(Backend& backend, const Call& call) {
    auto faults = call.value_faults();
    const auto explain = call.flag("explain");
    if (!explain) faults.push_back(explain.error());
    rules::bumps::Context context{call.parameter("device"), call.parameter("region"), std::nullopt};
    if (const auto seconds = call.parameter("page_seconds")) {
        const auto number = queries::parse_number(*seconds);
        constexpr std::uint64_t year = 31'536'000;
        if (!number || *number > year)
            faults.push_back(
                {"/page_seconds",
                 "out_of_range",
                 {"is a number of seconds, at most a year",
                  "é um número de segundos, no máximo um ano"}}
            );
        context.page_seconds = static_cast<std::int64_t>(number.value_or(0));
    }
    if (!faults.empty()) return std::unexpected(queries::invalid(std::move(faults)));
    using rules::bumps::Explain;
    return queries::get_checkout_bumps(
        backend.reads,
        backend.bumps,
        call.principal.tenant,
        call.captures.front(),
        context,
        *explain ? Explain::yes : Explain::no
    );
}

queries::Result get_receipts(Backend& backend, const Call& call) {
    if (auto faults = call.value_faults(); !faults.empty())
        return std::unexpected(queries::invalid(std::move(faults)));
    using queries::ReceiptView;
    return queries::get_receipts(
        backend.reads,
        backend.bumps,
        call.principal.tenant,
        call.captures.front(),
        call.parameter("view") == "buyer" ? ReceiptView::buyer : ReceiptView::seller
    );
}

constexpr const char* rulebook_models[] = {queries::rulebooks_model, queries::offers_model};
constexpr const char* evaluation_models[] = {
    queries::rulebooks_model,
    queries::bump_displays_model,
    "pricing",
    "customers",
    "stock",
};

constexpr std::string_view devices[] = {"desktop", "mobile", "tablet"};
constexpr Parameter checkout_parameters[] = {
    {"device", "the buyer's, as the page tells", false, "string", devices},
    {"region", "the buyer's, as the page tells"},
    {"page_seconds", "how long the buyer has been on the page", false, "integer"},
    {"explain", "whether every condition is told", false, "boolean"},
};
constexpr std::string_view views[] = {"seller", "buyer"};
constexpr Parameter receipt_parameters[] = {
    {"view",
     "buyer: sentences in Portuguese and English, instead of inputs, rules and reasons",
     false,
     "string",
     views},
};

constexpr char schema[] = {
#embed "bumps_evaluation.schema.json"
};

const Route table[] = {
    {.name = "GetBumps",
     .method = "GET",
     .pattern = "/v1/offers/{id}/bumps",
     .access = Access::reader,
     .help = "The offer's order bumps as they are drafted, and whether that is what is published.",
     .models = rulebook_models,
     .query = get_bumps,
     .has_version = true},
    {.name = "ListRevisions",
     .method = "GET",
     .pattern = "/v1/offers/{id}/revisions",
     .access = Access::reader,
     .help = "What was published for the offer's buyers, the newest first, and which revision "
             "counts for checkouts that are opened now.",
     .models = rulebook_models,
     .query = get_revisions,
     .has_version = true},
    {.name = "GetRevision",
     .method = "GET",
     .pattern = "/v1/offers/{id}/revisions/{revision}",
     .access = Access::reader,
     .help = "One revision, whole.",
     .models = rulebook_models,
     .query = get_revision},
    {.name = "DiffRevisions",
     .method = "GET",
     .pattern = "/v1/offers/{id}/revisions/{revision}/diff/{other}",
     .access = Access::reader,
     .help = "What is other in the second revision, member by member, and in words.",
     .models = rulebook_models,
     .query = diff_revisions},
    {.name = "EvaluateBumps",
     .method = "POST",
     .pattern = "/v1/offers/{id}/bumps/evaluate",
     .access = Access::reader,
     .help = "Which order bumps a buyer with such a cart would be shown, at what price, and when "
             "that changes by itself. With explain every condition is told, otherwise the first "
             "that does not hold. Nothing is recorded.",
     .models = evaluation_models,
     .query = evaluate_bumps,
     .needs_body = true,
     .body_schema = {schema, sizeof schema}},
    {.name = "GetCheckoutBumps",
     .method = "GET",
     .pattern = "/v1/checkouts/{id}/bumps",
     .access = Access::reader,
     .help = "What the buyer of the checkout is to be shown now, by the revision that it was "
             "opened with, and what they took. Nothing is recorded: POST …/bumps/displayed does.",
     .parameters = checkout_parameters,
     .models = evaluation_models,
     .query = get_checkout_bumps},
    {.name = "GetReceipts",
     .method = "GET",
     .pattern = "/v1/checkouts/{id}/receipts",
     .access = Access::reader,
     .help = "Every decision of the checkout, the oldest first: each quote with its stages, each "
             "order bump with the inputs, the revision and the reasons by which it was decided.",
     .parameters = receipt_parameters,
     .models = evaluation_models,
     .query = get_receipts},
};

}  // namespace

RouteArea bump_routes() {
    static constexpr char answers[] = {
#embed "answers/bumps.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
