// What is to be paid: a question with a body, which changes nothing.
#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/quote_question.hpp"
#include "commands/engine/rule_faults.hpp"
#include "rules/prices/quote_json.hpp"
#include "rules/prices/source.hpp"

namespace vitrine::api {
namespace {

queries::Result ask_quote(Backend& backend, const Call& call) {
    auto faults = call.body_faults;
    std::vector<Fault> own;
    const auto question = question_of(*call.body, backend.reads.clock(), own);
    auto decided = backend.prices.decide(call.principal.tenant, question);
    if (!decided) return std::unexpected(queries::not_ready());
    if (!decided->decision) std::ranges::move(decided->decision.error(), std::back_inserter(own));
    commands::add_uncovered(faults, own);
    if (!faults.empty()) return std::unexpected(queries::invalid(std::move(faults)));
    queries::Answer answer;
    answer.body = rules::prices::quote_json(*decided->decision);
    answer.position = decided->position;
    return answer;
}

constexpr const char* models[] = {"pricing", "customers"};

constexpr char schema[] = {
#embed "quote.schema.json"
};

const Route table[] = {
    {.name = "AskQuote",
     .method = "POST",
     .pattern = "/v1/quotes",
     .access = Access::reader,
     .help = "What the offer's products cost now, and each thing that the price is made of: the "
             "stages sum to the total. Nothing is changed or kept; the same question at the same "
             "position has the same answer.",
     .models = models,
     .query = ask_quote,
     .needs_body = true,
     .body_schema = {schema, sizeof schema},
     .judges_body = true},
};

}  // namespace

RouteArea quote_routes() {
    static constexpr char answers[] = {
#embed "answers/quotes.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
